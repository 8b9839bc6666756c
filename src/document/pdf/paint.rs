//! What is painted on a page beside text, and whether a glyph can be seen between it. Areas are boxes: exact for
//! rectangles, which is what hides text in practice.

use super::geometry::{Area, Matrix};
use super::glyph::{Glyph, Unseen};
use super::state::Colour;

/// Something painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) area: Area,
    /// Its colour, where it has one that is known.
    pub(super) colour: Option<Colour>,
    /// Whether it hides what lies under it.
    pub(super) opaque: bool,
    pub(super) image: bool,
}

/// Smaller things neither hide text nor lie behind it.
const LEAST_SIDE: f64 = 3.0;
/// More of them are not remembered for one page.
const MOST_PAINTS: usize = 4_000;
/// Glyphs times paints of one page: a dense page under a thousand boxes has some six million.
pub(super) const MOST_COMPARED: usize = 100_000_000;
/// Colours nearer than this cannot be told apart by eye.
const LEAST_CONTRAST: f64 = 0.08;
/// Type smaller than this, in points, cannot be read.
const LEAST_SIZE: f64 = 1.5;

/// Adds something painted, if it matters.
pub(super) fn push(paints: &mut Vec<Paint>, paint: Paint) {
    let large = paint.area.width() >= LEAST_SIDE && paint.area.height() >= LEAST_SIDE;
    if large && paints.len() < MOST_PAINTS {
        paints.push(paint);
    }
}

/// The area that a thick line covers.
pub(super) fn stroked(area: Area, width: f64, place: Matrix) -> Area {
    let half = width * place.a.hypot(place.b) / 2.0;
    Area {
        left: area.left - half,
        bottom: area.bottom - half,
        right: area.right + half,
        top: area.top + half,
    }
}

/// Marks the glyphs that cannot be seen. Answers whether the page is a scan with recognised words: pictures cover most
/// of it, and most words are drawn without ink or under them. Those words are what is read.
pub(super) fn mark_unseen(glyphs: &mut [Glyph], paints: &[Paint], page: Area) -> bool {
    let mut under_pictures = 0;
    for glyph in glyphs.iter_mut() {
        let picture = mark(glyph, paints, page);
        let recognised = picture || glyph.unseen == Some(Unseen::NotDrawn);
        under_pictures += usize::from(recognised && !glyph.is_blank);
    }
    let pictures: f64 = paints
        .iter()
        .filter(|paint| paint.image)
        .map(|paint| paint.area.clipped_to(page).size())
        .sum();
    let words = glyphs.iter().filter(|glyph| !glyph.is_blank).count();
    let scanned = pictures > page.size() * 0.5 && under_pictures * 2 > words;
    if scanned {
        for glyph in glyphs.iter_mut() {
            glyph.unseen =
                glyph.unseen.filter(|unseen| !matches!(unseen, Unseen::NotDrawn | Unseen::Covered));
        }
    }
    scanned
}

/// Marks one glyph; answers whether a picture covers it.
fn mark(glyph: &mut Glyph, paints: &[Paint], page: Area) -> bool {
    if glyph.unseen.is_some() {
        return false;
    }
    let centre = glyph.area().centre();
    if !centre.is_believable() || !page.holds(centre) {
        glyph.unseen = Some(Unseen::Outside);
        return false;
    }
    if glyph.size < LEAST_SIZE {
        glyph.unseen = Some(Unseen::Tiny);
        return false;
    }
    let (under, over) = paints.split_at(glyph.order.min(paints.len()));
    if let Some(cover) = over.iter().find(|paint| paint.opaque && paint.area.holds(centre)) {
        glyph.unseen = Some(Unseen::Covered);
        return cover.image;
    }
    let behind = under.iter().rev().find(|paint| paint.area.holds(centre));
    let background = behind.map_or(Some([1.0; 3]), |paint| paint.colour);
    if blends_in(glyph.colour, background) {
        glyph.unseen = Some(Unseen::SameColour);
    }
    false
}

fn blends_in(ink: Option<Colour>, background: Option<Colour>) -> bool {
    let (Some(ink), Some(background)) = (ink, background) else { return false };
    ink.iter().zip(background).all(|(ink, back)| (ink - back).abs() < LEAST_CONTRAST)
}
