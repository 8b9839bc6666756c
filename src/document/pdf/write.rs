//! Pages to one text: words, cells and lines parted by spaces, tabs and line ends, each word with its page and box.

use std::ops::Range;

use super::geometry::Area;
use super::layout::{Line, Word};
use super::running::LaidOut;
use crate::document::structure::lines_before_heading;
use crate::document::{DocumentText, PagePlace, Segment, limits};

/// Writes pages into a document.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) document: DocumentText,
    characters: usize,
    has_furniture: bool,
    /// The text reached its limit.
    pub(super) is_full: bool,
}

impl Writer {
    /// Writes a page. `source` is where its content stands in the file.
    pub(super) fn page(&mut self, LaidOut { number, lines, source }: &LaidOut, looks: Looks) {
        let leading = usual_leading(lines);
        let mut before: Option<&Line> = None;
        for (at, line) in lines.iter().enumerate() {
            if self.document.text.len() > limits::LONGEST_TEXT_BYTES {
                self.is_full = true;
                return;
            }
            match before {
                None if self.document.text.is_empty() => {}
                None if self.goes_on(line) => self.push("\n"),
                None => self.push("\n\n"),
                Some(before) if down(before, line) < 0.0 && self.goes_on(line) => self.push("\n"),
                Some(before) => self.push(between(before, line, leading)),
            }
            // Large type over several lines is a quotation.
            let quoted =
                lines.get(at + 1).is_some_and(|next| goes_on_below(line, next, down(line, next)));
            if let Some(level) = heading(line, looks)
                && !quoted
                && !self.goes_on(line)
            {
                self.set_apart(level);
            }
            self.line(*number, line, source);
            before = Some(line);
        }
    }

    /// Writes lines that pages repeat, close together.
    pub(super) fn furniture(&mut self, number: usize, lines: &[Line], source: &Range<usize>) {
        for line in lines {
            if self.document.text.len() > limits::LONGEST_TEXT_BYTES {
                self.is_full = true;
                return;
            }
            match (self.document.text.is_empty(), self.has_furniture) {
                (true, _) => {}
                (false, true) => self.push("\n"),
                (false, false) => self.push("\n\n"),
            }
            self.has_furniture = true;
            self.line(number, line, source);
        }
    }

    /// Puts empty lines before a heading, as `structure` expects of them.
    fn set_apart(&mut self, level: usize) {
        let text = &self.document.text;
        let there = text.len() - text.trim_end_matches('\n').len();
        if there < text.len() {
            self.push(&"\n".repeat(lines_before_heading(level).saturating_sub(there)));
        }
    }

    fn line(&mut self, number: usize, line: &Line, source: &Range<usize>) {
        for (place, cell) in line.cells.iter().enumerate() {
            if place > 0 {
                self.push("\t");
            }
            for (place, word) in cell.words.iter().enumerate() {
                if place > 0 {
                    self.push(" ");
                }
                self.word(number, word, source);
            }
        }
    }

    /// Whether a line at the top of a page or column goes on with the sentence before it: that one stops in the middle
    /// of a line of prose, and this one begins small.
    fn goes_on(&self, line: &Line) -> bool {
        let before = self.document.text.rsplit('\n').next().unwrap_or_default();
        let stops =
            before.ends_with(|c: char| c.is_alphabetic() || matches!(c, ',' | '-' | '\u{2010}'));
        let first = line.cells.first().and_then(|cell| cell.words.first());
        stops
            && !before.contains('\t')
            && before.split(' ').count() >= 4
            && first.is_some_and(|word| word.text.starts_with(char::is_lowercase))
    }

    fn push(&mut self, text: &str) {
        self.document.text.push_str(text);
        self.characters += text.chars().count();
    }

    fn word(&mut self, page: usize, word: &Word, source: &Range<usize>) {
        let from = self.characters;
        self.push(&word.text);
        self.document
            .segments
            .push(Segment { text: from..self.characters, source: source.clone() });
        self.document.places.push(place(page, word.area));
    }
}

/// What most letters of a document look like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    size: f64,
    /// Whether so much is bold that it sets nothing apart.
    bold: bool,
}

