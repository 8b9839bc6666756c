//! Two groups of scores: Mann and Whitney's test, exact and with ties corrected, standardised differences, and Welch's
//! t. Scores only; it does not know what they measure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::numeric::double::Double;
use super::numeric::gamma::{ln_choose, ln_gamma};
use super::numeric::{Probability, Sum, beta, chi_square};

/// The largest number of scores for which the permutation distribution is listed.
pub const LARGEST_EXACT: usize = 60;

/// The comparison of two groups of scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Pairs in which the first group is higher, ties counting half.
    pub u_1: f64,
    /// The same from the other side.
    pub u_2: f64,
    /// Whether any two scores are equal.
    pub ties: bool,
    /// (U - n1 n2 / 2) over its tie-corrected standard error; `None` when all scores are equal.
    pub z: Option<f64>,
    /// Its two tails.
    pub p: Option<Probability>,
    /// With half a pair of continuity correction.
    pub p_continuity: Option<Probability>,
    /// Exact permutation test, for few scores.
    pub exact: Option<ExactRanks>,
    /// Means and standardised differences; need two scores in each group and any spread.
    pub means: Option<Means>,
}

/// Exact p-values over all divisions of the scores into groups of these sizes, ties included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExactRanks {
    /// As small a rank sum or smaller.
    pub less: f64,
    /// As large or larger.
    pub greater: f64,
    /// By distance from the mean.
    pub two_sided: f64,
}

/// Means and their difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Means {
    /// Mean of the first group.
    pub mean_1: f64,
    /// Mean of the second.
    pub mean_2: f64,
    /// Difference over the pooled standard deviation.
    pub cohens_d: f64,
    /// Cohen's d with the exact small-sample factor (Hedges 1981).
    pub hedges_g: f64,
    /// Welch's t.
    pub welch_t: f64,
    /// Its degrees of freedom (Welch 1947; Satterthwaite 1946).
    pub welch_df: f64,
    /// Its two tails.
    pub welch_p: Probability,
}

/// Compares two groups of finite scores; `None` when either is empty.
pub fn compare(x: &[f64], y: &[f64]) -> Option<Scores> {
    let finite = x.iter().chain(y).all(|score| score.is_finite());
    if x.is_empty() || y.is_empty() || !finite {
        return None;
    }
    let (n1, n2) = (x.len() as u64, y.len() as u64);
    let all: Vec<f64> = x.iter().chain(y).copied().collect();
    let (ranks, tie_term) = doubled_midranks(&all);
    let rank_sum: u64 = ranks.iter().take(x.len()).sum();
    let u_1 = (rank_sum - n1 * (n1 + 1)) as f64 / 2.0;
    let pairs = (n1 * n2) as f64;
    let n = all.len() as f64;
    let variance = pairs / 12.0 * ((n + 1.0) - tie_term / (n * (n - 1.0)));
    let distance = u_1 - pairs / 2.0;
    let tails = |d: f64| (variance > 0.0).then(|| chi_square::upper_tail(d * d / variance, 1));
    Some(Scores {
        u_1,
        u_2: pairs - u_1,
        ties: tie_term > 0.0,
        z: (variance > 0.0).then(|| distance / variance.sqrt()),
        p: tails(distance),
        p_continuity: tails((distance.abs() - 0.5).max(0.0)),
        exact: (all.len() <= LARGEST_EXACT).then(|| exact(&ranks, x.len(), rank_sum)),
        means: means(x, y),
    })
}

/// Pairs in which the first group is higher, ties counting half, and the variance of that number under no difference:
/// n1 n2 / 12 ((N + 1) - sum (t^3 - t) / (N (N - 1))). For strata that are brought together; lists no permutations.
pub fn pairs_higher(x: &[f64], y: &[f64]) -> (f64, f64) {
    let (n1, n2) = (x.len() as u64, y.len() as u64);
    let all: Vec<f64> = x.iter().chain(y).copied().collect();
    let (ranks, tie_term) = doubled_midranks(&all);
    let rank_sum: u64 = ranks.iter().take(x.len()).sum();
    let u = (rank_sum - n1 * (n1 + 1)) as f64 / 2.0;
    let n = all.len() as f64;
    (u, (n1 * n2) as f64 / 12.0 * ((n + 1.0) - tie_term / (n * (n - 1.0))))
}

