//! A ZIP archive of documents: many applications in one file, as people export them. Bounded like every archive; an
//! entry's name is a label and never used as a path. Does not read the documents.

use super::archive::{Archive, ArchiveFault, Room};
use super::{DocumentProblem, limits};

/// An open collection.
pub struct Collection<'a>(Archive<'a>);

impl<'a> Collection<'a> {
    /// No collection is larger.
    pub const LARGEST_BYTES: u64 = limits::LARGEST_COLLECTION_BYTES as u64;

    /// Reads the directory of the archive.
    ///
    /// # Errors
    /// A problem when it is damaged, has too many entries, or has entries whose names cannot be told apart.
    pub fn open(bytes: &'a [u8]) -> Result<Self, DocumentProblem> {
        let room =
            Room { marks: limits::MOST_COLLECTION_MARKS, bytes: limits::LARGEST_COLLECTION_BYTES };
        match Archive::open_within(bytes, room) {
            Ok(archive) if archive.all_named() => Ok(Self(archive)),
            Ok(_) => Err(problem(
                "damaged",
                "an entry of the archive has a name that cannot be read; unpack it and redact the folder instead",
            )),
            Err(ArchiveFault::TooManyEntries) => Err(problem(
                "too_many_entries",
                "the archive has too many entries; split it into archives of at most 4,000 documents",
            )),
            Err(_) => Err(problem(
                "damaged",
                "the file is no ZIP archive, is damaged, or has two entries of one name; pack it again",
            )),
        }
    }

    /// The names of the documents, without folders.
    pub fn names(&self) -> Vec<String> {
        self.0.names().into_iter().filter(|name| !name.ends_with(['/', '\\'])).collect()
    }

    /// Unpacks one document.
    ///
    /// # Errors
    /// A problem for which this document is withheld.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, DocumentProblem> {
        self.0.read(name).map_err(|fault| match fault {
            ArchiveFault::TooLarge => problem(
                "unpacks_too_large",
                "the document unpacks to more than 200 times its size, or the archive to more than 1 GiB; it is \
                 withheld: unpack the archive and redact the folder instead",
            ),
            other => other.problem(),
        })
    }
}

fn problem(code: &'static str, message: &str) -> DocumentProblem {
    DocumentProblem::withhold(code, message)
}
