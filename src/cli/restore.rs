//! `evenhand restore`: makes a data folder from a backup.

use std::path::PathBuf;

use super::backup::{exit_code, print_copied};
use super::{CliResult, output};
use crate::workflow::restore;

/// Arguments of `evenhand restore`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The backup.
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
    /// The data folder to make: it must be empty or not exist yet.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Makes the data folder.
pub(super) fn run(args: Args) -> CliResult {
    let copied = restore(&args.from, &args.to)?;
    print_copied(&copied)?;
    output::line(format_args!(
        "The key file is not part of a backup: put yours in its place. The views are built at the next start."
    ))?;
    Ok(exit_code(&copied))
}
