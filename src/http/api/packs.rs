//! Packs, for panel members' programs. These handlers are handed a reader of packs and nothing else.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::domain::{Pseudonym, VacancyId};
use crate::http::copies;
use crate::http::extract::{Caller, Id, Ids, Parameters};
use crate::http::problem::Problem;
use crate::http::state::PanelState;
use crate::workflow::{CleanWords, PackEntryState, WriteFormat};

pub(in crate::http) async fn vacancies(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
) -> Result<Json<Value>, Problem> {
    let vacancies: Vec<Value> = state
        .packs
        .vacancies(&viewer)?
        .into_iter()
        .map(|vacancy| json!({ "id": vacancy.id, "title": vacancy.title, "packs": vacancy.packs }))
        .collect();
    Ok(Json(json!({ "vacancies": vacancies })))
}

pub(in crate::http) async fn list(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
    Id(vacancy): Id<VacancyId>,
) -> Result<Json<Value>, Problem> {
    let list = state.packs.list(&viewer, &vacancy)?;
    let packs: Vec<Value> = list
        .entries
        .into_iter()
        .map(|entry| {
            let state = match entry.state {
                PackEntryState::Ready => "ready",
                PackEntryState::Pending => "pending",
                PackEntryState::Withheld => "withheld",
            };
            json!({ "pseudonym": entry.pseudonym, "state": state })
        })
        .collect();
    Ok(Json(json!({ "vacancy": vacancy, "title": list.title, "packs": packs })))
}

pub(in crate::http) async fn open(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
    Ids(vacancy, pseudonym): Ids<VacancyId, Pseudonym>,
) -> Result<Json<Value>, Problem> {
    let pack = state.packs.open(&viewer, &vacancy, pseudonym)?;
    let parts: Vec<Value> = pack
        .parts
        .into_iter()
        .map(|part| {
            json!({ "heading": part.heading, "text": part.text, "layout": part.layout.is_some() })
        })
        .collect();
    let check = pack.proof.map(|proof| {
        json!({ "known": proof.known, "found": proof.found, "parts_checked": proof.parts_checked })
    });
    Ok(Json(json!({
        "title": pack.title,
        "pseudonym": pack.pseudonym,
        "parts": parts,
        "check": check,
    })))
}

/// A pack as a file: `?to=pdf`, `docx`, `html` or `txt`; with `part`, the Word document of that part, from 1, with its
/// layout kept.
pub(in crate::http) async fn copy(
    State(state): State<PanelState>,
    Caller(viewer): Caller,
    Ids(vacancy, pseudonym): Ids<VacancyId, Pseudonym>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let mut stem = format!("candidate-{pseudonym}");
    let part = parameters.get("part").map(|part| part.parse::<usize>().unwrap_or(0));
    let format = match part {
        Some(part) => {
            stem = format!("{stem}-{part}");
            WriteFormat::Docx
        }
        None => copies::format(parameters.get("to"))?,
    };
    // Typesetting and the search take a while, and other requests should not wait for them.
    let work = tokio::task::spawn_blocking(move || {
        let words = &state.words;
        let own = CleanWords {
            title: &words.fill("pack-title", &[("pseudonym", (&pseudonym.to_string()).into())]),
            language: &words.language(),
            page_words: &words.text("clean-page"),
        };
        match part {
            Some(part) => state.packs.copy_part(&viewer, &vacancy, pseudonym, part),
            None => state.packs.copy(&viewer, &vacancy, pseudonym, format, own),
        }
    });
    let copy = work.await.map_err(|_| {
        tracing::error!("a copy of a pack ended in a panic");
        let detail = "The copy could not be made. Read the pack on its page.";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    })??;
    Ok(copies::answer(copy.file, format, &stem, &copy.proof))
}
