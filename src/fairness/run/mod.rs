//! Runs an audit: count, compare, judge, hide. The order of work only; each step has its own file.

mod adjusted;
mod family;
mod findings;
mod hidden;
mod layout;
mod monitor;
mod protection;
mod published;

pub use adjusted::adjusted;
pub use monitor::{FamilyWatch, Monitor, Series, WatchPoint, monitor};

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::audit::{Audit, CategoryTrend, Method, View, Warning};
use super::compare::{self, Levels, Measured};
use super::counts::Counts;
use super::intersections::intersections;
use super::journey::{Outcome, Stretch};
use super::releases::{Release, Releases};
use super::request::{AuditRequest, Looks};
use super::trend::{self, Step};
use super::view::total;
use crate::rulebook::{Comparator, Rulebook};
use layout::Layout;

/// From this share of people without an answer on, a warning is given.
const MANY_UNDECLARED: f64 = 0.2;

/// One comparison before it is judged.
struct Comparison {
    view: usize,
    member: usize,
    stretch: Stretch,
    comparator: Comparator,
    /// The member compared with, when it is a single one.
    against: Option<usize>,
    measured: Measured,
    share_too_small: bool,
}

/// Audits counts by the policy of the request.
pub fn audit(counts: &Counts, request: &AuditRequest, rules: &Rulebook) -> Audit {
    run(counts, request, rules, None).0
}

/// The same as one of a row of reports: counts that could be worked out by subtracting an earlier report from this one,
/// or this one from an earlier, are hidden. What it shows is to be kept with the earlier ones.
pub fn audit_after(
    counts: &Counts,
    request: &AuditRequest,
    rules: &Rulebook,
    earlier: &Releases,
) -> (Audit, Release) {
    run(counts, request, rules, Some(earlier))
}

fn run(
    counts: &Counts,
    request: &AuditRequest,
    rules: &Rulebook,
    earlier: Option<&Releases>,
) -> (Audit, Release) {
    let layout = Layout::of(counts, request, rules);
    // What is hidden does not depend on what is found.
    let (comparisons, protection) = std::thread::scope(|scope| {
        let protection = scope.spawn(|| layout.protect(earlier));
        let comparisons = layout.comparisons();
        let protection = protection.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (comparisons, protection)
    });
    let adjusted = layout.adjust(&comparisons);
    let mut views: Vec<View> =
        (0..layout.views.len()).map(|index| layout.view(index, &protection)).collect();
    for (comparison, adjusted) in comparisons.iter().zip(&adjusted.each) {
        if let Some(view) = views.get_mut(comparison.view) {
            view.findings.push(layout.finding(comparison, *adjusted, &protection));
        }
    }
    let trends = trends(&views, rules);
    let intersections = intersections(&views);
    let unfinished = layout.chains.iter().map(|chains| chains.unfinished).max().unwrap_or(0);
    let warnings = warnings(&views, unfinished);
    let mut method = method(request, rules, adjusted.family);
    let facts = counts.facts();
    method.dated_vacancies = facts.iter().filter(|fact| fact.decided_on.is_some()).count();
    method.open_vacancies = facts.iter().filter(|fact| fact.is_open).count();
    method.earlier_reports = earlier.map_or(0, Releases::len);
    method.hidden_for_earlier_reports = protection.for_earlier;
    let audit = Audit {
        schema: 1,
        organisation: request.organisation.clone(),
        organisations: request.organisations,
        period: request.period.clone(),
        filters: request.filters.clone(),
        method,
        vacancies: counts.strata().len(),
        stages: counts.stages().iter().map(ToString::to_string).collect(),
        views,
        warnings,
        changes: None,
        factors: Vec::new(),
        trends,
        intersections,
        adjustment: None,
        scores: None,
    };
    (audit, protection.release)
}

