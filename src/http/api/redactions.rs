//! Redaction alone: a text in, the redacted text out. Nothing is kept.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::http::extract::LargeJsonBody;
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::redaction::contract::{self, RedactionAnswer, RedactionRequest};

pub(in crate::http) async fn redact(
    State(state): State<AppState>,
    body: LargeJsonBody<RedactionRequest>,
) -> Result<Json<RedactionAnswer>, Problem> {
    // A long text takes a while, and other requests should not wait for it.
    let work = tokio::task::spawn_blocking(move || {
        contract::answer(state.app.redaction_engine(), body.value)
    });
    work.await.map(Json).map_err(|_| {
        tracing::error!("a redaction ended in a panic");
        let detail = "This text could not be redacted; nothing was kept of it.";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    })
}
