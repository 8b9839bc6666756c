//! The vault itself.

use std::path::Path;

use zeroize::Zeroizing;

use super::{KeyHolder, Purpose, VaultError};
use crate::domain::{CandidateId, OrganisationId, StoredKey};

/// Seals and opens. Cheap to clone; all clones share the keys.
#[derive(Clone)]
pub struct Vault {}

/// Opens redacted packs and nothing else: what the panel path is handed.
#[derive(Clone)]
pub struct PackOpener {}

/// New keys that are on disk beside the old ones, and wait for the journal to say that they count.
#[derive(Debug)]
pub struct Rotation {
    organisation: OrganisationId,
    version: u32,
}

impl Rotation {
    /// Whose keys.
    pub fn organisation(&self) -> &OrganisationId {
        &self.organisation
    }

    /// The new version, for the journal record.
    pub fn version(&self) -> u32 {
        self.version
    }
}

#[expect(unused_variables, reason = "being written")]
impl Vault {
    /// Creates a key file that only its owner may read, on disk when this returns.
    ///
    /// # Errors
    /// [`VaultError::KeyFileExists`] when there is anything at the path already.
    pub fn create_key_file(path: &Path) -> Result<(), VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Opens the key file and the rings in the data folder.
    ///
    /// # Errors
    /// [`VaultError`] when the key file is missing, may be read by others, or is damaged, or a ring is.
    pub fn open(key_file: &Path, rings: &Path) -> Result<Self, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Makes keys for a new organisation.
    ///
    /// # Errors
    /// [`VaultError::OrganisationExists`].
    pub fn add_organisation(&self, organisation: &OrganisationId) -> Result<StoredKey, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Makes an identifier and a key for a new candidate.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn new_candidate(
        &self,
        organisation: &OrganisationId,
    ) -> Result<(CandidateId, StoredKey), VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Seals bytes of one record.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn seal(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        purpose: Purpose,
        record: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Opens bytes of one record.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased.
    pub fn unseal(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        purpose: Purpose,
        record: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// A handle that opens packs and nothing else.
    pub fn pack_opener(&self) -> PackOpener {
        PackOpener {}
    }

    /// Makes a new key version and a ring of the data keys to keep.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn begin_rotation(
        &self,
        organisation: &OrganisationId,
        keep: Vec<(KeyHolder, StoredKey)>,
    ) -> Result<Rotation, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Destroys the old key version.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn finish_rotation(&self, rotation: Rotation) -> Result<(), VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Undoes a rotation whose journal record certainly was not written.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn abandon_rotation(&self, rotation: Rotation) -> Result<(), VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Finishes or undoes what an interruption left, by the version that the journal names; 0 when the journal
    /// does not know the organisation.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn settle(
        &self,
        organisation: &OrganisationId,
        journalled_version: u32,
    ) -> Result<(), VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// The organisations that the key file holds keys for, whether the journal knows them or not.
    pub fn organisations(&self) -> Vec<OrganisationId> {
        Vec::new()
    }
}

#[expect(unused_variables, reason = "being written")]
impl PackOpener {
    /// Opens the redacted text of one application.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the candidate was erased.
    pub fn open(
        &self,
        organisation: &OrganisationId,
        candidate: &CandidateId,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        Err(VaultError::DoesNotOpen)
    }
}
impl Vault {
    pub fn unsettled(&self) -> Vec<OrganisationId> {
        vec![]
    }
}
