//! Counters of the columns of an applications table, and of pairs of them: labels to categories to numbers. Knows no
//! rows.

use std::collections::HashMap;

use super::super::intern::Interned;
use super::super::source::text_of;
use super::super::{Mapping, TabularError, category_of_label, own_bands};
use super::layout::Layout;
use crate::domain::{CategoryId, CharacteristicId, NOT_ASKED, TallyCounts};
use crate::rulebook::{Characteristics, Rulebook};

/// What can have become of somebody at the furthest stage: turned down, withdrew, waits for a decision.
pub(in super::super) const ENDINGS: usize = 3;
/// The most labels of one column.
const MOST_LABELS: usize = 1 << 20;
/// The most values of a column that no rule knows.
const MOST_OWN_VALUES: usize = 500;

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

/// A label as the file writes it.
pub(super) struct Label {
    pub(super) text: String,
    /// The number of its category.
    pub(super) category: u32,
    /// How many rows bear it.
    pub(super) rows: u64,
    /// The row that had it first, for an order that does not depend on threads.
    pub(super) first: u64,
}

/// One column and its counters.
pub(super) struct Column {
    pub(super) id: CharacteristicId,
    pub(super) name: String,
    pub(super) place: usize,
    pub(super) known: bool,
    pub(super) interned: Interned,
    pub(super) labels: Vec<Label>,
    pub(super) categories: Vec<CategoryId>,
    pub(super) category_labels: Vec<String>,
    pub(super) counters: Counters,
}

impl Column {
    /// No label yet.
    pub(super) fn new(id: CharacteristicId, name: String, place: usize, known: bool) -> Self {
        Self {
            id,
            name,
            place,
            known,
            interned: Interned::default(),
            labels: Vec::new(),
            categories: Vec::new(),
            category_labels: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// The number of a label; it has a category from then on.
    #[inline]
    pub(super) fn label(
        &mut self,
        label: &[u8],
        row: u64,
        mapping: &Mapping,
        rules: &Rulebook,
    ) -> Result<u32, TabularError> {
        match self.interned.find(label) {
            Some(number) => Ok(number),
            None => self.add(label, row, mapping, rules),
        }
    }

    fn add(
        &mut self,
        label: &[u8],
        row: u64,
        mapping: &Mapping,
        rules: &Rulebook,
    ) -> Result<u32, TabularError> {
        let text = text_of(label);
        let category = self.resolve(&text, mapping, rules);
        let category = self.number_of(category, &text);
        let too_many = self.labels.len() >= MOST_LABELS
            || !self.known && self.categories.len() > MOST_OWN_VALUES;
        if too_many {
            return Err(TabularError::TooManyValues { column: self.name.clone() });
        }
        let number = u32::try_from(self.labels.len()).unwrap_or(0);
        self.interned.insert(label, number);
        self.labels.push(Label { text, category, rows: 0, first: row });
        Ok(number)
    }

    /// The number of a category, which bears a label that means it.
    pub(super) fn number_of(&mut self, category: CategoryId, label: &str) -> u32 {
        let found = self.categories.iter().position(|known| *known == category);
        let number = found.unwrap_or_else(|| {
            self.categories.push(category);
            self.category_labels.push(label.trim().to_owned());
            self.counters.0.push(Vec::new());
            self.categories.len() - 1
        });
        u32::try_from(number).unwrap_or(0)
    }

    fn resolve(&self, label: &str, mapping: &Mapping, rules: &Rulebook) -> CategoryId {
        let characteristics = rules.characteristics();
        if let Some(category) = mapping.category(&self.id, label) {
            return category;
        }
        if let Some(band) = own_bands::stated(characteristics, &self.id, label) {
            return band;
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
    pub(super) fn title(&self, known: &Characteristics) -> String {
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
    /// Adds the counters of one category, with the vacancies in another order.
    pub(super) fn add(
        &mut self,
        category: usize,
        from: &[u32],
        vacancies: &[u32],
        outcomes: usize,
    ) {
        let last = vacancies.iter().max().map_or(0, |last| *last as usize + 1);
        let Some(into) = self.0.get_mut(category) else { return };
        into.resize(into.len().max(last * outcomes), 0);
        for (from, vacancy) in from.chunks(outcomes).zip(vacancies) {
            let start = *vacancy as usize * outcomes;
            for (into, from) in into.get_mut(start..).unwrap_or_default().iter_mut().zip(from) {
                *into += from;
            }
        }
    }
}

impl Pair {
    pub(super) fn count(&mut self, pair: (u32, u32), slot: usize, outcomes: usize) {
        let number = self.number_of(pair);
        self.counters.count(number as usize, slot, outcomes);
    }

    /// The number of a pair of categories.
    pub(super) fn number_of(&mut self, pair: (u32, u32)) -> u32 {
        *self.numbers.entry(pair).or_insert_with(|| {
            self.pairs.push(pair);
            self.counters.0.push(Vec::new());
            u32::try_from(self.pairs.len() - 1).unwrap_or(0)
        })
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
    for (furthest, outcome) in counters.chunks(ENDINGS).enumerate() {
        let [stayed, withdrew, waiting] = outcome else { continue };
        let (stayed, withdrew, waiting) =
            (i64::from(*stayed), i64::from(*withdrew), i64::from(*waiting));
        let all = stayed + withdrew + waiting;
        if all == 0 {
            continue;
        }
        let last = used.iter().rposition(|used| *used).unwrap_or(0);
        for (stage, tally) in tallies.iter_mut().enumerate().take(furthest + 1) {
            if !used.get(stage).copied().unwrap_or(false) {
                continue;
            }
            tally.reached += all;
            if stage < furthest {
                tally.progressed += all;
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
