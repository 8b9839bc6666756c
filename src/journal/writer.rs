//! Writes batches to the end of the last segment, begins new segments, and takes back what did not fit. Owned by the
//! committing thread. Never retries a sync that failed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, DiskFile};
use super::encoding::{Chain, encode, encoded_bytes};
use super::error::{JournalError, failed};
use super::files::{segment_path, unfinished_segment_path};
use super::frame::{
    FRAME_BYTES, Frame, PADDING, SEGMENT_HEADER_BYTES, SegmentHeader, padding_after,
};
use super::head::{Head, HeadFile};
use super::options::JournalOptions;
use super::record::{Draft, Position, Record};
use super::recovery::Ending;

/// The end of a journal, open for writing.
pub(super) struct Writer {
    folder: PathBuf,
    options: JournalOptions,
    file: Box<dyn DiskFile>,
    segment: u32,
    length: u64,
    chain: Chain,
    head: HeadFile,
    /// Bytes that did not fit are still behind `length`.
    tail_is_dirty: bool,
}

/// Why a batch was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WriteFailure {
    /// No space: the journal is as it was before.
    NoSpace,
    /// What is on the disk is not known.
    Broken(String),
}

impl Writer {
    /// Begins a journal in an empty folder.
    pub(super) fn begin(folder: &Path, options: JournalOptions) -> Result<Self, JournalError> {
        let header = SegmentHeader::new(1, Chain::START, (options.clock)());
        let disk = Arc::clone(&options.disk);
        let path = segment_path(folder, 1);
        let file =
            create_segment(folder, disk.as_ref(), &header).map_err(failed("created", &path))?;
        let mut writer = Self {
            folder: folder.to_owned(),
            options,
            file,
            segment: 1,
            length: SEGMENT_HEADER_BYTES,
            chain: Chain::START,
            head: HeadFile::open(folder, disk.as_ref()),
            tail_is_dirty: false,
        };
        writer.confirm(1, SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES);
        writer.head.sync();
        Ok(writer)
    }

    /// Goes on where a journal ends, after repairing that end.
    pub(super) fn resume(
        folder: &Path,
        options: JournalOptions,
        ending: Ending,
        unconfirmed: &[u8],
    ) -> Result<Self, JournalError> {
        let disk = Arc::clone(&options.disk);
        let path = segment_path(folder, ending.segment);
        let file = disk.open(&path).map_err(failed("opened for writing", &path))?;
        let mut writer = Self {
            folder: folder.to_owned(),
            options,
            file,
            segment: ending.segment,
            length: ending.end,
            chain: ending.chain,
            head: HeadFile::open(folder, disk.as_ref()),
            tail_is_dirty: ending.length > ending.end,
        };
        let repaired = writer.repair(&ending, unconfirmed);
        repaired.map_err(|failure| JournalError::NotWritable {
            folder: folder.to_owned(),
            reason: match failure {
                WriteFailure::NoSpace => "there is no space left".to_owned(),
                WriteFailure::Broken(reason) => reason,
            },
        })?;
        Ok(writer)
    }

    /// Where the chain stands.
    pub(super) fn chain(&self) -> Chain {
        self.chain
    }

    /// Writes drafts as one batch; they are on disk when this returns.
    pub(super) fn write(
        &mut self,
        drafts: Vec<(Draft, String)>,
    ) -> Result<Vec<Record>, WriteFailure> {
        let bytes = drafts.iter().map(|(draft, actor)| encoded_bytes(draft, actor) as u64).sum();
        self.make_room_for(bytes)?;
        let mut batch = Vec::with_capacity(FRAME_BYTES * 2 + bytes as usize);
        batch.resize(FRAME_BYTES, 0);
        let mut chain = self.chain;
        let mut records = Vec::with_capacity(drafts.len());
        for (draft, actor) in drafts {
            let position = Position {
                sequence: chain.next,
                segment: self.segment,
                offset: self.length + batch.len() as u64,
            };
            let at = (self.options.clock)();
            records.push(encode(&mut batch, &mut chain, draft, actor, at, position));
        }
        self.commit(batch, records.len() as u32, chain)?;
        Ok(records)
    }

    /// Leaves the head on disk, so that the next start knows all that was confirmed.
    pub(super) fn close(&mut self) {
        self.head.sync();
    }

    fn repair(&mut self, ending: &Ending, unconfirmed: &[u8]) -> Result<(), WriteFailure> {
        self.clean_tail()?;
        if ending.next_is_unused {
            let next = segment_path(&self.folder, self.segment.saturating_add(1));
            self.options
                .disk
                .remove(&next)
                .and_then(|()| self.options.disk.sync_folder(&self.folder))
                .map_err(|error| broken("an unused segment could not be removed", &error))?;
        }
        // Written again, because after a failed sync the system reads back what never reached the disk.
        let start = ending.end.saturating_sub(unconfirmed.len() as u64);
        write_whole(self.file.as_mut(), unconfirmed, start)?;
        self.sync()?;
        match ending.last_batch {
            Some(last) => self.confirm(last.segment, last.start, last.end),
            None => self.confirm(ending.segment, ending.end, ending.end),
        }
        if let Some(last) = ending.whole_part.records.last() {
            let mut batch = vec![0; FRAME_BYTES];
            batch.extend_from_slice(&ending.whole_part.bytes);
            let chain = Chain { next: last.position.sequence + 1, previous: last.hash };
            self.commit(batch, ending.whole_part.records.len() as u32, chain)?;
        }
        self.head.sync();
        Ok(())
    }

