//! What a content stream draws beside text: paths and pictures, kept as areas.

use super::content::Runner;
use super::geometry::{Area, Point};
use super::paint::{self, Paint};
use super::state;

impl Runner<'_, '_> {
    pub(super) fn paint(&mut self, area: Area, colour: Option<state::Colour>, image: bool) {
        if self.marks.is_hidden() {
            return;
        }
        let opaque = (colour.is_some() || image) && self.state.is_opaque();
        // What lets the page through leaves its look open.
        let colour = colour.filter(|_| opaque);
        let area = area.clipped_to(self.state.clip);
        paint::push(&mut self.shown.paints, Paint { area, colour, opaque, image });
    }

    pub(super) fn paint_image(&mut self, whole: bool) {
        let unit = Area { left: 0.0, bottom: 0.0, right: 1.0, top: 1.0 };
        let area = self.state.place.apply_to_box(unit);
        let blends = self.state.blends;
        self.state.blends |= !whole;
        self.paint(area, None, true);
        self.state.blends = blends;
    }

    pub(super) fn build(&mut self, operator: &[u8], numbers: &[f64]) {
        let place = |x: &f64, y: &f64| self.state.place.apply(Point { x: *x, y: *y });
        match (operator, numbers) {
            (b"m", [x, y]) => self.path.start(place(x, y)),
            (b"l", [x, y]) => self.path.point(place(x, y)),
            (b"c", [a, b, c, d, x, y]) => {
                for point in [place(a, b), place(c, d), place(x, y)] {
                    self.path.point(point);
                }
            }
            (b"v" | b"y", [a, b, x, y]) => {
                for point in [place(a, b), place(x, y)] {
                    self.path.point(point);
                }
            }
            (b"re", [x, y, width, height]) => {
                let area = Area::from_numbers(&[*x, *y, x + width, y + height]);
                if let Some(area) = area {
                    self.path.rectangle(self.state.place.apply_to_box(area));
                }
            }
            _ => {}
        }
    }

    pub(super) fn finish_path(&mut self, operator: &[u8]) {
        let mut path = std::mem::take(&mut self.path);
        self.shown.strokes += path.segments();
        if matches!(operator, b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*") {
            for area in path.areas().to_vec() {
                self.paint(area, self.state.fill, false);
            }
        } else if matches!(operator, b"S" | b"s") && self.state.line_width > 4.0 {
            // A thick line is a bar.
            for area in path.areas().to_vec() {
                if area.width().min(area.height()) < 1.0 {
                    let bar = paint::stroked(area, self.state.line_width, self.state.place);
                    self.paint(bar, self.state.line, false);
                }
            }
        }
        if std::mem::take(&mut self.clips)
            && let Some(bounds) = path.bounds()
        {
            self.state.clip = self.state.clip.clipped_to(bounds);
        }
    }
}
