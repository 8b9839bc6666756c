//! Intervals for the ratio of two rates: Katz, Koopman, Miettinen and Nurminen, and the score interval over strata.
//! Effects only; judges nothing.

use super::Table;
use super::numeric::{normal, roots};
use super::rates::Interval;

/// Limits of the logarithm of a ratio: beyond e^80 a limit is reported as it stands.
const FAR: f64 = 80.0;

/// Katz's interval on the log scale (Katz and others 1978): ln r +- z sqrt(1/a - 1/n1 + 1/c - 1/n2).
/// `None` when either group has nobody selected.
pub fn katz(table: &Table, confidence: f64) -> Option<Interval> {
    if table.selected_1 == 0 || table.selected_2 == 0 {
        return None;
    }
    let z = normal::critical(confidence);
    let ln_ratio = (table.rate_1()? / table.rate_2()?).ln();
    let part = |x: u64, n: u64| (n - x) as f64 / (x as f64 * n as f64);
    let error =
        (part(table.selected_1, table.total_1) + part(table.selected_2, table.total_2)).sqrt();
    Some(((ln_ratio - z * error).exp(), (ln_ratio + z * error).exp()))
}

/// Koopman's score interval (1984).
pub fn koopman(table: &Table, confidence: f64) -> Option<Interval> {
    score_interval(std::slice::from_ref(table), confidence, Variance::Plain)
}

/// Miettinen and Nurminen's score interval (1985): Koopman's with the variance times N / (N - 1).
pub fn miettinen_nurminen(table: &Table, confidence: f64) -> Option<Interval> {
    score_interval(std::slice::from_ref(table), confidence, Variance::Unbiased)
}

/// The score interval of a ratio that is common to all strata, with Mantel-Haenszel weights.
///
/// T(r) = sum w (p1 - r p2) / sqrt(sum w^2 V(r)), w = n1 n2 / N, V as Miettinen and Nurminen. T is zero at the
/// Mantel-Haenszel rate ratio; at r = 1 it is the Cochran-Mantel-Haenszel z, so the interval excludes 1 exactly when
/// that test rejects; with one stratum it is [`miettinen_nurminen`].
pub fn stratified(strata: &[Table], confidence: f64) -> Option<Interval> {
    score_interval(strata, confidence, Variance::Unbiased)
}

#[derive(Clone, Copy, PartialEq)]
enum Variance {
    Plain,
    Unbiased,
}

fn score_interval(strata: &[Table], confidence: f64, variance: Variance) -> Option<Interval> {
    let usable: Vec<&Table> = strata.iter().filter(|t| t.has_both_groups()).collect();
    if usable.is_empty() {
        return None;
    }
    let weighted = |pick: fn(&Table) -> f64| -> f64 {
        usable.iter().map(|t| pick(t) / t.people() as f64).sum()
    };
    let above = weighted(|t| t.selected_1 as f64 * t.total_2 as f64);
    let below = weighted(|t| t.selected_2 as f64 * t.total_1 as f64);
    if above == 0.0 && below == 0.0 {
        return Some((0.0, f64::INFINITY));
    }
    let z = normal::critical(confidence);
    let t = |ln_ratio: f64| score(&usable, ln_ratio.exp(), variance);
    let middle = (above / below).ln();
    let lower = if above == 0.0 {
        0.0
    } else {
        let top = if below == 0.0 { FAR } else { middle };
        roots::solve(-FAR, top, 1e-16, |l| t(l) - z).exp()
    };
    let upper = if below == 0.0 {
        f64::INFINITY
    } else {
        let bottom = if above == 0.0 { -FAR } else { middle };
        roots::solve(bottom, FAR, 1e-16, |l| t(l) + z).exp()
    };
    Some((lower, upper))
}

fn score(strata: &[&Table], ratio: f64, variance: Variance) -> f64 {
    let (mut distance, mut spread) = (0.0, 0.0);
    for table in strata {
        let (n1, n2) = (table.total_1 as f64, table.total_2 as f64);
        let n = n1 + n2;
        let weight = n1 * n2 / n;
        let (a, c) = (table.selected_1 as f64, table.selected_2 as f64);
        distance += weight * (a / n1 - ratio * c / n2);
        let (p1, p2) = constrained_rates(table, ratio);
        let plain = p1 * (1.0 - p1) / n1 + ratio * ratio * p2 * (1.0 - p2) / n2;
        let factor = if variance == Variance::Unbiased { n / (n - 1.0) } else { 1.0 };
        spread += weight * weight * plain * factor;
    }
    if spread <= 0.0 {
        return if distance == 0.0 { 0.0 } else { distance.signum() * f64::INFINITY };
    }
    distance / spread.sqrt()
}

/// The rates that maximise the likelihood under p1 = r p2: the smaller root of
/// N r p2^2 - (r (n1 + c) + n2 + a) p2 + (a + c) = 0.
///
/// Its discriminant equals (r (n1 + c) - (n2 + a))^2 + 4 r (n1 - a)(n2 - c), a sum of squares that cancels nothing.
fn constrained_rates(table: &Table, ratio: f64) -> (f64, f64) {
    let (a, n1) = (table.selected_1 as f64, table.total_1 as f64);
    let (c, n2) = (table.selected_2 as f64, table.total_2 as f64);
    let gap = ratio * (n1 + c) - (n2 + a);
    let root = (gap * gap + 4.0 * ratio * (n1 - a) * (n2 - c)).sqrt();
    let p2 = 2.0 * (a + c) / (ratio * (n1 + c) + n2 + a + root);
    ((ratio * p2).min(1.0), p2.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strata_narrow_the_interval_around_the_same_ratio() {
        let one = Table::new((20, 100), (40, 100)).unwrap();
        let alone = miettinen_nurminen(&one, 0.95).unwrap();
        let four = stratified(&[one; 4], 0.95).unwrap();
        assert!(alone.0 < four.0 && four.0 < 0.5 && 0.5 < four.1 && four.1 < alone.1);
    }
}
