//! The words of a copy, by the places in which they stood in the original: a passage that was replaced is written once,
//! where its first character stood, and the rest of it is nowhere. Knows places, not elements.

use std::collections::HashMap;
use std::ops::Range;

use super::Replacement;
use crate::document::DocumentText;

/// What is written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// Words of the original.
    Own(String),
    /// What stands for a passage.
    Instead(String),
}

/// A stretch of the text that came from one place.
struct Stretch {
    source: Range<usize>,
    text: Range<usize>,
    /// How many of its characters have been written.
    used: usize,
}

/// The words that are still to be written.
pub(super) struct Ink<'a> {
    characters: Vec<char>,
    replacements: &'a [Replacement],
    written: Vec<bool>,
    /// The stretches of each part in order of their places.
    parts: HashMap<&'a str, Vec<Stretch>>,
    /// Nothing is written: the copy is to be blank.
    blank: bool,
}

impl<'a> Ink<'a> {
    /// The replacements are in order and do not overlap.
    pub(super) fn new(
        document: &'a DocumentText,
        replacements: &'a [Replacement],
        blank: bool,
    ) -> Self {
        let mut parts: HashMap<&str, Vec<Stretch>> = HashMap::new();
        for part in &document.parts {
            let segments = document.segments.get(part.segments.clone()).unwrap_or_default();
            let stretches = segments.iter().map(|segment| Stretch {
                source: segment.source.clone(),
                text: segment.text.clone(),
                used: 0,
            });
            parts.entry(&part.name).or_default().extend(stretches);
        }
        for stretches in parts.values_mut() {
            stretches.sort_by_key(|stretch| (stretch.source.start, stretch.source.end));
        }
        Self {
            characters: document.text.chars().collect(),
            replacements,
            written: vec![false; replacements.len()],
            parts,
            blank,
        }
    }

    /// What is to be written for the next characters from a place of a part; nothing if the original does not show
    /// them. Places must be asked for in their order.
    pub(super) fn take(&mut self, part: &str, place: &Range<usize>, count: usize) -> Vec<Words> {
        let Some(stretches) = self.parts.get_mut(part) else { return Vec::new() };
        let after = stretches.partition_point(|stretch| stretch.source.start <= place.start);
        let found = stretches.get_mut(..after).and_then(|before| {
            // Few stretches begin at one place: an element without an end tag and what follows it.
            before.iter_mut().rev().take(3).find(|stretch| {
                stretch.source.end >= place.end
                    && (stretch.source.end > place.start || stretch.source == *place)
            })
        });
        let Some(stretch) = found else { return Vec::new() };
        let from = (stretch.text.start + stretch.used).min(stretch.text.end);
        let to = from.saturating_add(count).min(stretch.text.end);
        stretch.used += to - from;
        self.write(from..to)
    }

    /// The whole text of a part, line by line.
    pub(super) fn take_part(&mut self, part: &str) -> Vec<Vec<Words>> {
        let Some(stretches) = self.parts.remove(part) else { return Vec::new() };
        let from = stretches.iter().map(|stretch| stretch.text.start).min().unwrap_or(0);
        let to = stretches.iter().map(|stretch| stretch.text.end).max().unwrap_or(0);
        let mut lines = Vec::new();
        let mut start = from;
        while start < to {
            let rest = self.characters.get(start..to).unwrap_or_default();
            let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
            lines.push(self.write(start..start + length));
            start += length + 1;
        }
        lines
    }

    fn write(&mut self, range: Range<usize>) -> Vec<Words> {
        let mut words = Vec::new();
        if self.blank {
            return words;
        }
        let mut at = range.start;
        let first = self.replacements.partition_point(|one| one.characters.end <= range.start);
        let covering = self.replacements.get(first..).unwrap_or_default();
        for (one, written) in covering.iter().zip(self.written.get_mut(first..).unwrap_or_default())
        {
            if one.characters.start >= range.end {
                break;
            }
            own(&self.characters, at..one.characters.start, &mut words);
            if !std::mem::replace(written, true) && !one.words.is_empty() {
                words.push(Words::Instead(one.words.clone()));
            }
            at = one.characters.end.min(range.end);
        }
        own(&self.characters, at..range.end, &mut words);
        words
    }
}

fn own(characters: &[char], range: Range<usize>, words: &mut Vec<Words>) {
    if let Some(found) = characters.get(range).filter(|found| !found.is_empty()) {
        words.push(Words::Own(found.iter().collect()));
    }
}

/// The letters and digits that a copy must have, in order: those of the original that have a place, with what was
/// replaced. Numbers of lists are not among them, since programs count them.
pub(super) fn expected(document: &DocumentText, replacements: &[Replacement]) -> String {
    let characters: Vec<char> = document.text.chars().collect();
    let mut placed = vec![false; characters.len()];
    for segment in &document.segments {
        if let Some(stretch) = placed.get_mut(segment.text.clone()) {
            stretch.fill(true);
        }
    }
    let mut out = String::new();
    let mut pending = replacements.iter().peekable();
    let mut at = 0;
    while at < characters.len() {
        if let Some(one) = pending.next_if(|one| one.characters.start <= at) {
            out.extend(one.words.chars().filter(|c| c.is_alphanumeric()));
            at = one.characters.end.max(at);
            continue;
        }
        let is_placed = placed.get(at).copied().unwrap_or(false);
        out.extend(characters.get(at).filter(|c| is_placed && c.is_alphanumeric()));
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Segment, SourcePart};

    fn document() -> DocumentText {
        DocumentText {
            text: "Zofia Lee\tsings".to_owned(),
            segments: vec![
                Segment { text: 0..6, source: 10..16 },
                Segment { text: 6..9, source: 30..33 },
                Segment { text: 9..10, source: 40..48 },
                Segment { text: 10..15, source: 50..55 },
            ],
            parts: vec![SourcePart { name: "a".to_owned(), segments: 0..4 }],
            ..DocumentText::default()
        }
    }

    #[test]
    fn a_passage_over_several_places_is_written_at_the_first() {
        let document = document();
        let replacements = [Replacement { characters: 0..9, words: "[NAME]".to_owned() }];
        let mut ink = Ink::new(&document, &replacements, false);
        assert_eq!(ink.take("a", &(10..16), 6), [Words::Instead("[NAME]".to_owned())]);
        assert_eq!(ink.take("a", &(20..25), 5), []);
        assert_eq!(ink.take("a", &(30..33), 3), []);
        assert_eq!(ink.take("a", &(40..48), 1), [Words::Own("\t".to_owned())]);
        assert_eq!(ink.take("a", &(50..55), 5), [Words::Own("sings".to_owned())]);
        assert_eq!(expected(&document, &replacements), "NAMEsings");
        assert_eq!(Ink::new(&document, &[], true).take("a", &(50..55), 5), []);
    }

    #[test]
    fn a_place_that_was_cut_in_pieces_is_written_piece_by_piece() {
        let document = document();
        let replacements = [Replacement { characters: 12..13, words: "x".to_owned() }];
        let mut ink = Ink::new(&document, &replacements, false);
        let own = |text: &str| Words::Own(text.to_owned());
        assert_eq!(ink.take("a", &(50..52), 2), [own("si")]);
        assert_eq!(ink.take("a", &(52..55), 3), [Words::Instead("x".to_owned()), own("gs")]);
        assert_eq!(ink.take("b", &(50..55), 5), []);
    }
}
