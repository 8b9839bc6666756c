//! A counts table: one row a cell, `characteristic,category,stage,stratum,entered,progressed`. Checks and adds up; it
//! compares nothing.

use std::collections::HashMap;
use std::io::Read;

use super::pairs::Pair;
use super::source::{Fields, Source, place, text_of};
use super::{
    Mapping, RowProblem, TabularError, Tabulated, TabulatedCharacteristic, category_of_label,
    each_row, folded, header_of, listed, own_bands, slug, stages,
};
use crate::domain::{CategoryId, CharacteristicId, StageId, TallyCounts};
use crate::rulebook::{Characteristics, Rulebook};

/// The largest count that is taken for people.
const LARGEST: u64 = 1_000_000_000_000;
/// Vacancies of a counts table that does not tell them apart.
pub(super) const ONE_STRATUM: &str = "all vacancies";

/// Reads a counts table. Labels that the rules do not know stand as categories of their own and are listed.
///
/// # Errors
/// When a column is missing, the file is not CSV, or no row can be counted.
pub fn read_counts(
    source: impl Read + Send,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Tabulated, TabularError> {
    let mut source = Source::open(source, mapping.sheet())?;
    let headers = header_of(&mut source)?;
    let columns = Columns::of(&headers)?;
    let mut table = Tabulated {
        stages: rules.recruitment().progress().to_vec(),
        other_sheets: std::mem::take(&mut source.other_sheets),
        ..Tabulated::default()
    };
    let sheet = source.sheet.clone();
    let mut strata = HashMap::new();
    each_row(source.blocks, |line, record, fields| {
        table.rows += 1;
        match row(record, fields, &columns, mapping, rules) {
            Ok(row) => add(&mut table, &mut strata, row),
            Err((column, problem)) => {
                let place = place(sheet.as_deref(), line, column, &headers);
                table.leave_out(RowProblem { line, place, problem });
            }
        }
    })?;
    if table.rows == table.left_out {
        return Err(TabularError::NothingCounted { first: table.first_problem() });
    }
    let cells = table.strata.len() * table.stages.len();
    for characteristic in &mut table.characteristics {
        settle_bands(characteristic, rules.characteristics());
        for tallies in &mut characteristic.cells {
            tallies.resize(cells, TallyCounts::default());
        }
    }
    Ok(table)
}

struct Columns {
    characteristic: usize,
    category: usize,
    stage: usize,
    stratum: Option<usize>,
    entered: usize,
    progressed: usize,
}

impl Columns {
    fn of(headers: &[String]) -> Result<Self, TabularError> {
        let find = |names: &[&str]| {
            let mut names = names.iter();
            names.find_map(|name| headers.iter().position(|h| folded(h) == folded(name)))
        };
        let need = |wanted: &'static str, names: &[&str]| {
            find(names).ok_or_else(|| TabularError::MissingColumn {
                wanted,
                found: listed(headers.iter().map(String::as_str)),
            })
        };
        Ok(Self {
            characteristic: need("characteristic", &["characteristic"])?,
            category: need("category", &["category", "group"])?,
            stage: need("stage", &["stage"])?,
            stratum: find(&["stratum", "vacancy", "vacancy_id"]),
            entered: need("entered", &["entered", "total", "applied"])?,
            progressed: need("progressed", &["progressed", "selected"])?,
        })
    }
}

struct Row {
    characteristic: CharacteristicId,
    characteristic_label: Option<String>,
    category: CategoryId,
    category_label: Option<String>,
    unknown_label: Option<String>,
    stage: usize,
    stratum: String,
    entered: u64,
    progressed: u64,
}

/// What a row's characteristic means.
pub(super) struct Named {
    pub(super) id: CharacteristicId,
    /// What people read for it, where the rules do not say.
    pub(super) label: Option<String>,
    pub(super) is_known: bool,
}

impl Named {
    /// A characteristic that no rule knows.
    fn of_own(name: &str, mapping: &Mapping) -> Result<Self, String> {
        let id = slug(name)
            .parse()
            .map_err(|_| "is empty; name a characteristic, e.g. ethnic_group".to_owned())?;
        if let Some(problem) = mapping.refuses_unknown(name) {
            return Err(problem);
        }
        Ok(Self { id, label: Some(name.trim().to_owned()), is_known: false })
    }
}

/// What a row's category means.
pub(super) struct Group {
    pub(super) id: CategoryId,
    /// What people read for it, where the rules do not say.
    pub(super) label: Option<String>,
    /// The label, where the rules should know it and do not.
    pub(super) unknown_label: Option<String>,
}

impl Group {
    fn of(
        named: &Named,
        (name, label): (&str, &str),
        mapping: &Mapping,
        known: &Characteristics,
    ) -> Result<Self, String> {
        let asked = known.yes_and_no(&named.id, name);
        let mapped = mapping
            .category(&named.id, label)
            .or_else(|| asked.and_then(|asked| asked.category(label).cloned()));
        let own = || (!named.is_known).then(|| label.trim().to_owned());
        let found = known.known_category(&named.id, label);
        let is_own = |id: &CategoryId| known.get(&named.id).is_some_and(|c| !c.has(id));
        if let Some(id) = own_bands::stated(known, &named.id, label).filter(|_| mapped.is_none()) {
            let own = is_own(&id).then(|| known.label(&named.id, &id));
            let unknown_label = found.is_none().then(|| label.trim().to_owned());
            return Ok(Self { id, label: own, unknown_label });
        }
        if let Some(id) = mapped.or(found) {
            return Ok(Self { id, label: own(), unknown_label: None });
        }
        let id = category_of_label(label)
            .ok_or_else(|| "has no letters or digits; name a category".to_owned())?;
        let unknown_label = named.is_known.then(|| label.trim().to_owned());
        Ok(Self { id, label: Some(label.trim().to_owned()), unknown_label })
    }
}

