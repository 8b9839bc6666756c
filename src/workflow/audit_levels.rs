//! An audit level by level: of factors that stay the same within a vacancy, before and after a change, and period by
//! period. Each level is one more report of the row, so that none can be subtracted from another.

use jiff::civil::Date;

use super::periods::Unit;
use crate::fairness::{Audit, AuditRequest, Counts, Releases, Warning, by_level, over_time};
use crate::rulebook::Rulebook;

/// The factor that a date of change divides vacancies by.
pub(super) const PERIOD: &str = "period";

/// Divides dated vacancies into those decided before a change and from it on.
pub(super) fn divide_at(counts: &mut Counts, change: Date) -> Option<Warning> {
    let names: Vec<String> = counts.strata().to_vec();
    for (name, mut facts) in names.iter().zip(counts.facts().to_vec()) {
        if let Some(on) = facts.decided_on {
            let period = if on < change { "before" } else { "from" };
            facts.levels.insert(PERIOD.to_owned(), format!("{period} {change}"));
            counts.describe(name, facts);
        }
    }
    let dates = counts.facts().iter().filter_map(|facts| facts.decided_on);
    let (first, last) = dates.clone().min().zip(dates.max())?;
    let is_outside = change <= first || change > last;
    is_outside.then_some(Warning::ChangeOutsideData { change, first, last })
}

/// Adds to an audit what each level of each factor shows, and each period where there is a unit of time. What the levels
/// show is added to the row of reports.
pub(super) fn add_levels(
    audit: &mut Audit,
    counts: &Counts,
    (request, rules): (&AuditRequest, &Rulebook),
    factors: &[String],
    unit: Option<Unit>,
    shown: &mut Releases,
) {
    for factor in factors {
        audit.factors.push(by_level(counts, request, rules, factor, shown));
    }
    if let Some(unit) = unit {
        audit.factors.push(over_time(counts, request, rules, unit.name(), shown));
    }
}
