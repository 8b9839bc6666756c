//! Clean documents: redacted text becomes a new file that holds that text and nothing of the document it came from.
//! Knows formats; whether the text may be shown is decided before, and proved on the file after.

mod docx;
mod html;
mod pdf;
mod text;

pub(in crate::document) use docx::{RELATIONS, content_types, core, escaped, pack};

use super::limits;
use crate::typeset::TypesetError;

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A PDF could not be set.
    #[error(transparent)]
    Pdf(#[from] TypesetError),
    /// The parts of a Word document could not be put together.
    #[error(
        "the parts of the document could not be put together: {0}; report this with the version of the program"
    )]
    Archive(String),
    /// There is more text than such a file is made of.
    #[error(
        "the application is longer than a PDF or Word document is made of here (some 200 pages); read it on its page, or \
         take it as a web page or as text"
    )]
    TooLong,
}

/// A format that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFormat {
    /// A tagged PDF, to read, print and forward.
    Pdf,
    /// A Word document, to edit and annotate.
    Docx,
    /// A web page in one file.
    Html,
    /// The words alone.
    Text,
}

impl WriteFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Docx, Self::Html, Self::Text];

    /// The ending of its file names, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Text => "txt",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The format of a file name's ending.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        let known = if extension == "htm" { "html" } else { extension.as_str() };
        Self::ALL.into_iter().find(|format| format.extension() == known)
    }
}

/// A part of an application: a document, or a question with its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanPart<'a> {
    /// What stands above it; nothing if empty.
    pub heading: &'a str,
    /// Its redacted text.
    pub text: &'a str,
}

/// What a new document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanDocument<'a> {
    /// A title that says nothing of the person, such as the application's pseudonym.
    pub title: &'a str,
    /// The language of the text, as a BCP 47 tag.
    pub language: &'a str,
    /// What stands at the foot of each printed page; `{page}` and `{pages}` are replaced.
    pub page_words: &'a str,
    /// The parts, in order.
    pub parts: &'a [CleanPart<'a>],
}

/// The program named in a file's properties.
const PRODUCER: &str = "evenhand";

/// Writes a document.
///
/// # Errors
/// [`WriteError`] when a PDF or an archive would exceed what such a file can hold.
pub fn write(document: &CleanDocument<'_>, format: WriteFormat) -> Result<Vec<u8>, WriteError> {
    if matches!(format, WriteFormat::Pdf | WriteFormat::Docx) && is_too_long(document) {
        return Err(WriteError::TooLong);
    }
    match format {
        WriteFormat::Pdf => Ok(pdf::write(document)?),
        WriteFormat::Docx => docx::write(document),
        WriteFormat::Html => Ok(html::write(document).into_bytes()),
        WriteFormat::Text => Ok(text::write(document).into_bytes()),
    }
}

/// Setting costs memory by the word and the line, and more than 300 pages cannot be read again.
fn is_too_long(document: &CleanDocument<'_>) -> bool {
    let bytes = || document.parts.iter().map(|part| part.text.as_bytes());
    let lines = |text| memchr::memchr_iter(b'\n', text).count();
    bytes().map(<[u8]>::len).sum::<usize>() > limits::LONGEST_WRITTEN_BYTES
        || bytes().map(lines).sum::<usize>() > limits::MOST_WRITTEN_LINES
}

/// No word, and every shape that a document can have: headings, lists, forms, tables, labels.
const BLANK: &str =
    "SECTION 1: X\n\nX X.\n\n[X]\n\nX: X\nX: X\n\n- X\n  - X\n\n1. X\n2. X\n\nX\tX\nX\tX\nX\tX\n";

/// Writes a document of the same title and language that says nothing: whatever else is in it comes from the program,
/// such as the names of marks, in which a short name may stand by chance.
///
/// # Errors
/// As [`write()`].
pub fn write_blank(
    document: &CleanDocument<'_>,
    format: WriteFormat,
) -> Result<Vec<u8>, WriteError> {
    let parts = [CleanPart { heading: "X", text: BLANK }];
    write(&CleanDocument { parts: &parts, ..*document }, format)
}
