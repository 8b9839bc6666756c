//! The stage that a label of a table means. Knows no table.

use super::{Mapping, folded};
use crate::domain::StageId;
use crate::rulebook::Rulebook;

/// What stands behind our stage in a mapping where the label says that somebody withdrew, too.
const AND_WITHDREW: &str = ", withdrew";

/// How far along the stage is that a label means, and whether it says that somebody withdrew there: as the mapping file
/// says, by the stage's own name, or by a usual one.
pub(super) fn reached(label: &str, mapping: &Mapping, rules: &Rulebook) -> Option<(usize, bool)> {
    let stages = rules.recruitment();
    let own = || stages.progress().iter().position(|stage| folded(stage.as_str()) == folded(label));
    match mapping.given_value("furthest_stage", label) {
        Some(given) => meant(given, rules),
        None => own()
            .map(|rank| (rank, false))
            .or_else(|| meant(mapping.value("furthest_stage", label)?, rules)),
    }
}

/// How far along the stage is that a mapping names, and whether it adds that somebody withdrew there.
pub(super) fn meant(value: &str, rules: &Rulebook) -> Option<(usize, bool)> {
    let (stage, withdrew) = match value.strip_suffix(AND_WITHDREW) {
        Some(stage) => (stage, true),
        None => (value, false),
    };
    let ours: StageId = stage.parse().ok()?;
    Some((rules.recruitment().rank(&ours)?, withdrew))
}

/// How far along the stage is that a label means, where it says no more.
pub(super) fn rank(label: &str, mapping: &Mapping, rules: &Rulebook) -> Option<usize> {
    reached(label, mapping, rules).filter(|(_, withdrew)| !withdrew).map(|(rank, _)| rank)
}
