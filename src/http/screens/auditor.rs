//! The auditor's page of choices, and the report that was chosen.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;

use super::{account, notice, shown, shown_with_problem};
use crate::domain::Vacancy;
use crate::http::api::audits;
use crate::http::extract::{Caller, Parameters};
use crate::http::pages::{self, Notice, ReportChoices};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::report::Format;
use crate::workflow::{self, Viewer};

pub(in crate::http) async fn choices(
    State(state): State<AppState>,
    Caller(viewer): Caller,
) -> Result<Response, Problem> {
    page(&state, &viewer, None).map(shown)
}

/// Evidence over time, or the page of choices with what has to be chosen otherwise.
pub(in crate::http) async fn evidence(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let problem = match audits::watched(&state, viewer.clone(), &parameters, Format::Html).await {
        Ok(response) => return Ok(response),
        Err(problem) => problem,
    };
    refused(&state, &viewer, problem)
}

/// The report, or the page of choices with what has to be chosen otherwise.
pub(in crate::http) async fn report(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let format = audits::format(&parameters)?;
    let filter = audits::filter(&parameters)?;
    let problem = match audits::answer(&state, viewer.clone(), filter, format).await {
        Ok(response) => return Ok(response),
        Err(problem) => problem,
    };
    refused(&state, &viewer, problem)
}

/// The page of choices, with what has to be chosen otherwise.
fn refused(state: &AppState, viewer: &Viewer, problem: Problem) -> Result<Response, Problem> {
    let notice = match problem.status {
        StatusCode::NOT_FOUND => Notice::Problem(state.words.text("reports-none"), vec![]),
        _ => notice(state, problem.clone())?.1,
    };
    Ok(shown_with_problem(problem.status, page(state, viewer, Some(&notice))?))
}

fn page(state: &AppState, viewer: &Viewer, notice: Option<&Notice>) -> Result<Markup, Problem> {
    let rules = state.app.rules();
    let vacancies = workflow::list_vacancies(&state.app, viewer)?;
    let values = |of: fn(&Vacancy) -> &Option<String>| -> Vec<String> {
        let values: BTreeSet<String> = vacancies.iter().filter_map(|v| of(v).clone()).collect();
        values.into_iter().collect()
    };
    let factors = vec![
        ("family", values(|v| &v.family)),
        ("grade", values(|v| &v.grade)),
        ("directorate", values(|v| &v.directorate)),
        ("contract", values(|v| &v.contract)),
    ];
    let of_rules = rules.characteristics().list().iter();
    let choices = ReportChoices {
        policies: rules.policies().iter().map(|p| (p.id.clone(), p.title.clone())).collect(),
        benchmarks: rules.benchmarks().iter().map(|b| (b.id.clone(), b.title.clone())).collect(),
        vacancies: vacancies.into_iter().map(|v| (v.id.to_string(), v.title)).collect(),
        factors,
        characteristics: of_rules.map(|c| (c.id.to_string(), c.label.clone())).collect(),
    };
    Ok(pages::reports(&state.words, &account(viewer), &choices, notice))
}
