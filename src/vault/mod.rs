//! Everything that is sealed: keys, sealing, rotation, erasure, sealed files, and the randomness that the rest of the
//! program needs. The only module that names a cipher. It does not know what a journal is.
//!
//! # Keys
//!
//! ```text
//! key file        one key-encryption key (KEK) for each organisation, with a version; apart from the data
//!  └ data key     one for each candidate, one for the organisation itself; made at random, wrapped by the KEK
//!     └ sub-key   one for each purpose (HKDF-SHA256)
//!        └ bytes  XChaCha20-Poly1305, random 24-byte nonce, bound to organisation, holder, purpose and record
//! ```
//!
//! Records and views carry a data key as it was first wrapped ([`crate::domain::StoredKey`]), and never change. A
//! rotation makes a new KEK version and a *ring*: one sealed file with every data key that is kept. Then the old
//! KEK is destroyed, and with it every wrapped key that was ever copied anywhere. From then on a key that was
//! wrapped by an older version is looked up in the ring. So to erase a candidate is to rotate without keeping that
//! one key: no copy of journal, views or older rings opens a byte of that person, whatever the key file at hand.

mod cipher;
mod content;
mod erasure;
mod error;
mod key_file;
mod keys;
mod purpose;
mod random;
mod ring;
mod sealed_files;
mod sealing;

pub use erasure::Rotation;
pub use error::VaultError;
pub use keys::Vault;
pub use purpose::{KeyHolder, Purpose};
pub use random::{
    new_application_id, new_candidate_id, new_pseudonym, new_token, new_user_id, new_vacancy_id,
    new_webhook_secret, random_bytes, token_sha256,
};
pub use sealed_files::{FileName, SealedFiles, SealedFilesError};
pub use sealing::PackOpener;
