//! Reads one segment, frame by frame, and checks each against the chain. Changes nothing.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::encoding::{Chain, declared_length, decode};
use super::error::{Flaw, JournalError, failed};
use super::files::segment_path;
use super::frame::{
    FRAME_BYTES, Frame, PADDING, SEGMENT_HEADER_BYTES, SegmentHeader, padding_after,
};
use super::record::Record;

/// A segment that is being read.
pub(super) struct SegmentReader {
    file: File,
    path: PathBuf,
    number: u32,
    length: u64,
    offset: u64,
    chain: Chain,
}

/// What was read.
pub(super) enum Step {
    /// A batch.
    Batch(Vec<Record>),
    /// A batch that was passed over.
    Skipped,
    /// The closing frame.
    Closed,
    /// The file ends.
    End,
}

/// As much of a batch as is whole.
pub(super) struct WholePart {
    /// Its records.
    pub records: Vec<Record>,
    /// Their bytes.
    pub bytes: Vec<u8>,
}

impl SegmentReader {
    /// Opens a segment that continues a chain.
    pub(super) fn open(folder: &Path, number: u32, chain: Chain) -> Result<Self, JournalError> {
        let (reader, header) = Self::open_any(folder, number, chain)?;
        if header.chain != chain {
            return Err(reader.damaged(0, Flaw::BrokenChain));
        }
        Ok(reader)
    }

    /// Opens a segment in the middle of a journal, taking its header's word for what is before it.
    pub(super) fn open_within(folder: &Path, number: u32) -> Result<Self, JournalError> {
        let (mut reader, header) = Self::open_any(folder, number, Chain::START)?;
        reader.chain = header.chain;
        Ok(reader)
    }

