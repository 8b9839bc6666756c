//! Words that a program parted at the end of a line are put together again; hyphens that their writer meant stay.
//! Which is which shows in the rest of the document: a program that parts words does so often, and the whole word or
//! the hyphened one often stands elsewhere. A part that begins with a capital, as in a double name, is left alone.

use std::collections::HashSet;
use std::ops::Range;

use crate::document::DocumentText;

/// Beginnings that English writes with a hyphen, and that are seldom the first part of a parted word.
const FRONTS: [&str; 34] = [
    "self", "well", "non", "ex", "part", "full", "long", "short", "multi", "cross", "half", "high",
    "low", "mid", "all", "ill", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "twenty", "thirty", "forty", "fifty", "first", "second", "follow", "hands", "decision",
];
/// Endings that follow a hyphen, and are seldom the last part of a parted word.
const BACKS: [&str; 24] = [
    "based", "led", "term", "time", "wide", "making", "going", "being", "made", "focused",
    "centred", "related", "free", "up", "to", "on", "off", "day", "year", "level", "sized", "led,",
    "quality", "neglect",
];

/// Stands after a hyphen at which a word goes on below itself in a cell, until `join` takes it out: there, a hyphen that
/// was meant joins both parts.
pub(super) const SOFT_BREAK: char = '\u{2028}';

/// A hyphen at the end of a line: the parts of the word around it.
struct Parted {
    front: Range<usize>,
    hyphen: usize,
    back: Range<usize>,
}

/// Joins the words that were parted.
pub(super) fn join(document: &mut DocumentText) {
    let text: Vec<char> = document.text.chars().collect();
    let parted = find(&text);
    let soft = |place: usize| text.get(place) == Some(&SOFT_BREAK);
    if parted.is_empty() && !text.contains(&SOFT_BREAK) {
        return;
    }
    let evidence = Evidence::of(&text, parted.len());
    let mut removed: Vec<usize> = (0..text.len()).filter(|place| soft(*place)).collect();
    let mut joined = text.clone();
    for word in parted {
        if !evidence.speaks_for_one_word(&text, &word) {
            continue;
        }
        removed.push(word.hyphen);
        if soft(word.hyphen + 1) {
            continue;
        }
        removed.push(word.hyphen + 1);
        // The line ends after the word instead of within it.
        if let Some(after) = joined
            .get_mut(word.back.end..)
            .unwrap_or_default()
            .iter_mut()
            .find(|c| c.is_whitespace())
            && *after == ' '
        {
            *after = '\n';
        }
    }
    removed.sort_unstable();
    let gone: HashSet<usize> = removed.iter().copied().collect();
    document.text = joined
        .iter()
        .enumerate()
        .filter(|(place, _)| !gone.contains(place))
        .map(|(_, character)| character)
        .collect();
    let moved = |place: usize| place - removed.partition_point(|gone| *gone < place);
    for segment in &mut document.segments {
        segment.text = moved(segment.text.start)..moved(segment.text.end);
    }
}

/// Finds hyphens between small letters at the ends of lines.
fn find(text: &[char]) -> Vec<Parted> {
    let mut found = Vec::new();
    for (place, pair) in text.windows(2).enumerate() {
        if !matches!(pair, ['-' | '\u{2010}', '\n' | SOFT_BREAK]) {
            continue;
        }
        let letters = |character: &&char| character.is_alphabetic();
        let before = text.get(..place).unwrap_or_default();
        let front = before.iter().rev().take_while(letters).count();
        let after = text.get(place + 2..).unwrap_or_default();
        let back = after.iter().take_while(letters).count();
        let small =
            |range: &[char]| range.first().is_some_and(|character| character.is_lowercase());
        let ends = after.get(back).is_none_or(|next| {
            next.is_whitespace()
                || matches!(
                    next,
                    ',' | '.'
                        | ';'
                        | ':'
                        | '!'
                        | '?'
                        | ')'
                        | '’'
                        | '\''
                        | '”'
                        | '"'
                        | '-'
                        | '\u{2010}'
                ) && after
                    .get(back + 1)
                    .is_none_or(|next| next.is_whitespace() || next.is_alphabetic())
        });
        let opens = front == before.len()
            || before.iter().rev().nth(front).is_some_and(|c| {
                c.is_whitespace() || matches!(c, '(' | '‘' | '“' | '"' | '\'' | '-' | '/')
            });
        if front >= 2 && back >= 2 && small(after) && opens && ends {
            found.push(Parted {
                front: place - front..place,
                hyphen: place,
                back: place + 2..place + 2 + back,
            });
        }
    }
    found
}

