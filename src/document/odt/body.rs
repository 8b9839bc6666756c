//! Reads a region of an OpenDocument text: headers, text, or footers. One pass over the elements. Knows text, tables,
//! frames and forms, not the package.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::super::compose::{Composer, Mark};
use super::super::xml::{Element, Ns, Token, Xml};
use super::super::{DocumentProblem, HiddenPlace};
use super::controls;
use super::lists::Lists;
use super::styles::Styles;

/// Which part of the document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    /// Page headers.
    Headers,
    /// The text itself.
    Text,
    /// Page footers.
    Footers,
}

/// No table has more columns that matter.
const MOST_REPEATED_CELLS: usize = 64;

/// The reader of one document.
pub(super) struct Body {
    styles: Styles,
    lists: Lists,
    /// Values of form controls by their name, until they are shown.
    controls: HashMap<String, String>,
    /// Open paragraphs and spans, and whether each is concealed.
    concealed: Vec<bool>,
    concealed_words: String,
    /// Paragraphs that are open; characters between elements outside one are layout.
    paragraphs: usize,
    /// The open heading: where it begins, and its level.
    heading: Option<(Mark, usize)>,
    ruby_has_reading: bool,
    /// How many pictures were met.
    pub(super) pictures: usize,
    /// How many embedded objects were met.
    pub(super) embedded: usize,
}

impl Body {
    pub(super) fn new(styles: Styles) -> Self {
        Self {
            styles,
            lists: Lists::default(),
            controls: HashMap::new(),
            concealed: Vec::new(),
            concealed_words: String::new(),
            paragraphs: 0,
            heading: None,
            ruby_has_reading: false,
            pictures: 0,
            embedded: 0,
        }
    }

    /// Reads one region of a part.
    pub(super) fn read(&mut self, text: &str, region: Region, composer: &mut Composer) {
        let mut xml = Xml::new(text);
        // How many elements of the region are open.
        let mut inside = 0_usize;
        let fault = loop {
            if composer.is_full() {
                break None;
            }
            match xml.next() {
                Token::Open(element) if inside > 0 => {
                    inside += 1;
                    if self.open(&element, &mut xml, composer) {
                        inside -= 1;
                    }
                }
                Token::Open(element) => {
                    inside = usize::from(starts(region, &element));
                }
                Token::Close(ns, name) if inside > 0 => {
                    inside -= 1;
                    if inside > 0 {
                        self.close(ns, name, composer);
                    }
                }
                Token::Text(text, place) if inside > 0 && self.paragraphs > 0 => {
                    self.text(&text, place, composer);
                }
                Token::Close(..) | Token::Text(..) => {}
                Token::End(fault) => break fault,
            }
        };
        if let Some(fault) = fault
            && !text.is_empty()
        {
            composer.report(DocumentProblem::from_xml(fault));
        }
        self.paragraphs = 0;
        self.concealed.clear();
        self.keep_concealed(composer);
        composer.close_all();
        composer.new_line();
    }

    /// Takes an element's start; answers whether the whole element was passed.
    fn open(&mut self, element: &Element<'_>, xml: &mut Xml<'_>, composer: &mut Composer) -> bool {
        match (element.ns, element.name) {
            (Ns::Text, name) => return self.open_text(name, element, xml, composer),
            (Ns::Table, "table-row") => {
                composer.new_line();
                composer.open_row();
            }
            (Ns::Table, "table-cell" | "covered-table-cell") => {
                let repeated = element.attribute("number-columns-repeated");
                let repeated = repeated.and_then(|count| count.parse().ok()).unwrap_or(1);
                for _ in 1..repeated.min(MOST_REPEATED_CELLS) {
                    composer.open_cell();
                    composer.close_cell();
                }
                composer.open_cell();
            }
            (
                Ns::Draw,
                "text-box" | "custom-shape" | "rect" | "ellipse" | "circle" | "line" | "polygon"
                | "polyline" | "path" | "connector" | "caption",
            ) => composer.open_aside(),
            (Ns::Draw, "frame") => {
                if let Some(name) = element.attribute("name").filter(|name| name.contains('.')) {
                    composer.hide(HiddenPlace::AltText, &name);
                }
            }
            (Ns::Draw, "image") => {
                self.pictures += 1;
                if let Some(target) = element.attribute("href").filter(|href| href.contains(':')) {
                    composer.hide(HiddenPlace::Link, &target);
                }
            }
            (Ns::Draw, "object" | "object-ole" | "plugin" | "applet") => {
                self.embedded += 1;
                xml.skip();
                return true;
            }
            (Ns::Draw, "a") => hide_attribute(element, "href", HiddenPlace::Link, composer),
            (Ns::Draw, "control") => {
                let value =
                    element.attribute("control").and_then(|name| self.controls.remove(&name));
                if let Some(value) = value {
                    composer.imply(&value);
                }
            }
            (Ns::Svg, "title" | "desc") => {
                let words = gather(xml, composer);
                composer.hide(HiddenPlace::AltText, &words);
                return true;
            }
            (Ns::Office, "annotation") => {
                let words = gather(xml, composer);
                composer.hide(HiddenPlace::Comment, &words);
                return true;
            }
            (Ns::Office, "forms") => {
                controls::read(xml, &mut self.controls);
                return true;
            }
            (Ns::Other, "fieldmark") => {
                let value = controls::field_mark(element, xml);
                self.imply(&value, composer);
                return true;
            }
            (Ns::Office, "event-listeners" | "binary-data" | "change-info") => {
                xml.skip();
                return true;
            }
            _ => {}
        }
        false
    }

