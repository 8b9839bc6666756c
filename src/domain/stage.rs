//! Stages and the moves between them. The table itself is data (`rules/stages`); nothing here knows that the
//! journey is one of recruitment.

use std::collections::{BTreeMap, BTreeSet};

use super::StageId;

/// An ordered set of stages with the moves it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageSet {
    id: String,
    progress: Vec<StageId>,
    optional: BTreeSet<StageId>,
    disclosing: BTreeSet<StageId>,
    withdrawn: StageId,
    unsuccessful: StageId,
    moves: BTreeMap<StageId, BTreeSet<StageId>>,
}

/// A change of stage that the table allows. It cannot be built otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    from: StageId,
    to: StageId,
}

impl Move {
    /// The stage that is left.
    pub fn from(&self) -> &StageId {
        &self.from
    }
    /// The stage that is reached.
    pub fn to(&self) -> &StageId {
        &self.to
    }
}

/// Why a move is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// No stage of that name.
    #[error("there is no stage '{stage}'; the stages are {known}")]
    UnknownStage {
        /// What was asked for.
        stage: String,
        /// The stages there are.
        known: String,
    },
    /// The table has no such move.
    #[error(
        "an application cannot move from '{from}' to '{to}'; from there it can move to {allowed}"
    )]
    MoveNotAllowed {
        /// Where the application is.
        from: StageId,
        /// Where it was to go.
        to: StageId,
        /// Where it may go.
        allowed: String,
    },
}

/// Why a table of stages does not hold together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StageSetError {
    /// A journey needs a first stage and a decision.
    #[error("a set of stages needs at least two stages of progress")]
    TooFewStages,
    /// A stage is named twice.
    #[error("stage '{0}' is named twice")]
    NamedTwice(StageId),
    /// A move leads to or from a stage that is not in the set.
    #[error("a move names stage '{0}', which is not in the set")]
    UnknownStage(StageId),
}

impl StageSet {
    /// Builds a set from its parts; `progress` is in order, `moves` lists for each stage where it may lead.
    pub fn new(
        id: String,
        progress: Vec<StageId>,
        optional: BTreeSet<StageId>,
        disclosing: BTreeSet<StageId>,
        withdrawn: StageId,
        unsuccessful: StageId,
        moves: BTreeMap<StageId, BTreeSet<StageId>>,
    ) -> Result<Self, StageSetError> {
        if progress.len() < 2 {
            return Err(StageSetError::TooFewStages);
        }
        let mut known = BTreeSet::new();
        for stage in progress.iter().chain([&withdrawn, &unsuccessful]) {
            if !known.insert(stage.clone()) {
                return Err(StageSetError::NamedTwice(stage.clone()));
            }
        }
        let named =
            moves.iter().flat_map(|(from, to)| std::iter::once(from).chain(to)).chain(&optional);
        for stage in named.chain(&disclosing) {
            if !known.contains(stage) {
                return Err(StageSetError::UnknownStage(stage.clone()));
            }
        }
        Ok(Self { id, progress, optional, disclosing, withdrawn, unsuccessful, moves })
    }

    /// The name of the set, e.g. `recruitment`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The stages of progress, first to last.
    pub fn progress(&self) -> &[StageId] {
        &self.progress
    }

    /// The stages of progress that a vacancy has unless it says otherwise: all but the optional ones.
    pub fn usual(&self) -> Vec<StageId> {
        self.progress.iter().filter(|stage| !self.optional.contains(*stage)).cloned().collect()
    }

    /// The stage of somebody who withdrew.
    pub fn withdrawn(&self) -> &StageId {
        &self.withdrawn
    }

    /// The stage of somebody who was turned down.
    pub fn unsuccessful(&self) -> &StageId {
        &self.unsuccessful
    }

    /// How far along a stage of progress is; `None` for an ending.
    pub fn rank(&self, stage: &StageId) -> Option<usize> {
        self.progress.iter().position(|known| known == stage)
    }

    /// Whether identity may be disclosed to a recruiter at this stage.
    pub fn allows_disclosure(&self, stage: &StageId) -> bool {
        self.disclosing.contains(stage)
    }

    /// Where an application at `from` may move.
    pub fn moves_from(&self, from: &StageId) -> impl Iterator<Item = &StageId> {
        self.moves.get(from).into_iter().flatten()
    }

    /// Whether the stage belongs to this set.
    pub fn contains(&self, stage: &StageId) -> bool {
        self.rank(stage).is_some() || *stage == self.withdrawn || *stage == self.unsuccessful
    }

    /// The error that names an unknown stage and the stages there are.
    pub fn unknown(&self, stage: &StageId) -> StageError {
        StageError::UnknownStage {
            stage: stage.to_string(),
            known: list(self.progress.iter().chain([&self.withdrawn, &self.unsuccessful])),
        }
    }

    /// The move from one stage to another, if the table allows it.
    pub fn check_move(&self, from: &StageId, to: &StageId) -> Result<Move, StageError> {
        for stage in [from, to] {
            if !self.contains(stage) {
                return Err(self.unknown(stage));
            }
        }
        if self.moves.get(from).is_some_and(|allowed| allowed.contains(to)) {
            Ok(Move { from: from.clone(), to: to.clone() })
        } else {
            Err(self.refused(from, to))
        }
    }

    /// The error of a move that the table does not have.
    pub fn refused(&self, from: &StageId, to: &StageId) -> StageError {
        StageError::MoveNotAllowed {
            from: from.clone(),
            to: to.clone(),
            allowed: list(self.moves_from(from)),
        }
    }
}

fn list<'a>(stages: impl Iterator<Item = &'a StageId>) -> String {
    let names: Vec<&str> = stages.map(StageId::as_str).collect();
    if names.is_empty() { "no other stage".to_owned() } else { names.join(", ") }
}
