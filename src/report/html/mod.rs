//! The audit as one HTML page that needs nothing else: no script, no external file, readable on paper and without
//! colour. Lays out; computes nothing.

mod tables;

use maud::{Markup, PreEscaped, html};
use tables::{counts_table, findings_table, representation_table, undeclared_table};

use super::summary::summarise;
use super::words::Words;
use super::{
    adjustment, evidence, factors, forest, hidden, organisation, rates, scores, sentences, shell,
    told,
};
use crate::fairness::{Audit, Finding, Verdict, View};

/// The audit as a page.
pub fn to_html(audit: &Audit) -> String {
    let words = Words::english();
    let title = format!(
        "{}: {}, {}",
        words.plain("audit-title"),
        organisation(audit, &words),
        sentences::period(audit, &words)
    );
    let body = html! {
                a .skip href="#evidence" { (words.plain("audit-skip")) }
                main {
                    (first_page(audit, &words))
                    (evidence::changes_section(audit, &words))
                    div #evidence {
                        @for (place, view) in told(audit) {
                            (section(audit, view, place, &words))
                        }
                    }
                    (factors::sections(audit, &words))
                    (adjustment::section(audit, &words))
                    (scores::sections(audit, &words))
                    (evidence::section(audit, &words))
                    (method(audit, &words))
                }
    };
    shell::page(&title, &body)
}

fn first_page(audit: &Audit, words: &Words) -> Markup {
    let summary = summarise(audit, words);
    html! {
        header {
            p .kicker { (words.plain("audit-title")) " \u{b7} " (audit.method.policy_title) }
            h1 { (organisation(audit, words)) }
            p .period { (sentences::period(audit, words)) }
            @for filter in &audit.filters { p .period { (words.say("audit-only", [("filter", filter.as_str().into())])) } }
        }
        ul .verdicts aria-label=(words.plain("audit-verdicts")) {
            @for (verdict, number) in summary.verdicts {
                li .(class(verdict)) {
                    span .number { (number) }
                    span .name { (mark(verdict)) " " (sentences::verdict(verdict, words)) }
                    span .meaning { (sentences::verdict_meaning(verdict, words)) }
                }
            }
        }
        div .first {
            section {
                h2 { (words.plain("audit-looked-at")) }
                @for line in &summary.looked_at { p { (line) } }
            }
            section {
                h2 { (words.plain("audit-matters")) }
                div .matters {
                    @for (heading, sentence) in summary.matters.iter().filter(|m| !m.1.is_empty()) {
                        div {
                            h3 .matter { (heading) }
                            p { (sentence) }
                        }
                    }
                }
                @for (line, _) in summary.matters.iter().filter(|matter| matter.1.is_empty()) {
                    p { (line) }
                }
            }
            div .pair {
                section {
                    h2 { (words.plain("audit-could-not-tell")) }
                    @for line in &summary.could_not_tell { p { (line) } }
                }
                section {
                    h2 { (words.plain("audit-next")) }
                    ol { @for line in &summary.next { li { (line) } } }
                }
            }
        }
        @if !audit.warnings.is_empty() {
            section {
                h2 { (words.plain("audit-caveats")) }
                ul .warnings {
                    @for warning in sentences::warnings(audit, words) { li { (warning) } }
                }
            }
        }
        @if told(audit).count() > 1 {
            nav aria-label=(words.plain("audit-evidence")) {
                h2 { (words.plain("audit-evidence")) }
                ul .contents {
                    @for (place, view) in told(audit) {
                        li { a href={ "#view-" (place) } { (view.label) } }
                    }
                }
            }
        }
    }
}

fn section(audit: &Audit, view: &View, place: usize, words: &Words) -> Markup {
    let minimum = audit.method.minimum;
    let note = words.say("audit-how-selection-note", [("minimum", minimum.into())]);
    let id = format!("rates-{place}");
    html! {
        section .view id={ "view-" (place) } {
            h2 { (view.label) }
            @for warning in sentences::view_warnings(view, audit, words) { p .warning { (warning) } }
            h3 { (words.plain("audit-how-selection")) }
            @if let Some(sentence) = hidden::counts(view, audit, words) {
                p { (sentence) }
            } @else {
                p .note { (note) }
                figure {
                    (PreEscaped(rates::chart(
                        view,
                        &format!("{}: {}", view.label, words.plain("audit-how-selection")),
                        &note,
                        &id,
                        words,
                    )))
                }
                (counts_table(view, words))
            }
            (undeclared_table(view, words))
            (representation_table(audit, view, words))
            @for comparator in comparators(view) {
                (ratios(audit, view, place, &comparator, words))
            }
        }
    }
}

