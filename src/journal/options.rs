//! How a journal is set up. Nothing here reads a file or a clock.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Disk, RealDisk};

/// Tells the time of a record.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a journal is set up.
#[derive(Clone)]
pub struct JournalOptions {
    /// A segment that has reached this size is closed and a new one begun.
    pub segment_bytes: u64,
    /// How many records may wait to be written.
    pub queue_length: usize,
    /// How many bytes of records may wait to be written.
    pub queue_bytes: usize,
    /// The largest record that is taken.
    pub max_record_bytes: usize,
    /// How many records are written at once at most.
    pub max_batch_records: usize,
    /// How many bytes are written at once at most, unless one record alone is larger.
    pub max_batch_bytes: usize,
    /// Tells the time of a record.
    pub clock: Clock,
    /// The disk that is written to.
    pub disk: Arc<dyn Disk>,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            queue_length: 4096,
            queue_bytes: 256 << 20,
            max_record_bytes: 48 << 20,
            max_batch_records: 1024,
            max_batch_bytes: 8 << 20,
            clock: Arc::new(Timestamp::now),
            disk: Arc::new(RealDisk),
        }
    }
}

impl fmt::Debug for JournalOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalOptions")
            .field("segment_bytes", &self.segment_bytes)
            .field("queue_length", &self.queue_length)
            .field("queue_bytes", &self.queue_bytes)
            .field("max_record_bytes", &self.max_record_bytes)
            .field("max_batch_records", &self.max_batch_records)
            .field("max_batch_bytes", &self.max_batch_bytes)
            .finish_non_exhaustive()
    }
}
