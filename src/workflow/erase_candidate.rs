//! Erasure: the candidate's data key is destroyed by exchanging the organisation's key-encryption key for one
//! that never wrapped it. What was sealed stays where it is, and opens nowhere: not here, not in any backup.

use super::authenticate::Viewer;
use super::cells::cells_of;
use super::disclose_identity::checked_reason;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::{Fact, SealedContent};
use super::receive_application::content_of;
use super::rotate_keys::exchange_keys;
use crate::domain::{ApplicationId, ApplicationStatus, PackState};

/// Erases the candidate behind an application. Counts stay, because they are no longer about anybody.
///
/// # Errors
/// [`WorkflowError::Erased`] when it was done before, [`WorkflowError::ReasonMissing`], or a journal that does not
/// accept records: then nothing is erased.
pub async fn erase_candidate(
    app: &Evenhand,
    viewer: &Viewer,
    application: &ApplicationId,
    reason: &str,
) -> Result<(), WorkflowError> {
    let reason = checked_reason(reason)?.to_owned();
    // Everybody who seals waits: a key made meanwhile would be missing from the new ring.
    let _keys = app.keys_in_use.write().await;
    let found = app.own_application(viewer, application)?.application;
    let _application = app.applications.lock((&found.source, &found.reference)).await;
    let view = app.own_application(viewer, application)?;
    if view.application.status == ApplicationStatus::Erased {
        return Err(WorkflowError::Erased);
    }
    let vacancy = app
        .store
        .vacancy(&viewer.organisation, &view.application.vacancy)?
        .ok_or(WorkflowError::UnknownVacancy)?;
    let _vacancy = app.vacancies.lock((&vacancy.source, &vacancy.reference)).await;
    let residue = cells_of(&app.vault, &view, &vacancy, app.rules.recruitment())?;
    let content = content_of(app, &view)?;
    let fact = Fact::CandidateErased {
        application: application.clone(),
        reason,
        residue: residue.unwrap_or_default(),
    };
    let candidate = &view.application.candidate;
    exchange_keys(app, &viewer.organisation, viewer.actor(), &fact, Some(candidate)).await?;

    // The files are unreadable already; removing them only saves space.
    let mut files = Vec::new();
    if let SealedContent::File(name) = content {
        files.push(name);
    }
    if let PackState::Released { file, .. } = view.application.pack {
        files.push(file);
    }
    for name in files {
        app.discard(&name);
    }
    Ok(())
}
