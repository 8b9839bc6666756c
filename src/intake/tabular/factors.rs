//! Applications with the job-related factors that a person named: for models that need each application by itself. A
//! second reading of the same file, of those who were decided at the first stage; it compares nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;

use super::applications::identity;
use super::source::{Source, text_of};
use super::{Mapping, TabularError, each_row, folded, header_of, listed};
use crate::domain::{CategoryId, CharacteristicId, StageId};
use crate::rulebook::Rulebook;

/// More applications than this are not read into a model.
pub const MOST_ROWS: usize = 200_000;
/// A factor in words has at most so many values; rarer ones stand together.
const MOST_VALUES: usize = 8;

/// One application.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorRow {
    /// Its vacancy, by number.
    pub vacancy: u32,
    /// Its category of each characteristic, in the order of the list.
    pub categories: Vec<Option<CategoryId>>,
    /// Its factors as numbers: a number as it is, a word as a place in a row of zeros and a one.
    pub factors: Vec<f64>,
    /// Whether it went beyond the first stage.
    pub selected: bool,
}

/// The applications of a table.
#[derive(Debug, Clone, Default)]
pub struct FactorRows {
    /// The characteristics that the table has.
    pub characteristics: Vec<CharacteristicId>,
    /// The applications.
    pub rows: Vec<FactorRow>,
    /// Applications left out because a factor was empty.
    pub without_factor: u64,
    /// Whether there were more than can be read.
    pub too_many: bool,
}

/// Reads, from text or a workbook, the applications that were decided at the first stage, with the wanted factors.
///
/// # Errors
/// When a column is missing, or the file is no table.
pub fn read_factors(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
    wanted: &[String],
) -> Result<FactorRows, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let found = || listed(headers.iter().map(String::as_str));
    let needed = |wanted: &'static str| {
        let place = mapping.column(wanted, &headers);
        place.ok_or_else(|| TabularError::MissingColumn { wanted, found: found() })
    };
    let (vacancy, stage) = (needed("vacancy_id")?, needed("furthest_stage")?);
    let (withdrew, organisation) =
        (mapping.column("withdrew", &headers), mapping.column("organisation", &headers));
    let application = mapping.column("application_id", &headers);
    let only: Vec<(usize, String)> = mapping
        .wanted()
        .iter()
        .filter_map(|(column, value)| {
            let place = headers.iter().position(|header| folded(header) == folded(column));
            Some((place?, folded(value)))
        })
        .collect();
    let mut columns = Vec::new();
    for name in wanted {
        let column = headers.iter().position(|header| folded(header) == folded(name));
        columns.push(
            column.ok_or_else(|| TabularError::NoSuchColumn {
                column: name.clone(),
                found: found(),
            })?,
        );
    }
    let known = rules.characteristics();
    let characteristics: Vec<(CharacteristicId, usize)> = headers
        .iter()
        .enumerate()
        .filter_map(|(place, header)| Some((known.of_column(header)?.clone(), place)))
        .collect();
    let stages = rules.recruitment();
    let rank = |label: &str| {
        let own = stages.progress().iter().find(|stage| folded(stage.as_str()) == folded(label));
        let mapped = || mapping.value("furthest_stage", label)?.parse::<StageId>().ok();
        own.cloned().or_else(mapped).and_then(|stage| stages.rank(&stage))
    };
    let mut names: HashMap<String, u32> = HashMap::new();
    let mut raw: Vec<(FactorRow, Vec<String>)> = Vec::new();
    let mut table = FactorRows {
        characteristics: characteristics.iter().map(|(id, _)| id.clone()).collect(),
        ..FactorRows::default()
    };
    let mut met = HashSet::new();
    each_row(source.blocks, |_, record, fields| {
        let text = |column: usize| {
            text_of(fields.get(record, column).unwrap_or_default()).trim().to_owned()
        };
        let unwanted = only.iter().any(|(column, value)| folded(&text(*column)) != *value);
        // Rows that cannot be understood are listed by the reading that counts.
        let Some(reached) = rank(&text(stage)).filter(|_| !unwanted) else { return };
        let answer = |column: usize| mapping.value("withdrew", &text(column)) == Some("yes");
        let left = withdrew.is_some_and(answer);
        if reached == 0 && left {
            return;
        }
        let name = organisation.map_or_else(String::new, &text) + "/" + &text(vacancy);
        let again = application.map(text).filter(|name| !name.is_empty());
        if again.is_some_and(|one| !met.insert(identity(name.as_bytes(), one.as_bytes()))) {
            return;
        }
        let factors: Vec<String> = columns.iter().map(|column| text(*column)).collect();
        if factors.iter().any(String::is_empty) {
            table.without_factor += 1;
            return;
        }
        if raw.len() == MOST_ROWS {
            table.too_many = true;
            return;
        }
        let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let category = |(id, place): &(CharacteristicId, usize)| {
            let label = text(*place);
            let category =
                mapping.category(id, &label).or_else(|| known.known_category(id, &label));
            category.filter(|category| known.declared(category))
        };
        let row = FactorRow {
            vacancy: *names.entry(name).or_insert(next),
            categories: characteristics.iter().map(category).collect(),
            factors: Vec::new(),
            selected: reached > 0,
        };
        raw.push((row, factors));
    })?;
    let coded: Vec<Coding> = (0..wanted.len())
        .map(|place| Coding::of(raw.iter().filter_map(|(_, factors)| factors.get(place))))
        .collect();
    table.rows = raw
        .into_iter()
        .map(|(mut row, factors)| {
            for (coding, value) in coded.iter().zip(&factors) {
                coding.write(value, &mut row.factors);
            }
            row
        })
        .collect();
    Ok(table)
}

/// How the values of a factor become numbers.
enum Coding {
    Number,
    /// Every value but the most common has a place.
    Words(Vec<String>),
}

impl Coding {
    fn of<'a>(values: impl Iterator<Item = &'a String> + Clone) -> Self {
        if values.clone().all(|value| value.parse::<f64>().is_ok_and(f64::is_finite)) {
            return Self::Number;
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for value in values {
            *counts.entry(folded(value)).or_default() += 1;
        }
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self::Words(values.into_iter().skip(1).take(MOST_VALUES).map(|(value, _)| value).collect())
    }

    fn write(&self, value: &str, into: &mut Vec<f64>) {
        match self {
            Self::Number => into.push(value.parse().unwrap_or(0.0)),
            Self::Words(known) => {
                let value = folded(value);
                into.extend(known.iter().map(|word| f64::from(u8::from(*word == value))));
            }
        }
    }
}
