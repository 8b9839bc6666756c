//! Elements that stand for characters, and fields.

use super::super::page::Frame;
use super::{Field, Flow};
use crate::document::xml::{Element, Xml};

impl Flow<'_, '_> {
    /// Elements that stand for characters, and what begins and ends fields.
    pub(super) fn sign(&mut self, name: &str, element: &Element<'_>, xml: &Xml<'_>) {
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
    pub(super) fn open_field(&mut self, instruction: &str) {
        let name = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let known = ["PAGE", "NUMPAGES", "SECTIONPAGES"].into_iter().find(|known| *known == name);
        if let (Some(name), Some(Frame::Paragraph(paragraph))) = (known, self.frames.last_mut()) {
            paragraph.open_field(name);
        }
    }
}
