//! What must be hidden of an audit: small counts, what few withdrawals follow from, and what earlier reports would
//! leave when subtracted. Says which counts there are and which reports may be compared; `suppress` and `disclosure`
//! decide what else goes with them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::journey::{Chains, Outcome, Stretch};
use super::super::releases::{ColumnName, Earlier, NewCount, Release, Releases};
use super::super::suppress::Point;
use super::super::view::{Outcomes, ViewCounts, total};
use super::hidden::{HiddenCounts, count_hidden};
use super::layout::{Layout, over_all};

/// What is hidden.
pub(super) struct Protection {
    /// For each view.
    pub(super) hidden: Vec<HiddenCounts>,
    /// Stretches at which the number of everybody, and of those who did not declare, is hidden.
    pub(super) entered: BTreeSet<Stretch>,
    /// Stretches at which it is hidden how many of them went on.
    pub(super) passed: BTreeSet<Stretch>,
    /// Counts hidden for the sake of earlier reports alone.
    pub(super) for_earlier: usize,
    /// Whether few withdrawals can be why counts are hidden.
    pub(super) for_withdrawals: bool,
    /// What this report shows, for the next.
    pub(super) release: Release,
}

/// A table that is published, or could be by another policy.
pub(super) struct Wide<'v> {
    pub(super) view: &'v ViewCounts<'v>,
    /// Everybody's outcomes at each decision; over the whole journey last, where there is one.
    laid: Cow<'v, [Outcomes]>,
}

/// One count of a column.
pub(super) type Pick = fn(&Outcome) -> u64;

pub(super) const ENTERED: (&str, Pick) = ("entered", |outcome| outcome.entered);
const PASSED: (&str, Pick) = ("passed", |outcome| outcome.progressed);
const TURNED_DOWN: (&str, Pick) = ("turned_down", |outcome| outcome.entered - outcome.progressed);

