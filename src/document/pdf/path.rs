//! A path while it is built: the boxes around its parts, and which of them are filled. Knows no colours.

use super::geometry::{Area, Point};
use super::ruling::Ruling;

/// Parts of one path, and points of one part.
const MOST: usize = 2_000;
/// Paths of more parts are drawings, whose holes do not matter.
const MOST_WITH_HOLES: usize = 64;

/// The path that is being built.
#[derive(Debug, Default)]
pub(super) struct Path {
    parts: Vec<Part>,
    /// Its straight pieces along the sides of the page.
    sides: Vec<Ruling>,
    other: Vec<Point>,
    segments: usize,
}

/// The box around a part, and which way round it was drawn.
#[derive(Debug, Clone, Copy)]
struct Part {
    area: Area,
    leftwards: bool,
}

/// Which parts within parts are inked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// Unless as many around them run one way as the other.
    ByDirection,
    /// Every second one.
    EvenOdd,
}

impl Path {
    /// Adds a rectangle by its corners, in order.
    pub(super) fn rectangle(&mut self, corners: [Point; 4]) {
        self.segments += 1;
        self.add(&corners);
        let [first, .., last] = corners;
        self.run(&[last, first]);
    }

    pub(super) fn start(&mut self, point: Point) {
        self.finish_part();
        self.point(point);
    }

    pub(super) fn point(&mut self, point: Point) {
        self.segments += 1;
        if self.other.len() < MOST {
            self.other.push(point);
        }
    }

    /// Goes back to where the current part began.
    pub(super) fn close(&mut self) {
        if let Some(first) = self.other.first().copied().filter(|_| self.other.len() < MOST) {
            self.other.push(first);
        }
    }

    /// The straight pieces of it that run along the sides of the page.
    pub(super) fn sides(&mut self) -> Vec<Ruling> {
        self.finish_part();
        std::mem::take(&mut self.sides)
    }

    pub(super) fn segments(&self) -> usize {
        self.segments
    }

    /// Ends a part of the path: it counts as the box around it.
    fn finish_part(&mut self) {
        let points = std::mem::take(&mut self.other);
        if points.len() > 1 {
            self.add(&points);
        }
    }

    /// Keeps the straight pieces between points.
    fn run(&mut self, points: &[Point]) {
        let pieces = points.windows(2).filter_map(|pair| match pair {
            [from, to] => Ruling::between(*from, *to),
            _ => None,
        });
        self.sides.extend(pieces.take(MOST.saturating_sub(self.sides.len())));
    }

    fn add(&mut self, points: &[Point]) {
        if self.parts.len() >= MOST {
            return;
        }
        self.run(points);
        let area = points.iter().copied().fold(Area::NOTHING, Area::with);
        let next = points.iter().cycle().skip(1);
        let turned: f64 = points.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
        self.parts.push(Part { area, leftwards: turned > 0.0 });
    }

    /// The areas of the path's parts.
    pub(super) fn areas(&mut self) -> Vec<Area> {
        self.finish_part();
        self.parts.iter().map(|part| part.area).collect()
    }

    /// The areas that are filled: a part with a hole is the frame around it. A part with several is left out, since
    /// it may cover little.
    pub(super) fn filled(&mut self, filling: Filling) -> Vec<Area> {
        self.finish_part();
        if !(2..=MOST_WITH_HOLES).contains(&self.parts.len()) {
            return self.areas();
        }
        let has_ink = |part: &Part| {
            let around = self.parts.iter().filter(|other| other.area.encloses(part.area));
            let turns = around.map(|other| if other.leftwards { 1_i32 } else { -1 });
            match filling {
                Filling::ByDirection => turns.sum::<i32>() != 0,
                Filling::EvenOdd => turns.count() % 2 == 1,
            }
        };
        let (inked, holes): (Vec<&Part>, Vec<&Part>) =
            self.parts.iter().partition(|part| has_ink(part));
        let mut filled = Vec::new();
        for part in inked {
            let mut within = holes.iter().filter(|hole| part.area.encloses(hole.area));
            match (within.next(), within.next()) {
                (None, _) => filled.push(part.area),
                (Some(hole), None) => filled.extend(part.area.around(hole.area)),
                _ => {}
            }
        }
        filled
    }

    /// The box around the path.
    pub(super) fn bounds(&mut self) -> Option<Area> {
        self.areas().into_iter().reduce(Area::joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rectangle drawn to the left or to the right.
    fn rectangle(path: &mut Path, [left, bottom, right, top]: [f64; 4], leftwards: bool) {
        let point = |x, y| Point { x, y };
        let mut corners =
            [point(left, bottom), point(right, bottom), point(right, top), point(left, top)];
        if !leftwards {
            corners.reverse();
        }
        path.rectangle(corners);
    }

    #[test]
    fn a_frame_covers_nothing_within_it() {
        let (outer, inner) = ([0.0, 0.0, 100.0, 50.0], [1.0, 1.0, 99.0, 49.0]);
        for (filling, leftwards, covers) in [
            (Filling::EvenOdd, true, false),
            (Filling::EvenOdd, false, false),
            (Filling::ByDirection, false, false),
            (Filling::ByDirection, true, true),
        ] {
            let mut path = Path::default();
            rectangle(&mut path, outer, true);
            rectangle(&mut path, inner, leftwards);
            let filled = path.filled(filling);
            let at = |x, y| filled.iter().any(|area| area.holds(Point { x, y }));
            assert_eq!(at(50.0, 25.0), covers, "{filling:?} {leftwards}");
            assert!(at(0.5, 25.0) && at(50.0, 49.5));
        }
    }

    #[test]
    fn what_stands_in_the_hole_of_a_frame_is_filled() {
        let mut path = Path::default();
        for (area, leftwards) in [
            ([0.0, 0.0, 100.0, 50.0], true),
            ([1.0, 1.0, 99.0, 49.0], false),
            ([40.0, 20.0, 60.0, 30.0], true),
        ] {
            rectangle(&mut path, area, leftwards);
        }
        let covered =
            |filled: &[Area]| filled.iter().any(|area| area.holds(Point { x: 50.0, y: 25.0 }));
        assert!(covered(&path.filled(Filling::ByDirection)));
    }
}
