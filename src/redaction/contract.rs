//! The JSON that goes in and comes out, one object per text: the same on the command line and over HTTP. Shapes only.

use serde::{Deserialize, Serialize};

use super::{Action, Engine, Kind};
use crate::domain::Identity;

/// One text to redact. Fields that are not named here are ignored, so that records of other systems can be passed on.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RedactionRequest {
    /// The sender's name for the text; answered unchanged.
    #[serde(default)]
    pub id: serde_json::Value,
    /// The text.
    pub text: String,
    /// What the sender knows of the candidate.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Words that the person specification asks for.
    #[serde(default)]
    pub allow: Vec<String>,
}

/// One span, as answered.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerSpan {
    /// First character, in Unicode scalars.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// What it shows.
    pub kind: Kind,
    /// Which rule found it.
    pub rule: String,
    /// What was done.
    pub action: Action,
    /// What stands there now.
    pub replacement: String,
}

/// A problem, as answered.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerProblem {
    /// A stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// The answer to one request.
#[derive(Clone, Serialize)]
pub struct RedactionAnswer {
    /// The request's id.
    pub id: serde_json::Value,
    /// The text with passages replaced.
    pub redacted: String,
    /// Whether a panel may see it.
    pub released: bool,
    /// Why not, if not.
    pub problems: Vec<AnswerProblem>,
    /// What was done.
    pub spans: Vec<AnswerSpan>,
}

/// Redacts one request.
pub fn answer(engine: &Engine, request: RedactionRequest) -> RedactionAnswer {
    let identity = request.identity.unwrap_or_default();
    let redaction = engine.redact(&request.text, &identity, &request.allow);
    let spans = redaction
        .spans
        .into_iter()
        .map(|span| AnswerSpan {
            start: span.start,
            end: span.end,
            kind: span.kind,
            rule: span.rule.as_str().to_owned(),
            action: span.action,
            replacement: span.replacement,
        })
        .collect();
    let problems = redaction
        .problems
        .into_iter()
        .map(|problem| AnswerProblem { code: problem.code.to_owned(), message: problem.message })
        .collect();
    RedactionAnswer {
        id: request.id,
        redacted: redaction.redacted,
        released: redaction.released,
        problems,
        spans,
    }
}
