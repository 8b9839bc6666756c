//! Counters of the columns of an applications table, and of pairs of them: labels to categories to numbers. Knows no
//! rows.

use std::collections::HashMap;

use super::super::intern::Interned;
use super::super::{Mapping, category_of_label};
use super::layout::Layout;
use crate::domain::{CategoryId, CharacteristicId, NOT_ASKED, TallyCounts};
use crate::rulebook::{Characteristics, Rulebook};

/// Combined groups of two columns: which pair of their categories has which number.
pub(super) struct Pair {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) id: CharacteristicId,
    pub(super) numbers: HashMap<(u32, u32), u32>,
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) counters: Counters,
}

/// For each category, one counter for each vacancy and outcome.
#[derive(Default)]
pub(super) struct Counters(pub(super) Vec<Vec<u32>>);

/// One column and its counters.
pub(super) struct Column {
    pub(super) id: CharacteristicId,
    pub(super) name: String,
    pub(super) place: usize,
    pub(super) known: bool,
    pub(super) labels: Interned,
    pub(super) label_categories: Vec<u32>,
    pub(super) label_rows: Vec<(String, u64)>,
    pub(super) categories: Vec<CategoryId>,
    pub(super) category_labels: Vec<String>,
    pub(super) counters: Counters,
}

impl Column {
    /// The number of the category that a label means.
    pub(super) fn category(&mut self, label: &[u8], mapping: &Mapping, rules: &Rulebook) -> u32 {
        if let Some(place) = self.labels.find(label) {
            let place = place as usize;
            if let Some((_, rows)) = self.label_rows.get_mut(place) {
                *rows += 1;
            }
            return self.label_categories.get(place).copied().unwrap_or(0);
        }
        let text = String::from_utf8_lossy(label).into_owned();
        let category = self.resolve(&text, mapping, rules);
        let number = self.categories.iter().position(|known| *known == category);
        let number = number.unwrap_or_else(|| {
            self.categories.push(category);
            self.category_labels.push(text.trim().to_owned());
            self.counters.0.push(Vec::new());
            self.categories.len() - 1
        });
        let number = u32::try_from(number).unwrap_or(0);
        self.labels.insert(label, u32::try_from(self.label_rows.len()).unwrap_or(0));
        self.label_rows.push((text, 1));
        self.label_categories.push(number);
        number
    }

    fn resolve(&self, label: &str, mapping: &Mapping, rules: &Rulebook) -> CategoryId {
        let characteristics = rules.characteristics();
        if let Some(category) = mapping.category(&self.id, label) {
            return category;
        }
        let resolved = characteristics.resolve(&self.id, label);
        // An attribute that no rule knows has the organisation's own values as categories.
        if !self.known && resolved.as_str() == crate::domain::UNMAPPED {
            return category_of_label(label).unwrap_or(resolved);
        }
        if !self.known && label.trim().is_empty() {
            return characteristics.resolve(&self.id, NOT_ASKED);
        }
        resolved
    }

    /// What people read for the column.
    pub(super) fn label(&self, known: &Characteristics) -> String {
        known.get(&self.id).map_or_else(|| self.name.clone(), |known| known.label.clone())
    }

    /// What people read for a category.
    pub(super) fn category_label(&self, place: usize, known: &Characteristics) -> Option<String> {
        let category = self.categories.get(place)?;
        Some(match (self.known, self.category_labels.get(place)) {
            (false, Some(label)) => label.clone(),
            _ => known.label(&self.id, category),
        })
    }
}

impl Counters {
    pub(super) fn count(&mut self, category: usize, slot: usize, outcomes: usize) {
        if let Some(counters) = self.0.get_mut(category) {
            if counters.len() <= slot {
                // Whole vacancies at a time, and more than asked for, so that growing is rare.
                let vacancies = (slot / outcomes + 1).next_power_of_two();
                counters.resize(vacancies * outcomes, 0);
            }
            if let Some(counter) = counters.get_mut(slot) {
                *counter += 1;
            }
        }
    }
}

