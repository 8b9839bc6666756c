//! Character maps: from a code in a string to Unicode (`ToUnicode`) or to a glyph's number, and how many bytes a
//! code has. Reads the few operators that such maps consist of; runs nothing.

use std::collections::HashMap;

use super::super::tokens::{Operand, Token, Tokens};

/// More entries than any real font has glyphs.
const MOST_ENTRIES: usize = 200_000;

/// A character map.
#[derive(Debug, Default)]
pub(super) struct CharacterMap {
    /// Lengths in bytes, with the lowest and highest code of each.
    spaces: Vec<(usize, u32, u32)>,
    single: HashMap<u32, Box<str>>,
    /// Lowest and highest code, and the text of the lowest.
    ranges: Vec<(u32, u32, Box<str>)>,
    glyphs: HashMap<u32, u32>,
    /// Lowest and highest code, and the glyph of the lowest.
    glyph_ranges: Vec<(u32, u32, u32)>,
}

impl CharacterMap {
    /// Reads a map, as far as it makes sense.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut tokens = Tokens::new(bytes);
        let mut operands = Vec::new();
        let mut entries = 0;
        while let Some(token) = tokens.next() {
            match token {
                Token::Operand(operand) => {
                    entries += 1;
                    if entries > MOST_ENTRIES * 3 {
                        break;
                    }
                    operands.push(operand);
                }
                Token::Operator(operator) => {
                    map.take(operator, &operands);
                    operands.clear();
                }
            }
        }
        map.glyph_ranges.sort_unstable_by_key(|(low, ..)| *low);
        map.ranges.sort_by_key(|(low, ..)| *low);
        map
    }

    fn take(&mut self, operator: &[u8], operands: &[Operand<'_>]) {
        match operator {
            b"endcodespacerange" => {
                for pair in operands.chunks_exact(2) {
                    if let [Operand::Text(low), Operand::Text(high)] = pair
                        && (1..=4).contains(&low.len())
                        && self.spaces.len() < 1000
                    {
                        self.spaces.push((low.len(), code(low), code(high)));
                    }
                }
            }
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    if let [Operand::Text(from), to] = pair
                        && let Some(text) = target(to)
                    {
                        self.single.insert(code(from), text.into());
                    }
                }
            }
            b"endbfrange" => {
                for three in operands.chunks_exact(3) {
                    if let [Operand::Text(low), Operand::Text(high), to] = three {
                        self.take_range(code(low), code(high), to);
                    }
                }
            }
            b"endcidchar" => {
                for pair in operands.chunks_exact(2) {
                    if let [Operand::Text(from), to] = pair
                        && let Some(glyph) = glyph(to)
                    {
                        self.glyphs.insert(code(from), glyph);
                    }
                }
            }
            b"endcidrange" => {
                for three in operands.chunks_exact(3) {
                    if let [Operand::Text(low), Operand::Text(high), to] = three
                        && let Some(glyph) = glyph(to)
                    {
                        self.glyph_ranges.push((code(low), code(high), glyph));
                    }
                }
            }
            _ => {}
        }
    }

    fn take_range(&mut self, low: u32, high: u32, to: &Operand<'_>) {
        if high < low {
            return;
        }
        match to {
            Operand::Array(texts) => {
                for (code, to) in (low..=high).zip(texts) {
                    if let Some(text) = target(to) {
                        self.single.insert(code, text.into());
                    }
                }
            }
            other => {
                if let Some(text) = target(other) {
                    self.ranges.push((low, high, text.into()));
                }
            }
        }
    }

    /// Whether the map says anything of Unicode.
    pub(super) fn has_texts(&self) -> bool {
        !self.single.is_empty() || !self.ranges.is_empty()
    }

    /// The text of a code.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.single.get(&code) {
            return Some(text.to_string());
        }
        let before = self.ranges.partition_point(|(low, ..)| *low <= code);
        let earlier = self.ranges.get(..before)?;
        // Ranges may overlap where a producer is careless; the nearest one that reaches the code counts.
        let (low, _, first) = earlier.iter().rev().take(8).find(|(_, high, _)| code <= *high)?;
        let last = first.chars().last()?;
        let moved = char::from_u32(u32::from(last).checked_add(code - low)?)?;
        let mut text: String = first.chars().collect();
        text.pop();
        text.push(moved);
        Some(text)
    }

    /// The glyph number of a code.
    pub(super) fn glyph(&self, code: u32) -> Option<u32> {
        if let Some(glyph) = self.glyphs.get(&code) {
            return Some(*glyph);
        }
        let before = self.glyph_ranges.partition_point(|(low, ..)| *low <= code);
        let (low, high, first) = self.glyph_ranges.get(..before)?.last()?;
        (code <= *high).then(|| first.saturating_add(code - low))
    }

    /// Takes one code from the front of a string: the code and its length. Where the map says nothing, codes have
    /// two bytes.
    pub(super) fn split(&self, bytes: &[u8]) -> (u32, usize) {
        for length in 1..=4 {
            let Some(front) = bytes.get(..length) else { break };
            let found = code(front);
            if self
                .spaces
                .iter()
                .any(|(known, low, high)| *known == length && inside(found, *low, *high, length))
            {
                return (found, length);
            }
        }
        let shortest = self.spaces.iter().map(|(length, ..)| *length).min().unwrap_or(2);
        let length = shortest.min(bytes.len());
        (code(bytes.get(..length).unwrap_or_default()), length)
    }
}

