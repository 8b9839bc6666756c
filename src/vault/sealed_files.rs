//! Files of sealed bytes, each named by the SHA-256 of what is in it. Knows no key and opens nothing.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::random_bytes;

/// Name of a sealed file: 64 hexadecimal digits, the SHA-256 of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(bytes: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::digest(bytes).into();
        Self(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FileName {
    type Err = SealedFilesError;
    fn from_str(text: &str) -> Result<Self, SealedFilesError> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SealedFilesError::NotAName)
        }
    }
}

/// Why a sealed file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SealedFilesError {
    /// Names are hashes.
    #[error("the name of a sealed file is 64 hexadecimal digits in lower case")]
    NotAName,
    /// No such file.
    #[error("there is no sealed file {0}; restore it from a backup")]
    Missing(FileName),
    /// The bytes are not those that gave the file its name.
    #[error("sealed file {0} is damaged; restore it from a backup")]
    Damaged(FileName),
    /// The disk or the quota is full; nothing was written.
    #[error("there is no space left to write a sealed file; nothing was written")]
    NoSpace,
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

/// A folder of sealed files.
#[derive(Debug, Clone)]
pub struct SealedFiles {
    folder: PathBuf,
}

const TEMPORARY: &str = "new";

impl SealedFiles {
    /// Opens a folder, creating it when it is missing, and removes what interrupted writes left in it.
    ///
    /// # Errors
    /// [`SealedFilesError::Io`].
    pub fn open(folder: &Path) -> Result<Self, SealedFilesError> {
        fs::create_dir_all(folder).map_err(failed("created", folder))?;
        for entry in fs::read_dir(folder).map_err(failed("listed", folder))? {
            let path = entry.map_err(failed("listed", folder))?.path();
            if path.extension().is_some_and(|extension| extension == TEMPORARY) {
                fs::remove_file(&path).map_err(failed("removed", &path))?;
            }
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// A folder of sealed files for reading, as it is: the program that writes to it may be running.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Writes bytes and answers their name; they are on disk then. Writing the same bytes again changes nothing.
    ///
    /// # Errors
    /// [`SealedFilesError::NoSpace`] when there is none; nothing was written then.
    pub fn put(&self, sealed: &[u8]) -> Result<FileName, SealedFilesError> {
        let name = FileName::of(sealed);
        let random = random_bytes::<8>().map_err(|error| SealedFilesError::Io {
            doing: "named",
            path: self.folder.clone(),
            error: io::Error::other(error.to_string()),
        })?;
        let temporary =
            self.folder.join(format!("{:016x}.{TEMPORARY}", u64::from_be_bytes(random)));
        let written = write_synced(&temporary, sealed)
            .and_then(|()| fs::rename(&temporary, self.path(&name)))
            .and_then(|()| File::open(&self.folder)?.sync_all());
        if let Err(error) = written {
            // Best effort: what stays behind is removed at the next start.
            let _ = fs::remove_file(&temporary);
            return Err(failed("written", &self.path(&name))(error));
        }
        Ok(name)
    }

    /// Reads a file and checks that its bytes are those that gave it its name.
    ///
    /// # Errors
    /// [`SealedFilesError::Missing`] and [`SealedFilesError::Damaged`].
    pub fn get(&self, name: &FileName) -> Result<Vec<u8>, SealedFilesError> {
        let path = self.path(name);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => SealedFilesError::Missing(name.clone()),
            _ => failed("read", &path)(error),
        })?;
        if FileName::of(&bytes) == *name {
            Ok(bytes)
        } else {
            Err(SealedFilesError::Damaged(name.clone()))
        }
    }

    /// Removes a file; one that is not there counts as removed.
    ///
    /// # Errors
    /// [`SealedFilesError::Io`].
    pub fn remove(&self, name: &FileName) -> Result<(), SealedFilesError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Ok(()) => File::open(&self.folder)
                .and_then(|folder| folder.sync_all())
                .map_err(failed("synced", &self.folder)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed("removed", &path)(error)),
        }
    }

    /// The names of all files, in no particular order. What is not named like a sealed file is left out.
    ///
    /// # Errors
    /// [`SealedFilesError::Io`] when the folder cannot be listed.
    pub fn iter(
        &self,
    ) -> Result<impl Iterator<Item = Result<FileName, SealedFilesError>> + use<>, SealedFilesError>
    {
        let folder = self.folder.clone();
        let entries = fs::read_dir(&folder).map_err(failed("listed", &folder))?;
        Ok(entries.filter_map(move |entry| match entry {
            Ok(entry) => entry.file_name().to_str()?.parse().ok().map(Ok),
            Err(error) => Some(Err(failed("listed", &folder)(error))),
        }))
    }

    fn path(&self, name: &FileName) -> PathBuf {
        self.folder.join(name.as_str())
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SealedFilesError {
    let path = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => SealedFilesError::NoSpace,
        _ => SealedFilesError::Io { doing, path, error },
    }
}
