//! Tables to rows: widths of columns from what stands in them, and rows that may be divided only if they are long.
//! Knows nothing of pages.

use std::rc::Rc;

use super::content::{Align, Cell, Run, Style, Table};
use super::layout::{HAIRLINE, INK, Layout, MEASURE, Mark, PARAGRAPH, Row, SHADE, SOFT, baseline};
use super::lines::{Line, extremes, lines};
use super::tags::{NodeId, Role};

/// How a table's letters are set.
#[derive(Clone, Copy)]
struct Measures {
    size: f32,
    leading: f32,
    padding: f32,
}

/// A table takes the first of these in which no word has to be divided.
const MEASURES: [Measures; 4] = [
    Measures { size: 9.5, leading: 13.5, padding: 6.0 },
    Measures { size: 8.5, leading: 12.0, padding: 4.5 },
    Measures { size: 7.5, leading: 10.5, padding: 3.5 },
    Measures { size: 6.6, leading: 9.4, padding: 2.5 },
];
/// Room above and below the lines of a cell.
const ROOM: f32 = 3.5;
/// A row of more lines than this may be divided between pages.
const LONGEST_WHOLE: usize = 14;
/// Columns narrower than this hold no words; a table of so many is set as paragraphs.
const NARROWEST: f32 = 26.0;

/// Adds a table.
pub(super) fn add(layout: &mut Layout, table: &Table) {
    let columns = table.rows.iter().map(Vec::len).fold(table.header.len(), usize::max);
    if columns == 0 {
        return;
    }
    if MEASURE / columns as f32 <= NARROWEST {
        for row in std::iter::once(&table.header).chain(&table.rows) {
            let node = layout.tags.add(Role::Paragraph, None);
            layout.text(&in_a_row(row), PARAGRAPH, node);
        }
        return;
    }
    let (measures, widths) = fitting(layout, table, columns);
    let root = layout.tags.add(Role::Table, None);
    let first = layout.rows.len();
    let mut repeats = None;
    if !table.header.is_empty() {
        let head = layout.tags.add(Role::Head, Some(root));
        let cells: Vec<Cell> = table.header.iter().map(|cell| strong(cell)).collect();
        row(layout, &cells, table, (measures, &widths), head, true);
        for row in layout.rows.get_mut(first..).unwrap_or_default() {
            row.keeps_next = true;
        }
        repeats = Some(Rc::new(layout.rows.get(first..).unwrap_or_default().to_vec()));
    }
    let rows = layout.tags.add(Role::Rows, Some(root));
    for cells in &table.rows {
        let at = layout.rows.len();
        row(layout, cells, table, (measures, &widths), rows, false);
        for row in layout.rows.get_mut(at..).unwrap_or_default() {
            row.repeats.clone_from(&repeats);
        }
    }
    if let Some(row) = layout.rows.get_mut(first) {
        row.above = 9.0;
    }
    layout.rows.push(Row { height: 4.0, ..Row::default() });
}

fn strong(cell: &[Run]) -> Cell {
    let style = |run: &Run| if run.style == Style::Label { Style::Label } else { Style::Bold };
    cell.iter().map(|run| Run::new(run.text.as_str(), style(run))).collect()
}

/// The cells of a row one after the other.
fn in_a_row(cells: &[Cell]) -> Vec<Run> {
    let mut runs = Vec::new();
    for cell in cells.iter().filter(|cell| !cell.is_empty()) {
        if !runs.is_empty() {
            runs.push(Run::plain(" · "));
        }
        runs.extend(cell.iter().cloned());
    }
    runs
}

/// Names at the head of rows that take more lines than this are hard to find a row by.
const LINES_OF_A_NAME: f32 = 3.0;
/// How many of the sizes are tried for the sake of such names; smaller ones only so that words stay whole.
const SIZES_FOR_NAMES: usize = 3;

/// The largest letters in which every column holds its widest word and names at the head of rows take few lines, and the
/// widths of the columns.
fn fitting(layout: &mut Layout, table: &Table, columns: usize) -> (Measures, Vec<f32>) {
    let [usual, smaller @ ..] = MEASURES;
    let mut found = (usual, widths(layout, table, columns, usual));
    for (place, measures) in (2..).zip(smaller) {
        let Widths { words_whole, lines_of_names, .. } = found.1;
        if words_whole && (lines_of_names <= LINES_OF_A_NAME || place > SIZES_FOR_NAMES) {
            break;
        }
        found = (measures, widths(layout, table, columns, measures));
    }
    (found.0, found.1.widths)
}

/// The widths of columns, and what comes of them.
struct Widths {
    widths: Vec<f32>,
    /// Whether every column holds its widest word.
    words_whole: bool,
    /// How many lines the longest name at the head of a row takes, at least; 0 where rows have none.
    lines_of_names: f32,
}

