//! Holds declared job-related factors equal: reads the applications a second time and fits a model for every group that
//! the audit shows at the first decision.

use std::fs::File;
use std::path::Path;

use super::audit_table::AuditTableError;
use crate::fairness::{AdjustedComparison, Applied, Audit, Finding, adjust};
use crate::intake::tabular::{FactorRows, MOST_ROWS, Mapping, read_factors};
use crate::rulebook::Rulebook;

/// The comparisons of an audit with the factors held equal, and what a reader must know of them.
pub(super) fn adjusted(
    path: &Path,
    mapping: &Mapping,
    rules: &Rulebook,
    factors: &[String],
    audit: &Audit,
) -> Result<(Vec<AdjustedComparison>, Vec<String>), AuditTableError> {
    let table = read_factors(File::open(path)?, mapping, rules, factors)?;
    let first = audit.views.first().and_then(|view| view.everybody.first());
    let findings = audit.findings().filter(|finding| {
        let is_first = first.is_some_and(|line| line.stretch == finding.stretch);
        // What is hidden stays hidden: a model of a few people would describe them.
        finding.primary && is_first && finding.numbers.is_some() && !finding.stretch.whole
    });
    let found = findings.filter_map(|f| one(&table, f, rules, audit.method.confidence)).collect();
    let mut notes = Vec::new();
    if table.too_many {
        notes.push(format!(
            "The model took the first {MOST_ROWS} applications; narrow the table with --only for the others."
        ));
    }
    if table.without_factor >= audit.method.minimum {
        notes.push(format!(
            "{} applications without a value of {} are not in the model.",
            table.without_factor,
            factors.join(" or ")
        ));
    }
    Ok((found, notes))
}

fn one(
    table: &FactorRows,
    finding: &Finding,
    rules: &Rulebook,
    confidence: f64,
) -> Option<AdjustedComparison> {
    let place =
        table.characteristics.iter().position(|id| id.as_str() == finding.characteristic)?;
    let known = rules.characteristics().get(table.characteristics.get(place)?)?;
    // A broader group is any of its categories.
    let groups = known.groupings.iter().flat_map(|grouping| &grouping.groups);
    let members: Vec<&str> = groups
        .filter(|group| finding.is_grouped && group.id.as_str() == finding.group)
        .flat_map(|group| group.members.iter().map(|member| member.as_str()))
        .collect();
    let rows: Vec<Applied> = table
        .rows
        .iter()
        .map(|row| Applied {
            vacancy: row.vacancy,
            group: row.categories.get(place).and_then(Option::as_ref).map(|category| {
                let id = category.as_str();
                u32::from(id == finding.group || members.contains(&id))
            }),
            factors: row.factors.clone(),
            selected: row.selected,
        })
        .collect();
    adjust(&rows, 1, finding, confidence)
}
