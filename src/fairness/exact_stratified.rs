//! The exact conditional test over strata: the number selected in group 1 over all vacancies, each vacancy's margins
//! fixed. Works for one stratum too; knows nothing of effects or verdicts.

use serde::Serialize;

use super::Table;
use super::hypergeometric::Hypergeometric;
use super::mantel_haenszel;
use super::numeric::{Probability, Sum, TIE, double::Double, normal, roots};

/// Beyond this density, relative to the peak, the untilted distribution keeps too few digits.
const DIRECT_FROM: f64 = 1e-6;
/// Terms of a convolution below this share of the largest are dropped.
const NEGLIGIBLE: f64 = 1e-21;
/// Variance times the logarithm of the number of strata up to which the exact distribution takes a few milliseconds.
const DEAREST: f64 = 30_000.0;
/// Below this variance the distribution is always computed exactly.
const SMALLEST_LARGE_VARIANCE: f64 = 2_000.0;
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

/// A conditional test, and how it was computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// Two-sided p-value without the mid-p correction.
    pub two_sided: Probability,
    /// With it.
    pub mid_two_sided: Probability,
    /// Whether it is the exact distribution, not its large-sample form.
    pub is_exact: bool,
}

/// [`test`] where its cost is small, and otherwise its large-sample form: the same sum of excesses over its conditional
/// standard deviation, corrected for skewness. The latter is used only where that deviation is of many people.
pub fn test_or_large_sample(tables: &[Table]) -> Option<Tested> {
    let informative: Vec<&Table> = tables.iter().filter(|table| table.is_informative()).collect();
    let (excess, variance) = mantel_haenszel::excess_and_variance(&informative);
    let levels = (informative.len().max(2) as f64).log2();
    if variance * levels <= DEAREST || variance < SMALLEST_LARGE_VARIANCE {
        return test(tables).map(|exact| Tested {
            two_sided: exact.two_sided,
            mid_two_sided: exact.mid_two_sided,
            is_exact: true,
        });
    }
    let third: Sum = informative.iter().map(|table| third_moment(table)).collect();
    let skewness = third.value() / variance.powf(1.5);
    let corrected = |excess: f64| {
        // Cornish and Fisher (1937): the normal deviate of a slightly skewed sum.
        let z = excess / variance.sqrt();
        normal::two_sided((z - skewness / 6.0 * (z * z - 1.0)).abs())
    };
    let continuous = excess.signum() * (excess.abs() - 0.5).max(0.0);
    Some(Tested {
        two_sided: corrected(continuous),
        mid_two_sided: corrected(excess),
        is_exact: false,
    })
}

