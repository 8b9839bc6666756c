//! A table of events, `application_id,stage,outcome,at`: what became of each application, whatever the order of the
//! rows. Keeps a few numbers an application; characteristics and vacancies come from a table of applications.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::applications::identity;
use super::dates::Moment;
use super::mapping::IGNORED;
use super::source::{Fields, Source, place, text_of};
use super::stages;
use super::standing::{Ending, Standing, ToldEvent};
use super::{
    MOST_DESCRIBED, Mapping, RowProblem, TabularError, each_row, folded, header_of, listed,
    shortened,
};
use crate::domain::StageId;
use crate::rulebook::Rulebook;

/// What became of the applications of a table of events.
#[derive(Debug, Default)]
pub struct EventStates {
    /// How each application stands, the line that names it first, and how many do.
    states: HashMap<u64, (Standing, u64, u64)>,
    /// Applications of which an event could not be read, with its line: nobody knows how they stand.
    unclear: HashMap<u64, u64>,
    names_vacancies: bool,
    has_dates: bool,
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

/// One event that makes sense.
pub(super) struct Event<'r> {
    pub(super) application: &'r [u8],
    pub(super) vacancy: &'r [u8],
    pub(super) told: ToldEvent,
}

impl EventStates {
    /// The counter of an application without events: it waits at the first stage.
    pub const WAITING: usize = Ending::Waiting as usize;

    /// What became of an application, with its key.
    pub fn standing(&self, vacancy: &[u8], application: &[u8]) -> Option<(u64, &Standing)> {
        let key = self.key(vacancy, application);
        self.states.get(&key).map(|(standing, ..)| (key, standing))
    }

    /// Whether events say when they happened.
    pub fn has_dates(&self) -> bool {
        self.has_dates
    }

    /// Whether events say which vacancy they belong to.
    pub fn names_vacancies(&self) -> bool {
        self.names_vacancies
    }

    /// What stands for an application.
    pub fn key(&self, vacancy: &[u8], application: &[u8]) -> u64 {
        identity(if self.names_vacancies { vacancy } else { &[] }, application)
    }

    /// Rows of applications that were not met elsewhere, one problem an application.
    pub fn without(&self, met: &HashSet<u64>) -> Vec<(u64, RowProblem)> {
        let lost = self.states.iter().filter(|(key, _)| !met.contains(key));
        lost.map(|(_, (_, first_line, rows))| {
            let problem = "no row of the applications table bears this application".to_owned();
            (*rows, self.problem(*first_line, self.application, problem))
        })
        .collect()
    }

    /// The line of an event of an application that could not be read, if there is one.
    pub fn unclear(&self, vacancy: &[u8], application: &[u8]) -> Option<u64> {
        self.unclear.get(&self.key(vacancy, application)).copied()
    }

    fn problem(&self, line: u64, column: usize, problem: String) -> RowProblem {
        let place = place(self.sheet.as_deref(), line, column, &self.headers);
        RowProblem { line, place, problem }
    }

    fn add(&mut self, event: &Event<'_>, line: u64) {
        let key = self.key(event.vacancy, event.application);
        let known = self.states.entry(key).or_insert_with(|| (Standing::default(), line, 0));
        known.0.add(&event.told);
        known.2 += 1;
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
        has_dates: columns.at.is_some(),
        sheet: source.sheet.clone(),
        application: columns.application,
        missing_columns: mapping.missing(&["stage", "outcome", "at"], &headers),
        headers,
        ..EventStates::default()
    };
    let mut unknown = UnknownWords::default();
    each_row(source.blocks, |line, record, fields| {
        states.rows += 1;
        match parsed(record, fields, &columns, mapping, rules) {
            Ok(Some(event)) => states.add(&event, line),
            Ok(None) => {}
            Err(refused) => {
                states.left_out += 1;
                let named = Columns::named(record, fields, &columns);
                if let Some((application, vacancy)) = named {
                    states.unclear.entry(states.key(vacancy, application)).or_insert(line);
                }
                unknown.add(&refused, line);
                if states.problems.len() < MOST_DESCRIBED {
                    let problem = states.problem(line, refused.column, refused.problem);
                    states.problems.push(problem);
                }
            }
        }
    })?;
    if let Some((column, word, rows, line)) = unknown.too_frequent(states.rows) {
        let place = place(states.sheet.as_deref(), line, column, &states.headers).to_string();
        let (of, values) = (states.rows, columns.values_of(column));
        return Err(TabularError::UnknownWord { place, word, rows, of, values });
    }
    let tells_endings = states.states.values().any(|(standing, ..)| standing.was_turned_down());
    columns.check_endings(tells_endings, &states.headers)?;
    if states.states.is_empty() {
        let first = states.problems.first().map(ToString::to_string);
        return Err(TabularError::NothingCounted { first });
    }
    Ok(states)
}

