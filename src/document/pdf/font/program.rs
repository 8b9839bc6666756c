//! What an embedded font program says of its glyphs: by number, by name, by code. For fonts whose PDF side does not
//! say which characters they show. Outlines are not read.

use std::collections::HashMap;

use ttf_parser::{GlyphId, RawFace, Tag, cff, cmap, post};

use super::super::tokens::{Operand, Token, Tokens};
use super::names;

/// The characters of a font program.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The text of each glyph number.
    glyphs: HashMap<u16, Box<str>>,
    /// The glyph number of each code of the program's own encoding.
    codes: HashMap<u32, u16>,
    /// The glyph's name for each code, in programs that go by names.
    names: HashMap<u32, Box<str>>,
    /// The glyph number of each character identifier, where they differ.
    identifiers: HashMap<u16, u16>,
}

/// Blocks of Unicode that applications are written in, symbols included. A font's own table is asked for each of
/// these, since the table's ranges may claim anything.
const ASKED: [std::ops::RangeInclusive<u32>; 4] =
    [0x20..=0x2fff, 0x3000..=0x30ff, 0x4e00..=0x9fff, 0xfb00..=0xfb4f];

impl Program {
    /// Reads a TrueType or OpenType program.
    pub(super) fn from_opentype(data: &[u8]) -> Option<Self> {
        let face = RawFace::parse(data, 0).ok()?;
        let mut program = Self::default();
        if let Some(table) = face.table(Tag::from_bytes(b"cmap")).and_then(cmap::Table::parse) {
            for subtable in table.subtables.into_iter().take(16) {
                if subtable.is_unicode() {
                    for code in ASKED.into_iter().flatten() {
                        if let Some(glyph) = subtable.glyph_index(code)
                            && let Some(character) = char::from_u32(code)
                        {
                            program
                                .glyphs
                                .entry(glyph.0)
                                .or_insert_with(|| character.to_string().into());
                        }
                    }
                } else {
                    // Symbol fonts keep their codes at 0xF000.
                    for code in 0..=0xff {
                        let glyph = subtable
                            .glyph_index(0xf000 + code)
                            .or_else(|| subtable.glyph_index(code))
                            .filter(|glyph| glyph.0 != 0);
                        if let Some(glyph) = glyph {
                            program.codes.insert(code, glyph.0);
                        }
                    }
                }
            }
        }
        if let Some(table) = face.table(Tag::from_bytes(b"post")).and_then(post::Table::parse) {
            for number in 0..=u16::MAX {
                let Some(name) = table.glyph_name(GlyphId(number)) else {
                    if number > 300 {
                        break;
                    }
                    continue;
                };
                program.name_glyph(number, name);
            }
        }
        if let Some(inner) = face.table(Tag::from_bytes(b"CFF ")).and_then(Self::from_cff) {
            program.identifiers = inner.identifiers;
            for (glyph, text) in inner.glyphs {
                program.glyphs.entry(glyph).or_insert(text);
            }
            program.codes.extend(inner.codes);
        }
        Some(program)
    }

    /// Reads a compact font program.
    pub(super) fn from_cff(data: &[u8]) -> Option<Self> {
        let table = cff::Table::parse(data)?;
        let mut program = Self::default();
        for number in 0..table.number_of_glyphs() {
            let glyph = GlyphId(number);
            if let Some(name) = table.glyph_name(glyph) {
                program.name_glyph(number, name);
            } else if let Some(identifier) = table.glyph_cid(glyph) {
                program.identifiers.insert(identifier, number);
            }
        }
        for code in 0..=0xff_u8 {
            if let Some(glyph) = table.glyph_index(code).filter(|glyph| glyph.0 != 0) {
                program.codes.insert(u32::from(code), glyph.0);
            }
        }
        Some(program)
    }

    /// Reads the encoding of a Type 1 program, which stands in its readable part.
    pub(super) fn from_type1(data: &[u8]) -> Option<Self> {
        let readable = data.get(..memchr::memmem::find(data, b"eexec").unwrap_or(data.len()))?;
        let start = memchr::memmem::find(readable, b"/Encoding")?;
        let mut program = Self::default();
        let mut tokens = Tokens::new(readable.get(start + 9..)?);
        let mut before = [None, None];
        while let Some(token) = tokens.next() {
            match token {
                Token::Operand(operand) => {
                    let [_, last] = before;
                    before = [last, Some(operand)];
                }
                Token::Operator(b"put") => {
                    if let [Some(Operand::Number(code)), Some(Operand::Name(name))] = &before
                        && (0.0..256.0).contains(code)
                        && let Ok(name) = std::str::from_utf8(name)
                    {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "checked to be a byte"
                        )]
                        program.names.insert(*code as u32, name.into());
                    }
                }
                Token::Operator(b"def" | b"readonly") => break,
                Token::Operator(_) => {}
            }
        }
        Some(program)
    }

    fn name_glyph(&mut self, number: u16, name: &str) {
        if self.glyphs.contains_key(&number) {
            return;
        }
        if let Some(text) = names::text_of(name.as_bytes()) {
            self.glyphs.insert(number, text.into());
        }
    }

    /// The text of a code of a simple font.
    pub(super) fn text_of_code(&self, code: u32) -> Option<String> {
        if let Some(name) = self.names.get(&code) {
            return names::text_of(name.as_bytes());
        }
        self.text_of_glyph(*self.codes.get(&code)?)
    }

    /// The text of a glyph number.
    pub(super) fn text_of_glyph(&self, glyph: u16) -> Option<String> {
        self.glyphs.get(&glyph).map(ToString::to_string)
    }

    /// The text of a character identifier.
    pub(super) fn text_of_identifier(&self, identifier: u16) -> Option<String> {
        let glyph = if self.identifiers.is_empty() {
            identifier
        } else {
            *self.identifiers.get(&identifier)?
        };
        self.text_of_glyph(glyph)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_1_program_tells_its_encoding() {
        let program = Program::from_type1(
            b"%!PS\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 65 /Lslash put\ndup 66 /wcircumflex put\nreadonly def\n currentfile eexec\xff",
        )
        .unwrap();
        assert_eq!(program.text_of_code(65).as_deref(), Some("Ł"));
        assert_eq!(program.text_of_code(66).as_deref(), Some("ŵ"));
        assert_eq!(program.text_of_code(67), None);
    }

    #[test]
    fn bytes_that_are_no_font_are_no_program() {
        assert!(Program::from_opentype(b"nothing").is_none());
        assert!(Program::from_cff(&[1, 0, 4, 1, 0, 0]).is_none());
        assert!(Program::from_type1(b"nothing").is_none());
    }
}
