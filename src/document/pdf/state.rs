//! The graphics state, as far as reading text needs it: where, in which font, in which colour, how visible.

use std::rc::Rc;

use lopdf::{Dictionary, Object};

use super::file::File;
use super::font::Font;
use super::geometry::{Area, Matrix};

/// Red, green, blue from 0 to 1.
pub(super) type Colour = [f64; 3];

/// Black.
pub(super) const BLACK: Colour = [0.0, 0.0, 0.0];

/// How colours of the current space are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColourSpace {
    /// One, three or four numbers in the usual order.
    Plain,
    /// Something whose look is not worked out: patterns, inks, tables.
    Other,
}

/// What `q` keeps and `Q` brings back.
#[derive(Clone)]
pub(super) struct State<'a> {
    pub(super) place: Matrix,
    pub(super) clip: Area,
    /// The colour of fills, where it is known.
    pub(super) fill: Option<Colour>,
    pub(super) space: ColourSpace,
    /// The colour of lines, where it is known.
    pub(super) line: Option<Colour>,
    pub(super) line_width: f64,
    /// Whether fills let nothing through.
    pub(super) opacity: f64,
    pub(super) blends: bool,
    pub(super) font: Option<Rc<Font<'a>>>,
    pub(super) size: f64,
    pub(super) character_spacing: f64,
    pub(super) word_spacing: f64,
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: u8,
}

impl State<'_> {
    pub(super) fn new(place: Matrix, clip: Area) -> Self {
        Self {
            place,
            clip,
            fill: Some(BLACK),
            space: ColourSpace::Plain,
            line: Some(BLACK),
            line_width: 1.0,
            opacity: 1.0,
            blends: false,
            font: None,
            size: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }

    /// Whether what is painted hides what lies under it.
    pub(super) fn is_opaque(&self) -> bool {
        self.opacity > 0.9 && !self.blends
    }

    /// Takes a dictionary of settings (`gs`), except for its font.
    pub(super) fn apply(&mut self, file: &File, settings: &Dictionary) {
        if let Some(opacity) = file.get_number(settings, b"ca") {
            self.opacity = opacity;
        }
        if let Some(width) = file.get_number(settings, b"LW") {
            self.line_width = width;
        }
        let mode = match file.get(settings, b"BM") {
            Some(Object::Array(modes)) => modes.first().map(|mode| file.resolve(mode)),
            other => other,
        };
        if let Some(Object::Name(mode)) = mode {
            self.blends = !matches!(mode.as_slice(), b"Normal" | b"Compatible");
        }
        match file.get(settings, b"SMask") {
            Some(Object::Dictionary(_)) => self.blends = true,
            Some(Object::Name(_)) if !settings.has(b"BM") => self.blends = false,
            _ => {}
        }
    }
}

/// The colour of one, three or four numbers.
pub(super) fn colour(numbers: &[f64]) -> Option<Colour> {
    let within = |number: f64| number.clamp(0.0, 1.0);
    match *numbers {
        [grey] => Some([within(grey); 3]),
        [red, green, blue] => Some([within(red), within(green), within(blue)]),
        [cyan, magenta, yellow, black] => {
            Some([cyan, magenta, yellow].map(|ink| 1.0 - within(ink + black)))
        }
        _ => None,
    }
}

/// How colours of a named space are written, and its first colour.
pub(super) fn colour_space(
    file: &File,
    resources: Option<&Dictionary>,
    name: &[u8],
) -> (ColourSpace, Option<Colour>) {
    let plain = |name: &[u8]| {
        matches!(
            name,
            b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"CalGray" | b"CalRGB" | b"ICCBased"
        )
    };
    let is_plain = plain(name)
        || resources
            .and_then(|resources| file.get_dictionary(resources, b"ColorSpace"))
            .and_then(|spaces| file.get(spaces, name))
            .and_then(|space| match space {
                Object::Array(members) => file.resolve(members.first()?).as_name().ok(),
                Object::Name(name) => Some(name.as_slice()),
                _ => None,
            })
            .is_some_and(plain);
    if is_plain { (ColourSpace::Plain, Some(BLACK)) } else { (ColourSpace::Other, None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_by_how_many_numbers_they_have() {
        assert_eq!(colour(&[1.0]), Some([1.0; 3]));
        assert_eq!(colour(&[0.0, 0.0, 0.0, 1.0]), Some(BLACK));
        assert_eq!(colour(&[0.0, 0.0, 0.0, 0.0]), Some([1.0; 3]));
        assert_eq!(colour(&[0.1, 0.2]), None);
    }
}
