//! Redaction alone: a text in, the redacted text out. Nothing is kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::http::extract::LargeJsonBody;
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{RedactionAnswer, RedactionRequest, redact_text};

pub(in crate::http) async fn redact(
    State(state): State<AppState>,
    sent: LargeJsonBody<RedactionRequest>,
) -> Result<Json<RedactionAnswer>, Problem> {
    let app = Arc::clone(&state.app);
    // A long text takes a while, and other requests should not wait for it.
    let work = tokio::task::spawn_blocking(move || {
        let LargeJsonBody { value, body } = sent;
        let answer = redact_text(app.redaction_engine(), value);
        // Held until here, so that the memory of texts that are worked on is counted.
        drop(body);
        answer
    });
    work.await.map(Json).map_err(|_| {
        tracing::error!("a redaction ended in a panic");
        let detail = "This text could not be redacted; nothing was kept of it.";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    })
}
