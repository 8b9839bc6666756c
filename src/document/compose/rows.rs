//! Rows of tables while a document's text is put together.

use super::Composer;
use super::flow::Flow;

/// Empty cells after this many in one row are left out.
const MOST_EMPTY_CELLS: usize = 256;

impl Composer {
    /// Starts a row of a table.
    pub(in crate::document) fn open_row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Starts a cell of the row.
    pub(in crate::document) fn open_cell(&mut self) {
        self.flows.push(Flow::default());
    }

    /// Ends the cell.
    pub(in crate::document) fn close_cell(&mut self) {
        if self.flows.len() < 2 {
            return;
        }
        self.place_asides();
        let Some(mut cell) = self.flows.pop() else { return };
        cell.trim_line_ends();
        match (self.rows.last_mut(), self.flows.last_mut()) {
            // A row of a form has a dozen cells; empty ones by the million are an attack on memory.
            (Some(row), _) if cell.text.is_empty() && row.len() >= MOST_EMPTY_CELLS => {}
            (Some(row), _) => row.push(cell),
            (None, Some(flow)) => {
                flow.new_line();
                flow.append(cell);
            }
            (None, None) => {}
        }
    }

    /// Ends the row: a line of cells with tabs between. The last cell with words may have lines of its own (an
    /// address). When an earlier one is longer than a caption, the table only arranges a page, and each cell stands
    /// on lines of its own.
    pub(in crate::document) fn close_row(&mut self) {
        let Some(mut cells) = self.rows.pop() else { return };
        while cells.last().is_some_and(|cell| cell.text.trim().is_empty()) {
            cells.pop();
        }
        let Some(last) = cells.pop() else { return };
        let arranges = cells.iter().any(|cell| !cell.is_caption());
        let Some(flow) = self.flows.last_mut() else { return };
        flow.new_line();
        for mut cell in cells {
            if !arranges {
                cell.join_lines();
            } else if cell.text.is_empty() {
                continue;
            }
            flow.append(cell);
            flow.add(if arranges { "\n" } else { "\t" });
        }
        flow.append(last);
        flow.add("\n");
    }
}
