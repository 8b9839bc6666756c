//! Puts the counts of all threads together, in the order of the file, and turns counters into tallies.

use std::collections::{HashMap, HashSet};

use super::super::bands::BAND;
use super::super::events::EventStates;
use super::super::source::text_of;
use super::super::{Tabulated, TabulatedCharacteristic, own_bands};
use super::Plan;
use super::columns::{Column, Counters, ENDINGS, Label, Pair, combined, combined_label, tallied};
use super::worker::{Part, widest};
use crate::domain::{CategoryId, StageId, TallyCounts, UNMAPPED};
use crate::rulebook::Characteristics;

/// Events of applications that the table does not have are left out, described and counted.
pub(super) fn leave_out_events(parts: &[Part], events: &EventStates, table: &mut Tabulated) {
    let met: HashSet<u64> = parts.iter().flat_map(|part| part.met.iter().copied()).collect();
    for (rows, problem) in events.without(&met) {
        table.event_rows_left_out += rows;
        table.event_problems.push(problem);
    }
    table.event_problems.sort_by_key(|problem| problem.line);
}

/// Fills a table with what the threads counted.
pub(super) fn merge(mut parts: Vec<Part>, plan: &Plan<'_>, table: &mut Tabulated) {
    let (names, places) = vacancies(&parts);
    table.decided = vec![None; names.len()];
    for (part, places) in parts.iter().zip(&places) {
        for (decided, place) in part.decided.iter().zip(places) {
            if let Some(known) = table.decided.get_mut(*place as usize) {
                *known = widest(*known, *decided);
            }
        }
    }
    table.strata = names;
    let mut columns = Vec::new();
    for (place, (id, at, known)) in plan.layout.characteristics.iter().enumerate() {
        let name = plan.headers.get(*at).cloned().unwrap_or_default();
        let merged = Column::new(id.clone(), name, *at, *known);
        let mut taken: Vec<(usize, Column)> = Vec::new();
        for (number, part) in parts.iter_mut().enumerate() {
            if let Some(column) = part.columns.get_mut(place) {
                let empty = Column::new(column.id.clone(), String::new(), 0, false);
                taken.push((number, std::mem::replace(column, empty)));
            }
        }
        columns.push(merged_column(merged, taken, &places, plan));
    }
    let pairs = merged_pairs(&mut parts, &columns, &places, plan.outcomes);
    let columns: Vec<Column> = columns.into_iter().map(|(column, _)| column).collect();
    let used = used_stages(columns.first(), &table.strata, plan);
    characteristics(columns, pairs, &used, plan, table);
}

/// Every vacancy in the order of the file, and for each thread the place of each of its own.
fn vacancies(parts: &[Part]) -> (Vec<String>, Vec<Vec<u32>>) {
    let mut all: Vec<(&[u8], u64)> = parts
        .iter()
        .flat_map(|part| part.vacancies.iter().map(|(name, first)| (name.as_slice(), *first)))
        .collect();
    all.sort_by_key(|(_, first)| *first);
    let mut numbers: HashMap<&[u8], u32> = HashMap::new();
    let mut names = Vec::new();
    for (name, _) in all {
        numbers.entry(name).or_insert_with(|| {
            names.push(text_of(name));
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        });
    }
    let of = |part: &Part| {
        let names = part.vacancies.iter();
        names.map(|(name, _)| numbers.get(name.as_slice()).copied().unwrap_or(0)).collect()
    };
    (names, parts.iter().map(of).collect())
}

