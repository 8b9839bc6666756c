//! From a comparison to a finding: its verdict, and its numbers where they may be shown.

use super::super::audit::{EvidenceLine, Finding, Numbers};
use super::super::compare::Measured;
use super::super::journey::Stretch;
use super::super::judge::{self, AdjustedP, Reason, Verdict};
use super::super::mantel_haenszel::rate_ratio_of;
use super::super::numeric::Probability;
use super::super::request::AuditRequest;
use super::super::table::{blunt, one_person_decides};
use super::super::view::total;
use super::super::{rate, rates};
use super::comparisons::Sides;
use super::family::Family;
use super::protection::Protection;
use super::{Comparison, Layout};
use crate::rulebook::Comparator;

impl Layout<'_> {
    pub(super) fn finding(
        &self,
        comparison: &Comparison,
        adjusted: AdjustedP,
        family: &Family,
        protection: &Protection,
    ) -> Finding {
        let (view, measured) = (&self.views[comparison.sides.view], &comparison.measured);
        let member = &view.members[comparison.sides.member];
        let against = comparison.sides.against;
        let undeclared_hidden = protection.entered.contains(&comparison.sides.stretch);
        let undeclared = self.undeclared_share(comparison).filter(|_| !undeclared_hidden);
        let mut finding = Finding {
            characteristic: view.characteristic.id.to_string(),
            characteristic_label: view.label.clone(),
            is_grouped: view.grouping.is_some(),
            group: member.id.to_string(),
            group_label: member.label.clone(),
            stretch: self.label(comparison.sides.stretch),
            comparator: comparison.comparator,
            comparator_label: match comparison.sides.against {
                Some(other) => view.members[other].label.clone(),
                None if view.members.len() == 2 => {
                    view.members[1 - comparison.sides.member].label.clone()
                }
                // Reports have the words for "everybody else".
                None => String::new(),
            },
            primary: self.request.policy.comparators.first() == Some(&comparison.comparator),
            verdict: Verdict::NotAssessed,
            reason: None,
            direction: None,
            numbers: None,
            hidden: self.is_comparison_hidden(comparison, protection),
            comparator_hidden: self.is_any_hidden(comparison, &[against], protection),
            comparator_among_shown: comparison.comparator == Comparator::Highest
                && self.conceals_any(comparison.sides.view, comparison.sides.stretch, protection),
            detectable_ratio: measured.detectable.map(|ratio| blunt(ratio, measured.shared)),
            undeclared_share: undeclared,
            undeclared_hidden,
            survives_undeclared: None,
            evidence: None,
        };
        self.judge(comparison, adjusted, family, protection, &mut finding);
        if !finding.hidden && finding.verdict != Verdict::NotAssessed {
            let mut numbers = numbers(comparison, adjusted, self.request);
            if protection.passed.contains(&comparison.sides.stretch) {
                // To more digits, the range over all who did not declare would tell how many there are.
                let (low, high) = numbers.undeclared_range;
                numbers.undeclared_range = (
                    low.map(|ratio| (ratio * 20.0).floor() / 20.0),
                    high.map(|ratio| (ratio * 20.0).ceil() / 20.0),
                );
            }
            finding.numbers = Some(numbers);
            finding.evidence = self.evidence(comparison, adjusted);
        }
        finding
    }

    fn judge(
        &self,
        comparison: &Comparison,
        adjusted: AdjustedP,
        family: &Family,
        protection: &Protection,
        finding: &mut Finding,
    ) {
        let measured = &comparison.measured;
        if comparison.share_too_small && !finding.hidden {
            finding.reason = Some(Reason::ShareTooSmall);
            finding.detectable_ratio = None;
            return;
        }
        let minimum = self.request.minimum();
        let few = |count: u64| (1..minimum).contains(&count);
        let has_few = few(measured.pooled.total_1) || few(measured.pooled.total_2);
        finding.hidden |= has_few;
        if !finding.hidden {
            finding.judged(judge::judge(measured, &adjusted, &self.thresholds()));
            if finding.verdict == Verdict::NotAssessed {
                // Nothing was compared; it would be a number of groups whose numbers are not shown.
                finding.detectable_ratio = None;
            }
            if finding.verdict == Verdict::Gap {
                finding.survives_undeclared = measured.undeclared.survives;
            }
            return;
        }
        // Computed from the group's own counts, it would give them back, and from a total something of those.
        finding.detectable_ratio = None;
        let said = self.said_of_hidden(comparison, &adjusted, family, protection);
        match said.filter(|_| !has_few) {
            Some(said) => {
                finding.judged(said.judgement);
                if finding.verdict == Verdict::Gap {
                    finding.survives_undeclared = said.survives;
                }
            }
            // The same of every other hidden group, whatever was measured.
            None => {
                finding.verdict = Verdict::CannotTell;
                finding.reason = Some(Reason::TooFewToShow);
            }
        }
    }

    /// The evidence of a comparison whose numbers are shown.
    fn evidence(&self, comparison: &Comparison, adjusted: AdjustedP) -> Option<EvidenceLine> {
        let streamed = comparison.measured.streamed?;
        let end = |value: f64| (value > 0.0 && value.is_finite()).then(|| blunt(value, 2));
        let place = streamed.crossed_at.and_then(|place| self.order.get(place));
        let facts = place.and_then(|place| self.counts.facts().get(*place));
        Some(EvidenceLine {
            vacancies: streamed.blocks,
            log10_e: blunt(streamed.ln_e / std::f64::consts::LN_10, 2),
            anytime_p: blunt(streamed.anytime_p.p, 2),
            ln_anytime_p: blunt(streamed.anytime_p.ln_p, 2),
            anytime_holm_p: blunt(adjusted.anytime_holm.p, 2),
            ln_anytime_holm_p: blunt(adjusted.anytime_holm.ln_p, 2),
            odds_ratio_low: streamed.odds_ratio.and_then(|(low, _)| end(low)),
            odds_ratio_high: streamed.odds_ratio.and_then(|(_, high)| end(high)),
            has_crossed: streamed.crossed_at.is_some(),
            crossed_on: facts.and_then(|facts| facts.decided_on),
        })
    }

    /// Whether counts of either group of a comparison are hidden.
    pub(super) fn is_comparison_hidden(
        &self,
        comparison: &Comparison,
        protection: &Protection,
    ) -> bool {
        let Sides { member, against, .. } = comparison.sides;
        self.is_any_hidden(comparison, &[Some(member), against], protection)
    }

    /// Whether counts of any of these groups are hidden over the stretch that is compared.
    fn is_any_hidden(
        &self,
        comparison: &Comparison,
        members: &[Option<usize>],
        protection: &Protection,
    ) -> bool {
        let Sides { view, stretch, .. } = comparison.sides;
        members.iter().flatten().any(|member| self.is_concealed(view, *member, stretch, protection))
    }

    /// Whether a count of a group over a stretch is hidden.
    pub(super) fn is_concealed(
        &self,
        view: usize,
        member: usize,
        stretch: Stretch,
        protection: &Protection,
    ) -> bool {
        let (entered, passed) = self.is_hidden(&protection.hidden[view], member, stretch);
        entered || passed
    }

    fn conceals_any(&self, view: usize, stretch: Stretch, protection: &Protection) -> bool {
        let mut members = 0..self.views[view].members.len();
        members.any(|member| self.is_concealed(view, member, stretch, protection))
    }

    /// What is said of every group where the policy compares with the most selected group, and no group is shown that
    /// could be it: the same of each, so that nothing tells which it is.
    pub(super) fn without_comparator(&self, index: usize, protection: &Protection) -> Vec<Finding> {
        let comparators = &self.request.policy.comparators;
        if !comparators.contains(&Comparator::Highest) {
            return Vec::new();
        }
        let view = &self.views[index];
        let mut findings = Vec::new();
        for stretch in self.stretches.iter().copied() {
            let has_none = self.highest(index, stretch, protection).is_none();
            if !has_none || view.members.len() < 2 || !self.conceals_any(index, stretch, protection)
            {
                continue;
            }
            let undeclared_hidden = protection.entered.contains(&stretch);
            let outcomes = self.outcomes(index, stretch);
            let none = total(&outcomes.undeclared).entered;
            let share = rate(none, none + total(&outcomes.declared).entered);
            findings.extend(view.members.iter().map(|member| Finding {
                characteristic: view.characteristic.id.to_string(),
                characteristic_label: view.label.clone(),
                is_grouped: view.grouping.is_some(),
                group: member.id.to_string(),
                group_label: member.label.clone(),
                stretch: self.label(stretch),
                comparator: Comparator::Highest,
                comparator_label: String::new(),
                primary: comparators.first() == Some(&Comparator::Highest),
                verdict: Verdict::CannotTell,
                reason: Some(Reason::TooFewToShow),
                direction: None,
                numbers: None,
                hidden: true,
                comparator_hidden: true,
                comparator_among_shown: true,
                detectable_ratio: None,
                undeclared_share: share.filter(|_| !undeclared_hidden),
                undeclared_hidden,
                survives_undeclared: None,
                evidence: None,
            }));
        }
        findings
    }

    fn undeclared_share(&self, comparison: &Comparison) -> Option<f64> {
        let outcomes = self.outcomes(comparison.sides.view, comparison.sides.stretch);
        let none = total(&outcomes.undeclared).entered;
        let declared = total(&outcomes.declared).entered;
        rate(none, none + declared)
    }
}

