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
    let psi = mantel_haenszel::odds_ratio_of(&informative)?;
    if informative.len() < 2 || psi <= 0.0 || !psi.is_finite() {
        return None;
    }
    let (mut sum, mut excess, mut variance) = (Sum::default(), Sum::default(), Sum::default());
    for table in &informative {
        let (miss, v) = fitted(table, psi);
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

/// a - A and V of a stratum under the common odds ratio.
///
/// The smallest fitted cell is a root of its own, the table seen from that cell, and the others follow from it and the
/// margins, so that no small number is a difference of large ones. Every cell misses by the same number; the smallest
/// one keeps its digits.
fn fitted(table: &Table, psi: f64) -> (f64, f64) {
    let (n1, n2) = (table.total_1 as f64, table.total_2 as f64);
    let (a, c) = (table.selected_1 as f64, table.selected_2 as f64);
    let (k, n) = (a + c, n1 + n2);
    let rough = fitted_count(n1, k, n, psi);
    let cells = [rough, n1 - rough, k - rough, n2 - k + rough];
    let smallest = (0..cells.len()).min_by(|one, two| cells[*one].total_cmp(&cells[*two]));
    // What was observed there, the margins seen from it, and whether more than fitted means more selected in group 1.
    let (observed, row, column, psi, sign) = match smallest {
        Some(1) => (n1 - a, n1, n - k, 1.0 / psi, -1.0),
        Some(2) => (c, n2, k, 1.0 / psi, -1.0),
        Some(3) => (n2 - c, n2, n - k, psi, 1.0),
        _ => (a, n1, k, psi, 1.0),
    };
    let least = if smallest == Some(0) { rough } else { fitted_count(row, column, n, psi) };
    let rest = (n - row) - (column - least);
    let v = 1.0 / (1.0 / least + 1.0 / (row - least) + 1.0 / (column - least) + 1.0 / rest);
    (sign * (observed - least), v)
}

/// The root in (max(0, row + column - N), min(row, column)) of
/// psi (row - x)(column - x) = x (N - row - column + x).
///
/// The discriminant is written as a sum of positive terms, and the root in whichever form subtracts nothing.
fn fitted_count(row: f64, column: f64, n: f64, psi: f64) -> f64 {
    if psi == 1.0 {
        return row * column / n;
    }
    let rest = n - row - column;
    let middle = psi * (row + column) + rest;
    let difference = psi * (row - column);
    let crossed = row * (n - row) + column * (n - column);
    let root = (difference * difference + rest * rest + 2.0 * psi * crossed).sqrt();
    if middle >= 0.0 {
        2.0 * psi * row * column / (middle + root)
    } else {
        (root - middle) / (2.0 * (1.0 - psi))
    }
}
