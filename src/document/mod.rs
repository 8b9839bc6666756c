//! Bytes to text with positions: the only module that sees untrusted bytes. It never panics and never fails as a
//! whole: what cannot be read becomes a problem beside the text. Knows formats, not what is in an application.
//!
//! One file per format; `detect` tells them apart by content, since claimed types lie. `structure` and `write` make
//! new documents of redacted text, and `raw` finds every string of what was written.

mod answer;
mod archive;
mod collection;
mod compose;
mod copy_order;
mod detect;
mod docx;
mod eml;
mod field_codes;
mod html;
mod limits;
mod odt;
mod ordinals;
mod pdf;
mod plain;
mod raw;
mod rtf;
pub mod structure;
mod symbols;
pub mod write;
mod xml;

use std::fmt;
use std::ops::Range;

pub use answer::{BadAnswer, decode, encode};
pub use collection::Collection;
pub use copy_order::{CopyOrder, decode_copy, encode_copy};
pub use detect::Format;
pub use docx::{KeptLayout, Replacement, keep_layout};
pub use raw::{RawKind, RawPart, raw_parts};

/// Something about a document that somebody must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// A stable code, one of the table in `answer`: `unreadable_format`, `too_large`, `damaged`, `empty` and so on.
    pub code: &'static str,
    /// What is wrong and what to do, without any of the document's words.
    pub message: String,
    /// Whether the document must be withheld because of it.
    pub withholds: bool,
}

impl DocumentProblem {
    /// A problem for which the document is withheld.
    fn withhold(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), withholds: true }
    }

    /// What is wrong with a part of an office file.
    fn from_xml(fault: xml::XmlFault) -> Self {
        match fault {
            xml::XmlFault::Damaged => archive::ArchiveFault::Damaged.problem(),
            xml::XmlFault::Doctype => Self::withhold(
                "forbidden_declaration",
                "the document declares a document type, which office programs never write and attacks do; \
                 it is withheld: ask the applicant to save it again in an office program",
            ),
            xml::XmlFault::TooDeep => Self::withhold(
                "nested_too_deep",
                "the document nests its elements deeper than any program writes them; it is withheld: \
                 ask the applicant to save it again in an office program",
            ),
        }
    }

    fn mostly_pictures() -> Self {
        Self::withhold(
            "mostly_pictures",
            "nearly all of the document is pictures, whose words cannot be read, so it is withheld; \
             ask the applicant for the words themselves, as text or typed into the form",
        )
    }

    fn concealed_text() -> Self {
        Self::note(
            "concealed_text",
            "the document has text that its pages do not show; it is not shown here either",
        )
    }

    /// Files inside the document. When there are hardly any words beside them, they are the document.
    fn embedded(count: usize, words: usize) -> Self {
        let what = format!(
            "the document has {count} other file(s) inside it, such as a spreadsheet, which are not read and not shown"
        );
        if words < 25 {
            let advice = "since it has hardly any words beside, it is withheld: ask the applicant for those files";
            Self::withhold("embedded_left_out", format!("{what}; {advice}"))
        } else {
            Self::note("embedded_left_out", what)
        }
    }

    /// A document of far fewer words than the program that wrote it counted, or than its pages suggest. Counts go stale
    /// a little when a template is filled in, so only a large difference counts.
    fn fewer_words(declared: Declared, found: usize) -> Option<Self> {
        let message = match declared {
            Declared { words: Some(words), .. } if words >= 100 && found * 5 < words * 2 => {
                format!("the document says that it has {words} words and {found} were found")
            }
            Declared { pages: Some(pages), .. } if pages >= 2 && found < pages * 15 => {
                format!("the document says that it has {pages} pages and {found} words were found")
            }
            _ => return None,
        };
        Some(Self::withhold(
            "less_text_than_expected",
            format!(
                "{message}, so it is withheld; ask the applicant for the same document saved again, or as plain text"
            ),
        ))
    }

    /// Something to know that does not stand in the way.
    fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), withholds: false }
    }
}

/// Where hidden text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// What its sender calls the document.
    FileName,
}

impl HiddenPlace {
    /// The place as it is named in traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Link => "link",
            Self::AltText => "description",
            Self::Comment => "comment",
            Self::Metadata => "metadata",
            Self::Concealed => "concealed",
            Self::FileName => "file-name",
        }
    }
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
    /// Bytes of the document, or of the part of it that holds the words (see [`SourcePart`]).
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

