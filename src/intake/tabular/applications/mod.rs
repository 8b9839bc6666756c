//! An applications table: one row an application. Blocks of it are counted by several threads, each with one look-up a
//! column and no allocation a row; then the counts are put together in the order of the file.

mod columns;
mod layout;
mod merge;
mod people;
mod rows;
mod seen;
mod values;
mod worker;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

pub(super) use columns::ENDINGS;
use layout::Layout;
pub(super) use people::read_people;
pub use people::{People, PeopleCharacteristic};
pub use rows::{ApplicationRow, ApplicationRows, VacancyFacts, midnight, read_application_rows};
use seen::Turns;
pub(super) use seen::identity;
use worker::{Part, Worker};

use super::events::EventStates;
use super::source::Source;
use super::{Mapping, TabularError, Tabulated, header_of};
use crate::rulebook::Rulebook;

/// The most threads that count.
const MOST_WORKERS: usize = 8;

/// What every thread needs to know and none changes.
struct Plan<'a> {
    layout: Layout,
    headers: Vec<String>,
    mapping: &'a Mapping,
    rules: &'a Rulebook,
    events: Option<&'a EventStates>,
    sheet: Option<String>,
    /// Counters of one vacancy: stages times endings.
    outcomes: usize,
}

/// Reads an applications table, text or workbook.
///
/// Rows that cannot be understood, or that repeat an application, are left out, described and counted. A person reached
/// every stage up to the furthest one; a stage that not every vacancy has counts only where somebody of the vacancy
/// stopped there. Without events, every row is taken as decided: who did not withdraw and went no further was turned
/// down.
///
/// # Errors
/// When a column that every row needs is missing, the file is no table, or no row can be counted.
pub fn read_applications(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Tabulated, TabularError> {
    read(source, mapping, rules, None)
}

/// Reads an applications table whose stages and outcomes stand in a table of events.
///
/// # Errors
/// As [`read_applications`].
pub fn read_applications_with_events(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
    events: &EventStates,
) -> Result<Tabulated, TabularError> {
    read(source, mapping, rules, Some(events))
}

fn read(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
    events: Option<&EventStates>,
) -> Result<Tabulated, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let layout = Layout::of(&headers, mapping, rules, events.is_some())?;
    let mut table = Tabulated {
        stages: rules.recruitment().progress().to_vec(),
        columns: layout.notes(&headers, mapping, rules.characteristics()),
        vacancy_columns: layout.of_vacancy(&headers),
        other_sheets: std::mem::take(&mut source.other_sheets),
        ..Tabulated::default()
    };
    let outcomes = table.stages.len() * columns::ENDINGS;
    let mapping = &mapping.answering(layout.yes_and_no(&headers, rules.characteristics()));
    let sheet = source.sheet.clone();
    let plan = Plan { layout, headers, mapping, rules, events, sheet, outcomes };
    let mut parts = count(&plan, source)?;
    for part in &mut parts {
        table.rows += part.rows;
        table.left_out += part.left_out;
        table.problems.append(&mut part.problems);
    }
    table.unknown_stages = unknown_stages(&parts);
    table.keep_first_problems();
    if parts.iter().all(|part| part.counted == 0) {
        return Err(TabularError::NothingCounted { first: table.first_problem() });
    }
    if let Some(events) = events {
        table.columns.missing.extend(events.missing_columns.iter().cloned());
        merge::leave_out_events(&parts, events, &mut table);
    }
    merge::merge(parts, &plan, &mut table);
    if plan.layout.organisation.is_some() {
        // A vacancy's name begins with that of its organisation.
        let names = table.strata.iter().filter_map(|name| name.split_once('/'));
        let names = names.map(|(organisation, _)| organisation).filter(|name| !name.is_empty());
        table.organisations = names.map(str::to_owned).collect();
    }
    Ok(table)
}

/// Stages that no rule knows, the most frequent first.
fn unknown_stages(parts: &[Part]) -> Vec<(String, u64)> {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (label, rows) in parts.iter().flat_map(|part| &part.unknown_stages) {
        *all.entry(label).or_default() += rows;
    }
    let mut all: Vec<(String, u64)> =
        all.into_iter().map(|(label, rows)| (label.to_owned(), rows)).collect();
    all.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    all
}

/// Counts every block, with as many threads as there is work for.
fn count(plan: &Plan<'_>, source: Source<'_>) -> Result<Vec<Part>, TabularError> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = if source.blocks.is_last() { 1 } else { processors.min(MOST_WORKERS) };
    let blocks = Mutex::new(source.blocks);
    let turns = Turns::default();
    let work = || {
        let mut worker = Worker::new(plan);
        let mut bytes = Vec::new();
        let done = loop {
            let next = {
                let mut blocks = blocks.lock().unwrap_or_else(PoisonError::into_inner);
                let dialect = blocks.dialect();
                blocks.next(&mut bytes).map(|block| block.map(|block| (block, dialect)))
            };
            match next {
                Ok(None) => break Ok(()),
                Err(error) => break Err(error.into()),
                Ok(Some((block, dialect))) => match worker.count(&bytes, block, dialect, &turns) {
                    Ok(true) => {}
                    Ok(false) => break Ok(()),
                    Err(error) => break Err(error),
                },
            }
        };
        if done.is_err() {
            turns.stop();
        }
        done.map(|()| worker.finish())
    };
    let results: Vec<Result<Part, TabularError>> = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut results = vec![work()];
        for helper in helpers {
            results.push(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    results.into_iter().collect()
}
