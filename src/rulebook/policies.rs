//! `rules/policies/*.toml`: what an audit computes and when it flags. Settings only; `fairness` honours every one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Characteristics, RuleError, RuleFiles};
use crate::domain::{CharacteristicId, StageId};

/// Whom a group is compared with. Always named, never silently the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Everybody else who declared.
    Others,
    /// The reference category that the rules fix.
    Reference,
    /// The group with the highest selection rate.
    Highest,
}

/// Which part of the journey is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Span {
    /// Every decision, and the whole journey beside them.
    EachAndEndToEnd,
    /// Every decision.
    Each,
    /// From one stage to reaching a later one.
    Between {
        /// The stage at which people stand.
        from: StageId,
        /// The stage that counts as selection.
        to: StageId,
    },
}

/// What an audit computes and flags.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its identifier, e.g. `default`.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Where it comes from and what it is for.
    pub basis: String,
    /// The comparisons made for each group; the first is the primary one.
    pub comparators: Vec<Comparator>,
    /// The part of the journey.
    pub span: Span,
    /// Only these characteristics; all that the data have when empty.
    #[serde(default)]
    pub characteristics: Vec<CharacteristicId>,
    /// Groupings shown beside the detailed categories.
    #[serde(default)]
    pub groupings: BTreeMap<CharacteristicId, Vec<String>>,
    /// Pairs of characteristics whose combined groups are compared as well.
    #[serde(default)]
    pub intersections: Vec<(CharacteristicId, CharacteristicId)>,
    /// Whether the detailed categories are compared as well as the groupings.
    #[serde(default = "yes")]
    pub detailed: bool,
    /// A shortfall as large as this ratio is what `ruled out` excludes.
    pub margin: (u64, u64),
    /// The level of the test that a gap must pass, after Holm's adjustment.
    pub significance: f64,
    /// The power behind "the smallest gap that could have been seen".
    pub power: f64,
    /// A gap needs at least this many people.
    pub fewest_short: f64,
    /// Groups with a smaller share of the people are shown but not compared.
    #[serde(default)]
    pub smallest_share: f64,
    /// The ratio is shown as reference over group, as the NHS standards print it.
    #[serde(default)]
    pub reference_over_group: bool,
}

fn yes() -> bool {
    true
}

/// Reads every policy; the one named `default` must exist.
pub(super) fn load(
    files: &RuleFiles,
    characteristics: &Characteristics,
) -> Result<Vec<Policy>, RuleError> {
    let mut policies = Vec::new();
    for file in files.within("policies", "toml") {
        let policy: Policy = file.parse()?;
        let refuse = |text: String| RuleError::in_file(file.path, text);
        if policy.comparators.is_empty() {
            return Err(refuse("a policy names at least one comparator".to_owned()));
        }
        if policy.margin.0 == 0 || policy.margin.0 >= policy.margin.1 {
            return Err(refuse("margin is a fraction between 0 and 1, e.g. [4, 5]".to_owned()));
        }
        let shares = [policy.significance, policy.power];
        if shares.iter().any(|share| !(*share > 0.0 && *share < 1.0)) {
            return Err(refuse("significance and power lie between 0 and 1".to_owned()));
        }
        for (id, groupings) in &policy.groupings {
            let known = characteristics.get(id);
            for grouping in groupings {
                if known.is_none_or(|known| known.grouping(grouping).is_none()) {
                    let text = format!("'{id}' has no grouping '{grouping}'");
                    return Err(refuse(text).hint("groupings are in rules/characteristics"));
                }
            }
        }
        policies.push(policy);
    }
    Ok(policies)
}
