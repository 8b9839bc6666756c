//! A secret shared with a sending system. Shows itself only when asked by name.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::rulebook::SecretForm;

const PREFIX: &str = "whsec_";

/// A shared secret: the text that people exchange, and the key that it stands for.
#[derive(Clone)]
pub struct Secret {
    text: Zeroizing<String>,
    key: Zeroizing<Vec<u8>>,
}

/// Why a text is no secret. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The prefix is missing.
    #[error("a secret starts with 'whsec_'")]
    NoPrefix,
    /// What follows the prefix is not base64.
    #[error("after 'whsec_' a secret is base64")]
    NotBase64,
    /// Too short to be safe, or too long.
    #[error("a secret stands for 24 to 64 bytes")]
    WrongLength,
    /// A plain text is too short to be safe, or too long.
    #[error("a secret is a text of 16 to 256 characters")]
    WrongTextLength,
}

impl Secret {
    /// A new secret from 32 random bytes, which the caller draws. It serves senders of either form.
    ///
    /// ```
    /// let secret = evenhand::intake::Secret::from_random([7; 32]);
    /// assert!(secret.reveal().starts_with("whsec_"));
    /// assert_eq!(format!("{secret:?}"), "Secret(***)");
    /// ```
    pub fn from_random(bytes: [u8; 32]) -> Self {
        let text = Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(bytes)));
        Self { text, key: Zeroizing::new(bytes.to_vec()) }
    }

    /// Reads a secret in the form that the sender's scheme uses.
    ///
    /// # Errors
    /// [`SecretError`] says what was expected.
    pub fn parse(text: &str, form: SecretForm) -> Result<Self, SecretError> {
        let key = match form {
            SecretForm::Whsec => decode(text)?,
            SecretForm::Text if (16..=256).contains(&text.chars().count()) => {
                Zeroizing::new(text.as_bytes().to_vec())
            }
            SecretForm::Text => return Err(SecretError::WrongTextLength),
        };
        Ok(Self { text: Zeroizing::new(text.to_owned()), key })
    }

    /// The text, for showing once to whoever sets up the sender, and for sealing.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    pub(super) fn key(&self, form: SecretForm) -> &[u8] {
        match form {
            SecretForm::Whsec => &self.key,
            SecretForm::Text => self.text.as_bytes(),
        }
    }
}

impl FromStr for Secret {
    type Err = SecretError;

    /// Reads the form `whsec_…`.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        Self::parse(text, SecretForm::Whsec)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let encoded = text.trim().strip_prefix(PREFIX).ok_or(SecretError::NoPrefix)?;
    let key = super::signature::LENIENT.decode(encoded).map_err(|_| SecretError::NotBase64)?;
    let key = Zeroizing::new(key);
    if (24..=64).contains(&key.len()) { Ok(key) } else { Err(SecretError::WrongLength) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_24_to_64_bytes_of_base64_behind_its_prefix() {
        let of = |length: usize| format!("whsec_{}", STANDARD.encode(vec![1u8; length]));
        for (text, expected) in [
            (of(24), Ok(())),
            (of(64), Ok(())),
            (of(32).trim_end_matches('=').to_owned(), Ok(())),
            (of(23), Err(SecretError::WrongLength)),
            (of(65), Err(SecretError::WrongLength)),
            ("whsec_".to_owned(), Err(SecretError::WrongLength)),
            ("whsec_not base64!".to_owned(), Err(SecretError::NotBase64)),
            (STANDARD.encode([1u8; 32]), Err(SecretError::NoPrefix)),
        ] {
            assert_eq!(text.parse::<Secret>().map(|_| ()), expected, "{text}");
        }
    }

    #[test]
    fn a_plain_text_secret_needs_sixteen_characters() {
        assert!(Secret::parse("correct horse battery", SecretForm::Text).is_ok());
        let refused = Secret::parse("too short", SecretForm::Text).map(|_| ());
        assert_eq!(refused, Err(SecretError::WrongTextLength));
    }
}
