//! The funnel of selection rates as a vector figure: one row a group, one column a decision. Draws; computes nothing.

use super::super::figures::percent;
use super::super::palette::{self, BAR, HIDDEN, INK, SOFT, TRACK};
use super::super::rates::{self, wrapped};
use super::super::sentences;
use super::super::words::Words;
use crate::fairness::{Audit, StageLine, View};
use crate::typeset::{Align, Colour, Figure, Run, Shape};

const LABEL_WIDTH: f32 = 140.0;
/// All columns together.
const COLUMNS_WIDTH: f32 = 340.0;
const ROW_HEIGHT: f32 = 26.0;
const BAR_HEIGHT: f32 = 8.0;
const TOP: f32 = 26.0;
const SIZE: f32 = 8.0;

/// The rates of a characteristic.
pub fn figure(view: &View, audit: &Audit, words: &Words) -> Figure {
    let columns = view.everybody.len().max(1) as f32;
    let width = COLUMNS_WIDTH / columns;
    let x = |column: usize| LABEL_WIDTH + column as f32 * width;
    let mut shapes = Vec::new();
    for (column, line) in view.everybody.iter().enumerate() {
        // Under bold letters of this size, a character is some 4.6 points wide.
        let room = (width / 4.6) as usize;
        for (part, words) in wrapped(&rates::column(line, words), room, 2).into_iter().enumerate() {
            shapes.push(palette::text(
                (x(column), 8.0 + 9.0 * part as f32),
                words,
                (SIZE, true),
                Align::Left,
                INK,
            ));
        }
    }
    let everybody = words.plain("audit-everybody");
    let all = std::iter::once((everybody.as_str(), &view.everybody, SOFT));
    let groups = view.groups.iter().map(|group| (group.label.as_str(), &group.stages, BAR));
    let mut said = Vec::new();
    for (place, (label, lines, colour)) in all.chain(groups).enumerate() {
        let y = TOP + ROW_HEIGHT * place as f32;
        for (part, line) in wrapped(label, 32, 3).into_iter().enumerate() {
            shapes.push(palette::text(
                (0.0, y + 8.0 + 9.0 * part as f32),
                line,
                (SIZE, place == 0),
                Align::Left,
                INK,
            ));
        }
        for (column, line) in lines.iter().enumerate() {
            let rate = view.everybody.get(column).and_then(|line| line.rate);
            let at = (x(column), y);
            let value = bar(&mut shapes, line, at, width * 0.82, rate, colour, words);
            let stretch = sentences::stretch(&line.stretch, words);
            let fills = [("name", format!("{label}, {stretch}").into()), ("value", value.into())];
            said.push(words.say("audit-share-and-value", fills));
        }
    }
    let rows = view.groups.len() as f32 + 1.0;
    let minimum = [("minimum", audit.method.minimum.into())];
    Figure {
        size: (LABEL_WIDTH + COLUMNS_WIDTH, TOP + ROW_HEIGHT * rows + 2.0),
        shapes,
        alternative: said.join(". "),
        caption: vec![Run::plain(words.say("audit-how-selection-note", minimum))],
    }
}

/// One bar with its value; the value is given back for readers who do not see it.
fn bar(
    shapes: &mut Vec<Shape>,
    line: &StageLine,
    (x, y): (f32, f32),
    width: f32,
    everybody: Option<f64>,
    colour: Colour,
    words: &Words,
) -> String {
    let rectangle = |width: f32, colour: Colour| Shape::Rectangle {
        at: (x, y + 1.0),
        size: (width, BAR_HEIGHT),
        radius: 0.0,
        colour,
    };
    shapes.push(rectangle(width, TRACK));
    let value = match (line.rate, line.hidden) {
        (Some(rate), _) => {
            if rate > 0.0 {
                shapes.push(rectangle(width * rate as f32, colour));
            }
            percent(rate)
        }
        (None, true) => {
            // Slanted strokes, so that hidden is not taken for none.
            let mut from = 0.0;
            while from + BAR_HEIGHT <= width {
                let (left, right) = (x + from, x + from + BAR_HEIGHT);
                let (low, high) = (y + 1.0 + BAR_HEIGHT, y + 1.0);
                shapes.push(palette::line((left, low), (right, high), 0.8, HIDDEN, false));
                from += 5.0;
            }
            words.plain("audit-hidden")
        }
        (None, false) => words.plain("audit-nobody"),
    };
    if let Some(rate) = everybody {
        let at = x + width * rate as f32;
        shapes.push(palette::line((at, y - 1.0), (at, y + BAR_HEIGHT + 2.0), 1.2, INK, false));
    }
    shapes.push(palette::text(
        (x, y + BAR_HEIGHT + 11.0),
        value.clone(),
        (SIZE, false),
        Align::Left,
        SOFT,
    ));
    value
}
