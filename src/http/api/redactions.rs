//! Redaction alone: a text in, the redacted text out; or a document in, the panel's copy out. Nothing is kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::domain::Identity;
use crate::http::extract::{self, LargeJsonBody};
use crate::http::limits::LargeBody;
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::http::{copies, multipart};
use crate::workflow::{
    CleanAnswer, CleanRequest, CleanWords, RedactionAnswer, RedactionRequest, WriteFormat,
    clean_document, redact_text,
};

/// A text in JSON, or a document in a form.
pub(in crate::http) async fn redact(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = content_type.trim_start().to_ascii_lowercase().starts_with("multipart/");
    if !is_form {
        let sent = LargeJsonBody::from_request(request, &state).await?;
        return text(state, sent).await.map(Json::into_response);
    }
    let boundary = multipart::boundary(content_type).ok_or_else(malformed)?;
    let body = LargeBody::from_request(request, &state).await?;
    document(state, boundary, body).await
}

fn malformed() -> Problem {
    let detail = "The body is no whole multipart/form-data with a boundary.";
    Problem::new(StatusCode::BAD_REQUEST, "not_a_form", detail)
}

/// What a form asks for.
#[derive(Default)]
struct Form<'a> {
    document: Option<multipart::Part<'a>>,
    identity: Identity,
    allow: Vec<String>,
    format: Option<WriteFormat>,
}

fn read_form<'a>(body: &'a [u8], boundary: &str) -> Result<Form<'a>, Problem> {
    let refused = |code, detail: &str, path: &str| {
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).at(path))
    };
    let text = |part: &multipart::Part<'_>| {
        String::from_utf8(part.bytes.to_vec()).map_err(|_| {
            let detail = "This part must be text in UTF-8.";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_type", detail)
                .at(format!("/{}", part.name))
        })
    };
    let mut form = Form::default();
    let mut identified = false;
    for part in multipart::parts(body, boundary).ok_or_else(malformed)? {
        match part.name.as_str() {
            "document" if form.document.is_none() => form.document = Some(part),
            "identity" if !identified => {
                form.identity = extract::parse(part.bytes).map_err(|problem| {
                    let path = format!("/identity{}", problem.path.as_deref().unwrap_or_default());
                    problem.at(path)
                })?;
                identified = true;
            }
            "allow" => form.allow.extend(Some(text(&part)?).filter(|word| !word.trim().is_empty())),
            "to" if form.format.is_none() => {
                form.format = Some(copies::format(Some(&text(&part)?))?)
            }
            "document" | "identity" | "to" => {
                let detail = "This part may be there once only.";
                return refused("part_twice", detail, &format!("/{}", part.name));
            }
            _ => {
                let detail = "A part of the form is not known; the parts are document, identity (JSON), allow (may be \
                              repeated) and to (pdf, docx, html or txt).";
                return refused("unknown_part", detail, "");
            }
        }
    }
    if form.document.is_none() {
        return refused("document_missing", "The form has no part 'document'.", "/document");
    }
    Ok(form)
}

/// A document in, the panel's copy of it out. Nothing is kept.
async fn document(state: AppState, boundary: String, body: LargeBody) -> Result<Response, Problem> {
    // A document takes a while, and other requests should not wait for it.
    let work = tokio::task::spawn_blocking(move || {
        let form = read_form(&body.bytes, &boundary)?;
        let Some(part) = form.document else { return Err(malformed()) };
        let format = form.format.unwrap_or(WriteFormat::Pdf);
        let words = &state.words;
        let request = CleanRequest {
            document: part.bytes,
            media_type: part.media_type.as_deref(),
            file_name: part.file_name.as_deref(),
            identity: &form.identity,
            allow: &form.allow,
            format,
            words: CleanWords {
                title: &words.text("clean-title"),
                language: &words.language(),
                page_words: &words.text("clean-page"),
            },
        };
        let engine = state.app.redaction_engine()?;
        let answer = clean_document(engine, state.app.document_reader(), &request);
        let CleanAnswer { file, problems, proof, .. } = answer;
        match file {
            Some(file) => Ok(copies::answer(file, format, "application", &proof)),
            None => {
                let reasons =
                    problems.iter().map(|reason| format!("{}: {}", reason.code, reason.message));
                let detail = reasons.collect::<Vec<_>>().join("; ");
                Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "withheld", detail)
                    .at("/document"))
            }
        }
    });
    work.await.unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Problem {
    tracing::error!("a redaction ended in a panic");
    let detail = "This text could not be redacted; nothing was kept of it.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
}

async fn text(
    state: AppState,
    sent: LargeJsonBody<RedactionRequest>,
) -> Result<Json<RedactionAnswer>, Problem> {
    let app = Arc::clone(&state.app);
    // A long text takes a while, and other requests should not wait for it.
    let work = tokio::task::spawn_blocking(move || {
        let LargeJsonBody { value, body } = sent;
        let answer = redact_text(app.redaction_engine()?, value);
        // Held until here, so that the memory of texts that are worked on is counted.
        drop(body);
        Ok(Json(answer))
    });
    work.await.unwrap_or_else(|_| Err(panicked()))
}
