//! Audits a table from a file: read, count, audit. The order of work only.

use std::io::Read;
use std::path::PathBuf;

use super::adjust_comparisons::adjusted;
use super::report_ledger::{Ledger, LedgerError};
use crate::domain::{CharacteristicId, TallyCounts};
use crate::fairness::{
    Audit, AuditRequest, Counts, Looks, RequestError, StageCounts, StratumFacts, Warning, audit,
    audit_after, by_level,
};
use crate::intake::tabular::{
    Mapping, MappingError, TabularError, Tabulated, VacancyRow, VacancyRows, header,
    read_applications, read_counts, read_vacancies, says_more,
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
    /// The ledger of earlier reports.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The table cannot be read a second time.
    #[error("the table cannot be read again: {0}")]
    Again(#[from] std::io::Error),
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
    /// Where earlier reports of the same organisation are remembered, and this one will be.
    pub ledger: Option<PathBuf>,
    /// When this report is made, for the ledger.
    pub at: String,
    /// How often the same decisions are looked at.
    pub looks: Looks,
    /// Whether counts from which few withdrawals follow are shown.
    pub shows_withdrawals: bool,
    /// Where the table can be read a second time, for what it says of vacancies.
    pub again: Option<PathBuf>,
    /// The date of a change of policy: vacancies decided before it and from it on are set against each other.
    pub change_date: Option<jiff::civil::Date>,
    /// A column that says of each vacancy whether the change applied to it, e.g. `blind`.
    pub changed: Option<String>,
    /// Columns of job-related factors that are held equal beside the comparison within vacancies.
    pub adjust: Vec<String>,
    /// How the table is read.
    pub table: TableSettings,
}

/// Loads the rules, then audits a table.
///
/// # Errors
/// [`AuditTableError`] when rules, request, mapping or table cannot be used.
pub fn audit_with_settings(
    source: impl Read,
    kind: TableKind,
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
    request.looks = settings.looks;
    request.shows_withdrawals = settings.shows_withdrawals;
    let how = &settings.table;
    let vacancies = match &settings.again {
        Some(path) => {
            let columns: Vec<String> =
                how.compare_by.iter().chain(&settings.changed).cloned().collect();
            vacancy_rows(path, &how.mapping(&request)?, &columns)?
        }
        None => VacancyRows::default(),
    };
    // What does not change within a vacancy cannot be compared within it: it is looked at level by level too.
    let factors = how.compare_by.iter().filter(|column| is_constant(&vacancies, column));
    let factors: Vec<String> = factors.cloned().collect();
    let table = read_table(source, kind, &how.mapping(&request)?, &rules)?;
    let mut counts = counts_of(&table);
    describe(&mut counts, &vacancies, settings);
    let mut ledger = settings.ledger.as_deref().map(Ledger::open).transpose()?;
    let periods = settings.change_date.map(|_| PERIOD.to_owned());
    let factors: Vec<String> =
        factors.into_iter().chain(settings.changed.clone()).chain(periods).collect();
    let mut audit = if ledger.is_none() && factors.is_empty() {
        audit(&counts, &request, &rules)
    } else {
        let earlier = ledger.as_ref().map(|ledger| ledger.releases().clone()).unwrap_or_default();
        let (mut audit, release) = audit_after(&counts, &request, &rules, &earlier);
        audit.changes = ledger.as_ref().and_then(|ledger| ledger.changes(&audit));
        let mut shown = earlier;
        shown.add(release, counts.strata());
        let levels = |factor: &String| by_level(&counts, &request, &rules, factor, &mut shown);
        audit.factors = factors.iter().map(levels).collect();
        if let Some(ledger) = &mut ledger {
            ledger.add(shown, &audit, &settings.at);
            ledger.write()?;
        }
        audit
    };
    if let (Some(path), false) = (&settings.again, settings.adjust.is_empty()) {
        let mapping = how.mapping(&request)?;
        let (found, notes) = adjusted(path, &mapping, &rules, &settings.adjust, &audit)?;
        audit.adjusted = found;
        audit.adjusted_for.clone_from(&settings.adjust);
        audit.warnings.extend(notes.into_iter().map(|text| Warning::Note { text }));
    }
    Ok(finished(audit, table, &request, &rules))
}

/// The factor that a date of change divides vacancies by.
const PERIOD: &str = "period";

/// What a table says of its vacancies; nothing where its header promises nothing.
fn vacancy_rows(
    path: &std::path::Path,
    mapping: &Mapping,
    columns: &[String],
) -> Result<VacancyRows, AuditTableError> {
    let headers = header(std::fs::File::open(path)?)?;
    if columns.is_empty() && !says_more(&headers, mapping) {
        return Ok(VacancyRows::default());
    }
    Ok(read_vacancies(std::fs::File::open(path)?, mapping, columns)?)
}

/// Whether nearly all vacancies have one level of a column; a few may be wrong entries.
fn is_constant(vacancies: &VacancyRows, column: &str) -> bool {
    let all = vacancies.vacancies.len();
    let level = |row: &VacancyRow| row.levels.get(column).is_some_and(Option::is_some);
    let constant = vacancies.vacancies.values().filter(|row| level(row)).count();
    all > 1 && constant * 20 >= all * 19
}

fn describe(counts: &mut Counts, vacancies: &VacancyRows, settings: &AuditSettings) {
    for (name, row) in &vacancies.vacancies {
        let levels = row.levels.iter();
        let mut facts = StratumFacts {
            decided_on: row.decided_on,
            family: row.family.clone(),
            is_open: false,
            levels: levels.filter_map(|(k, v)| Some((k.clone(), v.clone()?))).collect(),
        };
        if let (Some(change), Some(on)) = (settings.change_date, row.decided_on) {
            let period = if on < change { "before" } else { "from" };
            facts.levels.insert(PERIOD.to_owned(), format!("{period} {change}"));
        }
        counts.describe(name, facts);
    }
}

impl TableSettings {
    /// The mapping with everything that was asked for beside it.
    fn mapping(&self, request: &AuditRequest) -> Result<Mapping, MappingError> {
        let mapping = match &self.mapping {
            Some(text) => Mapping::parse(text)?,
            None => Mapping::usual()?,
        };
        let only = self.only.iter();
        let mapping = only
            .fold(mapping.compare_by(&self.compare_by), |mapping, (column, value)| {
                mapping.only(column, value)
            });
        Ok(mapping.intersect(&request.policy.intersections).intersect(&self.intersect))
    }
}

fn read_table(
    source: impl Read,
    kind: TableKind,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Tabulated, TabularError> {
    match kind {
        TableKind::Applications => read_applications(source, mapping, rules),
        TableKind::Counts => read_counts(source, mapping, rules),
    }
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
    /// Labels that no rule maps, with their characteristic: for whoever holds the table, to map them.
    pub unknown_labels: Vec<String>,
}

/// Audits an applications or counts table.
///
/// # Errors
/// [`AuditTableError`] when the mapping or the table cannot be used.
pub fn audit_table(
    source: impl Read,
    kind: TableKind,
    settings: &TableSettings,
    request: &AuditRequest,
    rules: &Rulebook,
) -> Result<AuditedTable, AuditTableError> {
    let mapping = settings.mapping(request)?;
    let table = read_table(source, kind, &mapping, rules)?;
    let audit = audit(&counts_of(&table), request, rules);
    Ok(finished(audit, table, request, rules))
}

/// The audit with what was wrong with its table.
fn finished(
    mut audit: Audit,
    table: Tabulated,
    request: &AuditRequest,
    rules: &Rulebook,
) -> AuditedTable {
    audit.warnings.splice(0..0, warnings(&table, request, rules));
    AuditedTable {
        audit,
        rows: table.rows,
        left_out: table.left_out,
        problems: table.problems.iter().map(ToString::to_string).collect(),
        unknown_labels: unknown_labels(&table),
        ignored_columns: table.ignored_columns,
    }
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

fn warnings(table: &Tabulated, request: &AuditRequest, rules: &Rulebook) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if table.left_out > 0 {
        let first = table.problems.iter().take(3).map(ToString::to_string).collect();
        warnings.push(Warning::RowsLeftOut { rows: table.left_out, of: table.rows, first });
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
