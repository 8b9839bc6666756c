//! Factors level by level, trends along ordered categories, and combined groups, in sentences and as tables. Chooses
//! and fills messages; computes nothing.

use maud::{Markup, PreEscaped, html};

use super::figures::{count, limit, p_in_words, p_value, percent, ratio, stage};
use super::frame::{Column, Grid, Row, columns};
use super::words::Words;
use super::{Part, over_time, sentences, svg};
use crate::fairness::{
    AcrossLevels, AtLevel, Audit, CategoryTrend, CombinedGroup, FactorLevels, GapChange,
    Intersection, StretchLabel,
};

/// The most levels that a table on paper has room for.
const MOST_LEVELS: usize = 8;

fn comparator(compared: &AcrossLevels, words: &Words) -> String {
    sentences::compared_with(&compared.comparator, &compared.comparator_label, words)
}

/// One comparison over the levels of a factor, in a sentence.
pub fn sentence(
    factor: &FactorLevels,
    compared: &AcrossLevels,
    audit: &Audit,
    words: &Words,
) -> String {
    if factor.in_time {
        return over_time_sentence(factor, compared, audit, words);
    }
    let hidden = compared.at.iter().filter(|at| at.ratio.is_none()).count();
    let fills = |key: &str| {
        let pooled = compared.pooled.as_ref();
        let number = |value: Option<f64>| value.map_or_else(String::new, ratio);
        words.say(
            key,
            [
                ("group", compared.group_label.clone().into()),
                ("comparator", comparator(compared, words).into()),
                ("stretch", sentences::stretch(&compared.stretch, words).into()),
                ("period", sentences::period(audit, words).into()),
                ("factor", factor.factor.to_lowercase().into()),
                ("levels", pooled.map_or(0, |pooled| pooled.levels).into()),
                ("ratio", number(pooled.map(|pooled| pooled.ratio)).into()),
                ("low", number(pooled.map(|pooled| pooled.interval.0)).into()),
                ("high", number(pooled.map(|pooled| pooled.interval.1)).into()),
                ("i2", pooled.map_or_else(String::new, |p| percent(p.i2_percent / 100.0)).into()),
                (
                    "p",
                    pooled
                        .map_or_else(String::new, |p| p_in_words(p.q_p, p.q_p.ln(), words))
                        .into(),
                ),
                ("hidden", hidden.into()),
            ],
        )
    };
    let mut said = vec![fills(match &compared.pooled {
        Some(_) => "audit-levels",
        None => "audit-levels-too-few",
    })];
    if let Some((low, high)) = compared.pooled.and_then(|pooled| pooled.prediction) {
        let fills = [("low", ratio(low).into()), ("high", ratio(high).into())];
        said.push(words.say("audit-levels-prediction", fills));
    }
    if let Some(trend) = compared.share_trend {
        let way = way(trend.z, trend.p, audit);
        let key = format!("audit-levels-share-{way}");
        said.push(words.say(&key, [("p", p_in_words(trend.p, trend.p.ln(), words).into())]));
    }
    if let Some(change) = &compared.change {
        said.push(changed(change, compared, words));
    }
    said.join(" ")
}

/// What periods of one length are called.
pub fn unit(factor: &FactorLevels, words: &Words) -> String {
    match factor.factor.as_str() {
        "month" => words.plain("audit-time-month"),
        "year" => words.plain("audit-time-year"),
        _ => words.plain("audit-time-quarter"),
    }
}

fn over_time_sentence(
    factor: &FactorLevels,
    compared: &AcrossLevels,
    audit: &Audit,
    words: &Words,
) -> String {
    let trend = compared.ratio_trend;
    let number = |value: Option<f64>| value.map_or_else(String::new, ratio);
    let key = if trend.is_some() { "audit-time-trend" } else { "audit-time-too-few" };
    words.say(
        key,
        [
            ("group", compared.group_label.clone().into()),
            ("comparator", comparator(compared, words).into()),
            ("stretch", sentences::stretch(&compared.stretch, words).into()),
            ("period", sentences::period(audit, words).into()),
            ("unit", unit(factor, words).into()),
            ("factor", number(trend.map(|t| t.per_period)).into()),
            ("low", number(trend.map(|t| t.interval.0)).into()),
            ("high", number(trend.map(|t| t.interval.1)).into()),
            ("p", trend.map_or_else(String::new, |t| p_in_words(t.p, t.p.ln(), words)).into()),
        ],
    )
}

fn changed(change: &GapChange, compared: &AcrossLevels, words: &Words) -> String {
    let name =
        |place: usize| compared.at.get(place).map_or_else(String::new, |at| at.level.clone());
    words.say(
        "audit-levels-change",
        [
            ("before", name(0).into()),
            ("after", name(1).into()),
            ("ratio", ratio(change.ratio_of_ratios).into()),
            ("low", ratio(change.interval.0).into()),
            ("high", ratio(change.interval.1).into()),
            ("p", p_in_words(change.p, change.p.ln(), words).into()),
        ],
    )
}

