//! `evenhand redact FOLDER` or `FILE.zip`: every document becomes a clean copy in a new folder, or is withheld with the
//! reason. Reads and writes; decides nothing about redaction.
//!
//! The copies bear numbers in an order drawn by lot, since an order by name says something of the name. Which number
//! belongs to which document stands in a report beside the folder, not in it: the folder can be handed to a panel.

mod collection;
mod report;

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use collection::{Source, archive_bytes};
use indicatif::{ProgressBar, ProgressStyle};
use report::{beside, output_name, report, summary};

use super::identities::{Identities, file_words};
use super::target::{finish, remove_left_over, temporary_beside, write_out};
use super::{RedactArgs, RedactError, file_error};
use crate::document::write::WriteFormat;
use crate::domain::{Identity, WithheldReason};
use crate::messages::Messages;
use crate::redaction::Engine;
use crate::workflow::{CleanAnswer, CleanRequest, CleanWords, DocumentReader, clean_document};

/// Whether a path stands for many documents.
pub(super) fn is_collection(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// A document and what became of it.
struct Outcome {
    name: String,
    number: usize,
    identified: bool,
    answer: CleanAnswer,
}

/// Redacts all documents of a folder or archive.
///
/// # Errors
/// [`RedactError`] when the collection cannot be opened, the table is wrong, or something cannot be written: then
/// nothing is.
pub(super) fn run(
    engine: &Engine,
    path: &Path,
    args: &RedactArgs,
) -> Result<ExitCode, RedactError> {
    let (target, format) = checked(path, args)?;
    let mut identities = match &args.identities {
        Some(table) => Identities::read(table)?,
        None => Identities::default(),
    };
    let bytes = archive_bytes(path)?;
    let (source, names) = Source::open(path, &bytes, args.identities.as_deref())?;
    let known = identities.of_all(&names);

    remove_left_over(&target);
    let unfinished = temporary_beside(&target);
    fs::create_dir(&unfinished).map_err(file_error(&unfinished))?;
    let result =
        all(engine, &source, &names, &known, format, &unfinished, args).and_then(|outcomes| {
            report(&beside(&target), &outcomes, &identities, format)?;
            finish(&target, &unfinished, Ok(()))?;
            Ok(outcomes)
        });
    if result.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_dir_all(&unfinished);
    }
    let outcomes = result?;
    Ok(summary(&outcomes, &identities, &beside(&target)))
}

/// Where to write and in which format.
fn checked(path: &Path, args: &RedactArgs) -> Result<(PathBuf, WriteFormat), RedactError> {
    let wrong = |message: &str| Err(RedactError::Use(message.to_owned()));
    if args.identity.is_some() || args.format.is_some() {
        return wrong(
            "--identity and --format are for one document; for a folder or .zip use --identities and --to",
        );
    }
    let Some(target) = &args.out else {
        return wrong("a folder or .zip needs -o with the name of a folder to make");
    };
    let format = args.to.as_deref().unwrap_or("pdf");
    let Some(format) = WriteFormat::from_extension(format) else {
        return wrong("--to must be pdf, docx, html or txt");
    };
    let absolute = std::path::absolute(target).map_err(file_error(target))?;
    if path.is_dir() {
        let folder = path.canonicalize().map_err(file_error(path))?;
        let above = absolute.ancestors().find_map(|above| above.canonicalize().ok());
        if above.is_some_and(|above| above.starts_with(&folder)) {
            return wrong("the folder to make must not be inside the folder that is read");
        }
    }
    let is_empty = || fs::read_dir(&absolute).is_ok_and(|mut entries| entries.next().is_none());
    if absolute.exists() && !is_empty() {
        return wrong("the folder to make exists and is not empty; name a new one");
    }
    Ok((absolute, format))
}

fn progress(count: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count as u64).with_message("documents");
    match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Redacts everything, on all processors, in the order of the numbers.
fn all(
    engine: &Engine,
    source: &Source<'_>,
    names: &[String],
    known: &[Option<Identity>],
    format: WriteFormat,
    folder: &Path,
    args: &RedactArgs,
) -> Result<Vec<Outcome>, RedactError> {
    let reader = DocumentReader::in_child_of_this_program().map_err(file_error(folder))?;
    let bar = progress(names.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(names.len()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let (Some(name), Some(identity)) = (names.get(index), known.get(index)) else { return };
            let number = index + 1;
            let outcome =
                one(engine, &reader, source, name, identity.as_ref(), format, number, args)
                    .and_then(|mut answer| {
                        if let Some(file) = answer.file.take() {
                            let path = folder.join(output_name(number, format));
                            write_out(Some(&path), |out| out.write_all(&file))?;
                            // That there is a file is told by its absence of reasons; the bytes need not stay in memory.
                            answer.file = Some(Vec::new());
                        }
                        let identified = identity.as_ref().is_some_and(|known| !known.is_empty());
                        Ok(Outcome { name: name.clone(), number, identified, answer })
                    });
            let failed = outcome.is_err();
            done.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
            bar.inc(1);
            if failed {
                // Nothing more is begun: a full disk does not get better.
                next.store(names.len(), Ordering::Relaxed);
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut outcomes = done.into_iter().collect::<Result<Vec<Outcome>, RedactError>>()?;
    outcomes.sort_unstable_by_key(|outcome| outcome.number);
    Ok(outcomes)
}

#[expect(clippy::too_many_arguments, reason = "one document with everything that concerns all")]
fn one(
    engine: &Engine,
    reader: &DocumentReader,
    source: &Source<'_>,
    name: &str,
    identity: Option<&Identity>,
    format: WriteFormat,
    number: usize,
    args: &RedactArgs,
) -> Result<CleanAnswer, RedactError> {
    let document = match source.read(name)? {
        Ok(document) => document,
        Err(problem) => {
            let reason = WithheldReason {
                code: problem.code.to_owned(),
                part: "document".to_owned(),
                message: problem.message,
            };
            return Ok(CleanAnswer { problems: vec![reason], ..CleanAnswer::default() });
        }
    };
    let words = &Messages::english();
    let title = format!("{} {number:04}", words.text("clean-title"));
    let nobody = Identity::default();
    let request = CleanRequest {
        document: &document,
        media_type: None,
        file_name: Some(&file_words(name)),
        identity: identity.unwrap_or(&nobody),
        allow: &args.allow,
        format,
        words: CleanWords {
            title: &title,
            language: &words.language(),
            page_words: &words.text("clean-page"),
        },
    };
    let mut answer = clean_document(engine, reader, &request);
    if !args.trace {
        answer.spans = Vec::new();
        answer.outside = Vec::new();
    }
    Ok(answer)
}
