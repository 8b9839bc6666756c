//! Copies everything that cannot be made again: journal, sealed files, what reports
//! showed, key rings. The program may be running meanwhile.
//! The key file is never copied: who has both has everything.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::served_reports::{LEDGER, REPORTS};
use crate::journal::{self, JournalError, Verified};
use crate::vault::{FileName, SealedFiles, SealedFilesError};

/// The folders of a data folder that a copy holds.
const JOURNAL: &str = "journal";
const FILES: &str = "files";
const RINGS: &str = "rings";

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The journal, as it was verified in its new place.
    pub journal: Verified,
    /// How many sealed files.
    pub files: usize,
    /// Sealed files that are not what their names say, and were left out.
    pub damaged_files: Vec<FileName>,
    /// How many key rings.
    pub rings: usize,
}

/// Why nothing, or not everything, was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is something in the target already.
    #[error("{} is not empty; name a folder that is empty or does not exist yet", .0.display())]
    NotEmpty(PathBuf),
    /// There is no data in the source.
    #[error("there is no journal in {}; name the folder that holds `journal`, `files` and `rings`", .0.display())]
    NoData(PathBuf),
    /// The journal or its copy is not whole.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A sealed file could not be read or written.
    #[error(transparent)]
    Files(#[from] SealedFilesError),
    /// The operating system refused.
    #[error("{} could not be {doing}: {error}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
}

/// Copies the data folder `data` to the folder `to`, which must be empty or not exist. The copy is on disk and its
/// journal is verified when this returns.
///
/// # Errors
/// [`CopyError`] when the target is not empty, or a journal or file is not whole.
pub fn back_up(data: &Path, to: &Path) -> Result<Copied, CopyError> {
    copy_data(data, to)
}

/// Copies what cannot be made again from one folder to another.
///
/// The order matters while the program runs. A sealed file is there before the record that names it, so files come
/// after the journal. Rings come last: then they include the one that fits the key file of now.
pub(super) fn copy_data(from: &Path, to: &Path) -> Result<Copied, CopyError> {
    if !from.join(JOURNAL).is_dir() {
        return Err(CopyError::NoData(from.to_owned()));
    }
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(CopyError::NotEmpty(to.to_owned()));
    }
    fs::create_dir_all(to).map_err(failed("created", to))?;
    let journal = journal::copy(&from.join(JOURNAL), &to.join(JOURNAL))?;
    let (files, damaged_files) = copy_files(&from.join(FILES), &to.join(FILES))?;
    // What reports showed before the copy; who restores it and gives out reports again protects those only.
    if from.join(REPORTS).is_dir() {
        copy_each(&from.join(REPORTS), &to.join(REPORTS), LEDGER)?;
    }
    let rings = copy_each(&from.join(RINGS), &to.join(RINGS), "ring")?;
    sync_folder(to)?;
    Ok(Copied { journal, files, damaged_files, rings })
}

/// A file that disappears meanwhile belongs to somebody who is being erased.
fn copy_files(from: &Path, to: &Path) -> Result<(usize, Vec<FileName>), CopyError> {
    let target = SealedFiles::open(to)?;
    let mut copied = 0;
    let mut damaged = Vec::new();
    if !from.is_dir() {
        return Ok((copied, damaged));
    }
    let source = SealedFiles::at(from);
    for name in source.iter()? {
        match source.get(&name?) {
            Ok(bytes) => {
                target.put(&bytes)?;
                copied += 1;
            }
            Err(SealedFilesError::Missing(_)) => {}
            Err(SealedFilesError::Damaged(name)) => damaged.push(name),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((copied, damaged))
}

/// Copies the files of a folder with this ending. A ring that disappears meanwhile has been replaced by a newer one, so
/// the folder is listed again.
fn copy_each(from: &Path, to: &Path, ending: &str) -> Result<usize, CopyError> {
    fs::create_dir_all(to).map_err(failed("created", to))?;
    let copied = loop {
        let found = files_in(from, ending)?;
        let mut copied = 0;
        for file in &found {
            copied += usize::from(copy_file(file, to)?);
        }
        if copied == found.len() {
            break copied;
        }
    };
    sync_folder(to)?;
    Ok(copied)
}

fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, CopyError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed("listed", folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed("listed", folder))?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Copies a file and answers whether it was still there.
fn copy_file(file: &Path, to: &Path) -> Result<bool, CopyError> {
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        bytes => bytes.map_err(failed("read", file))?,
    };
    let target = to.join(file.file_name().unwrap_or_default());
    fs::write(&target, bytes)
        .and_then(|()| File::open(&target)?.sync_all())
        .map_err(failed("written", &target))?;
    Ok(true)
}

fn sync_folder(folder: &Path) -> Result<(), CopyError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("synced", folder))
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CopyError {
    let path = path.to_owned();
    move |error| CopyError::Io { doing, path, error }
}
