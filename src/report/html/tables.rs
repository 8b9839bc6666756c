//! The tables of the page: counts, who did not declare, who applied, and every number of every comparison. Lays out;
//! computes nothing.

use maud::{Markup, html};

use super::super::figures::{
    count, count_or_hidden, limit, p_value, people, percent_or_dash, ratio, stage,
};
use super::super::sentences;
use super::super::words::Words;
use super::{capitalised, class, mark};
use crate::fairness::{Audit, Finding, View};

pub(super) fn counts_table(view: &View) -> Markup {
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

pub(super) fn undeclared_table(view: &View, words: &Words) -> Markup {
    let any = view
        .undeclared
        .iter()
        .any(|line| line.hidden || line.share.is_some_and(|share| share > 0.0));
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
                    td .figure { (count_or_hidden(line.prefer_not_to_say)) }
                    td .figure { (count_or_hidden(line.not_asked)) }
                    td .figure { (count_or_hidden(line.unmapped)) }
                    td .figure { (percent_or_dash(line.share)) }
                    td .figure { (percent_or_dash(line.rate)) }
                    td .figure { (line.differs_p.map_or_else(|| "\u{2013}".to_owned(), |p| p_value(p, p.ln()))) }
                } } }
            } }
        }
    }
}

pub(super) fn representation_table(audit: &Audit, view: &View, words: &Words) -> Markup {
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

pub(super) fn findings_table(findings: &[&Finding], heading: &str, words: &Words) -> Markup {
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
