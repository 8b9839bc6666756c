//! Tables whose cells are parted by drawn lines: what stands in a cell is put together, however many lines it takes,
//! and each row becomes a line of cells. Follows the other readers (`compose::rows`): cells before the last are
//! captions, or the table only arranges the page and the order of drawing is kept.

use super::super::geometry::{Area, Point};
use super::super::hyphens::SOFT_BREAK;
use super::super::ruling::{Field, Grid};
use super::{Cell, Line, Word};
use crate::document::compose::LONGEST_CAPTION;

/// Begins and ends the word that keeps a table's place; words have no white space in them.
const MARK: char = '\u{2028}';

/// Words of one cell on one baseline.
struct Piece {
    words: Vec<Word>,
    area: Area,
    origin: Point,
    size: f64,
}

/// A table that was taken out of the lines of a page.
pub(super) struct Table {
    lines: Vec<Line>,
}

/// Takes the words of tables out of lines, and leaves a mark for each.
pub(super) fn take_out(lines: &mut Vec<Line>, grids: &[Grid], dots: &[Area]) -> Vec<Table> {
    let mut tables = Vec::new();
    for grid in grids {
        let Some(rows) = set(lines, grid, dots) else { continue };
        let size = rows.first().map_or(10.0, |line| line.size);
        let name = format!("{MARK}{}{MARK}", tables.len());
        let mut mark = Some(mark(name, grid.area, size));
        let mut rest = Vec::with_capacity(lines.len());
        for line in lines.drain(..) {
            let (inside, outside) = part(line, grid.area);
            if inside {
                rest.extend(mark.take());
            }
            rest.extend(outside);
        }
        *lines = rest;
        tables.push(Table { lines: rows });
    }
    tables
}

/// Puts tables back where their marks are.
pub(super) fn put_back(lines: Vec<Line>, mut tables: Vec<Table>) -> Vec<Line> {
    if tables.is_empty() {
        return lines;
    }
    let mut whole = Vec::with_capacity(lines.len());
    for mut line in lines {
        let has_mark = |word: &Word| word.text.contains(MARK);
        if !line.cells.iter().any(|cell| cell.words.iter().any(has_mark)) {
            whole.push(line);
            continue;
        }
        let Line { size, direction, .. } = line;
        let mut kept: Vec<Cell> = Vec::new();
        let flush = |kept: &mut Vec<Cell>, whole: &mut Vec<Line>| {
            if !kept.is_empty() {
                whole.push(Line { direction, ..Line::level(std::mem::take(kept), size) });
            }
        };
        for cell in line.cells.drain(..) {
            let mut words = Vec::new();
            for word in cell.words {
                // What touched a table may have been joined to its mark.
                for (number, text) in word.text.split(MARK).enumerate() {
                    match text.parse::<usize>().ok().filter(|_| number % 2 == 1) {
                        Some(table) => {
                            if !words.is_empty() {
                                kept.push(Cell::of(std::mem::take(&mut words)));
                            }
                            flush(&mut kept, &mut whole);
                            if let Some(table) = tables.get_mut(table) {
                                whole.append(&mut table.lines);
                            }
                        }
                        None if text.is_empty() => {}
                        None => words.push(Word { text: text.to_owned(), ..word.clone() }),
                    }
                }
            }
            if !words.is_empty() {
                kept.push(Cell { entered: cell.entered, ..Cell::of(words) });
            }
        }
        flush(&mut kept, &mut whole);
    }
    whole
}

fn mark(text: String, area: Area, size: f64) -> Line {
    let word = Word { text, area, unseen: None, bold: false };
    let cell = Cell { words: vec![word], area, entered: false };
    Line { foot: Point { x: area.left, y: area.bottom }, ..Line::level(vec![cell], size) }
}

fn is_in(word: &Word, area: Area) -> bool {
    area.holds(word.area.centre())
}

