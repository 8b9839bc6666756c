//! The exact conditional test over strata: the number selected in group 1 over all vacancies, each vacancy's margins
//! fixed. Works for one stratum too; knows nothing of effects or verdicts.

mod halves;
mod window;

use halves::Halves;
use serde::Serialize;
use window::{Front, Window};

use super::Table;
use super::hypergeometric::Hypergeometric;
use super::numeric::{Probability, Sum, TIE, double::Double, roots};

/// Beyond this density, relative to the peak, the untilted distribution keeps too few digits.
const DIRECT_FROM: f64 = 1e-6;
/// The largest tilt, as a log odds ratio.
const FAR: f64 = 60.0;

/// Exact conditional p-values over strata.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExactStratified {
    /// P(S <= s).
    pub less: Probability,
    /// P(S >= s).
    pub greater: Probability,
    /// The sum over outcomes as or less likely than the observed one.
    pub two_sided: Probability,
    /// `two_sided` less half the probability of the outcomes tied with the observed one.
    pub mid_two_sided: Probability,
}

/// The informative strata of a comparison.
#[derive(Debug, Clone)]
pub struct Strata {
    parts: Vec<Hypergeometric>,
    observed: u64,
}

/// The exact conditional test: the convolution of the strata's hypergeometric distributions (Gart 1970), two-sided
/// by likelihood. `None` when no stratum is informative.
///
/// The cost is bounded: each stratum is expanded from its mode and the sum is kept to a window around its peak. A far
/// tail is computed in the distribution tilted so that the observed number is its mean, where that tail is ordinary.
pub fn test(tables: &[Table]) -> Option<ExactStratified> {
    let strata = Strata::of(tables);
    if strata.parts.is_empty() {
        return None;
    }
    Some(strata.test())
}

impl Strata {
    /// The strata in which both groups have people and some but not all were selected.
    pub fn of(tables: &[Table]) -> Self {
        let informative = tables.iter().filter(|table| table.is_informative());
        let observed = informative.clone().map(|table| table.selected_1).sum();
        Self { parts: informative.map(Hypergeometric::of).collect(), observed }
    }

    /// Selected in group 1 over all informative strata.
    pub fn observed(&self) -> u64 {
        self.observed
    }

    /// The smallest and largest number that the margins allow.
    pub fn support(&self) -> (u64, u64) {
        let sum = |pick: fn(&Hypergeometric) -> u64| self.parts.iter().map(pick).sum();
        (sum(Hypergeometric::lowest), sum(Hypergeometric::highest))
    }

    /// The mean at a common log odds ratio, less the number observed: whole numbers are subtracted as such, so that a
    /// small difference of large numbers keeps its digits.
    pub fn mean_excess(&self, theta: f64) -> f64 {
        let mut whole = -i128::from(self.observed);
        let mut rest = Sum::default();
        for part in &self.parts {
            let tilted = part.tilted(theta);
            whole += i128::from(tilted.centre);
            rest.add(tilted.mean_beyond_centre());
        }
        rest.add(whole as f64);
        rest.value()
    }

    /// P(S <= s) and P(S >= s) for the observed s at a common log odds ratio.
    pub fn tails(&self, theta: f64) -> (f64, f64) {
        if let [part] = self.parts.as_slice() {
            let tilted = part.tilted(theta);
            return (tilted.at_most(self.observed), tilted.at_least(self.observed));
        }
        let window = self.convolved(theta);
        (window.at_most(self.observed), window.at_least(self.observed))
    }

    fn test(&self) -> ExactStratified {
        let halves = self.halves(0.0);
        let (mode, peak) = halves.peak();
        if halves.at(self.observed) >= peak * DIRECT_FROM {
            self.test_directly(&halves, mode, peak)
        } else {
            self.test_by_tilting(halves.mean())
        }
    }

