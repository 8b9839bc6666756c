//! The running journal as the rest of the program sees it: append, read, replay, shut down.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::sync::oneshot;

use super::commit::{JournalState, Shared};
use super::encoding::{LENGTH_BYTES, declared_length, decode, encoded_bytes};
use super::error::{AppendError, Flaw, JournalError, failed};
use super::files::segment_path;
use super::queue::{Pending, Reply};
use super::record::{Committed, Draft, Position, Record};
use super::replay::Replay;

const SHUT_DOWN: &str = "it was shut down";

/// A running journal. Cheap to clone; when the last clone is dropped, the journal shuts down by itself.
#[derive(Clone)]
pub struct JournalHandle {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    shared: Arc<Shared>,
    max_record_bytes: usize,
    /// Segments that were read from. Segments never change where they are read, so they may stay open.
    open: Mutex<HashMap<u32, Arc<File>>>,
}

/// How many segments are kept open for reading.
const MOST_OPEN: usize = 32;

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.queue.close(SHUT_DOWN);
    }
}

impl JournalHandle {
    pub(super) fn new(folder: PathBuf, shared: Arc<Shared>, max_record_bytes: usize) -> Self {
        let open = Mutex::default();
        Self { inner: Arc::new(Inner { folder, shared, max_record_bytes, open }) }
    }

    /// Appends a record; answers when it is on disk and in the views. Never waits for a place in the queue. A record
    /// is written even if nobody waits for the answer any more.
    ///
    /// # Errors
    /// [`AppendError`]. After `Busy`, `NoSpace` and `TooLarge` the record is certainly not in the journal.
    pub async fn append(&self, draft: Draft) -> Result<Committed, AppendError> {
        let (sender, receiver) = oneshot::channel();
        let pending = self.pending(draft, Reply::Task(sender))?;
        self.inner.shared.queue.put(pending)?;
        receiver.await.unwrap_or_else(|_| Err(self.ended()))
    }

    /// Appends a record like [`JournalHandle::append`], holding the thread; waits for a place in the queue.
    ///
    /// # Errors
    /// [`AppendError`], but never `Busy`.
    pub fn append_blocking(&self, draft: Draft) -> Result<Committed, AppendError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let pending = self.pending(draft, Reply::Thread(sender))?;
        self.inner.shared.queue.put_waiting(pending)?;
        receiver.recv().unwrap_or_else(|_| Err(self.ended()))
    }

    /// Reads one record and checks its hash and its number.
    ///
    /// # Errors
    /// [`JournalError::Damaged`] when there is no such record at the position.
    pub fn read(&self, position: Position) -> Result<Record, JournalError> {
        let path = segment_path(&self.inner.folder, position.segment);
        let damaged = |flaw| JournalError::Damaged {
            segment: position.segment,
            offset: position.offset,
            sequence: position.sequence,
            flaw,
        };
        let read = |file: &File, length: usize| {
            let mut bytes = vec![0; length];
            match file.read_exact_at(&mut bytes, position.offset) {
                Ok(()) => Ok(bytes),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    Err(damaged(Flaw::EndsEarly))
                }
                Err(error) => Err(failed("read", &path)(error)),
            }
        };
        let file = self.segment(position.segment, &path)?;
        let length = declared_length(&read(&file, LENGTH_BYTES)?)
            .filter(|length| *length <= self.inner.max_record_bytes)
            .ok_or_else(|| damaged(Flaw::MalformedRecord))?;
        let record =
            decode(&read(&file, length)?, position.segment, position.offset).map_err(damaged)?;
        if record.position == position { Ok(record) } else { Err(damaged(Flaw::BrokenChain)) }
    }

    /// The records after a sequence number, or all, in order, up to the last that is on disk now.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn replay(&self, after: Option<u64>) -> Result<Replay, JournalError> {
        Replay::new(&self.inner.folder, after.unwrap_or(0), self.last_sequence())
    }

    /// Number of the last record that is on disk; 0 in an empty journal.
    pub fn last_sequence(&self) -> u64 {
        self.inner.shared.last_sequence.load(Ordering::Acquire)
    }

    /// Whether it takes records.
    pub fn state(&self) -> JournalState {
        self.inner.shared.state()
    }

    /// Takes no more records, writes those that wait, ends the committing thread and releases the lock.
    pub async fn shut_down(&self) {
        let (sender, receiver) = oneshot::channel();
        self.begin_shut_down(Reply::Task(sender));
        let _ = receiver.await;
    }

    /// Shuts down like [`JournalHandle::shut_down`], holding the thread.
    pub fn shut_down_blocking(&self) {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.begin_shut_down(Reply::Thread(sender));
        let _ = receiver.recv();
    }

    fn begin_shut_down(&self, reply: Reply<()>) {
        self.inner.shared.stop(SHUT_DOWN);
        self.inner.shared.queue.tell_end(reply);
    }

    fn pending(
        &self,
        draft: Draft,
        reply: Reply<Result<Committed, AppendError>>,
    ) -> Result<Pending, AppendError> {
        let actor = draft.actor.to_string();
        let bytes = encoded_bytes(&draft, &actor);
        let limit = self.inner.max_record_bytes;
        if bytes > limit {
            return Err(AppendError::TooLarge { bytes: bytes as u64, limit: limit as u64 });
        }
        Ok(Pending { draft, actor, bytes, reply })
    }

    fn segment(&self, number: u32, path: &Path) -> Result<Arc<File>, JournalError> {
        let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.get(&number) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(File::open(path).map_err(failed("opened", path))?);
        if open.len() >= MOST_OPEN {
            open.clear();
        }
        open.insert(number, Arc::clone(&file));
        Ok(file)
    }

    fn ended(&self) -> AppendError {
        match self.state() {
            JournalState::Stopped(reason) => AppendError::Stopped(reason),
            JournalState::Running | JournalState::NoSpace => {
                AppendError::Stopped("the committing thread ended".to_owned())
            }
        }
    }
}
