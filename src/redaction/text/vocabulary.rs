//! The words that the rules know, as numbers, and the lexicons as sequences of them. Compiled once; does not know
//! what any lexicon is for.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::entries::Entries;
use super::layout::{Zone, skeleton};
use super::token::{Shape, Token};
use super::words::{Known, Words};
use super::{View, token};

/// A word that the rules know, or [`WordId::UNKNOWN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(pub(super) u32);

impl WordId {
    /// A word that no rule mentions.
    pub const UNKNOWN: Self = Self(0);

    /// The number, for tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LexiconId(pub u16);

/// Eight bytes at a time, multiplied and turned: short keys from our own rule files, so no defence against chosen keys
/// is needed.
#[derive(Default, Clone)]
pub struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.mix(u64::from_le_bytes(*eight));
        }
        if !rest.is_empty() {
            let tail = rest.iter().rev().fold(0, |tail, byte| tail << 8 | u64::from(*byte));
            self.mix(tail ^ (rest.len() as u64) << 56);
        }
    }
    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }
    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }
    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// A map for short keys.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// Every word and lexicon of a rule set.
#[derive(Default)]
pub struct Vocabulary {
    words: Words,
    marks: Marks,
    /// How many words and marks have a number.
    count: u32,
    entries: Entries,
    lexicons: FastMap<Box<str>, u16>,
    headings: FastMap<Box<str>, Zone>,
}

/// What is known of each mark.
struct Marks([Known; 256]);

impl Default for Marks {
    fn default() -> Self {
        Self([Known::default(); 256])
    }
}

impl Vocabulary {
    /// Makes room for so many words more.
    pub fn reserve(&mut self, words: usize) {
        self.words.reserve(words);
    }

    /// The number of a word, learning it if it is new.
    pub fn learn(&mut self, lower: &str) -> WordId {
        number(self.words.entry(lower), &mut self.count)
    }

    /// The number of a mark, learning it if it is new.
    pub fn learn_mark(&mut self, mark: u8) -> WordId {
        let Marks(marks) = &mut self.marks;
        marks
            .get_mut(usize::from(mark))
            .map_or(WordId::UNKNOWN, |known| number(known, &mut self.count))
    }

    /// Gives a word, or a mark, that begins an entry of a word field its number there.
    pub fn learn_field_word(&mut self, lower: &str, field: u32) {
        let Marks(marks) = &mut self.marks;
        match lower.as_bytes() {
            [mark] if mark.is_ascii_punctuation() || mark.is_ascii_control() => {
                marks.get_mut(usize::from(*mark)).into_iter().for_each(|known| known.field = field);
            }
            _ => self.words.entry(lower).field = field,
        }
    }

    /// What is known of a word in lower case.
    pub fn known(&self, lower: &str) -> Known {
        self.words.get(lower)
    }

    /// What is known of a mark.
    pub fn known_mark(&self, mark: u8) -> Known {
        let Marks(marks) = &self.marks;
        marks.get(usize::from(mark)).copied().unwrap_or_default()
    }

    /// Makes a heading open a zone.
    pub fn learn_heading(&mut self, heading: &str, zone: Zone) {
        let folded = View::fold(heading);
        self.headings.insert(skeleton(folded.text()).into(), zone);
    }

    /// The zone that a heading opens, by its skeleton.
    pub fn heading(&self, skeleton: &str) -> Option<Zone> {
        self.headings.get(skeleton).copied()
    }

    /// The number of a lexicon, learning its name if it is new.
    pub fn learn_lexicon(&mut self, name: &str) -> LexiconId {
        let next = self.lexicons.len() as u16;
        LexiconId(*self.lexicons.entry(name.into()).or_insert(next))
    }

    /// The number of a lexicon by name.
    pub fn lexicon(&self, name: &str) -> Option<LexiconId> {
        self.lexicons.get(name).copied().map(LexiconId)
    }

    /// Whether a word in lower case is by itself an entry of one of these lexicons; capitals do not matter.
    pub fn is_entry(&self, lower: &str, lexicons: &[LexiconId]) -> bool {
        let word = WordId(self.known(lower).word);
        word != WordId::UNKNOWN && self.entries.has(word, lexicons)
    }

    /// The names of all lexicons, in order of their numbers.
    pub fn lexicon_names(&self) -> Vec<&str> {
        let mut names: Vec<(&str, u16)> =
            self.lexicons.iter().map(|(name, number)| (&**name, *number)).collect();
        names.sort_unstable_by_key(|(_, number)| *number);
        names.into_iter().map(|(name, _)| name).collect()
    }

    /// Adds one entry to a lexicon. Entries without a word are refused.
    pub fn learn_entry(&mut self, lexicon: LexiconId, text: &str) -> bool {
        let words = self.learn_text(text);
        let has_words = !words.is_empty();
        if has_words {
            self.entries.learn(lexicon, words);
        }
        has_words
    }

    /// Makes the entries of lexicons ready to be found; to be called once, when all are learnt.
    pub fn put_entries_in_order(&mut self) {
        self.entries.put_in_order();
    }

    /// How many tokens the longest entry of any lexicon has.
    pub fn longest_entry(&self) -> usize {
        self.entries.longest()
    }

    /// The words of a text, learnt, each with whether it is written with a capital.
    pub fn learn_text(&mut self, text: &str) -> Vec<(WordId, bool)> {
        // Most entries of lexicons are one plain word, which folding leaves as it is.
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return vec![(self.learn(text), false)];
            }
            let word = self.learn(&text.to_ascii_lowercase());
            return vec![(word, text.starts_with(|c: char| c.is_ascii_uppercase()))];
        }
        let view = View::fold(text);
        let tokens = token::split(&view, self);
        tokens
            .iter()
            .filter_map(|token| match token.shape {
                Shape::Word(_) | Shape::Number => {
                    let word = self.learn(view.lower_slice(token.start, token.end));
                    Some((word, token.is_capital()))
                }
                Shape::Mark(mark) => Some((self.learn_mark(mark), false)),
                Shape::Symbol | Shape::Hole => None,
            })
            .collect()
    }

    /// Calls `found` with each lexicon entry that begins at a token, and its length in tokens.
    pub fn entries_at(&self, tokens: &[Token], at: usize, found: impl FnMut(LexiconId, u8)) {
        self.entries.at(tokens, at, found);
    }
}

/// The number of a word or mark in the vocabulary: the next one, if it has none.
fn number(known: &mut Known, count: &mut u32) -> WordId {
    if known.word == 0 {
        *count += 1;
        known.word = *count;
    }
    WordId(known.word)
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::*;

    #[test]
    fn an_entry_with_a_capital_asks_for_one_in_the_text() {
        let mut vocabulary = Vocabulary::default();
        let lexicon = vocabulary.learn_lexicon("x");
        for entry in ["Polish", "type 2 diabetes"] {
            assert!(vocabulary.learn_entry(lexicon, entry));
        }
        vocabulary.put_entries_in_order();
        for (text, lengths) in [
            ("Polish", vec![1]),
            ("POLISH", vec![1]),
            ("polish", vec![]),
            ("Type 2\nDiabetes", vec![3]),
            ("type 2  diabetes", vec![]),
        ] {
            let page = Page::read(text, &vocabulary);
            let found: Vec<usize> = page.entries(0).map(|(_, length)| length).collect();
            assert_eq!(found, lengths, "{text:?}");
        }
    }
}
