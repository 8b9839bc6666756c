//! Reads a part of a Word document that holds paragraphs: body, header, footer, notes. One pass over the elements;
//! what a reader sees goes to the text, what the page does not show is kept apart. Knows WordprocessingML, not the
//! package.

mod paragraph;
mod words;

use std::ops::Range;

use self::paragraph::Paragraph;
use super::super::compose::Composer;
use super::super::xml::{Element, Ns, Token, Xml};
use super::super::{self as document, HiddenPlace, field_codes, symbols};
use super::fields::Field;
use super::look::{
    ParagraphProperties, RunProperties, author, control_properties, properties_of_paragraph,
    properties_of_run,
};
use super::numbering::Numbering;
use super::package::Relations;
use super::styles::Styles;
use super::{Sources, drawing, fields};

/// What the characters of the open element are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taking {
    Nothing,
    Words,
    Deleted,
    Instruction,
}

#[derive(Default)]
struct Run {
    concealed: bool,
    is_bold: bool,
    /// The name of a font whose characters are signs.
    sign_font: Option<String>,
}

/// An `mc:AlternateContent`: whether one of its choices gave words or a picture.
struct Alternative {
    taken: bool,
    before: (usize, usize),
}

/// The reader of paragraphs; list numbers run on from part to part.
pub(super) struct Body {
    styles: Styles,
    numbering: Numbering,
    pictures: usize,
    paragraphs: Vec<Paragraph>,
    run: Run,
    taking: Taking,
    fields: Vec<Field>,
    deleted_depth: usize,
    alternatives: Vec<Alternative>,
    ruby_has_reading: bool,
}

/// The header and footer parts that the sections name, each once, in order.
pub(super) fn furniture(text: &str, relations: &Relations) -> (Vec<String>, Vec<String>) {
    let named = |element: &str| {
        let mut parts = Vec::new();
        for (at, _) in text.match_indices(element) {
            let tag = text.get(at..).and_then(|rest| rest.split('>').next()).unwrap_or_default();
            let id = tag
                .split_once("id=")
                .and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next());
            if let Some(part) = id.and_then(|id| relations.part(id))
                && !parts.iter().any(|known| known == part)
            {
                parts.push(part.to_owned());
            }
        }
        parts
    };
    (named("headerReference"), named("footerReference"))
}

impl Body {
    pub(super) fn new(styles: Styles, numbering: Numbering) -> Self {
        Self {
            styles,
            numbering,
            pictures: 0,
            paragraphs: Vec::new(),
            run: Run::default(),
            taking: Taking::Nothing,
            fields: Vec::new(),
            deleted_depth: 0,
            alternatives: Vec::new(),
            ruby_has_reading: false,
        }
    }

    /// How many pictures were met.
    pub(super) fn pictures(&self) -> usize {
        self.pictures
    }

    /// Reads one part.
    pub(super) fn read(
        &mut self,
        sources: &mut Sources<'_, '_>,
        part: &str,
        text: &str,
        relations: &Relations,
    ) {
        sources.composer.enter_part(part);
        let mut xml = Xml::new(text);
        let fault = loop {
            if sources.composer.is_full() {
                break None;
            }
            match xml.next() {
                Token::Open(element) => {
                    self.open(&element, &mut xml, sources, relations);
                    if element.name == "altChunk" || element.ns == Ns::Drawing {
                        sources.composer.enter_part(part);
                    }
                }
                Token::Close(ns, name) => self.close(ns, name, xml.place(), sources.composer),
                Token::Text(text, place) => self.text(&text, place, sources.composer),
                Token::End(fault) => break fault,
            }
        };
        super::report_fault(sources.composer, fault);
        if self.fields.iter().any(Field::is_instruction) {
            sources.composer.report(document::archive::ArchiveFault::Damaged.problem());
        }
        while let Some(paragraph) = self.paragraphs.pop() {
            paragraph.keep_hidden(sources.composer);
        }
        self.fields.clear();
        self.alternatives.clear();
        self.deleted_depth = 0;
        self.taking = Taking::Nothing;
        sources.composer.close_all();
        sources.composer.new_line();
    }

