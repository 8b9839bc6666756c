//! `evenhand journal verify`: checks every byte of a journal and names the first place that is wrong.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{CliResult, output};
use crate::workflow::verify_journal;

/// Arguments of `evenhand journal`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Check every byte of a journal. Needs no key; the server may be running.
    Verify {
        /// The journal's folder, or a data folder or backup that holds it.
        folder: PathBuf,
    },
}

/// Checks the journal.
pub(super) fn run(args: Args) -> CliResult {
    let Action::Verify { folder } = args.action;
    let verified = verify_journal(&folder)?;
    let last_hash: String = verified.last_hash.iter().map(|byte| format!("{byte:02x}")).collect();
    output::line(format_args!(
        "whole: {} records in {} segments, {} bytes; last hash {last_hash}",
        verified.records, verified.segments, verified.bytes
    ))?;
    if verified.unconfirmed_bytes > 0 {
        output::line(format_args!(
            "{} bytes at the end were never confirmed to anybody; the next start cuts them off",
            verified.unconfirmed_bytes
        ))?;
    }
    if !verified.end_is_confirmed {
        output::line(format_args!(
            "the file `head` is missing, so records lost at the very end would not be noticed"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
