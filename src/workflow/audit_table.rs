//! Audits a table from a file: read, count, audit. The order of work only.

mod counted;

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

pub(super) use counted::counts_of;
use counted::{finished, read_once, stage_counts};

use super::adjust_table::AdjustAgain;
use super::audit_levels::{PERIOD, add_levels, divide_at};
use super::periods::{self, OverTime};
use super::report_ledger::{Ledger, LedgerError};
use super::score_table::add_scores;
use crate::domain::CharacteristicId;
use crate::fairness::{
    Audit, AuditRequest, Counts, Looks, RequestError, StratumFacts, Warning, audit, audit_after,
};
use crate::intake::tabular::{
    ColumnNotes, EventStates, Mapping, MappingError, TabularError, Tabulated, VacancyNames,
    VacancyRow, VacancyRows, read_applications, read_applications_with_events, read_counts,
    read_events, read_vacancies,
};
use crate::rulebook::{Benchmark, RuleError, RuleFile, Rulebook};

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
    /// The table of events.
    #[error(transparent)]
    Events(TabularError),
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// What was asked for.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The ledger of earlier reports.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The table of scores, or of applications beside it.
    #[error("{path} cannot be opened: {error}", path = .path.display())]
    Scores {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// What was asked for needs a second reading, and standard input comes once.
    #[error("{option} reads the table a second time, which standard input cannot be; give a file")]
    ReadOnce {
        /// What was asked for.
        option: &'static str,
    },
    /// Combined groups of two characteristics, of which the table does not have both, or not of each application.
    #[error(
        "combined groups of {first} and {second} are asked for, and the table cannot give them; they come from a table of applications with a column for each of two different characteristics, and this one has {found}"
    )]
    NoSuchPair {
        /// One of them.
        first: CharacteristicId,
        /// The other.
        second: CharacteristicId,
        /// The characteristics that there are.
        found: String,
    },
    /// The table cannot be read a second time.
    #[error("the table cannot be read again: {0}")]
    Again(#[from] std::io::Error),
}

impl AuditTableError {
    /// Whether the request, not the data, is at fault.
    pub fn is_wrong_use(&self) -> bool {
        matches!(self, Self::Request(_) | Self::ReadOnce { .. })
    }

    /// The file at fault among those that were given; none where it is none of them, or the error names it.
    pub fn at_fault<'p>(&self, files: &GivenFiles<'p>) -> Option<&'p Path> {
        match self {
            Self::Mapping(_) => files.mapping,
            Self::Events(_) => files.events,
            Self::Rules(_) | Self::Request(_) | Self::Ledger(_) | Self::Scores { .. } => None,
            Self::Table(_) | Self::ReadOnce { .. } | Self::NoSuchPair { .. } | Self::Again(_) => {
                Some(files.table)
            }
        }
    }
}

/// The files that somebody gave, to say which of them is at fault.
#[derive(Debug, Clone, Copy)]
pub struct GivenFiles<'p> {
    /// The main table.
    pub table: &'p Path,
    /// The table of events.
    pub events: Option<&'p Path>,
    /// The mapping file.
    pub mapping: Option<&'p Path>,
}

