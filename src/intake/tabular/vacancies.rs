//! What a table says of its vacancies beside counts: when their decisions were finished, their family, and the level of
//! factors that do not change within a vacancy. A second reading of the same file; it counts nobody.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use jiff::civil::Date;

use super::counts::ONE_STRATUM;
use super::dates::date;
use super::source::{Fields, Source, text_of};
use super::wanted::Wanted;
use super::{Mapping, TabularError, each_row, folded, header_of, listed};

/// How a table names its vacancies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VacancyNames {
    /// As applications do: a vacancy, of an organisation where there are several.
    OfApplications,
    /// As counts do: a stratum.
    OfCounts,
}

/// What is known of one vacancy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VacancyRow {
    /// The latest date of its rows.
    pub decided_on: Option<Date>,
    /// The earliest.
    pub first_decided_on: Option<Date>,
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

/// Where a table says something of its vacancies.
struct Columns {
    organisation: Option<usize>,
    vacancy: usize,
    decided: Option<usize>,
    family: Option<usize>,
    levels: Vec<(String, usize)>,
    wanted: Wanted,
}

impl Columns {
    /// The columns; `None` when they say nothing of vacancies, so that the rows need not be read again.
    fn of(
        headers: &[String],
        mapping: &Mapping,
        names: VacancyNames,
        wanted: &[String],
    ) -> Result<Option<Self>, TabularError> {
        let own = |name: &str| headers.iter().position(|header| folded(header) == folded(name));
        let (decided, family) =
            (mapping.column("decided_on", headers), mapping.column("family", headers));
        if wanted.is_empty() && decided.is_none() && family.is_none() {
            return Ok(None);
        }
        let found = || listed(headers.iter().map(String::as_str));
        let (vacancy, organisation) = match names {
            VacancyNames::OfApplications => {
                (mapping.column("vacancy_id", headers), mapping.column("organisation", headers))
            }
            VacancyNames::OfCounts => {
                (["stratum", "vacancy", "vacancy_id"].iter().find_map(|name| own(name)), None)
            }
        };
        let vacancy = match vacancy {
            Some(vacancy) => vacancy,
            // Counts that do not tell vacancies apart have none to say anything of.
            None if names == VacancyNames::OfCounts && wanted.is_empty() => return Ok(None),
            None => {
                return Err(TabularError::MissingColumn { wanted: "vacancy_id", found: found() });
            }
        };
        let mut levels = Vec::new();
        for name in wanted {
            let column = own(name).ok_or_else(|| TabularError::NoSuchColumn {
                column: name.clone(),
                found: found(),
            })?;
            levels.push((name.clone(), column));
        }
        let wanted = Wanted::of(headers, mapping)?;
        Ok(Some(Self { organisation, vacancy, decided, family, levels, wanted }))
    }

    /// The name that the counts give to the vacancy of a row, into a buffer.
    fn name(&self, record: &[u8], fields: &Fields, into: &mut Vec<u8>) {
        let field = |column: usize| fields.get(record, column).unwrap_or_default().trim_ascii();
        into.clear();
        if let Some(organisation) = self.organisation {
            into.extend_from_slice(field(organisation));
            into.push(b'/');
        }
        into.extend_from_slice(field(self.vacancy));
    }
}

