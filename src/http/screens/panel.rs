//! The panel's pages. These handlers are handed a reader of packs and words, and nothing else.

use axum::extract::State;
use axum::response::Response;

use super::{account, shown};
use crate::domain::{Pseudonym, VacancyId};
use crate::http::extract::{Caller, Id, Ids};
use crate::http::pages::{self, PackPartView, PackView, PanelEntry, PanelListView, PanelVacancy};
use crate::http::problem::Problem;
use crate::http::state::PanelState;
use crate::workflow::PackEntryState;

pub(in crate::http) async fn vacancies(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
) -> Result<Response, Problem> {
    let vacancies: Vec<PanelVacancy> = state
        .packs
        .vacancies(&viewer)?
        .into_iter()
        .map(|vacancy| PanelVacancy { id: vacancy.id, title: vacancy.title, packs: vacancy.packs })
        .collect();
    Ok(shown(pages::panel_vacancies(&state.words, &account(&viewer), &vacancies)))
}

pub(in crate::http) async fn list(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
    Id(vacancy): Id<VacancyId>,
) -> Result<Response, Problem> {
    let list = state.packs.list(&viewer, &vacancy)?;
    let entries = list
        .entries
        .into_iter()
        .map(|entry| PanelEntry {
            pseudonym: entry.pseudonym,
            unready: match entry.state {
                PackEntryState::Ready => None,
                PackEntryState::Pending => Some("panel-entry-pending"),
                PackEntryState::Withheld => Some("panel-entry-withheld"),
            },
        })
        .collect();
    let view = PanelListView { vacancy, title: list.title, entries };
    Ok(shown(pages::panel_list(&state.words, &account(&viewer), &view)))
}

pub(in crate::http) async fn pack(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
    Ids(vacancy, pseudonym): Ids<VacancyId, Pseudonym>,
) -> Result<Response, Problem> {
    let pack = state.packs.open(&viewer, &vacancy, pseudonym)?;
    let list = state.packs.list(&viewer, &vacancy)?;
    let ready: Vec<Pseudonym> = list
        .entries
        .iter()
        .filter(|entry| entry.state == PackEntryState::Ready)
        .map(|entry| entry.pseudonym)
        .collect();
    let place = ready.iter().position(|other| *other == pseudonym).unwrap_or_default();
    let view = PackView {
        vacancy,
        title: pack.title,
        pseudonym: pack.pseudonym,
        parts: pack
            .parts
            .into_iter()
            .map(|part| PackPartView {
                heading: part.heading,
                text: part.text,
                has_layout: part.layout.is_some(),
            })
            .collect(),
        proof: pack.proof.map(|proof| (proof.known, proof.found, proof.parts_checked)),
        position: (place + 1, ready.len()),
        previous: place.checked_sub(1).and_then(|place| ready.get(place)).copied(),
        next: ready.get(place + 1).copied(),
    };
    Ok(shown(pages::pack(&state.words, &account(&viewer), &view)))
}