impl Layout<'_> {
    fn levels(&self) -> Levels {
        let policy = &self.request.policy;
        Levels {
            confidence: self.request.confidence,
            significance: policy.significance,
            power: policy.power,
            margin: policy.margin,
        }
    }

    /// Every comparison of the policy. They do not depend on each other, so they share the processors.
    fn comparisons(&self) -> Vec<Comparison> {
        let mut wanted = Vec::new();
        for (index, view) in self.views.iter().enumerate() {
            for stretch in &self.stretches {
                for member in 0..view.members.len() {
                    for comparator in &self.request.policy.comparators {
                        wanted.push((index, member, *stretch, *comparator));
                    }
                }
            }
        }
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some((index, member, stretch, comparator)) = wanted.get(place) else { break };
                done.push((place, self.compare(*index, *member, *stretch, *comparator)));
            }
            done
        };
        let mut all: Vec<(usize, Option<Comparison>)> = std::thread::scope(|scope| {
            let helpers: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            for helper in helpers {
                all.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        });
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().filter_map(|(_, comparison)| comparison).collect()
    }

    /// One comparison; none for a reference compared with itself, or where the rules name no reference.
    fn compare(
        &self,
        index: usize,
        member: usize,
        stretch: Stretch,
        comparator: Comparator,
    ) -> Option<Comparison> {
        let (view, outcomes) = (&self.views[index], self.outcomes(index, stretch));
        // With two groups, the reference is all others: one comparison, not two.
        let comparators = &self.request.policy.comparators;
        if view.members.len() == 2
            && comparator == Comparator::Reference
            && comparators.contains(&Comparator::Others)
        {
            return None;
        }
        let against = match comparator {
            Comparator::Others => None,
            Comparator::Reference => Some(view.reference.filter(|found| *found != member)?),
            Comparator::Highest => Some(self.highest(index, stretch).filter(|f| *f != member)?),
        };
        let focal = outcomes.member(member);
        let other = match against {
            Some(other) => Cow::Borrowed(outcomes.member(other)),
            None => Cow::Owned(outcomes.others(member)),
        };
        // A single look rests on the exact test; evidence stands beside the comparison that matters most.
        let is_primary = self.request.policy.comparators.first() == Some(&comparator);
        let streams = is_primary || self.request.looks == Looks::Many;
        let order = streams.then_some(self.order.as_slice());
        let smallest = self.request.policy.smallest_share;
        let share_too_small = smallest > 0.0 && self.share(index, focal, stretch) < smallest;
        Some(Comparison {
            view: index,
            member,
            stretch,
            comparator,
            against,
            measured: compare::measure(focal, &other, &outcomes.undeclared, order, &self.levels()),
            share_too_small,
        })
    }

    /// The share of a group in all who declared.
    fn share(&self, index: usize, focal: &[Outcome], stretch: Stretch) -> f64 {
        let all = total(&self.outcomes(index, stretch).declared).entered;
        if all == 0 { 0.0 } else { total(focal).entered as f64 / all as f64 }
    }

    /// The group with the highest pooled rate among those whose share is large enough.
    fn highest(&self, index: usize, stretch: Stretch) -> Option<usize> {
        let members = 0..self.views[index].members.len();
        let rated = members.filter_map(|member| {
            let outcomes = self.member(index, member, stretch);
            let all = total(outcomes);
            let share = self.share(index, outcomes, stretch);
            let wanted = all.entered > 0 && share >= self.request.policy.smallest_share;
            wanted.then(|| (member, all.progressed as f64 / all.entered as f64))
        });
        rated.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(member, _)| member)
    }
}

/// Trends along the categories of characteristics whose categories have an order, where all of them are shown: from
/// published counts alone.
fn trends(views: &[View], rules: &Rulebook) -> Vec<CategoryTrend> {
    let mut trends = Vec::new();
    for view in views.iter().filter(|view| view.grouping.is_none()) {
        let known = rules.characteristics().list().iter();
        let ordered = known.clone().any(|c| c.ordered && c.id.as_str() == view.characteristic);
        let (Some(first), Some(last), true) = (view.groups.first(), view.groups.last(), ordered)
        else {
            continue;
        };
        for (place, line) in view.everybody.iter().enumerate() {
            let steps: Option<Vec<Step>> = view
                .groups
                .iter()
                .zip(0_u32..)
                .map(|(group, score)| {
                    let line = group.stages.get(place)?;
                    let (selected, total) = (line.progressed?, line.entered?);
                    Some(Step { selected, total, score: f64::from(score) })
                })
                .collect();
            let Some(found) = steps.filter(|s| s.len() > 2).and_then(|s| trend::test(&s)) else {
                continue;
            };
            trends.push(CategoryTrend {
                characteristic_label: view.label.clone(),
                stretch: line.stretch.clone(),
                between: (first.label.clone(), last.label.clone()),
                z: found.z,
                p: found.exact.map_or(found.p.p, |exact| exact.two_sided),
                departure_p: found.departure.map(|departure| departure.p.p),
            });
        }
    }
    trends
}

fn method(request: &AuditRequest, rules: &Rulebook, comparisons: usize) -> Method {
    let policy = &request.policy;
    Method {
        policy: policy.id.clone(),
        policy_title: policy.title.clone(),
        policy_basis: policy.basis.clone(),
        rule_set_sha256: rules.sha256().to_owned(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        minimum: request.minimum(),
        confidence: request.confidence,
        significance: policy.significance,
        power: policy.power,
        margin: policy.margin,
        fewest_short: policy.fewest_short,
        benchmark: request.benchmark.as_ref().map(|b| (b.title.clone(), b.source.clone())),
        comparisons,
        reference_over_group: policy.reference_over_group,
        looks: request.looks,
        dated_vacancies: 0,
        open_vacancies: 0,
        earlier_reports: 0,
        hidden_for_earlier_reports: 0,
    }
}

fn warnings(views: &[View], unfinished: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for view in views.iter().filter(|view| view.grouping.is_none()) {
        let share = view.undeclared.first().and_then(|line| line.share).unwrap_or(0.0);
        if share >= MANY_UNDECLARED {
            let characteristic = view.label.clone();
            warnings.push(Warning::ManyUndeclared { characteristic, share });
        }
    }
    if unfinished > 0 {
        warnings.push(Warning::UnfinishedVacancies { vacancies: unfinished });
    }
    warnings
}
