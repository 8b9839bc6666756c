//! A lock file that keeps a second process out of a folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// A lock file, held until this is dropped or the process ends, however that ends.
///
/// It is given back by name and not by closing the file alone: a child process that is just being started holds a copy
/// of every open file for a moment, and would hold the lock with it.
#[derive(Debug)]
pub struct FolderLock(File);

/// Why a lock was not had.
#[derive(Debug)]
pub enum NoLock {
    /// Another process, or another part of this one, holds it.
    Held,
    /// The file could not be opened or locked.
    Failed(io::Error),
}

impl FolderLock {
    /// Takes the lock without waiting. The file is made when it is missing, and stays.
    ///
    /// # Errors
    /// [`NoLock::Held`] when somebody has it, [`NoLock::Failed`] when the system gives no lock.
    pub fn take(path: &Path) -> Result<Self, NoLock> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(NoLock::Failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(NoLock::Held),
            Err(TryLockError::Error(error)) => Err(NoLock::Failed(error)),
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing the file does it too, unless a child holds a copy; there is nobody to tell if this fails.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_free_again_at_once_though_a_copy_of_the_file_is_still_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = FolderLock::take(&path).unwrap();
        // What a child process has between its start and its own program.
        let inherited = lock.0.try_clone().unwrap();
        assert!(matches!(FolderLock::take(&path), Err(NoLock::Held)));
        drop(lock);
        assert!(FolderLock::take(&path).is_ok());
        drop(inherited);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_no_held_lock() {
        let folder = tempfile::tempdir().unwrap();
        let taken = FolderLock::take(&folder.path().join("missing").join("lock"));
        assert!(matches!(taken, Err(NoLock::Failed(_))));
    }
}
