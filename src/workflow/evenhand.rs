//! The running program: journal, views, vault, rules and the redaction engine, opened together on one data folder.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::sync::{Notify, RwLock};

use super::error::WorkflowError;
use super::fact::{Fact, FactCodec};
use super::locks::NamedLocks;
use super::opening::{catch_up, settle_keys, views_to_throw_away};
use super::project::ViewProjector;
use super::read_document::DocumentReader;
use super::served_reports::ServedReports;
use crate::domain::{Actor, OrganisationId};
use crate::journal::{
    AppendError, Committed, Journal, JournalError, JournalHandle, JournalOptions,
};
use crate::redaction::Engine;
use crate::rulebook::{RuleError, Rulebook};
use crate::store::{SledStore, Store};
use crate::vault::{SealedFiles, SealedFilesError, Vault, VaultError};

/// Where the clock comes from; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Tells the free bytes on the disk of a folder, if it can; tests bring their own.
pub type FreeSpace = Arc<dyn Fn(&Path) -> Option<u64> + Send + Sync>;

/// What the program is opened with.
pub struct Settings {
    /// The data folder; made when it is missing.
    pub data: PathBuf,
    /// The key file, apart from the data folder.
    pub key_file: PathBuf,
    /// The rule set.
    pub rules: Rulebook,
    /// How the journal writes.
    pub journal: JournalOptions,
    /// The time of day.
    pub clock: Clock,
    /// Free space on the disk of the data folder.
    pub free_space: FreeSpace,
    /// How documents are read: the program does it in a child process.
    pub documents: Arc<DocumentReader>,
    /// Whether the redaction engine is made at once; otherwise when something is redacted.
    pub engine_at_once: bool,
}

impl Settings {
    /// Settings with the built-in rules, the usual journal and the machine's clock. Documents are read in this
    /// process, since a library has no program to start; the program itself sets [`DocumentReader::in_child`].
    ///
    /// # Errors
    /// [`RuleError`] when the built-in rules do not load, which the tests exclude.
    pub fn new(data: PathBuf, key_file: PathBuf) -> Result<Self, RuleError> {
        Ok(Self {
            data,
            key_file,
            rules: Rulebook::built_in()?,
            journal: JournalOptions::default(),
            clock: Arc::new(Timestamp::now),
            free_space: Arc::new(free_bytes),
            documents: Arc::new(DocumentReader::here()),
            engine_at_once: true,
        })
    }

    /// The same with another size at which a journal segment is closed.
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.journal.segment_bytes = bytes;
        self
    }

    /// The same for work that rarely redacts: the engine, which takes longer to make than all the rest, waits until then.
    #[must_use]
    pub fn engine_when_needed(mut self) -> Self {
        self.engine_at_once = false;
        self
    }

    /// Makes the key file, which must not exist; without one the program does not open.
    ///
    /// # Errors
    /// [`VaultError`] when there is one already, or it cannot be written.
    pub fn create_key_file(&self) -> Result<(), VaultError> {
        Vault::create_key_file(&self.key_file)
    }
}

/// Why the program does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A folder cannot be made.
    #[error("the folder {folder} cannot be used: {error}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The journal does not open: damaged, or in use by another process.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The key file or a key ring does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The folder of sealed files does not open.
    #[error(transparent)]
    Files(#[from] SealedFilesError),
    /// The rules do not hold together.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The views could not be brought up to date.
    #[error("the views could not be brought up to date with the journal: {0}")]
    Views(#[from] WorkflowError),
    /// The view store failed.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// What opening found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Bytes of an unfinished last write that were cut off; they were never acknowledged.
    pub torn_bytes: u64,
    /// Records that had been acknowledged and are not on the disk any more: it lost what it had confirmed, or
    /// somebody shortened the journal. Anything but zero is for a person to look at.
    pub confirmed_lost: u64,
    /// Why the views were rebuilt from the beginning, if they were.
    pub rebuilt: Option<String>,
    /// How many records the views were behind.
    pub replayed: u64,
}

/// The running program.
pub struct Evenhand {
    pub(super) journal: JournalHandle,
    pub(super) store: Arc<dyn Store>,
    pub(super) vault: Arc<Vault>,
    pub(super) files: Arc<SealedFiles>,
    pub(super) rules: Rulebook,
    engine: OnceLock<Engine>,
    pub(super) documents: Arc<DocumentReader>,
    pub(super) codec: Arc<FactCodec>,
    pub(super) deliveries: NamedLocks,
    pub(super) applications: NamedLocks,
    pub(super) vacancies: NamedLocks,
    pub(super) reports: ServedReports,
    /// Held to read by whoever seals, to write by whoever exchanges keys.
    pub(super) keys_in_use: RwLock<()>,
    /// Rung when there is work for the worker.
    pub(super) work: Arc<Notify>,
    data: PathBuf,
    free_space: FreeSpace,
    clock: Clock,
}

/// Free bytes that an ordinary user of the disk may take.
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Space that is left to the views: a few of sled's segments of half a mebibyte.
const RESERVE_BYTES: u64 = 2 << 20;

impl std::fmt::Debug for Evenhand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Evenhand")
    }
}

