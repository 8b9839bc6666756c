//! Sending systems, for administrators. A secret is shown once, when it is made.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::SourceId;
use crate::http::extract::{Caller, Id, JsonBody};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{self, NewSource, SourceView};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Sender {
    id: SourceId,
    #[serde(default = "standard")]
    mapping: String,
}

fn standard() -> String {
    "standard".to_owned()
}

pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Caller(viewer): Caller,
) -> Result<Json<Value>, Problem> {
    let sources = workflow::list_sources(&state.app, &viewer)?;
    Ok(Json(json!({ "sources": sources.iter().map(source_body).collect::<Vec<_>>() })))
}

pub(in crate::http) async fn add(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    JsonBody(sender): JsonBody<Sender>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    if state.app.rules().source(&sender.mapping).is_none() {
        let known: Vec<&str> = state.app.rules().sources().iter().map(|m| m.id.as_str()).collect();
        let detail =
            format!("Expected one of the mappings in rules/sources: {}.", known.join(", "));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Problem::new(status, "unknown_mapping", detail).at("/mapping"));
    }
    let new = workflow::add_source(&state.app, &viewer, sender.id, &sender.mapping).await?;
    Ok((StatusCode::CREATED, Json(new_source_body(&new))))
}

pub(in crate::http) async fn add_secret(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(source): Id<SourceId>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let new = workflow::add_secret(&state.app, &viewer, &source).await?;
    Ok((StatusCode::CREATED, Json(new_source_body(&new))))
}

pub(in crate::http) async fn drop_old_secrets(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(source): Id<SourceId>,
) -> Result<Json<Value>, Problem> {
    let source = workflow::drop_old_secrets(&state.app, &viewer, &source).await?;
    Ok(Json(source_body(&source)))
}

fn source_body(source: &SourceView) -> Value {
    json!({
        "id": source.id,
        "mapping": source.mapping,
        "deliveries": format!("/v1/sources/{}/deliveries", source.id),
    })
}

fn new_source_body(new: &NewSource) -> Value {
    let mut body = source_body(&new.source);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("secret".to_owned(), json!(new.secret.as_str()));
    }
    body
}
