//! `evenhand redact`: one document, or a file of JSON lines. Reads and writes files; decides nothing about redaction.

mod batch;
mod clean;
mod explanation;
mod identities;
mod lines;
mod target;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use self::identities::file_words;
use self::target::write_out;
use super::FLAGGED;
use super::output::{self, Failure};
use crate::document::write::{WriteError, WriteFormat};
use crate::domain::Identity;
use crate::redaction::{Engine, Span};
use crate::rulebook::{RuleError, Rulebook};
use crate::workflow::{DocumentReader, OutsideFind, RedactedDocument, redact_document};

/// Remove identity and clues to protected characteristics from an application.
#[derive(Debug, Args)]
pub struct RedactArgs {
    /// The document (PDF, DOCX, ODT, RTF, HTML, e-mail or text); `-` reads standard input. A folder or a .zip of
    /// documents is redacted whole, into a new folder.
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    file: Option<PathBuf>,
    /// What the applicant tracking system knows of the candidate, as JSON.
    #[arg(long, conflicts_with = "jsonl")]
    identity: Option<PathBuf>,
    /// For a folder or .zip: what is known of the candidates, as CSV with a column `file` and columns such as
    /// given_names, family_name, email, phone; several values are parted by `;`.
    #[arg(long, conflicts_with_all = ["jsonl", "identity"])]
    identities: Option<PathBuf>,
    /// For a folder or .zip: the format of the copies.
    #[arg(long, value_parser = ["pdf", "docx", "html", "txt"], conflicts_with_all = ["jsonl", "format"])]
    to: Option<String>,
    /// A word or phrase that the person specification asks for; may be given more than once.
    #[arg(long)]
    allow: Vec<String>,
    /// A file of JSON lines, one application each; `-` reads standard input.
    #[arg(long)]
    jsonl: Option<PathBuf>,
    /// Where to write; standard output if not given, or `-`. The ending decides the format of the panel's copy: .pdf,
    /// .docx, .html or .txt. For a folder or .zip: the folder to make.
    #[arg(short, long)]
    out: Option<PathBuf>,
    /// What to write instead: the bare redacted text, or a page for whoever reviews the redaction, which shows every
    /// removed word beside its rule and must not reach the panel.
    #[arg(long, value_enum, conflicts_with = "jsonl")]
    format: Option<Format>,
    /// List every removal and its rule on standard error.
    #[arg(long)]
    trace: bool,
    /// A folder of rules that replaces the built-in ones.
    #[arg(long)]
    rules: Option<PathBuf>,
}

/// What is written of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The redacted text.
    Text,
    /// The application with every removal marked and explained: shows what was removed.
    Html,
}

/// Why a redaction could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// The rules cannot be used.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// A file cannot be read or written.
    #[error("{path}: {error}; check the path and the permissions")]
    File {
        /// The path.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The identity file is not as expected.
    #[error(
        "{path}: not an identity: {message}; it must be one JSON object with fields such as given_names, family_name, email"
    )]
    Identity {
        /// The path.
        path: String,
        /// What is wrong and where, without the file's words.
        message: String,
    },
    /// The ending of the target's name stands for no format.
    #[error("{path}: nothing is written in the format .{ending}; name a file that ends in {known}")]
    Ending {
        /// The path.
        path: String,
        /// Its ending.
        ending: String,
        /// The endings that stand for one.
        known: String,
    },
    /// It was asked for in a way that cannot work.
    #[error("{0}")]
    Use(String),
    /// The table of identities is not as expected.
    #[error("{path}, line {line}: {message}; nothing was written")]
    Table {
        /// The path.
        path: String,
        /// Counted from 1.
        line: u64,
        /// What is wrong, without the line's words.
        message: String,
    },
    /// A collection of documents cannot be opened.
    #[error("{path}: {message}; nothing was written")]
    Collection {
        /// The path.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// A clean document could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A line of JSON lines is not a request.
    #[error(
        "line {line}: {message}; each line must be one JSON object with at least \"text\", and nothing was written"
    )]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong and where, without the line's words.
        message: String,
    },
}

/// How the program ends on an error: a name that stands for no format is wrong use.
pub fn failure(error: RedactError) -> Failure {
    match error {
        RedactError::Ending { .. } | RedactError::Use(_) => Failure::usage(error.to_string()),
        other => other.into(),
    }
}

/// Runs the subcommand.
///
/// # Errors
/// [`RedactError`] names the file or line and what to do.
pub fn run(mut args: RedactArgs) -> Result<ExitCode, RedactError> {
    args.out = output::file(args.out.take());
    let args = &args;
    let rules = match &args.rules {
        Some(folder) => Rulebook::from_folder(folder)?,
        None => Rulebook::built_in()?,
    };
    let engine = Engine::new(&rules)?;
    match (&args.jsonl, &args.file) {
        (Some(lines), _) => lines::run(&engine, lines, args),
        (None, Some(file)) if batch::is_collection(file) => batch::run(&engine, file, args),
        (None, Some(file)) => redact_one(&engine, &rules, file, args),
        (None, None) => Ok(ExitCode::from(2)),
    }
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> RedactError + '_ {
    move |error| RedactError::File { path: path.display().to_string(), error }
}

