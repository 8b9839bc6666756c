//! Redaction alone: a text in, the redacted text out. Nothing is kept.

use axum::http::StatusCode;

use crate::http::extract::LargeJsonBody;
use crate::http::problem::Problem;

pub(in crate::http) async fn redact(body: LargeJsonBody<serde_json::Value>) -> Result<(), Problem> {
    let _ = body.value;
    Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", ""))
}
