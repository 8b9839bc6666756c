//! What an audit is computed from: how many of each category entered and passed each stage of each vacancy.
//! Counts only; it compares nothing.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::domain::{CategoryId, CharacteristicId, StageId, TallyCounts, TallyPlace};

/// One cell: a category of a characteristic at a stage of a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The characteristic.
    pub characteristic: CharacteristicId,
    /// The category.
    pub category: CategoryId,
    /// The stage at which people stood.
    pub stage: StageId,
    /// The vacancy, which is the stratum of every comparison.
    pub stratum: String,
    /// Reached the stage, were decided there and had not withdrawn.
    pub entered: u64,
    /// Went on.
    pub progressed: u64,
    /// Reached the stage and wait for a decision.
    pub undecided: u64,
    /// Withdrew before the decision.
    pub withdrawn: u64,
}

/// What happened at one stage to one category in one vacancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StageCounts {
    /// Reached the stage, were decided there and had not withdrawn.
    pub entered: u64,
    /// Went on.
    pub progressed: u64,
    /// Wait for a decision.
    pub undecided: u64,
    /// Withdrew before the decision.
    pub withdrawn: u64,
}

impl StageCounts {
    /// Adds other counts to these.
    pub fn add(&mut self, other: Self) {
        self.entered += other.entered;
        self.progressed += other.progressed;
        self.undecided += other.undecided;
        self.withdrawn += other.withdrawn;
    }
}

/// What is known of a vacancy beside its counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StratumFacts {
    /// When its decisions were finished.
    pub decided_on: Option<Date>,
    /// The date of its first decision, where that is known, too.
    pub first_decided_on: Option<Date>,
    /// Vacancies that are alike enough to be watched together.
    pub family: Option<String>,
    /// Decisions are still to come: it adds no evidence yet.
    pub is_open: bool,
    /// Its level of each factor, e.g. `grade` = `G7`.
    pub levels: BTreeMap<String, String>,
}

/// Cells of many vacancies, by characteristic.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    stages: Vec<StageId>,
    strata: Vec<String>,
    facts: Vec<StratumFacts>,
    stratum_index: HashMap<String, usize>,
    characteristics: Vec<CharacteristicCounts>,
    labels: HashMap<(CharacteristicId, Option<CategoryId>), String>,
}

/// The cells of one characteristic.
#[derive(Debug, Clone)]
pub struct CharacteristicCounts {
    /// The characteristic.
    pub id: CharacteristicId,
    categories: Vec<CategoryCounts>,
}

/// The cells of one category: for every stage, one entry for each vacancy.
#[derive(Debug, Clone)]
pub struct CategoryCounts {
    /// The category.
    pub id: CategoryId,
    stages: Vec<Vec<StageCounts>>,
}

impl Counts {
    /// Nothing counted yet, for stages of progress in this order. Nobody is decided at the last one.
    pub fn new(stages: &[StageId]) -> Self {
        Self { stages: stages.to_vec(), ..Self::default() }
    }

    /// Counts of a list of cells. Cells of a stage that is not in the order are left out.
    pub fn from_cells(stages: &[StageId], cells: impl IntoIterator<Item = Cell>) -> Self {
        let mut counts = Self::new(stages);
        for cell in cells {
            counts.add_cell(&cell);
        }
        counts
    }

    /// Adds a cell.
    pub fn add_cell(&mut self, cell: &Cell) {
        let found = StageCounts {
            entered: cell.entered,
            progressed: cell.progressed,
            undecided: cell.undecided,
            withdrawn: cell.withdrawn,
        };
        self.add(&cell.characteristic, &cell.category, &cell.stage, &cell.stratum, found);
    }

    /// Adds to one cell.
    pub fn add(
        &mut self,
        characteristic: &CharacteristicId,
        category: &CategoryId,
        stage: &StageId,
        stratum: &str,
        counts: StageCounts,
    ) {
        let Some(stage) = self.stages.iter().position(|known| known == stage) else { return };
        let stratum = self.stratum(stratum);
        let stages = self.stages.len();
        let of_characteristic = self.characteristic_mut(characteristic);
        let index = of_characteristic.category_index(category, stages);
        if let Some(cells) = of_characteristic
            .categories
            .get_mut(index)
            .and_then(|category| category.stages.get_mut(stage))
        {
            if cells.len() <= stratum {
                cells.resize(stratum + 1, StageCounts::default());
            }
            if let Some(cell) = cells.get_mut(stratum) {
                cell.add(counts);
            }
        }
    }

    /// Adds a cell of the tallies that the service keeps.
    ///
    /// In a closed vacancy, who has no outcome did not progress. In an open one they are reported and not counted.
    /// Negative counts, which only a damaged view could hold, count as none.
    pub fn add_tally(&mut self, at: TallyPlace<'_>, tally: TallyCounts, closed: bool) {
        let people = |count: i64| u64::try_from(count).unwrap_or(0);
        let undecided = people(tally.undecided());
        let progressed = people(tally.progressed);
        let decided = progressed + people(tally.unsuccessful);
        let found = StageCounts {
            entered: if closed { decided + undecided } else { decided },
            progressed,
            undecided: if closed { 0 } else { undecided },
            withdrawn: people(tally.withdrawn),
        };
        self.add(at.characteristic, at.category, at.stage, at.vacancy.as_str(), found);
    }

    /// Gives a characteristic that no rule knows what people read for it, or one of its categories.
    pub fn name(
        &mut self,
        characteristic: &CharacteristicId,
        category: Option<&CategoryId>,
        label: &str,
    ) {
        self.labels.insert((characteristic.clone(), category.cloned()), label.to_owned());
    }

