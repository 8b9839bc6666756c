//! Runs an audit: count, compare, judge, hide. The order of work only; each step has its own file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::audit::{
    Audit, AuditRequest, Finding, GroupLine, Method, Numbers, Representation, StageLine,
    StretchLabel, UndeclaredLine, View, Warning,
};
use super::compare::{self, Levels, Measured};
use super::counts::Counts;
use super::disclosure::{self, Published, PublishedGroup};
use super::exact_stratified;
use super::journey::{Chains, Outcome, Stretch, decisions};
use super::judge::{self, Reason, Thresholds, Verdict};
use super::mantel_haenszel::rate_ratio_of;
use super::suppress::{Hidden, Point};
use super::table::one_person_decides;
use super::view::{ViewCounts, total};
use super::{Table, availability, multiplicity, power, rates};
use crate::domain::{NOT_ASKED, PREFER_NOT_TO_SAY, StageId, UNMAPPED};
use crate::rulebook::{Comparator, Rulebook, Span, readable};

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
    fn of(counts: &'a Counts, request: &'a AuditRequest, rules: &Rulebook) -> Self {
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
        Self { counts, request, views, chains, decisions, stretches, usual }
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

    fn view(&self, index: usize, hidden: &[Hidden]) -> View {
        let view = &self.views[index];
        let groups = view.members.iter().enumerate().map(|(place, member)| GroupLine {
            id: member.id.to_string(),
            label: member.label.clone(),
            is_reference: view.reference == Some(place),
            stages: self
                .stretches
                .iter()
                .map(|stretch| {
                    let all = total(&self.member(index, place, *stretch));
                    let (entered, passed) = self.is_hidden(&hidden[index], index, place, *stretch);
                    self.line(*stretch, all, entered, passed)
                })
                .collect(),
        });
        View {
            characteristic: view.characteristic.id.to_string(),
            label: view.label.clone(),
            grouping: view.grouping.clone(),
            everybody: self.stretches.iter().map(|s| self.everybody(index, *s)).collect(),
            groups: groups.collect(),
            undeclared: self.stretches.iter().map(|s| self.undeclared(index, *s)).collect(),
            representation: self.representation(index, &hidden[index]),
            findings: Vec::new(),
        }
    }

    fn line(&self, stretch: Stretch, all: Outcome, entered: bool, passed: bool) -> StageLine {
        let shown = !entered && !passed;
        StageLine {
            stretch: self.label(stretch),
            entered: (!entered).then_some(all.entered),
            progressed: shown.then_some(all.progressed),
            rate: shown.then(|| super::rate(all.progressed, all.entered)).flatten(),
            rate_interval: shown
                .then(|| rates::wilson(all.progressed, all.entered, self.request.confidence))
                .flatten(),
            hidden: !shown,
        }
    }

    fn everybody(&self, index: usize, stretch: Stretch) -> StageLine {
        let view = &self.views[index];
        let declared = (0..view.members.len()).map(|m| total(&self.member(index, m, stretch)));
        let undeclared = total(&view.undeclared(None, stretch, &self.chains[index]));
        let all = declared.fold(undeclared, Outcome::plus);
        self.line(stretch, all, false, false)
    }

    /// Who entered the first decision, against the shares of the benchmark, where it has them for this view.
    fn representation(&self, index: usize, hidden: &Hidden) -> Vec<Representation> {
        let view = &self.views[index];
        let shares = self.request.benchmark.iter().flat_map(|benchmark| &benchmark.shares);
        let Some(shares) = shares.into_iter().find(|shares| {
            shares.characteristic == view.characteristic.id && shares.grouping == view.grouping
        }) else {
            return Vec::new();
        };
        let Some(first) = self.decisions.first().map(|stage| Stretch::Decision(*stage)) else {
            return Vec::new();
        };
        let count = |member: usize| total(&self.member(index, member, first)).entered;
        let declared: u64 = (0..view.members.len()).map(count).sum();
        let groups = shares.of.iter().map(|(group, share)| {
            let member = view.members.iter().position(|member| member.id == *group);
            let is_hidden = member.is_some_and(|member| hidden.is_hidden(member, 0));
            let count = member.map_or(0, count);
            let shown = !is_hidden && declared > 0;
            let test = shown.then(|| availability::test(count, declared, *share)).flatten();
            Representation {
                group: group.to_string(),
                group_label: member
                    .and_then(|member| view.members.get(member))
                    .map_or_else(|| readable(group.as_str()), |member| member.label.clone()),
                benchmark_share: *share,
                count: shown.then_some(count),
                declared,
                share: shown.then(|| super::rate(count, declared)).flatten(),
                share_interval: shown
                    .then(|| rates::wilson(count, declared, self.request.confidence))
                    .flatten(),
                mid_p: test.map(|test| test.mid_two_sided),
                shortfall: test.map(|test| test.shortfall),
            }
        });
        groups.collect()
    }

    fn undeclared(&self, index: usize, stretch: Stretch) -> UndeclaredLine {
        let (view, chains) = (&self.views[index], &self.chains[index]);
        let kind = |kind: &str| total(&view.undeclared(Some(kind), stretch, chains)).entered;
        let none = view.undeclared(None, stretch, chains);
        // "All but nobody" is everybody who declared.
        let declared = view.others(usize::MAX, stretch, chains);
        let tables: Vec<Table> = none
            .iter()
            .zip(&declared)
            .map(|(one, two)| Table {
                selected_1: one.progressed,
                total_1: one.entered,
                selected_2: two.progressed,
                total_2: two.entered,
            })
            .collect();
        let (none, declared) = (total(&none), total(&declared));
        UndeclaredLine {
            stretch: self.label(stretch),
            prefer_not_to_say: kind(PREFER_NOT_TO_SAY),
            not_asked: kind(NOT_ASKED),
            unmapped: kind(UNMAPPED),
            share: super::rate(none.entered, none.entered + declared.entered),
            rate: super::rate(none.progressed, none.entered),
            differs_p: exact_stratified::test_or_large_sample(&tables)
                .map(|tested| tested.mid_two_sided.p),
        }
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

    fn finding(&self, comparison: &Comparison, adjusted: AdjustedP, hidden: &[Hidden]) -> Finding {
        let (view, measured) = (&self.views[comparison.view], &comparison.measured);
        let member = &view.members[comparison.member];
        let undeclared = self.undeclared_share(comparison);
        let mut finding = Finding {
            characteristic: view.characteristic.id.to_string(),
            characteristic_label: view.label.clone(),
            is_grouped: view.grouping.is_some(),
            group: member.id.to_string(),
            group_label: member.label.clone(),
            stretch: self.label(comparison.stretch),
            comparator: comparison.comparator,
            comparator_label: match comparison.against {
                Some(other) => view.members[other].label.clone(),
                None if view.members.len() == 2 => {
                    view.members[1 - comparison.member].label.clone()
                }
                // Reports have the words for "everybody else".
                None => String::new(),
            },
            primary: self.request.policy.comparators.first() == Some(&comparison.comparator),
            verdict: Verdict::NotAssessed,
            reason: None,
            direction: None,
            numbers: None,
            hidden: self.comparison_is_hidden(comparison, hidden),
            detectable_ratio: measured.detectable,
            undeclared_share: undeclared,
            survives_undeclared: None,
        };
        self.judge(comparison, adjusted, &mut finding);
        if !finding.hidden && finding.verdict != Verdict::NotAssessed {
            finding.numbers = Some(numbers(comparison, adjusted, self.request));
        }
        finding
    }

    fn judge(&self, comparison: &Comparison, adjusted: AdjustedP, finding: &mut Finding) {
        let (measured, policy) = (&comparison.measured, &self.request.policy);
        if comparison.share_too_small {
            finding.reason = Some(Reason::ShareTooSmall);
            return;
        }
        let minimum = self.request.minimum();
        let few = |count: u64| (1..minimum).contains(&count);
        let nothing = judge::unassessable(measured);
        let telling = finding.hidden && nothing.is_some_and(|r| r != Reason::NobodyToCompareWith);
        if few(measured.pooled.total_1) || few(measured.pooled.total_2) || telling {
            finding.verdict = Verdict::CannotTell;
            finding.reason = Some(Reason::TooFewToShow);
            finding.hidden = true;
            finding.detectable_ratio = self.best_case_detectable(comparison);
            return;
        }
        let thresholds = Thresholds {
            significance: policy.significance,
            fewest_short: policy.fewest_short,
            margin: policy.margin.0 as f64 / policy.margin.1 as f64,
        };
        finding.judged(judge::judge(measured, adjusted.holm, &thresholds));
        if finding.verdict == Verdict::Gap {
            finding.survives_undeclared = measured.undeclared.survives;
        }
        if finding.hidden {
            // Computed from the group's own counts, it would give them back.
            finding.detectable_ratio = self.best_case_detectable(comparison);
        }
    }

    /// What the largest group that is still too small to show could have detected, against everybody else. It rests on
    /// totals that are shown, so it gives no hidden count back.
    fn best_case_detectable(&self, comparison: &Comparison) -> Option<f64> {
        let all = self.everybody(comparison.view, comparison.stretch);
        let (entered, rate) = (all.entered?, all.rate?);
        let group = self.request.minimum() - 1;
        let others = entered.saturating_sub(group).max(group);
        let policy = &self.request.policy;
        let found =
            power::smallest_detectable((group, others), rate, policy.significance, policy.power);
        found.map(|(_, ratio)| ratio)
    }

    fn comparison_is_hidden(&self, comparison: &Comparison, hidden: &[Hidden]) -> bool {
        let of = |member: usize| {
            let hidden = &hidden[comparison.view];
            let (entered, passed) =
                self.is_hidden(hidden, comparison.view, member, comparison.stretch);
            entered || passed
        };
        of(comparison.member) || comparison.against.is_some_and(of)
    }

    fn undeclared_share(&self, comparison: &Comparison) -> Option<f64> {
        let chains = &self.chains[comparison.view];
        let view = &self.views[comparison.view];
        let none = total(&view.undeclared(None, comparison.stretch, chains)).entered;
        let declared = total(&view.others(usize::MAX, comparison.stretch, chains)).entered;
        super::rate(none, none + declared)
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

fn numbers(comparison: &Comparison, adjusted: AdjustedP, request: &AuditRequest) -> Numbers {
    let (confidence, margin) = (request.confidence, request.policy.margin);
    let measured = &comparison.measured;
    let pooled = &measured.pooled;
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let low = |interval: Option<(f64, f64)>| finite(interval.map(|(low, _)| low));
    let high = |interval: Option<(f64, f64)>| finite(interval.map(|(_, high)| high));
    Numbers {
        entered: pooled.total_1,
        progressed: pooled.selected_1,
        rate: pooled.rate_1(),
        rate_interval: rates::wilson(pooled.selected_1, pooled.total_1, confidence),
        comparator_entered: pooled.total_2,
        comparator_progressed: pooled.selected_2,
        comparator_rate: pooled.rate_2(),
        ratio: finite(measured.ratio),
        ratio_low: low(measured.ratio_interval),
        ratio_high: high(measured.ratio_interval),
        pooled_ratio: finite(measured.pooled_ratio),
        pooled_low: low(measured.pooled_interval),
        pooled_high: high(measured.pooled_interval),
        pooling_misleads: pooling_misleads(measured),
        mid_p: measured.mid_p,
        conditional_p: measured.p,
        is_exact: measured.is_exact,
        holm_p: measured.mid_p.map(|_| adjusted.holm),
        benjamini_hochberg_p: measured.mid_p.map(|_| adjusted.benjamini_hochberg),
        below_margin: measured.below_margin,
        one_person_decides: one_person_decides(pooled, margin.0, margin.1),
        reference_over_group: finite(
            request
                .policy
                .reference_over_group
                .then(|| rate_ratio_of(&[pooled.mirrored()]))
                .flatten(),
        ),
        shortfall: measured.shortfall,
        shared_vacancies: measured.shared,
        informative_vacancies: measured.informative,
        heterogeneity_p: measured.heterogeneity_p,
        undeclared_range: (
            finite(measured.undeclared.ratio_range.0),
            finite(measured.undeclared.ratio_range.1),
        ),
    }
}

/// Whether pooling all vacancies tells another story: another direction, or another answer to "does the interval
/// exclude 1" (Simpson 1951).
fn pooling_misleads(measured: &Measured) -> bool {
    let (Some(by_vacancy), Some(pooled)) = (measured.ratio_interval, measured.pooled_interval)
    else {
        return false;
    };
    let side = |(low, high): (f64, f64)| i8::from(low > 1.0) - i8::from(high < 1.0);
    if side(by_vacancy) != side(pooled) {
        return true;
    }
    let apart = |a: f64, b: f64| (a - 1.0) * (b - 1.0) < 0.0 && (a / b).ln().abs() > 0.05;
    matches!((measured.ratio, measured.pooled_ratio), (Some(a), Some(b)) if apart(a, b))
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
