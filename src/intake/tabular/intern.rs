//! Names to small numbers: each distinct text of a column gets the next one. Keeps texts, knows no meaning.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Distinct texts in the order in which they came.
#[derive(Debug, Default)]
pub struct Interned {
    places: HashMap<Box<[u8]>, u32, BuildHasherDefault<Mixing>>,
}

impl Interned {
    /// The number of a text, if it has one.
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        self.places.get(text).copied()
    }

    /// Gives a text its number.
    pub fn insert(&mut self, text: &[u8], place: u32) {
        self.places.insert(text.into(), place);
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }
}

/// A multiply-and-rotate hash: short texts, millions of look-ups, nothing to defend against but a slow table.
#[derive(Default)]
pub struct Mixing(u64);

impl Hasher for Mixing {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        let mut word = [0; 8];
        let rest = chunks.remainder();
        if let Some(into) = word.get_mut(..rest.len()) {
            into.copy_from_slice(rest);
        }
        self.mix(u64::from_le_bytes(word) ^ (bytes.len() as u64));
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

impl Mixing {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// Takes a number that is a hash already for its hash.
#[derive(Default)]
pub struct Taken(u64);

impl Hasher for Taken {
    fn write(&mut self, bytes: &[u8]) {
        // Only whole numbers are looked up; anything else is still told apart.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
