//! `evenhand redact -o FILE.pdf` and the like: the panel's copy as a new file, released only when it is proved blind.
//! Orders the steps; decides nothing about redaction or layout.

use std::process::ExitCode;

use super::target::write_out;
use super::{RedactArgs, RedactError};
use crate::cli::FLAGGED;
use crate::document::write::{self, CleanDocument, CleanPart, WriteFormat};
use crate::messages::Messages;
use crate::redaction::Forbidden;
use crate::workflow::prove_blindness;

/// Writes the redacted text as a new file.
///
/// # Errors
/// [`RedactError`] when the file cannot be made or written.
pub(super) fn write(
    redacted: &str,
    format: WriteFormat,
    forbidden: &Forbidden,
    args: &RedactArgs,
) -> Result<ExitCode, RedactError> {
    let words = &Messages::english();
    let (title, page) = (words.text("clean-title"), words.text("clean-page"));
    let language = words.language();
    let document =
        |parts| CleanDocument { title: &title, language: &language, page_words: &page, parts };
    let parts = [CleanPart { heading: "", text: redacted }];
    let file = write::write(&document(&parts), format)?;
    let blank = write::write(&document(&[]), format)?;
    let proof = prove_blindness(&file, &blank, forbidden, &args.allow);
    eprintln!(
        "{}",
        words.fill(
            "clean-proof",
            &[
                ("known", proof.known.into()),
                ("found", proof.found.into()),
                ("parts", proof.parts_checked.into()),
            ]
        )
    );
    if !proof.holds() {
        eprintln!("{}", words.text("clean-withheld"));
        return Ok(ExitCode::from(FLAGGED));
    }
    write_out(args.out.as_deref(), |out| out.write_all(&file))?;
    Ok(ExitCode::SUCCESS)
}