/// The third central moment of a hypergeometric variable: V (N - 2 n1)(N - 2 K) / (N (N - 2)).
fn third_moment(table: &Table) -> f64 {
    let (n1, k, n) = (table.total_1 as f64, table.selected() as f64, table.people() as f64);
    if n <= 2.0 {
        return 0.0;
    }
    let variance = n1 * (n - n1) / n * (k * (n - k) / n) / (n - 1.0);
    variance * (n - 2.0 * n1) * (n - 2.0 * k) / (n * (n - 2.0))
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

    /// The mean at a common log odds ratio.
    pub fn mean(&self, theta: f64) -> f64 {
        self.parts.iter().map(|part| part.tilted(theta).mean()).collect::<Sum>().value()
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
        let window = self.convolved(0.0);
        let peak = window.probabilities.iter().copied().fold(0.0, f64::max);
        if window.at(self.observed) >= peak * DIRECT_FROM {
            self.test_directly(&window)
        } else {
            self.test_by_tilting(&window)
        }
    }

    /// Every p-value from the untilted distribution, which holds both tails.
    fn test_directly(&self, window: &Window) -> ExactStratified {
        let own = window.at(self.observed);
        let of = |wanted: &dyn Fn(u64, f64) -> bool| -> Probability {
            let (mut inside, mut outside) = (Sum::default(), Sum::default());
            for (k, p) in window.iter() {
                if wanted(k, p) { inside.add(p) } else { outside.add(p) }
            }
            if inside.value() <= 0.5 {
                Probability::new(inside.value())
            } else {
                Probability::new(outside.value()).complement()
            }
        };
        let tied = window.iter().filter(|(_, p)| (p - own).abs() <= TIE * own);
        let ties = tied.map(|(_, p)| p).sum::<f64>();
        let two_sided = of(&|_, p| p <= own * (1.0 + TIE));
        ExactStratified {
            less: of(&|k, _| k <= self.observed),
            greater: of(&|k, _| k >= self.observed),
            two_sided,
            mid_two_sided: two_sided.less_part(Probability::new(ties / 2.0)),
        }
    }

    /// The near tail in the distribution tilted to the observed number, the far one in a mirror tilt.
    fn test_by_tilting(&self, untilted: &Window) -> ExactStratified {
        let upper = (self.observed as f64) > untilted.mean();
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
        let theta = roots::solve(-FAR, FAR, 1e-9, |theta| self.mean(theta) - target);
        let window = self.convolved(theta);
        let own = window.at(self.observed);
        let beyond: Sum = window
            .iter()
            .filter(|(k, _)| if upper { *k >= self.observed } else { *k <= self.observed })
            .map(|(k, p)| p * (-theta * (k as f64 - target)).exp())
            .collect();
        let front = window.ln_front(theta, self.observed);
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
            let ln_at = |k: u64, p: f64| p.ln() + window.ln_front(theta, k);
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
                if ln_p <= limit && self.is_on_side(&window, k, theta, upper) {
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

    /// Whether `k` lies beyond the peak of the untilted distribution on the given side: there the untilted density
    /// falls outwards. A window tilted outwards may still reach back over the peak.
    fn is_on_side(&self, window: &Window, k: u64, theta: f64, upper: bool) -> bool {
        let neighbour = if upper { k.checked_sub(1) } else { k.checked_add(1) };
        let Some(neighbour) = neighbour else { return true };
        let (p, q) = (window.at(k), window.at(neighbour));
        if q <= 0.0 {
            return true;
        }
        p.ln() + window.ln_front(theta, k) < q.ln() + window.ln_front(theta, neighbour)
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
    ///
    /// Strata are added in pairs, pairs in pairs, and so on: the windows grow with the square root of the number of
    /// strata, so this costs far less than adding one stratum after the other.
    fn convolved(&self, theta: f64) -> Window {
        let mut windows: Vec<Window> =
            self.parts.iter().map(|part| Window::of(part, theta)).collect();
        while windows.len() > 1 {
            let mut pairs = Vec::with_capacity(windows.len().div_ceil(2));
            let mut rest = windows.into_iter();
            while let Some(first) = rest.next() {
                pairs.push(match rest.next() {
                    Some(second) => first.plus(&second),
                    None => first,
                });
            }
            windows = pairs;
        }
        windows.pop().unwrap_or_else(Window::certain)
    }
}

struct NearTail {
    tail: Probability,
    own: Probability,
}

struct FarTail {
    tail: Probability,
    tied: Probability,
}

/// Probabilities of consecutive outcomes in a tilted distribution.
struct Window {
    first: u64,
    probabilities: Vec<f64>,
    /// Sum over strata of ln P(mode) + ln(sum of weights relative to the mode).
    ln_scale: Double,
    /// Sum of the strata's modes.
    centres: u64,
}

impl Window {
    /// Nobody, for certain.
    fn certain() -> Self {
        Self { first: 0, probabilities: vec![1.0], ln_scale: Double::from(0.0), centres: 0 }
    }

    /// One stratum.
    fn of(part: &Hypergeometric, theta: f64) -> Self {
        let tilted = part.tilted(theta);
        let ln_scale = part.ln_probability(tilted.centre) + Double::from(tilted.sum).ln();
        let mut probabilities = tilted.weights;
        probabilities.iter_mut().for_each(|weight| *weight /= tilted.sum);
        Self { first: tilted.first, probabilities, ln_scale, centres: tilted.centre }
    }

    /// The sum of two independent numbers.
    fn plus(self, other: &Self) -> Self {
        let (long, short) = if self.probabilities.len() >= other.probabilities.len() {
            (&self.probabilities, &other.probabilities)
        } else {
            (&other.probabilities, &self.probabilities)
        };
        let mut product = vec![0.0; long.len() + short.len() - 1];
        for (i, weight) in short.iter().enumerate() {
            for (into, p) in product.iter_mut().skip(i).zip(long) {
                *into += weight * p;
            }
        }
        let limit = product.iter().copied().fold(0.0, f64::max) * NEGLIGIBLE;
        let start = product.iter().position(|p| *p > limit).unwrap_or(0);
        let end = product.iter().rposition(|p| *p > limit).map_or(0, |last| last + 1);
        product.truncate(end.max(1));
        product.drain(..start.min(product.len() - 1));
        Self {
            first: self.first + other.first + start as u64,
            probabilities: product,
            ln_scale: self.ln_scale + other.ln_scale,
            centres: self.centres + other.centres,
        }
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, f64)> {
        self.probabilities.iter().enumerate().map(|(i, p)| (self.first + i as u64, *p))
    }

    fn at(&self, k: u64) -> f64 {
        let index = k.checked_sub(self.first).and_then(|i| usize::try_from(i).ok());
        index.and_then(|i| self.probabilities.get(i)).copied().unwrap_or(0.0)
    }

    fn mean(&self) -> f64 {
        self.iter().map(|(k, p)| k as f64 * p).collect::<Sum>().value()
    }

    fn at_most(&self, k: u64) -> f64 {
        self.iter().take_while(|(at, _)| *at <= k).map(|(_, p)| p).collect::<Sum>().value()
    }

    fn at_least(&self, k: u64) -> f64 {
        self.iter().rev().take_while(|(at, _)| *at >= k).map(|(_, p)| p).collect::<Sum>().value()
    }

    /// What turns a tilted probability at `k` into an untilted one, as a logarithm.
    fn ln_front(&self, theta: f64, k: u64) -> f64 {
        self.ln_scale.value() + theta * (self.centres as f64 - k as f64)
    }
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
    fn the_large_sample_form_takes_over_where_it_agrees_with_the_exact_one() {
        for selected in [12, 13, 14] {
            let mut strata = vec![Table::new((15, 50), (60, 200)).unwrap(); 400];
            strata.extend(vec![Table::new((selected, 50), (60, 200)).unwrap(); 100]);
            let large = test_or_large_sample(&strata).unwrap();
            let exact = test(&strata).unwrap();
            assert!(!large.is_exact);
            let miss = (large.mid_two_sided.ln_p - exact.mid_two_sided.ln_p).abs();
            assert!(miss < 0.02, "{large:?} {exact:?}");
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
