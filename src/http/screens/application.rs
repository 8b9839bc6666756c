//! The recruiter's page of one application, and the forms on it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{account, done, notice, see_other, shown, shown_with_problem};
use crate::domain::{ApplicationId, ApplicationStatus, PackState, StageId, VacancyId};
use crate::http::extract::{Caller, Fields, Ids, Parameters};
use crate::http::pages::{self, ApplicationView, DisclosureView, Notice, PackStateView};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{self, ApplicationRow, Viewer, WorkflowError};

/// The address of a page: the vacancy and the application in it.
type Place = Ids<VacancyId, ApplicationId>;

pub(in crate::http) async fn show(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    place: Place,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (view, row) = find(&state, &viewer, &place)?;
    let notice = match parameters.get("done") {
        Some("stage") => Some(moved(&state, &row)),
        _ => done(&state.words, &parameters),
    };
    Ok(shown(pages::application(&state.words, &account(&viewer), &view, notice.as_ref())))
}

pub(in crate::http) async fn move_on(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    place: Place,
    fields: Fields,
) -> Result<Response, Problem> {
    find(&state, &viewer, &place)?;
    let stage = fields.get("stage").parse::<StageId>().map_err(WorkflowError::from);
    let result = match stage {
        Ok(stage) => workflow::record_outcome(&state.app, &viewer, &place.1, &stage).await,
        Err(error) => Err(error),
    };
    answered(&state, &viewer, &place, result.map(drop), "stage")
}

pub(in crate::http) async fn redact_again(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    place: Place,
) -> Result<Response, Problem> {
    find(&state, &viewer, &place)?;
    let result = workflow::request_redaction(&state.app, &viewer, &place.1).await;
    answered(&state, &viewer, &place, result, "redaction")
}

/// The identity is the answer to the form itself: it stands under no address that could be opened again.
pub(in crate::http) async fn disclose(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    place: Place,
    fields: Fields,
) -> Result<Response, Problem> {
    find(&state, &viewer, &place)?;
    let reason = fields.get("reason");
    match workflow::disclose_identity(&state.app, &viewer, &place.1, reason).await {
        Ok(disclosure) => {
            let view = DisclosureView {
                back: address(&place),
                pseudonym: disclosure.pseudonym,
                fields: disclosure.fields,
            };
            Ok(shown(pages::disclosure(&state.words, &account(&viewer), &view)))
        }
        Err(error) => refused(&state, &viewer, &place, error.into()),
    }
}

pub(in crate::http) async fn erase(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    place: Place,
    fields: Fields,
) -> Result<Response, Problem> {
    find(&state, &viewer, &place)?;
    if fields.get("confirm") != "yes" {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = state.words.text("erasure-unconfirmed");
        return refused(&state, &viewer, &place, Problem::new(status, "not_confirmed", detail));
    }
    let reason = fields.get("reason");
    let result = workflow::erase_candidate(&state.app, &viewer, &place.1, reason).await;
    answered(&state, &viewer, &place, result, "erasure")
}

fn address(place: &Place) -> String {
    format!("/vacancies/{}/{}", place.0, place.1)
}

/// The page of the application when the form is done, or the form with what has to be changed.
fn answered(
    state: &AppState,
    viewer: &Viewer,
    place: &Place,
    result: Result<(), WorkflowError>,
    done: &str,
) -> Result<Response, Problem> {
    match result {
        Ok(()) => Ok(see_other(&format!("{}?done={done}", address(place)))),
        Err(error) => refused(state, viewer, place, error.into()),
    }
}

/// The page again, with what has to be changed.
fn refused(
    state: &AppState,
    viewer: &Viewer,
    place: &Place,
    problem: Problem,
) -> Result<Response, Problem> {
    let (status, notice) = notice(state, problem)?;
    let (view, _) = find(state, viewer, place)?;
    let page = pages::application(&state.words, &account(viewer), &view, Some(&notice));
    Ok(shown_with_problem(status, page))
}

fn moved(state: &AppState, row: &ApplicationRow) -> Notice {
    let pseudonym = row.application.pseudonym.to_string();
    let stage = state.words.label("stage", row.application.stage.as_str());
    let values = [("pseudonym", (&pseudonym).into()), ("stage", (&stage).into())];
    Notice::Done(state.words.fill("move-done", &values))
}

fn find(
    state: &AppState,
    viewer: &Viewer,
    place: &Place,
) -> Result<(ApplicationView, ApplicationRow), Problem> {
    let page = workflow::show_vacancy(&state.app, viewer, &place.0)?;
    let row = page.applications.into_iter().find(|row| row.application.id == place.1);
    let row = row.ok_or(WorkflowError::UnknownApplication)?;
    let application = &row.application;
    let pack = match (application.status, &application.pack) {
        (ApplicationStatus::Erased, _) => None,
        (_, PackState::Pending) => Some(PackStateView::Pending),
        (_, PackState::Released { removed, .. }) => {
            let count = |count: &u64| usize::try_from(*count).unwrap_or(usize::MAX);
            let removed = removed.iter().map(|(kind, n)| (kind.clone(), count(n))).collect();
            Some(PackStateView::Released(removed))
        }
        (_, PackState::Withheld { reasons }) => Some(PackStateView::Withheld(
            reasons.iter().map(|r| (r.part.clone(), r.message.clone())).collect(),
        )),
    };
    let view = ApplicationView {
        id: application.id.clone(),
        vacancy: (page.vacancy.id, page.vacancy.title),
        pseudonym: application.pseudonym,
        reference: (application.source.to_string(), application.reference.to_string()),
        received_at: application.received_at,
        visits: application.visits.clone(),
        pack,
        moves: row.moves.clone(),
        may_disclose: row.may_disclose,
    };
    Ok((view, row))
}
