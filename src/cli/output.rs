//! What subcommands share: reading a file they were given, writing where they were told, and turning an error into a
//! message and an exit code.

use std::error::Error;
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::intake::tabular::ColumnNotes;

/// Why a subcommand stops.
#[derive(Debug)]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// The work failed: exit code 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// It was asked for in a way that cannot work: exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }
}

/// Any error of ours means that the work failed.
impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::failed(error.to_string())
    }
}

/// Prints the error of a failure and gives its exit code.
pub fn finish(result: Result<ExitCode, Failure>) -> ExitCode {
    result.unwrap_or_else(|failure| {
        note!("evenhand: {}", failure.message);
        ExitCode::from(failure.code)
    })
}

/// The text of a file.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        let problem = match error.kind() {
            std::io::ErrorKind::InvalidData => "it is not text; a text file in UTF-8 is wanted",
            _ => &error.to_string(),
        };
        Failure::failed(format!("{} cannot be read: {problem}", path.display()))
    })
}

/// What was made of the columns of a table, on standard error, with what to do about those that were not used.
pub fn tell_columns(columns: &ColumnNotes, advice: &str) {
    if !columns.missing.is_empty() {
        note!("columns of the mapping file that are not there: {}", columns.missing.join(", "));
    }
    if !columns.worded.is_empty() {
        note!(
            "columns read by how they are worded: {} (a mapping file can say otherwise)",
            columns.worded.join(", ")
        );
    }
    if !columns.ignored.is_empty() {
        note!("columns not used: {} ({advice})", columns.ignored.join(", "));
    }
}

/// The file that a path names; none where it is `-`, which stands for standard output.
pub fn file(path: Option<PathBuf>) -> Option<PathBuf> {
    path.filter(|path| path.as_os_str() != "-")
}

/// Writes to a file, or to standard output. A reader that stops reading, as `head` does, is no error.
pub fn write(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    write_bytes(path, text.as_bytes())
}

/// Writes bytes to a file, or to standard output.
pub fn write_bytes(path: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    let Some(path) = path else { return print_bytes(bytes) };
    std::fs::write(path, bytes)
        .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", path.display())))
}

/// Writes one line to standard output.
pub fn line(text: impl Display) -> Result<(), Failure> {
    print(&format!("{text}\n"))
}

fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
