//! The open database: reads views from it, and hands changes to it. Reads take no turn by themselves, since some are made
//! of others; the store takes one around each.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ::sled::{Db, IVec};
use serde::de::DeserializeOwned;

use super::changes::{Changes, Meta, joined_pieces};
use super::{failed, keys, tallies};
use crate::domain::{
    ApplicationId, CharacteristicId, OrganisationId, Reference, SourceId, TallyCounts, TallyPlace,
    Vacancy, VacancyId,
};
use crate::store::{ApplicationView, Change, Job, SourceView, StoreError, UserView};

/// Entries are removed in steps of so many.
const CLEARED_AT_ONCE: usize = 1000;

/// What the open store consists of.
pub(super) struct Views {
    pub db: Db,
    /// Held by whoever changes views: there is one at a time.
    pub change: Mutex<()>,
    /// Held for reading by every read, and for writing while a batch is put in, so that a read of several entries
    /// sees one moment. A batch is made before it is taken, so that readers wait as little as possible.
    pub turn: RwLock<()>,
}

impl Views {
    pub(super) fn reading(&self) -> RwLockReadGuard<'_, ()> {
        self.turn.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.change.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn writing(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// One view.
    pub(super) fn get<T: DeserializeOwned>(
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
    pub(super) fn lookup(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.get(key).map_err(failed)?.map(|value| value.to_vec()))
    }

    /// Every view under a prefix, in order of key.
    pub(super) fn scan<T: DeserializeOwned>(
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

    pub(super) fn decode<T: DeserializeOwned>(
        &self,
        view: &'static str,
        key: &[u8],
        value: &IVec,
    ) -> Result<T, StoreError> {
        let whole = joined_pieces(view, key, value, |piece| self.lookup(piece))?;
        ciborium::from_reader(whole.as_slice()).map_err(|_| StoreError::Damaged { view })
    }

    pub(super) fn apply(&self, reflected: u64, changes: Vec<Change>) -> Result<(), StoreError> {
        let _change = self.changing();
        let mut pending = Changes::new(&self.db)?;
        for change in changes {
            pending.add(change)?;
        }
        let batch = pending.into_batch(reflected)?;
        let _turn = self.writing();
        self.db.apply_batch(batch).map_err(failed)
    }

    /// The sum goes first: whatever interrupts the rest, the store is not taken for whole at the next start.
    pub(super) fn clear(&self) -> Result<(), StoreError> {
        let _change = self.changing();
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

    pub(super) fn reflected(&self) -> Result<Option<u64>, StoreError> {
        Ok(Meta::read(&self.db)?.reflected)
    }

    pub(super) fn vacancy(
        &self,
        organisation: &OrganisationId,
        id: &VacancyId,
    ) -> Result<Option<Vacancy>, StoreError> {
        self.get("vacancy", &keys::vacancy(organisation, id))
    }

    pub(super) fn vacancy_by_reference(
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

    pub(super) fn application(
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

    pub(super) fn application_by_reference(
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

    pub(super) fn applications(
        &self,
        organisation: &OrganisationId,
        vacancy: &VacancyId,
    ) -> Result<Vec<ApplicationView>, StoreError> {
        self.scan("application", &keys::applications(organisation, vacancy))
    }

    pub(super) fn user_by_token(
        &self,
        token_sha256: &[u8; 32],
    ) -> Result<Option<UserView>, StoreError> {
        let Some(holder) = self.lookup(&keys::token(token_sha256))? else { return Ok(None) };
        let (organisation, user) = keys::pair("token", &holder)?;
        self.get("user", &keys::user(&organisation, &user))
    }

    pub(super) fn sources(
        &self,
        organisation: &OrganisationId,
    ) -> Result<Vec<SourceView>, StoreError> {
        let mut sources = Vec::new();
        for entry in self.db.scan_prefix(keys::sources_of(organisation)) {
            let (_, id) = entry.map_err(failed)?;
            let id = keys::id("source of an organisation", &id)?;
            sources.extend(self.get("source", &keys::source(&id))?);
        }
        Ok(sources)
    }

    pub(super) fn each_tally(
        &self,
        organisation: &OrganisationId,
        vacancy: Option<&VacancyId>,
        cell: &mut dyn FnMut(TallyPlace<'_>, TallyCounts),
    ) -> Result<(), StoreError> {
        let mut names: HashMap<CharacteristicId, tallies::Names> = HashMap::new();
        for entry in self.db.scan_prefix(keys::tallies(organisation, vacancy)) {
            let (key, value) = entry.map_err(failed)?;
            let (vacancy, characteristic) = keys::tally_parts(&key)?;
            let names = names.entry(characteristic.clone()).or_default();
            let (vacancy, characteristic) = (&vacancy, &characteristic);
            let whole = joined_pieces("tally", &key, &value, |piece| self.lookup(piece))?;
            names.read(&whole, |category, stage, counts| {
                cell(TallyPlace { vacancy, characteristic, category, stage }, counts);
            })?;
        }
        Ok(())
    }

    pub(super) fn jobs(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        let entries = self.db.scan_prefix(keys::JOBS).take(most);
        entries
            .map(|entry| {
                let (key, value) = entry.map_err(failed)?;
                self.decode("job", &key, &value)
            })
            .collect()
    }
}
