//! Identifiers, each a type of its own so that none can stand in for another.
//! They never derive from a person: slugs are chosen by the organisation, the rest are random.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier. Names the kind and the rule, never more of the input than its length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Slugs are 1 to 64 of `a-z 0-9 - _`, starting with a letter or digit.
    #[error(
        "{kind} must be 1 to 64 characters of a-z, 0-9, '-' and '_', starting with a letter or digit"
    )]
    NotASlug {
        /// What the identifier names.
        kind: &'static str,
    },
    /// References come from outside and may hold any printable text.
    #[error("a reference must be 1 to 200 characters without control characters")]
    NotAReference,
}

pub(super) fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

macro_rules! slug_id {
    ($(#[$meta:meta])* $name:ident, $kind:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                if $crate::domain::id::is_slug(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError::NotASlug { kind: $kind })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(super) use slug_id;

slug_id!(
    /// An employer, say a council: the first part of every key, record and query.
    OrganisationId,
    "organisation"
);
slug_id!(
    /// A sending system of one organisation, as in `/v1/sources/{source}/deliveries`.
    SourceId,
    "source"
);
slug_id!(
    /// A step in the journey of an application, as named in `rules/stages`.
    StageId,
    "stage"
);

/// Lower-case Crockford base32 of 80 random bits.
fn random_text(bytes: [u8; 10]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bits = 0u128;
    for byte in bytes {
        bits = (bits << 8) | u128::from(byte);
    }
    (0..16)
        .rev()
        .map(|place| {
            let index = ((bits >> (5 * place)) & 31) as usize;
            ALPHABET.get(index).copied().map_or('0', char::from)
        })
        .collect()
}

macro_rules! random_id {
    ($(#[$meta:meta])* $name:ident, $kind:literal) => {
        slug_id!($(#[$meta])* $name, $kind);

        impl $name {
            /// An identifier from 80 bits of randomness, which the caller draws.
            pub fn from_random(bytes: [u8; 10]) -> Self {
                Self(random_text(bytes))
            }
        }
    };
}

random_id!(
    /// One post to be filled.
    VacancyId,
    "vacancy"
);
random_id!(
    /// One person's application for one vacancy.
    ApplicationId,
    "application"
);
random_id!(
    /// The holder of one data key: a candidate, inside one organisation.
    CandidateId,
    "candidate"
);
random_id!(
    /// A person or system with a token.
    UserId,
    "user"
);

/// A name that another system gave to a vacancy or an application.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

impl Reference {
    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let length = text.chars().count();
        if (1..=200).contains(&length) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::NotAReference)
        }
    }
}

impl TryFrom<String> for Reference {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_and_bounded() {
        for (text, accepted) in [
            ("walsall", true),
            ("a", true),
            ("9-lives_x", true),
            ("", false),
            ("-walsall", false),
            ("Walsall", false),
            ("two words", false),
            (&"x".repeat(65), false),
        ] {
            assert_eq!(text.parse::<OrganisationId>().is_ok(), accepted, "{text:?}");
        }
    }

    #[test]
    fn random_identifiers_spell_their_bits() {
        assert_eq!(VacancyId::from_random([0; 10]).as_str(), "0000000000000000");
        assert_eq!(VacancyId::from_random([255; 10]).as_str(), "zzzzzzzzzzzzzzzz");
        let mut bytes = [0; 10];
        bytes[9] = 1;
        assert_eq!(VacancyId::from_random(bytes).as_str(), "0000000000000001");
    }

    #[test]
    fn references_refuse_control_characters() {
        assert!("WMC-26/00417 (b)".parse::<Reference>().is_ok());
        assert!("line\nbreak".parse::<Reference>().is_err());
        assert!("".parse::<Reference>().is_err());
    }
}
