//! The colours of drawn charts, and the lines and letters that they are drawn with: one place, so that all print alike.
//! Knows no chart.

use crate::typeset::{Align, Colour, Shape};

/// Letters and axes.
pub const INK: Colour = Colour(11, 12, 12);
/// What stands back: notes, everybody together.
pub const SOFT: Colour = Colour(80, 90, 95);
/// Lines of a grid.
pub const GRID: Colour = Colour(222, 224, 226);
/// The whole length of a bar.
pub const TRACK: Colour = Colour(236, 238, 240);
/// A group's bar.
pub const BAR: Colour = Colour(29, 112, 184);
/// Differences that could not have been seen.
pub const UNSEEN: Colour = Colour(226, 229, 232);
/// Counts that are not shown.
pub const HIDDEN: Colour = Colour(170, 176, 182);
/// A gap.
pub const RED: Colour = Colour(177, 14, 30);
/// Any other ratio.
pub const DARK: Colour = Colour(0, 48, 120);
/// The page.
pub const PAPER: Colour = Colour(255, 255, 255);

/// Letters of one size and colour.
pub fn text(
    at: (f32, f32),
    text: impl Into<String>,
    (size, bold): (f32, bool),
    align: Align,
    colour: Colour,
) -> Shape {
    Shape::Text { at, text: text.into(), size, bold, align, colour }
}

/// A straight line.
pub fn line(from: (f32, f32), to: (f32, f32), width: f32, colour: Colour, dashed: bool) -> Shape {
    Shape::Line { from, to, width, colour, dashed }
}
