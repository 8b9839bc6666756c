//! Writing a result beside its target and renaming it there, so that a failure leaves nothing half-written. Knows files
//! and standard output; does not know what it writes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{RedactError, file_error};

/// Writes beside the target and renames, so that a failure leaves nothing half-written.
pub(super) fn write_out(
    target: Option<&Path>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), RedactError> {
    let Some(target) = target else {
        let mut out = io::stdout().lock();
        return fill(&mut out).and_then(|()| out.flush()).map_err(file_error(Path::new("-")));
    };
    let temporary = temporary_beside(target);
    let file = File::create(&temporary).map_err(file_error(&temporary))?;
    let mut out = BufWriter::new(file);
    let written = fill(&mut out).and_then(|()| out.flush()).and_then(|()| out.get_ref().sync_all());
    finish(target, &temporary, written)
}

/// A name beside the target that no other process uses.
pub(super) fn temporary_beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    target.with_file_name(name)
}

/// Puts a written temporary file in its place, or takes it away if writing failed.
pub(super) fn finish(
    target: &Path,
    temporary: &Path,
    written: io::Result<()>,
) -> Result<(), RedactError> {
    let renamed = written.and_then(|()| std::fs::rename(temporary, target));
    if renamed.is_err() {
        // The first error is the one to tell; the temporary file is removed if it can be.
        let _ = std::fs::remove_file(temporary);
    }
    renamed.map_err(file_error(target))
}
