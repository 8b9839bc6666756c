//! The leak gate for files: known values however they are disguised, joined to other words, divided by hyphens, turned
//! round, or set with initials. Stricter than the gate for texts, since nothing in a file has to be readable.

use super::leak::{Forbidden, fold};

/// Shorter values turn up by chance when letters are turned round or taken out of longer words.
const SURE: usize = 6;

impl Forbidden {
    /// How many places of a file's text hold a known value in any form. `exempt` are passages that the vacancy keeps.
    pub fn count_disguised(&self, text: &str, exempt: &[String]) -> usize {
        let plain = self.count_in(text, exempt);
        let undivided = match text.contains(['-', '\u{2010}', '\u{2011}', '\u{ad}']) {
            true => self.count_in(&without_hyphens(text), exempt),
            false => 0,
        };
        let turned: String = text.chars().rev().collect();
        plain.max(undivided).max(self.only_long(SURE).count_in(&turned, &[]))
    }

    /// The values that no file has by chance: for parts that are not written to be read.
    pub fn only_long(&self, least: usize) -> Self {
        let long = |list: &[String]| {
            list.iter().filter(|value| value.chars().count() >= least).cloned().collect()
        };
        Self { words: long(&self.words), ordinary: Vec::new(), ..self.clone() }
    }

    /// The values that are inside longer words of a text: for names of parts and targets of links, which run words
    /// together.
    pub fn count_inside(&self, text: &str) -> usize {
        let folded = fold(text);
        self.words
            .iter()
            .filter(|word| word.chars().count() >= SURE && folded.contains(word.as_str()))
            .count()
    }

    /// Without the values that an empty document of the same kind has already: a candidate may be called Lang.
    pub fn without_those_in(&self, text: &str) -> Self {
        let folded = fold(text);
        let absent = |list: &[String]| -> Vec<String> {
            list.iter().filter(|value| !folded.contains(value.as_str())).cloned().collect()
        };
        Self { words: absent(&self.words), joined: absent(&self.joined), ..self.clone() }
    }
}

/// A text with its hyphens taken out, and the space after them.
fn without_hyphens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{ad}') {
            while characters.next_if(|next| next.is_whitespace()).is_some() {}
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_disguise_in_a_file_is_seen() {
        let mut forbidden = Forbidden::default();
        forbidden.add_word("Wiśniewska");
        forbidden.add_word("Liam");
        forbidden.add_joined("Liam Wiśniewska");
        for (text, leaks) in [
            ("Wiśniewska", true),
            ("Wiśniew-\nska", true),
            ("Wiśniew-ska", true),
            ("Wiśniew- ska", true),
            ("akswein\u{301}siW", true),
            ("aksweinsiW", true),
            ("liamwisniewska.pdf", true),
            ("by mail", false),
            ("[NAME]", false),
        ] {
            assert_eq!(forbidden.count_disguised(text, &[]) > 0, leaks, "{text}");
        }
        assert_eq!(forbidden.count_inside("example.org/lwisniewska"), 1);
        assert_eq!(forbidden.only_long(6).count_in("Liam", &[]), 0);
        assert_eq!(forbidden.without_those_in("<html liam>").count_in("Liam", &[]), 0);
    }
}
