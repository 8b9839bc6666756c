//! What the store keeps: each view, and the changes that a journal record makes to them.
//! Everything sealed stays sealed here; no key is known.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    Application, ApplicationId, ApplicationStatus, CandidateId, OrganisationId, PackState,
    Pseudonym, Reference, Role, SourceId, StoredKey, TallyCounts, TallyKey, UserId, Vacancy,
    VacancyId,
};
use crate::journal::Position;

/// An employer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationView {
    /// Its id.
    pub id: OrganisationId,
    /// Its name for headings.
    pub name: String,
    /// Smallest count that a report may show.
    pub minimum_cell: u32,
    /// The key that its own records (vacancies, users, outcomes) are sealed under.
    pub key: StoredKey,
    /// The version of its key-encryption key that the journal names last.
    pub key_version: u32,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A sending system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// Its id, unique over all organisations.
    pub id: SourceId,
    /// Whom it sends for.
    pub organisation: OrganisationId,
    /// The mapping in `rules/sources` that its payloads follow.
    pub mapping: String,
    /// The shared secrets, newest first, sealed under the organisation's key.
    #[serde(with = "serde_bytes")]
    pub sealed_secrets: Vec<u8>,
}

/// A person with a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// Its id.
    pub id: UserId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// What colleagues call the account, e.g. `panel member 2`.
    pub label: String,
    /// What it may do.
    pub role: Role,
    /// The vacancies that a panel member is assigned to.
    pub vacancies: BTreeSet<VacancyId>,
    /// SHA-256 of the token; `None` when it is revoked.
    pub token_sha256: Option<[u8; 32]>,
}

/// An application with what is sealed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationView {
    /// What may be known of it.
    pub application: Application,
    /// The candidate's data key.
    pub key: StoredKey,
    /// Where in the journal its content is.
    pub content: Position,
    /// The declared categories, sealed under the candidate's key.
    #[serde(with = "serde_bytes")]
    pub sealed_categories: Vec<u8>,
}

/// What the panel path knows of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackView {
    /// What to call the candidate.
    pub pseudonym: Pseudonym,
    /// The holder of the key that the pack is sealed under.
    pub candidate: CandidateId,
    /// That key.
    pub key: StoredKey,
    /// The application, as the record that the pack is bound to.
    pub application: ApplicationId,
    /// The sealed file; `None` while it is being made or withheld.
    pub file: Option<String>,
    /// Whether it is withheld for a person to look at.
    pub withheld: bool,
}

impl ApplicationView {
    /// What the panel path may know of it; nothing when it was erased.
    pub fn pack(&self) -> Option<PackView> {
        let Application { status, pack, .. } = &self.application;
        (*status == ApplicationStatus::Held).then(|| PackView {
            pseudonym: self.application.pseudonym,
            candidate: self.application.candidate.clone(),
            key: self.key.clone(),
            application: self.application.id.clone(),
            file: match pack {
                PackState::Released { file, .. } => Some(file.clone()),
                PackState::Pending | PackState::Withheld { .. } => None,
            },
            withheld: matches!(pack, PackState::Withheld { .. }),
        })
    }
}

/// How a delivery was answered. A repeated delivery gets the same answer and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The source.
    pub source: SourceId,
    /// The delivery's id, as the sender chose it.
    pub delivery: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Body of the answer, JSON; no personal data.
    pub answer: String,
}

/// Events for an application that has not come yet, and the key made for its candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingEvents {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The source.
    pub source: SourceId,
    /// The application's name there.
    pub application: Reference,
    /// The candidate that the application will belong to.
    pub candidate: CandidateId,
    /// The candidate's key.
    pub key: StoredKey,
    /// The journal records of the events, in order of arrival.
    pub records: Vec<Position>,
}

/// Work for the background worker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Job {
    /// The journal record that asked for it.
    pub sequence: u64,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The application to redact.
    pub application: ApplicationId,
}

/// One change to the views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Writes an organisation.
    Organisation(OrganisationView),
    /// Writes a source.
    Source(SourceView),
    /// Writes a user; a token that it no longer has stops working.
    User(UserView),
    /// Writes a vacancy.
    Vacancy(Vacancy),
    /// Writes an application.
    Application(Box<ApplicationView>),
    /// Remembers how a delivery was answered.
    Receipt(Receipt),
    /// Writes what waits for an application.
    Waiting(WaitingEvents),
    /// The application came, or was erased: nothing waits for it any more.
    WaitingOver(OrganisationId, SourceId, Reference),
    /// Adds to a cell.
    Tally(OrganisationId, TallyKey, TallyCounts),
    /// Adds work.
    Job(Job),
    /// Work is done.
    JobDone(Job),
}