    fn open_text(
        &mut self,
        name: &str,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        composer: &mut Composer,
    ) -> bool {
        match name {
            "p" | "h" => {
                self.paragraphs += 1;
                if name == "h" {
                    let level = element.attribute("outline-level");
                    let level = level.and_then(|level| level.parse().ok()).unwrap_or(1);
                    self.heading = Some((composer.mark(), level));
                }
                self.enter_style(element);
                if let Some(prefix) = self.lists.take_prefix() {
                    composer.imply(&prefix);
                    composer.imply(" ");
                }
            }
            "span" => self.enter_style(element),
            "s" => {
                let count =
                    element.attribute("c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.imply(&" ".repeat(std::cmp::min(count, 200)), composer);
            }
            "tab" => self.imply("\t", composer),
            "line-break" => self.imply("\n", composer),
            "a" => {
                hide_attribute(element, "href", HiddenPlace::Link, composer);
                hide_attribute(element, "title", HiddenPlace::AltText, composer);
            }
            "list" => self.lists.open(
                element.attribute("style-name"),
                element.attribute("continue-numbering").as_deref() == Some("true")
                    || element.attribute("continue-list").is_some(),
            ),
            "list-item" => {
                let start = element.attribute("start-value").and_then(|start| start.parse().ok());
                self.lists.item(&self.styles, start);
            }
            "note-body" | "ruby-text" => composer.open_aside(),
            "section" if element.attribute("display").as_deref() == Some("none") => {
                let words = gather(xml, composer);
                self.conceal(&words, composer);
                return true;
            }
            "hidden-text" => {
                hide_attribute(element, "string-value", HiddenPlace::Concealed, composer);
                let words = gather(xml, composer);
                self.conceal(&words, composer);
                return true;
            }
            "tracked-changes" => {
                let words = gather(xml, composer);
                composer.hide(HiddenPlace::Concealed, &words);
                return true;
            }
            "user-field-decl" | "variable-set" => {
                hide_attribute(element, "string-value", HiddenPlace::Concealed, composer);
            }
            "note-citation" | "script" | "dde-connection-decls" | "sequence-decls" => {
                xml.skip();
                return true;
            }
            _ if name.ends_with("-source") => {
                xml.skip();
                return true;
            }
            _ => {}
        }
        false
    }

    fn close(&mut self, ns: Ns, name: &str, composer: &mut Composer) {
        match (ns, name) {
            (Ns::Text, "p" | "h") => {
                if name == "h"
                    && let Some((from, level)) = self.heading.take()
                {
                    composer.set_apart(from, level);
                }
                composer.end_paragraph();
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.concealed.pop();
                self.keep_concealed(composer);
            }
            (Ns::Text, "span") => {
                self.concealed.pop();
            }
            (Ns::Text, "list") => self.lists.close(),
            (Ns::Text, "note-body") => composer.close_note(),
            (Ns::Text, "ruby-text") => {
                composer.close_aside();
                self.ruby_has_reading = true;
            }
            (Ns::Text, "ruby") if std::mem::take(&mut self.ruby_has_reading) => composer.gloss(),
            (Ns::Table, "table-cell" | "covered-table-cell") => composer.close_cell(),
            (Ns::Table, "table-row") => composer.close_row(),
            (
                Ns::Draw,
                "text-box" | "custom-shape" | "rect" | "ellipse" | "circle" | "line" | "polygon"
                | "polyline" | "path" | "connector" | "caption",
            ) => composer.close_aside(),
            _ => {}
        }
    }

    fn enter_style(&mut self, element: &Element<'_>) {
        let outer = self.concealed.last().copied().unwrap_or(false);
        let own = element.attribute("style-name").is_some_and(|name| self.styles.conceals(&name));
        self.concealed.push(outer || own);
    }

    fn is_concealed(&self) -> bool {
        self.concealed.last().copied().unwrap_or(false)
    }

    fn imply(&mut self, text: &str, composer: &mut Composer) {
        if self.is_concealed() {
            self.concealed_words.push_str(text);
        } else {
            composer.imply(text);
        }
    }

    /// White space counts as in HTML: a run of it is one space, and none at the start of a paragraph.
    fn text(&mut self, text: &str, place: Range<usize>, composer: &mut Composer) {
        if self.is_concealed() {
            self.concealed_words.push_str(text);
            return;
        }
        // A place where a word may be parted is not seen.
        let text = &*if text.contains('\u{ad}') {
            Cow::Owned(text.replace('\u{ad}', ""))
        } else {
            Cow::Borrowed(text)
        };
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let mut last_is_space = composer.at_word_start();
        let has_layout = text.contains(['\t', '\n', '\r'])
            || text.contains("  ")
            || last_is_space && text.starts_with(' ');
        if !has_layout {
            composer.push(text, place);
            return;
        }
        let mut words = String::with_capacity(text.len());
        for c in text.chars() {
            if !is_space(c) {
                words.push(c);
            } else if !last_is_space {
                words.push(' ');
            }
            last_is_space = is_space(c);
        }
        composer.push(&words, place);
    }

    fn conceal(&mut self, words: &str, composer: &mut Composer) {
        self.concealed_words.push_str(words);
        self.keep_concealed(composer);
    }

    fn keep_concealed(&mut self, composer: &mut Composer) {
        let words = std::mem::take(&mut self.concealed_words);
        if !words.trim().is_empty() {
            composer.hide(HiddenPlace::Concealed, &words);
            composer.report(DocumentProblem::concealed_text());
        }
    }
}

fn starts(region: Region, element: &Element<'_>) -> bool {
    let shown = element.attribute("display").as_deref() != Some("false");
    match region {
        Region::Text => (element.ns, element.name) == (Ns::Office, "text"),
        Region::Headers => element.ns == Ns::Style && is_furniture(element.name, "header") && shown,
        Region::Footers => element.ns == Ns::Style && is_furniture(element.name, "footer") && shown,
    }
}

fn is_furniture(name: &str, kind: &str) -> bool {
    name.strip_prefix(kind).is_some_and(|rest| matches!(rest, "" | "-left" | "-first"))
}

fn hide_attribute(element: &Element<'_>, name: &str, place: HiddenPlace, composer: &mut Composer) {
    if let Some(value) = element.attribute(name) {
        composer.hide(place, &value);
    }
}

/// The words of the element whose start was read last, to its end; who wrote them is kept as metadata.
fn gather(xml: &mut Xml<'_>, composer: &mut Composer) -> String {
    let mut words = String::new();
    let mut person = String::new();
    let mut in_person = false;
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(element) => {
                depth += 1;
                match element.name {
                    "creator" | "sender-initials" | "creator-initials" => in_person = true,
                    "date" | "date-string" => {
                        xml.skip();
                        depth -= 1;
                    }
                    "s" | "tab" | "line-break" => words.push(' '),
                    _ => {}
                }
            }
            Token::Close(_, name) => {
                depth -= 1;
                match name {
                    "creator" | "sender-initials" | "creator-initials" => {
                        in_person = false;
                        composer.hide(HiddenPlace::Metadata, &std::mem::take(&mut person));
                    }
                    "p" | "h" => words.push('\n'),
                    _ => {}
                }
            }
            Token::Text(text, _) if in_person => person.push_str(&text),
            Token::Text(text, _) => words.push_str(&text),
            Token::End(_) => break,
        }
    }
    words
}
