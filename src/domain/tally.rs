//! Tallies: how many people of a category reached a stage of a vacancy, and what happened to them there.
//! They are additive, so they can be updated one outcome at a time, merged, and recounted.

use std::ops::{AddAssign, Neg};

use serde::{Deserialize, Serialize};

use super::{Application, CategoryId, CharacteristicId, StageId, StageSet, Vacancy, VacancyId};

/// One cell: a vacancy, a category of a characteristic, and a stage of progress.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TallyKey {
    /// The vacancy, which is the stratum of every comparison.
    pub vacancy: VacancyId,
    /// The characteristic.
    pub characteristic: CharacteristicId,
    /// The category.
    pub category: CategoryId,
    /// The stage at which people stood.
    pub stage: StageId,
}

/// Where a cell is, without owning the names: thousands of them are read for one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TallyPlace<'a> {
    /// The vacancy.
    pub vacancy: &'a VacancyId,
    /// The characteristic.
    pub characteristic: &'a CharacteristicId,
    /// The category.
    pub category: &'a CategoryId,
    /// The stage at which people stood.
    pub stage: &'a StageId,
}

impl TallyKey {
    /// Where it is.
    pub fn place(&self) -> TallyPlace<'_> {
        TallyPlace {
            vacancy: &self.vacancy,
            characteristic: &self.characteristic,
            category: &self.category,
            stage: &self.stage,
        }
    }
}

impl TallyPlace<'_> {
    /// The same with names of its own.
    pub fn to_key(self) -> TallyKey {
        TallyKey {
            vacancy: self.vacancy.clone(),
            characteristic: self.characteristic.clone(),
            category: self.category.clone(),
            stage: self.stage.clone(),
        }
    }
}

/// What happened to the people who reached a stage. Signed, so that a change can be expressed as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TallyCounts {
    /// Reached the stage.
    pub reached: i64,
    /// Went on to a later stage.
    pub progressed: i64,
    /// Were turned down at the stage.
    pub unsuccessful: i64,
    /// Withdrew before the decision.
    pub withdrawn: i64,
}

impl TallyCounts {
    /// Reached the stage and have neither moved on, nor been turned down, nor withdrawn.
    pub fn undecided(&self) -> i64 {
        self.reached - self.progressed - self.unsuccessful - self.withdrawn
    }

    /// Whether nobody is counted.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl AddAssign for TallyCounts {
    fn add_assign(&mut self, other: Self) {
        self.reached += other.reached;
        self.progressed += other.progressed;
        self.unsuccessful += other.unsuccessful;
        self.withdrawn += other.withdrawn;
    }
}

impl Neg for TallyCounts {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            reached: -self.reached,
            progressed: -self.progressed,
            unsuccessful: -self.unsuccessful,
            withdrawn: -self.withdrawn,
        }
    }
}

/// What one application adds to the tallies of its vacancy, stage by stage.
///
/// Reaching a stage means having passed every earlier stage that the vacancy uses. The counts of the furthest
/// stage say how the journey ended there, or that it has not.
pub fn contributions(
    application: &Application,
    vacancy: &Vacancy,
    stages: &StageSet,
) -> Vec<(StageId, TallyCounts)> {
    let furthest =
        application.visits.iter().filter_map(|visit| stages.rank(&visit.stage)).max().unwrap_or(0);
    let reached: Vec<&StageId> = vacancy
        .stages
        .iter()
        .filter(|stage| stages.rank(stage).is_some_and(|rank| rank <= furthest))
        .collect();
    let last = reached.len().saturating_sub(1);
    reached
        .into_iter()
        .enumerate()
        .map(|(index, stage)| {
            let mut counts = TallyCounts { reached: 1, ..TallyCounts::default() };
            if index < last {
                counts.progressed = 1;
            } else if application.stage == *stages.withdrawn() {
                counts.withdrawn = 1;
            } else if application.stage == *stages.unsuccessful() {
                counts.unsuccessful = 1;
            }
            (stage.clone(), counts)
        })
        .collect()
}
