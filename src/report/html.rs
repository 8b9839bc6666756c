//! The audit as one HTML page that needs nothing else: no script, no external file, readable on paper and without
//! colour. Lays out; computes nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::{
    count, count_or_hidden, limit, p_value, people, percent_or_dash, ratio, stage,
};
use super::summary::summarise;
use super::words::Words;
use super::{forest, rates, sentences};
use crate::fairness::{Audit, Finding, StretchLabel, Verdict, View};

const STYLE: &str = include_str!("page.css");

/// The audit as a page.
pub fn to_html(audit: &Audit) -> String {
    let words = Words::english();
    let title = format!(
        "{}: {}, {}",
        words.plain("audit-title"),
        organisation(audit, &words),
        sentences::period(audit, &words)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a .skip href="#evidence" { "Skip to the evidence" }
                main {
                    (first_page(audit, &words))
                    div #evidence {
                        @for (place, view) in audit.views.iter().enumerate() {
                            (section(audit, view, place, &words))
                        }
                    }
                    (method(audit, &words))
                }
            }
        }
    };
    page.into_string()
}

fn organisation(audit: &Audit, words: &Words) -> String {
    if audit.organisation.is_empty() {
        words.plain("audit-organisation-unknown")
    } else {
        audit.organisation.clone()
    }
}

fn first_page(audit: &Audit, words: &Words) -> Markup {
    let summary = summarise(audit, words);
    html! {
        header {
            p .kicker { (words.plain("audit-title")) " \u{b7} " (audit.method.policy_title) }
            h1 { (organisation(audit, words)) }
            p .period { (sentences::period(audit, words)) }
            @for filter in &audit.filters { p .period { "Only " (filter) } }
        }
        ul .verdicts aria-label="Verdicts" {
            @for (verdict, number) in summary.verdicts {
                li .(class(verdict)) {
                    span .number { (number) }
                    span .name { (mark(verdict)) " " (sentences::verdict(verdict, words)) }
                    span .meaning { (sentences::verdict_meaning(verdict, words)) }
                }
            }
        }
        section {
            h2 { (words.plain("audit-looked-at")) }
            @for line in &summary.looked_at { p { (line) } }
            @if !audit.warnings.is_empty() {
                ul .warnings {
                    @for warning in &audit.warnings { li { (sentences::warning(warning, words)) } }
                }
            }
        }
        section {
            h2 { (words.plain("audit-matters")) }
            @for (heading, sentence) in &summary.matters {
                @if sentence.is_empty() {
                    p { (heading) }
                } @else {
                    h3 .matter { (heading) }
                    p { (sentence) }
                }
            }
        }
        section {
            h2 { (words.plain("audit-could-not-tell")) }
            @for line in &summary.could_not_tell { p { (line) } }
        }
        section {
            h2 { (words.plain("audit-next")) }
            ol { @for line in &summary.next { li { (line) } } }
        }
        @if audit.views.len() > 1 {
            nav aria-label="Characteristics" {
                h2 { "Evidence" }
                ul .contents {
                    @for (place, view) in audit.views.iter().enumerate() {
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
            @for warning in sentences::pooling_warnings(view, words) { p .warning { (warning) } }
            h3 { (words.plain("audit-how-selection")) }
            p .note { (note) }
            figure {
                (PreEscaped(rates::chart(
                    view,
                    &format!("{}: {}", view.label, words.plain("audit-how-selection")),
                    &note,
                    &id,
                )))
            }
            (counts_table(view))
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
        2 => "the other group".to_owned(),
        _ => sentences::comparator(finding, words),
    });
    let heading =
        words.say("audit-how-ratio", [("comparator", against.unwrap_or_default().into())]);
    let confidence = format!("{:.0} %", audit.method.confidence * 100.0);
    let note = words.say("audit-how-ratio-note", [("confidence", confidence.into())]);
    let mut stretches: Vec<&StretchLabel> = Vec::new();
    for finding in &findings {
        if !stretches.contains(&&finding.stretch) {
            stretches.push(&finding.stretch);
        }
    }
    html! {
        h3 { (heading) }
        p .note { (note) }
        @for (number, stretch) in stretches.iter().enumerate() {
            @let rows: Vec<&Finding> =
                findings.iter().copied().filter(|f| f.stretch == **stretch).collect();
            @let title = sentences::stretch(stretch, words);
            @let id = format!("forest-{place}-{}-{number}", u8::from(comparator.0));
            figure {
                figcaption { (capitalised(&title)) }
                (PreEscaped(forest::chart(&rows, &format!("{heading}, {title}"), &note, &id, |v| {
                    sentences::verdict(v, words)
                })))
            }
        }
        (findings_table(&findings, &heading, words))
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
                summary { "The other comparisons in sentences (" (others.len()) ")" }
                ul .sentences {
                    @for finding in others { li { (sentences::finding(finding, audit, words)) } }
                }
            }
        }
    }
}

fn counts_table(view: &View) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label={ (view.label) ": counts and selection rates" } {
        table {
            caption { (view.label) ": counts and selection rates" }
            thead { tr {
                th scope="col" { "Group" }
                @for line in &view.everybody {
                    th scope="col" .figure { "To " (stage(&line.stretch.to))
                        @if line.stretch.whole { " (whole journey)" } }
                }
            } }
            tbody {
                @let rows = view.groups.iter().map(|group| (group.label.as_str(), &group.stages));
                @for (label, lines) in rows.chain([("Everybody", &view.everybody)]) {
                    tr {
                        th scope="row" { (label) }
                        @for line in lines {
                            td .figure {
                                @if line.hidden { "hidden" }
                                @else if line.entered == Some(0) { "nobody" }
                                @else {
                                    span .whole { (count_or_hidden(line.progressed)) " of " (count_or_hidden(line.entered)) }
                                    br; (percent_or_dash(line.rate))
                                }
                            }
                        }
                    }
                }
            }
        } }
    }
}

