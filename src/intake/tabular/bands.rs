//! Declared factors of a table, such as years of experience or a required qualification: their values in a few bands.
//! A reading of the same file ahead of the counting one; it counts nobody.

use std::collections::HashMap;
use std::io::Read;

use super::intern::Interned;
use super::source::{Source, text_of};
use super::wanted::Wanted;
use super::{Mapping, TabularError, each_row, folded, header_of, listed};

/// The most bands of a factor, blanks apart; numbers with more values are divided into so many.
pub const MOST_BANDS: usize = 5;
/// The most levels of a factor whose values are names.
const MOST_LEVELS: usize = 30;
/// The most different values of a column of numbers.
const MOST_VALUES: usize = 1 << 20;
/// What parts the name of a vacancy from the bands of its people.
pub const BAND: char = '\u{1f}';

/// A factor in bands.
#[derive(Debug, Clone)]
pub struct Factor {
    /// The column, as it was asked for.
    pub name: String,
    /// What people read for each band, in order; the last is for those without a value and has no name.
    pub bands: Vec<String>,
    /// The band of each value, as the file writes it.
    of: HashMap<Vec<u8>, u32>,
}

impl Factor {
    /// The band of a value.
    pub(super) fn band(&self, value: &[u8]) -> u32 {
        let none = u32::try_from(self.bands.len().saturating_sub(1)).unwrap_or(0);
        self.of.get(value.trim_ascii()).copied().unwrap_or(none)
    }

    fn of(name: &str, values: &HashMap<Vec<u8>, u64>) -> Result<Self, TabularError> {
        let texts = || values.iter().map(|(value, rows)| (value, text_of(value), *rows));
        let all: u64 = values.values().sum();
        let numeric: u64 =
            texts().filter(|(_, t, _)| number(t).is_some()).map(|(.., rows)| rows).sum();
        // A few words among numbers, such as "n/a", do not make names of them.
        let (mut bands, of) = if all > 0 && numeric * 20 >= all * 19 {
            of_numbers(values)
        } else {
            of_names(values)
                .ok_or_else(|| TabularError::TooManyValues { column: name.to_owned() })?
        };
        bands.push(String::new());
        Ok(Self { name: name.to_owned(), bands, of })
    }
}

/// A number as people write it in a table.
fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

type Banded = (Vec<String>, HashMap<Vec<u8>, u32>);

/// Few different numbers are a band each; more are divided where fifths of the people are.
fn of_numbers(values: &HashMap<Vec<u8>, u64>) -> Banded {
    let mut sorted: Vec<(f64, &Vec<u8>, u64)> = values
        .iter()
        .filter_map(|(value, rows)| Some((number(&text_of(value))?, value, *rows)))
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut distinct: Vec<f64> = sorted.iter().map(|(number, ..)| *number).collect();
    distinct.dedup();
    let edges: Vec<f64> = if distinct.len() <= MOST_BANDS {
        distinct
    } else {
        let all: u64 = sorted.iter().map(|(.., rows)| rows).sum();
        let mut edges = Vec::new();
        let mut below = 0;
        for (number, _, rows) in &sorted {
            below += rows;
            let wanted = (edges.len() as u64 + 1) * all;
            if below * MOST_BANDS as u64 >= wanted && edges.last() != Some(number) {
                edges.push(*number);
            }
        }
        edges.truncate(MOST_BANDS - 1);
        edges.extend(distinct.last());
        edges.dedup();
        edges
    };
    let single = |place: usize| {
        let below = place.checked_sub(1).and_then(|before| edges.get(before));
        let edge = edges.get(place).copied().unwrap_or(f64::INFINITY);
        sorted.iter().all(|(n, ..)| *n > edge || below.is_some_and(|b| n <= b) || *n == edge)
    };
    let labels = edges.iter().enumerate().map(|(place, edge)| {
        let before = place.checked_sub(1).and_then(|before| edges.get(before));
        match before {
            _ if single(place) => edge.to_string(),
            None => format!("\u{2264} {edge}"),
            Some(before) if place + 1 == edges.len() => format!("> {before}"),
            Some(before) => format!("> {before}, \u{2264} {edge}"),
        }
    });
    let place = |number: f64| edges.partition_point(|edge| *edge < number).min(edges.len() - 1);
    let of = sorted
        .iter()
        .map(|(number, value, _)| ((*value).clone(), u32::try_from(place(*number)).unwrap_or(0)));
    (labels.collect(), of.collect())
}

/// Each name a band, by name; none when there are too many to compare within.
fn of_names(values: &HashMap<Vec<u8>, u64>) -> Option<Banded> {
    let mut names: Vec<(String, String, &Vec<u8>)> = values
        .keys()
        .map(|value| {
            let text = text_of(value).trim().to_owned();
            (folded(&text), text, value)
        })
        .filter(|(folded, ..)| !folded.is_empty())
        .collect();
    names.sort();
    let mut bands: Vec<(String, String)> = Vec::new();
    let mut of = HashMap::new();
    for (folded, text, value) in names {
        if bands.last().is_none_or(|(known, _)| *known != folded) {
            bands.push((folded, text));
        }
        of.insert(value.clone(), u32::try_from(bands.len() - 1).unwrap_or(0));
    }
    (bands.len() <= MOST_LEVELS).then(|| (bands.into_iter().map(|(_, text)| text).collect(), of))
}

