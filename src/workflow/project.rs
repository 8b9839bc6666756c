//! What follows from a fact: the changes it makes to the views. The same code runs when a record is committed,
//! when the program catches up after a crash, and when the views are rebuilt from nothing.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::Notify;

use super::cells::cells_of;
use super::error::WorkflowError;
use super::fact::{Arrival, Fact, FactCodec, key_version};
use crate::domain::{
    Application, ApplicationId, ApplicationStatus, OrganisationId, PackState, StageSet, Vacancy,
};
use crate::journal::{ProjectionError, Projector, Record};
use crate::store::{ApplicationView, Change, Job, OrganisationView, Receipt, Store, WaitingEvents};
use crate::vault::Vault;

/// Keeps the views in step with the journal.
pub(super) struct ViewProjector {
    pub(super) codec: Arc<FactCodec>,
    pub(super) vault: Arc<Vault>,
    pub(super) store: Arc<dyn Store>,
    pub(super) stages: StageSet,
    /// Rung when there is work for the worker.
    pub(super) work: Arc<Notify>,
}

impl Projector for ViewProjector {
    fn project(&mut self, records: &[Record]) -> Result<(), ProjectionError> {
        self.apply(records).map_err(|error| ProjectionError(error.to_string()))
    }
}

/// Changes that are not applied yet, and the applications that they touch. A record that needs one of those waits
/// until the changes before it are applied.
#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    touched: HashSet<ApplicationId>,
    reflected: u64,
}

impl ViewProjector {
    /// Applies the records in order.
    pub(super) fn apply(&self, records: &[Record]) -> Result<(), WorkflowError> {
        let mut batch = Batch::default();
        for record in records {
            let fact = self.codec.fact(record)?;
            let alone = stands_alone(&fact);
            let application = application_of(&fact).cloned();
            if alone || application.as_ref().is_some_and(|id| batch.touched.contains(id)) {
                self.flush(&mut batch)?;
            }
            batch.touched.extend(application);
            self.project_one(record, fact, &mut batch.changes)?;
            batch.reflected = record.position.sequence;
            if alone {
                self.flush(&mut batch)?;
            }
        }
        self.flush(&mut batch)
    }

    fn flush(&self, batch: &mut Batch) -> Result<(), WorkflowError> {
        let done = std::mem::take(batch);
        if done.reflected == 0 {
            return Ok(());
        }
        let work = done.changes.iter().any(|change| matches!(change, Change::Job(_)));
        self.store.apply(done.reflected, done.changes)?;
        if work {
            self.work.notify_one();
        }
        Ok(())
    }

