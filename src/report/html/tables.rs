//! The tables of the page: counts, who did not declare, who applied, and every number of every comparison. Lays out;
//! computes nothing.

use maud::{Markup, html};

use super::super::factors::decision;
use super::super::figures::{
    count, count_or_hidden, limit, p_value, people, percent_or_dash, ratio,
};
use super::super::frame::{Column, columns, table};
use super::super::sentences;
use super::super::words::Words;
use super::{capitalised, class, mark};
use crate::fairness::{Audit, Finding, View};

pub(super) fn counts_table(view: &View, words: &Words) -> Markup {
    let caption = words.say("audit-counts-caption", [("view", view.label.as_str().into())]);
    let everybody = words.plain("audit-everybody");
    let mut columns = columns(words, ["audit-column-group"], []);
    let stages = view.everybody.iter().map(|line| sentences::to_stage(&line.stretch, words));
    columns.extend(stages.map(Column::figures));
    html! {
        @let groups = view.groups.iter().map(|group| (group.label.as_str(), &group.stages));
        @let rows = html! { @for (label, lines) in groups.chain([(everybody.as_str(), &view.everybody)]) { tr {
            th scope="row" { (label) }
            @for line in lines {
                td .figure {
                    @if line.hidden { (words.plain("audit-hidden")) }
                    @else if line.entered == Some(0) { (words.plain("audit-nobody")) }
                    @else {
                        span .whole { (sentences::of(count_or_hidden(line.progressed, words), count_or_hidden(line.entered, words), words)) }
                        br; (percent_or_dash(line.rate))
                    }
                }
            }
        } } };
        (table(&caption, &columns, &rows))
    }
}

pub(super) fn undeclared_table(view: &View, words: &Words) -> Markup {
    // Nobody to show, or nothing that may be shown.
    let any = view.undeclared.iter().any(|line| line.share.is_some_and(|share| share > 0.0));
    let caption = words.say("audit-undeclared-caption", [("view", view.label.as_str().into())]);
    let figures = [
        "audit-column-prefer",
        "audit-column-not-asked",
        "audit-column-unmapped",
        "audit-column-share",
        "audit-column-progressed",
        "audit-column-differs",
    ];
    html! {
        @if any {
            @let rows = html! { @for line in &view.undeclared { tr {
                th scope="row" { (capitalised(&sentences::stretch(&line.stretch, words))) }
                td .figure { (count_or_hidden(line.prefer_not_to_say, words)) }
                td .figure { (count_or_hidden(line.not_asked, words)) }
                td .figure { (count_or_hidden(line.unmapped, words)) }
                td .figure .whole { (percent_or_dash(line.share)) }
                td .figure .whole { (percent_or_dash(line.rate)) }
                td .figure { (line.differs_p.map_or_else(|| "\u{2013}".to_owned(), |p| p_value(p, p.ln()))) }
            } } };
            (table(&caption, &columns(words, ["audit-column-decision"], figures), &rows))
        }
    }
}

pub(super) fn representation_table(audit: &Audit, view: &View, words: &Words) -> Markup {
    let title = audit.method.benchmark.as_ref().map_or("", |(title, _)| title.as_str());
    let benchmark = words.say("audit-representation", [("benchmark", title.into())]);
    let caption = format!("{}: {benchmark}", view.label);
    let figures = [
        "audit-column-population",
        "audit-column-applied",
        "audit-column-short",
        "audit-column-exact-p",
    ];
    let dash = || "\u{2013}".to_owned();
    html! {
        @if !view.representation.is_empty() {
            @let rows = html! { @for line in &view.representation { tr {
                th scope="row" { (line.group_label) }
                td .figure { (percent_or_dash(Some(line.benchmark_share))) }
                td .figure {
                    @if let Some((number, declared)) = line.count.zip(line.declared) {
                        (percent_or_dash(line.share)) br;
                        span .whole { (sentences::of(count(number), count(declared), words)) }
                    } @else { (words.plain("audit-hidden")) }
                }
                td .figure { (line.shortfall.map_or_else(dash, people)) }
                td .figure { (line.mid_p.map_or_else(dash, |p| p_value(p.p, p.ln_p))) }
            } } };
            (table(&caption, &columns(words, ["audit-column-group"], figures), &rows))
            p .note { (words.plain("audit-representation-note")) }
        }
    }
}

pub(super) fn findings_table(findings: &[&Finding], heading: &str, words: &Words) -> Markup {
    let caption = words.say("audit-numbers-caption", [("heading", heading.into())]);
    let columns = columns(
        words,
        ["audit-column-group", "audit-column-decision", "audit-column-verdict"],
        [
            "audit-column-interval",
            "audit-column-pooled",
            "audit-column-exact-p",
            "audit-column-adjusted",
            "audit-column-fifths",
            "audit-column-short",
            "audit-column-seen",
            "audit-column-bounds",
        ],
    );
    html! {
        @let rows = html! { @for finding in findings { (findings_row(finding, words)) } };
        div .findings { (table(&caption, &columns, &rows)) }
    }
}

fn findings_row(finding: &Finding, words: &Words) -> Markup {
    let dash = || "\u{2013}".to_owned();
    let number = |value: Option<f64>| value.map_or_else(dash, ratio);
    let p = |value: Option<f64>, ln: Option<f64>| {
        value.zip(ln).map_or_else(dash, |(p, ln_p)| p_value(p, ln_p))
    };
    let (yes, no) = (words.plain("audit-yes"), words.plain("audit-no"));
    html! {
        tr .(class(finding.verdict)) {
            th scope="row" { (finding.group_label) }
            td {
                (decision(&finding.stretch, words))
            }
            td .verdict { (mark(finding.verdict)) " " (sentences::verdict(finding.verdict, words)) }
            @if let Some(n) = &finding.numbers {
                td .figure { (number(n.ratio)) br; (words.say("audit-interval", [("low", limit(n.ratio_low, words).into()), ("high", limit(n.ratio_high, words).into())])) }
                td .figure { (number(n.pooled_ratio)) }
                td .figure { (n.mid_p.map_or_else(dash, |p| p_value(p.p, p.ln_p))) }
                td .figure { (p(n.holm_p, n.ln_holm_p)) "; " (p(n.benjamini_hochberg_p, n.ln_benjamini_hochberg_p)) }
                td .figure { (n.below_margin.map_or("\u{2013}", |below| if below { yes.as_str() } else { no.as_str() })) }
                td .figure { (people(n.shortfall)) }
                td .figure { (number(finding.detectable_ratio)) }
                td .figure { (words.say("audit-from-to", [("low", number(n.undeclared_range.0).into()), ("high", number(n.undeclared_range.1).into())])) }
            } @else {
                td colspan="8" {
                    @if finding.hidden { (words.plain("audit-numbers-hidden")) }
                    @else { (capitalised(&sentences::reason(finding, words))) }
                }
            }
        }
    }
}