/// Reads the wanted columns of a table, text or workbook, and divides the values of each into bands.
///
/// # Errors
/// When a column is missing, when one holds more names than people can be compared within, or the file is no table.
pub fn read_bands(
    source: impl Read + Send,
    mapping: &Mapping,
    wanted: &[String],
) -> Result<Vec<Factor>, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let place = |name: &String| {
        headers.iter().position(|header| folded(header) == folded(name)).ok_or_else(|| {
            TabularError::NoSuchColumn {
                column: name.clone(),
                found: listed(headers.iter().map(String::as_str)),
            }
        })
    };
    let places = wanted.iter().map(place).collect::<Result<Vec<usize>, _>>()?;
    let only = Wanted::of(&headers, mapping)?;
    let mut values: Vec<HashMap<Vec<u8>, u64>> = vec![HashMap::new(); places.len()];
    let mut too_many = None;
    each_row(source.blocks, |_, record, fields| {
        let field = |place: usize| fields.get(record, place).unwrap_or_default().trim_ascii();
        if !only.takes(record, fields) {
            return;
        }
        for (number, (place, values)) in places.iter().zip(&mut values).enumerate() {
            let value = field(*place);
            if value.is_empty() {
                continue;
            }
            if let Some(rows) = values.get_mut(value) {
                *rows += 1;
            } else if values.len() < MOST_VALUES {
                values.insert(value.to_vec(), 1);
            } else {
                too_many = Some(number);
            }
        }
    })?;
    if let Some(column) = too_many.and_then(|number| wanted.get(number)) {
        return Err(TabularError::TooManyValues { column: column.clone() });
    }
    wanted.iter().zip(&values).map(|(name, values)| Factor::of(name, values)).collect()
}

/// The bands of a row's factors, looked up as fast as labels are.
#[derive(Debug, Default)]
pub(super) struct BandsOfRows(Vec<Interned>);

impl BandsOfRows {
    /// Adds the band of a value of the factor at a place to the name of a vacancy.
    pub(super) fn append(
        &mut self,
        place: usize,
        factor: &Factor,
        value: &[u8],
        name: &mut Vec<u8>,
    ) {
        if self.0.len() <= place {
            self.0.resize_with(place + 1, Interned::default);
        }
        let Some(known) = self.0.get_mut(place) else { return };
        let band = known.find(value).unwrap_or_else(|| {
            let band = factor.band(value);
            known.insert(value, band);
            band
        });
        name.extend_from_slice(format!("{BAND}{band}").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(column: &str, table: &str) -> Factor {
        let mapping = Mapping::usual().unwrap();
        let mut found = read_bands(table.as_bytes(), &mapping, &[column.to_owned()]).unwrap();
        found.remove(0)
    }

    #[test]
    fn numbers_are_divided_at_fifths_and_a_few_words_among_them_are_no_value() {
        let mut table = String::from("vacancy_id,years\n");
        for years in 0..100 {
            table.push_str(&format!("V1,{years}\n"));
        }
        table.push_str("V1,n/a\nV1,\n");
        let factor = bands("Years", &table);
        assert_eq!(
            factor.bands,
            [
                "\u{2264} 19",
                "> 19, \u{2264} 39",
                "> 39, \u{2264} 59",
                "> 59, \u{2264} 79",
                "> 79",
                ""
            ]
        );
        for (value, band) in [("0", 0), ("19", 0), ("20", 1), (" 80 ", 4), ("99", 4), ("n/a", 5)] {
            assert_eq!(factor.band(value.as_bytes()), band, "{value}");
        }
    }

    #[test]
    fn few_numbers_and_names_are_a_band_each() {
        let factor = bands("band", "vacancy_id,band\nV1,10\nV1,2\nV1,2.0\n");
        assert_eq!(factor.bands, ["2", "10", ""]);
        assert_eq!((factor.band(b"2"), factor.band(b"2.0"), factor.band(b"10")), (0, 0, 1));
        let factor = bands("degree", "vacancy_id,degree\nV1,Yes\nV1,yes \nV1,No\nV1,\n");
        assert_eq!(factor.bands, ["No", "Yes", ""]);
        assert_eq!((factor.band(b"yes"), factor.band(b"No"), factor.band(b"")), (1, 0, 2));
    }

    #[test]
    fn a_column_of_many_names_is_refused() {
        let rows: String = (0..40).map(|n| format!("V1,person {n}\n")).collect();
        let mapping = Mapping::usual().unwrap();
        let table = format!("vacancy_id,who\n{rows}");
        let error = read_bands(table.as_bytes(), &mapping, &["who".to_owned()]).unwrap_err();
        assert!(matches!(error, TabularError::TooManyValues { .. }), "{error}");
    }
}
