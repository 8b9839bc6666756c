//! Glyph names and encodings to characters. The names that PDF's own encodings use are known to the object library;
//! this adds the systematic ones (`uni0175`, `u1F600`, `f_i`, `a.sc`) and the two picture alphabets.

use lopdf::{Dictionary, Document, Encoding, Object};

/// One character for each code, where the encoding has one.
pub(super) type Table = [Option<char>; 256];

/// A table in which no code means anything.
pub(super) const EMPTY: Table = [None; 256];

/// The encoding of a name in PDF, if it is one of the fixed ones.
pub(super) fn encoding(name: &[u8]) -> Option<Table> {
    match name {
        b"StandardEncoding" | b"WinAnsiEncoding" | b"MacRomanEncoding" | b"MacExpertEncoding"
        | b"PDFDocEncoding" => {}
        _ => return None,
    }
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Name(name.to_vec()));
    let nothing = Document::new();
    let Ok(Encoding::OneByteEncoding(codes)) = font.get_font_encoding(&nothing) else {
        return None;
    };
    let mut table = EMPTY;
    for (slot, glyph) in table.iter_mut().zip(codes) {
        *slot = glyph.and_then(|glyph| char::from_u32(u32::from(glyph.utf16_code_unit())));
    }
    Some(table)
}

/// The Latin characters of the numbered collections of East Asian fonts, which all begin with ASCII.
pub(super) fn text_of_collection(ordering: &str, identifier: u16) -> Option<String> {
    let code = match (ordering, identifier) {
        ("Japan1" | "GB1" | "CNS1" | "Korea1", 1..=95) => identifier + 31,
        // Half as wide as the others.
        ("Japan1", 231..=325) => identifier - 199,
        ("GB1", 814..=908) => identifier - 782,
        ("CNS1", 13_648..=13_742) => identifier - 13_616,
        ("Korea1", 8_094..=8_188) => identifier - 8_062,
        _ => return None,
    };
    char::from_u32(u32::from(code)).map(String::from)
}

