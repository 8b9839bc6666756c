//! Runs an audit: count, compare, judge, hide. The order of work only; each step has its own file.

mod findings;
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::audit::{Audit, Method, StretchLabel, View, Warning};
use super::compare::{self, Levels, Measured};
use super::counts::Counts;
use super::disclosure::{self, Published, PublishedGroup};
use super::journey::{Chains, Outcome, Stretch, decisions};
use super::multiplicity;
use super::request::AuditRequest;
use super::suppress::{Hidden, Point};
use super::view::{ViewCounts, total};
use crate::domain::StageId;
use crate::rulebook::{Comparator, Rulebook, Span};

/// From this share of people without an answer on, a warning is given.
const MANY_UNDECLARED: f64 = 0.2;

/// Characteristic, stretch, and the two sets of categories compared.
type Hypothesis<'v> = (&'v str, Stretch, BTreeSet<&'v str>, BTreeSet<&'v str>);

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

/// What is looked at, laid out.
struct Layout<'a> {
    counts: &'a Counts,
    request: &'a AuditRequest,
    rules: &'a Rulebook,
    views: Vec<ViewCounts<'a>>,
    chains: Vec<Chains>,
    decisions: Vec<usize>,
    stretches: Vec<Stretch>,
    /// The stages that vacancies usually have.
    usual: Vec<StageId>,
}

/// Audits counts by the policy of the request.
pub fn audit(counts: &Counts, request: &AuditRequest, rules: &Rulebook) -> Audit {
    let layout = Layout::of(counts, request, rules);
    let comparisons = layout.comparisons();
    let adjusted = layout.adjust(&comparisons);
    let hidden = layout.hidden();
    let mut views: Vec<View> =
        layout.views.iter().enumerate().map(|(i, _)| layout.view(i, &hidden)).collect();
    for (comparison, adjusted) in comparisons.iter().zip(&adjusted.each) {
        if let Some(view) = views.get_mut(comparison.view) {
            view.findings.push(layout.finding(comparison, *adjusted, &hidden));
        }
    }
    let unfinished = layout.chains.iter().map(|chains| chains.unfinished).max().unwrap_or(0);
    let warnings = warnings(&views, unfinished);
    Audit {
        schema: 1,
        organisation: request.organisation.clone(),
        period: request.period.clone(),
        filters: request.filters.clone(),
        method: method(request, rules, adjusted.family),
        vacancies: counts.strata().len(),
        stages: counts.stages().iter().map(ToString::to_string).collect(),
        views,
        warnings,
    }
}

/// The p-values of one comparison after adjustment.
#[derive(Clone, Copy)]
struct AdjustedP {
    holm: f64,
    benjamini_hochberg: f64,
}

struct Adjusted {
    each: Vec<AdjustedP>,
    family: usize,
}

impl<'a> Layout<'a> {
    fn of(counts: &'a Counts, request: &'a AuditRequest, rules: &'a Rulebook) -> Self {
        let decisions = decisions(counts);
        let stretches = stretches(counts, &request.policy.span, &decisions);
        let views = views(counts, request, rules);
        let whole = stretches.iter().find_map(|stretch| match stretch {
            Stretch::Whole(from, to) => Some((*from, *to)),
            Stretch::Decision(_) => None,
        });
        let strata = counts.strata().len();
        let chains = views
            .iter()
            .map(|view| {
                whole.map_or_else(Chains::default, |(from, to)| {
                    Chains::of(view.characteristic, from, to, strata)
                })
            })
            .collect();
        let usual = rules.recruitment().usual();
        Self { counts, request, rules, views, chains, decisions, stretches, usual }
    }

    fn levels(&self) -> Levels {
        let policy = &self.request.policy;
        Levels {
            confidence: self.request.confidence,
            significance: policy.significance,
            power: policy.power,
            margin: policy.margin,
        }
    }

    fn member(&self, view: usize, member: usize, stretch: Stretch) -> Vec<Outcome> {
        self.views[view].member(member, stretch, &self.chains[view])
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
        let (view, chains) = (&self.views[index], &self.chains[index]);
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
        let focal = view.member(member, stretch, chains);
        let other = match against {
            Some(other) => view.member(other, stretch, chains),
            None => view.others(member, stretch, chains),
        };
        let undeclared = view.undeclared(None, stretch, chains);
        let smallest = self.request.policy.smallest_share;
        let share_too_small = smallest > 0.0 && self.share(index, &focal, stretch) < smallest;
        Some(Comparison {
            view: index,
            member,
            stretch,
            comparator,
            against,
            measured: compare::measure(&focal, &other, &undeclared, &self.levels()),
            share_too_small,
        })
    }

