//! Pages to the bytes of a tagged PDF/UA-1. The only file that draws; decides nothing about layout.

use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::KrillaGlyph;

use super::TypesetError;
use super::content::{Align, Colour, Document, Run, Shape, Style};
use super::flow::{Page, TEXT_HEIGHT, close_up_first_page, pages};
use super::fonts::{FaceId, faces};
use super::layout::{self, HAIRLINE, MEASURE, Mark, SOFT};
use super::lines::{Line, Placed, lines};
use super::shape::{Part, Shaper};
use super::tags::Tags;

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = (PAGE.0 - MEASURE) / 2.0;
const TOP: f32 = (PAGE.1 - TEXT_HEIGHT) / 2.0;
/// Baselines of what stands at the head and at the foot of pages, and its size.
const HEAD: f32 = 48.0;
const FOOT: f32 = PAGE.1 - 40.0;
const SMALL: f32 = 8.5;
/// The box of a label and its letters.
const LABEL_SHADE: Colour = Colour(0xe3, 0xe9, 0xec);
const LABEL_INK: Colour = Colour(0x33, 0x45, 0x50);

/// Sets and draws a document.
///
/// # Errors
/// [`TypesetError`] when the library that writes the file refuses it.
pub(super) fn pdf(document: &Document) -> Result<Vec<u8>, TypesetError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| TypesetError(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let page_size = PageSettings::from_wh(PAGE.0, PAGE.1)
        .ok_or_else(|| TypesetError("no page size".to_owned()))?;

    let made = layout::rows(document);
    let (mut tags, mut shaper) = (made.tags, made.shaper);
    let mut rows = made.rows;
    if document.closes_up_first_page {
        close_up_first_page(&mut rows);
    }
    let pages = pages(rows);
    let mut file = krilla::Document::new_with(settings);
    let count = pages.len();
    for (number, page) in pages.iter().enumerate() {
        let mut sheet = file.start_page_with(page_size.clone());
        let mut surface = sheet.surface();
        let mut pen = Pen { surface: &mut surface, tags: &mut tags };
        pen.page(page);
        pen.margins(document, &mut shaper, number + 1, count);
        surface.finish();
        sheet.finish();
    }
    let language = if document.language.is_empty() { "en" } else { &document.language };
    file.set_tag_tree(tags.tree(language));
    file.set_outline(outline(&pages));
    let title = if document.title.trim().is_empty() { "–" } else { &document.title };
    file.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language(language.to_owned())
            .producer(document.producer.clone()),
    );
    file.finish().map_err(|error| TypesetError(error.to_string()))
}