/// Whether a line has words within a grid, and what of it stands outside.
fn part(line: Line, area: Area) -> (bool, Option<Line>) {
    let inside = |word: &Word| line.is_level() && is_in(word, area);
    let any = line.cells.iter().flat_map(|cell| &cell.words).any(inside);
    if !any {
        return (false, Some(line));
    }
    let outside = |cell: &Cell| {
        let words: Vec<Word> = cell.words.iter().filter(|word| !inside(word)).cloned().collect();
        (!words.is_empty()).then(|| Cell::of(words))
    };
    let cells: Vec<Cell> = line.cells.iter().filter_map(outside).collect();
    let rest = (!cells.is_empty()).then(|| Line::level(cells, line.size));
    (true, rest)
}

/// The rows of a grid, if it is a table: most rows have several cells, and captions in all of them but the last.
fn set(lines: &[Line], grid: &Grid, dots: &[Area]) -> Option<Vec<Line>> {
    let level: Vec<&Line> = lines.iter().filter(|line| line.is_level()).collect();
    let mut set = Vec::new();
    let (mut rows, mut arranged) = (0, 0);
    for number in 0..grid.rows {
        let here = |field: &&Field| (field.row..field.row + field.rows).contains(&number);
        let mut fields: Vec<&Field> = grid.fields.iter().filter(here).collect();
        fields.sort_by_key(|field| field.column);
        let mut cells: Vec<(Field, Vec<Piece>)> = fields
            .into_iter()
            .map(|field| {
                // A cell that covers several rows speaks in the first.
                let own = if field.row == number { pieces(&level, field.area) } else { Vec::new() };
                (*field, own)
            })
            .collect();
        while cells.last().is_some_and(|(_, pieces)| pieces.is_empty()) {
            cells.pop();
        }
        let filled = cells.iter().filter(|(_, pieces)| !pieces.is_empty()).count();
        if filled > 1 {
            rows += 1;
            let captions = cells.split_last().map_or(&[][..], |(_, captions)| captions);
            if captions.iter().any(|(field, pieces)| !is_caption(field, pieces, dots)) {
                arranged += 1;
                set.extend(cells.into_iter().flat_map(|(_, pieces)| apart(pieces)));
            } else {
                set.extend(row(cells, dots));
            }
        } else {
            set.extend(cells.into_iter().flat_map(|(_, pieces)| apart(pieces)));
        }
    }
    (rows >= 2 && arranged * 3 <= rows).then_some(set)
}

