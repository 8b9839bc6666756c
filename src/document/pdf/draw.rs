//! What a content stream draws beside text: paths and pictures, kept as areas.

use super::content::Runner;
use super::dots;
use super::geometry::{Area, Point};
use super::paint::{self, Paint};
use super::path::Filling;
use super::ruling::{self, Ruling};
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

    /// Keeps what is seen of lines along the sides of the page.
    fn rule(&mut self, lines: impl IntoIterator<Item = Ruling>) {
        if self.marks.is_hidden() {
            return;
        }
        let room = (ruling::MOST + 1).saturating_sub(self.shown.rulings.len());
        let clip = self.state.clip;
        let seen = lines.into_iter().filter_map(|line| line.clipped_to(clip));
        self.shown.rulings.extend(seen.take(room));
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
                let (right, top) = (x + width, y + height);
                let corners = [(x, y), (&right, y), (&right, &top), (x, &top)];
                self.path.rectangle(corners.map(|(x, y)| place(x, y)));
            }
            (b"h", _) => self.path.close(),
            _ => {}
        }
    }

    pub(super) fn finish_path(&mut self, operator: &[u8]) {
        let mut path = std::mem::take(&mut self.path);
        self.shown.strokes += path.segments();
        if matches!(operator, b"s" | b"b" | b"b*") {
            path.close();
        }
        if matches!(operator, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*") {
            self.rule(path.sides());
        }
        let filling = match operator {
            b"f" | b"F" | b"B" | b"b" => Some(Filling::ByDirection),
            b"f*" | b"B*" | b"b*" => Some(Filling::EvenOdd),
            _ => None,
        };
        if let Some(filling) = filling {
            let filled = path.filled(filling);
            self.rule(filled.iter().filter_map(|area| Ruling::along(*area)));
            for area in filled {
                if dots::may_be(area) && !self.marks.is_hidden() && self.shown.dots.len() < 1_000 {
                    self.shown.dots.push(area);
                }
                self.paint(area, self.state.fill, false);
            }
        } else if matches!(operator, b"S" | b"s") && self.state.line_width > 4.0 {
            // A thick line is a bar.
            for area in path.areas() {
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
