//! The order in which the lines of a page are read. The order of drawing is taken wherever it runs down the page or
//! on to the right; where it jumps about, the page is cut along its white space instead.

use super::super::geometry::Area;
use super::{Cell, Line};

/// Deeper cuts are not made.
const DEEPEST_CUT: usize = 24;
/// A page with more lines than this is a drawing; its order is not improved, and it has no tables.
pub(super) const MOST_LINES: usize = 5_000;

/// Puts lines in reading order.
pub(super) fn reading_order(lines: Vec<Line>) -> Vec<Line> {
    if lines.len() > MOST_LINES {
        return lines;
    }
    if is_disordered(&lines) {
        let (level, mut others): (Vec<Line>, Vec<Line>) =
            lines.into_iter().partition(Line::is_level);
        let size = usual_size(&level);
        let cells: Vec<Cell> = level.into_iter().flat_map(|line| line.cells).collect();
        let mut ordered = Vec::new();
        cut(cells, size, 0, &mut ordered);
        ordered.append(&mut others);
        ordered
    } else {
        apart_columns(raise_late(home_strays(lines)))
    }
}

/// Words set at the right of a line are drawn before it by some producers, all of them first (a date that floats).
/// Each goes to the end of its line.
fn home_strays(mut lines: Vec<Line>) -> Vec<Line> {
    let mut number = 0;
    while number < lines.len() {
        match home_of(&lines, number) {
            Some(home) => {
                let stray = lines.remove(number);
                if let Some(line) = lines.get_mut(home - 1) {
                    line.area = line.area.joined(stray.area);
                    line.cells.extend(stray.cells);
                }
            }
            None => number += 1,
        }
    }
    lines
}

/// How far ahead a stray's line is looked for.
const FURTHEST_HOME: usize = 200;

/// The later line that a line stands to the right of, if it stands alone where it is in order.
fn home_of(lines: &[Line], number: usize) -> Option<usize> {
    let stray = lines.get(number).filter(|line| line.is_level() && line.cells.len() == 1)?;
    let flows = |from: &Line, to: &Line| {
        let down = (from.origin.y - to.origin.y) / from.size.max(to.size).max(1.0);
        (0.3..2.2).contains(&down) && from.area.shared_width(to.area) > 0.0
    };
    let before = number.checked_sub(1).and_then(|before| lines.get(before));
    let after = lines.get(number + 1);
    if before.is_some_and(|before| flows(before, stray))
        || after.is_some_and(|after| flows(stray, after))
    {
        return None;
    }
    let (mut home, mut reach) = (None, f64::NEG_INFINITY);
    for (place, line) in lines.iter().enumerate().skip(number + 1).take(FURTHEST_HOME) {
        let level = (line.origin.y - stray.origin.y).abs() < stray.size.min(line.size) * 0.25;
        let left = line.area.right <= stray.area.left + 1.0;
        if line.is_level() && level && left && line.area.right > reach {
            reach = line.area.right;
            home = Some(place);
        }
    }
    home
}

/// Beyond so many lines, late ones are not looked for.
const MOST_RAISED: usize = 1_500;
/// So many headings may be drawn after the words that they stand over.
const MOST_OVER: usize = 4;

