//! Sealing and opening the bytes of a record, and the narrow handle that the panel path gets instead of a vault.

use std::fmt;

use zeroize::Zeroizing;

use super::{KeyHolder, Purpose, Vault, VaultError};
use crate::domain::{CandidateId, OrganisationId, StoredKey};

impl Vault {
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
        let context = context(organisation, holder, purpose, record);
        self.data_key(organisation, holder, key)?.seal(purpose.label(), &context, plain)
    }

    /// Opens bytes of one record.
    ///
    /// # Errors
    /// [`VaultError::KeyDestroyed`] when the holder was erased, and [`VaultError::DoesNotOpen`] when the bytes were
    /// changed or were sealed for another organisation, holder, purpose or record.
    pub fn unseal(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        purpose: Purpose,
        record: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let context = context(organisation, holder, purpose, record);
        self.data_key(organisation, holder, key)?.open(purpose.label(), &context, sealed)
    }

    /// A handle that opens packs and nothing else.
    pub fn pack_opener(&self) -> PackOpener {
        PackOpener { vault: self.clone() }
    }
}

/// Opens redacted packs and nothing else: what the panel path is handed. The vault inside is out of reach.
#[derive(Clone)]
pub struct PackOpener {
    vault: Vault,
}

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
        let holder = KeyHolder::Candidate(candidate.clone());
        self.vault.unseal(organisation, &holder, key, Purpose::Pack, record, sealed)
    }
}

impl fmt::Debug for PackOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PackOpener")
    }
}

fn context<'a>(
    organisation: &'a OrganisationId,
    holder: &'a KeyHolder,
    purpose: Purpose,
    record: &'a str,
) -> [&'a [u8]; 4] {
    [organisation.as_str().as_bytes(), holder.name(), purpose.label().as_bytes(), record.as_bytes()]
}
