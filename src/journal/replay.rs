//! Records in order, as an iterator. Reads only what is committed; keeps one batch in memory.

use std::path::Path;

use super::error::JournalError;
use super::record::Record;
use super::walk::Walk;

/// Records in order, each checked as it is read. Ends after the first error.
pub struct Replay {
    walk: Walk,
    ready: std::vec::IntoIter<Record>,
    after: u64,
    last: u64,
    is_over: bool,
}

impl Replay {
    /// The records after `after` up to `last`.
    pub(super) fn new(folder: &Path, after: u64, last: u64) -> Result<Self, JournalError> {
        let walk = Walk::begin_after(folder, after)?;
        Ok(Self { walk, ready: Vec::new().into_iter(), after, last, is_over: after >= last })
    }
}

impl Iterator for Replay {
    type Item = Result<Record, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            for record in self.ready.by_ref() {
                self.is_over = record.position.sequence >= self.last;
                if record.position.sequence > self.after {
                    return Some(Ok(record));
                }
            }
            match self.walk.next_batch_after(self.after) {
                Ok(Some(records)) => self.ready = records.into_iter(),
                Ok(None) => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
