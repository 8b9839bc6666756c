//! The mapping file: which column means what, and which value of it means which of ours. Editable data; it reads no
//! table.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::bands::Factor;
use super::{category_of_label, folded, own_bands, stages};
use crate::domain::{CategoryId, CharacteristicId, NOT_ASKED, PREFER_NOT_TO_SAY, StageId};
use crate::rulebook::{Rulebook, YesAndNo};

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
    /// Those of a mapping file.
    given: Names,
    /// Those that exports usually bear.
    usual: Names,
    characteristics: BTreeMap<CharacteristicId, String>,
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

/// Ours = theirs for columns, theirs = ours for values, theirs folded.
#[derive(Debug, Clone, Default)]
struct Names {
    columns: HashMap<String, Vec<String>>,
    values: HashMap<String, HashMap<String, Value>>,
}

/// What a value means.
#[derive(Debug, Clone)]
struct Value {
    ours: String,
    /// As the file writes it.
    theirs: String,
    line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    /// Our name = their column, or several.
    #[serde(default)]
    columns: BTreeMap<String, Spanned<OneOrMore>>,
    /// Characteristic = their column.
    #[serde(default)]
    characteristics: BTreeMap<CharacteristicId, String>,
    /// Our name or characteristic = their value = our value.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected the name of a column in quotes, or a list of names")]
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

/// What a table of events may call an outcome.
const OUTCOMES: [&str; 6] =
    ["progressed", "unsuccessful", "withdrew", "reached", "not reached", IGNORED];

/// What a mapping calls the outcome of an event that says nothing of the journey, e.g. a message that was sent.
pub(super) const IGNORED: &str = "ignored";

/// The columns whose values are levels of a factor.
const LEVELS: [&str; 5] = ["organisation", "family", "grade", "directorate", "contract"];

/// Whether somebody withdrew.
const YES_OR_NO: [&str; 2] = ["yes", "no"];

impl Mapping {
    /// The names that exports usually bear.
    ///
    /// # Errors
    /// Never for a program that passed its tests.
    pub fn usual() -> Result<Self, MappingError> {
        let (usual, _) = Names::parse(USUAL)?;
        Ok(Self { usual, ..Self::default() })
    }

    /// The usual names, and before them those of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] names the line and what is wrong.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let (given, characteristics) = Names::parse(text)?;
        Ok(Self { given, characteristics, ..Self::usual()? })
    }

    /// The same mapping, in which every value of the mapping file means something that the rules know.
    ///
    /// # Errors
    /// [`MappingError`] names the value that means nothing, and what it could be.
    pub fn known_to(mut self, rules: &Rulebook) -> Result<Self, MappingError> {
        let mut values = std::mem::take(&mut self.given.values);
        for (of, values) in &mut values {
            // By their lines, so that the first that is wrong is the one that is named.
            let mut values: Vec<&mut Value> = values.values_mut().collect();
            values.sort_by_key(|value| value.line);
            for value in values {
                let Value { ours, theirs, line } = value;
                let refused = |instead: String| {
                    let message = format!("[values.{of}] \"{theirs}\" = \"{ours}\": {instead}");
                    MappingError { line: Some(*line), message }
                };
                let named = match of.as_str() {
                    "outcome" if OUTCOMES.contains(&ours.as_str()) => continue,
                    "withdrew" if YES_OR_NO.contains(&ours.as_str()) => continue,
                    "furthest_stage" if stages::meant(ours, rules).is_some() => continue,
                    "outcome" => Err(one_of(&OUTCOMES)),
                    "withdrew" => Err(one_of(&YES_OR_NO)),
                    "furthest_stage" => {
                        let stages = rules.recruitment().progress().iter();
                        Err(one_of(&stages.map(StageId::as_str).collect::<Vec<_>>()))
                    }
                    _ => self.category_named(of, ours, rules),
                };
                let named = named.map_err(refused)?;
                *ours = named;
            }
        }
        self.given.values = values;
        Ok(self)
    }

