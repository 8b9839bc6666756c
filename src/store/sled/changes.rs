//! Turns changes into one batch of entries, keeps indexes and tallies in step, and keeps the sum over all entries from
//! which damage is recognised. Applies nothing itself.

use std::collections::BTreeMap;

use ::sled::{Batch, Db};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::tallies::Cells;
use super::{failed, keys};
use crate::domain::{OrganisationId, Reference, SourceId, TallyCounts, TallyKey, Vacancy};
use crate::store::{ApplicationView, Change, SourceView, StoreError, UserView};

/// The longest value that sled keeps safely.
const MOST_VALUE_BYTES: usize = 4096;
/// First byte of a value that is the whole view.
const WHOLE: u8 = 0;
/// First byte of a value that says in how many pieces the view is kept.
const IN_PIECES: u8 = 1;
/// The most pieces that a view may be kept in. No view that people could read is as long.
const MOST_PIECES: usize = 1024;

/// What is known of all entries together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meta {
    /// The last journal record that the views reflect.
    pub reflected: Option<u64>,
    /// Sum of the digests of all entries.
    pub sum: u128,
}

impl Meta {
    /// Of a store without entries.
    pub(super) const EMPTY: Meta = Meta { reflected: None, sum: 0 };

    /// Another format is not read: such views are made again.
    const FORMAT: u8 = 2;

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![Self::FORMAT, u8::from(self.reflected.is_some())];
        bytes.extend_from_slice(&self.reflected.unwrap_or(0).to_be_bytes());
        bytes.extend_from_slice(&self.sum.to_be_bytes());
        bytes
    }

    pub(super) fn read(db: &Db) -> Result<Self, StoreError> {
        let value = db.get(keys::META).map_err(failed)?;
        value.as_deref().and_then(Self::decode).ok_or(StoreError::Damaged { view: "meta" })
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let ([format, is_reflecting], rest) = bytes.split_first_chunk()?;
        let (reflected, sum) = rest.split_first_chunk()?;
        let reflected = (*is_reflecting == 1).then_some(u64::from_be_bytes(*reflected));
        let sum = u128::from_be_bytes(sum.try_into().ok()?);
        (*format == Self::FORMAT).then_some(Self { reflected, sum })
    }
}

/// What one entry adds to the sum.
pub(super) fn digest(key: &[u8], value: &[u8]) -> u128 {
    let hash = Sha256::new()
        .chain_update((key.len() as u64).to_be_bytes())
        .chain_update(key)
        .chain_update(value)
        .finalize();
    let hash: [u8; 32] = hash.into();
    hash.first_chunk().copied().map_or(0, u128::from_be_bytes)
}

/// The whole of a view whose entry has this value.
pub(super) fn joined_pieces(
    view: &'static str,
    key: &[u8],
    value: &[u8],
    mut piece: impl FnMut(&[u8]) -> Result<Option<Vec<u8>>, StoreError>,
) -> Result<Vec<u8>, StoreError> {
    match value.split_first() {
        Some((&WHOLE, whole)) => Ok(whole.to_vec()),
        _ => {
            let mut whole = Vec::new();
            for number in 0..pieces_in(value).ok_or(StoreError::Damaged { view })? {
                let piece = piece(&keys::piece(key, number))?;
                whole.extend(piece.ok_or(StoreError::Damaged { view })?);
            }
            Ok(whole)
        }
    }
}

/// In how many pieces a view is kept, if it is.
fn pieces_in(value: &[u8]) -> Option<u16> {
    match value {
        [IN_PIECES, high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    }
}

/// Changes that wait to be applied together.
pub(super) struct Changes<'a> {
    db: &'a Db,
    meta: Meta,
    entries: BTreeMap<Vec<u8>, Entry>,
    /// Tallies by the key of their entry: many changes go to one, so it is read and written once.
    tallies: BTreeMap<Vec<u8>, Cells>,
}

/// An entry before and after.
struct Entry {
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
}

impl<'a> Changes<'a> {
    pub(super) fn new(db: &'a Db) -> Result<Self, StoreError> {
        let meta = Meta::read(db)?;
        Ok(Self { db, meta, entries: BTreeMap::new(), tallies: BTreeMap::new() })
    }

