//! Bytes to text with positions: the only module that sees untrusted bytes. It never panics and never fails as a
//! whole: what cannot be read becomes a problem beside the text. Knows formats, not what is in an application.
//!
//! One file per format; `detect` tells them apart by content, since claimed types lie. `structure` and `write` make
//! new documents of redacted text, and `raw` finds every string of what was written.

mod detect;
mod html;
mod limits;
mod pdf;
mod plain;
mod raw;
pub mod structure;
pub mod write;

use std::fmt;
use std::ops::Range;

pub use detect::Format;
pub use raw::{RawKind, RawPart, raw_parts};

/// Something about a document that somebody must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// A stable code: `unreadable_format`, `too_large`, `truncated`, `damaged_characters`, `empty`; for PDFs also those
    /// of `pdf/problems.rs`.
    pub code: &'static str,
    /// What is wrong and what to do, without any of the document's words.
    pub message: String,
    /// Whether the document must be withheld because of it.
    pub withholds: bool,
}

/// Where hidden text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HiddenPlace {
    /// The document's title.
    Title,
    /// The target of a link.
    Link,
    /// A description of a picture.
    AltText,
    /// A comment.
    Comment,
    /// Author and the like.
    Metadata,
    /// Text that the page does not show.
    Concealed,
}

/// Text outside the visible words. It is not shown to anybody, but what it says of identity is looked for.
#[derive(Clone, PartialEq, Eq)]
pub struct HiddenText {
    /// Where it stood.
    pub place: HiddenPlace,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for HiddenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HiddenText({:?}, {} characters)", self.place, self.text.chars().count())
    }
}

/// A stretch of text and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Characters of the text, in Unicode scalars.
    pub text: Range<usize>,
    /// Bytes of the document.
    pub source: Range<usize>,
}

/// A box on a page, in hundredths of a point from the lower left corner of the page as it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagePlace {
    /// The page, counted from one.
    pub page: usize,
    /// The left side.
    pub left: i32,
    /// The lower side.
    pub bottom: i32,
    /// The right side.
    pub right: i32,
    /// The upper side.
    pub top: i32,
}

/// A document as text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DocumentText {
    /// The visible words.
    pub text: String,
    /// What is wrong with the document.
    pub problems: Vec<DocumentProblem>,
    /// Words outside the visible ones.
    pub hidden: Vec<HiddenText>,
    /// Where each stretch of the text stood in the bytes, in order.
    pub segments: Vec<Segment>,
    /// Where on a page each segment stands, segment by segment, for documents that have pages.
    pub places: Vec<PagePlace>,
}

impl DocumentText {
    /// Whether the document must not be shown to a panel, whatever redaction does.
    pub fn is_withheld(&self) -> bool {
        self.problems.iter().any(|problem| problem.withholds)
    }
}

impl fmt::Debug for DocumentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = self.text.chars().count();
        write!(f, "DocumentText({characters} characters, {} problems)", self.problems.len())
    }
}

/// Reads a document. The type is decided by content; the claimed one only settles what content leaves open.
pub fn read(bytes: &[u8], claimed_media_type: Option<&str>) -> DocumentText {
    if bytes.len() > limits::LARGEST_DOCUMENT_BYTES {
        return withheld(DocumentProblem {
            code: "too_large",
            message: format!(
                "the document has {} bytes and the limit is {}; it is withheld: ask the applicant for a shorter one",
                bytes.len(),
                limits::LARGEST_DOCUMENT_BYTES
            ),
            withholds: true,
        });
    }
    let format = detect::detect(bytes, claimed_media_type);
    let mut document = match format {
        Format::Text => plain::read(bytes),
        Format::Html => html::read(bytes),
        Format::Pdf => pdf::read(bytes),
        other => return withheld(unreadable(other)),
    };
    if document.text.trim().is_empty() && !document.is_withheld() {
        document.problems.push(DocumentProblem {
            code: "empty",
            message: "the document has no words in it; ask the applicant to send it again"
                .to_owned(),
            withholds: true,
        });
    }
    document
}

fn withheld(problem: DocumentProblem) -> DocumentText {
    DocumentText { problems: vec![problem], ..DocumentText::default() }
}

fn unreadable(format: Format) -> DocumentProblem {
    DocumentProblem {
        code: "unreadable_format",
        message: format!(
            "the document is {}, which cannot be read yet, so it is withheld; ask the applicant for {}",
            format.name(),
            format.instead()
        ),
        withholds: true,
    }
}