/// The words within a cell, baseline by baseline.
fn pieces(lines: &[&Line], area: Area) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for line in lines.iter().filter(|line| line.area.shared_width(area) > 0.0) {
        let words = line.cells.iter().flat_map(|cell| &cell.words);
        let words: Vec<Word> = words.filter(|word| is_in(word, area)).cloned().collect();
        let Some(inner) = words.iter().map(|word| word.area).reduce(Area::joined) else { continue };
        let origin = Point { x: inner.left, y: line.origin.y };
        pieces.push(Piece { words, area: inner, origin, size: line.size });
    }
    pieces.sort_by(|a, b| b.origin.y.total_cmp(&a.origin.y));
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.origin.y - piece.origin.y < last.size.min(piece.size) * 0.4 => {
                last.area = last.area.joined(piece.area);
                last.size = last.size.max(piece.size);
                if piece.origin.x < last.origin.x {
                    last.origin.x = piece.origin.x;
                    last.words.splice(0..0, piece.words);
                } else {
                    last.words.extend(piece.words);
                }
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Whether a cell reads as one caption, and not as a column of the page.
fn is_caption(field: &Field, pieces: &[Piece], dots: &[Area]) -> bool {
    let letters: usize = pieces
        .iter()
        .flat_map(|piece| &piece.words)
        .map(|word| word.text.chars().count() + 1)
        .sum();
    letters <= LONGEST_CAPTION && !is_list(field, pieces, dots)
}

/// Whether entries of a list stand in a cell.
fn is_list(field: &Field, pieces: &[Piece], dots: &[Area]) -> bool {
    let drawn = dots.iter().filter(|dot| field.area.holds(dot.centre())).count();
    let written = pieces.iter().filter(|piece| begins_entry(piece)).count();
    drawn.max(written) >= 2
}

fn begins_entry(piece: &Piece) -> bool {
    let mut signs = piece.words.first().map(|word| word.text.chars()).into_iter().flatten();
    let first = signs.next();
    first.is_some_and(|c| {
        matches!(c, '•' | '◦' | '▪' | '■' | '●' | '○' | '‣' | '·' | '➢' | '✓' | '-' | '–' | '*')
            || ('\u{f000}'..='\u{f0ff}').contains(&c)
    }) && signs.next().is_none()
}

/// Every baseline a line of its own.
fn apart(pieces: Vec<Piece>) -> Vec<Line> {
    pieces
        .into_iter()
        .map(|piece| {
            let Piece { words, origin, size, .. } = piece;
            Line { origin, foot: origin, ..Line::level(vec![Cell::of(words)], size) }
        })
        .collect()
}

/// A row: its captions each as one cell, the lines of its last cell below each other where their writer ended them.
fn row(mut cells: Vec<(Field, Vec<Piece>)>, dots: &[Area]) -> Vec<Line> {
    let Some((field, last)) = cells.pop() else { return Vec::new() };
    let listed = is_list(&field, &last, dots);
    let mut below = if listed { apart(last) } else { paragraphs(&field, last) }.into_iter();
    let size = cells.iter().flat_map(|(_, pieces)| pieces).map(|piece| piece.size);
    let size = size.fold(0.0, f64::max);
    let mut set: Vec<Cell> = cells
        .into_iter()
        .map(|(field, pieces)| {
            let words =
                pieces.into_iter().fold(Vec::new(), |words, piece| glued(words, piece.words));
            if words.is_empty() {
                Cell { words, area: field.area, entered: false }
            } else {
                Cell::of(words)
            }
        })
        .collect();
    if !listed {
        set.extend(below.next().into_iter().flat_map(|line| line.cells));
    }
    let line = Line::level(set, size.max(1.0));
    let origin = Point { y: line.area.top - line.size * 0.8, ..line.origin };
    let mut rows = vec![Line { origin, is_row: true, ..line }];
    rows.extend(below);
    rows
}

/// The lines of a cell, those that only ended at its edge put together.
fn paragraphs(field: &Field, pieces: Vec<Piece>) -> Vec<Line> {
    let left = pieces.iter().map(|piece| piece.area.left).fold(f64::INFINITY, f64::min);
    let padding = (left - field.area.left).clamp(1.0, 6.0);
    let room = field.area.width() - 2.0 * padding;
    let mut set: Vec<Line> = Vec::new();
    let mut last: Option<(Area, f64)> = None;
    for piece in pieces {
        let first = piece.words.first();
        let small = first.is_some_and(|word| word.text.starts_with(char::is_lowercase));
        let width = first.map_or(0.0, |word| word.area.width());
        let wraps = last.is_some_and(|(area, y)| {
            let down = (y - piece.origin.y) / piece.size.max(0.1);
            let goes_on = small || area.width() + piece.size * 0.2 + width > room;
            goes_on && down < 1.9 && !begins_entry(&piece)
        });
        last = Some((piece.area, piece.origin.y));
        match set.last_mut() {
            Some(line) if wraps => {
                line.foot = piece.origin;
                line.area = line.area.joined(piece.area);
                if let Some(cell) = line.cells.first_mut() {
                    cell.area = cell.area.joined(piece.area);
                    cell.words = glued(std::mem::take(&mut cell.words), piece.words);
                }
            }
            _ => set.extend(apart(vec![piece])),
        }
    }
    set
}

/// Words that go on below others. A word that was parted at the edge is one, with the break marked for `hyphens`.
fn glued(mut words: Vec<Word>, more: Vec<Word>) -> Vec<Word> {
    let mut more = more.into_iter();
    if let Some(last) = words.last_mut()
        && last.text.ends_with(['-', '\u{2010}'])
        && last.text.chars().count() > 2
        && let Some(next) = more.as_slice().first()
        && next.text.starts_with(char::is_alphabetic)
        && last.unseen == next.unseen
        && let Some(next) = more.next()
    {
        last.text.push(SOFT_BREAK);
        last.text.push_str(&next.text);
        last.area = last.area.joined(next.area);
    }
    words.extend(more);
    words
}
