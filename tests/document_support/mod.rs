//! What the tests of documents share: small documents made in the test, and a mutator with a fixed course.

#![allow(dead_code, clippy::unwrap_used)]

use std::io::{Cursor, Write};

use evenhand::document::{DocumentText, HiddenPlace};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

pub const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const W_STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";

/// A ZIP archive of these entries.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let stored = *name == "mimetype" || bytes.is_empty();
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A Word document in the making.
#[derive(Clone)]
pub struct Docx {
    namespace: &'static str,
    prefix: &'static str,
    body: String,
    parts: Vec<(String, String)>,
    relations: Vec<(String, String, String, bool)>,
    root: Vec<(String, String)>,
}

impl Docx {
    /// A document whose body is these elements, written with the prefix `w`.
    pub fn new(body: &str) -> Self {
        Self {
            namespace: W,
            prefix: "w",
            body: body.to_owned(),
            parts: Vec::new(),
            relations: Vec::new(),
            root: Vec::new(),
        }
    }

    /// Paragraphs of one run each.
    pub fn paragraphs(texts: &[&str]) -> Self {
        Self::new(&texts.iter().map(|text| p(text)).collect::<String>())
    }

    pub fn namespace(mut self, namespace: &'static str, prefix: &'static str) -> Self {
        self.namespace = namespace;
        self.prefix = prefix;
        self
    }

    /// A part beside the body, with its relation's kind: `header`, `styles` and so on. The relation is named as the
    /// part.
    pub fn part(mut self, kind: &str, name: &str, content: &str) -> Self {
        self.relations.push((name.to_owned(), kind.to_owned(), format!("{name}.xml"), false));
        self.parts.push((format!("word/{name}.xml"), content.to_owned()));
        self
    }

    /// A relation to something outside.
    pub fn link(mut self, id: &str, target: &str) -> Self {
        self.relations.push((id.to_owned(), "hyperlink".to_owned(), target.to_owned(), true));
        self
    }

    /// An entry of the package outside `word/`, or any other file.
    pub fn file(mut self, name: &str, content: &str) -> Self {
        self.root.push((name.to_owned(), content.to_owned()));
        self
    }

    pub fn document_xml(&self) -> String {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document {}><w:body>{}</w:body></w:document>",
            namespaces(self.namespace),
            self.body
        );
        if self.prefix == "w" {
            return text;
        }
        let prefix = self.prefix;
        text.replace("<w:", &format!("<{prefix}:"))
            .replace("</w:", &format!("</{prefix}:"))
            .replace(" w:", &format!(" {prefix}:"))
            .replace("xmlns:w=", &format!("xmlns:{prefix}="))
    }

    pub fn entries(&self) -> Vec<(String, Vec<u8>)> {
        const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let relations: String = self
            .relations
            .iter()
            .map(|(id, kind, target, external)| {
                let mode = if *external { " TargetMode=\"External\"" } else { "" };
                format!(
                    "<Relationship Id=\"{id}\" Type=\"{TYPES}/{kind}\" Target=\"{target}\"{mode}/>"
                )
            })
            .collect();
        let mut entries = vec![
            (
                "[Content_Types].xml".to_owned(),
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                    .into(),
            ),
            (
                "_rels/.rels".to_owned(),
                format!(
                    "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r1\" Type=\"{TYPES}/officeDocument\" \
                     Target=\"word/document.xml\"/></Relationships>"
                ),
            ),
            ("word/document.xml".to_owned(), self.document_xml()),
            (
                "word/_rels/document.xml.rels".to_owned(),
                format!("<Relationships xmlns=\"{RELATIONS}\">{relations}</Relationships>"),
            ),
        ];
        entries.extend(self.parts.iter().cloned());
        entries.extend(self.root.iter().cloned());
        entries.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
    }

    pub fn build(&self) -> Vec<u8> {
        let entries = self.entries();
        let entries: Vec<(&str, &[u8])> =
            entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zip(&entries)
    }
}