fn undeclared_table(view: &View, words: &Words) -> Markup {
    let any = view.undeclared.iter().any(|line| line.share.is_some_and(|share| share > 0.0));
    html! {
        @if any {
            div .scroll tabindex="0" role="region" aria-label={ (view.label) ": who did not declare" } {
            table {
                caption { (view.label) ": who did not declare" }
                thead { tr {
                    th scope="col" { "Decision" }
                    th scope="col" .figure { "Prefer not to say" }
                    th scope="col" .figure { "Not asked" }
                    th scope="col" .figure { "Not in the rules" }
                    th scope="col" .figure { "Share" }
                    th scope="col" .figure { "Went on" }
                    th scope="col" .figure { "p, against those who declared" }
                } }
                tbody { @for line in &view.undeclared { tr {
                    th scope="row" { (capitalised(&sentences::stretch(&line.stretch, words))) }
                    td .figure { (count(line.prefer_not_to_say)) }
                    td .figure { (count(line.not_asked)) }
                    td .figure { (count(line.unmapped)) }
                    td .figure { (percent_or_dash(line.share)) }
                    td .figure { (percent_or_dash(line.rate)) }
                    td .figure { (line.differs_p.map_or_else(|| "\u{2013}".to_owned(), |p| p_value(p, p.ln()))) }
                } } }
            } }
        }
    }
}

fn representation_table(audit: &Audit, view: &View, words: &Words) -> Markup {
    let title = audit.method.benchmark.as_ref().map_or("", |(title, _)| title.as_str());
    let caption = words.say("audit-representation", [("benchmark", title.into())]);
    let dash = || "\u{2013}".to_owned();
    html! {
        @if !view.representation.is_empty() {
            div .scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (view.label) ": " (caption) }
                thead { tr {
                    th scope="col" { "Group" }
                    th scope="col" .figure { "Share of population" }
                    th scope="col" .figure { "Share of those who declared" }
                    th scope="col" .figure { "People short" }
                    th scope="col" .figure { "Exact p" }
                } }
                tbody { @for line in &view.representation { tr {
                    th scope="row" { (line.group_label) }
                    td .figure { (percent_or_dash(Some(line.benchmark_share))) }
                    td .figure {
                        @if let Some(number) = line.count {
                            (percent_or_dash(line.share)) br;
                            span .whole { (count(number)) " of " (count(line.declared)) }
                        } @else { "hidden" }
                    }
                    td .figure { (line.shortfall.map_or_else(dash, people)) }
                    td .figure { (line.mid_p.map_or_else(dash, |p| p_value(p.p, p.ln_p))) }
                } } }
            } }
            p .note { (words.plain("audit-representation-note")) }
        }
    }
}

fn findings_table(findings: &[&Finding], heading: &str, words: &Words) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label=(heading) {
        table .findings {
            caption { (heading) ": every number" }
            thead { tr {
                th scope="col" { "Group" }
                th scope="col" { "Decision" }
                th scope="col" { "Verdict" }
                th scope="col" .figure { "Ratio (interval)" }
                th scope="col" .figure { "Pooled ratio" }
                th scope="col" .figure { "Exact p" }
                th scope="col" .figure { "Holm; BH" }
                th scope="col" .figure { "Below 4/5" }
                th scope="col" .figure { "People short" }
                th scope="col" .figure { "Smallest ratio seen" }
                th scope="col" .figure { "If all declared" }
            } }
            tbody { @for finding in findings { (findings_row(finding, words)) } }
        } }
    }
}

fn findings_row(finding: &Finding, words: &Words) -> Markup {
    let dash = || "\u{2013}".to_owned();
    let number = |value: Option<f64>| value.map_or_else(dash, ratio);
    let p = |value: Option<f64>| value.map_or_else(dash, |p| p_value(p, p.ln()));
    let stretch = &finding.stretch;
    html! {
        tr .(class(finding.verdict)) {
            th scope="row" { (finding.group_label) }
            td {
                (stage(&stretch.from)) " to " (stage(&stretch.to))
                @if stretch.whole { " (whole)" }
            }
            td .verdict { (mark(finding.verdict)) " " (sentences::verdict(finding.verdict, words)) }
            @if let Some(n) = &finding.numbers {
                td .figure { (number(n.ratio)) br; "(" (limit(n.ratio_low)) " to " (limit(n.ratio_high)) ")" }
                td .figure { (number(n.pooled_ratio)) }
                td .figure { (n.mid_p.map_or_else(dash, |p| p_value(p.p, p.ln_p))) }
                td .figure { (p(n.holm_p)) "; " (p(n.benjamini_hochberg_p)) }
                td .figure { (n.below_margin.map_or("\u{2013}", |below| if below { "yes" } else { "no" })) }
                td .figure { (people(n.shortfall)) }
                td .figure { (number(finding.detectable_ratio)) }
                td .figure { (number(n.undeclared_range.0)) " to " (number(n.undeclared_range.1)) }
            } @else {
                td colspan="8" {
                    @if finding.hidden { "Numbers hidden, to protect small counts" }
                    @else { (capitalised(&sentences::reason(finding, words))) }
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
                "Policy " (method.policy) " \u{b7} rule set " code { (method.rule_set_sha256) }
                " \u{b7} program version " (method.program_version)
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