/// Design programs draw headings after the words that they stand over. A line that lies above words of its own column
/// that were drawn earlier goes before the nearest of them.
fn raise_late(lines: Vec<Line>) -> Vec<Line> {
    if lines.len() > MOST_RAISED {
        return lines;
    }
    let above = |upper: &Line, lower: &Line| {
        let narrower = upper.area.width().min(lower.area.width()).max(1.0);
        upper.origin.y - lower.origin.y > upper.size.max(lower.size) * 0.5
            && upper.area.shared_width(lower.area) > narrower * 0.3
    };
    // A line that nearly all others stand above was drawn early itself, as the foot of a page often is.
    let early: Vec<bool> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let later = lines.iter().skip(number + 1).filter(|late| late.is_level());
            later.filter(|late| above(late, line)).take(MOST_OVER + 1).count() > MOST_OVER
        })
        .collect();
    let mut order: Vec<usize> = Vec::with_capacity(lines.len());
    for (number, late) in lines.iter().enumerate() {
        let below: Vec<(usize, f64)> = order
            .iter()
            .enumerate()
            .filter(|(_, earlier)| early.get(**earlier) == Some(&false))
            .filter_map(|(place, earlier)| Some((place, lines.get(*earlier)?)))
            .filter(|(_, line)| late.is_level() && line.is_level() && above(late, line))
            .map(|(place, line)| (place, late.origin.y - line.origin.y))
            .collect();
        let nearest = below.iter().map(|(_, down)| *down).fold(f64::INFINITY, f64::min);
        let reach = nearest + late.size;
        let home = below.into_iter().find(|(_, down)| *down <= reach);
        order.insert(home.map_or(order.len(), |(place, _)| place), number);
    }
    let mut lines: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
    order.into_iter().filter_map(|number| lines.get_mut(number)?.take()).collect()
}

/// Whether the order of drawing jumps about: back to the left on one line, up over words that were drawn already, or
/// from place to place.
fn is_disordered(lines: &[Line]) -> bool {
    let (mut steps, mut up, mut back, mut jumps) = (0_usize, 0_usize, 0_usize, 0_usize);
    for pair in lines.windows(2) {
        let [from, to] = pair else { continue };
        if !from.is_level() || !to.is_level() {
            continue;
        }
        steps += 1;
        let narrower = from.area.width().min(to.area.width()).max(1.0);
        let down = (from.origin.y - to.origin.y) / from.size.max(to.size).max(1.0);
        if from.area.beside(to.area) > 0.5 {
            back += usize::from(to.area.right <= from.area.left + from.size * 0.5);
        } else if down < 0.0 && from.area.shared_width(to.area) > narrower * 0.3 {
            up += 1;
        }
        jumps += usize::from(!(-0.5..4.0).contains(&down));
    }
    up >= 3 && up * 6 > steps
        || back >= 3 && back * 5 > steps * 2
        || jumps >= 8 && jumps * 5 > steps * 3
}

fn usual_size(lines: &[Line]) -> f64 {
    let mut sizes: Vec<f64> = lines.iter().map(|line| line.size).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0).max(1.0)
}

/// Cuts cells along the widest white space, columns first, until only lines are left.
fn cut(cells: Vec<Cell>, size: f64, depth: usize, ordered: &mut Vec<Line>) {
    if (2..=MOST_LINES).contains(&cells.len()) && depth < DEEPEST_CUT {
        let gutter = widest_gap(&cells, |area| (area.left, area.right));
        if let Some((width, at)) = gutter
            && width > size
        {
            let (left, right): (Vec<Cell>, Vec<Cell>) =
                cells.iter().cloned().partition(|cell| cell.area.centre().x < at);
            if are_columns(&left, &right) {
                cut(left, size, depth + 1, ordered);
                cut(right, size, depth + 1, ordered);
                return;
            }
        }
        let space = widest_gap(&cells, |area| (area.bottom, area.top));
        if let Some((height, at)) = space
            && height > size * 0.4
        {
            let (above, below): (Vec<Cell>, Vec<Cell>) =
                cells.into_iter().partition(|cell| cell.area.centre().y > at);
            cut(above, size, depth + 1, ordered);
            cut(below, size, depth + 1, ordered);
            return;
        }
    }
    ordered.extend(rows(cells, size));
}

/// The widest stretch that no cell reaches into, and its middle.
fn widest_gap(cells: &[Cell], side: impl Fn(&Area) -> (f64, f64)) -> Option<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = cells.iter().map(|cell| side(&cell.area)).collect();
    stretches.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut reach = stretches.first()?.1;
    let mut widest: Option<(f64, f64)> = None;
    for (from, to) in stretches {
        let gap = from - reach;
        if gap > widest.map_or(0.0, |(gap, _)| gap) {
            widest = Some((gap, (from + reach) / 2.0));
        }
        reach = reach.max(to);
    }
    widest
}

