//! One person's application for one vacancy, as everybody but the vault knows it: no name, no characteristic.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ApplicationId, CandidateId, OrganisationId, Pseudonym, Reference, SourceId, StageId, VacancyId,
};

/// A stage that an application reached, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageVisit {
    /// The stage.
    pub stage: StageId,
    /// When it was reached, as the source tells it or else when we heard.
    pub at: Timestamp,
}

/// Whether the application still has content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationStatus {
    /// Content is sealed and can be opened by those who may.
    Held,
    /// The candidate's key is destroyed; only counts remain.
    Erased,
}

/// Why a pack is withheld from the panel until a person has looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithheldReason {
    /// A stable code, e.g. `leak_found` or `unreadable_format`.
    pub code: String,
    /// Which part of the application, e.g. `document 2`. Never a file name: those hold names.
    pub part: String,
    /// What is wrong and what to do, in one sentence without any of the application's words.
    pub message: String,
}

/// What became of redaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum PackState {
    /// Waiting for the worker.
    Pending,
    /// Released: the panel may open it.
    Released {
        /// The sealed file that holds the redacted text.
        file: String,
        /// SHA-256 of the rule set that made it.
        rule_set: String,
        /// How many spans of each kind were removed.
        removed: BTreeMap<String, u64>,
    },
    /// Not shown to the panel.
    Withheld {
        /// Why, part by part.
        reasons: Vec<WithheldReason>,
    },
}

/// One application. Everything here may be shown to a recruiter, and all but the reference to a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Our identifier.
    pub id: ApplicationId,
    /// The employer.
    pub organisation: OrganisationId,
    /// The post applied for.
    pub vacancy: VacancyId,
    /// The holder of the data key.
    pub candidate: CandidateId,
    /// What the panel calls the candidate.
    pub pseudonym: Pseudonym,
    /// The system that sent it.
    pub source: SourceId,
    /// That system's name for it.
    pub reference: Reference,
    /// When it was received.
    pub received_at: Timestamp,
    /// Where it is now: a stage of progress or an ending.
    pub stage: StageId,
    /// Every stage it reached, in order; the first is the stage of arrival.
    pub visits: Vec<StageVisit>,
    /// Held or erased.
    pub status: ApplicationStatus,
    /// What became of redaction.
    pub pack: PackState,
}