/// Words for stages and outcomes that nobody knows, with how many rows have each and the first line.
#[derive(Default)]
struct UnknownWords(HashMap<(usize, String), (u64, u64)>);

impl UnknownWords {
    /// More different words than this are not words of a system.
    const MOST: usize = 1_000;
    /// Rows from which on, and the share of all rows from which on, one word is more than a slip.
    const MANY: (u64, u64) = (10, 20);

    fn add(&mut self, refused: &Refused, line: u64) {
        let Some(word) = refused.unknown.as_ref().filter(|_| self.0.len() < Self::MOST) else {
            return;
        };
        self.0.entry((refused.column, word.clone())).or_insert((0, line)).0 += 1;
    }

    /// The most frequent word, where leaving its rows out would leave out a kind of outcome: column, word, rows and first
    /// line.
    fn too_frequent(self, of: u64) -> Option<(usize, String, u64, u64)> {
        let words = self.0.into_iter();
        let most =
            words.max_by_key(|((_, word), (rows, _))| (*rows, std::cmp::Reverse(word.clone())));
        let ((column, word), (rows, line)) = most?;
        (rows >= Self::MANY.0 && rows * Self::MANY.1 >= of).then_some((column, word, rows, line))
    }
}

/// Which column holds what.
pub(super) struct Columns {
    pub(super) application: usize,
    pub(super) vacancy: Option<usize>,
    stage: usize,
    /// Where there is none, a row says that a stage was reached.
    outcome: Option<usize>,
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
            outcome: mapping.column("outcome", headers),
            at: mapping.column("at", headers),
        })
    }

    /// Without a column of outcomes, stages must tell who was turned down; otherwise everybody would seem to wait.
    pub(super) fn check_endings(
        &self,
        tells_endings: bool,
        headers: &[String],
    ) -> Result<(), TabularError> {
        if self.outcome.is_some() || tells_endings {
            return Ok(());
        }
        let found = listed(headers.iter().map(String::as_str));
        Err(TabularError::MissingColumn { wanted: "outcome", found })
    }

    /// The application and the vacancy of a row, as far as they can be read.
    fn named<'r>(
        record: &'r [u8],
        fields: &'r Fields,
        columns: &Self,
    ) -> Option<(&'r [u8], &'r [u8])> {
        let bytes = |column: usize| fields.get(record, column).unwrap_or_default().trim_ascii();
        let application = bytes(columns.application);
        let vacancy = columns.vacancy.map(bytes).unwrap_or_default();
        (!application.is_empty()).then_some((application, vacancy))
    }

    /// Where a mapping file gives the values of a column.
    fn values_of(&self, column: usize) -> &'static str {
        if column == self.stage { "values.stage" } else { "values.outcome" }
    }
}

/// Why a row is not read: the column, what is wrong there, and the word of it that is not known.
pub(super) struct Refused {
    pub(super) column: usize,
    pub(super) problem: String,
    unknown: Option<String>,
}

