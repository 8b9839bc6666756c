//! Names of the files in a journal's folder. Reads names only.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{JournalError, failed};

const PREFIX: &str = "segment-";
const SUFFIX: &str = ".journal";
/// What a segment is called until its header is on disk.
const UNFINISHED: &str = "segment.new";

/// The path of a segment in a journal's folder.
pub fn segment_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{PREFIX}{number:010}{SUFFIX}"))
}

/// The path of the head, which says how far the journal is confirmed.
pub(super) fn head_path(folder: &Path) -> PathBuf {
    folder.join("head")
}

pub(super) fn lock_path(folder: &Path) -> PathBuf {
    folder.join("lock")
}

pub(super) fn unfinished_segment_path(folder: &Path) -> PathBuf {
    folder.join(UNFINISHED)
}

/// The numbers of the segments in a journal's folder, in order.
///
/// # Errors
/// [`JournalError::Io`] when the folder cannot be listed.
pub fn segments(folder: &Path) -> Result<Vec<u32>, JournalError> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("listed", folder))? {
        let name = entry.map_err(failed("listed", folder))?.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse::<u32>().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}
