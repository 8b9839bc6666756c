//! The faces that travel inside the program, and which of them has a character. Knows faces, not words.

use std::sync::OnceLock;

use super::content::Style;

/// A face, ready to measure and to draw with.
pub(super) struct Face {
    /// For drawing.
    pub font: krilla::text::Font,
    /// For shaping.
    pub shaping: rustybuzz::Face<'static>,
    /// How many of the face's units make one em.
    pub units: f32,
}

/// The place of a face in [`faces`].
pub(super) type FaceId = usize;

/// Noto Sans first, since its letters are the ones to read; DejaVu Sans for what it lacks (Arabic, arrows, ticks).
pub(super) fn faces() -> &'static [Face] {
    static FACES: OnceLock<Vec<Face>> = OnceLock::new();
    FACES.get_or_init(|| {
        let data: [&'static [u8]; 6] = [
            notosans::REGULAR_TTF,
            notosans::BOLD_TTF,
            notosans::ITALIC_TTF,
            dejavu::sans::regular(),
            dejavu::sans::bold(),
            dejavu::sans::oblique(),
        ];
        data.into_iter().filter_map(load).collect()
    })
}

fn load(data: &'static [u8]) -> Option<Face> {
    let shaping = rustybuzz::Face::from_slice(data, 0)?;
    let units = shaping.units_per_em() as f32;
    Some(Face { font: krilla::text::Font::new(data.into(), 0)?, shaping, units })
}

/// The faces to try for a style, best first. Upright DejaVu has the most characters and comes last.
fn candidates(style: Style) -> [FaceId; 3] {
    match style {
        Style::Plain => [0, 3, 3],
        Style::Bold | Style::Label => [1, 4, 3],
        Style::Italic => [2, 5, 3],
    }
}

/// The first face that has every character of a cluster.
pub(super) fn face_for(cluster: &str, style: Style) -> Option<FaceId> {
    candidates(style).into_iter().find(|id| {
        faces().get(*id).is_some_and(|face| {
            cluster.chars().all(|c| face.shaping.glyph_index(c).is_some_and(|glyph| glyph.0 != 0))
        })
    })
}
