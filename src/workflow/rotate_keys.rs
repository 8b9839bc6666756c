//! Exchanges an organisation's key-encryption key: new keys beside the old ones, then the journal, then the old
//! key is destroyed. An interruption at any point is finished or undone at the next start.

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use crate::domain::{Actor, ApplicationStatus, CandidateId, OrganisationId, StoredKey};
use crate::journal::AppendError;
use crate::vault::KeyHolder;

/// Exchanges the key-encryption key of an organisation. Everything stays readable here; copies of the data folder
/// made before no longer open with the key file of now.
///
/// # Errors
/// [`WorkflowError::UnknownOrganisation`], or a journal that does not accept records.
pub async fn rotate_keys(
    app: &Evenhand,
    organisation: &OrganisationId,
    actor: Actor,
) -> Result<(), WorkflowError> {
    let _keys = app.keys_in_use.write().await;
    exchange_keys(app, organisation, actor, &Fact::KeysRotated, None).await
}

/// Exchanges the key and leaves out the data key of `forget`. The caller holds `keys_in_use` to write.
pub(super) async fn exchange_keys(
    app: &Evenhand,
    organisation: &OrganisationId,
    actor: Actor,
    fact: &Fact,
    forget: Option<&CandidateId>,
) -> Result<(), WorkflowError> {
    let rotation = app.vault.begin_rotation(organisation, keys_of(app, organisation, forget)?)?;
    let draft = app.codec.draft_with(organisation, actor, fact, Some(rotation.version()));
    let committed = match draft {
        Ok(draft) => app.journal.append(draft).await,
        Err(error) => {
            app.vault.abandon_rotation(rotation)?;
            return Err(error);
        }
    };
    match committed {
        Ok(_) => {
            let version = rotation.version();
            let finished = app.vault.finish_rotation(rotation);
            // The journal says that the new key counts; the old one must go, now or at the next start.
            Ok(finished.or_else(|_| app.vault.settle(organisation, version))?)
        }
        // Whether the record reached the disk is not known: the next start reads the journal and settles it.
        Err(stopped @ AppendError::Stopped(_)) => Err(stopped.into()),
        Err(refused) => {
            app.vault.abandon_rotation(rotation)?;
            Err(refused.into())
        }
    }
}

/// Every data key that is still needed.
fn keys_of(
    app: &Evenhand,
    organisation: &OrganisationId,
    forget: Option<&CandidateId>,
) -> Result<Vec<(KeyHolder, StoredKey)>, WorkflowError> {
    let mut keys = vec![(KeyHolder::Organisation, app.codec.key(organisation)?)];
    for vacancy in app.store.vacancies(organisation)? {
        for view in app.store.applications(organisation, &vacancy.id)? {
            let application = view.application;
            let erased = application.status == ApplicationStatus::Erased;
            if !erased && forget != Some(&application.candidate) {
                keys.push((KeyHolder::Candidate(application.candidate), view.key));
            }
        }
    }
    for waiting in app.store.all_waiting(organisation)? {
        keys.push((KeyHolder::Candidate(waiting.candidate), waiting.key));
    }
    Ok(keys)
}
