//! Disclosure control: which counts of a table of groups may be shown. It hides small counts, and others beside them,
//! so that totals and differences do not give them back. It sees counts only and changes none.

/// Where counts are hidden: for each group, for each column.
///
/// Columns are the points of the journey: those who entered the first decision, those who passed it, those who
/// entered the second, and so on. Passing one decision and entering the next are one column, because without
/// withdrawals they are the same people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    cells: Vec<Vec<bool>>,
}

/// The counts behind one cell of a column: who entered, who passed the decision before, and who did not pass it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    /// Entered the decision that starts here.
    pub entered: u64,
    /// Passed the decision that ends here.
    pub passed: u64,
    /// Were turned down by the decision that ends here.
    pub turned_down: u64,
    /// Must be hidden for a reason that stands in no count of this point.
    pub is_barred: bool,
}

impl Point {
    fn is_small(&self, minimum: u64) -> bool {
        self.is_barred
            || [self.entered, self.passed, self.turned_down]
                .iter()
                .any(|count| (1..minimum).contains(count))
    }

    fn size(&self) -> u64 {
        self.entered.max(self.passed)
    }
}

impl Hidden {
    /// Nothing hidden.
    pub fn none(groups: usize, columns: usize) -> Self {
        Self { cells: vec![vec![false; columns]; groups] }
    }

    /// Whether a group's count in a column is hidden.
    pub fn is_hidden(&self, group: usize, column: usize) -> bool {
        self.cells.get(group).and_then(|row| row.get(column)).copied().unwrap_or(true)
    }

    /// The rows of some of the groups, as a table of their own.
    #[must_use]
    pub fn rows(&self, first: usize, count: usize) -> Self {
        Self { cells: self.cells.iter().skip(first).take(count).cloned().collect() }
    }

    fn hide(&mut self, group: usize, column: usize) -> bool {
        match self.cells.get_mut(group).and_then(|row| row.get_mut(column)) {
            Some(cell) if !*cell => {
                *cell = true;
                true
            }
            _ => false,
        }
    }
}

/// Groups that add up to a number that is known: all groups of a view, or the details of a broader group.
pub type Sum = Vec<usize>;

/// Decides what is hidden. `points` holds for each group one point a column; `sums` lists the sets of groups whose
/// total can be known; `parts` says for each group which other groups are its details.
///
/// Counts from 1 to minimum - 1 are hidden (primary), and what became of these people later, nobody included. Then, in
/// every known sum, at least two groups must be hidden and hold together at least the minimum (secondary); the smallest
/// group that is still shown is hidden next. A broader group that is hidden must have hidden details, or they would add up to it.
pub fn decide(points: &[Vec<Point>], sums: &[Sum], parts: &[Vec<usize>], minimum: u64) -> Hidden {
    let columns = points.iter().map(Vec::len).max().unwrap_or(0);
    let mut hidden = Hidden::none(points.len(), columns);
    let point = |group: usize, column: usize| -> Point {
        points.get(group).and_then(|row| row.get(column)).copied().unwrap_or_default()
    };
    for (group, row) in points.iter().enumerate() {
        for (column, found) in row.iter().enumerate() {
            if found.is_small(minimum) {
                hidden.hide(group, column);
            }
        }
    }
    // Whoever was too few at one decision is too few later: "nobody" there would tell what became of them.
    for (group, row) in points.iter().enumerate() {
        let first = row.iter().position(|found| (1..minimum).contains(&found.entered));
        for column in first.into_iter().flat_map(|first| first..columns) {
            hidden.hide(group, column);
        }
    }
    for column in 0..columns {
        let size = |group: usize| point(group, column).size();
        loop {
            let mut changed = false;
            for sum in sums {
                changed |= protect(&mut hidden, sum, column, minimum, size);
            }
            for (group, details) in parts.iter().enumerate() {
                let open = hidden.is_hidden(group, column)
                    && !details.is_empty()
                    && details.iter().all(|detail| !hidden.is_hidden(*detail, column));
                if open && let Some(smallest) = smallest_shown(&hidden, details, column, size) {
                    changed |= hidden.hide(smallest, column);
                }
            }
            if !changed {
                break;
            }
        }
    }
    hidden
}

