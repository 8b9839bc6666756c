//! Tables in: applications, events or counts, as text or as a workbook, with an editable mapping, become tallies by
//! vacancy. Streams the file and keeps counts, never rows; it compares nothing.

mod applications;
mod bands;
mod counts;
mod dates;
mod event_rows;
mod events;
mod intern;
mod mapping;
mod own_bands;
mod pairs;
mod rows;
mod scores;
mod source;
mod stages;
mod standing;
mod vacancies;
mod wanted;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use source::{Blocks, Fields, Records, Source, text_of};

use crate::domain::{CategoryId, CharacteristicId, StageId, TallyCounts};

pub use applications::{
    ApplicationRow, ApplicationRows, People, PeopleCharacteristic, VacancyFacts, midnight,
    read_application_rows, read_applications, read_applications_with_events,
};
pub use bands::{BAND, Factor, read_bands};
pub use counts::read_counts;
pub use event_rows::{EventRow, EventRows, read_event_rows};
pub use events::{EventStates, read_events};
pub use mapping::{Mapping, MappingError};
pub use rows::{TextTable, read_rows};
pub use scores::{Rating, ScoreTable, read_scores};
pub use source::{Place, SheetError, SourceError};
pub use standing::{Ending, Standing};
pub use vacancies::{VacancyNames, VacancyRow, VacancyRows, read_vacancies};

/// How many wrong rows are described; the others are only counted.
pub const MOST_DESCRIBED: usize = 50;

/// What was made of columns where whoever holds the table may have expected something else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnNotes {
    /// Columns whose characteristic follows from how their name is worded, each with it.
    pub worded: Vec<String>,
    /// Columns that mean nothing to the rules and were not asked for.
    pub ignored: Vec<String>,
    /// Columns that the mapping file names and the table does not have, each with what it would have been.
    pub missing: Vec<String>,
}

/// What a table holds, counted.
#[derive(Debug, Clone, Default)]
pub struct Tabulated {
    /// The stages of progress, in order.
    pub stages: Vec<StageId>,
    /// The vacancies.
    pub strata: Vec<String>,
    /// For each of them, the days of the first and the last decision that events tell of.
    pub decided: Vec<Option<(Date, Date)>>,
    /// The organisations whose vacancies they are, where a column names them.
    pub organisations: BTreeSet<String>,
    /// The characteristics.
    pub characteristics: Vec<TabulatedCharacteristic>,
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows left out.
    pub left_out: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// Stages that no rule knows, the most frequent first, with how many rows bear each: these rows are left out.
    pub unknown_stages: Vec<(String, u64)>,
    /// What its columns were taken for.
    pub columns: ColumnNotes,
    /// Columns that say something of vacancies, for whoever reads the table a second time.
    pub vacancy_columns: Vec<String>,
    /// Other visible sheets of a workbook, which were not read.
    pub other_sheets: Vec<String>,
    /// Rows of a table of events, wrong ones included.
    pub event_rows: u64,
    /// Rows of a table of events that make no sense, or belong to no application here.
    pub event_rows_left_out: u64,
    /// One problem for each application of such rows.
    pub event_problems: Vec<RowProblem>,
}

/// One characteristic of a table.
#[derive(Debug, Clone)]
pub struct TabulatedCharacteristic {
    /// The characteristic.
    pub id: CharacteristicId,
    /// Its categories.
    pub categories: Vec<CategoryId>,
    /// For each category and vacancy, one entry a stage.
    pub cells: Vec<Vec<TallyCounts>>,
    /// What people read for it, when no rule knows it.
    pub label: Option<String>,
    /// What people read for its categories, in their order; empty where the rules know them.
    pub category_labels: Vec<Option<String>>,
    /// Labels that no rule knows, with how many rows bear each.
    pub unknown_labels: Vec<(String, u64)>,
    /// Rows of counts that are about it; `None` where a row is an application, which says something of each.
    pub rows: Option<u64>,
}

/// Why one row was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Line of the file or row of the sheet, from 1.
    pub line: u64,
    /// Where to look.
    pub place: Place,
    /// What is wrong and what to do.
    pub problem: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// Why no row could be counted although none is wrong.
