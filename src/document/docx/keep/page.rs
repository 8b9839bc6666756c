//! Paragraphs, tables and boxes of a copy while they are put together. Knows where each may stand; reads nothing.

use super::ink::Words;
use crate::document::write::escaped;

/// What is open.
pub(super) enum Frame {
    /// Holds paragraphs and tables: a body, a cell, a text box, a note.
    Blocks {
        out: String,
        has_words: bool,
    },
    Paragraph(Paragraph),
    /// Properties and columns, then rows.
    Table {
        head: String,
        rows: String,
    },
    /// Properties, then cells.
    Row {
        head: String,
        cells: String,
    },
}

impl Frame {
    pub(super) fn blocks() -> Self {
        Self::Blocks { out: String::new(), has_words: false }
    }
}

/// A paragraph in the making.
#[derive(Default)]
pub(super) struct Paragraph {
    /// Its properties.
    pub(super) look: String,
    runs: String,
    /// Properties of the run that is open, and whether its last element is open text.
    run: Option<(String, bool)>,
    /// A field that the program reading the copy fills in.
    field: bool,
    /// Whether the original had words in it.
    pub(super) had_words: bool,
    /// Whether it has some now.
    pub(super) has_words: bool,
    /// What comes after it: boxes that were anchored in it.
    lifted: String,
}

impl Paragraph {
    /// Adds words in a look; line ends and tabs are elements of their own.
    pub(super) fn write(&mut self, words: &[Words], look: &str) {
        for piece in words {
            match piece {
                Words::Own(text) => self.characters(text, look),
                Words::Instead(text) => self.characters(text, &without_width(look)),
            }
        }
    }

    fn characters(&mut self, text: &str, look: &str) {
        self.has_words |= !text.trim().is_empty();
        for piece in text.split_inclusive(['\t', '\n']) {
            let words = piece.trim_end_matches(['\t', '\n']);
            if !words.is_empty() {
                self.open_run(look);
                if let Some((_, in_text)) = &mut self.run {
                    if !std::mem::replace(in_text, true) {
                        self.runs.push_str("<w:t xml:space=\"preserve\">");
                    }
                    self.runs.push_str(&escaped(words));
                }
            }
            match piece.get(words.len()..) {
                Some("\t") => self.element("<w:tab/>", look),
                Some("\n") => self.element("<w:br/>", look),
                _ => {}
            }
        }
    }

    /// Adds an element of a run.
    pub(super) fn element(&mut self, element: &str, look: &str) {
        self.open_run(look);
        self.end_text();
        self.runs.push_str(element);
    }

    fn open_run(&mut self, look: &str) {
        if self.run.as_ref().is_some_and(|(open, _)| open == look) {
            return;
        }
        self.end_run();
        self.runs.push_str("<w:r>");
        self.runs.push_str(look);
        self.run = Some((look.to_owned(), false));
    }

    fn end_text(&mut self) {
        if let Some((_, in_text)) = &mut self.run
            && std::mem::take(in_text)
        {
            self.runs.push_str("</w:t>");
        }
    }

    fn end_run(&mut self) {
        self.end_text();
        if self.run.take().is_some() {
            self.runs.push_str("</w:r>");
        }
    }

    /// Starts a field that gives the number of a page or of pages.
    pub(super) fn open_field(&mut self, name: &str) {
        if !self.field {
            self.end_run();
            self.runs.push_str(&format!("<w:fldSimple w:instr=\" {name} \">"));
            self.field = true;
        }
    }

    pub(super) fn close_field(&mut self) {
        if std::mem::take(&mut self.field) {
            self.end_run();
            self.runs.push_str("</w:fldSimple>");
        }
    }

    /// Keeps blocks for the time after the paragraph.
    pub(super) fn lift(&mut self, blocks: &str) {
        self.lifted.push_str(blocks);
    }

    /// Writes it, unless all its words were taken away, and then what was anchored in it. A paragraph that ends a
    /// section, or parts two tables, stays though it is empty.
    pub(super) fn finish(mut self, out: &mut String) {
        self.close_field();
        self.end_run();
        let emptied = self.had_words && !self.has_words;
        let needed = self.look.contains("<w:sectPr") || out.ends_with("</w:tbl>");
        if !emptied || needed {
            out.push_str("<w:p>");
            out.push_str(&self.look);
            out.push_str(&self.runs);
            out.push_str("</w:p>");
        }
        out.push_str(&self.lifted);
    }
}

/// The look of a label: spacing and stretching could have been fitted to what it stands for.
fn without_width(look: &str) -> String {
    let mut rest = look;
    let mut out = String::with_capacity(look.len());
    while let Some(start) = ["<w:spacing ", "<w:w ", "<w:kern ", "<w:position "]
        .iter()
        .filter_map(|element| rest.find(element))
        .min()
    {
        out.push_str(rest.get(..start).unwrap_or_default());
        let after = rest.get(start..).unwrap_or_default();
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    if out == "<w:rPr></w:rPr>" { String::new() } else { out }
}

/// Ends a cell: one without a paragraph at its end is not well formed.
pub(super) fn closed_cell(mut blocks: String) -> String {
    if !blocks.ends_with("</w:p>") {
        blocks.push_str("<w:p/>");
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_look_are_one_run_and_a_label_loses_what_was_fitted() {
        let mut paragraph = Paragraph::default();
        let own = |text: &str| Words::Own(text.to_owned());
        let look = "<w:rPr><w:b/><w:spacing w:val=\"-12\"/></w:rPr>";
        paragraph.write(&[own("a & "), own("b\tc")], "");
        paragraph.write(&[Words::Instead("[NAME]".to_owned())], look);
        let mut out = String::new();
        paragraph.finish(&mut out);
        assert_eq!(
            out,
            "<w:p><w:r><w:t xml:space=\"preserve\">a &amp; b</w:t><w:tab/><w:t xml:space=\"preserve\">c</w:t></w:r>\
             <w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">[NAME]</w:t></w:r></w:p>"
        );
    }

    #[test]
    fn a_paragraph_that_lost_all_its_words_is_gone_unless_it_holds_something_together() {
        for (before, look, kept) in
            [("", "", false), ("</w:tbl>", "", true), ("", "<w:sectPr/>", true)]
        {
            let mut out = before.to_owned();
            let paragraph =
                Paragraph { had_words: true, look: look.to_owned(), ..Paragraph::default() };
            paragraph.finish(&mut out);
            assert_eq!(out.ends_with("</w:p>"), kept, "{before} {look}");
        }
        let mut out = String::new();
        Paragraph::default().finish(&mut out);
        assert_eq!(out, "<w:p></w:p>");
    }
}
