//! Puts a document's text together from runs, paragraphs, cells and asides, and remembers where each run stood.
//! Knows order and lines, not formats.
//!
//! Words are pushed into *flows*. The document is one, a table cell is one while it is open, and so is a text box,
//! whose words come after the paragraph it is anchored in, since its place on the page is not known.

mod flow;
mod hidden;
mod rows;

use std::collections::HashSet;
use std::ops::Range;

pub(in crate::document) use self::flow::LONGEST_CAPTION;
use self::flow::{Flow, Piece};
use super::{DocumentText, HiddenPlace, Segment, SourcePart, limits, plain};

/// Where a paragraph begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    flow: usize,
    bytes: usize,
    characters: usize,
}

/// A document's text while it is read.
pub(super) struct Composer {
    /// Open flows, innermost last; the first is the document and is never closed.
    flows: Vec<Flow>,
    /// The closed cells of each open table row, innermost last.
    rows: Vec<Vec<Flow>>,
    /// Footnotes, which come after the text.
    notes: Vec<Flow>,
    parts: Vec<String>,
    document: DocumentText,
    seen: HashSet<(HiddenPlace, String)>,
    bytes: usize,
}

impl Composer {
    pub(super) fn new() -> Self {
        Self {
            flows: vec![Flow::default()],
            rows: Vec::new(),
            notes: Vec::new(),
            parts: Vec::new(),
            document: DocumentText::default(),
            seen: HashSet::new(),
            bytes: 0,
        }
    }

    /// Says which part of the document the following sources are in.
    pub(super) fn enter_part(&mut self, name: &str) {
        self.parts.push(name.to_owned());
    }

    /// Whether the longest text that is read has been reached; what comes then is dropped.
    pub(super) fn is_full(&self) -> bool {
        self.bytes > limits::LONGEST_TEXT_BYTES
    }

    /// How many bytes of text have come so far.
    pub(super) fn taken(&self) -> usize {
        self.bytes
    }

    /// How many words the finished text has so far.
    pub(super) fn words(&self) -> usize {
        self.flows.iter().map(|flow| flow.text.split_whitespace().count()).sum()
    }

    /// Adds words that stand in the document.
    pub(super) fn push(&mut self, text: &str, source: Range<usize>) {
        let part = self.parts.len().saturating_sub(1);
        let Some(range) = self.add(text) else { return };
        let Some(flow) = self.flows.last_mut() else { return };
        // A reference such as &amp; cuts one run into three; they are one place.
        if let Some(last) = flow.pieces.last_mut()
            && last.part == part
            && last.text.end == range.start
            && last.source.end == source.start
        {
            last.text.end = range.end;
            last.source.end = source.end;
            return;
        }
        flow.pieces.push(Piece { text: range, source, part });
    }

    /// Adds characters that the format implies: tabs, line ends, list numbers.
    pub(super) fn imply(&mut self, text: &str) {
        self.add(text);
    }

    fn add(&mut self, text: &str) -> Option<Range<usize>> {
        if text.is_empty() || self.is_full() {
            return None;
        }
        self.bytes += text.len();
        if self.is_full() {
            self.document.problems.push(plain::truncated());
            return None;
        }
        self.flows.last_mut().map(|flow| flow.add(text))
    }

    /// Whether the last character is white space, or there is none.
    pub(super) fn at_word_start(&self) -> bool {
        self.flows
            .last()
            .is_none_or(|flow| flow.text.is_empty() || flow.text.ends_with([' ', '\n', '\t']))
    }

    /// Ends the line, and puts the paragraph's text boxes after it.
    pub(super) fn end_paragraph(&mut self) {
        self.imply("\n");
        self.place_asides();
    }

    /// Where the text stands now.
    pub(super) fn mark(&self) -> Mark {
        let flow = self.flows.last();
        Mark {
            flow: self.flows.len(),
            bytes: flow.map_or(0, |flow| flow.text.len()),
            characters: flow.map_or(0, |flow| flow.characters),
        }
    }

