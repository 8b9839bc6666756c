//! Which encoding the bytes of a run are in: by the file's code page and the font's character set.

use std::collections::HashMap;

use encoding_rs::Encoding;

/// How the bytes of a run become characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CodePage {
    /// An encoding of characters.
    Characters(&'static Encoding),
    /// A font whose bytes are signs.
    Signs,
}

/// The encoding of a Windows code page number.
pub(super) fn by_number(number: i32) -> &'static Encoding {
    match number {
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        866 => encoding_rs::IBM866,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        10000 => encoding_rs::MACINTOSH,
        65001 => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}

/// The code page of a font's character set; none for "as the file says".
fn by_character_set(set: i32) -> Option<CodePage> {
    let number = match set {
        2 => return Some(CodePage::Signs),
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    Some(CodePage::Characters(by_number(number)))
}

/// The fonts of a file.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    sets: HashMap<i32, CodePage>,
    current: i32,
}

impl Fonts {
    /// A font's entry starts.
    pub(super) fn start(&mut self, font: i32) {
        self.current = font;
    }

    /// The entry names a character set.
    pub(super) fn set(&mut self, set: i32) {
        if let Some(page) = by_character_set(set) {
            self.sets.insert(self.current, page);
        }
    }

    /// The code page of a font, or the file's.
    pub(super) fn page(&self, font: Option<i32>, file: &'static Encoding) -> CodePage {
        font.and_then(|font| self.sets.get(&font).copied()).unwrap_or(CodePage::Characters(file))
    }
}