    /// What people read for a characteristic or category that no rule knows.
    pub fn label(
        &self,
        characteristic: &CharacteristicId,
        category: Option<&CategoryId>,
    ) -> Option<&str> {
        self.labels.get(&(characteristic.clone(), category.cloned())).map(String::as_str)
    }

    /// The stages of progress, in order.
    pub fn stages(&self) -> &[StageId] {
        &self.stages
    }

    /// The vacancies.
    pub fn strata(&self) -> &[String] {
        &self.strata
    }

    /// Says what is known of a vacancy. Vacancies without counts are not kept.
    pub fn describe(&mut self, stratum: &str, facts: StratumFacts) {
        let place = self.stratum_index.get(stratum).copied();
        if let Some(known) = place.and_then(|place| self.facts.get_mut(place)) {
            *known = facts;
        }
    }

    /// What is known of each vacancy, in the order of [`Self::strata`].
    pub fn facts(&self) -> &[StratumFacts] {
        &self.facts
    }

    /// Only the vacancies that are wanted.
    #[must_use]
    pub fn part(&self, wanted: impl Fn(&StratumFacts) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.strata.len()).filter(|s| wanted(&self.facts[*s])).collect();
        let strata: Vec<String> = kept.iter().map(|s| self.strata[*s].clone()).collect();
        let cells = |cells: &Vec<StageCounts>| -> Vec<StageCounts> {
            kept.iter().map(|s| cells.get(*s).copied().unwrap_or_default()).collect()
        };
        let characteristics = self.characteristics.iter().map(|of| CharacteristicCounts {
            id: of.id.clone(),
            categories: of
                .categories
                .iter()
                .map(|category| CategoryCounts {
                    id: category.id.clone(),
                    stages: category.stages.iter().map(cells).collect(),
                })
                .collect(),
        });
        Self {
            stages: self.stages.clone(),
            facts: kept.iter().map(|s| self.facts[*s].clone()).collect(),
            stratum_index: strata.iter().cloned().zip(0..).collect(),
            strata,
            characteristics: characteristics.collect(),
            labels: self.labels.clone(),
        }
    }

    /// The order in which evidence is read: vacancies by the date on which their decisions were finished; after them
    /// those without a date, as they came. Vacancies with decisions to come take no part.
    ///
    /// The last e-value is the same in every order; only the largest, and the date it was reached, depend on it.
    pub fn order_of_decisions(&self) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.facts.len()).filter(|place| !self.facts[*place].is_open).collect();
        order.sort_by_key(|place| {
            let date = self.facts[*place].decided_on;
            (date.is_none(), date)
        });
        order
    }

    /// The characteristics.
    pub fn characteristics(&self) -> &[CharacteristicCounts] {
        &self.characteristics
    }

    fn stratum(&mut self, name: &str) -> usize {
        // Cells of a vacancy mostly come together.
        if self.strata.last().is_some_and(|last| last == name) {
            return self.strata.len() - 1;
        }
        if let Some(index) = self.stratum_index.get(name) {
            return *index;
        }
        let index = self.strata.len();
        self.strata.push(name.to_owned());
        self.facts.push(StratumFacts::default());
        self.stratum_index.insert(name.to_owned(), index);
        index
    }

    fn characteristic_mut(&mut self, id: &CharacteristicId) -> &mut CharacteristicCounts {
        let index = self.characteristics.iter().position(|known| known.id == *id);
        let index = index.unwrap_or_else(|| {
            self.characteristics
                .push(CharacteristicCounts { id: id.clone(), categories: Vec::new() });
            self.characteristics.len() - 1
        });
        &mut self.characteristics[index]
    }
}

impl CharacteristicCounts {
    /// Its categories, the lack of an answer included.
    pub fn categories(&self) -> &[CategoryCounts] {
        &self.categories
    }

    fn category_index(&mut self, id: &CategoryId, stages: usize) -> usize {
        self.categories.iter().position(|known| known.id == *id).unwrap_or_else(|| {
            self.categories
                .push(CategoryCounts { id: id.clone(), stages: vec![Vec::new(); stages] });
            self.categories.len() - 1
        })
    }
}

impl CategoryCounts {
    /// The counts at a stage, by its place in the order, of a vacancy.
    pub fn at(&self, stage: usize, stratum: usize) -> StageCounts {
        let cells = self.stages.get(stage);
        cells.and_then(|cells| cells.get(stratum)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TallyKey;

    #[test]
    fn undecided_people_count_only_when_their_vacancy_is_closed() {
        let stages: Vec<StageId> =
            ["received", "appointed"].map(|stage| stage.parse().unwrap()).to_vec();
        let key = |vacancy: &str| TallyKey {
            vacancy: vacancy.parse().unwrap(),
            characteristic: "sex".parse().unwrap(),
            category: "female".parse().unwrap(),
            stage: "received".parse().unwrap(),
        };
        let tally = TallyCounts { reached: 10, progressed: 2, unsuccessful: 3, withdrawn: 1 };
        let (open, closed) = (key("open"), key("closed"));
        let mut counts = Counts::new(&stages);
        counts.add_tally(open.place(), tally, false);
        counts.add_tally(closed.place(), tally, true);
        let female = &counts.characteristics()[0].categories()[0];
        let expected = [(5, 4), (9, 0)];
        for (stratum, (entered, undecided)) in expected.into_iter().enumerate() {
            let found = female.at(0, stratum);
            assert_eq!((found.entered, found.undecided), (entered, undecided));
            assert_eq!((found.progressed, found.withdrawn), (2, 1));
        }
    }
}
