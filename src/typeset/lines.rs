//! Words to lines of a given width: as many as fit, none divided unless it is wider than a line. Knows nothing of
//! pages.

use super::content::{Run, Style};
use super::shape::{Part, Shaper, Word};

/// A part at its place in a line.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub x: f32,
    pub part: Part,
    /// The width of the box around a label; 0 for text.
    pub frame: f32,
    /// The size of its letters, in points.
    pub size: f32,
    /// The size of the text that it stands in.
    pub around: f32,
}

/// One line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub parts: Vec<Placed>,
    /// Without the spaces at its end.
    pub width: f32,
}

/// The width of a label's box, in ems of the text around it: the same whatever it says. A label that is too long for
/// it takes two, three or more.
const LABEL_EMS: f32 = 7.2;
/// The size of a label's letters beside that of the text around it, and the least it is reduced to.
const LABEL_SIZE: f32 = 0.74;
const LABEL_LEAST: f32 = 0.6;
/// Room between a label's box and what stands beside it, and between box and letters.
const LABEL_GAP: f32 = 0.08;
const LABEL_PADDING: f32 = 0.2;

/// Width of a label's box and size of its letters for text of a size.
fn label_measures(part: &Part, size: f32, measure: f32) -> (f32, f32) {
    let unit = LABEL_EMS * size;
    let inner = |frame: f32| frame - 2.0 * LABEL_PADDING * size;
    let mut frame = unit;
    while part.width * size * LABEL_LEAST > inner(frame) && frame + unit <= measure {
        frame += unit;
    }
    let frame = frame.min(measure);
    let fitting = inner(frame).max(1.0) / part.width.max(0.01);
    (frame, fitting.min(size * LABEL_SIZE))
}

/// How wide a word is, and how much of that is spaces at its end.
fn extent(word: &Word, size: f32, measure: f32) -> (f32, f32) {
    let width = word.parts.iter().map(|part| part_width(part, size, measure)).sum();
    let space = word.parts.last().map_or(0.0, |part| match part.style {
        Style::Label => 0.0,
        _ => part.space * size,
    });
    (width, space)
}

fn part_width(part: &Part, size: f32, measure: f32) -> f32 {
    match part.style {
        Style::Label => label_measures(part, size, measure).0 + 2.0 * LABEL_GAP * size,
        _ => part.width * size,
    }
}

/// The width of the widest word, and of the whole text on one line: what a table shares its width out by.
pub(super) fn extremes(shaper: &mut Shaper, runs: &[Run], size: f32, measure: f32) -> (f32, f32) {
    let mut widest = 0.0_f32;
    let mut longest = 0.0_f32;
    let mut line = 0.0;
    for word in shaper.words(runs) {
        let (width, space) = extent(&word, size, measure);
        widest = widest.max(width - space);
        longest = longest.max(line + width - space);
        line = if word.ends_line { 0.0 } else { line + width };
    }
    (widest, longest)
}

/// Breaks runs into lines.
pub(super) fn lines(shaper: &mut Shaper, runs: &[Run], size: f32, measure: f32) -> Vec<Line> {
    let measure = measure.max(1.0);
    let mut setter = Setter { size, measure, ..Setter::default() };
    for word in shaper.words(runs) {
        setter.word(shaper, word);
    }
    setter.finish()
}

#[derive(Default)]
struct Setter {
    size: f32,
    measure: f32,
    x: f32,
    line: Line,
    done: Vec<Line>,
}

impl Setter {
    fn word(&mut self, shaper: &mut Shaper, word: Word) {
        let (width, space) = extent(&word, self.size, self.measure);
        if self.x > 0.0 && self.x + width - space > self.measure {
            self.end_line();
        }
        let ends_line = word.ends_line;
        if width - space > self.measure {
            self.divide(shaper, word);
        } else {
            for part in word.parts {
                self.place(part);
            }
        }
        if ends_line {
            self.end_line();
        }
    }

    /// A word that is wider than a line is divided between any two letters.
    fn divide(&mut self, shaper: &mut Shaper, word: Word) {
        for part in word.parts {
            if part.style == Style::Label || part.width * self.size <= self.measure - self.x {
                if self.x + part_width(&part, self.size, self.measure) > self.measure {
                    self.end_line();
                }
                self.place(part);
                continue;
            }
            let mut piece = String::new();
            let mut wide = self.x;
            let starts: Vec<(usize, f32)> = advances(&part);
            for (number, (start, advance)) in starts.iter().enumerate() {
                let end = starts.get(number + 1).map_or(part.text.len(), |(next, _)| *next);
                if wide + advance * self.size > self.measure && wide > 0.0 {
                    self.place_text(shaper, &piece, part.style);
                    piece.clear();
                    self.end_line();
                    wide = 0.0;
                }
                piece.push_str(part.text.get(*start..end).unwrap_or_default());
                wide += advance * self.size;
            }
            self.place_text(shaper, &piece, part.style);
        }
    }

