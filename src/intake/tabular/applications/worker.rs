//! One thread's part of counting: rows of its blocks become numbers, numbers become counts. Nothing of a wrong row is
//! counted.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::bands::BandsOfRows;
use super::super::events::EventStates;
use super::super::intern::Interned;
use super::super::source::{Block, Dialect, Fields, Records, is_blank, place, text_of};
use super::super::wanted::Fit;
use super::super::{MOST_DESCRIBED, RowProblem, TabularError};
use super::Plan;
use super::columns::{Column, Counters, ENDINGS, Pair, pairs};
use super::seen::{Turns, identity};
use super::values::{check_vacancy, check_width, furthest, withdrew};

/// The most vacancies: beyond it, the column holds something else.
const MOST_VACANCIES: usize = 50_000;
/// What one thread counted.
pub(super) struct Part {
    pub(super) columns: Vec<Column>,
    pub(super) pairs: Vec<Pair>,
    /// Names of vacancies, and the row that had each first.
    pub(super) vacancies: Vec<(Vec<u8>, u64)>,
    /// Applications of the table of events that were met.
    pub(super) met: Vec<u64>,
    pub(super) rows: u64,
    pub(super) counted: u64,
    pub(super) left_out: u64,
    pub(super) problems: Vec<RowProblem>,
    /// For each vacancy, the days of the first and the last decision that events tell of.
    pub(super) decided: Vec<Option<(Date, Date)>>,
    /// Stages that no rule knows, with how many rows bear each.
    pub(super) unknown_stages: HashMap<String, u64>,
}

/// The most stages that no rule knows which are told apart.
const MOST_UNKNOWN_STAGES: usize = 1000;

impl Part {
    fn add_decided(&mut self, vacancy: usize, decided: Option<(Date, Date)>) {
        if self.decided.len() <= vacancy {
            self.decided.resize(vacancy + 1, None);
        }
        if let Some(known) = self.decided.get_mut(vacancy) {
            *known = widest(*known, decided);
        }
    }

    fn count_unknown_stage(&mut self, label: &str) {
        let label = label.trim();
        if label.is_empty() {
            return;
        }
        let is_new = !self.unknown_stages.contains_key(label);
        if !is_new || self.unknown_stages.len() < MOST_UNKNOWN_STAGES {
            *self.unknown_stages.entry(label.to_owned()).or_default() += 1;
        }
    }
}

/// From the first of two pairs of days to the last.
pub(super) fn widest(one: Option<(Date, Date)>, two: Option<(Date, Date)>) -> Option<(Date, Date)> {
    match (one, two) {
        (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
        _ => one.or(two),
    }
}

/// One thread's work.
pub(super) struct Worker<'a> {
    plan: &'a Plan<'a>,
    part: Part,
    vacancies: Interned,
    stages: Interned,
    withdrawals: Interned,
    fields: Fields,
    key: Vec<u8>,
    /// How much of `key` is the vacancy's name, without bands.
    name: usize,
    bands: BandsOfRows,
    rows: Rows,
    labels: Vec<u32>,
}

/// Rows of a block that make sense, as numbers.
#[derive(Default)]
struct Rows {
    /// Vacancy and ending, as the place of a counter.
    slots: Vec<u32>,
    /// For each row, one label a column.
    labels: Vec<u32>,
    /// What stands for the application; zero when the table does not say.
    identities: Vec<u64>,
    /// What stands for the application in the table of events, where that names no vacancies.
    names: Vec<u64>,
    /// Where the row starts in the block.
    starts: Vec<u32>,
}

struct Wrong {
    column: usize,
    problem: String,
}

/// Why a row is not counted.
enum NotCounted {
    Wrong(Wrong),
    /// It has none of what the request asks for.
    NotWanted,
    /// It has nothing in it.
    Blank,
    /// The table as a whole cannot be counted.
    Stop(TabularError),
}

fn wrong(column: usize, problem: impl Into<String>) -> NotCounted {
    NotCounted::Wrong(Wrong { column, problem: problem.into() })
}

