//! The auditor's page of choices, and the report that was chosen.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;

use super::{account, shown};
use crate::http::api::audits;
use crate::http::extract::{Caller, Parameters};
use crate::http::pages::{self, ReportChoices};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow;

pub(in crate::http) async fn choices(
    State(state): State<AppState>,
    Caller(viewer): Caller,
) -> Result<Response, Problem> {
    let vacancies = workflow::list_vacancies(&state.app, &viewer)?;
    let families: BTreeSet<String> = vacancies.iter().filter_map(|v| v.family.clone()).collect();
    let choices = ReportChoices {
        vacancies: vacancies.into_iter().map(|v| (v.id.to_string(), v.title)).collect(),
        families: families.into_iter().collect(),
        ..ReportChoices::default()
    };
    Ok(shown(pages::reports(&state.words, &account(&viewer), &choices, None)))
}

pub(in crate::http) async fn report(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let format = audits::format(&parameters)?;
    audits::answer(&state, &viewer, &audits::filter(&parameters)?, format)
}
