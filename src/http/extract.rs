//! What handlers take from a request, each with an answer of ours when it is not there: identifiers in the address,
//! parameters, JSON bodies, forms, and who is asking.

use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::limits::{LargeBody, SmallBody};
use super::problem::Problem;
use crate::workflow::Viewer;

/// Who is asking; `access` has put them there.
pub(super) struct Caller(pub Viewer);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Viewer>().cloned().map(Self).ok_or_else(|| {
            Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", "A bearer token is needed.")
        })
    }
}

/// One identifier in the address. What is no identifier names nothing that exists.
pub(super) struct Id<A>(pub A);

impl<A: FromStr, S: Send + Sync> FromRequestParts<S> for Id<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = segments::<String, S>(parts, state).await?;
        Ok(Self(text.parse().map_err(|_| Problem::not_found())?))
    }
}

/// One part of the address as it stands there.
pub(super) struct RawId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for RawId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = segments::<String, S>(parts, state).await?;
        Ok(Self(text))
    }
}

/// Two identifiers in the address.
pub(super) struct Ids<A, B>(pub A, pub B);

impl<A: FromStr, B: FromStr, S: Send + Sync> FromRequestParts<S> for Ids<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((first, second)) = segments::<(String, String), S>(parts, state).await?;
        let missing = || Problem::not_found();
        let first = first.parse().map_err(|_| missing())?;
        Ok(Self(first, second.parse().map_err(|_| missing())?))
    }
}

async fn segments<T, S>(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())
}

/// Parameters behind the question mark, in order; empty ones, which forms send for fields left blank, are left out.
pub(super) struct Parameters(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = decode(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()))
    }
}

impl Parameters {
    /// The last value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Names and values as browsers write them; whatever the bytes, this reads something.
fn decode(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

/// The fields of a form.
pub(super) struct Fields(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let SmallBody(bytes) = SmallBody::from_request(request, state).await?;
        Ok(Self(decode(&bytes)))
    }
}

impl Fields {
    /// The last value of a field, or an empty text.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).last().unwrap_or_default()
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// A small JSON body of a shape.
pub(super) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let SmallBody(bytes) = SmallBody::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// A large JSON body of a shape; its share of memory is held for as long as this is.
pub(super) struct LargeJsonBody<T> {
    /// What was sent.
    pub value: T,
    /// The bytes it came from, and their share of memory.
    pub body: LargeBody,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for LargeJsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = LargeBody::from_request(request, state).await?;
        Ok(Self { value: parse(&body.bytes)?, body })
    }
}

/// Reads JSON. Bytes that are no JSON are 400; JSON of another shape is 422 with the path, never with the value.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = pointer(error.path().iter());
        let inner = error.into_inner();
        if inner.is_data() { shape_problem(&inner, path) } else { syntax_problem(&inner) }
    })?;
    reader.end().map_err(|error| syntax_problem(&error))?;
    Ok(value)
}

fn syntax_problem(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let detail = format!("The body is not JSON: line {line}, column {column}.");
    Problem::new(StatusCode::BAD_REQUEST, "not_json", detail)
}

fn shape_problem(error: &serde_json::Error, path: String) -> Problem {
    let message = error.to_string();
    // "invalid type: string \"…\", expected u32": what was found may be a person's data, so only the rest is told.
    let expected = message.rsplit_once("expected ").map(|(_, expected)| expected);
    let expected = expected.and_then(|text| text.split(" at line").next());
    let detail = match (expected, message.split(" at line").next()) {
        (Some(expected), _) => format!("Expected {expected}."),
        (None, Some(named)) if named.starts_with("missing field") => {
            format!("The body has a {named}.")
        }
        _ => "The value is not acceptable here.".to_owned(),
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_type", detail).at(path)
}

fn pointer<'a>(segments: impl Iterator<Item = &'a Segment>) -> String {
    segments.fold(String::new(), |path, segment| match segment {
        Segment::Seq { index } => format!("{path}/{index}"),
        Segment::Map { key } => format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => path,
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "only parsed")]
        names: Vec<String>,
        #[serde(default)]
        #[expect(dead_code, reason = "only parsed")]
        count: u32,
    }

    #[test]
    fn a_wrong_body_is_named_by_its_path_and_never_by_its_value() {
        for (body, code, path) in [
            ("{", "not_json", None),
            ("{\"names\": []} {}", "not_json", None),
            ("7", "wrong_type", Some("")),
            ("{\"names\": [\"a\", 7]}", "wrong_type", Some("/names/1")),
            ("{\"names\": \"Zebedee\"}", "wrong_type", Some("/names")),
            ("{\"names\": [], \"count\": \"Zebedee\"}", "wrong_type", Some("/count")),
            ("{\"names\": [], \"count\": -1}", "wrong_type", Some("/count")),
            ("{}", "wrong_type", Some("")),
        ] {
            let problem = parse::<Shape>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.code, problem.path.as_deref()), (code, path), "{body}");
            assert!(!problem.detail.contains("Zebedee"), "{}", problem.detail);
        }
    }
}
