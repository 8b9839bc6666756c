//! From a bearer token to the person who holds it. Tokens are stored as hashes only.

use std::collections::BTreeSet;

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use crate::domain::{Actor, OrganisationId, Role, UserId, VacancyId};
use crate::vault;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Their organisation; nothing of another one is in reach.
    pub organisation: OrganisationId,
    /// Who they are.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// What colleagues call the account.
    pub label: String,
    /// The vacancies that a panel member is assigned to.
    pub vacancies: BTreeSet<VacancyId>,
}

impl Viewer {
    /// The viewer as the journal records them.
    pub fn actor(&self) -> Actor {
        Actor::User {
            organisation: self.organisation.clone(),
            user: self.user.clone(),
            role: self.role,
        }
    }
}

/// The administrator at the machine's own command line, who needs no token because the key file is in reach.
pub fn operator(organisation: OrganisationId) -> Viewer {
    Viewer {
        organisation,
        user: UserId::from_random([0; 10]),
        role: Role::Admin,
        label: "operator".to_owned(),
        vacancies: BTreeSet::new(),
    }
}

/// The holder of a token; nobody for a token that is unknown or revoked.
///
/// # Errors
/// [`WorkflowError::Store`] when the view cannot be read.
pub fn authenticate(app: &Evenhand, token: &str) -> Result<Option<Viewer>, WorkflowError> {
    let user = app.store.user_by_token(&vault::token_sha256(token))?;
    Ok(user.map(|user| Viewer {
        organisation: user.organisation,
        user: user.id,
        role: user.role,
        label: user.label,
        vacancies: user.vacancies,
    }))
}
