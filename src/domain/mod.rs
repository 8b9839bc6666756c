//! The field's nouns as plain values. Does no I/O, takes no clock and no randomness, and imports nothing of ours.

mod application;
mod characteristic;
mod event;
mod id;
mod identity;
mod key;
mod pseudonym;
mod role;
mod stage;
mod tally;
mod vacancy;

pub use application::{Application, ApplicationStatus, PackState, StageVisit, WithheldReason};
pub use characteristic::{
    CategoryId, CharacteristicId, DeclaredCategories, NOT_ASKED, PREFER_NOT_TO_SAY, UNMAPPED,
};
pub use event::{
    Answer, ApplicationReceived, AttachedDocument, CharacteristicsReceived, Content, SourceEvent,
    StageChanged, VacancyChanged, Withdrawn,
};
pub use id::{
    ApplicationId, CandidateId, IdError, OrganisationId, Reference, SourceId, StageId, UserId,
    VacancyId,
};
pub use identity::Identity;
pub use key::StoredKey;
pub use pseudonym::{Pseudonym, PseudonymError};
pub use role::{Actor, Role, UnknownRole};
pub use stage::{Move, StageError, StageSet, StageSetError};
pub use tally::{TallyCounts, TallyKey, TallyPlace, contributions};
pub use vacancy::{Vacancy, VacancyState};
