//! What is said where there is no number to show, because it may not be shown or because there was nothing to compare: a
//! sentence instead of a chart and a table without content. Chooses and fills messages; hides nothing itself.

use super::sentences;
use super::words::Words;
use crate::fairness::{Audit, Finding, StretchLabel, Verdict, View};

/// Why counts are hidden, for the middle of a sentence: small ones, and where they can be it, earlier reports and few
/// withdrawals. Which count is hidden for what is not told, because that would tell of it.
pub fn why(audit: &Audit, words: &Words) -> String {
    let earlier = audit.method.hidden_for_earlier_reports > 0;
    words.plain(match (earlier, audit.method.few_withdrawals_may_hide) {
        (false, false) => "audit-why-small",
        (false, true) => "audit-why-withdrawals",
        (true, false) => "audit-why-earlier",
        (true, true) => "audit-why-both",
    })
}

/// That no count of a view is shown; nothing where some are.
pub fn counts(view: &View, audit: &Audit, words: &Words) -> Option<String> {
    let mut lines = view.groups.iter().flat_map(|group| &group.stages).chain(&view.everybody);
    let any = lines.clone().next().is_some();
    (any && lines.all(|line| line.hidden)).then(|| {
        let minimum = audit.method.minimum;
        words.say(
            "audit-all-counts-hidden",
            [("view", view.label.as_str().into()), ("minimum", minimum.into())],
        )
    })
}

/// That no ratio to a group is shown whose counts are hidden: a sentence for each such group, with its decisions.
pub fn comparators(view: &View, audit: &Audit, words: &Words) -> Vec<String> {
    let mut hidden: Vec<(&Finding, Vec<String>)> = Vec::new();
    let named = |finding: &&Finding| lacks_comparator(finding) && !finding.comparator_among_shown;
    for finding in view.findings.iter().filter(named) {
        let stretch = sentences::stretch(&finding.stretch, words);
        let same = |known: &&mut (&Finding, Vec<String>)| {
            known.0.comparator == finding.comparator
                && known.0.comparator_label == finding.comparator_label
        };
        match hidden.iter_mut().find(same) {
            Some((_, stretches)) if stretches.contains(&stretch) => {}
            Some((_, stretches)) => stretches.push(stretch),
            None => hidden.push((finding, vec![stretch])),
        }
    }
    let sentence = |(finding, stretches): (&Finding, Vec<String>)| {
        let fills = [
            ("comparator", finding.comparator_label.clone().into()),
            ("stretches", stretches.join("; ").into()),
            ("why", why(audit, words).into()),
        ];
        words.say("audit-comparator-hidden", fills)
    };
    hidden.into_iter().map(sentence).collect()
}

/// That the most selected group was looked for among groups that are shown, or could not be: a sentence each, with the
/// decisions. Neither depends on any hidden count.
pub fn chosen_among_shown(view: &View, audit: &Audit, words: &Words) -> Vec<String> {
    let of = |hidden: bool, key: &str| {
        let mut stretches: Vec<String> = Vec::new();
        let wanted = |f: &&Finding| f.comparator_among_shown && f.comparator_hidden == hidden;
        for finding in view.findings.iter().filter(wanted) {
            let stretch = sentences::stretch(&finding.stretch, words);
            if !stretches.contains(&stretch) {
                stretches.push(stretch);
            }
        }
        let stretches = stretches.join("; ");
        (!stretches.is_empty()).then(|| {
            words.say(key, [("stretches", stretches.into()), ("why", why(audit, words).into())])
        })
    };
    let keys = [(true, "audit-highest-hidden"), (false, "audit-highest-among-shown")];
    keys.into_iter().filter_map(|(hidden, key)| of(hidden, key)).collect()
}

/// Whether a comparison was made, and shows no ratio because of the group compared with.
pub fn lacks_comparator(finding: &Finding) -> bool {
    finding.comparator_hidden && finding.verdict != Verdict::NotAssessed
}

