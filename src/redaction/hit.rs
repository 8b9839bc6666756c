//! A passage that a rule found on a page, before overlaps are resolved. A value; knows no rule.

use super::text::Page;
use crate::rulebook::{Action, Kind, RuleId};

/// One find. Offsets are bytes of the folded text.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it shows.
    pub kind: Kind,
    /// What is done about it.
    pub action: Action,
    /// Which rule found it.
    pub rule: RuleId,
    /// Which of two overlapping finds gives the passage its kind: the higher.
    pub score: f32,
    /// What stands in its place, where that is not the kind's usual label.
    pub replacement: Option<String>,
}

impl Hit {
    /// A find over whole tokens.
    pub fn over(page: &Page, first: usize, last: usize, kind: Kind, rule: &RuleId) -> Option<Self> {
        let (from, to) = (page.token(first)?, page.token(last.checked_sub(1)?)?);
        Some(Self::between(from.start, to.end, kind, rule))
    }

    /// A find between two bytes.
    pub fn between(start: u32, end: u32, kind: Kind, rule: &RuleId) -> Self {
        let (action, rule) = (Action::Mask, rule.clone());
        Self { start, end, kind, action, rule, score: 0.7, replacement: None }
    }

    /// The same find with another score.
    pub fn scored(self, score: f32) -> Self {
        Self { score, ..self }
    }

    /// The same find, neutralised.
    pub fn neutral(self, word: impl Into<String>) -> Self {
        Self { action: Action::Neutralise, replacement: Some(word.into()), ..self }
    }

    /// The tokens that a find touches: the first, and one past the last.
    pub fn tokens(&self, page: &Page) -> (usize, usize) {
        let first = page.tokens.partition_point(|token| token.end <= self.start);
        (first, page.tokens.partition_point(|token| token.start < self.end))
    }
}
