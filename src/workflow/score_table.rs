//! Audits a table of scores beside a table of applications: read, join, hand over values without people. The order of
//! work only.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use super::audit_table::AuditTableError;
use crate::domain::CategoryId;
use crate::fairness::{
    Audit, AuditRequest, InTables, ScoreView, ScoredPerson, Scoring, Warning, audit_scores,
};
use crate::intake::tabular::{Mapping, PeopleCharacteristic, ScoreTable, read_scores};
use crate::rulebook::Rulebook;

/// Rows of a table of scores that were read, left out, and what was wrong with the first of them.
pub(super) struct ScoreRows {
    /// Rows read.
    pub(super) rows: u64,
    /// Rows left out.
    pub(super) left_out: u64,
    /// The first of them.
    pub(super) problems: Vec<String>,
}

/// Adds to an audit what the scores show.
pub(super) fn add_scores(
    audit: &mut Audit,
    scores: &Path,
    applications: &Path,
    mapping: &Mapping,
    request: &AuditRequest,
    rules: &Rulebook,
) -> Result<ScoreRows, AuditTableError> {
    let open = |path: &Path| {
        let failed = |error| AuditTableError::Scores { path: path.to_owned(), error };
        File::open(path).map_err(failed)
    };
    let table = read_scores(open(scores)?, open(applications)?, mapping, rules)?;
    let scoring = scoring(&table, rules);
    let minimum = usize::try_from(request.minimum()).unwrap_or(usize::MAX);
    let (confidence, significance) = (request.confidence, request.policy.significance);
    let tables = in_tables(audit);
    audit.scores = Some(audit_scores(&scoring, &tables, minimum, confidence, significance));
    if table.left_out > 0 || table.not_found > 0 {
        audit.warnings.push(Warning::ScoresLeftOut {
            rows: table.left_out,
            of: table.rows,
            not_found: table.not_found as u64,
        });
    }
    Ok(ScoreRows {
        rows: table.rows,
        left_out: table.left_out,
        problems: table.problems.iter().map(|problem| format!("scores: {problem}")).collect(),
    })
}

/// What the tables say of how many there are at the first decision.
fn in_tables(audit: &Audit) -> InTables {
    let first = audit.views.first().and_then(|view| view.everybody.first());
    let mut tables =
        InTables { everybody: first.and_then(|line| line.entered), ..InTables::default() };
    for (view, group) in audit.views.iter().flat_map(|v| v.groups.iter().map(move |g| (v, g))) {
        let name = (view.characteristic.clone(), view.grouping.is_some(), group.id.clone());
        match group.stages.first() {
            Some(line) if line.entered.is_none() && line.hidden => {
                tables.hidden.insert(name);
            }
            Some(line) => {
                tables.entered.extend(line.entered.map(|people| (name, people)));
            }
            None => {}
        }
    }
    tables
}

/// Values with vacancy and groups; nothing that stands for an application goes on from here.
fn scoring(table: &ScoreTable, rules: &Rulebook) -> Scoring {
    let mut views = Vec::new();
    // For each view: the characteristic, and the group of each of its categories.
    let mut groups_of: Vec<(usize, Vec<Option<u32>>)> = Vec::new();
    for (place, found) in table.people.characteristics.iter().enumerate() {
        for (view, groups) in views_of(found, rules) {
            views.push(view);
            groups_of.push((place, groups));
        }
    }
    let mut keys: Vec<&u64> = table.ratings.keys().collect();
    keys.sort_unstable();
    let people = keys.into_iter().filter_map(|key| {
        let (vacancy, categories) = table.people.found.get(key)?;
        let groups = groups_of.iter().map(|(place, groups)| {
            let category = *categories.get(*place)? as usize;
            groups.get(category).copied().flatten()
        });
        let ratings = table.ratings.get(key)?;
        Some(ScoredPerson {
            vacancy: *vacancy,
            groups: groups.collect(),
            ratings: ratings.iter().map(|r| (r.marker, r.criterion, r.score)).collect(),
        })
    });
    Scoring {
        people: people.collect(),
        views,
        vacancies: table.people.vacancies.clone(),
        markers: table.markers.clone(),
        criteria: table.criteria.len(),
        not_found: table.not_found,
    }
}

type ViewAndGroups = (ScoreView, Vec<Option<u32>>);

/// A characteristic in detail, then grouped as the rules group it.
fn views_of(found: &PeopleCharacteristic, rules: &Rulebook) -> Vec<ViewAndGroups> {
    let known = rules.characteristics().get(&found.id);
    let declared = |id: &CategoryId| rules.characteristics().declared(id);
    let view = |label: String, is_grouped: bool, groups: Vec<(String, String)>| ScoreView {
        characteristic: found.id.to_string(),
        label,
        is_grouped,
        groups,
    };
    let mut groups = Vec::new();
    let mut of = Vec::new();
    let mut places: HashMap<&CategoryId, u32> = HashMap::new();
    for (id, label) in &found.categories {
        of.push(declared(id).then(|| {
            *places.entry(id).or_insert_with(|| {
                groups.push((id.to_string(), label.clone()));
                u32::try_from(groups.len() - 1).unwrap_or(u32::MAX)
            })
        }));
    }
    let mut views = vec![(view(found.label.clone(), false, groups), of)];
    for grouping in known.iter().flat_map(|known| &known.groupings) {
        let groups = grouping.groups.iter().map(|g| (g.id.to_string(), g.label.clone())).collect();
        let of = found.categories.iter().map(|(id, _)| {
            let place = grouping.groups.iter().position(|group| group.members.contains(id))?;
            u32::try_from(place).ok()
        });
        let label = format!("{}: {}", found.label, grouping.label);
        views.push((view(label, true, groups), of.collect()));
    }
    views
}
