//! What the rules found at each token, as the tagger weighs it. Knows finds, not what to make of them.

use super::TAGS;
use super::word::hash;
use crate::redaction::hit::Hit;
use crate::redaction::text::Page;
use crate::rulebook::{Action, Kind};

/// What the rules found at each token of a page.
pub(super) struct Marks {
    /// Which kinds, one bit for each of [`Kind::ALL`].
    pub kinds: Vec<u32>,
    /// A number for the rule of the strongest find, or 0.
    pub rules: Vec<u32>,
}

impl Marks {
    /// The finds by token.
    pub fn of(page: &Page, hits: &[Hit]) -> Self {
        let none = vec![0_u32; page.tokens.len()];
        let mut marks = Self { kinds: none.clone(), rules: none };
        let mut scores = vec![0.0_f32; page.tokens.len()];
        for hit in hits {
            let (bit, rule) = (bit_of(hit.kind), hash(hit.rule.as_str().as_bytes()));
            let (first, last) = hit.tokens(page);
            for at in first..last {
                if let Some(kinds) = marks.kinds.get_mut(at) {
                    *kinds |= bit;
                }
                if let (Some(score), Some(own)) = (scores.get_mut(at), marks.rules.get_mut(at))
                    && *score < hit.score
                {
                    (*score, *own) = (hit.score, rule);
                }
            }
        }
        marks
    }
}

/// Whether a find is a clue that a rule took out and that the model knows too: one it may widen or doubt.
pub(super) fn is_clue(hit: &Hit) -> bool {
    hit.action == Action::Mask && is_clue_kind(hit.kind)
}

fn is_clue_kind(kind: Kind) -> bool {
    kind != Kind::Name && kind != Kind::OtherPerson && TAGS.contains(&Some(kind))
}

/// The bits of the kinds that are clues.
pub(super) fn clue_bits() -> u32 {
    Kind::ALL.iter().filter(|kind| is_clue_kind(**kind)).fold(0, |bits, kind| bits | bit_of(*kind))
}

fn bit_of(kind: Kind) -> u32 {
    Kind::ALL.iter().position(|own| *own == kind).map_or(0, |at| 1 << at)
}
