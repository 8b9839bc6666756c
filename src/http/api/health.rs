//! Whether the program lives, and whether it can work: for whoever watches it. Counts and states only.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::http::state::AppState;
use crate::workflow;

pub(in crate::http) async fn live() -> Json<Value> {
    Json(json!({ "live": true }))
}

/// 200 when every check passes, 503 otherwise. What a check found is told in the log, not to everybody.
pub(in crate::http) async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let readiness = workflow::readiness(&state.app);
    let checks: serde_json::Map<String, Value> =
        readiness.checks.iter().map(|check| (check.name.to_owned(), json!(check.passed))).collect();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": readiness.ready, "checks": checks })))
}
