//! An applications CSV: one row an application. Counts while reading, with one look-up a column and no allocation a
//! row.

use std::collections::HashMap;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::intern::Interned;
use super::{
    Mapping, RowProblem, TabularError, Tabulated, TabulatedCharacteristic, category_of_label,
    folded, listed,
};
use crate::domain::{CategoryId, CharacteristicId, NOT_ASKED, StageId, TallyCounts};
use crate::rulebook::{Characteristics, Rulebook};

/// Reads an applications table.
///
/// Rows that cannot be understood are left out, described and counted. A person reached every stage up to the
/// furthest one; a stage that not every vacancy has counts only where somebody of the vacancy stopped there. Every
/// row is taken as decided: who did not withdraw and went no further was turned down.
///
/// # Errors
/// When a column that every row needs is missing, the file is not CSV, or no row can be counted.
pub fn read_applications(
    source: impl Read,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Tabulated, TabularError> {
    let mut reader =
        ReaderBuilder::new().flexible(true).buffer_capacity(1 << 18).from_reader(source);
    let headers = headers(reader.byte_headers()?);
    let layout = Layout::of(&headers, mapping, rules)?;
    let mut counting = Counting::new(&layout, &headers, mapping, rules);
    let mut table = Tabulated {
        stages: rules.recruitment().progress().to_vec(),
        ignored_columns: layout.ignored(&headers),
        ..Tabulated::default()
    };
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        table.rows += 1;
        match counting.count(&record) {
            Ok(()) => {}
            Err(Wrong { column, problem }) => {
                let line = record.position().map_or(0, csv::Position::line);
                let column = headers.get(column).cloned().unwrap_or_default();
                table.leave_out(RowProblem { line, column, problem });
            }
        }
    }
    if counting.counted == 0 {
        return Err(TabularError::NothingCounted { first: table.first_problem() });
    }
    counting.finish(&mut table, rules);
    Ok(table)
}

/// The names of the columns, without the mark that some programs put at the start of a file.
pub(super) fn headers(record: &ByteRecord) -> Vec<String> {
    let clean = |field: &[u8]| {
        String::from_utf8_lossy(field).trim_start_matches('\u{feff}').trim().to_owned()
    };
    record.iter().map(clean).collect()
}

/// Which column holds what.
struct Layout {
    vacancy: usize,
    organisation: Option<usize>,
    stage: usize,
    withdrew: Option<usize>,
    application: Option<usize>,
    characteristics: Vec<(CharacteristicId, usize, bool)>,
    wanted: Vec<(usize, String)>,
}

impl Layout {
    fn of(headers: &[String], mapping: &Mapping, rules: &Rulebook) -> Result<Self, TabularError> {
        let found = || listed(headers.iter().map(String::as_str));
        let needed = |wanted: &'static str| {
            mapping
                .column(wanted, headers)
                .ok_or_else(|| TabularError::MissingColumn { wanted, found: found() })
        };
        let named = |column: &str| {
            headers.iter().position(|header| folded(header) == folded(column)).ok_or_else(|| {
                TabularError::NoSuchColumn { column: column.to_owned(), found: found() }
            })
        };
        let mut layout = Self {
            vacancy: needed("vacancy_id")?,
            organisation: mapping.column("organisation", headers),
            stage: needed("furthest_stage")?,
            withdrew: mapping.column("withdrew", headers),
            application: mapping.column("application_id", headers),
            characteristics: Vec::new(),
            wanted: Vec::new(),
        };
        for (id, column) in mapping.characteristics() {
            let known = rules.characteristics().get(id).is_some();
            layout.characteristics.push((id.clone(), named(column)?, known));
        }
        for (place, header) in headers.iter().enumerate() {
            if let Some(id) = rules.characteristics().of_column(header) {
                layout.add(id.clone(), place, true);
            }
        }
        for column in mapping.extra() {
            let place = named(column)?;
            if let Ok(id) = super::slug(column).parse() {
                layout.add(id, place, false);
            }
        }
        for (column, value) in mapping.wanted() {
            layout.wanted.push((named(column)?, folded(value)));
        }
        if layout.characteristics.is_empty() {
            return Err(TabularError::NoCharacteristic { found: found() });
        }
        Ok(layout)
    }

    /// Adds a characteristic, unless it has a column or the column a use.
    fn add(&mut self, id: CharacteristicId, place: usize, known: bool) {
        let taken = self.characteristics.iter().any(|(other, at, _)| *other == id || *at == place);
        let used = [Some(self.vacancy), Some(self.stage), self.withdrew, self.application];
        if !taken && !used.contains(&Some(place)) {
            self.characteristics.push((id, place, known));
        }
    }

    fn ignored(&self, headers: &[String]) -> Vec<String> {
        let used = [Some(self.vacancy), Some(self.stage), self.withdrew, self.application];
        let is_used = |place: usize| {
            used.contains(&Some(place))
                || self.organisation == Some(place)
                || self.characteristics.iter().any(|(_, at, _)| *at == place)
        };
        let ignored = headers.iter().enumerate().filter(|(place, _)| !is_used(*place));
        ignored.map(|(_, header)| header.clone()).collect()
    }
}

