//! Glyphs in order of drawing to lines of words: what continues a line, and which gaps are spaces.

use super::super::content::Shown;
use super::super::geometry::{Area, Point};
use super::super::glyph::Glyph;
use super::{Cell, Line, Word, rtl};

/// All in fractions of the type's size.
mod gap {
    /// A wider gap is a space, where none is drawn.
    pub(super) const WORD: f64 = 0.14;
    /// The same in a line that draws its spaces.
    pub(super) const WORD_AMONG_SPACES: f64 = 0.22;
    /// A wider gap parts cells.
    pub(super) const CELL: f64 = 1.8;
    /// Further back is not a kern.
    pub(super) const BACK: f64 = -0.75;
    /// Letters further apart than this on average are spaced out.
    pub(super) const SPACED_OUT: f64 = 0.07;
}

/// The glyphs of a line while it grows.
struct Open {
    glyphs: Vec<usize>,
    origin: Point,
    direction: Point,
    size: f64,
    /// Where the pen stands after the last glyph.
    pen: Point,
    /// The last glyph's own baseline and size, for what is raised or lowered.
    last: (Point, f64),
    /// Whether it was drawn from right to left.
    leftwards: bool,
}

/// Builds the lines of the kept glyphs.
pub(super) fn lines(shown: &Shown, kept: &[usize]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<Open> = None;
    for number in kept {
        let Some(glyph) = shown.glyphs.get(*number) else { continue };
        if let Some(line) = &mut open {
            if line.continues_with(glyph) {
                line.take(*number, glyph);
                continue;
            }
            let text = shown.text.get(glyph.text.clone()).unwrap_or_default();
            if (glyph.is_blank && line.leftwards || rtl::runs_left(text))
                && line.continues_leftwards_with(glyph)
            {
                line.take(*number, glyph);
                line.leftwards = true;
                continue;
            }
            if glyph.is_blank {
                continue;
            }
            lines.extend(open.take().and_then(|line| line.close(shown)));
        }
        if !glyph.is_blank {
            open = Some(Open::start(*number, glyph));
        }
    }
    lines.extend(open.and_then(|line| line.close(shown)));
    lines
}

impl Open {
    fn start(number: usize, glyph: &Glyph) -> Self {
        Self {
            glyphs: vec![number],
            origin: glyph.origin,
            direction: glyph.direction,
            size: glyph.size,
            pen: glyph.end().plus(glyph.direction, glyph.spacing),
            last: (glyph.origin, glyph.size),
            leftwards: false,
        }
    }

    /// Whether a glyph stands close on the left of the last one, as some producers draw Arabic and Hebrew.
    fn continues_leftwards_with(&self, glyph: &Glyph) -> bool {
        let size = self.size.max(glyph.size).max(0.1);
        let apart = self.last.0.minus(glyph.end());
        let on_line = apart.dot(self.direction.turned()).abs() < size * 0.2;
        glyph.direction.dot(self.direction) >= 0.98
            && on_line
            && (-0.3..0.8).contains(&(apart.dot(self.direction) / size))
    }

    fn continues_with(&self, glyph: &Glyph) -> bool {
        if glyph.direction.dot(self.direction) < 0.98 {
            return false;
        }
        let size = self.size.max(glyph.size).max(0.1);
        let forward = glyph.origin.minus(self.pen).dot(self.direction) / size;
        if forward < gap::BACK {
            return false;
        }
        let up = self.direction.turned();
        let from_line = glyph.origin.minus(self.origin).dot(up).abs();
        let from_last = glyph.origin.minus(self.last.0).dot(up).abs();
        if from_line < self.size.min(glyph.size) * 0.2 {
            return true;
        }
        // Raised or lowered: smaller type close by, or the return from it.
        let differs = (glyph.size / self.size.max(0.1) - 1.0).abs() > 0.12
            || (glyph.size / self.last.1.max(0.1) - 1.0).abs() > 0.12;
        let close = forward < 0.6;
        close && from_line < size * 0.6 && (differs || from_last < size * 0.05)
            || close && from_line < size * 0.4
    }

    fn take(&mut self, number: usize, glyph: &Glyph) {
        // The largest type gives the baseline.
        if glyph.size > self.size * 1.12 && !glyph.is_blank {
            self.size = glyph.size;
            self.origin = glyph.origin;
        }
        self.last = (glyph.origin, glyph.size);
        self.glyphs.push(number);
        self.pen = glyph.end().plus(glyph.direction, glyph.spacing);
    }

    fn close(self, shown: &Shown) -> Option<Line> {
        let mut glyphs: Vec<&Glyph> =
            self.glyphs.iter().filter_map(|number| shown.glyphs.get(*number)).collect();
        if self.leftwards {
            let along = |glyph: &Glyph| glyph.origin.dot(self.direction);
            glyphs.sort_by(|a, b| along(a).total_cmp(&along(b)));
        }
        let mut cells = Vec::new();
        for run in self.cells(&glyphs) {
            let words = words(shown, &run, self.size.max(0.1), self.direction);
            if !words.is_empty() {
                cells.push(Cell::of(words));
            }
        }
        rtl::in_reading_order(&mut cells);
        let area = cells.iter().fold(Area::NOTHING, |area, cell| area.joined(cell.area));
        let Self { origin, direction, size, .. } = self;
        (!cells.is_empty()).then_some(Line {
            cells,
            area,
            origin,
            foot: origin,
            direction,
            size,
            is_row: false,
        })
    }

