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
    /// What is known of each word that begins an entry, by the number that its token has; the first is of no word.
    firsts: Vec<First>,
    /// The numbers of those words, until the vocabulary has them.
    numbers: FastMap<Box<str>, u32>,
    /// The fields of all entries by their keys. Those of one word are here too, since a few phrases share their key with
    /// one ("a" and "." with "a1"), which the tagger has been trained with.
    phrases: FastMap<u64, FieldSet>,
}

/// What is known of a word that begins an entry.
#[derive(Default, Clone, Copy)]
struct First {
    /// The fields of the word alone.
    set: FieldSet,
    /// How many tokens the longest phrase has that begins with it.
    longest: u8,
    /// The key of the word.
    key: u64,
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
        fields.numbers.reserve(entries);
        fields.firsts.push(First::default());
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
        let Some((first, rest)) = words.split_first() else { return };
        if words.len() > LONGEST {
            return;
        }
        let number = *self.numbers.entry((*first).into()).or_insert(self.firsts.len() as u32);
        if number as usize == self.firsts.len() {
            self.firsts.push(First::default());
        }
        let Some(known) = self.firsts.get_mut(number as usize) else { return };
        known.longest = known.longest.max(words.len() as u8);
        known.key = onward(0, first);
        if rest.is_empty() {
            known.set |= set;
        }
        let key = words.iter().fold(0, |key, word| onward(key, word));
        *self.phrases.entry(key).or_default() |= set;
    }

    /// Has the vocabulary know the words that begin entries, so that one look-up a token tells both.
    pub fn join(&mut self, vocabulary: &mut Vocabulary) {
        for (word, number) in std::mem::take(&mut self.numbers) {
            vocabulary.learn_field_word(&word, number);
        }
    }

    /// The names of the fields, in the order of their bits.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The fields of each token of a page.
    pub fn on(&self, page: &Page) -> Vec<FieldSet> {
        let mut sets = vec![0; page.tokens.len()];
        for (first, token) in page.tokens.iter().enumerate().filter(|(_, token)| token.field != 0) {
            let Some(word) = self.firsts.get(token.field as usize) else { continue };
            sets.get_mut(first).into_iter().for_each(|set| *set |= word.set);
            if word.longest < 2 {
                continue;
            }
            let mut key = word.key;
            let end = (first + usize::from(word.longest)).min(page.tokens.len());
            for last in first + 1..end {
                if !page.joined(last) {
                    break;
                }
                key = onward(key, page.lower(last));
                if let Some(found) = self.phrases.get(&key) {
                    for set in sets.get_mut(first..=last).unwrap_or_default() {
                        *set |= found;
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
