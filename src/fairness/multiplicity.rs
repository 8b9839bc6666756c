//! Many looks at once: adjusted p-values after Bonferroni, Holm, Hochberg, Benjamini-Hochberg and
//! Benjamini-Yekutieli. Knows nothing of what was tested.

/// Adjusted p-values, each in the order of the input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adjusted {
    /// min(1, m p).
    pub bonferroni: Vec<f64>,
    /// Step-down (Holm 1979): keeps the chance of any false finding.
    pub holm: Vec<f64>,
    /// Step-up (Hochberg 1988).
    pub hochberg: Vec<f64>,
    /// Step-up (Benjamini and Hochberg 1995): keeps the share of false findings.
    pub benjamini_hochberg: Vec<f64>,
    /// For any dependence (Benjamini and Yekutieli 2001).
    pub benjamini_yekutieli: Vec<f64>,
}

/// Adjusts a family of p-values.
pub fn adjust(p: &[f64]) -> Adjusted {
    let m = p.len();
    let count = m as f64;
    let harmonic: f64 = (1..=m).map(|k| 1.0 / k as f64).sum();
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|i, j| p[*i].total_cmp(&p[*j]));
    // Rank k (from 0) multiplies by m - k going down, and by m/(k + 1) going up.
    let down = |k: usize| count - k as f64;
    let up = |k: usize| count / (k as f64 + 1.0);
    Adjusted {
        bonferroni: p.iter().map(|p| (p * count).min(1.0)).collect(),
        holm: step_down(p, &order, down),
        hochberg: step_up(p, &order, down),
        benjamini_hochberg: step_up(p, &order, up),
        benjamini_yekutieli: step_up(p, &order, |k| up(k) * harmonic),
    }
}

/// The running maximum from the smallest p upwards.
fn step_down(p: &[f64], order: &[usize], factor: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut running: f64 = 0.0;
    for (rank, index) in order.iter().enumerate() {
        running = running.max((p[*index] * factor(rank)).min(1.0));
        adjusted[*index] = running;
    }
    adjusted
}

/// The running minimum from the largest p downwards.
fn step_up(p: &[f64], order: &[usize], factor: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut running: f64 = 1.0;
    for (rank, index) in order.iter().enumerate().rev() {
        running = running.min(p[*index] * factor(rank));
        adjusted[*index] = running;
    }
    adjusted
}
