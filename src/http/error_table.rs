//! The one table that turns what went wrong into an answer.

use axum::http::StatusCode;

use super::problem::Problem;
use crate::workflow::{ErrorKind, WorkflowError};

/// How long a sender should wait when too much work is queued, in seconds.
const BUSY_S: u32 = 2;
/// How long when the disk is full or the program cannot work, in seconds: somebody has to do something first.
const UNAVAILABLE_S: u32 = 60;

/// The code of a delivery that nobody signed whom we know.
const WRONG_SIGNATURE: &str = "signature_wrong";

/// The status for each kind of failure, and after how many seconds to try again.
fn status(kind: ErrorKind) -> (StatusCode, Option<u32>) {
    match kind {
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, None),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, None),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, None),
        ErrorKind::Gone => (StatusCode::GONE, None),
        ErrorKind::Malformed => (StatusCode::BAD_REQUEST, None),
        ErrorKind::Unacceptable => (StatusCode::UNPROCESSABLE_ENTITY, None),
        ErrorKind::Conflict => (StatusCode::CONFLICT, None),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, None),
        ErrorKind::Busy => (StatusCode::SERVICE_UNAVAILABLE, Some(BUSY_S)),
        ErrorKind::NoSpace => (StatusCode::INSUFFICIENT_STORAGE, Some(UNAVAILABLE_S)),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some(UNAVAILABLE_S)),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, None),
    }
}

impl From<WorkflowError> for Problem {
    fn from(error: WorkflowError) -> Self {
        let kind = error.kind();
        if kind == ErrorKind::Internal || kind == ErrorKind::Unavailable {
            // Handled here, so logged here; the asker learns the code only.
            tracing::error!(error.code = error.code(), error.message = %error, "request failed");
            let (status, retry_after_s) = status(kind);
            let detail = "Something went wrong on our side; nothing was accepted.";
            return Self { retry_after_s, ..Self::new(status, error.code(), detail) };
        }
        let (status, retry_after_s) = status(kind);
        let path = match &error {
            WorkflowError::Mapping(error) => error.path().map(str::to_owned),
            _ => None,
        };
        Self { path, retry_after_s, ..Self::new(status, error.code(), sentence(&error)) }
    }
}

/// The error's message as a sentence.
fn sentence(error: &WorkflowError) -> String {
    let message = error.to_string();
    let mut characters = message.chars();
    match characters.next() {
        Some(first) if !first.is_uppercase() && first.is_alphabetic() => {
            format!("{}{}.", first.to_uppercase(), characters.as_str())
        }
        _ => format!("{message}."),
    }
}

/// The answer to a delivery that was refused. A source that does not exist answers exactly as one whose secret does
/// not fit, so that nobody can find out by trying which sources there are.
pub(super) fn refused_delivery(error: WorkflowError) -> Problem {
    match error {
        WorkflowError::UnknownSource => wrong_signature(),
        other if other.code() == WRONG_SIGNATURE => wrong_signature(),
        other => other.into(),
    }
}

fn wrong_signature() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        WRONG_SIGNATURE,
        "No source of this name accepts this signature. Check the name in the address and the secret, and sign the \
         body byte for byte as it is sent.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::AppendError;

    #[test]
    fn whoever_should_come_back_is_told_when() {
        for error in [AppendError::Busy, AppendError::NoSpace] {
            assert!(Problem::from(WorkflowError::Append(error)).retry_after_s.is_some());
        }
        assert_eq!(Problem::from(WorkflowError::NotAssigned).retry_after_s, None);
    }

    #[test]
    fn each_kind_of_failure_has_its_status() {
        for (error, expected_status, expected_code) in [
            (WorkflowError::UnknownVacancy, 404, "unknown_vacancy"),
            (WorkflowError::NotAssigned, 403, "not_assigned"),
            (WorkflowError::Erased, 410, "application_erased"),
            (WorkflowError::PackWithheld, 409, "pack_withheld"),
            (WorkflowError::ReasonMissing, 422, "reason_missing"),
            (WorkflowError::Undecodable("x".into()), 500, "internal"),
            (WorkflowError::UnknownMapping("x".into()), 503, "unknown_mapping"),
            (WorkflowError::Append(AppendError::Busy), 503, "too_busy"),
            (WorkflowError::Append(AppendError::NoSpace), 507, "disk_full"),
        ] {
            let problem = Problem::from(error);
            assert_eq!((problem.status.as_u16(), problem.code), (expected_status, expected_code));
        }
    }

    #[test]
    fn an_unknown_source_answers_as_a_wrong_signature() {
        let unknown = refused_delivery(WorkflowError::UnknownSource);
        let wrong = crate::intake::SignatureError::WrongSignature;
        assert_eq!(unknown, refused_delivery(WorkflowError::Signature(wrong)));
        assert_eq!(unknown.status.as_u16(), 401);
    }

    #[test]
    fn a_fault_of_ours_says_nothing_about_itself() {
        let problem = Problem::from(WorkflowError::Undecodable("application_received".into()));
        assert!(!problem.detail.contains("application_received"));
    }
}
