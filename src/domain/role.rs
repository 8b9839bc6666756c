//! Who may ask for what. A role says which half of the program a token reaches.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{OrganisationId, SourceId, UserId};

/// The five roles. Each sees what its work needs and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A sending system: write-only, one organisation, fixed by its key.
    Ats,
    /// Reads packs of the vacancies it is assigned to.
    Panel,
    /// Vacancies, outcomes, and disclosure when the stage allows.
    Recruiter,
    /// Reports; no people.
    Auditor,
    /// Users and rules; no people.
    Admin,
}

impl Role {
    /// Every role, in the order in which they appear in documents.
    pub const ALL: [Role; 5] =
        [Role::Ats, Role::Panel, Role::Recruiter, Role::Auditor, Role::Admin];

    /// The role's name in configuration, tokens and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Ats => "ats",
            Role::Panel => "panel",
            Role::Recruiter => "recruiter",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of ats, panel, recruiter, auditor, admin")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// Who did something, as the journal records it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The program itself: the worker, a rebuild, a key rotation.
    System,
    /// Somebody at the command line of the machine.
    Operator,
    /// A sending system, known by its signature.
    Source(OrganisationId, SourceId),
    /// A token holder.
    User {
        /// Their organisation.
        organisation: OrganisationId,
        /// Who they are.
        user: UserId,
        /// The role they acted in.
        role: Role,
    },
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::System => f.write_str("system"),
            Actor::Operator => f.write_str("operator"),
            Actor::Source(organisation, source) => write!(f, "source:{organisation}/{source}"),
            Actor::User { organisation, user, role } => write!(f, "{role}:{organisation}/{user}"),
        }
    }
}
