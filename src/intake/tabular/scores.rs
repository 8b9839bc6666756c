//! A table of scores, `application_id,marker,criterion,score`, joined to the applications table for vacancy and
//! characteristics. Gives values, never who somebody is; it compares nothing.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::applications::{People, identity, read_people};
use super::source::{Source, place, text_of};
use super::{
    MOST_DESCRIBED, Mapping, RowProblem, TabularError, each_row, folded, header_of, listed,
    shortened,
};
use crate::rulebook::Rulebook;

/// The most different markers or criteria: beyond it, the column holds something else.
const MOST_NAMES: usize = 10_000;

/// Scores with what the applications table says of the people who were scored.
#[derive(Debug, Default)]
pub struct ScoreTable {
    /// Vacancies and characteristics of those who were found.
    pub people: People,
    /// The scores of each of them, by the same key.
    pub ratings: HashMap<u64, Vec<Rating>>,
    /// The markers.
    pub markers: Vec<String>,
    /// The criteria; one without a name when the table has none.
    pub criteria: Vec<String>,
    /// People with scores whom the applications table does not have.
    pub not_found: usize,
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows left out.
    pub left_out: u64,
    /// Rows without a score, as when a marker was absent.
    pub blank: u64,
    /// The first of the wrong ones.
    pub problems: Vec<RowProblem>,
}

/// One score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rating {
    /// The number of the marker.
    pub marker: u32,
    /// The number of the criterion.
    pub criterion: u32,
    /// The score.
    pub score: f64,
}

/// Names to numbers.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> Option<u32> {
        let key = folded(name);
        if let Some(number) = self.numbers.get(&key) {
            return Some(*number);
        }
        let number = u32::try_from(self.names.len()).ok()?;
        if self.names.len() >= MOST_NAMES {
            return None;
        }
        self.numbers.insert(key, number);
        self.names.push(name.trim().to_owned());
        Some(number)
    }
}

/// Reads scores, then the applications that they belong to.
///
/// # Errors
/// When a column that is needed is missing in either table, one is no table, or no row makes sense.
pub fn read_scores(
    scores: impl Read + Send,
    applications: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<ScoreTable, TabularError> {
    let mut source = Source::open(scores, None)?;
    let headers = header_of(&mut source)?;
    let needed = |wanted: &'static str| {
        mapping.column(wanted, &headers).ok_or_else(|| TabularError::MissingColumn {
            wanted,
            found: listed(headers.iter().map(String::as_str)),
        })
    };
    let (application, marker, score) =
        (needed("application_id")?, needed("marker")?, needed("score")?);
    let criterion = mapping.column("criterion", &headers).filter(|c| *c != score && *c != marker);
    let vacancy = mapping.column("vacancy_id", &headers).filter(|v| *v != application);
    let sheet = source.sheet.clone();
    let mut table = ScoreTable::default();
    let (mut markers, mut criteria) = (Names::default(), Names::default());
    let mut given: HashSet<(u64, u32, u32)> = HashSet::new();
    each_row(source.blocks, |line, record, fields| {
        table.rows += 1;
        let field = |place: usize| fields.get(record, place).unwrap_or_default().trim_ascii();
        let text = |place: usize| text_of(field(place));
        let mut read = || -> Result<Option<(u64, Rating)>, (usize, String)> {
            let name = field(application);
            if name.is_empty() {
                return Err((
                    application,
                    "is empty; every score belongs to an application".into(),
                ));
            }
            if field(score).is_empty() {
                return Ok(None);
            }
            let value = text(score).trim().replace(',', ".").parse::<f64>();
            let value = value
                .ok()
                .filter(|value| value.is_finite())
                .ok_or_else(|| (score, format!("'{}' is not a number", shortened(&text(score)))))?;
            if field(marker).is_empty() {
                return Err((marker, "is empty; every score needs its marker".into()));
            }
            let too_many = |column| (column, "has too many different values".to_owned());
            let who = markers.number(&text(marker)).ok_or_else(|| too_many(marker))?;
            let what = criterion.map(text).unwrap_or_default();
            let what =
                criteria.number(&what).ok_or_else(|| too_many(criterion.unwrap_or_default()))?;
            let key = identity(vacancy.map(field).unwrap_or_default(), name);
            if !given.insert((key, who, what)) {
                let problem = "repeats a score of the same marker for the same criterion";
                return Err((score, problem.to_owned()));
            }
            Ok(Some((key, Rating { marker: who, criterion: what, score: value })))
        };
        match read() {
            Ok(Some((key, rating))) => table.ratings.entry(key).or_default().push(rating),
            Ok(None) => table.blank += 1,
            Err((column, problem)) => {
                table.left_out += 1;
                if table.problems.len() < MOST_DESCRIBED {
                    let place = place(sheet.as_deref(), line, column, &headers);
                    table.problems.push(RowProblem { line, place, problem });
                }
            }
        }
    })?;
    if table.ratings.is_empty() {
        let first = table.problems.first().map(ToString::to_string);
        return Err(TabularError::NothingCounted { first });
    }
    table.markers = markers.names;
    table.criteria = criteria.names;
    let wanted: HashSet<u64> = table.ratings.keys().copied().collect();
    table.people = read_people(applications, mapping, rules, &wanted, vacancy.is_some())?;
    table.not_found = wanted.iter().filter(|key| !table.people.found.contains_key(key)).count();
    table.ratings.retain(|key, _| table.people.found.contains_key(key));
    Ok(table)
}
