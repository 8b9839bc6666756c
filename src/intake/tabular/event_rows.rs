//! A table of events row by row, for whoever applies them one after another. Checks every row; it keeps no state of an
//! application.

use std::collections::HashMap;
use std::io::Read;

use jiff::Timestamp;

use super::events::{Columns, Refused, parsed};
use super::source::{Place, Source, place, text_of};
use super::standing::{Ending, ToldEvent, in_order};
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
    /// The rows that make sense: those of an application together, in an order in which the last says how it stands.
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
    let mut places: HashMap<(String, Option<String>), usize> = HashMap::new();
    let mut by_application: Vec<Vec<(ToldEvent, EventRow)>> = Vec::new();
    each_row(source.blocks, |line, record, fields| {
        found.rows += 1;
        match parsed(record, fields, &columns, mapping, rules) {
            Ok(None) => {}
            Ok(Some(event)) => {
                let row = EventRow {
                    line,
                    place: at(line, columns.application),
                    application: text_of(event.application),
                    vacancy: columns.vacancy.map(|_| text_of(event.vacancy)),
                    reached: usize::from(event.told.reached),
                    ending: event.told.ending,
                    at: None,
                };
                let key = (row.application.clone(), row.vacancy.clone());
                let place = *places.entry(key).or_insert(by_application.len());
                if place == by_application.len() {
                    by_application.push(Vec::new());
                }
                if let Some(events) = by_application.get_mut(place) {
                    events.push((event.told, row));
                }
            }
            Err(Refused { column, problem, .. }) => {
                found.left_out += 1;
                if found.problems.len() < MOST_DESCRIBED {
                    found.problems.push(RowProblem { line, place: at(line, column), problem });
                }
            }
        }
    })?;
    let turned_down = |(told, _): &(ToldEvent, EventRow)| told.ending == Ending::TurnedDown;
    columns.check_endings(by_application.iter().flatten().any(turned_down), &headers)?;
    let dated = |(told, row): (ToldEvent, EventRow)| EventRow {
        at: columns.at.and_then(|_| told.at.timestamp()),
        ..row
    };
    found.events = by_application.into_iter().flat_map(in_order).map(dated).collect();
    Ok(found)
}
