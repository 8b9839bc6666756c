//! What a source can tell us, after its own payload has been mapped. These values carry a person's data on the
//! way to the vault: they cannot be serialised, and their `Debug` shows shapes and counts only.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::{CharacteristicId, Identity, Reference, StageId, VacancyState};

/// One thing that a source tells us.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one is alive at a time, and it is moved once")]
pub enum SourceEvent {
    /// A vacancy was opened or changed.
    VacancyChanged(VacancyChanged),
    /// An application arrived.
    ApplicationReceived(ApplicationReceived),
    /// An application reached another stage.
    StageChanged(StageChanged),
    /// The candidate withdrew.
    Withdrawn(Withdrawn),
    /// Characteristics arrived, or were corrected.
    CharacteristicsReceived(CharacteristicsReceived),
    /// Something that the source's mapping says is none of our business, like a test of the connection.
    Ignored,
}

/// A vacancy as the source describes it. `None` leaves what was known.
#[derive(Debug, Clone, PartialEq)]
pub struct VacancyChanged {
    /// The source's name for the vacancy.
    pub vacancy: Reference,
    /// Job title.
    pub title: Option<String>,
    /// Open or closed.
    pub state: Option<VacancyState>,
    /// Family of similar vacancies.
    pub family: Option<String>,
    /// Pay grade.
    pub grade: Option<String>,
    /// Directorate.
    pub directorate: Option<String>,
    /// Kind of contract.
    pub contract: Option<String>,
    /// The stages of progress it uses, in order.
    pub stages: Option<Vec<StageId>>,
    /// Words that the person specification asks for.
    pub allow: Option<Vec<String>>,
    /// When it was opened, where the source says; otherwise it is when we first hear of it.
    pub opened_at: Option<Timestamp>,
    /// When its decisions were finished, where the source says; otherwise it is when we hear that it is closed.
    pub closed_at: Option<Timestamp>,
}

/// A question and what the candidate answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question as asked.
    pub question: String,
    /// The answer as given.
    pub text: String,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} characters)", self.text.chars().count())
    }
}

/// A file that came with an application.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachedDocument {
    /// The file's name, which often is the candidate's.
    pub file_name: Option<String>,
    /// The media type that the source claims.
    pub media_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for AttachedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttachedDocument({} bytes)", self.bytes.len())
    }
}

/// Everything in an application that identifies or describes the person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// Who it is.
    pub identity: Identity,
    /// Answers to the form's questions.
    pub answers: Vec<Answer>,
    /// Attached files.
    pub documents: Vec<AttachedDocument>,
}

/// An application as it arrives.
#[derive(Clone, PartialEq)]
pub struct ApplicationReceived {
    /// The vacancy applied for, by the source's name.
    pub vacancy: Reference,
    /// The application, by the source's name.
    pub application: Reference,
    /// When the candidate sent it.
    pub at: Option<Timestamp>,
    /// Identity, answers, documents.
    pub content: Content,
    /// Characteristic to the source's own label for the category.
    pub characteristics: BTreeMap<CharacteristicId, String>,
}

impl fmt::Debug for ApplicationReceived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationReceived")
            .field("vacancy", &self.vacancy)
            .field("application", &self.application)
            .field("content", &self.content)
            .field("characteristics", &self.characteristics.len())
            .finish()
    }
}

/// A change of stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageChanged {
    /// The application, by the source's name.
    pub application: Reference,
    /// The stage reached, by our name.
    pub stage: StageId,
    /// When, if the source says.
    pub at: Option<Timestamp>,
}

/// A withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The application, by the source's name.
    pub application: Reference,
    /// When, if the source says.
    pub at: Option<Timestamp>,
}

/// Characteristics that arrive apart from the application, or correct what was sent before.
#[derive(Clone, PartialEq, Eq)]
pub struct CharacteristicsReceived {
    /// The application, by the source's name.
    pub application: Reference,
    /// Characteristic to the source's own label for the category.
    pub characteristics: BTreeMap<CharacteristicId, String>,
}

impl fmt::Debug for CharacteristicsReceived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CharacteristicsReceived")
            .field("application", &self.application)
            .field("characteristics", &self.characteristics.len())
            .finish()
    }
}
