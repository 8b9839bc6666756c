//! Evidence that may be read after every decision: e-processes for a stream of vacancies, and the confidence sequence
//! of the odds ratio. Order matters; time does not, and no clock is read.

mod block;
mod process;

pub use process::ConditionalProcess;
use serde::{Deserialize, Serialize};

use super::Table;
use super::numeric::{Probability, Sum};
use super::rates::Interval;

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
    pub anytime_p: Probability,
}

/// A stream read to its end: what a report says of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Streamed {
    /// Blocks in which something could be seen.
    pub blocks: usize,
    /// Natural logarithm of the e-value after the last block.
    pub ln_e: f64,
    /// A p-value that holds at any time: 1 over the largest e-value so far, at most 1.
    pub anytime_p: Probability,
    /// Odds ratios that the evidence does not exclude, at any time; an open end is 0 or infinite.
    pub odds_ratio: Option<Interval>,
    /// The place in the list, from 0, of the block after which the e-value first reached 1/alpha.
    pub crossed_at: Option<usize>,
}

/// Reads a list of blocks in order; blocks in which nothing could be seen change nothing and are passed over.
/// `None` when there is no other.
pub fn read_stream<'a>(
    blocks: impl IntoIterator<Item = &'a Table>,
    alpha: f64,
) -> Option<Streamed> {
    let blocks = blocks.into_iter();
    let mut process = ConditionalProcess::with_room(Prior::default(), blocks.size_hint().0);
    let mut places = Vec::with_capacity(blocks.size_hint().0);
    for (place, table) in blocks.enumerate() {
        if table.is_informative() {
            process.add(table);
            places.push(place);
        }
    }
    let ln_e = process.last()?;
    let evidence = process.evidence(alpha);
    let crossed = evidence.crossed_at.and_then(|block| places.get(block - 1)).copied();
    Some(Streamed {
        blocks: places.len(),
        ln_e,
        anytime_p: evidence.anytime_p,
        odds_ratio: process.near_set(alpha).map(|(low, high)| (low.exp(), high.exp())),
        crossed_at: crossed,
    })
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
        anytime_p: Probability::from_ln(-largest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_e_value_does_not_depend_on_the_order_of_decisions() {
        let mut blocks: Vec<Table> =
            (1..30).map(|i| Table::new((i % 4, 9), (i % 7 + 3, 17)).unwrap()).collect();
        let forward = read_stream(&blocks, 0.05).unwrap();
        blocks.reverse();
        let backward = read_stream(&blocks, 0.05).unwrap();
        assert!((forward.ln_e - backward.ln_e).abs() < 1e-9);
    }

    #[test]
    fn blocks_that_say_nothing_are_passed_over() {
        let nothing = [Table::new((0, 5), (0, 9)).unwrap(), Table::new((0, 0), (3, 9)).unwrap()];
        assert_eq!(read_stream(&nothing, 0.05), None);
    }
}
