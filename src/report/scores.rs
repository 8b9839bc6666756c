//! Scores of panels, agreement and severity of markers, in sentences and as tables. Chooses and fills messages; computes
//! nothing.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::figures::{p_in_words, p_value, percent, ratio};
use super::frame::{columns, table};
use super::sentences;
use super::words::Words;
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

fn p(value: Option<f64>, words: &Words) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |p| p_in_words(p, p.ln(), words))
}

fn p_cell(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |p| p_value(p, p.ln()))
}

fn interval(interval: Option<(f64, f64)>, words: &Words) -> String {
    interval.map_or_else(String::new, |(low, high)| {
        let fills = [("low", signed(low).into()), ("high", signed(high).into())];
        format!(" {}", words.say("audit-scores-interval", fills))
    })
}

fn note(scores: &ScoreAudit, words: &Words) -> String {
    words.say(
        "audit-scores-note",
        [
            ("people", scores.people.into()),
            ("vacancies", scores.vacancies.into()),
            ("markers", scores.markers.into()),
            ("criteria", scores.criteria.into()),
        ],
    )
}

fn panels_note(scores: &ScoreAudit, words: &Words) -> String {
    let small = scores.panels_too_small;
    let unlisted = scores.panels_not_listed;
    words.say("audit-panels-note", [("small", small.into()), ("unlisted", unlisted.into())])
}

/// One comparison in a sentence.
pub fn sentence(found: &ScoreComparison, audit: &Audit, words: &Words) -> String {
    let group = || format!("{}, {}", found.characteristic_label, found.group_label);
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
            ("rank", p(n.rank_p, words).into()),
            ("welch", p(n.welch_p, words).into()),
            ("conclusion", words.say(verdict, [("holm", p(n.holm_p, words).into())]).into()),
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
            ("p", p(found.severity_p, words).into()),
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
            ("p", p(found.holm_p, words).into()),
        ],
    )
}

/// Every sentence, those of every marker included, for programs.
pub fn every_sentence(audit: &Audit, words: &Words) -> Vec<String> {
    let lines = parts(audit, words).into_iter().flat_map(|(_, lines)| lines);
    let others = audit.scores.iter().flat_map(|scores| markers(scores, audit).others);
    lines.chain(others.map(|found| marker(found, words))).collect()
}

/// All of it as headings with sentences beneath them; of many markers only those who stand out.
pub fn parts(audit: &Audit, words: &Words) -> Vec<(String, Vec<String>)> {
    let Some(scores) = &audit.scores else { return Vec::new() };
    let with_note = |note: String, lines: &mut dyn Iterator<Item = String>| {
        std::iter::once(note).chain(lines).collect::<Vec<String>>()
    };
    let mut compared = scores.compared.iter().map(|found| sentence(found, audit, words));
    let mut parts =
        vec![(words.plain("audit-scores-heading"), with_note(note(scores, words), &mut compared))];
    if !scores.panels.is_empty() || scores.panels_too_small > 0 {
        let mut lines = scores.panels.iter().map(|found| panel(found, words));
        let heading = words.plain("audit-panels-heading");
        parts.push((heading, with_note(panels_note(scores, words), &mut lines)));
    }
    if !scores.severity.is_empty() {
        let markers = markers(scores, audit);
        let listed = markers.listed.iter().map(|found| marker(found, words));
        let mut lines = listed.chain(unlisted_markers(&markers, audit, words));
        let heading = words.plain("audit-severity-heading");
        parts.push((heading, with_note(words.plain("audit-severity-note"), &mut lines)));
    }
    parts
}

/// All of it as sections of the page.
pub fn sections(audit: &Audit, words: &Words) -> Markup {
    let Some(scores) = &audit.scores else { return html! {} };
    html! {
        section .view #scores {
            h2 { (words.plain("audit-scores-heading")) }
            p .note { (note(scores, words)) }
            (compared_table(scores, audit, words))
            @if !scores.panels.is_empty() || scores.panels_too_small > 0 {
                h3 { (words.plain("audit-panels-heading")) }
                p .note { (panels_note(scores, words)) }
                (panels_table(scores, words))
            }
            @if !scores.severity.is_empty() {
                h3 { (words.plain("audit-severity-heading")) }
                p .note { (words.plain("audit-severity-note")) }
                (severity_table(scores, audit, words))
            }
        }
    }
}

fn compared_table(scores: &ScoreAudit, audit: &Audit, words: &Words) -> Markup {
    let caption = words.plain("audit-scores-heading");
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
    html! {
        @let rows = html! { @for found in &scores.compared { tr {
            th scope="row" { (found.characteristic_label) }
            th scope="row" { (found.group_label) }
            @match &found.numbers {
                Some(n) => (numbers(n, words)),
                None => td .figure colspan="7" { (words.plain("audit-not-shown")) },
            }
        } } };
        (table(&caption, &columns, &rows))
        details {
            summary { (words.say("audit-same-in-sentences", [("count", scores.compared.len().into())])) }
            ul .sentences { @for found in &scores.compared { li { (sentence(found, audit, words)) } } }
        }
    }
}

fn numbers(n: &ScoreNumbers, words: &Words) -> Markup {
    html! {
        td .figure { (n.scored) }
        td .figure { (n.others) }
        td .figure { (signed(n.difference)) (interval_cell(n.interval, words)) }
        td .figure { (number(n.hedges_g)) }
        td .figure { (percent(n.higher_share)) }
        td .figure { (p_cell(n.rank_p)) "; " (p_cell(n.holm_p)) }
        td .figure { (p_cell(n.welch_p)) }
    }
}

fn interval_cell(found: Option<(f64, f64)>, words: &Words) -> Markup {
    html! {
        @if let Some((low, high)) = found {
            br;
            (words.say("audit-interval", [("low", signed(low).into()), ("high", signed(high).into())]))
        }
    }
}

fn panels_table(scores: &ScoreAudit, words: &Words) -> Markup {
    let caption = words.plain("audit-panels-heading");
    let columns = columns(
        words,
        ["audit-column-vacancy"],
        [
            "audit-column-markers",
            "audit-column-people",
            "audit-column-icc",
            "audit-column-alpha",
            "audit-column-equal",
        ],
    );
    html! {
        @if !scores.panels.is_empty() {
            @let rows = html! { @for found in &scores.panels { tr {
                th scope="row" { (found.vacancy) }
                td .figure { (found.markers) }
                td .figure { (found.people) }
                td .figure { (number(found.icc_one)) "; " (number(found.icc_panel)) }
                td .figure { (number(found.alpha_ordinal)) "; " (number(found.alpha_interval)) }
                td .figure { (p_cell(found.severity_p)) }
            } } };
            (table(&caption, &columns, &rows))
        }
    }
}

fn severity_table(scores: &ScoreAudit, audit: &Audit, words: &Words) -> Markup {
    let markers = markers(scores, audit);
    let caption = words.plain("audit-severity-heading");
    let columns = columns(
        words,
        ["audit-column-marker"],
        ["audit-column-people", "audit-column-severity", "audit-column-severity-p"],
    );
    html! {
        @if !markers.listed.is_empty() {
            @let rows = html! { @for found in &markers.listed { tr {
                th scope="row" { (found.marker) }
                td .figure { (found.people) }
                td .figure { (signed(found.difference)) (interval_cell(found.interval, words)) }
                td .figure { (p_cell(found.holm_p)) }
            } } };
            (table(&caption, &columns, &rows))
        }
        @if let Some(others) = unlisted_markers(&markers, audit, words) { p { (others) } }
    }
}
