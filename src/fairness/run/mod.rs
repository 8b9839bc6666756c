//! Runs an audit: count, compare, judge, hide. The order of work only; each step has its own file.

mod adjusted;
mod comparisons;
mod family;
mod findings;
mod hidden;
mod hidden_verdicts;
mod layout;
mod monitor;
mod protection;
mod published;

pub use adjusted::adjusted;
pub use monitor::{FamilyWatch, Monitor, Series, WatchPoint, monitor};

use super::audit::{Audit, CategoryTrend, Method, UndeclaredLine, View};
use super::counts::Counts;
use super::intersections::intersections;
use super::releases::{Release, Releases};
use super::request::AuditRequest;
use super::trend::{self, Step};
use super::warning::Warning;
use crate::rulebook::{Benchmark, BenchmarkShares, Comparator, Rulebook};
use comparisons::Comparison;
use layout::Layout;

/// From this share of people without an answer on, a warning is given.
const MANY_UNDECLARED: f64 = 0.2;

/// People at the first decision from which on it is odd that it turned nobody down.
const MANY_AT_FIRST: u64 = 20;

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
    // What is hidden does not depend on what is found; whom groups are compared with may depend on what is hidden.
    let (comparisons, protection) = if request.policy.comparators.contains(&Comparator::Highest) {
        let protection = layout.protect(earlier);
        (layout.comparisons(Some(&protection)), protection)
    } else {
        std::thread::scope(|scope| {
            let protection = scope.spawn(|| layout.protect(earlier));
            let comparisons = layout.comparisons(None);
            let protection =
                protection.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (comparisons, protection)
        })
    };
    let family = layout.adjust(&comparisons, &protection);
    let mut views: Vec<View> =
        (0..layout.views.len()).map(|index| layout.view(index, &protection)).collect();
    for (comparison, adjusted) in comparisons.iter().zip(&family.each) {
        if let Some(view) = views.get_mut(comparison.sides.view) {
            view.findings.push(layout.finding(comparison, *adjusted, &family, &protection));
        }
    }
    for (index, view) in views.iter_mut().enumerate() {
        view.findings.extend(layout.without_comparator(index, &protection));
    }
    let trends = trends(&views, rules);
    let intersections = intersections(&views);
    let unfinished = layout.chains.iter().map(|chains| chains.unfinished).max().unwrap_or(0);
    let mut warnings = warnings(&views, unfinished, request.benchmark.as_ref());
    warnings.extend(layout.stages_not_compared());
    let mut method = method(request, rules, family.size);
    let facts = counts.facts();
    method.dated_vacancies = facts.iter().filter(|fact| fact.decided_on.is_some()).count();
    method.open_vacancies = facts.iter().filter(|fact| fact.is_open).count();
    method.earlier_reports = earlier.map_or(0, Releases::len);
    method.hidden_for_earlier_reports = protection.for_earlier;
    method.few_withdrawals_may_hide = protection.for_withdrawals;
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
        few_withdrawals_may_hide: false,
    }
}

/// Shares of a benchmark with which nobody is compared.
fn not_compared(benchmark: &Benchmark, views: &[View]) -> Option<Warning> {
    let is_left = |shares: &&BenchmarkShares| {
        let (characteristic, grouping) = (shares.characteristic.as_str(), &shares.grouping);
        !views.iter().any(|v| v.characteristic == characteristic && v.grouping == *grouping)
    };
    let shares: Vec<String> = benchmark
        .shares
        .iter()
        .filter(is_left)
        .map(|shares| match &shares.grouping {
            Some(grouping) => format!("{} ({grouping})", shares.characteristic),
            None => shares.characteristic.to_string(),
        })
        .collect();
    let benchmark = benchmark.title.clone();
    (!shares.is_empty()).then_some(Warning::BenchmarkNotCompared { benchmark, shares })
}

/// The first decision, where it turned nobody down although many stood there and a later one did: read from what is shown.
fn nobody_turned_down_first(view: &View) -> Option<Warning> {
    let mut decisions = view.everybody.iter().filter(|line| !line.stretch.whole);
    let first = decisions.next()?;
    let (people, went_on) = (first.entered?, first.progressed?);
    let later = decisions.any(|line| line.rate.is_some_and(|rate| rate < 1.0));
    let is_odd = later && went_on == people && people >= MANY_AT_FIRST;
    is_odd.then(|| Warning::NobodyTurnedDownFirst { stretch: first.stretch.clone(), people })
}

/// The share of people who gave no answer, where it is known how many gave one that the rules do not know.
fn silent_share(line: &UndeclaredLine) -> f64 {
    let share = line.share.unwrap_or(0.0);
    match (line.prefer_not_to_say, line.not_asked, line.unmapped) {
        (Some(declined), Some(not_asked), Some(unmapped)) if unmapped > 0 => {
            let silent = declined + not_asked;
            share * silent as f64 / (silent + unmapped) as f64
        }
        _ => share,
    }
}

fn warnings(views: &[View], unfinished: usize, benchmark: Option<&Benchmark>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(views.first().and_then(nobody_turned_down_first));
    warnings.extend(benchmark.and_then(|benchmark| not_compared(benchmark, views)));
    for view in views.iter().filter(|view| view.grouping.is_none()) {
        let share = view.undeclared.first().map_or(0.0, silent_share);
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
