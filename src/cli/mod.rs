//! The command line: one file per subcommand. Parses arguments, calls `workflow` or a pure module, prints.

pub mod redact;
pub mod rules;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "evenhand", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Redact(redact::RedactArgs),
    Rules(rules::RulesArgs),
}

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Redact(args) => redact::run(&args).map_err(|error| error.to_string()),
        Command::Rules(args) => rules::run(&args).map_err(|error| error.to_string()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("evenhand: {error}");
        ExitCode::FAILURE
    })
}
