//! Whether strata agree on one odds ratio: Breslow and Day's test with Tarone's correction. A warning, not a verdict.

use serde::Serialize;

use super::Table;
use super::association::ChiSquare;
use super::mantel_haenszel;
use super::numeric::Sum;

/// The test of one common odds ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Homogeneity {
    /// Breslow and Day (1980).
    pub breslow_day: ChiSquare,
    /// With Tarone's correction (1985).
    pub tarone: ChiSquare,
}

/// sum (a - A)^2 / V, with A the count that the common odds ratio gives under the stratum's margins and
/// V = 1 / (1/A + 1/(K - A) + 1/(n1 - A) + 1/(N - n1 - K + A)). Needs two informative strata and a finite ratio.
pub fn test(tables: &[Table]) -> Option<Homogeneity> {
    let informative: Vec<&Table> = tables.iter().filter(|t| t.is_informative()).collect();
    let psi = mantel_haenszel::summarise(tables, 0.95)?.odds_ratio?;
    if informative.len() < 2 || psi <= 0.0 || !psi.is_finite() {
        return None;
    }
    let (mut sum, mut excess, mut variance) = (Sum::default(), Sum::default(), Sum::default());
    for table in &informative {
        let (n1, k) = (table.total_1 as f64, table.selected() as f64);
        let n = table.people() as f64;
        let fitted = fitted_count(n1, k, n, psi);
        let v = 1.0
            / (1.0 / fitted
                + 1.0 / (k - fitted)
                + 1.0 / (n1 - fitted)
                + 1.0 / (n - n1 - k + fitted));
        let miss = table.selected_1 as f64 - fitted;
        sum.add(miss * miss / v);
        excess.add(miss);
        variance.add(v);
    }
    let degrees = informative.len() as u64 - 1;
    let correction = excess.value().powi(2) / variance.value();
    Some(Homogeneity {
        breslow_day: ChiSquare::new(sum.value(), degrees),
        tarone: ChiSquare::new(sum.value() - correction, degrees),
    })
}

/// The root in (max(0, n1 + K - N), min(n1, K)) of psi (n1 - x)(K - x) = x (N - n1 - K + x).
fn fitted_count(n1: f64, k: f64, n: f64, psi: f64) -> f64 {
    if psi == 1.0 {
        return n1 * k / n;
    }
    let a = psi - 1.0;
    let b = -(psi * (n1 + k) + (n - n1 - k));
    let c = psi * n1 * k;
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    // b is negative: this form of the smaller root cancels nothing.
    2.0 * c / (-b + root)
}
