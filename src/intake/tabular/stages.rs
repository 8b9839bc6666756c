//! The stage that a label of a table means. Knows no table.

use super::{Mapping, folded};
use crate::domain::StageId;
use crate::rulebook::Rulebook;

/// How far along the stage is that a label means, by its own name or as the mapping says.
pub(super) fn rank(label: &str, mapping: &Mapping, rules: &Rulebook) -> Option<usize> {
    let stages = rules.recruitment();
    let own = stages.progress().iter().position(|stage| folded(stage.as_str()) == folded(label));
    let mapped = || {
        let ours: StageId = mapping.value("furthest_stage", label)?.parse().ok()?;
        stages.rank(&ours)
    };
    own.or_else(mapped)
}
