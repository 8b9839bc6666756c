//! An applications table row by row, for whoever takes the applications in. Checks every row and keeps those that make
//! sense; it counts nobody and knows nothing of what is known already.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::dates::date;
use super::super::source::{Fields, Place, Source, place, text_of};
use super::super::{
    ColumnNotes, MOST_DESCRIBED, Mapping, RowProblem, TabularError, each_row, folded, header_of,
    listed, shortened,
};
use super::layout::Layout;
use super::values::{check_vacancy, check_width, furthest, withdrew};
use crate::domain::{CategoryId, CharacteristicId, Reference};
use crate::rulebook::{Characteristics, Rulebook};

/// One application of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Line of the file or row of the sheet, from 1.
    pub line: u64,
    /// Where its name stands.
    pub place: Place,
    /// Its name.
    pub application: Reference,
    /// The vacancy applied for.
    pub vacancy: Reference,
    /// How far along the furthest stage is, and whether the candidate withdrew; nothing where events say it.
    pub furthest: Option<(usize, bool)>,
    /// What the candidate declared.
    pub categories: BTreeMap<CharacteristicId, CategoryId>,
}

/// What the rows of a vacancy say of it, where they agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VacancyFacts {
    /// Job title, family, grade, directorate and contract, by the names of the mapping; `None` where rows differ.
    texts: BTreeMap<&'static str, Option<String>>,
    /// When it was opened; the earliest date of its rows.
    pub opened_on: Option<Timestamp>,
    /// When its decisions were finished; the latest date of its rows.
    pub decided_on: Option<Timestamp>,
}

/// The texts of a vacancy, by the names of the mapping.
const TEXTS: [&str; 5] = ["vacancy_title", "family", "grade", "directorate", "contract"];

/// The longest text that is taken for one of them.
const MOST_LETTERS: usize = 200;

/// The applications of a table.
#[derive(Debug, Clone, Default)]
pub struct ApplicationRows {
    /// The rows that make sense.
    pub applications: Vec<ApplicationRow>,
    /// Their vacancies.
    pub vacancies: BTreeMap<Reference, VacancyFacts>,
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows that make no sense.
    pub left_out: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// Labels that no rule maps, with their characteristic and how many rows bear each.
    pub unknown_labels: BTreeMap<(CharacteristicId, String), u64>,
    /// What its columns were taken for.
    pub columns: ColumnNotes,
}

impl VacancyFacts {
    /// What all rows say of it under a name of the mapping.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.as_deref()
    }
}

/// Which column holds what.
struct Columns {
    layout: Layout,
    application: usize,
    opened: Option<usize>,
    decided: Option<usize>,
    texts: Vec<(&'static str, usize)>,
    count: usize,
}

impl Columns {
    fn of(
        headers: &[String],
        mapping: &Mapping,
        rules: &Rulebook,
        has_events: bool,
    ) -> Result<Self, TabularError> {
        let layout = Layout::of(headers, mapping, rules, has_events)?;
        let application = layout.application.ok_or_else(|| TabularError::MissingColumn {
            wanted: "application_id",
            found: listed(headers.iter().map(String::as_str)),
        })?;
        let used = |place: usize| {
            [Some(layout.vacancy), layout.stage, layout.withdrew, Some(application)]
                .contains(&Some(place))
                || layout.characteristics.iter().any(|(_, at, _)| *at == place)
        };
        let column = |name: &str| mapping.column(name, headers).filter(|place| !used(*place));
        let texts = TEXTS.iter().filter_map(|name| Some((*name, column(name)?))).collect();
        let (opened, decided) = (column("opened_on"), column("decided_on"));
        Ok(Self { application, opened, decided, texts, count: headers.len(), layout })
    }

