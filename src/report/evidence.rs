//! Evidence that may be read after every decision, and what changed since the last report, in sentences and as a table.
//! Chooses and fills messages; computes nothing.

use maud::{Markup, html};

use super::figures::{count, limit, p_in_words, p_value, ratio};
use super::frame::{Column, columns, table};
use super::words::Words;
use super::{Part, sentences};
use crate::fairness::{Audit, Changed, EvidenceLine, Finding, Warning};

/// The findings whose evidence is shown, with it; of two groups seen from either side, which is the same evidence, the
/// first.
fn shown(audit: &Audit) -> Vec<(&Finding, &EvidenceLine)> {
    let mut shown: Vec<(&Finding, &EvidenceLine)> = Vec::new();
    for (finding, line) in audit.findings().filter_map(|f| Some((f, f.evidence.as_ref()?))) {
        if !shown.iter().any(|(known, _)| mirror(known, finding)) {
            shown.push((finding, line));
        }
    }
    shown
}

/// Whether two findings are about the same two groups, seen from either side.
fn mirror(one: &Finding, other: &Finding) -> bool {
    one.group_label == other.comparator_label
        && one.comparator_label == other.group_label
        && one.characteristic_label == other.characteristic_label
        && one.stretch == other.stretch
}

/// How an e-value is written: two digits of thousands, whole numbers above ten, and beyond a million only its power of
/// ten.
pub(super) fn e_value(log10_e: f64) -> String {
    if log10_e >= 6.0 {
        format!("above 1e{:.0}", log10_e.floor())
    } else if log10_e >= 3.0 {
        let step = 10_f64.powf(log10_e.floor() - 1.0);
        count(((10_f64.powf(log10_e) / step).round() * step) as u64)
    } else if log10_e >= 1.0 {
        format!("{:.0}", 10_f64.powf(log10_e))
    } else if log10_e >= -2.0 {
        format!("{:.2}", 10_f64.powf(log10_e))
    } else {
        "below 0.01".to_owned()
    }
}

/// The line of one comparison on its own.
fn line(audit: &Audit) -> String {
    format!("{:.0}", 1.0 / audit.method.significance)
}

/// Whether the counts tell vacancies apart: evidence that is read at once grows with no decision.
fn is_by_vacancy(audit: &Audit) -> bool {
    !audit.warnings.contains(&Warning::VacanciesNotToldApart)
}

/// The evidence of one finding in a sentence; empty when none is shown.
pub fn sentence(finding: &Finding, audit: &Audit, words: &Words) -> String {
    let Some(evidence) = &finding.evidence else { return String::new() };
    let sunk = evidence.log10_e < -audit.method.significance.log10();
    let key = match (evidence.has_crossed, evidence.crossed_on, sunk) {
        (true, Some(_), true) => "audit-evidence-sunk-on",
        (true, None, true) => "audit-evidence-sunk",
        (true, Some(_), false) => "audit-evidence-crossed-on",
        (true, None, false) => "audit-evidence-crossed",
        (false, ..) => "audit-evidence-not-crossed",
    };
    let date = evidence.crossed_on.map(|on| on.strftime("%-d %B %Y").to_string());
    let crossed = words.say(
        key,
        [
            ("line", line(audit).into()),
            ("date", date.unwrap_or_default().into()),
            ("e", e_value(evidence.log10_e).into()),
        ],
    );
    let message =
        if is_by_vacancy(audit) { "audit-evidence-text" } else { "audit-evidence-text-at-once" };
    words.say(
        message,
        [
            ("group", finding.group_label.clone().into()),
            ("comparator", sentences::against(finding, words).into()),
            ("stretch", sentences::stretch(&finding.stretch, words).into()),
            ("period", sentences::period(audit, words).into()),
            ("vacancies", evidence.vacancies.into()),
            ("e", e_value(evidence.log10_e).into()),
            ("p", p_in_words(evidence.anytime_p, evidence.ln_anytime_p, words).into()),
            ("low", evidence.odds_ratio_low.map_or_else(|| "0".to_owned(), ratio).into()),
            ("high", limit(evidence.odds_ratio_high, words).into()),
            ("crossed", crossed.into()),
        ],
    )
}

