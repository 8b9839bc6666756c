//! People whose group is not known: what the ratio could be if they were known, over every way to allocate them.
//! Bounds, not estimates: it assumes nothing about them.

use serde::{Deserialize, Serialize};

use super::Table;
use super::fisher;
use super::table::ratio_is_below;

/// With more undeclared people selected than this, allocations below four fifths are not counted.
const MOST_COUNTED: u64 = 1_000_000;
/// More allocations than this are not tested one by one.
const MOST_TESTED: u64 = 50_000;

/// Undeclared people of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unknown {
    /// Were selected.
    pub selected: u64,
    /// Were not.
    pub not_selected: u64,
}

/// The ratios over all allocations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// Ratio among those who declared.
    pub observed: Option<f64>,
    /// Smallest over allocations.
    pub smallest: Option<f64>,
    /// Largest over allocations.
    pub largest: Option<f64>,
    /// How many allocations there are.
    pub allocations: u64,
    /// In how many the ratio is below four fifths; `None` when there are too many to count.
    pub below_four_fifths: Option<u64>,
    /// In how many Fisher's two-sided p is below 0.05; `None` when there are too many to try.
    pub fisher_below_5_percent: Option<u64>,
}

/// Bounds over every allocation of the undeclared to the two groups (Horowitz and Manski 1995).
///
/// The ratio rises with each undeclared selected person given to group 1 and falls with each who was not selected, so
/// its bounds are at the corners, and the allocations below four fifths are counted by bisection.
pub fn bounds(table: &Table, unknown: Unknown) -> Bounds {
    let at = |(selected, not_selected)| ratio(&allocate(table, unknown, selected, not_selected));
    let (us, un) = (unknown.selected, unknown.not_selected);
    let allocations = (us + 1).saturating_mul(un + 1);
    let corners = corners(table, unknown);
    Bounds {
        observed: ratio(table),
        smallest: corners.and_then(|(smallest, _)| at(smallest?)),
        largest: corners.and_then(|(_, largest)| at(largest?)),
        allocations,
        below_four_fifths: (us <= MOST_COUNTED)
            .then(|| (0..=us).map(|s| count_below(table, unknown, s)).sum()),
        fisher_below_5_percent: (allocations <= MOST_TESTED)
            .then(|| count_significant(table, unknown)),
    }
}

/// An allocation: how many of those selected and of the others go to group 1.
type Allocation = (u64, u64);

/// The allocations with the smallest and the largest ratio, among those in which both groups have people and group 2
/// has somebody selected. `None` when there is no such allocation.
fn corners(table: &Table, unknown: Unknown) -> Option<(Option<Allocation>, Option<Allocation>)> {
    let most =
        if table.selected_2 > 0 { unknown.selected } else { unknown.selected.checked_sub(1)? };
    let un = unknown.not_selected;
    let smallest =
        if table.total_1 + un > 0 { Some((0, un)) } else { (most > 0).then_some((1, 0)) };
    let largest =
        if table.total_1 + most > 0 { Some((most, 0)) } else { (un > 0).then_some((0, 1)) };
    Some((smallest, largest))
}

/// The table if `selected` of the undeclared selected and `not_selected` of the others belonged to group 1.
pub fn allocate(table: &Table, unknown: Unknown, selected: u64, not_selected: u64) -> Table {
    let rest = (unknown.selected - selected, unknown.not_selected - not_selected);
    Table {
        selected_1: table.selected_1 + selected,
        total_1: table.total_1 + selected + not_selected,
        selected_2: table.selected_2 + rest.0,
        total_2: table.total_2 + rest.0 + rest.1,
    }
}

fn ratio(table: &Table) -> Option<f64> {
    if table.selected_2 == 0 {
        return None;
    }
    Some(table.rate_1()? / table.rate_2()?)
}

/// Allocations with `selected` of the undeclared selected in group 1 whose ratio is below four fifths.
fn count_below(table: &Table, unknown: Unknown, selected: u64) -> u64 {
    let is_below = |not_selected: u64| {
        ratio_is_below(&allocate(table, unknown, selected, not_selected), 4, 5).unwrap_or(false)
    };
    // More people who were not selected lower the ratio: find the first that is below.
    let (mut low, mut high) = (0, unknown.not_selected + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_below(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    unknown.not_selected + 1 - low
}

fn count_significant(table: &Table, unknown: Unknown) -> u64 {
    let mut count = 0;
    for selected in 0..=unknown.selected {
        for not_selected in 0..=unknown.not_selected {
            let allocated = allocate(table, unknown, selected, not_selected);
            let significant =
                allocated.is_informative() && fisher::test(&allocated).two_sided.p < 0.05;
            count += u64::from(significant);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_the_extremes_of_every_allocation_that_has_a_ratio() {
        for (n1, n2) in [(0, 3), (2, 0), (2, 3), (1, 1)] {
            for (a, c) in [(0, 0), (1, 1), (0, 1), (2, 3)] {
                let Ok(table) = Table::new((a, n1), (c, n2)) else { continue };
                for (us, un) in [(0, 0), (0, 2), (2, 0), (1, 1), (3, 2)] {
                    let unknown = Unknown { selected: us, not_selected: un };
                    let all: Vec<f64> = (0..=us)
                        .flat_map(|s| (0..=un).map(move |u| (s, u)))
                        .filter_map(|(s, u)| ratio(&allocate(&table, unknown, s, u)))
                        .collect();
                    let found = bounds(&table, unknown);
                    let smallest = all.iter().copied().reduce(f64::min);
                    let largest = all.iter().copied().reduce(f64::max);
                    assert_eq!(
                        (found.smallest, found.largest),
                        (smallest, largest),
                        "{table:?} {unknown:?}"
                    );
                    let below = all.iter().filter(|r| **r < 0.8 - 1e-12).count() as u64;
                    assert_eq!(found.below_four_fifths, Some(below), "{table:?} {unknown:?}");
                }
            }
        }
    }
}
