//! Whether the program lives, and whether it can work: for whoever watches it. Counts and states only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::http::problem::Finished;
use crate::http::state::AppState;
use crate::workflow;

pub(in crate::http) async fn live() -> Json<Value> {
    Json(json!({ "live": true }))
}

/// 200 when every check passes, 503 otherwise. What a check found is told in the log, not to everybody.
pub(in crate::http) async fn ready(State(state): State<AppState>) -> Response {
    let readiness = workflow::readiness(&state.app);
    let checks: serde_json::Map<String, Value> =
        readiness.checks.iter().map(|check| (check.name.to_owned(), json!(check.passed))).collect();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    for check in readiness.checks.iter().filter(|check| !check.passed) {
        tracing::warn!(check = check.name, check.detail, "not ready");
    }
    let body = Json(json!({ "ready": readiness.ready, "checks": checks }));
    (status, Extension(Finished), body).into_response()
}
