//! Mantel-Haenszel summaries over strata - odds ratio, rate ratio, rate difference - and the
//! Cochran-Mantel-Haenszel test. Sums of stratum terms only, so that tallies can be added without being shown.

use serde::Serialize;

use super::Table;
use super::association::ChiSquare;
use super::numeric::{Sum, normal};
use super::rates::Interval;

/// Summaries over strata.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MantelHaenszel {
    /// Strata in which both groups have people and some but not all were selected.
    pub informative_strata: usize,
    /// sum(ad/N) / sum(bc/N).
    pub odds_ratio: Option<f64>,
    /// Robins, Breslow and Greenland's interval (1986).
    pub odds_ratio_interval: Option<Interval>,
    /// sum(a n2/N) / sum(c n1/N).
    pub rate_ratio: Option<f64>,
    /// Greenland and Robins' interval (1985).
    pub rate_ratio_interval: Option<Interval>,
    /// sum((a n2 - c n1)/N) / sum(n1 n2/N).
    pub rate_difference: f64,
    /// Sato's interval (1989).
    pub rate_difference_interval: Interval,
    /// Cochran-Mantel-Haenszel without continuity correction.
    pub cmh: ChiSquare,
    /// With half a person of correction, where the numerator is at least that.
    pub cmh_continuity: ChiSquare,
    /// The signed root of `cmh`.
    pub z: f64,
}

/// Summaries of strata; `None` when none is informative.
pub fn summarise(tables: &[Table], confidence: f64) -> Option<MantelHaenszel> {
    let informative: Vec<&Table> = tables.iter().filter(|t| t.is_informative()).collect();
    if informative.is_empty() {
        return None;
    }
    let z = normal::critical(confidence);
    let odds = OddsTerms::of(&informative);
    let (excess, variance) = excess_and_variance(&informative);
    let corrected = if excess.abs() >= 0.5 { excess.abs() - 0.5 } else { excess.abs() };
    let (rate_ratio, rate_ratio_interval) = rate_ratio(tables, z);
    let (rate_difference, rate_difference_interval) = rate_difference(tables, z);
    Some(MantelHaenszel {
        informative_strata: informative.len(),
        odds_ratio: odds.ratio(),
        odds_ratio_interval: odds.interval(z),
        rate_ratio,
        rate_ratio_interval,
        rate_difference,
        rate_difference_interval,
        cmh: ChiSquare::new(excess * excess / variance, 1),
        cmh_continuity: ChiSquare::new(corrected * corrected / variance, 1),
        z: excess / variance.sqrt(),
    })
}

/// The Mantel-Haenszel odds ratio alone; `None` when no stratum is informative, infinite when sum(bc/N) is 0.
pub fn odds_ratio_of(informative: &[&Table]) -> Option<f64> {
    OddsTerms::of(informative).ratio()
}

/// sum(a - E) and sum(V): E = n1 K/N, V = n1 n2 K (N-K) / (N^2 (N-1)). Additive over vacancies and organisations.
pub fn excess_and_variance(informative: &[&Table]) -> (f64, f64) {
    let (mut excess, mut variance) = (Sum::default(), Sum::default());
    for table in informative {
        let (n1, n2) = (table.total_1 as f64, table.total_2 as f64);
        let (n, k) = (n1 + n2, table.selected() as f64);
        // a - n1 K/N = (a n2 - c n1)/N, in whole numbers before the division.
        let cross = i128::from(table.selected_1) * i128::from(table.total_2)
            - i128::from(table.selected_2) * i128::from(table.total_1);
        excess.add(cross as f64 / n);
        variance.add(n1 * n2 / n * (k * (n - k) / n) / (n - 1.0));
    }
    (excess.value(), variance.value())
}

/// The Mantel-Haenszel rate ratio alone: sum(a n2/N) / sum(c n1/N), over strata where both groups have people.
/// Infinite when only group 1 has anybody selected; `None` when nobody is.
pub fn rate_ratio_of(tables: &[Table]) -> Option<f64> {
    let (above, below) = rate_ratio_terms(tables);
    if below > 0.0 { Some(above / below) } else { (above > 0.0).then_some(f64::INFINITY) }
}