    pub(super) fn add(&mut self, change: Change) -> Result<(), StoreError> {
        match change {
            Change::Organisation(view) => {
                self.put_view("organisation", keys::organisation(&view.id), &view)
            }
            Change::Source(view) => self.put_source(&view),
            Change::User(view) => self.put_user(&view),
            Change::Vacancy(vacancy) => self.put_vacancy(&vacancy),
            Change::Application(view) => self.put_application(&view),
            Change::Receipt(receipt) => {
                let key = keys::receipt(&receipt.source, &receipt.delivery);
                self.put_view("receipt", key, &receipt)
            }
            Change::Waiting(events) => {
                let key = keys::waiting(&events.organisation, &events.source, &events.application);
                self.put_view("waiting", key, &events)
            }
            Change::WaitingOver(organisation, source, application) => {
                self.remove_view(keys::waiting(&organisation, &source, &application))
            }
            Change::Tally(organisation, key, counts) => self.add_tally(&organisation, key, counts),
            Change::Job(job) => self.put_view("job", keys::job(&job), &job),
            Change::JobDone(job) => self.remove_view(keys::job(&job)),
        }
    }

    /// The batch, with what is then known of all entries.
    pub(super) fn into_batch(mut self, reflected: u64) -> Result<Batch, StoreError> {
        for (key, cells) in std::mem::take(&mut self.tallies) {
            match cells.encode() {
                Some(bytes) => self.put_bytes("tally", key, &bytes)?,
                None => self.remove_view(key)?,
            }
        }
        let mut batch = Batch::default();
        let mut sum = self.meta.sum;
        for (key, Entry { before, after }) in self.entries {
            if let Some(before) = before {
                sum = sum.wrapping_sub(digest(&key, &before));
            }
            match after {
                Some(after) if after.len() > MOST_VALUE_BYTES => {
                    let (bytes, limit) = (after.len(), MOST_VALUE_BYTES);
                    return Err(StoreError::TooLarge { view: "index", bytes, limit });
                }
                Some(after) => {
                    sum = sum.wrapping_add(digest(&key, &after));
                    batch.insert(key, after);
                }
                None => batch.remove(key),
            }
        }
        batch.insert(keys::META, Meta { reflected: Some(reflected), sum }.encode());
        Ok(batch)
    }

    fn put_source(&mut self, view: &SourceView) -> Result<(), StoreError> {
        let key = keys::source(&view.id);
        let before: Option<SourceView> = self.view("source", &key)?;
        if let Some(before) = before.filter(|before| before.organisation != view.organisation) {
            self.set(keys::source_of(&before.organisation, &view.id), None)?;
        }
        let of = keys::source_of(&view.organisation, &view.id);
        self.set(of, Some(view.id.as_str().into()))?;
        self.put_view("source", key, view)
    }

    fn put_user(&mut self, view: &UserView) -> Result<(), StoreError> {
        let key = keys::user(&view.organisation, &view.id);
        let holder = keys::pair_value(view.organisation.as_str(), view.id.as_str());
        let before: Option<UserView> = self.view("user", &key)?;
        if let Some(token) = before.and_then(|before| before.token_sha256) {
            self.remove_index(keys::token(&token), &holder)?;
        }
        if let Some(token) = view.token_sha256 {
            self.set(keys::token(&token), Some(holder))?;
        }
        self.put_view("user", key, view)
    }

    fn put_vacancy(&mut self, vacancy: &Vacancy) -> Result<(), StoreError> {
        let organisation = &vacancy.organisation;
        let key = keys::vacancy(organisation, &vacancy.id);
        let id = vacancy.id.as_str().as_bytes();
        if let Some(before) = self.view::<Vacancy>("vacancy", &key)? {
            let named = keys::vacancy_reference(organisation, &before.source, &before.reference);
            self.remove_index(named, id)?;
        }
        let named = keys::vacancy_reference(organisation, &vacancy.source, &vacancy.reference);
        self.set(named, Some(id.to_vec()))?;
        self.put_view("vacancy", key, vacancy)
    }

    fn put_application(&mut self, view: &ApplicationView) -> Result<(), StoreError> {
        let application = &view.application;
        let organisation = &application.organisation;
        let id = application.id.as_str().as_bytes();
        let place = keys::application_place(organisation, &application.id);
        if let Some(vacancy) = self.current(&place)? {
            let vacancy = keys::id("application place", &vacancy)?;
            let key = keys::application(organisation, &vacancy, &application.id);
            if let Some(before) = self.view::<ApplicationView>("application", &key)? {
                self.remove_application_names(&before, id)?;
            }
            if vacancy != application.vacancy {
                self.remove_view(key)?;
            }
        }
        self.set(place, Some(application.vacancy.as_str().into()))?;
        let named = name_of(organisation, &application.source, &application.reference);
        self.set(named, Some(id.to_vec()))?;
        let known = keys::pseudonym(organisation, &application.vacancy, application.pseudonym);
        self.set(known, Some(id.to_vec()))?;
        let key = keys::application(organisation, &application.vacancy, &application.id);
        self.put_view("application", key, view)
    }

