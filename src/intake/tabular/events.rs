//! A table of events, `application_id,stage,outcome,at`: what became of each application, whatever the order of the
//! rows. Keeps a few numbers an application; characteristics and vacancies come from a table of applications.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::applications::{ENDINGS, identity};
use super::source::{Fields, Source, place, text_of};
use super::stages;
use super::{
    MOST_DESCRIBED, Mapping, RowProblem, TabularError, each_row, folded, header_of, listed,
    shortened,
};
use crate::domain::StageId;
use crate::rulebook::Rulebook;

/// What became of the applications of a table of events.
#[derive(Debug, Default)]
pub struct EventStates {
    states: HashMap<u64, State>,
    names_vacancies: bool,
    sheet: Option<String>,
    headers: Vec<String>,
    application: usize,
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows left out.
    pub left_out: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// Columns that the mapping file names and the table does not have, each with what it would have been.
    pub missing_columns: Vec<String>,
}

/// What became of one application.
#[derive(Debug, Clone, Copy)]
pub struct State {
    furthest: usize,
    last: (i64, usize, u64),
    ending: Ending,
    first_line: u64,
    rows: u64,
}

/// How an application stands at the furthest stage. The numbers are those of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Turned down there.
    TurnedDown = 0,
    /// Withdrew there.
    Withdrew = 1,
    /// Waits there for a decision.
    Waiting = 2,
}

impl State {
    /// The counter of furthest stage and ending.
    pub fn ending(&self) -> usize {
        self.furthest * ENDINGS + self.ending as usize
    }
}

/// One event that makes sense.
pub(super) struct Event<'r> {
    pub(super) application: &'r [u8],
    pub(super) vacancy: &'r [u8],
    /// The furthest stage that it shows to be reached.
    pub(super) reached: usize,
    pub(super) ending: Ending,
    pub(super) at: i64,
}

impl Event<'_> {
    /// What comes after what: by time, at the same time by stage, and last an ending that names no stage.
    pub(super) fn order(&self) -> (i64, usize) {
        let names_no_stage = self.reached == 0 && self.ending != Ending::Waiting;
        (self.at, if names_no_stage { usize::MAX } else { self.reached })
    }
}

impl EventStates {
    /// The counter of an application without events: it waits at the first stage.
    pub const WAITING: usize = Ending::Waiting as usize;

    /// What became of an application, with its key.
    pub fn state(&self, vacancy: &[u8], application: &[u8]) -> Option<(u64, &State)> {
        let key = self.key(vacancy, application);
        self.states.get(&key).map(|state| (key, state))
    }

    /// What stands for an application.
    pub fn key(&self, vacancy: &[u8], application: &[u8]) -> u64 {
        identity(if self.names_vacancies { vacancy } else { &[] }, application)
    }

    /// Rows of applications that were not met elsewhere, one problem an application.
    pub fn without(&self, met: &HashSet<u64>) -> Vec<(u64, RowProblem)> {
        let lost = self.states.iter().filter(|(key, _)| !met.contains(key));
        lost.map(|(_, state)| {
            let problem = "no row of the applications table bears this application".to_owned();
            (state.rows, self.problem(state.first_line, self.application, problem))
        })
        .collect()
    }

    fn problem(&self, line: u64, column: usize, problem: String) -> RowProblem {
        let place = place(self.sheet.as_deref(), line, column, &self.headers);
        RowProblem { line, place, problem }
    }

    fn add(&mut self, event: &Event<'_>, line: u64) {
        let (at, order) = event.order();
        let last = (at, order, line);
        let key = self.key(event.vacancy, event.application);
        let state = self.states.entry(key).or_insert(State {
            furthest: 0,
            last: (i64::MIN, 0, 0),
            ending: Ending::Waiting,
            first_line: line,
            rows: 0,
        });
        state.rows += 1;
        state.furthest = state.furthest.max(event.reached);
        if last >= state.last {
            state.last = last;
            state.ending = event.ending;
        }
    }
}

/// Reads a table of events, text or workbook. The order of rows does not matter, and a repeated row changes nothing.
///
/// # Errors
/// When a column is missing, the file is no table, or no row makes sense.
pub fn read_events(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<EventStates, TabularError> {
    let mut source = Source::open(source, None)?;
    let headers = header_of(&mut source)?;
    let columns = Columns::of(&headers, mapping)?;
    let mut states = EventStates {
        names_vacancies: columns.vacancy.is_some(),
        sheet: source.sheet.clone(),
        application: columns.application,
        missing_columns: mapping.missing(&["stage", "outcome", "at"], &headers),
        headers,
        ..EventStates::default()
    };
    let first = each_row(source.blocks, |line, record, fields| {
        states.rows += 1;
        match parsed(record, fields, &columns, mapping, rules) {
            Ok(event) => states.add(&event, line),
            Err((column, problem)) => {
                states.left_out += 1;
                if states.problems.len() < MOST_DESCRIBED {
                    let problem = states.problem(line, column, problem);
                    states.problems.push(problem);
                }
            }
        }
    });
    first?;
    if states.states.is_empty() {
        let first = states.problems.first().map(ToString::to_string);
        return Err(TabularError::NothingCounted { first });
    }
    Ok(states)
}

/// Which column holds what.
pub(super) struct Columns {
    pub(super) application: usize,
    pub(super) vacancy: Option<usize>,
    stage: usize,
    outcome: usize,
    pub(super) at: Option<usize>,
}

impl Columns {
    pub(super) fn of(headers: &[String], mapping: &Mapping) -> Result<Self, TabularError> {
        let needed = |wanted: &'static str| {
            mapping.column(wanted, headers).ok_or_else(|| TabularError::MissingColumn {
                wanted,
                found: listed(headers.iter().map(String::as_str)),
            })
        };
        Ok(Self {
            application: needed("application_id")?,
            vacancy: mapping.column("vacancy_id", headers),
            stage: needed("stage")?,
            outcome: needed("outcome")?,
            at: mapping.column("at", headers),
        })
    }
}