/// The comparators of a view, the primary first.
fn comparators(view: &View) -> Vec<(bool, String)> {
    let mut seen: Vec<(bool, String)> = Vec::new();
    for finding in &view.findings {
        let one = (finding.primary, format!("{:?}", finding.comparator));
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen.sort_by_key(|(primary, _)| !primary);
    seen
}

fn ratios(
    audit: &Audit,
    view: &View,
    place: usize,
    comparator: &(bool, String),
    words: &Words,
) -> Markup {
    let findings: Vec<&Finding> = view
        .findings
        .iter()
        .filter(|f| f.primary == comparator.0 && format!("{:?}", f.comparator) == comparator.1)
        .collect();
    let against = findings.first().map(|finding| match view.groups.len() {
        2 => words.plain("audit-other-group"),
        _ => sentences::comparator(finding, words),
    });
    let heading =
        words.say("audit-how-ratio", [("comparator", against.unwrap_or_default().into())]);
    let confidence = format!("{:.0} %", audit.method.confidence * 100.0);
    let note = words.say("audit-how-ratio-note", [("confidence", confidence.into())]);
    let decisions = hidden::by_decision(&findings, audit, words);
    html! {
        h3 { (heading) }
        @if decisions.iter().any(|decision| decision.verdicts.is_none()) { p .note { (note) } }
        @for (number, decision) in decisions.iter().enumerate() {
            @let title = decision.title(words);
            @let id = format!("forest-{place}-{}-{number}", u8::from(comparator.0));
            @if let Some(verdicts) = &decision.verdicts {
                h4 { (capitalised(&title)) }
                p .note { (verdicts.note) }
                ul { @for line in &verdicts.lines { li { (line) } } }
            } @else {
                figure {
                    figcaption { (capitalised(&title)) }
                    (PreEscaped(forest::chart(&decision.findings, &format!("{heading}, {title}"), &note, &id, words)))
                }
            }
        }
        @if decisions.iter().any(|decision| decision.verdicts.is_none()) {
            (findings_table(&findings, &heading, words))
        }
        (sentence_list(audit, &findings, words))
    }
}

fn sentence_list(audit: &Audit, findings: &[&Finding], words: &Words) -> Markup {
    let gaps: Vec<&&Finding> = findings.iter().filter(|f| f.verdict == Verdict::Gap).collect();
    let others: Vec<&&Finding> = findings.iter().filter(|f| f.verdict != Verdict::Gap).collect();
    html! {
        @if !gaps.is_empty() {
            ul .sentences {
                @for finding in gaps { li { (sentences::finding(finding, audit, words)) } }
            }
        }
        @if !others.is_empty() {
            details {
                summary { (words.say("audit-other-sentences", [("count", others.len().into())])) }
                ul .sentences {
                    @for finding in others { li { (sentences::finding(finding, audit, words)) } }
                }
            }
        }
    }
}

fn method(audit: &Audit, words: &Words) -> Markup {
    let method = &audit.method;
    html! {
        section .method {
            h2 { (words.plain("audit-method")) }
            p { (method.policy_basis) }
            dl {
                @for (term, meaning) in super::definitions::definitions(audit, words) {
                    dt { (term) }
                    dd { (meaning) }
                }
            }
            p .provenance {
                (words.say("audit-provenance", [
                    ("policy", method.policy.as_str().into()),
                    ("rules", method.rule_set_sha256.as_str().into()),
                    ("version", method.program_version.as_str().into()),
                ]))
            }
        }
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Gap => "gap",
        Verdict::RuledOut => "ruled-out",
        Verdict::CannotTell => "cannot-tell",
        Verdict::NotAssessed => "not-assessed",
    }
}

/// A sign beside the word, so that neither colour nor the word alone carries the verdict.
fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Gap => "\u{25c6}",
        Verdict::RuledOut => "\u{25cf}",
        Verdict::CannotTell => "\u{25cb}",
        Verdict::NotAssessed => "\u{2013}",
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