/// Headings, nested by level.
fn outline(pages: &[Page]) -> Outline {
    let mut open: Vec<(u16, OutlineNode)> = Vec::new();
    let mut outline = Outline::new();
    let mut close = |open: &mut Vec<(u16, OutlineNode)>, level: u16| {
        while open.last().is_some_and(|(last, _)| *last >= level)
            && let Some((_, node)) = open.pop()
        {
            match open.last_mut() {
                Some((_, above)) => above.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    for (number, page) in pages.iter().enumerate() {
        for (level, words, y) in &page.outline {
            close(&mut open, *level);
            let place = Point::from_xy(0.0, (TOP + y - 12.0).max(0.0));
            let place = XyzDestination::new(number, place);
            open.push((*level, OutlineNode::new(words.clone(), place).with_open(true)));
        }
    }
    close(&mut open, 0);
    outline
}

struct Pen<'a, 'b> {
    surface: &'a mut Surface<'b>,
    tags: &'a mut Tags,
}

impl Pen<'_, '_> {
    fn page(&mut self, page: &Page) {
        self.artifact(ArtifactType::Layout, |pen| {
            for (at, size, radius, colour) in boxes(page) {
                pen.fill(colour);
                pen.path(rectangle(LEFT + at.0, TOP + at.1, size.0, size.1, radius));
            }
        });
        for (y, mark) in &page.repeated {
            if let Mark::Text { x, y: line_y, line, colour, .. } = mark {
                self.artifact(ArtifactType::PaginationOther, |pen| {
                    pen.frames(line, LEFT + x, TOP + y + line_y);
                    pen.line(line, LEFT + x, TOP + y + line_y, *colour);
                });
            }
        }
        for (y, mark) in &page.marks {
            match mark {
                Mark::Box { .. } => {}
                Mark::Text { x, y: line_y, line, colour, node } => {
                    if line.parts.is_empty() {
                        continue;
                    }
                    let (x, y) = (LEFT + x, TOP + y + line_y);
                    if line.parts.iter().any(|placed| placed.frame > 0.0) {
                        self.artifact(ArtifactType::Layout, |pen| pen.frames(line, x, y));
                    }
                    let leaf = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                    self.line(line, x, y, *colour);
                    self.surface.end_tagged();
                    self.tags.hang(*node, leaf);
                }
                Mark::Drawing { at, scale, shapes, node } => {
                    let leaf = self.surface.start_tagged(ContentTag::Other);
                    for (shape, parts) in shapes.iter() {
                        self.shape((LEFT + at.0, TOP + y + at.1), *scale, shape, parts);
                    }
                    self.surface.end_tagged();
                    self.tags.hang(*node, leaf);
                }
            }
        }
    }

    /// Title and page number outside the text.
    fn margins(&mut self, document: &Document, shaper: &mut Shaper, number: usize, count: usize) {
        if number > 1 {
            let title = [Run::plain(document.title.as_str())];
            if let Some(line) = lines(shaper, &title, SMALL, MEASURE).into_iter().next() {
                self.artifact(ArtifactType::Header, |pen| {
                    pen.line(&line, LEFT, HEAD, SOFT);
                    pen.fill(HAIRLINE);
                    pen.path(rectangle(LEFT, HEAD + 6.0, MEASURE, 0.5, 0.0));
                });
            }
        }
        let Some(words) = &document.page_words else { return };
        let words =
            words.replace("{page}", &number.to_string()).replace("{pages}", &count.to_string());
        if let Some(line) = lines(shaper, &[Run::plain(words)], SMALL, MEASURE).into_iter().next() {
            self.artifact(ArtifactType::Footer, |pen| {
                pen.line(&line, LEFT + MEASURE - line.width, FOOT, SOFT);
            });
        }
    }

    fn artifact(&mut self, kind: ArtifactType, draw: impl FnOnce(&mut Self)) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        draw(self);
        self.surface.end_tagged();
    }

    fn fill(&mut self, Colour(red, green, blue): Colour) {
        let paint = rgb::Color::new(red, green, blue).into();
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint, ..Fill::default() }));
    }

    fn path(&mut self, path: Option<Path>) {
        if let Some(path) = path {
            self.surface.draw_path(&path);
        }
    }

    /// The boxes around labels.
    fn frames(&mut self, line: &Line, x: f32, y: f32) {
        for placed in line.parts.iter().filter(|placed| placed.frame > 0.0) {
            let size = placed.around;
            self.fill(LABEL_SHADE);
            let top = y - 0.92 * size;
            self.path(rectangle(x + placed.x, top, placed.frame, 1.2 * size, 2.5));
        }
    }

    /// Letters of a line. Neighbours in one face are drawn together, which keeps the file small.
    fn line(&mut self, line: &Line, x: f32, y: f32, colour: Colour) {
        let mut stretch = Stretch::default();
        for placed in &line.parts {
            if placed.frame > 0.0 {
                self.draw(&mut stretch, y);
                let inset = (placed.frame - placed.part.width * placed.size) / 2.0;
                let centre = y - 0.32 * placed.around;
                self.fill(LABEL_INK);
                stretch.add(placed, x + placed.x + inset);
                self.draw(&mut stretch, centre + 0.357 * placed.size);
                continue;
            }
            if !stretch.continues(placed, x) {
                self.draw(&mut stretch, y);
            }
            if stretch.glyphs.is_empty() {
                self.fill(colour);
            }
            stretch.add(placed, x + placed.x);
        }
        self.draw(&mut stretch, y);
    }

    fn draw(&mut self, stretch: &mut Stretch, y: f32) {
        let Stretch { x, face, size, text, glyphs, .. } = std::mem::take(stretch);
        if let Some(face) = faces().get(face)
            && !glyphs.is_empty()
        {
            let start = Point::from_xy(x, y);
            self.surface.draw_glyphs(start, &glyphs, face.font.clone(), &text, size, false);
        }
    }

    fn shape(&mut self, at: (f32, f32), scale: f32, shape: &Shape, parts: &[Part]) {
        let place = |(x, y): (f32, f32)| (at.0 + x * scale, at.1 + y * scale);
        match shape {
            Shape::Line { from, to, width, colour, dashed } => {
                let (from, to) = (place(*from), place(*to));
                self.surface.set_fill(None);
                self.surface.set_stroke(Some(stroke(*colour, *width * scale, *dashed)));
                let mut path = PathBuilder::new();
                path.move_to(from.0, from.1);
                path.line_to(to.0, to.1);
                self.path(path.finish());
            }
            Shape::Rectangle { at, size, radius, colour } => {
                let (x, y) = place(*at);
                self.fill(*colour);
                self.path(rectangle(x, y, size.0 * scale, size.1 * scale, *radius * scale));
            }
            Shape::Circle { at, radius, colour } => {
                let (x, y) = place(*at);
                let r = *radius * scale;
                self.fill(*colour);
                self.path(rectangle(x - r, y - r, 2.0 * r, 2.0 * r, r));
            }
            Shape::Polygon { points, colour } => {
                let mut path = PathBuilder::new();
                for (number, point) in points.iter().enumerate() {
                    let (x, y) = place(*point);
                    if number == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
                }
                path.close();
                self.fill(*colour);
                self.path(path.finish());
            }
            Shape::Text { at, size, align, colour, .. } => {
                let (mut x, y) = place(*at);
                let size = size * scale;
                if *align == Align::Right {
                    x -= parts.iter().map(|part| part.width * size).sum::<f32>();
                }
                self.fill(*colour);
                for part in parts {
                    let mut stretch = Stretch::default();
                    let placed =
                        Placed { x: 0.0, part: part.clone(), frame: 0.0, size, around: size };
                    stretch.add(&placed, x);
                    self.draw(&mut stretch, y);
                    x += part.width * size;
                }
            }
        }
    }
}