/// Twice the midranks, as whole numbers, and the sum of t^3 - t over groups of ties.
fn doubled_midranks(scores: &[f64]) -> (Vec<u64>, f64) {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut ranks = vec![0; scores.len()];
    let mut tie_term = 0.0;
    let mut start = 0;
    while start < order.len() {
        let value = scores[order[start]];
        let same = order[start..].iter().take_while(|place| scores[**place] == value).count();
        for place in &order[start..start + same] {
            ranks[*place] = (2 * start + same + 1) as u64;
        }
        let t = same as f64;
        tie_term += t * t * t - t;
        start += same;
    }
    (ranks, tie_term)
}

fn exact(ranks: &[u64], size: usize, rank_sum: u64) -> ExactRanks {
    // ways[k]: rank sums of k scores, each with the number of ways to choose them.
    let mut ways: Vec<BTreeMap<u64, f64>> = vec![BTreeMap::new(); size + 1];
    ways[0].insert(0, 1.0);
    for rank in ranks {
        for k in (0..size).rev() {
            let (before, after) = ways.split_at_mut(k + 1);
            for (sum, count) in &before[k] {
                *after[0].entry(sum + rank).or_default() += count;
            }
        }
    }
    let all = ln_choose(ranks.len() as u64, size as u64).exp();
    let centre = size as u64 * (ranks.len() as u64 + 1);
    let share = |wanted: &dyn Fn(u64) -> bool| {
        let sum: Sum = ways[size].iter().filter(|(s, _)| wanted(**s)).map(|(_, w)| *w).collect();
        (sum.value() / all).min(1.0)
    };
    ExactRanks {
        less: share(&|sum| sum <= rank_sum),
        greater: share(&|sum| sum >= rank_sum),
        two_sided: share(&|sum| sum.abs_diff(centre) >= rank_sum.abs_diff(centre)),
    }
}

fn means(x: &[f64], y: &[f64]) -> Option<Means> {
    if x.len() < 2 || y.len() < 2 {
        return None;
    }
    let (n1, n2) = (x.len() as f64, y.len() as f64);
    // Scores about one of them: where all are large and near each other, means would hide their difference, and so would
    // what floats leave of decimals.
    let origin = *x.first()?;
    let from = Double::as_written(origin);
    let distance = |score: &f64| (Double::as_written(*score) - from).value();
    let moved = |scores: &[f64]| scores.iter().map(distance).collect::<Vec<f64>>();
    let (x, y) = (&moved(x), &moved(y));
    let mean =
        |scores: &[f64]| scores.iter().copied().collect::<Sum>().value() / scores.len() as f64;
    let (m1, m2) = (mean(x), mean(y));
    let squares = |scores: &[f64], mean: f64| {
        scores.iter().map(|score| (score - mean).powi(2)).collect::<Sum>().value()
    };
    let (ss1, ss2) = (squares(x, m1), squares(y, m2));
    let freedom = n1 + n2 - 2.0;
    let pooled = ((ss1 + ss2) / freedom).sqrt();
    if pooled <= 0.0 {
        return None;
    }
    let d = (m1 - m2) / pooled;
    // J = Gamma(nu/2) / (sqrt(nu/2) Gamma((nu - 1)/2)).
    let factor =
        (ln_gamma(freedom / 2.0) - ln_gamma((freedom - 1.0) / 2.0)).exp() / (freedom / 2.0).sqrt();
    let (v1, v2) = (ss1 / (n1 - 1.0) / n1, ss2 / (n2 - 1.0) / n2);
    let t = (m1 - m2) / (v1 + v2).sqrt();
    let df = (v1 + v2).powi(2) / (v1 * v1 / (n1 - 1.0) + v2 * v2 / (n2 - 1.0));
    let scale = df + t * t;
    Some(Means {
        mean_1: origin + m1,
        mean_2: origin + m2,
        cohens_d: d,
        hedges_g: factor * d,
        welch_t: t,
        welch_df: df,
        welch_p: beta::regularised(df / 2.0, 0.5, df / scale, t * t / scale),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_far_from_zero_differ_by_as_much_as_the_same_ones_near_it() {
        let near = compare(&[0.1, 0.4, 0.6, 0.3], &[0.7, 0.2, 0.9]).unwrap().means.unwrap();
        let far = [1_000_000.1, 1_000_000.4, 1_000_000.6, 1_000_000.3];
        let others = [1_000_000.7, 1_000_000.2, 1_000_000.9];
        let far = compare(&far, &others).unwrap().means.unwrap();
        for (near, far) in [
            (near.cohens_d, far.cohens_d),
            (near.welch_t, far.welch_t),
            (near.welch_df, far.welch_df),
            (near.welch_p.ln_p, far.welch_p.ln_p),
        ] {
            assert!((near / far - 1.0).abs() < 1e-13, "{near} {far}");
        }
    }
}
