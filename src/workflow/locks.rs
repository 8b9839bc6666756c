//! Locks by name: whoever changes an application holds its lock from reading the view until the journal has
//! answered, so that two changes of one application never pass each other. Knows nothing of what is locked.

use std::hash::{BuildHasher, Hash, RandomState};

use tokio::sync::{Mutex, MutexGuard};

/// A fixed number of locks, shared by all names that hash alike. A task that needs locks of several kinds takes
/// them in the order delivery, application, vacancy, so that none waits for one that waits for it.
#[derive(Debug)]
pub(super) struct NamedLocks {
    hasher: RandomState,
    locks: Vec<Mutex<()>>,
    /// What an impossible index falls back to.
    spare: Mutex<()>,
}

impl NamedLocks {
    pub(super) fn new() -> Self {
        Self {
            hasher: RandomState::new(),
            locks: (0..1024).map(|_| Mutex::new(())).collect(),
            spare: Mutex::new(()),
        }
    }

    /// Waits for the lock of a name.
    pub(super) async fn lock(&self, name: impl Hash) -> MutexGuard<'_, ()> {
        let index = self.hasher.hash_one(name) as usize % self.locks.len().max(1);
        self.locks.get(index).unwrap_or(&self.spare).lock().await
    }
}