struct Wrong {
    column: usize,
    problem: String,
}

/// Combined groups of two columns: which pair of their categories has which number.
struct Pair {
    first: usize,
    second: usize,
    id: CharacteristicId,
    numbers: HashMap<(u32, u32), u32>,
    pairs: Vec<(u32, u32)>,
    counters: Counters,
}

/// For each category, one counter for each vacancy and outcome.
#[derive(Default)]
struct Counters(Vec<Vec<u32>>);

/// One column and its counters.
struct Column {
    id: CharacteristicId,
    name: String,
    place: usize,
    known: bool,
    labels: Interned,
    label_categories: Vec<u32>,
    label_rows: Vec<(String, u64)>,
    categories: Vec<CategoryId>,
    category_labels: Vec<String>,
    counters: Counters,
}

struct Counting<'a> {
    layout: &'a Layout,
    mapping: &'a Mapping,
    rules: &'a Rulebook,
    columns: Vec<Column>,
    pairs: Vec<Pair>,
    vacancies: Interned,
    vacancy_names: Vec<String>,
    stages: Interned,
    withdrawals: Interned,
    outcomes: usize,
    counted: u64,
    key: Vec<u8>,
    row: Vec<u32>,
}

impl<'a> Counting<'a> {
    fn new(
        layout: &'a Layout,
        headers: &[String],
        mapping: &'a Mapping,
        rules: &'a Rulebook,
    ) -> Self {
        let columns = layout.characteristics.iter().map(|(id, place, known)| Column {
            id: id.clone(),
            name: headers.get(*place).cloned().unwrap_or_default(),
            place: *place,
            known: *known,
            labels: Interned::default(),
            label_categories: Vec::new(),
            label_rows: Vec::new(),
            categories: Vec::new(),
            category_labels: Vec::new(),
            counters: Counters::default(),
        });
        Self {
            layout,
            mapping,
            rules,
            columns: columns.collect(),
            pairs: pairs(layout, mapping),
            vacancies: Interned::default(),
            vacancy_names: Vec::new(),
            stages: Interned::default(),
            withdrawals: Interned::default(),
            outcomes: rules.recruitment().progress().len() * 2,
            counted: 0,
            key: Vec::new(),
            row: Vec::new(),
        }
    }

    /// Counts one row, or says what is wrong with it. Nothing of a wrong row is counted.
    fn count(&mut self, record: &ByteRecord) -> Result<(), Wrong> {
        for (place, value) in &self.layout.wanted {
            let found = record.get(*place).unwrap_or_default();
            if folded(&String::from_utf8_lossy(found)) != *value {
                return Ok(());
            }
        }
        let stage = self.stage(record)?;
        let withdrew = self.withdrew(record)?;
        let vacancy = self.vacancy(record)?;
        self.row.clear();
        for column in &mut self.columns {
            let label = record.get(column.place).ok_or_else(|| Wrong {
                column: column.place,
                problem: "the row ends before this column; check quotes and commas".to_owned(),
            })?;
            self.row.push(column.category(label, self.mapping, self.rules));
        }
        let slot = vacancy * self.outcomes + stage * 2 + usize::from(withdrew);
        for (column, category) in self.columns.iter_mut().zip(&self.row) {
            column.counters.count(*category as usize, slot, self.outcomes);
        }
        for pair in &mut self.pairs {
            pair.count(&self.row, slot, self.outcomes);
        }
        self.counted += 1;
        Ok(())
    }

