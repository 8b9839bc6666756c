//! What a panel calls a candidate. Random for each application, never derived from the person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Crockford's check symbols: the alphabet and five more, for a sum modulo 37.
const CHECK: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/// Forty random bits, shown as eight Crockford base32 characters, a hyphen and a check character: `7K3M-9QXD-4`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pseudonym(u64);

/// A text that is no pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PseudonymError {
    /// Wrong length or a character outside the alphabet.
    #[error("a pseudonym is eight letters or digits and a check character, like 7K3M-9QXD-4")]
    Malformed,
    /// The check character does not fit: probably a typing error.
    #[error("the check character of this pseudonym does not fit: look for a typing error")]
    CheckFailed,
}

impl Pseudonym {
    /// A pseudonym from forty bits of randomness, which the caller draws.
    pub fn from_random(bytes: [u8; 5]) -> Self {
        Self(bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }

    fn check_character(self) -> char {
        CHECK.get((self.0 % 37) as usize).copied().map_or('0', char::from)
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..8).rev() {
            let index = ((self.0 >> (5 * place)) & 31) as usize;
            write!(f, "{}", ALPHABET.get(index).copied().map_or('0', char::from))?;
            if place == 4 {
                f.write_str("-")?;
            }
        }
        write!(f, "-{}", self.check_character())
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({self})")
    }
}

impl FromStr for Pseudonym {
    type Err = PseudonymError;

    /// Reads upper or lower case, with or without hyphens; `O` counts as 0, `I` and `L` as 1.
    fn from_str(text: &str) -> Result<Self, PseudonymError> {
        let mut characters: Vec<char> = text.chars().filter(|c| *c != '-').collect();
        let check = characters.pop().ok_or(PseudonymError::Malformed)?.to_ascii_uppercase();
        if characters.len() != 8 {
            return Err(PseudonymError::Malformed);
        }
        let mut value = 0u64;
        for character in characters {
            let folded = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET
                .iter()
                .position(|symbol| char::from(*symbol) == folded)
                .ok_or(PseudonymError::Malformed)?;
            value = (value << 5) | digit as u64;
        }
        let pseudonym = Self(value);
        let folded_check = match check {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if pseudonym.check_character() == folded_check {
            Ok(pseudonym)
        } else {
            Err(PseudonymError::CheckFailed)
        }
    }
}

impl TryFrom<String> for Pseudonym {
    type Error = PseudonymError;
    fn try_from(text: String) -> Result<Self, PseudonymError> {
        text.parse()
    }
}

impl From<Pseudonym> for String {
    fn from(pseudonym: Pseudonym) -> Self {
        pseudonym.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_and_read_back_it_is_the_same() {
        for bytes in [[0; 5], [255; 5], [1, 2, 3, 4, 5], [0xde, 0xad, 0xbe, 0xef, 0x37]] {
            let pseudonym = Pseudonym::from_random(bytes);
            assert_eq!(pseudonym.to_string().parse(), Ok(pseudonym));
            assert_eq!(pseudonym.to_string().to_lowercase().parse(), Ok(pseudonym));
        }
    }

    #[test]
    fn one_wrong_character_is_noticed() {
        let shown = Pseudonym::from_random([9, 8, 7, 6, 5]).to_string();
        let first = shown.chars().next().unwrap();
        let other = if first == '7' { '8' } else { '7' };
        let wrong = format!("{other}{}", &shown[1..]);
        assert_eq!(wrong.parse::<Pseudonym>(), Err(PseudonymError::CheckFailed));
    }
}
