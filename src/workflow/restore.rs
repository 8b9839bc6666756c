//! Makes a data folder from a backup. Views are not in a backup: the next start builds them from the journal. Nor is the
//! key file, without which nothing that is restored opens.

use std::path::Path;

use super::back_up::{Copied, CopyError, copy_data};

/// Copies the backup in `from` to the data folder `to`, which must be empty or not exist. The journal is verified
/// where it stands then.
///
/// # Errors
/// [`CopyError`] when the target is not empty, or the backup's journal or a file is not whole.
pub fn restore(from: &Path, to: &Path) -> Result<Copied, CopyError> {
    copy_data(from, to)
}
