//! Which tokens may be worth weighing in full, by the few features that tell most of them. Those of a small number of
//! kinds are looked up once for all texts.

use super::features::{Gist, Observer, Seen};
use super::model::Model;
use super::value_at;
use crate::redaction::fields::FieldSet;
use crate::rulebook::Kind;

/// The gate's weights of the features that are known beforehand.
pub(super) struct Gate {
    any: i32,
    kinds: Vec<i32>,
    lexicons: Vec<i32>,
    fields: Vec<i32>,
}

/// What a first look at a token tells.
#[derive(Clone, Copy)]
pub(super) struct Glance {
    /// Whether it may be worth weighing, and its neighbours.
    pub opens: bool,
    /// Whether the word has been seen in training.
    pub known: bool,
}

impl Gate {
    pub fn new(observer: &Observer, model: &Model) -> Self {
        let weight = |gist| i32::from(model.gate(observer.number(gist)).unwrap_or(0));
        Self {
            any: weight(Gist::Any),
            kinds: (0..Kind::ALL.len() as u32).map(Gist::Kind).map(weight).collect(),
            lexicons: (0..observer.lexicons()).map(Gist::Lexicon).map(weight).collect(),
            fields: (0..FieldSet::BITS).map(Gist::Field).map(weight).collect(),
        }
    }

    /// Looks at a token.
    pub fn glance(&self, seen: &Seen<'_>, at: usize, observer: &Observer, model: &Model) -> Glance {
        let (mut sum, mut known) = (0, false);
        seen.gist(at, |gist| {
            sum += match gist {
                Gist::Any => self.any,
                Gist::Word(_) => {
                    let weight = model.gate(observer.number(gist));
                    known = weight.is_some();
                    i32::from(weight.unwrap_or(0))
                }
                Gist::Front(_) => i32::from(model.gate(observer.number(gist)).unwrap_or(0)),
                Gist::Kind(kind) => value_at(&self.kinds, kind as usize),
                Gist::Lexicon(place) => value_at(&self.lexicons, usize::from(place)),
                Gist::Field(field) => value_at(&self.fields, field as usize),
            }
        });
        Glance { opens: model.opens(sum), known }
    }
}
