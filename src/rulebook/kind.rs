//! What a removed passage shows ([`Kind`]), what is done about it ([`Action`]) and which rule did it ([`RuleId`]).
//! Values only: how a passage is found is the business of `redaction`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a passage is not for the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The candidate's name in any form.
    Name,
    /// Another real person.
    OtherPerson,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A line of a postal address.
    Address,
    /// A full postcode.
    Postcode,
    /// A personal site or profile.
    Url,
    /// A social media name.
    Handle,
    /// Date of birth.
    Dob,
    /// National Insurance number.
    NiNumber,
    /// Passport, licence, payroll, registration and similar numbers.
    IdNumber,
    /// Age, or what gives it away.
    Age,
    /// Dates of school, college and university.
    DateEdu,
    /// Titles, pronouns, gendered words.
    Gender,
    /// Marriage, children, caring, relatives.
    MaritalFamily,
    /// Pregnancy and parental leave.
    PregnancyMaternity,
    /// Ethnic group, nationality, immigration status, places abroad.
    EthnicityNationality,
    /// Languages that show origin.
    Language,
    /// Faith and its places, feasts and clergy.
    Religion,
    /// Health, disability, adjustments.
    DisabilityHealth,
    /// Sexual orientation.
    SexualOrientation,
    /// Gender reassignment.
    GenderReassignment,
    /// Name of a school, college or university attended.
    School,
    /// A society, network, union or party that shows a characteristic.
    Affiliation,
    /// Where the candidate lives or grew up.
    Place,
    /// Anything else that shows a characteristic.
    OtherProxy,
}

impl Kind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 26] = [
        Self::Name,
        Self::OtherPerson,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Postcode,
        Self::Url,
        Self::Handle,
        Self::Dob,
        Self::NiNumber,
        Self::IdNumber,
        Self::Age,
        Self::DateEdu,
        Self::Gender,
        Self::MaritalFamily,
        Self::PregnancyMaternity,
        Self::EthnicityNationality,
        Self::Language,
        Self::Religion,
        Self::DisabilityHealth,
        Self::SexualOrientation,
        Self::GenderReassignment,
        Self::School,
        Self::Affiliation,
        Self::Place,
        Self::OtherProxy,
    ];

    /// The kind as it stands in rules, traces and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::OtherPerson => "other_person",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Postcode => "postcode",
            Self::Url => "url",
            Self::Handle => "handle",
            Self::Dob => "dob",
            Self::NiNumber => "ni_number",
            Self::IdNumber => "id_number",
            Self::Age => "age",
            Self::DateEdu => "date_edu",
            Self::Gender => "gender",
            Self::MaritalFamily => "marital_family",
            Self::PregnancyMaternity => "pregnancy_maternity",
            Self::EthnicityNationality => "ethnicity_nationality",
            Self::Language => "language",
            Self::Religion => "religion",
            Self::DisabilityHealth => "disability_health",
            Self::SexualOrientation => "sexual_orientation",
            Self::GenderReassignment => "gender_reassignment",
            Self::School => "school",
            Self::Affiliation => "affiliation",
            Self::Place => "place",
            Self::OtherProxy => "other_proxy",
        }
    }

    /// Whether the passage says what the candidate is, and is neither a gendered word nor anybody's name.
    pub const fn is_clue(self) -> bool {
        !self.is_direct_identifier() && !matches!(self, Self::OtherPerson | Self::Gender)
    }

    /// Whether the passage points at one person by itself; a vacancy's allow list cannot keep such a passage.
    pub const fn is_direct_identifier(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Email
                | Self::Phone
                | Self::Address
                | Self::Postcode
                | Self::Url
                | Self::Handle
                | Self::Dob
                | Self::NiNumber
                | Self::IdNumber
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such kind; the kinds are listed under \"Kinds\" in rules/README.md")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;
    /// Accepts upper case too: annotated corpora write their labels so.
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownKind)
    }
}

/// What is done with a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A label in brackets stands in its place.
    #[default]
    Mask,
    /// A neutral word stands in its place, so that the sentence still reads.
    Neutralise,
    /// A wider term stands in its place, so that what matters for the post stays.
    Generalise,
    /// It stays, because the vacancy asks for it; the trace says so.
    Keep,
}

impl Action {
    /// The action as it stands in rules, traces and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Neutralise => "neutralise",
            Self::Generalise => "generalise",
            Self::Keep => "keep",
        }
    }
}

/// The identifier of a rule, e.g. `age.stated`. Cheap to copy into every span.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// An identifier from a rule file or from a rule that is code.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for RuleId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_back_from_its_name_in_either_case() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(kind.as_str().to_uppercase().parse(), Ok(kind));
        }
        assert_eq!("surname".parse::<Kind>(), Err(UnknownKind));
    }
}
