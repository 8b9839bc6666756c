//! `evenhand audit`: a table from a file, audited, printed as text, JSON, HTML or CSV.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::output::{self, Failure};
use crate::domain::CharacteristicId;
use crate::fairness::Looks;
use crate::report::Format;
use crate::workflow::audit_table::{
    AuditSettings, AuditedTable, GivenFiles, TableKind, TableSettings, Tables, WantedBenchmark,
    audit_with_settings,
};
use crate::workflow::periods::{OverTime, Unit};

/// Audits outcomes by characteristic, from a table.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// One row an application: vacancy, furthest stage, and a column a characteristic; CSV or a workbook (.xlsx). `-`
    /// reads standard input.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "counts",
        conflicts_with = "counts"
    )]
    applications: Option<PathBuf>,
    /// One row a count: characteristic, category, stage, stratum, entered, progressed. `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    counts: Option<PathBuf>,
    /// What became of the applications: application_id, stage, outcome, at. The applications then need no stage.
    /// An outcome is progressed, unsuccessful, withdrew or reached, of somebody who stood at the stage; or not reached.
    #[arg(long, value_name = "FILE", requires = "applications")]
    events: Option<PathBuf>,
    /// The sheet of a workbook; the first one that holds a table when not given.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Renames columns and values, e.g. `[columns] vacancy_id = "Job ref"`.
    #[arg(long, value_name = "FILE.toml")]
    mapping: Option<PathBuf>,
    /// What is computed and flagged.
    #[arg(long, default_value = "default")]
    policy: String,
    /// Compare who applied with population shares: those of the rules, e.g. `england_and_wales_2021`, or of a file like
    /// them, e.g. `workforce.toml`.
    #[arg(long, value_name = "BENCHMARK|FILE.toml")]
    benchmark: Option<String>,
    /// A folder of rules instead of the built-in ones.
    #[arg(long, value_name = "FOLDER")]
    rules: Option<PathBuf>,
    /// How the report is written; text, or what the ending of the output file says.
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Where the report goes; standard output when not given, or `-`. Its ending may say how it is written: .txt, .json, .html,
    /// .csv, .xlsx, .pdf.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The smallest count that is shown; at least 5.
    #[arg(long, default_value_t = 10)]
    minimum: u64,
    /// Compare also by these columns, although no rule knows them, e.g. `grade`.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    by: Vec<String>,
    /// Compare also the combined groups of two characteristics, e.g. `sex,ethnic_group`.
    #[arg(long, value_name = "A,B", value_parser = pair)]
    intersect: Vec<(CharacteristicId, CharacteristicId)>,
    /// Only rows in which a column has a value, e.g. `directorate=Housing`.
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = column_and_value)]
    only: Vec<(String, String)>,
    /// Only applications decided on this day or later; needs a column with the date of decision.
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "counts")]
    from: Option<jiff::civil::Date>,
    /// Only applications decided on this day or earlier.
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "counts")]
    to: Option<jiff::civil::Date>,
    /// Whose decisions these are, for the heading.
    #[arg(long, default_value = "")]
    organisation: String,
    /// When they were taken, for the heading and every sentence.
    #[arg(long, default_value = "")]
    period: String,
    /// Remembers this report here, hides what could be worked out by subtracting an earlier one, and says what changed.
    /// The file holds counts that no report shows: keep it as you keep the table.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// One of a row of reports on the same decisions: verdicts rest on evidence that may be read again and again.
    #[arg(long, requires = "ledger")]
    since_last: bool,
    /// The date of a change of policy: how gaps differ between vacancies decided before it and from it on.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    change_date: Option<jiff::civil::Date>,
    /// A column that says of each vacancy whether the change applied, e.g. `blind`.
    #[arg(long, value_name = "COLUMN")]
    changed: Option<String>,
    /// Compare also within the same bands of these columns, factors that the post asks for, e.g. `years_experience`.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', requires = "applications")]
    adjust: Vec<String>,
    /// Scores that panels gave: application_id, marker, criterion (may be missing), score. Compared by characteristic, with
    /// how far markers agree and how severe each is.
    #[arg(long, value_name = "FILE", requires = "applications")]
    scores: Option<PathBuf>,
    /// Follow gaps over time, by the dates of decisions; quarters (or years) when not given, and nothing with --ledger.
    #[arg(long, value_enum, value_name = "PERIOD")]
    over_time: Option<Period>,
    /// Shows counts from which it follows that few withdrew between two decisions.
    #[arg(long)]
    show_withdrawals: bool,
    /// Ends with exit code 3 when this came out.
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    Html,
    Csv,
    Xlsx,
    Pdf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Period {
    Never,
    Month,
    Quarter,
    Year,
}

