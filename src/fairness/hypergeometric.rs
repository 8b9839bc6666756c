//! The hypergeometric distribution, central and tilted: who is selected when the number of selections is fixed.
//! Does not judge.

use super::Table;
use super::numeric::gamma::ln_choose;
use super::numeric::{Probability, TIE, double::Double};

/// Terms below this share of their sum are left out.
const NEGLIGIBLE: f64 = 1e-19;
/// Room for weights that is made at once; few vacancies need more.
const USUAL_ROOM: usize = 64;

/// X selected in group 1, given the group sizes and the number selected in all.
#[derive(Debug, Clone, Copy)]
pub struct Hypergeometric {
    total_1: u64,
    total_2: u64,
    selected: u64,
    lowest: u64,
    highest: u64,
    ln_ways: Double,
}

impl Hypergeometric {
    /// The distribution with the margins of a table.
    pub fn of(table: &Table) -> Self {
        let selected = table.selected();
        Self {
            total_1: table.total_1,
            total_2: table.total_2,
            selected,
            lowest: selected.saturating_sub(table.total_2),
            highest: table.total_1.min(selected),
            ln_ways: ln_choose(table.people(), selected),
        }
    }

    /// The smallest possible value.
    pub fn lowest(&self) -> u64 {
        self.lowest
    }

    /// The largest possible value.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// The most likely value: floor((K + 1)(n1 + 1) / (N + 2)).
    pub fn mode(&self) -> u64 {
        let product = u128::from(self.selected + 1) * u128::from(self.total_1 + 1);
        let mode = product / u128::from(self.total_1 + self.total_2 + 2);
        u64::try_from(mode).unwrap_or(u64::MAX).clamp(self.lowest, self.highest)
    }

    /// ln P(X = x) = ln C(n1, x) + ln C(n2, K - x) - ln C(N, K).
    pub fn ln_probability(&self, x: u64) -> Double {
        ln_choose(self.total_1, x) + ln_choose(self.total_2, self.selected - x) - self.ln_ways
    }

    /// P(X = x + 1) / P(X = x) = (n1 - x)(K - x) / ((x + 1)(n2 - K + x + 1)).
    pub fn step_up(&self, x: u64) -> f64 {
        let up = (self.total_1 - x) as f64 * (self.selected - x) as f64;
        let down = (x + 1) as f64 * ((self.total_2 + x + 1) - self.selected) as f64;
        up / down
    }

    /// Adds the probabilities from the lowest value to the highest, over that of the mode, to a list; their sum.
    pub fn add_weights(&self, weights: &mut Vec<f64>) -> f64 {
        let mode = self.mode();
        let place = |x: u64| usize::try_from(x - self.lowest).unwrap_or(usize::MAX);
        let first = weights.len();
        weights.resize(first + place(self.highest) + 1, 1.0);
        let own = weights.get_mut(first..).unwrap_or_default();
        let (below, above) = own.split_at_mut(place(mode));
        let (mut term, mut sum) = (1.0, 1.0);
        for (x, weight) in (mode..self.highest).zip(above.iter_mut().skip(1)) {
            term *= self.step_up(x);
            sum += term;
            *weight = term;
        }
        term = 1.0;
        for (x, weight) in (self.lowest..mode).rev().zip(below.iter_mut().rev()) {
            term /= self.step_up(x);
            sum += term;
            *weight = term;
        }
        sum
    }

    /// P(X <= x), the last value counted with the given weight (1, or one half for a mid-p value).
    pub fn at_most(&self, x: u64, weight: f64) -> Probability {
        if x < self.lowest {
            return Probability::ZERO;
        }
        if x <= self.mode() {
            return self.tail(x, weight, Direction::Down);
        }
        if x >= self.highest && weight >= 1.0 {
            return Probability::ONE;
        }
        self.strictly_beyond(x, 1.0 - weight, Direction::Up).complement()
    }

    /// P(X >= x), the first value counted with the given weight.
    pub fn at_least(&self, x: u64, weight: f64) -> Probability {
        if x > self.highest {
            return Probability::ZERO;
        }
        if x >= self.mode() {
            return self.tail(x, weight, Direction::Up);
        }
        if x <= self.lowest && weight >= 1.0 {
            return Probability::ONE;
        }
        self.strictly_beyond(x, 1.0 - weight, Direction::Down).complement()
    }