    fn stage(&mut self, record: &ByteRecord) -> Result<usize, Wrong> {
        let column = self.layout.stage;
        let text = record.get(column).unwrap_or_default();
        if let Some(stage) = self.stages.find(text) {
            return Ok(stage as usize);
        }
        let label = String::from_utf8_lossy(text);
        let stages = self.rules.recruitment();
        let own = stages.progress().iter().find(|stage| folded(stage.as_str()) == folded(&label));
        let mapped = || {
            let ours: StageId = self.mapping.value("furthest_stage", &label)?.parse().ok()?;
            stages.rank(&ours)
        };
        let rank = own.and_then(|stage| stages.rank(stage)).or_else(mapped).ok_or_else(|| {
            let known = stages.progress().iter().map(StageId::as_str);
            Wrong {
                column,
                problem: format!(
                    "'{}' is not a stage; use the last stage that the person reached, one of {}, or map it in \
                     [values.furthest_stage]",
                    shortened(&label),
                    known.collect::<Vec<_>>().join(", ")
                ),
            }
        })?;
        self.stages.insert(text, u32::try_from(rank).unwrap_or(0));
        Ok(rank)
    }

    fn withdrew(&mut self, record: &ByteRecord) -> Result<bool, Wrong> {
        let Some(column) = self.layout.withdrew else { return Ok(false) };
        let text = record.get(column).unwrap_or_default();
        if let Some(answer) = self.withdrawals.find(text) {
            return Ok(answer == 1);
        }
        let label = String::from_utf8_lossy(text);
        let answer = match self.mapping.value("withdrew", &label) {
            Some("yes") => true,
            Some("no") => false,
            _ => {
                let problem = format!(
                    "'{}' is neither yes nor no; write yes or no, or map it in [values.withdrew]",
                    shortened(&label)
                );
                return Err(Wrong { column, problem });
            }
        };
        self.withdrawals.insert(text, u32::from(answer));
        Ok(answer)
    }

    fn vacancy(&mut self, record: &ByteRecord) -> Result<usize, Wrong> {
        let column = self.layout.vacancy;
        let name = record.get(column).unwrap_or_default().trim_ascii();
        if name.is_empty() {
            let problem = "is empty; every application needs its vacancy".to_owned();
            return Err(Wrong { column, problem });
        }
        self.key.clear();
        if let Some(organisation) = self.layout.organisation {
            self.key.extend_from_slice(record.get(organisation).unwrap_or_default());
            self.key.push(b'/');
        }
        self.key.extend_from_slice(name);
        if let Some(place) = self.vacancies.find(&self.key) {
            return Ok(place as usize);
        }
        let place = self.vacancies.len();
        self.vacancies.insert(&self.key, u32::try_from(place).unwrap_or(u32::MAX));
        self.vacancy_names.push(String::from_utf8_lossy(&self.key).into_owned());
        Ok(place)
    }

    /// Turns counters into tallies.
    fn finish(self, table: &mut Tabulated, rules: &Rulebook) {
        let stages = rules.recruitment();
        let used = self.used_stages(stages.progress(), &stages.usual());
        let vacancies = self.vacancy_names.len();
        let outcomes = self.outcomes;
        let width = stages.progress().len();
        let tallies = |counters: Counters| -> Vec<Vec<TallyCounts>> {
            let by_category = counters.0.into_iter();
            by_category
                .map(|counters| tallied(counters, outcomes, vacancies, width, &used))
                .collect()
        };
        let known = rules.characteristics();
        for pair in self.pairs {
            let of = |column: usize| self.columns.get(column);
            let (Some(first), Some(second)) = (of(pair.first), of(pair.second)) else { continue };
            table.characteristics.push(TabulatedCharacteristic {
                label: Some(format!(
                    "{} and {}",
                    first.label(known),
                    second.label(known).to_lowercase()
                )),
                categories: pair.pairs.iter().map(|p| combined(first, second, *p, known)).collect(),
                category_labels: pair
                    .pairs
                    .iter()
                    .map(|p| combined_label(first, second, *p, known))
                    .collect(),
                cells: tallies(pair.counters),
                unknown_labels: Vec::new(),
                id: pair.id,
            });
        }
        let intersections = table.characteristics.split_off(0);
        for column in self.columns {
            let is_unknown =
                |label: &str| column.known && known.known_category(&column.id, label).is_none();
            let mut unknown_labels: Vec<(String, u64)> = column
                .label_rows
                .iter()
                .filter(|(label, _)| {
                    is_unknown(label) && self.mapping.category(&column.id, label).is_none()
                })
                .cloned()
                .collect();
            unknown_labels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let own = !column.known;
            table.characteristics.push(TabulatedCharacteristic {
                label: own.then(|| column.name.clone()),
                category_labels: column
                    .category_labels
                    .into_iter()
                    .map(|label| own.then_some(label).filter(|label| !label.trim().is_empty()))
                    .collect(),
                id: column.id,
                categories: column.categories,
                cells: tallies(column.counters),
                unknown_labels,
            });
        }
        table.characteristics.extend(intersections);
        table.strata = self.vacancy_names;
    }

