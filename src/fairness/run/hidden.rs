//! Which counts of the tables of a report are hidden, where earlier reports do not matter: small ones, what they follow
//! from, and what few withdrawals would follow from. `suppress` and `disclosure` decide what goes with a small count.

use super::super::disclosure::{self, Published, PublishedGroup};
use super::super::journey::Stretch;
use super::super::suppress::{Hidden, Point};
use super::layout::Layout;
use super::protection::{ENTERED, Wide};

/// What is hidden of one table, for each group and column.
#[derive(Clone)]
pub(super) struct HiddenCounts {
    /// Who passed the decision before, and were turned down by it.
    passed: Hidden,
    /// Who entered the decision that starts there: all that is hidden of the former, and more where few withdrew
    /// between the two.
    entered: Hidden,
}

impl HiddenCounts {
    pub(super) fn entered(&self, group: usize, column: usize) -> bool {
        self.entered.is_hidden(group, column)
    }

    pub(super) fn passed(&self, group: usize, column: usize) -> bool {
        self.passed.is_hidden(group, column)
    }

    pub(super) fn is_hidden(&self, what: &str, group: usize, column: usize) -> bool {
        if what == ENTERED.0 { self.entered(group, column) } else { self.passed(group, column) }
    }
}

impl Layout<'_> {
    /// Whether the counts of a group over a stretch are hidden: who entered, and who passed.
    pub(super) fn is_hidden(
        &self,
        hidden: &HiddenCounts,
        member: usize,
        stretch: Stretch,
    ) -> (bool, bool) {
        let place = |stage: usize| self.decisions.iter().position(|known| *known == stage);
        let decisions = self.decisions.len();
        match stretch {
            Stretch::Decision(stage) => match place(stage) {
                Some(place) => (hidden.entered(member, place), hidden.passed(member, place + 1)),
                None => (true, true),
            },
            // A hidden count at either end is hidden in the whole journey too, which differs by withdrawals only.
            Stretch::Whole(from, to) => match (place(from), place(to)) {
                (Some(first), Some(last)) => (
                    hidden.entered(member, first) || hidden.entered(member, decisions + 1),
                    hidden.passed(member, last + 1) || hidden.passed(member, decisions + 2),
                ),
                _ => (true, true),
            },
        }
    }

    /// Decides what is hidden of every table: first people of whom there are few, and then, where few withdrew between
    /// two decisions, who entered the later one. The earlier one keeps its counts, and with them its comparisons; how
    /// many entered the later one cannot be told from how many passed the earlier to within those who withdrew.
    pub(super) fn decide(
        &self,
        tables: &[Wide<'_>],
        points: &[Vec<Vec<Point>>],
    ) -> Vec<HiddenCounts> {
        let passed = decide(tables, points, self.request.minimum());
        if self.request.shows_withdrawals {
            let same = |passed: Hidden| HiddenCounts { entered: passed.clone(), passed };
            return passed.into_iter().map(same).collect();
        }
        let few = |count: u64| (1..self.request.minimum()).contains(&count);
        let decisions = self.decisions.len();
        let entering: Vec<Vec<Vec<Point>>> = points
            .iter()
            .zip(&passed)
            .map(|(groups, hidden)| {
                let groups = groups.iter().enumerate();
                let of_group = |(group, points): (usize, &Vec<Point>)| {
                    let of_column = |(column, point): (usize, &Point)| {
                        // Who passed a decision and is not decided at the next withdrew, or waits.
                        let between = (1..decisions).contains(&column);
                        let withdrew = between && few(point.passed.abs_diff(point.entered));
                        let is_barred = hidden.is_hidden(group, column) || withdrew;
                        Point { is_barred, ..*point }
                    };
                    points.iter().enumerate().map(of_column).collect()
                };
                groups.map(of_group).collect()
            })
            .collect();
        let entered = decide(tables, &entering, self.request.minimum());
        let both = passed.into_iter().zip(entered);
        both.map(|(passed, entered)| HiddenCounts { passed, entered }).collect()
    }
}

fn decide(tables: &[Wide<'_>], points: &[Vec<Vec<Point>>], minimum: u64) -> Vec<Hidden> {
    let published: Vec<Published> = tables
        .iter()
        .zip(points)
        .map(|(table, points)| Published {
            characteristic: table.view.characteristic.id.as_str(),
            is_grouped: table.view.grouping.is_some(),
            members: table
                .view
                .members
                .iter()
                .zip(points)
                .map(|(member, points)| PublishedGroup {
                    id: member.id.as_str(),
                    categories: member.categories.iter().map(|c| c.id.as_str()).collect(),
                    points: points.clone(),
                })
                .collect(),
        })
        .collect();
    disclosure::decide(&published, minimum)
}

/// How many counts are hidden.
pub(super) fn count_hidden(points: &[Vec<Vec<Point>>], hidden: &[HiddenCounts]) -> usize {
    let tables = points.iter().zip(hidden);
    tables
        .map(|(table, hidden)| {
            let groups = table.iter().enumerate();
            groups
                .map(|(group, columns)| {
                    (0..columns.len()).filter(|column| hidden.entered(group, *column)).count()
                })
                .sum::<usize>()
        })
        .sum()
}
