//! Views in memory, for tests and for programs that end with their process. The plainest reading of the trait: the
//! other backends are compared with it. Writes nothing anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{
    ApplicationView, Change, Job, OrganisationView, PackView, PackViews, Receipt, SourceView,
    Store, StoreError, UserView, WaitingEvents,
};
use crate::domain::{
    ApplicationId, OrganisationId, Pseudonym, Reference, SourceId, TallyCounts, TallyKey,
    TallyPlace, UserId, Vacancy, VacancyId,
};

/// Views in memory.
#[derive(Default)]
pub struct MemoryStore {
    views: RwLock<Views>,
}

/// A name that a source gave, within an organisation.
type Named = (OrganisationId, SourceId, Reference);

#[derive(Default)]
struct Views {
    reflected: Option<u64>,
    organisations: BTreeMap<OrganisationId, OrganisationView>,
    sources: BTreeMap<SourceId, SourceView>,
    users: BTreeMap<(OrganisationId, UserId), UserView>,
    tokens: BTreeMap<[u8; 32], (OrganisationId, UserId)>,
    vacancies: BTreeMap<(OrganisationId, VacancyId), Vacancy>,
    vacancy_names: BTreeMap<Named, VacancyId>,
    applications: BTreeMap<(OrganisationId, ApplicationId), ApplicationView>,
    application_names: BTreeMap<Named, ApplicationId>,
    of_vacancy: BTreeMap<(OrganisationId, VacancyId), BTreeSet<ApplicationId>>,
    pseudonyms: BTreeMap<(OrganisationId, VacancyId, Pseudonym), ApplicationId>,
    receipts: BTreeMap<(SourceId, String), Receipt>,
    waiting: BTreeMap<Named, WaitingEvents>,
    tallies: BTreeMap<(OrganisationId, TallyKey), TallyCounts>,
    jobs: BTreeSet<Job>,
}

impl MemoryStore {
    /// No views yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Views> {
        self.views.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Views> {
        self.views.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Views {
    fn change(&mut self, change: Change) {
        match change {
            Change::Organisation(view) => {
                self.organisations.insert(view.id.clone(), view);
            }
            Change::Source(view) => {
                self.sources.insert(view.id.clone(), view);
            }
            Change::User(view) => self.put_user(view),
            Change::Vacancy(vacancy) => self.put_vacancy(vacancy),
            Change::Application(view) => self.put_application(*view),
            Change::Receipt(receipt) => {
                self.receipts.insert((receipt.source.clone(), receipt.delivery.clone()), receipt);
            }
            Change::Waiting(events) => {
                let name = (
                    events.organisation.clone(),
                    events.source.clone(),
                    events.application.clone(),
                );
                self.waiting.insert(name, events);
            }
            Change::WaitingOver(organisation, source, application) => {
                self.waiting.remove(&(organisation, source, application));
            }
            Change::Tally(organisation, key, counts) => {
                *self.tallies.entry((organisation, key)).or_default() += counts;
            }
            Change::Job(job) => {
                self.jobs.insert(job);
            }
            Change::JobDone(job) => {
                self.jobs.remove(&job);
            }
        }
    }

    fn put_user(&mut self, view: UserView) {
        let key = (view.organisation.clone(), view.id.clone());
        let before = self.users.get(&key).and_then(|before| before.token_sha256);
        if let Some(token) = before {
            remove_if(&mut self.tokens, &token, &key);
        }
        if let Some(token) = view.token_sha256 {
            self.tokens.insert(token, key.clone());
        }
        self.users.insert(key, view);
    }

    fn put_vacancy(&mut self, vacancy: Vacancy) {
        let key = (vacancy.organisation.clone(), vacancy.id.clone());
        if let Some(before) = self.vacancies.get(&key) {
            remove_if(&mut self.vacancy_names, &name_of_vacancy(before), &vacancy.id);
        }
        self.vacancy_names.insert(name_of_vacancy(&vacancy), vacancy.id.clone());
        self.vacancies.insert(key, vacancy);
    }

    fn put_application(&mut self, view: ApplicationView) {
        let application = &view.application;
        let key = (application.organisation.clone(), application.id.clone());
        if let Some(before) = self.applications.get(&key).map(|before| &before.application) {
            let vacancy = (before.organisation.clone(), before.vacancy.clone());
            let named =
                (before.organisation.clone(), before.source.clone(), before.reference.clone());
            let known = (before.organisation.clone(), before.vacancy.clone(), before.pseudonym);
            if let Some(applications) = self.of_vacancy.get_mut(&vacancy) {
                applications.remove(&key.1);
            }
            remove_if(&mut self.application_names, &named, &key.1);
            remove_if(&mut self.pseudonyms, &known, &key.1);
        }
        let organisation = &application.organisation;
        self.of_vacancy
            .entry((organisation.clone(), application.vacancy.clone()))
            .or_default()
            .insert(application.id.clone());
        self.application_names.insert(
            (organisation.clone(), application.source.clone(), application.reference.clone()),
            application.id.clone(),
        );
        self.pseudonyms.insert(
            (organisation.clone(), application.vacancy.clone(), application.pseudonym),
            application.id.clone(),
        );
        self.applications.insert(key, view);
    }

    fn applications_of<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        vacancy: &VacancyId,
    ) -> impl Iterator<Item = &'a ApplicationView> {
        self.of_vacancy
            .get(&(organisation.clone(), vacancy.clone()))
            .into_iter()
            .flatten()
            .filter_map(|id| self.applications.get(&(organisation.clone(), id.clone())))
    }
}

/// Takes an index entry away, unless it has come to lead to something else.
fn remove_if<K: Ord, V: PartialEq>(index: &mut BTreeMap<K, V>, key: &K, leads_to: &V) {
    if index.get(key) == Some(leads_to) {
        index.remove(key);
    }
}

