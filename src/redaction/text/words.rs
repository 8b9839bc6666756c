//! A table of words with what is known of each, made for one look-up a token. Knows spelling; not what the numbers mean.

use super::vocabulary::FastMap;

/// The numbers of a word; 0 where there is none.
#[derive(Debug, Default, Clone, Copy)]
pub struct Known {
    /// In the vocabulary.
    pub word: u32,
    /// Among the words that begin an entry of a word field.
    pub field: u32,
}

/// Words in lower case. Most are short enough to be their own key, so that nothing else need be fetched to compare them.
#[derive(Default)]
pub struct Words {
    short: FastMap<u128, Known>,
    long: FastMap<Box<str>, Known>,
}

impl Words {
    /// Makes room for so many words more, so that the table need not be moved while it grows.
    pub fn reserve(&mut self, words: usize) {
        self.short.reserve(words);
    }

    /// What is known of a word.
    pub fn get(&self, lower: &str) -> Known {
        let known = match short_key(lower) {
            Some(key) => self.short.get(&key),
            None => self.long.get(lower),
        };
        known.copied().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn entry(&mut self, lower: &str) -> &mut Known {
        match short_key(lower) {
            Some(key) => self.short.entry(key).or_default(),
            None => self.long.entry(lower.into()).or_default(),
        }
    }
}

/// The bytes of a short word and their number, as one number.
fn short_key(lower: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..lower.len()).filter(|_| lower.len() < 16)?.copy_from_slice(lower.as_bytes());
    Some(u128::from_le_bytes(bytes) | (lower.len() as u128) << 120)
}
