//! The test behind a verdict: exact where that is cheap, and otherwise the large-sample form of the same conditional
//! distribution. Chooses between the two; says which it took.

use super::Table;
use super::exact_stratified;
use super::mantel_haenszel;
use super::numeric::{Probability, Sum, normal};

/// Variance times the logarithm of the number of strata up to which the exact distribution takes a few milliseconds.
const DEAREST: f64 = 30_000.0;
/// Below this variance the distribution is always computed exactly.
const SMALLEST_LARGE_VARIANCE: f64 = 2_000.0;

/// A conditional test, and how it was computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// Two-sided p-value without the mid-p correction.
    pub two_sided: Probability,
    /// With it.
    pub mid_two_sided: Probability,
    /// Whether it is the exact distribution, not its large-sample form.
    pub is_exact: bool,
}

/// [`exact_stratified::test`] where its cost is small, and otherwise its large-sample form: the same sum of excesses over its conditional
/// standard deviation, corrected for skewness. The latter is used only where that deviation is of many people.
pub fn test(tables: &[Table]) -> Option<Tested> {
    let informative: Vec<&Table> = tables.iter().filter(|table| table.is_informative()).collect();
    let (excess, variance) = mantel_haenszel::excess_and_variance(&informative);
    let levels = (informative.len().max(2) as f64).log2();
    if variance * levels <= DEAREST || variance < SMALLEST_LARGE_VARIANCE {
        return exact_stratified::test(tables).map(|exact| Tested {
            two_sided: exact.two_sided,
            mid_two_sided: exact.mid_two_sided,
            is_exact: true,
        });
    }
    let third: Sum = informative.iter().map(|table| third_moment(table)).collect();
    let skewness = third.value() / variance.powf(1.5);
    let corrected = |excess: f64| {
        // Cornish and Fisher (1937): the normal deviate of a slightly skewed sum.
        let z = excess / variance.sqrt();
        normal::two_sided((z - skewness / 6.0 * (z * z - 1.0)).abs())
    };
    let continuous = excess.signum() * (excess.abs() - 0.5).max(0.0);
    Some(Tested {
        two_sided: corrected(continuous),
        mid_two_sided: corrected(excess),
        is_exact: false,
    })
}

/// The third central moment of a hypergeometric variable: V (N - 2 n1)(N - 2 K) / (N (N - 2)).
fn third_moment(table: &Table) -> f64 {
    let (n1, k, n) = (table.total_1 as f64, table.selected() as f64, table.people() as f64);
    if n <= 2.0 {
        return 0.0;
    }
    let variance = n1 * (n - n1) / n * (k * (n - k) / n) / (n - 1.0);
    variance * (n - 2.0 * n1) * (n - 2.0 * k) / (n * (n - 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_sample_form_takes_over_where_it_agrees_with_the_exact_one() {
        for selected in [12, 13, 14] {
            let mut strata = vec![Table::new((15, 50), (60, 200)).unwrap(); 400];
            strata.extend(vec![Table::new((selected, 50), (60, 200)).unwrap(); 100]);
            let large = test(&strata).unwrap();
            let exact = exact_stratified::test(&strata).unwrap();
            assert!(!large.is_exact);
            let miss = (large.mid_two_sided.ln_p - exact.mid_two_sided.ln_p).abs();
            assert!(miss < 0.02, "{large:?} {exact:?}");
        }
    }
}
