//! `evenhand redact`: one document, or a file of JSON lines. Reads and writes files; decides nothing about redaction.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::document::DocumentText;
use crate::domain::Identity;
use crate::redaction::{Engine, Part, Redaction, RedactionRequest, answer};
use crate::rulebook::{RuleError, Rulebook};
use crate::workflow::DocumentReader;

/// Remove identity and clues to protected characteristics from an application.
#[derive(Debug, Args)]
pub struct RedactArgs {
    /// The document (DOCX, ODT, RTF, HTML, e-mail or text); `-` reads standard input.
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    file: Option<PathBuf>,
    /// What the applicant tracking system knows of the candidate, as JSON.
    #[arg(long, conflicts_with = "jsonl")]
    identity: Option<PathBuf>,
    /// A word or phrase that the person specification asks for; may be given more than once.
    #[arg(long)]
    allow: Vec<String>,
    /// A file of JSON lines, one application each; `-` reads standard input.
    #[arg(long)]
    jsonl: Option<PathBuf>,
    /// Where to write; standard output if not given.
    #[arg(short, long)]
    out: Option<PathBuf>,
    /// List every removal and its rule on standard error.
    #[arg(long)]
    trace: bool,
    /// A folder of rules that replaces the built-in ones.
    #[arg(long)]
    rules: Option<PathBuf>,
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

/// Runs the subcommand.
///
/// # Errors
/// [`RedactError`] names the file or line and what to do.
pub fn run(args: &RedactArgs) -> Result<ExitCode, RedactError> {
    let rules = match &args.rules {
        Some(folder) => Rulebook::from_folder(folder)?,
        None => Rulebook::built_in()?,
    };
    let engine = Engine::new(&rules)?;
    match (&args.jsonl, &args.file) {
        (Some(lines), _) => redact_lines(&engine, lines, args),
        (None, Some(file)) => redact_document(&engine, file, args),
        (None, None) => Ok(ExitCode::from(2)),
    }
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> RedactError + '_ {
    move |error| RedactError::File { path: path.display().to_string(), error }
}

fn redact_document(
    engine: &Engine,
    file: &Path,
    args: &RedactArgs,
) -> Result<ExitCode, RedactError> {
    let identity = match &args.identity {
        Some(path) => read_identity(path)?,
        None => Identity::default(),
    };
    let reader = DocumentReader::in_child_of_this_program().map_err(file_error(file))?;
    let document = reader.read(&read_bytes(file)?, None);
    for problem in &document.problems {
        eprintln!("{}: {}", problem.code, problem.message);
    }
    if document.is_withheld() {
        eprintln!("withheld: nothing was written");
        return Ok(ExitCode::from(super::FLAGGED));
    }
    let redaction = redact_with_hidden(engine, &document, &identity, &args.allow);
    for problem in &redaction.problems {
        eprintln!("{}: {}", problem.code, problem.message);
    }
    if args.trace {
        print_trace(&redaction);
    }
    if !redaction.released {
        eprintln!("withheld: nothing was written");
        return Ok(ExitCode::from(super::FLAGGED));
    }
    write_out(args.out.as_deref(), |out| out.write_all(redaction.redacted.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

/// Hidden text is a part of its own: names in it are looked for in the visible words, and it is shown to nobody.
fn redact_with_hidden(
    engine: &Engine,
    document: &DocumentText,
    identity: &Identity,
    allow: &[String],
) -> Redaction {
    let hidden: Vec<&str> = document.hidden.iter().map(|hidden| hidden.text.as_str()).collect();
    let hidden = hidden.join("\n\n");
    let parts =
        [Part { label: "document", text: &document.text }, Part { label: "hidden", text: &hidden }];
    let mut redactions = engine.redact_parts(&parts, identity, allow);
    redactions.truncate(1);
    redactions.pop().unwrap_or_else(|| engine.redact(&document.text, identity, allow))
}

fn print_trace(redaction: &Redaction) {
    for span in &redaction.spans {
        eprintln!(
            "{}..{}\t{}\t{}\t{:?}\t{}",
            span.start, span.end, span.kind, span.rule, span.action, span.replacement
        );
    }
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

/// Writes beside the target and renames, so that a failure leaves nothing half-written.
fn write_out(
    target: Option<&Path>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), RedactError> {
    let Some(target) = target else {
        let mut out = io::stdout().lock();
        return fill(&mut out).and_then(|()| out.flush()).map_err(file_error(Path::new("-")));
    };
    let temporary = temporary_beside(target);
    let file = File::create(&temporary).map_err(file_error(&temporary))?;
    let mut out = BufWriter::new(file);
    let written = fill(&mut out).and_then(|()| out.flush()).and_then(|()| out.get_ref().sync_all());
    finish(target, &temporary, written)
}

fn temporary_beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    target.with_file_name(name)
}

fn finish(target: &Path, temporary: &Path, written: io::Result<()>) -> Result<(), RedactError> {
    let renamed = written.and_then(|()| std::fs::rename(temporary, target));
    if renamed.is_err() {
        // The first error is the one to tell; the temporary file is removed if it can be.
        let _ = std::fs::remove_file(temporary);
    }
    renamed.map_err(file_error(target))
}

#[derive(Default)]
struct Counts {
    documents: usize,
    spans: usize,
    withheld: usize,
}

fn redact_lines(engine: &Engine, lines: &Path, args: &RedactArgs) -> Result<ExitCode, RedactError> {
    let input: Box<dyn Read> = if lines.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(lines).map_err(file_error(lines))?)
    };
    let mut counts = Counts::default();
    let progress = progress();
    // Standard output cannot be taken back, so a whole run is collected beside it first too.
    let (target, to_stdout) = match &args.out {
        Some(target) => (target.clone(), false),
        None => (std::env::temp_dir().join(format!("evenhand-{}.jsonl", std::process::id())), true),
    };
    let temporary = temporary_beside(&target);
    let file = File::create(&temporary).map_err(file_error(&temporary))?;
    let mut out = BufWriter::new(file);
    let result = each_line(engine, BufReader::new(input), &mut out, args, &mut counts, &progress);
    progress.finish_and_clear();
    if let Err(error) = result {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    let written = out.flush().and_then(|()| out.get_ref().sync_all());
    if to_stdout {
        let copied = written.and_then(|()| {
            io::copy(&mut File::open(&temporary)?, &mut io::stdout().lock()).map(|_| ())
        });
        let _ = std::fs::remove_file(&temporary);
        copied.map_err(file_error(Path::new("-")))?;
    } else {
        finish(&target, &temporary, written)?;
    }
    eprintln!(
        "{} documents, {} spans, {} withheld",
        counts.documents, counts.spans, counts.withheld
    );
    Ok(if counts.withheld > 0 { ExitCode::from(super::FLAGGED) } else { ExitCode::SUCCESS })
}

fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    ProgressBar::new_spinner()
        .with_style(ProgressStyle::default_spinner())
        .with_message("applications redacted")
}

fn each_line(
    engine: &Engine,
    mut input: impl BufRead,
    out: &mut impl Write,
    args: &RedactArgs,
    counts: &mut Counts,
    progress: &ProgressBar,
) -> Result<(), RedactError> {
    let lines = args.jsonl.clone().unwrap_or_default();
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).map_err(file_error(&lines))? == 0 {
            return Ok(());
        }
        number += 1;
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let mut request: RedactionRequest = serde_json::from_slice(&bytes)
            .map_err(|error| RedactError::Line { line: number, message: place_of(&error) })?;
        request.allow.extend(args.allow.iter().cloned());
        let answer = answer(engine, request);
        counts.documents += 1;
        counts.spans += answer.spans.len();
        counts.withheld += usize::from(!answer.released);
        if args.trace {
            for span in &answer.spans {
                eprintln!(
                    "line {number}\t{}..{}\t{}\t{}",
                    span.start, span.end, span.kind, span.rule
                );
            }
        }
        serde_json::to_writer(&mut *out, &answer)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .map_err(file_error(args.out.as_deref().unwrap_or(Path::new("-"))))?;
        progress.inc(1);
    }
}