impl Layout<'_> {
    /// Decides what is hidden.
    pub(super) fn protect(&self, earlier: Option<&Releases>) -> Protection {
        let strata = self.counts.strata();
        let none = Releases::default();
        let beside = earlier.unwrap_or(&none).beside(strata, self.request.minimum());
        // In a row of reports, the next may be by another policy with other groups of the same people.
        let extra = earlier.map_or_else(Vec::new, |_| self.other_groupings());
        let published = self.views.iter().zip(&self.laid);
        let mut tables: Vec<Wide> =
            published.map(|(view, laid)| Wide { view, laid: Cow::Borrowed(laid) }).collect();
        tables.extend(extra.iter().map(|(view, chains)| Wide {
            view,
            laid: Cow::Owned(over_all(&self.laid_stretches, view, chains)),
        }));
        let mut points: Vec<Vec<Vec<Point>>> =
            tables.iter().map(|table| self.points(table)).collect();
        let plain = self.decide(&tables, &points);
        let hidden = if earlier.is_none_or(Releases::is_empty) {
            plain.clone()
        } else {
            self.bar(&tables, &mut points, &beside);
            self.decide_together(&tables, &mut points, &beside)
        };
        let mut protection = Protection {
            for_earlier: count_hidden(&points, &hidden)
                .saturating_sub(count_hidden(&points, &plain)),
            for_withdrawals: false,
            hidden: hidden.clone(),
            entered: BTreeSet::new(),
            passed: BTreeSet::new(),
            release: Release::default(),
        };
        self.protect_totals(&tables, &beside, &mut protection);
        let is_any_hidden = count_hidden(&points, &hidden) > 0 || !protection.entered.is_empty();
        protection.for_withdrawals =
            is_any_hidden && !self.request.shows_withdrawals && self.anybody_withdrew(&tables);
        if earlier.is_some() {
            self.note(&tables, &hidden, &mut protection);
        }
        protection.hidden.truncate(self.views.len());
        protection
    }

    /// Whether anybody at all left between two decisions; where totals are shown, they tell it.
    fn anybody_withdrew(&self, tables: &[Wide<'_>]) -> bool {
        let mut stretches = self.laid_stretches.iter().copied().enumerate();
        let first = tables.first();
        first.is_some_and(|table| stretches.any(|(place, s)| table.withdrew_before(place, s) > 0))
    }

    /// Groupings that this policy does not show and another may.
    fn other_groupings(&self) -> Vec<(ViewCounts<'_>, Chains)> {
        let characteristics = self.rules.characteristics();
        let mut others = Vec::new();
        for found in self.counts.characteristics() {
            let Some(known) = characteristics.get(&found.id) else { continue };
            let chains = self
                .views
                .iter()
                .zip(&self.chains)
                .find(|(view, _)| view.characteristic.id == found.id)
                .map(|(_, chains)| chains.clone());
            let Some(chains) = chains else { continue };
            let shown = |grouping: Option<&str>| {
                self.views.iter().any(|view| {
                    view.characteristic.id == found.id && view.grouping.as_deref() == grouping
                })
            };
            for grouping in known.groupings.iter().filter(|g| !shown(Some(g.id.as_str()))) {
                let view = ViewCounts::grouped(self.counts, found, characteristics, grouping);
                others.push((view, chains.clone()));
            }
            if !shown(None) {
                let view = ViewCounts::detailed(self.counts, found, characteristics);
                others.push((view, chains));
            }
        }
        others
    }

    fn whole(&self) -> Option<Stretch> {
        self.stretches.iter().copied().find(|stretch| matches!(stretch, Stretch::Whole(..)))
    }

    /// For each column the counts in it, with the place of their stretch: entering a decision and passing the one
    /// before share a column; the whole journey has two of its own.
    fn column_counts(&self, column: usize) -> Vec<(usize, (&'static str, Pick))> {
        let decisions = self.decisions.len();
        let mut counts = Vec::new();
        if column < decisions || column == decisions + 1 {
            counts.push((column.min(decisions), ENTERED));
        }
        if (1..=decisions).contains(&column) {
            counts.extend([(column - 1, PASSED), (column - 1, TURNED_DOWN)]);
        }
        if column == decisions + 2 {
            counts.extend([(decisions, PASSED), (decisions, TURNED_DOWN)]);
        }
        counts
    }

    /// How many columns there are.
    fn columns(&self) -> usize {
        self.decisions.len() + if self.whole().is_some() { 3 } else { 1 }
    }

    /// The points of the journey of each group of a table.
    fn points(&self, table: &Wide<'_>) -> Vec<Vec<Point>> {
        let few = |count: u64| (1..self.request.minimum()).contains(&count);
        let decisions = self.decisions.len();
        let of_group = |member: usize| {
            let laid = table.laid.iter();
            let all: Vec<Outcome> = laid.map(|laid| total(laid.member(member))).collect();
            let mut points = vec![Point::default(); self.columns()];
            for (column, point) in points.iter_mut().enumerate() {
                for (stretch, (what, pick)) in self.column_counts(column) {
                    let count = all.get(stretch).map_or(0, pick);
                    match what {
                        "entered" => point.entered = count,
                        "passed" => point.passed = count,
                        _ => point.turned_down = count,
                    }
                }
            }
            if self.request.shows_withdrawals {
                return points;
            }
            // The whole journey leaves out who withdrew on the way.
            if let (Some(whole), Some(first)) = (all.get(decisions), all.first()) {
                let last = all.get(decisions.wrapping_sub(1)).map_or(0, |last| last.progressed);
                points[decisions + 1].is_barred |= few(first.entered.abs_diff(whole.entered));
                points[decisions + 2].is_barred |= few(last.abs_diff(whole.progressed));
            }
            points
        };
        (0..table.view.members.len()).map(of_group).collect()
    }

    fn name(&self, table: &str, what: &str, stretch: usize) -> ColumnName {
        let stage = |place: usize| {
            self.counts.stages().get(place).map_or_else(String::new, ToString::to_string)
        };
        let stage = match self.laid_stretches.get(stretch) {
            Some(Stretch::Whole(from, to)) => format!("{} to {}", stage(*from), stage(*to)),
            Some(Stretch::Decision(place)) => stage(*place),
            None => String::new(),
        };
        ColumnName { table: table.to_owned(), what: what.to_owned(), stage }
    }

    /// Marks what earlier reports bar, group by group, and everybody who declared.
    fn bar(&self, tables: &[Wide<'_>], points: &mut [Vec<Vec<Point>>], beside: &Earlier<'_>) {
        for (table, points) in tables.iter().zip(points) {
            for column in 0..self.columns() {
                for (stretch, (what, pick)) in self.column_counts(column) {
                    let name = self.name(&table.name(), what, stretch);
                    let declared = table.declared(stretch, pick);
                    let all = self.name(&table.declared_name(), what, stretch);
                    let bars_all = beside.bars(&all, &NewCount { id: "*", counts: declared });
                    for (member, points) in points.iter_mut().enumerate() {
                        let count = table.count(member, stretch, pick);
                        if let Some(point) = points.get_mut(column) {
                            point.is_barred |= bars_all || beside.bars(&name, &count);
                        }
                    }
                }
            }
        }
    }

    /// Hides more until the sum of what is hidden together gives nothing away beside earlier reports either.
    fn decide_together(
        &self,
        tables: &[Wide<'_>],
        points: &mut [Vec<Vec<Point>>],
        beside: &Earlier<'_>,
    ) -> Vec<HiddenCounts> {
        loop {
            let hidden = self.decide(tables, points);
            let mut changed = false;
            for ((table, points), hidden) in tables.iter().zip(points.iter_mut()).zip(&hidden) {
                for column in 0..self.columns() {
                    for (stretch, (what, pick)) in self.column_counts(column) {
                        let members = 0..table.view.members.len();
                        let (gone, shown): (Vec<usize>, Vec<usize>) =
                            members.partition(|member| hidden.is_hidden(what, *member, column));
                        if gone.is_empty() || shown.is_empty() {
                            continue;
                        }
                        let of = |members: &[usize]| -> Vec<NewCount<'_>> {
                            members.iter().map(|m| table.count(*m, stretch, pick)).collect()
                        };
                        let (gone, others) = (of(&gone), of(&shown));
                        let (gone, others): (Vec<_>, Vec<_>) =
                            (gone.iter().collect(), others.iter().collect());
                        let name = self.name(&table.name(), what, stretch);
                        if !beside.bars_together(&name, &gone, &others) {
                            continue;
                        }
                        let size = |member: &usize| {
                            let point = points.get(*member).and_then(|p| p.get(column));
                            point.map_or(0, |point| point.entered.max(point.passed))
                        };
                        let next = shown.into_iter().min_by_key(size);
                        let point =
                            next.and_then(|m| points.get_mut(m)).and_then(|p| p.get_mut(column));
                        if let Some(point) = point.filter(|point| !point.is_barred) {
                            point.is_barred = true;
                            changed = true;
                        }
                    }
                }
            }
            if !changed {
                return hidden;
            }
        }
    }

    /// Where few did not declare, or few of them withdrew, the number of everybody would give them away beside those who
    /// did; so both are hidden, for every characteristic, because everybody is the same everybody. A total of everybody is
    /// hidden for nothing else: it names no group, and neither does how many of everybody withdrew.
    fn protect_totals(
        &self,
        tables: &[Wide<'_>],
        beside: &Earlier<'_>,
        protection: &mut Protection,
    ) {
        let few = |count: u64| (1..self.request.minimum()).contains(&count);
        for (place, stretch) in self.laid_stretches.iter().copied().enumerate() {
            let unsafe_count = |what: &str, pick: Pick| {
                tables.iter().any(|table| {
                    let none = table.undeclared(place, pick);
                    if few(none.iter().sum()) {
                        return true;
                    }
                    let declared = table.declared(place, pick);
                    let all: Vec<u64> = none
                        .iter()
                        .zip(&declared)
                        .map(|(none, declared)| none + declared)
                        .collect();
                    let bars = |kind: &str, counts: Vec<u64>| {
                        let name = self.name(&table.named(kind), what, place);
                        beside.bars(&name, &NewCount { id: "*", counts })
                    };
                    // Whoever knows two of them knows the third.
                    bars("undeclared", none) || bars("everybody", all) || bars("declared", declared)
                })
            };
            let withdrew = !self.request.shows_withdrawals
                && tables.iter().any(|table| few(table.undeclared_withdrew_before(place, stretch)));
            if withdrew || unsafe_count("entered", ENTERED.1) {
                protection.entered.insert(stretch);
                protection.passed.insert(stretch);
            } else if unsafe_count("passed", PASSED.1) || unsafe_count("turned_down", TURNED_DOWN.1)
            {
                protection.passed.insert(stretch);
            }
        }
    }

    /// Writes down what the report shows.
    fn note(&self, tables: &[Wide<'_>], hidden: &[HiddenCounts], protection: &mut Protection) {
        let stretches = &self.laid_stretches;
        for (table, hidden) in tables.iter().zip(hidden) {
            for column in 0..self.columns() {
                for (place, (what, pick)) in self.column_counts(column) {
                    let members = 0..table.view.members.len();
                    let counts: Vec<NewCount<'_>> =
                        members.map(|member| table.count(member, place, pick)).collect();
                    let groups: Vec<(&NewCount<'_>, bool)> = counts
                        .iter()
                        .enumerate()
                        .map(|(member, count)| (count, !hidden.is_hidden(what, member, column)))
                        .collect();
                    let release = &mut protection.release;
                    release.note(self.name(&table.name(), what, place), &groups);
                    let declared = table.declared(place, pick);
                    let none = table.undeclared(place, pick);
                    let all = declared.iter().zip(&none).map(|(a, b)| a + b).collect();
                    let gone =
                        if what == "entered" { &protection.entered } else { &protection.passed };
                    let known = stretches.get(place).is_some_and(|stretch| !gone.contains(stretch));
                    // With a group of a table goes the sum of the others, and so everybody who declared.
                    let some_shown = groups.iter().any(|(_, shown)| *shown);
                    for (kind, counts, shown) in [
                        ("declared", declared, known || some_shown),
                        ("undeclared", none, known),
                        ("everybody", all, known),
                    ] {
                        let count = NewCount { id: "*", counts };
                        release
                            .note(self.name(&table.named(kind), what, place), &[(&count, shown)]);
                    }
                }
            }
        }
    }
}

impl Wide<'_> {
    fn name(&self) -> String {
        let grouping = self.view.grouping.as_deref().unwrap_or("detailed");
        format!("{}/{grouping}", self.view.characteristic.id)
    }

    fn named(&self, kind: &str) -> String {
        format!("{}/{kind}", self.view.characteristic.id)
    }

    fn declared_name(&self) -> String {
        self.named("declared")
    }

    fn count(&self, member: usize, stretch: usize, pick: Pick) -> NewCount<'_> {
        let outcomes = self.laid.get(stretch).map_or(&[][..], |laid| laid.member(member));
        NewCount {
            id: self.view.members.get(member).map_or("", |member| member.id.as_str()),
            counts: outcomes.iter().map(pick).collect(),
        }
    }

    /// How many of everybody passed the decision before one and did not enter it; of the whole journey, left on the way.
    fn withdrew_before(&self, place: usize, stretch: Stretch) -> u64 {
        self.left_before(place, stretch, |laid| total(&laid.declared).plus(total(&laid.undeclared)))
    }

    /// The same of those who did not declare.
    fn undeclared_withdrew_before(&self, place: usize, stretch: Stretch) -> u64 {
        self.left_before(place, stretch, |laid| total(&laid.undeclared))
    }

    fn left_before(&self, place: usize, stretch: Stretch, of: fn(&Outcomes) -> Outcome) -> u64 {
        let all = |place: usize| self.laid.get(place).map(of);
        let before = match stretch {
            Stretch::Decision(_) => place.checked_sub(1).and_then(all).map(|all| all.progressed),
            Stretch::Whole(..) => all(0).map(|first| first.entered),
        };
        before.zip(all(place)).map_or(0, |(before, all)| before.abs_diff(all.entered))
    }

    /// A count of everybody who declared.
    fn declared(&self, stretch: usize, pick: Pick) -> Vec<u64> {
        self.laid
            .get(stretch)
            .map_or_else(Vec::new, |laid| laid.declared.iter().map(pick).collect())
    }

    /// A count of everybody who did not.
    fn undeclared(&self, stretch: usize, pick: Pick) -> Vec<u64> {
        let laid = self.laid.get(stretch);
        laid.map_or_else(Vec::new, |laid| laid.undeclared.iter().map(pick).collect())
    }
}
