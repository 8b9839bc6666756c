//! `evenhand redact --jsonl`: one application a line, in and out. Reads and writes; decides nothing about redaction.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use super::target::{finish, temporary_beside};
use super::{RedactArgs, RedactError, file_error, place_of};
use crate::cli::FLAGGED;
use crate::redaction::{Engine, RedactionRequest, answer};

#[derive(Default)]
struct Counts {
    documents: usize,
    spans: usize,
    withheld: usize,
}

/// Redacts every line; nothing is written unless every line is a request.
///
/// # Errors
/// [`RedactError`] names the line and what to do.
pub(super) fn run(
    engine: &Engine,
    lines: &Path,
    args: &RedactArgs,
) -> Result<ExitCode, RedactError> {
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
    note!("{} documents, {} spans, {} withheld", counts.documents, counts.spans, counts.withheld);
    Ok(if counts.withheld > 0 { ExitCode::from(FLAGGED) } else { ExitCode::SUCCESS })
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
                note!("line {number}\t{}..{}\t{}\t{}", span.start, span.end, span.kind, span.rule);
            }
        }
        serde_json::to_writer(&mut *out, &answer)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .map_err(file_error(args.out.as_deref().unwrap_or(Path::new("-"))))?;
        progress.inc(1);
    }
}
