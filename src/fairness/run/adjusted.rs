//! Comparisons of a finished audit again, within vacancy and bands of declared factors. Shows nothing of a comparison
//! whose numbers are hidden.

use std::borrow::Cow;

use super::super::adjustment::{
    Adjusted, Adjustment, Conclusion, FactorBands, Row, StratumPlace, WithinBands, regress,
};
use super::super::audit::{Audit, Finding};
use super::super::journey::Outcome;
use super::super::judge::Verdict;
use super::super::numeric::Probability;
use super::super::table::blunt;
use super::super::view::total;
use super::super::{Table, conditional_test, mantel_haenszel, multiplicity, ratio};
use super::{AuditRequest, Counts, Layout};
use crate::rulebook::{Comparator, Rulebook};

/// Fewest strata with something to see; from fewer, the counts of one could be worked out.
const FEWEST_STRATA: usize = 3;

/// Compares again within vacancy and bands. `counts` has one stratum for each vacancy and combination of bands, and
/// `places` says which; `audit` is the audit of the same people by vacancy alone.
pub fn adjusted(
    counts: &Counts,
    request: &AuditRequest,
    rules: &Rulebook,
    audit: &Audit,
    factors: Vec<FactorBands>,
    places: &[StratumPlace],
) -> Adjustment {
    let layout = Layout::of(counts, request, rules);
    let shown = audit.findings().filter(|f| f.primary && f.numbers.is_some());
    let mut compared: Vec<Adjusted> =
        shown.filter_map(|finding| layout.adjust_finding(finding, places)).collect();
    let both = |within: WithinBands| {
        within.mid_p.zip(within.ln_mid_p).map(|(p, ln_p)| Probability::from_parts(p, ln_p))
    };
    let tested: Vec<Probability> =
        compared.iter().filter_map(|one| one.within.and_then(both)).collect();
    let mut holm = multiplicity::adjust(&tested).holm.into_iter();
    let findings: Vec<&Finding> = audit.findings().collect();
    for one in &mut compared {
        if let Some(within) = &mut one.within {
            let holm = within.mid_p.and_then(|_| holm.next());
            let holm = holm.map(|p| p.blunt(within.informative_strata));
            (within.holm_p, within.ln_holm_p) = (holm.map(|p| p.p), holm.map(|p| p.ln_p));
        }
        let finding = findings.iter().find(|finding| is_same(finding, one));
        one.conclusion = conclusion(
            finding.is_some_and(|finding| finding.verdict == Verdict::Gap),
            one,
            request.policy.significance,
        );
    }
    Adjustment { factors, compared }
}

fn is_same(finding: &Finding, adjusted: &Adjusted) -> bool {
    finding.primary
        && finding.characteristic_label == adjusted.characteristic_label
        && finding.group == adjusted.group
        && finding.stretch == adjusted.stretch
}

fn conclusion(is_gap: bool, found: &Adjusted, significance: f64) -> Conclusion {
    let Some(within) = found.within else { return Conclusion::NotComparable };
    let passes = within.holm_p.is_some_and(|p| p <= significance);
    let below = within.ratio_high.is_some_and(|high| high < 1.0);
    let above = within.ratio_low.is_some_and(|low| low > 1.0);
    let stands = passes && (below || above);
    let same_side = match (found.plain_ratio, within.ratio) {
        (Some(plain), Some(ratio)) => (plain < 1.0) == (ratio < 1.0),
        _ => true,
    };
    match (is_gap, stands) {
        (true, true) if same_side => Conclusion::Remains,
        (true, false) => Conclusion::NotSeen,
        (_, true) => Conclusion::Appears,
        (false, false) => Conclusion::Neither,
    }
}

