//! Finds where a journal ends, and tells an interrupted last write from damage. Changes nothing; the writer repairs.
//! How the two are told apart, and why, stands at the head of the module.

use std::path::Path;

use super::encoding::Chain;
use super::error::{Flaw, JournalError};
use super::frame::{ALIGNMENT, BATCH_MAGIC};
use super::head::{FoundHead, Head, read_head};
use super::record::Record;
use super::segment::WholePart;
use super::walk::{BatchPlace, Walk};

/// The unit in which a disk writes all or nothing.
const SECTOR_BYTES: u64 = 512;

/// An interrupted last write that was cut off at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The segment it was in.
    pub segment: u32,
    /// Where it began.
    pub offset: u64,
    /// How many bytes were cut, counting those of whole records that were then written again.
    pub bytes: u64,
    /// The last record that is whole.
    pub last_sequence: u64,
    /// How many of the records that were cut had been confirmed. Anything but zero means that the disk lost what it
    /// had confirmed, or that somebody shortened the file.
    pub confirmed_lost: u64,
}

/// Where a journal ends, and what is to be repaired there.
pub(super) struct Ending {
    /// The last segment.
    pub segment: u32,
    /// Where its last whole batch ends.
    pub end: u64,
    /// How long its file is.
    pub length: u64,
    /// The chain at that end.
    pub chain: Chain,
    /// The last whole batch of the journal, which may be in an earlier segment.
    pub last_batch: Option<BatchPlace>,
    /// Up to where the last segment is known to be on the disk.
    pub confirmed_end: u64,
    /// What is cut.
    pub torn: Option<TornTail>,
    /// Whole records of the torn batch.
    pub whole_part: WholePart,
    /// A next segment was begun and not used.
    pub next_is_unused: bool,
}

/// Checks a journal from its first record to its end.
pub(super) fn find_ending(folder: &Path) -> Result<Ending, JournalError> {
    let head = read_head(folder)?.whole();
    let mut walk = Walk::begin(folder)?;
    let is_torn = loop {
        match walk.next_batch() {
            Ok(Some(records)) => check_confirmed(&records, head)?,
            Ok(None) => break ends_inside_confirmed_batch(&walk, head)?,
            Err(error) => {
                if is_torn_write(&walk, head, &error)? {
                    break true;
                }
                return Err(error);
            }
        }
    };
    ending(&walk, head, is_torn)
}

/// Checks that the record which the head confirms is the one that the journal holds.
pub(super) fn check_confirmed(records: &[Record], head: Option<Head>) -> Result<(), JournalError> {
    let Some(head) = head else { return Ok(()) };
    match records.iter().find(|record| record.position.sequence == head.last) {
        Some(record) if record.hash != head.hash => Err(JournalError::Damaged {
            segment: record.position.segment,
            offset: record.position.offset,
            sequence: record.position.sequence,
            flaw: Flaw::NotTheConfirmedOne,
        }),
        _ => Ok(()),
    }
}

/// Whether what the walk stands before can be what an interrupted last write leaves.
pub(super) fn is_torn_write(
    walk: &Walk,
    head: Option<Head>,
    error: &JournalError,
) -> Result<bool, JournalError> {
    let JournalError::Damaged { segment, flaw, .. } = error else { return Ok(false) };
    let reader = walk.reader();
    if *segment != reader.number() || *flaw == Flaw::GoesOn || !walk.is_in_last_segment()? {
        return Ok(false);
    }
    let ends_early = *flaw == Flaw::EndsEarly;
    if let Some(head) = head
        && (reader.number(), reader.offset()) < (head.segment, head.end)
    {
        let is_last_confirmed = (head.segment, head.start) <= (reader.number(), reader.offset());
        return Ok(ends_early && is_last_confirmed);
    }
    if ends_early {
        return Ok(true);
    }
    if reader.stated_end().is_some_and(|end| end < reader.length()) {
        return Ok(false);
    }
    let bytes = reader.read(reader.offset(), reader.length() - reader.offset())?;
    Ok(!holds_another_batch(&bytes) && has_unwritten_sector(&bytes, reader.offset()))
}

/// Whether the journal, although it ends cleanly, lacks the last batch that was confirmed. An error if it lacks more.
fn ends_inside_confirmed_batch(walk: &Walk, head: Option<Head>) -> Result<bool, JournalError> {
    let reader = walk.reader();
    let here = (reader.number(), reader.offset());
    match head {
        Some(head) if here < (head.segment, head.start) => {
            Err(reader.damaged(reader.offset(), Flaw::Shortened { confirmed: head.last }))
        }
        Some(head) => Ok(here < (head.segment, head.end)),
        None => Ok(false),
    }
}

fn ending(walk: &Walk, head: Option<Head>, is_torn: bool) -> Result<Ending, JournalError> {
    let reader = walk.reader();
    let whole_part = if is_torn {
        reader.whole_part()?
    } else {
        WholePart { records: Vec::new(), bytes: Vec::new() }
    };
    let last_sequence =
        whole_part.records.last().map_or(reader.chain().last(), |last| last.position.sequence);
    let torn = is_torn.then(|| TornTail {
        segment: reader.number(),
        offset: reader.offset(),
        bytes: reader.length() - reader.offset(),
        last_sequence,
        confirmed_lost: head.map_or(0, |head| head.last.saturating_sub(last_sequence)),
    });
    let confirmed_end = match head {
        Some(head) if head.segment == reader.number() => head.end,
        Some(_) => 0,
        None => walk.last_batch().map_or(0, |last| last.start),
    };
    Ok(Ending {
        segment: reader.number(),
        end: reader.offset(),
        length: reader.length(),
        chain: reader.chain(),
        last_batch: walk.last_batch(),
        confirmed_end,
        torn,
        whole_part,
        next_is_unused: walk.next_is_unused()?,
    })
}

/// Whether a batch begins behind the one at the front: then that one was confirmed before.
fn holds_another_batch(bytes: &[u8]) -> bool {
    bytes.chunks(ALIGNMENT).skip(1).any(|chunk| chunk.starts_with(BATCH_MAGIC))
}

/// Whether a disk sector, as far as it lies in `bytes`, holds nothing but zeros.
fn has_unwritten_sector(bytes: &[u8], offset: u64) -> bool {
    let first = (SECTOR_BYTES - offset % SECTOR_BYTES) as usize;
    let (head, rest) = bytes.split_at(first.min(bytes.len()));
    std::iter::once(head)
        .chain(rest.chunks(SECTOR_BYTES as usize))
        .any(|sector| !sector.is_empty() && sector.iter().all(|byte| *byte == 0))
}

/// Whether a journal's folder shows that there was a journal, although it holds no segment.
pub(super) fn lost_every_segment(folder: &Path) -> Result<bool, JournalError> {
    Ok(read_head(folder)? != FoundHead::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_counts_as_unwritten_only_when_all_of_it_in_the_batch_is_zero() {
        let written = vec![1u8; 2000];
        assert!(!has_unwritten_sector(&written, 96));
        for (zeros, offset, expected) in [
            (0..416, 96, true),
            (0..415, 96, false),
            (416..928, 96, true),
            (417..929, 96, false),
            (1952..2000, 96, true),
            (1953..2000, 96, false),
            (0..16, 496, true),
        ] {
            let mut bytes = written.clone();
            bytes[zeros.clone()].fill(0);
            assert_eq!(has_unwritten_sector(&bytes, offset), expected, "{zeros:?} at {offset}");
        }
    }
}
