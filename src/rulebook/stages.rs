//! `rules/stages/*.toml`: the stages of a journey and the moves between them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::domain::{StageId, StageSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageFile {
    id: String,
    withdrawn: StageId,
    unsuccessful: StageId,
    #[serde(rename = "stage")]
    stages: Vec<StageRow>,
    /// Moves out of the two endings, for corrections; endings usually lead nowhere.
    #[serde(default)]
    reopen: BTreeMap<StageId, BTreeSet<StageId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageRow {
    id: StageId,
    /// Where an application may move from here.
    moves: BTreeSet<StageId>,
    /// A vacancy has this stage only when it says so.
    #[serde(default)]
    optional: bool,
    /// A recruiter may ask for identity from this stage on.
    #[serde(default)]
    disclosure: bool,
}

/// Reads every set of stages; the one named `recruitment` comes first and must exist.
pub(super) fn load(files: &RuleFiles) -> Result<Vec<StageSet>, RuleError> {
    let mut sets = Vec::new();
    for file in files.within("stages", "toml") {
        let parsed: StageFile = file.parse()?;
        let of = |wanted: fn(&StageRow) -> bool| {
            parsed.stages.iter().filter(|row| wanted(row)).map(|row| row.id.clone()).collect()
        };
        let mut moves: BTreeMap<_, _> =
            parsed.stages.iter().map(|row| (row.id.clone(), row.moves.clone())).collect();
        moves.extend(parsed.reopen.clone());
        let set = StageSet::new(
            parsed.id.clone(),
            parsed.stages.iter().map(|row| row.id.clone()).collect(),
            of(|row| row.optional),
            of(|row| row.disclosure),
            parsed.withdrawn.clone(),
            parsed.unsuccessful.clone(),
            moves,
        )
        .map_err(|error| RuleError::in_file(file.path, error.to_string()))?;
        sets.push(set);
    }
    sets.sort_by_key(|set| set.id() != "recruitment");
    if sets.first().is_none_or(|set| set.id() != "recruitment") {
        return Err(RuleError::in_file(
            "stages",
            "there is no set of stages with id = \"recruitment\"",
        )
        .hint("copy rules/stages/recruitment.toml from the source"));
    }
    Ok(sets)
}

/// The set named `recruitment` among those that `load` read.
pub(super) fn recruitment(sets: &[StageSet]) -> &StageSet {
    // `load` refuses a rule set without one, and puts it first.
    &sets[0]
}

#[cfg(test)]
mod tests {
    use super::super::Rulebook;

    #[test]
    fn recruitment_moves_forward_and_never_out_of_appointment() {
        let rules = Rulebook::built_in().unwrap();
        let stages = rules.recruitment();
        for (from, to, allowed) in [
            ("received", "shortlisted", true),
            ("received", "longlisted", true),
            ("received", "unsuccessful", true),
            ("shortlisted", "interviewed", true),
            ("interviewed", "withdrawn", true),
            ("offered", "appointed", true),
            ("shortlisted", "received", false),
            ("received", "appointed", false),
            ("appointed", "shortlisted", false),
        ] {
            let result = stages.check_move(&from.parse().unwrap(), &to.parse().unwrap());
            assert_eq!(result.is_ok(), allowed, "{from} -> {to}");
        }
    }

    #[test]
    fn identity_stays_closed_until_the_shortlist() {
        let rules = Rulebook::built_in().unwrap();
        let stages = rules.recruitment();
        assert!(!stages.allows_disclosure(&"received".parse().unwrap()));
        assert!(stages.allows_disclosure(&"shortlisted".parse().unwrap()));
    }
}