/// The namespaces that test parts use.
pub fn namespaces(word: &str) -> String {
    format!(
        "xmlns:w=\"{word}\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
         xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         xmlns:v=\"urn:schemas-microsoft-com:vml\" \
         xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\""
    )
}

/// A part with one root element.
pub fn part(root: &str, content: &str) -> String {
    format!("<w:{root} {}>{content}</w:{root}>", namespaces(W))
}

/// A run.
pub fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", r(text))
}

/// An OpenDocument text.
pub fn odt(body: &str, automatic: &str, master: &str, meta: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content {ODF}><office:automatic-styles>{automatic}</office:automatic-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let styles = format!(
        "<office:document-styles {ODF}><office:master-styles>{master}</office:master-styles></office:document-styles>"
    );
    let meta = format!(
        "<office:document-meta {ODF}><office:meta>{meta}</office:meta></office:document-meta>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("styles.xml", styles.as_bytes()),
        ("meta.xml", meta.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest/>"),
    ])
}

/// The namespaces of OpenDocument.
pub const ODF: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:form=\"urn:oasis:names:tc:opendocument:xmlns:form:1.0\" \
    xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

/// The hidden texts of a place.
pub fn hidden(document: &DocumentText, place: HiddenPlace) -> Vec<&str> {
    let found = document.hidden.iter().filter(|hidden| hidden.place == place);
    found.map(|hidden| hidden.text.as_str()).collect()
}

/// The codes of the problems.
pub fn codes(document: &DocumentText) -> Vec<&'static str> {
    document.problems.iter().map(|problem| problem.code).collect()
}

/// A course of numbers that is the same in every run (xorshift, Marsaglia 2003).
pub struct Course(u64);

impl Course {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit.max(1)
    }
}

/// Damages bytes in one of several ways.
pub fn mutate(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut course = Course::new(seed);
    let mut damaged = bytes.to_vec();
    for _ in 0..=course.below(4) {
        let length = damaged.len();
        if length < 4 {
            break;
        }
        let at = course.below(length);
        let span = course.below(64.min(length - at)) + 1;
        match course.below(7) {
            0 => damaged[at] ^= 1 << course.below(8),
            1 => damaged.truncate(at),
            2 => damaged[at..(at + span).min(length)].fill(0xff),
            3 => {
                damaged.drain(at..(at + span).min(length));
            }
            4 => {
                let copy = damaged[at..(at + span).min(length)].to_vec();
                let to = course.below(length);
                for _ in 0..=course.below(20) {
                    damaged.splice(to..to, copy.iter().copied());
                }
            }
            5 => {
                let hostile: &[u8] = [
                    &b"<w:p>"[..],
                    b"</w:tc>",
                    b"{\\*\\",
                    b"\\bin99999999 ",
                    b"&#x0;",
                    b"\0\0\0\0",
                ][course.below(6)];
                damaged.splice(at..at, hostile.iter().copied());
            }
            _ => {
                let other = course.below(length);
                damaged.swap(at, other);
            }
        }
    }
    damaged
}

/// What holds for every document, however damaged: places lie inside the text, in order, and no problem quotes it.
pub fn assert_sound(document: &DocumentText, what: &str) {
    let characters = document.text.chars().count();
    let mut end = 0;
    for segment in &document.segments {
        assert!(segment.text.start >= end && segment.text.end <= characters, "{what}: {segment:?}");
        assert!(segment.text.start <= segment.text.end, "{what}");
        end = segment.text.end;
    }
    for part in &document.parts {
        assert!(part.segments.start <= part.segments.end, "{what}");
        assert!(part.segments.end <= document.segments.len(), "{what}");
    }
    assert!(document.text.len() <= 640 << 10, "{what}: {} bytes of text", document.text.len());
    assert!(document.hidden.len() <= 1000, "{what}");
    assert!(!document.text.trim().is_empty() || document.is_withheld(), "{what}");
}
