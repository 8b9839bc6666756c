//! What is published of each view: counts, rates, who did not declare, who applied. Hides what must be hidden; compares
//! nothing.

use super::super::audit::{GroupLine, Representation, StageLine, UndeclaredLine, View};
use super::super::conditional_test;
use super::super::journey::{Outcome, Stretch};
use super::super::table::blunt;
use super::super::view::total;
use super::super::{Table, availability, rate, rates};
use super::Layout;
use super::hidden::HiddenCounts;
use super::protection::Protection;

impl Layout<'_> {
    pub(super) fn view(&self, index: usize, protection: &Protection) -> View {
        let (view, hidden) = (&self.views[index], &protection.hidden);
        let groups = view.members.iter().enumerate().map(|(place, member)| GroupLine {
            id: member.id.to_string(),
            label: member.label.clone(),
            is_reference: view.reference == Some(place),
            stages: self
                .stretches
                .iter()
                .map(|stretch| {
                    let all = total(self.member(index, place, *stretch));
                    let (entered, passed) = self.is_hidden(&hidden[index], place, *stretch);
                    self.line(*stretch, all, entered, passed)
                })
                .collect(),
        });
        View {
            characteristic: view.characteristic.id.to_string(),
            label: view.label.clone(),
            grouping: view.grouping.clone(),
            everybody: self
                .stretches
                .iter()
                .map(|s| {
                    let (entered, passed) =
                        (protection.entered.contains(s), protection.passed.contains(s));
                    self.line(*s, self.everybody(index, *s), entered, passed)
                })
                .collect(),
            groups: groups.collect(),
            undeclared: self
                .stretches
                .iter()
                .map(|stretch| self.undeclared(index, *stretch, protection))
                .collect(),
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
            rate: shown.then(|| rate(all.progressed, all.entered)).flatten(),
            rate_interval: shown
                .then(|| rates::wilson(all.progressed, all.entered, self.request.confidence))
                .flatten(),
            hidden: !shown,
        }
    }

    pub(super) fn everybody(&self, index: usize, stretch: Stretch) -> Outcome {
        let outcomes = self.outcomes(index, stretch);
        total(&outcomes.declared).plus(total(&outcomes.undeclared))
    }

    /// Who entered the first decision, against the shares of the benchmark, where it has them for this view.
    fn representation(&self, index: usize, hidden: &HiddenCounts) -> Vec<Representation> {
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
        let count = |member: usize| total(self.member(index, member, first)).entered;
        let declared: u64 = (0..view.members.len()).map(count).sum();
        // Where every count of the view is hidden, their sum says more than the view does.
        let all_hidden = (0..view.members.len()).all(|member| hidden.entered(member, 0));
        let groups = shares.of.iter().map(|(group, share)| {
            let member = view.members.iter().position(|member| member.id == *group);
            let is_hidden = member.is_some_and(|member| hidden.entered(member, 0));
            let count = member.map_or(0, count);
            let shown = !is_hidden && !all_hidden && declared > 0;
            let test = shown.then(|| availability::test(count, declared, *share)).flatten();
            Representation {
                group: group.to_string(),
                group_label: self.rules.characteristics().label(&view.characteristic.id, group),
                benchmark_share: *share,
                count: shown.then_some(count),
                declared: (!all_hidden).then_some(declared),
                share: shown.then(|| rate(count, declared)).flatten(),
                share_interval: shown
                    .then(|| rates::wilson(count, declared, self.request.confidence))
                    .flatten(),
                mid_p: test.map(|test| test.mid_two_sided),
                shortfall: test.map(|test| test.shortfall),
            }
        });
        groups.collect()
    }

    fn undeclared(
        &self,
        index: usize,
        stretch: Stretch,
        protection: &Protection,
    ) -> UndeclaredLine {
        let outcomes = self.outcomes(index, stretch);
        let tables: Vec<Table> = outcomes
            .undeclared
            .iter()
            .zip(&outcomes.declared)
            .map(|(one, two)| Table {
                selected_1: one.progressed,
                total_1: one.entered,
                selected_2: two.progressed,
                total_2: two.entered,
            })
            .collect();
        let (none, declared) = (total(&outcomes.undeclared), total(&outcomes.declared));
        let hidden = protection.entered.contains(&stretch);
        let rates = !protection.passed.contains(&stretch);
        let kinds = outcomes.undeclared_kinds;
        // Why people did not declare is shown where no kind is small.
        let small = |count: &u64| (1..self.request.minimum()).contains(count);
        let shown = !hidden && !kinds.iter().any(small);
        let [prefer_not_to_say, not_asked, unmapped] = kinds.map(|count| shown.then_some(count));
        let tested = || conditional_test::test(&tables).map(|tested| tested.mid_two_sided.p);
        UndeclaredLine {
            stretch: self.label(stretch),
            prefer_not_to_say,
            not_asked,
            unmapped,
            hidden,
            share: (!hidden).then(|| rate(none.entered, none.entered + declared.entered)).flatten(),
            rate: rates.then(|| rate(none.progressed, none.entered)).flatten(),
            differs_p: rates.then(tested).flatten().map(|p| blunt(p, tables.len())),
        }
    }
}