    /// The share of a group in all who declared.
    fn share(&self, index: usize, focal: &[Outcome], stretch: Stretch) -> f64 {
        let members = 0..self.views[index].members.len();
        let all: u64 = members.map(|m| total(&self.member(index, m, stretch)).entered).sum();
        if all == 0 { 0.0 } else { total(focal).entered as f64 / all as f64 }
    }

    /// The group with the highest pooled rate among those whose share is large enough.
    fn highest(&self, index: usize, stretch: Stretch) -> Option<usize> {
        let members = 0..self.views[index].members.len();
        let rated = members.filter_map(|member| {
            let outcomes = self.member(index, member, stretch);
            let all = total(&outcomes);
            let share = self.share(index, &outcomes, stretch);
            let wanted = all.entered > 0 && share >= self.request.policy.smallest_share;
            wanted.then(|| (member, all.progressed as f64 / all.entered as f64))
        });
        rated.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(member, _)| member)
    }

    /// Adjusts for the number of comparisons. The same two sets of people compared from either side, or once as
    /// "others" and once as the reference, are one comparison.
    fn adjust(&self, comparisons: &[Comparison]) -> Adjusted {
        let mut family: Vec<f64> = Vec::new();
        let mut place = BTreeMap::new();
        let mut places = Vec::new();
        for comparison in comparisons {
            let p = self.tested(comparison).then_some(comparison.measured.mid_p).flatten();
            places.push(p.map(|p| {
                *place.entry(self.hypothesis(comparison)).or_insert_with(|| {
                    family.push(p.p);
                    family.len() - 1
                })
            }));
        }
        let adjusted = multiplicity::adjust(&family);
        let at = |list: &[f64], place: &Option<usize>| {
            place.and_then(|place| list.get(place).copied()).unwrap_or(1.0)
        };
        let each = places
            .iter()
            .map(|place| AdjustedP {
                holm: at(&adjusted.holm, place),
                benjamini_hochberg: at(&adjusted.benjamini_hochberg, place),
            })
            .collect();
        Adjusted { each, family: family.len() }
    }

    /// The two sets of people of a comparison, whichever side it is seen from and however they are called.
    fn hypothesis<'v>(&'v self, comparison: &Comparison) -> Hypothesis<'v> {
        let view = &self.views[comparison.view];
        let of = |wanted: &dyn Fn(usize) -> bool| -> BTreeSet<&'v str> {
            let members = view.members.iter().enumerate().filter(|(place, _)| wanted(*place));
            members
                .flat_map(|(_, member)| member.categories.iter().map(|c| c.id.as_str()))
                .collect()
        };
        let focal = of(&|place| place == comparison.member);
        let other = match comparison.against {
            Some(against) => of(&|place| place == against),
            None => of(&|place| place != comparison.member),
        };
        let (first, second) = if focal <= other { (focal, other) } else { (other, focal) };
        (view.characteristic.id.as_str(), comparison.stretch, first, second)
    }

    /// Whether a comparison is tested at all: groups too small to show are not.
    fn tested(&self, comparison: &Comparison) -> bool {
        !comparison.share_too_small
            && comparison.measured.pooled.total_1 >= self.request.minimum()
            && comparison.measured.pooled.total_2 >= self.request.minimum()
    }

    /// What must be hidden, for each view.
    fn hidden(&self) -> Vec<Hidden> {
        let views: Vec<Published> = self
            .views
            .iter()
            .enumerate()
            .map(|(index, view)| Published {
                characteristic: view.characteristic.id.as_str(),
                is_grouped: view.grouping.is_some(),
                members: view
                    .members
                    .iter()
                    .enumerate()
                    .map(|(place, member)| PublishedGroup {
                        id: member.id.as_str(),
                        categories: member.categories.iter().map(|c| c.id.as_str()).collect(),
                        points: self.points(index, place),
                    })
                    .collect(),
            })
            .collect();
        disclosure::decide(&views, self.request.minimum())
    }

    /// The points of the journey of one group.
    fn points(&self, view: usize, member: usize) -> Vec<Point> {
        let mut points = vec![Point::default(); self.decisions.len() + 1];
        for (place, stage) in self.decisions.iter().enumerate() {
            let all = total(&self.member(view, member, Stretch::Decision(*stage)));
            points[place].entered = all.entered;
            points[place + 1].passed = all.progressed;
            points[place + 1].turned_down = all.entered - all.progressed;
        }
        points
    }

    /// Whether the counts of a group over a stretch are hidden: who entered, and who passed.
    fn is_hidden(
        &self,
        hidden: &Hidden,
        view: usize,
        member: usize,
        stretch: Stretch,
    ) -> (bool, bool) {
        let place = |stage: usize| self.decisions.iter().position(|known| *known == stage);
        let (first, last) = match stretch {
            Stretch::Decision(stage) => (place(stage), place(stage)),
            Stretch::Whole(from, to) => (place(from), place(to)),
        };
        let (Some(first), Some(last)) = (first, last) else { return (true, true) };
        let mut entered = hidden.is_hidden(member, first);
        let mut passed = hidden.is_hidden(member, last + 1);
        if matches!(stretch, Stretch::Whole(..)) {
            // The whole journey leaves out who withdrew: its own counts may be small where each decision's are not.
            let all = total(&self.member(view, member, stretch));
            let small = |count: u64| (1..self.request.minimum()).contains(&count);
            entered |= small(all.entered);
            passed |= small(all.progressed) || small(all.entered - all.progressed);
        }
        (entered, passed)
    }

    fn label(&self, stretch: Stretch) -> StretchLabel {
        let name = |index: usize| self.counts.stages().get(index).map(ToString::to_string);
        let (from, last, whole) = match stretch {
            Stretch::Decision(stage) => (stage, stage, false),
            Stretch::Whole(from, to) => (from, to, true),
        };
        // Passing a decision is reaching the next stage at which anybody is decided; after the last one, the next
        // stage that vacancies usually have.
        let next = self.decisions.iter().find(|known| **known > last).copied();
        let usual = || {
            let later = self.counts.stages().iter().enumerate().skip(last + 1);
            later.into_iter().find(|(_, stage)| self.usual.contains(stage)).map(|(i, _)| i)
        };
        let to = next.or_else(usual).unwrap_or(last + 1);
        StretchLabel {
            from: name(from).unwrap_or_default(),
            to: name(to).unwrap_or_else(|| "selected".to_owned()),
            whole,
        }
    }
}

