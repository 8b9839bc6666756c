//! Evidence that may be read after every decision: e-processes for a stream of vacancies, and the confidence sequence
//! of the odds ratio. Order matters; time does not, and no clock is read.

use serde::{Deserialize, Serialize};

use super::Table;
use super::hypergeometric::Hypergeometric;
use super::numeric::{Sum, roots};
use super::rates::Interval;

/// The widest log odds ratio that the confidence set looks at.
const WIDEST: f64 = 12.0;

/// The mixture over log odds ratios: weights proportional to exp(-l^2 / (2 tau^2)) on the grid step k, |k| <= k_max.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// Standard deviation of the log odds ratio.
    pub tau: f64,
    /// Distance between grid points.
    pub step: f64,
    /// Grid points on either side of 0.
    pub k_max: u32,
}

impl Default for Prior {
    fn default() -> Self {
        Self { tau: 1.0, step: 0.1, k_max: 40 }
    }
}

/// Evidence after each block of a stream.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Natural logarithm of the e-value after each block.
    pub ln_e: Vec<f64>,
    /// The first block, from 1, at which the e-value reached 1/alpha.
    pub crossed_at: Option<usize>,
    /// A p-value that holds at any time: 1 over the largest e-value so far, at most 1.
    pub anytime_p: f64,
}

/// The conditional mixture e-process. Each block is a decision with its margins fixed; its likelihood at a log odds
/// ratio is noncentral over central hypergeometric; the e-value is the mixture of the products.
///
/// If there is no difference in any block, the chance that it ever reaches 1/alpha is at most alpha (Ville 1939).
#[derive(Debug, Clone)]
pub struct ConditionalProcess {
    grid: Vec<(f64, f64)>,
    ln_likelihood: Vec<f64>,
    ln_null: f64,
    blocks: Vec<(Hypergeometric, u64)>,
    evidence: Vec<f64>,
}

impl ConditionalProcess {
    /// An empty stream.
    pub fn new(prior: Prior) -> Self {
        let k = i64::from(prior.k_max);
        let raw: Vec<(f64, f64)> = (-k..=k)
            .map(|k| {
                let l = prior.step * k as f64;
                (l, (-l * l / (2.0 * prior.tau * prior.tau)).exp())
            })
            .collect();
        let all: f64 = raw.iter().map(|(_, weight)| weight).sum();
        let grid: Vec<(f64, f64)> = raw.into_iter().map(|(l, w)| (l, w / all)).collect();
        Self {
            ln_likelihood: vec![0.0; grid.len()],
            grid,
            ln_null: 0.0,
            blocks: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Adds a block; the natural logarithm of the e-value after it.
    pub fn add(&mut self, table: &Table) -> f64 {
        let block = Hypergeometric::of(table);
        for ((l, _), sum) in self.grid.iter().zip(&mut self.ln_likelihood) {
            *sum += block.ln_tilted_probability(table.selected_1, *l);
        }
        self.ln_null += block.ln_probability(table.selected_1).value();
        self.blocks.push((block, table.selected_1));
        let ln_e = self.ln_mixture() - self.ln_null;
        self.evidence.push(ln_e);
        ln_e
    }

    /// The evidence so far.
    pub fn evidence(&self, alpha: f64) -> Evidence {
        summarised(&self.evidence, alpha)
    }

    fn ln_mixture(&self) -> f64 {
        let largest = self.ln_likelihood.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: Sum = self
            .grid
            .iter()
            .zip(&self.ln_likelihood)
            .map(|((_, weight), ln)| weight * (ln - largest).exp())
            .collect();
        largest + sum.value().ln()
    }

    /// The log odds ratios that the evidence does not exclude at level alpha, at any time. `None` when it excludes all.
    pub fn confidence_set(&self, alpha: f64) -> Option<Interval> {
        let ln_mixture = self.ln_mixture();
        // ln of the e-value against this log odds ratio, less ln(1/alpha): negative inside the set.
        let outside = |l: f64| {
            let ln: Sum = self.blocks.iter().map(|(b, a)| b.ln_tilted_probability(*a, l)).collect();
            ln_mixture - ln.value() + alpha.ln()
        };
        let grid: Vec<f64> = (-120..=120).map(|k| f64::from(k) / 10.0).collect();
        let best = grid
            .iter()
            .map(|l| (outside(*l), *l))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(value, _)| *value < 0.0)?;
        let low = if outside(-WIDEST) < 0.0 {
            f64::NEG_INFINITY
        } else {
            roots::bisect(-WIDEST, best.1, outside)
        };
        let high = if outside(WIDEST) < 0.0 {
            f64::INFINITY
        } else {
            roots::bisect(best.1, WIDEST, outside)
        };
        Some((low, high))
    }
}

/// The unconditional e-process for two proportions with plug-in predictors from Beta(g, g) (Turner, Ly and
/// Grunwald 2024): each block is judged with the rates that the blocks before it suggest.
pub fn safe_two_proportions(blocks: &[Table], g: f64, alpha: f64) -> Evidence {
    let (mut s1, mut f1, mut s2, mut f2) = (0.0, 0.0, 0.0, 0.0);
    let mut ln_e = Sum::default();
    let mut path = Vec::new();
    for block in blocks {
        let (a, n1) = (block.selected_1 as f64, block.total_1 as f64);
        let (c, n2) = (block.selected_2 as f64, block.total_2 as f64);
        let p1 = (s1 + g) / (s1 + f1 + 2.0 * g);
        let p2 = (s2 + g) / (s2 + f2 + 2.0 * g);
        let p0 = (n1 * p1 + n2 * p2) / (n1 + n2);
        let (b, d) = (n1 - a, n2 - c);
        // Two ratios a group, so that equal predictors give exactly nothing.
        ln_e.add(a * (p1 / p0).ln());
        ln_e.add(b * ((1.0 - p1) / (1.0 - p0)).ln());
        ln_e.add(c * (p2 / p0).ln());
        ln_e.add(d * ((1.0 - p2) / (1.0 - p0)).ln());
        (s1, f1, s2, f2) = (s1 + a, f1 + b, s2 + c, f2 + d);
        path.push(ln_e.value());
    }
    summarised(&path, alpha)
}

fn summarised(path: &[f64], alpha: f64) -> Evidence {
    let line = -alpha.ln();
    let largest = path.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Evidence {
        ln_e: path.to_vec(),
        crossed_at: path.iter().position(|ln_e| *ln_e >= line).map(|place| place + 1),
        anytime_p: (-largest).exp().min(1.0),
    }
}