impl Looks {
    pub(super) fn of(pages: &[LaidOut]) -> Self {
        let mut sizes: Vec<(f64, usize)> = Vec::new();
        let (mut all, mut bold) = (0, 0);
        for line in pages.iter().flat_map(|page| &page.lines) {
            let words = line.cells.iter().flat_map(|cell| &cell.words);
            let letters: usize = words.clone().map(|word| word.text.len()).sum();
            bold += words.filter(|word| word.bold).map(|word| word.text.len()).sum::<usize>();
            all += letters;
            sizes.push((line.size, letters));
        }
        sizes.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        let mut passed = 0;
        let middle = sizes.into_iter().find(|(_, letters)| {
            passed += letters;
            passed * 2 >= all
        });
        Self { size: middle.map_or(10.0, |(size, _)| size), bold: bold * 5 > all * 2 }
    }
}

/// The level of the heading that a line is by the size and weight of its type. A date may stand at its end.
fn heading(line: &Line, looks: Looks) -> Option<usize> {
    let (cell, date) = match line.cells.as_slice() {
        [cell] => (cell, None),
        [cell, date] => (cell, Some(date)),
        _ => return None,
    };
    let words = || line.cells.iter().flat_map(|cell| &cell.words);
    let few = cell.words.len() <= 10 && date.is_none_or(|date| date.words.len() <= 6);
    let labels = cell.words.last().is_some_and(|word| word.text.ends_with(':'));
    if line.is_row
        || !few
        || labels
        || !line.is_level()
        || words().any(|word| word.unseen.is_some())
    {
        return None;
    }
    let bold = !looks.bold && cell.words.iter().all(|word| word.bold);
    // Bold columns of a table head the table.
    let dated = date.is_none_or(|date| {
        date.words.iter().any(|word| word.text.chars().any(|c| c.is_ascii_digit()))
    });
    match line.size / looks.size.max(0.1) {
        _ if !dated => None,
        size if size >= 1.6 => Some(1),
        size if size >= 1.14 || bold => Some(2),
        _ => None,
    }
}

/// Hundredths of a point; what lies too far out is put at the edge of what can be said.
fn place(page: usize, area: Area) -> PagePlace {
    #[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
    let hundredths = |value: f64| (value * 100.0).round() as i32;
    PagePlace {
        page,
        left: hundredths(area.left),
        bottom: hundredths(area.bottom),
        right: hundredths(area.right),
        top: hundredths(area.top),
    }
}

/// The usual distance between the lines of a paragraph, in sizes of its type.
fn usual_leading(lines: &[Line]) -> f64 {
    let mut steps: Vec<f64> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(down(from, to)).filter(|down| (0.5..2.2).contains(down)),
            _ => None,
        })
        .collect();
    steps.sort_unstable_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(1.2)
}

/// How far one line lies below another, in sizes of type.
fn down(from: &Line, to: &Line) -> f64 {
    let step = from.foot.minus(to.origin).dot(from.direction.turned());
    step / from.size.max(to.size).max(0.1)
}

/// What parts two lines: the next line of a paragraph, or a new one.
fn between(from: &Line, to: &Line, leading: f64) -> &'static str {
    if from.is_row && to.is_row {
        return "\n";
    }
    let down = down(from, to);
    let follows = from.direction.dot(to.direction) > 0.98
        && (0.2..leading * 1.35).contains(&down)
        && (from.size / to.size.max(0.1) - 1.0).abs() < 0.35;
    if follows || goes_on_below(from, to, down) { "\n" } else { "\n\n" }
}

/// Whether a line, however widely set, goes on with the sentence above: it begins small, below the start of a line that
/// ends in the middle of a sentence.
fn goes_on_below(from: &Line, to: &Line, down: f64) -> bool {
    let ([above], [below]) = (from.cells.as_slice(), to.cells.as_slice()) else { return false };
    let (Some(end), Some(start)) = (above.words.last(), below.words.first()) else { return false };
    from.is_level()
        && to.is_level()
        && (0.2..2.6).contains(&down)
        && (from.size / to.size.max(0.1) - 1.0).abs() < 0.05
        && (above.area.left - below.area.left).abs() < 2.0
        && above.words.len() >= 4
        && end.text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '-' | '\u{2010}'))
        && start.text.starts_with(char::is_lowercase)
}