impl<'a> Worker<'a> {
    pub(super) fn new(plan: &'a Plan<'a>) -> Self {
        let columns = plan.layout.characteristics.iter().map(|(id, place, known)| {
            let name = plan.headers.get(*place).cloned().unwrap_or_default();
            Column::new(id.clone(), name, *place, *known)
        });
        let part = Part {
            columns: columns.collect(),
            pairs: pairs(&plan.layout, plan.mapping),
            vacancies: Vec::new(),
            met: Vec::new(),
            rows: 0,
            counted: 0,
            left_out: 0,
            problems: Vec::new(),
            decided: Vec::new(),
            unknown_stages: HashMap::new(),
        };
        Self {
            plan,
            part,
            vacancies: Interned::default(),
            stages: Interned::default(),
            withdrawals: Interned::default(),
            fields: Fields::default(),
            key: Vec::new(),
            name: 0,
            bands: BandsOfRows::default(),
            rows: Rows::default(),
            labels: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Part {
        self.part
    }

    /// Counts a block; whether the work goes on.
    pub(super) fn count(
        &mut self,
        bytes: &[u8],
        block: Block,
        dialect: Dialect,
        turns: &Turns,
    ) -> Result<bool, TabularError> {
        self.rows.slots.clear();
        self.rows.labels.clear();
        self.rows.identities.clear();
        self.rows.names.clear();
        self.rows.starts.clear();
        let dialect = Dialect { quote: dialect.quote.filter(|_| block.has_quotes), ..dialect };
        let line = |start: usize| {
            let before = bytes.get(..start).unwrap_or_default();
            block.first_line + memchr::memchr_iter(dialect.terminator, before).count() as u64
        };
        for record in Records::of(bytes, dialect) {
            if record.bytes.is_empty() {
                continue;
            }
            self.part.rows += 1;
            let start = u32::try_from(record.start).unwrap_or(u32::MAX);
            let row = block.number << 32 | u64::from(start);
            let read = if record.is_unclosed {
                let text = "starts with a quote that is never closed; take it out or close it";
                Err(wrong(0, text))
            } else {
                match dialect.quote {
                    None => self.fields.split_plain(record.bytes, dialect.separator),
                    Some(_) => self.fields.split(record.bytes, dialect),
                }
                self.row(record.bytes, row, dialect.separator)
            };
            match read {
                Ok((slot, identity, name)) => {
                    self.rows.slots.push(slot);
                    self.rows.names.push(name);
                    self.rows.labels.extend_from_slice(&self.labels);
                    self.rows.identities.push(identity);
                    self.rows.starts.push(start);
                }
                Err(NotCounted::NotWanted) => {}
                Err(NotCounted::Blank) => self.part.rows -= 1,
                Err(NotCounted::Stop(error)) => return Err(error),
                Err(NotCounted::Wrong(wrong)) => self.leave_out(line(record.start), wrong),
            }
        }
        if let Some(column) = self.plan.layout.application {
            let (identities, names) = (&self.rows.identities, &self.rows.names);
            let known = turns.take(block.number, |seen| {
                let (mut again, mut elsewhere) = (Vec::new(), None);
                for (place, (identity, name)) in identities.iter().zip(names).enumerate() {
                    if *identity != 0 && !seen.insert(*identity) {
                        again.push(place);
                    } else if *name != 0 && name != identity && !seen.insert(*name) {
                        elsewhere = elsewhere.or(Some(place));
                    }
                }
                (again, elsewhere)
            });
            let Some((known, elsewhere)) = known else { return Ok(false) };
            if let Some(start) = elsewhere.and_then(|place| self.rows.starts.get(place)) {
                let sheet = self.plan.sheet.as_deref();
                let place = place(sheet, line(*start as usize), column, &self.plan.headers);
                return Err(TabularError::EventsNameNoVacancy { place: place.to_string() });
            }
            for place in known.into_iter().rev() {
                let start = self.rows.remove(place, self.part.columns.len());
                let problem =
                    "was counted before for the same vacancy; each application counts once";
                self.leave_out(line(start), Wrong { column, problem: problem.to_owned() });
            }
        }
        self.add_up();
        Ok(true)
    }

    fn leave_out(&mut self, line: u64, wrong: Wrong) {
        self.part.left_out += 1;
        // Blocks come in order to each thread, so that the first ones it meets are the first ones there are; within a
        // block, repeated rows come last, which is why there is room for more.
        if self.part.problems.len() < 2 * MOST_DESCRIBED {
            let sheet = self.plan.sheet.as_deref();
            let place = place(sheet, line, wrong.column, &self.plan.headers);
            self.part.problems.push(RowProblem { line, place, problem: wrong.problem });
        }
    }

    /// Adds the rows of the block to the counters, a column at a time.
    fn add_up(&mut self) {
        let width = self.part.columns.len();
        let outcomes = self.plan.outcomes;
        for (place, column) in self.part.columns.iter_mut().enumerate() {
            let labels = self.rows.labels.iter().skip(place).step_by(width.max(1));
            for (slot, label) in self.rows.slots.iter().zip(labels) {
                let Some(label) = column.labels.get_mut(*label as usize) else { continue };
                label.rows += 1;
                column.counters.count(label.category as usize, *slot as usize, outcomes);
            }
        }
        let columns = &self.part.columns;
        for pair in &mut self.part.pairs {
            let (Some(first), Some(second)) = (columns.get(pair.first), columns.get(pair.second))
            else {
                continue;
            };
            let rows = self.rows.labels.chunks(width.max(1));
            for (slot, row) in self.rows.slots.iter().zip(rows) {
                let category = |column: &Column, place: usize| {
                    let label = row.get(place).and_then(|label| column.labels.get(*label as usize));
                    label.map_or(0, |label| label.category)
                };
                let of = (category(first, pair.first), category(second, pair.second));
                pair.count(of, *slot as usize, outcomes);
            }
        }
        self.part.counted += self.rows.slots.len() as u64;
    }

    /// The counter of a row, what stands for its application, and what for its name among events that name no vacancies;
    /// its labels stand in `labels`.
    fn row(
        &mut self,
        record: &[u8],
        row: u64,
        separator: u8,
    ) -> Result<(u32, u64, u64), NotCounted> {
        let blank = || {
            let nothing = |byte: &u8| *byte == separator || byte.is_ascii_whitespace();
            is_blank(record) || record.iter().all(nothing)
        };
        match self.plan.layout.wanted.fit(record, &self.fields) {
            Fit::Wanted => {}
            Fit::Unwanted => return Err(NotCounted::NotWanted),
            Fit::Unclear(..) if blank() => return Err(NotCounted::Blank),
            Fit::Unclear(column, problem) => return Err(wrong(column, problem)),
        }
        let ending = match self.plan.layout.stage {
            Some(column) => {
                let stage = self.stage(record, column);
                let stage =
                    stage.map_err(|error| if blank() { NotCounted::Blank } else { error })?;
                let (stage, withdrawn) = stage;
                stage * ENDINGS + usize::from(self.withdrew(record)? || withdrawn)
            }
            None => 0,
        };
        let vacancy = self.vacancy(record, row)?;
        let slot = vacancy;
        let application = self.plan.layout.application;
        let name = application.and_then(|column| self.fields.get(record, column));
        let name = name.unwrap_or_default().trim_ascii();
        let vacancy_name = self.key.get(..self.name).unwrap_or_default();
        let identity = if name.is_empty() { 0 } else { identity(vacancy_name, name) };
        let mut event_name = 0;
        let mut ending = ending;
        if let (Some(events), Some(column)) = (self.plan.events, application) {
            if name.is_empty() {
                return Err(wrong(column, "is empty; events belong to an application"));
            }
            let vacancy = self.fields.get(record, self.plan.layout.vacancy).unwrap_or_default();
            if !events.names_vacancies() {
                event_name = events.key(vacancy.trim_ascii(), name);
            }
            let found = events.standing(vacancy.trim_ascii(), name);
            self.part.met.extend(found.map(|(key, _)| key));
            if let Some(line) = events.unclear(vacancy.trim_ascii(), name) {
                let problem = format!(
                    "how it stands is not known, because line {line} of the table of events could not be read"
                );
                return Err(wrong(column, problem));
            }
            let decided = found.filter(|_| events.has_dates()).and_then(|(_, s)| s.decided());
            self.part.add_decided(slot, decided);
            ending = found.map_or(EventStates::WAITING, |(_, standing)| standing.counter());
        }
        self.labels.clear();
        for column in &mut self.part.columns {
            let label = self.fields.get(record, column.place).ok_or_else(|| {
                wrong(column.place, "the row ends before this column; check quotes and commas")
            })?;
            let label = column.label(label, row, self.plan.mapping, self.plan.rules);
            self.labels.push(label.map_err(NotCounted::Stop)?);
        }
        let columns = self.plan.headers.len();
        let width = check_width(record, &self.fields, columns);
        width.map_err(|problem| wrong(columns.saturating_sub(1), problem))?;
        let slot = vacancy * self.plan.outcomes + ending;
        Ok((u32::try_from(slot).unwrap_or(u32::MAX), identity, event_name))
    }

    /// The furthest stage of a row, and whether its label says that somebody withdrew there.
    fn stage(&mut self, record: &[u8], column: usize) -> Result<(usize, bool), NotCounted> {
        let text = self.fields.get(record, column).unwrap_or_default();
        if let Some(known) = self.stages.find(text) {
            return Ok((known as usize / 2, known % 2 == 1));
        }
        let label = text_of(text);
        let found = furthest(&label, self.plan.mapping, self.plan.rules);
        let (rank, withdrew) = found.map_err(|problem| {
            self.part.count_unknown_stage(&label);
            wrong(column, problem)
        })?;
        let number = 2 * rank + usize::from(withdrew);
        self.stages.insert(text, u32::try_from(number).unwrap_or(0));
        Ok((rank, withdrew))
    }

    fn withdrew(&mut self, record: &[u8]) -> Result<bool, NotCounted> {
        let Some(column) = self.plan.layout.withdrew else { return Ok(false) };
        let text = self.fields.get(record, column).unwrap_or_default();
        if let Some(answer) = self.withdrawals.find(text) {
            return Ok(answer == 1);
        }
        let label = text_of(text);
        let answer = withdrew(&label, self.plan.mapping);
        let answer = answer.map_err(|problem| wrong(column, problem))?;
        self.withdrawals.insert(text, u32::from(answer));
        Ok(answer)
    }

    /// The number of the row's vacancy; its name, with the organisation's, stands in `key`.
    fn vacancy(&mut self, record: &[u8], row: u64) -> Result<usize, NotCounted> {
        let layout = &self.plan.layout;
        let name = self.fields.get(record, layout.vacancy).unwrap_or_default().trim_ascii();
        check_vacancy(name).map_err(|problem| wrong(layout.vacancy, problem))?;
        self.key.clear();
        if let Some(organisation) = layout.organisation {
            let organisation = self.fields.get(record, organisation).unwrap_or_default();
            self.key.extend_from_slice(organisation.trim_ascii());
            self.key.push(b'/');
        }
        self.key.extend_from_slice(name);
        self.name = self.key.len();
        let factors = layout.factors.iter().zip(self.plan.mapping.factors());
        for (number, (place, factor)) in factors.enumerate() {
            let value = self.fields.get(record, *place).unwrap_or_default();
            self.bands.append(number, factor, value, &mut self.key);
        }
        if let Some(place) = self.vacancies.find(&self.key) {
            return Ok(place as usize);
        }
        let place = self.vacancies.len();
        if place >= MOST_VACANCIES {
            let column = self.plan.headers.get(layout.vacancy).cloned().unwrap_or_default();
            return Err(NotCounted::Stop(TabularError::TooManyValues { column }));
        }
        self.vacancies.insert(&self.key, u32::try_from(place).unwrap_or(u32::MAX));
        self.part.vacancies.push((self.key.clone(), row));
        Ok(place)
    }
}

impl Rows {
    /// Takes out a row; where it started.
    fn remove(&mut self, place: usize, width: usize) -> usize {
        self.slots.remove(place);
        self.labels.drain(place * width..(place + 1) * width);
        self.identities.remove(place);
        self.names.remove(place);
        self.starts.remove(place) as usize
    }
}

impl Counters {
    /// Adds one to a counter of a category.
    #[inline]
    pub(super) fn count(&mut self, category: usize, slot: usize, outcomes: usize) {
        if let Some(counters) = self.0.get_mut(category) {
            if counters.len() <= slot {
                // Whole vacancies at a time, and more than asked for, so that growing is rare.
                let vacancies = (slot / outcomes + 1).next_power_of_two();
                counters.resize(vacancies * outcomes, 0);
            }
            if let Some(counter) = counters.get_mut(slot) {
                *counter += 1;
            }
        }
    }
}
