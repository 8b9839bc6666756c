//! `evenhand export`: the tallies as a counts CSV, which `evenhand audit --counts` reads. The file holds small
//! numbers that reports suppress; it is for the organisation's own analysts.

use std::path::PathBuf;
use std::process::ExitCode;

use super::program::{ConfigArgs, the_organisation, with_program};
use super::{CliResult, output};
use crate::domain::OrganisationId;
use crate::workflow::export_counts;

/// Arguments of `evenhand export`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigArgs,
    /// The organisation, when there are several.
    #[arg(long, value_name = "ID")]
    organisation: Option<OrganisationId>,
    /// The file to write; standard output when it is left out, or `-`.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the counts.
pub(super) fn run(mut args: Args) -> CliResult {
    args.output = output::file(args.output.take());
    with_program(&args.config, async |app| {
        let organisation = the_organisation(&app, args.organisation)?;
        let csv = export_counts(&app, &organisation)?;
        output::write(args.output.as_deref(), &csv)?;
        if let Some(path) = &args.output {
            let rows = csv.lines().count().saturating_sub(1);
            note!("{rows} cells written to {}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    })
}
