//! The distribution of a sum over strata as two independent halves. What a test reads of it - a few probabilities and
//! tails - costs a small part of forming the sum of the two.

use super::super::numeric::{Probability, Sum};
use super::window::Window;

/// Two independent numbers whose sum is looked at.
pub(super) struct Halves {
    one: Window,
    /// The probabilities of the other number, largest outcome first.
    other: Vec<f64>,
    other_first: u64,
    /// For each of them, that of this outcome or a smaller one, and of this one or a larger one.
    at_most: Vec<f64>,
    at_least: Vec<f64>,
}

/// How many products are added up side by side.
const LANES: usize = 8;

impl Halves {
    pub(super) fn of(one: Window, other: Window) -> Self {
        let (one, mut other) = if one.len() >= other.len() { (other, one) } else { (one, other) };
        let other_first = other.first();
        let at_least = running(other.probabilities.iter().rev());
        let mut at_most = running(other.probabilities.iter());
        at_most.reverse();
        other.probabilities.reverse();
        Self { one, other: other.probabilities, other_first, at_most, at_least }
    }

    pub(super) fn mean(&self) -> f64 {
        let upwards = (0_u64..).zip(self.other.iter().rev());
        let other: Sum = upwards.map(|(i, p)| (self.other_first + i) as f64 * p).collect();
        self.one.mean() + other.value()
    }

    /// The least and the largest outcome that was kept.
    fn ends(&self) -> (u64, u64) {
        let first = self.one.first() + self.other_first;
        (first, first + (self.one.len() + self.other.len()) as u64 - 2)
    }

    /// The most likely outcome and its probability: hypergeometric numbers have one peak, and so have their sums.
    pub(super) fn peak(&self) -> (u64, f64) {
        let (first, last) = self.ends();
        let mut mode = (self.mean().max(0.0).round() as u64).clamp(first, last);
        let mut peak = self.at(mode);
        loop {
            let (below, above) = (mode.saturating_sub(1).max(first), (mode + 1).min(last));
            let (p, q) = (self.at(below), self.at(above));
            if p > peak {
                (mode, peak) = (below, p);
            } else if q > peak {
                (mode, peak) = (above, q);
            } else {
                return (mode, peak);
            }
        }
    }

    /// The probability of an outcome.
    pub(super) fn at(&self, k: u64) -> f64 {
        let (ones, others, _) = self.meeting(k, &self.other);
        let (first, rest) = ones.as_chunks::<LANES>();
        let (second, rest_of_other) = others.as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for (ones, others) in first.iter().zip(second) {
            for (sum, (p, q)) in sums.iter_mut().zip(ones.iter().zip(others)) {
                *sum += p * q;
            }
        }
        let rest: f64 = rest.iter().zip(rest_of_other).map(|(p, q)| p * q).sum();
        sums.iter().sum::<f64>() + rest
    }

    /// P(S <= k).
    pub(super) fn at_most(&self, k: u64) -> f64 {
        let (ones, others, before) = self.meeting(k, &self.at_most);
        // Where the other number is below k even at its largest.
        let all: Sum = before.iter().copied().collect();
        all.value() + dot(ones, others)
    }

    /// P(S >= k).
    pub(super) fn at_least(&self, k: u64) -> f64 {
        let (ones, others, before) = self.meeting(k, &self.at_least);
        let met = before.len() + ones.len();
        // Where the other number is above k even at its least.
        let all: Sum = self.one.probabilities.iter().skip(met).copied().collect();
        all.value() + dot(ones, others)
    }

