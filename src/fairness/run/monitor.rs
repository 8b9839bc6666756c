//! Evidence over time, family of vacancies by family: one series a group and decision, with the date at which the
//! evidence crossed its line. A point of a series is shown when enough decisions lie behind it that the step from the
//! last one tells nothing of a few people.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::super::Table;
use super::super::audit::StretchLabel;
use super::super::counts::Counts;
use super::super::evidence::{ConditionalProcess, Prior};
use super::super::journey::Stretch;
use super::super::judge::Direction;
use super::super::request::AuditRequest;
use super::super::table::blunt;
use super::Layout;
use crate::rulebook::Rulebook;

/// Evidence over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Monitor {
    /// Version of this shape.
    pub schema: u32,
    /// Whose decisions these are.
    pub organisation: String,
    /// The policy whose comparisons are watched.
    pub policy: String,
    /// SHA-256 of the rule set.
    pub rule_set_sha256: String,
    /// Smallest count that a step of a series rests on.
    pub minimum: u64,
    /// Level of the line.
    pub significance: f64,
    /// Series that are watched, of all families.
    pub series: usize,
    /// Common logarithm of the line of a series on its own.
    pub line_log10: f64,
    /// The same allowing for the number of series: it is crossed anywhere without a difference with at most the
    /// probability of the level.
    pub family_line_log10: f64,
    /// Vacancies with decisions to come, which add nothing yet.
    pub open_vacancies: usize,
    /// Vacancies without a date, which are read last.
    pub undated_vacancies: usize,
    /// All vacancies together first, then family by family.
    pub families: Vec<FamilyWatch>,
}

/// One family of vacancies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyWatch {
    /// Its name; `None` for all vacancies together.
    pub family: Option<String>,
    /// Vacancies whose decisions are finished.
    pub vacancies: usize,
    /// The first and the last of their dates.
    pub period: Option<(Date, Date)>,
    /// The series, strongest evidence first.
    pub series: Vec<Series>,
    /// Series with too few people for a single point.
    pub too_small: usize,
}

/// The evidence on one group at one decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The characteristic.
    pub characteristic: String,
    /// What people read for it.
    pub characteristic_label: String,
    /// The group.
    pub group: String,
    /// What people read for it.
    pub group_label: String,
    /// The decision.
    pub stretch: StretchLabel,
    /// The evidence at each point.
    pub points: Vec<WatchPoint>,
    /// Which way the difference points, where the evidence crossed the line.
    pub direction: Option<Direction>,
    /// Whether it crossed the line of a series on its own.
    pub has_crossed: bool,
    /// The date of the first point at or above it, where dates are known.
    pub crossed_on: Option<Date>,
    /// Whether it crossed the line that allows for the number of series.
    pub has_crossed_family_line: bool,
    /// The date of the first point at or above that one.
    pub crossed_family_line_on: Option<Date>,
    /// Vacancies decided since the last point.
    pub since_last_point: usize,
}

/// One point of a series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WatchPoint {
    /// The date of the last decision in it, where it has one.
    pub on: Option<Date>,
    /// Vacancies so far.
    pub vacancies: usize,
    /// Common logarithm of the e-value.
    pub log10_e: f64,
}

/// Watches every group against all others, decision by decision, for each family of vacancies.
pub fn monitor(counts: &Counts, request: &AuditRequest, rules: &Rulebook) -> Monitor {
    let layout = Layout::of(counts, request, rules);
    let facts = counts.facts();
    let names: BTreeSet<&str> = facts.iter().filter_map(|fact| fact.family.as_deref()).collect();
    let wanted = std::iter::once(None).chain(names.into_iter().map(Some));
    let mut families: Vec<FamilyWatch> = wanted.map(|family| layout.watch(family)).collect();
    let series = families.iter().map(|family| family.series.len()).sum::<usize>();
    let significance = request.policy.significance;
    let line_log10 = -significance.log10();
    let family_line_log10 = line_log10 + (series.max(1) as f64).log10();
    for one in families.iter_mut().flat_map(|family| &mut family.series) {
        let crossing = |line: f64| one.points.iter().find(|point| point.log10_e >= line).copied();
        let (own, all) = (crossing(line_log10), crossing(family_line_log10));
        (one.has_crossed, one.crossed_on) = (own.is_some(), own.and_then(|point| point.on));
        one.has_crossed_family_line = all.is_some();
        one.crossed_family_line_on = all.and_then(|point| point.on);
        if own.is_none() {
            one.direction = None;
        }
    }
    Monitor {
        schema: 1,
        organisation: request.organisation.clone(),
        policy: request.policy.id.clone(),
        rule_set_sha256: rules.sha256().to_owned(),
        minimum: request.minimum(),
        significance,
        series,
        line_log10,
        family_line_log10,
        open_vacancies: facts.iter().filter(|fact| fact.is_open).count(),
        undated_vacancies: facts
            .iter()
            .filter(|fact| !fact.is_open && fact.decided_on.is_none())
            .count(),
        families,
    }
}