const NO_ROW: &str = ": there is none below the header, or none has the value that is asked for";

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TabularError {
    /// A column that every row needs is missing.
    #[error(
        "there is no column for {wanted}; the file has {found}\n  hint: name it in the mapping file: [columns] {wanted} = \"...\"; delete lines that stand above the names of the columns"
    )]
    MissingColumn {
        /// What is needed.
        wanted: &'static str,
        /// The columns there are.
        found: String,
    },
    /// The mapping or the request names a column that the file does not have.
    #[error("the column '{column}' is asked for but not in the file, which has {found}")]
    NoSuchColumn {
        /// What was asked for.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// No column means a characteristic.
    #[error(
        "no column of the file means a characteristic; it has {found}\n  hint: name one in the mapping file: [characteristics] ethnic_group = \"...\""
    )]
    NoCharacteristic {
        /// The columns there are.
        found: String,
    },
    /// Every row is wrong, or there is none.
    #[error("no row could be counted{}", .first.as_ref().map_or_else(|| NO_ROW.to_owned(), |first| format!("; the first problem is {first}")))]
    NothingCounted {
        /// The first problem.
        first: Option<String>,
    },
    /// A word for a stage or an outcome that nobody knows stands in so many rows that the rest would tell another story.
    #[error(
        "{place}: '{word}' is not known, and {rows} of {of} rows have it; without them the report would be wrong\n  hint: say in a mapping file what it means: [{values}] \"{word}\" = \"...\""
    )]
    UnknownWord {
        /// Where it stands first.
        place: String,
        /// The word.
        word: String,
        /// How many rows have it.
        rows: u64,
        /// How many rows there are.
        of: u64,
        /// The part of a mapping file that gives it a meaning.
        values: &'static str,
    },
    /// One name stands for applications for several vacancies, and events do not say which they mean.
    #[error(
        "{place}: this application stands under another vacancy before, and the table of events does not say which of the two an event belongs to\n  hint: add a column with the vacancy to the table of events, e.g. vacancy_id"
    )]
    EventsNameNoVacancy {
        /// Where it stands the second time.
        place: String,
    },
    /// More different values than a category or a vacancy has.
    #[error(
        "the column '{column}' has too many different values; does it hold something else, a name or a number of each application?"
    )]
    TooManyValues {
        /// The column, as the file names it.
        column: String,
    },
    /// The file is empty.
    #[error("the file has no header; its first line must name the columns")]
    NoHeader,
    /// Not a table, or it cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The bytes stop coming.
    #[error("the table cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Tabulated {
    /// Whether its counts are of single vacancies, not of all together.
    pub fn tells_vacancies_apart(&self) -> bool {
        self.strata.len() != 1 || self.strata.iter().all(|name| name != counts::ONE_STRATUM)
    }

    /// Every cell that is not empty.
    pub fn cells(
        &self,
    ) -> impl Iterator<Item = (&CharacteristicId, &CategoryId, &StageId, &str, TallyCounts)> {
        self.characteristics.iter().flat_map(move |characteristic| {
            let cells = characteristic.categories.iter().zip(&characteristic.cells);
            cells.flat_map(move |(category, cells)| {
                let width = self.stages.len().max(1);
                self.strata.iter().zip(cells.chunks(width)).flat_map(move |(stratum, cells)| {
                    let cells = self.stages.iter().zip(cells);
                    cells.filter(|(_, cell)| !cell.is_zero()).map(move |(stage, cell)| {
                        (&characteristic.id, category, stage, stratum.as_str(), *cell)
                    })
                })
            })
        })
    }

    fn leave_out(&mut self, problem: RowProblem) {
        self.left_out += 1;
        if self.problems.len() < MOST_DESCRIBED {
            self.problems.push(problem);
        }
    }

    /// Puts the problems in order and keeps as many as are described.
    fn keep_first_problems(&mut self) {
        self.problems.sort_by_key(|problem| problem.line);
        self.problems.truncate(MOST_DESCRIBED);
    }

    fn first_problem(&self) -> Option<String> {
        self.problems.first().map(ToString::to_string)
    }
}

