//! The committing thread: takes what waits, writes it as one batch, has it projected, answers. Nobody is told that a
//! record is kept before it is on disk and in the views.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Projector;
use super::error::{AppendError, ProjectionError};
use super::lock::FolderLock;
use super::options::JournalOptions;
use super::queue::{Pending, Queue};
use super::record::{Committed, Record};
use super::writer::{WriteFailure, Writer};

/// Whether a journal takes records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalState {
    /// It does.
    Running,
    /// The last write found no space. The journal still tries, and is running again after the first that succeeds.
    NoSpace,
    /// Not until the program is started again.
    Stopped(String),
}

/// What the committing thread and the handles share.
pub(super) struct Shared {
    /// What waits to be written.
    pub queue: Queue,
    /// Number of the last record that is on disk.
    pub last_sequence: AtomicU64,
    state: Mutex<JournalState>,
}

impl Shared {
    pub(super) fn new(options: &JournalOptions, last_sequence: u64) -> Self {
        Self {
            queue: Queue::new(options.queue_length, options.queue_bytes),
            last_sequence: AtomicU64::new(last_sequence),
            state: Mutex::new(JournalState::Running),
        }
    }

    pub(super) fn state(&self) -> JournalState {
        self.lock_state().clone()
    }

    /// Takes no more records; the first reason stands.
    pub(super) fn stop(&self, reason: &str) {
        let mut state = self.lock_state();
        if !matches!(*state, JournalState::Stopped(_)) {
            *state = JournalState::Stopped(reason.to_owned());
        }
        drop(state);
        self.queue.close(reason);
    }

    fn set_unless_stopped(&self, new: JournalState) {
        let mut state = self.lock_state();
        if !matches!(*state, JournalState::Stopped(_)) {
            *state = new;
        }
    }

    fn lock_state(&self) -> MutexGuard<'_, JournalState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The committing thread's own things.
pub(super) struct Committer {
    pub shared: Arc<Shared>,
    pub writer: Writer,
    pub projector: Box<dyn Projector>,
    pub most_records: usize,
    pub most_bytes: usize,
    /// Held for as long as the thread writes.
    pub lock: FolderLock,
}

impl Committer {
    /// Runs until the queue is closed and empty, or until something breaks.
    pub(super) fn run(mut self) {
        while let Some(batch) = self.shared.queue.take(self.most_records, self.most_bytes) {
            if let Err(reason) = self.commit(batch) {
                self.shared.stop(&reason);
                self.shared.queue.close_and_refuse(&reason);
                break;
            }
        }
        let Self { shared, mut writer, projector, lock, .. } = self;
        writer.close();
        drop((writer, projector, lock));
        shared.queue.finish();
    }

    fn commit(&mut self, batch: Vec<Pending>) -> Result<(), String> {
        let (drafts, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|p| ((p.draft, p.actor), p.reply)).unzip();
        match self.writer.write(drafts) {
            Ok(records) => {
                self.shared.last_sequence.store(self.writer.chain().last(), Ordering::Release);
                let projected = project(self.projector.as_mut(), &records);
                match &projected {
                    Ok(()) => self.shared.set_unless_stopped(JournalState::Running),
                    // Before anybody is answered: whoever was must find the journal stopped, and for this reason.
                    Err(error) => self.shared.stop(&error.to_string()),
                }
                for (record, reply) in records.iter().zip(replies) {
                    let Record { position, at, hash, .. } = *record;
                    reply.send(Ok(Committed { position, at, hash }));
                }
                projected.map_err(|error| error.to_string())
            }
            Err(WriteFailure::NoSpace) => {
                self.shared.set_unless_stopped(JournalState::NoSpace);
                replies.into_iter().for_each(|reply| reply.send(Err(AppendError::NoSpace)));
                Ok(())
            }
            Err(WriteFailure::Broken(reason)) => {
                self.shared.stop(&reason);
                for reply in replies {
                    reply.send(Err(AppendError::Stopped(reason.clone())));
                }
                Err(reason)
            }
        }
    }
}

/// A projector that panics has failed like one that says so; the journal must still answer and end in order.
fn project(projector: &mut dyn Projector, records: &[Record]) -> Result<(), ProjectionError> {
    catch_unwind(AssertUnwindSafe(|| projector.project(records)))
        .unwrap_or_else(|_| Err(ProjectionError("the projector panicked".to_owned())))
}
