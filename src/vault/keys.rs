//! The vault itself: the keys in memory, and how a stored key leads to a data key. Sealing, rotation and content build
//! on it in files of their own.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::cipher::Key;
use super::error::failed;
use super::key_file::{KeyFile, Versions};
use super::random::new_candidate_id;
use super::ring::{Ring, read_ring};
use super::{KeyHolder, VaultError};
use crate::domain::{CandidateId, OrganisationId, StoredKey};

const WRAPPING: &str = "data key";
const FIRST_VERSION: u32 = 1;

/// Seals and opens. Cheap to clone; all clones share the keys.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<Shared>,
}

struct Shared {
    rings: PathBuf,
    keys: RwLock<Keys>,
}

/// All keys in memory.
pub(super) struct Keys {
    pub key_file: KeyFile,
    pub organisations: BTreeMap<OrganisationId, OrganisationKeys>,
}

/// The keys of one organisation.
pub(super) struct OrganisationKeys {
    /// The version that wraps new data keys.
    pub version: u32,
    /// The key-encryption key of that version.
    pub key: Key,
    /// Data keys that were wrapped by earlier versions and kept.
    pub ring: Ring,
    /// A version that was made and does not count yet.
    pub next: Option<u32>,
}

impl Vault {
    /// Creates a key file that only its owner may read; it is on disk when this returns.
    ///
    /// # Errors
    /// [`VaultError::KeyFileExists`] when there is anything at the path already.
    pub fn create_key_file(path: &Path) -> Result<(), VaultError> {
        KeyFile::create(path)
    }

    /// Opens the key file, and the rings in the data folder. Until [`Vault::settle`] is called for an organisation,
    /// a rotation of its keys that was interrupted counts as not done.
    ///
    /// # Errors
    /// [`VaultError`] when the key file is missing, may be read by others, or is damaged, or when a ring is.
    pub fn open(key_file: &Path, rings: &Path) -> Result<Self, VaultError> {
        let key_file = KeyFile::open(key_file)?;
        fs::create_dir_all(rings).map_err(failed("created", rings))?;
        let mut organisations = BTreeMap::new();
        for organisation in key_file.organisations() {
            let versions = key_file.versions(organisation);
            if let Some((version, key)) = versions.and_then(Versions::first_key_value) {
                let keys = OrganisationKeys::load(rings, organisation, *version, key)?;
                organisations.insert(organisation.clone(), keys);
            }
        }
        let keys = RwLock::new(Keys { key_file, organisations });
        Ok(Self { shared: Arc::new(Shared { rings: rings.to_owned(), keys }) })
    }

    /// Makes keys for a new organisation: a key-encryption key in the key file, and a data key of its own.
    ///
    /// # Errors
    /// [`VaultError::OrganisationExists`].
    pub fn add_organisation(&self, organisation: &OrganisationId) -> Result<StoredKey, VaultError> {
        let mut keys = self.write();
        if keys.organisations.contains_key(organisation) {
            return Err(VaultError::OrganisationExists(organisation.clone()));
        }
        let new = OrganisationKeys {
            version: FIRST_VERSION,
            key: Key::random()?,
            ring: Ring::new(),
            next: None,
        };
        let stored = new.wrap(organisation, &KeyHolder::Organisation, &Key::random()?)?;
        keys.key_file.replace(organisation, Versions::from([(new.version, new.key.clone())]))?;
        keys.organisations.insert(organisation.clone(), new);
        Ok(stored)
    }

    /// Makes an identifier and a key for a new candidate. Whoever calls this sees to it that the key is in a journal
    /// record before the next rotation begins, for a rotation forgets what it is not told to keep.
    ///
    /// # Errors
    /// [`VaultError::RotationInProgress`] while keys of the organisation are being rotated.
    pub fn new_candidate(
        &self,
        organisation: &OrganisationId,
    ) -> Result<(CandidateId, StoredKey), VaultError> {
        let candidate = new_candidate_id()?;
        let keys = self.read();
        let keys = keys.of(organisation)?;
        if keys.next.is_some() {
            return Err(VaultError::RotationInProgress(organisation.clone()));
        }
        let holder = KeyHolder::Candidate(candidate.clone());
        let stored = keys.wrap(organisation, &holder, &Key::random()?)?;
        Ok((candidate, stored))
    }

    /// The organisations that the key file holds keys for, whether the journal knows them or not.
    pub fn organisations(&self) -> Vec<OrganisationId> {
        self.read().organisations.keys().cloned().collect()
    }

    /// The version of an organisation's key that counts now.
    ///
    /// # Errors
    /// [`VaultError::UnknownOrganisation`].
    pub fn version(&self, organisation: &OrganisationId) -> Result<u32, VaultError> {
        Ok(self.read().of(organisation)?.version)
    }

    /// The data key of a holder.
    pub(super) fn data_key(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        stored: &StoredKey,
    ) -> Result<Key, VaultError> {
        self.read().of(organisation)?.unwrap(organisation, holder, stored)
    }

    pub(super) fn rings(&self) -> &Path {
        &self.shared.rings
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.shared.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Keys> {
        self.shared.keys.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({} organisations)", self.read().organisations.len())
    }
}

impl Keys {
    pub(super) fn of(
        &self,
        organisation: &OrganisationId,
    ) -> Result<&OrganisationKeys, VaultError> {
        self.organisations
            .get(organisation)
            .ok_or_else(|| VaultError::UnknownOrganisation(organisation.clone()))
    }
}

impl OrganisationKeys {
    /// The keys of a version with its ring. The first version has none.
    pub(super) fn load(
        rings: &Path,
        organisation: &OrganisationId,
        version: u32,
        key: &Key,
    ) -> Result<Self, VaultError> {
        let ring = if version == FIRST_VERSION {
            Ring::new()
        } else {
            read_ring(rings, organisation, version, key)?
        };
        Ok(Self { version, key: key.clone(), ring, next: None })
    }

    fn wrap(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        data_key: &Key,
    ) -> Result<StoredKey, VaultError> {
        let context =
            [organisation.as_str().as_bytes(), holder.name(), &self.version.to_be_bytes()];
        let wrapped = self.key.seal(WRAPPING, &context, data_key.bytes())?;
        Ok(StoredKey { version: self.version, wrapped })
    }

    /// A key that the current version wrapped opens with it. One that an earlier version wrapped is in the ring, or
    /// was not kept.
    pub(super) fn unwrap(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        stored: &StoredKey,
    ) -> Result<Key, VaultError> {
        if stored.version < self.version {
            return self.ring.get(holder).cloned().ok_or(VaultError::KeyDestroyed);
        }
        if stored.version > self.version {
            let organisation = organisation.clone();
            return Err(VaultError::UnknownVersion { organisation, version: stored.version });
        }
        let context =
            [organisation.as_str().as_bytes(), holder.name(), &self.version.to_be_bytes()];
        let bytes = self.key.open(WRAPPING, &context, &stored.wrapped)?;
        Key::from_bytes(&bytes).ok_or(VaultError::DoesNotOpen)
    }
}
