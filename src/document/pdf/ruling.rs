//! Lines that are drawn along the sides of a page, and the grids of cells that they make. Knows no words.

use super::geometry::{Area, Point};

/// Shorter ones are parts of letters and marks.
const LEAST_LENGTH: f64 = 4.0;
/// A filled box as thin as this is a line.
const THICKEST: f64 = 2.5;
/// Lines that end so near each other meet.
const NEAR: f64 = 3.0;
/// A page with more lines is a drawing.
pub(super) const MOST: usize = 4_000;
/// The same, when those that follow each other are one.
const MOST_JOINED: usize = 800;
/// Cells of one grid.
const MOST_CELLS: usize = 4_000;

/// A line along a side of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ruling {
    level: bool,
    at: f64,
    from: f64,
    to: f64,
}

impl Ruling {
    /// The line between two points, if it runs along a side of the page.
    pub(super) fn between(a: Point, b: Point) -> Option<Self> {
        let area = Area::NOTHING.with(a).with(b);
        if area.width().min(area.height()) < 0.2 { Self::along(area) } else { None }
    }

    /// The line that a thin box is.
    pub(super) fn along(area: Area) -> Option<Self> {
        let level = area.width() > area.height();
        let centre = area.centre();
        let (at, from, to, thickness) = if level {
            (centre.y, area.left, area.right, area.height())
        } else {
            (centre.x, area.bottom, area.top, area.width())
        };
        let line = Self { level, at, from, to };
        let believable = centre.is_believable() && from.is_finite() && to.is_finite();
        (believable && thickness <= THICKEST && to - from >= LEAST_LENGTH).then_some(line)
    }

    /// What is seen of it through a window.
    pub(super) fn clipped_to(self, window: Area) -> Option<Self> {
        let (low, high, from, to) = if self.level {
            (window.bottom, window.top, window.left, window.right)
        } else {
            (window.left, window.right, window.bottom, window.top)
        };
        let line = Self { from: self.from.max(from), to: self.to.min(to), ..self };
        let seen = (low - 1.0..=high + 1.0).contains(&self.at) && line.to - line.from > 0.0;
        seen.then_some(line)
    }

    fn meets(self, other: Self) -> bool {
        let reaches = |line: Self, at: f64| (line.from - NEAR..=line.to + NEAR).contains(&at);
        self.level != other.level && reaches(self, other.at) && reaches(other, self.at)
    }

    fn length(self) -> f64 {
        self.to - self.from
    }
}

/// A cell: its place, and which rows and columns of the grid it covers, counted from the top and the left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) area: Area,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
}

/// A table's cells, row by row.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) area: Area,
    pub(super) rows: usize,
    pub(super) fields: Vec<Field>,
}

/// The grids of a page: at least two rows and two columns, in which every cell is a box. What holds another grid only
/// arranges the page.
pub(super) fn grids(rulings: &[Ruling]) -> Vec<Grid> {
    if rulings.len() > MOST {
        return Vec::new();
    }
    let joined = join(rulings);
    if joined.len() > MOST_JOINED {
        return Vec::new();
    }
    let found: Vec<Grid> = connected(&joined).iter().filter_map(|lines| grid(lines)).collect();
    let holds_another =
        |grid: &Grid| found.iter().filter(|other| grid.area.holds(other.area.centre())).count() > 1;
    let kept: Vec<bool> = found.iter().map(|grid| !holds_another(grid)).collect();
    found.into_iter().zip(kept).filter_map(|(grid, kept)| kept.then_some(grid)).collect()
}

/// Lines that follow each other, or lie over each other, are one.
fn join(rulings: &[Ruling]) -> Vec<Ruling> {
    let mut sorted = rulings.to_vec();
    sorted.sort_by(|a, b| a.level.cmp(&b.level).then(a.at.total_cmp(&b.at)));
    let mut joined: Vec<Ruling> = Vec::new();
    for beside in sorted.chunk_by(|a, b| a.level == b.level && b.at - a.at < 1.0) {
        let mut beside = beside.to_vec();
        beside.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut runs = beside.into_iter();
        let Some(mut run) = runs.next() else { continue };
        for next in runs {
            if next.from <= run.to + NEAR {
                run.to = run.to.max(next.to);
            } else {
                joined.push(std::mem::replace(&mut run, next));
            }
        }
        joined.push(run);
    }
    joined
}

/// Groups of lines that meet.
fn connected(lines: &[Ruling]) -> Vec<Vec<Ruling>> {
    let mut left: Vec<Ruling> = lines.to_vec();
    let mut groups = Vec::new();
    while let Some(first) = left.pop() {
        let mut group = vec![first];
        let mut next = 0;
        while let Some(line) = group.get(next).copied() {
            let (met, others): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|other| line.meets(*other));
            group.extend(met);
            left = others;
            next += 1;
        }
        groups.push(group);
    }
    groups
}

/// Places that differ by more than a line's thickness, in order.
fn places(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.dedup_by(|next, kept| *next - *kept < NEAR);
    values
}

