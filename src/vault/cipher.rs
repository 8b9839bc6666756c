//! Sealing and opening of bytes under a key: XChaCha20-Poly1305 with sub-keys from HKDF-SHA256. Knows no organisation
//! and no file.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::VaultError;
use super::random::random_bytes;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// First byte of everything sealed, so that another cipher can follow one day.
const FORMAT: u8 = 1;

/// A key. Cleared from memory when it is dropped; has no way to show itself.
#[derive(Clone)]
pub(super) struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl Key {
    /// A key from the system's randomness.
    pub(super) fn random() -> Result<Self, VaultError> {
        Ok(Self(Zeroizing::new(random_bytes()?)))
    }

    /// A key from its bytes, if they are as many as a key has.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(*bytes.first_chunk()?))).filter(|_| bytes.len() == KEY_BYTES)
    }

    /// The bytes, for the key file and the rings.
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Whether two keys are the same.
    pub(super) fn is_same(&self, other: &Key) -> bool {
        use subtle::ConstantTimeEq as _;
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }

    /// Seals bytes under the sub-key of a purpose and binds them to `context`.
    pub(super) fn seal(
        &self,
        purpose: &str,
        context: &[&[u8]],
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_BYTES] = random_bytes()?;
        let payload = Payload { msg: plain, aad: &joined(context) };
        let ciphertext = self
            .cipher(purpose)?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::TooLarge)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + ciphertext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens bytes that were sealed for the same purpose and context.
    pub(super) fn open(
        &self,
        purpose: &str,
        context: &[&[u8]],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (format, rest) = sealed.split_first().ok_or(VaultError::DoesNotOpen)?;
        let (nonce, ciphertext) =
            rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::DoesNotOpen)?;
        if *format != FORMAT {
            return Err(VaultError::DoesNotOpen);
        }
        let payload = Payload { msg: ciphertext, aad: &joined(context) };
        let plain = self
            .cipher(purpose)?
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| VaultError::DoesNotOpen)?;
        Ok(Zeroizing::new(plain))
    }

    fn cipher(&self, purpose: &str) -> Result<XChaCha20Poly1305, VaultError> {
        let mut sub_key = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(Some(b"evenhand vault 1"), self.0.as_slice())
            .expand(purpose.as_bytes(), sub_key.as_mut_slice())
            .map_err(|_| VaultError::TooLarge)?;
        XChaCha20Poly1305::new_from_slice(sub_key.as_slice()).map_err(|_| VaultError::TooLarge)
    }
}

/// Parts with their lengths in front, so that no two lists of parts give the same bytes.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_with_the_same_key_purpose_and_context() {
        let key = Key::random().unwrap();
        let sealed = key.seal("identity", &[b"walsall", b"a1"], b"plain").unwrap();
        assert_eq!(
            key.open("identity", &[b"walsall", b"a1"], &sealed).unwrap().as_slice(),
            b"plain"
        );
        let other = Key::random().unwrap();
        for (key, purpose, context) in [
            (&other, "identity", [&b"walsall"[..], b"a1"]),
            (&key, "pack", [b"walsall", b"a1"]),
            (&key, "identity", [b"dudley", b"a1"]),
            (&key, "identity", [b"walsalla", b"1"]),
        ] {
            assert!(matches!(key.open(purpose, &context, &sealed), Err(VaultError::DoesNotOpen)));
        }
    }

    #[test]
    fn no_flipped_bit_and_no_missing_byte_opens() {
        let key = Key::random().unwrap();
        let sealed = key.seal("identity", &[], b"plain").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(key.open("identity", &[], &flipped).is_err(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(key.open("identity", &[], &sealed[..length]).is_err(), "{length} bytes");
        }
    }

    /// Reference: draft-irtf-cfrg-xchacha-03, appendix A.3.1, to be sure that the cipher is the one that is named.
    #[test]
    fn the_cipher_is_xchacha20_poly1305() {
        let key: [u8; 32] = std::array::from_fn(|index| 0x80 + index as u8);
        let nonce: [u8; 24] = std::array::from_fn(|index| 0x40 + index as u8);
        let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                      for the future, sunscreen would be it.";
        let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
        let sealed =
            cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).unwrap();
        let tag = [
            0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79, 0x47, 0xde, 0xaf, 0xd8, 0x78, 0x0a,
            0xcf, 0x49,
        ];
        assert_eq!(sealed[..4], [0xbd, 0x6d, 0x17, 0x9d]);
        assert_eq!(sealed[plain.len()..], tag);
    }
}
