//! A document in, the panel's copy of it out, proved blind, or the reasons why it is withheld. Orders the steps for
//! whoever has one document and no service: nothing is kept. Decides nothing about redaction or layout.

use super::outside_words;
use super::prove_blindness::{BlindnessProof, prove_blindness};
use super::read_document::DocumentReader;
use crate::document::write::{self, CleanDocument, CleanPart, WriteError, WriteFormat};
use crate::document::{self, CopyOrder, DocumentText, HiddenPlace, HiddenText, Replacement};
use crate::domain::{Identity, WithheldReason};
use crate::redaction::{Action, Engine, Forbidden, Part, Redaction, Span};

/// What a document, and the answers about it, are called.
const PART: &str = "document";

/// The words of a clean document that are the program's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanWords<'a> {
    /// A title that says nothing of the person.
    pub title: &'a str,
    /// The language of the text, as a BCP 47 tag.
    pub language: &'a str,
    /// What stands at the foot of each printed page; `{page}` and `{pages}` are replaced.
    pub page_words: &'a str,
}

/// A document, and what is to become of it.
pub struct CleanRequest<'a> {
    /// The document as it came.
    pub document: &'a [u8],
    /// What its sender says that it is.
    pub media_type: Option<&'a str>,
    /// What its sender calls it; looked through for names, and shown to nobody.
    pub file_name: Option<&'a str>,
    /// What is known of the candidate.
    pub identity: &'a Identity,
    /// Words and phrases that the vacancy keeps.
    pub allow: &'a [String],
    /// The format of the copy.
    pub format: WriteFormat,
    /// The copy's own words.
    pub words: CleanWords<'a>,
}

/// What became of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanAnswer {
    /// The copy; none if the document is withheld.
    pub file: Option<Vec<u8>>,
    /// Why it is withheld, or what to know of it if it is not.
    pub problems: Vec<WithheldReason>,
    /// How many passages were removed.
    pub removed: usize,
    /// Every passage that was found, without its words.
    pub spans: Vec<Span>,
    /// What was found outside the visible words, without its words.
    pub outside: Vec<OutsideFind>,
    /// What was searched for in the copy. Empty if it never came to one.
    pub proof: BlindnessProof,
}

/// A passage that tells something outside the visible words: in the author's name, a link, a comment, the file's name. It is
/// shown to nobody, and who it names is looked for in the visible words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideFind {
    /// Where the text stands.
    pub place: HiddenPlace,
    /// Which of the texts outside the visible words it is.
    pub text: usize,
    /// The passage within that text.
    pub span: Span,
}

/// What became of a document's words.
pub struct RedactedDocument {
    /// The visible words.
    pub visible: Redaction,
    /// What was read outside them.
    pub hidden: Vec<HiddenText>,
    /// What was found there.
    pub outside: Vec<OutsideFind>,
    /// What must be in no file that is made of them.
    pub forbidden: Forbidden,
}

impl CleanAnswer {
    fn withhold(mut self, code: &str, message: impl Into<String>) -> Self {
        self.problems.push(reason(code, message));
        self
    }
}

fn reason(code: &str, message: impl Into<String>) -> WithheldReason {
    WithheldReason { code: code.to_owned(), part: PART.to_owned(), message: message.into() }
}