/// How many comparisons whose evidence has not reached the line are told one by one.
const MOST_LISTED: usize = 12;

/// The evidence in sentences. Where that of many comparisons has not reached the line, which is what most do, one sentence
/// speaks of them all.
fn lines(audit: &Audit, words: &Words) -> Vec<String> {
    let (crossed, rest): (Vec<_>, Vec<_>) =
        shown(audit).into_iter().partition(|(_, evidence)| evidence.has_crossed);
    let said = |list: Vec<(&Finding, &EvidenceLine)>| {
        list.into_iter().map(|(finding, _)| sentence(finding, audit, words)).collect::<Vec<_>>()
    };
    let mut lines = said(crossed);
    if rest.len() <= MOST_LISTED {
        lines.extend(said(rest));
    } else {
        let most = rest.iter().map(|(_, evidence)| evidence.log10_e).fold(f64::MIN, f64::max);
        let fills = [
            ("count", count(rest.len() as u64).into()),
            ("line", line(audit).into()),
            ("e", e_value(most).into()),
        ];
        lines.push(words.say("audit-evidence-rest", fills));
    }
    lines
}

/// How the evidence was read.
fn note(audit: &Audit, words: &Words) -> String {
    let method = &audit.method;
    if !is_by_vacancy(audit) {
        return words.say("audit-evidence-note-at-once", [("line", line(audit).into())]);
    }
    words.say(
        "audit-evidence-note",
        [
            ("line", line(audit).into()),
            ("dated", method.dated_vacancies.into()),
            ("vacancies", audit.vacancies.into()),
            ("open", method.open_vacancies.into()),
        ],
    )
}

/// What changed since the last report, in sentences; nothing when this is the first.
pub fn changes(audit: &Audit, words: &Words) -> Vec<String> {
    let Some(changes) = &audit.changes else { return Vec::new() };
    let findings: Vec<&Finding> = audit.findings().collect();
    let mut lines = Vec::new();
    let mut each = |list: &[Changed], say: &dyn Fn(&Finding, &Changed) -> String| {
        for (finding, changed) in told_once(list, &findings) {
            lines.push(say(finding, changed));
        }
    };
    each(&changes.new_gaps, &|finding, _| {
        let sentence = sentences::finding(finding, audit, words);
        words.say("audit-changes-new-gap", [("sentence", sentence.into())])
    });
    each(&changes.gone_gaps, &|finding, _| {
        let sentence = sentences::finding(finding, audit, words);
        words.say("audit-changes-gone-gap", [("sentence", sentence.into())])
    });
    each(&changes.crossed, &|finding, _| {
        words.say("audit-changes-crossed", [("sentence", sentence(finding, audit, words).into())])
    });
    each(&changes.other_verdicts, &|finding, changed| {
        let then = changed.verdict_then.map_or_else(String::new, |v| sentences::verdict(v, words));
        words.say(
            "audit-changes-verdict",
            [
                ("group", finding.group_label.clone().into()),
                ("comparator", sentences::against(finding, words).into()),
                ("stretch", sentences::stretch(&finding.stretch, words).into()),
                ("period", sentences::period(audit, words).into()),
                ("then", then.to_lowercase().into()),
                ("now", sentences::verdict(changed.verdict, words).to_lowercase().into()),
            ],
        )
    });
    if lines.is_empty() {
        lines.push(words.plain("audit-changes-none"));
    }
    lines
}