impl Evenhand {
    /// Opens the program on its data folder, alone: a second process is refused.
    ///
    /// The journal is checked as far as it is read, a torn tail is cut, an interrupted exchange of keys is finished
    /// or undone, and the views are brought up to date, from nothing if they are lost or damaged.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong and where.
    pub fn open(settings: Settings) -> Result<(Arc<Self>, OpenReport), OpenError> {
        let folder = |name: &str| -> Result<PathBuf, OpenError> {
            let folder = settings.data.join(name);
            std::fs::create_dir_all(&folder)
                .map_err(|error| OpenError::Folder { folder: folder.clone(), error })?;
            Ok(folder)
        };
        let journal = Journal::open(&folder("journal")?, settings.journal)?;
        let vault = Arc::new(Vault::open(&settings.key_file, &folder("rings")?)?);
        let files = Arc::new(SealedFiles::open(&folder("files")?)?);
        let engine = OnceLock::new();
        if settings.engine_at_once {
            let _ = engine.set(Engine::new(&settings.rules)?);
        }
        let (store, moved_aside) = SledStore::open(&settings.data.join("views"))?;
        let store: Arc<dyn Store> = Arc::new(store);
        let lost = moved_aside.map(|reason| reason.to_string());
        let mut lost = lost.or(views_to_throw_away(&journal, store.as_ref())?);
        let erased = settle_keys(&vault, &journal, store.as_ref())?;
        if erased && lost.is_none() {
            store.clear()?;
            lost = Some("a candidate was erased after what the views reflect".to_owned());
        }
        let codec = Arc::new(FactCodec::new(Arc::clone(&vault)));
        let work = Arc::new(Notify::new());
        let projector = ViewProjector {
            codec: Arc::clone(&codec),
            vault: Arc::clone(&vault),
            store: Arc::clone(&store),
            stages: settings.rules.recruitment().clone(),
            work: Arc::clone(&work),
        };
        let mut report = OpenReport {
            torn_bytes: journal.recovered().map_or(0, |tail| tail.bytes),
            confirmed_lost: journal.recovered().map_or(0, |tail| tail.confirmed_lost),
            rebuilt: lost,
            replayed: 0,
        };
        catch_up(&journal, &projector, &mut report)?;
        let program = Self {
            journal: journal.start(Box::new(projector)),
            store,
            vault,
            files,
            rules: settings.rules,
            engine,
            documents: settings.documents,
            codec,
            deliveries: NamedLocks::new(),
            applications: NamedLocks::new(),
            vacancies: NamedLocks::new(),
            reports: ServedReports::at(&settings.data),
            keys_in_use: RwLock::new(()),
            work,
            data: settings.data,
            free_space: settings.free_space,
            clock: settings.clock,
        };
        Ok((Arc::new(program), report))
    }

    /// The time of day.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The organisations there are, in order of id.
    ///
    /// # Errors
    /// [`WorkflowError::Store`] when a view cannot be read.
    pub fn organisations(&self) -> Result<Vec<OrganisationId>, WorkflowError> {
        Ok(self.store.organisations()?.into_iter().map(|organisation| organisation.id).collect())
    }

    /// The rule set.
    pub fn rules(&self) -> &Rulebook {
        &self.rules
    }

    /// The redaction engine, for whoever wants the function alone.
    ///
    /// # Errors
    /// [`WorkflowError::Rules`] when it is made only now, and the rules do not hold together.
    pub fn redaction_engine(&self) -> Result<&Engine, WorkflowError> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let made = Engine::new(&self.rules)?;
        Ok(self.engine.get_or_init(|| made))
    }

    /// Reads documents, so many at a time.
    pub fn document_reader(&self) -> &DocumentReader {
        &self.documents
    }

    /// How many jobs wait for the worker, counted up to `most`.
    ///
    /// # Errors
    /// [`WorkflowError::Store`] when the list of jobs cannot be read.
    pub fn waiting_jobs(&self, most: usize) -> Result<usize, WorkflowError> {
        Ok(self.store.jobs(most)?.len())
    }

    /// Waits until there may be work for the worker.
    pub async fn work_arrives(&self) {
        self.work.notified().await;
    }

    /// Stops accepting records, writes and syncs what was accepted, and releases the data folder.
    pub async fn shut_down(&self) {
        self.journal.shut_down().await;
    }

    /// Puts one fact into the journal and answers when it is on disk and the views show it.
    pub(super) async fn commit(
        &self,
        organisation: &OrganisationId,
        actor: Actor,
        fact: &Fact,
    ) -> Result<Committed, WorkflowError> {
        let draft = self.codec.draft(organisation, actor, fact)?;
        if !self.has_room(draft.body.len()) {
            return Err(AppendError::NoSpace.into());
        }
        Ok(self.journal.append(draft).await?)
    }

    /// Whether the disk has room for a record and what the views write after it. The journal bears a full disk by
    /// itself; sled does not recover from one, so it must never meet it.
    pub(super) fn has_room(&self, record_bytes: usize) -> bool {
        let needed = RESERVE_BYTES + 2 * record_bytes as u64;
        // Unknown is no reason to refuse: the journal finds out.
        (self.free_space)(&self.data).is_none_or(|free| free >= needed)
    }
}
