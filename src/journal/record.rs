//! What a record is, and its bytes on disk. Does no I/O.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{Actor, OrganisationId};

/// Where a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Number of the record, from 1.
    pub sequence: u64,
    /// Number of the segment that holds it.
    pub segment: u32,
    /// Offset in that segment, in bytes.
    pub offset: u64,
}

/// What a record says happened, e.g. `application_received`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKind(Cow<'static, str>);

/// A text that names no kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kind of record is 1 to 64 characters of a-z, 0-9 and '_'")]
pub struct NotAKind;

impl RecordKind {
    /// A kind that the program itself names. Use it for constants, where a wrong name does not compile:
    ///
    /// ```
    /// use evenhand::journal::RecordKind;
    /// const RECEIVED: RecordKind = RecordKind::new("application_received");
    /// assert_eq!(RECEIVED.as_str(), "application_received");
    /// ```
    pub const fn new(name: &'static str) -> Self {
        assert!(is_kind(name), "a kind of record is 1 to 64 characters of a-z, 0-9 and '_'");
        Self(Cow::Borrowed(name))
    }

    /// The kind as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RecordKind {
    type Err = NotAKind;
    fn from_str(name: &str) -> Result<Self, NotAKind> {
        if is_kind(name) { Ok(Self(Cow::Owned(name.to_owned()))) } else { Err(NotAKind) }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn is_kind(name: &str) -> bool {
    let mut rest = name.as_bytes();
    if rest.is_empty() || rest.len() > 64 {
        return false;
    }
    while let [first, others @ ..] = rest {
        if !matches!(*first, b'a'..=b'z' | b'0'..=b'9' | b'_') {
            return false;
        }
        rest = others;
    }
    true
}

/// What is to be recorded. The journal adds number, time and place in the chain.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Whose record it is.
    pub organisation: OrganisationId,
    /// What happened.
    pub kind: RecordKind,
    /// Who did it.
    pub actor: Actor,
    /// The rest, sealed by the caller where it holds anything of a person.
    pub body: Vec<u8>,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} of {}, {} bytes)", self.kind, self.organisation, self.body.len())
    }
}

/// What happened, as the journal keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it is.
    pub position: Position,
    /// When it was written.
    pub at: Timestamp,
    /// Whose record it is.
    pub organisation: OrganisationId,
    /// What happened.
    pub kind: RecordKind,
    /// Who did it.
    pub actor: String,
    /// The rest, as the caller sealed it.
    pub body: Vec<u8>,
    /// Hash of the record before this one; zeros for the first.
    pub previous: [u8; 32],
    /// SHA-256 of this record's bytes, which include `previous`.
    pub hash: [u8; 32],
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("position", &self.position)
            .field("at", &self.at)
            .field("organisation", &self.organisation)
            .field("kind", &self.kind)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The answer to an append: the record is on disk and in the views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Where it is.
    pub position: Position,
    /// The time it was given.
    pub at: Timestamp,
    /// Its hash, which a receipt may quote.
    pub hash: [u8; 32],
}
