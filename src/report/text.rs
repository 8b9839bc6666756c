//! The audit for a terminal: a heading, the verdicts in sentences, and a table a characteristic. Formats only.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use super::figures::{count, limit, p_in_words, p_value, people, percent_or_dash, ratio};
use super::summary::{Summary, summarise};
use super::words::Words;
use super::{further, hidden, sentences, told};
use crate::fairness::{Audit, Finding, StretchLabel, View};

/// The audit as text.
pub fn to_text(audit: &Audit) -> String {
    let words = Words::english();
    let mut text = String::new();
    heading(&mut text, audit, &words);
    summary(&mut text, &summarise(audit, &words), &words);
    for warning in sentences::warnings(audit, &words) {
        let _ = writeln!(text, "! {warning}");
    }
    for (_, view) in told(audit) {
        section(&mut text, view, audit, &words);
    }
    for part in further(audit, &words) {
        let _ = writeln!(text, "\n{}", part.heading);
        for line in part.into_lines() {
            let _ = writeln!(text, "  - {line}");
        }
    }
    method(&mut text, audit, &words);
    text
}

fn heading(text: &mut String, audit: &Audit, words: &Words) {
    let organisation = super::organisation(audit, words);
    let title = words.plain("audit-title");
    let _ = writeln!(text, "{title}: {organisation}, {}", sentences::period(audit, words));
    let _ = writeln!(
        text,
        "{}",
        words.say("audit-text-policy", [("policy", audit.method.policy_title.as_str().into())])
    );
    for filter in &audit.filters {
        let _ = writeln!(text, "{}", words.say("audit-only", [("filter", filter.as_str().into())]));
    }
    text.push('\n');
}

fn summary(text: &mut String, summary: &Summary, words: &Words) {
    let mut part = |heading: &str, lines: &mut dyn Iterator<Item = String>| {
        let _ = writeln!(text, "{}", words.plain(heading));
        for line in lines {
            let _ = writeln!(text, "  - {line}");
        }
        text.push('\n');
    };
    part("audit-looked-at", &mut summary.looked_at.iter().cloned());
    let matters = summary.matters.iter().map(|(heading, sentence)| {
        if sentence.is_empty() { heading.clone() } else { format!("{heading}: {sentence}") }
    });
    part("audit-matters", &mut matters.into_iter());
    part("audit-could-not-tell", &mut summary.could_not_tell.iter().cloned());
    part("audit-next", &mut summary.next.iter().cloned());
}

fn section(text: &mut String, view: &View, audit: &Audit, words: &Words) {
    let _ = writeln!(text, "\n{}\n{}", view.label, "=".repeat(view.label.chars().count()));
    let primary: Vec<&Finding> = view.findings.iter().filter(|f| f.primary).collect();
    for decision in hidden::by_decision(&primary, audit, words) {
        text.push('\n');
        for stretch in &decision.stretches {
            let _ = writeln!(text, "{}", stretch_line(view, stretch, words));
        }
        match decision.verdicts {
            Some(verdicts) => {
                let _ = writeln!(text, " {}", verdicts.note);
                for line in verdicts.lines {
                    let _ = writeln!(text, " - {line}");
                }
            }
            None => {
                let _ = writeln!(text, "{}", table(decision.findings.into_iter(), audit, words));
            }
        }
    }
    if let (false, Some((title, _))) = (view.representation.is_empty(), &audit.method.benchmark) {
        let _ = writeln!(
            text,
            "\n{}",
            words.say("audit-representation", [("benchmark", title.as_str().into())])
        );
        for line in &view.representation {
            let share = line
                .share
                .map_or_else(|| words.plain("audit-hidden"), |s| percent_or_dash(Some(s)));
            let p = line
                .mid_p
                .map_or_else(String::new, |p| format!(", {}", p_in_words(p.p, p.ln_p, words)));
            let _ = writeln!(
                text,
                " {}{p}",
                words.say(
                    "audit-text-applied",
                    [
                        ("group", line.group_label.as_str().into()),
                        ("share", share.into()),
                        ("population", percent_or_dash(Some(line.benchmark_share)).into()),
                    ],
                )
            );
        }
        let _ = writeln!(text, " {}", words.plain("audit-representation-note"));
    }
    for warning in sentences::view_warnings(view, audit, words) {
        let _ = writeln!(text, "! {warning}");
    }
}

/// A decision, with the shares of everybody that may be shown.
fn stretch_line(view: &View, stretch: &StretchLabel, words: &Words) -> String {
    let title = capitalised(&sentences::stretch(stretch, words));
    let everybody = view.everybody.iter().find(|line| line.stretch == *stretch);
    let undeclared = view.undeclared.iter().find(|line| line.stretch == *stretch);
    let (rate, share) = (everybody.and_then(|e| e.rate), undeclared.and_then(|u| u.share));
    if rate.is_none() && share.is_none() {
        return title;
    }
    let fills = [
        ("decision", title.into()),
        ("rate", percent_or_dash(rate).into()),
        ("undeclared", percent_or_dash(share).into()),
    ];
    words.say("audit-text-decision", fills)
}

fn table<'a>(findings: impl Iterator<Item = &'a Finding>, audit: &Audit, words: &Words) -> Table {
    let line = LineStyle::none().fill('\u{2500}').junction('\u{2500}');
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(line));
    let confidence = format!("{:.0} %", audit.method.confidence * 100.0);
    let interval = words.say("audit-text-column-interval", [("confidence", confidence.into())]);
    table.set_header([
        words.plain("audit-column-group"),
        words.plain("audit-text-column-went-on"),
        words.plain("audit-column-rate"),
        words.plain("audit-text-column-others"),
        words.plain("audit-column-ratio"),
        interval,
        words.plain("audit-text-column-adjusted"),
        words.plain("audit-text-column-short"),
        words.plain("audit-column-verdict"),
    ]);
    for finding in findings {
        table.add_row(row(finding, words));
    }
    for place in 1..8 {
        if let Some(column) = table.column_mut(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(finding: &Finding, words: &Words) -> Vec<String> {
    let mut cells = vec![finding.group_label.clone()];
    match &finding.numbers {
        Some(n) => cells.extend([
            sentences::of(count(n.progressed), count(n.entered), words),
            percent_or_dash(n.rate),
            percent_or_dash(n.comparator_rate),
            n.ratio.map_or_else(|| "\u{2013}".to_owned(), ratio),
            words.say(
                "audit-from-to",
                [
                    ("low", limit(n.ratio_low, words).into()),
                    ("high", limit(n.ratio_high, words).into()),
                ],
            ),
            n.holm_p.zip(n.ln_holm_p).map_or_else(String::new, |(p, ln_p)| p_value(p, ln_p)),
            people(n.shortfall),
        ]),
        None => {
            let dash = || "\u{2013}".to_owned();
            cells.push(if finding.hidden { words.plain("audit-hidden") } else { dash() });
            cells.extend(std::iter::repeat_n(String::new(), 6));
        }
    }
    cells.push(sentences::verdict(finding.verdict, words));
    cells
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn method(text: &mut String, audit: &Audit, words: &Words) {
    let method = &audit.method;
    let _ = writeln!(
        text,
        "\n{}",
        words.say(
            "audit-text-method",
            [
                ("comparisons", method.comparisons.into()),
                ("significance", method.significance.to_string().into()),
                ("minimum", count(method.minimum).into()),
                ("rules", method.rule_set_sha256.as_str().into()),
                ("version", method.program_version.as_str().into()),
            ],
        )
    );
}
