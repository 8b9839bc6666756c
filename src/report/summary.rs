//! The first page: what was looked at, what matters most, what could not be told, what to do next. Picks findings and
//! messages; computes nothing.

use std::collections::BTreeSet;

use super::figures::{count, ratio};
use super::words::Words;
use super::{hidden, sentences};
use crate::fairness::{Audit, Direction, Finding, StretchLabel, Verdict, Warning};

/// How many findings are put on the first page.
const MOST_SHOWN: usize = 3;

/// The policy whose standard is a line, not a test.
const FOUR_FIFTHS: &str = "four_fifths";

/// The four parts of the first page, in sentences.
pub struct Summary {
    /// What was looked at.
    pub looked_at: Vec<String>,
    /// What matters most: a heading and a sentence each.
    pub matters: Vec<(String, String)>,
    /// What could not be told.
    pub could_not_tell: Vec<String>,
    /// What to do next.
    pub next: Vec<String>,
    /// How many primary comparisons came out as each verdict.
    pub verdicts: [(Verdict, usize); 4],
}

/// Writes the first page.
pub fn summarise(audit: &Audit, words: &Words) -> Summary {
    let primary: Vec<&Finding> = audit.findings().filter(|finding| finding.primary).collect();
    let of = |verdict| primary.iter().filter(|finding| finding.verdict == verdict).count();
    let verdicts = [Verdict::Gap, Verdict::RuledOut, Verdict::CannotTell, Verdict::NotAssessed]
        .map(|verdict| (verdict, of(verdict)));
    let gaps = most_important(&primary);
    Summary {
        looked_at: looked_at(audit, words),
        matters: matters(audit, &gaps, of(Verdict::RuledOut), words),
        could_not_tell: could_not_tell(audit, &primary, words),
        next: next(audit, &gaps, &primary, words),
        verdicts,
    }
}

