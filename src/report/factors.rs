//! Factors level by level, trends along ordered categories, and combined groups, in sentences and as tables. Chooses
//! and fills messages; computes nothing.

use maud::{Markup, PreEscaped, html};

use super::figures::{count, limit, p_in_words, p_value, percent, ratio, stage};
use super::frame::{Column, columns, table};
use super::words::Words;
use super::{over_time, sentences, svg};
use crate::fairness::{
    AcrossLevels, AtLevel, Audit, CategoryTrend, CombinedGroup, FactorLevels, GapChange,
    Intersection, StretchLabel,
};

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
        let key =
            if trend.z < 0.0 { "audit-levels-share-falls" } else { "audit-levels-share-rises" };
        said.push(words.say(key, [("p", p_in_words(trend.p, trend.p.ln(), words).into())]));
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

/// A trend in a sentence.
pub fn trend(trend: &CategoryTrend, audit: &Audit, words: &Words) -> String {
    let key = if trend.z < 0.0 { "audit-trend-falls" } else { "audit-trend-rises" };
    words.say(
        key,
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

/// All of it as headings with sentences beneath them.
pub fn parts(audit: &Audit, words: &Words) -> Vec<(String, Vec<String>)> {
    let mut parts = Vec::new();
    for factor in &audit.factors {
        let mut lines = vec![note(factor, words)];
        let has_something = |c: &&AcrossLevels| {
            if factor.in_time { c.ratio_trend.is_some() } else { c.pooled.is_some() }
        };
        let (said, few): (Vec<_>, Vec<_>) = factor.compared.iter().partition(has_something);
        lines.extend(said.into_iter().map(|c| sentence(factor, c, audit, words)));
        if !few.is_empty() {
            let key = if factor.in_time { "audit-time-few" } else { "audit-levels-few" };
            lines.push(words.say(key, [("count", few.len().into())]));
        }
        parts.push((heading(factor, words), lines));
    }
    if !audit.trends.is_empty() {
        let lines = audit.trends.iter().map(|found| trend(found, audit, words)).collect();
        parts.push((words.plain("audit-trends"), lines));
    }
    if !audit.intersections.is_empty() {
        let mut lines = vec![words.plain("audit-intersections-note")];
        for found in &audit.intersections {
            lines.push(intersection(found, audit, words));
            lines.extend(found.groups.iter().map(|group| combined(group, words)));
        }
        parts.push((words.plain("audit-intersections"), lines));
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
                @for found in &audit.intersections { (intersection_table(found, audit, words)) }
            }
        }
    }
}

fn levels_section(factor: &FactorLevels, audit: &Audit, words: &Words) -> Markup {
    let heading = heading(factor, words);
    let mut columns = columns(words, ["audit-column-group", "audit-column-decision"], []);
    let levels = factor.levels.iter();
    let levels = levels.map(|level| format!("{} ({})", level.name, level.vacancies));
    let after = ["audit-column-together", "audit-column-levels-differ"].map(|id| words.plain(id));
    columns.extend(levels.chain(after).map(Column::figures));
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
            @let rows = html! { @for compared in &factor.compared { tr {
                th scope="row" { (compared.group_label) }
                td { (decision(&compared.stretch, words)) }
                @for at in &compared.at { td .figure { (level_cell(at, words)) } }
                td .figure {
                    @if let Some(pooled) = &compared.pooled {
                        (ratio(pooled.ratio)) br;
                        (words.say("audit-interval", [("low", ratio(pooled.interval.0).into()), ("high", ratio(pooled.interval.1).into())]))
                    } @else { "\u{2013}" }
                }
                td .figure {
                    (compared.pooled.map_or_else(|| "\u{2013}".to_owned(), |p| p_value(p.q_p, p.q_p.ln())))
                }
            } } };
            (table(&heading, &columns, &rows))
            details {
                summary { (words.say("audit-same-in-sentences", [("count", factor.compared.len().into())])) }
                ul .sentences { @for compared in &factor.compared {
                    li { (sentence(factor, compared, audit, words)) }
                } }
            }
        }
    }
}

fn level_cell(at: &AtLevel, words: &Words) -> Markup {
    html! {
        @match at.ratio {
            Some(value) => {
                (ratio(value)) br;
                (words.say("audit-interval", [("low", limit(at.ratio_low, words).into()), ("high", limit(at.ratio_high, words).into())]))
            }
            None => (words.plain("audit-not-shown")),
        }
    }
}

/// A decision for a cell of a table.
pub(super) fn decision(label: &StretchLabel, words: &Words) -> String {
    let key = if label.whole { "audit-decision-whole" } else { "audit-decision" };
    words.say(key, [("from", stage(&label.from).into()), ("to", stage(&label.to).into())])
}

fn intersection_table(found: &Intersection, audit: &Audit, words: &Words) -> Markup {
    let caption = intersection(found, audit, words);
    let figures = ["audit-column-progressed", "audit-column-ratio-shown", "audit-column-drawn"];
    html! {
        @if found.groups.is_empty() {
            p { (caption) }
        } @else {
            @let rows = html! { @for group in &found.groups { tr {
                th scope="row" { (group.label) }
                td .figure { (sentences::of(count(group.progressed), count(group.entered), words)) }
                td .figure { (ratio(group.ratio)) }
                td .figure {
                    (ratio(group.shrunken_ratio)) br;
                    (words.say("audit-interval", [
                        ("low", ratio(group.shrunken_interval.0).into()),
                        ("high", ratio(group.shrunken_interval.1).into()),
                    ]))
                }
            } } };
            (table(&caption, &columns(words, ["audit-column-group"], figures), &rows))
        }
    }
}
