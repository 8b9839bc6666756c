//! What surrounds a token: the label and the line it stands in, and what its sentence speaks of.

use super::value_at;
use super::word::{Word, pair};
use crate::redaction::fields::FieldSet;
use crate::redaction::text::{Gap, Page, Shape};

/// What is worked out once for each sentence.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Sentence {
    /// Who it speaks of: the candidate, others, a woman or man.
    pub people: u32,
    /// Kinds that rules found in it.
    pub kinds: u32,
}

/// The first word of the line and the label before the last colon, as far as the walk has come.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Line {
    pub first: u32,
    pub label: u32,
}

impl Line {
    pub fn advance(&mut self, page: &Page, words: &[Word], at: usize) -> Self {
        let Some(token) = page.token(at) else { return *self };
        if matches!(token.gap, Gap::Line | Gap::Break) {
            *self = Self { first: value_at(words, at).whole, label: 2 };
        } else if token.gap == Gap::Wide {
            self.label = 3;
        }
        let ends_label = matches!(token.shape, Shape::Mark(b':' | b'?' | b'|'));
        if ends_label && at > 0 {
            self.label =
                pair(value_at(words, at - 1).whole, value_at(words, at.saturating_sub(2)).whole);
        }
        *self
    }
}

/// For each token, the word fields of its sentence.
pub(super) fn told(page: &Page, fields: &[FieldSet]) -> Vec<FieldSet> {
    let mut told = Vec::with_capacity(page.tokens.len());
    let mut now = 0;
    for (at, token) in page.tokens.iter().enumerate() {
        if at > told.len() && matches!(token.gap, Gap::Break) {
            told.resize(at, now);
            now = 0;
        }
        now |= value_at(fields, at);
        if ends_sentence(page, at) {
            told.resize(at + 1, now);
            now = 0;
        }
    }
    told.resize(page.tokens.len(), now);
    told
}

fn ends_sentence(page: &Page, at: usize) -> bool {
    page.token(at)
        .is_some_and(|token| matches!(token.shape, Shape::Mark(b'.' | b'!' | b'?' | b';')))
        && page.token(at + 1).is_none_or(|next| next.gap != Gap::Joined)
}

/// For each token, what its sentence speaks of.
pub(super) fn sentences(page: &Page, marks: &[u32]) -> Vec<Sentence> {
    let mut sentences = Vec::with_capacity(page.tokens.len());
    let mut start = 0;
    let mut now = Sentence::default();
    for (at, token) in page.tokens.iter().enumerate() {
        if at > start && matches!(token.gap, Gap::Break) {
            sentences.resize(at, now);
            (start, now) = (at, Sentence::default());
        }
        now.kinds |= value_at(marks, at);
        now.people |= match page.lower(at) {
            "i" | "my" | "me" | "myself" | "mine" | "'m" | "im" => 1,
            "we" | "our" | "us" => 2,
            "they" | "their" | "them" | "residents" | "clients" | "people" | "families"
            | "service" | "tenants" | "pupils" | "patients" | "customers" | "users" => 4,
            "he" | "she" | "his" | "her" | "him" | "hers" => 8,
            _ => 0,
        };
        if ends_sentence(page, at) {
            sentences.resize(at + 1, now);
            (start, now) = (at + 1, Sentence::default());
        }
    }
    sentences.resize(page.tokens.len(), now);
    sentences
}
