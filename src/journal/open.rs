//! Opens a journal: takes the lock, checks what is there, repairs an interrupted last write. Appends nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commit::{Committer, Shared};
use super::error::{Flaw, JournalError, failed};
use super::files::{lock_path, segment_path, segments};
use super::frame::SEGMENT_HEADER_BYTES;
use super::lock::{FolderLock, NoLock};
use super::recovery::{Ending, TornTail, find_ending, lost_every_segment};
use super::replay::Replay;
use super::writer::Writer;
use super::{JournalHandle, JournalOptions, Projector};

/// A journal that is open, locked and checked, and takes no records yet.
pub struct Journal {
    folder: PathBuf,
    options: JournalOptions,
    writer: Writer,
    torn: Option<TornTail>,
    lock: FolderLock,
}

impl Journal {
    /// Opens the journal in a folder, or begins one. Reads all of it, and holds a lock on the folder from then on.
    /// An interrupted last write is cut off; [`Journal::recovered`] tells of it.
    ///
    /// # Errors
    /// [`JournalError::Locked`] when another process has it open, and [`JournalError::Damaged`] with the first place
    /// that is not as it was written.
    pub fn open(folder: &Path, options: JournalOptions) -> Result<Self, JournalError> {
        fs::create_dir_all(folder).map_err(failed("created", folder))?;
        let lock = take_lock(folder)?;
        let is_new = segments(folder)?.is_empty();
        if is_new && lost_every_segment(folder)? {
            return Err(JournalError::Damaged {
                segment: 1,
                offset: 0,
                sequence: 1,
                flaw: Flaw::SegmentMissing,
            });
        }
        let (writer, torn) = if is_new {
            sync_parent(folder)?;
            (Writer::begin(folder, options.clone())?, None)
        } else {
            let ending = find_ending(folder)?;
            let torn = ending.torn.clone();
            let unconfirmed = unconfirmed_bytes(folder, &ending)?;
            (Writer::resume(folder, options.clone(), ending, &unconfirmed)?, torn)
        };
        Ok(Self { folder: folder.to_owned(), options, writer, torn, lock })
    }

    /// The records after a sequence number, or all of them, in order.
    ///
    /// # Errors
    /// [`JournalError`] when a segment cannot be read.
    pub fn replay(&self, after: Option<u64>) -> Result<Replay, JournalError> {
        Replay::new(&self.folder, after.unwrap_or(0), self.last_sequence())
    }

    /// Number of the last record; 0 in an empty journal.
    pub fn last_sequence(&self) -> u64 {
        self.writer.chain().last()
    }

    /// What was cut off at the end, if anything was.
    pub fn recovered(&self) -> Option<&TornTail> {
        self.torn.as_ref()
    }

    /// Starts the committing thread. If the system grants no thread, the handle's state says so.
    pub fn start(self, projector: Box<dyn Projector>) -> JournalHandle {
        let shared = Arc::new(Shared::new(&self.options, self.last_sequence()));
        let committer = Committer {
            shared: Arc::clone(&shared),
            writer: self.writer,
            projector,
            most_records: self.options.max_batch_records,
            most_bytes: self.options.max_batch_bytes,
            lock: self.lock,
        };
        let thread = std::thread::Builder::new().name("journal".to_owned());
        if let Err(error) = thread.spawn(move || committer.run()) {
            shared.stop(&format!("no thread could be started: {error}"));
            shared.queue.finish();
        }
        JournalHandle::new(self.folder, shared, self.options.max_record_bytes)
    }
}

fn take_lock(folder: &Path) -> Result<FolderLock, JournalError> {
    let path = lock_path(folder);
    FolderLock::take(&path).map_err(|why| match why {
        NoLock::Held => JournalError::Locked { folder: folder.to_owned() },
        NoLock::Failed(error) => failed("locked", &path)(error),
    })
}

fn sync_parent(folder: &Path) -> Result<(), JournalError> {
    match folder.canonicalize().map_err(failed("found", folder))?.parent() {
        Some(parent) => File::open(parent)
            .and_then(|parent| parent.sync_all())
            .map_err(failed("synced", parent)),
        None => Ok(()),
    }
}

/// What is whole at the end of the last segment and not known to be on the disk.
fn unconfirmed_bytes(folder: &Path, ending: &Ending) -> Result<Vec<u8>, JournalError> {
    use std::os::unix::fs::FileExt as _;
    let path = segment_path(folder, ending.segment);
    let start = ending.confirmed_end.clamp(SEGMENT_HEADER_BYTES, ending.end);
    let mut bytes = vec![0; (ending.end - start) as usize];
    File::open(&path)
        .and_then(|file| file.read_exact_at(&mut bytes, start))
        .map_err(failed("read", &path))?;
    Ok(bytes)
}
