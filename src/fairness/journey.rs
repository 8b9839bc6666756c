//! From cells to what is compared: the decisions of a journey and the whole of it, vacancy by vacancy. Chooses whose
//! outcome counts in a denominator; compares nothing.

use super::counts::{CategoryCounts, CharacteristicCounts, Counts};

/// People of one group at one decision in one vacancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Could be selected.
    pub entered: u64,
    /// Were selected.
    pub progressed: u64,
}

impl Outcome {
    /// Both counts of two groups together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            entered: self.entered + other.entered,
            progressed: self.progressed + other.progressed,
        }
    }
}

/// A stretch of the journey, by places in the order of stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stretch {
    /// The decision at a stage.
    Decision(usize),
    /// From a stage to the decision at a later one, that one included.
    Whole(usize, usize),
}

/// The stages of a characteristic at which anybody was decided, in order.
pub fn decisions(counts: &Counts) -> Vec<usize> {
    let last = counts.stages().len().saturating_sub(1);
    (0..last)
        .filter(|stage| {
            counts.characteristics().iter().any(|characteristic| {
                characteristic.categories().iter().any(|category| {
                    (0..counts.strata().len()).any(|s| category.at(*stage, s).entered > 0)
                })
            })
        })
        .collect()
}

/// The outcomes of one category over a stretch, one for each vacancy.
pub fn outcomes(
    category: &CategoryCounts,
    stretch: Stretch,
    chains: &Chains,
    strata: usize,
) -> Vec<Outcome> {
    (0..strata)
        .map(|stratum| match stretch {
            Stretch::Decision(stage) => {
                let cell = category.at(stage, stratum);
                Outcome { entered: cell.entered, progressed: cell.progressed.min(cell.entered) }
            }
            Stretch::Whole(..) => chains.outcome(category, stratum),
        })
        .collect()
}

/// The stages that each vacancy used, and whether all its decisions are taken.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    chains: Vec<Option<Vec<usize>>>,
    to: usize,
    /// Vacancies left out of the whole journey because people still wait for a decision.
    pub unfinished: usize,
}

impl Chains {
    /// Works out the stages of every vacancy between two stages, for one characteristic.
    ///
    /// A vacancy with people who still wait for a decision takes no part: those turned down early would be counted,
    /// and those still in the running would not.
    pub fn of(
        characteristic: &CharacteristicCounts,
        from: usize,
        to: usize,
        strata: usize,
    ) -> Self {
        let mut unfinished = 0;
        let any = |stage: usize, stratum: usize, wanted: fn(u64, u64) -> bool| {
            characteristic.categories().iter().any(|category| {
                let cell = category.at(stage, stratum);
                wanted(cell.entered, cell.undecided)
            })
        };
        let chains = (0..strata)
            .map(|stratum| {
                let chain: Vec<usize> =
                    (from..=to).filter(|s| any(*s, stratum, |entered, _| entered > 0)).collect();
                let waiting = (from..=to).any(|s| any(s, stratum, |_, undecided| undecided > 0));
                unfinished += usize::from(waiting);
                (chain.first() == Some(&from) && !waiting).then_some(chain)
            })
            .collect();
        Self { chains, to, unfinished }
    }

    /// Who entered at the first stage and did not drop out later, and who passed the last decision.
    fn outcome(&self, category: &CategoryCounts, stratum: usize) -> Outcome {
        let Some(Some(chain)) = self.chains.get(stratum) else { return Outcome::default() };
        let Some(first) = chain.first() else { return Outcome::default() };
        let dropped: u64 = chain
            .iter()
            .enumerate()
            .filter(|(_, stage)| **stage < self.to)
            .map(|(i, stage)| {
                let next = chain.get(i + 1).map_or(0, |next| category.at(*next, stratum).entered);
                category.at(*stage, stratum).progressed.saturating_sub(next)
            })
            .sum();
        let entered = category.at(*first, stratum).entered.saturating_sub(dropped);
        let progressed = category.at(self.to, stratum).progressed.min(entered);
        Outcome { entered, progressed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fairness::counts::Cell;

    fn counts(cells: &[(&str, &str, u64, u64, u64)]) -> Counts {
        let stages: Vec<_> = ["received", "longlisted", "shortlisted", "appointed"]
            .map(|stage| stage.parse().unwrap())
            .to_vec();
        let cells = cells.iter().map(|(stratum, stage, entered, progressed, undecided)| Cell {
            characteristic: "sex".parse().unwrap(),
            category: "female".parse().unwrap(),
            stage: stage.parse().unwrap(),
            stratum: (*stratum).to_owned(),
            entered: *entered,
            progressed: *progressed,
            undecided: *undecided,
            withdrawn: 0,
        });
        Counts::from_cells(&stages, cells)
    }

    #[test]
    fn the_whole_journey_leaves_out_who_withdrew_on_the_way_and_vacancies_that_are_not_finished() {
        let counts = counts(&[
            // Two of ten passed on, one of them withdrew before the last decision; no longlist.
            ("finished", "received", 10, 2, 0),
            ("finished", "shortlisted", 1, 1, 0),
            ("waiting", "received", 10, 2, 0),
            ("waiting", "shortlisted", 0, 0, 2),
        ]);
        let characteristic = &counts.characteristics()[0];
        let chains = Chains::of(characteristic, 0, 2, 2);
        assert_eq!(chains.unfinished, 1);
        let whole = outcomes(&characteristic.categories()[0], Stretch::Whole(0, 2), &chains, 2);
        assert_eq!(whole[0], Outcome { entered: 9, progressed: 1 });
        assert_eq!(whole[1], Outcome::default());
        assert_eq!(decisions(&counts), vec![0, 2]);
    }
}
