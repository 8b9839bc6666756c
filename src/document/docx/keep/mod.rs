//! A Word document with its layout kept and its passages replaced: a new package, made from the parts of the original
//! that hold words and looks. Every element, attribute and value in it is on an allow list or made here; nothing is
//! copied whole. Pictures, drawings, comments, deletions, properties, revisions, links and everything else stay behind.
//!
//! `flow` copies structure, `ink` the words, `looks` the properties, `sheets` styles and lists. The copy is read again
//! and must say, letter by letter, what the redacted text says; otherwise there is none.

mod flow;
mod fonts;
mod ink;
mod looks;
mod page;
mod sheets;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::super::archive::Archive;
use super::super::write::{self, escaped};
use super::super::xml::{Ns, Token, Xml};
use super::super::{Format, Nesting, detect, limits};
use super::body;
use super::package::{Package, Relations};
use super::styles::is_on;
use flow::{Copied, Flow, NoteNumbers};
use ink::{Ink, expected};
use looks::Looks;

/// What stands for a passage of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The passage, in Unicode scalars of the document's text.
    pub characters: Range<usize>,
    /// What stands there instead.
    pub words: String,
}

/// A copy, and the same copy without a word: what the second has cannot come from the words of the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLayout {
    /// The copy.
    pub file: Vec<u8>,
    /// Its layout without words.
    pub blank: Vec<u8>,
}

/// Makes a copy of a Word document with passages of its text replaced; they are in order and do not overlap. There is
/// none of other documents, of those that are withheld or larger than such documents are, and of those whose copy would
/// not say the same.
pub fn keep_layout(
    bytes: &[u8],
    replacements: &[Replacement],
    title: &str,
    language: &str,
) -> Option<KeptLayout> {
    if detect::detect(bytes, None) != Format::Docx || bytes.len() > limits::LARGEST_DOCUMENT_BYTES {
        return None;
    }
    let document = super::read(bytes, Nesting::default());
    if document.is_withheld() || !are_in_order(replacements, document.text.chars().count()) {
        return None;
    }
    let make = |blank| {
        let mut package = Package::new(Archive::open(bytes).ok()?);
        let mut ink = Ink::new(&document, replacements, blank);
        let parts = parts(&mut package, &mut ink, title, language)?;
        write::pack(&parts).ok()
    };
    let file = make(false)?;
    let copy = super::read(&file, Nesting::default());
    // A copy without words is withheld by nobody here: every word may have been replaced by nothing.
    if copy.is_withheld() || expected(&copy, &[]) != expected(&document, replacements) {
        return None;
    }
    Some(KeptLayout { file, blank: make(true)? })
}

fn are_in_order(replacements: &[Replacement], characters: usize) -> bool {
    let mut end = 0;
    replacements.iter().all(|one| {
        let fits = one.characters.start >= end
            && one.characters.start <= one.characters.end
            && one.characters.end <= characters;
        end = one.characters.end;
        fits
    })
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of the new package.
#[derive(Default)]
struct Parts {
    /// Name without folder, kind of relation, content.
    named: Vec<(String, &'static str, String)>,
}

impl Parts {
    fn add(&mut self, name: &str, kind: &'static str, root: &str, content: &str) {
        let text = format!("{HEAD}<w:{root} {NAMESPACES}>{content}</w:{root}>");
        self.named.push((name.to_owned(), kind, text));
    }

    fn bytes(&self) -> usize {
        self.named.iter().map(|(.., text)| text.len()).sum()
    }

    fn finish(self, document: String, title: &str, language: &str) -> Vec<(String, String)> {
        let mut types = format!(
            "<Override PartName=\"/word/document.xml\" ContentType=\"{TYPE}.document.main+xml\"/>"
        );
        let mut relations = String::new();
        for (name, kind, _) in &self.named {
            types.push_str(&format!(
                "<Override PartName=\"/word/{name}.xml\" ContentType=\"{TYPE}.{kind}+xml\"/>"
            ));
            relations.push_str(&format!(
                "<Relationship Id=\"{name}\" Type=\"{RELATION}/{kind}\" Target=\"{name}.xml\"/>"
            ));
        }
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), write::content_types(&types)),
            ("_rels/.rels".to_owned(), write::RELATIONS.to_owned()),
            ("word/document.xml".to_owned(), document),
            (
                "word/_rels/document.xml.rels".to_owned(),
                format!(
                    "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                     {relations}</Relationships>"
                ),
            ),
        ];
        let named = self.named.into_iter();
        parts.extend(named.map(|(name, _, text)| (format!("word/{name}.xml"), text)));
        parts.push(("docProps/core.xml".to_owned(), write::core(title, language)));
        parts
    }
}

