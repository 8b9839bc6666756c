//! The mapping file: which column means what, and which value of it means which of ours. Editable data; it reads no
//! table.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Deserialize;

use super::bands::Factor;
use super::folded;
use crate::domain::{CategoryId, CharacteristicId};
use crate::rulebook::YesAndNo;

const USUAL: &str = include_str!("usual.toml");

/// Why a mapping file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mapping file{}: {message}", .line.map(|n| format!(", line {n}")).unwrap_or_default())]
pub struct MappingError {
    line: Option<usize>,
    message: String,
}

/// Names of columns and values, theirs to ours.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    columns: HashMap<String, Vec<String>>,
    characteristics: BTreeMap<CharacteristicId, String>,
    values: HashMap<String, HashMap<String, String>>,
    /// Columns to be compared by although no rule knows them.
    extra: Vec<String>,
    /// Rows that are wanted: column and value.
    wanted: Vec<(String, String)>,
    /// The first and last day of the decisions that are wanted.
    decided: (Option<Date>, Option<Date>),
    intersections: Vec<(CharacteristicId, CharacteristicId)>,
    /// The characteristics that are compared; all when empty.
    compared: Vec<CharacteristicId>,
    sheet: Option<String>,
    factors: Vec<Factor>,
    /// What a plain yes and no mean, where that depends on what a column asks.
    yes_and_no: HashMap<CharacteristicId, YesAndNo>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    /// Our name = their column, or several.
    #[serde(default)]
    columns: BTreeMap<String, OneOrMore>,
    /// Characteristic = their column.
    #[serde(default)]
    characteristics: BTreeMap<CharacteristicId, String>,
    /// Our name or characteristic = their value = our value.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// The columns that a mapping may name.
const COLUMNS: [&str; 18] = [
    "application_id",
    "vacancy_id",
    "furthest_stage",
    "withdrew",
    "organisation",
    "decided_on",
    "family",
    "opened_on",
    "vacancy_title",
    "grade",
    "directorate",
    "contract",
    "stage",
    "outcome",
    "at",
    "marker",
    "criterion",
    "score",
];

impl Mapping {
    /// The names that exports usually bear.
    ///
    /// # Errors
    /// Never for a program that passed its tests.
    pub fn usual() -> Result<Self, MappingError> {
        Self::default().with(USUAL)
    }

