//! Walks a whole journal, segment after segment, checking as it goes. Changes nothing and needs no lock: a journal
//! that is being written to can be walked up to where it was when the walk came there.

use std::fs;
use std::path::{Path, PathBuf};

use super::encoding::Chain;
use super::error::{Flaw, JournalError, failed};
use super::files::{segment_path, segments};
use super::frame::SEGMENT_HEADER_BYTES;
use super::record::Record;
use super::segment::{SegmentReader, Step};

/// A walk through a journal that has at least one segment.
pub(super) struct Walk {
    folder: PathBuf,
    reader: SegmentReader,
    last_batch: Option<BatchPlace>,
    closed_bytes: u64,
}

/// Where a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BatchPlace {
    pub segment: u32,
    pub start: u64,
    pub end: u64,
}

impl Walk {
    /// Begins at the first record.
    pub(super) fn begin(folder: &Path) -> Result<Self, JournalError> {
        let reader = SegmentReader::open(folder, 1, Chain::START)?;
        Ok(Self { folder: folder.to_owned(), reader, last_batch: None, closed_bytes: 0 })
    }

    /// Begins in the segment that holds the record after `after`, or where that record would be written.
    pub(super) fn begin_after(folder: &Path, after: u64) -> Result<Self, JournalError> {
        let mut reader = SegmentReader::open(folder, 1, Chain::START)?;
        for number in segments(folder)?.into_iter().rev() {
            let candidate = SegmentReader::open_within(folder, number)?;
            if candidate.chain().next <= after.saturating_add(1) {
                reader = candidate;
                break;
            }
        }
        Ok(Self { folder: folder.to_owned(), reader, last_batch: None, closed_bytes: 0 })
    }

    /// The next batch, or `None` at the end. After an error the walk stands before what is flawed.
    pub(super) fn next_batch(&mut self) -> Result<Option<Vec<Record>>, JournalError> {
        self.next_batch_after(0)
    }

    /// The next batch that holds a record after `after`.
    pub(super) fn next_batch_after(
        &mut self,
        after: u64,
    ) -> Result<Option<Vec<Record>>, JournalError> {
        loop {
            let start = self.reader.offset();
            match self.reader.step_after(after)? {
                Step::Batch(records) => {
                    self.last_batch = Some(self.place_from(start));
                    return Ok(Some(records));
                }
                Step::Skipped => self.last_batch = Some(self.place_from(start)),
                Step::Closed => {
                    let next = self.reader.number().saturating_add(1);
                    self.closed_bytes += self.reader.offset();
                    self.reader = SegmentReader::open(&self.folder, next, self.reader.chain())?;
                }
                Step::End => {
                    if self.is_at_end()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// The segment where the walk stands.
    pub(super) fn reader(&self) -> &SegmentReader {
        &self.reader
    }

    /// Where the last batch is that was passed.
    pub(super) fn last_batch(&self) -> Option<BatchPlace> {
        self.last_batch
    }

    /// Bytes of segments that were passed.
    pub(super) fn passed_bytes(&self) -> u64 {
        self.closed_bytes + self.reader.offset()
    }

    /// Whether the segment where the walk stands is the last that holds anything. A next segment that was begun and
    /// not used does not count: the program was interrupted before it closed this one.
    pub(super) fn is_in_last_segment(&self) -> Result<bool, JournalError> {
        match self.following()? {
            Following::Nothing | Following::Unused => Ok(true),
            Following::Segment => Ok(false),
        }
    }

    /// Whether a next segment was begun and not used.
    pub(super) fn next_is_unused(&self) -> Result<bool, JournalError> {
        Ok(matches!(self.following()?, Following::Unused))
    }

    fn is_at_end(&mut self) -> Result<bool, JournalError> {
        // In this order: a segment is closed before the next one is used, so that whoever sees the next one in use
        // and looks here again finds this one closed.
        let following = self.following()?;
        if self.reader.has_grown()? {
            return Ok(false);
        }
        match following {
            Following::Nothing | Following::Unused => Ok(true),
            Following::Segment => Err(self.reader.damaged(self.reader.offset(), Flaw::NotClosed)),
        }
    }

    fn following(&self) -> Result<Following, JournalError> {
        let number = self.reader.number();
        let Some(next) =
            segments(&self.folder)?.into_iter().rev().take_while(|n| *n > number).last()
        else {
            return Ok(Following::Nothing);
        };
        let path = segment_path(&self.folder, next);
        let length = fs::metadata(&path).map_err(failed("measured", &path))?.len();
        let highest = segments(&self.folder)?.last().copied();
        let is_unused = length <= SEGMENT_HEADER_BYTES
            && highest == Some(next)
            && Some(next) == number.checked_add(1);
        Ok(if is_unused { Following::Unused } else { Following::Segment })
    }

    fn place_from(&self, start: u64) -> BatchPlace {
        BatchPlace { segment: self.reader.number(), start, end: self.reader.offset() }
    }
}

enum Following {
    Nothing,
    Unused,
    Segment,
}
