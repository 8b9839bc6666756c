//! Drawings to rows. Knows nothing of pages.

use std::rc::Rc;

use super::content::{Figure, Shape, Style};
use super::layout::{Layout, MEASURE, Mark, PARAGRAPH, Row, SOFT, Setting};
use super::tags::Role;

/// No drawing is higher, so that it fits a page with its caption.
const HIGHEST: f32 = 560.0;

/// Adds a drawing and its caption.
pub(super) fn add(layout: &mut Layout, figure: &Figure) {
    let (width, height) = figure.size;
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return;
    }
    let scale = (MEASURE / width).min(HIGHEST / height).min(1.0);
    let words: String = figure.alternative.chars().filter(|c| !c.is_control()).take(4000).collect();
    let node = layout.tags.add(Role::Figure(words), None);
    let mut shapes = Vec::new();
    for shape in &figure.shapes {
        let parts = match shape {
            Shape::Text { text, bold, .. } => {
                layout.shaper.stretch(text, if *bold { Style::Bold } else { Style::Plain })
            }
            _ => Vec::new(),
        };
        shapes.push((shape.clone(), parts));
    }
    let mark = Mark::Drawing { at: (0.0, 0.0), scale, shapes: Rc::new(shapes), node };
    layout.rows.push(Row {
        height: height * scale,
        above: 10.0,
        keeps_next: !figure.caption.is_empty(),
        marks: vec![mark],
        ..Row::default()
    });
    if !figure.caption.is_empty() {
        let caption = layout.tags.add(Role::Caption, Some(node));
        let setting = Setting { size: 9.0, leading: 13.0, above: 4.0, colour: SOFT, ..PARAGRAPH };
        layout.text(&figure.caption, setting, caption);
    }
}