impl Period {
    fn wanted(self) -> OverTime {
        match self {
            Self::Never => OverTime::Never,
            Self::Month => OverTime::By(Unit::Month),
            Self::Quarter => OverTime::By(Unit::Quarter),
            Self::Year => OverTime::By(Unit::Year),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Any comparison came out as a gap.
    Gap,
}

pub(super) fn column_and_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(column, value)| (column.to_owned(), value.to_owned()))
        .ok_or_else(|| "write COLUMN=VALUE, e.g. directorate=Housing".to_owned())
}

fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "write a date as year, month and day, e.g. 2026-04-01".to_owned())
}

fn pair(text: &str) -> Result<(CharacteristicId, CharacteristicId), String> {
    let (first, second) = text
        .split_once(',')
        .ok_or_else(|| "write two characteristics, e.g. sex,ethnic_group".to_owned())?;
    let parse = |id: &str| id.trim().parse::<CharacteristicId>().map_err(|e| e.to_string());
    Ok((parse(first)?, parse(second)?))
}

/// Runs `evenhand audit`.
pub fn run(mut args: AuditArgs) -> Result<ExitCode, Failure> {
    args.output = output::file(args.output.take());
    let args = &args;
    let (path, kind) = match (&args.applications, &args.counts) {
        (Some(path), _) => (path, TableKind::Applications),
        (None, Some(path)) => (path, TableKind::Counts),
        (None, None) => return Err(Failure::usage("give --applications or --counts")),
    };
    let format = format(args)?;
    refuse_to_overwrite(args)?;
    let mapping = args.mapping.as_ref().map(|path| output::read_text(path)).transpose()?;
    let settings = AuditSettings {
        rules: args.rules.clone(),
        policy: args.policy.clone(),
        minimum: args.minimum,
        benchmark: args.benchmark.as_deref().map(benchmark).transpose()?,
        organisation: args.organisation.clone(),
        period: args.period.clone(),
        filters: filters(args),
        ledger: args.ledger.clone(),
        at: jiff::Zoned::now().date().to_string(),
        looks: if args.since_last { Looks::Many } else { Looks::Once },
        shows_withdrawals: args.show_withdrawals,
        change_date: args.change_date,
        changed: args.changed.clone(),
        adjust: args.adjust.clone(),
        scores: args.scores.clone(),
        over_time: args.over_time.map_or(OverTime::Usual, Period::wanted),
        again: (path.as_os_str() != "-").then(|| path.clone()),
        table: TableSettings {
            mapping,
            compare_by: args.by.clone(),
            intersect: args.intersect.clone(),
            only: args.only.clone(),
            decided: (args.from, args.to),
            sheet: args.sheet.clone(),
        },
    };
    let events = args.events.as_deref().map(opened).transpose()?;
    let tables = Tables { kind, table: opened(path)?, events };
    let audited = audit_with_settings(tables, &settings).map_err(|error| {
        let (events, mapping) = (args.events.as_deref(), args.mapping.as_deref());
        let text = match error.at_fault(&GivenFiles { table: path, events, mapping }) {
            Some(file) => format!("{}: {error}", file.display()),
            None => error.to_string(),
        };
        if error.is_wrong_use() { Failure::usage(text) } else { Failure::failed(text) }
    })?;
    output::write_bytes(args.output.as_deref(), &format.write(&audited.audit)?)?;
    tell_problems(&audited);
    let flagged = args.fail_on == Some(FailOn::Gap) && audited.audit.has_gap();
    Ok(if flagged { ExitCode::from(super::FLAGGED) } else { ExitCode::SUCCESS })
}

