//! Characters of the symbol fonts as Unicode. Holds the signs that applications use; others become a bullet.

/// The sign that a symbol font shows for a code.
pub(super) fn sign(font: &str, code: u32) -> char {
    let low = code & 0xff;
    let lower = font.to_ascii_lowercase();
    if lower.starts_with("wingdings 2") {
        return match low {
            0x4f | 0x51 | 0x53 | 0x54 => '☒',
            0x50 | 0x97..=0x9a => '✓',
            0x52 => '☑',
            0xa3 | 0x2a | 0x30..=0x35 => '☐',
            _ => '•',
        };
    }
    if lower.starts_with("wingdings") || lower.starts_with("webdings") {
        return match low {
            0x28 | 0x29 | 0x37 | 0xc8 => '☎',
            0x2a | 0x2b | 0x2c | 0x99 => '✉',
            0x6f | 0x71 | 0x72 | 0xa8 => '☐',
            0xfb | 0xfd | 0x78 | 0x54 => '☒',
            0xfc | 0x61 => '✓',
            0xfe => '☑',
            0xe0 | 0xe8 | 0xf0 | 0xd8 => '→',
            0xdf | 0xe7 | 0xef => '←',
            _ => '•',
        };
    }
    if lower == "symbol" {
        return match low {
            0xb0 => '°',
            0xb1 => '±',
            0xa3 => '≤',
            0xb3 => '≥',
            0xb4 => '×',
            0xd2 => '®',
            0xd3 => '©',
            0xd4 => '™',
            0xae | 0xde => '→',
            0xac | 0xdc => '←',
            0xa0 => '€',
            0x2d => '-',
            0x20..=0x3f => char::from_u32(low).unwrap_or('•'),
            _ => '•',
        };
    }
    // Other fonts: the code is a character, unless it is in the private area, where symbol fonts live.
    match char::from_u32(code) {
        Some(found) if !(0xe000..=0xf8ff).contains(&code) && !found.is_control() => found,
        _ => '•',
    }
}

/// Whether a font's characters are signs and no letters.
pub(super) fn is_sign_font(font: &str) -> bool {
    let font = font.to_ascii_lowercase();
    font.starts_with("wingdings") || font == "webdings" || font == "symbol"
}

/// Private characters in running text are bullets of symbol fonts.
pub(super) fn without_private(text: &str) -> Option<String> {
    let is_private = |c: char| ('\u{f000}'..='\u{f0ff}').contains(&c);
    text.contains(is_private).then(|| text.replace(is_private, "•"))
}
