//! Words and places in numbers: how a token is written, and the hashes that features are made of.

use crate::redaction::text::{Case, Gap, Page, Shape};

/// What is worked out once for each token.
#[derive(Clone, Copy, Default)]
pub(super) struct Word {
    pub whole: u32,
    pub front: u32,
    pub back: u32,
    pub shape: u32,
    pub wordy: bool,
    /// How many words before it are near enough to be looked at, and how many behind it.
    pub before: u8,
    pub behind: u8,
}

impl Word {
    /// Beyond an empty line, in another cell, or outside the text.
    pub const EDGE: Self =
        Self { whole: 1, front: 1, back: 1, shape: 1, wordy: false, before: 0, behind: 0 };

    pub fn at(page: &Page, at: usize) -> Self {
        let Some(token) = page.token(at) else { return Self::default() };
        let lower = page.lower(at);
        let gap = u32::from(matches!(token.gap, Gap::Line | Gap::Break | Gap::Wide));
        let (class, wordy) = match token.shape {
            Shape::Word(case) => (case_number(case), lower.len() > 2),
            Shape::Number => (number_class(lower), true),
            Shape::Mark(mark) => (1000 + u32::from(mark), false),
            Shape::Symbol => (8, false),
            Shape::Hole => (9, false),
        };
        let bytes = lower.as_bytes();
        let (first, rest) = bytes.split_at(bytes.len().min(5));
        let front = hash(first);
        let whole = match token.shape {
            Shape::Number => class,
            Shape::Hole => 9,
            _ => hash_on(front, rest),
        };
        let back = bytes.get(bytes.len().saturating_sub(3)..).map_or(0, hash);
        Self { whole, front, back, shape: class * 2 + gap, wordy, ..Self::default() }
    }
}

fn case_number(case: Case) -> u32 {
    match case {
        Case::Lower => 10,
        Case::Title => 11,
        Case::Upper => 12,
        Case::Initial => 13,
        Case::Mixed => 14,
    }
}

/// Years by what they say of age, small numbers by the ages they could be, others by length.
fn number_class(text: &str) -> u32 {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value: u32 = text.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let suffix = u32::from(digits < text.len()) * 50;
    let class = match (digits, value) {
        (4, 1930..=1969) => 1,
        (4, 1970..=1989) => 2,
        (4, 1990..=1999) => 3,
        (4, 2000..=2005) => 4,
        (4, 2006..=2014) => 5,
        (4, 2015..=2035) => 6,
        (1 | 2, 0..=12) => 10,
        (2, 13..=19) => 11,
        (2, 20..=39) => 12,
        (2, 40..=79) => 13,
        (2, _) => 14,
        (digits, _) => 20 + digits.min(12) as u32,
    };
    100 + class + suffix
}

/// FNV-1a, 32 bits.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    hash_on(0x811c_9dc5, bytes)
}

/// The hash of what was hashed before with more bytes behind it.
fn hash_on(before: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(before, |h, byte| (h ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// One number for two.
pub(super) fn pair(first: u32, second: u32) -> u32 {
    first.rotate_left(13).wrapping_mul(0x9e37_79b9) ^ second
}

/// Scatters a template and its value over 32 bits (the finaliser of MurmurHash3).
pub(super) fn mix(template: u32, value: u32) -> u32 {
    let mut h = value ^ template.wrapping_add(1).wrapping_mul(0x9e37_79b9);
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}
