//! The chart of ratios: one row a comparison, mark and interval on a logarithmic axis, what could not have been seen
//! shaded. Draws; computes nothing.

use std::fmt::Write as _;

use super::figures::{limit, ratio};
use super::rates::{escaped, wrapped};
use crate::fairness::{Finding, Verdict};

const LABEL_WIDTH: f64 = 250.0;
const PLOT_WIDTH: f64 = 400.0;
const TEXT_WIDTH: f64 = 280.0;
const ROW_HEIGHT: f64 = 40.0;
const TOP: f64 = 30.0;

/// The axis: wide enough for what is usually seen; what lies beyond is drawn with an arrow.
const LOWEST: f64 = 0.2;
const HIGHEST: f64 = 5.0;
const TICKS: [f64; 7] = [0.2, 0.4, 0.6, 0.8, 1.0, 2.0, 5.0];

/// The comparisons of one decision as SVG; `label` says in words what each verdict is called.
pub fn chart(
    findings: &[&Finding],
    title: &str,
    description: &str,
    id: &str,
    label: impl Fn(Verdict) -> String,
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
    axis(&mut svg, bottom);
    for (place, finding) in findings.iter().enumerate() {
        row(&mut svg, finding, TOP + ROW_HEIGHT * place as f64, &label(finding.verdict));
    }
    svg.push_str("</svg>");
    svg
}

fn place(value: f64) -> f64 {
    let share = (value / LOWEST).ln() / (HIGHEST / LOWEST).ln();
    LABEL_WIDTH + PLOT_WIDTH * share.clamp(0.0, 1.0)
}

fn axis(svg: &mut String, bottom: f64) {
    for tick in TICKS {
        let x = place(tick);
        let class = if tick == 1.0 {
            "one"
        } else if tick == 0.8 {
            "margin"
        } else {
            "grid"
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
        "<text x=\"{left:.1}\" y=\"{y:.1}\" class=\"value\">\u{2190} selected less often</text>\
         <text x=\"{right:.1}\" y=\"{y:.1}\" class=\"value end\">selected more often \u{2192}</text>\
         <text x=\"{:.1}\" y=\"18\" class=\"head\">Ratio (interval), verdict</text>",
        LABEL_WIDTH + PLOT_WIDTH + 16.0
    );
}

fn row(svg: &mut String, finding: &Finding, y: f64, verdict: &str) {
    let middle = y + ROW_HEIGHT / 2.0;
    for (part, text) in wrapped(&finding.group_label, 34).iter().enumerate() {
        let lines = wrapped(&finding.group_label, 34).len() as f64;
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
            let value = numbers.ratio.map_or_else(|| "\u{2013}".to_owned(), ratio);
            format!("{value} ({} to {})", limit(Some(low)), limit(high))
        }
        None if finding.hidden => "hidden".to_owned(),
        None => "\u{2013}".to_owned(),
    };
    let x = LABEL_WIDTH + PLOT_WIDTH + 16.0;
    let class = if finding.verdict == Verdict::Gap { "label strong" } else { "label" };
    let _ = write!(
        svg,
        "<text x=\"{x:.1}\" y=\"{:.1}\" class=\"{class}\">{}</text>\
         <text x=\"{x:.1}\" y=\"{:.1}\" class=\"value\">{}</text>",
        middle - 2.0,
        escaped(verdict),
        middle + 14.0,
        escaped(&text)
    );
}

/// From the smallest ratio that would usually have been seen up to 1: differences in there go unnoticed.
fn shade(svg: &mut String, finding: &Finding, y: f64) {
    if finding.verdict == Verdict::NotAssessed {
        return;
    }
    let from = place(finding.detectable_ratio.unwrap_or(LOWEST));
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