    /// The probability beyond x, and that of x itself with a weight.
    fn strictly_beyond(&self, x: u64, weight: f64, direction: Direction) -> Probability {
        if weight > 0.0 {
            return self.tail(x, weight, direction);
        }
        match direction {
            Direction::Up if x < self.highest => self.tail(x + 1, 1.0, direction),
            Direction::Down if x > self.lowest => self.tail(x - 1, 1.0, direction),
            _ => Probability::ZERO,
        }
    }

    /// The sum from x outwards, the first term with a weight; it stops when terms no longer count.
    fn tail(&self, x: u64, weight: f64, direction: Direction) -> Probability {
        let (mut term, mut sum, mut at) = (1.0, weight, x);
        loop {
            match direction {
                Direction::Up if at < self.highest => {
                    term *= self.step_up(at);
                    at += 1;
                }
                Direction::Down if at > self.lowest => {
                    at -= 1;
                    term /= self.step_up(at);
                }
                _ => break,
            }
            sum += term;
            if term < sum * NEGLIGIBLE {
                break;
            }
        }
        let ln_first = self.ln_probability(x);
        Probability::from_parts(ln_first.exp() * sum, (ln_first + Double::from(sum).ln()).value())
    }

    /// The values on either side of the mode whose probability is at most that of x, ties included:
    /// the last on the low side and the first on the high side, where they exist. `None` for "every value".
    pub fn as_or_less_likely(&self, x: u64) -> Option<(Option<u64>, Option<u64>)> {
        let limit = self.ln_probability(x).value() + TIE.ln_1p();
        if self.ln_probability(self.mode()).value() <= limit {
            return None;
        }
        let low = self.last_below(limit);
        let high = self.first_above(limit);
        Some((low, high))
    }

    /// The largest value on the low side of the mode with a log probability of at most `limit`.
    fn last_below(&self, limit: f64) -> Option<u64> {
        let mode = self.mode();
        partition(self.lowest, mode, |x| self.ln_probability(x).value() <= limit)
            .checked_sub(1)
            .filter(|x| *x >= self.lowest)
    }

    /// The smallest value on the high side of the mode with a log probability of at most `limit`.
    fn first_above(&self, limit: f64) -> Option<u64> {
        let mode = self.mode();
        let first = partition(mode, self.highest + 1, |x| self.ln_probability(x).value() > limit);
        (first <= self.highest).then_some(first)
    }

    /// The probability of all values that are as likely as x, x included, within the tie tolerance.
    pub fn ties(&self, x: u64) -> Probability {
        let own = self.ln_probability(x);
        let (low, high) = (own.value() + (-TIE).ln_1p(), own.value() + TIE.ln_1p());
        let mode = self.mode();
        let ln = |x: u64| self.ln_probability(x).value();
        let rising = (
            partition(self.lowest, mode, |x| ln(x) < low),
            partition(self.lowest, mode, |x| ln(x) <= high),
        );
        let falling = (
            partition(mode, self.highest + 1, |x| ln(x) > high),
            partition(mode, self.highest + 1, |x| ln(x) >= low),
        );
        let count = (rising.1.max(rising.0) - rising.0) + (falling.1.max(falling.0) - falling.0);
        // Ties differ by at most 1e-7 of their value; take each at its own.
        let each = (rising.0..rising.1).chain(falling.0..falling.1);
        let sum: f64 = each.map(|y| (self.ln_probability(y) - own).exp()).sum();
        let sum = if count == 0 { 1.0 } else { sum };
        Probability::from_parts(own.exp() * sum, (own + Double::from(sum).ln()).value())
    }

    /// The distribution tilted by exp(theta x): what it would be at that log odds ratio.
    pub fn tilted(&self, theta: f64) -> Tilted {
        let room = usize::try_from(self.highest - self.lowest + 1).unwrap_or(USUAL_ROOM);
        let mut weights = Vec::with_capacity(room.min(USUAL_ROOM));
        let (first, sum, centre) = self.tilt_into(theta, &mut weights);
        Tilted { first, weights, sum, centre }
    }