fn rate_ratio_terms(tables: &[Table]) -> (f64, f64) {
    let (mut above, mut below) = (Sum::default(), Sum::default());
    for table in tables.iter().filter(|t| t.has_both_groups()) {
        let n = table.people() as f64;
        above.add(table.selected_1 as f64 * table.total_2 as f64 / n);
        below.add(table.selected_2 as f64 * table.total_1 as f64 / n);
    }
    (above.value(), below.value())
}

fn rate_ratio(tables: &[Table], z: f64) -> (Option<f64>, Option<Interval>) {
    let (above, below) = rate_ratio_terms(tables);
    if below == 0.0 {
        return (None, None);
    }
    if above == 0.0 {
        return (Some(0.0), None);
    }
    let variance: Sum = tables
        .iter()
        .filter(|t| t.has_both_groups())
        .map(|t| {
            let (a, n1) = (t.selected_1 as f64, t.total_1 as f64);
            let (c, n2) = (t.selected_2 as f64, t.total_2 as f64);
            let n = n1 + n2;
            // (n1 n2 (a + c) - a c N) / N^2.
            (a * n2 * (n1 - c) + c * n1 * n2 - a * c * n1) / (n * n)
        })
        .collect();
    let error = (variance.value() / (above * below)).sqrt();
    let ln_ratio = (above / below).ln();
    (Some(above / below), Some(((ln_ratio - z * error).exp(), (ln_ratio + z * error).exp())))
}

fn rate_difference(tables: &[Table], z: f64) -> (f64, Interval) {
    let mut sums = [Sum::default(); 4];
    for table in tables.iter().filter(|t| t.has_both_groups()) {
        let (a, n1) = (table.selected_1 as f64, table.total_1 as f64);
        let (c, n2) = (table.selected_2 as f64, table.total_2 as f64);
        let n = n1 + n2;
        let p = (n1 * n1 * c - n2 * n2 * a + n1 * n2 * (n2 - n1) / 2.0) / (n * n);
        let q = (a * (n2 - c) + c * (n1 - a)) / (2.0 * n);
        for (sum, term) in sums.iter_mut().zip([(a * n2 - c * n1) / n, n1 * n2 / n, p, q]) {
            sum.add(term);
        }
    }
    let [numerator, weight, p, q] = sums.map(Sum::value);
    let difference = numerator / weight;
    let error = ((difference * p + q) / (weight * weight)).sqrt();
    (difference, (difference - z * error, difference + z * error))
}

struct OddsTerms {
    r: f64,
    s: f64,
    pr: f64,
    cross: f64,
    qs: f64,
}

impl OddsTerms {
    fn of(informative: &[&Table]) -> Self {
        let mut sums = [Sum::default(); 5];
        for table in informative {
            let (a, n1) = (table.selected_1 as f64, table.total_1 as f64);
            let (c, n2) = (table.selected_2 as f64, table.total_2 as f64);
            let (b, d, n) = (n1 - a, n2 - c, n1 + n2);
            let (p, q, r, s) = ((a + d) / n, (b + c) / n, a * d / n, b * c / n);
            for (sum, term) in sums.iter_mut().zip([r, s, p * r, p * s + q * r, q * s]) {
                sum.add(term);
            }
        }
        let [r, s, pr, cross, qs] = sums.map(Sum::value);
        Self { r, s, pr, cross, qs }
    }

    fn ratio(&self) -> Option<f64> {
        if self.s > 0.0 { Some(self.r / self.s) } else { (self.r > 0.0).then_some(f64::INFINITY) }
    }

    fn interval(&self, z: f64) -> Option<Interval> {
        if self.r == 0.0 || self.s == 0.0 {
            return None;
        }
        let variance = self.pr / (2.0 * self.r * self.r)
            + self.cross / (2.0 * self.r * self.s)
            + self.qs / (2.0 * self.s * self.s);
        let (ln_ratio, error) = ((self.r / self.s).ln(), variance.sqrt());
        Some(((ln_ratio - z * error).exp(), (ln_ratio + z * error).exp()))
    }
}