    /// For each vacancy, whether it used each stage: all but the optional ones, and those at which somebody stopped.
    fn used_stages(&self, progress: &[StageId], usual: &[StageId]) -> Vec<Vec<bool>> {
        (0..self.vacancy_names.len())
            .map(|vacancy| {
                let stopped = |stage: usize| {
                    let first = vacancy * self.outcomes + stage * 2;
                    self.columns.first().is_some_and(|column| {
                        column.counters.0.iter().any(|counters| {
                            counters.get(first..first + 2).is_some_and(|c| c != [0, 0])
                        })
                    })
                };
                let stages = progress.iter().enumerate();
                stages.map(|(place, stage)| usual.contains(stage) || stopped(place)).collect()
            })
            .collect()
    }
}

impl Column {
    /// The number of the category that a label means.
    fn category(&mut self, label: &[u8], mapping: &Mapping, rules: &Rulebook) -> u32 {
        if let Some(place) = self.labels.find(label) {
            let place = place as usize;
            if let Some((_, rows)) = self.label_rows.get_mut(place) {
                *rows += 1;
            }
            return self.label_categories.get(place).copied().unwrap_or(0);
        }
        let text = String::from_utf8_lossy(label).into_owned();
        let category = self.resolve(&text, mapping, rules);
        let number = self.categories.iter().position(|known| *known == category);
        let number = number.unwrap_or_else(|| {
            self.categories.push(category);
            self.category_labels.push(text.trim().to_owned());
            self.counters.0.push(Vec::new());
            self.categories.len() - 1
        });
        let number = u32::try_from(number).unwrap_or(0);
        self.labels.insert(label, u32::try_from(self.label_rows.len()).unwrap_or(0));
        self.label_rows.push((text, 1));
        self.label_categories.push(number);
        number
    }

    fn resolve(&self, label: &str, mapping: &Mapping, rules: &Rulebook) -> CategoryId {
        let characteristics = rules.characteristics();
        if let Some(category) = mapping.category(&self.id, label) {
            return category;
        }
        let resolved = characteristics.resolve(&self.id, label);
        // An attribute that no rule knows has the organisation's own values as categories.
        if !self.known && resolved.as_str() == crate::domain::UNMAPPED {
            return category_of_label(label).unwrap_or(resolved);
        }
        if !self.known && label.trim().is_empty() {
            return characteristics.resolve(&self.id, NOT_ASKED);
        }
        resolved
    }

    /// What people read for the column.
    fn label(&self, known: &Characteristics) -> String {
        known.get(&self.id).map_or_else(|| self.name.clone(), |known| known.label.clone())
    }

    /// What people read for a category.
    fn category_label(&self, place: usize, known: &Characteristics) -> Option<String> {
        let category = self.categories.get(place)?;
        Some(match (self.known, self.category_labels.get(place)) {
            (false, Some(label)) => label.clone(),
            _ => known.label(&self.id, category),
        })
    }
}

