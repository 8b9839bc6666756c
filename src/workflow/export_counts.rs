//! The tallies of an organisation as a counts CSV, one row a cell, for its own analysts.

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use crate::domain::{OrganisationId, TallyCounts, VacancyState};

/// `characteristic,category,stage,stratum,entered,progressed`, with the vacancy as the stratum. Who is undecided in
/// an open vacancy, and who withdrew, is in neither count.
///
/// # Errors
/// [`WorkflowError::Store`] when a view cannot be read.
pub fn export_counts(
    app: &Evenhand,
    organisation: &OrganisationId,
) -> Result<String, WorkflowError> {
    let mut csv = String::from("characteristic,category,stage,stratum,entered,progressed\n");
    for vacancy in app.store.vacancies(organisation)? {
        let closed = vacancy.state == VacancyState::Closed;
        for (key, counts) in app.store.tallies(organisation, Some(&vacancy.id))? {
            if vacancy.stages.last() == Some(&key.stage) {
                continue;
            }
            let entered = decided(&counts, closed);
            csv.push_str(&format!(
                "{},{},{},{},{},{}\n",
                key.characteristic,
                key.category,
                key.stage,
                vacancy.id,
                entered,
                counts.progressed.max(0),
            ));
        }
    }
    Ok(csv)
}

/// Those who had a decision at the stage: in a closed vacancy, whoever was left had one too.
fn decided(counts: &TallyCounts, closed: bool) -> i64 {
    let undecided = if closed { counts.undecided() } else { 0 };
    (counts.progressed + counts.unsuccessful + undecided).max(0)
}
