//! Widths of the fonts that a PDF may use without carrying them (Helvetica, Times, Courier), in thousandths of the
//! font's size: numbers of their metrics, for the printable ASCII characters. Others are derived.

use unicode_normalization::UnicodeNormalization;

const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const HELVETICA_BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];
const TIMES_BOLD: [u16; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667,
    611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722,
    722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556,
    278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
];
const TIMES_ITALIC: [u16; 95] = [
    250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 675, 675, 675, 500, 920, 611, 611, 667, 722, 611,
    611, 722, 722, 333, 444, 667, 556, 833, 667, 722, 611, 722, 611, 500, 556, 722, 611, 833, 611,
    556, 556, 389, 278, 389, 422, 500, 333, 500, 500, 444, 500, 444, 278, 500, 500, 278, 278, 444,
    278, 722, 500, 500, 500, 500, 389, 389, 278, 500, 444, 667, 444, 444, 389, 400, 275, 400, 541,
];
const TIMES_BOLD_ITALIC: [u16; 95] = [
    250, 389, 555, 500, 500, 833, 778, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 832, 667, 667, 667, 722, 667,
    667, 722, 778, 389, 500, 667, 611, 889, 722, 722, 611, 722, 667, 556, 611, 722, 667, 889, 667,
    611, 611, 333, 278, 333, 570, 500, 333, 500, 500, 444, 500, 444, 333, 500, 556, 278, 278, 500,
    278, 778, 556, 500, 500, 500, 389, 389, 278, 556, 444, 667, 500, 444, 389, 348, 220, 348, 570,
];

/// One of the fonts that need not travel with the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum StandardFont {
    /// Every character as wide as the others.
    Fixed,
    /// Widths of the printable ASCII characters.
    Table(&'static [u16; 95]),
}

impl StandardFont {
    /// The standard font that a font's name suggests; names of other fonts are taken for Helvetica's like.
    pub(super) fn named(name: &[u8]) -> Self {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let has = |part: &str| name.contains(part);
        let bold = has("bold") || has("black") || has("heavy");
        let italic = has("italic") || has("oblique");
        if has("courier") || has("mono") || has("consol") {
            return Self::Fixed;
        }
        if has("times") || has("serif") && !has("sans") || has("georgia") || has("garamond") {
            return Self::Table(match (bold, italic) {
                (false, false) => &TIMES,
                (true, false) => &TIMES_BOLD,
                (false, true) => &TIMES_ITALIC,
                (true, true) => &TIMES_BOLD_ITALIC,
            });
        }
        Self::Table(if bold { &HELVETICA_BOLD } else { &HELVETICA })
    }

    /// How wide a character is. Accents do not change a letter's width in these fonts.
    pub(super) fn width(self, character: char) -> f64 {
        let Self::Table(table) = self else { return 600.0 };
        let ascii = |character: char| {
            let place = u32::from(character).checked_sub(32)?;
            table.get(usize::try_from(place).ok()?).copied().map(f64::from)
        };
        let like = match character {
            '\u{2018}' | '\u{2019}' | '\u{201a}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
            '\u{2022}' => return 350.0,
            '\u{2013}' | '\u{20ac}' | '\u{a3}' => '0',
            '\u{2014}' | '\u{2026}' | '\u{2122}' | '\u{152}' | '\u{c6}' => return 1000.0,
            '\u{131}' => 'i',
            '\u{142}' => 'l',
            other => other.nfd().next().unwrap_or(other),
        };
        ascii(like).unwrap_or(556.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_the_font_and_the_letter() {
        let helvetica = StandardFont::named(b"Helvetica");
        for (character, width) in [('A', 667.0), ('i', 222.0), ('\u{e9}', 556.0), ('~', 584.0)] {
            assert!((helvetica.width(character) - width).abs() < 0.1, "{character}");
        }
        let times = StandardFont::named(b"ABCDEF+TimesNewRomanPS-BoldMT");
        assert!((times.width('A') - 722.0).abs() < 0.1);
        assert!((StandardFont::named(b"Courier").width('W') - 600.0).abs() < 0.1);
    }
}
