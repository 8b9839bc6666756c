//! Where many documents are: a folder with the folders in it, or an archive. Lists and reads; decides nothing about
//! redaction.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::super::{RedactError, file_error};
use crate::document::{Collection, DocumentProblem};

/// Folders within folders.
const DEEPEST_FOLDER: usize = 16;
/// A document is refused by its size before it is read whole.
const LARGEST_FILE_BYTES: u64 = 64 << 20;

/// Where the documents are.
pub(super) enum Source<'a> {
    Folder(PathBuf),
    Archive(Mutex<Collection<'a>>),
}

impl<'a> Source<'a> {
    /// Opens a folder or the bytes of an archive, and lists its documents. `skipped` is no document.
    pub(super) fn open(
        path: &Path,
        bytes: &'a [u8],
        skipped: Option<&Path>,
    ) -> Result<(Self, Vec<String>), RedactError> {
        let unusable =
            |message: String| RedactError::Collection { path: path.display().to_string(), message };
        let (source, mut names) = if path.is_dir() {
            let skipped = skipped.and_then(|table| table.canonicalize().ok());
            let mut names = Vec::new();
            list(path, "", 0, skipped.as_deref(), &mut names).map_err(file_error(path))?;
            (Self::Folder(path.to_owned()), names)
        } else {
            let collection =
                Collection::open(bytes).map_err(|problem| unusable(problem.message))?;
            let names = collection.names();
            (Self::Archive(Mutex::new(collection)), names)
        };
        names.retain(|name| !is_by_product(name));
        if names.is_empty() {
            return Err(unusable("there are no documents in it".to_owned()));
        }
        draw_lots(&mut names).map_err(file_error(path))?;
        Ok((source, names))
    }

    /// A document, or why it cannot be taken.
    pub(super) fn read(&self, name: &str) -> Result<Result<Vec<u8>, DocumentProblem>, RedactError> {
        match self {
            Self::Folder(folder) => from_folder(&folder.join(name)),
            Self::Archive(archive) => {
                Ok(archive.lock().unwrap_or_else(PoisonError::into_inner).read(name))
            }
        }
    }
}

/// The bytes of an archive; none of a folder.
pub(super) fn archive_bytes(path: &Path) -> Result<Vec<u8>, RedactError> {
    if path.is_dir() {
        return Ok(Vec::new());
    }
    let length = fs::metadata(path).map_err(file_error(path))?.len();
    if length > Collection::LARGEST_BYTES {
        let message = "the archive is larger than 1 GiB; split it".to_owned();
        return Err(RedactError::Collection { path: path.display().to_string(), message });
    }
    fs::read(path).map_err(file_error(path))
}

/// The files of a folder and its folders, by their names below it. Links are not followed.
fn list(
    folder: &Path,
    prefix: &str,
    depth: usize,
    skipped: Option<&Path>,
    names: &mut Vec<String>,
) -> io::Result<()> {
    if depth > DEEPEST_FOLDER {
        return Err(io::Error::other("folders are nested too deep"));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| io::Error::other("a file's name is not in UTF-8; rename it"))?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && !name.starts_with('.') {
            list(&path, &format!("{prefix}{name}/"), depth + 1, skipped, names)?;
        } else if kind.is_file() && path.canonicalize().ok().as_deref() != skipped {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// What operating systems and office programs leave beside documents.
fn is_by_product(name: &str) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.split(['/', '\\']).any(|part| part == "__MACOSX")
        || base.starts_with('.')
        || base.starts_with("~$")
        || ["Thumbs.db", "desktop.ini"].contains(&base)
}

fn draw_lots(names: &mut Vec<String>) -> io::Result<()> {
    let mut drawn = Vec::with_capacity(names.len());
    for name in names.drain(..) {
        let mut lot = [0; 16];
        getrandom::fill(&mut lot).map_err(|error| io::Error::other(error.to_string()))?;
        drawn.push((lot, name));
    }
    drawn.sort_unstable();
    names.extend(drawn.into_iter().map(|(_, name)| name));
    Ok(())
}

fn from_folder(path: &Path) -> Result<Result<Vec<u8>, DocumentProblem>, RedactError> {
    let length = fs::metadata(path).map_err(file_error(path))?.len();
    if length > LARGEST_FILE_BYTES {
        let message = "the file is far larger than any application; it is withheld: ask the applicant for a shorter one";
        let problem =
            DocumentProblem { code: "too_large", message: message.to_owned(), withholds: true };
        return Ok(Err(problem));
    }
    fs::read(path).map(Ok).map_err(file_error(path))
}
