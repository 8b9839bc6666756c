//! An application arrives: everything of the person is sealed under a new key, the person gets a pseudonym, and
//! what had come before its application is applied to it.

use serde_bytes::ByteBuf;
use serde_json::json;

use super::change_vacancy::new_vacancy;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::{Arrival, Fact, SealedContent, Waiting};
use super::journey::walk;
use super::receive_characteristics::{
    Completeness, declared, merged, open_categories, seal_categories,
};
use super::receive_delivery::{Accepted, DeliveryAnswer, Sender};
use crate::domain::{
    ApplicationReceived, ApplicationStatus, CandidateId, Content, DeclaredCategories,
    OrganisationId, Pseudonym, Reference, StageVisit, StoredKey, Vacancy,
};
use crate::journal::AppendError;
use crate::store::{ApplicationView, WaitingEvents};
use crate::vault::{self, FileName, KeyHolder};

/// Sealed content up to this size travels in the journal record, which saves a file and two syncs; larger content
/// gets a file of its own, so that reading the journal stays fast.
const INLINE_BYTES: usize = 64 << 10;

/// Takes an application in, or new content for one that is known.
pub(super) async fn receive_application(
    app: &Evenhand,
    sender: &Sender,
    received: ApplicationReceived,
) -> Result<DeliveryAnswer, WorkflowError> {
    let _application = app.applications.lock((&sender.source, &received.application)).await;
    let known = app.store.application_by_reference(
        &sender.organisation,
        &sender.source,
        &received.application,
    )?;
    match known {
        Some(view) if view.application.status == ApplicationStatus::Erased => {
            Err(WorkflowError::Erased)
        }
        Some(view) => replace_content(app, sender, view, received).await,
        None => take_in(app, sender, received).await,
    }
}

async fn take_in(
    app: &Evenhand,
    sender: &Sender,
    received: ApplicationReceived,
) -> Result<DeliveryAnswer, WorkflowError> {
    // Most applications are for a vacancy that is known, and need not wait for each other. Only who makes a vacancy
    // holds its lock until the record is on disk.
    let mut known = known_vacancy(app, sender, &received.vacancy)?;
    let mut making = None;
    if known.is_none() {
        making = Some(app.vacancies.lock((&sender.source, &received.vacancy)).await);
        known = known_vacancy(app, sender, &received.vacancy)?;
    }
    let (vacancy, new_vacancy) = match known {
        Some(vacancy) => {
            drop(making.take());
            (vacancy, None)
        }
        None => {
            let vacancy = new_vacancy(app, sender, received.vacancy.clone())?;
            (vacancy.clone(), Some(vacancy))
        }
    };
    let categories = declared(app, &received.characteristics, Completeness::Full);
    let (mut arrival, refused) =
        arrival(app, sender, received, &vacancy, (categories, Vec::new()))?;
    let mut answer = Accepted::now("application").application(&arrival.id).vacancy(&vacancy.id);
    if refused > 0 {
        answer = answer.with("refused_moves", json!(refused));
    }
    arrival.receipt = Some(sender.receipt(&answer));
    arrival.new_vacancy = new_vacancy;
    commit_content(app, sender, &Fact::ApplicationReceived(Box::new(arrival))).await?;
    Ok(answer.into())
}

/// An application that is not known yet, as the record that takes it in: sealed under a new key or the one that was
/// made for what came before it, which is laid over what is known now. Answers also how many of those moves are not
/// allowed.
pub(super) fn arrival(
    app: &Evenhand,
    sender: &Sender,
    received: ApplicationReceived,
    vacancy: &Vacancy,
    (mut categories, then): (DeclaredCategories, Vec<StageVisit>),
) -> Result<(Arrival, usize), WorkflowError> {
    let organisation = &sender.organisation;
    let earlier = Earlier::read(app, sender, &received.application)?;
    let (candidate, key) = match earlier.holder {
        Some(holder) => holder,
        None => app.vault.new_candidate(organisation)?,
    };
    for sealed in &earlier.categories {
        let opened = open_categories(app, organisation, &candidate, &key, sealed)?;
        categories = merged(&categories, &opened);
    }
    let received_at = received.at.unwrap_or_else(|| app.now());
    let stages = app.rules.recruitment();
    let first = stages.progress().first().cloned().ok_or(WorkflowError::UnknownVacancy)?;
    let mut later = then;
    later.extend(earlier.visits);
    // Deliveries overtake each other; the source's own times say what came first.
    later.sort_by_key(|visit| visit.at);
    let (visits, refused) =
        walk(stages, StageVisit { stage: first.clone(), at: received_at }, later);
    let sealed = seal_categories(app, organisation, &candidate, &key, &categories)?;
    let arrival = Arrival {
        id: vault::new_application_id()?,
        vacancy: vacancy.id.clone(),
        new_vacancy: None,
        pseudonym: free_pseudonym(app, organisation, vacancy)?,
        source: sender.source.clone(),
        reference: received.application,
        received_at,
        content: seal_content(app, organisation, &candidate, &key, &received.content)?,
        sealed_categories: ByteBuf::from(sealed),
        stage: visits.last().map_or(first, |visit| visit.stage.clone()),
        visits,
        receipt: None,
        pack: None,
        candidate,
        key,
    };
    Ok((arrival, refused))
}