fn grid(lines: &[Ruling]) -> Option<Grid> {
    let (level, upright): (Vec<Ruling>, Vec<Ruling>) = lines.iter().partition(|line| line.level);
    let sides = |along: &[Ruling], across: &[Ruling]| {
        let ends = across.iter().flat_map(|line| [line.from, line.to]);
        let low = ends.clone().fold(f64::INFINITY, f64::min);
        let high = ends.fold(f64::NEG_INFINITY, f64::max);
        places(along.iter().map(|line| line.at).chain([low, high]).collect())
    };
    if level.is_empty() || upright.is_empty() {
        return None;
    }
    let xs = sides(&upright, &level);
    let mut ys = sides(&level, &upright);
    ys.reverse();
    let (columns, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
    if columns < 2 || rows < 2 || columns * rows > MOST_CELLS {
        return None;
    }
    let area =
        Area { left: *xs.first()?, right: *xs.last()?, top: *ys.first()?, bottom: *ys.last()? };
    let across = level.iter().filter(|line| line.length() > area.width() * 0.8).count();
    let down = upright.iter().any(|line| line.length() > area.height() * 0.4);
    if across < 2 || !down {
        return None;
    }
    // Two boxes side by side, or one above the other, are one cell where no line parts them.
    let middle =
        |places: &[f64], at: usize| Some(f64::midpoint(*places.get(at)?, *places.get(at + 1)?));
    let parted = |lines: &[Ruling], at: f64, along: f64| {
        lines.iter().any(|line| {
            (line.at - at).abs() < NEAR && (line.from - 1.0..=line.to + 1.0).contains(&along)
        })
    };
    let mut taken = vec![false; columns * rows];
    let mut fields = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            if taken.get(row * columns + column) != Some(&false) {
                continue;
            }
            let (x, y) = (middle(&xs, column)?, middle(&ys, row)?);
            let mut right = column + 1;
            while right < columns && !parted(&upright, *xs.get(right)?, y) {
                right += 1;
            }
            let mut below = row + 1;
            while below < rows && !parted(&level, *ys.get(below)?, x) {
                below += 1;
            }
            for down in row..below {
                for along in column..right {
                    let (x, y) = (middle(&xs, along)?, middle(&ys, down)?);
                    let ends = |next: usize, last: usize, all: usize, parted: bool| {
                        next == all || parted == (next == last)
                    };
                    let beside = parted(&upright, *xs.get(along + 1)?, y);
                    let under = parted(&level, *ys.get(down + 1)?, x);
                    let boxed = ends(along + 1, right, columns, beside)
                        && ends(down + 1, below, rows, under);
                    let cell = taken.get_mut(down * columns + along)?;
                    // A cell that is no box: the lines draw something else.
                    if !boxed || std::mem::replace(cell, true) {
                        return None;
                    }
                }
            }
            let area = Area {
                left: *xs.get(column)?,
                right: *xs.get(right)?,
                top: *ys.get(row)?,
                bottom: *ys.get(below)?,
            };
            fields.push(Field { area, row, column, rows: below - row });
        }
    }
    (fields.len() > 2).then_some(Grid { area, rows, fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(level: &[(f64, f64, f64)], upright: &[(f64, f64, f64)]) -> Vec<Ruling> {
        let of = |level| move |&(at, from, to): &(f64, f64, f64)| Ruling { level, at, from, to };
        level.iter().map(of(true)).chain(upright.iter().map(of(false))).collect()
    }

    /// Row, column and rows covered of every cell.
    fn cells(rulings: &[Ruling]) -> Vec<(usize, usize, usize)> {
        let grids = grids(rulings);
        grids.iter().flat_map(|grid| &grid.fields).map(|f| (f.row, f.column, f.rows)).collect()
    }

    #[test]
    fn lines_that_cross_make_cells_and_missing_lines_make_larger_ones() {
        let level = [(300.0, 0.0, 200.0), (200.0, 0.0, 200.0), (100.0, 0.0, 200.0)];
        let upright = [(0.0, 100.0, 300.0), (80.0, 100.0, 300.0), (200.0, 100.0, 300.0)];
        let all = [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)];
        assert_eq!(cells(&lines(&level, &upright)), all);
        // Without lines around it.
        assert_eq!(cells(&lines(&level, &upright[1..2])), all);
        // The first row is one cell; the first column is one cell.
        let below = [upright[0], (80.0, 100.0, 200.0), upright[2]];
        assert_eq!(cells(&lines(&level, &below)), [(0, 0, 1), (1, 0, 1), (1, 1, 1)]);
        let beside = [level[0], (200.0, 80.0, 200.0), level[2]];
        assert_eq!(cells(&lines(&beside, &upright)), [(0, 0, 2), (0, 1, 1), (1, 1, 1)]);
    }

    #[test]
    fn frames_dividers_and_drawings_are_no_tables() {
        let frame = lines(
            &[(300.0, 0.0, 200.0), (100.0, 0.0, 200.0)],
            &[(0.0, 100.0, 300.0), (200.0, 100.0, 300.0)],
        );
        let divider = lines(&[(700.0, 40.0, 560.0)], &[(200.0, 40.0, 700.0)]);
        let ticks = lines(
            &[(300.0, 98.0, 110.0), (200.0, 98.0, 110.0), (100.0, 98.0, 110.0)],
            &[(100.0, 50.0, 350.0)],
        );
        // A cell in the form of an L.
        let corner = lines(
            &[(300.0, 0.0, 200.0), (200.0, 80.0, 200.0), (100.0, 0.0, 200.0)],
            &[(0.0, 100.0, 300.0), (80.0, 200.0, 300.0), (200.0, 100.0, 300.0)],
        );
        for (name, drawn) in
            [("frame", frame), ("divider", divider), ("ticks", ticks), ("corner", corner)]
        {
            assert_eq!(cells(&drawn), [], "{name}");
        }
    }
}
