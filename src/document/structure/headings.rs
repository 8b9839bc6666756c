//! Which lines are headings: those that readers set apart, those that stand out, those that are numbered. Knows shapes of
//! lines, no words.

use super::line::{Line, without_labels};
use super::{Builder, WHOLE, WRAPPED};

/// A heading has at most so many letters.
const HEADING: usize = 70;

impl Builder<'_> {
    /// The level of a heading that was set apart for one by a reader, or by a writer of plain text, and its words.
    pub(super) fn set_apart(&self) -> Option<(u8, String)> {
        let before = self.lines.get(..self.at).unwrap_or_default();
        let empty = before.iter().rev().take_while(|line| **line == Line::Blank).count();
        let first = empty == before.len() && self.opens_with_a_heading();
        if !first && (empty < 2 || empty == before.len()) {
            return None;
        }
        let words = match self.line(self.at) {
            Line::Words(words) => (*words).to_owned(),
            Line::Capitals(words) => words.clone(),
            Line::Entry { marker: Some(marker), text, .. } => format!("{marker} {text}"),
            // A post and its dates.
            Line::Row(cells) if cells.len() == 2 => cells.join(" · "),
            _ => return None,
        };
        let heads = words.chars().count() <= HEADING + 20
            && !words.ends_with(['.', ',', ';'])
            && words.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase() || c == '[')
            && without_labels(&words).chars().filter(|c| c.is_alphabetic()).count() >= 3;
        heads.then_some((if empty == 2 || first { 2 } else { 1 }, words))
    }

    /// The first line has nothing to be set apart from: it goes by the others.
    pub(super) fn opens_with_a_heading(&self) -> bool {
        self.sets_apart
            && *self.line(self.at + 1) == Line::Blank
            && *self.line(self.at + 2) != Line::Blank
            && matches!(self.line(self.at), Line::Words(words) if self.stands_out(words))
    }

    /// A numbered line that stands alone above something longer.
    pub(super) fn is_numbered_heading(&self, numbered: bool, text: &str) -> bool {
        let above = self.at.checked_sub(1).map(|above| self.line(above));
        numbered
            && (self.blank_before() || matches!(above, Some(Line::Capitals(_))))
            && text.chars().count() <= HEADING + 20
            && !text.ends_with(['.', ';', ','])
            && match self.after(self.at) {
                Line::Words(words) => words.chars().count() > WRAPPED,
                Line::Fields(_) | Line::Row(_) => true,
                Line::Entry { marker, .. } => {
                    marker.is_none() && *self.line(self.at + 1) == Line::Blank
                }
                _ => false,
            }
    }

    /// Short words that stand above something of another shape.
    pub(super) fn heads_something(&self, words: &str) -> bool {
        let next = self.line(self.at + 1);
        let shape = match next {
            Line::Blank => matches!(self.after(self.at + 1), Line::Words(words)
                if words.chars().count() > WRAPPED && words.split_whitespace().count() > 8),
            Line::Words(words) => words.chars().count() > WHOLE / 2 + 10,
            Line::Entry { marker, .. } => marker.is_none(),
            Line::Fields(_) | Line::Row(_) => false,
            Line::Capitals(_) => false,
        };
        shape && self.stands_out(words)
    }

    /// Few words, that begin large and end without a stop, and are not only labels.
    pub(super) fn stands_out(&self, words: &str) -> bool {
        let own = without_labels(words);
        words.chars().count() <= HEADING
            && words.split_whitespace().count() <= 10
            && words.starts_with(|c: char| c.is_uppercase() || c == '[')
            && !words.ends_with(['.', ',', ';', '!', '?', '"', '”', ')'])
            && !own.contains('@')
            && own.chars().filter(|c| c.is_alphabetic()).count() >= 3
    }
}

/// Whether two empty lines stand between any words.
pub(super) fn sets_apart(lines: &[Line<'_>]) -> bool {
    lines.windows(4).any(|four| {
        matches!(four, [above, Line::Blank, Line::Blank, below]
            if *above != Line::Blank && *below != Line::Blank)
    })
}