/// Commits a fact that brings content. What was written beside a record that certainly is not in the journal goes.
async fn commit_content(app: &Evenhand, sender: &Sender, fact: &Fact) -> Result<(), WorkflowError> {
    let content = match fact {
        Fact::ApplicationReceived(arrival) => Some(&arrival.content),
        Fact::ContentReplaced { content, .. } => Some(content),
        _ => None,
    };
    let committed = app.commit(&sender.organisation, sender.actor(), fact).await;
    let certainly_not = matches!(
        committed,
        Err(WorkflowError::Append(
            AppendError::Busy | AppendError::NoSpace | AppendError::TooLarge { .. }
        ))
    );
    if let (true, Some(SealedContent::File(name))) = (certainly_not, content) {
        app.discard(name);
    }
    committed.map(drop)
}

impl Evenhand {
    /// Removes a sealed file that nothing refers to any more. It is unreadable by itself; this saves space.
    pub(super) fn discard(&self, name: &str) {
        let removed = file_name(name).and_then(|name| Ok(self.files.remove(&name)?));
        if let Err(error) = removed {
            tracing::warn!(code = error.code(), "sealed file not removed");
        }
    }
}

fn known_vacancy(
    app: &Evenhand,
    sender: &Sender,
    reference: &Reference,
) -> Result<Option<Vacancy>, WorkflowError> {
    Ok(app.store.vacancy_by_reference(&sender.organisation, &sender.source, reference)?)
}

async fn replace_content(
    app: &Evenhand,
    sender: &Sender,
    view: ApplicationView,
    received: ApplicationReceived,
) -> Result<DeliveryAnswer, WorkflowError> {
    let replaced = content_of(app, &view);
    let ApplicationView { application, key, sealed_categories, .. } = view;
    let (organisation, candidate) = (&sender.organisation, &application.candidate);
    let before = open_categories(app, organisation, candidate, &key, &sealed_categories)?;
    let now = declared(app, &received.characteristics, Completeness::GivenOnly);
    let categories = seal_categories(app, organisation, candidate, &key, &merged(&before, &now))?;
    let answer =
        Accepted::now("application").application(&application.id).vacancy(&application.vacancy);
    let fact = Fact::ContentReplaced {
        content: seal_content(app, organisation, candidate, &key, &received.content)?,
        sealed_categories: ByteBuf::from(categories),
        receipt: sender.receipt(&answer),
        application: application.id,
    };
    commit_content(app, sender, &fact).await?;
    if let Ok(SealedContent::File(name)) = replaced {
        app.discard(&name);
    }
    Ok(answer.into())
}

/// What came before its application.
#[derive(Default)]
struct Earlier {
    holder: Option<(CandidateId, StoredKey)>,
    visits: Vec<StageVisit>,
    categories: Vec<ByteBuf>,
}

impl Earlier {
    fn read(
        app: &Evenhand,
        sender: &Sender,
        application: &Reference,
    ) -> Result<Self, WorkflowError> {
        let waiting = app.store.waiting(&sender.organisation, &sender.source, application)?;
        let Some(WaitingEvents { candidate, key, records, .. }) = waiting else {
            return Ok(Self::default());
        };
        let mut earlier = Self { holder: Some((candidate, key)), ..Self::default() };
        for position in records {
            let record = app.journal.read(position)?;
            if let Fact::EventWaits { event, .. } = app.codec.fact(&record)? {
                match event {
                    Waiting::Stage(visit) => earlier.visits.push(visit),
                    Waiting::Categories(sealed) => earlier.categories.push(sealed),
                }
            }
        }
        Ok(earlier)
    }
}

/// Seals content, in a file of its own when it is large.
fn seal_content(
    app: &Evenhand,
    organisation: &OrganisationId,
    candidate: &CandidateId,
    key: &StoredKey,
    content: &Content,
) -> Result<SealedContent, WorkflowError> {
    let holder = KeyHolder::Candidate(candidate.clone());
    let sealed = app.vault.seal_content(organisation, &holder, key, candidate.as_str(), content)?;
    if sealed.len() <= INLINE_BYTES {
        Ok(SealedContent::Inline(ByteBuf::from(sealed)))
    } else {
        Ok(SealedContent::File(app.files.put(&sealed)?.as_str().to_owned()))
    }
}

/// The sealed bytes of an application's content, from the record that brought it.
pub(super) fn sealed_content(
    app: &Evenhand,
    view: &ApplicationView,
) -> Result<Vec<u8>, WorkflowError> {
    match content_of(app, view)? {
        SealedContent::Inline(sealed) => Ok(sealed.into_vec()),
        SealedContent::File(name) => Ok(app.files.get(&file_name(&name)?)?),
    }
}

/// Where an application's content is.
pub(super) fn content_of(
    app: &Evenhand,
    view: &ApplicationView,
) -> Result<SealedContent, WorkflowError> {
    let record = app.journal.read(view.content)?;
    match app.codec.fact(&record)? {
        Fact::ApplicationReceived(arrival) => Ok(arrival.content),
        Fact::ContentReplaced { content, .. } => Ok(content),
        _ => Err(WorkflowError::Undecodable(record.kind.as_str().to_owned())),
    }
}

/// A name of a sealed file as a view holds it.
pub(super) fn file_name(name: &str) -> Result<FileName, WorkflowError> {
    name.parse().map_err(|_| WorkflowError::Undecodable("sealed file".to_owned()))
}

/// A pseudonym that nobody else in the vacancy has.
fn free_pseudonym(
    app: &Evenhand,
    organisation: &OrganisationId,
    vacancy: &Vacancy,
) -> Result<Pseudonym, WorkflowError> {
    loop {
        let pseudonym = vault::new_pseudonym()?;
        if !app.store.pseudonym_is_taken(organisation, &vacancy.id, pseudonym)? {
            return Ok(pseudonym);
        }
    }
}
