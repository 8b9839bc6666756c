//! Tables of several groups and several outcomes: Pearson's and the likelihood ratio test, residuals, Cramer's V, and
//! Freeman and Halton's exact test. One table; strata belong elsewhere.

use std::collections::HashMap;

use serde::Serialize;

use super::association::{ChiSquare, deviance};
use super::numeric::gamma::{ln_choose, ln_factorial};
use super::numeric::{Sum, TIE};

/// More partial tables than this are not listed; the exact test is then estimated by sampling.
const MOST_STATES: usize = 2_000_000;
/// Nor are more rows than this tried.
const MOST_VISITED: u64 = 6_000_000;

/// The large-sample tests of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowsByColumns {
    /// sum (O - E)^2 / E.
    pub pearson: ChiSquare,
    /// 2 sum O ln(O / E).
    pub g: ChiSquare,
    /// (O - E) / sqrt(E (1 - row share)(1 - column share)) (Haberman 1973).
    pub adjusted_residuals: Vec<Vec<f64>>,
    /// The smallest expected count.
    pub smallest_expected: f64,
    /// sqrt(chi-square / N / min(r - 1, c - 1)).
    pub cramers_v: f64,
}

struct Margins {
    rows: Vec<u64>,
    columns: Vec<u64>,
    people: u64,
}

/// `None` for a ragged table, an empty row or column, or fewer than two of either.
fn margins(table: &[Vec<u64>]) -> Option<Margins> {
    let width = table.first()?.len();
    if table.len() < 2 || width < 2 || table.iter().any(|row| row.len() != width) {
        return None;
    }
    let rows: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<u64> =
        (0..width).map(|j| table.iter().filter_map(|row| row.get(j)).sum()).collect();
    let empty = rows.iter().chain(&columns).any(|sum| *sum == 0);
    let people = rows.iter().sum();
    (!empty).then_some(Margins { rows, columns, people })
}

/// The large-sample tests; `None` when a row or column is empty.
pub fn tests(table: &[Vec<u64>]) -> Option<RowsByColumns> {
    let margins = margins(table)?;
    let n = margins.people as f64;
    let (mut pearson, mut g) = (Sum::default(), Sum::default());
    let mut smallest = f64::INFINITY;
    let mut residuals = Vec::new();
    for (row, in_row) in table.iter().zip(&margins.rows) {
        let mut line = Vec::new();
        for (observed, in_column) in row.iter().zip(&margins.columns) {
            let expected = *in_row as f64 * *in_column as f64 / n;
            let cross = i128::from(*observed) * i128::from(margins.people)
                - i128::from(*in_row) * i128::from(*in_column);
            let excess = cross as f64 / n;
            smallest = smallest.min(expected);
            pearson.add(excess * excess / expected);
            // As in `association`: sum O ln(O/E) without cancellation.
            g.add(if *observed == 0 { expected } else { expected * deviance(excess / expected) });
            // What is not in the row or column is counted whole: of a share near 1 a difference keeps few digits.
            let rest = |margin: u64| (margins.people - margin) as f64 / n;
            let share = rest(*in_row) * rest(*in_column);
            line.push(excess / (expected * share).sqrt());
        }
        residuals.push(line);
    }
    let (r, c) = (margins.rows.len() as u64 - 1, margins.columns.len() as u64 - 1);
    let statistic = pearson.value();
    Some(RowsByColumns {
        pearson: ChiSquare::new(statistic, r * c),
        g: ChiSquare::new(2.0 * g.value(), r * c),
        adjusted_residuals: residuals,
        smallest_expected: smallest,
        cramers_v: (statistic / n / r.min(c) as f64).sqrt(),
    })
}

