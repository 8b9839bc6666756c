//! Where in a sender's payload the fields of each event are. Pointers are from the top of the document, except
//! inside a list, where they are from the top of one item.

use serde::Deserialize;

use super::pointer::{Pointer, Pointers};

/// Where the fields of a vacancy are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VacancyShape {
    /// The sender's name for it.
    pub vacancy: Pointer,
    /// Job title.
    pub title: Option<Pointer>,
    /// Open or closed, in words that `vacancy_states` knows.
    pub state: Option<Pointer>,
    /// Family of similar vacancies.
    pub family: Option<Pointer>,
    /// Pay grade.
    pub grade: Option<Pointer>,
    /// Directorate.
    pub directorate: Option<Pointer>,
    /// Kind of contract.
    pub contract: Option<Pointer>,
    /// A list of the stages it uses, in words that `stages` knows.
    pub stages: Option<Pointer>,
    /// A list of words that the person specification asks for.
    pub allow: Option<Pointer>,
}

/// Where the fields of an application are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationShape {
    /// The sender's name for the vacancy.
    pub vacancy: Pointer,
    /// The sender's name for the application.
    pub application: Pointer,
    /// When the candidate sent it.
    pub at: Option<Pointer>,
    /// Who it is.
    #[serde(default)]
    pub identity: IdentityShape,
    /// Questions and answers.
    #[serde(default)]
    pub answers: PairsShape,
    /// Attached files.
    pub documents: Option<DocumentShape>,
    /// Declared characteristics that come along.
    #[serde(default)]
    pub characteristics: PairsShape,
}

/// Where the fields of an identity are. Several pointers to one field: the values are joined, or make a list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityShape {
    /// Mr, Mrs, Dr, ...
    pub title: Pointers,
    /// The whole name.
    pub full_name: Pointers,
    /// First and middle names.
    pub given_names: Pointers,
    /// Surname.
    pub family_name: Pointers,
    /// The name used every day.
    pub known_as: Pointers,
    /// Former names.
    pub previous_names: Pointers,
    /// E-mail addresses.
    pub email: Pointers,
    /// Telephone numbers.
    pub phone: Pointers,
    /// Lines of the address.
    pub address: Pointers,
    /// Postcode.
    pub postcode: Pointers,
    /// Date of birth.
    pub date_of_birth: Pointers,
    /// National Insurance number.
    pub ni_number: Pointers,
    /// Personal sites and profiles.
    pub urls: Pointers,
    /// User names and handles.
    pub usernames: Pointers,
    /// Other numbers of the person, e.g. an employee number.
    pub other_numbers: Pointers,
}

impl IdentityShape {
    /// The innermost place that holds every field of the identity.
    pub fn common_parent(&self) -> Pointer {
        // Named once, so that a field that is added without a place here does not compile.
        macro_rules! every {
            ($($field:ident),*) => {{
                let Self { $($field),* } = self;
                [$($field),*]
            }};
        }
        every!(
            title,
            full_name,
            given_names,
            family_name,
            known_as,
            previous_names,
            email,
            phone,
            address,
            postcode,
            date_of_birth,
            ni_number,
            urls,
            usernames,
            other_numbers
        )
        .into_iter()
        .flat_map(Pointers::iter)
        .map(Pointer::parent)
        .reduce(|one, two| one.common(&two))
        .unwrap_or_default()
    }
}

/// Where named values are. Senders keep them in fields of their own, in one object, or in a list of pairs; a
/// mapping may use all three.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PairsShape {
    /// Fields, each with the name that its value gets.
    pub fields: Vec<NamedPointer>,
    /// An object whose keys are names.
    pub object: Option<Pointer>,
    /// A list whose items hold a name and a value.
    pub list: Option<ListShape>,
}

impl PairsShape {
    /// The place that an error about the pairs as a whole names.
    pub fn place(&self) -> Pointer {
        self.list.as_ref().map(|list| list.at.clone()).or(self.object.clone()).unwrap_or_default()
    }
}

/// A field and the name that its value gets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPointer {
    /// The name: a question, or a characteristic.
    pub name: String,
    /// Where the value is.
    pub value: Pointer,
}

/// A list of named values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListShape {
    /// Where the list is.
    pub at: Pointer,
    /// The name, inside an item.
    pub name: Pointer,
    /// The value, inside an item.
    pub value: Pointer,
}

/// Where attached files are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentShape {
    /// Where the list is.
    pub at: Pointer,
    /// The file's name, inside an item.
    pub file_name: Option<Pointer>,
    /// The media type, inside an item.
    pub media_type: Option<Pointer>,
    /// The bytes in base64, inside an item.
    pub content: Option<Pointer>,
    /// The text itself, inside an item.
    pub text: Option<Pointer>,
}

/// Where the fields of a change of stage are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageChangeShape {
    /// The sender's name for the application.
    pub application: Pointer,
    /// The stage, in words that `stages` knows; not read when the event's name tells it.
    pub stage: Pointer,
    /// When.
    pub at: Option<Pointer>,
}

/// Where the fields of a withdrawal are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalShape {
    /// The sender's name for the application.
    pub application: Pointer,
    /// When.
    pub at: Option<Pointer>,
}

/// Where characteristics are that arrive apart from the application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharacteristicShape {
    /// The sender's name for the application.
    pub application: Pointer,
    /// The declared characteristics.
    #[serde(default)]
    pub answers: PairsShape,
}
