//! What words are about: for each token the word fields (`rules/fields/`) that it stands in, alone or in a set phrase.
//! The tagger learns from fields what it has seen too few single words for. Hides nothing by itself.

use super::text::vocabulary::FastMap;
use super::text::{Page, View, Vocabulary, token};
use crate::rulebook::{RuleError, Rulebook};

/// A bit for each field.
pub(super) type FieldSet = u128;

/// The longest phrase that is looked up, in tokens.
const LONGEST: usize = 5;

/// The word fields of a rule set.
#[derive(Default)]
pub(super) struct Fields {
    /// Names, in the order of their bits.
    names: Vec<String>,
    /// By the key of a phrase, and of each word that begins one.
    phrases: FastMap<u64, Known>,
}

/// What is known of a phrase or of the first word of one.
#[derive(Default, Clone, Copy)]
struct Known {
    /// Its fields.
    set: FieldSet,
    /// Of a word, how many tokens the longest phrase has that begins with it.
    longest: u8,
}

impl Fields {
    /// Reads the fields of a rule set.
    ///
    /// # Errors
    /// [`RuleError`] when there are more fields than bits.
    pub fn of(book: &Rulebook) -> Result<Self, RuleError> {
        let mut fields = Self::default();
        let empty = Vocabulary::default();
        let entries: usize = book.fields().values().map(|lexicon| lexicon.entries.len()).sum();
        fields.phrases.reserve(entries);
        for (bit, (name, lexicon)) in book.fields().iter().enumerate() {
            let Some(set) = u32::try_from(bit).ok().and_then(|bit| FieldSet::checked_shl(1, bit))
            else {
                let message = format!("more than {} word fields", FieldSet::BITS);
                return Err(RuleError::in_file(&lexicon.file, message)
                    .hint("join fields that are about the same"));
            };
            fields.names.push(name.clone());
            for entry in &lexicon.entries {
                fields.add(&entry.text, set, &empty);
            }
        }
        Ok(fields)
    }

    fn add(&mut self, text: &str, set: FieldSet, empty: &Vocabulary) {
        // Most entries are plain words, which need no folding.
        let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ');
        if plain {
            self.add_words(&text.split(' ').collect::<Vec<_>>(), set);
            return;
        }
        let view = View::fold(text);
        let tokens = token::split(&view, empty);
        let words: Vec<&str> =
            tokens.iter().map(|token| view.lower_slice(token.start, token.end)).collect();
        self.add_words(&words, set);
    }

    fn add_words(&mut self, words: &[&str], set: FieldSet) {
        let Some(first) = words.first() else { return };
        if words.len() > LONGEST {
            return;
        }
        let key = words.iter().fold(0, |key, word| onward(key, word));
        self.phrases.entry(key).or_default().set |= set;
        let longest = &mut self.phrases.entry(onward(0, first)).or_default().longest;
        *longest = (*longest).max(words.len() as u8);
    }

    /// The names of the fields, in the order of their bits.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The fields of each token of a page.
    pub fn on(&self, page: &Page) -> Vec<FieldSet> {
        let mut sets = vec![0; page.tokens.len()];
        for first in 0..page.tokens.len() {
            let mut key = onward(0, page.lower(first));
            let known = self.phrases.get(&key).filter(|word| word.longest > 0);
            let Some(word) = known else { continue };
            sets.get_mut(first).into_iter().for_each(|set| *set |= word.set);
            let end = (first + usize::from(word.longest)).min(page.tokens.len());
            for last in first + 1..end {
                if !page.joined(last) {
                    break;
                }
                key = onward(key, page.lower(last));
                if let Some(found) = self.phrases.get(&key) {
                    for set in sets.get_mut(first..=last).unwrap_or_default() {
                        *set |= found.set;
                    }
                }
            }
        }
        sets
    }
}

/// The key of a phrase with one more word (FNV-1a, 64 bits, with a mark between words).
fn onward(key: u64, word: &str) -> u64 {
    let seed = if key == 0 { 0xcbf2_9ce4_8422_2325 } else { key ^ 0x1f };
    word.bytes().fold(seed, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
