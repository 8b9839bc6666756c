//! Clean copies as answers: media type, a name that says nothing of anybody, and the counts of the proof in headers.
//! Knows nothing of how a copy is made.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use crate::workflow::{BlindnessProof, WriteFormat};

/// How many values are known of the candidate.
const KNOWN: HeaderName = HeaderName::from_static("evenhand-known-values");
/// How many of them are in the copy: 0, or there is no copy.
const FOUND: HeaderName = HeaderName::from_static("evenhand-known-values-found");
/// How many parts of the copy were searched.
const PARTS: HeaderName = HeaderName::from_static("evenhand-parts-checked");

/// A format by its name; PDF if none is named.
pub(super) fn format(name: Option<&str>) -> Result<WriteFormat, Problem> {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or("pdf");
    WriteFormat::from_extension(name).ok_or_else(|| {
        let detail = "The format 'to' must be pdf, docx, html or txt.";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_format", detail).at("/to")
    })
}

/// A copy to save under `stem`, which must be of plain letters and digits.
pub(super) fn answer(
    file: Vec<u8>,
    format: WriteFormat,
    stem: &str,
    proof: &BlindnessProof,
) -> Response {
    let mut response = ([(header::CONTENT_TYPE, format.media_type())], file).into_response();
    let name = format!("attachment; filename=\"{stem}.{}\"", format.extension());
    let headers = response.headers_mut();
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    for (header, count) in
        [(KNOWN, proof.known), (FOUND, proof.found), (PARTS, proof.parts_checked)]
    {
        headers.insert(header, HeaderValue::from(count));
    }
    response
}
