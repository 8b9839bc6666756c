//! Why the program could not do what was asked. Every variant has a stable code; none carries a word of an application.

use crate::document::write::WriteError;
use crate::domain::{IdError, StageError, StageId};
use crate::intake::{MappingError, SignatureError};
use crate::journal::{AppendError, JournalError};
use crate::rulebook::RuleError;
use crate::store::StoreError;
use crate::vault::{SealedFilesError, VaultError};

use super::report_ledger::LedgerError;

/// What sort of failure it is, for whoever turns it into an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The sender did not prove who it is.
    Unauthenticated,
    /// The role does not reach that far.
    Forbidden,
    /// There is no such thing, or not for this organisation.
    NotFound,
    /// It was there and has been erased.
    Gone,
    /// The bytes are not what they claim to be.
    Malformed,
    /// Well-formed, but a value is missing or not acceptable.
    Unacceptable,
    /// It does not fit the present state; the same request may succeed later.
    Conflict,
    /// The content is larger than is accepted.
    TooLarge,
    /// Too much work is waiting; try again soon.
    Busy,
    /// The disk is full; nothing was accepted.
    NoSpace,
    /// The program cannot work at present.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// Why the program could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
    /// No source of that name.
    #[error("there is no source of that name; an administrator adds sources")]
    UnknownSource,
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The body does not map to an event.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The source's mapping is not in the rule set.
    #[error(
        "the rule set has no source mapping '{0}'; add rules/sources/{0}.toml or change the source"
    )]
    UnknownMapping(String),
    /// No vacancy of that id in this organisation.
    #[error("there is no such vacancy in this organisation")]
    UnknownVacancy,
    /// No application of that id in this organisation.
    #[error("there is no such application in this organisation")]
    UnknownApplication,
    /// No pack of that pseudonym in this vacancy.
    #[error("there is no such pack in this vacancy")]
    UnknownPack,
    /// No user of that id in this organisation.
    #[error("there is no such user in this organisation")]
    UnknownUser,
    /// No organisation of that id.
    #[error("there is no organisation of that id")]
    UnknownOrganisation,
    /// The pack is still being made.
    #[error("this pack is still being made; try again in a moment")]
    PackNotReady,
    /// The pack is withheld.
    #[error("this pack is withheld until a recruiter has looked at it")]
    PackWithheld,
    /// A copy of the pack holds, or may hold, something of the candidate.
    #[error(
        "this copy could not be shown to be free of the candidate's details; read the pack on its page, and tell a recruiter"
    )]
    CopyNotBlind,
    /// A part of a pack has no copy with its layout kept.
    #[error(
        "this part of the application is not a Word document that keeps its layout; download the whole application instead"
    )]
    NoLayout,
    /// A copy of the pack cannot be made.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The pack's redacted text is sealed under a key that no longer exists.
    #[error("this candidate's data was erased")]
    Erased,
    /// The role or the assignment does not reach that far.
    #[error("this account may not see that vacancy; an administrator assigns panel members")]
    NotAssigned,
    /// The stage table refuses.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// More events for one application than any journey has: something is looping.
    #[error(
        "there are more events for this application than any journey has; look for a loop at the sender"
    )]
    TooManyEvents,
    /// Identity may not be disclosed yet.
    #[error(
        "identity may not be disclosed at stage '{0}'; it opens when the application is shortlisted"
    )]
    DisclosureNotYet(StageId),
    /// Disclosure and erasure need a reason.
    #[error("give a reason of 10 to 500 characters; it is kept in the journal")]
    ReasonMissing,
    /// Two duties that one account may not hold.
    #[error(
        "only panel members are assigned to vacancies: whoever audits a vacancy may not sit on its panel"
    )]
    SeparationOfDuties,
    /// Something of that name exists already.
    #[error("{0} exists already; choose another name")]
    AlreadyExists(&'static str),
    /// A label is empty or too long.
    #[error("{what} must be 1 to {limit} characters without control characters")]
    BadLabel {
        /// What is labelled.
        what: &'static str,
        /// The longest allowed, in characters.
        limit: usize,
    },
    /// A filter or policy of an audit is not known.
    #[error("{0}")]
    BadFilter(String),
    /// What earlier reports showed cannot be read, or what this one shows cannot be written; it is not given out.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An identifier is malformed.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A rule does not hold together.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The journal did not take the record.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A view could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A sealed file could not be read or written.
    #[error(transparent)]
    Files(#[from] SealedFilesError),
    /// A journal body does not decode.
    #[error(
        "a journal record of kind '{0}' does not decode: it was written by a newer version, or the key is wrong"
    )]
    Undecodable(String),
}

