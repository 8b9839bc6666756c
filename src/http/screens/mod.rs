//! What answers people: fetches from `workflow`, turns it into the plain values that `pages` shows, and answers forms.

pub(super) mod application;
pub(super) mod auditor;
pub(super) mod panel;
pub(super) mod recruiter;
pub(super) mod session;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use maud::Markup;

use super::extract::Parameters;
use super::pages::{Account, Notice};
use super::problem::{Finished, Problem};
use super::state::AppState;
use crate::messages::Messages;
use crate::workflow::Viewer;

fn account(viewer: &Viewer) -> Account {
    Account { label: viewer.label.clone(), role: viewer.role }
}

fn shown(page: Markup) -> Response {
    Html(page.into_string()).into_response()
}

/// A page that says what is wrong with what was sent, with the form to send it again.
fn shown_with_problem(status: StatusCode, page: Markup) -> Response {
    let mut response = (status, Html(page.into_string())).into_response();
    response.extensions_mut().insert(Finished);
    response
}

/// After something was done, the browser gets the page anew, so that loading it again does nothing twice.
fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// What was done just before, as the address says. Only these words: an address is anybody's to write.
fn done(words: &Messages, parameters: &Parameters) -> Option<Notice> {
    let id = match parameters.get("done")? {
        "redaction" => "pack-again-done",
        "erasure" => "erasure-done",
        _ => return None,
    };
    Some(Notice::Done(words.text(id)))
}

/// A refusal that a person can do something about, as a notice on the page that it came from; others as they are.
fn notice(state: &AppState, problem: Problem) -> Result<(StatusCode, Notice), Problem> {
    let text = match problem.status {
        StatusCode::CONFLICT => state.words.text("problem-conflict"),
        StatusCode::UNPROCESSABLE_ENTITY => state.words.text("problem-unacceptable"),
        _ => return Err(problem),
    };
    Ok((problem.status, Notice::Problem(text, vec![problem.detail])))
}
