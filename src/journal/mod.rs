//! The truth: append-only, hash-chained, group-committed records. Knows nothing of what a body means.

mod disk;
mod error;
mod handle;
mod open;
mod options;
mod record;
mod verify;

pub use disk::{Disk, DiskFile, RealDisk};
pub use error::{AppendError, Flaw, JournalError, ProjectionError};
pub use handle::{JournalHandle, JournalState};
pub use open::{Journal, Replay, TornTail};
pub use options::{Clock, JournalOptions};
pub use record::{Committed, Draft, Position, Record, RecordKind};
pub use verify::{Verified, verify};

/// Keeps the views that are made from records up to date.
pub trait Projector: Send {
    /// Takes records that have just reached the disk, in order, before anybody is told that they did.
    /// Runs in the committing thread, so everything that waits for the journal waits for it.
    ///
    /// # Errors
    /// [`ProjectionError`] when the views could not be brought up to date. The records stay, the journal stops,
    /// and the views have to be rebuilt at the next start.
    fn project(&mut self, records: &[Record]) -> Result<(), ProjectionError>;
}
