//! `evenhand import`: tables of applications, events or counts into the service, which must not be running. Every row is
//! checked before the first is written; run twice, it changes nothing.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::{self, Failure};
use super::program::{ConfigArgs, the_organisation, with_program};
use super::{CliResult, FLAGGED};
use crate::domain::{OrganisationId, SourceId};
use crate::intake::tabular::Mapping;
use crate::workflow::{
    ImportError, ImportReport, ImportSettings, Taken, import_applications, import_counts, operator,
};

/// Takes tables of applications, events or counts into the service.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigArgs,
    /// The organisation, when there are several.
    #[arg(long, value_name = "ID")]
    organisation: Option<OrganisationId>,
    /// One row an application: application_id, vacancy_id, furthest_stage, and a column a characteristic; CSV or a workbook
    /// (.xlsx).
    #[arg(long, value_name = "FILE", required_unless_present = "counts")]
    applications: Option<PathBuf>,
    /// What became of the applications: application_id, stage, outcome, at. The applications then need no stage.
    /// An outcome is progressed, unsuccessful, withdrew or reached, of somebody who stood at the stage; or not reached.
    #[arg(long, value_name = "FILE", requires = "applications")]
    events: Option<PathBuf>,
    /// One row a count: characteristic, category, stage, stratum, entered, progressed. It replaces what an earlier table said
    /// of the same vacancies.
    #[arg(long, value_name = "FILE", conflicts_with = "applications")]
    counts: Option<PathBuf>,
    /// The source whose applications and vacancies these are, so that its later deliveries meet them.
    #[arg(long, value_name = "ID")]
    source: SourceId,
    /// Make that source if it is not there.
    #[arg(long)]
    new_source: bool,
    /// Renames columns and values, e.g. `[columns] vacancy_id = "Job ref"`.
    #[arg(long, value_name = "FILE.toml")]
    mapping: Option<PathBuf>,
    /// The sheet of a workbook; the first one that holds a table when not given.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Only rows in which a column has a value, e.g. `organisation=Larchmere`.
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = super::audit::column_and_value, conflicts_with = "counts")]
    only: Vec<(String, String)>,
    /// The vacancies are still being decided: who went no further is undecided. Otherwise, vacancies that the table brings
    /// are closed, unless events say what became of their applications.
    #[arg(long, conflicts_with = "counts")]
    open: bool,
    /// Take in the rows that make sense although others make none.
    #[arg(long)]
    skip_wrong_rows: bool,
    /// Only check, and say what would be done.
    #[arg(long)]
    check: bool,
}

/// Takes the tables in.
pub(super) fn run(args: &Args) -> CliResult {
    let mapping = match &args.mapping {
        Some(path) => Mapping::parse(&output::read_text(path)?)
            .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?,
        None => Mapping::usual()?,
    };
    let only = |mapping: Mapping, (column, value): &(String, String)| mapping.only(column, value);
    let settings = ImportSettings {
        source: args.source.clone(),
        new_source: args.new_source,
        mapping: args.only.iter().fold(mapping, only).of_sheet(args.sheet.as_deref()),
        open: args.open,
        skip_wrong_rows: args.skip_wrong_rows,
        check_only: args.check,
    };
    let report = with_program(&args.config, async |app| {
        let viewer = operator(the_organisation(&app, args.organisation.clone())?);
        Ok(match (&args.applications, &args.counts) {
            (Some(path), _) => {
                let events = args.events.as_deref().map(opened).transpose()?;
                let done =
                    import_applications(&app, &viewer, opened(path)?, events, &settings).await;
                done.map_err(|error| named(args, path, &error))?
            }
            (None, Some(path)) => {
                let done = import_counts(&app, &viewer, opened(path)?, &settings).await;
                done.map_err(|error| named(args, path, &error))?
            }
            (None, None) => return Err(Failure::usage("give --applications or --counts")),
        })
    })?;
    tell(&report);
    if report.left_out > 0 && !report.written {
        return Err(Failure::failed(if args.check {
            "some rows make no sense; correct them, or leave them out with --skip-wrong-rows"
        } else {
            "nothing was imported; correct the rows above, or leave them out with --skip-wrong-rows"
        }));
    }
    Ok(if report.left_out > 0 { ExitCode::from(FLAGGED) } else { ExitCode::SUCCESS })
}

fn opened(path: &Path) -> Result<File, Failure> {
    File::open(path)
        .map_err(|error| Failure::failed(format!("{} cannot be opened: {error}", path.display())))
}

/// The error, with the file at fault.
fn named(args: &Args, table: &Path, error: &ImportError) -> Failure {
    let at_fault = match error {
        ImportError::Mapping(_) => args.mapping.as_deref(),
        ImportError::Events(_) => args.events.as_deref(),
        _ => None,
    };
    let at_fault = at_fault.unwrap_or(table);
    Failure::failed(format!("{}: {error}", at_fault.display()))
}

/// What was found and done, on standard error.
fn tell(report: &ImportReport) {
    for problem in &report.problems {
        note!("{problem}");
    }
    if !report.unknown_labels.is_empty() {
        note!(
            "labels that no rule maps, counted as not mapped (map them in a mapping file): {}",
            report.unknown_labels.join(", ")
        );
    }
    output::tell_columns(&report.columns, "name them in a mapping file");
    note!("{} rows read, {} left out", report.rows, report.left_out);
    let taken = |what: &str, taken: Taken| {
        let Taken { new, changed, unchanged } = taken;
        note!("{what}: {new} new, {changed} changed, {unchanged} as they were");
    };
    taken("vacancies", report.vacancies);
    if report.applications != Taken::default() {
        taken("applications", report.applications);
    }
    if report.erased > 0 {
        note!("{} applications of erased candidates left alone", report.erased);
    }
    if !report.written {
        note!("nothing was written");
    }
}
