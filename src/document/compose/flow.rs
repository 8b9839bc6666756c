//! A stretch of text in the making, with the place that each run of it came from.

use std::ops::Range;

/// A run of words and the part and bytes it came from.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) text: Range<usize>,
    pub(super) source: Range<usize>,
    pub(super) part: usize,
}

#[derive(Default)]
pub(super) struct Flow {
    pub(super) text: String,
    pub(super) characters: usize,
    pub(super) pieces: Vec<Piece>,
    pub(super) asides: Vec<Flow>,
}

impl Flow {
    pub(super) fn add(&mut self, text: &str) -> Range<usize> {
        let from = self.characters;
        self.text.push_str(text);
        self.characters += text.chars().count();
        from..self.characters
    }

    pub(super) fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.add("\n");
        }
    }

    pub(super) fn append(&mut self, other: Flow) {
        let shift = self.characters;
        self.text.push_str(&other.text);
        self.characters += other.characters;
        self.pieces.extend(other.pieces.into_iter().map(|piece| Piece {
            text: piece.text.start + shift..piece.text.end + shift,
            ..piece
        }));
        self.asides.extend(other.asides);
    }

    pub(super) fn trim_line_ends(&mut self) {
        while self.text.ends_with(['\n', ' ']) {
            self.text.pop();
            self.characters -= 1;
        }
        for piece in &mut self.pieces {
            piece.text.end = piece.text.end.min(self.characters);
            piece.text.start = piece.text.start.min(piece.text.end);
        }
        self.pieces.retain(|piece| !piece.text.is_empty());
    }

    /// Whether the flow reads as one caption, and not as a column of a page laid out by a table.
    pub(super) fn is_caption(&self) -> bool {
        self.characters <= LONGEST_CAPTION
            && !self.text.contains('\t')
            && self.text.matches('\n').count() < MOST_CAPTION_LINES
    }

    /// Lines become words of one line; every character keeps its place.
    pub(super) fn join_lines(&mut self) {
        if self.text.contains('\n') {
            self.text = self.text.replace('\n', " ");
        }
    }
}

/// A label with its guidance is shorter; a column of a CV is longer.
pub(in crate::document) const LONGEST_CAPTION: usize = 240;
/// A label, its guidance, and a blank line between.
const MOST_CAPTION_LINES: usize = 4;
