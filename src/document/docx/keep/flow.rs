//! Copies a part that holds paragraphs: its structure by an allow list, its words by their places. What wraps words is
//! unwrapped (links, controls, insertions), what is no text falls away, and boxes come after their paragraph. Knows
//! WordprocessingML, not the package.

use std::collections::HashMap;

use super::ink::{Ink, Words};
use super::looks::{Looks, Place};
use super::page::{Frame, Paragraph, closed_cell};
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

    /// Elements that stand for characters, and what begins and ends fields.
    fn sign(&mut self, name: &str, element: &Element<'_>, xml: &Xml<'_>) {
        match name {
            "br" if matches!(element.attribute("type").as_deref(), Some("page" | "column")) => {
                // The line end that it is in the text may be covered or cut; the page ends nonetheless.
                self.ink.take(self.part, &xml.place(), 1);
                let kind = element.attribute("type").unwrap_or_default();
                self.element(&format!("<w:br w:type=\"{kind}\"/>"));
            }
            "tab" | "ptab" | "br" | "cr" | "noBreakHyphen" | "sym" => {
                let found = self.ink.take(self.part, &xml.place(), 1);
                if name == "sym" {
                    self.had_words();
                }
                self.write(&found);
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = if name == "footnoteReference" { "footnote" } else { "endnote" };
                let id = element.attribute("id").unwrap_or_default();
                let number = self.notes.of(kind, id);
                self.element(&format!("<w:{kind}Reference w:id=\"{number}\"/>"));
            }
            "footnoteRef" => self.element("<w:footnoteRef/>"),
            "endnoteRef" => self.element("<w:endnoteRef/>"),
            "instrText" => self.in_instruction = true,
            "fldChar" => match element.attribute("fldCharType").as_deref() {
                Some("begin") => self.fields.push(Field::default()),
                Some("separate") => {
                    if let Some(field) = self.fields.last_mut() {
                        field.has_result = true;
                        let instruction = std::mem::take(&mut field.instruction);
                        self.open_field(&instruction);
                    }
                }
                Some("end") => {
                    if self.fields.pop().is_some_and(|field| field.has_result)
                        && let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut()
                    {
                        paragraph.close_field();
                    }
                    let words = self.ink.take(self.part, &xml.place(), usize::MAX);
                    self.write(&words);
                }
                _ => {}
            },
            "altChunk" => self.lift_part(element.attribute("id")),
            _ => {}
        }
    }

    /// Fields that say which page it is are kept; of all others, what they show.
    fn open_field(&mut self, instruction: &str) {
        let name = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let known = ["PAGE", "NUMPAGES", "SECTIONPAGES"].into_iter().find(|known| *known == name);
        if let (Some(name), Some(Frame::Paragraph(paragraph))) = (known, self.frames.last_mut()) {
            paragraph.open_field(name);
        }
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

    fn close(&mut self, open: Open) {
        match open {
            Open::Through => {}
            Open::Run(outer) => self.look = outer,
            Open::Field => {
                if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
                    paragraph.close_field();
                }
            }
            Open::Reading => self.readings.extend(self.reading.take().unwrap_or_default()),
            Open::Ruby => {
                let readings = std::mem::take(&mut self.readings);
                if !readings.is_empty() {
                    self.write(&[Words::Own(" (".to_owned())]);
                    self.write(&readings);
                    self.write(&[Words::Own(")".to_owned())]);
                }
            }
            Open::Paragraph => {
                if let Some(Frame::Paragraph(paragraph)) = self.frames.pop() {
                    let has_words = paragraph.has_words;
                    self.place(|out| paragraph.finish(out), has_words);
                }
            }
            Open::Aside => {
                if let Some(Frame::Blocks { out, has_words }) = self.frames.pop()
                    && has_words
                {
                    self.place(|around| around.push_str(&out), true);
                }
            }
            Open::Cell => {
                if let Some(Frame::Blocks { out, has_words }) = self.frames.pop() {
                    let cell = format!("<w:tc>{}</w:tc>", closed_cell(out));
                    if let Some(Frame::Row { cells, .. }) = self.frames.last_mut() {
                        cells.push_str(&cell);
                    }
                    self.say(has_words);
                }
            }
            Open::Row => {
                if let Some(Frame::Row { head, cells }) = self.frames.pop()
                    && !cells.is_empty()
                    && let Some(Frame::Table { rows, .. }) = self.frames.last_mut()
                {
                    rows.push_str(&format!("<w:tr>{head}{cells}</w:tr>"));
                }
            }
            Open::Table => {
                if let Some(Frame::Table { head, rows }) = self.frames.pop()
                    && !rows.is_empty()
                {
                    self.place(|out| out.push_str(&format!("<w:tbl>{head}{rows}</w:tbl>")), false);
                }
            }
            Open::Note(number) => {
                if let Some(Frame::Blocks { out, .. }) = self.frames.pop() {
                    let kind = if self.part.contains("endnote") { "endnote" } else { "footnote" };
                    let blocks = closed_cell(out);
                    self.notes_out
                        .push_str(&format!("<w:{kind} w:id=\"{number}\">{blocks}</w:{kind}>"));
                }
            }
        }
    }

    /// Puts blocks into what is open around them, or after the paragraph that is.
    fn place(&mut self, fill: impl FnOnce(&mut String), has_words: bool) {
        let around = self
            .frames
            .iter_mut()
            .rev()
            .find(|frame| matches!(frame, Frame::Blocks { .. } | Frame::Paragraph(_)));
        match around {
            Some(Frame::Blocks { out, .. }) => fill(out),
            Some(Frame::Paragraph(paragraph)) => {
                let mut blocks = String::new();
                fill(&mut blocks);
                paragraph.lift(&blocks);
            }
            _ => {}
        }
        self.say(has_words);
    }

    /// Tells every open box that there are words in it.
    fn say(&mut self, words: bool) {
        for frame in &mut self.frames {
            if let Frame::Blocks { has_words, .. } = frame {
                *has_words |= words;
            }
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

    /// Lines as paragraphs of their own, here or after the paragraph that is open.
    fn lift(&mut self, lines: Vec<Vec<Words>>) {
        for words in lines {
            let mut paragraph = Paragraph::default();
            paragraph.had_words = true;
            paragraph.write(&words, "");
            let has_words = paragraph.has_words;
            self.place(|out| paragraph.finish(out), has_words);
        }
    }

    /// The words of a chart, a diagram, or a document inside this one.
    fn lift_part(&mut self, id: Option<String>) {
        if let Some(part) = id.and_then(|id| self.relations.part(&id).map(str::to_owned)) {
            let lines = self.ink.take_part(&part);
            self.lift(lines);
        }
    }
}