    fn open(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        sources: &mut Sources<'_, '_>,
        relations: &Relations,
    ) {
        let composer = &mut *sources.composer;
        match (element.ns, element.name) {
            (Ns::Word, "altChunk") => {
                let part =
                    element.attribute("id").and_then(|id| relations.part(&id).map(str::to_owned));
                include(sources, part.as_deref());
            }
            (Ns::Word, name) => self.open_word(name, element, xml, composer),
            (Ns::Math, "t") => self.taking = Taking::Words,
            (Ns::Drawing, "t") => self.taking = Taking::Words,
            (Ns::Drawing, "docPr" | "cNvPr") => drawing::describe(element, composer),
            (Ns::Drawing, "blip") => self.pictures += 1,
            (Ns::Drawing, "chart") | (Ns::Drawing, "relIds") => {
                let id = element.attribute("dm").or_else(|| element.attribute("id"));
                let part = id.and_then(|id| relations.part(&id).map(str::to_owned));
                if let Some(part) = part
                    && let Some(text) = sources.package.text(&part)
                {
                    drawing::read(&part, &text, sources.composer);
                }
            }
            (Ns::Vml, "imagedata") => {
                self.pictures += 1;
                drawing::describe(element, composer);
            }
            (Ns::Vml, "shape" | "rect" | "group") => drawing::describe(element, composer),
            (Ns::Vml, "textpath") => {
                if let Some(words) = element.attribute("string") {
                    composer.open_aside();
                    composer.push(&words, xml.place());
                    composer.close_aside();
                }
            }
            (Ns::Compatibility, "AlternateContent") => self
                .alternatives
                .push(Alternative { taken: false, before: (composer.taken(), self.pictures) }),
            (Ns::Compatibility, "Choice" | "Fallback")
                if self.alternatives.last().is_some_and(|alternative| alternative.taken) =>
            {
                xml.skip();
            }
            _ => {}
        }
    }

    fn open_word(
        &mut self,
        name: &str,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        composer: &mut Composer,
    ) {
        match name {
            "p" => {
                self.paragraphs.push(Paragraph { begins: composer.mark(), ..Paragraph::default() })
            }
            "pPr" => self.paragraph_properties(xml, composer),
            "r" => {
                self.run = Run { concealed: self.paragraph_conceals(), ..Run::default() };
            }
            "rPr" => self.run_properties(xml),
            "t" => self.taking = Taking::Words,
            "delText" => self.taking = Taking::Deleted,
            "instrText" | "delInstrText" => self.taking = Taking::Instruction,
            "tab" | "ptab" => self.sign("\t", xml.place(), composer),
            "br" | "cr" => self.sign("\n", xml.place(), composer),
            "noBreakHyphen" => self.sign("-", xml.place(), composer),
            "sym" => {
                let code = element.attribute("char");
                let code = code.and_then(|code| u32::from_str_radix(&code, 16).ok()).unwrap_or(0);
                let font = element.attribute("font").unwrap_or_default();
                let sign = symbols::sign(&font, code);
                self.sign(sign.encode_utf8(&mut [0; 4]), xml.place(), composer);
            }
            "fldChar" => self.field_character(element, xml.place(), composer),
            "fldSimple" => self.fields.push(Field::simple(element.attribute("instr"))),
            "ffData" => {
                let value = fields::read_form_data(xml, composer);
                if let Some(field) = self.fields.last_mut() {
                    field.form = value;
                }
            }
            "hyperlink" => {
                if let Some(tip) = element.attribute("tooltip") {
                    composer.hide(HiddenPlace::AltText, &tip);
                }
            }
            "ins" | "moveTo" => author(element, composer),
            "del" | "moveFrom" => {
                author(element, composer);
                self.deleted_depth += 1;
            }
            "tr" => {
                composer.new_line();
                composer.open_row();
            }
            "tc" => composer.open_cell(),
            "txbxContent" | "rt" => composer.open_aside(),
            "sdtPr" => control_properties(xml, composer),
            "footnote" | "endnote"
                if element.attribute("type").is_some_and(|kind| kind != "normal") =>
            {
                xml.skip();
            }
            "sectPr" | "tblPr" | "tblGrid" | "trPr" | "tcPr" | "tblPrEx" | "sdtEndPr"
            | "customXmlPr" | "smartTagPr" | "rubyPr" | "fldData" => {
                xml.skip();
            }
            _ => {}
        }
    }

