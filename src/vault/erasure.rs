//! Rotation of key-encryption keys, and through it erasure: whoever is not kept is forgotten. Each step leaves files
//! from which [`Vault::settle`] can go on or go back, whenever the program is interrupted.

use super::cipher::Key;
use super::error::VaultError;
use super::keys::{Keys, OrganisationKeys};
use super::ring::{Ring, remove_rings, write_ring};
use super::{KeyHolder, Vault};
use crate::domain::{OrganisationId, StoredKey};

/// New keys that are on disk beside the old ones, and wait for the journal to say that they count.
///
/// Finish it when the journal record is on disk; abandon it when the record is certainly not. When neither is known
/// (the journal stopped), drop it: [`Vault::settle`] decides at the next start.
#[derive(Debug)]
#[must_use = "a rotation counts when it is finished"]
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

impl Vault {
    /// Makes a new key version, in the key file beside the old one, and a ring of the data keys to keep. Until the
    /// rotation is finished the old version counts; no key is made for a new candidate meanwhile. Holders that were
    /// forgotten before stay forgotten, if they are in `keep` or not.
    ///
    /// # Errors
    /// [`VaultError::OrganisationNotKept`] when `keep` lacks the organisation's own key.
    pub fn begin_rotation(
        &self,
        organisation: &OrganisationId,
        keep: Vec<(KeyHolder, StoredKey)>,
    ) -> Result<Rotation, VaultError> {
        let mut keys = self.write();
        let current = keys.of(organisation)?;
        if current.next.is_some() {
            return Err(VaultError::RotationInProgress(organisation.clone()));
        }
        let ring = kept(organisation, current, keep)?;
        let version = current.version.saturating_add(1);
        let key = Key::random()?;
        write_ring(self.rings(), organisation, version, &key, &ring)?;
        let mut versions = keys.key_file.versions(organisation).cloned().unwrap_or_default();
        versions.insert(version, key);
        if let Err(error) = keys.key_file.replace(organisation, versions) {
            let current = keys.of(organisation)?.version;
            // Best effort: nothing can open that ring, and the next rotation overwrites it.
            let _ = remove_rings(self.rings(), organisation, Some(current));
            return Err(error);
        }
        if let Some(current) = keys.organisations.get_mut(organisation) {
            current.next = Some(version);
        }
        Ok(Rotation { organisation: organisation.clone(), version })
    }

    /// Destroys the old key version and the older rings. Call it when the journal record that names the new version
    /// is on disk.
    ///
    /// # Errors
    /// [`VaultError`] when a file cannot be written; [`Vault::settle`] tries again.
    pub fn finish_rotation(&self, rotation: Rotation) -> Result<(), VaultError> {
        self.keep_only(&mut self.write(), &rotation.organisation, rotation.version)
    }

    /// Takes back a rotation whose journal record certainly was not written.
    ///
    /// # Errors
    /// [`VaultError`] when a file cannot be written; [`Vault::settle`] tries again.
    pub fn abandon_rotation(&self, rotation: Rotation) -> Result<(), VaultError> {
        let mut keys = self.write();
        let current = keys.of(&rotation.organisation)?.version;
        self.keep_only(&mut keys, &rotation.organisation, current)
    }

    /// Finishes or takes back what an interruption left, by the key version that the journal names last for the
    /// organisation; 0 when the journal does not know the organisation, whose keys are then removed. Call it at
    /// every start, for every organisation that the journal or [`Vault::organisations`] knows.
    ///
    /// A journal older than the key file (an old backup was restored) is accepted: the keys stay as they are, and
    /// whoever was erased since stays erased.
    ///
    /// # Errors
    /// [`VaultError::UnknownVersion`] when the key file is older than the journal.
    pub fn settle(
        &self,
        organisation: &OrganisationId,
        journalled_version: u32,
    ) -> Result<(), VaultError> {
        let mut keys = self.write();
        let Some(versions) = keys.key_file.versions(organisation) else {
            return match journalled_version {
                0 => Ok(()),
                _ => Err(VaultError::UnknownOrganisation(organisation.clone())),
            };
        };
        if journalled_version == 0 {
            keys.key_file.replace(organisation, Default::default())?;
            keys.organisations.remove(organisation);
            return remove_rings(self.rings(), organisation, None);
        }
        let oldest = versions.keys().next().copied().unwrap_or(journalled_version);
        self.keep_only(&mut keys, organisation, journalled_version.max(oldest))
    }

    /// Makes a version the only one. The ring is read back before anything is destroyed.
    fn keep_only(
        &self,
        keys: &mut Keys,
        organisation: &OrganisationId,
        version: u32,
    ) -> Result<(), VaultError> {
        let versions = keys.key_file.versions(organisation);
        let key =
            versions.and_then(|versions| versions.get(&version)).cloned().ok_or_else(|| {
                VaultError::UnknownVersion { organisation: organisation.clone(), version }
            })?;
        let is_only = versions.is_some_and(|versions| versions.len() == 1);
        let loaded = OrganisationKeys::load(self.rings(), organisation, version, &key)?;
        if !is_only {
            keys.key_file.replace(organisation, [(version, key)].into())?;
        }
        keys.organisations.insert(organisation.clone(), loaded);
        remove_rings(self.rings(), organisation, Some(version))
    }
}

/// The data keys to keep, by holder.
fn kept(
    organisation: &OrganisationId,
    current: &OrganisationKeys,
    keep: Vec<(KeyHolder, StoredKey)>,
) -> Result<Ring, VaultError> {
    let mut ring = Ring::new();
    for (holder, stored) in keep {
        let key = match current.unwrap(organisation, &holder, &stored) {
            Err(VaultError::KeyDestroyed) => continue,
            other => other?,
        };
        if ring.get(&holder).is_some_and(|known| !known.is_same(&key)) {
            return Err(VaultError::KeysDiffer(organisation.clone()));
        }
        ring.insert(holder, key);
    }
    if ring.contains_key(&KeyHolder::Organisation) {
        Ok(ring)
    } else {
        Err(VaultError::OrganisationNotKept(organisation.clone()))
    }
}
