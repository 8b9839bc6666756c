//! A table as counts, and an audit with what was wrong with the table beside it. Reads no file.

use super::AuditedTable;
use crate::domain::{CharacteristicId, TallyCounts};
use crate::fairness::{Audit, AuditRequest, Counts, StageCounts, Warning};
use crate::intake::tabular::{RowProblem, Tabulated, TabulatedCharacteristic};
use crate::rulebook::Rulebook;

/// The audit with what was wrong with its table.
pub(super) fn finished(
    mut audit: Audit,
    table: Tabulated,
    request: &AuditRequest,
    rules: &Rulebook,
) -> AuditedTable {
    audit.warnings.splice(0..0, warnings(&table, request, rules));
    AuditedTable {
        audit,
        rows: table.rows + table.event_rows,
        left_out: table.left_out + table.event_rows_left_out,
        described: (table.problems.len() + table.event_problems.len()) as u64,
        problems: problems(&table).collect(),
        unknown_labels: unknown_labels(&table),
        other_sheets: table.other_sheets,
        columns: table.columns,
    }
}

/// What is not known of a table that could be read only once.
pub(super) fn read_once(table: &Tabulated, compare_by: &[String]) -> Vec<Warning> {
    let columns = table.vacancy_columns.clone();
    let factors = compare_by.to_vec();
    [
        (!columns.is_empty()).then_some(Warning::ColumnsNotUsed { columns }),
        (!factors.is_empty()).then_some(Warning::FactorsNotUsed { factors }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The counts of a table, every vacancy of it closed.
pub(in super::super) fn counts_of(table: &Tabulated) -> Counts {
    let mut counts = Counts::new(&table.stages);
    for (characteristic, category, stage, stratum, tally) in table.cells() {
        counts.add(characteristic, category, stage, stratum, stage_counts(tally));
    }
    for found in &table.characteristics {
        if let Some(label) = &found.label {
            counts.name(&found.id, None, label);
        }
        for (category, label) in found.categories.iter().zip(&found.category_labels) {
            if let Some(label) = label {
                counts.name(&found.id, Some(category), label);
            }
        }
    }
    counts
}

pub(super) fn stage_counts(tally: TallyCounts) -> StageCounts {
    let people = |count: i64| u64::try_from(count).unwrap_or(0);
    StageCounts {
        entered: people(tally.progressed) + people(tally.unsuccessful),
        progressed: people(tally.progressed),
        undecided: people(tally.undecided()),
        withdrawn: people(tally.withdrawn),
    }
}

fn unknown_labels(table: &Tabulated) -> Vec<String> {
    let of =
        |characteristic: &CharacteristicId, label: &str| format!("{characteristic}: '{label}'");
    table
        .characteristics
        .iter()
        .flat_map(|found| found.unknown_labels.iter().map(|(label, _)| of(&found.id, label)))
        .collect()
}

/// Wrong rows of the main table, then those of the table of events; the first of each kind, with how many are like it.
fn problems(table: &Tabulated) -> impl Iterator<Item = String> {
    first_problems(table).map(|(problem, others)| match others {
        0 => problem,
        1 => format!("{problem} (and another row like it)"),
        _ => format!("{problem} (and {others} more rows like it)"),
    })
}

/// The first of every kind of problem, with how many others of the kind are described.
fn first_problems(table: &Tabulated) -> impl Iterator<Item = (String, usize)> {
    let mut kinds: Vec<(&RowProblem, &str, usize)> = Vec::new();
    let of_events = table.event_problems.iter().map(|problem| (problem, "events: "));
    for (problem, prefix) in table.problems.iter().map(|problem| (problem, "")).chain(of_events) {
        let same = |kind: &&mut (&RowProblem, &str, usize)| {
            kind.1 == prefix && kind.0.problem == problem.problem
        };
        match kinds.iter_mut().find(same) {
            Some((.., others)) => *others += 1,
            None => kinds.push((problem, prefix, 0)),
        }
    }
    kinds.into_iter().map(|(problem, prefix, others)| (format!("{prefix}{problem}"), others))
}

/// Rows left out for their stage; rare labels are counted, not quoted, since they may describe one person.
fn unknown_stages(table: &Tabulated, minimum: u64) -> Option<Warning> {
    let rows: u64 = table.unknown_stages.iter().map(|(_, rows)| rows).sum();
    let (common, rare): (Vec<_>, Vec<_>) =
        table.unknown_stages.iter().partition(|(_, rows)| *rows >= minimum);
    let mut labels: Vec<String> =
        common.iter().map(|(label, rows)| format!("'{label}' ({rows})")).collect();
    if !rare.is_empty() {
        labels.push(format!("{} rarer, not quoted here", rare.len()));
    }
    (rows > 0).then_some(Warning::UnknownStages { rows, of: table.rows, labels })
}

fn warnings(table: &Tabulated, request: &AuditRequest, rules: &Rulebook) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(unknown_stages(table, request.minimum()));
    if !table.tells_vacancies_apart() {
        warnings.push(Warning::VacanciesNotToldApart);
    }
    let left_out = table.left_out + table.event_rows_left_out;
    if left_out > 0 {
        let first = first_problems(table).take(3).map(|(problem, _)| problem).collect();
        let of = table.rows + table.event_rows;
        warnings.push(Warning::RowsLeftOut { rows: left_out, of, first });
    }
    warnings.extend(not_compared(table, request, rules));
    for characteristic in &table.characteristics {
        if characteristic.unknown_labels.is_empty() {
            continue;
        }
        let known = rules.characteristics().get(&characteristic.id);
        // A label is free text and may describe one person: a report counts the rare ones and does not quote them.
        // Whoever holds the table is told all of them, in `AuditedTable::unknown_labels`.
        let (common, rare): (Vec<_>, Vec<_>) =
            characteristic.unknown_labels.iter().partition(|(_, rows)| *rows >= request.minimum());
        // Rounded: beside who was decided on, the exact number would tell how many of them withdrew.
        let about = |rows: u64| ((rows + 5) / 10 * 10).max(10);
        let mut labels: Vec<String> = common
            .iter()
            .map(|(label, rows)| format!("'{label}' (about {})", about(*rows)))
            .collect();
        if !rare.is_empty() {
            labels.push(format!("{} rarer, not quoted here", rare.len()));
        }
        warnings.push(Warning::UnmappedLabels {
            characteristic: known
                .map_or_else(|| characteristic.id.to_string(), |c| c.label.clone()),
            labels,
        });
    }
    warnings
}

/// What was read and is not looked at by the policy: of counts characteristic by characteristic, of applications in one.
fn not_compared(table: &Tabulated, request: &AuditRequest, rules: &Rulebook) -> Vec<Warning> {
    let policy = &request.policy;
    let is_compared = |id: &CharacteristicId| {
        policy.characteristics.is_empty() || policy.characteristics.contains(id)
    };
    let label = |of: &TabulatedCharacteristic| {
        let known = rules.characteristics().get(&of.id).map(|found| found.label.clone());
        known.or_else(|| of.label.clone()).unwrap_or_else(|| of.id.to_string())
    };
    let warning = |characteristics: Vec<String>, rows: Option<u64>| {
        let policy = policy.title.clone();
        (!characteristics.is_empty()).then_some(Warning::NotCompared {
            characteristics,
            rows,
            policy,
        })
    };
    let left = table.characteristics.iter().filter(|found| !is_compared(&found.id));
    let (counted, answers): (Vec<_>, Vec<_>) = left.partition(|found| found.rows.is_some());
    let of_counts = counted.into_iter().filter_map(|of| warning(vec![label(of)], of.rows));
    of_counts.chain(warning(answers.into_iter().map(label).collect(), None)).collect()
}
