//! What is said of many documents when they are done: a report beside the folder of copies, and a summary on the
//! terminal. Names people by the names of their files; nothing of it is for a panel.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::super::identities::Identities;
use super::super::target::write_out;
use super::super::{RedactError, file_error, trace_lines};
use super::Outcome;
use crate::cli::FLAGGED;
use crate::document::write::WriteFormat;
use crate::report::disarmed;
use crate::workflow::CleanAnswer;

/// What a copy is called.
pub(super) fn output_name(number: usize, format: WriteFormat) -> String {
    format!("application-{number:04}.{}", format.extension())
}

/// The report's path: beside the folder of copies.
pub(super) fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push("-report.csv");
    target.with_file_name(name)
}

fn reasons(answer: &CleanAnswer) -> String {
    let lines = answer.problems.iter().map(|reason| format!("{}: {}", reason.code, reason.message));
    lines.collect::<Vec<_>>().join("; ")
}

/// Which copy is whose, and what was done. Names people by the names of their files.
pub(super) fn report(
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
pub(super) fn summary(outcomes: &[Outcome], identities: &Identities, report: &Path) -> ExitCode {
    let mut by_name: Vec<&Outcome> = outcomes.iter().collect();
    by_name.sort_unstable_by_key(|outcome| &outcome.name);
    for outcome in &by_name {
        let name = shown(&outcome.name);
        for line in trace_lines(&outcome.answer.spans, &outcome.answer.outside) {
            note!("{name}\t{line}");
        }
        if outcome.answer.file.is_none() {
            note!("{name}: withheld: {}", reasons(&outcome.answer));
        } else if !outcome.identified {
            note!("{name}: redacted without an identity: no row of the identities fits it");
        }
    }
    for (line, name) in identities.unused() {
        note!("{}: no such document (line {line} of the identities)", shown(name));
    }
    let withheld = outcomes.iter().filter(|outcome| outcome.answer.file.is_none()).count();
    let unknown = outcomes.iter().filter(|outcome| !outcome.identified).count();
    note!(
        "{} documents, {} released, {withheld} withheld, {unknown} without identity, {} rows without a document; \
         which copy is whose: {} (not for the panel)",
        outcomes.len(),
        outcomes.len() - withheld,
        identities.unused().len(),
        report.display()
    );
    let sum = |of: fn(&CleanAnswer) -> usize| -> usize {
        outcomes.iter().map(|outcome| of(&outcome.answer)).sum()
    };
    note!(
        "{} passages removed; identity values searched for in the copies: {}, found: {}",
        sum(|answer| answer.removed),
        sum(|answer| answer.proof.known),
        sum(|answer| answer.proof.found)
    );
    if withheld > 0 { ExitCode::from(FLAGGED) } else { ExitCode::SUCCESS }
}

/// A name without what a terminal would obey.
fn shown(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