fn views<'a>(counts: &'a Counts, request: &AuditRequest, rules: &Rulebook) -> Vec<ViewCounts<'a>> {
    let policy = &request.policy;
    let characteristics = rules.characteristics();
    let mut views = Vec::new();
    for found in counts.characteristics() {
        if !policy.characteristics.is_empty() && !policy.characteristics.contains(&found.id) {
            continue;
        }
        let groupings = policy.groupings.get(&found.id).map_or(&[][..], Vec::as_slice);
        if let Some(known) = characteristics.get(&found.id) {
            for grouping in groupings.iter().filter_map(|id| known.grouping(id)) {
                views.push(ViewCounts::grouped(counts, found, known, grouping));
            }
        }
        if policy.detailed || groupings.is_empty() {
            let detailed = ViewCounts::detailed(counts, found, characteristics);
            // A grouping that only renames the categories that occur says nothing more.
            views.retain(|view: &ViewCounts<'_>| {
                view.characteristic.id != found.id || !view.only_renames(&detailed)
            });
            views.push(detailed);
        }
    }
    views
}

fn stretches(counts: &Counts, span: &Span, decisions: &[usize]) -> Vec<Stretch> {
    let each = decisions.iter().map(|stage| Stretch::Decision(*stage));
    match span {
        Span::Each => each.collect(),
        Span::EachAndEndToEnd => {
            let whole = match decisions {
                [first, .., last] => Some(Stretch::Whole(*first, *last)),
                _ => None,
            };
            each.chain(whole).collect()
        }
        Span::Between { from, to } => {
            let place = |stage| counts.stages().iter().position(|known| known == stage);
            let (Some(from), Some(to)) = (place(from), place(to)) else { return Vec::new() };
            let first = decisions.iter().copied().find(|stage| *stage == from);
            let last = decisions.iter().copied().rfind(|stage| *stage < to);
            match (first, last) {
                (Some(first), Some(last)) if first < last => vec![Stretch::Whole(first, last)],
                (Some(first), Some(_)) => vec![Stretch::Decision(first)],
                _ => Vec::new(),
            }
        }
    }
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
