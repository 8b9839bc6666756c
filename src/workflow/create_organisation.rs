//! Creates an organisation with its own keys and its first administrator. Needs nobody's permission but the
//! machine's: it is called at the command line.

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::manage_users::{NewUser, save_new_user};
use crate::domain::{Actor, OrganisationId, Role};
use crate::journal::AppendError;

/// An organisation and the token of its first administrator.
#[derive(Debug)]
pub struct NewOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its first administrator; the token is shown this once.
    pub admin: NewUser,
}

/// Creates an organisation. `minimum_cell` is the smallest count that its reports may show: 10, or 5 by its choice.
///
/// # Errors
/// [`WorkflowError::AlreadyExists`], a bad name, or a journal that does not accept records.
pub async fn create_organisation(
    app: &Evenhand,
    id: OrganisationId,
    name: &str,
    minimum_cell: u32,
) -> Result<NewOrganisation, WorkflowError> {
    let name = super::manage_users::checked_label("the organisation's name", name)?;
    if minimum_cell < 5 {
        return Err(WorkflowError::BadFilter(
            "the smallest count shown must be 5 or more: below that, people can be recognised"
                .to_owned(),
        ));
    }
    let keys = app.keys_in_use.write().await;
    if app.store.organisation(&id)?.is_some() {
        return Err(WorkflowError::AlreadyExists("an organisation of that id"));
    }
    let key = app.vault.add_organisation(&id)?;
    app.codec.learn(&id, key);
    let fact = Fact::OrganisationCreated { name, minimum_cell };
    let created = app.commit(&id, Actor::Operator, &fact).await;
    if let Err(error) = created {
        // Unless the journal stopped, the record certainly is not there, and keys of nobody would block another try.
        if !matches!(error, WorkflowError::Append(AppendError::Stopped(_))) {
            app.vault.settle(&id, 0)?;
        }
        return Err(error);
    }
    drop(keys);
    let admin =
        save_new_user(app, &id, Actor::Operator, "first administrator", Role::Admin, [].into())
            .await?;
    Ok(NewOrganisation { id, admin })
}