impl Counters {
    fn count(&mut self, category: usize, slot: usize, outcomes: usize) {
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

impl Pair {
    fn count(&mut self, row: &[u32], slot: usize, outcomes: usize) {
        let (Some(first), Some(second)) = (row.get(self.first), row.get(self.second)) else {
            return;
        };
        let pair = (*first, *second);
        let number = match self.numbers.get(&pair) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.pairs.len()).unwrap_or(0);
                self.numbers.insert(pair, number);
                self.pairs.push(pair);
                self.counters.0.push(Vec::new());
                number
            }
        };
        self.counters.count(number as usize, slot, outcomes);
    }
}

/// The pairs that are wanted and whose columns are there.
fn pairs(layout: &Layout, mapping: &Mapping) -> Vec<Pair> {
    let place =
        |id: &CharacteristicId| layout.characteristics.iter().position(|(known, ..)| known == id);
    mapping
        .intersections()
        .iter()
        .filter_map(|(first, second)| {
            Some(Pair {
                id: format!("{first}-{second}").parse().ok()?,
                first: place(first)?,
                second: place(second)?,
                numbers: HashMap::new(),
                pairs: Vec::new(),
                counters: Counters::default(),
            })
        })
        .collect()
}

/// The combined category of a pair; who did not say one of the two did not say the pair.
fn combined(
    first: &Column,
    second: &Column,
    pair: (u32, u32),
    known: &Characteristics,
) -> CategoryId {
    let of = |column: &Column, place: u32| column.categories.get(place as usize).cloned();
    let unmapped = || known.resolve(&first.id, crate::domain::UNMAPPED);
    match (of(first, pair.0), of(second, pair.1)) {
        (Some(one), _) if !known.declared(&one) => one,
        (_, Some(two)) if !known.declared(&two) => two,
        (Some(one), Some(two)) => {
            // Long names are cut; the numbers keep cut names apart.
            let mut name = format!("{one}-{two}");
            if name.len() > 64 {
                name.truncate(52);
                name = format!("{name}-{}-{}", pair.0, pair.1);
            }
            name.parse().unwrap_or_else(|_| unmapped())
        }
        _ => unmapped(),
    }
}

fn combined_label(
    first: &Column,
    second: &Column,
    pair: (u32, u32),
    known: &Characteristics,
) -> Option<String> {
    let one = first.category_label(pair.0 as usize, known)?;
    let two = second.category_label(pair.1 as usize, known)?;
    let declared = |column: &Column, place: u32| {
        column.categories.get(place as usize).is_some_and(|category| known.declared(category))
    };
    (declared(first, pair.0) && declared(second, pair.1)).then(|| format!("{one}, {two}"))
}

/// The tallies of one category from its counters, vacancy by vacancy.
fn tallied(
    mut counters: Vec<u32>,
    outcomes: usize,
    vacancies: usize,
    width: usize,
    used: &[Vec<bool>],
) -> Vec<TallyCounts> {
    counters.resize(vacancies * outcomes, 0);
    let mut tallies = vec![TallyCounts::default(); vacancies * width];
    let by_vacancy = counters.chunks(outcomes).zip(tallies.chunks_mut(width));
    for ((counters, tallies), used) in by_vacancy.zip(used) {
        add_journeys(counters, tallies, used);
    }
    tallies
}

/// Adds the people of one vacancy to its tallies, by the furthest stage that they reached.
fn add_journeys(counters: &[u32], tallies: &mut [TallyCounts], used: &[bool]) {
    for (furthest, outcome) in counters.chunks(2).enumerate() {
        let (stayed, withdrew) = match outcome {
            [stayed, withdrew] => (i64::from(*stayed), i64::from(*withdrew)),
            _ => continue,
        };
        let last = tallies.len().saturating_sub(1);
        for (stage, tally) in tallies.iter_mut().enumerate().take(furthest + 1) {
            if !used.get(stage).copied().unwrap_or(false) {
                continue;
            }
            tally.reached += stayed + withdrew;
            if stage < furthest {
                tally.progressed += stayed + withdrew;
            } else {
                tally.withdrawn += withdrew;
                // Nobody is decided at the last stage: who is there has arrived.
                if stage < last {
                    tally.unsuccessful += stayed;
                }
            }
        }
    }
}

/// The start of a value for a message, so that a misplaced paragraph does not land in a log.
fn shortened(label: &str) -> String {
    let mut short: String = label.chars().take(40).collect();
    if short.len() < label.len() {
        short.push('\u{2026}');
    }
    short
}
