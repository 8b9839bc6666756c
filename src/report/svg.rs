//! A drawing of shapes as SVG, with title and description for readers who do not see it, so that page and paper show
//! one chart. Writes; computes nothing.

use std::fmt::Write as _;

use super::rates::escaped;
use crate::typeset::{Align, Colour, Shape};

/// Points of paper to units of the page.
const SCALE: f32 = 1.9;

/// The shapes as SVG.
pub fn drawing(
    shapes: &[Shape],
    size: (f32, f32),
    title: &str,
    description: &str,
    id: &str,
) -> String {
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {:.0} {:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
        size.0 * SCALE,
        size.1 * SCALE,
        escaped(title),
        escaped(description)
    );
    for shape in shapes {
        add(&mut svg, shape);
    }
    svg.push_str("</svg>");
    svg
}

fn colour(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn add(svg: &mut String, shape: &Shape) {
    let at = |(x, y): (f32, f32)| (x * SCALE, y * SCALE);
    let _ = match shape {
        Shape::Line { from, to, width, colour: ink, dashed } => {
            let ((x1, y1), (x2, y2)) = (at(*from), at(*to));
            let dashes = if *dashed { " stroke-dasharray=\"5 4\"" } else { "" };
            write!(
                svg,
                "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{}\" \
                 stroke-width=\"{:.1}\"{dashes}/>",
                colour(*ink),
                width * SCALE
            )
        }
        Shape::Rectangle { at: corner, size, radius, colour: ink } => {
            let (x, y) = at(*corner);
            write!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{:.1}\" fill=\"{}\"/>",
                size.0 * SCALE,
                size.1 * SCALE,
                radius * SCALE,
                colour(*ink)
            )
        }
        Shape::Circle { at: centre, radius, colour: ink } => {
            let (x, y) = at(*centre);
            let radius = radius * SCALE;
            write!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{}\"/>",
                colour(*ink)
            )
        }
        Shape::Polygon { points, colour: ink } => {
            let points = points.iter().map(|point| {
                let (x, y) = at(*point);
                format!("{x:.1},{y:.1}")
            });
            let points = points.collect::<Vec<_>>().join(" ");
            write!(svg, "<polygon points=\"{points}\" fill=\"{}\"/>", colour(*ink))
        }
        Shape::Text { at: start, text, size, bold, align, colour: ink } => {
            let (x, y) = at(*start);
            let anchor = if *align == Align::Right { "end" } else { "start" };
            let weight = if *bold { "700" } else { "400" };
            write!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" style=\"fill:{};font-size:{:.1}px;font-weight:{weight};\
                 text-anchor:{anchor}\">{}</text>",
                colour(*ink),
                size * SCALE,
                escaped(text)
            )
        }
    };
}