/// Which part of a container a row of segments came from. Documents without parts (text, HTML) have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePart {
    /// The part's name in the container, such as `word/document.xml`. It is a label and never used as a path.
    pub name: String,
    /// Which of the document's segments; their sources count the part's bytes after unpacking.
    pub segments: Range<usize>,
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
    /// Which part of the document the segments came from, in order.
    pub parts: Vec<SourcePart>,
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

/// What the program that wrote a document counted.
#[derive(Debug, Clone, Copy, Default)]
struct Declared {
    words: Option<usize>,
    pages: Option<usize>,
}

/// How deep documents within documents are.
#[derive(Debug, Clone, Copy, Default)]
struct Nesting(usize);

/// Reads a document. The type is decided by content; the claimed one only settles what content leaves open.
pub fn read(bytes: &[u8], claimed_media_type: Option<&str>) -> DocumentText {
    let mut document = read_nested(bytes, claimed_media_type, Nesting::default());
    // Told here and not by each reader: whoever redacts and sets the text does so outside the child.
    let cells = memchr::memchr_iter(b'\t', document.text.as_bytes()).count();
    let lines = memchr::memchr_iter(b'\n', document.text.as_bytes()).count();
    let bytes = document.text.len();
    if bytes > limits::LONGEST_ACCEPTED_BYTES
        || lines > limits::MOST_LINES
        || cells > limits::MOST_CELLS
    {
        document.problems.push(DocumentProblem::withhold(
            "too_long",
            format!(
                "the document has {bytes} bytes of text, {lines} lines and {cells} cells of tables, and the limits are {}, \
                 {} and {}; it is withheld: ask the applicant for a shorter one",
                limits::LONGEST_ACCEPTED_BYTES,
                limits::MOST_LINES,
                limits::MOST_CELLS
            ),
        ));
    }
    if document.text.trim().is_empty() && !document.is_withheld() {
        document.problems.push(DocumentProblem::withhold(
            "empty",
            "the document has no words in it; ask the applicant to send it again",
        ));
    }
    document
}

/// Whether a document is plain text, which is read without parsing anything.
pub fn is_plain_text(bytes: &[u8], claimed_media_type: Option<&str>) -> bool {
    // Containers are not even looked into here.
    let is_container = bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0");
    !is_container && detect::detect(bytes, claimed_media_type) == Format::Text
}

/// Whether a document may be one of Word, whose layout can be kept. Nothing is unpacked to tell.
pub fn is_word(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") && memchr::memmem::find(bytes, b"word/").is_some()
}

/// A document that was not read, because the reader of documents did not answer as it should.
pub fn not_read(code: &'static str, message: &str) -> DocumentText {
    withheld(DocumentProblem::withhold(code, message))
}

/// Reads a document that may be inside another.
fn read_nested(bytes: &[u8], claimed: Option<&str>, Nesting(depth): Nesting) -> DocumentText {
    if bytes.len() > limits::LARGEST_DOCUMENT_BYTES {
        return withheld(DocumentProblem::withhold(
            "too_large",
            format!(
                "the document has {} bytes and the limit is {}; it is withheld: ask the applicant for a shorter one",
                bytes.len(),
                limits::LARGEST_DOCUMENT_BYTES
            ),
        ));
    }
    if depth > limits::DEEPEST_DOCUMENT {
        return withheld(DocumentProblem::withhold(
            "nested_too_deep",
            "the document holds documents within documents too deep to be read; \
             ask the applicant to send the innermost one by itself",
        ));
    }
    let inner = Nesting(depth + 1);
    match detect::detect(bytes, claimed) {
        Format::Text => plain::read(bytes),
        Format::Html => html::read(bytes),
        Format::Docx => docx::read(bytes, inner),
        Format::Odt => odt::read(bytes),
        Format::Rtf => rtf::read(bytes),
        Format::Eml => eml::read(bytes, inner),
        Format::Pdf => pdf::read(bytes),
        other => withheld(unreadable(other)),
    }
}

/// Whether a document's words are likely to be in its pictures. A page with a heading has fewer than 25 words, a short
/// letter with a photograph more than 120; a logo is smaller than 40 kB, several scanned pages are larger than 400.
fn is_mostly_pictures(words: usize, picture_bytes: u64) -> bool {
    words < 25 && picture_bytes > 40_000 || words < 120 && picture_bytes > 400_000
}

fn withheld(problem: DocumentProblem) -> DocumentText {
    DocumentText { problems: vec![problem], ..DocumentText::default() }
}

fn unreadable(format: Format) -> DocumentProblem {
    DocumentProblem::withhold(
        "unreadable_format",
        format!(
            "the document is {}, which cannot be read, so it is withheld; ask the applicant for {}",
            format.name(),
            format.instead()
        ),
    )
}
