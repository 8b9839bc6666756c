//! Un-blinding: a recruiter asks who a candidate is, gives a reason, and is told if the stage allows it. The
//! journal knows before the recruiter does.

use std::fmt;

use serde_bytes::ByteBuf;

use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::receive_application::sealed_content;
use crate::domain::{ApplicationId, ApplicationStatus, Pseudonym};
use crate::vault::{KeyHolder, Purpose};

/// Who a candidate is.
pub struct Disclosure {
    /// What the panel calls the candidate.
    pub pseudonym: Pseudonym,
    /// Field and value, in the order of a form.
    pub fields: Vec<(String, String)>,
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disclosure({}, {} fields withheld)", self.pseudonym, self.fields.len())
    }
}

/// A reason as given, trimmed.
pub(super) fn checked_reason(reason: &str) -> Result<&str, WorkflowError> {
    let reason = reason.trim();
    if (10..=500).contains(&reason.chars().count()) {
        Ok(reason)
    } else {
        Err(WorkflowError::ReasonMissing)
    }
}

/// Opens the identity of one candidate, after recording who asked and why.
///
/// # Errors
/// [`WorkflowError::DisclosureNotYet`] when the stage is too early, [`WorkflowError::ReasonMissing`],
/// [`WorkflowError::Erased`], or a journal that does not accept records: then nothing is disclosed.
pub async fn disclose_identity(
    app: &Evenhand,
    viewer: &Viewer,
    application: &ApplicationId,
    reason: &str,
) -> Result<Disclosure, WorkflowError> {
    let reason = checked_reason(reason)?;
    let _keys = app.keys_in_use.read().await;
    let found = app.own_application(viewer, application)?;
    // The stage must not change between the check and the record.
    let _lock =
        app.applications.lock((&found.application.source, &found.application.reference)).await;
    let view = app.own_application(viewer, application)?;
    if view.application.status == ApplicationStatus::Erased {
        return Err(WorkflowError::Erased);
    }
    if !app.rules.recruitment().allows_disclosure(&view.application.stage) {
        return Err(WorkflowError::DisclosureNotYet(view.application.stage));
    }
    let (organisation, candidate) = (&viewer.organisation, &view.application.candidate);
    let holder = KeyHolder::Candidate(candidate.clone());
    // People write names into reasons, so the reason dies with the candidate's key.
    let sealed_reason = app.vault.seal(
        organisation,
        &holder,
        &view.key,
        Purpose::Identity,
        application.as_str(),
        reason.as_bytes(),
    )?;
    let fact = Fact::IdentityDisclosed {
        application: application.clone(),
        sealed_reason: ByteBuf::from(sealed_reason),
    };
    app.commit(organisation, viewer.actor(), &fact).await?;
    let sealed = sealed_content(app, &view)?;
    let identity =
        app.vault.open_identity(organisation, &holder, &view.key, candidate.as_str(), &sealed)?;
    Ok(Disclosure {
        pseudonym: view.application.pseudonym,
        fields: identity
            .fields()
            .into_iter()
            .map(|(field, value)| (field.to_owned(), value.to_owned()))
            .collect(),
    })
}
