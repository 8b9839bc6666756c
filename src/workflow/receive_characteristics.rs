//! Characteristics arrive apart from the application, or correct what was sent before. They are sealed under the
//! candidate's key and never come near the panel's path.

use std::collections::BTreeMap;

use serde_bytes::ByteBuf;

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::{Fact, Waiting};
use super::receive_delivery::{Accepted, DeliveryAnswer, Sender};
use crate::domain::{
    ApplicationStatus, CandidateId, CategoryId, CharacteristicId, CharacteristicsReceived,
    DeclaredCategories, NOT_ASKED, OrganisationId, Reference, StoredKey,
};
use crate::vault::KeyHolder;

/// The most events that are kept for one application. A journey has a dozen; views must stay small.
pub(super) const MOST_EVENTS: usize = 200;

/// Takes characteristics in; those for an application that has not come wait for it.
pub(super) async fn receive_characteristics(
    app: &Evenhand,
    sender: &Sender,
    received: CharacteristicsReceived,
) -> Result<DeliveryAnswer, WorkflowError> {
    let CharacteristicsReceived { application: reference, characteristics } = received;
    let _lock = app.applications.lock((&sender.source, &reference)).await;
    let organisation = &sender.organisation;
    let now = declared(app, &characteristics, Completeness::GivenOnly);
    let known = app.store.application_by_reference(organisation, &sender.source, &reference)?;
    let Some(view) = known else {
        let seal = |candidate: &CandidateId, key: &StoredKey| {
            let sealed = seal_categories(app, organisation, candidate, key, &now)?;
            Ok(Waiting::Categories(ByteBuf::from(sealed)))
        };
        return wait(app, sender, reference, "characteristics", seal).await;
    };
    if view.application.status == ApplicationStatus::Erased {
        return Err(WorkflowError::Erased);
    }
    let candidate = &view.application.candidate;
    let before = open_categories(app, organisation, candidate, &view.key, &view.sealed_categories)?;
    let categories = merged(&before, &now);
    let sealed = seal_categories(app, organisation, candidate, &view.key, &categories)?;
    let answer = Accepted::now("characteristics").application(&view.application.id);
    let fact = Fact::CharacteristicsReceived {
        sealed_categories: ByteBuf::from(sealed),
        receipt: Some(sender.receipt(&answer)),
        application: view.application.id,
    };
    app.commit(organisation, sender.actor(), &fact).await?;
    Ok(answer.into())
}

/// Records an event whose application has not come. The first one makes the key of the candidate to come, so that
/// erasing the candidate destroys what waited as well.
pub(super) async fn wait(
    app: &Evenhand,
    sender: &Sender,
    reference: Reference,
    event_name: &str,
    event: impl FnOnce(&CandidateId, &StoredKey) -> Result<Waiting, WorkflowError>,
) -> Result<DeliveryAnswer, WorkflowError> {
    let waiting = app.store.waiting(&sender.organisation, &sender.source, &reference)?;
    let (candidate, key, earlier) = match waiting {
        Some(waiting) if waiting.records.len() >= MOST_EVENTS => {
            return Err(WorkflowError::TooManyEvents);
        }
        Some(waiting) => (waiting.candidate, waiting.key, waiting.records),
        None => {
            let (candidate, key) = app.vault.new_candidate(&sender.organisation)?;
            (candidate, key, Vec::new())
        }
    };
    let answer = Accepted::waits(event_name);
    let fact = Fact::EventWaits {
        source: sender.source.clone(),
        reference,
        event: event(&candidate, &key)?,
        candidate,
        key,
        earlier,
        receipt: sender.receipt(&answer),
    };
    app.commit(&sender.organisation, sender.actor(), &fact).await?;
    Ok(answer.into())
}

/// Which characteristics a set of answers speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    /// All that the rules know: what is missing was not asked.
    Full,
    /// Only those that were sent.
    GivenOnly,
}

/// The categories that a source's labels stand for. A label that no rule maps becomes `unmapped`, and is counted.
pub(super) fn declared(
    app: &Evenhand,
    labels: &BTreeMap<CharacteristicId, String>,
    completeness: Completeness,
) -> DeclaredCategories {
    let rules = app.rules.characteristics();
    let resolved = |(characteristic, label): (&CharacteristicId, &String)| {
        (characteristic.clone(), rules.resolve(characteristic, label))
    };
    completed(app, labels.iter().map(resolved), completeness)
}

/// Categories as an application holds them.
pub(super) fn completed(
    app: &Evenhand,
    given: impl IntoIterator<Item = (CharacteristicId, CategoryId)>,
    completeness: Completeness,
) -> DeclaredCategories {
    let rules = app.rules.characteristics();
    let mut categories = DeclaredCategories::new();
    if completeness == Completeness::Full
        && let Ok(not_asked) = NOT_ASKED.parse::<CategoryId>()
    {
        for characteristic in rules.list() {
            categories.declare(characteristic.id.clone(), not_asked.clone());
        }
    }
    for (characteristic, category) in given {
        categories.declare(characteristic, category);
    }
    categories
}

/// Answers of before with those of now laid over them.
pub(super) fn merged(before: &DeclaredCategories, now: &DeclaredCategories) -> DeclaredCategories {
    before.iter().chain(now.iter()).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Seals categories under the candidate's key.
pub(super) fn seal_categories(
    app: &Evenhand,
    organisation: &OrganisationId,
    candidate: &CandidateId,
    key: &StoredKey,
    categories: &DeclaredCategories,
) -> Result<Vec<u8>, WorkflowError> {
    let holder = KeyHolder::Candidate(candidate.clone());
    Ok(app.vault.seal_categories(organisation, &holder, key, candidate.as_str(), categories)?)
}

/// Opens them again.
pub(super) fn open_categories(
    app: &Evenhand,
    organisation: &OrganisationId,
    candidate: &CandidateId,
    key: &StoredKey,
    sealed: &[u8],
) -> Result<DeclaredCategories, WorkflowError> {
    let holder = KeyHolder::Candidate(candidate.clone());
    Ok(app.vault.open_categories(organisation, &holder, key, candidate.as_str(), sealed)?)
}