/// Hides further groups of one sum until the hidden ones cannot be worked out. Whether it hid any.
fn protect(
    hidden: &mut Hidden,
    sum: &[usize],
    column: usize,
    minimum: u64,
    size: impl Fn(usize) -> u64,
) -> bool {
    let mut changed = false;
    loop {
        let concealed: Vec<usize> =
            sum.iter().copied().filter(|group| hidden.is_hidden(*group, column)).collect();
        let people: u64 = concealed.iter().map(|group| size(*group)).sum();
        if concealed.is_empty() || (concealed.len() >= 2 && people >= minimum) {
            return changed;
        }
        let Some(next) = smallest_shown(hidden, sum, column, &size) else { return changed };
        changed |= hidden.hide(next, column);
    }
}

fn smallest_shown(
    hidden: &Hidden,
    groups: &[usize],
    column: usize,
    size: impl Fn(usize) -> u64,
) -> Option<usize> {
    let shown = groups.iter().copied().filter(|g| !hidden.is_hidden(*g, column) && size(*g) > 0);
    shown.min_by_key(|group| size(*group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(counts: &[u64]) -> Vec<Vec<Point>> {
        counts.iter().map(|n| vec![Point { entered: *n, ..Point::default() }]).collect()
    }

    fn hidden(counts: &[u64], minimum: u64) -> Vec<usize> {
        let all: Vec<usize> = (0..counts.len()).collect();
        let result = decide(&column(counts), &[all], &vec![Vec::new(); counts.len()], minimum);
        (0..counts.len()).filter(|group| result.is_hidden(*group, 0)).collect()
    }

    #[test]
    fn a_single_small_group_takes_the_next_smallest_with_it() {
        for (counts, expected) in [
            (vec![4, 50, 900], vec![0, 1]),
            (vec![4, 0, 900], vec![0, 2]),
            (vec![4, 5, 900], vec![0, 1, 2]),
            (vec![6, 7, 900], vec![0, 1]),
            (vec![40, 50, 900], vec![]),
            (vec![0, 50], vec![]),
        ] {
            assert_eq!(hidden(&counts, 10), expected, "{counts:?}");
        }
    }

    #[test]
    fn that_none_of_a_few_went_on_cannot_be_worked_out() {
        let journey = |counts: &[u64]| -> Vec<Point> {
            counts.iter().map(|n| Point { entered: *n, ..Point::default() }).collect()
        };
        let points = [journey(&[3, 0]), journey(&[40, 20]), journey(&[900, 300])];
        let result = decide(&points, &[vec![0, 1, 2]], &vec![Vec::new(); 3], 10);
        let hidden =
            |column| (0..3).map(|group| result.is_hidden(group, column)).collect::<Vec<_>>();
        assert_eq!([hidden(0), hidden(1)], [[true, true, false]; 2]);
    }

    #[test]
    fn a_broader_group_is_not_given_back_by_its_details() {
        // Groups 0 and 1 are details of 3; 2 is the only detail of 4. Group 4 is small.
        let points = column(&[40, 50, 4, 90, 4]);
        let sums = [vec![0, 1, 2], vec![0, 1], vec![3, 4]];
        let parts = [vec![], vec![], vec![], vec![0, 1], vec![2]];
        let result = decide(&points, &sums, &parts, 10);
        assert!(result.is_hidden(4, 0) && result.is_hidden(3, 0) && result.is_hidden(2, 0));
        assert!(result.is_hidden(0, 0) && result.is_hidden(1, 0));
    }

    #[test]
    fn few_who_were_turned_down_hide_the_count_of_who_passed() {
        let few = Point { passed: 41, turned_down: 2, ..Point::default() };
        let many = Point { passed: 300, turned_down: 100, ..Point::default() };
        let points = vec![vec![few], vec![many], vec![many]];
        let result = decide(&points, &[vec![0, 1, 2]], &vec![Vec::new(); 3], 10);
        assert!(result.is_hidden(0, 0));
    }
}
