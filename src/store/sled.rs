//! Views in sled, the embedded backend. The only module that names sled. It holds nothing that the journal could not
//! make again, and is written with that in mind: it is never trusted further than its own checksum.
//!
//! What is done because of how sled 0.34 behaves:
//! - No value over 4 KB, since larger ones can leave a database that does not open after a power cut. Longer views are
//!   cut into pieces ([`changes`]).
//! - Every batch carries how far the views reflect the journal, and a sum over all entries. [`opening`] recomputes that
//!   sum, so that views which sled has lost or damaged without noticing are rebuilt and never read.
//! - It is opened where a panic is caught, and what does not open is moved aside.
//! - `flush_async` is never called (it deadlocks), and background flushing stays on.

mod changes;
mod keys;
mod opening;
mod reading;
mod tallies;

use super::{
    ApplicationView, Change, Job, OrganisationView, PackView, PackViews, Receipt, SourceView,
    Store, StoreError, UserView, WaitingEvents,
};
use crate::domain::{
    ApplicationId, OrganisationId, Pseudonym, Reference, SourceId, TallyCounts, TallyPlace, UserId,
    Vacancy, VacancyId,
};
pub use opening::{MovedAside, SledStore};

fn failed(error: ::sled::Error) -> StoreError {
    StoreError::Backend(error.to_string())
}

impl PackViews for SledStore {
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
        let applications = self.applications(organisation, vacancy)?;
        let mut packs: Vec<_> = applications.iter().filter_map(ApplicationView::pack).collect();
        packs.sort_by_key(|pack| pack.pseudonym);
        Ok(packs)
    }
}

impl Store for SledStore {
    fn reflected(&self) -> Result<Option<u64>, StoreError> {
        self.views().reflected()
    }

    fn apply(&self, reflected: u64, changes: Vec<Change>) -> Result<(), StoreError> {
        self.views().apply(reflected, changes)
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.views().clear()
    }

    fn organisation(&self, id: &OrganisationId) -> Result<Option<OrganisationView>, StoreError> {
        let _turn = self.views().reading();
        self.views().get("organisation", &keys::organisation(id))
    }

    fn organisations(&self) -> Result<Vec<OrganisationView>, StoreError> {
        let _turn = self.views().reading();
        self.views().scan("organisation", keys::ORGANISATIONS)
    }

    fn source(&self, id: &SourceId) -> Result<Option<SourceView>, StoreError> {
        let _turn = self.views().reading();
        self.views().get("source", &keys::source(id))
    }

    fn sources(&self, organisation: &OrganisationId) -> Result<Vec<SourceView>, StoreError> {
        let _turn = self.views().reading();
        self.views().sources(organisation)
    }

    fn user(
        &self,
        organisation: &OrganisationId,
        id: &UserId,
    ) -> Result<Option<UserView>, StoreError> {
        let _turn = self.views().reading();
        self.views().get("user", &keys::user(organisation, id))
    }

    fn users(&self, organisation: &OrganisationId) -> Result<Vec<UserView>, StoreError> {
        let _turn = self.views().reading();
        self.views().scan("user", &keys::users(organisation))
    }

    fn user_by_token(&self, token_sha256: &[u8; 32]) -> Result<Option<UserView>, StoreError> {
        let _turn = self.views().reading();
        self.views().user_by_token(token_sha256)
    }

    fn vacancy(
        &self,
        organisation: &OrganisationId,
        id: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError> {
        let _turn = self.views().reading();
        self.views().vacancy(organisation, id)
    }

    fn vacancies(&self, organisation: &OrganisationId) -> Result<Vec<Vacancy>, StoreError> {
        let _turn = self.views().reading();
        self.views().scan("vacancy", &keys::vacancies(organisation))
    }

    fn vacancy_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<Vacancy>, StoreError> {
        let _turn = self.views().reading();
        self.views().vacancy_by_reference(organisation, source, reference)
    }

    fn application(
        &self,
        organisation: &OrganisationId,
        id: &ApplicationId,
    ) -> Result<Option<ApplicationView>, StoreError> {
        let _turn = self.views().reading();
        self.views().application(organisation, id)
    }

    fn applications(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<ApplicationView>, StoreError> {
        let _turn = self.views().reading();
        self.views().applications(organisation, vacancy)
    }

    fn application_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<ApplicationView>, StoreError> {
        let _turn = self.views().reading();
        self.views().application_by_reference(organisation, source, reference)
    }

    fn pseudonym_is_taken(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
        pseudonym: Pseudonym,
    ) -> Result<bool, StoreError> {
        let _turn = self.views().reading();
        let taken = self.views().lookup(&keys::pseudonym(organisation, vacancy, pseudonym))?;
        Ok(taken.is_some())
    }

    fn receipt(&self, source: &SourceId, delivery: &str) -> Result<Option<Receipt>, StoreError> {
        let _turn = self.views().reading();
        self.views().get("receipt", &keys::receipt(source, delivery))
    }

    fn waiting(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        application: &Reference,
    ) -> Result<Option<WaitingEvents>, StoreError> {
        let _turn = self.views().reading();
        self.views().get("waiting", &keys::waiting(organisation, source, application))
    }

    fn all_waiting(&self, organisation: &OrganisationId) -> Result<Vec<WaitingEvents>, StoreError> {
        let _turn = self.views().reading();
        self.views().scan("waiting", &keys::all_waiting(organisation))
    }

    fn each_tally(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
        cell: &mut dyn FnMut(TallyPlace<'_>, TallyCounts),
    ) -> Result<(), StoreError> {
        let _turn = self.views().reading();
        self.views().each_tally(organisation, vacancy, cell)
    }

    fn jobs(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        let _turn = self.views().reading();
        self.views().jobs(most)
    }
}
