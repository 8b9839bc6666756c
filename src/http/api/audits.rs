//! Audits, for auditors: what to look at comes as parameters, the result goes out in any form of a report.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::http::extract::{Caller, Parameters};
use crate::http::problem::Problem;
use crate::http::security_headers::REPORT_POLICY;
use crate::http::state::AppState;
use crate::report::{self, Format};
use crate::workflow::periods::Unit;
use crate::workflow::{self, AuditFilter, Looks, VacancyFactor, Viewer, WorkflowError};

const PARAMETERS: [&str; 16] = [
    "policy",
    "benchmark",
    "family",
    "grade",
    "directorate",
    "contract",
    "vacancy",
    "characteristic",
    "from",
    "to",
    "minimum",
    "looks",
    "by",
    "change_date",
    "over_time",
    "format",
];

pub(in crate::http) async fn audit(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let format = format(&parameters)?;
    answer(&state, viewer, filter(&parameters)?, format).await
}

/// Evidence over time, family by family, as JSON or as a page.
pub(in crate::http) async fn evidence(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    watched(&state, viewer, &parameters, format(&parameters)?).await
}

/// Watches vacancies and writes what is seen.
pub(in crate::http) async fn watched(
    state: &AppState,
    viewer: Viewer,
    parameters: &Parameters,
    format: Format,
) -> Result<Response, Problem> {
    if !matches!(format, Format::Json | Format::Html) {
        return Err(refused("format", "json or html"));
    }
    let (app, filter) = (Arc::clone(&state.app), filter(parameters)?);
    let of_reports = ["benchmark", "by", "change_date", "over_time"];
    if let Some(name) = of_reports.iter().find(|name| parameters.get(name).is_some()) {
        return Err(refused(name, "left out: it belongs to reports, at /v1/audits"));
    }
    let work = tokio::task::spawn_blocking(move || -> Result<String, WorkflowError> {
        let monitor = workflow::monitor_vacancies(&app, &viewer, &filter)?;
        Ok(match format {
            Format::Html => report::monitor_to_html(&monitor),
            _ => report::monitor_to_json(&monitor).to_string(),
        })
    });
    Ok(response(format, finished(work.await)?.into_bytes()))
}

/// What finished work came to, or the problem that it ended in.
fn finished<T>(
    work: Result<Result<T, WorkflowError>, tokio::task::JoinError>,
) -> Result<T, Problem> {
    let done = work.map_err(|_| {
        tracing::error!("an audit ended in a panic");
        internal()
    })?;
    Ok(done?)
}

fn internal() -> Problem {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Problem::new(status, "internal", "Something went wrong on our side.")
}

/// Runs an audit and writes it.
pub(in crate::http) async fn answer(
    state: &AppState,
    viewer: Viewer,
    filter: AuditFilter,
    format: Format,
) -> Result<Response, Problem> {
    let app = Arc::clone(&state.app);
    // An audit of years of vacancies computes for a while, and other requests should not wait for it.
    let work = tokio::task::spawn_blocking(move || -> Result<_, WorkflowError> {
        let audit = workflow::audit_vacancies(&app, &viewer, &filter)?;
        Ok(format.write(&audit))
    });
    let written = finished(work.await)?;
    let bytes = written.map_err(|error| {
        tracing::error!(%error, "a report could not be written");
        internal()
    })?;
    Ok(response(format, bytes))
}

/// The form asked for; JSON when nothing is said.
pub(in crate::http) fn format(parameters: &Parameters) -> Result<Format, Problem> {
    let Some(name) = parameters.get("format") else { return Ok(Format::Json) };
    Format::of_name(name).ok_or_else(|| refused("format", "json, text, html, csv, xlsx or pdf"))
}

/// What to look at. A parameter that does not exist is refused: a misspelt filter would widen the audit unseen.
pub(in crate::http) fn filter(parameters: &Parameters) -> Result<AuditFilter, Problem> {
    if let Some((name, _)) =
        parameters.0.iter().find(|(name, _)| !PARAMETERS.contains(&name.as_str()))
    {
        let shown: String =
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        let detail =
            format!("There is no parameter '{shown}'. There are: {}.", PARAMETERS.join(", "));
        return Err(Problem::new(StatusCode::BAD_REQUEST, "unknown_parameter", detail));
    }
    let characteristics = parameters
        .0
        .iter()
        .filter(|(name, _)| name == "characteristic")
        .flat_map(|(_, value)| value.split(','))
        .map(|id| id.trim().parse().map_err(|_| refused("characteristic", "a characteristic's id")))
        .collect::<Result<_, _>>()?;
    Ok(AuditFilter {
        policy: parameters.get("policy").map(str::to_owned),
        benchmark: parameters.get("benchmark").map(str::to_owned),
        only: VacancyFactor::ALL
            .into_iter()
            .filter_map(|factor| Some((factor, parameters.get(factor.name())?.to_owned())))
            .collect(),
        vacancy: parsed(parameters, "vacancy", "a vacancy's id")?,
        characteristics,
        from: parsed(parameters, "from", "a date like 2026-04-01")?,
        to: parsed(parameters, "to", "a date like 2027-03-31")?,
        minimum: parsed(parameters, "minimum", "a whole number")?,
        looks: match parameters.get("looks") {
            None | Some("once") => Looks::Once,
            Some("many") => Looks::Many,
            Some(_) => return Err(refused("looks", "once or many")),
        },
        by: parameters
            .0
            .iter()
            .filter(|(name, _)| name == "by")
            .flat_map(|(_, value)| value.split(','))
            .filter(|name| !name.trim().is_empty())
            .map(|name| {
                let expected = VacancyFactor::ALL.map(VacancyFactor::name).join(", ");
                VacancyFactor::of_name(name)
                    .ok_or_else(|| refused("by", &format!("one or several of {expected}")))
            })
            .collect::<Result<_, _>>()?,
        change_date: parsed(parameters, "change_date", "a date like 2026-04-01")?,
        over_time: match parameters.get("over_time") {
            None => None,
            Some("month") => Some(Unit::Month),
            Some("quarter") => Some(Unit::Quarter),
            Some("year") => Some(Unit::Year),
            Some(_) => return Err(refused("over_time", "month, quarter or year")),
        },
    })
}

fn parsed<T: std::str::FromStr>(
    parameters: &Parameters,
    name: &str,
    expected: &str,
) -> Result<Option<T>, Problem> {
    let value = parameters.get(name).map(|text| text.trim().parse());
    value.transpose().map_err(|_| refused(name, expected))
}

fn refused(name: &str, expected: &str) -> Problem {
    let detail = format!("The parameter '{name}' must be {expected}.");
    Problem::new(StatusCode::BAD_REQUEST, "bad_parameter", detail)
}

/// What a browser names the file that it saves.
fn file_name(format: Format) -> Option<&'static str> {
    match format {
        Format::Csv => Some("attachment; filename=\"equality-report.csv\""),
        Format::Xlsx => Some("attachment; filename=\"equality-report.xlsx\""),
        Format::Pdf => Some("attachment; filename=\"equality-report.pdf\""),
        Format::Json => Some("inline; filename=\"equality-report.json\""),
        Format::Text | Format::Html => None,
    }
}

fn response(format: Format, bytes: Vec<u8>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, format.media_type())], bytes).into_response();
    let headers = response.headers_mut();
    if let Some(name) = file_name(format) {
        headers.insert(header::CONTENT_DISPOSITION, header::HeaderValue::from_static(name));
    }
    if format == Format::Html {
        let policy = header::HeaderValue::from_static(REPORT_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