    /// Every p-value from the untilted distribution, which holds both tails.
    fn test_directly(&self, halves: &Halves, mode: u64, peak: f64) -> ExactStratified {
        let observed = self.observed;
        let own = halves.at(observed);
        let either = |inside: f64, outside: &dyn Fn() -> f64| match inside <= 0.5 {
            true => Probability::new(inside),
            false => Probability::new(outside()).complement(),
        };
        let (at_most, at_least) = (halves.at_most(observed), halves.at_least(observed));
        let less = either(at_most, &|| halves.at_least(observed + 1));
        let below = |k: u64| k.checked_sub(1).map_or(0.0, |k| halves.at_most(k));
        let greater = either(at_least, &|| below(observed));
        let is_tied = |p: f64| (p - own).abs() <= TIE * own;
        let mut ties =
            own + halves.tied(observed + 1.., is_tied) + halves.tied((0..observed).rev(), is_tied);
        let limit = own * (1.0 + TIE);
        let two_sided = if peak <= limit {
            Probability::ONE
        } else {
            let (low, high) = halves.as_unlikely_as(limit, mode);
            ties += if observed < mode {
                halves.tied(high.., is_tied)
            } else {
                low.map_or(0.0, |low| halves.tied((0..=low).rev(), is_tied))
            };
            let inside = low.map_or(0.0, |low| halves.at_most(low)) + halves.at_least(high);
            match inside <= 0.5 {
                true => Probability::new(inside),
                false => halves.complement_between(low, high),
            }
        };
        ExactStratified {
            less,
            greater,
            two_sided,
            mid_two_sided: two_sided.less_part(Probability::new(ties / 2.0)),
        }
    }

    /// The near tail in the distribution tilted to the observed number, the far one in a mirror tilt.
    fn test_by_tilting(&self, mean: f64) -> ExactStratified {
        let upper = (self.observed as f64) > mean;
        let near = self.near_tail(upper);
        let own = near.own;
        let limit = own.ln_p + TIE.ln_1p();
        let far = self.far_tail(!upper, limit, own.ln_p);
        let opposite = near.tail.complement().or(own);
        let two_sided = near.tail.or(far.tail);
        let ties = own.or(far.tied).times(0.5);
        let (less, greater) = if upper { (opposite, near.tail) } else { (near.tail, opposite) };
        ExactStratified { less, greater, two_sided, mid_two_sided: two_sided.less_part(ties) }
    }

    fn near_tail(&self, upper: bool) -> NearTail {
        let (lowest, highest) = self.support();
        let end = if upper { highest } else { lowest };
        if self.observed == end {
            let own = Probability::from_ln(self.ln_end(upper).value());
            return NearTail { tail: own, own };
        }
        let target = self.observed as f64;
        let theta = roots::solve(-FAR, FAR, 1e-9, |theta| self.mean_excess(theta));
        let window = self.convolved(theta);
        let own = window.at(self.observed);
        let beyond: Sum = window
            .iter()
            .filter(|(k, _)| if upper { *k >= self.observed } else { *k <= self.observed })
            .map(|(k, p)| p * (-theta * (k as f64 - target)).exp())
            .collect();
        let front = Front::of(&self.parts, theta).ln_at(self.observed);
        NearTail {
            tail: Probability::from_ln(front + beyond.value().ln()),
            own: Probability::from_ln(front + own.ln()),
        }
    }

    /// The tail on the other side of the peak that is no likelier than the observed outcome.
    fn far_tail(&self, upper: bool, limit: f64, own: f64) -> FarTail {
        if self.ln_end(upper).value() > limit {
            return FarTail { tail: Probability::ZERO, tied: Probability::ZERO };
        }
        let sign = if upper { 1.0 } else { -1.0 };
        // The saddle point says about where the density falls to the limit.
        let mut tilt = roots::solve(0.0, FAR, 1e-6, |t| self.saddle_ln_density(sign * t) - limit);
        for _ in 0..40 {
            let theta = sign * tilt;
            let window = self.convolved(theta);
            let front = Front::of(&self.parts, theta);
            let ln_at = |k: u64, p: f64| p.ln() + front.ln_at(k);
            let inner = if upper { window.iter().next() } else { window.iter().next_back() };
            if inner.is_some_and(|(k, p)| ln_at(k, p) <= limit) && tilt > 1e-6 {
                // The whole window is beyond the limit: step back towards the peak.
                tilt *= 0.7;
                continue;
            }
            let mut tail = Probability::ZERO;
            let mut tied = Probability::ZERO;
            for (k, p) in window.iter() {
                let ln_p = ln_at(k, p);
                if ln_p <= limit && is_on_side(&window, &front, k, upper) {
                    tail = tail.or(Probability::from_ln(ln_p));
                    if (ln_p - own).exp_m1().abs() <= TIE {
                        tied = tied.or(Probability::from_ln(ln_p));
                    }
                }
            }
            return FarTail { tail, tied };
        }
        FarTail { tail: Probability::ZERO, tied: Probability::ZERO }
    }

