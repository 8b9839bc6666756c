//! What can be wrong with a journal and with an append. Messages name places, never what a record holds.

use std::io;
use std::path::{Path, PathBuf};

/// Why a journal cannot be opened, read or verified.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process, or another part of this one, has the journal open.
    #[error(
        "the journal in {} is in use by another process; stop that one first, or use another folder",
        folder.display()
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
        "the journal is damaged in segment {segment} at offset {offset}, where record {sequence} should be: {flaw}; \
         restore a backup, or that segment from one"
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
    /// The head, which says how far the journal is confirmed, is not as it was written.
    #[error(
        "{} is damaged, so that the end of the journal cannot be vouched for; the next start of the server writes \
         it anew", path.display()
    )]
    HeadDamaged {
        /// The head.
        path: PathBuf,
    },
    /// The disk did not take a repair at start.
    #[error("the journal in {} could not be made ready: {reason}", folder.display())]
    NotWritable {
        /// The journal's folder.
        folder: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// What is wrong at a place in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The file ends inside something.
    #[error("the segment ends too early")]
    EndsEarly,
    /// A header or closing frame does not match its check, or does not continue what is before it.
    #[error("the {0} is not as it was written")]
    Frame(&'static str),
    /// The lengths in a record do not fit together, or a text in it is not what it must be.
    #[error("the record is malformed")]
    MalformedRecord,
    /// A record's bytes do not match its hash.
    #[error("the record does not match its hash")]
    HashMismatch,
    /// A record does not continue the one before it.
    #[error("the record does not continue the one before it")]
    BrokenChain,
    /// Bytes between batches are not the padding that was written.
    #[error("the padding after the last record of a batch is not as it was written")]
    Padding,
    /// The segment was written by a version of the program that this one does not know.
    #[error("the segment has format {0}, which this version of the program does not know")]
    UnknownFormat(u32),
    /// The file is a segment, but not the one that its name says.
    #[error("the file holds segment {0}")]
    AnotherSegment(u32),
    /// A segment is not there.
    #[error("the segment is missing")]
    SegmentMissing,
    /// There is a next segment, and the closing frame that must precede it is not there.
    #[error("the segment ends without a closing frame, although another segment follows")]
    NotClosed,
    /// There is something behind a closing frame.
    #[error("the segment goes on behind its closing frame")]
    GoesOn,
    /// Records are gone that were confirmed.
    #[error("the journal ends here, although records up to {confirmed} were confirmed")]
    Shortened {
        /// The last record that was confirmed.
        confirmed: u64,
    },
    /// The journal is whole, but not the one that was confirmed.
    #[error("the record is not the one that was confirmed")]
    NotTheConfirmedOne,
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
    /// The journal takes no more records until the program is started again. Whether this one was written is not
    /// known, unless the reason is a shutdown: then it was not.
    #[error("the journal has stopped: {0}")]
    Stopped(String),
}

/// Why views could not be brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the views could not be brought up to date: {0}")]
pub struct ProjectionError(pub String);

/// Turns an error of the operating system into one that says what was being done to which file.
pub(super) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_owned();
    move |error| JournalError::Io { doing, path, error }
}