    /// The usual names, and before them those of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] names the line and what is wrong.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        Self::usual()?.with(text)
    }

    /// The same mapping, comparing also by columns that no rule knows, e.g. `grade`.
    #[must_use]
    pub fn compare_by(mut self, columns: &[String]) -> Self {
        self.extra.extend(columns.iter().cloned());
        self
    }

    /// The same mapping, counting also the combined groups of pairs of characteristics.
    #[must_use]
    pub fn intersect(mut self, pairs: &[(CharacteristicId, CharacteristicId)]) -> Self {
        self.intersections.extend(pairs.iter().cloned());
        self
    }

    /// The same mapping for a policy that compares these characteristics only; all when there are none.
    #[must_use]
    pub fn comparing(mut self, characteristics: &[CharacteristicId]) -> Self {
        self.compared = characteristics.to_vec();
        self
    }

    /// The same mapping, telling people of one vacancy apart by the bands of declared factors.
    #[must_use]
    pub fn split_by(mut self, factors: Vec<Factor>) -> Self {
        self.factors = factors;
        self
    }

    /// The same mapping for only those rows in which a column has a value.
    #[must_use]
    pub fn only(mut self, column: &str, value: &str) -> Self {
        self.wanted.push((column.to_owned(), value.to_owned()));
        self
    }

    /// The same mapping for only those rows whose decision was taken from one day to another, both included.
    #[must_use]
    pub fn decided_between(mut self, from: Option<Date>, to: Option<Date>) -> Self {
        self.decided = (from, to);
        self
    }

    /// The same mapping for a sheet of a workbook; without one, the first sheet that holds a table.
    #[must_use]
    pub fn of_sheet(mut self, sheet: Option<&str>) -> Self {
        self.sheet = sheet.map(str::to_owned);
        self
    }

    fn with(mut self, text: &str) -> Result<Self, MappingError> {
        let file: MappingFile = toml::from_str(text).map_err(|error| MappingError {
            line: error.span().map(|span| {
                1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
            }),
            message: error.message().to_owned(),
        })?;
        for (name, given) in file.columns {
            if !COLUMNS.contains(&name.as_str()) {
                let message = format!(
                    "[columns] has no '{name}'; it may name {}; the column of a characteristic stands under [characteristics], as in ethnic_group = \"Ethnicity\"",
                    COLUMNS.join(", ")
                );
                return Err(MappingError { line: None, message });
            }
            let given = match given {
                OneOrMore::One(name) => vec![name],
                OneOrMore::More(names) => names,
            };
            let known = self.columns.entry(name).or_default();
            // Later files come first.
            known.splice(0..0, given.iter().map(|name| folded(name)));
        }
        self.characteristics.extend(file.characteristics);
        for (name, values) in file.values {
            let known = self.values.entry(name).or_default();
            known.extend(values.into_iter().map(|(theirs, ours)| (folded(&theirs), ours)));
        }
        Ok(self)
    }

    /// The place of the column that means one of ours.
    pub(super) fn column(&self, name: &str, headers: &[String]) -> Option<usize> {
        let own = folded(name);
        let names = self.columns.get(name).into_iter().flatten();
        std::iter::once(&own)
            .chain(names)
            .find_map(|wanted| headers.iter().position(|header| folded(header) == *wanted))
    }

    /// Characteristics that the mapping gives to columns.
    pub(super) fn characteristics(&self) -> impl Iterator<Item = (&CharacteristicId, &str)> {
        self.characteristics.iter().map(|(id, column)| (id, column.as_str()))
    }

    /// Columns to be compared by although no rule knows them.
    pub(super) fn extra(&self) -> &[String] {
        &self.extra
    }

    /// Rows that are wanted: column and value.
    pub(super) fn wanted(&self) -> &[(String, String)] {
        &self.wanted
    }

    /// The first and last day of the decisions that are wanted.
    pub(super) fn decided(&self) -> (Option<Date>, Option<Date>) {
        self.decided
    }

    /// Declared factors that people of a vacancy are told apart by.
    pub(super) fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// Pairs of characteristics whose combined groups are counted.
    pub(super) fn intersections(&self) -> &[(CharacteristicId, CharacteristicId)] {
        &self.intersections
    }

    /// Why counts of a characteristic that no rule knows are of no use here, if so.
    pub(super) fn refuses_unknown(&self, name: &str) -> Option<String> {
        let is_asked_for = self.extra.iter().any(|column| folded(column) == folded(name));
        if self.compared.is_empty() || is_asked_for {
            return None;
        }
        let compared: Vec<&str> = self.compared.iter().map(CharacteristicId::as_str).collect();
        Some(format!(
            "'{}' is not a characteristic that the rules know, and the policy compares {}; check the name, or use a policy that compares every characteristic",
            super::shortened(name.trim()),
            compared.join(", ")
        ))
    }

    /// The sheet that is wanted.
    pub(super) fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Our value for theirs, if the mapping has one.
    pub(super) fn value(&self, of: &str, theirs: &str) -> Option<&str> {
        self.values.get(of)?.get(&folded(theirs)).map(String::as_str)
    }

    /// The same mapping for a table in whose columns a plain yes and no mean what the columns ask.
    pub(super) fn answering(&self, asked: HashMap<CharacteristicId, YesAndNo>) -> Cow<'_, Self> {
        if asked.is_empty() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self { yes_and_no: asked, ..self.clone() })
    }

    /// The category that the mapping gives to a label, or that a plain yes or no means in its column.
    pub(super) fn category(&self, of: &CharacteristicId, label: &str) -> Option<CategoryId> {
        let given = self.value(of.as_str(), label).and_then(|value| value.parse().ok());
        given.or_else(|| self.yes_and_no.get(of)?.category(label).cloned())
    }
}
