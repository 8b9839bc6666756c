//! Glyphs to words, words to cells of a line, lines in reading order. Knows places and sizes, not what words mean.
//!
//! Producers draw text in the order in which it was written, nearly always, so that order is kept wherever it makes
//! sense on the page (`order` decides); layout alone cannot tell a table from two columns.

mod glyphs;
mod order;
mod rtl;
mod tables;
mod words;
mod wraps;

use super::content::Shown;
use super::geometry::{Area, Point};
use super::glyph::Unseen;
use super::ruling;

/// A word.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) area: Area,
    /// Why its first glyph cannot be seen, if it cannot.
    pub(super) unseen: Option<Unseen>,
    /// Whether its first glyph is bold.
    pub(super) bold: bool,
}

/// Words that stand together, apart from others on the same line: a cell of a table, a date at the margin.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) words: Vec<Word>,
    pub(super) area: Area,
    /// Whether it was filled in, and so labels nothing.
    pub(super) entered: bool,
}

/// Words on one baseline.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) cells: Vec<Cell>,
    pub(super) area: Area,
    /// The start of the baseline.
    pub(super) origin: Point,
    /// The start of the last baseline, where its last cell goes on below itself.
    pub(super) foot: Point,
    pub(super) direction: Point,
    pub(super) size: f64,
    /// Whether drawn lines make it a row of a table.
    pub(super) is_row: bool,
}

impl Cell {
    pub(super) fn of(words: Vec<Word>) -> Self {
        let area = words.iter().fold(Area::NOTHING, |area, word| area.joined(word.area));
        Self { words, area, entered: false }
    }
}

impl Line {
    /// A line that runs from left to right.
    pub(super) fn level(cells: Vec<Cell>, size: f64) -> Self {
        let area = cells.iter().fold(Area::NOTHING, |area, cell| area.joined(cell.area));
        let origin = Point { x: area.left, y: area.bottom + size * 0.2 };
        Self {
            cells,
            area,
            origin,
            foot: origin,
            direction: Point { x: 1.0, y: 0.0 },
            size,
            is_row: false,
        }
    }

    /// Whether it runs from left to right.
    pub(super) fn is_level(&self) -> bool {
        self.direction.x > 0.98
    }
}

/// The lines of a page in reading order; those that cannot be seen come last, so that hidden letters do not break up
/// the words that are seen. Whether drawn lines part tables is up to the caller: in a form that is filled in, values
/// have places of their own.
pub(super) fn lines(shown: &mut Shown, with_tables: bool) -> Vec<Line> {
    let kept = glyphs::prepare(shown);
    let pick = |seen: bool| {
        kept.iter()
            .copied()
            .filter(|number| {
                shown
                    .glyphs
                    .get(*number)
                    .is_some_and(|glyph| glyph.is_blank || glyph.unseen.is_none() == seen)
            })
            .collect::<Vec<_>>()
    };
    let mut seen = words::lines(shown, &pick(true));
    let few = seen.len() <= order::MOST_LINES;
    let grids = if with_tables && few { ruling::grids(&shown.rulings) } else { Vec::new() };
    let tables = tables::take_out(&mut seen, &grids, &shown.dots);
    let mut lines = tables::put_back(wraps::join(order::reading_order(seen)), tables);
    lines.extend(words::lines(shown, &pick(false)));
    lines
}