/// Which way a trend goes; none where chance explains it.
fn way(z: f64, p: f64, audit: &Audit) -> &'static str {
    match (p <= audit.method.significance, z < 0.0) {
        (false, _) => "unclear",
        (true, true) => "falls",
        (true, false) => "rises",
    }
}

/// A trend in a sentence.
pub fn trend(trend: &CategoryTrend, audit: &Audit, words: &Words) -> String {
    words.say(
        &format!("audit-trend-{}", way(trend.z, trend.p, audit)),
        [
            ("characteristic", trend.characteristic_label.clone().into()),
            ("stretch", sentences::stretch(&trend.stretch, words).into()),
            ("first", trend.between.0.clone().into()),
            ("last", trend.between.1.clone().into()),
            ("period", sentences::period(audit, words).into()),
            ("p", p_in_words(trend.p, trend.p.ln(), words).into()),
        ],
    )
}

/// What is said of combined groups at one decision.
pub fn intersection(found: &Intersection, audit: &Audit, words: &Words) -> String {
    words.say(
        "audit-intersection",
        [
            ("label", found.label.clone().into()),
            ("stretch", sentences::stretch(&found.stretch, words).into()),
            ("period", sentences::period(audit, words).into()),
            ("shown", found.groups.len().into()),
            ("hidden", found.not_looked_at.len().into()),
            ("names", found.not_looked_at.join("; ").into()),
        ],
    )
}

/// What is told of a factor: of two groups seen from either side, the one that is selected less.
fn told(factor: &FactorLevels) -> Vec<&AcrossLevels> {
    let ratio = |compared: &AcrossLevels| compared.pooled.map_or(1.0, |pooled| pooled.ratio);
    let mut told: Vec<&AcrossLevels> = Vec::new();
    for compared in &factor.compared {
        match told.iter_mut().find(|known| mirror(known, compared)) {
            None => told.push(compared),
            Some(known) if ratio(compared) < ratio(known) => *known = compared,
            Some(_) => {}
        }
    }
    told
}

/// Whether two comparisons are of the same two groups, seen from either side.
fn mirror(one: &AcrossLevels, other: &AcrossLevels) -> bool {
    one.group_label == other.comparator_label
        && one.comparator_label == other.group_label
        && one.characteristic_label == other.characteristic_label
        && one.stretch == other.stretch
}

/// All of it as headings with sentences beneath them.
pub(super) fn parts(audit: &Audit, words: &Words) -> Vec<Part> {
    let mut parts = Vec::new();
    for factor in &audit.factors {
        let has_something = |c: &&AcrossLevels| {
            if factor.in_time { c.ratio_trend.is_some() } else { c.pooled.is_some() }
        };
        let (said, few): (Vec<_>, Vec<_>) = told(factor).into_iter().partition(has_something);
        let key = if factor.in_time { "audit-time-few" } else { "audit-levels-few" };
        let rest = (!few.is_empty()).then(|| words.say(key, [("count", few.len().into())]));
        let is_narrow = factor.levels.len() <= MOST_LEVELS && !said.is_empty();
        parts.push(Part {
            heading: heading(factor, words),
            notes: vec![note(factor, words)],
            sentences: said.iter().map(|c| sentence(factor, c, audit, words)).collect(),
            tables: is_narrow.then(|| levels_table(factor, &said, words)).into_iter().collect(),
            rest: rest.into_iter().collect(),
        });
    }
    if !audit.trends.is_empty() {
        let lines = audit.trends.iter().map(|found| trend(found, audit, words)).collect();
        parts.push(Part::in_sentences(words.plain("audit-trends"), lines));
    }
    if !audit.intersections.is_empty() {
        let mut sentences = Vec::new();
        for found in &audit.intersections {
            sentences.push(intersection(found, audit, words));
            sentences.extend(found.groups.iter().map(|group| combined(group, words)));
        }
        let tables = audit.intersections.iter().map(|found| combined_table(found, audit, words));
        parts.push(Part {
            heading: words.plain("audit-intersections"),
            notes: vec![words.plain("audit-intersections-note")],
            sentences,
            tables: tables.collect(),
            rest: Vec::new(),
        });
    }
    parts
}

/// The numbers of a combined group in one line.
fn combined(group: &CombinedGroup, words: &Words) -> String {
    words.say(
        "audit-combined-group",
        [
            ("group", group.label.clone().into()),
            ("of", sentences::of(count(group.progressed), count(group.entered), words).into()),
            ("ratio", ratio(group.ratio).into()),
            ("drawn", ratio(group.shrunken_ratio).into()),
            ("low", ratio(group.shrunken_interval.0).into()),
            ("high", ratio(group.shrunken_interval.1).into()),
        ],
    )
}

/// The heading of a factor.
pub(super) fn heading(factor: &FactorLevels, words: &Words) -> String {
    if factor.in_time {
        return words.say("audit-time-heading", [("unit", unit(factor, words).into())]);
    }
    words.say("audit-levels-heading", [("factor", factor.factor.to_lowercase().into())])
}

