//! Unconditional exact tests of one small table: Boschloo and Barnard. Margins of selection are not fixed here; the
//! audit's own test is conditional.

use serde::Serialize;

use super::Table;
use super::fisher::{self, Fisher};

/// The largest number of people for which all tables are listed.
pub const LARGEST: u64 = 80;

/// Equal p-values computed along different paths differ by less than this share.
const SAME: f64 = 1e-13;

/// p-values maximised over the common selection rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Unconditional {
    /// Tables ordered by Fisher's lower p.
    pub boschloo_less: f64,
    /// Tables ordered by Fisher's upper p.
    pub boschloo_greater: f64,
    /// Twice the smaller of the two, at most 1.
    pub boschloo_two_doubled: f64,
    /// Tables ordered by Fisher's two-sided p.
    pub boschloo_two_fisher_order: f64,
    /// Tables ordered by the pooled z statistic, compared as whole numbers (Barnard 1947).
    pub barnard_pooled_two: f64,
}

/// The tests (Boschloo 1970; Barnard 1947); `None` for an empty group or more than [`LARGEST`] people.
pub fn tests(table: &Table) -> Option<Unconditional> {
    if !table.has_both_groups() || table.people() > LARGEST {
        return None;
    }
    let own = fisher::test(table);
    let extremity = Extremity::of(table);
    let mut regions: [Region; 4] = std::array::from_fn(|_| Region::new(table.people()));
    for x in 0..=table.total_1 {
        for y in 0..=table.total_2 {
            let other = Table { selected_1: x, selected_2: y, ..*table };
            let p = fisher::test(&other);
            let at_most = |pick: fn(&Fisher) -> f64| pick(&p) <= pick(&own) * (1.0 + SAME);
            let inside = [
                at_most(|f| f.less.p),
                at_most(|f| f.greater.p),
                at_most(|f| f.two_sided.p),
                Extremity::of(&other).at_least(&extremity),
            ];
            for (region, inside) in regions.iter_mut().zip(inside) {
                if inside {
                    region.add(&other);
                }
            }
        }
    }
    let [less, greater, fisher_order, barnard] = regions.map(|region| region.supremum());
    Some(Unconditional {
        boschloo_less: less,
        boschloo_greater: greater,
        boschloo_two_doubled: (2.0 * less.min(greater)).min(1.0),
        boschloo_two_fisher_order: fisher_order,
        barnard_pooled_two: barnard,
    })
}

/// The squared pooled z of a table as a fraction without its constant part: (ad - bc)^2 / (K (N - K)).
struct Extremity {
    above: u128,
    below: u128,
}

impl Extremity {
    fn of(table: &Table) -> Self {
        let cross = i128::from(table.selected_1) * i128::from(table.total_2)
            - i128::from(table.selected_2) * i128::from(table.total_1);
        let below = u128::from(table.selected()) * u128::from(table.people() - table.selected());
        // Everybody or nobody selected: no difference.
        if below == 0 {
            return Self { above: 0, below: 1 };
        }
        Self { above: cross.unsigned_abs().pow(2), below }
    }

    fn at_least(&self, other: &Self) -> bool {
        self.above * other.below >= other.above * self.below
    }
}

/// The tables of a rejection region, by the number of people selected in them.
struct Region {
    weights: Vec<f64>,
}

impl Region {
    fn new(people: u64) -> Self {
        Self { weights: vec![0.0; people as usize + 1] }
    }

    fn add(&mut self, table: &Table) {
        let ways =
            choose(table.total_1, table.selected_1) * choose(table.total_2, table.selected_2);
        if let Some(weight) = self.weights.get_mut(table.selected() as usize) {
            *weight += ways;
        }
    }

    /// The largest probability of the region over the common rate, ends included: a grid, then golden sections
    /// around its best points.
    fn supremum(&self) -> f64 {
        let mut grid: Vec<f64> = (0..=4000).map(|i| f64::from(i) / 4000.0).collect();
        for i in 0..400 {
            let near_end = 10f64.powf(-9.0 + 7.0 * f64::from(i) / 400.0);
            grid.extend([near_end, 1.0 - near_end]);
        }
        grid.sort_by(f64::total_cmp);
        let values: Vec<f64> = grid.iter().map(|rate| self.probability(*rate)).collect();
        let mut best = values.iter().copied().fold(0.0, f64::max);
        let mut peaks: Vec<(f64, f64, f64)> = values
            .windows(3)
            .zip(grid.windows(3))
            .filter_map(|(value, rate)| match (value, rate) {
                ([a, b, c], [low, _, high]) if b >= a && b >= c => Some((*b, *low, *high)),
                _ => None,
            })
            .collect();
        peaks.sort_by(|x, y| y.0.total_cmp(&x.0));
        for (_, low, high) in peaks.into_iter().take(4) {
            best = best.max(self.golden(low, high));
        }
        best.min(1.0)
    }

    fn golden(&self, low: f64, high: f64) -> f64 {
        let section = (5f64.sqrt() - 1.0) / 2.0;
        let (mut a, mut b) = (low, high);
        let mut best: f64 = 0.0;
        for _ in 0..60 {
            let (c, d) = (b - section * (b - a), a + section * (b - a));
            let (at_c, at_d) = (self.probability(c), self.probability(d));
            best = best.max(at_c).max(at_d);
            if at_c > at_d {
                b = d;
            } else {
                a = c;
            }
        }
        best
    }

    /// sum over s of weight(s) rate^s (1 - rate)^(N - s), by Horner's rule in the smaller of odds and their inverse.
    fn probability(&self, rate: f64) -> f64 {
        let people = self.weights.len() as i32 - 1;
        if rate <= 0.5 {
            let odds = rate / (1.0 - rate);
            let sum = self.weights.iter().rev().fold(0.0, |sum, w| sum * odds + w);
            sum * (1.0 - rate).powi(people)
        } else {
            let odds = (1.0 - rate) / rate;
            let sum = self.weights.iter().fold(0.0, |sum, w| sum * odds + w);
            sum * rate.powi(people)
        }
    }
}

/// The number of ways to choose k of n, for n of at most [`LARGEST`].
fn choose(n: u64, k: u64) -> f64 {
    let ways =
        (0..k.min(n - k)).fold(1_u128, |ways, i| ways * u128::from(n - i) / u128::from(i + 1));
    ways as f64
}
