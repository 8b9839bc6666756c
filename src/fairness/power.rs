//! What could have been seen: the power of a comparison, and the smallest gap it would usually find.
//! Looks forward from sizes and a rate; never at the observed gap.

use super::Table;
use super::fisher;
use super::numeric::double::Double;
use super::numeric::gamma::ln_choose;
use super::numeric::{Sum, normal, roots};

/// A rate of group 1 so low that it stands for nobody being selected.
const ALMOST_NONE: f64 = 1e-30;
/// A ratio so near to 1 that no comparison finds it, and still far enough for a comparator of whom all are selected,
/// where nearer ones have no variance left.
const ALMOST_ONE: f64 = 1.0 - 1e-12;

/// Power of the two-sided normal test of two rates with pooled null variance, both tails:
/// Phi((d - z s0)/s1) + Phi((-d - z s0)/s1).
pub fn normal_power(totals: (f64, f64), rates: (f64, f64), alpha: f64) -> f64 {
    Terms::of(&[(totals.0, totals.1, rates.1)]).power(rates.0 / rates.1, critical(alpha))
}

/// The smallest gap that a comparison finds with the wanted power: the rate of group 1 below the reference's, and the
/// ratio of the two. `None` when even nobody selected would usually be missed.
pub fn smallest_detectable(
    totals: (u64, u64),
    rate_2: f64,
    alpha: f64,
    power: f64,
) -> Option<(f64, f64)> {
    let strata = [(totals.0 as f64, totals.1 as f64, rate_2)];
    smallest_ratio(&strata, alpha, power).map(|ratio| (ratio * rate_2, ratio))
}

/// [`smallest_detectable`] over strata: each keeps its sizes and the comparator's rate, and all share one ratio.
pub fn smallest_detectable_ratio(tables: &[Table], alpha: f64, power: f64) -> Option<f64> {
    let strata: Vec<(f64, f64, f64)> = tables
        .iter()
        .filter(|table| table.has_both_groups())
        .filter_map(|t| t.rate_2().map(|rate| (t.total_1 as f64, t.total_2 as f64, rate)))
        .collect();
    smallest_ratio(&strata, alpha, power)
}

fn smallest_ratio(strata: &[(f64, f64, f64)], alpha: f64, power: f64) -> Option<f64> {
    let (z, terms) = (critical(alpha), Terms::of(strata));
    let miss = |ratio: f64| terms.power(ratio, z) - power;
    let at_none = miss(ALMOST_NONE);
    if at_none.is_nan() || at_none < 0.0 {
        return None;
    }
    // With one tail, the gap is where distance is z standard deviations of either kind; from there it is polished.
    let z_power = normal::critical(2.0 * power - 1.0);
    let step = |ratio: f64| 1.0 - terms.gap(ratio, z, z_power);
    let start = step(step(step(1.0)));
    let near = step(start);
    if power > 0.5 && [start, near].iter().all(|ratio| (0.01..0.999).contains(ratio)) {
        let known = [(start, miss(start)), (near, miss(near))];
        let found = roots::polish(known, miss).filter(|r| (ALMOST_NONE..=ALMOST_ONE).contains(r));
        if found.is_some() {
            return found;
        }
    }
    Some(roots::solve(ALMOST_NONE, ALMOST_ONE, 1e-16, miss))
}

/// The sums over strata (n1, n2, p2) from which the power of the Mantel-Haenszel weighted difference follows when every
/// stratum's rate in group 1 is r times that in group 2; with one stratum it is the usual formula.
///
/// With weights w = n1 n2 / N, f = n1 / N, h = n2 / N, q = 1 - p and g = 1 - r, the pooled rate is p (h + f r) and its
/// rest q + p f g, so distance and variances are polynomials in r and g with positive terms: no size of ratio costs
/// another look at the strata, and none cancels.
struct Terms {
    /// sum w p.
    distance: f64,
    /// sum w p h q, sum w p^2 h f, sum w p f q, sum w p^2 f^2.
    null: [f64; 4],
    /// sum w^2 p q / n1, sum w^2 p^2 / n1, sum w^2 p q / n2.
    actual: [f64; 3],
}

impl Terms {
    fn of(strata: &[(f64, f64, f64)]) -> Self {
        let mut sums = [Sum::default(); 8];
        for (n1, n2, p) in strata {
            let (n, q) = (n1 + n2, 1.0 - p);
            let (w, f, h) = (n1 * n2 / n, n1 / n, n2 / n);
            let terms = [
                w * p,
                w * p * h * q,
                w * p * p * h * f,
                w * p * f * q,
                w * p * p * f * f,
                w * w * p * q / n1,
                w * w * p * p / n1,
                w * w * p * q / n2,
            ];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term));
        }
        let [distance, a, b, c, d, e, f, g] = sums.map(Sum::value);
        Self { distance, null: [a, b, c, d], actual: [e, f, g] }
    }

    /// One less the ratio at which the distance is `z` standard deviations without a gap and `z_power` with that of a
    /// given ratio.
    fn gap(&self, ratio: f64, z: f64, z_power: f64) -> f64 {
        let (null, actual) = self.deviations(ratio);
        (z * null + z_power * actual) / self.distance
    }

    /// Standard deviations of the difference without a gap and with one.
    fn deviations(&self, ratio: f64) -> (f64, f64) {
        let (r, g) = (ratio, 1.0 - ratio);
        let [hq, hf, fq, ff] = self.null;
        let [first, steeper, second] = self.actual;
        let null = (hq + hf * g + fq * r + ff * r * g).sqrt();
        (null, (r * (first + steeper * g) + second).sqrt())
    }

    fn power(&self, ratio: f64, z: f64) -> f64 {
        let distance = ((1.0 - ratio) * self.distance).abs();
        let (null, actual) = self.deviations(ratio);
        normal::cumulative((distance - z * null) / actual)
            + normal::cumulative((-distance - z * null) / actual)
    }
}

fn critical(alpha: f64) -> f64 {
    normal::critical(1.0 - alpha)
}

/// Exact power of the two-sided Fisher test: the probability, under two binomials, of the tables whose p is at most
/// `alpha`. For tables small enough to list.
pub fn fisher_power(totals: (u64, u64), rates: (f64, f64), alpha: f64) -> f64 {
    let first = binomial(totals.0, rates.0);
    let second = binomial(totals.1, rates.1);
    let mut power = Sum::default();
    for (x, px) in first.iter().enumerate() {
        for (y, py) in second.iter().enumerate() {
            let chance = px * py;
            // Tables too unlikely to change the ninth digit need no test.
            if chance < 1e-18 {
                continue;
            }
            let table = Table {
                selected_1: x as u64,
                total_1: totals.0,
                selected_2: y as u64,
                total_2: totals.1,
            };
            if fisher::test(&table).two_sided.p <= alpha {
                power.add(chance);
            }
        }
    }
    power.value()
}

/// The binomial probabilities of 0 to n.
fn binomial(n: u64, p: f64) -> Vec<f64> {
    let (ln_p, ln_q) = (Double::from(p).ln(), Double::one_minus(p).ln());
    (0..=n)
        .map(|x| match (p, x) {
            (0.0, 0) => 1.0,
            (0.0, _) => 0.0,
            (1.0, x) => f64::from(u8::from(x == n)),
            _ => (ln_choose(n, x) + ln_p * x as f64 + ln_q * (n - x) as f64).exp(),
        })
        .collect()
}
