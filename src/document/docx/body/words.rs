//! Characters of a Word document: which are shown, which were deleted or are concealed, and how each is written.

use std::ops::Range;

use super::super::super::compose::Composer;
use super::super::super::symbols;
use super::super::fields::Field;
use super::{Body, Taking};

impl Body {
    pub(super) fn text(&mut self, text: &str, place: Range<usize>, composer: &mut Composer) {
        match self.taking {
            Taking::Nothing => {}
            Taking::Instruction => {
                if let Some(field) = self.fields.last_mut() {
                    field.add(text);
                }
            }
            Taking::Deleted => self.keep_deleted(text),
            Taking::Words => {
                if self.deleted_depth > 0 {
                    self.keep_deleted(text);
                } else if !self.is_shown() {
                    self.keep_concealed(text);
                } else {
                    self.write_prefix(composer);
                    self.weigh(text);
                    self.write(text, place, composer);
                }
            }
        }
    }

    /// Counts letters that are bold and that are not.
    fn weigh(&mut self, text: &str) {
        let letters = text.chars().filter(|c| !c.is_whitespace()).count();
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let weight = if self.run.is_bold { &mut paragraph.bold } else { &mut paragraph.light };
            *weight += letters;
        }
    }

    /// Writes words, with the characters of sign fonts as signs; every character keeps its place.
    fn write(&self, text: &str, place: Range<usize>, composer: &mut Composer) {
        if let Some(font) = &self.run.sign_font {
            let signs: String = text
                .chars()
                .map(|c| if c.is_whitespace() { ' ' } else { symbols::sign(font, u32::from(c)) })
                .collect();
            composer.push(&signs, place);
        } else if text.contains(['\n', '\t', '\r']) {
            composer.push(&text.replace(['\n', '\t', '\r'], " "), place);
        } else if let Some(clean) = symbols::without_private(text) {
            composer.push(&clean, place);
        } else {
            composer.push(text, place);
        }
    }

    /// Writes a sign that an element stands for; its place is the element's.
    pub(super) fn sign(&mut self, sign: &str, place: Range<usize>, composer: &mut Composer) {
        if self.deleted_depth > 0 {
            self.keep_deleted(sign);
        } else if !self.is_shown() {
            self.keep_concealed(sign);
        } else {
            self.write_prefix(composer);
            composer.push(sign, place);
        }
    }

    fn write_prefix(&mut self, composer: &mut Composer) {
        if let Some(prefix) = self.paragraphs.last_mut().and_then(|open| open.prefix.take()) {
            composer.imply(&prefix);
            composer.imply(" ");
        }
    }

    pub(super) fn is_shown(&self) -> bool {
        !self.run.concealed && !self.fields.iter().any(Field::is_instruction)
    }

    fn keep_deleted(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.deleted.push_str(text);
        }
    }

    fn keep_concealed(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.concealed.push_str(text);
        }
    }
}
