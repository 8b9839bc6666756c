//! What an applications table says of wanted applications: vacancy and category of each characteristic. For tables that
//! stand beside it, such as scores; it counts nobody.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::super::source::Source;
use super::super::{Mapping, TabularError, each_row, header_of, own_bands};
use super::columns::Column;
use super::layout::Layout;
use super::seen::identity;
use crate::domain::{CategoryId, CharacteristicId};
use crate::rulebook::{Characteristics, Rulebook};

/// Wanted applications, without anything that names them.
#[derive(Debug, Default)]
pub struct People {
    /// The vacancies.
    pub vacancies: Vec<String>,
    /// The characteristics.
    pub characteristics: Vec<PeopleCharacteristic>,
    /// Vacancy and one category a characteristic, by what stands for the application.
    pub found: HashMap<u64, (u32, Vec<u32>)>,
}

/// One characteristic of wanted applications.
#[derive(Debug)]
pub struct PeopleCharacteristic {
    /// The characteristic.
    pub id: CharacteristicId,
    /// What people read for it.
    pub label: String,
    /// Its categories, with what people read for each.
    pub categories: Vec<(CategoryId, String)>,
}

/// Reads the wanted applications; `with_vacancy` says whether what stands for them includes the vacancy.
pub(in super::super) fn read_people(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
    wanted: &HashSet<u64>,
    with_vacancy: bool,
) -> Result<People, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let layout = Layout::of(&headers, mapping, rules, true)?;
    let mapping = &mapping.answering(layout.yes_and_no(&headers, rules.characteristics()));
    let mut columns: Vec<Column> = layout
        .characteristics
        .iter()
        .map(|(id, place, known)| {
            let name = headers.get(*place).cloned().unwrap_or_default();
            Column::new(id.clone(), name, *place, *known)
        })
        .collect();
    let mut people = People::default();
    let mut vacancies: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut stopped = None;
    each_row(source.blocks, |line, record, fields| {
        let field = |place: usize| fields.get(record, place).unwrap_or_default().trim_ascii();
        let is_wanted = layout.wanted.takes(record, fields);
        let application = layout.application.map(field).unwrap_or_default();
        let vacancy = field(layout.vacancy);
        let key = identity(if with_vacancy { vacancy } else { &[] }, application);
        let known = people.found.contains_key(&key) || !wanted.contains(&key);
        if !is_wanted || application.is_empty() || vacancy.is_empty() || known {
            return;
        }
        let mut name = layout.organisation.map(field).unwrap_or_default().to_vec();
        if !name.is_empty() {
            name.push(b'/');
        }
        name.extend_from_slice(vacancy);
        let next = u32::try_from(vacancies.len()).unwrap_or(u32::MAX);
        let vacancy = *vacancies.entry(name).or_insert_with_key(|name| {
            people.vacancies.push(super::super::source::text_of(name));
            next
        });
        let mut categories = Vec::new();
        for column in &mut columns {
            match column.label(field(column.place), line, mapping, rules) {
                Ok(label) => {
                    let label = column.labels.get(label as usize);
                    categories.push(label.map_or(0, |label| label.category));
                }
                Err(error) => {
                    stopped.get_or_insert(error);
                    return;
                }
            }
        }
        people.found.insert(key, (vacancy, categories));
    })?;
    if let Some(error) = stopped {
        return Err(error);
    }
    let known = rules.characteristics();
    for (place, column) in columns.iter().enumerate() {
        let (characteristic, numbers) = settled(column, known);
        people.characteristics.push(characteristic);
        for (_, categories) in people.found.values_mut() {
            if let Some(number) = categories.get_mut(place) {
                *number = numbers.get(*number as usize).copied().unwrap_or(*number);
            }
        }
    }
    Ok(people)
}

/// A column's categories once all of its labels are known, and for each number that one had before, the one that it has
/// now.
fn settled(column: &Column, known: &Characteristics) -> (PeopleCharacteristic, Vec<u32>) {
    let moved = own_bands::settled(known, &column.id, &column.categories);
    let mut categories: Vec<(CategoryId, String)> = Vec::new();
    let mut numbers = Vec::new();
    for (place, before) in column.categories.iter().enumerate() {
        let id = moved.get(before).unwrap_or(before);
        let found = categories.iter().position(|(other, _)| other == id);
        let number = found.unwrap_or_else(|| {
            let label = match moved.get(before) {
                Some(moved) => Some(known.label(&column.id, moved)),
                None => column.category_label(place, known),
            };
            categories.push((id.clone(), label.unwrap_or_else(|| id.to_string())));
            categories.len() - 1
        });
        numbers.push(u32::try_from(number).unwrap_or(0));
    }
    let label = column.title(known);
    (PeopleCharacteristic { id: column.id.clone(), label, categories }, numbers)
}