fn name_of_vacancy(vacancy: &Vacancy) -> Named {
    (vacancy.organisation.clone(), vacancy.source.clone(), vacancy.reference.clone())
}

impl PackViews for MemoryStore {
    fn pack_vacancy(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError> {
        self.vacancy(organisation, vacancy)
    }

    fn packs(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<PackView>, StoreError> {
        let views = self.read();
        let mut packs: Vec<_> = views
            .applications_of(organisation, vacancy)
            .filter_map(ApplicationView::pack)
            .collect();
        packs.sort_by_key(|pack| pack.pseudonym);
        Ok(packs)
    }
}

impl Store for MemoryStore {
    fn reflected(&self) -> Result<Option<u64>, StoreError> {
        Ok(self.read().reflected)
    }

    fn apply(&self, reflected: u64, changes: Vec<Change>) -> Result<(), StoreError> {
        let mut views = self.write();
        for change in changes {
            views.change(change);
        }
        views.reflected = Some(reflected);
        Ok(())
    }

    fn clear(&self) -> Result<(), StoreError> {
        *self.write() = Views::default();
        Ok(())
    }

    fn organisation(&self, id: &OrganisationId) -> Result<Option<OrganisationView>, StoreError> {
        Ok(self.read().organisations.get(id).cloned())
    }

    fn organisations(&self) -> Result<Vec<OrganisationView>, StoreError> {
        Ok(self.read().organisations.values().cloned().collect())
    }

    fn source(&self, id: &SourceId) -> Result<Option<SourceView>, StoreError> {
        Ok(self.read().sources.get(id).cloned())
    }

    fn sources(&self, organisation: &OrganisationId) -> Result<Vec<SourceView>, StoreError> {
        let views = self.read();
        let of_organisation = views.sources.values().filter(|s| s.organisation == *organisation);
        Ok(of_organisation.cloned().collect())
    }

    fn user(
        &self,
        organisation: &OrganisationId,
        id: &UserId,
    ) -> Result<Option<UserView>, StoreError> {
        Ok(self.read().users.get(&(organisation.clone(), id.clone())).cloned())
    }

    fn users(&self, organisation: &OrganisationId) -> Result<Vec<UserView>, StoreError> {
        let views = self.read();
        Ok(views.users.values().filter(|u| u.organisation == *organisation).cloned().collect())
    }

    fn user_by_token(&self, token_sha256: &[u8; 32]) -> Result<Option<UserView>, StoreError> {
        let views = self.read();
        Ok(views.tokens.get(token_sha256).and_then(|key| views.users.get(key)).cloned())
    }

    fn vacancy(
        &self,
        organisation: &OrganisationId,
        id: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError> {
        Ok(self.read().vacancies.get(&(organisation.clone(), id.clone())).cloned())
    }

    fn vacancies(&self, organisation: &OrganisationId) -> Result<Vec<Vacancy>, StoreError> {
        let views = self.read();
        Ok(views.vacancies.values().filter(|v| v.organisation == *organisation).cloned().collect())
    }

    fn vacancy_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<Vacancy>, StoreError> {
        let views = self.read();
        let name = (organisation.clone(), source.clone(), reference.clone());
        let id = views.vacancy_names.get(&name);
        Ok(id.and_then(|id| views.vacancies.get(&(name.0.clone(), id.clone()))).cloned())
    }

    fn application(
        &self,
        organisation: &OrganisationId,
        id: &ApplicationId,
    ) -> Result<Option<ApplicationView>, StoreError> {
        Ok(self.read().applications.get(&(organisation.clone(), id.clone())).cloned())
    }

    fn applications(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<ApplicationView>, StoreError> {
        Ok(self.read().applications_of(organisation, vacancy).cloned().collect())
    }

    fn application_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<ApplicationView>, StoreError> {
        let views = self.read();
        let name = (organisation.clone(), source.clone(), reference.clone());
        let id = views.application_names.get(&name);
        Ok(id.and_then(|id| views.applications.get(&(name.0.clone(), id.clone()))).cloned())
    }

    fn pseudonym_is_taken(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
        pseudonym: Pseudonym,
    ) -> Result<bool, StoreError> {
        let known = (organisation.clone(), vacancy.clone(), pseudonym);
        Ok(self.read().pseudonyms.contains_key(&known))
    }

    fn receipt(&self, source: &SourceId, delivery: &str) -> Result<Option<Receipt>, StoreError> {
        Ok(self.read().receipts.get(&(source.clone(), delivery.to_owned())).cloned())
    }

    fn waiting(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        application: &Reference,
    ) -> Result<Option<WaitingEvents>, StoreError> {
        let name = (organisation.clone(), source.clone(), application.clone());
        Ok(self.read().waiting.get(&name).cloned())
    }

    fn all_waiting(&self, organisation: &OrganisationId) -> Result<Vec<WaitingEvents>, StoreError> {
        let views = self.read();
        let own = views.waiting.values().filter(|waiting| waiting.organisation == *organisation);
        Ok(own.cloned().collect())
    }

    fn each_tally(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
        cell: &mut dyn FnMut(TallyPlace<'_>, TallyCounts),
    ) -> Result<(), StoreError> {
        let views = self.read();
        let cells = views.tallies.iter().filter(|((of, key), counts)| {
            of == organisation
                && vacancy.is_none_or(|vacancy| key.vacancy == *vacancy)
                && !counts.is_zero()
        });
        for ((_, key), counts) in cells {
            cell(key.place(), *counts);
        }
        Ok(())
    }

    fn jobs(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        Ok(self.read().jobs.iter().take(most).cloned().collect())
    }
}
