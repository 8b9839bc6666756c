//! The head: which batch was confirmed last. It tells a torn write from damage, and it is not needed to read
//! a journal. The writer overwrites it after each sync, without a sync of its own.

use std::fs;
use std::io;
use std::path::Path;

use super::disk::{Disk, DiskFile};
use super::encoding::{Fields, sha256};
use super::error::{JournalError, failed};
use super::files::head_path;

const MAGIC: &[u8; 8] = b"evhHEAD1";

/// The batch that was confirmed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Its segment.
    pub segment: u32,
    /// Where it begins there.
    pub start: u64,
    /// Where it ends there.
    pub end: u64,
    /// Number of its last record.
    pub last: u64,
    /// Hash of that record.
    pub hash: [u8; 32],
}

/// What there is of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundHead {
    /// It is whole.
    Whole(Head),
    /// There is none.
    None,
    /// It is not as it was written.
    Damaged,
}

impl FoundHead {
    pub(super) fn whole(self) -> Option<Head> {
        match self {
            FoundHead::Whole(head) => Some(head),
            FoundHead::None | FoundHead::Damaged => None,
        }
    }
}

impl Head {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.segment.to_be_bytes());
        bytes.extend_from_slice(&self.start.to_be_bytes());
        bytes.extend_from_slice(&self.end.to_be_bytes());
        bytes.extend_from_slice(&self.last.to_be_bytes());
        bytes.extend_from_slice(&self.hash);
        let check = sha256(&bytes);
        bytes.extend_from_slice(&check);
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (covered, check) = bytes.split_last_chunk::<32>()?;
        let mut fields = Fields(covered);
        if sha256(covered) != *check || fields.array::<8>()? != *MAGIC {
            return None;
        }
        let segment = u32::from_be_bytes(fields.array()?);
        let start = u64::from_be_bytes(fields.array()?);
        let end = u64::from_be_bytes(fields.array()?);
        let last = u64::from_be_bytes(fields.array()?);
        let hash = fields.array()?;
        fields.0.is_empty().then_some(Self { segment, start, end, last, hash })
    }
}

/// Reads the head of a journal.
pub(super) fn read_head(folder: &Path) -> Result<FoundHead, JournalError> {
    let path = head_path(folder);
    match fs::read(&path) {
        // It was created and the program ended before it was written.
        Ok(bytes) if bytes.is_empty() => Ok(FoundHead::None),
        Ok(bytes) => Ok(Head::decode(&bytes).map_or(FoundHead::Damaged, FoundHead::Whole)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(FoundHead::None),
        Err(error) => Err(failed("read", &path)(error)),
    }
}

/// The head, open for writing. A head that cannot be written costs nothing but the knowledge it would have kept,
/// so failures to write are not reported.
pub(super) struct HeadFile {
    file: Option<Box<dyn DiskFile>>,
}

impl HeadFile {
    pub(super) fn open(folder: &Path, disk: &dyn Disk) -> Self {
        let path = head_path(folder);
        let opened = disk.open(&path).or_else(|_| {
            let file = disk.create(&path)?;
            disk.sync_folder(folder)?;
            Ok::<_, io::Error>(file)
        });
        Self { file: opened.ok() }
    }

    pub(super) fn write(&mut self, head: &Head) {
        if let Some(file) = &mut self.file {
            let _ = file.write_at(&head.encode(), 0);
        }
    }

    pub(super) fn sync(&mut self) {
        if let Some(file) = &mut self.file {
            let _ = file.sync_data();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_read_back_is_the_same_and_no_flipped_bit_is_overlooked() {
        let head = Head { segment: 2, start: 96, end: 1024, last: 17, hash: [5; 32] };
        let bytes = head.encode();
        assert_eq!(Head::decode(&bytes), Some(head));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::decode(&flipped), None, "bit {bit}");
        }
    }
}