fn row(
    record: &[u8],
    fields: &Fields,
    columns: &Columns,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<Row, (usize, String)> {
    let text = |column: usize| text_of(fields.get(record, column).unwrap_or_default());
    let known = rules.characteristics();
    let name = text(columns.characteristic);
    let label = text(columns.category);
    let pair = Pair::of(&name, mapping, known);
    let (named, group) = match (known.of_column(&name), pair) {
        (None, Some(pair)) => (pair.named(known), pair.group(&label, mapping, known)),
        (Some(id), _) => {
            let named = Named { id: id.clone(), label: None, is_known: true };
            let group = Group::of(&named, (&name, &label), mapping, known);
            (Ok(named), group)
        }
        (None, None) => {
            let named = Named::of_own(&name, mapping).map_err(|p| (columns.characteristic, p))?;
            let group = Group::of(&named, (&name, &label), mapping, known);
            (Ok(named), group)
        }
    };
    let named = named.map_err(|p| (columns.characteristic, p))?;
    let group = group.map_err(|p| (columns.category, p))?;
    let stage = stage(&text(columns.stage), mapping, rules).map_err(|p| (columns.stage, p))?;
    let count = |column: usize| {
        let text = text(column);
        text.trim().parse::<u64>().ok().filter(|count| *count <= LARGEST).ok_or_else(|| {
            (column, format!("'{text}' is not a count; write a whole number without separators"))
        })
    };
    let (entered, progressed) = (count(columns.entered)?, count(columns.progressed)?);
    if progressed > entered {
        let problem =
            format!("{progressed} progressed of {entered} who entered; check both counts");
        return Err((columns.progressed, problem));
    }
    let stratum = columns.stratum.map(|column| text(column).trim().to_owned());
    let stratum = stratum.filter(|s| !s.is_empty()).unwrap_or_else(|| ONE_STRATUM.to_owned());
    Ok(Row {
        characteristic_label: named.label,
        category_label: group.label,
        characteristic: named.id,
        category: group.id,
        unknown_label: group.unknown_label,
        stage,
        stratum,
        entered,
        progressed,
    })
}

/// Puts stated bands under the rules' where they fit in, and stands by them where they are a division of their own. What
/// is neither stays as it was written, with its label listed.
fn settle_bands(found: &mut TabulatedCharacteristic, known: &Characteristics) {
    let settled = own_bands::settled(known, &found.id, &found.categories);
    if settled.is_empty() {
        let stands = |label: &str| {
            let band = own_bands::stated(known, &found.id, label);
            band.is_some_and(|band| found.categories.contains(&band))
        };
        found.unknown_labels.retain(|(label, _)| !stands(label));
        return;
    }
    for (band, to) in settled.iter().filter(|(_, to)| known.declared(to)) {
        let Some(from) = found.categories.iter().position(|known| known == band) else { continue };
        let cells = found.cells.remove(from);
        found.categories.remove(from);
        found.category_labels.remove(from);
        let into = found.categories.iter().position(|known| known == to).unwrap_or_else(|| {
            found.categories.push(to.clone());
            found.category_labels.push(None);
            found.cells.push(Vec::new());
            found.categories.len() - 1
        });
        let Some(sum) = found.cells.get_mut(into) else { continue };
        sum.resize(sum.len().max(cells.len()), TallyCounts::default());
        sum.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
    }
}

fn stage(label: &str, mapping: &Mapping, rules: &Rulebook) -> Result<usize, String> {
    stages::rank(label, mapping, rules).ok_or_else(|| {
        let progress = rules.recruitment().progress().iter();
        let known: Vec<&str> = progress.map(StageId::as_str).collect();
        format!("'{label}' is not a stage; the stages are {}", known.join(", "))
    })
}

fn add(table: &mut Tabulated, strata: &mut HashMap<String, usize>, row: Row) {
    let stratum = *strata.entry(row.stratum).or_insert_with_key(|name| {
        table.strata.push(name.clone());
        table.strata.len() - 1
    });
    let found = table.characteristics.iter().position(|known| known.id == row.characteristic);
    let place = found.unwrap_or_else(|| {
        table.characteristics.push(TabulatedCharacteristic {
            id: row.characteristic.clone(),
            label: row.characteristic_label.clone(),
            categories: Vec::new(),
            category_labels: Vec::new(),
            cells: Vec::new(),
            unknown_labels: Vec::new(),
            rows: Some(0),
        });
        table.characteristics.len() - 1
    });
    let Some(characteristic) = table.characteristics.get_mut(place) else { return };
    if let Some(rows) = &mut characteristic.rows {
        *rows += 1;
    }
    if let Some(label) = row.unknown_label {
        match characteristic.unknown_labels.iter_mut().find(|(known, _)| *known == label) {
            Some((_, rows)) => *rows += 1,
            None => characteristic.unknown_labels.push((label, 1)),
        }
    }
    let known = characteristic.categories.iter().position(|known| *known == row.category);
    let place = known.unwrap_or_else(|| {
        characteristic.categories.push(row.category.clone());
        characteristic.cells.push(Vec::new());
        characteristic.category_labels.push(row.category_label.clone());
        characteristic.categories.len() - 1
    });
    let cell = stratum * table.stages.len() + row.stage;
    let Some(cells) = characteristic.cells.get_mut(place) else { return };
    if cells.len() <= cell {
        cells.resize(cell + 1, TallyCounts::default());
    }
    if let Some(tally) = cells.get_mut(cell) {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        *tally += TallyCounts {
            reached: count(row.entered),
            progressed: count(row.progressed),
            unsuccessful: count(row.entered - row.progressed),
            withdrawn: 0,
        };
    }
}
