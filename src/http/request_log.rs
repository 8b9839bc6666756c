//! One event per request: method, route as the table has it, status, time. Never an address with identifiers in
//! it, never a header, never content.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Logs a request when it is answered.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let method = if method.as_str().len() <= 7 { method.as_str() } else { "(other)" };
    tracing::info!(
        http.method = method,
        http.route = route,
        http.status = status,
        duration_ms,
        "request answered"
    );
    response
}