/// Columns of prose, not of a table: several lines each, which are long or do not stand side by side.
fn are_columns(left: &[Cell], right: &[Cell]) -> bool {
    let (few, many) = if left.len() < right.len() { (left, right) } else { (right, left) };
    if few.len() < 3 {
        return false;
    }
    let paired = few
        .iter()
        .filter(|cell| many.iter().any(|other| (other.area.bottom - cell.area.bottom).abs() < 1.0))
        .count();
    let words = |cells: &[Cell]| {
        cells.iter().map(|cell| cell.words.len()).sum::<usize>() / cells.len().max(1)
    };
    paired * 10 < few.len() * 7 || words(left) >= 4 && words(right) >= 4
}

/// Cells to lines, from the top down and from left to right.
fn rows(mut cells: Vec<Cell>, size: f64) -> Vec<Line> {
    cells.sort_by(|a, b| b.area.bottom.total_cmp(&a.area.bottom));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| first.area.beside(cell.area) > 0.6) => {
                row.push(cell);
            }
            _ => rows.push(vec![cell]),
        }
    }
    rows.into_iter()
        .map(|mut row| {
            row.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
            Line::level(join_neighbours(row, size), size)
        })
        .collect()
}

/// Cells that follow each other closely are one.
fn join_neighbours(row: Vec<Cell>, size: f64) -> Vec<Cell> {
    let mut joined: Vec<Cell> = Vec::new();
    for mut cell in row {
        match joined.last_mut() {
            Some(last) if cell.area.left - last.area.right < size * 1.2 => {
                // Pieces of one word touch.
                if cell.area.left - last.area.right < size * 0.08
                    && let (Some(end), Some(start)) = (last.words.last_mut(), cell.words.first())
                {
                    end.text.push_str(&start.text);
                    end.area = end.area.joined(start.area);
                    cell.words.remove(0);
                }
                last.area = last.area.joined(cell.area);
                last.words.append(&mut cell.words);
            }
            _ => joined.push(cell),
        }
    }
    joined
}

/// Lines that were drawn straight across two columns of prose are taken apart: first the left column, then the right.
fn apart_columns(lines: Vec<Line>) -> Vec<Line> {
    let mut ordered = Vec::with_capacity(lines.len());
    let mut run: Vec<Line> = Vec::new();
    let mut free = (f64::NEG_INFINITY, f64::INFINITY);
    for line in lines {
        if let Some((left, right)) = two_cells(&line) {
            let shared = (free.0.max(left), free.1.min(right));
            if shared.1 - shared.0 > line.size * 0.8 {
                free = shared;
                run.push(line);
                continue;
            }
            flush(&mut run, &mut ordered);
            free = (left, right);
            run.push(line);
        } else {
            flush(&mut run, &mut ordered);
            free = (f64::NEG_INFINITY, f64::INFINITY);
            ordered.push(line);
        }
    }
    flush(&mut run, &mut ordered);
    ordered
}

/// The white space between the two cells of a line that has two.
fn two_cells(line: &Line) -> Option<(f64, f64)> {
    match line.cells.as_slice() {
        [left, right] if line.is_level() => Some((left.area.right, right.area.left)),
        _ => None,
    }
}

fn flush(run: &mut Vec<Line>, ordered: &mut Vec<Line>) {
    let cells = |place: usize| {
        run.iter().filter_map(move |line| line.cells.get(place).cloned()).collect::<Vec<_>>()
    };
    let (left, right) = (cells(0), cells(1));
    let long = |cells: &[Cell]| {
        let long = cells.iter().filter(|cell| cell.words.len() >= 4).count();
        long * 10 >= cells.len() * 8
    };
    if run.len() >= 6 && long(&left) && long(&right) {
        let size = usual_size(run);
        run.clear();
        for cell in left.into_iter().chain(right) {
            ordered.push(Line::level(vec![cell], size));
        }
    } else {
        ordered.append(run);
    }
}