/// One column of all threads, and for each thread the new number of each category.
fn merged_column(
    mut merged: Column,
    parts: Vec<(usize, Column)>,
    vacancies: &[Vec<u32>],
    plan: &Plan<'_>,
) -> (Column, Vec<Vec<u32>>) {
    let met: Vec<CategoryId> =
        parts.iter().flat_map(|(_, column)| column.categories.iter().cloned()).collect();
    let settled = own_bands::settled(plan.rules.characteristics(), &merged.id, &met);
    let stands = |category: &CategoryId| settled.get(category).unwrap_or(category).clone();
    let mut labels: Vec<(u64, usize, usize)> = Vec::new();
    for (place, (_, column)) in parts.iter().enumerate() {
        labels.extend(column.labels.iter().enumerate().map(|(at, label)| (label.first, place, at)));
    }
    labels.sort_unstable();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (first, place, at) in labels {
        let Some((_, column)) = parts.get(place) else { continue };
        let Some(label) = column.labels.get(at) else { continue };
        let Some(category) = column.categories.get(label.category as usize).map(stands) else {
            continue;
        };
        let (text, rows) = (label.text.clone(), label.rows);
        let category = merged.number_of(category, &text);
        let at = *known.entry(text.clone()).or_insert_with(|| {
            merged.labels.push(Label { text, category, rows: 0, first });
            merged.labels.len() - 1
        });
        if let Some(label) = merged.labels.get_mut(at) {
            label.rows += rows;
        }
    }
    let mut numbers = vec![Vec::new(); vacancies.len()];
    for (part, column) in parts {
        let mut of_part = Vec::new();
        let counters = column.counters.0.into_iter();
        for ((category, label), counters) in
            column.categories.iter().zip(&column.category_labels).zip(counters)
        {
            let number = merged.number_of(stands(category), label);
            let places = vacancies.get(part).map_or(&[][..], Vec::as_slice);
            merged.counters.add(number as usize, &counters, places, plan.outcomes);
            of_part.push(number);
        }
        if let Some(into) = numbers.get_mut(part) {
            *into = of_part;
        }
    }
    (merged, numbers)
}

fn merged_pairs(
    parts: &mut [Part],
    columns: &[(Column, Vec<Vec<u32>>)],
    vacancies: &[Vec<u32>],
    outcomes: usize,
) -> Vec<Pair> {
    let count = parts.first().map_or(0, |part| part.pairs.len());
    let mut merged: Vec<Pair> = Vec::new();
    for place in 0..count {
        let mut all: Vec<((u32, u32), usize, Vec<u32>)> = Vec::new();
        let mut pair = None;
        for (number, part) in parts.iter_mut().enumerate() {
            let Some(found) = part.pairs.get_mut(place) else { continue };
            let renumbered = |column: usize, category: u32| {
                let numbers = columns.get(column).and_then(|(_, numbers)| numbers.get(number));
                numbers.and_then(|n| n.get(category as usize)).copied().unwrap_or(0)
            };
            for (of, counters) in found.pairs.iter().zip(std::mem::take(&mut found.counters.0)) {
                let of = (renumbered(found.first, of.0), renumbered(found.second, of.1));
                all.push((of, number, counters));
            }
            pair.get_or_insert_with(|| Pair {
                first: found.first,
                second: found.second,
                id: found.id.clone(),
                numbers: HashMap::new(),
                pairs: Vec::new(),
                counters: Counters::default(),
            });
        }
        all.sort_by_key(|(of, number, _)| (*of, *number));
        let Some(mut pair) = pair else { continue };
        for (of, part, counters) in all {
            let number = pair.number_of(of);
            let places = vacancies.get(part).map_or(&[][..], Vec::as_slice);
            pair.counters.add(number as usize, &counters, places, outcomes);
        }
        merged.push(pair);
    }
    merged
}

