//! Takes a table of counts into the tallies, for vacancies whose applications nobody has any more. What the table says
//! of a vacancy replaces what an earlier one said; a vacancy that has applications is counted by them alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use super::authenticate::Viewer;
use super::change_vacancy::{merge, new_vacancy};
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::import_applications::{ImportError, ImportReport, ImportSettings, make_source, sender};
use super::receive_delivery::Sender;
use crate::domain::{
    CategoryId, CharacteristicId, Reference, StageId, TallyCounts, TallyKey, Vacancy,
    VacancyChanged, VacancyState,
};
use crate::intake::tabular::{
    TabularError, Tabulated, VacancyNames, VacancyRow, midnight, read_counts, read_vacancies,
};

/// The cells of one vacancy of a table.
type Cells = BTreeMap<(CharacteristicId, CategoryId, StageId), TallyCounts>;

/// Takes in a table of counts, which is read twice: once for its counts, once for what it says of vacancies.
///
/// # Errors
/// [`ImportError`] when the table cannot be read, the source is not there, or the service cannot write.
pub async fn import_counts(
    app: &Evenhand,
    viewer: &Viewer,
    mut table: impl Read + Seek + Send,
    settings: &ImportSettings,
) -> Result<ImportReport, ImportError> {
    let sender = sender(app, viewer, settings)?;
    let _keys = app.keys_in_use.read().await;
    let mapping = settings.mapping.clone().known_to(&app.rules)?;
    let counted = read_counts(&mut table, &mapping, &app.rules)?;
    table.rewind().map_err(TabularError::from)?;
    let facts = read_vacancies(&mut table, &mapping, VacancyNames::OfCounts, &[])?;
    let mut report = ImportReport {
        rows: counted.rows,
        left_out: counted.left_out,
        problems: counted.problems.iter().map(ToString::to_string).collect(),
        ..ImportReport::default()
    };
    let mut planned = Vec::new();
    for (name, cells) in by_vacancy(app, &counted, &mut report) {
        let facts = facts.vacancies.get(&name).cloned().unwrap_or_default();
        let rows = cells.len() as u64;
        match plan(app, &sender, &name, cells, &facts)? {
            Ok(Planned { is_new, vacancy, is_changed, cells }) => {
                let taken = &mut report.vacancies;
                match (is_new, is_changed || !cells.is_empty()) {
                    (true, _) => taken.new += 1,
                    (false, true) => taken.changed += 1,
                    (false, false) => taken.unchanged += 1,
                }
                planned.push(Planned { is_new, vacancy, is_changed, cells });
            }
            Err(problem) => report.leave_out(format!("the vacancy '{name}': {problem}"), rows),
        }
    }
    if !report.may_write(settings) {
        return Ok(report);
    }
    make_source(app, viewer, settings).await?;
    for Planned { vacancy, is_changed, cells, .. } in planned {
        let id = vacancy.id.clone();
        if is_changed {
            let fact = Fact::VacancySaved { vacancy, receipt: None };
            app.commit(&sender.organisation, viewer.actor(), &fact).await?;
        }
        if !cells.is_empty() {
            let fact = Fact::CountsImported { vacancy: id, cells };
            app.commit(&sender.organisation, viewer.actor(), &fact).await?;
        }
    }
    report.written = true;
    Ok(report)
}

/// One vacancy, checked: as it will be, and what its tallies lack.
struct Planned {
    is_new: bool,
    vacancy: Vacancy,
    is_changed: bool,
    cells: Vec<(TallyKey, TallyCounts)>,
}

/// The cells by vacancy, under the categories that the service counts by.
fn by_vacancy(
    app: &Evenhand,
    table: &Tabulated,
    report: &mut ImportReport,
) -> BTreeMap<String, Cells> {
    let rules = app.rules.characteristics();
    let mut unknown: BTreeSet<&CharacteristicId> = BTreeSet::new();
    let mut renamed: BTreeMap<(&CharacteristicId, &CategoryId), CategoryId> = BTreeMap::new();
    for found in &table.characteristics {
        if rules.get(&found.id).is_none() {
            unknown.insert(&found.id);
            continue;
        }
        for (category, label) in found.categories.iter().zip(&found.category_labels) {
            // Only what is no category of the rules bears its label.
            if let Some(label) = label {
                let resolved = rules.resolve(&found.id, label);
                if !rules.declared(&resolved) {
                    report.unknown_labels.push(format!("{}: '{label}'", found.id));
                }
                renamed.insert((&found.id, category), resolved);
            }
        }
    }
    let mut vacancies: BTreeMap<String, Cells> = BTreeMap::new();
    let mut left_out: BTreeMap<&CharacteristicId, u64> = BTreeMap::new();
    for (characteristic, category, stage, stratum, counts) in table.cells() {
        if unknown.contains(characteristic) {
            *left_out.entry(characteristic).or_default() += 1;
            continue;
        }
        let category = renamed.get(&(characteristic, category)).unwrap_or(category).clone();
        let key = (characteristic.clone(), category, stage.clone());
        *vacancies.entry(stratum.to_owned()).or_default().entry(key).or_default() += counts;
    }
    for (characteristic, rows) in left_out {
        let problem = format!(
            "the characteristic '{characteristic}' is in no rule, and the service keeps no tallies of it ({rows} counts)"
        );
        report.leave_out(problem, rows);
    }
    vacancies
}

fn plan(
    app: &Evenhand,
    sender: &Sender,
    name: &str,
    cells: Cells,
    facts: &VacancyRow,
) -> Result<Result<Planned, String>, WorkflowError> {
    let organisation = &sender.organisation;
    let reference: Reference = match name.parse() {
        Ok(reference) => reference,
        Err(error) => return Ok(Err(format!("its name cannot be kept: {error}"))),
    };
    let known = app.store.vacancy_by_reference(organisation, &sender.source, &reference)?;
    let is_new = known.is_none();
    let before = match known {
        Some(known) => known,
        None => new_vacancy(app, sender, reference.clone())?,
    };
    if !app.store.applications(organisation, &before.id)?.is_empty() {
        let problem =
            "the service has its applications; counts beside them would count people twice";
        return Ok(Err(problem.to_owned()));
    }
    let stages = app.rules.recruitment().progress().iter();
    let is_used = |stage: &&StageId| {
        before.stages.contains(stage) || cells.keys().any(|(.., used)| used == *stage)
    };
    let closed_at = facts.decided_on.and_then(midnight);
    let change = VacancyChanged {
        vacancy: reference,
        title: None,
        state: Some(VacancyState::Closed),
        family: facts.family.clone(),
        grade: None,
        directorate: None,
        contract: None,
        stages: Some(stages.filter(is_used).cloned().collect()),
        allow: None,
        opened_at: closed_at.filter(|_| is_new),
        closed_at,
    };
    let vacancy = merge(app, before.clone(), change)?;
    let mut lacking: BTreeMap<TallyKey, TallyCounts> = BTreeMap::new();
    for (key, counts) in app.store.tallies(organisation, Some(&vacancy.id))? {
        *lacking.entry(key).or_default() += -counts;
    }
    for ((characteristic, category, stage), counts) in cells {
        let key = TallyKey { vacancy: vacancy.id.clone(), characteristic, category, stage };
        *lacking.entry(key).or_default() += counts;
    }
    let cells = lacking.into_iter().filter(|(_, counts)| !counts.is_zero()).collect();
    Ok(Ok(Planned { is_new, is_changed: is_new || vacancy != before, vacancy, cells }))
}
