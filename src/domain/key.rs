//! A wrapped data key, as every record that needs it carries it. Opaque: only the vault can open one.

use serde::{Deserialize, Serialize};

/// A data key under a key-encryption key, as it was first made. Opaque here; the vault opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    /// Version of the key-encryption key that wraps it.
    pub version: u32,
    /// The wrapped key.
    #[serde(with = "serde_bytes")]
    pub wrapped: Vec<u8>,
}
