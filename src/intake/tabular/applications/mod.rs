//! An applications CSV: one row an application. Counts while reading, with one look-up a column and no allocation a
//! row.

mod columns;
mod layout;

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};
use std::io::Read;

use columns::{Column, Counters, Pair, combined, combined_label, pairs, tallied};
use csv::{ByteRecord, ReaderBuilder};
use layout::Layout;

use super::intern::{Interned, Taken};
use super::{Mapping, RowProblem, TabularError, Tabulated, TabulatedCharacteristic, folded};
use crate::domain::{StageId, TallyCounts};
use crate::rulebook::Rulebook;

/// Reads an applications table.
///
/// Rows that cannot be understood, or that repeat an application, are left out, described and counted. A person reached every stage up to the
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

struct Wrong {
    column: usize,
    problem: String,
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
    /// Hashes of vacancy and application, so that a row that comes twice counts once.
    seen: HashSet<u64, BuildHasherDefault<Taken>>,
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
            seen: HashSet::default(),
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
        let identity = self.identity(record)?;
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
        self.seen.extend(identity);
        Ok(())
    }

    /// What tells this application from others, if the table says; wrong when it was counted before.
    ///
    /// 64 bits of a keyed hash stand for the text: among ten million applications the chance that any two share one is
    /// about three in a million.
    fn identity(&self, record: &ByteRecord) -> Result<Option<u64>, Wrong> {
        let Some(column) = self.layout.application else { return Ok(None) };
        let name = record.get(column).unwrap_or_default().trim_ascii();
        if name.is_empty() {
            return Ok(None);
        }
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.key);
        hasher.write_u8(0);
        hasher.write(name);
        let identity = hasher.finish();
        if self.seen.contains(&identity) {
            let problem =
                "was counted before for the same vacancy; each application counts once".to_owned();
            return Err(Wrong { column, problem });
        }
        Ok(Some(identity))
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

/// The start of a value for a message, so that a misplaced paragraph does not land in a log.
fn shortened(label: &str) -> String {
    let mut short: String = label.chars().take(40).collect();
    if short.len() < label.len() {
        short.push('\u{2026}');
    }
    short
}
