//! Why a payload is not one of our events. Carries the place and what was expected there, never what was found.

/// Why a payload is not one of our events.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// The body is not JSON at all.
    #[error("the body is not JSON: line {line}, column {column}: {reason}")]
    NotJson {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What a JSON parser says there; it names no value.
        reason: String,
    },
    /// A field that the event needs is not there.
    #[error("{} is missing: expected {expected}", at(path))]
    Missing {
        /// JSON pointer to the field.
        path: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A field holds another type than it should.
    #[error("{} is {found}: expected {expected}", at(path))]
    WrongType {
        /// JSON pointer to the field.
        path: String,
        /// What was expected.
        expected: &'static str,
        /// The type that was found.
        found: &'static str,
    },
    /// A name that the source's mapping does not list.
    #[error("{} names {noun} that this source's mapping does not list; it lists {known}", at(path))]
    NotListed {
        /// JSON pointer to the field.
        path: String,
        /// What it should name.
        noun: Noun,
        /// The names there are.
        known: String,
    },
    /// A text in a form that it should not have.
    #[error("{} is not {expected}", at(path))]
    BadForm {
        /// JSON pointer to the field.
        path: String,
        /// What was expected.
        expected: &'static str,
        /// Which form was wanted.
        form: Form,
    },
    /// More of something than is accepted.
    #[error("{} is over the limit of {limit} {unit}", at(path))]
    OverLimit {
        /// JSON pointer to the field.
        path: String,
        /// The limit.
        limit: usize,
        /// What is counted.
        unit: &'static str,
    },
}

/// What a listed name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// An event.
    Event,
    /// A stage.
    Stage,
    /// The state of a vacancy.
    VacancyState,
    /// A characteristic.
    Characteristic,
}

impl std::fmt::Display for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Noun::Event => "an event",
            Noun::Stage => "a stage",
            Noun::VacancyState => "a state of a vacancy",
            Noun::Characteristic => "a characteristic",
        })
    }
}

/// A form that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A sender's name for a vacancy or an application.
    Reference,
    /// A point in time.
    Time,
    /// Bytes in base64.
    Base64,
}

impl MappingError {
    /// A stable code for answers and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "not_json",
            Self::Missing { .. } => "field_missing",
            Self::WrongType { .. } => "wrong_type",
            Self::NotListed { noun: Noun::Event, .. } => "unknown_event",
            Self::NotListed { noun: Noun::Stage, .. } => "unknown_stage",
            Self::NotListed { noun: Noun::VacancyState, .. } => "unknown_vacancy_state",
            Self::NotListed { noun: Noun::Characteristic, .. } => "unknown_characteristic",
            Self::BadForm { form: Form::Reference, .. } => "bad_reference",
            Self::BadForm { form: Form::Time, .. } => "bad_time",
            Self::BadForm { form: Form::Base64, .. } => "bad_base64",
            Self::OverLimit { .. } => "over_limit",
        }
    }

    /// JSON pointer (RFC 6901) to the field that is wrong; `None` when the body is not JSON.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::NotJson { .. } => None,
            Self::Missing { path, .. }
            | Self::WrongType { path, .. }
            | Self::NotListed { path, .. }
            | Self::BadForm { path, .. }
            | Self::OverLimit { path, .. } => Some(path),
        }
    }

    /// Whether the body is not even JSON (HTTP 400), rather than JSON that says something unacceptable (422).
    pub fn is_malformed(&self) -> bool {
        matches!(self, Self::NotJson { .. })
    }
}

/// The pointer to the top of a document is empty, which would read as a gap in a sentence.
fn at(path: &str) -> &str {
    if path.is_empty() { "the body" } else { path }
}