impl Pair {
    pub(super) fn count(&mut self, row: &[u32], slot: usize, outcomes: usize) {
        let (Some(first), Some(second)) = (row.get(self.first), row.get(self.second)) else {
            return;
        };
        let pair = (*first, *second);
        let number = match self.numbers.get(&pair) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.pairs.len()).unwrap_or(0);
                self.numbers.insert(pair, number);
                self.pairs.push(pair);
                self.counters.0.push(Vec::new());
                number
            }
        };
        self.counters.count(number as usize, slot, outcomes);
    }
}

/// The pairs that are wanted and whose columns are there.
pub(super) fn pairs(layout: &Layout, mapping: &Mapping) -> Vec<Pair> {
    let place =
        |id: &CharacteristicId| layout.characteristics.iter().position(|(known, ..)| known == id);
    mapping
        .intersections()
        .iter()
        .filter_map(|(first, second)| {
            Some(Pair {
                id: format!("{first}-{second}").parse().ok()?,
                first: place(first)?,
                second: place(second)?,
                numbers: HashMap::new(),
                pairs: Vec::new(),
                counters: Counters::default(),
            })
        })
        .collect()
}

/// The combined category of a pair; who did not say one of the two did not say the pair.
pub(super) fn combined(
    first: &Column,
    second: &Column,
    pair: (u32, u32),
    known: &Characteristics,
) -> CategoryId {
    let of = |column: &Column, place: u32| column.categories.get(place as usize).cloned();
    let unmapped = || known.resolve(&first.id, crate::domain::UNMAPPED);
    match (of(first, pair.0), of(second, pair.1)) {
        (Some(one), _) if !known.declared(&one) => one,
        (_, Some(two)) if !known.declared(&two) => two,
        (Some(one), Some(two)) => {
            // Long names are cut; the numbers keep cut names apart.
            let mut name = format!("{one}-{two}");
            if name.len() > 64 {
                name.truncate(52);
                name = format!("{name}-{}-{}", pair.0, pair.1);
            }
            name.parse().unwrap_or_else(|_| unmapped())
        }
        _ => unmapped(),
    }
}

pub(super) fn combined_label(
    first: &Column,
    second: &Column,
    pair: (u32, u32),
    known: &Characteristics,
) -> Option<String> {
    let one = first.category_label(pair.0 as usize, known)?;
    let two = second.category_label(pair.1 as usize, known)?;
    let declared = |column: &Column, place: u32| {
        column.categories.get(place as usize).is_some_and(|category| known.declared(category))
    };
    (declared(first, pair.0) && declared(second, pair.1)).then(|| format!("{one}, {two}"))
}

/// The tallies of one category from its counters, vacancy by vacancy.
pub(super) fn tallied(
    mut counters: Vec<u32>,
    outcomes: usize,
    vacancies: usize,
    width: usize,
    used: &[Vec<bool>],
) -> Vec<TallyCounts> {
    counters.resize(vacancies * outcomes, 0);
    let mut tallies = vec![TallyCounts::default(); vacancies * width];
    let by_vacancy = counters.chunks(outcomes).zip(tallies.chunks_mut(width));
    for ((counters, tallies), used) in by_vacancy.zip(used) {
        add_journeys(counters, tallies, used);
    }
    tallies
}

/// Adds the people of one vacancy to its tallies, by the furthest stage that they reached.
fn add_journeys(counters: &[u32], tallies: &mut [TallyCounts], used: &[bool]) {
    for (furthest, outcome) in counters.chunks(2).enumerate() {
        let (stayed, withdrew) = match outcome {
            [stayed, withdrew] => (i64::from(*stayed), i64::from(*withdrew)),
            _ => continue,
        };
        let last = tallies.len().saturating_sub(1);
        for (stage, tally) in tallies.iter_mut().enumerate().take(furthest + 1) {
            if !used.get(stage).copied().unwrap_or(false) {
                continue;
            }
            tally.reached += stayed + withdrew;
            if stage < furthest {
                tally.progressed += stayed + withdrew;
            } else {
                tally.withdrawn += withdrew;
                // Nobody is decided at the last stage: who is there has arrived.
                if stage < last {
                    tally.unsuccessful += stayed;
                }
            }
        }
    }
}
