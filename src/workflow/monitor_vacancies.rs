//! Evidence over time for an organisation's vacancies, from its tallies, family by family. Nobody's record is opened
//! for it.

use super::audit_vacancies::{self, AuditFilter};
use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use crate::fairness::{Monitor, monitor};

/// Watches the vacancies that the filter takes.
///
/// # Errors
/// As [`super::audit_vacancies`].
pub fn monitor_vacancies(
    app: &Evenhand,
    viewer: &Viewer,
    filter: &AuditFilter,
) -> Result<Monitor, WorkflowError> {
    let (counts, request) = audit_vacancies::prepared(app, viewer, filter)?;
    Ok(monitor(&counts, &request, &app.rules))
}
