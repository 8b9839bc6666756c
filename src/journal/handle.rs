//! The running journal as the rest of the program sees it.

use super::{AppendError, Committed, Draft, JournalError, Position, Record};

/// Whether a journal takes records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalState {
    /// It does.
    Running,
    /// The last write found no space; it will again when there is some.
    NoSpace,
    /// Not until the program is started again.
    Stopped(String),
}

/// A running journal.
#[derive(Clone)]
pub struct JournalHandle {}

impl JournalHandle {
    /// Appends a record; answers when it is on disk and in the views. Never waits for a place in the queue.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append(&self, _draft: Draft) -> Result<Committed, AppendError> {
        Err(AppendError::Busy)
    }

    /// Appends a record like [`JournalHandle::append`], holding the thread, and waits for a place in the queue.
    ///
    /// # Errors
    /// [`AppendError`], but never `Busy`.
    pub fn append_blocking(&self, _draft: Draft) -> Result<Committed, AppendError> {
        Err(AppendError::Busy)
    }

    /// Reads one record and checks its hash.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn read(&self, position: Position) -> Result<Record, JournalError> {
        Err(JournalError::Damaged {
            segment: position.segment,
            offset: position.offset,
            sequence: position.sequence,
            flaw: super::Flaw::Placeholder,
        })
    }

    /// Number of the last record that is on disk; 0 in an empty journal.
    pub fn last_sequence(&self) -> u64 {
        0
    }

    /// Whether it takes records.
    pub fn state(&self) -> JournalState {
        JournalState::Running
    }

    /// Takes no more records, writes those that wait, ends the committing thread and releases the lock.
    pub async fn shut_down(&self) {}

    /// Shuts down like [`JournalHandle::shut_down`], holding the thread.
    pub fn shut_down_blocking(&self) {}
}
impl JournalHandle {
    pub fn replay(&self, _: Option<u64>) -> Result<super::Replay, JournalError> {
        loop {}
    }
}
