//! The keys of entries. An organisation's entries begin with its id; those that are looked up without one begin with a
//! zero byte. Parts end in a zero byte, which no part but the last can contain, so that order of keys is order of parts.

use std::str::FromStr;

use crate::domain::{
    ApplicationId, CharacteristicId, OrganisationId, Pseudonym, Reference, SourceId, UserId,
    VacancyId,
};
use crate::store::{Job, StoreError};

/// How far the views reflect the journal, and the sum over all other entries.
pub(super) const META: &[u8] = b"\0meta";
/// Every organisation.
pub(super) const ORGANISATIONS: &[u8] = b"\0o\0";
/// Every job, oldest first.
pub(super) const JOBS: &[u8] = b"\0j\0";

pub(super) fn organisation(id: &OrganisationId) -> Vec<u8> {
    [ORGANISATIONS, id.as_str().as_bytes()].concat()
}

pub(super) fn source(id: &SourceId) -> Vec<u8> {
    global("s", &[id.as_str()])
}

pub(super) fn sources_of(organisation: &OrganisationId) -> Vec<u8> {
    prefix(organisation, "source", &[])
}

pub(super) fn source_of(organisation: &OrganisationId, id: &SourceId) -> Vec<u8> {
    local(organisation, "source", &[id.as_str()])
}

pub(super) fn users(organisation: &OrganisationId) -> Vec<u8> {
    prefix(organisation, "user", &[])
}

pub(super) fn user(organisation: &OrganisationId, id: &UserId) -> Vec<u8> {
    local(organisation, "user", &[id.as_str()])
}

pub(super) fn token(sha256: &[u8; 32]) -> Vec<u8> {
    [b"\0t\0", sha256.as_slice()].concat()
}

pub(super) fn vacancies(organisation: &OrganisationId) -> Vec<u8> {
    prefix(organisation, "vacancy", &[])
}

pub(super) fn vacancy(organisation: &OrganisationId, id: &VacancyId) -> Vec<u8> {
    local(organisation, "vacancy", &[id.as_str()])
}

pub(super) fn vacancy_reference(
    organisation: &OrganisationId,
    source: &SourceId,
    reference: &Reference,
) -> Vec<u8> {
    local(organisation, "vacancy-reference", &[source.as_str(), reference.as_str()])
}

pub(super) fn applications(organisation: &OrganisationId, vacancy: &VacancyId) -> Vec<u8> {
    prefix(organisation, "application", &[vacancy.as_str()])
}

pub(super) fn application(
    organisation: &OrganisationId,
    vacancy: &VacancyId,
    id: &ApplicationId,
) -> Vec<u8> {
    local(organisation, "application", &[vacancy.as_str(), id.as_str()])
}

/// Leads from an application to its vacancy.
pub(super) fn application_place(organisation: &OrganisationId, id: &ApplicationId) -> Vec<u8> {
    local(organisation, "application-place", &[id.as_str()])
}

pub(super) fn application_reference(
    organisation: &OrganisationId,
    source: &SourceId,
    reference: &Reference,
) -> Vec<u8> {
    local(organisation, "application-reference", &[source.as_str(), reference.as_str()])
}

pub(super) fn pseudonym(
    organisation: &OrganisationId,
    vacancy: &VacancyId,
    pseudonym: Pseudonym,
) -> Vec<u8> {
    local(organisation, "pseudonym", &[vacancy.as_str(), &pseudonym.to_string()])
}

pub(super) fn receipt(source: &SourceId, delivery: &str) -> Vec<u8> {
    global("d", &[source.as_str(), delivery])
}

pub(super) fn waiting(
    organisation: &OrganisationId,
    source: &SourceId,
    application: &Reference,
) -> Vec<u8> {
    local(organisation, "waiting", &[source.as_str(), application.as_str()])
}

pub(super) fn all_waiting(organisation: &OrganisationId) -> Vec<u8> {
    prefix(organisation, "waiting", &[])
}

pub(super) fn tallies(organisation: &OrganisationId, vacancy: Option<&VacancyId>) -> Vec<u8> {
    match vacancy {
        Some(vacancy) => prefix(organisation, "tally", &[vacancy.as_str()]),
        None => prefix(organisation, "tally", &[]),
    }
}

pub(super) fn tally(
    organisation: &OrganisationId,
    vacancy: &VacancyId,
    characteristic: &CharacteristicId,
) -> Vec<u8> {
    local(organisation, "tally", &[vacancy.as_str(), characteristic.as_str()])
}

/// The vacancy and characteristic of a key of tallies.
pub(super) fn tally_parts(key: &[u8]) -> Result<(VacancyId, CharacteristicId), StoreError> {
    let mut parts = key.rsplitn(3, |byte| *byte == 0);
    let (last, before) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Ok((id("tally", before)?, id("tally", last)?))
}

pub(super) fn job(job: &Job) -> Vec<u8> {
    let mut key = [JOBS, &job.sequence.to_be_bytes()].concat();
    key.extend(join(&[job.organisation.as_str(), job.application.as_str()]));
    key
}

/// A piece of a view that is too long for one entry.
pub(super) fn piece(key: &[u8], number: u16) -> Vec<u8> {
    [b"\0p\0", key, b"\0", &number.to_be_bytes()].concat()
}

/// Two ids as the value of an index entry.
pub(super) fn pair_value(first: &str, second: &str) -> Vec<u8> {
    join(&[first, second])
}

/// The two ids in the value of an index entry.
pub(super) fn pair<A: FromStr, B: FromStr>(
    view: &'static str,
    value: &[u8],
) -> Result<(A, B), StoreError> {
    let mut parts = value.splitn(2, |byte| *byte == 0);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Ok((id(view, first)?, id(view, second)?))
}

/// The id in the value of an index entry.
pub(super) fn id<T: FromStr>(view: &'static str, value: &[u8]) -> Result<T, StoreError> {
    std::str::from_utf8(value)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(StoreError::Damaged { view })
}

fn global(kind: &str, parts: &[&str]) -> Vec<u8> {
    [b"\0", kind.as_bytes(), b"\0", &join(parts)].concat()
}

fn local(organisation: &OrganisationId, kind: &str, parts: &[&str]) -> Vec<u8> {
    [organisation.as_str().as_bytes(), b"\0", kind.as_bytes(), b"\0", &join(parts)].concat()
}

/// What the keys of all entries begin with whose first parts are these.
fn prefix(organisation: &OrganisationId, kind: &str, parts: &[&str]) -> Vec<u8> {
    let mut key = local(organisation, kind, parts);
    if !parts.is_empty() {
        key.push(0);
    }
    key
}

fn join(parts: &[&str]) -> Vec<u8> {
    parts.join("\0").into_bytes()
}