    /// The identifier of the category of a column that a mapping file names, or what to write instead.
    fn category_named(&self, of: &str, named: &str, rules: &Rulebook) -> Result<String, String> {
        let known = rules.characteristics();
        let id = of.parse::<CharacteristicId>().ok();
        let Some(characteristic) = id.as_ref().and_then(|id| known.get(id)) else {
            let own = self.characteristics.keys().map(CharacteristicId::as_str);
            let has_values = LEVELS.contains(&of)
                || own
                    .chain(self.extra.iter().map(String::as_str))
                    .any(|own| folded(own) == folded(of));
            return if has_values {
                Ok(category_of_label(named).map_or_else(|| named.to_owned(), |id| id.to_string()))
            } else {
                let known: Vec<&str> = known.list().iter().map(|known| known.id.as_str()).collect();
                Err(format!(
                    "no column is called '{of}'; values belong to furthest_stage, withdrew, outcome, a column of --by, or one of {}",
                    known.join(", ")
                ))
            };
        };
        let found = known.known_category(&characteristic.id, named);
        let found = own_bands::stated(known, &characteristic.id, named).or(found);
        found.map(|id| id.to_string()).ok_or_else(|| {
            let categories = characteristic.categories.iter().map(|category| category.id.as_str());
            let undeclared = [PREFER_NOT_TO_SAY, NOT_ASKED];
            one_of(&categories.chain(undeclared).collect::<Vec<_>>())
        })
    }

    /// Columns of the mapping file that a table should have and does not, under our names for them.
    pub(super) fn missing(&self, ours: &[&str], headers: &[String]) -> Vec<String> {
        let has = |theirs: &String| headers.iter().any(|header| folded(header) == *theirs);
        let given = ours.iter().filter_map(|name| Some((*name, self.given.columns.get(*name)?)));
        let missing = given.filter(|(_, theirs)| !theirs.iter().any(has));
        missing.map(|(name, theirs)| format!("{name} = '{}'", theirs.join("' or '"))).collect()
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

    /// The place of the column that means one of ours: as the mapping file says, by our own name, or by a usual one.
    pub(super) fn column(&self, name: &str, headers: &[String]) -> Option<usize> {
        let own = folded(name);
        let names = |of: &Names| of.columns.get(name).cloned().unwrap_or_default();
        names(&self.given)
            .into_iter()
            .chain([own])
            .chain(names(&self.usual))
            .find_map(|wanted| headers.iter().position(|header| folded(header) == wanted))
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
        self.given_value(of, theirs).or_else(|| self.usual.value(of, theirs))
    }

    /// Our value for theirs, if the mapping file has one.
    pub(super) fn given_value(&self, of: &str, theirs: &str) -> Option<&str> {
        self.given.value(of, theirs)
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

impl Names {
    /// The names of a file, and the columns that it gives to characteristics.
    fn parse(text: &str) -> Result<(Self, BTreeMap<CharacteristicId, String>), MappingError> {
        let line = |offset: usize| 1 + text.bytes().take(offset).filter(|b| *b == b'\n').count();
        let file: MappingFile = toml::from_str(text).map_err(|error| MappingError {
            line: error.span().map(|span| line(span.start)),
            message: error.message().to_owned(),
        })?;
        let mut names = Self::default();
        for (name, given) in file.columns {
            if !COLUMNS.contains(&name.as_str()) {
                let message = format!(
                    "[columns] has no '{name}'; it may name {}; the column of a characteristic stands under [characteristics], as in ethnic_group = \"Ethnicity\"",
                    COLUMNS.join(", ")
                );
                return Err(MappingError { line: Some(line(given.span().start)), message });
            }
            let given = match given.into_inner() {
                OneOrMore::One(name) => vec![name],
                OneOrMore::More(names) => names,
            };
            names.columns.insert(name, given.iter().map(|name| folded(name)).collect());
        }
        for (name, values) in file.values {
            // The stages of events bear the names of the furthest ones.
            let name = if name == "stage" { "furthest_stage".to_owned() } else { name };
            let values = values.into_iter().map(|(theirs, ours)| {
                let line = line(ours.span().start);
                (folded(&theirs), Value { ours: ours.into_inner(), theirs, line })
            });
            names.values.entry(name).or_default().extend(values);
        }
        Ok((names, file.characteristics))
    }

    fn value(&self, of: &str, theirs: &str) -> Option<&str> {
        self.values.get(of)?.get(&folded(theirs)).map(|value| value.ours.as_str())
    }
}

fn one_of(known: &[&str]) -> String {
    format!("write one of {}", known.join(", "))
}
