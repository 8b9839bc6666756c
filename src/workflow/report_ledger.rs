//! The ledger of reports: a file that remembers what each showed and said, so that the next can say what is new and
//! cannot be subtracted from it. It holds counts that no report shows: whoever may read the table may read the ledger
//! beside it, and the one that the service keeps is sealed.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fairness::{Audit, Changes, Release, Releases, Said};

/// The shape of the file.
const VERSION: u32 = 2;

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be read or written.
    #[error("the ledger {path} cannot be {done}: {error}", path = .path.display())]
    File {
        /// Where it is.
        path: PathBuf,
        /// What was tried.
        done: &'static str,
        /// Why not.
        error: std::io::Error,
    },
    /// It is not a ledger, or of another version.
    #[error(
        "the ledger {path} does not read as one of version {VERSION}: {problem}; restore it from a copy, because a report made without it could be subtracted from earlier ones",
        path = .path.display()
    )]
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

impl LedgerError {
    /// Whether the disk or the quota is full.
    pub fn is_no_space(&self) -> bool {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(self, Self::File { error, .. } if matches!(error.kind(), StorageFull | QuotaExceeded))
    }
}

/// The reports so far.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    kept: Kept,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    version: u32,
    releases: Releases,
    /// What the last report of each scope said: policy, filters and characteristics together name the scope.
    said: BTreeMap<String, Said>,
}

/// What says how the rest is to be read.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl Ledger {
    /// Opens a ledger; one that does not exist yet is empty.
    ///
    /// # Errors
    /// [`LedgerError`] when it cannot be read or understood.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        Self::of_bytes(path, Self::bytes(path)?.as_deref(), |bytes| Ok(bytes.to_vec()))
    }

    /// The bytes of a ledger; nothing where there is none yet.
    ///
    /// # Errors
    /// [`LedgerError::File`] when it cannot be read.
    pub(super) fn bytes(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(LedgerError::File { path: path.to_owned(), done: "read", error }),
        }
    }

    /// The ledger that its bytes are; `unseal` opens them, or says why they do not open.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when they cannot be opened or understood.
    pub(super) fn of_bytes(
        path: &Path,
        bytes: Option<&[u8]>,
        unseal: impl FnOnce(&[u8]) -> Result<Vec<u8>, String>,
    ) -> Result<Self, LedgerError> {
        let damaged = |problem: String| LedgerError::Damaged { path: path.to_owned(), problem };
        let Some(bytes) = bytes else {
            let kept =
                Kept { version: VERSION, releases: Releases::default(), said: BTreeMap::new() };
            return Ok(Self { path: path.to_owned(), kept });
        };
        let bytes = unseal(bytes).map_err(&damaged)?;
        let Version { version } =
            serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))?;
        if version != VERSION {
            return Err(damaged(format!("it has version {version}")));
        }
        let kept = serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))?;
        Ok(Self { path: path.to_owned(), kept })
    }

    /// What earlier reports showed.
    pub fn releases(&self) -> &Releases {
        &self.kept.releases
    }

    /// What an audit says otherwise than the last of its scope; nothing when it is the first.
    pub fn changes(&self, audit: &Audit) -> Option<Changes> {
        self.kept.said.get(&scope(audit)).map(|said| said.changes(audit))
    }

    /// Adds what a report over these vacancies showed, and answers whether any of it is new.
    pub(super) fn remember(&mut self, release: Release, strata: &[String]) -> bool {
        self.kept.releases.add(release, strata)
    }

    /// Takes what was shown so far, further reports included.
    pub(super) fn replace(&mut self, shown: Releases) {
        self.kept.releases = shown;
    }

    /// Adds a report, with what was shown before it.
    pub fn add(&mut self, shown: Releases, audit: &Audit, at: &str) {
        self.kept.releases = shown;
        self.kept.said.insert(scope(audit), Said::of(audit, at));
    }

    /// Writes the ledger beside itself and renames it, so that an interruption leaves the old one.
    ///
    /// # Errors
    /// [`LedgerError`] when it cannot be written; the report should not be given out then.
    pub fn write(&self) -> Result<(), LedgerError> {
        self.write_with(Ok).map(drop)
    }

    /// The same with the bytes sealed first. They are on disk when this answers with them.
    ///
    /// # Errors
    /// [`LedgerError`] when it cannot be sealed or written; the report should not be given out then.
    pub(super) fn write_with(
        &self,
        seal: impl FnOnce(Vec<u8>) -> std::io::Result<Vec<u8>>,
    ) -> Result<Vec<u8>, LedgerError> {
        let failed = |error| LedgerError::File { path: self.path.clone(), done: "written", error };
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let bytes = serde_json::to_vec(&self.kept).map_err(|e| failed(e.into()))?;
        let bytes = seal(bytes).map_err(failed)?;
        let write = || -> std::io::Result<()> {
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&beside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(failed)?;
        Ok(bytes)
    }
}

/// Reports of the same policy, filters and organisation follow each other; their periods may differ.
fn scope(audit: &Audit) -> String {
    let mut scope = vec![audit.organisation.as_str(), audit.method.policy.as_str()];
    scope.extend(audit.filters.iter().map(String::as_str));
    scope.join("\u{1f}")
}