    fn notes(&self, headers: &[String], mapping: &Mapping, known: &Characteristics) -> ColumnNotes {
        let named = |place: usize| {
            [self.opened, self.decided].contains(&Some(place))
                || self.texts.iter().any(|(_, at)| *at == place)
        };
        let names = headers.iter().enumerate().filter(|(place, _)| !named(*place));
        let names: Vec<String> = names.map(|(_, name)| name.clone()).collect();
        let mut notes = self.layout.notes(headers, mapping, known);
        notes.ignored.retain(|name| names.contains(name));
        notes
    }
}

/// Reads an applications table, text or workbook, row by row. With `has_events` another table says what became of them.
///
/// # Errors
/// When a column that every row needs is missing, or the file is no table.
pub fn read_application_rows(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
    has_events: bool,
) -> Result<ApplicationRows, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let columns = Columns::of(&headers, mapping, rules, has_events)?;
    let asked = columns.layout.yes_and_no(&headers, rules.characteristics());
    let mapping = &mapping.answering(asked);
    let sheet = source.sheet.clone();
    let at = |line: u64, column: usize| place(sheet.as_deref(), line, column, &headers);
    let mut found = ApplicationRows {
        columns: columns.notes(&headers, mapping, rules.characteristics()),
        ..Default::default()
    };
    let mut reader = Reader {
        columns: &columns,
        mapping,
        rules,
        seen: HashMap::new(),
        organisation: None,
        unknown: BTreeMap::new(),
    };
    each_row(source.blocks, |line, record, fields| {
        if !columns.layout.wanted.takes(record, fields) {
            return;
        }
        found.rows += 1;
        match reader.row(line, record, fields) {
            Ok((row, facts)) => {
                let known = found.vacancies.entry(row.vacancy.clone()).or_default();
                known.add(facts);
                let place = at(line, columns.application);
                found.applications.push(ApplicationRow { place, ..row });
            }
            Err((column, problem)) => {
                found.left_out += 1;
                if found.problems.len() < MOST_DESCRIBED {
                    found.problems.push(RowProblem { line, place: at(line, column), problem });
                }
            }
        }
    })?;
    found.unknown_labels = reader.unknown;
    Ok(found)
}

struct Reader<'a> {
    columns: &'a Columns,
    mapping: &'a Mapping,
    rules: &'a Rulebook,
    /// The line and the vacancy of each application.
    seen: HashMap<Reference, (u64, Reference)>,
    organisation: Option<String>,
    unknown: BTreeMap<(CharacteristicId, String), u64>,
}

/// What is wrong, and in which column.
type Wrong = (usize, String);