impl WorkflowError {
    /// A stable code for answers, logs and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSource => "unknown_source",
            Self::Signature(error) => error.code(),
            Self::Mapping(error) => error.code(),
            Self::UnknownMapping(_) => "unknown_mapping",
            Self::UnknownVacancy => "unknown_vacancy",
            Self::UnknownApplication => "unknown_application",
            Self::UnknownPack => "unknown_pack",
            Self::UnknownUser => "unknown_user",
            Self::UnknownOrganisation => "unknown_organisation",
            Self::PackNotReady => "pack_not_ready",
            Self::PackWithheld => "pack_withheld",
            Self::CopyNotBlind => "copy_not_blind",
            Self::NoLayout => "no_layout",
            Self::Erased => "application_erased",
            Self::NotAssigned => "not_assigned",
            Self::Stage(StageError::UnknownStage { .. }) => "unknown_stage",
            Self::Stage(StageError::MoveNotAllowed { .. }) => "move_not_allowed",
            Self::TooManyEvents => "too_many_events",
            Self::DisclosureNotYet(_) => "disclosure_not_yet",
            Self::ReasonMissing => "reason_missing",
            Self::SeparationOfDuties => "separation_of_duties",
            Self::AlreadyExists(_) => "already_exists",
            Self::BadLabel { .. } => "bad_label",
            Self::BadFilter(_) => "bad_filter",
            Self::Id(_) => "bad_identifier",
            Self::Rules(_) => "bad_rules",
            Self::Append(AppendError::Busy) => "too_busy",
            Self::Append(AppendError::NoSpace) => "disk_full",
            Self::Append(AppendError::TooLarge { .. }) => "too_large",
            Self::Append(_) => "journal_stopped",
            Self::Vault(VaultError::NoSpace { .. }) | Self::Files(SealedFilesError::NoSpace) => {
                "disk_full"
            }
            Self::Ledger(error) if error.is_no_space() => "disk_full",
            Self::Journal(_)
            | Self::Store(_)
            | Self::Vault(_)
            | Self::Files(_)
            | Self::Ledger(_)
            | Self::Write(_)
            | Self::Undecodable(_) => "internal",
        }
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Signature(_) => ErrorKind::Unauthenticated,
            Self::Mapping(error) if error.is_malformed() => ErrorKind::Malformed,
            Self::Mapping(_)
            | Self::Stage(StageError::UnknownStage { .. })
            | Self::ReasonMissing
            | Self::BadLabel { .. }
            | Self::BadFilter(_)
            | Self::Id(_) => ErrorKind::Unacceptable,
            Self::UnknownSource
            | Self::UnknownVacancy
            | Self::UnknownApplication
            | Self::UnknownPack
            | Self::NoLayout
            | Self::UnknownUser
            | Self::UnknownOrganisation => ErrorKind::NotFound,
            Self::Erased => ErrorKind::Gone,
            Self::NotAssigned => ErrorKind::Forbidden,
            Self::PackNotReady
            | Self::PackWithheld
            | Self::CopyNotBlind
            | Self::Stage(StageError::MoveNotAllowed { .. })
            | Self::TooManyEvents
            | Self::DisclosureNotYet(_)
            | Self::SeparationOfDuties
            | Self::AlreadyExists(_) => ErrorKind::Conflict,
            Self::Append(AppendError::Busy) => ErrorKind::Busy,
            Self::Append(AppendError::NoSpace)
            | Self::Vault(VaultError::NoSpace { .. })
            | Self::Files(SealedFilesError::NoSpace) => ErrorKind::NoSpace,
            Self::Ledger(error) if error.is_no_space() => ErrorKind::NoSpace,
            Self::Append(AppendError::TooLarge { .. }) => ErrorKind::TooLarge,
            Self::Append(_) | Self::UnknownMapping(_) => ErrorKind::Unavailable,
            Self::Rules(_)
            | Self::Journal(_)
            | Self::Store(_)
            | Self::Vault(_)
            | Self::Files(_)
            | Self::Ledger(_)
            | Self::Write(_)
            | Self::Undecodable(_) => ErrorKind::Internal,
        }
    }
}