/// A code space is a box: each byte lies between the bytes at its place.
fn inside(found: u32, low: u32, high: u32, length: usize) -> bool {
    (0..length).all(|place| {
        let byte = |code: u32| (code >> (8 * place)) & 0xff;
        (byte(low)..=byte(high)).contains(&byte(found))
    })
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| (code << 8) | u32::from(*byte))
}

fn glyph(operand: &Operand<'_>) -> Option<u32> {
    let number = operand.number()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie among glyph numbers"
    )]
    (0.0..=65535.0).contains(&number).then_some(number as u32)
}

fn target(operand: &Operand<'_>) -> Option<String> {
    match operand {
        Operand::Text(bytes) => {
            if let [byte] = bytes.as_ref() {
                return Some(char::from(*byte).to_string());
            }
            if let Some(ligature) = summed(bytes) {
                return Some(ligature);
            }
            let swapped = is_swapped(bytes);
            let units = bytes.chunks_exact(2).take(64).map(|pair| match pair {
                [low, high] if swapped => u16::from_be_bytes([*high, *low]),
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0,
            });
            let text: String = char::decode_utf16(units).flatten().collect();
            (!text.is_empty()).then_some(text)
        }
        Operand::Name(name) => super::names::text_of(name),
        _ => None,
    }
}

/// Whether the letters of a ligature have their bytes the wrong way round, as Ghostscript writes them: no script has
/// such characters only.
fn is_swapped(bytes: &[u8]) -> bool {
    let pairs = bytes.chunks_exact(2);
    pairs.len() > 1
        && pairs.into_iter().all(|pair| matches!(pair, [low, 0] if low.is_ascii_alphabetic()))
}

/// A ligature of three letters as Ghostscript writes it: the first letter, and the sum of the two others, the first of
/// which is the same again (`ffi`, `ffl`). Bytes are swapped as above; no script has such characters.
fn summed(bytes: &[u8]) -> Option<String> {
    let [first, 0, sum, 0] = *bytes else { return None };
    let last = sum.checked_sub(first)?;
    let letters = [first, first, last];
    (!sum.is_ascii() && letters.iter().all(u8::is_ascii_lowercase))
        .then(|| letters.map(char::from).iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_give_texts_for_single_codes_ranges_and_lists() {
        let map = CharacterMap::parse(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange \
              2 beginbfchar <0003> <0020> <0005> <00660069> endbfchar \
              2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0175> <0177>] endbfrange",
        );
        for (code, text) in
            [(3, Some(" ")), (5, Some("fi")), (0x11, Some("B")), (0x13, None), (0x21, Some("ŷ"))]
        {
            assert_eq!(map.text(code).as_deref(), text, "{code}");
        }
        assert_eq!(map.split(b"\x00\x10\x00"), (0x10, 2));
    }

    #[test]
    fn ligatures_with_their_bytes_swapped_are_read() {
        let map = CharacterMap::parse(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange \
              5 beginbfchar <0001> <66006900> <0002> <660066006900> <0003> <6600> <0004> <6600cf00> \
              <0005> <6600ef00> endbfchar",
        );
        for (code, text) in
            [(1, "fi"), (2, "ffi"), (3, "\u{6600}"), (4, "ffi"), (5, "\u{6600}\u{ef00}")]
        {
            assert_eq!(map.text(code).as_deref(), Some(text));
        }
    }

    #[test]
    fn codes_have_the_length_of_their_space() {
        let map = CharacterMap::parse(
            b"2 begincodespacerange <00> <80> <8140> <9ffc> endcodespacerange \
              1 begincidrange <8140> <817e> 633 endcidrange 1 begincidchar <20> 1 endcidchar",
        );
        assert_eq!(map.split(b"\x20\x81"), (0x20, 1));
        assert_eq!(map.split(b"\x81\x41"), (0x8141, 2));
        assert_eq!(map.glyph(0x8141), Some(634));
        assert_eq!(map.glyph(0x20), Some(1));
        assert_eq!(map.glyph(0x9000), None);
    }

    #[test]
    fn a_map_without_sense_is_empty() {
        let map =
            CharacterMap::parse(b"<< [ (( endbfrange <ff> endbfchar beginbfrange <0> <ffffffff>");
        assert!(!map.has_texts());
        assert_eq!(map.split(b"a"), (0x61, 1));
    }
}
