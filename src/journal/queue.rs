//! The bounded queue between those who append and the committing thread. Bounded in records and in bytes, so that a
//! slow disk shows as "busy" and not as memory. Knows nothing of disks.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::error::AppendError;
use super::record::{Committed, Draft};

/// Who waits for an answer, and how. Whoever stopped waiting is not told.
pub(super) enum Reply<T> {
    /// A task.
    Task(oneshot::Sender<T>),
    /// A thread.
    Thread(SyncSender<T>),
}

impl<T> Reply<T> {
    pub(super) fn send(self, answer: T) {
        match self {
            Reply::Task(sender) => drop(sender.send(answer)),
            Reply::Thread(sender) => drop(sender.try_send(answer)),
        }
    }
}

/// A record that waits to be written.
pub(super) struct Pending {
    pub draft: Draft,
    /// The actor as the record will name it.
    pub actor: String,
    /// Bytes that the record will take.
    pub bytes: usize,
    pub reply: Reply<Result<Committed, AppendError>>,
}

/// The queue. One thread takes from it; anybody puts.
pub(super) struct Queue {
    longest: usize,
    most_bytes: usize,
    state: Mutex<State>,
    /// Something was put, or the queue was closed.
    changed: Condvar,
    /// There may be room.
    room: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Pending>,
    bytes: usize,
    /// Why nothing more is taken.
    closed: Option<String>,
    is_finished: bool,
    waiting_for_end: Vec<Reply<()>>,
}

impl Queue {
    pub(super) fn new(longest: usize, most_bytes: usize) -> Self {
        Self {
            longest,
            most_bytes,
            state: Mutex::default(),
            changed: Condvar::new(),
            room: Condvar::new(),
        }
    }

    /// Puts a record at the end, unless there is no room.
    pub(super) fn put(&self, pending: Pending) -> Result<(), AppendError> {
        let mut state = self.lock();
        if let Some(reason) = &state.closed {
            return Err(AppendError::Stopped(reason.clone()));
        }
        if !self.has_room(&state, pending.bytes) {
            return Err(AppendError::Busy);
        }
        self.push(&mut state, pending);
        Ok(())
    }

    /// Puts a record at the end when there is room.
    pub(super) fn put_waiting(&self, pending: Pending) -> Result<(), AppendError> {
        let mut state = self.lock();
        while state.closed.is_none() && !self.has_room(&state, pending.bytes) {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(reason) = &state.closed {
            return Err(AppendError::Stopped(reason.clone()));
        }
        self.push(&mut state, pending);
        Ok(())
    }

    /// Takes what waits, up to the given bounds but at least one record; `None` when the queue is closed and empty.
    pub(super) fn take(&self, most_records: usize, most_bytes: usize) -> Option<Vec<Pending>> {
        let mut state = self.lock();
        while state.waiting.is_empty() && state.closed.is_none() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut taken: Vec<Pending> = Vec::new();
        let mut bytes = 0usize;
        while let Some(next) = state.waiting.front() {
            let is_full = taken.len() >= most_records || bytes + next.bytes > most_bytes;
            if is_full && !taken.is_empty() {
                break;
            }
            bytes += next.bytes;
            taken.extend(state.waiting.pop_front());
        }
        state.bytes = state.bytes.saturating_sub(bytes);
        drop(state);
        self.room.notify_all();
        (!taken.is_empty()).then_some(taken)
    }

    /// Takes nothing more; what waits already is still written. The first reason stands.
    pub(super) fn close(&self, reason: &str) {
        let mut state = self.lock();
        state.closed.get_or_insert_with(|| reason.to_owned());
        drop(state);
        self.changed.notify_all();
        self.room.notify_all();
    }

    /// Takes nothing more, and answers what waits already that it was not written.
    pub(super) fn close_and_refuse(&self, reason: &str) {
        self.close(reason);
        let refused = std::mem::take(&mut self.lock().waiting);
        for pending in refused {
            pending.reply.send(Err(AppendError::Stopped(reason.to_owned())));
        }
    }

    /// Tells when the committing thread has ended.
    pub(super) fn tell_end(&self, reply: Reply<()>) {
        let mut state = self.lock();
        if state.is_finished {
            drop(state);
            reply.send(());
        } else {
            state.waiting_for_end.push(reply);
        }
    }

    /// The committing thread has ended.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        state.is_finished = true;
        let replies = std::mem::take(&mut state.waiting_for_end);
        drop(state);
        replies.into_iter().for_each(|reply| reply.send(()));
    }

    /// A record that alone is over the bound still gets in when nothing else waits.
    fn has_room(&self, state: &State, bytes: usize) -> bool {
        state.waiting.is_empty()
            || (state.waiting.len() < self.longest && state.bytes + bytes <= self.most_bytes)
    }

    fn push(&self, state: &mut State, pending: Pending) {
        state.bytes += pending.bytes;
        state.waiting.push_back(pending);
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
