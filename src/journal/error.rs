//! What can be wrong with a journal and with an append. Messages name places, never what a record holds.

use std::io;
use std::path::PathBuf;

/// Why a journal cannot be opened, read or verified.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process, or another part of this one, has the journal open.
    #[error(
        "the journal in {} is in use by another process; stop that one first, or use another folder", folder.display()
    )]
    Locked {
        /// The journal's folder.
        folder: PathBuf,
    },
    /// The operating system refused.
    #[error("{} could not be {doing}: {error}", path.display())]
    Io {
        /// What was being done, e.g. `read`.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// Something is not as it was written.
    #[error(
        "the journal is damaged in segment {segment} at offset {offset}, where record {sequence} should be: {flaw}. \
         Restore a backup, or the segment from one"
    )]
    Damaged {
        /// Number of the segment.
        segment: u32,
        /// Offset in it, in bytes.
        offset: u64,
        /// The record that should be there.
        sequence: u64,
        /// What is wrong.
        flaw: Flaw,
    },
}

/// What is wrong at a place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Placeholder.
    #[error("placeholder")]
    Placeholder,
}

/// Why a record was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too many records wait to be written.
    #[error("too many records wait to be written; try again in a moment")]
    Busy,
    /// The disk or the quota is full. Nothing was written; the journal takes records again when there is space.
    #[error("there is no space left to write a record; nothing was written")]
    NoSpace,
    /// The record is larger than the journal takes.
    #[error("a record of {bytes} bytes is over the limit of {limit} bytes")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The journal takes no more records until the program is started again.
    #[error("the journal has stopped: {0}")]
    Stopped(String),
}

/// Why views could not be brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the views could not be brought up to date: {0}")]
pub struct ProjectionError(pub String);
