//! Points, boxes and transformations of a page. Plain arithmetic; knows nothing of PDF objects.

/// The largest coordinate that is believed. Larger ones come from damage, and would drown all others.
const LARGEST: f64 = 1.0e6;

/// An affine transformation, as PDF writes it: `[a b c d e f]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) e: f64,
    pub(super) f: f64,
}

impl Matrix {
    pub(super) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// A transformation from six numbers; anything else is the identity.
    pub(super) fn from_numbers(numbers: &[f64]) -> Self {
        match *numbers {
            [a, b, c, d, e, f] => Self { a, b, c, d, e, f },
            _ => Self::IDENTITY,
        }
    }

    pub(super) fn shift(e: f64, f: f64) -> Self {
        Self { e, f, ..Self::IDENTITY }
    }

    /// This transformation, and then the other.
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }

    pub(super) fn apply(self, point: Point) -> Point {
        Point {
            x: point.x * self.a + point.y * self.c + self.e,
            y: point.x * self.b + point.y * self.d + self.f,
        }
    }

    /// The box around a transformed box.
    pub(super) fn apply_to_box(self, area: Area) -> Area {
        [
            (area.left, area.bottom),
            (area.left, area.top),
            (area.right, area.bottom),
            (area.right, area.top),
        ]
        .into_iter()
        .fold(Area::NOTHING, |whole, (x, y)| whole.with(self.apply(Point { x, y })))
    }
}

/// A point of a page, in points of 1/72 inch.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) fn minus(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }

    pub(super) fn plus(self, direction: Self, times: f64) -> Self {
        Self { x: self.x + direction.x * times, y: self.y + direction.y * times }
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// A quarter turn to the left.
    pub(super) fn turned(self) -> Self {
        Self { x: -self.y, y: self.x }
    }

    pub(super) fn is_believable(self) -> bool {
        self.x.abs() < LARGEST && self.y.abs() < LARGEST
    }
}

/// A box with its sides along the page's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) bottom: f64,
    pub(super) right: f64,
    pub(super) top: f64,
}

impl Area {
    /// The box that holds nothing: adding a point makes it that point.
    pub(super) const NOTHING: Self = Self {
        left: f64::INFINITY,
        bottom: f64::INFINITY,
        right: f64::NEG_INFINITY,
        top: f64::NEG_INFINITY,
    };
    /// The box that holds everything.
    pub(super) const EVERYTHING: Self =
        Self { left: -LARGEST, bottom: -LARGEST, right: LARGEST, top: LARGEST };

    /// The box of four numbers, whichever corners they name.
    pub(super) fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let [a, b, c, d] = *numbers else { return None };
        Some(Self { left: a.min(c), bottom: b.min(d), right: a.max(c), top: b.max(d) })
    }

    pub(super) fn with(self, point: Point) -> Self {
        Self {
            left: self.left.min(point.x),
            bottom: self.bottom.min(point.y),
            right: self.right.max(point.x),
            top: self.top.max(point.y),
        }
    }

    /// Whether another box lies within this one.
    pub(super) fn encloses(self, other: Self) -> bool {
        self.left <= other.left
            && self.bottom <= other.bottom
            && self.right >= other.right
            && self.top >= other.top
    }

    /// The four bars of the frame around a hole.
    pub(super) fn around(self, hole: Self) -> [Self; 4] {
        [
            Self { right: hole.left, ..self },
            Self { left: hole.right, ..self },
            Self { left: hole.left, right: hole.right, top: hole.bottom, ..self },
            Self { left: hole.left, right: hole.right, bottom: hole.top, ..self },
        ]
    }

    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            bottom: self.bottom.min(other.bottom),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
        }
    }

    pub(super) fn clipped_to(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        }
    }

    pub(super) fn width(self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    pub(super) fn height(self) -> f64 {
        (self.top - self.bottom).max(0.0)
    }

    pub(super) fn size(self) -> f64 {
        self.width() * self.height()
    }

    pub(super) fn centre(self) -> Point {
        Point { x: (self.left + self.right) / 2.0, y: (self.bottom + self.top) / 2.0 }
    }

    pub(super) fn holds(self, point: Point) -> bool {
        point.x >= self.left
            && point.x <= self.right
            && point.y >= self.bottom
            && point.y <= self.top
    }

    /// How much of the height of the lower of two boxes lies beside the other.
    pub(super) fn beside(self, other: Self) -> f64 {
        let shared = self.top.min(other.top) - self.bottom.max(other.bottom);
        shared / self.height().min(other.height()).max(0.1)
    }

    /// How far two boxes share a stretch from left to right.
    pub(super) fn shared_width(self, other: Self) -> f64 {
        self.right.min(other.right) - self.left.max(other.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transformations_apply_in_the_order_that_they_are_named() {
        let twice = Matrix { a: 2.0, d: 2.0, ..Matrix::IDENTITY };
        let point = Point { x: 1.0, y: 1.0 };
        assert_eq!(twice.then(Matrix::shift(5.0, 0.0)).apply(point), Point { x: 7.0, y: 2.0 });
        assert_eq!(Matrix::shift(5.0, 0.0).then(twice).apply(point), Point { x: 12.0, y: 2.0 });
    }

    #[test]
    fn a_turned_box_is_boxed_again() {
        let quarter = Matrix { a: 0.0, b: 1.0, c: -1.0, d: 0.0, e: 0.0, f: 0.0 };
        let area = Area { left: 0.0, bottom: 0.0, right: 2.0, top: 1.0 };
        let turned = quarter.apply_to_box(area);
        assert_eq!((turned.left, turned.top), (-1.0, 2.0));
    }
}
