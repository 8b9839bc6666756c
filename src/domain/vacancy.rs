//! A post to be filled, as far as the program needs to know it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{OrganisationId, Reference, SourceId, StageId, VacancyId};

/// Whether decisions are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum VacancyState {
    /// Taking or deciding applications: who has no outcome yet counts as undecided.
    #[default]
    Open,
    /// Finished: who has no outcome counts as not progressed.
    Closed,
}

/// One post to be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vacancy {
    /// Our identifier.
    pub id: VacancyId,
    /// The employer.
    pub organisation: OrganisationId,
    /// The system that told us of it.
    pub source: SourceId,
    /// That system's name for it.
    pub reference: Reference,
    /// The job title as advertised.
    pub title: String,
    /// Open or closed.
    pub state: VacancyState,
    /// Vacancies that are alike enough to be watched together, e.g. `housing officers`.
    pub family: Option<String>,
    /// Pay grade.
    pub grade: Option<String>,
    /// Directorate or department.
    pub directorate: Option<String>,
    /// Permanent, fixed term, ...
    pub contract: Option<String>,
    /// The stages of progress that this vacancy uses, in order.
    pub stages: Vec<StageId>,
    /// Words that the person specification asks for, which redaction therefore keeps.
    pub allow: Vec<String>,
    /// When we first heard of it.
    pub opened_at: Timestamp,
    /// When we heard that it is closed, while it is.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
}
