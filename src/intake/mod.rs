//! What arrives from sending systems: signatures are checked and payloads become our own events, both as
//! `rules/sources` describes them. Does no I/O, keeps nothing, and knows no vendor by name.

#![warn(clippy::indexing_slicing)]

mod headers;
mod mapping;
mod secret;
mod signature;
pub mod tabular;

pub use headers::{DeliveryHeaders, DeliveryId};
pub use mapping::{Form, MappingError, Noun, limits, map};
pub use secret::{Secret, SecretError};
pub use signature::{SignatureError, sign, verify};

pub use crate::rulebook::{SignatureScheme, SourceMapping};
