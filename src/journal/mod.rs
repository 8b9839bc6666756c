//! The truth: append-only, hash-chained, group-committed records. Knows nothing of what a body means.

use serde::{Deserialize, Serialize};

/// Where a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Number of the record, from 1.
    pub sequence: u64,
    /// Number of the segment that holds it.
    pub segment: u32,
    /// Offset in that segment, in bytes.
    pub offset: u64,
}
