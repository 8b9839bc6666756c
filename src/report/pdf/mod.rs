//! The audit as a tagged PDF for paper and committees: a first page that can be read on its own, then the evidence of
//! each characteristic as chart and table. Lays out; computes nothing.

mod forest;
mod rates;

use super::definitions::definitions;
use super::figures::{count_or_hidden, limit, p_value, people, percent_or_dash, ratio};
use super::format::ReportError;
use super::summary::summarise;
use super::words::Words;
use super::{factors, further, hidden, organisation, over_time, sentences, told};
use crate::fairness::{Audit, FactorLevels, Finding, Verdict, View};
use crate::typeset::{Align, Block, Cell, Document, Item, List, Run, Table};

/// The audit as the bytes of a PDF.
///
/// # Errors
/// [`ReportError`] when the document cannot be set.
pub fn to_pdf(audit: &Audit) -> Result<Vec<u8>, ReportError> {
    let words = Words::english();
    let title = format!("{}: {}", words.plain("audit-title"), organisation(audit, &words));
    let mut document = Document::new(title, "en-GB");
    document.producer = format!("evenhand {}", audit.method.program_version);
    document.closes_up_first_page = true;
    let page = [("page", "{page}".into()), ("pages", "{pages}".into())];
    document.page_words = Some(words.say("audit-page", page));
    let policy = &audit.method.policy_title;
    let heading = format!("{} \u{b7} {policy}", capitalised(&sentences::period(audit, &words)));
    document.subtitle = vec![Run::plain(heading)];
    first_page(&mut document.blocks, audit, &words);
    for (_, view) in told(audit) {
        document.blocks.push(Block::PageBreak);
        section(&mut document.blocks, audit, view, &words);
    }
    further_parts(&mut document.blocks, audit, &words);
    document.blocks.push(Block::PageBreak);
    method(&mut document.blocks, audit, &words);
    document.to_pdf().map_err(|error| ReportError::new("pdf", &error))
}

fn first_page(blocks: &mut Vec<Block>, audit: &Audit, words: &Words) {
    let summary = summarise(audit, words);
    for filter in &audit.filters {
        let only = words.say("audit-only", [("filter", filter.as_str().into())]);
        blocks.push(Block::paragraph(only));
    }
    blocks.push(heading(2, words, "audit-looked-at"));
    blocks.extend(summary.looked_at.into_iter().map(Block::paragraph));
    let mut verdicts = Vec::new();
    for (verdict, number) in summary.verdicts {
        let before = if verdicts.is_empty() { "" } else { "   \u{b7}   " };
        verdicts.push(Run::plain(format!("{before}{}: ", sentences::verdict(verdict, words))));
        verdicts.push(Run::bold(number.to_string()));
    }
    blocks.push(Block::Paragraph(verdicts));
    blocks.push(heading(2, words, "audit-matters"));
    for (title, sentence) in summary.matters {
        if sentence.is_empty() {
            blocks.push(Block::paragraph(title));
        } else {
            blocks.push(Block::Paragraph(vec![
                Run::bold(format!("{title}. ")),
                Run::plain(sentence),
            ]));
        }
    }
    blocks.push(heading(2, words, "audit-could-not-tell"));
    blocks.push(Block::paragraph(summary.could_not_tell.join(" ")));
    blocks.push(heading(2, words, "audit-next"));
    blocks.push(list(summary.next, true));
    if !audit.warnings.is_empty() {
        blocks.push(heading(2, words, "audit-caveats"));
        blocks.push(list(sentences::warnings(audit, words), false));
    }
}

fn heading(level: u8, words: &Words, id: &str) -> Block {
    Block::heading(level, words.plain(id))
}

fn list(lines: impl IntoIterator<Item = String>, numbered: bool) -> Block {
    let items = lines.into_iter().enumerate().map(|(place, line)| Item {
        marker: numbered.then(|| format!("{}.", place + 1)),
        depth: 0,
        runs: vec![Run::plain(line)],
    });
    Block::List(List { items: items.collect() })
}

