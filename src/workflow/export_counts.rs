//! The tallies of an organisation as a counts CSV, one row a cell, for its own analysts.

use std::collections::HashMap;

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use crate::domain::{OrganisationId, Reference, TallyCounts, VacancyState};

/// `characteristic,category,stage,stratum,entered,progressed`, with its source's name for the vacancy as the
/// stratum, or ours where two sources use the same one. Who is undecided in
/// an open vacancy, and who withdrew, is in neither count.
///
/// # Errors
/// [`WorkflowError::Store`] when a view cannot be read.
pub fn export_counts(
    app: &Evenhand,
    organisation: &OrganisationId,
) -> Result<String, WorkflowError> {
    let mut csv = String::from("characteristic,category,stage,stratum,entered,progressed\n");
    let vacancies = app.store.vacancies(organisation)?;
    let mut bearers: HashMap<&Reference, usize> = HashMap::new();
    for vacancy in &vacancies {
        *bearers.entry(&vacancy.reference).or_default() += 1;
    }
    for vacancy in &vacancies {
        let closed = vacancy.state == VacancyState::Closed;
        // Two systems may give the same name to a vacancy; our own names tell them apart.
        let is_alone = bearers.get(&vacancy.reference) == Some(&1);
        let stratum = match is_alone {
            true => field(vacancy.reference.as_str()),
            false => vacancy.id.to_string(),
        };
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
                stratum,
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

/// A value of the file, in quotes where it needs them. References hold no line breaks.
fn field(text: &str) -> String {
    if text.contains(['"', ',']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