/// Changes with their findings; of two groups seen from either side, of which the same changed, the one that is short of
/// people.
fn told_once<'a>(list: &'a [Changed], findings: &[&'a Finding]) -> Vec<(&'a Finding, &'a Changed)> {
    let found = list.iter().filter_map(|changed| Some((*findings.get(changed.finding)?, changed)));
    let short = |finding: &Finding| finding.numbers.as_ref().map_or(0.0, |n| n.shortfall);
    let mut told: Vec<(&Finding, &Changed)> = Vec::new();
    for (finding, changed) in found {
        let turned = told.iter_mut().find(|(known, before)| {
            mirror(known, finding)
                && (before.verdict_then, before.verdict) == (changed.verdict_then, changed.verdict)
        });
        match turned {
            None => told.push((finding, changed)),
            Some(known) if short(finding) > short(known.0) => *known = (finding, changed),
            Some(_) => {}
        }
    }
    told
}

/// What is said of earlier reports; empty when there is nothing to say.
fn earlier(audit: &Audit, words: &Words) -> Option<String> {
    let method = &audit.method;
    (method.hidden_for_earlier_reports > 0).then(|| {
        words.say(
            "audit-earlier-reports",
            [
                ("counts", method.hidden_for_earlier_reports.into()),
                ("reports", method.earlier_reports.into()),
            ],
        )
    })
}

fn changes_heading(audit: &Audit, words: &Words) -> String {
    let since = audit.changes.as_ref().map_or("", |changes| changes.since.as_str());
    words.say("audit-changes", [("since", since.into())])
}

/// Both as headings with sentences beneath them; what earlier reports hide stands last, under its own heading.
pub(super) fn parts(audit: &Audit, words: &Words) -> Vec<Part> {
    let mut parts = Vec::new();
    if audit.changes.is_some() {
        parts.push(Part::in_sentences(changes_heading(audit, words), changes(audit, words)));
    }
    let lines = lines(audit, words);
    if !lines.is_empty() {
        let lines = std::iter::once(note(audit, words)).chain(lines).collect();
        parts.push(Part::in_sentences(words.plain("audit-sequential"), lines));
    }
    let earlier = earlier(audit, words);
    parts.extend(earlier.map(|said| Part::in_sentences(words.plain("audit-earlier"), vec![said])));
    parts
}

/// What changed, as a section of the page.
pub fn changes_section(audit: &Audit, words: &Words) -> Markup {
    html! {
        @if audit.changes.is_some() {
            section {
                h2 { (changes_heading(audit, words)) }
                ul { @for line in changes(audit, words) { li { (line) } } }
            }
        }
        @if let Some(earlier) = earlier(audit, words) { p .note { (earlier) } }
    }
}

/// The evidence, as a section of the page.
pub fn section(audit: &Audit, words: &Words) -> Markup {
    let shown = shown(audit);
    let heading = words.plain("audit-sequential");
    let mut columns = columns(
        words,
        ["audit-column-group", "audit-column-decision"],
        [
            "audit-column-vacancies",
            "audit-column-e-value",
            "audit-column-anytime",
            "audit-column-odds",
        ],
    );
    columns.push(Column::text(words.plain("audit-column-crossed")));
    html! {
        @if !shown.is_empty() {
            section .view #sequential {
                h2 { (heading) }
                p .note { (note(audit, words)) }
                @let rows = html! { @for (finding, line) in &shown { tr {
                    th scope="row" { (sentences::group_against(&finding.group_label, &finding.comparator_label, words)) }
                    td { (sentences::stretch(&finding.stretch, words)) }
                    td .figure { (line.vacancies) }
                    td .figure { (e_value(line.log10_e)) }
                    td .figure {
                        (p_value(line.anytime_p, line.ln_anytime_p)) "; "
                        (p_value(line.anytime_holm_p, line.ln_anytime_holm_p))
                    }
                    td .figure {
                        (words.say("audit-from-to", [
                            ("low", line.odds_ratio_low.map_or_else(|| "0".to_owned(), ratio).into()),
                            ("high", limit(line.odds_ratio_high, words).into()),
                        ]))
                    }
                    td {
                        @match (line.has_crossed, line.crossed_on) {
                            (true, Some(on)) => (on.to_string()),
                            (true, None) => (words.plain("audit-yes")),
                            (false, _) => (words.plain("audit-no")),
                        }
                    }
                } } };
                (table(&heading, &columns, &rows))
            }
        }
    }
}
