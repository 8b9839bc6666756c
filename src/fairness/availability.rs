//! A count against a benchmark share: how many of a group there are, compared with how many there could have been.
//! Knows nothing of where the share comes from.

use serde::Serialize;

use super::numeric::double::Double;
use super::numeric::gamma::ln_choose;
use super::numeric::{Probability, TIE};

/// A count against a share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Availability {
    /// Exact binomial, two-sided by likelihood.
    pub two_sided: Probability,
    /// P(X <= k).
    pub less: Probability,
    /// P(X >= k).
    pub greater: Probability,
    /// `two_sided` less half the probability of outcomes tied with the observed one.
    pub mid_two_sided: Probability,
    /// (k - n q) / sqrt(n q (1 - q)).
    pub z: f64,
    /// n q - k.
    pub shortfall: f64,
}

/// The exact binomial test of `count` of `total` against the share q, which lies strictly between 0 and 1.
pub fn test(count: u64, total: u64, share: f64) -> Option<Availability> {
    if !(share > 0.0 && share < 1.0) || total == 0 || count > total {
        return None;
    }
    let binomial = Binomial {
        total,
        odds: share / (1.0 - share),
        ln_share: Double::from(share).ln(),
        ln_rest: Double::one_minus(share).ln(),
        mode: (((total + 1) as f64) * share).floor().min(total as f64) as u64,
    };
    let two_sided = binomial.as_or_less_likely(count);
    let expected = total as f64 * share;
    Some(Availability {
        two_sided,
        less: binomial.at_most(count),
        greater: binomial.at_least(count),
        mid_two_sided: two_sided.less_part(binomial.ties(count).times(0.5)),
        z: (count as f64 - expected) / (expected * (1.0 - share)).sqrt(),
        shortfall: expected - count as f64,
    })
}

struct Binomial {
    total: u64,
    odds: f64,
    ln_share: Double,
    ln_rest: Double,
    mode: u64,
}

impl Binomial {
    fn ln_probability(&self, x: u64) -> Double {
        ln_choose(self.total, x) + self.ln_share * x as f64 + self.ln_rest * (self.total - x) as f64
    }

    fn step_up(&self, x: u64) -> f64 {
        self.odds * (self.total - x) as f64 / (x + 1) as f64
    }

    fn at_most(&self, x: u64) -> Probability {
        if x <= self.mode {
            return self.tail_down(x);
        }
        if x >= self.total { Probability::ONE } else { self.tail_up(x + 1).complement() }
    }

    fn at_least(&self, x: u64) -> Probability {
        if x >= self.mode {
            return self.tail_up(x);
        }
        if x == 0 { Probability::ONE } else { self.tail_down(x - 1).complement() }
    }

    fn tail_down(&self, x: u64) -> Probability {
        let (mut term, mut sum, mut at) = (1.0, 1.0, x);
        while at > 0 && term > sum * 1e-19 {
            at -= 1;
            term /= self.step_up(at);
            sum += term;
        }
        self.scaled(x, sum)
    }

    fn tail_up(&self, x: u64) -> Probability {
        let (mut term, mut sum, mut at) = (1.0, 1.0, x);
        while at < self.total && term > sum * 1e-19 {
            term *= self.step_up(at);
            at += 1;
            sum += term;
        }
        self.scaled(x, sum)
    }

    fn scaled(&self, x: u64, sum: f64) -> Probability {
        let ln_first = self.ln_probability(x);
        Probability::from_parts(ln_first.exp() * sum, (ln_first + Double::from(sum).ln()).value())
    }

    fn as_or_less_likely(&self, x: u64) -> Probability {
        let limit = self.ln_probability(x).value() + TIE.ln_1p();
        let likely = |y: u64| self.ln_probability(y).value() > limit;
        if !likely(self.mode) {
            return Probability::ONE;
        }
        let below = first(0, self.mode, likely).checked_sub(1);
        let above = first(self.mode, self.total + 1, |y| !likely(y));
        let low = below.map_or(Probability::ZERO, |y| self.tail_down(y));
        let high = if above <= self.total { self.tail_up(above) } else { Probability::ZERO };
        low.or(high)
    }

    fn ties(&self, x: u64) -> Probability {
        let own = self.ln_probability(x).value();
        let at_least = |y: u64| self.ln_probability(y).value() >= own + (-TIE).ln_1p();
        let above = |y: u64| self.ln_probability(y).value() > own + TIE.ln_1p();
        let rising = first(0, self.mode, at_least)..first(0, self.mode, above);
        let falling = first(self.mode, self.total + 1, |y| !above(y))
            ..first(self.mode, self.total + 1, |y| !at_least(y));
        rising.chain(falling).fold(Probability::ZERO, |sum, y| {
            sum.or(Probability::from_ln(self.ln_probability(y).value()))
        })
    }
}

/// The first value of `low..high` with a property that holds from there on; `high` if none has it.
fn first(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