/// What the document's other words say.
struct Evidence {
    words: HashSet<String>,
    hyphened: HashSet<String>,
    /// Whether a program parted words: more hyphens stand at the ends of lines than chance would put there.
    by_program: bool,
}

impl Evidence {
    fn of(text: &[char], parted: usize) -> Self {
        let text: String = text.iter().collect::<String>().to_lowercase().replace('\u{2010}', "-");
        let mut words = HashSet::new();
        let mut hyphened = HashSet::new();
        let mut hyphens = 0;
        for token in text.split_whitespace() {
            let word = token.trim_matches(|character: char| !character.is_alphabetic());
            if word.contains('-') {
                hyphens += 1;
                hyphened.insert(word.to_owned());
            } else if !token.ends_with('-') {
                words.insert(word.to_owned());
            }
        }
        Self { words, hyphened, by_program: parted >= 3 && parted * 2 > hyphens }
    }

    fn speaks_for_one_word(&self, text: &[char], word: &Parted) -> bool {
        let part = |range: &Range<usize>| {
            text.get(range.clone()).unwrap_or_default().iter().collect::<String>().to_lowercase()
        };
        let (front, back) = (part(&word.front), part(&word.back));
        if self.hyphened.contains(&format!("{front}-{back}")) {
            return false;
        }
        if self.words.contains(&format!("{front}{back}")) {
            return true;
        }
        let both_are_words = self.words.contains(&front) && self.words.contains(&back);
        self.by_program
            && !both_are_words
            && !FRONTS.contains(&front.as_str())
            && !BACKS.contains(&back.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Segment;

    fn joined(text: &str) -> String {
        let mut document = DocumentText { text: text.to_owned(), ..DocumentText::default() };
        join(&mut document);
        document.text
    }

    #[test]
    fn words_that_a_program_parted_are_whole_again() {
        let often = "the plan-\nning team of a coun-\ncil wrote re-\nports that were good";
        assert_eq!(joined(often), "the planning\nteam of a council\nwrote reports\nthat were good");
        // One hyphen is chance, unless the whole word stands elsewhere.
        assert_eq!(joined("a plan-\nning post"), "a plan-\nning post");
        assert_eq!(joined("planning: a plan-\nning post"), "planning: a planning\npost");
    }

    #[test]
    fn hyphens_that_were_meant_stay() {
        let often = "the plan-\nning team of a coun-\ncil wrote re-\nports; ";
        for (end, kept) in [
            ("a well-\nbeing lead", "well-\nbeing"),
            ("by Llŷr-\nJones", "Llŷr-\nJones"),
            ("by ffion-\nhaf@example.com", "ffion-\nhaf@example.com"),
            ("joint-working and joint-\nworking", "joint-\nworking"),
            ("the team, a friend, team-\nfriend", "team-\nfriend"),
            ("pages 12-\n14", "12-\n14"),
        ] {
            assert!(joined(&format!("{often}{end}")).contains(kept), "{end}");
        }
    }

    #[test]
    fn places_follow_their_words() {
        let mut document =
            DocumentText { text: "planning plan-\nning end".to_owned(), ..DocumentText::default() };
        for text in [0..8, 9..14, 15..19, 20..23] {
            document.segments.push(Segment { text, source: 0..0 });
        }
        join(&mut document);
        assert_eq!(document.text, "planning planning\nend");
        let places: Vec<_> = document.segments.iter().map(|segment| segment.text.clone()).collect();
        assert_eq!(places, [0..8, 9..13, 13..17, 18..21]);
    }
}