/// The event of a row, or which column is wrong and how.
pub(super) fn parsed<'r>(
    record: &'r [u8],
    fields: &'r Fields,
    columns: &Columns,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Event<'r>, (usize, String)> {
    let bytes = |column: usize| fields.get(record, column).unwrap_or_default().trim_ascii();
    let text = |column: usize| text_of(bytes(column));
    let application = bytes(columns.application);
    if application.is_empty() {
        return Err((
            columns.application,
            "is empty; every event belongs to an application".into(),
        ));
    }
    let label = text(columns.outcome);
    let outcome = mapping.value("outcome", &label).map(str::to_owned);
    let journey = rules.recruitment();
    let stage = text(columns.stage);
    let ends = |stage_id: &StageId| folded(stage_id.as_str()) == folded(&stage);
    let (reached, ending) = if ends(journey.withdrawn()) {
        (0, Ending::Withdrew)
    } else if ends(journey.unsuccessful()) {
        (0, Ending::TurnedDown)
    } else {
        let rank = stages::rank(&stage, mapping, rules).ok_or_else(|| {
            let known = listed(journey.progress().iter().map(StageId::as_str));
            let stage = shortened(&stage);
            (columns.stage, format!("'{stage}' is not a stage; the stages are {known}"))
        })?;
        let is_last = rank + 1 == journey.progress().len();
        match outcome.as_deref() {
            Some("progressed") => (following(rank, rules), Ending::Waiting),
            Some("unsuccessful") if is_last => {
                let problem = format!(
                    "'{0}' cannot be at the last stage, '{1}': an outcome says what became of somebody who had reached \
                     the stage. Where it says whether somebody reached it, map both in [values.outcome] of a mapping \
                     file: \"{0}\" = \"not reached\", and the word for yes = \"reached\"",
                    shortened(&label),
                    shortened(&stage)
                );
                return Err((columns.outcome, problem));
            }
            Some("unsuccessful") => (rank, Ending::TurnedDown),
            // Where somebody stood, other rows say.
            Some("not reached") => (0, Ending::TurnedDown),
            Some("withdrew") => (rank, Ending::Withdrew),
            Some("reached") => (rank, Ending::Waiting),
            _ => {
                let problem = format!(
                    "'{}' is not an outcome; write progressed, unsuccessful, withdrew, reached or not reached, or map \
                     it in [values.outcome]",
                    shortened(&label)
                );
                return Err((columns.outcome, problem));
            }
        }
    };
    let at = match columns.at {
        None => 0,
        Some(column) => moment(&text(column)).ok_or_else(|| {
            let problem = format!(
                "'{}' is not a date; write e.g. 2026-03-31 or 31/03/2026 14:30",
                shortened(&text(column))
            );
            (column, problem)
        })?,
    };
    let vacancy = columns.vacancy.map(bytes).unwrap_or_default();
    Ok(Event { application, vacancy, reached, ending, at })
}

/// The stage that somebody reaches who passes one: the next that vacancies usually have.
fn following(rank: usize, rules: &Rulebook) -> usize {
    let stages = rules.recruitment();
    let usual = stages.usual();
    let later = stages.progress().iter().enumerate().skip(rank + 1);
    later.into_iter().find(|(_, stage)| usual.contains(stage)).map_or(rank, |(place, _)| place)
}

/// Seconds of a date or time: ISO 8601, or day, month and year as they are written here.
pub(super) fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.as_second());
    }
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let date = date.parse::<Date>().ok().or_else(|| british(date))?;
    let time = match time.trim() {
        "" => Time::midnight(),
        time => time.parse::<Time>().ok()?,
    };
    let at = DateTime::from_parts(date, time).to_zoned(TimeZone::UTC).ok()?;
    Some(at.timestamp().as_second())
}

/// A date as `31/03/2026`, `31.3.2026` or `31-03-26`.
pub(super) fn british(text: &str) -> Option<Date> {
    let mut parts = text.split(['/', '.', '-']).map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year = match year.len() {
        4 => year.parse::<i16>().ok()?,
        2 => 2000 + year.parse::<i16>().ok()?,
        _ => return None,
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn dates_are_read_as_they_are_written_here_and_as_programs_write_them() {
        let day = 86_400;
        for (text, expected) in [
            ("1970-01-02", Some(day)),
            ("02/01/1970", Some(day)),
            ("2.1.1970", Some(day)),
            ("02/01/1970 01:00", Some(day + 3600)),
            ("1970-01-02T01:00:00", Some(day + 3600)),
            ("1970-01-02T01:00:00Z", Some(day + 3600)),
            ("1970-01-02T01:00:00+01:00", Some(day)),
            ("13/13/2026", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}
