//! Text + identity + rules to spans to redacted text. Pure: no input or output, no clock, no randomness, and the
//! removed words leave it only inside the answer.
//!
//! The order of work, file by file: `text` reads a page; `phrases`, `formats` and `labels` run the rules;
//! `anchors` builds and looks up the table of what is known of the candidate; `people`, `address` and `pronouns` are
//! rules that need code; `tagger` is a trained model that asks `fields` what words are about; `kept` takes out what
//! stays; `resolve` settles overlaps; `replace` and `write_out` make the answer, an `outcome`; `leak` searches it again,
//! and `disguises` searches files. `examples` and `usage` serve those who write rules.

mod address;
mod anchors;
mod clause;
mod contract;
mod disguises;
mod engine;
mod examples;
mod fields;
mod formats;
mod hit;
mod home_places;
mod honorific;
mod identity_values;
mod kept;
mod labels;
mod leak;
mod outcome;
mod particulars;
mod people;
mod person_name;
mod phrase;
mod phrases;
mod pronouns;
mod registers;
mod replace;
mod resolve;
mod retold;
mod rules;
mod sex;
mod study;
mod subject;
pub mod tagger;
mod text;
mod usage;
mod validators;
mod write_out;

pub use contract::{AnswerSpan, RedactionAnswer, RedactionRequest, answer};
pub use engine::Engine;
pub use examples::{ExampleFailure, check_examples};
pub use leak::Forbidden;
pub use outcome::{LeakCheck, Part, Problem, Redaction, Span};
pub use usage::{RepeatedLabel, RuleUse, repeated_labels, rule_usage};

pub use crate::rulebook::{Action, Kind, RuleId};
