//! A font as a text reader needs it: the codes of a string, the text of each code, and how wide it is. Draws nothing.
//!
//! The text of a code is sought in this order: `ToUnicode`, the names of the encoding, the encoding, the embedded
//! font program.

mod cmap;
mod names;
mod program;
mod standard;
mod widths;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Object};
use unicode_normalization::UnicodeNormalization;

use self::cmap::CharacterMap;
use self::program::Program;
use self::standard::StandardFont;
use self::widths::Widths;
use super::file::File;
use super::geometry::Matrix;

/// A font of a page.
pub(super) struct Font<'a> {
    file: &'a File,
    dictionary: &'a Dictionary,
    /// The font that a composite font is made of.
    descendant: Option<&'a Dictionary>,
    to_unicode: Option<CharacterMap>,
    kind: Kind<'a>,
    widths: Widths,
    /// From a glyph's own space to text space, for fonts that draw glyphs with content streams.
    scale: f64,
    bold: bool,
    program: OnceCell<Program>,
    known: RefCell<HashMap<u32, Option<Rc<str>>>>,
}

enum Kind<'a> {
    /// One byte is one character.
    Simple { names: HashMap<u32, &'a [u8]>, table: Option<Box<names::Table>> },
    /// Codes of one to four bytes select glyphs by number.
    Composite { codes: Codes, vertical: bool },
}

enum Codes {
    /// Two bytes, which are the character identifier.
    Identity,
    /// Two bytes, which are UTF-16.
    Unicode,
    /// As an embedded map says.
    Map(CharacterMap),
}

/// One code of a string.
pub(super) struct Shown {
    /// What it says; nothing if that cannot be found out.
    pub(super) text: Option<Rc<str>>,
    /// How far it moves the pen, in fractions of the font's size.
    pub(super) advance: f64,
    /// Whether word spacing applies to it.
    pub(super) is_space: bool,
    pub(super) vertical: bool,
}

impl<'a> Font<'a> {
    /// Reads a font.
    pub(super) fn new(file: &'a File, dictionary: &'a Dictionary) -> Self {
        let subtype = file.get_name(dictionary, b"Subtype").unwrap_or_default();
        let descendant = file
            .get_array(dictionary, b"DescendantFonts")
            .and_then(<[Object]>::first)
            .and_then(|object| file.dictionary(object));
        let to_unicode = file
            .get_stream(dictionary, b"ToUnicode")
            .map(|stream| CharacterMap::parse(&file.unpack(stream)))
            .filter(CharacterMap::has_texts);
        let composite = subtype == b"Type0" || descendant.is_some();
        let kind = if composite {
            composite_kind(file, dictionary)
        } else {
            simple_kind(file, dictionary)
        };
        let scale = if subtype == b"Type3" {
            let matrix = file.get_numbers(dictionary, b"FontMatrix", 6);
            let matrix = Matrix::from_numbers(&matrix);
            if matrix == Matrix::IDENTITY { 0.001 } else { matrix.a.abs().max(1.0e-6) }
        } else {
            0.001
        };
        let widths = match descendant {
            Some(descendant) => Widths::of_identifiers(file, descendant),
            None => Widths::of_codes(file, dictionary),
        };
        Self {
            file,
            dictionary,
            descendant,
            to_unicode,
            kind,
            widths,
            scale,
            bold: is_bold(file.get_name(dictionary, b"BaseFont").unwrap_or_default()),
            program: OnceCell::new(),
            known: RefCell::default(),
        }
    }

    /// Whether its letters are bold, as far as its name tells.
    pub(super) fn is_bold(&self) -> bool {
        self.bold
    }

    /// Whether lines run downwards.
    pub(super) fn is_vertical(&self) -> bool {
        matches!(self.kind, Kind::Composite { vertical: true, .. })
    }

