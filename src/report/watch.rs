//! Evidence over time as JSON and as one page: a chart a family of vacancies, and a table beside it with every point.
//! Lays out; computes nothing.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::evidence::e_value;
use super::figures::stage;
use super::frame::{columns, table};
use super::labels::free_line;
use super::rates::escaped;
use super::shell;
use super::words::Words;
use crate::fairness::{Direction, FamilyWatch, Monitor, Series, WatchPoint};

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 330.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 240.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 46.0;
/// Series in a chart: more lines cannot be told apart in black and white.
const MOST_DRAWN: usize = 4;
const DASHES: [&str; MOST_DRAWN] = ["none", "9 5", "2 4", "12 4 2 4"];

/// Evidence over time as JSON.
pub fn monitor_to_json(monitor: &Monitor) -> Value {
    let words = Words::english();
    let mut value =
        serde_json::to_value(monitor).unwrap_or_else(|error| json!({ "error": error.to_string() }));
    let families = value.get_mut("families").and_then(Value::as_array_mut);
    for (value, family) in families.into_iter().flatten().zip(&monitor.families) {
        let series = value.get_mut("series").and_then(Value::as_array_mut);
        for (value, series) in series.into_iter().flatten().zip(&family.series) {
            if let Some(fields) = value.as_object_mut() {
                let text = sentence(series, family, monitor, &words);
                fields.insert("sentence".to_owned(), json!(text));
            }
        }
    }
    value
}

/// Evidence over time as one page that needs nothing else.
pub fn monitor_to_html(monitor: &Monitor) -> String {
    let words = Words::english();
    let title = format!("{}: {}", words.plain("watch-title"), monitor.organisation);
    let body = html! {
                main {
                    header {
                        p .kicker { (words.plain("watch-title")) }
                        h1 { (monitor.organisation) }
                    }
                    section {
                        p { (summary(monitor, &words)) }
                        p .note { (words.say("watch-note", [
                            ("line", level(monitor.line_log10).into()),
                            ("all", level(monitor.family_line_log10).into()),
                            ("series", monitor.series.into()),
                            ("minimum", monitor.minimum.into()),
                            ("open", monitor.open_vacancies.into()),
                            ("undated", monitor.undated_vacancies.into()),
                        ])) }
                    }
                    @for (place, family) in monitor.families.iter().enumerate() {
                        (section(family, place, monitor, &words))
                    }
                    p .provenance {
                        (words.say("watch-policy", [
                            ("policy", monitor.policy.as_str().into()),
                            ("rules", monitor.rule_set_sha256.as_str().into()),
                        ]))
                    }
                }
    };
    shell::page(&title, &body)
}

/// An e-value without its decimals.
fn level(log10_e: f64) -> String {
    format!("{:.0}", 10_f64.powf(log10_e))
}

fn summary(monitor: &Monitor, words: &Words) -> String {
    let all = || monitor.families.iter().flat_map(|family| &family.series);
    words.say(
        "watch-summary",
        [
            ("series", monitor.series.into()),
            ("crossed", all().filter(|series| series.has_crossed_family_line).count().into()),
            ("own", all().filter(|series| series.has_crossed).count().into()),
        ],
    )
}

/// The name of a family.
fn name(family: &FamilyWatch, words: &Words) -> String {
    family.family.clone().unwrap_or_else(|| words.plain("watch-all-vacancies"))
}

fn decision(series: &Series, words: &Words) -> String {
    words.say(
        "audit-stretch",
        [("from", stage(&series.stretch.from).into()), ("to", stage(&series.stretch.to).into())],
    )
}

/// What one series says.
fn sentence(series: &Series, family: &FamilyWatch, monitor: &Monitor, words: &Words) -> String {
    let last = series.points.last();
    let period = family.period.map_or_else(
        || words.plain("audit-period-unknown"),
        |(from, to)| {
            words.say("watch-period", [("from", day(from).into()), ("to", day(to).into())])
        },
    );
    let key = match (series.has_crossed_family_line, series.has_crossed, series.direction) {
        (true, _, Some(Direction::Lower)) => "watch-crossed-all-lower",
        (true, ..) => "watch-crossed-all-higher",
        (false, true, Some(Direction::Lower)) => "watch-crossed-lower",
        (false, true, _) => "watch-crossed-higher",
        _ => "watch-not-crossed",
    };
    let on = if series.has_crossed_family_line {
        series.crossed_family_line_on
    } else {
        series.crossed_on
    };
    words.say(
        key,
        [
            ("group", series.group_label.clone().into()),
            ("stretch", decision(series, words).into()),
            ("family", name(family, words).into()),
            ("period", period.into()),
            ("vacancies", last.map_or(0, |point| point.vacancies).into()),
            ("e", last.map_or_else(String::new, |point| e_value(point.log10_e)).into()),
            ("line", level(monitor.line_log10).into()),
            ("all", level(monitor.family_line_log10).into()),
            ("date", on.map_or_else(|| words.plain("watch-date-unknown"), day).into()),
        ],
    )
}