/// Every column gets its widest word if that can be; what is left is shared out by how much text each has.
fn widths(layout: &mut Layout, table: &Table, columns: usize, measures: Measures) -> Widths {
    let Measures { size, padding, .. } = measures;
    let mut least = vec![NARROWEST - 2.0 * padding; columns];
    let mut wished = least.clone();
    for (number, cells) in std::iter::once(&table.header).chain(&table.rows).enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let cell = if number == 0 { &strong(cell) } else { cell };
            let (widest, longest) = extremes(&mut layout.shaper, cell, size, MEASURE);
            if let (Some(a), Some(b)) = (least.get_mut(column), wished.get_mut(column)) {
                *a = a.max(widest);
                *b = b.max(longest);
            }
        }
    }
    let room = MEASURE - 2.0 * padding * columns as f32;
    let (all_least, all_wished): (f32, f32) = (least.iter().sum(), wished.iter().sum());
    // Long columns get more of what is left than short ones.
    let weights: Vec<f32> =
        least.iter().zip(&wished).map(|(least, wished)| (wished - least).max(0.0)).collect();
    let all_weights = weights.iter().sum::<f32>().max(1.0);
    let widths: Vec<f32> = least
        .iter()
        .zip(&wished)
        .zip(&weights)
        .map(|((least, wished), weight)| {
            let inner = if all_wished <= room {
                wished + (room - all_wished) * wished / all_wished.max(1.0)
            } else if all_least <= room {
                least + (room - all_least) * weight / all_weights
            } else {
                least * room / all_least
            };
            inner + 2.0 * padding
        })
        .collect();
    let lines_of_names = match (table.row_headers, wished.first(), widths.first()) {
        (true, Some(longest), Some(width)) => longest / (width - 2.0 * padding).max(1.0),
        _ => 0.0,
    };
    Widths { widths, words_whole: all_least <= room, lines_of_names }
}

fn row(
    layout: &mut Layout,
    cells: &[Cell],
    table: &Table,
    (measures, widths): (Measures, &[f32]),
    parent: NodeId,
    header: bool,
) {
    let Measures { size, leading, padding } = measures;
    let node = layout.tags.add(Role::Row, Some(parent));
    let blank = Vec::new();
    let mut set: Vec<(f32, f32, NodeId, Vec<Line>)> = Vec::new();
    let mut left = 0.0;
    for (column, width) in widths.iter().enumerate() {
        let role = match (header, column == 0 && table.row_headers) {
            (true, _) => Role::ColumnHeader,
            (false, true) => Role::RowHeader,
            (false, false) => Role::Cell,
        };
        let cell = cells.get(column).unwrap_or(&blank);
        let inner = width - 2.0 * padding;
        let mut found = lines(&mut layout.shaper, cell, size, inner);
        if found.is_empty() {
            // A cell without content would be no cell, and the row would have too few.
            found = lines(&mut layout.shaper, &[Run::plain(" ")], size, inner);
        }
        let right = table.align.get(column) == Some(&Align::Right);
        let indent = if right { inner } else { 0.0 };
        set.push((left + padding, indent, layout.tags.add(role, Some(node)), found));
        left += width;
    }
    let count = set.iter().map(|(_, _, _, lines)| lines.len()).max().unwrap_or(0);
    let mut cells: Vec<_> = set
        .into_iter()
        .map(|(x, indent, node, lines)| (x, indent, node, lines.into_iter()))
        .collect();
    for number in 0..count {
        let (top, bottom) = (number == 0, number + 1 == count);
        let head = if top { ROOM } else { 0.0 };
        let height = leading + head + if bottom { ROOM } else { 0.0 };
        let mut marks = Vec::new();
        if header {
            marks.push(Mark::Box {
                at: (0.0, 0.0),
                size: (MEASURE, height),
                radius: 0.0,
                colour: SHADE,
            });
        }
        for (x, indent, node, lines) in &mut cells {
            let Some(line) = lines.next() else { continue };
            let x = if *indent > 0.0 { *x + *indent - line.width } else { *x };
            let y = head + baseline(size, leading);
            let colour = if header { SOFT } else { INK };
            marks.push(Mark::Text { x, y, line: Rc::new(line), colour, node: *node });
        }
        if bottom {
            let at = (0.0, height - 0.6);
            let area = (MEASURE, 0.6);
            marks.push(Mark::Box { at, size: area, radius: 0.0, colour: HAIRLINE });
        }
        let keeps_next = !bottom && (count <= LONGEST_WHOLE || number == 0 || number + 2 == count);
        layout.rows.push(Row { height, keeps_next, marks, ..Row::default() });
    }
}
