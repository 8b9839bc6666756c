//! The distribution of a sum over strata, kept to a window around its peak. Adds distributions; tests nothing.

use super::super::hypergeometric::Hypergeometric;
use super::super::numeric::Sum;
use super::super::numeric::double::Double;

/// Terms of a convolution below this share of the largest are dropped.
const NEGLIGIBLE: f64 = 1e-21;
/// Outcomes up to which a sum is kept whole.
const NARROW: usize = 32;

/// Probabilities of consecutive outcomes in a tilted distribution.
pub(super) struct Window {
    first: u64,
    pub(super) probabilities: Vec<f64>,
}

/// What turns tilted probabilities into untilted ones.
pub(super) struct Front {
    theta: f64,
    /// Sum over strata of ln P(mode) + ln(sum of weights relative to the mode).
    ln_scale: Double,
    /// Sum of the strata's modes.
    centres: u64,
}

impl Front {
    /// For the sum of strata at a log odds ratio.
    pub(super) fn of(parts: &[Hypergeometric], theta: f64) -> Self {
        let mut front = Self { theta, ln_scale: Double::from(0.0), centres: 0 };
        for part in parts {
            let tilted = part.tilted(theta);
            let ln_scale = part.ln_probability(tilted.centre) + Double::from(tilted.sum).ln();
            front.ln_scale = front.ln_scale + ln_scale;
            front.centres += tilted.centre;
        }
        front
    }

    /// The logarithm of what a tilted probability at `k` is multiplied with.
    pub(super) fn ln_at(&self, k: u64) -> f64 {
        self.ln_scale.value() + self.theta * (self.centres as f64 - k as f64)
    }
}

/// Sums of narrow strata, in the order of the strata: each run of them as one window, kept whole, because leaving
/// unlikely outcomes out would cost more than they do.
pub(super) fn runs(parts: &[Hypergeometric], theta: f64) -> Vec<Window> {
    let mut windows = Vec::new();
    let room = || Vec::with_capacity(2 * NARROW);
    let (mut first, mut run): (u64, Vec<f64>) = (0, room());
    run.push(1.0);
    let (mut weights, mut next) = (room(), room());
    for part in parts {
        let (at, sum, _) = part.tilt_into(theta, &mut weights);
        let share = 1.0 / sum;
        weights.iter_mut().for_each(|weight| *weight *= share);
        if run.len() > 1 && run.len() + weights.len() > NARROW {
            windows.push(Window { first, probabilities: run.clone() });
            first = at;
            std::mem::swap(&mut run, &mut weights);
            continue;
        }
        convolve(&run, &weights, &mut next);
        first += at;
        std::mem::swap(&mut run, &mut next);
    }
    windows.push(Window { first, probabilities: run });
    windows
}

/// Probabilities of the sum of two independent numbers.
fn convolve(one: &[f64], other: &[f64], product: &mut Vec<f64>) {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    product.clear();
    product.resize(long.len() + short.len() - 1, 0.0);
    // Four at a time, so that each number of the product is fetched once for four terms.
    let (fours, rest) = short.as_chunks::<4>();
    let mut start = 0;
    for [a, b, c, d] in fours {
        let into = product.get_mut(start..).unwrap_or_default();
        add_four(into, long, [*a, *b, *c, *d]);
        start += 4;
    }
    for weight in rest {
        for (into, p) in product.iter_mut().skip(start).zip(long) {
            *into += weight * p;
        }
        start += 1;
    }
}

/// Adds a list times each of four weights, each time one place further on. Lists of fewer than four are the caller's to
/// give with their longer partner first.
fn add_four(into: &mut [f64], long: &[f64], [a, b, c, d]: [f64; 4]) {
    let n = long.len();
    let get = |i: usize| long.get(i).copied().unwrap_or(0.0);
    // Where the four do not all meet the list: its first three places, and the three after its end.
    for k in (0..3.min(n + 3)).chain(n.max(3)..n + 3) {
        let earlier = |by: usize| k.checked_sub(by).map_or(0.0, get);
        if let Some(into) = into.get_mut(k) {
            *into += a * earlier(0) + b * earlier(1) + c * earlier(2) + d * earlier(3);
        }
    }
    let (Some(into), Some(p), Some(q), Some(r)) =
        (into.get_mut(3..), long.get(3..), long.get(2..), long.get(1..))
    else {
        return;
    };
    for ((((into, p), q), r), s) in into.iter_mut().zip(p).zip(q).zip(r).zip(long) {
        *into += a * p + b * q + c * r + d * s;
    }
}

impl Window {
    /// Of outcomes from the first one on.
    pub(super) fn new(first: u64, probabilities: Vec<f64>) -> Self {
        Self { first, probabilities }
    }

    /// Nobody, for certain.
    pub(super) fn certain() -> Self {
        Self::new(0, vec![1.0])
    }

    /// The least outcome.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// How many outcomes there are.
    pub(super) fn len(&self) -> usize {
        self.probabilities.len()
    }

    /// The sum of two independent numbers. It is written to memory that an earlier sum left over, and leaves its own.
    pub(super) fn plus(self, other: Self, spare: &mut Vec<Vec<f64>>) -> Self {
        // Memory that is too short would be copied before it is overwritten.
        let length = self.probabilities.len() + other.probabilities.len();
        let fitting = spare.iter().position(|left| left.capacity() >= length);
        let mut product = match fitting {
            Some(place) => spare.swap_remove(place),
            None => Vec::with_capacity(length),
        };
        convolve(&self.probabilities, &other.probabilities, &mut product);
        spare.extend([self.probabilities, other.probabilities]);
        Self { first: self.first + other.first, probabilities: product }.trimmed()
    }

    fn trimmed(self) -> Self {
        let Self { first, probabilities: mut product } = self;
        let limit = product.iter().copied().fold(0.0, f64::max) * NEGLIGIBLE;
        let start = product.iter().position(|p| *p > limit).unwrap_or(0);
        let end = product.iter().rposition(|p| *p > limit).map_or(0, |last| last + 1);
        product.truncate(end.max(1));
        product.drain(..start.min(product.len() - 1));
        Self { first: first + start as u64, probabilities: product }
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, f64)> {
        self.probabilities.iter().enumerate().map(|(i, p)| (self.first + i as u64, *p))
    }

    pub(super) fn at(&self, k: u64) -> f64 {
        let index = k.checked_sub(self.first).and_then(|i| usize::try_from(i).ok());
        index.and_then(|i| self.probabilities.get(i)).copied().unwrap_or(0.0)
    }

    pub(super) fn mean(&self) -> f64 {
        self.iter().map(|(k, p)| k as f64 * p).collect::<Sum>().value()
    }

    pub(super) fn at_most(&self, k: u64) -> f64 {
        self.iter().take_while(|(at, _)| *at <= k).map(|(_, p)| p).collect::<Sum>().value()
    }

    pub(super) fn at_least(&self, k: u64) -> f64 {
        self.iter().rev().take_while(|(at, _)| *at >= k).map(|(_, p)| p).collect::<Sum>().value()
    }
}
