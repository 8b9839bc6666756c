//! The chart of ratios: one row a comparison, mark and interval on a logarithmic axis, what could not have been seen
//! shaded. Draws; computes nothing.

use std::fmt::Write as _;

use super::figures::ratio_and_interval;
use super::rates::{escaped, wrapped};
use super::scale::{self, HIGHEST, LOWEST, TICKS};
use super::sentences;
use super::words::Words;
use crate::fairness::{Finding, Verdict};

const LABEL_WIDTH: f64 = 250.0;
const PLOT_WIDTH: f64 = 400.0;
const TEXT_WIDTH: f64 = 280.0;
const ROW_HEIGHT: f64 = 40.0;
const TOP: f64 = 30.0;

/// The comparisons of one decision as SVG.
pub fn chart(
    findings: &[&Finding],
    title: &str,
    description: &str,
    id: &str,
    words: &Words,
) -> String {
    let width = LABEL_WIDTH + PLOT_WIDTH + TEXT_WIDTH;
    let bottom = TOP + ROW_HEIGHT * findings.len() as f64;
    let height = bottom + 44.0;
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
        escaped(title),
        escaped(description)
    );
    axis(&mut svg, bottom, words);
    for (place, finding) in findings.iter().enumerate() {
        row(&mut svg, finding, TOP + ROW_HEIGHT * place as f64, words);
    }
    svg.push_str("</svg>");
    svg
}

fn place(value: f64) -> f64 {
    LABEL_WIDTH + PLOT_WIDTH * scale::share(value)
}

fn axis(svg: &mut String, bottom: f64, words: &Words) {
    for tick in TICKS {
        let x = place(tick);
        let class = match scale::line(tick) {
            scale::Line::One => "one",
            scale::Line::Margin => "margin",
            scale::Line::Grid => "grid",
        };
        let _ = write!(
            svg,
            "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\" class=\"{class}\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" class=\"tick\">{tick}</text>",
            TOP - 4.0,
            bottom + 17.0
        );
    }
    let (left, right, y) = (place(LOWEST), place(HIGHEST), bottom + 36.0);
    let _ = write!(
        svg,
        "<text x=\"{left:.1}\" y=\"{y:.1}\" class=\"value\">\u{2190} {}</text>\
         <text x=\"{right:.1}\" y=\"{y:.1}\" class=\"value end\">{} \u{2192}</text>\
         <text x=\"{:.1}\" y=\"18\" class=\"head\">{}</text>",
        escaped(&words.plain("audit-chart-less")),
        escaped(&words.plain("audit-chart-more")),
        LABEL_WIDTH + PLOT_WIDTH + 16.0,
        escaped(&words.plain("audit-chart-verdict")),
    );
}

fn row(svg: &mut String, finding: &Finding, y: f64, words: &Words) {
    let middle = y + ROW_HEIGHT / 2.0;
    for (part, text) in wrapped(&finding.group_label, 34, 2).iter().enumerate() {
        let lines = wrapped(&finding.group_label, 34, 2).len() as f64;
        let y = middle + 5.0 + 15.0 * (part as f64 - (lines - 1.0) / 2.0);
        let _ = write!(svg, "<text x=\"0\" y=\"{y:.1}\" class=\"label\">{}</text>", escaped(text));
    }
    shade(svg, finding, y);
    let text = match &finding.numbers {
        Some(numbers) => {
            let (low, high) = (numbers.ratio_low.unwrap_or(0.0), numbers.ratio_high);
            interval(svg, low, high, middle);
            if let Some(value) = numbers.ratio {
                mark(svg, finding.verdict, place(value), middle);
            }
            ratio_and_interval(numbers.ratio, (Some(low), high), words)
        }
        None if finding.hidden => words.plain("audit-hidden"),
        None => "\u{2013}".to_owned(),
    };
    let x = LABEL_WIDTH + PLOT_WIDTH + 16.0;
    let class = if finding.verdict == Verdict::Gap { "label strong" } else { "label" };
    let _ = write!(
        svg,
        "<text x=\"{x:.1}\" y=\"{:.1}\" class=\"{class}\">{}</text>\
         <text x=\"{x:.1}\" y=\"{:.1}\" class=\"value\">{}</text>",
        middle - 2.0,
        escaped(&sentences::verdict(finding.verdict, words)),
        middle + 14.0,
        escaped(&text)
    );
}

/// From the smallest ratio that would usually have been seen up to 1: differences in there go unnoticed.
fn shade(svg: &mut String, finding: &Finding, y: f64) {
    let Some(from) = scale::unseen_from(finding).map(place) else { return };
    let _ = write!(
        svg,
        "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" class=\"unseen\"/>",
        y + 6.0,
        place(1.0) - from,
        ROW_HEIGHT - 12.0
    );
}

fn interval(svg: &mut String, low: f64, high: Option<f64>, y: f64) {
    let (left, right) = (place(low.max(LOWEST)), place(high.unwrap_or(f64::MAX)));
    let _ = write!(
        svg,
        "<line x1=\"{left:.1}\" y1=\"{y:.1}\" x2=\"{right:.1}\" y2=\"{y:.1}\" class=\"whisker\"/>"
    );
    let mut end = |x: f64, beyond: bool, sign: f64| {
        let path = if beyond {
            format!(
                "M{:.1} {:.1} L{x:.1} {y:.1} L{:.1} {:.1}",
                x - 7.0 * sign,
                y - 5.0,
                x - 7.0 * sign,
                y + 5.0
            )
        } else {
            format!("M{x:.1} {:.1} L{x:.1} {:.1}", y - 5.0, y + 5.0)
        };
        let _ = write!(svg, "<path d=\"{path}\" class=\"whisker\"/>");
    };
    end(left, low < LOWEST, -1.0);
    end(right, high.is_none_or(|high| high > HIGHEST), 1.0);
}

/// The shape says the verdict, so that no colour is needed: a filled diamond for a gap, a filled circle for ruled
/// out, an open circle for cannot tell.
fn mark(svg: &mut String, verdict: Verdict, x: f64, y: f64) {
    let _ = match verdict {
        Verdict::Gap => write!(
            svg,
            "<path d=\"M{:.1} {y:.1} L{x:.1} {:.1} L{:.1} {y:.1} L{x:.1} {:.1} Z\" class=\"gap\"/>",
            x - 9.0,
            y - 9.0,
            x + 9.0,
            y + 9.0
        ),
        Verdict::RuledOut => {
            write!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" class=\"ruled-out\"/>")
        }
        _ => write!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" class=\"cannot-tell\"/>"),
    };
}
