//! Checks a journal from its first byte to its last. Needs no key, and the program may be running meanwhile.

use std::path::{Path, PathBuf};

use crate::journal::{self, JournalError, Verified};

/// Checks the journal in a folder, or in the folder `journal` of a data folder or a backup.
///
/// # Errors
/// [`JournalError`] with segment, offset and record of the first place that is not as it was written.
pub fn verify_journal(folder: &Path) -> Result<Verified, JournalError> {
    journal::verify(&journal_in(folder))
}

fn journal_in(folder: &Path) -> PathBuf {
    let inside = folder.join("journal");
    if inside.is_dir() { inside } else { folder.to_owned() }
}
