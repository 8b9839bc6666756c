//! Signing in and out, the start page, and the style sheet.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::{account, see_other, shown, shown_with_problem};
use crate::domain::Role;
use crate::http::access;
use crate::http::extract::{Fields, Parameters};
use crate::http::pages::{self, Notice};
use crate::http::problem::Problem;
use crate::http::state::AppState;

pub(in crate::http) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=600"),
    ];
    (headers, pages::STYLE).into_response()
}

/// Everybody's first page is the one their work is on.
pub(in crate::http) async fn home(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(viewer) = access::viewer_of(&state.app, &headers)? else {
        return Ok(see_other("/sign-in"));
    };
    Ok(match viewer.role {
        Role::Panel => see_other("/panel"),
        Role::Recruiter => see_other("/vacancies"),
        Role::Auditor => see_other("/reports"),
        Role::Admin | Role::Ats => {
            shown(pages::home_without_pages(&state.words, &account(&viewer)))
        }
    })
}

pub(in crate::http) async fn sign_in_form(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Response {
    let out = parameters.get("signed-out").is_some();
    let notice = out.then(|| Notice::Done(state.words.text("signed-out")));
    shown(pages::sign_in(&state.words, notice.as_ref()))
}

pub(in crate::http) async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    access::refuse_other_sites(&headers)?;
    let token = fields.get("token");
    if access::authenticate(&state.app, token)?.is_none() {
        let notice = Notice::Problem(state.words.text("sign-in-wrong"), vec![]);
        let page = pages::sign_in(&state.words, Some(&notice));
        return Ok(shown_with_problem(StatusCode::UNAUTHORIZED, page));
    }
    let cookie = access::session_cookie(&headers, token);
    Ok(([(header::SET_COOKIE, cookie)], see_other("/")).into_response())
}

pub(in crate::http) async fn sign_out(headers: HeaderMap) -> Response {
    let cookie = access::ended_cookie(&headers);
    ([(header::SET_COOKIE, cookie)], see_other("/sign-in?signed-out=yes")).into_response()
}
