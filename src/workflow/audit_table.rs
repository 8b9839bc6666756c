//! Audits a table from a file: read, count, audit. The order of work only.

use std::io::Read;
use std::path::PathBuf;

use crate::domain::{CharacteristicId, TallyCounts};
use crate::fairness::{Audit, AuditRequest, Counts, RequestError, StageCounts, Warning, audit};
use crate::intake::tabular::{
    Mapping, MappingError, RowProblem, TabularError, Tabulated, read_applications,
    read_applications_with_events, read_counts, read_events,
};
use crate::rulebook::{RuleError, Rulebook};

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// One row an application.
    Applications,
    /// One row a count.
    Counts,
}

/// The tables of an audit.
pub struct Tables<R> {
    /// What the main table holds.
    pub kind: TableKind,
    /// The main table.
    pub table: R,
    /// What became of its applications, when another table says that.
    pub events: Option<R>,
}

/// Why a table was not audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditTableError {
    /// The mapping file.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The table.
    #[error(transparent)]
    Table(#[from] TabularError),
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// What was asked for.
    #[error(transparent)]
    Request(#[from] RequestError),
}

impl AuditTableError {
    /// Whether the request, not the data, is at fault.
    pub fn is_wrong_use(&self) -> bool {
        matches!(self, Self::Request(_))
    }
}

/// Everything that an audit of a table is asked with.
#[derive(Debug, Clone, Default)]
pub struct AuditSettings {
    /// A folder of rules; the built-in ones when not given.
    pub rules: Option<PathBuf>,
    /// The policy.
    pub policy: String,
    /// The smallest count that is shown.
    pub minimum: u64,
    /// Whose decisions these are.
    pub organisation: String,
    /// When they were taken.
    pub period: String,
    /// How the data were narrowed, in words.
    pub filters: Vec<String>,
    /// Population shares that applicants are compared with.
    pub benchmark: Option<String>,
    /// How the table is read.
    pub table: TableSettings,
}

/// Loads the rules, then audits a table.
///
/// # Errors
/// [`AuditTableError`] when rules, request, mapping or table cannot be used.
pub fn audit_with_settings(
    tables: Tables<impl Read + Send>,
    settings: &AuditSettings,
) -> Result<AuditedTable, AuditTableError> {
    let rules = match &settings.rules {
        Some(folder) => Rulebook::from_folder(folder)?,
        None => Rulebook::built_in()?,
    };
    let mut request =
        AuditRequest::new(&settings.policy, &rules)?.with_minimum(settings.minimum)?;
    if let Some(benchmark) = &settings.benchmark {
        request = request.with_benchmark(benchmark, &rules)?;
    }
    request.organisation.clone_from(&settings.organisation);
    request.period.clone_from(&settings.period);
    request.filters.clone_from(&settings.filters);
    audit_tables(tables, &settings.table, &request, &rules)
}

/// How a table is read.
#[derive(Debug, Clone, Default)]
pub struct TableSettings {
    /// The text of a mapping file.
    pub mapping: Option<String>,
    /// Columns to be compared by although no rule knows them, e.g. `grade`.
    pub compare_by: Vec<String>,
    /// Pairs of characteristics whose combined groups are compared as well.
    pub intersect: Vec<(CharacteristicId, CharacteristicId)>,
    /// Rows that are wanted: column and value.
    pub only: Vec<(String, String)>,
    /// The sheet of a workbook; the first one that holds a table when not given.
    pub sheet: Option<String>,
}

/// A finished audit, and what was wrong with the table.
#[derive(Debug)]
pub struct AuditedTable {
    /// The audit.
    pub audit: Audit,
    /// Rows read.
    pub rows: u64,
    /// Rows left out.
    pub left_out: u64,
    /// The first of them, with line, column and advice.
    pub problems: Vec<String>,
    /// Columns that were not used.
    pub ignored_columns: Vec<String>,
    /// Sheets of the workbook that were not read.
    pub other_sheets: Vec<String>,
    /// Labels that no rule maps, with their characteristic: for whoever holds the table, to map them.
    pub unknown_labels: Vec<String>,
}

/// Audits an applications or counts table.
///
/// # Errors
/// [`AuditTableError`] when the mapping or the table cannot be used.
pub fn audit_table(
    source: impl Read + Send,
    kind: TableKind,
    settings: &TableSettings,
    request: &AuditRequest,
    rules: &Rulebook,
) -> Result<AuditedTable, AuditTableError> {
    audit_tables(Tables { kind, table: source, events: None }, settings, request, rules)
}

/// Audits a table, with the events of its applications where another table has them.
///
/// # Errors
/// [`AuditTableError`] when the mapping or a table cannot be used.
pub fn audit_tables(
    tables: Tables<impl Read + Send>,
    settings: &TableSettings,
    request: &AuditRequest,
    rules: &Rulebook,
) -> Result<AuditedTable, AuditTableError> {
    let mapping = match &settings.mapping {
        Some(text) => Mapping::parse(text)?,
        None => Mapping::usual()?,
    };
    let only = settings.only.iter();
    let mapping = only
        .fold(mapping.compare_by(&settings.compare_by), |mapping, (column, value)| {
            mapping.only(column, value)
        });
    let mapping = mapping.intersect(&request.policy.intersections).intersect(&settings.intersect);
    let mapping = mapping.of_sheet(settings.sheet.as_deref());
    let table = match (tables.kind, tables.events) {
        (TableKind::Applications, None) => read_applications(tables.table, &mapping, rules)?,
        (TableKind::Applications, Some(events)) => {
            let events = read_events(events, &mapping, rules)?;
            let mut table = read_applications_with_events(tables.table, &mapping, rules, &events)?;
            table.event_rows = events.rows;
            table.event_rows_left_out += events.left_out;
            table.event_problems.splice(0..0, events.problems);
            table
        }
        (TableKind::Counts, _) => read_counts(tables.table, &mapping, rules)?,
    };
    let mut audit = audit(&counts_of(&table), request, rules);
    audit.warnings.splice(0..0, warnings(&table, request, rules));
    Ok(AuditedTable {
        audit,
        rows: table.rows + table.event_rows,
        left_out: table.left_out + table.event_rows_left_out,
        problems: problems(&table).collect(),
        unknown_labels: unknown_labels(&table),
        other_sheets: table.other_sheets,
        ignored_columns: table.ignored_columns,
    })
}

/// The counts of a table, every vacancy of it closed.
fn counts_of(table: &Tabulated) -> Counts {
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

fn stage_counts(tally: TallyCounts) -> StageCounts {
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

/// Wrong rows of the main table, then those of the table of events.
fn problems(table: &Tabulated) -> impl Iterator<Item = String> {
    let of_events = |problem: &RowProblem| format!("events: {problem}");
    let events = table.event_problems.iter().map(of_events);
    table.problems.iter().map(ToString::to_string).chain(events)
}

fn warnings(table: &Tabulated, request: &AuditRequest, rules: &Rulebook) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let left_out = table.left_out + table.event_rows_left_out;
    if left_out > 0 {
        let first = problems(table).take(3).collect();
        let of = table.rows + table.event_rows;
        warnings.push(Warning::RowsLeftOut { rows: left_out, of, first });
    }
    for characteristic in &table.characteristics {
        if characteristic.unknown_labels.is_empty() {
            continue;
        }
        let known = rules.characteristics().get(&characteristic.id);
        // A label is free text and may describe one person: a report counts the rare ones and does not quote them.
        // Whoever holds the table is told all of them, in `AuditedTable::unknown_labels`.
        let (common, rare): (Vec<_>, Vec<_>) =
            characteristic.unknown_labels.iter().partition(|(_, rows)| *rows >= request.minimum());
        let mut labels: Vec<String> =
            common.iter().map(|(label, rows)| format!("'{label}' ({rows})")).collect();
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
