//! Whether the program can do its work now, part by part.

use super::evenhand::Evenhand;
use crate::journal::JournalState;

/// Whether the program can do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Whether every check passed.
    pub ready: bool,
    /// The checks.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// Whether it passed.
    pub passed: bool,
    /// What was found, for an operator.
    pub detail: String,
}

/// Checks the journal and the views.
pub fn readiness(app: &Evenhand) -> Readiness {
    let state = app.journal.state();
    let journal = Check {
        name: "journal",
        // After a full disk only the next record shows that there is space again, so room is enough to be ready.
        passed: app.has_room(0) && !matches!(state, JournalState::Stopped(_)),
        detail: match state {
            JournalState::Running if app.has_room(0) => "accepts records".to_owned(),
            JournalState::Running => {
                "there is hardly any space left; nothing is accepted".to_owned()
            }
            JournalState::NoSpace => "the disk is full; nothing is accepted".to_owned(),
            JournalState::Stopped(reason) => format!("stopped: {reason}"),
        },
    };
    let views = match app.store.reflected() {
        Ok(reflected) => Check {
            name: "views",
            passed: true,
            detail: format!("reflect record {}", reflected.unwrap_or(0)),
        },
        Err(error) => Check { name: "views", passed: false, detail: error.to_string() },
    };
    let checks = vec![journal, views];
    Readiness { ready: checks.iter().all(|check| check.passed), checks }
}
