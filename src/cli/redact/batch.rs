//! `evenhand redact FOLDER` or `FILE.zip`: every document becomes a clean copy in a new folder, or is withheld with the
//! reason. Reads and writes; decides nothing about redaction.
//!
//! The copies bear numbers in an order drawn by lot, since an order by name says something of the name. Which number
//! belongs to which document stands in a report beside the folder, not in it: the folder can be handed to a panel.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};

use super::identities::{Identities, comparable};
use super::target::{finish, temporary_beside, write_out};
use super::{RedactArgs, RedactError, file_error};
use crate::cli::FLAGGED;
use crate::document::write::WriteFormat;
use crate::document::{Collection, DocumentProblem};
use crate::domain::{Identity, WithheldReason};
use crate::messages::Messages;
use crate::redaction::Engine;
use crate::report::disarmed;
use crate::workflow::{CleanAnswer, CleanRequest, CleanWords, DocumentReader, clean_document};

/// Folders within folders.
const DEEPEST_FOLDER: usize = 16;
/// A document is refused by its size before it is read whole.
const LARGEST_FILE_BYTES: u64 = 64 << 20;

/// Whether a path stands for many documents.
pub(super) fn is_collection(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// Where the documents are.
enum Source<'a> {
    Folder(PathBuf),
    Archive(Mutex<Collection<'a>>),
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
    let bytes = if path.is_dir() { Vec::new() } else { archive_bytes(path)? };
    let (source, mut names) = if path.is_dir() {
        let skipped = args.identities.as_deref().and_then(|table| table.canonicalize().ok());
        let mut names = Vec::new();
        list(path, "", 0, skipped.as_deref(), &mut names).map_err(file_error(path))?;
        (Source::Folder(path.to_owned()), names)
    } else {
        let collection = Collection::open(&bytes).map_err(|problem| RedactError::Collection {
            path: path.display().to_string(),
            message: problem.message,
        })?;
        let names = collection.names();
        (Source::Archive(Mutex::new(collection)), names)
    };
    names.retain(|name| !is_by_product(name));
    if names.is_empty() {
        let message = "there are no documents in it".to_owned();
        return Err(RedactError::Collection { path: path.display().to_string(), message });
    }
    draw_lots(&mut names).map_err(file_error(path))?;
    let known = identities.of_all(&names);

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

fn archive_bytes(path: &Path) -> Result<Vec<u8>, RedactError> {
    let length = fs::metadata(path).map_err(file_error(path))?.len();
    if length > Collection::LARGEST_BYTES {
        let message = "the archive is larger than 1 GiB; split it".to_owned();
        return Err(RedactError::Collection { path: path.display().to_string(), message });
    }
    fs::read(path).map_err(file_error(path))
}

/// The files of a folder and its folders, by their names below it. Links are not followed.
fn list(
    folder: &Path,
    prefix: &str,
    depth: usize,
    skipped: Option<&Path>,
    names: &mut Vec<String>,
) -> io::Result<()> {
    if depth > DEEPEST_FOLDER {
        return Err(io::Error::other("folders are nested too deep"));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| io::Error::other("a file's name is not in UTF-8; rename it"))?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && !name.starts_with('.') {
            list(&path, &format!("{prefix}{name}/"), depth + 1, skipped, names)?;
        } else if kind.is_file() && path.canonicalize().ok().as_deref() != skipped {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// What operating systems and office programs leave beside documents.
fn is_by_product(name: &str) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.split(['/', '\\']).any(|part| part == "__MACOSX")
        || base.starts_with('.')
        || base.starts_with("~$")
        || ["Thumbs.db", "desktop.ini"].contains(&base)
}

fn draw_lots(names: &mut Vec<String>) -> io::Result<()> {
    let mut drawn = Vec::with_capacity(names.len());
    for name in names.drain(..) {
        let mut lot = [0; 16];
        getrandom::fill(&mut lot).map_err(|error| io::Error::other(error.to_string()))?;
        drawn.push((lot, name));
    }
    drawn.sort_unstable();
    names.extend(drawn.into_iter().map(|(_, name)| name));
    Ok(())
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

fn output_name(number: usize, format: WriteFormat) -> String {
    format!("application-{number:04}.{}", format.extension())
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
    let read = match source {
        Source::Folder(folder) => from_folder(&folder.join(name))?,
        Source::Archive(archive) => {
            archive.lock().unwrap_or_else(PoisonError::into_inner).read(name)
        }
    };
    let document = match read {
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
    Ok(clean_document(engine, reader, &request))
}

/// A file's name without its ending, parted into words as people part names of files.
fn file_words(name: &str) -> String {
    let base = comparable(name);
    let base = base.rsplit('/').next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    stem.replace(['_', '.'], " ")
}

fn from_folder(path: &Path) -> Result<Result<Vec<u8>, DocumentProblem>, RedactError> {
    let length = fs::metadata(path).map_err(file_error(path))?.len();
    if length > LARGEST_FILE_BYTES {
        let message = "the file is far larger than any application; it is withheld: ask the applicant for a shorter one";
        let problem =
            DocumentProblem { code: "too_large", message: message.to_owned(), withholds: true };
        return Ok(Err(problem));
    }
    fs::read(path).map(Ok).map_err(file_error(path))
}

/// The report's path: beside the folder of copies.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push("-report.csv");
    target.with_file_name(name)
}

fn reasons(answer: &CleanAnswer) -> String {
    let lines = answer.problems.iter().map(|reason| format!("{}: {}", reason.code, reason.message));
    lines.collect::<Vec<_>>().join("; ")
}

/// Which copy is whose, and what was done. Names people by the names of their files.
fn report(
    path: &Path,
    outcomes: &[Outcome],
    identities: &Identities,
    format: WriteFormat,
) -> Result<(), RedactError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let write = |table: &mut csv::Writer<Vec<u8>>, row: [String; 8]| {
        table.write_record(row.map(|cell| disarmed(&cell))).map_err(io::Error::other)
    };
    let fill = |table: &mut csv::Writer<Vec<u8>>| -> io::Result<()> {
        let header = [
            "file",
            "output",
            "released",
            "identity",
            "problems",
            "removed",
            "known_values",
            "known_values_found",
        ];
        write(table, header.map(str::to_owned))?;
        let yes_no = |yes: bool| (if yes { "yes" } else { "no" }).to_owned();
        let mut by_name: Vec<&Outcome> = outcomes.iter().collect();
        by_name.sort_unstable_by_key(|outcome| &outcome.name);
        for outcome in by_name {
            let Outcome { name, number, identified, answer } = outcome;
            let released = answer.file.is_some();
            let output = if released { output_name(*number, format) } else { String::new() };
            let row = [
                name.clone(),
                output,
                yes_no(released),
                yes_no(*identified),
                reasons(answer),
                answer.removed.to_string(),
                answer.proof.known.to_string(),
                answer.proof.found.to_string(),
            ];
            write(table, row)?;
        }
        for (line, name) in identities.unused() {
            let problem = format!("no_document: line {line} of the identities fits no document");
            let mut row = [name, "", "no", "yes", &problem, "0", "0", "0"].map(str::to_owned);
            row[0] = name.to_owned();
            write(table, row)?;
        }
        Ok(())
    };
    fill(&mut table).map_err(file_error(path))?;
    let bytes = table
        .into_inner()
        .map_err(|error| file_error(path)(io::Error::other(error.to_string())))?;
    write_out(Some(path), |out| out.write_all(&bytes))
}

/// Says what was withheld and why, what had no identity, and how many of each.
fn summary(outcomes: &[Outcome], identities: &Identities, report: &Path) -> ExitCode {
    let mut by_name: Vec<&Outcome> = outcomes.iter().collect();
    by_name.sort_unstable_by_key(|outcome| &outcome.name);
    for outcome in &by_name {
        let name = shown(&outcome.name);
        if outcome.answer.file.is_none() {
            eprintln!("{name}: withheld: {}", reasons(&outcome.answer));
        } else if !outcome.identified {
            eprintln!("{name}: redacted without an identity: no row of the identities fits it");
        }
    }
    for (line, name) in identities.unused() {
        eprintln!("{}: no such document (line {line} of the identities)", shown(name));
    }
    let withheld = outcomes.iter().filter(|outcome| outcome.answer.file.is_none()).count();
    let unknown = outcomes.iter().filter(|outcome| !outcome.identified).count();
    eprintln!(
        "{} documents, {} released, {withheld} withheld, {unknown} without identity, {} rows without a document; \
         which copy is whose: {} (not for the panel)",
        outcomes.len(),
        outcomes.len() - withheld,
        identities.unused().len(),
        report.display()
    );
    if withheld > 0 { ExitCode::from(FLAGGED) } else { ExitCode::SUCCESS }
}

/// A name without what a terminal would obey.
fn shown(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
