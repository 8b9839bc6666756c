//! Whether markers agree: intraclass correlations, Krippendorff's alpha, and how severe each marker is. Ratings only;
//! it does not know who was rated.

use serde::Serialize;

use super::numeric::{Sum, beta};

/// A part of the variation below this share of the whole is rounding.
const ROUNDING: f64 = 1e-24;

/// Agreement of markers who all rated everybody.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// ICC(1), one marker: subjects rated by different markers.
    pub icc_1_1: f64,
    /// ICC(1), mean of the markers.
    pub icc_1_k: f64,
    /// ICC(A), one marker: absolute agreement.
    pub icc_a_1: f64,
    /// ICC(A), mean of the markers.
    pub icc_a_k: f64,
    /// ICC(C), one marker: consistency.
    pub icc_c_1: f64,
    /// ICC(C), mean of the markers.
    pub icc_c_k: f64,
    /// Each marker's mean less the mean of all.
    pub severity: Vec<f64>,
    /// F test of equal severity, and its p; `None` when markers differ by constants only.
    pub severity_test: Option<(f64, f64)>,
}

/// How far apart two ratings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Names: equal or not.
    Nominal,
    /// Ranks.
    Ordinal,
    /// Numbers.
    Interval,
}

/// Agreement from a two-way analysis of variance (Shrout and Fleiss 1979; McGraw and Wong 1996). Rows are subjects,
/// columns markers. `None` when a rating is missing, or there are fewer than two of either.
pub fn agreement(ratings: &[Vec<Option<f64>>]) -> Option<Agreement> {
    let full: Vec<Vec<f64>> =
        ratings.iter().map(|row| row.iter().copied().collect()).collect::<Option<_>>()?;
    let (n, k) = (full.len(), full.first()?.len());
    if n < 2 || k < 2 || full.iter().any(|row| row.len() != k) {
        return None;
    }
    let (subjects, markers) = (n as f64, k as f64);
    let mean =
        |values: &mut dyn Iterator<Item = f64>, count: f64| values.collect::<Sum>().value() / count;
    let grand = mean(&mut full.iter().flatten().copied(), subjects * markers);
    let rows: Vec<f64> = full.iter().map(|row| mean(&mut row.iter().copied(), markers)).collect();
    let columns: Vec<f64> =
        (0..k).map(|j| mean(&mut full.iter().map(|row| row[j]), subjects)).collect();
    let square = |value: f64| value * value;
    let ss_rows = markers * rows.iter().map(|m| square(m - grand)).collect::<Sum>().value();
    let ss_columns = subjects * columns.iter().map(|m| square(m - grand)).collect::<Sum>().value();
    let ss_total: Sum = full.iter().flatten().map(|v| square(v - grand)).collect();
    let ss_error: Sum = full
        .iter()
        .zip(&rows)
        .flat_map(|(row, mean)| {
            let cells = row.iter().zip(&columns);
            cells.map(move |(v, column)| square(v - mean - column + grand))
        })
        .collect();
    let exact = |ss: f64| if ss < ROUNDING * ss_total.value() { 0.0 } else { ss };
    let (ss_error, ss_columns) = (exact(ss_error.value()), exact(ss_columns));
    let msr = exact(ss_rows) / (subjects - 1.0);
    let msc = ss_columns / (markers - 1.0);
    let mse = ss_error / ((subjects - 1.0) * (markers - 1.0));
    let msw = (ss_error + ss_columns) / (subjects * (markers - 1.0));
    Some(Agreement {
        icc_1_1: (msr - msw) / (msr + (markers - 1.0) * msw),
        icc_1_k: (msr - msw) / msr,
        icc_a_1: (msr - mse) / (msr + (markers - 1.0) * mse + markers / subjects * (msc - mse)),
        icc_a_k: (msr - mse) / (msr + (msc - mse) / subjects),
        icc_c_1: (msr - mse) / (msr + (markers - 1.0) * mse),
        icc_c_k: (msr - mse) / msr,
        severity: columns.iter().map(|m| m - grand).collect(),
        severity_test: (mse > 0.0).then(|| {
            let f = msc / mse;
            let (d1, d2) = (markers - 1.0, (subjects - 1.0) * (markers - 1.0));
            let scale = d2 + d1 * f;
            (f, beta::regularised(d2 / 2.0, d1 / 2.0, d2 / scale, d1 * f / scale).p)
        }),
    })
}

/// Krippendorff's alpha (2004), missing ratings allowed: 1 less observed over expected disagreement. `None` when all
/// ratings that can be paired are equal.
pub fn krippendorff(ratings: &[Vec<Option<f64>>], scale: Scale) -> Option<f64> {
    let mut values: Vec<f64> = ratings.iter().flatten().flatten().copied().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let m = values.len();
    let place = |value: f64| values.iter().position(|known| *known == value).unwrap_or(0);
    let mut pairs = vec![vec![0.0; m]; m];
    for row in ratings {
        let given: Vec<usize> = row.iter().flatten().map(|value| place(*value)).collect();
        for (i, a) in given.iter().enumerate() {
            for (j, b) in given.iter().enumerate() {
                if i != j {
                    pairs[*a][*b] += 1.0 / (given.len() as f64 - 1.0);
                }
            }
        }
    }
    let counts: Vec<f64> = pairs.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = counts.iter().sum();
    let apart = |a: usize, b: usize| -> f64 {
        match scale {
            Scale::Nominal => f64::from(u8::from(a != b)),
            Scale::Interval => (values[a] - values[b]).powi(2),
            Scale::Ordinal if a == b => 0.0,
            Scale::Ordinal => {
                let (low, high) = (a.min(b), a.max(b));
                let between: f64 = counts[low..=high].iter().sum();
                (between - (counts[low] + counts[high]) / 2.0).powi(2)
            }
        }
    };
    let (mut observed, mut expected) = (Sum::default(), Sum::default());
    for a in 0..m {
        for b in 0..m {
            observed.add(pairs[a][b] * apart(a, b));
            expected.add(counts[a] * counts[b] * apart(a, b) / (all - 1.0));
        }
    }
    (expected.value() > 0.0).then(|| 1.0 - observed.value() / expected.value())
}