    fn place_text(&mut self, shaper: &mut Shaper, text: &str, style: Style) {
        for part in shaper.stretch(text, style) {
            self.place(part);
        }
    }

    fn place(&mut self, part: Part) {
        let (size, x) = (self.size, self.x);
        self.x += part_width(&part, size, self.measure);
        if part.style == Style::Label {
            self.line.width = self.x;
            let (frame, letters) = label_measures(&part, size, self.measure);
            self.line.parts.push(Placed {
                x: x + LABEL_GAP * size,
                part,
                frame,
                size: letters,
                around: size,
            });
        } else {
            self.line.width = self.x - part.space * size;
            self.line.parts.push(Placed { x, part, frame: 0.0, size, around: size });
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        turn_round(&mut line.parts);
        self.done.push(line);
        self.x = 0.0;
    }

    fn finish(mut self) -> Vec<Line> {
        if !self.line.parts.is_empty() {
            self.end_line();
        }
        self.done
    }
}

/// Where each cluster of a part begins in its text, and how wide it is, in the order of the text.
fn advances(part: &Part) -> Vec<(usize, f32)> {
    let mut found: Vec<(usize, f32)> = Vec::new();
    for glyph in part.glyphs.iter() {
        match found.last_mut() {
            Some((start, width)) if *start == glyph.text_range.start => *width += glyph.x_advance,
            _ => found.push((glyph.text_range.start, glyph.x_advance)),
        }
    }
    if part.rtl {
        found.reverse();
    }
    found
}

/// Lays neighbours that read from right to left out in that order. What is neither (numbers, marks) goes with them if
/// it stands between two of them.
fn turn_round(parts: &mut [Placed]) {
    let mut at = 0;
    while at < parts.len() {
        let rest = parts.get_mut(at..).unwrap_or_default();
        let reach = rest.iter().take_while(|placed| !placed.part.ltr && placed.frame == 0.0);
        let last = reach.enumerate().filter(|(_, placed)| placed.part.rtl).map(|(n, _)| n).last();
        let turned = rest.first().is_some_and(|placed| placed.part.rtl);
        let (Some(last), true) = (last, turned) else {
            at += 1;
            continue;
        };
        let group = rest.get_mut(..=last).unwrap_or_default();
        let left = group.first().map_or(0.0, |placed| placed.x);
        let mut x = left + group.iter().map(|p| p.part.width * p.size).sum::<f32>();
        for placed in group {
            x -= placed.part.width * placed.size;
            placed.x = x;
        }
        at += last + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, measure: f32) -> Vec<String> {
        let found = lines(&mut Shaper::default(), &[Run::plain(text)], 10.0, measure);
        found.iter().map(|l| l.parts.iter().map(|p| &*p.part.text).collect()).collect()
    }

    #[test]
    fn lines_end_where_words_do() {
        assert_eq!(set("one two three", 45.0), ["one two ", "three"]);
        assert_eq!(set("one\ntwo\n\nthree", 400.0), ["one", "two", "", "three"]);
        assert_eq!(set("", 400.0), [""; 0]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_divided_and_loses_nothing() {
        let word = "Donaudampfschifffahrtsgesellschaft".repeat(4);
        let found = set(&word, 60.0);
        assert!(found.len() > 8);
        assert_eq!(found.concat(), word);
        for line in lines(&mut Shaper::default(), &[Run::plain(word.as_str())], 10.0, 60.0) {
            assert!(line.width <= 60.5, "{}", line.width);
        }
    }

    #[test]
    fn labels_are_equally_wide_whatever_they_say() {
        let mut widths = Vec::new();
        for label in ["[NAME]", "[AGE]", "[REFEREE 12]", "[DATE OF BIRTH]", "[RELIGION OR BELIEF]"]
        {
            let found = lines(&mut Shaper::default(), &[Run::label(label)], 10.0, 400.0);
            widths.push(found[0].parts[0].frame);
        }
        assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
    }

    #[test]
    fn words_from_right_to_left_stand_in_that_order() {
        let found = lines(&mut Shaper::default(), &[Run::plain("a مرحبا بكم b")], 10.0, 400.0);
        let parts = &found[0].parts;
        let x = |text: &str| parts.iter().find(|p| p.part.text.trim() == text).unwrap().x;
        assert!(x("a") < x("بكم") && x("بكم") < x("مرحبا") && x("مرحبا") < x("b"));
    }
}
