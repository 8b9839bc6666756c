//! Opens a journal: takes the lock, checks what is there, cuts a torn tail. Appends nothing.

use std::path::Path;

use super::{JournalError, JournalHandle, JournalOptions, Projector, Record};

/// An interrupted last write that was cut off at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The segment it was in.
    pub segment: u32,
    /// Where it began.
    pub offset: u64,
    /// How many bytes were cut.
    pub bytes: u64,
    /// The last record that is whole.
    pub last_sequence: u64,
    /// How many of the records that were cut had been reported as safe. Anything but zero means that the disk
    /// lost what it had confirmed, or that somebody shortened the file.
    pub confirmed_lost: u64,
}

/// A journal that is open, locked and checked, and takes no records yet.
pub struct Journal {}

/// Records in order, as they are read.
pub struct Replay {}

impl Iterator for Replay {
    type Item = Result<Record, JournalError>;
    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

impl Journal {
    /// Opens the journal in a folder, or begins one.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(_folder: &Path, _options: JournalOptions) -> Result<Self, JournalError> {
        Ok(Self {})
    }

    /// The records after a sequence number, or all of them, in order.
    ///
    /// # Errors
    /// [`JournalError`] when a segment cannot be read.
    pub fn replay(&self, _after: Option<u64>) -> Result<Replay, JournalError> {
        Ok(Replay {})
    }

    /// Number of the last record; 0 in an empty journal.
    pub fn last_sequence(&self) -> u64 {
        0
    }

    /// What was cut off at the end, if anything was.
    pub fn recovered(&self) -> Option<&TornTail> {
        None
    }

    /// Starts the committing thread. If the operating system grants no thread, the handle's state says so.
    pub fn start(self, _projector: Box<dyn Projector>) -> JournalHandle {
        JournalHandle {}
    }
}
