//! An error as an answer: RFC 9457 problem+json for programs, a page for people. Which status and code an error
//! gets is decided in `error_table`.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::pages;
use super::state::AppState;

/// What went wrong, as the asker is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code for programs.
    pub code: &'static str,
    /// One or two sentences; never a word of an application.
    pub detail: String,
    /// JSON pointer to the field of the body that is wrong.
    pub path: Option<String>,
    /// After how many seconds to try again.
    pub retry_after_s: Option<u32>,
}

impl Problem {
    /// A problem without a path.
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), path: None, retry_after_s: None }
    }

    /// The same with the place in the body.
    #[must_use]
    pub(super) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same with the advice to try again.
    #[must_use]
    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// There is nothing at this address.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
    }

    /// The word for a status that some layer answered with, without saying more.
    fn from_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "This address knows other methods; see the header Allow.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The body is larger than is accepted."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("unsupported_media_type", "The body has another media type than is accepted.")
            }
            StatusCode::REQUEST_TIMEOUT => ("timed_out", "The request took too long to arrive."),
            status if status.is_client_error() => {
                ("bad_request", "The request could not be understood.")
            }
            _ => ("internal", "Something went wrong on our side; nothing was accepted."),
        };
        Self::new(status, code, detail)
    }

    fn json(&self) -> Response {
        let mut body = json!({
            "type": format!("urn:evenhand:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let (Some(path), Some(fields)) = (&self.path, body.as_object_mut()) {
            fields.insert("path".to_owned(), json!(path));
        }
        let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status, media_type, Json(body)).into_response()
    }

    /// The page: what is wrong in words of the message file, and the detail where it helps a person.
    fn page(&self, state: &AppState) -> Response {
        let words = &state.words;
        if self.status == StatusCode::UNAUTHORIZED {
            return (self.status, Html(pages::sign_in(words, None).into_string())).into_response();
        }
        let title = match self.status {
            StatusCode::FORBIDDEN => "problem-forbidden",
            StatusCode::NOT_FOUND => "problem-not-found",
            StatusCode::GONE => "problem-gone",
            StatusCode::CONFLICT => "problem-conflict",
            StatusCode::UNPROCESSABLE_ENTITY => "problem-unacceptable",
            StatusCode::PAYLOAD_TOO_LARGE => "problem-too-large",
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "problem-busy",
            StatusCode::INSUFFICIENT_STORAGE => "problem-no-space",
            status if status.is_client_error() => "problem-bad-request",
            _ => "problem-internal",
        };
        let helps = matches!(
            self.status,
            StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
        );
        let detail = helps.then_some(self.detail.as_str());
        let page = pages::problem(words, &words.text(title), detail, self.code);
        (self.status, Html(page.into_string())).into_response()
    }

    fn headers(&self, headers: &mut HeaderMap) {
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
}

impl IntoResponse for Problem {
    /// Status only; `answer` writes the body when it is known who asked.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every error its body: ours, and those of axum's own rejections, unknown addresses and wrong methods.
pub(super) async fn answer(state: AppState, request: Request, next: Next) -> Response {
    let for_programs = is_for_programs(request.uri().path());
    let mut response = next.run(request).await;
    let ours = response.extensions_mut().remove::<Problem>();
    let status = response.status();
    if ours.is_none() && !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    if ours.is_none() && response.extensions().get::<Finished>().is_some() {
        return response;
    }
    let problem = ours.unwrap_or_else(|| Problem::from_status(status));
    let mut answer = if for_programs { problem.json() } else { problem.page(&state) };
    problem.headers(answer.headers_mut());
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    answer
}

/// Marks an error answer whose body is as it should be: a page with its form and what to change in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finished;

/// Programs talk to these addresses, people to all others.
fn is_for_programs(path: &str) -> bool {
    ["/v1/", "/health/"].iter().any(|prefix| path.starts_with(prefix)) || path == "/v1"
}