    /// Puts empty lines before a heading that began at a mark, as [`super::structure`] expects of headings. Cells of
    /// tables have none: their lines are joined.
    pub(super) fn set_apart(&mut self, from: Mark, level: usize) {
        if self.flows.len() != from.flow || !self.rows.is_empty() {
            return;
        }
        let Some(flow) = self.flows.last_mut() else { return };
        let Some((before, heading)) = flow.text.split_at_checked(from.bytes) else { return };
        if heading.trim().is_empty() {
            return;
        }
        let there = before.len() - before.trim_end_matches('\n').len();
        let missing = super::structure::lines_before_heading(level).saturating_sub(there);
        if there > 0 && missing > 0 {
            flow.text.insert_str(from.bytes, &"\n".repeat(missing));
            flow.characters += missing;
            for piece in flow.pieces.iter_mut().rev() {
                if piece.text.start < from.characters {
                    break;
                }
                piece.text = piece.text.start + missing..piece.text.end + missing;
            }
        }
    }

    /// Puts the text boxes so far on lines of their own, here.
    pub(super) fn place_asides_here(&mut self) {
        self.new_line();
        self.place_asides();
    }

    fn place_asides(&mut self) {
        let Some(flow) = self.flows.last_mut() else { return };
        for mut aside in std::mem::take(&mut flow.asides) {
            aside.trim_line_ends();
            if !aside.text.is_empty() {
                flow.new_line();
                flow.append(aside);
                flow.add("\n");
            }
        }
    }

    /// Starts a line unless one has just started.
    pub(super) fn new_line(&mut self) {
        if self.flows.last().is_some_and(|flow| !flow.text.is_empty() && !flow.text.ends_with('\n'))
        {
            self.imply("\n");
        }
    }

    /// Starts a text box or a note; its words come after the paragraph that is open.
    pub(super) fn open_aside(&mut self) {
        self.flows.push(Flow::default());
    }

    /// Ends it, and says whether it holds words.
    pub(super) fn close_aside(&mut self) {
        if self.flows.len() > 1 {
            self.place_asides();
            let aside = self.flows.pop();
            if let (Some(aside), Some(flow)) = (aside, self.flows.last_mut()) {
                flow.asides.push(aside);
            }
        }
    }

    /// Ends an aside that is a footnote: its words come where [`Self::place_notes`] puts them.
    pub(super) fn close_note(&mut self) {
        if self.flows.len() > 1 {
            self.place_asides();
            self.notes.extend(self.flows.pop());
        }
    }

    /// Puts the footnotes so far here.
    pub(super) fn place_notes(&mut self) {
        for mut note in std::mem::take(&mut self.notes) {
            note.trim_line_ends();
            if let Some(flow) = self.flows.last_mut() {
                flow.new_line();
                flow.append(note);
                flow.add("\n");
            }
        }
    }

    /// Takes the words of the last aside back into the open line, between brackets.
    pub(super) fn gloss(&mut self) {
        let Some(flow) = self.flows.last_mut() else { return };
        if let Some(mut aside) = flow.asides.pop() {
            aside.trim_line_ends();
            aside.join_lines();
            flow.add(" (");
            flow.append(aside);
            flow.add(")");
        }
    }

    /// Closes what damaged documents leave open, so that no word is lost.
    pub(super) fn close_all(&mut self) {
        while self.flows.len() > 1 {
            if let (Some(mut inner), Some(outer)) = (self.flows.pop(), self.flows.last_mut()) {
                let asides = std::mem::take(&mut inner.asides);
                outer.new_line();
                outer.append(inner);
                outer.asides.extend(asides);
            }
        }
        for cell in std::mem::take(&mut self.rows).into_iter().flatten() {
            if let Some(flow) = self.flows.last_mut() {
                flow.new_line();
                flow.append(cell);
            }
        }
        self.place_asides();
        self.place_notes();
    }

