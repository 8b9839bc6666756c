//! The stage that a label of a table means. Knows no table.

use super::{Mapping, folded};
use crate::domain::StageId;
use crate::rulebook::Rulebook;

/// What stands behind our stage in a mapping where the label says that somebody withdrew, too.
const AND_WITHDREW: &str = ", withdrew";

/// How far along the stage is that a label means, by its own name or as the mapping says, and whether it says that
/// somebody withdrew there.
pub(super) fn reached(label: &str, mapping: &Mapping, rules: &Rulebook) -> Option<(usize, bool)> {
    let stages = rules.recruitment();
    let own = stages.progress().iter().position(|stage| folded(stage.as_str()) == folded(label));
    let mapped = || {
        let value = mapping.value("furthest_stage", label)?;
        let (stage, withdrew) = match value.strip_suffix(AND_WITHDREW) {
            Some(stage) => (stage, true),
            None => (value, false),
        };
        let ours: StageId = stage.parse().ok()?;
        Some((stages.rank(&ours)?, withdrew))
    };
    own.map(|rank| (rank, false)).or_else(mapped)
}

/// How far along the stage is that a label means, where it says no more.
pub(super) fn rank(label: &str, mapping: &Mapping, rules: &Rulebook) -> Option<usize> {
    reached(label, mapping, rules).filter(|(_, withdrew)| !withdrew).map(|(rank, _)| rank)
}
