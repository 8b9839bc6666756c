//! Which column of an applications table holds what. Reads the header only.

use std::collections::HashMap;

use super::super::wanted::Wanted;
use super::super::{ColumnNotes, Mapping, TabularError, folded, listed, slug};
use crate::domain::CharacteristicId;
use crate::rulebook::{Characteristics, Rulebook, YesAndNo};

/// What a table of applications may have beside characteristics, by our names.
const OF_APPLICATIONS: [&str; 12] = [
    "application_id",
    "vacancy_id",
    "furthest_stage",
    "withdrew",
    "organisation",
    "decided_on",
    "family",
    "opened_on",
    "vacancy_title",
    "grade",
    "directorate",
    "contract",
];

/// Which column holds what.
pub(super) struct Layout {
    pub(super) vacancy: usize,
    pub(super) organisation: Option<usize>,
    /// Columns that say something of the vacancy, read another time.
    pub(super) of_vacancy: Vec<usize>,
    /// The furthest stage; none where events say it.
    pub(super) stage: Option<usize>,
    pub(super) withdrew: Option<usize>,
    pub(super) application: Option<usize>,
    pub(super) characteristics: Vec<(CharacteristicId, usize, bool)>,
    pub(super) wanted: Wanted,
    /// Whether another table says what became of the applications.
    has_events: bool,
    /// Columns of declared factors, in the order of the mapping.
    pub(super) factors: Vec<usize>,
}

impl Layout {
    pub(super) fn of(
        headers: &[String],
        mapping: &Mapping,
        rules: &Rulebook,
        has_events: bool,
    ) -> Result<Self, TabularError> {
        let found = || listed(headers.iter().map(String::as_str));
        let needed = |wanted: &'static str| {
            mapping
                .column(wanted, headers)
                .ok_or_else(|| TabularError::MissingColumn { wanted, found: found() })
        };
        let named = |column: &str| {
            headers.iter().position(|header| folded(header) == folded(column)).ok_or_else(|| {
                TabularError::NoSuchColumn { column: column.to_owned(), found: found() }
            })
        };
        let mut layout = Self {
            vacancy: needed("vacancy_id")?,
            organisation: mapping.column("organisation", headers),
            of_vacancy: ["decided_on", "family"]
                .iter()
                .filter_map(|name| mapping.column(name, headers))
                .collect(),
            stage: if has_events { None } else { Some(needed("furthest_stage")?) },
            withdrew: mapping.column("withdrew", headers).filter(|_| !has_events),
            application: if has_events {
                Some(needed("application_id")?)
            } else {
                mapping.column("application_id", headers)
            },
            characteristics: Vec::new(),
            wanted: Wanted::of(headers, mapping)?,
            has_events,
            factors: Vec::new(),
        };
        for (id, column) in mapping.characteristics() {
            let known = rules.characteristics().get(id).is_some();
            layout.characteristics.push((id.clone(), named(column)?, known));
        }
        // A column that bears just the name of the rules comes before one that says it in other words.
        let known = rules.characteristics();
        for is_exact in [true, false] {
            for (place, header) in headers.iter().enumerate() {
                let id = known.of_column(header).filter(|_| known.has_column(header) == is_exact);
                if let Some(id) = id {
                    layout.add(id.clone(), place, true);
                }
            }
        }
        for column in mapping.extra() {
            let place = named(column)?;
            if let Ok(id) = slug(column).parse() {
                layout.add(id, place, false);
            }
        }
        for factor in mapping.factors() {
            layout.factors.push(named(&factor.name)?);
        }
        if layout.characteristics.is_empty() {
            return Err(TabularError::NoCharacteristic { found: found() });
        }
        Ok(layout)
    }

    /// Adds a characteristic, unless it has a column or the column a use.
    fn add(&mut self, id: CharacteristicId, place: usize, known: bool) {
        let taken = self.characteristics.iter().any(|(other, at, _)| *other == id || *at == place);
        let used = [Some(self.vacancy), self.stage, self.withdrew, self.application];
        if !taken && !used.contains(&Some(place)) {
            self.characteristics.push((id, place, known));
        }
    }

    /// What a plain yes and no mean in the columns of which that depends on what they ask.
    pub(super) fn yes_and_no(
        &self,
        headers: &[String],
        known: &Characteristics,
    ) -> HashMap<CharacteristicId, YesAndNo> {
        let asked = self.characteristics.iter().filter_map(|(id, place, _)| {
            Some((id.clone(), known.yes_and_no(id, headers.get(*place)?)?))
        });
        asked.collect()
    }

    /// What was made of columns where somebody may have expected something else.
    pub(super) fn notes(
        &self,
        headers: &[String],
        mapping: &Mapping,
        known: &Characteristics,
    ) -> ColumnNotes {
        let of_events = ["furthest_stage", "withdrew"];
        let wanted = OF_APPLICATIONS.iter().filter(|n| !(self.has_events && of_events.contains(n)));
        ColumnNotes {
            worded: self.worded(headers, known),
            ignored: self.ignored(headers),
            missing: mapping.missing(&wanted.copied().collect::<Vec<_>>(), headers),
        }
    }

    /// Columns whose characteristic follows from how their name is worded, not from a name of the rules or the mapping,
    /// each with what it was taken for.
    fn worded(&self, headers: &[String], known: &Characteristics) -> Vec<String> {
        let found = self.characteristics.iter().filter_map(|(id, place, _)| {
            let header = headers.get(*place)?;
            let is_worded = !known.has_column(header) && known.of_column(header) == Some(id);
            is_worded.then(|| format!("'{header}' as {id}"))
        });
        found.collect()
    }

    /// The names of the columns that say something of the vacancy.
    pub(super) fn of_vacancy(&self, headers: &[String]) -> Vec<String> {
        self.of_vacancy.iter().filter_map(|place| headers.get(*place).cloned()).collect()
    }

    fn ignored(&self, headers: &[String]) -> Vec<String> {
        let used = [Some(self.vacancy), self.stage, self.withdrew, self.application];
        let is_used = |place: usize| {
            used.contains(&Some(place))
                || self.organisation == Some(place)
                || self.of_vacancy.contains(&place)
                || self.factors.contains(&place)
                || self.characteristics.iter().any(|(_, at, _)| *at == place)
        };
        let ignored = headers.iter().enumerate().filter(|(place, _)| !is_used(*place));
        ignored.map(|(_, header)| header.clone()).collect()
    }
}