fn day(date: jiff::civil::Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn section(family: &FamilyWatch, place: usize, monitor: &Monitor, words: &Words) -> Markup {
    let heading = name(family, words);
    let caption = words.say("watch-table", [("family", heading.clone().into())]);
    let text = [
        "audit-column-group",
        "audit-column-decision",
        "watch-column-points",
        "watch-column-crossed",
        "watch-column-crossed-all",
    ];
    html! {
        section .view {
            h2 { (heading) }
            @if family.series.is_empty() {
                p { (words.say("watch-too-few", [("minimum", monitor.minimum.into())])) }
            } @else {
                figure { (PreEscaped(chart(family, &heading, place, monitor, words))) }
                @let rows = html! { @for series in &family.series { tr {
                    th scope="row" { (series.characteristic_label) ": " (series.group_label) }
                    td { (decision(series, words)) }
                    td { @for point in &series.points {
                        (point_in_words(point, words)) br;
                    } }
                    td { (crossed(series.has_crossed, series.crossed_on, words)) }
                    td { (crossed(series.has_crossed_family_line, series.crossed_family_line_on, words)) }
                } } };
                (table(&caption, &columns(words, text, []), &rows))
                ul .sentences {
                    @for series in family.series.iter().filter(|series| series.has_crossed) {
                        li { (sentence(series, family, monitor, words)) }
                    }
                }
            }
            @if family.too_small > 0 {
                p .note { (words.say("watch-too-small", [
                    ("count", family.too_small.into()),
                    ("minimum", monitor.minimum.into()),
                ])) }
            }
        }
    }
}

/// A point as the table has it.
fn point_in_words(point: &WatchPoint, words: &Words) -> String {
    let fills = [("e", e_value(point.log10_e).into()), ("vacancies", point.vacancies.into())];
    let said = words.say("watch-point", fills);
    match point.on {
        Some(on) => format!("{said} ({on})"),
        None => said,
    }
}

fn crossed(has: bool, on: Option<jiff::civil::Date>, words: &Words) -> String {
    match (has, on) {
        (true, Some(on)) => on.to_string(),
        (true, None) => words.plain("audit-yes"),
        (false, _) => words.plain("audit-no"),
    }
}

/// The strongest series as lines over the number of vacancies; the two lines that matter dashed across.
/// The longest name of a series that has room beside the chart; the table has the whole.
const LONGEST_NAME: usize = 26;

/// A series as its line is named: the group, shortened where it is long, and the stage.
fn series_name(series: &Series) -> String {
    let room = LONGEST_NAME.saturating_sub(series.stretch.from.chars().count());
    let mut group: String = series.group_label.chars().take(room).collect();
    if group.len() < series.group_label.len() {
        group.truncate(group.trim_end_matches([' ', ',', ':']).len());
        group.push('\u{2026}');
    }
    format!("{group}, {}", stage(&series.stretch.from))
}

/// How far labels stand from each other.
const LINE: f64 = 15.0;

fn chart(
    family: &FamilyWatch,
    heading: &str,
    place: usize,
    monitor: &Monitor,
    words: &Words,
) -> String {
    let drawn: Vec<&Series> = family.series.iter().take(MOST_DRAWN).collect();
    let points = || drawn.iter().flat_map(|series| &series.points);
    let most = points().map(|point| point.vacancies).max().unwrap_or(1).max(1) as f64;
    let highest =
        points().map(|point| point.log10_e).fold(monitor.family_line_log10, f64::max) + 0.3;
    let lowest = points().map(|point| point.log10_e).fold(0.0, f64::min) - 0.3;
    let x = |vacancies: usize| LEFT + (WIDTH - LEFT - RIGHT) * vacancies as f64 / most;
    let y = |log10_e: f64| TOP + (HEIGHT - TOP - BOTTOM) * (highest - log10_e) / (highest - lowest);
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\" role=\"img\" aria-labelledby=\"w{place}-t w{place}-d\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"w{place}-t\">{}</title><desc id=\"w{place}-d\">{}</desc>",
        escaped(&words.say("watch-chart", [("family", heading.into())])),
        escaped(&words.plain("watch-chart-description")),
    );
    let right = WIDTH - RIGHT;
    for (value, label) in [
        (0.0, "1".to_owned()),
        (monitor.line_log10, level(monitor.line_log10)),
        (monitor.family_line_log10, level(monitor.family_line_log10)),
    ] {
        let at = y(value);
        let class = if value == 0.0 { "one" } else { "margin" };
        let _ = write!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{right}\" y2=\"{at:.1}\" class=\"{class}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" class=\"value end\">{label}</text>",
            LEFT - 8.0,
            at + 4.0,
        );
    }
    let mut labels: Vec<f64> = Vec::new();
    for (series, dash) in drawn.iter().zip(DASHES) {
        let path: Vec<String> = std::iter::once((0, 0.0))
            .chain(series.points.iter().map(|point| (point.vacancies, point.log10_e)))
            .map(|(vacancies, log10_e)| format!("{:.1},{:.1}", x(vacancies), y(log10_e)))
            .collect();
        let end = series.points.last().map_or(0.0, |point| point.log10_e);
        let at = free_line(y(end) + 4.0, LINE, &mut labels);
        let _ = write!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
             <line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
             <text x=\"{:.1}\" y=\"{at:.1}\" class=\"value\">{}</text>",
            path.join(" "),
            right + 8.0,
            at - 4.0,
            right + 40.0,
            at - 4.0,
            right + 46.0,
            escaped(&series_name(series)),
        );
    }
    let _ = write!(
        svg,
        "<text x=\"{LEFT}\" y=\"{:.1}\" class=\"tick\">0</text>\
         <text x=\"{right}\" y=\"{:.1}\" class=\"tick\">{most:.0} {}</text></svg>",
        HEIGHT - 20.0,
        HEIGHT - 20.0,
        escaped(&words.plain("watch-vacancies")),
    );
    svg
}