    /// Goes through the codes of a string.
    pub(super) fn show(&self, bytes: &[u8], mut each: impl FnMut(Shown)) {
        let Kind::Composite { codes, vertical } = &self.kind else {
            for byte in bytes {
                let code = u32::from(*byte);
                let text = self.text(code);
                let advance = self.width(code, text.as_deref()) * self.scale;
                each(Shown { text, advance, is_space: code == 32, vertical: false });
            }
            return;
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, length) = match codes {
                Codes::Map(map) => map.split(rest),
                Codes::Identity | Codes::Unicode => match rest {
                    [high, low, ..] => (u32::from(*high) << 8 | u32::from(*low), 2),
                    _ => (0, 1),
                },
            };
            rest = rest.get(length.max(1)..).unwrap_or_default();
            let text = self.text(code);
            let advance = if *vertical {
                -1.0
            } else {
                self.widths.of(self.identifier(code)).unwrap_or(1000.0) * self.scale
            };
            let is_space = length == 1 && code == 32;
            each(Shown { text, advance, is_space, vertical: *vertical });
        }
    }

    fn width(&self, code: u32, text: Option<&str>) -> f64 {
        self.widths.of(code).unwrap_or_else(|| {
            let name = self.file.get_name(self.dictionary, b"BaseFont").unwrap_or_default();
            let character = text.and_then(|text| text.chars().next()).unwrap_or('n');
            StandardFont::named(name).width(character)
        })
    }

    fn identifier(&self, code: u32) -> u32 {
        match &self.kind {
            Kind::Composite { codes: Codes::Map(map), .. } => map.glyph(code).unwrap_or(0),
            _ => code,
        }
    }

    fn text(&self, code: u32) -> Option<Rc<str>> {
        if let Some(known) = self.known.borrow().get(&code) {
            return known.clone();
        }
        let text = self.find_text(code).as_deref().and_then(readable).map(Rc::from);
        self.known.borrow_mut().insert(code, text.clone());
        text
    }

    fn find_text(&self, code: u32) -> Option<String> {
        let mapped = self.to_unicode.as_ref().and_then(|map| map.text(code));
        if let Some(text) = mapped.as_ref()
            && text.chars().all(is_telling)
        {
            return mapped;
        }
        let found = match &self.kind {
            Kind::Simple { names, table } => {
                let named = names.get(&code).and_then(|name| names::text_of(name));
                let coded = |table: &names::Table| {
                    let place = usize::try_from(code).ok()?;
                    table.get(place).copied().flatten().map(String::from)
                };
                named
                    .or_else(|| table.as_deref().and_then(coded))
                    .or_else(|| self.program().text_of_code(code))
                    .or_else(|| match (names.get(&code), table) {
                        // A font that says nothing at all is read as the usual Latin encoding.
                        (None, None) => {
                            names::encoding(b"WinAnsiEncoding").as_ref().and_then(coded)
                        }
                        _ => None,
                    })
            }
            Kind::Composite { codes, .. } => match codes {
                Codes::Unicode => char::from_u32(code).map(String::from),
                _ => self.text_of_identifier(self.identifier(code)),
            },
        };
        found.or(mapped)
    }

    fn text_of_identifier(&self, identifier: u32) -> Option<String> {
        let descendant = self.descendant?;
        if let Some(map) = self.file.get_stream(descendant, b"CIDToGIDMap") {
            let map = self.file.unpack(map);
            let place = usize::try_from(identifier).ok()?.checked_mul(2)?;
            return match map.get(place..place.checked_add(2)?)? {
                [high, low] => self.program().text_of_glyph(u16::from_be_bytes([*high, *low])),
                _ => None,
            };
        }
        let identifier = u16::try_from(identifier).ok()?;
        self.program().text_of_identifier(identifier).or_else(|| {
            let information = self.file.get_dictionary(descendant, b"CIDSystemInfo")?;
            names::text_of_collection(&self.file.get_text(information, b"Ordering")?, identifier)
        })
    }

    /// The embedded font program, read when first needed.
    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            let owner = self.descendant.unwrap_or(self.dictionary);
            let Some(descriptor) = self.file.get_dictionary(owner, b"FontDescriptor") else {
                return Program::default();
            };
            let data = |key: &[u8]| {
                self.file.get_stream(descriptor, key).map(|stream| self.file.unpack(stream))
            };
            data(b"FontFile2")
                .and_then(|data| Program::from_opentype(&data))
                .or_else(|| {
                    let data = data(b"FontFile3")?;
                    Program::from_cff(&data).or_else(|| Program::from_opentype(&data))
                })
                .or_else(|| data(b"FontFile").and_then(|data| Program::from_type1(&data)))
                .unwrap_or_default()
        })
    }
}

/// `ABCDEF+NotoSans-Bold`, `CMBX10`, `SFBX1095`
fn is_bold(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let name = name.split_once('+').map_or(name.as_str(), |(_, name)| name);
    ["bold", "black", "heavy"].iter().any(|weight| name.contains(weight))
        || ["cmbx", "cmssbx", "sfbx", "ecbx", "sfsx", "ecsx"]
            .iter()
            .any(|tex| name.starts_with(tex))
}

fn composite_kind<'a>(file: &'a File, dictionary: &'a Dictionary) -> Kind<'a> {
    match file.get(dictionary, b"Encoding") {
        Some(Object::Name(name)) => {
            let codes = if name.starts_with(b"Uni") { Codes::Unicode } else { Codes::Identity };
            Kind::Composite { codes, vertical: name.ends_with(b"-V") }
        }
        Some(Object::Stream(stream)) => {
            let map = CharacterMap::parse(&file.unpack(stream));
            let vertical = file.get_count(&stream.dict, b"WMode") == Some(1);
            Kind::Composite { codes: Codes::Map(map), vertical }
        }
        _ => Kind::Composite { codes: Codes::Identity, vertical: false },
    }
}

