//! What a recruiter does to one application: move it, ask who it is, erase it, have its pack made again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::vacancies::application_body;
use crate::domain::{ApplicationId, StageId};
use crate::http::extract::{Caller, Id, JsonBody};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NextStage {
    stage: StageId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Reason {
    reason: String,
}

pub(in crate::http) async fn move_on(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(application): Id<ApplicationId>,
    JsonBody(next): JsonBody<NextStage>,
) -> Result<Json<Value>, Problem> {
    let moved = workflow::record_outcome(&state.app, &viewer, &application, &next.stage).await?;
    Ok(Json(application_body(&moved)))
}

pub(in crate::http) async fn disclose(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(application): Id<ApplicationId>,
    JsonBody(given): JsonBody<Reason>,
) -> Result<Json<Value>, Problem> {
    let disclosure =
        workflow::disclose_identity(&state.app, &viewer, &application, &given.reason).await?;
    // A field may have several values, so each is a list.
    let mut identity = Map::new();
    for (field, value) in disclosure.fields {
        if let Value::Array(values) = identity.entry(field).or_insert_with(|| json!([])) {
            values.push(Value::String(value));
        }
    }
    Ok(Json(json!({ "pseudonym": disclosure.pseudonym, "identity": identity })))
}

pub(in crate::http) async fn erase(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(application): Id<ApplicationId>,
    JsonBody(given): JsonBody<Reason>,
) -> Result<StatusCode, Problem> {
    workflow::erase_candidate(&state.app, &viewer, &application, &given.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(in crate::http) async fn redact_again(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(application): Id<ApplicationId>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    workflow::request_redaction(&state.app, &viewer, &application).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "pack": { "state": "pending" } }))))
}
