//! Copies a part that holds paragraphs: its structure by an allow list, its words by their places. What wraps words is
//! unwrapped (links, controls, insertions), what is no text falls away, and boxes come after their paragraph. Knows
//! WordprocessingML, not the package.

mod blocks;
mod signs;

use std::collections::HashMap;

use super::ink::{Ink, Words};
use super::looks::{Looks, Place};
use super::page::{Frame, Paragraph};
use crate::document::docx::package::Relations;
use crate::document::xml::{Element, Ns, Token, Xml};

/// What an open element of the original became.
enum Open {
    /// Nothing: what it holds counts as if it were not there.
    Through,
    Paragraph,
    /// A run, and the look of the one around it.
    Run(String),
    Table,
    Row,
    Cell,
    /// A text box.
    Aside,
    /// A footnote or endnote, and its new number.
    Note(usize),
    /// A field in one element.
    Field,
    /// A word with its reading.
    Ruby,
    /// The reading, which stands first and is shown after the word.
    Reading,
}

/// A field whose instruction and result stand in runs.
#[derive(Default)]
struct Field {
    instruction: String,
    has_result: bool,
}

/// New numbers for footnotes and endnotes; the first are those that part notes from text.
#[derive(Default)]
pub(super) struct NoteNumbers(HashMap<(&'static str, String), usize>);

impl NoteNumbers {
    fn of(&mut self, kind: &'static str, id: String) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry((kind, id)).or_insert(next)
    }
}

/// Copies parts.
pub(super) struct Flow<'a, 'd> {
    pub(super) looks: &'a Looks,
    pub(super) ink: &'a mut Ink<'d>,
    pub(super) notes: &'a mut NoteNumbers,
    part: &'a str,
    relations: &'a Relations,
    open: Vec<Open>,
    frames: Vec<Frame>,
    look: String,
    fields: Vec<Field>,
    in_instruction: bool,
    /// The words of a reading that is open.
    reading: Option<Vec<Words>>,
    readings: Vec<Words>,
    /// The properties of the last section.
    section: String,
    notes_out: String,
}

/// What a part became.
pub(super) struct Copied {
    /// Paragraphs and tables.
    pub(super) blocks: String,
    /// The properties of the last section.
    pub(super) section: String,
    /// Footnotes or endnotes, if that is what the part holds.
    pub(super) notes: String,
}

impl<'a, 'd> Flow<'a, 'd> {
    pub(super) fn new(
        looks: &'a Looks,
        ink: &'a mut Ink<'d>,
        notes: &'a mut NoteNumbers,
        part: &'a str,
        relations: &'a Relations,
    ) -> Self {
        Self {
            looks,
            ink,
            notes,
            part,
            relations,
            open: Vec::new(),
            frames: vec![Frame::blocks()],
            look: String::new(),
            fields: Vec::new(),
            in_instruction: false,
            reading: None,
            readings: Vec::new(),
            section: String::new(),
            notes_out: String::new(),
        }
    }

    /// Copies a part to its end, or until there is more of it than `most` bytes.
    pub(super) fn copy(mut self, text: &str, most: usize) -> Option<Copied> {
        let mut xml = Xml::new(text);
        loop {
            match xml.next() {
                Token::Open(element) => self.start(&element, &mut xml),
                Token::Close(ns, name) => self.end(ns, name, &xml),
                Token::Text(words, place) => {
                    if self.in_instruction
                        && let Some(field) = self.fields.last_mut()
                    {
                        field.instruction.push_str(&words);
                    }
                    if !words.trim().is_empty() && self.is_in_run() {
                        self.had_words();
                    }
                    let found = self.ink.take(self.part, &place, words.chars().count());
                    self.write(&found);
                }
                Token::End(_) => break,
            }
            if self.size() > most {
                return None;
            }
        }
        while let Some(open) = self.open.pop() {
            self.close(open);
        }
        match self.frames.pop() {
            Some(Frame::Blocks { out, .. }) => {
                Some(Copied { blocks: out, section: self.section, notes: self.notes_out })
            }
            _ => None,
        }
    }

    fn size(&self) -> usize {
        match self.frames.first() {
            Some(Frame::Blocks { out, .. }) => out.len() + self.notes_out.len(),
            _ => 0,
        }
    }

    fn is_in_run(&self) -> bool {
        matches!(self.open.iter().rev().nth(1), Some(Open::Run(_)))
    }

    fn start(&mut self, element: &Element<'_>, xml: &mut Xml<'_>) {
        let open = match (element.ns, element.name) {
            (Ns::Word, name) => match self.start_word(name, element, xml) {
                Some(open) => open,
                None => return,
            },
            (Ns::Drawing, "chart" | "relIds") => {
                let id = element.attribute("dm").or_else(|| element.attribute("id"));
                self.lift_part(id);
                Open::Through
            }
            (Ns::Vml, "textpath") => {
                let words = self.ink.take(self.part, &xml.place(), usize::MAX);
                self.lift(vec![words]);
                Open::Through
            }
            _ => Open::Through,
        };
        self.open.push(open);
    }

    /// What an element of Word opens; nothing if it was read to its end.
    fn start_word(&mut self, name: &str, element: &Element<'_>, xml: &mut Xml<'_>) -> Option<Open> {
        let opened = match (name, self.frames.last()) {
            ("p", _) => {
                self.frames.push(Frame::Paragraph(Paragraph::default()));
                Open::Paragraph
            }
            ("r", _) => Open::Run(std::mem::take(&mut self.look)),
            ("tbl", _) => {
                self.frames.push(Frame::Table { head: String::new(), rows: String::new() });
                Open::Table
            }
            ("tr", Some(Frame::Table { .. })) => {
                self.frames.push(Frame::Row { head: String::new(), cells: String::new() });
                Open::Row
            }
            ("tc", Some(Frame::Row { .. })) => {
                self.frames.push(Frame::blocks());
                Open::Cell
            }
            ("txbxContent", _) => {
                self.frames.push(Frame::blocks());
                Open::Aside
            }
            ("pPr" | "rPr" | "tblPr" | "tblGrid" | "trPr" | "tcPr" | "sectPr", _) => {
                self.properties(name, element, xml);
                return None;
            }
            ("footnote" | "endnote", _) => {
                if element.attribute("type").is_some_and(|kind| kind != "normal") {
                    xml.skip();
                    return None;
                }
                let kind = if name == "footnote" { "footnote" } else { "endnote" };
                let id = element.attribute("id").unwrap_or_default();
                self.frames.push(Frame::blocks());
                Open::Note(self.notes.of(kind, id))
            }
            ("fldSimple", _) => {
                let instruction = element.attribute("instr").unwrap_or_default();
                self.open_field(&instruction);
                Open::Field
            }
            ("ruby", _) => Open::Ruby,
            ("rt", _) => {
                self.reading = Some(Vec::new());
                Open::Reading
            }
            (
                "tblPrEx" | "sdtPr" | "sdtEndPr" | "ffData" | "fldData" | "rubyPr" | "customXmlPr"
                | "smartTagPr",
                _,
            ) => {
                xml.skip();
                return None;
            }
            _ => {
                self.sign(name, element, xml);
                Open::Through
            }
        };
        Some(opened)
    }

    /// Copies properties to where they belong; those that belong nowhere are dropped.
    fn properties(&mut self, name: &str, element: &Element<'_>, xml: &mut Xml<'_>) {
        let copied = self.looks.copy(element, xml, Place::Text);
        match (name, self.open.last(), self.frames.last_mut()) {
            ("pPr", Some(Open::Paragraph), Some(Frame::Paragraph(paragraph))) => {
                paragraph.look = copied;
            }
            ("rPr", Some(Open::Run(_)), _) => self.look = copied,
            ("tblPr" | "tblGrid", Some(Open::Table), Some(Frame::Table { head, .. }))
            | ("trPr", Some(Open::Row), Some(Frame::Row { head, .. })) => head.push_str(&copied),
            ("tcPr", Some(Open::Cell), Some(Frame::Blocks { out, .. })) if out.is_empty() => {
                out.push_str(&copied);
            }
            ("sectPr", ..) => self.section = copied,
            _ => {}
        }
    }

    fn end(&mut self, ns: Ns, name: &str, xml: &Xml<'_>) {
        match (ns, name) {
            (Ns::Word, "fldSimple") => {
                let words = self.ink.take(self.part, &xml.place(), usize::MAX);
                self.write(&words);
            }
            (Ns::Word, "instrText") => self.in_instruction = false,
            (Ns::Drawing, "p") => {
                if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut()
                    && paragraph.has_words
                {
                    self.element("<w:br/>");
                }
            }
            _ => {}
        }
        if let Some(open) = self.open.pop() {
            self.close(open);
        }
    }

    fn had_words(&mut self) {
        if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
            paragraph.had_words = true;
        }
    }

    /// Words that stand here; outside a paragraph they get one of their own.
    fn write(&mut self, words: &[Words]) {
        if words.is_empty() {
            return;
        }
        if let Some(reading) = &mut self.reading {
            reading.extend_from_slice(words);
        } else if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
            paragraph.write(words, &self.look);
        } else {
            self.lift(vec![words.to_vec()]);
        }
    }

    fn element(&mut self, element: &str) {
        if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
            paragraph.element(element, &self.look);
        }
    }
}