    fn close(&mut self, ns: Ns, name: &str, place: Range<usize>, composer: &mut Composer) {
        match (ns, name) {
            (Ns::Word, "p") => {
                if let Some(paragraph) = self.paragraphs.last()
                    && let Some(level) = paragraph.heading()
                {
                    composer.set_apart(paragraph.begins, level);
                }
                composer.end_paragraph();
                if let Some(paragraph) = self.paragraphs.pop() {
                    paragraph.keep_hidden(composer);
                }
                self.run = Run::default();
            }
            (Ns::Word, "t" | "delText" | "instrText" | "delInstrText")
            | (Ns::Math | Ns::Drawing, "t") => self.taking = Taking::Nothing,
            (Ns::Drawing, "p") => composer.new_line(),
            (Ns::Word, "del" | "moveFrom") => {
                self.deleted_depth = self.deleted_depth.saturating_sub(1);
            }
            (Ns::Word, "fldSimple") => self.end_field(place, composer),
            (Ns::Word, "tc") => composer.close_cell(),
            (Ns::Word, "tr") => composer.close_row(),
            (Ns::Word, "txbxContent") => composer.close_aside(),
            (Ns::Word, "rt") => {
                composer.close_aside();
                self.ruby_has_reading = true;
            }
            (Ns::Word, "ruby") if std::mem::take(&mut self.ruby_has_reading) => composer.gloss(),
            (Ns::Compatibility, "Choice") => {
                if let Some(alternative) = self.alternatives.last_mut() {
                    alternative.taken |= alternative.before != (composer.taken(), self.pictures);
                }
            }
            (Ns::Compatibility, "AlternateContent") => {
                self.alternatives.pop();
            }
            _ => {}
        }
    }

    fn field_character(
        &mut self,
        element: &Element<'_>,
        place: Range<usize>,
        composer: &mut Composer,
    ) {
        match element.attribute("fldCharType").as_deref() {
            Some("begin") => self.fields.push(Field::default()),
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.start_result(composer.taken());
                }
            }
            Some("end") => self.end_field(place, composer),
            _ => {}
        }
    }

    fn end_field(&mut self, place: Range<usize>, composer: &mut Composer) {
        let Some(field) = self.fields.pop() else { return };
        let words = field.words_without_result(composer.taken());
        field_codes::hide_arguments(field.instruction(), composer);
        if let Some(words) = words {
            self.sign(&words, place, composer);
        }
    }

    fn paragraph_conceals(&self) -> bool {
        let style = self.paragraphs.last().and_then(|open| open.style.as_deref());
        style.and_then(|style| self.styles.conceals(style)).unwrap_or(false)
    }

    fn paragraph_properties(&mut self, xml: &mut Xml<'_>, composer: &mut Composer) {
        let ParagraphProperties { style, outline, place } = properties_of_paragraph(xml, composer);
        let of_style = style.as_deref().map(|style| self.styles.place(style)).unwrap_or_default();
        let list = place.list.or(of_style.list).filter(|list| *list != 0);
        let level = place.level.or(of_style.level).unwrap_or(0);
        let prefix = list.and_then(|list| self.numbering.next(list, level));
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.prefix = prefix;
            paragraph.outline =
                outline.or_else(|| style.as_deref().and_then(|style| self.styles.outline(style)));
            paragraph.style = style;
        }
    }

    fn run_properties(&mut self, xml: &mut Xml<'_>) {
        let RunProperties { vanishes, is_bold, style, font } = properties_of_run(xml);
        self.run.is_bold = is_bold;
        if let Some(font) = font {
            self.run.sign_font = Some(font).filter(|font| symbols::is_sign_font(font));
        }
        let of_style = style.and_then(|style| self.styles.conceals(&style));
        self.run.concealed = vanishes.or(of_style).unwrap_or(self.run.concealed);
    }
}

/// A document kept whole inside the package and shown in place.
fn include(sources: &mut Sources<'_, '_>, part: Option<&str>) {
    let Some(bytes) = part.and_then(|part| sources.package.bytes(part)) else { return };
    let inner = document::read_nested(&bytes, None, sources.nesting);
    sources.composer.enter_part(part.unwrap_or_default());
    sources.composer.include(inner);
}