    fn open_any(
        folder: &Path,
        number: u32,
        chain: Chain,
    ) -> Result<(Self, SegmentHeader), JournalError> {
        let path = segment_path(folder, number);
        let missing = JournalError::Damaged {
            segment: number,
            offset: 0,
            sequence: chain.next,
            flaw: Flaw::SegmentMissing,
        };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing),
            Err(error) => return Err(failed("opened", &path)(error)),
        };
        let length = file.metadata().map_err(failed("measured", &path))?.len();
        let mut reader = Self { file, path, number, length, offset: 0, chain };
        if length < SEGMENT_HEADER_BYTES {
            return Err(reader.damaged(0, Flaw::EndsEarly));
        }
        let bytes = reader.read(0, SEGMENT_HEADER_BYTES)?;
        let header = SegmentHeader::decode(&bytes).map_err(|flaw| reader.damaged(0, flaw))?;
        if header.number != number {
            return Err(reader.damaged(0, Flaw::AnotherSegment(header.number)));
        }
        reader.offset = SEGMENT_HEADER_BYTES;
        Ok((reader, header))
    }

    /// Number of the segment.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Where the next frame begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Length of the file, as far as it is looked at.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Where the chain stands before the next frame.
    pub(super) fn chain(&self) -> Chain {
        self.chain
    }

    /// Looks whether the file has grown since it was opened.
    pub(super) fn has_grown(&mut self) -> Result<bool, JournalError> {
        let length = self.file.metadata().map_err(failed("measured", &self.path))?.len();
        let has_grown = length > self.length;
        self.length = length;
        Ok(has_grown)
    }

    /// Reads the next frame. After an error the reader stands before the frame that is flawed.
    pub(super) fn step(&mut self) -> Result<Step, JournalError> {
        let (records, bytes) = match self.frame()? {
            None => return Ok(Step::End),
            Some(Frame::Closing { .. }) => return self.close(),
            Some(Frame::Batch { record_bytes, count, .. }) => {
                let payload = record_bytes + padding_after(record_bytes);
                if payload > self.length - self.offset - FRAME_BYTES as u64 {
                    return Err(self.damaged(self.offset, Flaw::EndsEarly));
                }
                let bytes = self.read(self.offset + FRAME_BYTES as u64, payload)?;
                (self.records(&bytes, record_bytes, count)?, payload)
            }
        };
        if let Some(last) = records.last() {
            self.chain = Chain { next: last.position.sequence + 1, previous: last.hash };
        }
        self.offset += FRAME_BYTES as u64 + bytes;
        Ok(Step::Batch(records))
    }

    /// Passes over the next batch if all of its records are numbered up to `after`, without checking them; reads it
    /// otherwise.
    pub(super) fn step_after(&mut self, after: u64) -> Result<Step, JournalError> {
        let Some(Frame::Batch { record_bytes, first, count }) = self.frame()? else {
            return self.step();
        };
        let last = first + u64::from(count) - 1;
        let end = self.offset + FRAME_BYTES as u64 + record_bytes;
        if last > after || end > self.length {
            return self.step();
        }
        let hash = self.read(end - 32, 32)?;
        let previous = hash.first_chunk().copied().unwrap_or_default();
        self.chain = Chain { next: last + 1, previous };
        self.offset = end + padding_after(record_bytes);
        Ok(Step::Skipped)
    }

    /// The records at the front of the next batch that are whole, whatever the rest of it looks like.
    pub(super) fn whole_part(&self) -> Result<WholePart, JournalError> {
        let mut part = WholePart { records: Vec::new(), bytes: Vec::new() };
        let Ok(Some(Frame::Batch { record_bytes, count, .. })) = self.frame() else {
            return Ok(part);
        };
        let begin = self.offset + FRAME_BYTES as u64;
        let bytes = self.read(begin, record_bytes.min(self.length - begin))?;
        let mut whole = 0;
        let mut chain = self.chain;
        while part.records.len() < count as usize {
            let rest = bytes.get(whole..).unwrap_or_default();
            let Ok((record, length)) =
                next_record(rest, self.number, begin + whole as u64, &mut chain)
            else {
                break;
            };
            whole += length;
            part.records.push(record);
        }
        part.bytes = bytes.get(..whole).unwrap_or_default().to_vec();
        Ok(part)
    }

    /// Where the next batch ends, if its header is whole.
    pub(super) fn stated_end(&self) -> Option<u64> {
        match self.frame() {
            Ok(Some(Frame::Batch { record_bytes, .. })) => {
                Some(self.offset + FRAME_BYTES as u64 + record_bytes + padding_after(record_bytes))
            }
            _ => None,
        }
    }

    /// Bytes of the file.
    pub(super) fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, JournalError> {
        let mut bytes = vec![0; length as usize];
        self.file.read_exact_at(&mut bytes, offset).map_err(failed("read", &self.path))?;
        Ok(bytes)
    }

    /// An error that names a place in this segment.
    pub(super) fn damaged(&self, offset: u64, flaw: Flaw) -> JournalError {
        JournalError::Damaged { segment: self.number, offset, sequence: self.chain.next, flaw }
    }

    fn frame(&self) -> Result<Option<Frame>, JournalError> {
        let remaining = self.length.saturating_sub(self.offset);
        if remaining == 0 {
            return Ok(None);
        }
        if remaining < FRAME_BYTES as u64 {
            return Err(self.damaged(self.offset, Flaw::EndsEarly));
        }
        let bytes = self.read(self.offset, FRAME_BYTES as u64)?;
        let wrong = Flaw::Frame("batch header or closing frame");
        let bytes = bytes.first_chunk().ok_or_else(|| self.damaged(self.offset, wrong))?;
        let frame = Frame::decode(bytes, &self.chain.previous)
            .map_err(|flaw| self.damaged(self.offset, flaw))?;
        let continues = match frame {
            Frame::Batch { first, count, .. } => first == self.chain.next && count > 0,
            Frame::Closing { offset, next, next_segment } => {
                (offset, next, Some(next_segment))
                    == (self.offset, self.chain.next, self.number.checked_add(1))
            }
        };
        if continues { Ok(Some(frame)) } else { Err(self.damaged(self.offset, wrong)) }
    }

    fn close(&mut self) -> Result<Step, JournalError> {
        let end = self.offset + FRAME_BYTES as u64;
        if self.length > end {
            return Err(self.damaged(end, Flaw::GoesOn));
        }
        self.offset = end;
        Ok(Step::Closed)
    }

    fn records(
        &self,
        bytes: &[u8],
        record_bytes: u64,
        count: u32,
    ) -> Result<Vec<Record>, JournalError> {
        let begin = self.offset + FRAME_BYTES as u64;
        let (mut rest, padding) = bytes.split_at_checked(record_bytes as usize).unwrap_or_default();
        let mut records = Vec::new();
        let mut chain = self.chain;
        let mut offset = begin;
        for _ in 0..count {
            let sequence = chain.next;
            let (record, length) = next_record(rest, self.number, offset, &mut chain)
                .map_err(|flaw| self.damaged_record(offset, sequence, flaw))?;
            rest = rest.get(length..).unwrap_or_default();
            offset += length as u64;
            records.push(record);
        }
        if !rest.is_empty() {
            return Err(self.damaged_record(offset, chain.next, Flaw::MalformedRecord));
        }
        if let Some(place) = padding.iter().position(|byte| *byte != PADDING) {
            return Err(self.damaged_record(offset + place as u64, chain.last(), Flaw::Padding));
        }
        Ok(records)
    }

    fn damaged_record(&self, offset: u64, sequence: u64, flaw: Flaw) -> JournalError {
        JournalError::Damaged { segment: self.number, offset, sequence, flaw }
    }
}

/// Takes the record at the front of `bytes` and its length, if it continues the chain, and moves the chain on.
fn next_record(
    bytes: &[u8],
    segment: u32,
    offset: u64,
    chain: &mut Chain,
) -> Result<(Record, usize), Flaw> {
    let length = declared_length(bytes).ok_or(Flaw::MalformedRecord)?;
    let bytes = bytes.get(..length).ok_or(Flaw::MalformedRecord)?;
    let record = decode(bytes, segment, offset)?;
    if record.position.sequence != chain.next || record.previous != chain.previous {
        return Err(Flaw::BrokenChain);
    }
    *chain = Chain { next: chain.next + 1, previous: record.hash };
    Ok((record, length))
}