    /// ln P at the highest or lowest possible outcome: every stratum at its own end.
    fn ln_end(&self, upper: bool) -> Double {
        self.parts.iter().fold(Double::from(0.0), |sum, part| {
            let end = if upper { part.highest() } else { part.lowest() };
            sum + part.ln_probability(end)
        })
    }

    /// ln of the density at the mean of the tilted distribution, by the saddle-point formula.
    fn saddle_ln_density(&self, theta: f64) -> f64 {
        let (mut front, mut variance) = (0.0, 0.0);
        for part in &self.parts {
            let tilted = part.tilted(theta);
            let offset = tilted.centre as f64 - tilted.mean();
            front += part.ln_probability(tilted.centre).value() + tilted.sum.ln() + theta * offset;
            variance += tilted.variance();
        }
        front - 0.5 * (std::f64::consts::TAU * variance.max(1e-3)).ln()
    }

    /// The distribution of the sum at a log odds ratio, in a window around its peak.
    fn convolved(&self, theta: f64) -> Window {
        let (one, other) = self.two_windows(theta);
        one.plus(other, &mut Vec::new())
    }

    /// The same as two halves, which costs a fraction where little is read of it.
    fn halves(&self, theta: f64) -> Halves {
        let (one, other) = self.two_windows(theta);
        Halves::of(one, other)
    }

    /// The distributions of two parts of the sum.
    ///
    /// Strata are added in pairs, pairs in pairs, and so on: the windows grow with the square root of the number of
    /// strata, so this costs far less than adding one stratum after the other.
    fn two_windows(&self, theta: f64) -> (Window, Window) {
        let mut spare = Vec::new();
        let mut windows = window::runs(&self.parts, theta);
        while windows.len() > 2 {
            let mut pairs = Vec::with_capacity(windows.len().div_ceil(2));
            let mut rest = windows.into_iter();
            while let Some(first) = rest.next() {
                pairs.push(match rest.next() {
                    Some(second) => first.plus(second, &mut spare),
                    None => first,
                });
            }
            windows = pairs;
        }
        let mut windows = windows.into_iter();
        let mut next = || windows.next().unwrap_or_else(Window::certain);
        (next(), next())
    }
}

/// Whether `k` lies beyond the peak of the untilted distribution on the given side: there the untilted density falls
/// outwards. A window tilted outwards may still reach back over the peak.
fn is_on_side(window: &Window, front: &Front, k: u64, upper: bool) -> bool {
    let neighbour = if upper { k.checked_sub(1) } else { k.checked_add(1) };
    let Some(neighbour) = neighbour else { return true };
    let (p, q) = (window.at(k), window.at(neighbour));
    if q <= 0.0 {
        return true;
    }
    p.ln() + front.ln_at(k) < q.ln() + front.ln_at(neighbour)
}

struct NearTail {
    tail: Probability,
    own: Probability,
}

struct FarTail {
    tail: Probability,
    tied: Probability,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fairness::fisher;

    #[test]
    fn one_stratum_is_fishers_test_near_and_far() {
        for (first, second) in [
            ((10, 43), (389, 920)),
            ((0, 43), (117, 920)),
            ((106, 987), (122, 1974)),
            ((30, 1000), (600, 1000)),
            ((900, 1000), (60, 800)),
            ((0, 400), (390, 400)),
        ] {
            let table = Table::new(first, second).unwrap();
            let (exact, fisher) = (test(&[table]).unwrap(), fisher::test(&table));
            for (got, expected) in [
                (exact.less, fisher.less),
                (exact.greater, fisher.greater),
                (exact.two_sided, fisher.two_sided),
                (exact.mid_two_sided, fisher.mid_two_sided),
            ] {
                let miss = (got.ln_p - expected.ln_p).abs();
                assert!(
                    miss <= 1e-11 * expected.ln_p.abs() + 1e-13,
                    "{table:?} {got:?} {expected:?}"
                );
            }
        }
    }

    #[test]
    fn two_thousand_strata_keep_a_far_tail() {
        let table = Table::new((1, 4), (8, 16)).unwrap();
        let exact = test(&vec![table; 2000]).unwrap();
        assert!(exact.less.ln_p < -100.0 && exact.less.ln_p.is_finite());
        assert!(exact.two_sided.ln_p >= exact.less.ln_p);
    }
}
