//! The command line: one file per subcommand. Parses arguments, calls `workflow` or a pure module, prints.

mod audit;
mod calc;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "evenhand", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Audit(audit::AuditArgs),
    Calc(calc::CalcArgs),
}

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Audit(args) => audit::run(&args),
        Command::Calc(args) => calc::run(&args),
    }
}
