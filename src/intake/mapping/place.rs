//! A value in a payload together with its path, and the readings of it. Knows JSON types, not what a field means.

use base64::Engine as _;
use jiff::Timestamp;
use serde_json::Value;

use super::error::{Form, MappingError};
use crate::domain::Reference;
use crate::intake::signature::LENIENT;
use crate::rulebook::{Pointer, Pointers, TimeFormat};

/// A value and where it is.
pub(super) struct Place<'a> {
    value: &'a Value,
    path: Pointer,
}

impl<'a> Place<'a> {
    /// The whole payload.
    pub(super) fn top(value: &'a Value) -> Self {
        Self { value, path: Pointer::default() }
    }

    /// The place's JSON pointer.
    pub(super) fn path(&self) -> &Pointer {
        &self.path
    }

    /// What a pointer from here leads to. Absent and null are both nothing; a value of another type on the way is
    /// an error, so that an identity in an unexpected shape is refused rather than overlooked.
    pub(super) fn find(&self, pointer: &Pointer) -> Result<Option<Place<'a>>, MappingError> {
        let mut value = self.value;
        for (depth, name) in pointer.names().iter().enumerate() {
            let next = match value {
                Value::Object(fields) => fields.get(name),
                Value::Array(items) => name.parse().ok().and_then(|index: usize| items.get(index)),
                Value::Null => None,
                _ => {
                    let here = Place { value, path: self.path.join(&pointer.up_to(depth)) };
                    return Err(here.wrong_type("an object"));
                }
            };
            match next {
                Some(found) => value = found,
                None => return Ok(None),
            }
        }
        let found = Place { value, path: self.path.join(pointer) };
        Ok((!value.is_null()).then_some(found))
    }

    /// What an optional pointer leads to.
    pub(super) fn find_optional(
        &self,
        pointer: Option<&Pointer>,
    ) -> Result<Option<Place<'a>>, MappingError> {
        pointer.map_or(Ok(None), |pointer| self.find(pointer))
    }

    /// The text at a pointer; blank counts as nothing.
    pub(super) fn text(&self, pointer: Option<&Pointer>) -> Result<Option<String>, MappingError> {
        self.find_optional(pointer)?.map_or(Ok(None), |place| place.as_text())
    }

    /// The text at a pointer, which must be there.
    pub(super) fn required_text(
        &self,
        pointer: &Pointer,
        expected: &'static str,
    ) -> Result<String, MappingError> {
        self.text(Some(pointer))?.ok_or_else(|| self.missing(pointer, expected))
    }

    /// The sender's name for something; identifiers are often numbers.
    pub(super) fn reference(&self, pointer: &Pointer) -> Result<Reference, MappingError> {
        const EXPECTED: &str = "a reference of 1 to 200 printable characters, or a whole number";
        let text = self.required_text(pointer, EXPECTED)?;
        text.trim().parse().map_err(|_| MappingError::BadForm {
            path: self.path.join(pointer).to_string(),
            expected: EXPECTED,
            form: Form::Reference,
        })
    }

    /// The texts at several pointers, each a text or a list of texts, in order.
    pub(super) fn texts(&self, pointers: &Pointers) -> Result<Vec<String>, MappingError> {
        let mut found = Vec::new();
        for place in pointers.iter().filter_map(|pointer| self.find(pointer).transpose()) {
            let place = place?;
            match place.value {
                Value::Array(_) => {
                    for item in place.items()? {
                        found.extend(item.as_text()?);
                    }
                }
                _ => found.extend(place.as_text_of("a text or a list of texts")?),
            }
        }
        Ok(found)
    }

    /// The texts at several pointers, joined with spaces to one.
    pub(super) fn joined(&self, pointers: &Pointers) -> Result<Option<String>, MappingError> {
        let mut found = Vec::new();
        for pointer in pointers.iter() {
            found.extend(self.text(Some(pointer))?);
        }
        Ok(if found.is_empty() { None } else { Some(found.join(" ")) })
    }

    /// The point in time at a pointer.
    pub(super) fn time(
        &self,
        pointer: Option<&Pointer>,
        format: TimeFormat,
    ) -> Result<Option<Timestamp>, MappingError> {
        let Some(place) = self.find_optional(pointer)? else {
            return Ok(None);
        };
        let Some(text) = place.as_text()? else {
            return Ok(None);
        };
        let (parsed, expected) = match format {
            TimeFormat::Rfc3339 => {
                (text.trim().parse().ok(), "a time with its offset, like 2026-03-02T09:30:00Z")
            }
            TimeFormat::UnixSeconds => (
                text.trim().parse().ok().and_then(|s| Timestamp::from_second(s).ok()),
                "a time in whole seconds since 1970",
            ),
            TimeFormat::UnixMilliseconds => (
                text.trim().parse().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()),
                "a time in whole milliseconds since 1970",
            ),
        };
        let form = Form::Time;
        let wrong = || MappingError::BadForm { path: place.path.to_string(), expected, form };
        parsed.map(Some).ok_or_else(wrong)
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<Vec<Place<'a>>, MappingError> {
        let Value::Array(items) = self.value else {
            return Err(self.wrong_type("a list"));
        };
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| Place { value, path: self.path.child(index) })
            .collect())
    }

    /// The fields of an object, in the order of the payload's keys.
    pub(super) fn fields(&self) -> Result<Vec<(&'a str, Place<'a>)>, MappingError> {
        let Value::Object(fields) = self.value else {
            return Err(self.wrong_type("an object"));
        };
        Ok(fields
            .iter()
            .map(|(name, value)| (name.as_str(), Place { value, path: self.path.child(name) }))
            .collect())
    }

    /// A text or a whole number, as text; null and blank are nothing.
    pub(super) fn as_text(&self) -> Result<Option<String>, MappingError> {
        self.as_text_of("a text")
    }

    fn as_text_of(&self, expected: &'static str) -> Result<Option<String>, MappingError> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) => Ok((!text.trim().is_empty()).then(|| text.clone())),
            // A number that JSON readers disagree on (fractions, more digits than 64 bits hold) is no identifier.
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                Ok(Some(number.to_string()))
            }
            _ => Err(self.wrong_type(expected)),
        }
    }

    /// What somebody chose or wrote in a form: a text, a number, yes or no, or several of them.
    pub(super) fn as_answer(&self) -> Result<Option<String>, MappingError> {
        const EXPECTED: &str = "a text, a number, true, false, or a list of them";
        match self.value {
            Value::Bool(true) => Ok(Some("yes".to_owned())),
            Value::Bool(false) => Ok(Some("no".to_owned())),
            Value::Number(number) => Ok(Some(number.to_string())),
            Value::Array(items) if items.iter().any(|item| item.is_array() || item.is_object()) => {
                Err(self.wrong_type(EXPECTED))
            }
            Value::Array(_) => {
                let chosen: Result<Vec<_>, _> =
                    self.items()?.iter().map(Place::as_answer).collect();
                let chosen: Vec<String> = chosen?.into_iter().flatten().collect();
                Ok(if chosen.is_empty() { None } else { Some(chosen.join(", ")) })
            }
            _ => self.as_text_of(EXPECTED),
        }
    }

    /// Bytes in base64, with padding or without, in one line or many.
    pub(super) fn as_base64(&self) -> Result<Vec<u8>, MappingError> {
        let Value::String(text) = self.value else {
            return Err(self.wrong_type("a text in base64"));
        };
        let broken = text.bytes().any(|b| b.is_ascii_whitespace());
        let decoded = if broken {
            LENIENT.decode(text.bytes().filter(|b| !b.is_ascii_whitespace()).collect::<Vec<u8>>())
        } else {
            LENIENT.decode(text)
        };
        decoded.map_err(|_| MappingError::BadForm {
            path: self.path.to_string(),
            expected: "base64 (RFC 4648, the alphabet with + and /)",
            form: Form::Base64,
        })
    }

    /// That a field from here is not there.
    pub(super) fn missing(&self, pointer: &Pointer, expected: &'static str) -> MappingError {
        MappingError::Missing { path: self.path.join(pointer).to_string(), expected }
    }

    fn wrong_type(&self, expected: &'static str) -> MappingError {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        MappingError::WrongType { path: self.path.to_string(), expected, found }
    }
}
