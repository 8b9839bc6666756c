//! Lines of forms and rows of tables. Knows cells and labels, no words.

use super::inline::runs;
use super::line::{Line, without_labels};
use super::{Builder, WRAPPED, goes_on};
use crate::typeset::{Block, Cell, Field, Run, Table};

/// Answers longer than this, alone, are no line of a form.
const LONG_ANSWER: usize = 90;

impl Builder<'_> {
    pub(super) fn fields(&mut self) {
        let mut found: Vec<(&str, String)> = Vec::new();
        loop {
            match self.line(self.at) {
                Line::Fields(pairs) => {
                    found
                        .extend(pairs.iter().map(|(label, answer)| (*label, (*answer).to_owned())));
                }
                // Lines of an address and the like, below the answer that they go on with.
                Line::Words(words) if self.goes_on_to_a_field(words) => {
                    if let Some((_, answer)) = found.last_mut() {
                        answer.push('\n');
                        answer.push_str(words);
                    }
                }
                Line::Words(words) if goes_on(words) => {
                    if let Some((_, answer)) = found.last_mut() {
                        answer.push(' ');
                        answer.push_str(words);
                    }
                }
                _ => break,
            }
            self.at += 1;
        }
        match found.as_slice() {
            [(label, answer)] if answer.chars().count() > LONG_ANSWER => {
                let mut set = vec![Run::bold(*label), Run::plain(" ")];
                set.extend(runs(answer));
                self.blocks.push(Block::Paragraph(set));
            }
            _ => {
                let field = |(label, answer): &(&str, String)| Field {
                    label: runs(label),
                    value: runs(answer),
                };
                self.blocks.push(Block::Fields(found.iter().map(field).collect()));
            }
        }
    }

    /// Short lines with another line of the form below them.
    pub(super) fn goes_on_to_a_field(&self, words: &str) -> bool {
        let rest = self.lines.get(self.at..).unwrap_or_default().iter();
        let next = rest.take(6).find(|line| !matches!(line, Line::Words(_)));
        matches!(next, Some(Line::Fields(_)))
            && words.chars().count() < WRAPPED
            && !words.ends_with(':')
    }

    pub(super) fn table(&mut self) {
        let mut rows: Vec<&[&str]> = Vec::new();
        while let Line::Row(cells) = self.line(self.at) {
            if rows.first().is_some_and(|first| first.len().abs_diff(cells.len()) > 1) {
                break;
            }
            rows.push(cells);
            self.at += 1;
        }
        let widest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        // Where all rows begin with empty cells, they are an indent.
        let filled = |row: &&[&str]| row.iter().take_while(|cell| cell.is_empty()).count();
        let indent = rows.iter().map(filled).min().unwrap_or(0);
        for row in &mut rows {
            *row = row.get(indent..).unwrap_or_default();
        }
        let widest = widest - indent;
        let headed = rows.first().is_some_and(|row| heads_columns(row, widest));
        if rows.len() == 1 || rows.len() == 2 && (widest == 2 || !headed) {
            for row in rows {
                self.lone_row(row);
            }
            return;
        }
        let set = |row: &[&str]| -> Vec<Cell> { row.iter().map(|cell| runs(cell)).collect() };
        let mut rows = rows.iter().map(|row| set(row));
        let header = if headed { rows.next().unwrap_or_default() } else { Vec::new() };
        self.blocks.push(Block::Table(Table {
            header,
            rows: rows.collect(),
            align: Vec::new(),
            row_headers: false,
        }));
    }

    /// A row by itself: a post with its dates, or ways to reach somebody.
    pub(super) fn lone_row(&mut self, row: &[&str]) {
        let cells: Vec<&str> = row.iter().copied().filter(|cell| !cell.is_empty()).collect();
        let words = cells.join(" · ");
        let stands_out = self.stands_out(&words);
        let heads = matches!(self.line(self.at), Line::Entry { .. })
            || matches!(self.line(self.at), Line::Words(words) if words.chars().count() > WRAPPED);
        self.blocks.push(if heads && stands_out {
            Block::Heading(if self.shouted { 2 } else { 1 }, runs(&words))
        } else {
            Block::Paragraph(runs(&words))
        });
    }
}

/// Whether a first row says what stands in the columns: every cell a few words without numbers.
fn heads_columns(row: &[&str], columns: usize) -> bool {
    row.len() == columns
        && row.iter().all(|cell| {
            let own = without_labels(cell);
            own.chars().any(char::is_alphabetic)
                && cell.chars().count() <= 40
                && !own.chars().any(|c| c.is_ascii_digit())
        })
}
