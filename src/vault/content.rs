//! Sealing of what is in clear only here and on its way: content and declared categories. The forms that are written
//! are private to this file, so that nothing else can write identity down.

use super::{KeyHolder, Vault, VaultError};
use crate::domain::{Content, DeclaredCategories, Identity, OrganisationId, StoredKey};

#[expect(unused_variables, reason = "being written")]
impl Vault {
    /// Seals identity, answers and documents of an application.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn seal_content(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        content: &Content,
    ) -> Result<Vec<u8>, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Opens all of it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open_content(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<Content, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Opens the identity of sealed content and leaves answers and documents closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open_identity(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<Identity, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Seals what a candidate declared.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn seal_categories(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        categories: &DeclaredCategories,
    ) -> Result<Vec<u8>, VaultError> {
        Err(VaultError::DoesNotOpen)
    }

    /// Opens what a candidate declared.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open_categories(
        &self,
        organisation: &OrganisationId,
        holder: &KeyHolder,
        key: &StoredKey,
        record: &str,
        sealed: &[u8],
    ) -> Result<DeclaredCategories, VaultError> {
        Err(VaultError::DoesNotOpen)
    }
}
