//! Everything random: identifiers, pseudonyms, tokens, secrets. All of it from the operating system; nothing here is
//! derived from anything.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::VaultError;
use crate::domain::{ApplicationId, CandidateId, Pseudonym, UserId, VacancyId};

/// Bytes from the operating system.
///
/// # Errors
/// [`VaultError::NoRandomness`] when it has none.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(VaultError::NoRandomness)?;
    Ok(bytes)
}

/// An identifier for a new application.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_application_id() -> Result<ApplicationId, VaultError> {
    Ok(ApplicationId::from_random(random_bytes()?))
}

/// An identifier for a new candidate. [`super::Vault::new_candidate`] gives one together with its key.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_candidate_id() -> Result<CandidateId, VaultError> {
    Ok(CandidateId::from_random(random_bytes()?))
}

/// An identifier for a new vacancy.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_vacancy_id() -> Result<VacancyId, VaultError> {
    Ok(VacancyId::from_random(random_bytes()?))
}

/// An identifier for a new user.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_user_id() -> Result<UserId, VaultError> {
    Ok(UserId::from_random(random_bytes()?))
}

/// A pseudonym. It may be taken already within its vacancy: look, and draw again.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_pseudonym() -> Result<Pseudonym, VaultError> {
    Ok(Pseudonym::from_random(random_bytes()?))
}

/// A token for a user: `eh_` and 256 random bits. Shown once; only its hash is kept.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_token() -> Result<Zeroizing<String>, VaultError> {
    let bytes = Zeroizing::new(random_bytes::<32>()?);
    Ok(Zeroizing::new(format!("eh_{}", URL_SAFE_NO_PAD.encode(*bytes))))
}

/// What is kept of a token. A plain hash is enough, because a token has 256 random bits.
pub fn token_sha256(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A shared secret for a source, in the spelling of Standard Webhooks: `whsec_` and base64 of 256 random bits.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn new_webhook_secret() -> Result<Zeroizing<String>, VaultError> {
    let bytes = Zeroizing::new(random_bytes::<32>()?);
    Ok(Zeroizing::new(format!("whsec_{}", STANDARD.encode(*bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_secret_is_base64_of_32_bytes_after_its_prefix() {
        let secret = new_webhook_secret().unwrap();
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(bytes.len(), 32);
    }

    #[test]
    fn two_tokens_differ_and_so_do_their_hashes() {
        let (one, other) = (new_token().unwrap(), new_token().unwrap());
        assert!(one.starts_with("eh_"));
        assert_ne!(*one, *other);
        assert_ne!(token_sha256(&one), token_sha256(&other));
    }
}