fn simple_kind<'a>(file: &'a File, dictionary: &'a Dictionary) -> Kind<'a> {
    let mut names = HashMap::new();
    let mut base = None;
    match file.get(dictionary, b"Encoding") {
        Some(Object::Name(name)) => base = names::encoding(name),
        Some(Object::Dictionary(encoding)) => {
            base = file.get_name(encoding, b"BaseEncoding").and_then(names::encoding);
            let mut code = 0_u32;
            for object in file.get_array(encoding, b"Differences").unwrap_or_default() {
                match file.resolve(object) {
                    Object::Integer(number) => code = u32::try_from(*number).unwrap_or(256),
                    Object::Name(name) if code < 256 => {
                        if name != b".notdef" {
                            names.insert(code, name.as_slice());
                        }
                        code += 1;
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    let descriptor = file.get_dictionary(dictionary, b"FontDescriptor");
    let embedded = descriptor.is_some_and(|descriptor| {
        [&b"FontFile"[..], b"FontFile2", b"FontFile3"]
            .iter()
            .any(|key| file.get_stream(descriptor, key).is_some())
    });
    let name = file.get_name(dictionary, b"BaseFont").unwrap_or_default();
    let own = own_table(name);
    // TeX's bitmap fonts number their glyphs (`a65`) and have no other encoding.
    let numbered = |name: &&[u8]| {
        name.strip_prefix(b"a")
            .is_some_and(|rest| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit))
    };
    let tex = file.get_name(dictionary, b"Subtype") == Some(b"Type3")
        && !names.is_empty()
        && names.values().all(numbered);
    if tex {
        let letters = (0x41..=0x7a).any(|code| names.contains_key(&code));
        // Ligatures, quotation marks and dashes stand elsewhere in the two encodings that are about.
        let has =
            |codes: std::ops::RangeInclusive<u32>| names.keys().any(|code| codes.contains(code));
        let accented = has(0..=0x0a)
            || has(0x80..=0xff)
            || (has(0x10..=0x12) || has(0x15..=0x16) || has(0x1b..=0x1f)) && !has(0x0b..=0x0f);
        let signs = accented && !letters;
        base = Some(if signs { names::tex_signs() } else { names::tex(accented) });
    }
    let table = base.or(own).or_else(|| {
        // An embedded program has an encoding of its own; others follow the standard one.
        (!embedded).then(|| names::encoding(b"StandardEncoding")).flatten()
    });
    Kind::Simple { names, table: table.map(Box::new) }
}

/// The encodings of fonts that have their own alphabet.
fn own_table(name: &[u8]) -> Option<names::Table> {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let plain = name.split_once('+').map_or(name.as_str(), |(_, plain)| plain);
    if plain.starts_with("symbol") {
        Some(names::symbol())
    } else if plain.contains("dingbats") {
        Some(names::dingbats())
    } else if plain.contains("wingdings") || plain.contains("webdings") {
        Some(names::pictures())
    } else {
        None
    }
}

/// Whether a character says something: not a control character, not a private one, not a replacement.
fn is_telling(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}')
}

/// The text as it is read: ligatures taken apart, drawn soft hyphens as the hyphens they look like, spaces as spaces.
fn readable(text: &str) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'ﬀ' => read.push_str("ff"),
            'ﬁ' => read.push_str("fi"),
            'ﬂ' => read.push_str("fl"),
            'ﬃ' => read.push_str("ffi"),
            'ﬄ' => read.push_str("ffl"),
            'ﬅ' | 'ﬆ' => read.push_str("st"),
            'Ĳ' => read.push_str("IJ"),
            'ĳ' => read.push_str("ij"),
            '\u{ad}' => read.push('-'),
            '\t'
            | '\n'
            | '\r'
            | '\u{b}'
            | '\u{c}'
            | '\u{a0}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => read.push(' '),
            // Shapes of Arabic and Hebrew letters, to the letters.
            '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                read.extend(character.nfkc());
            }
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {}
            // Symbol fonts put their bullets into the private block.
            '\u{f0a7}' | '\u{f0a8}' | '\u{f0b7}' | '\u{f0d8}' | '\u{f06e}' | '\u{f076}'
            | '\u{f0fc}' | '\u{f02d}' => read.push('•'),
            other if is_telling(other) => read.push(other),
            _ => return None,
        }
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_it_looks() {
        for (text, read) in [
            ("ﬃ", Some("ffi")),
            ("\u{ad}", Some("-")),
            ("\u{a0}", Some(" ")),
            ("\u{200b}", Some("")),
            ("\u{f0b7}", Some("•")),
            ("\u{e123}", None),
            ("\u{fffd}", None),
        ] {
            assert_eq!(readable(text).as_deref(), read, "{text:?}");
        }
    }
}
