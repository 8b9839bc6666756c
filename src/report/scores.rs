//! Scores of panels, agreement and severity of markers, in sentences and as tables. Chooses and fills messages; computes
//! nothing.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::figures::{p_in_words, p_value, percent, ratio};
use super::frame::{Grid, Row, columns};
use super::words::Words;
use super::{Part, sentences};
use crate::fairness::{
    Audit, MarkerSeverity, PanelAgreement, ScoreAudit, ScoreComparison, ScoreNumbers,
};

/// The most markers that are listed where people read; the workbook and JSON have every one.
const MOST_MARKERS: usize = 20;

/// Markers as people read of them.
struct Markers<'a> {
    /// Those that are listed, the most severe first.
    listed: Vec<&'a MarkerSeverity>,
    /// The others.
    others: Vec<&'a MarkerSeverity>,
}

/// Everyone where they are few; otherwise those whom chance explains poorly, the furthest from the others first to stay.
fn markers<'a>(scores: &'a ScoreAudit, audit: &Audit) -> Markers<'a> {
    if scores.severity.len() <= MOST_MARKERS {
        return Markers { listed: scores.severity.iter().collect(), others: Vec::new() };
    }
    let mut far: Vec<(usize, &MarkerSeverity)> = scores
        .severity
        .iter()
        .enumerate()
        .filter(|(_, marker)| stands_out(marker, audit))
        .collect();
    far.sort_by(|(_, a), (_, b)| b.difference.abs().total_cmp(&a.difference.abs()));
    far.truncate(MOST_MARKERS);
    let listed: BTreeSet<usize> = far.into_iter().map(|(place, _)| place).collect();
    let (listed, others): (Vec<_>, Vec<_>) =
        scores.severity.iter().enumerate().partition(|(place, _)| listed.contains(place));
    let only = |markers: Vec<(usize, &'a MarkerSeverity)>| -> Vec<&'a MarkerSeverity> {
        markers.into_iter().map(|(_, marker)| marker).collect()
    };
    Markers { listed: only(listed), others: only(others) }
}

/// Whether chance explains poorly how far a marker is from the others.
fn stands_out(marker: &MarkerSeverity, audit: &Audit) -> bool {
    marker.holm_p.is_some_and(|p| p <= audit.method.significance)
}

/// What is said of the markers that are not listed; nothing where all are.
fn unlisted_markers(markers: &Markers<'_>, audit: &Audit, words: &Words) -> Option<String> {
    // They come in the order of their differences.
    let (lowest, highest) = (markers.others.first()?, markers.others.last()?);
    let far = markers.others.iter().filter(|marker| stands_out(marker, audit)).count();
    let fills = [
        ("count", markers.others.len().into()),
        ("far", far.into()),
        ("low", signed(lowest.difference).into()),
        ("high", signed(highest.difference).into()),
    ];
    Some(words.say("audit-severity-others", fills))
}

const NOTHING: &str = "\u{2013}";

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), signed)
}

/// Two decimals with a true minus sign.
fn signed(value: f64) -> String {
    let text = ratio(value.abs());
    if value < 0.0 { format!("\u{2212}{text}") } else { text }
}

fn p(value: Option<f64>, ln: Option<f64>, words: &Words) -> String {
    value.zip(ln).map_or_else(|| NOTHING.to_owned(), |(p, ln_p)| p_in_words(p, ln_p, words))
}

fn p_cell(value: Option<f64>, ln: Option<f64>) -> String {
    value.zip(ln).map_or_else(|| NOTHING.to_owned(), |(p, ln_p)| p_value(p, ln_p))
}

fn interval(interval: Option<(f64, f64)>, words: &Words) -> String {
    interval.map_or_else(String::new, |(low, high)| {
        let fills = [("low", signed(low).into()), ("high", signed(high).into())];
        format!(" {}", words.say("audit-scores-interval", fills))
    })
}

fn note(scores: &ScoreAudit, audit: &Audit, words: &Words) -> String {
    words.say(
        "audit-scores-note",
        [
            ("people", scores.people.into()),
            ("vacancies", scores.vacancies.into()),
            ("markers", scores.markers.into()),
            ("criteria", scores.criteria.into()),
            ("hidden", scores.compared.iter().filter(|one| one.hidden).count().into()),
            ("minimum", audit.method.minimum.into()),
        ],
    )
}

