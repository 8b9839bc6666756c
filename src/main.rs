//! The program: parse the command line, run it, turn the result into an exit code.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    evenhand::cli::run()
}
