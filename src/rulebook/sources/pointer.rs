//! JSON pointers (RFC 6901) as rule files write them. Parses and prints them; following one is the work of `intake`.

use std::fmt;

use serde::Deserialize;

/// One JSON pointer: `/data/application/id`. The empty pointer is the whole document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Pointer(Vec<String>);

/// A text that is no JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// A pointer is empty or starts with a slash.
    #[error("'{0}' is not a JSON pointer: write it like /data/application/id")]
    NoSlash(String),
    /// `~` is written `~0`, and `/` inside a name `~1`.
    #[error("'{0}' is not a JSON pointer: inside a name write ~0 for ~ and ~1 for /")]
    BadEscape(String),
}

impl Pointer {
    /// The names to follow, outermost first.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// This pointer, and `inner` from there on.
    #[must_use]
    pub fn join(&self, inner: &Pointer) -> Pointer {
        Pointer(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// This pointer, and one more name or index.
    #[must_use]
    pub fn child(&self, name: impl ToString) -> Pointer {
        Pointer(self.0.iter().cloned().chain([name.to_string()]).collect())
    }

    /// The pointer to what holds this; the empty pointer is its own parent.
    #[must_use]
    pub fn parent(&self) -> Pointer {
        self.up_to(self.0.len().saturating_sub(1))
    }

    /// The longest pointer that leads towards both.
    #[must_use]
    pub fn common(&self, other: &Pointer) -> Pointer {
        self.up_to(self.0.iter().zip(&other.0).take_while(|(one, two)| one == two).count())
    }

    /// The first `depth` names of it.
    #[must_use]
    pub fn up_to(&self, depth: usize) -> Pointer {
        Pointer(self.0.iter().take(depth).cloned().collect())
    }
}

impl TryFrom<String> for Pointer {
    type Error = PointerError;
    fn try_from(text: String) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(names) = text.strip_prefix('/') else {
            return Err(PointerError::NoSlash(text));
        };
        let names: Option<Vec<String>> = names.split('/').map(unescape).collect();
        names.map(Self).ok_or(PointerError::BadEscape(text))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|name| write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")))
    }
}

/// One pointer or several: a postal address may be spread over four fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "OneOrMore")]
pub struct Pointers(Vec<Pointer>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(Pointer),
    More(Vec<Pointer>),
}

impl From<OneOrMore> for Pointers {
    fn from(written: OneOrMore) -> Self {
        match written {
            OneOrMore::One(pointer) => Self(vec![pointer]),
            OneOrMore::More(pointers) => Self(pointers),
        }
    }
}

impl Pointers {
    /// The pointers in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = &Pointer> {
        self.0.iter()
    }
}

fn unescape(name: &str) -> Option<String> {
    let mut plain = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_read_and_printed_as_rfc_6901_says() {
        for (text, names) in [
            ("", &[][..]),
            ("/", &[""]),
            ("/a/b", &["a", "b"]),
            ("/a~1b/m~0n", &["a/b", "m~n"]),
            ("/0/ x", &["0", " x"]),
        ] {
            let pointer = Pointer::try_from(text.to_owned()).unwrap();
            assert_eq!(pointer.names(), names, "{text:?}");
            assert_eq!(pointer.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for text in ["a/b", "$.a.b", "/a~2", "/a~"] {
            assert!(Pointer::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
