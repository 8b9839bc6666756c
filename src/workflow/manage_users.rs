//! Accounts: who holds a token, in which role, and which vacancies a panel member is assigned to.

use std::collections::BTreeSet;
use std::fmt;

use zeroize::Zeroizing;

use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use crate::domain::{Actor, OrganisationId, Role, UserId, VacancyId};
use crate::store::UserView;
use crate::vault;

/// A user whose token is shown this once.
pub struct NewUser {
    /// The account.
    pub user: UserView,
    /// The token in clear; only its hash is kept.
    pub token: Zeroizing<String>,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("user", &self.user.id).field("token", &"***").finish()
    }
}

/// A text for people, trimmed.
pub(super) fn checked_label(what: &'static str, label: &str) -> Result<String, WorkflowError> {
    const LIMIT: usize = 100;
    let label = label.trim();
    let length = label.chars().count();
    if (1..=LIMIT).contains(&length) && !label.chars().any(char::is_control) {
        Ok(label.to_owned())
    } else {
        Err(WorkflowError::BadLabel { what, limit: LIMIT })
    }
}

/// The accounts of the viewer's organisation, in order of id.
///
/// # Errors
/// [`WorkflowError::Store`] when a view cannot be read.
pub fn list_users(app: &Evenhand, viewer: &Viewer) -> Result<Vec<UserView>, WorkflowError> {
    Ok(app.store.users(&viewer.organisation)?)
}

/// Adds an account. Only panel members are assigned to vacancies.
///
/// # Errors
/// A bad label, an unknown vacancy, [`WorkflowError::SeparationOfDuties`], or a journal that does not accept records.
pub async fn add_user(
    app: &Evenhand,
    viewer: &Viewer,
    label: &str,
    role: Role,
    vacancies: BTreeSet<VacancyId>,
) -> Result<NewUser, WorkflowError> {
    save_new_user(app, &viewer.organisation, viewer.actor(), label, role, vacancies).await
}

/// Adds an account on behalf of whoever `actor` says.
pub(super) async fn save_new_user(
    app: &Evenhand,
    organisation: &OrganisationId,
    actor: Actor,
    label: &str,
    role: Role,
    vacancies: BTreeSet<VacancyId>,
) -> Result<NewUser, WorkflowError> {
    let label = checked_label("a user's label", label)?;
    check_assignment(app, organisation, role, &vacancies)?;
    let token = vault::new_token()?;
    let user = UserView {
        id: vault::new_user_id()?,
        organisation: organisation.clone(),
        label,
        role,
        vacancies,
        token_sha256: Some(vault::token_sha256(&token)),
    };
    app.commit(organisation, actor, &Fact::UserSaved(user.clone())).await?;
    Ok(NewUser { user, token })
}

/// Gives an account another token; the old one stops working.
///
/// # Errors
/// [`WorkflowError::UnknownUser`], or a journal that does not accept records.
pub async fn renew_token(
    app: &Evenhand,
    viewer: &Viewer,
    user: &UserId,
) -> Result<NewUser, WorkflowError> {
    let token = vault::new_token()?;
    let hash = vault::token_sha256(&token);
    let user = change(app, viewer, user, |user| user.token_sha256 = Some(hash)).await?;
    Ok(NewUser { user, token })
}

/// Takes an account's token away.
///
/// # Errors
/// [`WorkflowError::UnknownUser`], or a journal that does not accept records.
pub async fn revoke_user(
    app: &Evenhand,
    viewer: &Viewer,
    user: &UserId,
) -> Result<UserView, WorkflowError> {
    change(app, viewer, user, |user| user.token_sha256 = None).await
}

/// Says which vacancies a panel member reads the packs of.
///
/// # Errors
/// [`WorkflowError::UnknownUser`], an unknown vacancy, [`WorkflowError::SeparationOfDuties`] for any other role,
/// or a journal that does not accept records.
pub async fn assign_vacancies(
    app: &Evenhand,
    viewer: &Viewer,
    user: &UserId,
    vacancies: BTreeSet<VacancyId>,
) -> Result<UserView, WorkflowError> {
    let known = app.store.user(&viewer.organisation, user)?.ok_or(WorkflowError::UnknownUser)?;
    check_assignment(app, &viewer.organisation, known.role, &vacancies)?;
    change(app, viewer, user, |user| user.vacancies = vacancies).await
}

fn check_assignment(
    app: &Evenhand,
    organisation: &OrganisationId,
    role: Role,
    vacancies: &BTreeSet<VacancyId>,
) -> Result<(), WorkflowError> {
    if role != Role::Panel && !vacancies.is_empty() {
        return Err(WorkflowError::SeparationOfDuties);
    }
    for vacancy in vacancies {
        app.store.vacancy(organisation, vacancy)?.ok_or(WorkflowError::UnknownVacancy)?;
    }
    Ok(())
}

async fn change(
    app: &Evenhand,
    viewer: &Viewer,
    user: &UserId,
    edit: impl FnOnce(&mut UserView),
) -> Result<UserView, WorkflowError> {
    let _lock = app.applications.lock(("user", user)).await;
    let mut user = app.store.user(&viewer.organisation, user)?.ok_or(WorkflowError::UnknownUser)?;
    edit(&mut user);
    app.commit(&viewer.organisation, viewer.actor(), &Fact::UserSaved(user.clone())).await?;
    Ok(user)
}