/// Freeman and Halton's exact test (1951): the probability of all tables with these margins that are as or less
/// likely. Equal partial tables are counted together. `None` when there are too many, or a margin is empty.
pub fn freeman_halton(table: &[Vec<u64>]) -> Option<f64> {
    let margins = margins(table)?;
    // The shorter side is listed within each step.
    if margins.columns.len() > margins.rows.len() {
        return freeman_halton(&transposed(table));
    }
    let observed: f64 = table.iter().map(|row| ln_weight(row)).sum();
    let mut states: HashMap<(Vec<u64>, i64), (f64, f64)> = HashMap::new();
    states.insert((margins.columns.clone(), 0), (0.0, 1.0));
    let (last, others) = margins.rows.split_last()?;
    // To count the ways to fill the first row is cheap, to keep each of them is not.
    let mut first_rows = 0;
    let first = others.first().copied().unwrap_or(0);
    let mut cells = vec![0; margins.columns.len()];
    if !each_row(first, &margins.columns, 0, &mut cells, &mut |_| {
        first_rows += 1;
        first_rows <= MOST_STATES
    }) {
        return None;
    }
    let mut visited = 0_u64;
    for row in others {
        let mut next: HashMap<(Vec<u64>, i64), (f64, f64)> = HashMap::new();
        for ((left, _), (ln, ways)) in &states {
            let mut cells = vec![0; left.len()];
            let all = each_row(*row, left, 0, &mut cells, &mut |cells| {
                let rest: Vec<u64> = left.iter().zip(cells).map(|(a, b)| a - b).collect();
                let ln = ln + ln_weight(cells);
                let entry = next.entry((rest, (ln * 1e12).round() as i64)).or_insert((ln, 0.0));
                entry.1 += ways;
                visited += 1;
                visited <= MOST_VISITED && next.len() <= MOST_STATES
            });
            if !all {
                return None;
            }
        }
        states = next;
    }
    debug_assert!(states.keys().all(|(left, _)| left.iter().sum::<u64>() == *last));
    // P(table) = prod(rows!) prod(columns!) / N! prod(cells!): the weights are the cells' part.
    let margin_part: f64 = margins
        .rows
        .iter()
        .chain(&margins.columns)
        .map(|sum| ln_factorial(*sum).value())
        .sum::<f64>()
        - ln_factorial(margins.people).value();
    let limit = observed + TIE.ln_1p();
    let p: Sum = states
        .iter()
        .map(|((left, _), (ln, ways))| (ln + ln_weight(left), ways))
        .filter(|(ln, _)| *ln <= limit)
        .map(|(ln, ways)| ways * (ln + margin_part).exp())
        .collect();
    Some(p.value().min(1.0))
}

/// The same p estimated from `draws` random tables with these margins; equal seeds give equal answers.
/// (draws as or less likely + 1) / (draws + 1), which keeps the test valid (Phipson and Smyth 2010).
pub fn freeman_halton_sampled(table: &[Vec<u64>], draws: u32, seed: u64) -> Option<f64> {
    let margins = margins(table)?;
    let observed: f64 = table.iter().map(|row| ln_weight(row)).sum();
    let mut state = seed | 1;
    let mut as_unlikely = 0_u32;
    let mut cells = vec![0; margins.columns.len()];
    for _ in 0..draws {
        let mut left = margins.columns.clone();
        let mut people = margins.people;
        let mut ln = 0.0;
        for row in &margins.rows {
            // Who of the people left is in the row: column after column, of those in no column so far.
            let (mut wanted, mut pool) = (*row, people);
            for (cell, left) in cells.iter_mut().zip(&mut left) {
                *cell = hypergeometric_draw(wanted, *left, pool, next_share(&mut state));
                pool -= *left;
                wanted -= *cell;
                *left -= *cell;
            }
            people -= row;
            ln += ln_weight(&cells);
        }
        as_unlikely += u32::from(ln <= observed + TIE.ln_1p());
    }
    Some(f64::from(as_unlikely + 1) / f64::from(draws + 1))
}

/// How many of `drawn` out of `pool` are marked, where `marked` of the pool are: the quantile of `share`, counted from the
/// mode outwards, so that the cost grows with the spread and not with the counts.
fn hypergeometric_draw(drawn: u64, marked: u64, pool: u64, share: f64) -> u64 {
    let lowest = (drawn + marked).saturating_sub(pool);
    let highest = drawn.min(marked);
    if lowest >= highest {
        return highest;
    }
    let (n, k, all) = (drawn as f64, marked as f64, pool as f64);
    let mode = (((n + 1.0) * (k + 1.0) / (all + 2.0)) as u64).clamp(lowest, highest);
    let ln =
        ln_choose(marked, mode) + ln_choose(pool - marked, drawn - mode) - ln_choose(pool, drawn);
    let at_mode = ln.value().exp();
    let mut rest = share - at_mode;
    let (mut above, mut below) = ((mode, at_mode), (mode, at_mode));
    while rest >= 0.0 && (above.0 < highest || below.0 > lowest) {
        if above.0 < highest {
            let x = above.0 as f64;
            let step = (n - x) * (k - x) / ((x + 1.0) * (all - n - k + x + 1.0));
            above = (above.0 + 1, above.1 * step);
            rest -= above.1;
            if rest < 0.0 {
                return above.0;
            }
        }
        if below.0 > lowest {
            let x = below.0 as f64;
            let step = x * (all - n - k + x) / ((n - x + 1.0) * (k - x + 1.0));
            below = (below.0 - 1, below.1 * step);
            rest -= below.1;
            if rest < 0.0 {
                return below.0;
            }
        }
        // Nothing that a float can add is left on either side.
        if above.1 + below.1 < f64::MIN_POSITIVE {
            break;
        }
    }
    mode
}

