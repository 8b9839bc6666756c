//! Why something cannot be sealed or opened. Messages name files, organisations and versions, never contents.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::OrganisationId;

/// Why something cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key was destroyed: the candidate was erased. Nothing opens these bytes any more.
    #[error("the key was destroyed: this candidate was erased")]
    KeyDestroyed,
    /// There is no key file, and without one nothing can be opened.
    #[error(
        "there is no key file at {}; give the right path, or create one with `evenhand init`", path.display()
    )]
    KeyFileMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is a key file already, and it is never overwritten.
    #[error("there is something at {} already; a key file is never overwritten", path.display())]
    KeyFileExists {
        /// Where.
        path: PathBuf,
    },
    /// Others may read the key file.
    #[error(
        "the key file {} may be read by others (mode {mode:o}); run `chmod 600` on it, and rotate the keys if \
         somebody may have read it", path.display()
    )]
    KeyFileOpen {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A key file or ring is not as it was written.
    #[error("{} is damaged or belongs to other keys: {expected}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was expected.
        expected: &'static str,
    },
    /// The ring of the current key version is missing, and most data keys with it.
    #[error(
        "the key ring {} is missing; copy it from the newest backup (rings are made at every erasure and rotation)",
        path.display()
    )]
    RingMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The organisation has a key already.
    #[error("organisation '{0}' has a key already")]
    OrganisationExists(OrganisationId),
    /// The organisation has no key in the key file.
    #[error("organisation '{0}' has no key in the key file; is this the right key file?")]
    UnknownOrganisation(OrganisationId),
    /// The key was wrapped by a version that this key file has not reached.
    #[error(
        "a key of organisation '{organisation}' was wrapped by version {version}, which this key file does not \
         hold; is it an old copy?"
    )]
    UnknownVersion {
        /// The organisation.
        organisation: OrganisationId,
        /// The version.
        version: u32,
    },
    /// A rotation would have forgotten the organisation's own key.
    #[error("the keys to keep at a rotation must include the key of organisation '{0}' itself")]
    OrganisationNotKept(OrganisationId),
    /// One holder cannot have two keys.
    #[error("one holder of organisation '{0}' appears with two different keys")]
    KeysDiffer(OrganisationId),
    /// Keys of the organisation are being changed.
    #[error("the keys of organisation '{0}' are being rotated; try again when that is done")]
    RotationInProgress(OrganisationId),
    /// The bytes were changed, or were sealed for something else.
    #[error("sealed bytes do not open: they were changed, or sealed for something else")]
    DoesNotOpen,
    /// The opened bytes are not what was sealed there by any version of this program.
    #[error("opened bytes are not what was expected: {0}")]
    NotUnderstood(&'static str),
    /// More bytes than can be sealed at once.
    #[error("these are more bytes than can be sealed at once")]
    TooLarge,
    /// There is no space left.
    #[error("there is no space left to write {}", path.display())]
    NoSpace {
        /// What was to be written.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{} could not be {doing}: {error}", path.display())]
    Io {
        /// What was being done, e.g. `read`.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gives no randomness: {0}")]
    NoRandomness(getrandom::Error),
}

/// Turns an error of the operating system into one that says what was being done to which file.
pub(super) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => VaultError::NoSpace { path },
        _ => VaultError::Io { doing, path, error },
    }
}

/// Forces the name of a file to the disk.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