/// Population shares that applicants are compared with.
#[derive(Debug, Clone)]
pub enum WantedBenchmark {
    /// Those of the rules, by their identifier.
    OfRules(String),
    /// Those of a file like the ones of the rules.
    File {
        /// Its name, for errors.
        path: String,
        /// What it says.
        text: String,
    },
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
    pub benchmark: Option<WantedBenchmark>,
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
    /// Columns of declared job-related factors that comparisons allow for as well.
    pub adjust: Vec<String>,
    /// Scores that panels gave to the same applications.
    pub scores: Option<PathBuf>,
    /// Whether and by which periods gaps are followed over time.
    pub over_time: OverTime,
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
    match &settings.benchmark {
        None => {}
        Some(WantedBenchmark::OfRules(id)) => request = request.with_benchmark(id, &rules)?,
        Some(WantedBenchmark::File { path, text }) => {
            let found = Benchmark::read(&RuleFile { path, text }, rules.characteristics())?;
            request.benchmark = Some(found);
        }
    }
    request.organisation.clone_from(&settings.organisation);
    request.period.clone_from(&settings.period);
    request.filters.clone_from(&settings.filters);
    request.looks = settings.looks;
    request.shows_withdrawals = settings.shows_withdrawals;
    settings.check()?;
    let how = &settings.table;
    let mapping = how.mapping(&request, &rules)?;
    let vacancies = match &settings.again {
        Some(path) => {
            let columns: Vec<String> =
                how.compare_by.iter().chain(&settings.changed).cloned().collect();
            let names = match tables.kind {
                TableKind::Applications => VacancyNames::OfApplications,
                TableKind::Counts => VacancyNames::OfCounts,
            };
            read_vacancies(std::fs::File::open(path)?, &mapping, names, &columns)?
        }
        None => VacancyRows::default(),
    };
    // What does not change within a vacancy cannot be compared within it: it is looked at level by level too.
    let factors = how.compare_by.iter().filter(|column| is_constant(&vacancies, column));
    let factors: Vec<String> = factors.cloned().collect();
    let kind = tables.kind;
    let read = |events| read_events(events, &mapping, &rules).map_err(AuditTableError::Events);
    let events = tables.events.map(read).transpose()?;
    let table = read_table(tables.table, kind, events.as_ref(), &mapping, &rules)?;
    let mut counts = counts_of(&table);
    how.check_pairs(&counts)?;
    describe(&mut counts, &table, &vacancies);
    let one_sided = settings.change_date.and_then(|change| divide_at(&mut counts, change));
    let unit = periods::describe(&mut counts, settings.over_time, settings.ledger.is_some());
    name(&mut request, &table, &counts);
    let mut ledger = settings.ledger.as_deref().map(Ledger::open).transpose()?;
    let periods = settings.change_date.map(|_| PERIOD.to_owned());
    let factors: Vec<String> =
        factors.into_iter().chain(settings.changed.clone()).chain(periods).collect();
    let mut audit = if ledger.is_none() && factors.is_empty() && unit.is_none() {
        audit(&counts, &request, &rules)
    } else {
        let earlier = ledger.as_ref().map(|ledger| ledger.releases().clone()).unwrap_or_default();
        let (mut audit, release) = audit_after(&counts, &request, &rules, &earlier);
        audit.changes = ledger.as_ref().and_then(|ledger| ledger.changes(&audit));
        let mut shown = earlier;
        shown.add(release, counts.strata());
        add_levels(&mut audit, &counts, (&request, &rules), &factors, unit, &mut shown);
        if let Some(ledger) = &mut ledger {
            ledger.add(shown, &audit, &settings.at);
            ledger.write()?;
        }
        audit
    };
    let mut score_rows = None;
    if let (Some(path), Some(scores)) = (&settings.again, &settings.scores) {
        let found = add_scores(&mut audit, scores, path, &mapping, &request, &rules)?;
        score_rows = Some(found);
    }
    if let (Some(path), false) = (&settings.again, settings.adjust.is_empty()) {
        let again =
            AdjustAgain { path, wanted: &settings.adjust, mapping, events: events.as_ref() };
        audit.adjustment = Some(again.adjust(&audit, &request, &rules)?);
    }
    audit.warnings.extend(one_sided);
    if vacancies.unreadable_dates > 0 {
        audit.warnings.push(Warning::UnreadableDates { rows: vacancies.unreadable_dates });
    }
    if settings.again.is_none() {
        audit.warnings.extend(read_once(&table, &how.compare_by));
    }
    let mut audited = finished(audit, table, &request, &rules);
    let is_used = |column: &String| {
        settings.adjust.iter().any(|factor| factor.eq_ignore_ascii_case(column.trim()))
    };
    audited.columns.ignored.retain(|column| !is_used(column));
    if let Some(scores) = score_rows {
        audited.rows += scores.rows;
        audited.left_out += scores.left_out;
        audited.described += scores.problems.len() as u64;
        audited.problems.extend(scores.problems);
    }
    Ok(audited)
}

/// Names organisation and period after what the table says, where the request does not.
fn name(request: &mut AuditRequest, table: &Tabulated, counts: &Counts) {
    let organisations = &table.organisations;
    if let (1, Some(only)) = (organisations.len(), organisations.first()) {
        if request.organisation.is_empty() {
            request.organisation.clone_from(only);
        }
    } else {
        request.organisations = organisations.len();
    }
    if request.period.is_empty() {
        request.period = periods::in_words(counts).unwrap_or_default();
    }
}

/// Whether nearly all vacancies have one level of a column; a few may be wrong entries.
fn is_constant(vacancies: &VacancyRows, column: &str) -> bool {
    let all = vacancies.vacancies.len();
    let level = |row: &VacancyRow| row.levels.get(column).is_some_and(Option::is_some);
    let constant = vacancies.vacancies.values().filter(|row| level(row)).count();
    all > 1 && constant * 20 >= all * 19
}