    fn project_one(
        &self,
        record: &Record,
        fact: Fact,
        changes: &mut Vec<Change>,
    ) -> Result<(), WorkflowError> {
        let organisation = &record.organisation;
        match fact {
            Fact::OrganisationCreated { name, minimum_cell } => {
                let key = self.codec.key(organisation)?;
                changes.push(Change::Organisation(OrganisationView {
                    id: organisation.clone(),
                    name,
                    minimum_cell,
                    key_version: key.version,
                    key,
                    created_at: record.at,
                }));
            }
            Fact::SourceSaved(source) => changes.push(Change::Source(source)),
            Fact::UserSaved(user) => changes.push(Change::User(user)),
            Fact::VacancySaved { vacancy, receipt } => {
                self.retally_vacancy(&vacancy, changes)?;
                changes.push(Change::Vacancy(vacancy));
                remember(receipt, changes);
            }
            Fact::ApplicationReceived(arrival) => {
                let Arrival {
                    id,
                    candidate,
                    key,
                    vacancy,
                    new_vacancy,
                    pseudonym,
                    source,
                    reference,
                    received_at,
                    content: _,
                    sealed_categories,
                    stage,
                    visits,
                    receipt,
                    pack,
                } = *arrival;
                changes.push(Change::WaitingOver(
                    organisation.clone(),
                    source.clone(),
                    reference.clone(),
                ));
                let view = ApplicationView {
                    application: Application {
                        id: id.clone(),
                        organisation: organisation.clone(),
                        vacancy: vacancy.clone(),
                        candidate,
                        pseudonym,
                        source,
                        reference,
                        received_at,
                        stage,
                        visits,
                        status: ApplicationStatus::Held,
                        pack: pack.unwrap_or(PackState::Pending),
                    },
                    key,
                    content: record.position,
                    sealed_categories: sealed_categories.into_vec(),
                };
                let place = match &new_vacancy {
                    Some(vacancy) => vacancy.clone(),
                    None => self.vacancy(organisation, &view.application)?,
                };
                changes.extend(new_vacancy.map(Change::Vacancy));
                let is_pending = view.application.pack == PackState::Pending;
                self.put_application(None, view, &place, changes)?;
                changes.extend(is_pending.then(|| job(record, id)));
                remember(receipt, changes);
            }
            Fact::ContentReplaced { application, content: _, sealed_categories, receipt } => {
                let old = self.application(organisation, &application)?;
                let mut new = old.clone();
                new.content = record.position;
                new.application.pack = PackState::Pending;
                self.replace_categories(&old, &mut new, sealed_categories.into_vec());
                let vacancy = self.vacancy(organisation, &new.application)?;
                self.put_application(Some(&old), new, &vacancy, changes)?;
                changes.push(job(record, application));
                changes.push(Change::Receipt(receipt));
            }
            Fact::EventWaits { source, reference, candidate, key, event: _, earlier, receipt } => {
                let mut records = earlier;
                records.push(record.position);
                changes.push(Change::Waiting(WaitingEvents {
                    organisation: organisation.clone(),
                    source,
                    application: reference,
                    candidate,
                    key,
                    records,
                }));
                changes.push(Change::Receipt(receipt));
            }
            Fact::StageChanged { application, visits, receipt } => {
                let old = self.application(organisation, &application)?;
                let mut new = old.clone();
                if let Some(last) = visits.last() {
                    new.application.stage = last.stage.clone();
                }
                new.application.visits = visits;
                let vacancy = self.vacancy(organisation, &new.application)?;
                self.put_application(Some(&old), new, &vacancy, changes)?;
                remember(receipt, changes);
            }
            Fact::CharacteristicsReceived { application, sealed_categories, receipt } => {
                let old = self.application(organisation, &application)?;
                let mut new = old.clone();
                self.replace_categories(&old, &mut new, sealed_categories.into_vec());
                let vacancy = self.vacancy(organisation, &new.application)?;
                self.put_application(Some(&old), new, &vacancy, changes)?;
                remember(receipt, changes);
            }
            Fact::CountsImported { vacancy: _, cells } => {
                let cells = cells.into_iter();
                changes.extend(
                    cells.map(|(key, counts)| Change::Tally(organisation.clone(), key, counts)),
                );
            }
            Fact::DeliveryRepeated { receipt } => changes.push(Change::Receipt(receipt)),
            Fact::RedactionRequested { application } => {
                let mut view = self.application(organisation, &application)?;
                view.application.pack = PackState::Pending;
                changes.push(Change::Application(Box::new(view)));
                changes.push(job(record, application));
            }
            Fact::Redacted { application, job, pack } => {
                let mut view = self.application(organisation, &application)?;
                // A pack made from content that was replaced meanwhile is of no use; the next job makes another.
                let is_current = job >= view.content.sequence;
                if view.application.status == ApplicationStatus::Held && is_current {
                    view.application.pack = pack;
                    changes.push(Change::Application(Box::new(view)));
                }
                let organisation = organisation.clone();
                changes.push(Change::JobDone(Job { sequence: job, organisation, application }));
            }
            Fact::IdentityDisclosed { .. } => {}
            Fact::KeysRotated => self.note_key_version(record, changes)?,
            Fact::CandidateErased { application, reason: _, residue } => {
                self.note_key_version(record, changes)?;
                let mut view = self.application(organisation, &application)?;
                // A rebuild cannot open what the person declared any more, so the counts come from the record.
                if view.sealed_categories.is_empty() {
                    changes.extend(
                        residue
                            .into_iter()
                            .map(|(key, counts)| Change::Tally(organisation.clone(), key, counts)),
                    );
                }
                view.sealed_categories.clear();
                view.application.status = ApplicationStatus::Erased;
                view.application.pack = PackState::Withheld { reasons: Vec::new() };
                changes.push(Change::Application(Box::new(view)));
            }
        }
        Ok(())
    }

    /// Remembers which key version a record made current, so that the next start need not search the journal.
    fn note_key_version(
        &self,
        record: &Record,
        changes: &mut Vec<Change>,
    ) -> Result<(), WorkflowError> {
        let view = self.store.organisation(&record.organisation)?;
        let mut view = view.ok_or(WorkflowError::UnknownOrganisation)?;
        view.key_version = key_version(record).unwrap_or(view.key_version);
        changes.push(Change::Organisation(view));
        Ok(())
    }