fn panels_note(scores: &ScoreAudit, words: &Words) -> String {
    let small = scores.panels_too_small;
    let unlisted = scores.panels_not_listed;
    words.say("audit-panels-note", [("small", small.into()), ("unlisted", unlisted.into())])
}

/// A group, with the other one where there are only these two.
fn named(found: &ScoreComparison, words: &Words) -> String {
    sentences::group_against(&found.group_label, &found.against_label, words)
}

/// One comparison in a sentence.
pub fn sentence(found: &ScoreComparison, audit: &Audit, words: &Words) -> String {
    let group = || format!("{}, {}", found.characteristic_label, named(found, words));
    let Some(n) = &found.numbers else {
        let key = if found.hidden { "audit-scores-hidden" } else { "audit-scores-apart" };
        return words.say(key, [("group", group().into())]);
    };
    let key = if n.difference < 0.0 { "audit-scores-lower" } else { "audit-scores-higher" };
    let verdict = if n.differs { "audit-scores-differs" } else { "audit-scores-same" };
    words.say(
        key,
        [
            ("group", group().into()),
            ("scored", n.scored.into()),
            ("others", n.others.into()),
            ("vacancies", n.vacancies.into()),
            ("period", sentences::period(audit, words).into()),
            ("difference", ratio(n.difference.abs()).into()),
            ("interval", interval(n.interval, words).into()),
            ("share", percent(n.higher_share).into()),
            ("g", number(n.hedges_g).into()),
            ("rank", p(n.rank_p, n.ln_rank_p, words).into()),
            ("welch", p(n.welch_p, n.ln_welch_p, words).into()),
            (
                "conclusion",
                words.say(verdict, [("holm", p(n.holm_p, n.ln_holm_p, words).into())]).into(),
            ),
        ],
    )
}

fn panel(found: &PanelAgreement, words: &Words) -> String {
    words.say(
        "audit-panel",
        [
            ("vacancy", found.vacancy.clone().into()),
            ("markers", found.markers.into()),
            ("people", found.people.into()),
            ("one", number(found.icc_one).into()),
            ("panel", number(found.icc_panel).into()),
            ("ordinal", number(found.alpha_ordinal).into()),
            ("interval", number(found.alpha_interval).into()),
            ("p", p(found.severity_p, found.severity_p.map(f64::ln), words).into()),
        ],
    )
}

fn marker(found: &MarkerSeverity, words: &Words) -> String {
    let key = if found.difference < 0.0 { "audit-severity-lower" } else { "audit-severity-higher" };
    words.say(
        key,
        [
            ("marker", found.marker.clone().into()),
            ("difference", ratio(found.difference.abs()).into()),
            ("people", found.people.into()),
            ("interval", interval(found.interval, words).into()),
            ("p", p(found.holm_p, found.ln_holm_p, words).into()),
        ],
    )
}

/// Every sentence, those of every marker included, for programs.
pub fn every_sentence(audit: &Audit, words: &Words) -> Vec<String> {
    let lines = parts(audit, words).into_iter().flat_map(Part::into_lines);
    let others = audit.scores.iter().flat_map(|scores| markers(scores, audit).others);
    lines.chain(others.map(|found| marker(found, words))).collect()
}

/// All of it as parts of the evidence; of many markers only those who stand out.
pub(super) fn parts(audit: &Audit, words: &Words) -> Vec<Part> {
    let Some(scores) = &audit.scores else { return Vec::new() };
    let compared = scores.compared.iter().map(|found| sentence(found, audit, words));
    let mut parts = vec![Part {
        heading: words.plain("audit-scores-heading"),
        notes: vec![note(scores, audit, words)],
        sentences: compared.collect(),
        tables: vec![compared_table(scores, words)],
        rest: Vec::new(),
    }];
    if !scores.panels.is_empty() || scores.panels_too_small > 0 {
        let lines = scores.panels.iter().map(|found| panel(found, words));
        parts.push(Part {
            heading: words.plain("audit-panels-heading"),
            notes: vec![panels_note(scores, words)],
            sentences: lines.collect(),
            tables: vec![panels_table(scores, words)],
            rest: Vec::new(),
        });
    }
    if !scores.severity.is_empty() {
        let markers = markers(scores, audit);
        parts.push(Part {
            heading: words.plain("audit-severity-heading"),
            notes: vec![words.plain("audit-severity-note")],
            sentences: markers.listed.iter().map(|found| marker(found, words)).collect(),
            tables: vec![severity_table(&markers, words)],
            rest: unlisted_markers(&markers, audit, words).into_iter().collect(),
        });
    }
    parts
}