impl Layout<'_> {
    /// One finding again; `None` when the finer counts do not have its group or decision.
    fn adjust_finding(&self, finding: &Finding, places: &[StratumPlace]) -> Option<Adjusted> {
        let index = self.views.iter().position(|view| {
            view.characteristic.id.as_str() == finding.characteristic
                && view.grouping.is_some() == finding.is_grouped
                && view.label == finding.characteristic_label
        })?;
        let view = &self.views[index];
        let member = view.members.iter().position(|m| m.id.as_str() == finding.group)?;
        let stretch = self.stretches.iter().copied().find(|s| self.label(*s) == finding.stretch)?;
        let focal = self.member(index, member, stretch);
        let comparator = match finding.comparator {
            Comparator::Others => Cow::Owned(self.outcomes(index, stretch).others(member)),
            Comparator::Reference => Cow::Borrowed(self.member(index, view.reference?, stretch)),
            // The one of the finding; by the finer counts another might be chosen.
            Comparator::Highest => {
                let label = &finding.comparator_label;
                let chosen = view.members.iter().position(|member| member.label == *label)?;
                Cow::Borrowed(self.member(index, chosen, stretch))
            }
        };
        Some(Adjusted {
            characteristic: finding.characteristic.clone(),
            characteristic_label: finding.characteristic_label.clone(),
            group: finding.group.clone(),
            group_label: finding.group_label.clone(),
            comparator_label: finding.comparator_label.clone(),
            stretch: finding.stretch.clone(),
            plain_ratio: finding.numbers.as_ref().and_then(|numbers| numbers.ratio),
            within: self.within(focal, &comparator),
            regression: self.regression(focal, &comparator, places),
            conclusion: Conclusion::NotComparable,
        })
    }

    fn within(&self, focal: &[Outcome], comparator: &[Outcome]) -> Option<WithinBands> {
        let tables: Vec<Table> = focal
            .iter()
            .zip(comparator)
            .map(|(one, two)| Table {
                selected_1: one.progressed,
                total_1: one.entered,
                selected_2: two.progressed,
                total_2: two.entered,
            })
            .filter(Table::has_both_groups)
            .collect();
        let informative = tables.iter().filter(|table| table.is_informative()).count();
        if informative < FEWEST_STRATA {
            return None;
        }
        let comparable: u64 = tables.iter().map(|table| table.total_1).sum();
        let all = total(focal).entered.max(1);
        let blunted = |value: Option<f64>| {
            value.filter(|value| value.is_finite()).map(|value| blunt(value, informative))
        };
        let found = mantel_haenszel::rate_ratio_of(&tables);
        let interval = found.and_then(|_| ratio::stratified(&tables, self.request.confidence));
        let mid = conditional_test::test(&tables);
        let mid = mid.map(|tested| tested.mid_two_sided.blunt(informative));
        Some(WithinBands {
            informative_strata: informative,
            comparable_share: (comparable as f64 / all as f64 * 20.0).round() / 20.0,
            ratio: blunted(found),
            ratio_low: blunted(interval.map(|(low, _)| low)),
            ratio_high: blunted(interval.map(|(_, high)| high)),
            mid_p: mid.map(|p| p.p),
            ln_mid_p: mid.map(|p| p.ln_p),
            holm_p: None,
            ln_holm_p: None,
        })
    }

    fn regression(
        &self,
        focal: &[Outcome],
        comparator: &[Outcome],
        places: &[StratumPlace],
    ) -> Option<super::super::adjustment::Regression> {
        let mut rows = Vec::new();
        for (place, (one, two)) in places.iter().zip(focal.iter().zip(comparator)) {
            for (outcome, is_focal) in [(one, true), (two, false)] {
                if outcome.entered > 0 {
                    rows.push(Row {
                        place: place.clone(),
                        is_focal,
                        selected: outcome.progressed as f64,
                        total: outcome.entered as f64,
                    });
                }
            }
        }
        let mut found = regress(&rows, self.request.confidence)?;
        // To more digits, a regression could be matched against every way to divide the counts.
        found.odds_ratio = blunt(found.odds_ratio, 2);
        found.interval = (blunt(found.interval.0, 2), blunt(found.interval.1, 2));
        found.p = found.p.map(|p| blunt(p, 2));
        Some(found)
    }
}
