//! Ratios period by period as a drawing for page and paper: one line a group with its intervals, told apart by mark and
//! label, not by colour. Draws; computes nothing.

use super::factors;
use super::labels::free_line;
use super::palette::{GRID, INK, PAPER, SOFT, line, text};
use super::scale::{self, HIGHEST, LOWEST, TICKS};
use super::words::Words;
use crate::fairness::{AcrossLevels, AtLevel, Audit, FactorLevels, StretchLabel};
use crate::report::sentences;
use crate::typeset::{Align, Colour, Figure, Run, Shape};

const LEFT: f32 = 34.0;
const WIDTH: f32 = 330.0;
const HEIGHT: f32 = 150.0;
const TOP: f32 = 10.0;
const LABELS: f32 = 116.0;
const SIZE: f32 = 8.0;
const PLAIN: (f32, bool) = (SIZE, false);
/// More lines cannot be told apart in black and white.
const MOST_DRAWN: usize = 4;

/// One chart: what it shows, and the drawing.
pub struct Chart {
    /// The characteristic and the decision.
    pub title: String,
    /// The drawing.
    pub figure: Figure,
}

/// One chart for each characteristic and decision with a group that has two periods to show.
pub fn charts(factor: &FactorLevels, audit: &Audit, words: &Words) -> Vec<Chart> {
    let mut keys: Vec<(&str, &StretchLabel)> = Vec::new();
    for compared in &factor.compared {
        let key = (compared.characteristic_label.as_str(), &compared.stretch);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.into_iter()
        .filter_map(|(characteristic, stretch)| {
            let mut lines: Vec<&AcrossLevels> = factor
                .compared
                .iter()
                .filter(|one| one.characteristic_label == characteristic && one.stretch == *stretch)
                .filter(|one| shown(one) > 1)
                .collect();
            let all = lines.len();
            lines.sort_by_key(|one| std::cmp::Reverse(shown(one)));
            lines.truncate(MOST_DRAWN);
            (!lines.is_empty()).then(|| {
                let title = words.say(
                    "audit-time-chart",
                    [
                        ("characteristic", characteristic.into()),
                        ("stretch", sentences::stretch(stretch, words).into()),
                        ("unit", factors::unit(factor, words).into()),
                    ],
                );
                let sentences =
                    lines.iter().map(|one| factors::sentence(factor, one, audit, words));
                let mut caption = title.clone();
                if all > lines.len() {
                    let drawn = [("drawn", lines.len().into())];
                    caption = format!("{caption}. {}", words.say("audit-time-more", drawn));
                }
                let figure = Figure {
                    size: (LEFT + WIDTH + LABELS, TOP + HEIGHT + 22.0),
                    shapes: shapes(factor, &lines),
                    alternative: sentences.collect::<Vec<_>>().join(" "),
                    caption: vec![Run::plain(caption)],
                };
                Chart { title, figure }
            })
        })
        .collect()
}

/// Periods of a comparison with a ratio to draw.
fn shown(compared: &AcrossLevels) -> usize {
    compared.at.iter().filter(|at| at.ratio.is_some()).count()
}

fn y(ratio: f64) -> f32 {
    TOP + HEIGHT * (1.0 - scale::share(ratio) as f32)
}

fn shapes(factor: &FactorLevels, lines: &[&AcrossLevels]) -> Vec<Shape> {
    let mut shapes = Vec::new();
    axis(&mut shapes, factor);
    let count = factor.levels.len().max(1) as f32;
    let mut labels: Vec<f64> = Vec::new();
    for (number, compared) in lines.iter().enumerate() {
        // Intervals of one period stand side by side.
        let aside = (number as f32 - (lines.len() as f32 - 1.0) / 2.0) * 7.0;
        let x = |place: usize| LEFT + WIDTH * (place as f32 + 0.5) / count + aside;
        let points: Vec<(usize, &AtLevel, f64)> = compared
            .at
            .iter()
            .enumerate()
            .filter_map(|(place, at)| Some((place, at, at.ratio?)))
            .collect();
        for pair in points.windows(2) {
            let [(from, _, first), (to, _, second)] = pair else { continue };
            let (from, to) = ((x(*from), y(*first)), (x(*to), y(*second)));
            shapes.push(line(from, to, 0.9, SOFT, number % 2 == 1));
        }
        for (place, at, ratio) in &points {
            whisker(&mut shapes, x(*place), at);
            mark(&mut shapes, number, (x(*place), y(*ratio)));
        }
        let Some((.., last)) = points.last() else { continue };
        let at = free_line(f64::from(y(*last)), 10.0, &mut labels) as f32;
        let start = LEFT + WIDTH + 8.0;
        mark(&mut shapes, number, (start, at));
        let label: String = compared.group_label.chars().take(26).collect();
        shapes.push(text((start + 7.0, at + 2.8), label, PLAIN, Align::Left, INK));
    }
    shapes
}

fn axis(shapes: &mut Vec<Shape>, factor: &FactorLevels) {
    for tick in TICKS {
        let at = y(tick);
        let (width, colour, dashed) = match scale::line(tick) {
            scale::Line::One => (1.0, INK, false),
            scale::Line::Margin => (0.7, SOFT, true),
            scale::Line::Grid => (0.6, GRID, false),
        };
        shapes.push(line((LEFT, at), (LEFT + WIDTH, at), width, colour, dashed));
        shapes.push(text((LEFT - 5.0, at + 2.8), tick.to_string(), PLAIN, Align::Right, SOFT));
    }
    let count = factor.levels.len().max(1) as f32;
    // Labels stand under every period that has room for one.
    let every = (count / 9.0).ceil().max(1.0) as usize;
    for (place, level) in factor.levels.iter().enumerate().step_by(every) {
        let middle = LEFT + WIDTH * (place as f32 + 0.5) / count;
        let half = level.name.len() as f32 * SIZE * 0.27;
        let at = (middle - half, TOP + HEIGHT + 13.0);
        shapes.push(text(at, level.name.clone(), PLAIN, Align::Left, SOFT));
    }
}

fn whisker(shapes: &mut Vec<Shape>, x: f32, at: &AtLevel) {
    let low = y(at.ratio_low.unwrap_or(LOWEST).max(LOWEST));
    let high = y(at.ratio_high.unwrap_or(HIGHEST).min(HIGHEST));
    shapes.push(line((x, low), (x, high), 1.1, INK, false));
}

/// Filled circle, open circle, filled square, open square.
fn mark(shapes: &mut Vec<Shape>, number: usize, (x, y): (f32, f32)) {
    let square = |half: f32, colour: Colour| Shape::Rectangle {
        at: (x - half, y - half),
        size: (2.0 * half, 2.0 * half),
        radius: 0.0,
        colour,
    };
    let circle = |radius: f32, colour: Colour| Shape::Circle { at: (x, y), radius, colour };
    match number {
        0 => shapes.push(circle(3.2, INK)),
        1 => shapes.extend([circle(3.4, INK), circle(2.3, PAPER)]),
        2 => shapes.push(square(3.0, INK)),
        _ => shapes.extend([square(3.2, INK), square(2.1, PAPER)]),
    }
}
