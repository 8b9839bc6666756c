//! Bringing organisations together: pooled log rate ratios, fixed and random effects, and how much the sites differ.
//! It needs one estimate and variance a site, never their tables.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::Table;
use super::association::ChiSquare;
use super::numeric::double::Double;
use super::numeric::{Sum, normal};
use super::rates::Interval;

/// A pooled ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pooled {
    /// Inverse-variance mean of the log ratios.
    pub fixed_ln_ratio: f64,
    /// Cochran's Q, on sites - 1 degrees of freedom.
    pub q: ChiSquare,
    /// Share of the variation beyond chance, in percent (Higgins and Thompson 2002).
    pub i2_percent: f64,
    /// Variance between sites (DerSimonian and Laird 1986).
    pub tau2: f64,
    /// Random-effects mean of the log ratios.
    pub random_ln_ratio: f64,
    /// Its standard error.
    pub random_error: f64,
    /// Interval of the ratio.
    pub random_interval: Interval,
    /// The standard error of Hartung and Knapp (2001) and of Sidik and Jonkman (2002).
    pub hksj_error: f64,
}

impl Pooled {
    /// Where the ratio of another site would lie: mean +- t sqrt(tau^2 + error^2), t on sites - 2 degrees of freedom
    /// (Higgins, Thompson and Spiegelhalter 2009). Needs three sites.
    pub fn prediction(&self, sites: usize, confidence: f64) -> Option<Interval> {
        let freedom = sites.checked_sub(2).filter(|freedom| *freedom > 0)? as f64;
        let t = StudentsT::new(0.0, 1.0, freedom).ok()?;
        let reach = t.inverse_cdf(f64::midpoint(1.0, confidence))
            * self.random_error.hypot(self.tau2.sqrt());
        Some(((self.random_ln_ratio - reach).exp(), (self.random_ln_ratio + reach).exp()))
    }
}

/// The log ratio of a site and its variance. Half a person is added to every cell of a site with an empty one.
pub fn site(table: &Table) -> Option<(f64, f64)> {
    if !table.has_both_groups() {
        return None;
    }
    let (mut a, mut n1) = (table.selected_1 as f64, table.total_1 as f64);
    let (mut c, mut n2) = (table.selected_2 as f64, table.total_2 as f64);
    if a == 0.0 || c == 0.0 || a == n1 || c == n2 {
        a += 0.5;
        c += 0.5;
        n1 += 1.0;
        n2 += 1.0;
    }
    let variance = (n1 - a) / (a * n1) + (n2 - c) / (c * n2);
    let ln_rate = |x: f64, n: f64| Double::quotient(x, n).ln();
    Some(((ln_rate(a, n1) - ln_rate(c, n2)).value(), variance))
}

/// Pools sites of (log ratio, variance); needs two.
pub fn pool(sites: &[(f64, f64)], confidence: f64) -> Option<Pooled> {
    if sites.len() < 2 {
        return None;
    }
    let freedom = sites.len() as f64 - 1.0;
    let (fixed, weight) = weighted_mean(sites, 0.0);
    let q: Sum = sites.iter().map(|(y, v)| (y - fixed).powi(2) / v).collect();
    let q = q.value();
    let tau2 = ((q - freedom) / spread_of_weights(sites, weight)).max(0.0);
    let (random, random_weight) = weighted_mean(sites, tau2);
    let error = 1.0 / random_weight.sqrt();
    let spread: Sum = sites.iter().map(|(y, v)| (y - random).powi(2) / (v + tau2)).collect();
    let z = normal::critical(confidence);
    Some(Pooled {
        fixed_ln_ratio: fixed,
        q: ChiSquare::new(q, sites.len() as u64 - 1),
        i2_percent: if q > 0.0 { ((q - freedom) / q).max(0.0) * 100.0 } else { 0.0 },
        tau2,
        random_ln_ratio: random,
        random_error: error,
        random_interval: ((random - z * error).exp(), (random + z * error).exp()),
        hksj_error: (spread.value() / (freedom * random_weight)).sqrt(),
    })
}

/// W - sum w^2 / W, as sum w (W - w) / W with W - w added up from the other weights: one site may weigh so much more than
/// all others that nothing would be left of the difference.
fn spread_of_weights(sites: &[(f64, f64)], weight: f64) -> f64 {
    let weights: Vec<f64> = sites.iter().map(|(_, v)| 1.0 / v).collect();
    let mut after: Sum = Sum::default();
    let mut later: Vec<f64> = Vec::with_capacity(weights.len());
    for weight in weights.iter().rev() {
        later.push(after.value());
        after.add(*weight);
    }
    let mut before = Sum::default();
    let mut spread = Sum::default();
    for (own, later) in weights.iter().zip(later.iter().rev()) {
        spread.add(own * (before.value() + later));
        before.add(*own);
    }
    spread.value() / weight
}

/// The inverse-variance mean, and the sum of the weights.
fn weighted_mean(sites: &[(f64, f64)], tau2: f64) -> (f64, f64) {
    let weight: Sum = sites.iter().map(|(_, v)| 1.0 / (v + tau2)).collect();
    let sum: Sum = sites.iter().map(|(y, v)| y / (v + tau2)).collect();
    (sum.value() / weight.value(), weight.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prediction_interval_is_wider_than_the_interval_of_the_mean_and_needs_three_sites() {
        // Three sites: t(0.975, 1) = 12.7062; two: none. tau^2 = 0 here, so the reach is t times the standard error.
        let sites = [(0.1, 0.04), (0.1, 0.04), (0.1, 0.04)];
        let pooled = pool(&sites, 0.95).unwrap();
        let (low, high) = pooled.prediction(3, 0.95).unwrap();
        let reach = 12.706_204_736_174_7 * (0.04_f64 / 3.0).sqrt();
        assert!(
            (low.ln() - (0.1 - reach)).abs() < 1e-9 && (high.ln() - (0.1 + reach)).abs() < 1e-9
        );
        assert_eq!(pooled.prediction(2, 0.95), None);
    }
}