    /// The outcomes of the first number with which the second one makes k, the second one's values beside them, and the
    /// outcomes before these.
    fn meeting<'h>(&'h self, k: u64, values: &'h [f64]) -> (&'h [f64], &'h [f64], &'h [f64]) {
        let ones = self.one.probabilities.as_slice();
        let (first, _) = self.ends();
        let Some(above) = k.checked_sub(first).and_then(|above| usize::try_from(above).ok()) else {
            return (&[], &[], &[]);
        };
        // The first number at i meets the second at above - i, which stands at len - 1 - (above - i).
        let skipped = (above + 1).saturating_sub(values.len());
        let (before, ones) = ones.split_at(skipped.min(ones.len()));
        let start = (values.len() + skipped).saturating_sub(above + 1);
        let values = values.get(start..).unwrap_or_default();
        let both = ones.len().min(values.len());
        let (ones, values) = (ones.split_at(both).0, values.split_at(both).0);
        (ones, values, before)
    }

    /// The outcomes that are no likelier than a limit: the last on the low side of the mode and the first on the high
    /// side, where there are any.
    pub(super) fn as_unlikely_as(&self, limit: f64, mode: u64) -> (Option<u64>, u64) {
        let (first, last) = self.ends();
        let low = first_that(first, mode, |k| self.at(k) > limit);
        let high = first_that(mode, last + 1, |k| self.at(k) <= limit);
        (low.checked_sub(1).filter(|_| low > first), high)
    }

    /// One less the probability of the outcomes between two, where that is more than half: they are added up one by one.
    pub(super) fn complement_between(&self, low: Option<u64>, high: u64) -> Probability {
        let from = low.map_or(self.ends().0, |low| low + 1);
        let between: Sum = (from..high).map(|k| self.at(k)).collect();
        Probability::new(between.value()).complement()
    }

    /// The probability of outcomes next to each other that are as likely as a given one, from a place outwards.
    pub(super) fn tied(
        &self,
        places: impl Iterator<Item = u64>,
        wanted: impl Fn(f64) -> bool,
    ) -> f64 {
        places.map(|k| self.at(k)).take_while(|p| wanted(*p)).sum()
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(p, q)| p * q).collect::<Sum>().value()
}

/// Sums of the first number, the first two, the first three, and so on.
fn running<'p>(values: impl Iterator<Item = &'p f64>) -> Vec<f64> {
    let mut sum = Sum::default();
    let next = |value: &f64| {
        sum.add(*value);
        sum.value()
    };
    values.map(next).collect()
}

/// The first value in `low..high` with a property that all later ones have too; `high` if none has.
fn first_that(low: u64, high: u64, has: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high.max(low));
    while low < high {
        let middle = low + (high - low) / 2;
        if has(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_of_two_halves_is_what_their_sum_says() {
        let one = || Window::new(3, vec![0.1, 0.2, 0.4, 0.2, 0.1]);
        let other = || Window::new(10, vec![0.25, 0.5, 0.25]);
        for (first, second) in [(one(), other()), (other(), one()), (one(), one())] {
            let halves = Halves::of(first, second);
            let first = Window::new(halves.one.first(), halves.one.probabilities.clone());
            let mut upwards = halves.other.clone();
            upwards.reverse();
            let sum = first.plus(Window::new(halves.other_first, upwards), &mut Vec::new());
            assert!((halves.mean() - sum.mean()).abs() < 1e-14);
            let (mode, peak) = halves.peak();
            assert!(sum.iter().all(|(_, p)| p <= peak + 1e-15) && sum.at(mode) == peak);
            for k in 0..30 {
                for (got, expected) in [
                    (halves.at(k), sum.at(k)),
                    (halves.at_most(k), sum.at_most(k)),
                    (halves.at_least(k), sum.at_least(k)),
                ] {
                    assert!((got - expected).abs() < 1e-15, "{k}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn the_unlikely_outcomes_end_where_the_likely_ones_begin() {
        let halves = Halves::of(Window::new(0, vec![0.25, 0.5, 0.25]), Window::certain());
        assert_eq!(halves.as_unlikely_as(0.3, 1), (Some(0), 2));
        assert_eq!(halves.as_unlikely_as(0.2, 1), (None, 3));
    }
}
