//! The audit for a terminal: a heading, the verdicts in sentences, and a table a characteristic. Formats only.

use std::fmt::Write as _;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};

use super::figures::{count, count_or_hidden, limit, p_value, percent_or_dash, ratio};
use super::sentences;
use super::summary::{Summary, summarise};
use super::words::Words;
use crate::fairness::{Audit, Finding, View};

/// The audit as text, at most `width` characters wide where tables allow.
pub fn to_text(audit: &Audit) -> String {
    let words = Words::english();
    let mut text = String::new();
    heading(&mut text, audit, &words);
    summary(&mut text, &summarise(audit, &words), &words);
    for warning in &audit.warnings {
        let _ = writeln!(text, "! {}", sentences::warning(warning, &words));
    }
    for view in &audit.views {
        section(&mut text, view, audit, &words);
    }
    method(&mut text, audit);
    text
}

fn heading(text: &mut String, audit: &Audit, words: &Words) {
    let organisation = if audit.organisation.is_empty() {
        words.plain("audit-organisation-unknown")
    } else {
        audit.organisation.clone()
    };
    let title = words.plain("audit-title");
    let _ = writeln!(text, "{title}: {organisation}, {}", sentences::period(audit, words));
    let _ = writeln!(text, "Policy: {}", audit.method.policy_title);
    for filter in &audit.filters {
        let _ = writeln!(text, "Only: {filter}");
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
        if sentence.is_empty() { heading.clone() } else { sentence.clone() }
    });
    part("audit-matters", &mut matters.into_iter());
    part("audit-could-not-tell", &mut summary.could_not_tell.iter().cloned());
    part("audit-next", &mut summary.next.iter().cloned());
}

fn section(text: &mut String, view: &View, audit: &Audit, words: &Words) {
    let _ = writeln!(text, "\n{}", view.label);
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "Group",
        "Decision",
        "Went on",
        "Rate",
        "Others",
        "Rate",
        "Ratio",
        "95 % interval",
        "p",
        "p adj.",
        "Short",
        "Verdict",
    ]);
    for finding in view.findings.iter().filter(|finding| finding.primary) {
        table.add_row(row(finding, audit, words));
    }
    let _ = writeln!(text, "{table}");
    for line in &view.undeclared {
        if line.share.is_some_and(|share| share > 0.0) {
            let _ = writeln!(
                text,
                "Not declared {}: {} ({} prefer not to say, {} not asked, {} not in the rules)",
                sentences::stretch(&line.stretch, words),
                percent_or_dash(line.share),
                count(line.prefer_not_to_say),
                count(line.not_asked),
                count(line.unmapped),
            );
        }
    }
    for warning in sentences::pooling_warnings(view, words) {
        let _ = writeln!(text, "! {warning}");
    }
}

fn row(finding: &Finding, _audit: &Audit, words: &Words) -> Vec<String> {
    let numbers = finding.numbers.as_ref();
    let hidden = || if finding.hidden { "hidden".to_owned() } else { "\u{2013}".to_owned() };
    let of = |selected: u64, total: u64| format!("{} of {}", count(selected), count(total));
    let verdict = sentences::verdict(finding.verdict, words);
    let stretch = &finding.stretch;
    let mut cells = vec![
        finding.group_label.clone(),
        format!(
            "{} \u{2192} {}{}",
            stretch.from,
            stretch.to,
            if stretch.whole { " (whole)" } else { "" }
        ),
    ];
    match numbers {
        Some(n) => cells.extend([
            of(n.progressed, n.entered),
            percent_or_dash(n.rate),
            of(n.comparator_progressed, n.comparator_entered),
            percent_or_dash(n.comparator_rate),
            n.ratio.map_or_else(|| "\u{2013}".to_owned(), ratio),
            format!("{} to {}", limit(n.ratio_low), limit(n.ratio_high)),
            n.mid_p.map_or_else(String::new, |p| p_value(p.p, p.ln_p)),
            n.holm_p.map_or_else(String::new, |p| p_value(p, p.ln())),
            format!("{:.1}", n.shortfall),
        ]),
        None => cells.extend(std::iter::repeat_with(hidden).take(9)),
    }
    cells.push(verdict);
    cells
}

fn method(text: &mut String, audit: &Audit) {
    let method = &audit.method;
    let _ = writeln!(
        text,
        "\nMethod: exact conditional test by vacancy with mid-p, Mantel-Haenszel rate ratio with score interval, Holm over \
         {} comparisons at {}; counts below {} are hidden with others beside them. Rule set {}, program {}.",
        method.comparisons,
        method.significance,
        count_or_hidden(Some(method.minimum)),
        method.rule_set_sha256,
        method.program_version,
    );
}
