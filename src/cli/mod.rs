//! The command line: one file per subcommand. Parses arguments, calls `workflow` or a pure module, prints.

use std::process::ExitCode;

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