fn section(blocks: &mut Vec<Block>, audit: &Audit, view: &View, words: &Words) {
    blocks.push(Block::heading(1, view.label.clone()));
    for warning in sentences::view_warnings(view, audit, words) {
        blocks.push(Block::Note(vec![Run::plain(warning)]));
    }
    blocks.push(heading(2, words, "audit-how-selection"));
    if let Some(sentence) = hidden::counts(view, audit, words) {
        blocks.push(Block::paragraph(sentence));
    } else {
        // A drawing without a bar would have nothing to say to readers who do not see it.
        if !view.everybody.is_empty() {
            blocks.push(Block::Figure(rates::figure(view, audit, words)));
        }
        blocks.push(counts(view, words));
    }
    let primary: Vec<&Finding> = view.findings.iter().filter(|f| f.primary).collect();
    let Some(first) = primary.first() else { return };
    let comparator = match view.groups.len() {
        2 => words.plain("audit-other-group"),
        _ => sentences::comparator(first, words),
    };
    let title = words.say("audit-how-ratio", [("comparator", comparator.into())]);
    blocks.push(Block::heading(2, title));
    let decisions = hidden::by_decision(&primary, audit, words);
    if decisions.iter().any(|decision| decision.verdicts.is_none()) {
        let confidence = format!("{:.0} %", audit.method.confidence * 100.0);
        let note = words.say("audit-how-ratio-note", [("confidence", confidence.into())]);
        blocks.push(Block::paragraph(note));
    }
    for decision in decisions {
        let title = capitalised(&decision.title(words));
        blocks.push(Block::heading(3, title));
        if let Some(verdicts) = decision.verdicts {
            blocks.push(Block::Note(vec![Run::plain(verdicts.note)]));
            blocks.push(list(verdicts.lines, false));
        } else {
            blocks.push(Block::Figure(forest::figure(&decision.findings, audit, words)));
            blocks.push(numbers(&decision.findings, words));
        }
    }
    let gaps: Vec<String> = primary
        .iter()
        .filter(|finding| finding.verdict == Verdict::Gap)
        .map(|finding| sentences::finding(finding, audit, words))
        .collect();
    if !gaps.is_empty() {
        blocks.push(list(gaps, false));
    }
}

/// Factors, trends, combined groups, changes and evidence: a heading each, the first one on a new page.
fn further_parts(blocks: &mut Vec<Block>, audit: &Audit, words: &Words) {
    for (place, part) in further(audit, words).into_iter().enumerate() {
        if place == 0 {
            blocks.push(Block::PageBreak);
        }
        let is_this = |factor: &&FactorLevels| factors::heading(factor, words) == part.heading;
        let in_time = audit.factors.iter().filter(|factor| factor.in_time).find(is_this);
        blocks.push(Block::heading(1, part.heading.clone()));
        if part.tables.is_empty() {
            blocks.push(list(part.into_lines(), false));
        } else {
            blocks.extend(part.notes.into_iter().map(Block::paragraph));
            for table in part.tables {
                if table.caption != part.heading {
                    blocks.push(Block::paragraph(table.caption.clone()));
                }
                if !table.rows.is_empty() {
                    blocks.push(table.block());
                }
            }
            blocks.extend(part.rest.into_iter().map(Block::paragraph));
        }
        for chart in in_time.iter().flat_map(|factor| over_time::charts(factor, audit, words)) {
            blocks.push(Block::Figure(chart.figure));
        }
    }
}

/// A text that stays on one line.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

fn cell(text: impl Into<String>) -> Cell {
    vec![Run::plain(text)]
}

fn header<'a>(words: &Words, ids: impl IntoIterator<Item = &'a str>) -> Vec<Cell> {
    ids.into_iter().map(|id| vec![Run::bold(words.plain(id))]).collect()
}