/// Gaps, those that concern most people first; of the same two groups seen from either side, only the disadvantaged.
fn most_important<'a>(primary: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut gaps: Vec<&Finding> =
        primary.iter().copied().filter(|finding| finding.verdict == Verdict::Gap).collect();
    let size = |finding: &Finding| {
        let lower = finding.direction == Some(Direction::Lower);
        let people = finding.numbers.as_ref().map_or(0.0, |numbers| numbers.shortfall.abs());
        (u8::from(!lower), -people)
    };
    gaps.sort_by(|a, b| {
        let (a, b) = (size(a), size(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    // Where a broad group and a part of it both show a gap, the first page has the broad one.
    let shown: Vec<&Finding> = gaps
        .iter()
        .copied()
        .filter(|gap| {
            !gaps.iter().any(|other| {
                other.characteristic == gap.characteristic
                    && other.stretch == gap.stretch
                    && other.direction == gap.direction
                    && other.is_grouped
                    && !gap.is_grouped
            })
        })
        .collect();
    let gaps = shown;
    let lower: Vec<&Finding> =
        gaps.iter().copied().filter(|g| g.direction == Some(Direction::Lower)).collect();
    // Every group once before any of them again: three matters are not three decisions about the same people.
    let mut seen = BTreeSet::new();
    let gaps = if lower.is_empty() { gaps } else { lower };
    let (first, again): (Vec<&Finding>, Vec<&Finding>) =
        gaps.into_iter().partition(|gap| seen.insert((&gap.characteristic, &gap.group)));
    [first, again].concat()
}

fn looked_at(audit: &Audit, words: &Words) -> Vec<String> {
    let everybody = audit.views.first().and_then(|view| view.everybody.first());
    let people = everybody.and_then(|line| line.entered);
    let everybody_count = people.map_or(2, |people| usize::try_from(people).unwrap_or(2));
    let people = people.map_or_else(|| words.plain("audit-people-hidden"), count);
    let decisions: BTreeSet<&str> = audit
        .views
        .iter()
        .flat_map(|view| &view.everybody)
        .filter(|line| !line.stretch.whole)
        .map(|line| line.stretch.from.as_str())
        .collect();
    let characteristics: BTreeSet<&str> =
        super::told(audit).map(|(_, view)| view.characteristic.as_str()).collect();
    let mut lines = vec![words.say(
        "audit-looked-at-text",
        [
            ("people", people.into()),
            ("people_count", everybody_count.into()),
            ("vacancies", if sentences::together(audit) > 0 { 0 } else { audit.vacancies }.into()),
            ("decisions", words.say("audit-decisions", [("count", decisions.len().into())]).into()),
            ("characteristics", characteristics.len().into()),
            ("tested", audit.method.comparisons.into()),
            ("comparisons", count(audit.method.comparisons as u64).into()),
        ],
    )];
    if audit.findings().any(|finding| !finding.primary) {
        lines.push(words.plain("audit-looked-at-second"));
    }
    lines
}

fn matters(
    audit: &Audit,
    gaps: &[&Finding],
    ruled_out: usize,
    words: &Words,
) -> Vec<(String, String)> {
    let mut matters: Vec<(String, String)> = gaps
        .iter()
        .take(MOST_SHOWN)
        .map(|gap| {
            let heading =
                format!("{}, {}", gap.group_label, sentences::stretch(&gap.stretch, words));
            (heading, sentences::matter(gap, audit, words))
        })
        .collect();
    if matters.is_empty() {
        matters.push((words.plain("audit-matters-none"), String::new()));
    }
    matters.extend(other_gaps(audit, matters.len().min(gaps.len()), words));
    matters.extend(standard(audit, words).into_iter().map(|line| (line, String::new())));
    // Beside a gap, and where nothing was tested, that nothing is ruled out would be no news.
    if ruled_out > 0 || gaps.is_empty() && audit.method.comparisons > 0 {
        let fills = [("count", ruled_out.into()), ("margin", sentences::margin(audit).into())];
        matters.push((words.say("audit-ruled-out-summary", fills), String::new()));
    }
    if let Some(warning) = audit.warnings.iter().find(|warning| turns_findings(warning)) {
        matters.truncate(MOST_SHOWN.saturating_sub(1));
        matters
            .insert(0, (words.plain("audit-matters-stages"), sentences::warning(warning, words)));
    }
    matters
}

/// The gaps that are not told singly, where there are any, so that the number of verdicts can be understood.
fn other_gaps(audit: &Audit, told: usize, words: &Words) -> Option<(String, String)> {
    let gaps = audit.findings().filter(|f| f.primary && f.verdict == Verdict::Gap);
    let (lower, higher): (Vec<&Finding>, Vec<&Finding>) =
        gaps.partition(|gap| gap.direction == Some(Direction::Lower));
    let all = lower.len() + higher.len();
    let fills =
        [("all", all.into()), ("lower", lower.len().into()), ("higher", higher.len().into())];
    (all > told).then(|| (words.say("audit-matters-other-gaps", fills), String::new()))
}

/// What the policy's own standard prints, where it has one: a ratio the other way round, or which selection rates are
/// below the margin.
fn standard(audit: &Audit, words: &Words) -> Vec<String> {
    let primary: Vec<&Finding> =
        audit.findings().filter(|finding| finding.primary && finding.numbers.is_some()).collect();
    if audit.method.reference_over_group {
        let lines = primary.iter().filter_map(|f| sentences::reference_over_group(f, audit, words));
        return lines.take(MOST_SHOWN).collect();
    }
    let unseen = audit.findings().filter(|finding| finding.primary && finding.hidden).count();
    if audit.method.policy != FOUR_FIFTHS || primary.is_empty() {
        return Vec::new();
    }
    let below = primary.iter().filter_map(|finding| {
        let numbers = finding.numbers.as_ref().filter(|n| n.below_margin == Some(true))?;
        let fills = [
            ("group", finding.group_label.clone().into()),
            ("stretch", sentences::stretch(&finding.stretch, words).into()),
            ("ratio", numbers.pooled_ratio.map_or_else(String::new, ratio).into()),
            ("comparator", sentences::against(finding, words).into()),
        ];
        Some(words.say("audit-below-margin-group", fills))
    });
    let groups = below.collect::<Vec<String>>().join("; ");
    let key =
        if groups.is_empty() { "audit-below-margin-none" } else { "audit-below-margin-summary" };
    let fills = [
        ("margin", sentences::margin(audit).into()),
        ("groups", groups.into()),
        ("hidden", unseen.into()),
    ];
    vec![words.say(key, fills)]
}

/// Whether so many rows are left out for what became of them that no finding can be relied on.
fn turns_findings(warning: &Warning) -> bool {
    matches!(warning, Warning::UnknownStages { rows, of, .. } if rows.saturating_mul(50) >= *of)
}

fn could_not_tell(audit: &Audit, primary: &[&Finding], words: &Words) -> Vec<String> {
    if primary.iter().all(|finding| finding.verdict == Verdict::NotAssessed) {
        return vec![words.plain("audit-could-not-tell-nothing")];
    }
    let open: Vec<&&Finding> =
        primary.iter().filter(|finding| finding.verdict == Verdict::CannotTell).collect();
    let concealed = open.iter().filter(|finding| finding.hidden).count();
    let all_hidden = open.len() > 1 && concealed == open.len();
    let mut lines = vec![words.say(
        match (open.len(), primary.len()) {
            (1, 1) => "audit-could-not-tell-only",
            _ if all_hidden => "audit-could-not-tell-all-hidden",
            _ => "audit-could-not-tell-text",
        },
        [
            ("count", open.len().into()),
            ("all", primary.len().into()),
            ("hidden", concealed.into()),
            ("why", hidden::why(audit, words).into()),
        ],
    )];
    let without = primary.iter().filter(|finding| hidden::lacks_comparator(finding)).count();
    if without > 0 {
        let fills = [("count", without.into())];
        lines.push(words.say("audit-comparator-hidden-summary", fills));
    }
    let seen = open.iter().filter(|finding| !finding.hidden);
    let best = seen
        .filter_map(|finding| finding.detectable_ratio.map(|found| (found, finding)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((found, finding)) = best {
        lines.push(words.say(
            "audit-best-seen",
            [
                ("group", finding.group_label.clone().into()),
                ("stretch", sentences::stretch(&finding.stretch, words).into()),
                ("ratio", ratio(found).into()),
                ("comparator", sentences::against(finding, words).into()),
            ],
        ));
    }
    lines
}

/// The decisions at which the foremost gaps are, with every group that each is about; the whole journey only where no
/// decision is.
fn where_to_look(audit: &Audit, gaps: &[&Finding], words: &Words) -> Option<String> {
    let steps: Vec<&Finding> = gaps.iter().copied().filter(|gap| !gap.stretch.whole).collect();
    let gaps = if steps.is_empty() { gaps } else { &steps };
    let mut decisions: Vec<(&StretchLabel, Vec<&str>)> = Vec::new();
    for gap in gaps.iter().take(MOST_SHOWN) {
        match decisions.iter_mut().find(|(stretch, _)| **stretch == gap.stretch) {
            Some((_, groups)) => groups.push(&gap.group_label),
            None => decisions.push((&gap.stretch, vec![&gap.group_label])),
        }
    }
    let named = decisions.into_iter().map(|(stretch, groups)| {
        let fills = [
            ("stretch", sentences::stretch(stretch, words).into()),
            ("groups", groups.join("; ").into()),
        ];
        words.say("audit-next-gap-decision", fills)
    });
    let named = named.collect::<Vec<String>>().join("; ");
    let key =
        if sentences::together(audit) > 0 { "audit-next-gap-together" } else { "audit-next-gap" };
    (!named.is_empty()).then(|| words.say(key, [("decisions", named.into())]))
}

fn next(audit: &Audit, gaps: &[&Finding], primary: &[&Finding], words: &Words) -> Vec<String> {
    let mut next = Vec::new();
    next.extend(where_to_look(audit, gaps, words));
    // What was answered in words that the rules do not know was not left blank.
    let unmapped: Vec<&String> = audit
        .warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::UnmappedLabels { characteristic, .. } => Some(characteristic),
            _ => None,
        })
        .collect();
    // One piece of advice for all of them: a first page has little room.
    let nobody = sentences::nobody_declared(audit);
    let many: Vec<String> = audit
        .warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::ManyUndeclared { characteristic, .. }
                if !unmapped.contains(&characteristic)
                    && !nobody.contains(&characteristic.as_str()) =>
            {
                Some(characteristic.to_lowercase())
            }
            _ => None,
        })
        .collect();
    if !many.is_empty() {
        let fills = [("characteristics", many.join("; ").into()), ("count", many.len().into())];
        next.push(words.say("audit-next-undeclared", fills));
    }
    if !nobody.is_empty() {
        let named = nobody.join("; ").to_lowercase();
        next.push(words.say("audit-next-nobody-declared", [("characteristics", named.into())]));
    }
    if !unmapped.is_empty() {
        next.push(words.plain("audit-next-unmapped"));
    }
    let without = primary.iter().filter(|finding| hidden::lacks_comparator(finding));
    let comparators: BTreeSet<String> =
        without.map(|finding| sentences::comparator(finding, words)).collect();
    if primary.iter().any(|finding| finding.comparator_among_shown && !finding.comparator_hidden) {
        next.push(words.plain("audit-next-among-shown"));
    }
    if !comparators.is_empty() {
        let named = comparators.into_iter().collect::<Vec<String>>().join("; ");
        next.push(words.say("audit-next-comparator-hidden", [("comparators", named.into())]));
    }
    if audit.method.hidden_for_earlier_reports > 0 {
        next.push(words.plain("audit-next-earlier"));
    }
    if audit.method.few_withdrawals_may_hide && primary.iter().any(|finding| finding.hidden) {
        next.push(words.plain("audit-next-withdrawals"));
    }
    if primary.iter().any(|finding| finding.verdict == Verdict::CannotTell) {
        next.push(words.plain("audit-next-cannot-tell"));
    }
    if primary.is_empty() {
        next.push(words.plain("audit-next-nothing-compared"));
    } else if next.is_empty() {
        next.push(words.plain("audit-next-keep"));
    }
    next
}