/// The event of a row, if it is one; or which column is wrong and how.
pub(super) fn parsed<'r>(
    record: &'r [u8],
    fields: &'r Fields,
    columns: &Columns,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Option<Event<'r>>, Refused> {
    let bytes = |column: usize| fields.get(record, column).unwrap_or_default().trim_ascii();
    let text = |column: usize| text_of(bytes(column));
    let refused = |column: usize, problem: String| Refused { column, problem, unknown: None };
    let application = bytes(columns.application);
    if application.is_empty() {
        let problem = "is empty; every event belongs to an application".to_owned();
        return Err(refused(columns.application, problem));
    }
    let label = columns.outcome.map(text).unwrap_or_default();
    let outcome = mapping.value("outcome", &label).map(str::to_owned);
    if outcome.as_deref() == Some(IGNORED) {
        return Ok(None);
    }
    let (reached, ending) =
        journey(&text(columns.stage), &label, outcome.as_deref(), columns, mapping, rules)?;
    let at = match columns.at {
        None => Moment::default(),
        Some(column) => Moment::read(&text(column)).ok_or_else(|| {
            let problem = format!(
                "'{}' is not a date; write e.g. 2026-03-31 or 31/03/2026 14:30, the day before the month",
                shortened(&text(column))
            );
            refused(column, problem)
        })?,
    };
    let vacancy = columns.vacancy.map(bytes).unwrap_or_default();
    let reached = u8::try_from(reached).unwrap_or(u8::MAX);
    let told =
        ToldEvent { reached, ending, is_implied: outcome.as_deref() == Some("progressed"), at };
    Ok(Some(Event { application, vacancy, told }))
}

/// The furthest stage that an event shows to be reached, and how the application stands then.
fn journey(
    stage: &str,
    label: &str,
    outcome: Option<&str>,
    columns: &Columns,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<(usize, Ending), Refused> {
    let journey = rules.recruitment();
    let is = |stage_id: &StageId| folded(stage_id.as_str()) == folded(stage);
    if is(journey.withdrawn()) {
        return Ok((0, Ending::Withdrew));
    }
    if is(journey.unsuccessful()) {
        return Ok((0, Ending::TurnedDown));
    }
    let Some((rank, withdrew)) = stages::reached(stage, mapping, rules) else {
        // A list of states names endings among the stages.
        return match mapping.value("outcome", stage) {
            Some("unsuccessful") => Ok((0, Ending::TurnedDown)),
            Some("withdrew") => Ok((0, Ending::Withdrew)),
            _ => {
                let known = listed(journey.progress().iter().map(StageId::as_str));
                let word = shortened(stage);
                let problem = format!("'{word}' is not a stage; the stages are {known}");
                let unknown = Some(word.to_string()).filter(|word| !word.is_empty());
                Err(Refused { column: columns.stage, problem, unknown })
            }
        };
    };
    let outcome = if withdrew { Some("withdrew") } else { outcome };
    let column = columns.outcome.unwrap_or(columns.stage);
    let is_last = rank + 1 == journey.progress().len();
    Ok(match outcome {
        Some("progressed") => (following(rank, rules), Ending::Waiting),
        Some("unsuccessful") if is_last => {
            let problem = format!(
                "'{0}' cannot be at the last stage, '{1}': an outcome says what became of somebody who had reached \
                 the stage. Where it says whether somebody reached it, map both in [values.outcome] of a mapping \
                 file: \"{0}\" = \"not reached\", and the word for yes = \"reached\"",
                shortened(label),
                shortened(stage)
            );
            return Err(Refused { column, problem, unknown: None });
        }
        Some("unsuccessful") => (rank, Ending::TurnedDown),
        // Where somebody stood, other rows say.
        Some("not reached") => (0, Ending::TurnedDown),
        // Who leaves once appointed was appointed.
        Some("withdrew") if is_last => (rank, Ending::Waiting),
        Some("withdrew") => (rank, Ending::Withdrew),
        Some("reached") => (rank, Ending::Waiting),
        _ => {
            let word = shortened(label);
            let problem = format!(
                "'{word}' is not an outcome; write progressed, unsuccessful, withdrew, reached or not reached, or map \
                 it in [values.outcome], to \"ignored\" where it says nothing of the journey"
            );
            return Err(Refused { column, problem, unknown: Some(word.to_string()) });
        }
    })
}

/// The stage that somebody reaches who passes one: the next that vacancies usually have.
fn following(rank: usize, rules: &Rulebook) -> usize {
    let stages = rules.recruitment();
    let usual = stages.usual();
    let later = stages.progress().iter().enumerate().skip(rank + 1);
    later.into_iter().find(|(_, stage)| usual.contains(stage)).map_or(rank, |(place, _)| place)
}
