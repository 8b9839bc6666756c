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
    stratified_power(&[(totals.0, totals.1, rates.1)], rates.0 / rates.1, critical(alpha))
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
    let z = critical(alpha);
    let miss = |ratio: f64| stratified_power(strata, ratio, z) - power;
    let at_none = miss(ALMOST_NONE);
    if at_none.is_nan() || at_none < 0.0 {
        return None;
    }
    Some(roots::solve(ALMOST_NONE, ALMOST_ONE, 1e-16, miss))
}

/// Power of the Mantel-Haenszel weighted difference when every stratum's rate in group 1 is `ratio` times that in
/// group 2. Strata are (n1, n2, p2); with one stratum it is the usual formula.
fn stratified_power(strata: &[(f64, f64, f64)], ratio: f64, z: f64) -> f64 {
    let (mut distance, mut null, mut actual) = (Sum::default(), Sum::default(), Sum::default());
    for (n1, n2, p2) in strata {
        let p1 = ratio * p2;
        let weight = n1 * n2 / (n1 + n2);
        let pooled = (n1 * p1 + n2 * p2) / (n1 + n2);
        distance.add(weight * (p2 - p1));
        null.add(weight * weight * pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2));
        actual.add(weight * weight * (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2));
    }
    let (distance, null) = (distance.value().abs(), null.value().sqrt());
    let actual = actual.value().sqrt();
    normal::cumulative((distance - z * null) / actual)
        + normal::cumulative((-distance - z * null) / actual)
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