    fn remove_application_names(
        &mut self,
        before: &ApplicationView,
        id: &[u8],
    ) -> Result<(), StoreError> {
        let before = &before.application;
        self.remove_index(name_of(&before.organisation, &before.source, &before.reference), id)?;
        let known = keys::pseudonym(&before.organisation, &before.vacancy, before.pseudonym);
        self.remove_index(known, id)
    }

    fn add_tally(
        &mut self,
        organisation: &OrganisationId,
        cell: TallyKey,
        counts: TallyCounts,
    ) -> Result<(), StoreError> {
        let key = keys::tally(organisation, &cell.vacancy, &cell.characteristic);
        if !self.tallies.contains_key(&key) {
            let before = match self.whole("tally", &key)? {
                Some(whole) => Cells::decode(&whole)?,
                None => Cells::default(),
            };
            self.tallies.insert(key.clone(), before);
        }
        self.tallies.entry(key).or_default().add(cell.category, cell.stage, counts);
        Ok(())
    }

    fn put_view(
        &mut self,
        view: &'static str,
        key: Vec<u8>,
        value: &impl Serialize,
    ) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes)
            .map_err(|_| StoreError::Backend(format!("a {view} view does not encode")))?;
        self.put_bytes(view, key, &bytes)
    }

    fn put_bytes(
        &mut self,
        view: &'static str,
        key: Vec<u8>,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.remove_pieces(&key)?;
        if bytes.len() < MOST_VALUE_BYTES {
            return self.set(key, Some([&[WHOLE], bytes].concat()));
        }
        let pieces: Vec<_> = bytes.chunks(MOST_VALUE_BYTES).collect();
        let number = u16::try_from(pieces.len()).ok().filter(|n| usize::from(*n) <= MOST_PIECES);
        let Some(number) = number else {
            let limit = MOST_PIECES * MOST_VALUE_BYTES;
            return Err(StoreError::TooLarge { view, bytes: bytes.len(), limit });
        };
        for (index, piece) in (0..number).zip(pieces) {
            self.set(keys::piece(&key, index), Some(piece.to_vec()))?;
        }
        let [high, low] = number.to_be_bytes();
        self.set(key, Some(vec![IN_PIECES, high, low]))
    }

    fn remove_view(&mut self, key: Vec<u8>) -> Result<(), StoreError> {
        self.remove_pieces(&key)?;
        self.set(key, None)
    }

    fn remove_pieces(&mut self, key: &[u8]) -> Result<(), StoreError> {
        if let Some(pieces) = self.current(key)?.as_deref().and_then(pieces_in) {
            for number in 0..pieces {
                self.set(keys::piece(key, number), None)?;
            }
        }
        Ok(())
    }

    /// Takes an index entry away, unless it has come to lead to something else.
    fn remove_index(&mut self, key: Vec<u8>, leads_to: &[u8]) -> Result<(), StoreError> {
        if self.current(&key)?.is_some_and(|value| value == leads_to) {
            self.set(key, None)?;
        }
        Ok(())
    }

    fn view<T: serde::de::DeserializeOwned>(
        &self,
        view: &'static str,
        key: &[u8],
    ) -> Result<Option<T>, StoreError> {
        let Some(whole) = self.whole(view, key)? else { return Ok(None) };
        let decoded = ciborium::from_reader(whole.as_slice());
        decoded.map(Some).map_err(|_| StoreError::Damaged { view })
    }

    /// A view's bytes, put together where they are kept in pieces.
    fn whole(&self, view: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(value) = self.current(key)? else { return Ok(None) };
        joined_pieces(view, key, &value, |piece| self.current(piece)).map(Some)
    }

    /// The value as it will be after the changes so far.
    fn current(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.entries.get(key) {
            Some(entry) => Ok(entry.after.clone()),
            None => Ok(self.db.get(key).map_err(failed)?.map(|value| value.to_vec())),
        }
    }

    fn set(&mut self, key: Vec<u8>, after: Option<Vec<u8>>) -> Result<(), StoreError> {
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.after = after;
            return Ok(());
        }
        let before = self.db.get(&key).map_err(failed)?.map(|value| value.to_vec());
        self.entries.insert(key, Entry { before, after });
        Ok(())
    }
}

fn name_of(organisation: &OrganisationId, source: &SourceId, reference: &Reference) -> Vec<u8> {
    keys::application_reference(organisation, source, reference)
}
