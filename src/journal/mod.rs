//! The truth: append-only, hash-chained, group-committed records. Knows nothing of what a body means.
//!
//! # On disk
//!
//! A folder holds segments (`segment-0000000001.journal`, ...), a `head` and a `lock`. All numbers are big-endian.
//!
//! ```text
//! segment = segment header (96 bytes), batches, and a closing frame once a next segment exists
//! batch   = batch header (64 bytes), records, padding of 0x5a up to a multiple of 16 bytes
//! record  = length u32, sequence u64, seconds i64, nanoseconds i32, previous hash, organisation (u8 length),
//!           kind (u8 length), actor (u16 length), body, SHA-256 of all that
//! ```
//!
//! Every byte is covered: a record's hash covers the record and, through `previous`, all records before it; the
//! headers and the closing frame end in a SHA-256 of themselves and of the hash that they continue; padding has one
//! allowed value. A segment's header repeats the last hash of the segment before it, and a closing frame names the
//! segment after it, so that no segment can be missing, swapped or come from elsewhere.
//!
//! # Torn or damaged
//!
//! One write puts one batch at the end, one `fdatasync` makes it last, and only then is anybody answered. So an
//! interruption can leave one incomplete batch, at the very end, that nobody was told of. `head` tells it apart from
//! damage: after each sync it is overwritten with the place of the batch just confirmed. It is not synced itself, so
//! after a power cut it may be older than the journal, never newer.
//!
//! - A flaw in what `head` confirms is damage, and the journal does not open.
//! - One exception: where the file ends inside the last confirmed batch, the disk lost what it had confirmed or
//!   somebody cut the file. It opens, without the lost records, and reports how many they were.
//! - A flaw in a batch after that is a torn write if the file ends inside the batch, or if a disk sector of the batch
//!   is all zeros, which is what a sector that was never written reads as. No flipped bit does either, since the
//!   bodies are sealed and every part of a batch holds something other than zeros. Anything else is damage.
//!
//! Records of a torn batch that are whole are kept.

mod commit;
mod copy;
mod disk;
mod encoding;
mod error;
mod files;
mod frame;
mod handle;
mod head;
mod lock;
mod open;
mod options;
mod queue;
mod record;
mod recovery;
mod replay;
mod segment;
mod verify;
mod walk;
mod writer;

pub use commit::JournalState;
pub use copy::copy;
pub use disk::{Disk, DiskFile, RealDisk};
pub use error::{AppendError, Flaw, JournalError, ProjectionError};
pub use files::{segment_path, segments};
pub use handle::JournalHandle;
pub use lock::{FolderLock, NoLock};
pub use open::Journal;
pub use options::{Clock, JournalOptions};
pub use record::{Committed, Draft, NotAKind, Position, Record, RecordKind};
pub use recovery::TornTail;
pub use replay::Replay;
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