    fn application(
        &self,
        organisation: &OrganisationId,
        id: &ApplicationId,
    ) -> Result<ApplicationView, WorkflowError> {
        self.store.application(organisation, id)?.ok_or(WorkflowError::UnknownApplication)
    }

    fn vacancy(
        &self,
        organisation: &OrganisationId,
        application: &Application,
    ) -> Result<Vacancy, WorkflowError> {
        let found = self.store.vacancy(organisation, &application.vacancy)?;
        found.ok_or(WorkflowError::UnknownVacancy)
    }

    /// Takes new categories over, unless the old ones cannot be opened any more: then the person is erased further
    /// along the journal, and is counted there.
    fn replace_categories(
        &self,
        old: &ApplicationView,
        new: &mut ApplicationView,
        sealed: Vec<u8>,
    ) {
        if !old.sealed_categories.is_empty() {
            new.sealed_categories = sealed;
        }
    }

    /// Writes an application and moves its counts from where they were to where they belong.
    fn put_application(
        &self,
        old: Option<&ApplicationView>,
        mut new: ApplicationView,
        vacancy: &Vacancy,
        changes: &mut Vec<Change>,
    ) -> Result<(), WorkflowError> {
        if let Some(old) = old {
            self.tally(old, vacancy, Sign::Minus, changes)?;
        }
        if !self.tally(&new, vacancy, Sign::Plus, changes)? {
            new.sealed_categories.clear();
        }
        changes.push(Change::Application(Box::new(new)));
        Ok(())
    }

    /// Counts an application in or out. Answers false when its categories cannot be opened any more.
    fn tally(
        &self,
        view: &ApplicationView,
        vacancy: &Vacancy,
        sign: Sign,
        changes: &mut Vec<Change>,
    ) -> Result<bool, WorkflowError> {
        let Some(cells) = cells_of(&self.vault, view, vacancy, &self.stages)? else {
            return Ok(false);
        };
        let organisation = &view.application.organisation;
        for (key, counts) in cells {
            let counts = if sign == Sign::Minus { -counts } else { counts };
            changes.push(Change::Tally(organisation.clone(), key, counts));
        }
        Ok(true)
    }

    /// When a vacancy's stages change, everybody who applied for it is counted anew.
    fn retally_vacancy(
        &self,
        new: &Vacancy,
        changes: &mut Vec<Change>,
    ) -> Result<(), WorkflowError> {
        let Some(old) = self.store.vacancy(&new.organisation, &new.id)? else {
            return Ok(());
        };
        if old.stages == new.stages {
            return Ok(());
        }
        for view in self.store.applications(&new.organisation, &new.id)? {
            self.tally(&view, &old, Sign::Minus, changes)?;
            self.tally(&view, new, Sign::Plus, changes)?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

/// Whether later records may depend on what this one changes beyond a single application: on an organisation, or on
/// the vacancy of many applications.
fn stands_alone(fact: &Fact) -> bool {
    match fact {
        Fact::OrganisationCreated { .. }
        | Fact::KeysRotated
        | Fact::CandidateErased { .. }
        | Fact::VacancySaved { .. } => true,
        Fact::ApplicationReceived(arrival) => arrival.new_vacancy.is_some(),
        _ => false,
    }
}

/// The application whose view a fact changes.
fn application_of(fact: &Fact) -> Option<&ApplicationId> {
    match fact {
        Fact::ApplicationReceived(arrival) => Some(&arrival.id),
        Fact::ContentReplaced { application, .. }
        | Fact::StageChanged { application, .. }
        | Fact::CharacteristicsReceived { application, .. }
        | Fact::RedactionRequested { application }
        | Fact::Redacted { application, .. }
        | Fact::CandidateErased { application, .. } => Some(application),
        Fact::OrganisationCreated { .. }
        | Fact::SourceSaved(_)
        | Fact::UserSaved(_)
        | Fact::VacancySaved { .. }
        | Fact::EventWaits { .. }
        | Fact::CountsImported { .. }
        | Fact::DeliveryRepeated { .. }
        | Fact::IdentityDisclosed { .. }
        | Fact::KeysRotated => None,
    }
}

fn job(record: &Record, application: ApplicationId) -> Change {
    Change::Job(Job {
        sequence: record.position.sequence,
        organisation: record.organisation.clone(),
        application,
    })
}

fn remember(receipt: Option<Receipt>, changes: &mut Vec<Change>) {
    changes.extend(receipt.map(Change::Receipt));
}