impl Layout<'_> {
    fn watch(&self, family: Option<&str>) -> FamilyWatch {
        let facts = self.counts.facts();
        let order: Vec<usize> = self
            .order
            .iter()
            .copied()
            .filter(|place| family.is_none_or(|name| facts[*place].family.as_deref() == Some(name)))
            .collect();
        let mut watch = FamilyWatch {
            family: family.map(str::to_owned),
            vacancies: order.len(),
            period: None,
            series: Vec::new(),
            too_small: 0,
        };
        let dates = order.iter().filter_map(|place| facts[*place].decided_on);
        watch.period = dates.clone().min().zip(dates.max());
        for (index, view) in self.views.iter().enumerate() {
            // Where there is a broader grouping, it is watched; a series a detailed category would say little.
            let is_grouped_elsewhere = view.grouping.is_none()
                && self.views.iter().any(|other| {
                    other.grouping.is_some() && other.characteristic.id == view.characteristic.id
                });
            let members = if is_grouped_elsewhere { 0 } else { view.members.len() };
            // Two groups are one comparison, seen from either side.
            let members = if members == 2 { 1 } else { members };
            let first = if members == 1 { usize::from(view.reference == Some(0)) } else { 0 };
            for member in first..first + members {
                for stage in &self.decisions {
                    match self.series(index, member, Stretch::Decision(*stage), &order) {
                        Some(series) => watch.series.push(series),
                        None => watch.too_small += 1,
                    }
                }
            }
        }
        let strongest = |series: &Series| {
            series.points.iter().map(|point| point.log10_e).fold(f64::NEG_INFINITY, f64::max)
        };
        watch.series.sort_by(|a, b| strongest(b).total_cmp(&strongest(a)));
        watch
    }

    fn series(
        &self,
        index: usize,
        member: usize,
        stretch: Stretch,
        order: &[usize],
    ) -> Option<Series> {
        let (view, outcomes) = (&self.views[index], self.outcomes(index, stretch));
        let focal = outcomes.member(member);
        let others = outcomes.others(member);
        let minimum = self.request.minimum();
        let mut process = ConditionalProcess::new(Prior::default());
        let (mut since, mut vacancies, mut ln_e, mut excess) = (Table::default(), 0, 0.0, 0.0);
        let (mut points, mut waiting): (Vec<WatchPoint>, usize) = (Vec::new(), 0);
        for place in order {
            let (one, two) = (focal.get(*place)?, others.get(*place)?);
            let table = Table {
                selected_1: one.progressed,
                total_1: one.entered,
                selected_2: two.progressed,
                total_2: two.entered,
            };
            if table.people() == 0 {
                continue;
            }
            (vacancies, waiting) = (vacancies + 1, waiting + 1);
            if table.is_informative() {
                ln_e = process.add(&table);
                excess -= table.shortfall().unwrap_or(0.0);
            }
            since = since.plus(&table);
            if may_be_shown(&since, minimum) {
                points.push(WatchPoint {
                    on: self.counts.facts()[*place].decided_on,
                    vacancies,
                    log10_e: blunt(ln_e / std::f64::consts::LN_10, 2),
                });
                (since, waiting) = (Table::default(), 0);
            }
        }
        (!points.is_empty()).then(|| Series {
            characteristic: view.characteristic.id.to_string(),
            characteristic_label: view.label.clone(),
            group: view.members[member].id.to_string(),
            group_label: view.members[member].label.clone(),
            stretch: self.label(stretch),
            points,
            direction: Some(if excess < 0.0 { Direction::Lower } else { Direction::Higher }),
            has_crossed: false,
            crossed_on: None,
            has_crossed_family_line: false,
            crossed_family_line_on: None,
            since_last_point: waiting,
        })
    }
}

/// Whether the decisions of a step are enough to be seen by themselves: no count of either group is small.
fn may_be_shown(step: &Table, minimum: u64) -> bool {
    let counts = [
        step.selected_1,
        step.total_1 - step.selected_1,
        step.selected_2,
        step.total_2 - step.selected_2,
    ];
    step.total_1 >= minimum
        && step.total_2 >= minimum
        && counts.iter().all(|count| *count == 0 || *count >= minimum)
}
