//! `evenhand backup`: copies journal, sealed files and key rings to a new folder.

use std::path::PathBuf;
use std::process::ExitCode;

use super::output::{self, Failure};
use super::{CliResult, FLAGGED};
use crate::workflow::{Copied, back_up};

/// Arguments of `evenhand backup`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Where to copy it: a folder that is empty or does not exist yet.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Makes the copy.
pub(super) fn run(args: Args) -> CliResult {
    let copied = back_up(&args.data, &args.to)?;
    print_copied(&copied)?;
    output::line(format_args!(
        "The key file is not part of a backup: keep a copy of it somewhere else. After an erasure or a rotation of \
         keys, make a new backup; older ones need its `rings` folder."
    ))?;
    Ok(exit_code(&copied))
}

/// One line, and one for each file that was left out.
pub(super) fn print_copied(copied: &Copied) -> Result<(), Failure> {
    output::line(format_args!(
        "copied and verified: {} records in {} segments, {} sealed files, {} key rings",
        copied.journal.records, copied.journal.segments, copied.files, copied.rings
    ))?;
    for name in &copied.damaged_files {
        note!("evenhand: sealed file {name} is damaged and was left out");
    }
    Ok(())
}

/// Done, or done with something left out.
pub(super) fn exit_code(copied: &Copied) -> ExitCode {
    if copied.damaged_files.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FLAGGED) }
}