/// All of it as sections of the page.
pub fn sections(audit: &Audit, words: &Words) -> Markup {
    let Some(scores) = &audit.scores else { return html! {} };
    let sentences = scores.compared.iter().map(|found| sentence(found, audit, words));
    html! {
        section .view #scores {
            @for (place, part) in parts(audit, words).iter().enumerate() {
                @if place == 0 { h2 { (part.heading) } } @else { h3 { (part.heading) } }
                @for note in &part.notes { p .note { (note) } }
                @for table in part.tables.iter().filter(|table| !table.rows.is_empty()) {
                    (table.html())
                }
                @if place == 0 {
                    details {
                        summary { (words.say("audit-same-in-sentences", [("count", scores.compared.len().into())])) }
                        ul .sentences { @for sentence in sentences.clone() { li { (sentence) } } }
                    }
                }
                @for line in &part.rest { p { (line) } }
            }
        }
    }
}

fn compared_table(scores: &ScoreAudit, words: &Words) -> Grid {
    let columns = columns(
        words,
        ["audit-column-characteristic", "audit-column-group"],
        [
            "audit-column-scored",
            "audit-column-others-scored",
            "audit-column-difference",
            "audit-column-g",
            "audit-column-higher-share",
            "audit-column-rank",
            "audit-column-welch",
        ],
    );
    let row = |found: &ScoreComparison| {
        let mut cells = vec![found.characteristic_label.clone(), named(found, words)];
        match &found.numbers {
            Some(n) => cells.extend(numbers(n, words)),
            None => {
                cells.push(words.plain("audit-not-shown"));
                cells.extend((0..6).map(|_| NOTHING.to_owned()));
            }
        }
        Row { names: 2, cells }
    };
    let caption = words.plain("audit-scores-heading");
    Grid { caption, columns, rows: scores.compared.iter().map(row).collect() }
}

fn numbers(n: &ScoreNumbers, words: &Words) -> [String; 7] {
    [
        n.scored.to_string(),
        n.others.to_string(),
        with_interval(n.difference, n.interval, words),
        number(n.hedges_g),
        percent(n.higher_share),
        format!("{}; {}", p_cell(n.rank_p, n.ln_rank_p), p_cell(n.holm_p, n.ln_holm_p)),
        p_cell(n.welch_p, n.ln_welch_p),
    ]
}

fn with_interval(value: f64, found: Option<(f64, f64)>, words: &Words) -> String {
    let Some((low, high)) = found else { return signed(value) };
    let fills = [("low", signed(low).into()), ("high", signed(high).into())];
    format!("{}\n{}", signed(value), words.say("audit-interval", fills))
}

fn panels_table(scores: &ScoreAudit, words: &Words) -> Grid {
    let figures = [
        "audit-column-markers",
        "audit-column-people",
        "audit-column-icc",
        "audit-column-alpha",
        "audit-column-equal",
    ];
    let row = |found: &PanelAgreement| {
        let cells = vec![
            found.vacancy.clone(),
            found.markers.to_string(),
            found.people.to_string(),
            format!("{}; {}", number(found.icc_one), number(found.icc_panel)),
            format!("{}; {}", number(found.alpha_ordinal), number(found.alpha_interval)),
            p_cell(found.severity_p, found.severity_p.map(f64::ln)),
        ];
        Row { names: 1, cells }
    };
    Grid {
        caption: words.plain("audit-panels-heading"),
        columns: columns(words, ["audit-column-vacancy"], figures),
        rows: scores.panels.iter().map(row).collect(),
    }
}

fn severity_table(markers: &Markers<'_>, words: &Words) -> Grid {
    let figures = ["audit-column-people", "audit-column-severity", "audit-column-severity-p"];
    let row = |found: &&MarkerSeverity| {
        let cells = vec![
            found.marker.clone(),
            found.people.to_string(),
            with_interval(found.difference, found.interval, words),
            p_cell(found.holm_p, found.ln_holm_p),
        ];
        Row { names: 1, cells }
    };
    Grid {
        caption: words.plain("audit-severity-heading"),
        columns: columns(words, ["audit-column-marker"], figures),
        rows: markers.listed.iter().map(row).collect(),
    }
}
