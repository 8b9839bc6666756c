//! Whether selection rises or falls along an order, such as age bands or grades: Cochran and Armitage's test,
//! asymptotic and exact. Scores are given; it does not choose them.

use serde::Serialize;

use super::association::ChiSquare;
use super::numeric::gamma::ln_choose;
use super::numeric::{Probability, Sum, chi_square};

/// The largest number of people for which the exact distribution is listed.
pub const LARGEST_EXACT: u64 = 400;
/// The largest table of partial sums that is kept for it.
const LARGEST_TABLE: u64 = 4_000_000;

/// One ordered category.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Selected.
    pub selected: u64,
    /// People.
    pub total: u64,
    /// Its place on the scale.
    pub score: f64,
}

/// The tests of trend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trend {
    /// The score sum less its expectation, over its standard error.
    pub z: f64,
    /// Its two tails.
    pub p: Probability,
    /// What Pearson's chi-square has beyond the trend; needs three categories.
    pub departure: Option<ChiSquare>,
    /// The exact conditional test, for whole scores and few people.
    pub exact: Option<ExactTrend>,
}

/// Exact conditional p-values of the score sum, given margins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExactTrend {
    /// By distance of the score sum from its mean.
    pub two_sided: f64,
    /// As small a score sum or smaller.
    pub less: f64,
    /// As large or larger.
    pub greater: f64,
}

/// z = sum s (x - n p) / sqrt(p (1-p) (sum n s^2 - (sum n s)^2 / N)) (Cochran 1954; Armitage 1955).
/// `None` when everybody or nobody was selected, or all people share one score.
///
/// Scores are taken about their mean and excesses x - n p from whole numbers, and what a straight trend leaves is summed
/// as squares of its own, so that neither nearly equal rates nor distant scores lose digits.
pub fn test(steps: &[Step]) -> Option<Trend> {
    let people: u64 = steps.iter().map(|step| step.total).sum();
    let selected: u64 = steps.iter().map(|step| step.selected).sum();
    if selected == 0 || selected >= people {
        return None;
    }
    let n = people as f64;
    let variance = selected as f64 / n * ((people - selected) as f64 / n);
    let origin = steps.iter().find(|step| step.total > 0)?.score;
    let mean: Sum = steps.iter().map(|s| s.total as f64 * (s.score - origin)).collect();
    let mean = mean.value() / n;
    let distance = |step: &Step| (step.score - origin) - mean;
    let excess = |step: &Step| {
        let had = i128::from(step.selected) * i128::from(people);
        let expected = i128::from(step.total) * i128::from(selected);
        (had - expected) as f64 / n
    };
    let above: Sum = steps.iter().map(|s| distance(s) * excess(s)).collect();
    let spread: Sum = steps.iter().map(|s| s.total as f64 * distance(s).powi(2)).collect();
    if spread.value() <= 0.0 {
        return None;
    }
    let z = above.value() / (variance * spread.value()).sqrt();
    let slope = above.value() / spread.value();
    let beside: Sum = steps
        .iter()
        .filter(|step| step.total > 0)
        .map(|step| {
            let total = step.total as f64;
            (excess(step) / total - slope * distance(step)).powi(2) * total / variance
        })
        .collect();
    let degrees = steps.len().saturating_sub(2) as u64;
    Some(Trend {
        z,
        p: chi_square::upper_tail(z * z, 1),
        departure: (degrees > 0).then(|| ChiSquare::new(beside.value(), degrees)),
        exact: exact(steps, people, selected),
    })
}

/// Scores farther apart are not counted through.
const WIDEST_EXACT: f64 = 1e9;

/// The distribution of the score sum over all ways to select as many people, category by category.
fn exact(steps: &[Step], people: u64, selected: u64) -> Option<ExactTrend> {
    if people > LARGEST_EXACT || steps.iter().any(|s| s.score.fract() != 0.0) {
        return None;
    }
    let lowest = steps.iter().map(|s| s.score).fold(f64::INFINITY, f64::min);
    if steps.iter().any(|step| step.score - lowest > WIDEST_EXACT) {
        return None;
    }
    let scores: Vec<u64> = steps.iter().map(|s| (s.score - lowest) as u64).collect();
    let divisor = scores.iter().copied().fold(0, gcd).max(1);
    let scores: Vec<usize> = scores.iter().map(|s| (s / divisor) as usize).collect();
    let span = scores.iter().zip(steps).map(|(s, step)| *s * step.total as usize).sum::<usize>();
    if (span as u64 + 1).saturating_mul(selected + 1) > LARGEST_TABLE {
        return None;
    }
    let width = span + 1;
    let mut ways = vec![0.0; width * (selected as usize + 1)];
    ways[0] = 1.0;
    for (step, score) in steps.iter().zip(&scores) {
        ways = with_category(&ways, width, selected as usize, step.total, *score);
    }
    let all = ln_choose(people, selected).exp();
    let observed: usize =
        steps.iter().zip(&scores).map(|(s, score)| s.selected as usize * score).sum();
    // The mean is selected * sum(n s) / N: compare distances in whole numbers.
    let centre = selected as i128 * span as i128;
    let distance = |t: usize| (t as i128 * i128::from(people) - centre).abs();
    let last = ways.iter().skip(width * selected as usize).enumerate();
    let share = |wanted: &dyn Fn(usize) -> bool| {
        let sum: Sum = last.clone().filter(|(t, _)| wanted(*t)).map(|(_, w)| *w).collect();
        (sum.value() / all).min(1.0)
    };
    Some(ExactTrend {
        two_sided: share(&|t| distance(t) >= distance(observed)),
        less: share(&|t| t <= observed),
        greater: share(&|t| t >= observed),
    })
}

/// Adds a category of `total` people with one score: ways to have selected u people with score sum t.
fn with_category(ways: &[f64], width: usize, most: usize, total: u64, score: usize) -> Vec<f64> {
    let mut next = vec![0.0; ways.len()];
    let choose: Vec<f64> = (0..=total).map(|k| ln_choose(total, k).exp()).collect();
    for u in 0..=most {
        for t in 0..width {
            let before = ways[u * width + t];
            if before == 0.0 {
                continue;
            }
            for (k, ways) in choose.iter().enumerate().take(most - u + 1) {
                next[(u + k) * width + t + k * score] += before * ways;
            }
        }
    }
    next
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
