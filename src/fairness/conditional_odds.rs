//! The conditional maximum-likelihood odds ratio with exact limits, for one table or a common ratio over strata.
//! An effect for the record; verdicts use the rate ratio, because odds ratios do not average.

use serde::Serialize;

use super::Table;
use super::exact_stratified::Strata;
use super::numeric::roots;
use super::rates::Interval;

/// The largest logarithm of an odds ratio that is looked for.
const FAR: f64 = 60.0;

/// A conditional odds ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ConditionalOdds {
    /// The estimate; 0 or infinite at an end of the support, `None` when only one table is possible.
    pub estimate: Option<f64>,
    /// Exact limits, with half of what the confidence leaves in each tail.
    pub interval: Interval,
}

/// The odds ratio at which the conditional mean of the selections in group 1 equals the observed number
/// (Cornfield 1956; Gart 1970), and the ratios at which either tail holds half of what the confidence leaves.
pub fn estimate(tables: &[Table], confidence: f64) -> ConditionalOdds {
    let strata = Strata::of(tables);
    let observed = strata.observed();
    let (lowest, highest) = strata.support();
    if lowest == highest {
        return ConditionalOdds { estimate: None, interval: (0.0, f64::INFINITY) };
    }
    let tail = (1.0 - confidence) / 2.0;
    let estimate = if observed == lowest {
        0.0
    } else if observed == highest {
        f64::INFINITY
    } else {
        roots::bisect(-FAR, FAR, |theta| strata.mean_excess(theta)).exp()
    };
    let lower = if observed == lowest {
        0.0
    } else {
        roots::solve(-FAR, FAR, 1e-14, |t| log_or_far(strata.tails(t).1) - tail.ln()).exp()
    };
    let upper = if observed == highest {
        f64::INFINITY
    } else {
        roots::solve(-FAR, FAR, 1e-14, |t| log_or_far(strata.tails(t).0) - tail.ln()).exp()
    };
    ConditionalOdds { estimate: Some(estimate), interval: (lower, upper) }
}

/// The logarithm of a tail; a finite stand-in for an empty one, so that the secant rule has a slope.
fn log_or_far(tail: f64) -> f64 {
    if tail > 0.0 { tail.ln() } else { -800.0 }
}