/// Reads what a table, text or workbook, says of its vacancies, and the level of each wanted column. Nothing where its
/// header promises nothing.
///
/// # Errors
/// When a wanted column is missing, or the file is no table.
pub fn read_vacancies(
    source: impl Read + Send,
    mapping: &Mapping,
    names: VacancyNames,
    wanted: &[String],
) -> Result<VacancyRows, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let Some(columns) = Columns::of(&headers, mapping, names, wanted)? else {
        return Ok(VacancyRows::default());
    };
    let mut unreadable_dates = 0;
    let mut vacancies: HashMap<Vec<u8>, VacancyRow> = HashMap::new();
    let mut key = Vec::new();
    each_row(source.blocks, |_, record, fields| {
        let text = |column: usize| {
            text_of(fields.get(record, column).unwrap_or_default()).trim().to_owned()
        };
        if !columns.wanted.takes(record, fields) {
            return;
        }
        columns.name(record, fields, &mut key);
        if !vacancies.contains_key(&key) {
            vacancies.insert(key.clone(), VacancyRow::default());
        }
        let Some(row) = vacancies.get_mut(&key) else { return };
        if let Some(given) = columns.decided.map(text).filter(|given| !given.is_empty()) {
            match date(&given) {
                Some(date) => {
                    row.decided_on = row.decided_on.max(Some(date));
                    let first = row.first_decided_on.map_or(date, |first| first.min(date));
                    row.first_decided_on = Some(first);
                }
                None => unreadable_dates += 1,
            }
        }
        if let Some(named) = columns.family.map(text).filter(|named| !named.is_empty()) {
            row.family.get_or_insert(named);
        }
        for (name, column) in &columns.levels {
            let value = text(*column);
            match row.levels.get_mut(name) {
                None => {
                    row.levels.insert(name.clone(), (!value.is_empty()).then_some(value));
                }
                Some(level) if level.as_deref() != Some(value.as_str()) => *level = None,
                Some(_) => {}
            }
        }
    })?;
    let named = |(name, row): (Vec<u8>, VacancyRow)| match text_of(&name) {
        name if name.is_empty() => (ONE_STRATUM.to_owned(), row),
        name => (name, row),
    };
    let vacancies = vacancies.into_iter().map(named).collect();
    Ok(VacancyRows { vacancies, unreadable_dates })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vacancy_has_its_latest_date_and_only_levels_that_all_its_rows_share() {
        let table = "vacancy_id,furthest_stage,decision date,family,grade,type\n\
                     V1,received,01/02/2026,housing,G5,internal\n\
                     V1,received,2026-03-01,housing,G5,external\n\
                     V2,received,,,G7,internal\n\
                     V2,received,maybe,,G7,internal\n";
        let mapping = Mapping::usual().unwrap();
        let wanted = ["grade".to_owned(), "type".to_owned()];
        let names = VacancyNames::OfApplications;
        let rows = read_vacancies(table.as_bytes(), &mapping, names, &wanted).unwrap();
        let first = rows.vacancies.get("V1").unwrap();
        assert_eq!(first.decided_on, Some(jiff::civil::date(2026, 3, 1)));
        assert_eq!(first.first_decided_on, Some(jiff::civil::date(2026, 2, 1)));
        assert_eq!(first.family.as_deref(), Some("housing"));
        assert_eq!(first.levels.get("grade").unwrap().as_deref(), Some("G5"));
        assert_eq!(first.levels.get("type"), Some(&None));
        assert_eq!(
            (rows.vacancies.get("V2").unwrap().decided_on, rows.unreadable_dates),
            (None, 1)
        );
    }

    #[test]
    fn vacancies_are_read_from_any_encoding_and_separator_and_only_from_rows_that_are_wanted() {
        let table = "vacancy_id;furthest_stage;decision date;grade\n\
                     Caf\u{e9};received;01/02/2026;G5\n\
                     Caf\u{e9};received;01/03/2026;G7\n";
        let wide = |text: &str| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        };
        let narrow: Vec<u8> =
            table.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        let mapping = Mapping::usual().unwrap().only("grade", "g5");
        for bytes in [table.as_bytes().to_vec(), wide(table), narrow] {
            let names = VacancyNames::OfApplications;
            let wanted = ["grade".to_owned()];
            let rows = read_vacancies(bytes.as_slice(), &mapping, names, &wanted).unwrap();
            let found = rows.vacancies.get("Caf\u{e9}").unwrap();
            let date = Some(jiff::civil::date(2026, 2, 1));
            assert_eq!((found.first_decided_on, found.decided_on), (date, date));
            assert_eq!(found.levels.get("grade").unwrap().as_deref(), Some("G5"));
        }
    }

    #[test]
    fn counts_name_their_vacancies_by_stratum() {
        let table = "characteristic,category,stage,stratum,entered,progressed,decision date\n\
                     sex,female,received,V1,9,3,2026-01-02\n\
                     sex,female,received,,9,3,2026-01-03\n";
        let mapping = Mapping::usual().unwrap();
        let rows = read_vacancies(table.as_bytes(), &mapping, VacancyNames::OfCounts, &[]).unwrap();
        let on = |name: &str| rows.vacancies.get(name).unwrap().decided_on;
        assert_eq!(on("V1"), Some(jiff::civil::date(2026, 1, 2)));
        assert_eq!(on(ONE_STRATUM), Some(jiff::civil::date(2026, 1, 3)));
        let nothing = "vacancy_id,furthest_stage,sex\nV1,received,Female\n";
        let names = VacancyNames::OfApplications;
        let rows = read_vacancies(nothing.as_bytes(), &mapping, names, &[]).unwrap();
        assert!(rows.vacancies.is_empty());
    }
}