/// The built-in encoding of Symbol: Greek under Latin keys, and ASCII's marks where they are.
pub(super) fn symbol() -> Table {
    let mut table = ascii();
    let upper = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    let lower = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    put(&mut table, 0x41, upper);
    put(&mut table, 0x61, lower);
    put(&mut table, 0xa0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…");
    table
}

/// The built-in encoding of Zapf Dingbats, which Unicode's Dingbats block follows.
pub(super) fn dingbats() -> Table {
    let mut table = EMPTY;
    for (code, slot) in (0_u32..).zip(table.iter_mut()) {
        if (0x21..=0x7e).contains(&code) {
            *slot = char::from_u32(0x2700 + code - 0x20);
        }
    }
    for (code, character) in [
        (0x20, ' '),
        (0x25, '☎'),
        (0x2a, '☛'),
        (0x2b, '☞'),
        (0x48, '★'),
        (0x6c, '●'),
        (0x6e, '■'),
        (0x73, '▲'),
        (0x74, '▼'),
        (0x75, '◆'),
        (0x77, '◗'),
    ] {
        put(&mut table, code, character.encode_utf8(&mut [0; 4]));
    }
    table
}

/// Fonts of little pictures: every code is a bullet, whatever it shows.
pub(super) fn pictures() -> Table {
    let mut table = [Some('•'); 256];
    put(&mut table, 0x20, " ");
    table
}

/// The encodings of TeX's own bitmap fonts, whose glyphs are only numbered. Fonts with accented letters of their own
/// use the Cork encoding; the older ones end at 0x7F.
pub(super) fn tex(accented: bool) -> Table {
    let mut table = ascii();
    put(&mut table, 0x1b, "ﬀﬁﬂﬃﬄ");
    put(&mut table, 0x27, "’");
    put(&mut table, 0x60, "‘");
    if accented {
        put(&mut table, 0x00, "`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—");
        put(&mut table, 0x19, "ıȷ");
        put(&mut table, 0x7f, "-ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§");
        put(&mut table, 0xa0, "ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£");
        for (code, slot) in (0_u32..).zip(table.iter_mut()).skip(0xc0) {
            *slot = char::from_u32(code);
        }
        put(&mut table, 0xd7, "Œ");
        put(&mut table, 0xdf, "ẞ");
        put(&mut table, 0xf7, "œ");
        put(&mut table, 0xff, "ß");
    } else {
        put(&mut table, 0x0b, "ﬀﬁﬂﬃﬄıȷ`´ˇ˘¯˚¸ß");
        put(&mut table, 0x5c, "“");
        put(&mut table, 0x5e, "ˆ˙");
        put(&mut table, 0x7b, "–—˝˜¨");
    }
    table
}

/// The encoding of TeX's fonts of signs that go with its letters.
pub(super) fn tex_signs() -> Table {
    let mut table = ascii();
    put(&mut table, 0x84, "†‡‖‰•");
    for (code, slot) in (0_u32..).zip(table.iter_mut()).skip(0xa0) {
        *slot = char::from_u32(code);
    }
    put(&mut table, 0xbf, "€");
    table
}

fn ascii() -> Table {
    let mut table = EMPTY;
    for (code, slot) in (0_u8..=0x7e).zip(table.iter_mut()) {
        *slot = (code >= 0x20).then_some(char::from(code));
    }
    table
}

fn put(table: &mut Table, from: usize, characters: &str) {
    for (slot, character) in table.iter_mut().skip(from).zip(characters.chars()) {
        *slot = Some(character);
    }
}

/// The text of a glyph's name.
pub(super) fn text_of(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    // What follows a full stop tells variants apart: small capitals, old-style figures.
    let base = match name.split_once('.') {
        Some(("", _)) => return None,
        Some((base, _)) => base,
        None => name,
    };
    if let Some(whole) = part(base) {
        return Some(whole);
    }
    if !base.contains('_') {
        return None;
    }
    base.split('_').map(part).collect()
}

fn part(name: &str) -> Option<String> {
    if let Some(character) = known(name) {
        return Some(character.to_string());
    }
    if let Some(digits) = name.strip_prefix("uni")
        && digits.len() >= 4
        && digits.len() % 4 == 0
        && digits.is_ascii()
    {
        let units: Option<Vec<u16>> = digits
            .as_bytes()
            .chunks(4)
            .map(|four| u16::from_str_radix(std::str::from_utf8(four).ok()?, 16).ok())
            .collect();
        return String::from_utf16(&units?).ok();
    }
    let digits = name.strip_prefix('u')?;
    if !(4..=6).contains(&digits.len()) {
        return None;
    }
    let code = u32::from_str_radix(digits, 16).ok()?;
    char::from_u32(code).map(String::from)
}

/// Names that TeX's fonts use beside the usual ones.
const OTHERS: [(&str, char); 14] = [
    ("ff", '\u{fb00}'),
    ("ffi", '\u{fb03}'),
    ("ffl", '\u{fb04}'),
    ("st", '\u{fb06}'),
    ("dotlessj", '\u{237}'),
    ("visiblespace", '\u{2423}'),
    ("nbspace", '\u{a0}'),
    ("sfthyphen", '\u{ad}'),
    ("hyphenchar", '-'),
    ("compwordmark", '\u{200c}'),
    ("Wcircumflex", 'Ŵ'),
    ("wcircumflex", 'ŵ'),
    ("Ycircumflex", 'Ŷ'),
    ("ycircumflex", 'ŷ'),
];

fn known(name: &str) -> Option<char> {
    if let Some((_, character)) = OTHERS.iter().find(|(other, _)| *other == name) {
        return Some(*character);
    }
    if name == ".notdef" || name.len() > 40 {
        return None;
    }
    // The library's list of names answers for one encoding at a time.
    let mut differences = Dictionary::new();
    differences.set(
        "Differences",
        Object::Array(vec![Object::Integer(0), Object::Name(name.as_bytes().to_vec())]),
    );
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Dictionary(differences));
    let nothing = Document::new();
    let Ok(Encoding::Differences(found)) = font.get_font_encoding(&nothing) else { return None };
    let glyph = found.map.get(&0)?;
    char::from_u32(u32::from(glyph.utf16_code_unit())).filter(|character| *character != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_characters() {
        for (name, text) in [
            ("A", Some("A")),
            ("wcircumflex", Some("ŵ")),
            ("eacute", Some("é")),
            ("Lslash", Some("Ł")),
            ("uni0175", Some("ŵ")),
            ("uni00410042", Some("AB")),
            ("u1F600", Some("😀")),
            ("f_f_i", Some("ﬃ")),
            ("T_h", Some("Th")),
            ("a.sc", Some("a")),
            ("fi", Some("ﬁ")),
            ("alpha", Some("α")),
            ("afii10017", Some("А")),
            ("space", Some(" ")),
            (".notdef", None),
            ("g123", None),
            ("uniD800", None),
        ] {
            assert_eq!(text_of(name.as_bytes()).as_deref(), text, "{name}");
        }
    }

    #[test]
    fn encodings_give_each_code_its_character() {
        for (name, code, character) in [
            (&b"WinAnsiEncoding"[..], 0x92, '’'),
            (b"WinAnsiEncoding", 0xe9, 'é'),
            (b"MacRomanEncoding", 0x8e, 'é'),
            (b"StandardEncoding", 0xae, 'ﬁ'),
            (b"StandardEncoding", 0x27, '’'),
        ] {
            assert_eq!(encoding(name).unwrap()[code], Some(character));
        }
        assert!(encoding(b"Identity-H").is_none());
        assert_eq!(symbol()[0xb7], Some('•'));
        assert_eq!(symbol()[0x61], Some('α'));
        assert_eq!(dingbats()[0x6c], Some('●'));
        assert_eq!(
            (tex(true)[0x8a], tex(true)[0xe9], tex(true)[0xbf]),
            (Some('Ł'), Some('é'), Some('£'))
        );
        assert_eq!((tex(false)[0x0c], tex(false)[0x7b]), (Some('ﬁ'), Some('–')));
    }
}