/// Reads, redacts, writes and proves.
pub fn clean_document(
    engine: &Engine,
    reader: &DocumentReader,
    request: &CleanRequest<'_>,
) -> CleanAnswer {
    let mut document = reader.read(request.document, request.media_type);
    let problems = std::mem::take(&mut document.problems);
    let withheld = problems.iter().any(|problem| problem.withholds);
    let mut answer = CleanAnswer {
        problems: problems
            .into_iter()
            .map(|problem| reason(problem.code, problem.message))
            .collect(),
        ..CleanAnswer::default()
    };
    if withheld {
        return answer;
    }
    let RedactedDocument { visible: mut redaction, outside, forbidden, .. } =
        redact_document(engine, &document, request.file_name, request.identity, request.allow);
    answer.outside = outside;
    answer.removed = removals(&redaction);
    answer.spans.clone_from(&redaction.spans);
    let problems = std::mem::take(&mut redaction.problems);
    answer.problems.extend(problems.into_iter().map(|p| reason(p.code, p.message)));
    if !redaction.released {
        return answer;
    }
    if request.format == WriteFormat::Docx
        && let Some((file, proof)) = keep_proved(
            reader,
            request.document,
            &redaction,
            request.words,
            &forbidden,
            request.allow,
        )
    {
        return CleanAnswer { file: Some(file), proof, ..answer };
    }
    let part = CleanPart { heading: "", text: &redaction.redacted };
    let written = write_proved(&[part], request.format, request.words, |file, blank| {
        prove_blindness(file, blank, &forbidden, request.allow)
    });
    match written {
        Ok((file, proof)) if proof.holds() => CleanAnswer { file: Some(file), proof, ..answer },
        Ok((_, proof)) => {
            let (code, message) = proof.reason();
            CleanAnswer { proof, ..answer }.withhold(code, message)
        }
        Err(error) => answer.withhold("not_written", error.to_string()),
    }
}

fn removals(redaction: &Redaction) -> usize {
    redaction.spans.iter().filter(|span| span.action != Action::Keep).count()
}

/// Redacts the visible words. Each hidden text is a part of its own: names in it are looked for in the visible words, and
/// it is shown to nobody.
pub fn redact_document(
    engine: &Engine,
    document: &DocumentText,
    file_name: Option<&str>,
    identity: &Identity,
    allow: &[String],
) -> RedactedDocument {
    let hidden = outside_words::texts(document, file_name);
    let visible = Part { label: PART, text: &document.text };
    let parts: Vec<Part<'_>> = std::iter::once(visible)
        .chain(hidden.iter().map(|hidden| Part { label: "hidden", text: &hidden.text }))
        .collect();
    let (redactions, forbidden) = engine.redact_with_gate(&parts, identity, allow);
    let mut redactions = redactions.into_iter();
    let visible =
        redactions.next().unwrap_or_else(|| engine.redact(&document.text, identity, allow));
    let outside = redactions
        .zip(&hidden)
        .enumerate()
        .flat_map(|(text, (redaction, HiddenText { place, .. }))| {
            let removed = redaction.spans.into_iter().filter(|span| span.action != Action::Keep);
            removed.map(move |span| OutsideFind { place: *place, text, span })
        })
        .collect();
    RedactedDocument { visible, hidden, outside, forbidden }
}

/// Copies a Word document with its layout kept and has the copy searched. Nothing if the document has no such copy, or if
/// it does not prove blind: a new document of the same words has less that could tell.
pub fn keep_proved(
    reader: &DocumentReader,
    document: &[u8],
    redaction: &Redaction,
    words: CleanWords<'_>,
    forbidden: &Forbidden,
    allow: &[String],
) -> Option<(Vec<u8>, BlindnessProof)> {
    if !document::is_word(document) {
        return None;
    }
    let changed = redaction.spans.iter().filter(|span| span.action != Action::Keep);
    let replacement = |span: &Span| Replacement {
        characters: span.start..span.end,
        words: span.replacement.clone(),
    };
    let kept = reader.keep_layout(CopyOrder {
        document: document.to_owned(),
        replacements: changed.map(replacement).collect(),
        title: words.title.to_owned(),
        language: words.language.to_owned(),
    })?;
    let proof = prove_blindness(&kept.file, &kept.blank, forbidden, allow);
    if !proof.holds() {
        tracing::warn!(known = proof.known, found = proof.found, "layout not kept");
        return None;
    }
    Some((kept.file, proof))
}

/// Writes redacted text as a new file and has it searched. The file must not leave unless the proof holds.
///
/// # Errors
/// [`WriteError`] when the file cannot be made.
pub fn write_proved<P>(
    parts: &[CleanPart<'_>],
    format: WriteFormat,
    words: CleanWords<'_>,
    prove: impl FnOnce(&[u8], &[u8]) -> P,
) -> Result<(Vec<u8>, P), WriteError> {
    let CleanWords { title, language, page_words } = words;
    let document = CleanDocument { title, language, page_words, parts };
    let file = write::write(&document, format)?;
    let blank = write::write_blank(&document, format)?;
    let proof = prove(&file, &blank);
    Ok((file, proof))
}