    /// Takes in a document found inside this one, after the words so far.
    pub(super) fn include(&mut self, inner: DocumentText) {
        self.new_line();
        let visible = inner.text.trim_end();
        let part = self.parts.len().saturating_sub(1);
        if let Some(range) = self.add(visible)
            && let Some(flow) = self.flows.last_mut()
        {
            flow.pieces.push(Piece { text: range, source: 0..0, part });
        }
        self.new_line();
        for hidden in inner.hidden {
            self.hide(hidden.place, &hidden.text);
        }
        for problem in inner.problems {
            self.report(problem);
        }
    }

    /// The document.
    pub(super) fn finish(mut self) -> DocumentText {
        self.close_all();
        let mut flow = self.flows.pop().unwrap_or_default();
        flow.trim_line_ends();
        let mut document = self.document;
        document.text = flow.text;
        for piece in flow.pieces {
            let number = document.segments.len();
            let name = self.parts.get(piece.part).map_or("", String::as_str);
            match document.parts.last_mut() {
                Some(last) if last.name == name => last.segments.end = number + 1,
                _ => document
                    .parts
                    .push(SourcePart { name: name.to_owned(), segments: number..number + 1 }),
            }
            document.segments.push(Segment { text: piece.text, source: piece.source });
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_lines_unless_a_table_only_arranges_the_page() {
        let long = "word ".repeat(60);
        for (cells, text) in [
            (
                vec!["Surname\n(as on passport)", "Okafor"],
                "Surname (as on passport)\tOkafor".to_owned(),
            ),
            (vec!["Address", "1 Mill Lane\nLeeds"], "Address\t1 Mill Lane\nLeeds".to_owned()),
            (vec!["", "b", ""], "\tb".to_owned()),
            (vec![long.as_str(), "side"], format!("{}\nside", long.trim())),
        ] {
            let mut composer = Composer::new();
            composer.open_row();
            for cell in cells {
                composer.open_cell();
                composer.push(cell, 0..cell.len());
                composer.end_paragraph();
                composer.close_cell();
            }
            composer.close_row();
            assert_eq!(composer.finish().text, text);
        }
    }

    #[test]
    fn an_aside_comes_after_its_paragraph_and_keeps_its_place() {
        let mut composer = Composer::new();
        composer.enter_part("a");
        composer.push("one ", 10..14);
        composer.open_aside();
        composer.push("box", 20..23);
        composer.close_aside();
        composer.push("two", 30..33);
        composer.end_paragraph();
        let document = composer.finish();
        assert_eq!(document.text, "one two\nbox");
        let places: Vec<_> =
            document.segments.iter().map(|s| (s.text.clone(), s.source.clone())).collect();
        assert_eq!(places, [(0..4, 10..14), (4..7, 30..33), (8..11, 20..23)]);
        assert_eq!(document.parts, [SourcePart { name: "a".to_owned(), segments: 0..3 }]);
    }

    #[test]
    fn long_hidden_text_is_kept_in_pieces_and_repeats_are_not() {
        let mut composer = Composer::new();
        composer.hide(HiddenPlace::Comment, &"Siân ".repeat(1000));
        composer.hide(HiddenPlace::Link, "mailto:sian@example.com");
        composer.hide(HiddenPlace::Link, "mailto:sian@example.com");
        let document = composer.finish();
        assert_eq!(document.hidden.len(), 5);
        let words: usize =
            document.hidden.iter().map(|hidden| hidden.text.split_whitespace().count()).sum();
        assert_eq!(words, 1001);
    }

    #[test]
    fn a_damaged_nesting_loses_no_word() {
        let mut composer = Composer::new();
        composer.open_row();
        composer.open_cell();
        composer.push("in", 0..2);
        composer.open_aside();
        composer.push("deep", 2..6);
        assert_eq!(composer.finish().text, "in\ndeep");
    }
}