fn redact_one(
    engine: &Engine,
    rules: &Rulebook,
    file: &Path,
    args: &RedactArgs,
) -> Result<ExitCode, RedactError> {
    if args.identities.is_some() || args.to.is_some() {
        let what = "--identities and --to are for a folder or a .zip of documents";
        return Err(RedactError::Use(format!(
            "{what}; for one document use --identity and the ending of -o"
        )));
    }
    let format = match args.format {
        None => clean_format(args.out.as_deref())?,
        Some(_) => None,
    };
    let identity = match &args.identity {
        Some(path) => read_identity(path)?,
        None => Identity::default(),
    };
    let reader = DocumentReader::in_child_of_this_program().map_err(file_error(file))?;
    let bytes = read_bytes(file)?;
    let document = reader.read(&bytes, None);
    for problem in &document.problems {
        note!("{}: {}", problem.code, problem.message);
    }
    if document.is_withheld() {
        note!("withheld: nothing was written");
        return Ok(ExitCode::from(FLAGGED));
    }
    let file_name = (file.as_os_str() != "-").then(|| file_words(&file.to_string_lossy()));
    let redacted = redact_document(engine, &document, file_name.as_deref(), &identity, &args.allow);
    let RedactedDocument { visible: redaction, outside, forbidden, .. } = &redacted;
    for problem in &redaction.problems {
        note!("{}: {}", problem.code, problem.message);
    }
    if args.trace {
        for line in trace_lines(&redaction.spans, outside) {
            note!("{line}");
        }
    }
    if args.format == Some(Format::Html) {
        // Whoever reviews a withheld redaction needs to see it most of all.
        let page = explanation::page(&document.text, &redacted, rules);
        write_out(args.out.as_deref(), |out| out.write_all(page.as_bytes()))?;
        let withheld = || ExitCode::from(FLAGGED);
        return Ok(if redaction.released { ExitCode::SUCCESS } else { withheld() });
    }
    if !redaction.released {
        note!("withheld: nothing was written");
        return Ok(ExitCode::from(FLAGGED));
    }
    if let Some(format) = format {
        let source = clean::Source { reader: &reader, bytes: &bytes };
        return clean::write(&source, redaction, format, forbidden, args);
    }
    write_out(args.out.as_deref(), |out| out.write_all(redaction.redacted.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

/// The format that the target's ending stands for; none for standard output and names without an ending, which get the
/// bare text.
fn clean_format(target: Option<&Path>) -> Result<Option<WriteFormat>, RedactError> {
    let Some((target, ending)) = target.and_then(|path| Some((path, path.extension()?))) else {
        return Ok(None);
    };
    let ending = ending.to_string_lossy();
    match WriteFormat::from_extension(&ending) {
        Some(format) => Ok(Some(format)),
        None => Err(RedactError::Ending {
            path: target.display().to_string(),
            ending: ending.into_owned(),
            known: WriteFormat::ALL.map(|format| format!(".{}", format.extension())).join(", "),
        }),
    }
}

/// Every removal without its words: first those outside the visible words, with the place where each stood.
fn trace_lines(spans: &[Span], outside: &[OutsideFind]) -> Vec<String> {
    let line = |place: String, span: &Span| {
        format!(
            "{place}{}..{}\t{}\t{}\t{:?}\t{}",
            span.start, span.end, span.kind, span.rule, span.action, span.replacement
        )
    };
    let hidden = outside
        .iter()
        .map(|find| line(format!("{} {}:", find.place.as_str(), find.text + 1), &find.span));
    hidden.chain(spans.iter().map(|span| line(String::new(), span))).collect()
}

fn read_identity(path: &Path) -> Result<Identity, RedactError> {
    let bytes = std::fs::read(path).map_err(file_error(path))?;
    serde_json::from_slice(&bytes).map_err(|error| RedactError::Identity {
        path: path.display().to_string(),
        message: place_of(&error),
    })
}

/// Where JSON is wrong, and in what way, without quoting it.
fn place_of(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Syntax => "not valid JSON",
        serde_json::error::Category::Eof => "the JSON ends too early",
        serde_json::error::Category::Data if error.to_string().starts_with("missing field") => {
            "the field \"text\" is missing"
        }
        _ => "a field has the wrong type",
    };
    format!("{what} at column {}", error.column())
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, RedactError> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(file_error(path))?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(file_error(path))
}
