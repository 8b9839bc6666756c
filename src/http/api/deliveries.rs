//! Signed deliveries of sending systems. The body is handed on byte for byte, because it is what was signed.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::domain::SourceId;
use crate::http::error_table::refused_delivery;
use crate::http::extract::RawId;
use crate::http::limits::LargeBody;
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{self, DeliveryHeaders, WorkflowError};

pub(in crate::http) async fn receive(
    State(state): State<AppState>,
    RawId(source): RawId,
    headers: HeaderMap,
    body: LargeBody,
) -> Result<Response, Problem> {
    // What cannot name a source is answered like a source that does not exist.
    let source: SourceId =
        source.parse().map_err(|_| refused_delivery(WorkflowError::UnknownSource))?;
    let headers =
        DeliveryHeaders::new(headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    let answer = workflow::receive_delivery(&state.app, &source, &headers, &body.bytes)
        .await
        .map_err(refused_delivery)?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    Ok((status, Json(answer.body)).into_response())
}