/// For each vacancy, whether it used each stage: all but the optional ones, and those at which somebody stopped. Bands
/// of one vacancy used the same stages. A table that ends with a stage, as one of shortlisting alone does, says nothing of
/// decisions after it; what events say of them stands.
fn used_stages(column: Option<&Column>, strata: &[String], plan: &Plan<'_>) -> Vec<Vec<bool>> {
    let stages = plan.rules.recruitment();
    let (progress, usual): (&[StageId], Vec<StageId>) = (stages.progress(), stages.usual());
    let stopped = |vacancy: usize, stage: usize| {
        let first = vacancy * plan.outcomes + stage * ENDINGS;
        column.is_some_and(|column| {
            column.counters.0.iter().any(|counters| {
                counters
                    .get(first..first + ENDINGS)
                    .is_some_and(|counts| counts.iter().any(|count| *count > 0))
            })
        })
    };
    let is_met = |stage: &usize| (0..strata.len()).any(|vacancy| stopped(vacancy, *stage));
    let last = match plan.events {
        Some(_) => progress.len(),
        None => (0..progress.len()).rev().find(is_met).unwrap_or(progress.len()),
    };
    let mut used: Vec<Vec<bool>> = (0..strata.len())
        .map(|vacancy| {
            let is_used = |(place, stage): (usize, &StageId)| {
                place <= last && (usual.contains(stage) || stopped(vacancy, place))
            };
            progress.iter().enumerate().map(is_used).collect()
        })
        .collect();
    if !plan.layout.factors.is_empty() {
        let vacancy = |stratum: &String| stratum.split(BAND).next().unwrap_or_default().to_owned();
        let mut of_vacancy: HashMap<String, Vec<bool>> = HashMap::new();
        for (stratum, used) in strata.iter().zip(&used) {
            let known = of_vacancy.entry(vacancy(stratum)).or_insert_with(|| used.clone());
            known.iter_mut().zip(used).for_each(|(known, used)| *known |= used);
        }
        for (stratum, used) in strata.iter().zip(&mut used) {
            used.clone_from(of_vacancy.get(&vacancy(stratum)).unwrap_or(&Vec::new()));
        }
    }
    used
}

fn characteristics(
    columns: Vec<Column>,
    pairs: Vec<Pair>,
    used: &[Vec<bool>],
    plan: &Plan<'_>,
    table: &mut Tabulated,
) {
    let (width, vacancies) = (table.stages.len(), table.strata.len());
    let tallies = |counters: Counters| -> Vec<Vec<TallyCounts>> {
        let by_category = counters.0.into_iter();
        by_category.map(|c| tallied(c, plan.outcomes, vacancies, width, used)).collect()
    };
    let known = plan.rules.characteristics();
    let mut combinations = Vec::new();
    for pair in pairs {
        let of = |column: usize| columns.get(column);
        let (Some(first), Some(second)) = (of(pair.first), of(pair.second)) else { continue };
        let pairs = pair.pairs.iter();
        combinations.push(TabulatedCharacteristic {
            rows: None,
            label: Some(format!(
                "{} and {}",
                first.title(known),
                second.title(known).to_lowercase()
            )),
            categories: pairs.clone().map(|p| combined(first, second, *p, known)).collect(),
            category_labels: pairs.map(|p| combined_label(first, second, *p, known)).collect(),
            cells: tallies(pair.counters),
            unknown_labels: Vec::new(),
            id: pair.id,
        });
    }
    for column in columns {
        let unknown_labels = unknown_labels(&column, known, plan);
        let own = !column.known;
        table.characteristics.push(TabulatedCharacteristic {
            rows: None,
            label: own.then(|| column.name.clone()),
            category_labels: column
                .category_labels
                .into_iter()
                .map(|label| own.then_some(label).filter(|label| !label.trim().is_empty()))
                .collect(),
            id: column.id,
            categories: column.categories,
            cells: tallies(column.counters),
            unknown_labels,
        });
    }
    table.characteristics.extend(combinations);
}

/// Labels that neither the rules nor the mapping know, the most frequent first.
fn unknown_labels(column: &Column, known: &Characteristics, plan: &Plan<'_>) -> Vec<(String, u64)> {
    let is_unmapped = |label: &Label| {
        let category = column.categories.get(label.category as usize);
        category.is_some_and(|category| category.as_str() == UNMAPPED)
    };
    let is_unknown = |label: &Label| {
        column.known
            && is_unmapped(label)
            && known.known_category(&column.id, &label.text).is_none()
            && plan.mapping.category(&column.id, &label.text).is_none()
    };
    let labels = column.labels.iter().filter(|label| label.rows > 0 && is_unknown(label));
    let mut labels: Vec<(String, u64)> =
        labels.map(|label| (label.text.clone(), label.rows)).collect();
    labels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    labels
}