fn note(factor: &FactorLevels, words: &Words) -> String {
    if factor.in_time {
        let fills =
            [("unit", unit(factor, words).into()), ("without", factor.without_level.into())];
        return words.say("audit-time-note", fills);
    }
    let is_change = factor.compared.iter().any(|compared| compared.change.is_some());
    let mut note = words.say(
        "audit-levels-note",
        [("factor", factor.factor.to_lowercase().into()), ("without", factor.without_level.into())],
    );
    if is_change {
        note.push(' ');
        note.push_str(&words.plain("audit-levels-change-note"));
    }
    note
}

/// All of it as sections of the page.
pub fn sections(audit: &Audit, words: &Words) -> Markup {
    html! {
        @for factor in &audit.factors { (levels_section(factor, audit, words)) }
        @if !audit.trends.is_empty() {
            section .view {
                h2 { (words.plain("audit-trends")) }
                ul .sentences { @for found in &audit.trends { li { (trend(found, audit, words)) } } }
            }
        }
        @if !audit.intersections.is_empty() {
            section .view {
                h2 { (words.plain("audit-intersections")) }
                p .note { (words.plain("audit-intersections-note")) }
                @for found in &audit.intersections {
                    @let groups = combined_table(found, audit, words);
                    @if groups.rows.is_empty() { p { (groups.caption) } } @else { (groups.html()) }
                }
            }
        }
    }
}

fn levels_section(factor: &FactorLevels, audit: &Audit, words: &Words) -> Markup {
    let heading = heading(factor, words);
    let compared = told(factor);
    html! {
        section .view {
            h2 { (heading) }
            p .note { (note(factor, words)) }
            @if factor.in_time {
                @let description = words.plain("audit-time-chart-description");
                @for (place, chart) in over_time::charts(factor, audit, words).iter().enumerate() {
                    figure {
                        figcaption { (chart.title) }
                        (PreEscaped(svg::drawing(
                            &chart.figure.shapes, chart.figure.size, &chart.title, &description,
                            &format!("time-{place}"),
                        )))
                    }
                }
            }
            (levels_table(factor, &compared, words).html())
            details {
                summary { (words.say("audit-same-in-sentences", [("count", compared.len().into())])) }
                ul .sentences { @for compared in &compared {
                    li { (sentence(factor, compared, audit, words)) }
                } }
            }
        }
    }
}

/// Comparisons level by level.
fn levels_table(factor: &FactorLevels, compared: &[&AcrossLevels], words: &Words) -> Grid {
    let mut columns = columns(words, ["audit-column-group", "audit-column-decision"], []);
    let levels = factor.levels.iter();
    let levels = levels.map(|level| format!("{} ({})", level.name, level.vacancies));
    let after = ["audit-column-together", "audit-column-levels-differ"].map(|id| words.plain(id));
    columns.extend(levels.chain(after).map(Column::figures));
    let dash = || "\u{2013}".to_owned();
    let row = |compared: &&AcrossLevels| {
        let group =
            sentences::group_against(&compared.group_label, &compared.comparator_label, words);
        let mut cells = vec![group, decision(&compared.stretch, words)];
        cells.extend(compared.at.iter().map(|at| level_cell(at, words)));
        let pooled = compared.pooled.as_ref();
        cells.push(pooled.map_or_else(dash, |pooled| {
            let (low, high) = pooled.interval;
            in_two_lines(pooled.ratio, ratio(low), ratio(high), words)
        }));
        cells.push(pooled.map_or_else(dash, |pooled| p_value(pooled.q_p, pooled.q_p.ln())));
        Row { names: 1, cells }
    };
    Grid { caption: heading(factor, words), columns, rows: compared.iter().map(row).collect() }
}

fn level_cell(at: &AtLevel, words: &Words) -> String {
    match at.ratio {
        Some(value) => {
            in_two_lines(value, limit(at.ratio_low, words), limit(at.ratio_high, words), words)
        }
        None => words.plain("audit-not-shown"),
    }
}

fn in_two_lines(value: f64, low: String, high: String, words: &Words) -> String {
    let interval = words.say("audit-interval", [("low", low.into()), ("high", high.into())]);
    format!("{}\n{interval}", ratio(value))
}

/// A decision for a cell of a table.
pub(super) fn decision(label: &StretchLabel, words: &Words) -> String {
    let key = if label.whole { "audit-decision-whole" } else { "audit-decision" };
    words.say(key, [("from", stage(&label.from).into()), ("to", stage(&label.to).into())])
}

/// The combined groups of one decision; no rows where none could be looked at.
fn combined_table(found: &Intersection, audit: &Audit, words: &Words) -> Grid {
    let figures = ["audit-column-progressed", "audit-column-ratio-shown", "audit-column-drawn"];
    let row = |group: &CombinedGroup| {
        let (low, high) = group.shrunken_interval;
        let cells = vec![
            group.label.clone(),
            sentences::of(count(group.progressed), count(group.entered), words),
            ratio(group.ratio),
            in_two_lines(group.shrunken_ratio, ratio(low), ratio(high), words),
        ];
        Row { names: 1, cells }
    };
    Grid {
        caption: intersection(found, audit, words),
        columns: columns(words, ["audit-column-group"], figures),
        rows: found.groups.iter().map(row).collect(),
    }
}