    /// Completes a batch of records, which has room for its header in front, and writes it.
    fn commit(&mut self, mut batch: Vec<u8>, count: u32, chain: Chain) -> Result<(), WriteFailure> {
        let record_bytes = (batch.len() - FRAME_BYTES) as u64;
        let frame = Frame::Batch { record_bytes, first: self.chain.next, count };
        if let Some(header) = batch.first_chunk_mut() {
            *header = frame.encode(&self.chain.previous);
        }
        batch.resize(batch.len() + padding_after(record_bytes) as usize, PADDING);
        self.clean_tail()?;
        if let Err(failure) = write_whole(self.file.as_mut(), &batch, self.length) {
            return Err(self.take_back(failure));
        }
        self.sync()?;
        let start = self.length;
        self.length += batch.len() as u64;
        self.chain = chain;
        self.confirm(self.segment, start, self.length);
        Ok(())
    }

    fn confirm(&mut self, segment: u32, start: u64, end: u64) {
        let hash = self.chain.previous;
        self.head.write(&Head { segment, start, end, last: self.chain.last(), hash });
    }

    fn make_room_for(&mut self, record_bytes: u64) -> Result<(), WriteFailure> {
        let batch = FRAME_BYTES as u64 + record_bytes + padding_after(record_bytes);
        let is_used = self.length > SEGMENT_HEADER_BYTES;
        if is_used && self.length + batch > self.options.segment_bytes {
            self.begin_segment()?;
        }
        Ok(())
    }

    /// Begins the next segment, and closes this one only when that is on disk: so a closed segment without a next
    /// one is a sign of loss.
    fn begin_segment(&mut self) -> Result<(), WriteFailure> {
        self.clean_tail()?;
        let disk = Arc::clone(&self.options.disk);
        let Some(next_segment) = self.segment.checked_add(1) else {
            return Err(WriteFailure::Broken("there are no more segment numbers".to_owned()));
        };
        let header = SegmentHeader::new(next_segment, self.chain, (self.options.clock)());
        let file = create_segment(&self.folder, disk.as_ref(), &header).map_err(|error| {
            let _ = disk.remove(&unfinished_segment_path(&self.folder));
            failure("a new segment could not be begun", &error)
        })?;
        let closing = Frame::Closing { offset: self.length, next: self.chain.next, next_segment };
        let bytes = closing.encode(&self.chain.previous);
        if let Err(failure) = write_whole(self.file.as_mut(), &bytes, self.length) {
            drop(file);
            disk.remove(&segment_path(&self.folder, next_segment))
                .and_then(|()| disk.sync_folder(&self.folder))
                .map_err(|error| broken("an unused segment could not be removed", &error))?;
            return Err(self.take_back(failure));
        }
        self.sync()?;
        self.file = file;
        self.segment = next_segment;
        self.length = SEGMENT_HEADER_BYTES;
        Ok(())
    }

    /// Takes back what a write left behind when there was no space for all of it.
    fn take_back(&mut self, failure: WriteFailure) -> WriteFailure {
        self.tail_is_dirty = true;
        match (failure, self.clean_tail()) {
            (WriteFailure::NoSpace, Ok(()) | Err(WriteFailure::NoSpace)) => WriteFailure::NoSpace,
            (WriteFailure::NoSpace, Err(broken)) | (broken, _) => broken,
        }
    }

    fn clean_tail(&mut self) -> Result<(), WriteFailure> {
        if self.tail_is_dirty {
            let what = "what did not fit could not be taken back";
            self.file.set_len(self.length).map_err(|error| failure(what, &error))?;
            self.sync()?;
            self.tail_is_dirty = false;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), WriteFailure> {
        self.file.sync_data().map_err(|error| broken("a sync failed", &error))
    }
}

/// Creates a segment under a temporary name, and gives it its own when its header is on disk.
fn create_segment(
    folder: &Path,
    disk: &dyn Disk,
    header: &SegmentHeader,
) -> io::Result<Box<dyn DiskFile>> {
    let unfinished = unfinished_segment_path(folder);
    let mut file = match disk.create(&unfinished) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            disk.remove(&unfinished)?;
            disk.create(&unfinished)?
        }
        other => other?,
    };
    let bytes = header.encode();
    if file.write_at(&bytes, 0)? < bytes.len() {
        return Err(io::ErrorKind::StorageFull.into());
    }
    file.sync_data()?;
    disk.rename(&unfinished, &segment_path(folder, header.number))?;
    disk.sync_folder(folder)?;
    Ok(file)
}

/// Writes all of `bytes` with one write. The system writes less only when there is no space for more.
fn write_whole(file: &mut dyn DiskFile, bytes: &[u8], offset: u64) -> Result<(), WriteFailure> {
    loop {
        return match file.write_at(bytes, offset) {
            Ok(written) if written == bytes.len() => Ok(()),
            Ok(_) => Err(WriteFailure::NoSpace),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(failure("a write failed", &error)),
        };
    }
}

fn failure(what: &str, error: &io::Error) -> WriteFailure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => WriteFailure::NoSpace,
        _ => broken(what, error),
    }
}

fn broken(what: &str, error: &io::Error) -> WriteFailure {
    WriteFailure::Broken(format!("{what}: {error}"))
}