    /// Splits a line where the gaps are wide.
    fn cells<'g>(&self, glyphs: &[&'g Glyph]) -> Vec<Vec<&'g Glyph>> {
        let mut cells: Vec<Vec<&Glyph>> = Vec::new();
        let mut pen: Option<Point> = None;
        for glyph in glyphs {
            if glyph.is_blank {
                if let Some(cell) = cells.last_mut() {
                    cell.push(glyph);
                }
                continue;
            }
            let gap = pen.map_or(0.0, |pen| glyph.origin.minus(pen).dot(self.direction));
            match cells.last_mut() {
                Some(cell) if gap < self.size.max(0.1) * gap::CELL => cell.push(glyph),
                _ => cells.push(vec![glyph]),
            }
            pen = Some(glyph.end().plus(glyph.direction, glyph.spacing));
        }
        cells
    }
}

/// Splits a cell into words.
fn words(shown: &Shown, glyphs: &[&Glyph], size: f64, direction: Point) -> Vec<Word> {
    let mut steps = Vec::with_capacity(glyphs.len());
    let (mut blank, mut blanks) = (false, 0_usize);
    let mut before: Option<&Glyph> = None;
    for glyph in glyphs {
        if glyph.is_blank {
            // An accent that joined its letter is blank too, and is no space.
            let is_space = !glyph.text.is_empty();
            blank |= is_space;
            blanks += usize::from(is_space);
            continue;
        }
        let gap = before.map_or(0.0, |before| {
            let pen = before.end().plus(before.direction, before.spacing);
            let own = before.size.min(glyph.size).max(0.1);
            glyph.origin.minus(pen).dot(direction) / own.max(size * 0.5)
        });
        let marked = before.is_some_and(|before| is_note(shown, before, glyph));
        steps.push((*glyph, gap, std::mem::take(&mut blank) || marked));
        before = Some(glyph);
    }
    let widest = widest_within_words(&steps, blanks);
    close_up_spaced_words(&mut steps, widest);
    let mut words: Vec<Word> = Vec::new();
    for (glyph, gap, after_blank) in steps {
        let text = shown.text.get(glyph.text.clone()).unwrap_or_default();
        // A text may bring its own spaces, as replacements do.
        for (number, part) in text.split(char::is_whitespace).enumerate() {
            let apart = number > 0 || after_blank || gap > widest;
            match words.last_mut() {
                Some(word) if !apart || word.text.is_empty() => {
                    rtl::add(&mut word.text, part);
                    word.area = word.area.joined(glyph.area());
                }
                _ => words.push(Word {
                    text: part.to_owned(),
                    area: glyph.area(),
                    unseen: glyph.unseen,
                    bold: glyph.bold,
                }),
            }
        }
    }
    words.retain(|word| !word.text.is_empty());
    words
}

/// Whether a raised small number stands right before a word: the mark of the note that begins there.
fn is_note(shown: &Shown, mark: &Glyph, glyph: &Glyph) -> bool {
    let is = |glyph: &Glyph, kind: fn(char) -> bool| {
        shown.text.get(glyph.text.clone()).is_some_and(|text| text.starts_with(kind))
    };
    let raised = mark.origin.minus(glyph.origin).dot(glyph.direction.turned());
    mark.size < glyph.size * 0.85
        && raised > glyph.size * 0.15
        && is(mark, |c| c.is_ascii_digit())
        && is(glyph, char::is_alphabetic)
}

/// Fewer equal gaps in a row may be chance.
const FEWEST_SPACED: usize = 4;

/// Words that are spaced out among words that are not: their letters stand equally far apart, and the spaces between
/// them are drawn.
fn close_up_spaced_words(steps: &mut [(&Glyph, f64, bool)], widest: f64) {
    let mut from = 0;
    while from < steps.len() {
        let rest = steps.get(from..).unwrap_or_default();
        let wide = |(_, gap, blank): &(&Glyph, f64, bool)| *blank || *gap > widest;
        let length = rest.iter().skip(1).take_while(|step| wide(step)).count() + 1;
        let run = steps.get_mut(from..from + length).unwrap_or_default();
        let gaps = || run.iter().skip(1).filter(|(.., blank)| !blank).map(|(_, gap, _)| *gap);
        let least = gaps().fold(f64::INFINITY, f64::min);
        let most = gaps().fold(0.0, f64::max);
        let has_blank = run.iter().any(|(.., blank)| *blank);
        if gaps().count() >= FEWEST_SPACED && has_blank && most - least < 0.12 && most < 1.2 {
            for (_, gap, _) in run.iter_mut().skip(1) {
                *gap = 0.0;
            }
        }
        from += length;
    }
}

/// The widest gap that does not part words. Spaced-out letters are measured against their own usual gap.
fn widest_within_words(steps: &[(&Glyph, f64, bool)], blanks: usize) -> f64 {
    let mut gaps: Vec<f64> =
        steps.iter().skip(1).filter(|(.., blank)| !blank).map(|(_, gap, _)| *gap).collect();
    let usual = if gaps.len() >= 3 {
        gaps.sort_unstable_by(f64::total_cmp);
        gaps.get(gaps.len() / 2).copied().unwrap_or(0.0)
    } else {
        0.0
    };
    let base = if blanks > 0 { gap::WORD_AMONG_SPACES } else { gap::WORD };
    if usual > gap::SPACED_OUT { usual * 1.5 + 0.12 } else { base }
}