/// A number from 0 to below 1 from a 64-bit xorshift* generator (Vigna 2016).
fn next_share(state: &mut u64) -> f64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    let random = state.wrapping_mul(0x2545_f491_4f6c_dd1d);
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

fn transposed(table: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let width = table.first().map_or(0, Vec::len);
    (0..width).map(|j| table.iter().filter_map(|row| row.get(j).copied()).collect()).collect()
}

/// -sum ln(cell!).
fn ln_weight(cells: &[u64]) -> f64 {
    -cells.iter().map(|cell| ln_factorial(*cell).value()).sum::<f64>()
}

/// Every way to fill a row of a given sum below the column totals that are left, until a visit says to stop. Whether
/// all were visited.
fn each_row(
    sum: u64,
    left: &[u64],
    place: usize,
    cells: &mut Vec<u64>,
    visit: &mut impl FnMut(&[u64]) -> bool,
) -> bool {
    if place + 1 == left.len() {
        if sum > left[place] {
            return true;
        }
        cells[place] = sum;
        return visit(cells);
    }
    let rest: u64 = left.iter().skip(place + 1).sum();
    for cell in sum.saturating_sub(rest)..=sum.min(left[place]) {
        cells[place] = cell;
        if !each_row(sum - cell, left, place + 1, cells, visit) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_share_of_the_hypergeometric_distribution() {
        // Equally spaced shares are its quantiles, in another order: each value comes as often as it is likely.
        for (drawn, marked, pool) in [(5, 7, 20), (60, 40, 90), (1, 999, 1000), (300, 500, 1000)] {
            let draws = 200_000;
            let mut found = std::collections::BTreeMap::new();
            for i in 0..draws {
                let share = (f64::from(i) + 0.5) / f64::from(draws);
                *found.entry(hypergeometric_draw(drawn, marked, pool, share)).or_insert(0.0) +=
                    1.0 / f64::from(draws);
            }
            for (x, share) in found {
                let ln = ln_choose(marked, x) + ln_choose(pool - marked, drawn - x)
                    - ln_choose(pool, drawn);
                assert!((ln.value().exp() - share).abs() < 2e-5, "{x} of {drawn}");
            }
        }
    }

    #[test]
    fn large_tables_are_sampled_in_no_time_that_grows_with_their_counts() {
        let table = vec![vec![10_000, 20_000, 3_000], vec![30_000, 10, 5], vec![7, 9, 10_000]];
        assert_eq!(freeman_halton(&table), None);
        let p = freeman_halton_sampled(&table, 2000, 7).unwrap();
        assert!((p - 1.0 / 2001.0).abs() < 1e-12, "{p}");
        let even = vec![vec![10_000, 20_050, 3_000], vec![10_030, 20_000, 2_990]];
        let p = freeman_halton_sampled(&even, 4000, 7).unwrap();
        let pearson = tests(&even).unwrap().pearson.p.p;
        assert!((p - pearson).abs() < 0.03, "{p} {pearson}");
    }

    #[test]
    fn sampling_comes_close_to_listing_and_repeats_with_its_seed() {
        let table = vec![vec![3, 7], vec![2, 10], vec![8, 4], vec![1, 6]];
        let exact = freeman_halton(&table).unwrap();
        let sampled = freeman_halton_sampled(&table, 20_000, 7).unwrap();
        assert!((exact - sampled).abs() < 0.006, "{exact} {sampled}");
        assert_eq!(
            freeman_halton_sampled(&table, 1000, 7),
            freeman_halton_sampled(&table, 1000, 7)
        );
    }
}
