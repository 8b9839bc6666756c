//! Writing a result beside its target and renaming it there, so that a failure leaves nothing half-written. Knows files
//! and standard output; does not know what it writes.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

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
    remove_left_over(target);
    let temporary = temporary_beside(target);
    let file = File::create(&temporary).map_err(file_error(&temporary))?;
    let mut out = BufWriter::new(file);
    let written = fill(&mut out).and_then(|()| out.flush()).and_then(|()| out.get_ref().sync_all());
    finish(target, &temporary, written)
}

/// A name beside the target that no other process uses. It is hidden, so that what an interruption leaves is not taken
/// for a result.
pub(super) fn temporary_beside(target: &Path) -> PathBuf {
    let mut name = beginning(target);
    name.push(format!("{}{ENDING}", std::process::id()));
    target.with_file_name(name)
}

/// How temporary names end.
const ENDING: &str = ".tmp";

fn beginning(target: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".");
    name
}

/// Takes away what runs for the same target left that were killed. One whose process may still run is left alone.
pub(super) fn remove_left_over(target: &Path) {
    let beginning = beginning(target);
    let (Some(folder), Some(beginning)) = (target.parent(), beginning.to_str()) else { return };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| {
            name.strip_prefix(beginning)?.strip_suffix(ENDING)?.parse::<i32>().ok()
        });
        let Some(process) = process.and_then(Pid::from_raw) else { continue };
        let runs = !matches!(test_kill_process(process), Err(Errno::SRCH));
        if runs {
            continue;
        }
        // What cannot be removed is not in the way of anything.
        let _ = match entry.file_type() {
            Ok(kind) if kind.is_dir() => std::fs::remove_dir_all(entry.path()),
            _ => std::fs::remove_file(entry.path()),
        };
    }
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