/// The comparisons of one decision, or of several of which the same is said instead of numbers.
pub struct Decision<'a> {
    /// The decisions.
    pub stretches: Vec<&'a StretchLabel>,
    /// The comparisons of the first one.
    pub findings: Vec<&'a Finding>,
    /// Their verdicts, where none of their numbers is shown.
    pub verdicts: Option<Verdicts>,
}

impl Decision<'_> {
    /// The decisions as a heading.
    pub fn title(&self, words: &Words) -> String {
        let stretches: Vec<String> =
            self.stretches.iter().map(|stretch| sentences::stretch(stretch, words)).collect();
        stretches.join("; ")
    }
}

/// What is said instead of numbers.
#[derive(PartialEq, Eq)]
pub struct Verdicts {
    /// Why there are none, and what stands in brackets.
    pub note: String,
    /// A line for each verdict, with the groups.
    pub lines: Vec<String>,
}

/// Comparisons decision by decision, in the order in which they come; decisions of which the same is said stand together,
/// at the place of the first.
pub fn by_decision<'a>(
    findings: &[&'a Finding],
    audit: &Audit,
    words: &Words,
) -> Vec<Decision<'a>> {
    let mut decisions: Vec<Decision<'a>> = Vec::new();
    for finding in findings {
        let stretch = &finding.stretch;
        match decisions.iter_mut().find(|known| known.stretches.contains(&stretch)) {
            Some(known) => known.findings.push(finding),
            None => {
                let (stretches, findings) = (vec![stretch], vec![*finding]);
                decisions.push(Decision { stretches, findings, verdicts: None });
            }
        }
    }
    let mut together: Vec<Decision<'a>> = Vec::new();
    for mut decision in decisions {
        decision.verdicts = verdicts(&decision.findings, audit, words);
        let same = |known: &&mut Decision<'a>| {
            decision.verdicts.is_some() && known.verdicts == decision.verdicts
        };
        match together.iter_mut().find(same) {
            Some(known) => known.stretches.append(&mut decision.stretches),
            None => together.push(decision),
        }
    }
    together
}

/// The verdicts of comparisons; nothing where some number is shown.
fn verdicts(findings: &[&Finding], audit: &Audit, words: &Words) -> Option<Verdicts> {
    if findings.iter().any(|finding| finding.numbers.is_some()) {
        return None;
    }
    // Of what was not compared no number is hidden.
    let (hidden, nothing): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().copied().partition(|finding| finding.hidden);
    if hidden.is_empty() {
        return Some(not_assessed(&nothing, words));
    }
    let of = |verdict: Verdict| -> Option<String> {
        let groups: Vec<String> =
            hidden.iter().filter(|f| f.verdict == verdict).map(|f| f.group_label.clone()).collect();
        let fills = [
            ("verdict", sentences::verdict(verdict, words).into()),
            ("groups", groups.join("; ").into()),
        ];
        (!groups.is_empty()).then(|| words.say("audit-verdict-groups", fills))
    };
    let order = [Verdict::Gap, Verdict::RuledOut, Verdict::CannotTell, Verdict::NotAssessed];
    let lines = order.into_iter().filter_map(of).chain(not_assessed(&nothing, words).lines);
    let note = words.say("audit-numbers-hidden-note", [("why", why(audit, words).into())]);
    Some(Verdicts { note, lines: lines.collect() })
}

/// That there was nothing to compare, with the reasons.
fn not_assessed(findings: &[&Finding], words: &Words) -> Verdicts {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for finding in findings {
        let (reason, group) = (sentences::reason(finding, words), finding.group_label.clone());
        match reasons.iter_mut().find(|known| known.0 == reason) {
            Some((_, groups)) => groups.push(group),
            None => reasons.push((reason, vec![group])),
        }
    }
    let line = |(reason, groups): (String, Vec<String>)| {
        let groups = groups.join("; ");
        words.say(
            "audit-not-assessed-groups",
            [("groups", groups.into()), ("reason", reason.into())],
        )
    };
    Verdicts {
        note: sentences::verdict_meaning(Verdict::NotAssessed, words),
        lines: reasons.into_iter().map(line).collect(),
    }
}