impl Reader<'_> {
    fn row(
        &mut self,
        line: u64,
        record: &[u8],
        fields: &Fields,
    ) -> Result<(ApplicationRow, VacancyFacts), Wrong> {
        let Columns { layout, application: column, .. } = self.columns;
        let text =
            |at: usize| text_of(fields.get(record, at).unwrap_or_default()).trim().to_owned();
        check_width(record, fields, self.columns.count)
            .map_err(|problem| (self.columns.count.saturating_sub(1), problem))?;
        let last = layout.characteristics.iter().map(|(_, at, _)| *at).max().unwrap_or_default();
        if fields.len() <= last {
            let problem = "the row ends before this column; check quotes and commas";
            return Err((last, problem.to_owned()));
        }
        let name = fields.get(record, layout.vacancy).unwrap_or_default().trim_ascii();
        check_vacancy(name).map_err(|problem| (layout.vacancy, problem))?;
        let vacancy = reference(&text(layout.vacancy)).map_err(|why| (layout.vacancy, why))?;
        let application = reference(&text(*column)).map_err(|why| (*column, why))?;
        if let Some(at) = layout.organisation {
            self.one_organisation(text(at)).map_err(|why| (at, why))?;
        }
        let furthest = match layout.stage {
            None => None,
            Some(at) => {
                let (rank, withdrawn) =
                    furthest(&text(at), self.mapping, self.rules).map_err(|why| (at, why))?;
                let left = layout
                    .withdrew
                    .map(|at| withdrew(&text(at), self.mapping).map_err(|problem| (at, problem)));
                Some((rank, left.transpose()?.unwrap_or(false) || withdrawn))
            }
        };
        let day = |at: Option<usize>| match at.map(|at| (at, text(at))) {
            Some((at, given)) if !given.is_empty() => {
                date(&given).and_then(midnight).map(Some).ok_or_else(|| {
                    let given = shortened(&given);
                    (at, format!("'{given}' is not a date; write e.g. 2026-03-31 or 31/03/2026"))
                })
            }
            _ => Ok(None),
        };
        for (_, at) in &self.columns.texts {
            if text(*at).chars().count() > MOST_LETTERS {
                let problem = format!("is longer than {MOST_LETTERS} letters; shorten it");
                return Err((*at, problem));
            }
        }
        let texts = self.columns.texts.iter().map(|(name, at)| (*name, Some(text(*at))));
        let facts = VacancyFacts {
            opened_on: day(self.columns.opened)?,
            decided_on: day(self.columns.decided)?,
            texts: texts.filter(|(_, text)| text.as_deref() != Some("")).collect(),
        };
        // Last, so that only a row that is taken stands in the way of another.
        if let Some((first, other)) = self.seen.get(&application) {
            let problem = if *other == vacancy {
                format!("line {first} bears the same application; each is taken once")
            } else {
                format!(
                    "line {first} bears the same application for another vacancy; the service knows an application by its \
                     name, so give each its own (a candidate's number is not one: join it with the vacancy's, e.g.                      '{application}/{vacancy}')"
                )
            };
            return Err((*column, problem));
        }
        self.seen.insert(application.clone(), (line, vacancy.clone()));
        let categories = self.categories(text);
        let place = Place::Line { line, column: String::new() };
        Ok((ApplicationRow { line, place, application, vacancy, furthest, categories }, facts))
    }

    fn categories(
        &mut self,
        text: impl Fn(usize) -> String,
    ) -> BTreeMap<CharacteristicId, CategoryId> {
        let known = self.rules.characteristics();
        let mut categories = BTreeMap::new();
        for (id, at, is_known) in &self.columns.layout.characteristics {
            let label = text(*at);
            // What no rule knows has no place in the service's tallies.
            if !is_known {
                continue;
            }
            let mapped = self.mapping.category(id, &label);
            let found = mapped.or_else(|| known.known_category(id, &label));
            if found.is_none() {
                *self.unknown.entry((id.clone(), label.clone())).or_default() += 1;
            }
            categories.insert(id.clone(), found.unwrap_or_else(|| known.resolve(id, &label)));
        }
        categories
    }

    /// One import is for one organisation.
    fn one_organisation(&mut self, name: String) -> Result<(), String> {
        match &self.organisation {
            None => self.organisation = Some(name),
            Some(first) if folded(first) != folded(&name) => {
                return Err(format!(
                    "'{}' is another organisation than '{}' above; import one at a time, with --only COLUMN=VALUE",
                    shortened(&name),
                    shortened(first)
                ));
            }
            Some(_) => {}
        }
        Ok(())
    }
}

impl VacancyFacts {
    fn add(&mut self, row: Self) {
        for (name, text) in row.texts {
            let known = self.texts.entry(name).or_insert_with(|| text.clone());
            if *known != text {
                *known = None;
            }
        }
        let opened = self.opened_on.into_iter().chain(row.opened_on);
        self.opened_on = opened.min();
        self.decided_on = self.decided_on.max(row.decided_on);
    }
}

/// A name that another system gave.
fn reference(text: &str) -> Result<Reference, String> {
    if text.is_empty() {
        return Err("is empty; an import needs a name for every application".to_owned());
    }
    text.parse().map_err(|error: crate::domain::IdError| error.to_string())
}

/// The beginning of a day.
pub fn midnight(date: Date) -> Option<Timestamp> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
