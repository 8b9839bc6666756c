//! Rates of small groups, drawn towards what all groups suggest: the beta-binomial model. For looking at many small or
//! intersecting groups at once; it tests nothing.

use serde::Serialize;

use super::numeric::gamma::{digamma_rise, ln_gamma};
use super::numeric::{Sum, beta, roots};
use super::rates::Interval;

/// Beyond this logarithm of the precision the groups show no variation of their own.
const NO_VARIATION: f64 = 9.0;

/// The beta distribution of rates among groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RateDistribution {
    /// First shape: selections.
    pub alpha: f64,
    /// Second shape: others.
    pub beta: f64,
}

/// What one group's rate is, given its counts and all groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Posterior {
    /// (alpha + x) / (alpha + beta + n).
    pub mean: f64,
    /// The middle 95 % of the posterior.
    pub interval: Interval,
}

impl RateDistribution {
    /// The rate of a group of which `selected` of `total` were selected.
    pub fn posterior(&self, selected: u64, total: u64) -> Posterior {
        let a = self.alpha + selected as f64;
        let b = self.beta + (total - selected) as f64;
        Posterior {
            mean: a / (a + b),
            interval: (beta::quantile(a, b, 0.025), beta::quantile(a, b, 0.975)),
        }
    }
}

/// The distribution of greatest likelihood for groups of (selected, total). `None` when the likelihood has no maximum
/// inside: the groups then vary no more than chance, and pooling them is the better estimate.
pub fn fit(groups: &[(u64, u64)]) -> Option<RateDistribution> {
    let selected: u64 = groups.iter().map(|group| group.0).sum();
    let total: u64 = groups.iter().map(|group| group.1).sum();
    if selected == 0 || selected >= total {
        return None;
    }
    // The best mean for each precision s = alpha + beta, then the best precision, on the logarithm.
    let profile = |ln_s: f64| {
        let s = ln_s.exp();
        let mean = best_mean(groups, s);
        (likelihood(groups, mean * s, (1.0 - mean) * s), mean)
    };
    let steps: Vec<f64> = (-24..=44).map(|k| f64::from(k) / 4.0).collect();
    let values: Vec<f64> = steps.iter().map(|ln_s| profile(*ln_s).0).collect();
    let best = (0..steps.len()).max_by(|i, j| values[*i].total_cmp(&values[*j]))?;
    let low = *steps.get(best.checked_sub(1)?)?;
    let high = *steps.get(best + 1)?;
    let ln_s = roots::solve(low, high, 1e-13, |ln_s| {
        let s = ln_s.exp();
        let mean = best_mean(groups, s);
        let (a, b) = slopes(groups, mean * s, (1.0 - mean) * s);
        mean * a + (1.0 - mean) * b
    });
    if ln_s > NO_VARIATION {
        return None;
    }
    let (s, (_, mean)) = (ln_s.exp(), profile(ln_s));
    Some(RateDistribution { alpha: mean * s, beta: (1.0 - mean) * s })
}

fn best_mean(groups: &[(u64, u64)], s: f64) -> f64 {
    let logit = roots::solve(-40.0, 40.0, 1e-15, |logit| {
        let mean = 1.0 / (1.0 + (-logit).exp());
        let (a, b) = slopes(groups, mean * s, (1.0 - mean) * s);
        a - b
    });
    1.0 / (1.0 + (-logit).exp())
}

/// sum ln B(alpha + x, beta + n - x) - ln B(alpha, beta).
fn likelihood(groups: &[(u64, u64)], alpha: f64, beta: f64) -> f64 {
    let ln_beta = |a: f64, b: f64| (ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)).value();
    let base = ln_beta(alpha, beta);
    let terms =
        groups.iter().map(|(x, n)| ln_beta(alpha + *x as f64, beta + (n - x) as f64) - base);
    terms.collect::<Sum>().value()
}

/// The slopes of the log-likelihood in alpha and in beta.
fn slopes(groups: &[(u64, u64)], alpha: f64, beta: f64) -> (f64, f64) {
    let (mut a, mut b) = (Sum::default(), Sum::default());
    for (x, n) in groups {
        let both = digamma_rise(alpha + beta, *n);
        a.add(digamma_rise(alpha, *x) - both);
        b.add(digamma_rise(beta, n - x) - both);
    }
    (a.value(), b.value())
}