/// Glyphs that are drawn at once.
#[derive(Default)]
struct Stretch {
    x: f32,
    /// Where it ends.
    end: f32,
    face: FaceId,
    style: Style,
    rtl: bool,
    size: f32,
    text: String,
    glyphs: Vec<KrillaGlyph>,
}

impl Stretch {
    fn continues(&self, placed: &Placed, x: f32) -> bool {
        let part = &placed.part;
        self.face == part.face
            && self.style == part.style
            && !self.rtl
            && !part.rtl
            && (self.end - x - placed.x).abs() < 0.01
    }

    fn add(&mut self, placed: &Placed, x: f32) {
        let part = &placed.part;
        if self.glyphs.is_empty() {
            (self.x, self.face, self.style) = (x, part.face, part.style);
            (self.rtl, self.size) = (part.rtl, placed.size);
        }
        let before = self.text.len();
        self.text.push_str(&part.text);
        self.glyphs.extend(part.glyphs.iter().cloned().map(|mut glyph| {
            glyph.text_range = glyph.text_range.start + before..glyph.text_range.end + before;
            glyph
        }));
        self.end = x + part.width * placed.size;
    }
}

type Rectangle = ((f32, f32), (f32, f32), f32, Colour);

/// The boxes of a page, with those that touch from row to row joined, so that no seam shows between them.
fn boxes(page: &Page) -> Vec<Rectangle> {
    let mut joined: Vec<Rectangle> = Vec::new();
    for (y, mark) in page.repeated.iter().chain(&page.marks) {
        let Mark::Box { at, size, radius, colour } = mark else { continue };
        let at = (at.0, at.1 + y);
        let touching = joined.iter_mut().rev().take(4).find(|(before, extent, _, shade)| {
            before.0 == at.0
                && extent.0 == size.0
                && *shade == *colour
                && (before.1 + extent.1 - at.1).abs() < 0.05
        });
        match touching {
            Some((before, extent, _, _)) => extent.1 = at.1 + size.1 - before.1,
            None => joined.push((at, *size, *radius, *colour)),
        }
    }
    joined
}

fn stroke(Colour(red, green, blue): Colour, width: f32, dashed: bool) -> Stroke {
    Stroke {
        paint: rgb::Color::new(red, green, blue).into(),
        width,
        line_cap: LineCap::Round,
        dash: dashed.then(|| StrokeDash { array: vec![3.0, 3.0], offset: 0.0 }),
        ..Stroke::default()
    }
}

/// How far control points stand from a quarter circle's ends, for its radius.
const QUARTER: f32 = 0.552_284_8;

fn rectangle(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let r = radius.min(width / 2.0).min(height / 2.0);
    if r <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
        return path.finish();
    }
    let (right, bottom, c) = (x + width, y + height, r * (1.0 - QUARTER));
    path.move_to(x + r, y);
    path.line_to(right - r, y);
    path.cubic_to(right - c, y, right, y + c, right, y + r);
    path.line_to(right, bottom - r);
    path.cubic_to(right, bottom - c, right - c, bottom, right - r, bottom);
    path.line_to(x + r, bottom);
    path.cubic_to(x + c, bottom, x, bottom - c, x, bottom - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + c, x + c, y, x + r, y);
    path.close();
    path.finish()
}
