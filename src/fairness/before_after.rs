//! Whether a gap changed: difference in differences of two groups before and after. It shows a change, not its cause.

use serde::Serialize;

use super::numeric::double::Double;
use super::numeric::{Probability, Sum, chi_square, normal};
use super::rates::Interval;

/// Selected and total.
pub type Count = (u64, u64);

/// The change of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// (after 1 - after 2) - (before 1 - before 2), as rates.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its Wald interval.
    pub interval: Interval,
    /// Two-sided; `None` without spread.
    pub p: Option<Probability>,
    /// The ratio after over the ratio before; `None` when a group had nobody selected.
    pub ratio: Option<RatioChange>,
}

/// The change of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioChange {
    /// The ratio after over the ratio before.
    pub ratio: f64,
    /// Its interval on the log scale.
    pub interval: Interval,
    /// Two-sided; `None` without spread.
    pub p: Option<Probability>,
}

/// The change between two periods, groups in the order focal, comparator. `None` when a group is empty.
pub fn change(before: [Count; 2], after: [Count; 2], confidence: f64) -> Option<Change> {
    let cells = [before[0], before[1], after[0], after[1]];
    if cells.iter().any(|(selected, total)| *total == 0 || selected > total) {
        return None;
    }
    let z = normal::critical(confidence);
    // To twice the digits: where almost everybody is selected, the change is far smaller than the rates.
    let rates = cells.map(|(x, n)| Double::quotient(x as f64, n as f64));
    let [b1, b2, a1, a2] = rates;
    let difference = ((a1 - a2) - (b1 - b2)).value();
    let variance: Sum =
        cells.iter().map(|(x, n)| *x as f64 * (n - x) as f64 / (*n as f64).powi(3)).collect();
    let error = variance.value().sqrt();
    let tails = |effect: f64, error: f64| {
        (error > 0.0).then(|| chi_square::upper_tail((effect / error).powi(2), 1))
    };
    let ratio = cells.iter().all(|(x, _)| *x > 0).then(|| {
        let [b1, b2, a1, a2] = rates.map(Double::ln);
        let ln = ((a1 - a2) - (b1 - b2)).value();
        let variance: Sum =
            cells.iter().map(|(x, n)| (n - x) as f64 / (*x as f64 * *n as f64)).collect();
        let error = variance.value().sqrt();
        RatioChange {
            ratio: ln.exp(),
            interval: ((ln - z * error).exp(), (ln + z * error).exp()),
            p: tails(ln, error),
        }
    });
    Some(Change {
        difference,
        standard_error: error,
        interval: (difference - z * error, difference + z * error),
        p: tails(difference, error),
        ratio,
    })
}