/// So many records are looked at for the one that names the columns.
const MOST_TITLES: usize = 20;

/// The place of the record that names the columns: the first that is at least half as wide as the widest near it. What
/// stands above, "Applications by ethnicity", "Run on 3 April, 09:12", is a title.
fn header_place(bytes: &[u8], dialect: source::Dialect) -> Option<usize> {
    let mut fields = Fields::default();
    let mut filled = |record: &[u8]| {
        fields.split(record, dialect);
        let is_filled = |place: &usize| {
            fields.get(record, *place).is_some_and(|field| !source::is_blank(field))
        };
        (0..fields.len()).filter(is_filled).count()
    };
    let records = Records::of(bytes, dialect).enumerate();
    let near = records.filter(|(_, record)| !source::is_blank(record.bytes)).take(MOST_TITLES);
    let widths: Vec<(usize, usize)> =
        near.map(|(place, record)| (place, filled(record.bytes))).collect();
    let widest = widths.iter().map(|(_, width)| *width).max()?;
    widths.iter().find(|(_, width)| 2 * width > widest).map(|(place, _)| *place)
}

/// The names of the columns. The records behind them are given out next.
fn header_of(source: &mut Source<'_>) -> Result<Vec<String>, TabularError> {
    let mut bytes = Vec::new();
    while let Some(block) = source.blocks.next(&mut bytes)? {
        let dialect = source.blocks.dialect();
        let Some(place) = header_place(&bytes, dialect) else { continue };
        if let Some(record) = Records::of(&bytes, dialect).nth(place) {
            let mut fields = Fields::default();
            fields.split(record.bytes, dialect);
            let names = (0..fields.len())
                .map(|place| text_of(fields.get(record.bytes, place).unwrap_or_default()));
            let headers = names.map(|name| name.trim().to_owned()).collect();
            let end = record.start + record.bytes.len();
            let rest = bytes.get(end..).unwrap_or_default();
            // What ends the record: nothing, its terminator, or a carriage return before it.
            let terminator = memchr::memchr(dialect.terminator, rest);
            let end = terminator.map_or(bytes.len(), |place| end + place + 1);
            let (before, rest) = bytes.split_at_checked(end).unwrap_or((&bytes, &[]));
            let lines = memchr::memchr_iter(dialect.terminator, before).count() as u64;
            source.blocks.put_back(rest, block.first_line + lines);
            return Ok(headers);
        }
    }
    Err(TabularError::NoHeader)
}

/// Gives every row that is not blank to a function, with its line, one after another.
fn each_row(
    mut blocks: Blocks<'_>,
    mut give: impl FnMut(u64, &[u8], &Fields),
) -> Result<(), TabularError> {
    let dialect = blocks.dialect();
    let mut bytes = Vec::new();
    let mut fields = Fields::default();
    while let Some(block) = blocks.next(&mut bytes)? {
        let mut line = block.first_line;
        let mut counted = 0;
        for record in Records::of(&bytes, dialect) {
            let before = bytes.get(counted..record.start).unwrap_or_default();
            line += memchr::memchr_iter(dialect.terminator, before).count() as u64;
            counted = record.start;
            fields.split(record.bytes, dialect);
            let is_blank = |place| fields.get(record.bytes, place).is_none_or(source::is_blank);
            if !(0..fields.len()).all(is_blank) {
                give(line, record.bytes, &fields);
            }
        }
    }
    Ok(())
}

/// The start of a value for a message, so that a misplaced paragraph does not land in a log.
fn shortened(label: &str) -> String {
    let mut short: String = label.chars().take(40).collect();
    if short.len() < label.len() {
        short.push('\u{2026}');
    }
    short
}

/// Letters and digits in lower case, for comparing names of columns and stages.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A category made of a label that stands in no rule, for attributes whose values are the organisation's own.
fn category_of_label(label: &str) -> Option<CategoryId> {
    slug(label).parse().ok()
}

fn slug(label: &str) -> String {
    let mut slug = String::new();
    for c in label.chars() {
        if c.is_ascii_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(64);
    slug.trim_end_matches('_').to_owned()
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}