impl AuditSettings {
    /// Refuses what cannot be done with the tables that were given, before any of them is read.
    fn check(&self) -> Result<(), AuditTableError> {
        let twice = [
            ("--change-date", self.change_date.is_some()),
            ("--changed", self.changed.is_some()),
            ("--adjust", !self.adjust.is_empty()),
            ("--scores", self.scores.is_some()),
        ];
        if let (None, Some((option, _))) = (&self.again, twice.iter().find(|(_, asked)| *asked)) {
            return Err(AuditTableError::ReadOnce { option });
        }
        Ok(())
    }
}

/// Says of each vacancy what the second reading and its events tell. One whose events leave somebody waiting, and that has no date on
/// which its decisions were finished, is open.
fn describe(counts: &mut Counts, table: &Tabulated, vacancies: &VacancyRows) {
    let waiting = table.cells().filter(|(.., tally)| stage_counts(*tally).undecided > 0);
    let open: HashSet<&str> = waiting.map(|(_, _, _, stratum, _)| stratum).collect();
    for (place, name) in table.strata.iter().enumerate() {
        let mut row = vacancies.vacancies.get(name).cloned().unwrap_or_default();
        // Where the table has no date of its own, the events that ended the vacancy have.
        let decided = table.decided.get(place).copied().flatten();
        if let (None, false, Some((first, last))) =
            (row.decided_on, open.contains(name.as_str()), decided)
        {
            (row.decided_on, row.first_decided_on) = (Some(last), Some(first));
        }
        let levels = row.levels.into_iter();
        let facts = StratumFacts {
            decided_on: row.decided_on,
            first_decided_on: row.first_decided_on,
            family: row.family,
            is_open: row.decided_on.is_none() && open.contains(name.as_str()),
            levels: levels.filter_map(|(name, level)| Some((name, level?))).collect(),
        };
        counts.describe(name, facts);
    }
}

impl TableSettings {
    /// Whether the combined groups that were asked for are among what was counted. Those of a policy may be missing.
    fn check_pairs(&self, counts: &Counts) -> Result<(), AuditTableError> {
        let ids = || counts.characteristics().iter().map(|of| of.id.as_str());
        let is_missing = |(first, second): &&(CharacteristicId, CharacteristicId)| {
            let pair = format!("{first}-{second}");
            first == second || !ids().any(|id| id == pair)
        };
        match self.intersect.iter().find(is_missing) {
            Some((first, second)) if !counts.strata().is_empty() => {
                let found: Vec<&str> = ids().filter(|id| !id.contains('-')).collect();
                let (first, second) = (first.clone(), second.clone());
                Err(AuditTableError::NoSuchPair { first, second, found: found.join(", ") })
            }
            _ => Ok(()),
        }
    }

    /// The mapping with everything that was asked for beside it.
    fn mapping(&self, request: &AuditRequest, rules: &Rulebook) -> Result<Mapping, MappingError> {
        let mapping = match &self.mapping {
            Some(text) => Mapping::parse(text)?,
            None => Mapping::usual()?,
        };
        let only = self.only.iter();
        let mapping = only
            .fold(mapping.compare_by(&self.compare_by), |mapping, (column, value)| {
                mapping.only(column, value)
            });
        let mapping = mapping.decided_between(self.decided.0, self.decided.1);
        let mapping = mapping.intersect(&request.policy.intersections).intersect(&self.intersect);
        let mapping = mapping.comparing(&request.policy.characteristics);
        mapping.of_sheet(self.sheet.as_deref()).known_to(rules)
    }
}

pub(super) fn read_table(
    table: impl Read + Send,
    kind: TableKind,
    events: Option<&EventStates>,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Tabulated, TabularError> {
    Ok(match (kind, events) {
        (TableKind::Applications, None) => read_applications(table, mapping, rules)?,
        (TableKind::Applications, Some(events)) => {
            let mut table = read_applications_with_events(table, mapping, rules, events)?;
            table.event_rows = events.rows;
            table.event_rows_left_out += events.left_out;
            table.event_problems.splice(0..0, events.problems.iter().cloned());
            table
        }
        (TableKind::Counts, _) => read_counts(table, mapping, rules)?,
    })
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
    /// The first and last day of the decisions that are wanted, by the column of dates of decision.
    pub decided: (Option<jiff::civil::Date>, Option<jiff::civil::Date>),
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
    /// The first of each kind of problem among those described, with line, column and advice.
    pub problems: Vec<String>,
    /// Rows whose problem is described there, by its own words or those of the first like it.
    pub described: u64,
    /// What its columns were taken for.
    pub columns: ColumnNotes,
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
    let mapping = settings.mapping(request, rules)?;
    let events = tables.events.map(|events| read_events(events, &mapping, rules)).transpose()?;
    let table = read_table(tables.table, tables.kind, events.as_ref(), &mapping, rules)?;
    let audit = audit(&counts_of(&table), request, rules);
    Ok(finished(audit, table, request, rules))
}
