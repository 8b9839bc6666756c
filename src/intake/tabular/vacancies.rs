//! What a table says of its vacancies beside counts: when their decisions were finished, their family, and the level of
//! factors that do not change within a vacancy. A second reading of the same file; it counts nobody.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};
use jiff::civil::Date;

use super::applications::headers;
use super::{Mapping, TabularError, folded, listed};

/// What is known of one vacancy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VacancyRow {
    /// The latest date of its rows.
    pub decided_on: Option<Date>,
    /// The family that its rows name, where they agree.
    pub family: Option<String>,
    /// For each wanted column, the value that all its rows have; `None` where they differ.
    pub levels: BTreeMap<String, Option<String>>,
}

/// The vacancies of a table.
#[derive(Debug, Clone, Default)]
pub struct VacancyRows {
    /// By the name that the counts bear.
    pub vacancies: HashMap<String, VacancyRow>,
    /// Dates that could not be understood.
    pub unreadable_dates: u64,
}

/// Whether a header has anything to say of vacancies, so that a second reading is worth its time.
pub fn says_more(headers: &[String], mapping: &Mapping) -> bool {
    ["decided_on", "family"].iter().any(|name| mapping.column(name, headers).is_some())
}

/// The header of a table.
///
/// # Errors
/// When the file is not CSV.
pub fn header(source: impl Read) -> Result<Vec<String>, TabularError> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
    Ok(headers(reader.byte_headers()?))
}

/// Reads what a table says of its vacancies, and the level of each wanted column.
///
/// # Errors
/// When a wanted column is missing, or the file is not CSV.
pub fn read_vacancies(
    source: impl Read,
    mapping: &Mapping,
    wanted: &[String],
) -> Result<VacancyRows, TabularError> {
    let mut reader =
        ReaderBuilder::new().flexible(true).buffer_capacity(1 << 18).from_reader(source);
    let headers = headers(reader.byte_headers()?);
    let found = || listed(headers.iter().map(String::as_str));
    let place = |name: &str| {
        let own = || headers.iter().position(|header| folded(header) == folded(name));
        mapping.column(name, &headers).or_else(own)
    };
    let vacancy = place("vacancy_id")
        .or_else(|| place("stratum"))
        .ok_or_else(|| TabularError::MissingColumn { wanted: "vacancy_id", found: found() })?;
    let is_applications = mapping.column("vacancy_id", &headers).is_some()
        && mapping.column("furthest_stage", &headers).is_some();
    let organisation = place("organisation").filter(|_| is_applications);
    let (decided, family) = (place("decided_on"), place("family"));
    let mut columns = Vec::new();
    for name in wanted {
        let column = place(name)
            .ok_or_else(|| TabularError::NoSuchColumn { column: name.clone(), found: found() })?;
        columns.push((name.clone(), column));
    }
    let mut rows = VacancyRows::default();
    let mut record = ByteRecord::new();
    let mut key = Vec::new();
    while reader.read_byte_record(&mut record)? {
        let field = |column: usize| record.get(column).unwrap_or_default();
        key.clear();
        if let Some(organisation) = organisation {
            key.extend_from_slice(field(organisation));
            key.push(b'/');
        }
        key.extend_from_slice(field(vacancy).trim_ascii());
        let name = String::from_utf8_lossy(&key);
        let row = match rows.vacancies.get_mut(name.as_ref()) {
            Some(row) => row,
            None => rows.vacancies.entry(name.into_owned()).or_default(),
        };
        let text = |column: usize| String::from_utf8_lossy(field(column)).trim().to_owned();
        if let Some(given) = decided.map(text).filter(|given| !given.is_empty()) {
            match date(&given) {
                Some(date) => row.decided_on = row.decided_on.max(Some(date)),
                None => rows.unreadable_dates += 1,
            }
        }
        if let Some(named) = family.map(text).filter(|named| !named.is_empty()) {
            row.family.get_or_insert(named);
        }
        for (name, column) in &columns {
            let value = text(*column);
            match row.levels.get_mut(name) {
                None => {
                    row.levels.insert(name.clone(), (!value.is_empty()).then_some(value));
                }
                Some(level) if level.as_deref() != Some(value.as_str()) => *level = None,
                Some(_) => {}
            }
        }
    }
    Ok(rows)
}

/// `2026-04-01`, with or without a time, or `01/04/2026` as it is written in Britain.
fn date(text: &str) -> Option<Date> {
    if let Some(date) = text.get(..10).and_then(|start| start.parse().ok()) {
        return Some(date);
    }
    let mut parts = text.split_whitespace().next()?.split(['/', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let year = if (0..100).contains(&year) { 2000 + year } else { year };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_britain_writes_them() {
        for (text, expected) in [
            ("2026-04-01", Some((2026, 4, 1))),
            ("2026-04-01T10:00:00Z", Some((2026, 4, 1))),
            ("03/04/2026", Some((2026, 4, 3))),
            ("3.4.26", Some((2026, 4, 3))),
            ("31/02/2026", None),
            ("soon", None),
            ("1/2/3/4", None),
        ] {
            let expected = expected.map(|(y, m, d)| jiff::civil::date(y, m, d));
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn a_vacancy_has_its_latest_date_and_only_levels_that_all_its_rows_share() {
        let table = "vacancy_id,furthest_stage,decision date,family,grade,type\n\
                     V1,received,01/02/2026,housing,G5,internal\n\
                     V1,received,2026-03-01,housing,G5,external\n\
                     V2,received,,,G7,internal\n\
                     V2,received,maybe,,G7,internal\n";
        let mapping = Mapping::usual().unwrap();
        let wanted = ["grade".to_owned(), "type".to_owned()];
        let rows = read_vacancies(table.as_bytes(), &mapping, &wanted).unwrap();
        let first = &rows.vacancies["V1"];
        assert_eq!(first.decided_on, Some(jiff::civil::date(2026, 3, 1)));
        assert_eq!(first.family.as_deref(), Some("housing"));
        assert_eq!(first.levels["grade"].as_deref(), Some("G5"));
        assert_eq!(first.levels["type"], None);
        assert_eq!((rows.vacancies["V2"].decided_on, rows.unreadable_dates), (None, 1));
    }
}
