//! Paragraphs, cells and rows of a rich text file: which control words end them, and what is open. Knows no characters.

use super::{Destination, Reader, Table};

impl Reader<'_> {
    /// Words that arrange paragraphs and tables.
    pub(super) fn layout(&mut self, word: &str) -> bool {
        if self.group().destination != Destination::Shown {
            if word == "par"
                && let Some(kept) = self.kept.last_mut()
            {
                kept.push('\n');
            }
            return matches!(word, "par" | "cell" | "row");
        }
        match word {
            "par" | "sect" | "page" | "column" => {
                self.leave_row();
                self.keep_hidden();
                self.composer.end_paragraph();
            }
            "pard" => {
                self.leave_row();
                self.table(|table| table.in_table = false);
            }
            "intbl" | "trowd" => self.table(|table| table.in_table = true),
            "cell" => {
                self.table(|table| table.in_table = true);
                self.enter_cell();
                self.keep_hidden();
                self.composer.close_cell();
                self.table(|table| table.in_cell = false);
            }
            "row" => self.end_row(),
            "nestcell" => self.composer.imply("\t"),
            "nestrow" => self.composer.end_paragraph(),
            _ => return false,
        }
        true
    }

    pub(super) fn table(&mut self, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.tables.last_mut() {
            change(table);
        }
    }

    pub(super) fn enter_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        if !table.in_table {
            if table.in_row {
                self.end_row();
            }
            return;
        }
        if !table.in_row {
            self.composer.new_line();
            self.composer.open_row();
            table.in_row = true;
        }
        if !table.in_cell {
            self.composer.open_cell();
            table.in_cell = true;
        }
    }

    /// A paragraph outside the table ends a row that was left open.
    pub(super) fn leave_row(&mut self) {
        if self.tables.last().is_some_and(|table| table.in_row && !table.in_table) {
            self.end_row();
        }
    }

    pub(super) fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let state = std::mem::take(table);
        if state.in_cell {
            self.composer.close_cell();
        }
        if state.in_row {
            self.composer.close_row();
        }
    }
}
