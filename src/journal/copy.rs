//! Copies a journal up to the last confirmed batch, whether it is in use or not, and verifies the copy. Changes nothing
//! where it copies from.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::error::{JournalError, failed};
use super::files::{head_path, segment_path};
use super::head::{Head, read_head};
use super::recovery::is_torn_write;
use super::verify::{Verified, verify};
use super::walk::Walk;

/// Copies the journal in one folder to another folder, which is made when it is missing and must hold no journal. The
/// copy is on disk and verified when this returns.
///
/// # Errors
/// [`JournalError`] when the journal or its copy is damaged, or a file cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<Verified, JournalError> {
    let head = read_head(from)?.whole();
    let (last, end) = match head {
        Some(head) => (head.segment, head.end),
        None => walked_end(from)?,
    };
    fs::create_dir_all(to).map_err(failed("created", to))?;
    for number in 1..=last {
        let most = if number == last { end } else { u64::MAX };
        copy_file(&segment_path(from, number), &segment_path(to, number), most)?;
    }
    if let Some(head) = head {
        write_head(to, &head)?;
    }
    File::open(to).and_then(|folder| folder.sync_all()).map_err(failed("synced", to))?;
    verify(to)
}

/// The end of a journal without a head, found by reading it.
fn walked_end(folder: &Path) -> Result<(u32, u64), JournalError> {
    let mut walk = Walk::begin(folder)?;
    loop {
        match walk.next_batch() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) if is_torn_write(&walk, None, &error)? => break,
            Err(error) => return Err(error),
        }
    }
    Ok((walk.reader().number(), walk.reader().offset()))
}

fn copy_file(from: &Path, to: &Path, most: u64) -> Result<(), JournalError> {
    let source = File::open(from).map_err(failed("opened", from))?;
    let mut target =
        File::options().write(true).create_new(true).open(to).map_err(failed("created", to))?;
    io::copy(&mut source.take(most), &mut target).map_err(failed("copied", from))?;
    target.sync_all().map_err(failed("synced", to))
}

fn write_head(folder: &Path, head: &Head) -> Result<(), JournalError> {
    let path = head_path(folder);
    File::options()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(&head.encode()).and_then(|()| file.sync_all()))
        .map_err(failed("written", &path))
}
