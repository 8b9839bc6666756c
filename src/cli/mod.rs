//! The command line: one file per subcommand. Parses arguments, calls `workflow` or a pure module, prints.

/// Writes a line to standard error. Where nobody reads it any more, as after `2>&1 | head`, the work goes on.
macro_rules! note {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _nobody_reads = writeln!(std::io::stderr(), $($text)*);
    }};
}

mod audit;
mod backup;
mod calc;
mod demo;
mod export;
mod import;
mod init;
mod journal;
mod keys;
mod output;
mod program;
mod read_document;
mod redact;
mod restore;
mod rules;
mod serve;
mod token;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use output::Failure;

/// What a subcommand answers: an exit code, or a failure that is printed and has one.
type CliResult = Result<ExitCode, Failure>;

/// Done, but something was withheld or flagged.
const FLAGGED: u8 = 3;

#[derive(Parser)]
#[command(name = "evenhand", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything in one process on a temporary folder: signed webhooks, packs, outcomes, an audit.
    Demo(demo::Args),
    /// Write a configuration, a key file, and the first administrator's token.
    Init(init::Args),
    /// Run the server.
    Serve(serve::Args),
    Redact(redact::RedactArgs),
    Audit(Box<audit::AuditArgs>),
    Calc(calc::CalcArgs),
    /// Write the tallies as a counts CSV.
    Export(export::Args),
    Import(Box<import::Args>),
    Rules(rules::RulesArgs),
    /// Check the journal.
    Journal(journal::Args),
    /// Copy journal, sealed files and key rings; the server may be running.
    Backup(backup::Args),
    /// Make a data folder from a backup.
    Restore(restore::Args),
    /// Exchange the keys of an organisation.
    Keys(keys::Args),
    /// Give an account a new token, or take it away.
    Token(token::Args),
    /// Add and list accounts.
    User(user::Args),
    #[command(name = crate::workflow::READ_DOCUMENT, hide = true)]
    ReadDocument(read_document::Args),
    #[command(name = crate::workflow::COPY_DOCUMENT, hide = true)]
    CopyDocument(read_document::CopyArgs),
}

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Demo(args) => demo::run(args),
        Command::Init(args) => init::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Redact(args) => redact::run(args).map_err(redact::failure),
        Command::Rules(args) => rules::run(&args),
        Command::Audit(args) => audit::run(*args),
        Command::Calc(args) => calc::run(&args),
        Command::Export(args) => export::run(args),
        Command::Import(args) => import::run(&args),
        Command::Journal(args) => journal::run(args),
        Command::Backup(args) => backup::run(args),
        Command::Restore(args) => restore::run(args),
        Command::Keys(args) => keys::run(args),
        Command::Token(args) => token::run(args),
        Command::User(args) => user::run(args),
        Command::ReadDocument(args) => read_document::run(&args),
        Command::CopyDocument(args) => read_document::copy(&args),
    };
    output::finish(result)
}
