//! Everything that is sealed: keys, sealing, rotation, erasure, sealed files, and the randomness that the rest of the
//! program needs. The only module that names a cipher. It does not know what a journal is.

mod content;
mod error;
mod purpose;
mod random;
mod sealed_files;
mod vault;

pub use error::VaultError;
pub use purpose::{KeyHolder, Purpose};
pub use random::{
    new_application_id, new_candidate_id, new_pseudonym, new_token, new_user_id, new_vacancy_id,
    new_webhook_secret, random_bytes, token_sha256,
};
pub use sealed_files::{FileName, SealedFiles, SealedFilesError};
pub use vault::{PackOpener, Rotation, Vault};
