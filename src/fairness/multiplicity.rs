//! Many looks at once: adjusted p-values after Bonferroni, Holm, Hochberg, Benjamini-Hochberg and
//! Benjamini-Yekutieli. Each p-value goes with its logarithm, so that order and value hold below the smallest float. Knows
//! nothing of what was tested.

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
    order.sort_by(|i, j| p[*i].order(&p[*j]));
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
        let own = p[*index].times(factor(rank));
        running = if own.order(&running).is_lt() { own } else { running };
        adjusted[*index] = running;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_below_the_smallest_float_keep_their_order_and_their_value() {
        let ten = std::f64::consts::LN_10;
        let p = [-400.0 * ten, -900.0 * ten, 0.04_f64.ln(), -401.0 * ten].map(Probability::from_ln);
        let adjusted = adjust(&p);
        let power =
            |list: &[Probability]| -> Vec<f64> { list.iter().map(|p| p.ln_p / ten).collect() };
        let close = |found: Vec<f64>, expected: [f64; 4]| {
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-10 * expected.abs(), "{found} {expected}");
            }
        };
        // Ranks from the smallest: 1e-900, 1e-401, 1e-400, 0.04.
        let log = |factor: f64| factor.log10();
        close(
            power(&adjusted.holm),
            [-400.0 + log(2.0), -900.0 + log(4.0), log(0.04), -401.0 + log(3.0)],
        );
        close(
            power(&adjusted.benjamini_hochberg),
            [-400.0 + log(4.0 / 3.0), -900.0 + log(4.0), log(0.04), -401.0 + log(2.0)],
        );
    }
}
