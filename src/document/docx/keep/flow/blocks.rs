//! Closing what is open: paragraphs, boxes, cells, rows, tables and notes go to where they belong.

use super::super::ink::Words;
use super::super::page::{Frame, Paragraph, closed_cell};
use super::{Flow, Open};

impl Flow<'_, '_> {
    pub(super) fn close(&mut self, open: Open) {
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
    pub(super) fn place(&mut self, fill: impl FnOnce(&mut String), has_words: bool) {
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
    pub(super) fn say(&mut self, words: bool) {
        for frame in &mut self.frames {
            if let Frame::Blocks { has_words, .. } = frame {
                *has_words |= words;
            }
        }
    }

    /// Lines as paragraphs of their own, here or after the paragraph that is open.
    pub(super) fn lift(&mut self, lines: Vec<Vec<Words>>) {
        for words in lines {
            let mut paragraph = Paragraph::default();
            paragraph.had_words = true;
            paragraph.write(&words, "");
            let has_words = paragraph.has_words;
            self.place(|out| paragraph.finish(out), has_words);
        }
    }

    /// The words of a chart, a diagram, or a document inside this one.
    pub(super) fn lift_part(&mut self, id: Option<String>) {
        if let Some(part) = id.and_then(|id| self.relations.part(&id).map(str::to_owned)) {
            let lines = self.ink.take_part(&part);
            self.lift(lines);
        }
    }
}
