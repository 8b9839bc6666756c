//! A table of events row by row, for whoever applies them one after another. Checks every row; it keeps no state of an
//! application.

use std::io::Read;

use jiff::Timestamp;

use super::events::{Columns, Ending, parsed};
use super::source::{Place, Source, place, text_of};
use super::{MOST_DESCRIBED, Mapping, RowProblem, TabularError, each_row, header_of};
use crate::rulebook::Rulebook;

/// One event of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Line of the file or row of the sheet, from 1.
    pub line: u64,
    /// Where the application's name stands.
    pub place: Place,
    /// The application's name.
    pub application: String,
    /// The vacancy's, where the table says it.
    pub vacancy: Option<String>,
    /// How far along the furthest stage is that it shows to be reached.
    pub reached: usize,
    /// How the application stands then.
    pub ending: Ending,
    /// When.
    pub at: Option<Timestamp>,
}

/// The events of a table.
#[derive(Debug, Clone, Default)]
pub struct EventRows {
    /// The rows that make sense, in the order of time; where the table has none, of the file.
    pub events: Vec<EventRow>,
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows that make no sense.
    pub left_out: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
}

/// Reads a table of events, text or workbook, row by row.
///
/// # Errors
/// When a column is missing, or the file is no table.
pub fn read_event_rows(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<EventRows, TabularError> {
    let mut source = Source::open(source, None)?;
    let headers = header_of(&mut source)?;
    let columns = Columns::of(&headers, mapping)?;
    let sheet = source.sheet.clone();
    let at = |line: u64, column: usize| place(sheet.as_deref(), line, column, &headers);
    let mut found = EventRows::default();
    let mut events = Vec::new();
    each_row(source.blocks, |line, record, fields| {
        found.rows += 1;
        match parsed(record, fields, &columns, mapping, rules) {
            Ok(event) => {
                let order = event.order();
                let row = EventRow {
                    line,
                    place: at(line, columns.application),
                    application: text_of(event.application),
                    vacancy: columns.vacancy.map(|_| text_of(event.vacancy)),
                    reached: event.reached,
                    ending: event.ending,
                    at: columns.at.and_then(|_| Timestamp::from_second(event.at).ok()),
                };
                events.push((order, row));
            }
            Err((column, problem)) => {
                found.left_out += 1;
                if found.problems.len() < MOST_DESCRIBED {
                    found.problems.push(RowProblem { line, place: at(line, column), problem });
                }
            }
        }
    })?;
    events.sort_by_key(|(order, _)| *order);
    found.events = events.into_iter().map(|(_, row)| row).collect();
    Ok(found)
}
