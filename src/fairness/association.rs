//! Large-sample tests of one table: Pearson, N - 1, Yates, the likelihood ratio G, and z with pooled variance.
//! Small tables belong to `fisher`.

use serde::Serialize;

use super::Table;
use super::numeric::{Probability, Sum, chi_square};

/// A chi-square statistic and its p-value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChiSquare {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub degrees: u64,
    /// Its upper tail.
    pub p: Probability,
}

impl ChiSquare {
    /// A statistic with its degrees of freedom.
    pub fn new(statistic: f64, degrees: u64) -> Self {
        Self { statistic, degrees, p: chi_square::upper_tail(statistic, degrees) }
    }
}

/// The large-sample tests of one table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Association {
    /// N (ad - bc)^2 / (n1 n2 K (N - K)).
    pub pearson: ChiSquare,
    /// Pearson's times (N - 1) / N (Campbell 2007).
    pub n_minus_1: ChiSquare,
    /// With |ad - bc| less N/2, not below 0.
    pub yates: ChiSquare,
    /// 2 sum O ln(O / E).
    pub g: ChiSquare,
    /// The signed root of Pearson's.
    pub z: f64,
}

/// The tests, or `None` when everybody or nobody was selected or a group is empty.
pub fn tests(table: &Table) -> Option<Association> {
    if !table.is_informative() {
        return None;
    }
    let wide = |x: u64| i128::from(x);
    let (a, b) = (wide(table.selected_1), wide(table.total_1 - table.selected_1));
    let (c, d) = (wide(table.selected_2), wide(table.total_2 - table.selected_2));
    let n = table.people() as f64;
    let selected = table.selected() as f64;
    let determinant = (a * d - b * c) as f64;
    let margins = (table.total_1 as f64 * table.total_2 as f64) * (selected * (n - selected));
    let pearson = determinant / margins * determinant * n;
    let corrected = (determinant.abs() - n / 2.0).max(0.0);
    Some(Association {
        pearson: ChiSquare::new(pearson, 1),
        n_minus_1: ChiSquare::new(pearson * (n - 1.0) / n, 1),
        yates: ChiSquare::new(corrected / margins * corrected * n, 1),
        g: ChiSquare::new(g_statistic(table, determinant), 1),
        z: determinant.signum() * pearson.sqrt(),
    })
}

/// 2 sum O ln(O / E). Written with O - E = +-(ad - bc) / N, so that nearly equal rates do not cancel:
/// sum O ln(O/E) = sum (O - E) + sum E ((1 + u) ln(1 + u) - u) with u = (O - E) / E, and sum (O - E) = 0.
fn g_statistic(table: &Table, determinant: f64) -> f64 {
    let n = table.people() as f64;
    let selected = table.selected() as f64;
    let excess = determinant / n;
    let cells = [
        (table.selected_1, table.total_1, selected, excess),
        (table.total_1 - table.selected_1, table.total_1, n - selected, -excess),
        (table.selected_2, table.total_2, selected, -excess),
        (table.total_2 - table.selected_2, table.total_2, n - selected, excess),
    ];
    let sum: Sum = cells
        .into_iter()
        .map(|(observed, row, column, excess)| {
            let expected = row as f64 * column / n;
            if observed == 0 { expected } else { expected * deviance(excess / expected) }
        })
        .collect();
    2.0 * sum.value()
}

/// (1 + u) ln(1 + u) - u; a series for small u, where the difference would lose its digits.
pub(super) fn deviance(u: f64) -> f64 {
    if u.abs() > 0.05 {
        return (1.0 + u) * u.ln_1p() - u;
    }
    // sum over k >= 2 of (-u)^k / (k (k - 1)).
    let (mut power, mut sum) = (u * u, 0.0);
    for k in 2..40 {
        let k = f64::from(k);
        sum += power / (k * (k - 1.0));
        power *= -u;
        if power.abs() < 1e-18 * u * u {
            break;
        }
    }
    sum
}