    /// The same in memory that is there already: the value of the first weight, the sum of the weights, the mode.
    pub fn tilt_into(&self, theta: f64, weights: &mut Vec<f64>) -> (u64, f64, u64) {
        let centre = self.tilted_mode(theta);
        let psi = theta.exp();
        weights.clear();
        let (mut term, mut at, mut sum) = (1.0, centre, 1.0);
        while at > self.lowest {
            at -= 1;
            term /= self.step_up(at) * psi;
            sum += term;
            weights.push(term);
            if term < sum * NEGLIGIBLE {
                break;
            }
        }
        weights.reverse();
        weights.push(1.0);
        let first = at;
        (term, at) = (1.0, centre);
        while at < self.highest {
            term *= self.step_up(at) * psi;
            at += 1;
            sum += term;
            weights.push(term);
            if term < sum * NEGLIGIBLE {
                break;
            }
        }
        (first, sum, centre)
    }

    /// ln P(X = x) at log odds ratio theta.
    pub fn ln_tilted_probability(&self, x: u64, theta: f64) -> f64 {
        if theta == 0.0 {
            return self.ln_probability(x).value();
        }
        let tilted = self.tilted(theta);
        let to_mode = self.ln_probability(x) - self.ln_probability(tilted.centre);
        to_mode.value() + theta * (x as f64 - tilted.centre as f64) - tilted.sum.ln()
    }

    /// The mode at log odds ratio theta: the root of (n1 - x)(K - x) psi = x (n2 - K + x), then whole steps to the
    /// first value whose successor is less likely.
    fn tilted_mode(&self, theta: f64) -> u64 {
        if theta == 0.0 {
            return self.mode();
        }
        let psi = theta.exp();
        let (n1, k) = (self.total_1 as f64, self.selected as f64);
        let rest = self.total_2 as f64 - k;
        // (psi - 1) x^2 - (psi (n1 + k) + rest) x + psi n1 k = 0, in the form that cancels nothing.
        let b = psi * (n1 + k) + rest;
        let root =
            2.0 * psi * n1 * k / (b + (b * b - 4.0 * (psi - 1.0) * psi * n1 * k).max(0.0).sqrt());
        let start = if root.is_finite() { root as u64 } else { self.highest };
        let mut mode = start.clamp(self.lowest, self.highest);
        while mode < self.highest && self.step_up(mode) * psi > 1.0 {
            mode += 1;
        }
        while mode > self.lowest && self.step_up(mode - 1) * psi <= 1.0 {
            mode -= 1;
        }
        mode
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

/// The first value in `low..high` at which a property that holds for a first stretch fails; `high` if it never does.
fn partition(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high.max(low));
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A tilted distribution, relative to its own mode; values whose weight does not count are left out.
#[derive(Debug, Clone)]
pub struct Tilted {
    /// The value of the first weight.
    pub first: u64,
    /// Weights, 1 at the mode.
    pub weights: Vec<f64>,
    /// Their sum.
    pub sum: f64,
    /// The mode.
    pub centre: u64,
}

impl Tilted {
    /// The mean.
    pub fn mean(&self) -> f64 {
        self.centre as f64 + self.mean_beyond_centre()
    }

    /// The mean less the mode.
    pub fn mean_beyond_centre(&self) -> f64 {
        self.moment(1)
    }

    /// The variance.
    pub fn variance(&self) -> f64 {
        self.moment(2) - self.moment(1).powi(2)
    }

    /// A moment about the mode.
    fn moment(&self, power: i32) -> f64 {
        let offset = self.first as f64 - self.centre as f64;
        let weighted = self.weights.iter().enumerate();
        weighted.map(|(i, w)| w * (offset + i as f64).powi(power)).sum::<f64>() / self.sum
    }

    /// P(X >= x).
    pub fn at_least(&self, x: u64) -> f64 {
        let skip = usize::try_from(x.saturating_sub(self.first)).unwrap_or(usize::MAX);
        self.weights.iter().skip(skip).rev().sum::<f64>() / self.sum
    }

    /// P(X <= x).
    pub fn at_most(&self, x: u64) -> f64 {
        let Some(take) = (x + 1).checked_sub(self.first) else { return 0.0 };
        let take = usize::try_from(take).unwrap_or(usize::MAX);
        self.weights.iter().take(take).sum::<f64>() / self.sum
    }
}
