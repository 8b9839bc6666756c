//! `evenhand rules check`: loads a rule set and runs every rule's own examples. Prints; decides nothing.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::{self, Failure};
use crate::redaction::check_examples;
use crate::rulebook::Rulebook;

/// Work on the rules.
#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Load every rule and run its examples.
    Check {
        /// A folder of rules; the built-in ones if not given.
        folder: Option<PathBuf>,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When a rule cannot be read at all: file, line and what to do.
pub fn run(args: &RulesArgs) -> Result<ExitCode, Failure> {
    let RulesCommand::Check { folder } = &args.command;
    let book = match folder {
        Some(folder) => Rulebook::from_folder(folder)?,
        None => Rulebook::built_in()?,
    };
    let failures = check_examples(&book)?;
    for failure in &failures {
        output::line(format_args!("{failure}"))?;
    }
    let examples: usize =
        book.recognisers().iter().map(|rule| rule.matches.len() + rule.ignores.len()).sum();
    output::line(format_args!(
        "{} recognisers, {} lexicons, {examples} examples, {} failed; rule set {}",
        book.recognisers().len(),
        book.lexicons().len(),
        failures.len(),
        book.sha256()
    ))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