fn numbers(comparison: &Comparison, adjusted: AdjustedP, request: &AuditRequest) -> Numbers {
    let (confidence, margin) = (request.confidence, request.policy.margin);
    let measured = &comparison.measured;
    let pooled = &measured.pooled;
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let vacancies = measured.shared.max(measured.informative);
    let blunted = |value: Option<f64>| finite(value).map(|value| blunt(value, vacancies));
    let blunt_p = |p: Option<Probability>| p.map(|p| p.blunt(vacancies));
    let holm = measured.mid_p.map(|_| adjusted.holm.blunt(vacancies));
    let hochberg = measured.mid_p.map(|_| adjusted.benjamini_hochberg.blunt(vacancies));
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
        ratio: blunted(measured.ratio),
        ratio_low: blunted(low(measured.ratio_interval)),
        ratio_high: blunted(high(measured.ratio_interval)),
        pooled_ratio: finite(measured.pooled_ratio),
        pooled_low: low(measured.pooled_interval),
        pooled_high: high(measured.pooled_interval),
        pooling_misleads: pooling_misleads(measured),
        mid_p: blunt_p(measured.mid_p),
        conditional_p: blunt_p(measured.p),
        is_exact: measured.is_exact,
        holm_p: holm.map(|p| p.p),
        ln_holm_p: holm.map(|p| p.ln_p),
        benjamini_hochberg_p: hochberg.map(|p| p.p),
        ln_benjamini_hochberg_p: hochberg.map(|p| p.ln_p),
        below_margin: measured.below_margin,
        one_person_decides: one_person_decides(pooled, margin.0, margin.1),
        reference_over_group: finite(
            request
                .policy
                .reference_over_group
                .then(|| rate_ratio_of(&[pooled.mirrored()]))
                .flatten(),
        ),
        shortfall: blunt(measured.shortfall, vacancies),
        shared_vacancies: measured.shared,
        informative_vacancies: measured.informative,
        heterogeneity_p: blunted(measured.heterogeneity_p),
        undeclared_range: (
            blunted(measured.undeclared.ratio_range.0),
            blunted(measured.undeclared.ratio_range.1),
        ),
    }
}

/// Whether pooling all vacancies tells another story: another direction, or another answer to "does the interval
/// exclude 1" by a ratio that is another one, too (Simpson 1951).
fn pooling_misleads(measured: &Measured) -> bool {
    let (Some(by_vacancy), Some(pooled)) = (measured.ratio_interval, measured.pooled_interval)
    else {
        return false;
    };
    let side = |(low, high): (f64, f64)| i8::from(low > 1.0) - i8::from(high < 1.0);
    let answers_differ = side(by_vacancy) != side(pooled);
    let apart = |a: f64, b: f64| {
        let turned = (a - 1.0) * (b - 1.0) < 0.0;
        (answers_differ || turned) && (a / b).ln().abs() > 0.05
    };
    // Where nobody of one group was selected, there is no ratio to tell apart.
    match (measured.ratio, measured.pooled_ratio) {
        (Some(a), Some(b)) => apart(a, b),
        _ => answers_differ,
    }
}
