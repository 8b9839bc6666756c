//! A glyph on a page: what it says, where it stands, and whether it can be seen.

use std::ops::Range;

use super::geometry::{Area, Point};
use super::state::Colour;

/// Why a glyph cannot be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unseen {
    /// Drawn without ink.
    NotDrawn,
    /// In the colour of what lies behind it.
    SameColour,
    /// Under a box or picture.
    Covered,
    /// Too small to read.
    Tiny,
    /// Beyond the edge of the page or of the window that it is drawn through.
    Outside,
    /// In a layer that is switched off.
    Layer,
}

impl Unseen {
    pub(super) const ALL: [Self; 6] =
        [Self::NotDrawn, Self::SameColour, Self::Covered, Self::Tiny, Self::Outside, Self::Layer];

    /// The reason as it is told.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::NotDrawn => "drawn without ink",
            Self::SameColour => "in the colour of the background",
            Self::Covered => "covered by a box or picture",
            Self::Tiny => "too small to read",
            Self::Outside => "outside the visible part of the page",
            Self::Layer => "in a hidden layer",
        }
    }
}

/// A glyph.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Bytes of the page's pool of text.
    pub(super) text: Range<usize>,
    /// The start of its baseline.
    pub(super) origin: Point,
    /// Where its line runs, of length one.
    pub(super) direction: Point,
    /// The height of its type.
    pub(super) size: f64,
    /// How far its ink reaches along the line.
    pub(super) width: f64,
    /// Space that is added after every glyph.
    pub(super) spacing: f64,
    /// How many things were painted before it.
    pub(super) order: usize,
    /// Its colour, where it is known.
    pub(super) colour: Option<Colour>,
    pub(super) bold: bool,
    pub(super) is_blank: bool,
    pub(super) unseen: Option<Unseen>,
}

impl Glyph {
    /// The end of its baseline.
    pub(super) fn end(&self) -> Point {
        self.origin.plus(self.direction, self.width)
    }

    /// The box around it, with usual ascent and descent.
    pub(super) fn area(&self) -> Area {
        let up = self.direction.turned();
        let (start, end) = (self.origin, self.end());
        [
            start.plus(up, self.size * 0.75),
            start.plus(up, self.size * -0.2),
            end.plus(up, self.size * 0.75),
            end.plus(up, self.size * -0.2),
        ]
        .into_iter()
        .fold(Area::NOTHING, Area::with)
    }
}
