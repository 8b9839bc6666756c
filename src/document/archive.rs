//! Reads entries of a ZIP archive inside hard limits, checked while reading: a declared size is never trusted, and an
//! entry's name is only compared, never used as a path. Knows nothing of what the entries mean.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::{DocumentProblem, limits};

/// Why an archive or an entry was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArchiveFault {
    /// The archive's directory cannot be read.
    Damaged,
    /// More entries than any document has.
    TooManyEntries,
    /// More bytes come out than any document holds.
    TooLarge,
    /// An entry is locked with a password.
    Encrypted,
    /// There is no such entry.
    Missing,
}

impl ArchiveFault {
    /// The problem that a document has because of it.
    pub(super) fn problem(self) -> DocumentProblem {
        match self {
            Self::Damaged | Self::Missing => DocumentProblem::withhold(
                "damaged",
                "the document is damaged and cannot be read whole, so it is withheld; \
                 ask the applicant to save it again and send it once more",
            ),
            Self::TooManyEntries => DocumentProblem::withhold(
                "too_many_entries",
                format!(
                    "the document is an archive of more than {} entries, which no application has; it is withheld: \
                     ask the applicant for a plain copy",
                    limits::MOST_ARCHIVE_ENTRIES
                ),
            ),
            Self::TooLarge => DocumentProblem::withhold(
                "unpacks_too_large",
                format!(
                    "the document unpacks to more than {} bytes, or to more than {} times its size; it is withheld: \
                     ask the applicant for a shorter copy",
                    limits::LARGEST_UNPACKED_BYTES,
                    limits::LARGEST_RATIO
                ),
            ),
            Self::Encrypted => DocumentProblem::withhold(
                "password_protected",
                "the document is locked with a password, so it is withheld; \
                 ask the applicant for a copy without one",
            ),
        }
    }
}

/// An open archive, with what may still be unpacked from it.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: usize,
}

impl<'a> Archive<'a> {
    /// Reads the directory of the archive.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ArchiveFault> {
        // Counted before the directory is read into memory, since its own count may lie.
        if memmem::find_iter(bytes, b"PK\x01\x02").nth(limits::MOST_ARCHIVE_ENTRIES).is_some() {
            return Err(ArchiveFault::TooManyEntries);
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ArchiveFault::Damaged)?;
        if zip.len() > limits::MOST_ARCHIVE_ENTRIES {
            return Err(ArchiveFault::TooManyEntries);
        }
        // Readers differ in which of two entries of one name they show.
        if zip.has_duplicate_names() {
            return Err(ArchiveFault::Damaged);
        }
        Ok(Self { zip, left: limits::LARGEST_UNPACKED_BYTES })
    }

    /// The names of the entries, as they stand in the directory.
    pub(super) fn names(&self) -> Vec<String> {
        self.zip.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect()
    }

    /// How many bytes an entry takes in the archive, by the directory's word.
    pub(super) fn packed_bytes(&mut self, name: &str) -> u64 {
        self.zip
            .index_for_name(name)
            .and_then(|index| {
                self.zip.by_index_data(index).ok().map(|entry| entry.compressed_size())
            })
            .unwrap_or(0)
    }

    /// Unpacks one entry.
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, ArchiveFault> {
        let index = self.zip.index_for_name(name).ok_or(ArchiveFault::Missing)?;
        let entry = self.zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)
            | ZipError::InvalidPassword => ArchiveFault::Encrypted,
            _ => ArchiveFault::Damaged,
        })?;
        if entry.encrypted() {
            return Err(ArchiveFault::Encrypted);
        }
        // No more packed bytes are read than the directory gives the entry, so its word is an upper bound here.
        let packed = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX);
        let ratio = packed.saturating_mul(limits::LARGEST_RATIO).max(limits::RATIO_FREE_BYTES);
        let most = self.left.min(ratio);
        let expected = usize::try_from(entry.size()).unwrap_or(0).min(most).min(1 << 20);
        let mut bytes = Vec::with_capacity(expected);
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let outcome = entry.take(limit).read_to_end(&mut bytes);
        if bytes.len() > most {
            return Err(ArchiveFault::TooLarge);
        }
        self.left -= bytes.len();
        // A wrong check sum comes last, as an error: what was read is not what was written.
        outcome.map(|_| bytes).map_err(|_| ArchiveFault::Damaged)
    }
}