/// The benchmark that is asked for: a file where it has a file's ending, otherwise one of the rules.
fn benchmark(wanted: &str) -> Result<WantedBenchmark, Failure> {
    if !wanted.to_ascii_lowercase().ends_with(".toml") {
        return Ok(WantedBenchmark::OfRules(wanted.to_owned()));
    }
    let text = output::read_text(Path::new(wanted))?;
    Ok(WantedBenchmark::File { path: wanted.to_owned(), text })
}

/// What the report says it looked at.
fn filters(args: &AuditArgs) -> Vec<String> {
    let only = args.only.iter().map(|(column, value)| format!("{column} = {value}"));
    let from = args.from.map(|date| format!("decided from {date}"));
    let to = args.to.map(|date| format!("decided until {date}"));
    only.chain(from).chain(to).collect()
}

/// A report must not take the place of a table that it is made from.
fn refuse_to_overwrite(args: &AuditArgs) -> Result<(), Failure> {
    let same = |one: &Path, two: &Path| match (one.canonicalize(), two.canonicalize()) {
        (Ok(one), Ok(two)) => one == two,
        _ => false,
    };
    let tables = [&args.applications, &args.counts, &args.events, &args.scores, &args.mapping];
    let tables = tables.into_iter().chain([&args.ledger]).flatten();
    for table in tables {
        if args.output.as_deref().is_some_and(|output| same(output, table)) {
            return Err(Failure::usage(format!(
                "the report would take the place of {}, which it is made from; name another file after -o",
                table.display()
            )));
        }
    }
    Ok(())
}

/// A file, or standard input.
fn opened(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin()));
    }
    let file = File::open(path).map_err(|error| {
        Failure::failed(format!("{} cannot be opened: {error}", path.display()))
    })?;
    Ok(Box::new(file))
}

/// How the report is written: as asked for, as the file's ending says, or as text.
fn format(args: &AuditArgs) -> Result<Format, Failure> {
    let ending = args.output.as_deref().and_then(|path| path.extension()?.to_str());
    match (args.format, ending) {
        (Some(form), _) => Ok(match form {
            Form::Text => Format::Text,
            Form::Json => Format::Json,
            Form::Html => Format::Html,
            Form::Csv => Format::Csv,
            Form::Xlsx => Format::Xlsx,
            Form::Pdf => Format::Pdf,
        }),
        (None, None) => Ok(Format::Text),
        (None, Some(ending)) => Format::of_name(ending).ok_or_else(|| {
            let known: Vec<String> = Format::ALL.iter().map(|f| format!(".{}", f.name())).collect();
            Failure::usage(format!(
                "a report cannot be written as .{ending}; use one of {}, or say --format",
                known.join(", ")
            ))
        }),
    }
}

/// What was wrong with the table, on standard error.
fn tell_problems(audited: &AuditedTable) {
    if !audited.unknown_labels.is_empty() {
        note!(
            "labels that no rule maps, counted as undeclared (map them in a mapping file): {}",
            audited.unknown_labels.join(", ")
        );
    }
    output::tell_columns(&audited.columns, "name them in a mapping file, or with --by");
    if !audited.other_sheets.is_empty() {
        note!("sheets not read: {} (choose one with --sheet)", audited.other_sheets.join(", "));
    }
    for problem in &audited.problems {
        note!("{problem}");
    }
    if audited.left_out > audited.described {
        note!("... and {} more rows", audited.left_out - audited.described);
    }
    note!("{} rows read, {} left out", audited.rows, audited.left_out);
}
