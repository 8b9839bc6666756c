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

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ::sled::{Db, IVec};
use serde::de::DeserializeOwned;

use super::{
    ApplicationView, Change, Job, OrganisationView, PackView, PackViews, Receipt, SourceView,
    Store, StoreError, UserView, WaitingEvents,
};
use crate::domain::{
    ApplicationId, OrganisationId, Pseudonym, Reference, SourceId, TallyCounts, TallyKey, UserId,
    Vacancy, VacancyId,
};
use changes::{Changes, Meta, joined_pieces};
pub use opening::{MovedAside, SledStore};

/// Entries are removed in steps of so many.
const CLEARED_AT_ONCE: usize = 1000;

/// What the open store consists of.
struct Views {
    db: Db,
    /// Held for reading by every read and for writing by every change, so that a read of several entries sees one
    /// moment.
    turn: RwLock<()>,
}

impl Views {
    fn reading(&self) -> RwLockReadGuard<'_, ()> {
        self.turn.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// One view.
    fn get<T: DeserializeOwned>(
        &self,
        view: &'static str,
        key: &[u8],
    ) -> Result<Option<T>, StoreError> {
        match self.db.get(key).map_err(failed)? {
            Some(value) => self.decode(view, key, &value).map(Some),
            None => Ok(None),
        }
    }

    /// The text that an index entry leads to.
    fn lookup(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.get(key).map_err(failed)?.map(|value| value.to_vec()))
    }

    /// Every view under a prefix, in order of key.
    fn scan<T: DeserializeOwned>(
        &self,
        view: &'static str,
        prefix: &[u8],
    ) -> Result<Vec<T>, StoreError> {
        let entries = self.db.scan_prefix(prefix);
        entries
            .map(|entry| {
                let (key, value) = entry.map_err(failed)?;
                self.decode(view, &key, &value)
            })
            .collect()
    }

    fn decode<T: DeserializeOwned>(
        &self,
        view: &'static str,
        key: &[u8],
        value: &IVec,
    ) -> Result<T, StoreError> {
        let whole = joined_pieces(view, key, value, |piece| self.lookup(piece))?;
        ciborium::from_reader(whole.as_slice()).map_err(|_| StoreError::Damaged { view })
    }

    fn apply(&self, reflected: u64, changes: Vec<Change>) -> Result<(), StoreError> {
        let _turn = self.writing();
        let mut pending = Changes::new(&self.db)?;
        for change in changes {
            pending.add(change)?;
        }
        self.db.apply_batch(pending.into_batch(reflected)?).map_err(failed)
    }

    /// The sum goes first: whatever interrupts the rest, the store is not taken for whole at the next start.
    fn clear(&self) -> Result<(), StoreError> {
        let _turn = self.writing();
        self.db.remove(keys::META).map_err(failed)?;
        loop {
            let mut batch = ::sled::Batch::default();
            let mut count = 0;
            for key in self.db.iter().keys().take(CLEARED_AT_ONCE) {
                batch.remove(key.map_err(failed)?);
                count += 1;
            }
            if count == 0 {
                break;
            }
            self.db.apply_batch(batch).map_err(failed)?;
        }
        let meta = Meta::EMPTY.encode();
        self.db.insert(keys::META, meta.as_slice()).map(drop).map_err(failed)
    }

    fn reflected(&self) -> Result<Option<u64>, StoreError> {
        Ok(Meta::read(&self.db)?.reflected)
    }

    fn vacancy(
        &self,
        organisation: &OrganisationId,
        id: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError> {
        self.get("vacancy", &keys::vacancy(organisation, id))
    }

    fn vacancy_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<Vacancy>, StoreError> {
        match self.lookup(&keys::vacancy_reference(organisation, source, reference))? {
            Some(id) => self.vacancy(organisation, &keys::id("vacancy reference", &id)?),
            None => Ok(None),
        }
    }

    fn application(
        &self,
        organisation: &OrganisationId,
        id: &ApplicationId,
    ) -> Result<Option<ApplicationView>, StoreError> {
        match self.lookup(&keys::application_place(organisation, id))? {
            Some(vacancy) => {
                let vacancy = keys::id("application place", &vacancy)?;
                self.get("application", &keys::application(organisation, &vacancy, id))
            }
            None => Ok(None),
        }
    }

    fn application_by_reference(
        &self,
        organisation: &OrganisationId,
        source: &SourceId,
        reference: &Reference,
    ) -> Result<Option<ApplicationView>, StoreError> {
        match self.lookup(&keys::application_reference(organisation, source, reference))? {
            Some(id) => self.application(organisation, &keys::id("application reference", &id)?),
            None => Ok(None),
        }
    }

    fn applications(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<ApplicationView>, StoreError> {
        self.scan("application", &keys::applications(organisation, vacancy))
    }

    fn user_by_token(&self, token_sha256: &[u8; 32]) -> Result<Option<UserView>, StoreError> {
        let Some(holder) = self.lookup(&keys::token(token_sha256))? else { return Ok(None) };
        let (organisation, user) = keys::pair("token", &holder)?;
        self.get("user", &keys::user(&organisation, &user))
    }

    fn sources(&self, organisation: &OrganisationId) -> Result<Vec<SourceView>, StoreError> {
        let mut sources = Vec::new();
        for entry in self.db.scan_prefix(keys::sources_of(organisation)) {
            let (_, id) = entry.map_err(failed)?;
            let id = keys::id("source of an organisation", &id)?;
            sources.extend(self.get("source", &keys::source(&id))?);
        }
        Ok(sources)
    }

    fn tallies(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
    ) -> Result<Vec<(TallyKey, TallyCounts)>, StoreError> {
        let cells: Vec<(TallyKey, TallyCounts)> =
            self.scan("tally", &keys::tallies(organisation, vacancy))?;
        Ok(cells.into_iter().filter(|(_, counts)| !counts.is_zero()).collect())
    }

    fn jobs(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        let entries = self.db.scan_prefix(keys::JOBS).take(most);
        entries
            .map(|entry| {
                let (key, value) = entry.map_err(failed)?;
                self.decode("job", &key, &value)
            })
            .collect()
    }
}

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

    fn tallies(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
    ) -> Result<Vec<(TallyKey, TallyCounts)>, StoreError> {
        let _turn = self.views().reading();
        self.views().tallies(organisation, vacancy)
    }

    fn jobs(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        let _turn = self.views().reading();
        self.views().jobs(most)
    }
}
