//! `evenhand redact -o FILE.pdf` and the like: the panel's copy as a new file, released only when it is proved blind.
//! Orders the steps; decides nothing about redaction or layout.

use std::process::ExitCode;

use super::target::write_out;
use super::{RedactArgs, RedactError};
use crate::cli::FLAGGED;
use crate::document::write::{CleanPart, WriteFormat};
use crate::messages::Messages;
use crate::redaction::{Forbidden, Redaction};
use crate::workflow::{CleanWords, DocumentReader, keep_proved, prove_blindness, write_proved};

/// Where the redacted text came from.
pub(super) struct Source<'a> {
    pub(super) reader: &'a DocumentReader,
    pub(super) bytes: &'a [u8],
}

/// Writes the redacted text as a new file: a Word document of a Word document keeps its layout if it can.
///
/// # Errors
/// [`RedactError`] when the file cannot be made or written.
pub(super) fn write(
    source: &Source<'_>,
    redaction: &Redaction,
    format: WriteFormat,
    forbidden: &Forbidden,
    args: &RedactArgs,
) -> Result<ExitCode, RedactError> {
    let words = &Messages::english();
    let (title, page) = (words.text("clean-title"), words.text("clean-page"));
    let language = words.language();
    let own = CleanWords { title: &title, language: &language, page_words: &page };
    let kept = match format {
        WriteFormat::Docx => {
            keep_proved(source.reader, source.bytes, redaction, own, forbidden, &args.allow)
        }
        _ => None,
    };
    let (file, proof) = match kept {
        Some(kept) => kept,
        None => {
            let parts = [CleanPart { heading: "", text: &redaction.redacted }];
            write_proved(&parts, format, own, |file, blank| {
                prove_blindness(file, blank, forbidden, &args.allow)
            })?
        }
    };
    note!(
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
        let (code, message) = proof.reason();
        note!("{code}: {message}");
        note!("{}", words.text("clean-withheld"));
        return Ok(ExitCode::from(FLAGGED));
    }
    write_out(args.out.as_deref(), |out| out.write_all(&file))?;
    Ok(ExitCode::SUCCESS)
}