/// Counts and rates of every group at every decision.
fn counts(view: &View, words: &Words) -> Block {
    let mut names = header(words, ["audit-column-group"]);
    names.extend(
        view.everybody
            .iter()
            .map(|line| vec![Run::bold(sentences::to_stage(&line.stretch, words))]),
    );
    let everybody = words.plain("audit-everybody");
    let groups = view.groups.iter().map(|group| (group.label.as_str(), &group.stages));
    let rows = groups.chain([(everybody.as_str(), &view.everybody)]).map(|(label, lines)| {
        let cells = lines.iter().map(|line| {
            cell(if line.hidden {
                words.plain("audit-hidden")
            } else if line.entered == Some(0) {
                words.plain("audit-nobody")
            } else {
                let (progressed, entered) =
                    (count_or_hidden(line.progressed, words), count_or_hidden(line.entered, words));
                let of = sentences::of(progressed, entered, words);
                format!("{}, {}", unbroken(&of), unbroken(&percent_or_dash(line.rate)))
            })
        });
        std::iter::once(cell(label)).chain(cells).collect()
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let align = std::iter::once(Align::Left).chain(view.everybody.iter().map(|_| Align::Right));
    Block::Table(Table { header: names, rows, align: align.collect(), row_headers: true })
}

/// Every number of the comparisons of one decision.
fn numbers(findings: &[&Finding], words: &Words) -> Block {
    let dash = || "\u{2013}".to_owned();
    let rows = findings.iter().map(|finding| {
        let mut row = vec![
            cell(finding.group_label.clone()),
            cell(unbroken(&sentences::verdict(finding.verdict, words))),
        ];
        let value = |value: Option<f64>| value.map_or_else(dash, ratio);
        match &finding.numbers {
            Some(n) => {
                let limits =
                    format!("({} to {})", limit(n.ratio_low, words), limit(n.ratio_high, words));
                let interval = format!("{} {}", value(n.ratio), unbroken(&limits));
                row.extend([
                    cell(interval),
                    cell(value(n.pooled_ratio)),
                    cell(n.mid_p.map_or_else(dash, |p| p_value(p.p, p.ln_p))),
                    cell(n.holm_p.zip(n.ln_holm_p).map_or_else(dash, |(p, ln_p)| p_value(p, ln_p))),
                    cell(people(n.shortfall)),
                ]);
            }
            None => {
                let first = if finding.hidden { words.plain("audit-hidden") } else { dash() };
                row.push(cell(first));
                row.extend((0..4).map(|_| cell(dash())));
            }
        }
        row.push(cell(value(finding.detectable_ratio)));
        row
    });
    let ids = [
        "audit-column-group",
        "audit-column-verdict",
        "audit-column-interval",
        "audit-column-pooled",
        "audit-column-exact-p",
        "audit-column-holm",
        "audit-column-short",
        "audit-column-seen",
    ];
    let mut align = vec![Align::Left, Align::Left];
    align.extend([Align::Right; 6]);
    Block::Table(Table {
        header: header(words, ids),
        rows: rows.collect(),
        align,
        row_headers: true,
    })
}

fn method(blocks: &mut Vec<Block>, audit: &Audit, words: &Words) {
    blocks.push(heading(1, words, "audit-method"));
    blocks.push(Block::paragraph(audit.method.policy_basis.clone()));
    for (term, meaning) in definitions(audit, words) {
        blocks.push(Block::Paragraph(vec![Run::bold(format!("{term}. ")), Run::plain(meaning)]));
    }
    let method = &audit.method;
    let provenance = words.say(
        "audit-provenance",
        [
            ("policy", method.policy.as_str().into()),
            ("rules", method.rule_set_sha256.as_str().into()),
            ("version", method.program_version.as_str().into()),
        ],
    );
    blocks.push(Block::Note(vec![Run::plain(provenance)]));
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
