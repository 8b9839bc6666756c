//! The chart of ratios as a vector figure: mark and interval on a logarithmic axis, what could not have been seen
//! shaded, the verdict in shape and words. Draws; computes nothing.

use super::super::figures::ratio_and_interval;
use super::super::palette::{DARK, GRID, INK, PAPER, RED, SOFT, UNSEEN, line, text};
use super::super::rates::wrapped;
use super::super::scale::{self, HIGHEST, LOWEST, TICKS};
use super::super::sentences;
use super::super::words::Words;
use crate::fairness::{Audit, Finding, Verdict};
use crate::typeset::{Align, Figure, Run, Shape};

const LABEL_WIDTH: f32 = 150.0;
const PLOT_WIDTH: f32 = 200.0;
const TEXT_WIDTH: f32 = 130.0;
const ROW_HEIGHT: f32 = 26.0;
const TOP: f32 = 8.0;
const SIZE: f32 = 8.5;
const PLAIN: (f32, bool) = (SIZE, false);

/// The comparisons of one decision.
pub fn figure(findings: &[&Finding], audit: &Audit, words: &Words) -> Figure {
    let bottom = TOP + ROW_HEIGHT * findings.len() as f32;
    let mut shapes = Vec::new();
    for (number, finding) in findings.iter().enumerate() {
        shade(&mut shapes, finding, TOP + ROW_HEIGHT * number as f32);
    }
    axis(&mut shapes, bottom, words);
    for (number, finding) in findings.iter().enumerate() {
        row(&mut shapes, finding, TOP + ROW_HEIGHT * number as f32, words);
    }
    let alternative: Vec<String> =
        findings.iter().map(|finding| sentences::finding(finding, audit, words)).collect();
    Figure {
        size: (LABEL_WIDTH + PLOT_WIDTH + TEXT_WIDTH, bottom + 32.0),
        shapes,
        alternative: alternative.join(" "),
        caption: vec![Run::plain(words.plain("audit-chart-caption"))],
    }
}

fn place(value: f64) -> f32 {
    LABEL_WIDTH + PLOT_WIDTH * scale::share(value) as f32
}

fn axis(shapes: &mut Vec<Shape>, bottom: f32, words: &Words) {
    for tick in TICKS {
        let x = place(tick);
        let (width, colour, dashed) = match scale::line(tick) {
            scale::Line::One => (1.0, INK, false),
            scale::Line::Margin => (0.8, SOFT, true),
            scale::Line::Grid => (0.6, GRID, false),
        };
        shapes.push(line((x, TOP - 4.0), (x, bottom), width, colour, dashed));
        let label = tick.to_string();
        // Figures are about half as wide as they are high; the label stands in the middle under its line.
        let half = label.len() as f32 * SIZE * 0.27;
        shapes.push(text((x - half, bottom + 11.0), label, PLAIN, Align::Left, SOFT));
    }
    let y = bottom + 25.0;
    let less = format!("\u{2190} {}", words.plain("audit-chart-less"));
    let more = format!("{} \u{2192}", words.plain("audit-chart-more"));
    shapes.push(text((place(LOWEST), y), less, PLAIN, Align::Left, SOFT));
    shapes.push(text((place(HIGHEST), y), more, PLAIN, Align::Right, SOFT));
}

/// From the smallest ratio that would usually have been seen up to 1: differences in there go unnoticed.
fn shade(shapes: &mut Vec<Shape>, finding: &Finding, y: f32) {
    let Some(from) = scale::unseen_from(finding).map(place) else { return };
    shapes.push(Shape::Rectangle {
        at: (from, y + 4.0),
        size: (place(1.0) - from, ROW_HEIGHT - 8.0),
        radius: 0.0,
        colour: UNSEEN,
    });
}

fn row(shapes: &mut Vec<Shape>, finding: &Finding, y: f32, words: &Words) {
    let middle = y + ROW_HEIGHT / 2.0;
    let label = wrapped(&finding.group_label, 32, 2);
    for (part, words) in label.iter().enumerate() {
        let y = middle + 3.0 + 10.0 * (part as f32 - (label.len() as f32 - 1.0) / 2.0);
        shapes.push(text((0.0, y), words.clone(), PLAIN, Align::Left, INK));
    }
    let value = match &finding.numbers {
        Some(numbers) => {
            let (low, high) = (numbers.ratio_low.unwrap_or(0.0), numbers.ratio_high);
            interval(shapes, low, high, middle);
            if let Some(value) = numbers.ratio {
                mark(shapes, finding.verdict, place(value), middle);
            }
            ratio_and_interval(numbers.ratio, (Some(low), high), words)
        }
        None if finding.hidden => words.plain("audit-hidden"),
        None => "\u{2013}".to_owned(),
    };
    let x = LABEL_WIDTH + PLOT_WIDTH + 12.0;
    let verdict = sentences::verdict(finding.verdict, words);
    let is_gap = finding.verdict == Verdict::Gap;
    shapes.push(text((x, middle - 2.0), verdict, (SIZE, is_gap), Align::Left, INK));
    shapes.push(text((x, middle + 8.5), value, PLAIN, Align::Left, SOFT));
}

fn interval(shapes: &mut Vec<Shape>, low: f64, high: Option<f64>, y: f32) {
    let (left, right) = (place(low.max(LOWEST)), place(high.unwrap_or(f64::MAX)));
    shapes.push(line((left, y), (right, y), 1.4, INK, false));
    let mut end = |x: f32, beyond: bool, sign: f32| {
        if beyond {
            shapes.push(line((x - 4.0 * sign, y - 3.0), (x, y), 1.4, INK, false));
            shapes.push(line((x - 4.0 * sign, y + 3.0), (x, y), 1.4, INK, false));
        } else {
            shapes.push(line((x, y - 3.0), (x, y + 3.0), 1.4, INK, false));
        }
    };
    end(left, low < LOWEST, -1.0);
    end(right, high.is_none_or(|high| high > HIGHEST), 1.0);
}

/// A filled diamond for a gap, a filled circle for ruled out, an open circle for cannot tell.
fn mark(shapes: &mut Vec<Shape>, verdict: Verdict, x: f32, y: f32) {
    match verdict {
        Verdict::Gap => shapes.push(Shape::Polygon {
            points: vec![(x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)],
            colour: RED,
        }),
        Verdict::RuledOut => {
            shapes.push(Shape::Circle { at: (x, y), radius: 4.0, colour: DARK });
        }
        _ => {
            shapes.push(Shape::Circle { at: (x, y), radius: 4.2, colour: INK });
            shapes.push(Shape::Circle { at: (x, y), radius: 2.8, colour: PAPER });
        }
    }
}
