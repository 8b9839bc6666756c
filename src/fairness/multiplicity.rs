//! Many looks at once: adjusted p-values after Bonferroni, Holm, Hochberg, Benjamini-Hochberg and
//! Benjamini-Yekutieli. Reckons with logarithms beside the values, so that
//! p-values below the smallest float keep their order. Knows nothing of what was tested.

use super::numeric::Probability;

/// Adjusted p-values, each in the order of the input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adjusted {
    /// min(1, m p).
    pub bonferroni: Vec<Probability>,
    /// Step-down (Holm 1979): keeps the chance of any false finding.
    pub holm: Vec<Probability>,
    /// Step-up (Hochberg 1988).
    pub hochberg: Vec<Probability>,
    /// Step-up (Benjamini and Hochberg 1995): keeps the share of false findings.
    pub benjamini_hochberg: Vec<Probability>,
    /// For any dependence (Benjamini and Yekutieli 2001).
    pub benjamini_yekutieli: Vec<Probability>,
}

/// Adjusts a family of p-values.
pub fn adjust(p: &[Probability]) -> Adjusted {
    let m = p.len();
    let count = m as f64;
    let harmonic: f64 = (1..=m).map(|k| 1.0 / k as f64).sum();
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|i, j| p[*i].ln_p.total_cmp(&p[*j].ln_p));
    // Rank k (from 0) multiplies by m - k going down, and by m/(k + 1) going up.
    let down = |k: usize| count - k as f64;
    let up = |k: usize| count / (k as f64 + 1.0);
    Adjusted {
        bonferroni: p.iter().map(|p| p.times(count)).collect(),
        holm: step_down(p, &order, down),
        hochberg: step_up(p, &order, down),
        benjamini_hochberg: step_up(p, &order, up),
        benjamini_yekutieli: step_up(p, &order, |k| up(k) * harmonic),
    }
}

/// The running maximum from the smallest p upwards.
fn step_down(
    p: &[Probability],
    order: &[usize],
    factor: impl Fn(usize) -> f64,
) -> Vec<Probability> {
    let mut adjusted = vec![Probability::ONE; p.len()];
    let mut running = Probability::ZERO;
    for (rank, index) in order.iter().enumerate() {
        running = running.max(p[*index].times(factor(rank)));
        adjusted[*index] = running;
    }
    adjusted
}

/// The running minimum from the largest p downwards.
fn step_up(p: &[Probability], order: &[usize], factor: impl Fn(usize) -> f64) -> Vec<Probability> {
    let mut adjusted = vec![Probability::ONE; p.len()];
    let mut running = Probability::ONE;
    for (rank, index) in order.iter().enumerate().rev() {
        running = running.min(p[*index].times(factor(rank)));
        adjusted[*index] = running;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_below_the_smallest_float_keep_their_order_and_their_size() {
        let p = [-2000.0, -900.0, -1.0].map(Probability::from_ln);
        let adjusted = adjust(&p);
        let ln = |list: &[Probability]| list.iter().map(|p| p.ln_p).collect::<Vec<_>>();
        let near = |got: &[Probability], expected: [f64; 3]| {
            let close = |(a, b): (f64, f64)| (a - b).abs() < 1e-12 * b.abs().max(1.0);
            assert!(ln(got).into_iter().zip(expected).all(close), "{got:?} {expected:?}");
        };
        near(&adjusted.holm, [-2000.0 + 3_f64.ln(), -900.0 + 2_f64.ln(), -1.0]);
        near(&adjusted.hochberg, [-2000.0 + 3_f64.ln(), -900.0 + 2_f64.ln(), -1.0]);
        near(&adjusted.benjamini_hochberg, [-2000.0 + 3_f64.ln(), -900.0 + 1.5_f64.ln(), -1.0]);
        near(&adjusted.bonferroni, [-2000.0 + 3_f64.ln(), -900.0 + 3_f64.ln(), 0.0]);
        assert_eq!(adjusted.holm[0].p, 0.0);
    }
}