/// Makes every part; nothing if there is more than a copy may hold.
fn parts(
    package: &mut Package<'_>,
    ink: &mut Ink<'_>,
    title: &str,
    language: &str,
) -> Option<Vec<(String, String)>> {
    let main = package.main_part()?;
    let relations = package.relations(&main);
    let text = package.text(&main)?;
    let styles = package.related(&relations, "styles");
    let (headers, footers) = body::furniture(&text, &relations);
    let theme = package.related(&relations, "theme");
    let mut looks = Looks {
        styles: sheets::names(styles.as_deref()),
        fonts: fonts::theme(theme.as_deref()),
        furniture: HashMap::new(),
        used: RefCell::default(),
    };
    for (kind, names) in [("header", &headers), ("footer", &footers)] {
        for (number, part) in names.iter().enumerate() {
            for id in relations.ids_of(part) {
                looks.furniture.insert(id.to_owned(), format!("{kind}{}", number + 1));
            }
        }
    }
    let mut made = Parts::default();
    let mut notes = NoteNumbers::default();
    for (kind, root, names) in [("header", "hdr", headers), ("footer", "ftr", footers)] {
        for (number, part) in names.iter().enumerate() {
            let copied = copy(package, &looks, ink, &mut notes, part).flatten();
            let blocks = copied.map(|copied| copied.blocks).filter(|blocks| !blocks.is_empty());
            let blocks = page::closed_cell(blocks.unwrap_or_default());
            made.add(&format!("{kind}{}", number + 1), kind, root, &blocks);
        }
    }
    let room = limits::LARGEST_KEPT_BYTES;
    let body = Flow::new(&looks, ink, &mut notes, &main, &relations).copy(&text, room)?;
    drop(text);
    for kind in ["footnotes", "endnotes"] {
        let mut found = String::new();
        for part in relations.of_kind(kind) {
            found.extend(copy(package, &looks, ink, &mut notes, &part).flatten().map(|c| c.notes));
        }
        if !found.is_empty() {
            made.add(kind, kind, kind, &format!("{}{found}", separators(kind)));
        }
    }
    let numbering = package.related(&relations, "numbering");
    made.add(
        "numbering",
        "numbering",
        "numbering",
        &sheets::numbering(numbering.as_deref(), &looks),
    );
    let language = escaped(language);
    made.add("styles", "styles", "styles", &sheets::styles(styles.as_deref(), &looks, &language));
    made.add("settings", "settings", "settings", &settings(package, &relations));
    let blocks = page::closed_cell(body.blocks);
    let document = format!(
        "{HEAD}<w:document {NAMESPACES}><w:body>{blocks}{}</w:body></w:document>",
        body.section
    );
    (made.bytes() + document.len() <= room)
        .then(|| made.finish(document, &escaped(title), &language))
}

/// Copies a part by its name: nothing inside if it is missing, nothing at all if it is too large.
fn copy(
    package: &mut Package<'_>,
    looks: &Looks,
    ink: &mut Ink<'_>,
    notes: &mut NoteNumbers,
    part: &str,
) -> Option<Option<Copied>> {
    let text = package.text(part)?;
    let relations = package.relations(part);
    Some(Flow::new(looks, ink, notes, part, &relations).copy(&text, limits::LARGEST_KEPT_BYTES))
}

/// The lines that part notes from text.
fn separators(kind: &str) -> String {
    let name = kind.trim_end_matches('s');
    [("separator", -1), ("continuationSeparator", 0)]
        .map(|(line, id)| {
            format!("<w:{name} w:type=\"{line}\" w:id=\"{id}\"><w:p><w:r><w:{line}/></w:r></w:p></w:{name}>")
        })
        .concat()
}

/// Settings that change where words stand; the rest says who edited what and when.
fn settings(package: &mut Package<'_>, relations: &Relations) -> String {
    let text = package.related(relations, "settings").unwrap_or_default();
    let mut xml = Xml::new(&text);
    let (mut headers, mut mode) = ("", 15);
    loop {
        match xml.next() {
            Token::Open(element) if element.ns == Ns::Word => match element.name {
                "evenAndOddHeaders" if is_on(element.attribute("val").as_deref()) => {
                    headers = "<w:evenAndOddHeaders/>";
                }
                "compatSetting"
                    if element.attribute("name").as_deref() == Some("compatibilityMode") =>
                {
                    let named = element.attribute("val").and_then(|mode| mode.parse().ok());
                    mode = named.filter(|mode| (11..=15).contains(mode)).unwrap_or(mode);
                }
                _ => {}
            },
            Token::End(_) => break,
            _ => {}
        }
    }
    format!(
        "<w:defaultTabStop w:val=\"720\"/>{headers}<w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"{mode}\"/></w:compat>"
    )
}
