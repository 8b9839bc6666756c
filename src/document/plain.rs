//! Plain text: UTF-8, UTF-16 with a byte order mark, else Windows-1252. Knows encodings, not contents.

use super::detect::is_utf16;
use super::{DocumentProblem, DocumentText, Segment, limits};

/// Reads plain text.
pub(super) fn read(bytes: &[u8]) -> DocumentText {
    let mut document = DocumentText::default();
    if is_utf16(bytes) {
        read_utf16(bytes, &mut document);
    } else {
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let body = bytes.get(mark..).unwrap_or_default();
        match std::str::from_utf8(body) {
            Ok(text) => push_lines(text, mark, &mut document),
            Err(_) => read_windows_1252(body, mark, &mut document),
        }
    }
    document
}

/// One segment per line: within a line, characters and bytes keep their order.
fn push_lines(text: &str, offset: usize, document: &mut DocumentText) {
    let text = cut(text, document);
    let mut characters = 0;
    let mut byte = offset;
    for line in text.split_inclusive('\n') {
        let count = line.chars().count();
        document.segments.push(Segment {
            text: characters..characters + count,
            source: byte..byte + line.len(),
        });
        characters += count;
        byte += line.len();
    }
    document.text.push_str(text);
}

fn cut<'a>(text: &'a str, document: &mut DocumentText) -> &'a str {
    if text.len() <= limits::LONGEST_TEXT_BYTES {
        return text;
    }
    document.problems.push(truncated());
    let end = (0..=limits::LONGEST_TEXT_BYTES).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or(0)).unwrap_or("")
}

/// The problem of a text that is longer than the limit.
pub(super) fn truncated() -> DocumentProblem {
    DocumentProblem {
        code: "truncated",
        message: format!(
            "the text is longer than {} bytes; the rest was not read and the document is withheld: ask for a shorter one",
            limits::LONGEST_TEXT_BYTES
        ),
        withholds: true,
    }
}

fn read_utf16(bytes: &[u8], document: &mut DocumentText) {
    let little = bytes.starts_with(b"\xff\xfe");
    let body = bytes.get(2..).unwrap_or_default();
    let units = body.chunks(2).map(|pair| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0xfffd,
    });
    let mut damaged = 0;
    let text: String = char::decode_utf16(units)
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                damaged += 1;
                '\u{fffd}'
            })
        })
        .collect();
    let text = cut(&text, document).to_owned();
    document.segments.push(Segment { text: 0..text.chars().count(), source: 2..bytes.len() });
    document.text = text;
    note_damage(damaged, document);
}

fn note_damage(damaged: usize, document: &mut DocumentText) {
    if damaged > 0 {
        document.problems.push(DocumentProblem {
            code: "damaged_characters",
            message: format!("{damaged} character(s) could not be read and stand as \u{fffd}"),
            withholds: false,
        });
    }
}

fn read_windows_1252(bytes: &[u8], offset: usize, document: &mut DocumentText) {
    let mut damaged = 0;
    let text: String = bytes
        .iter()
        .map(|byte| {
            let c = windows_1252(*byte);
            damaged += usize::from(c == '\u{fffd}');
            c
        })
        .collect();
    // One byte is one character here, so one segment holds for the whole.
    let text = cut(&text, document).to_owned();
    let count = text.chars().count();
    document.segments.push(Segment { text: 0..count, source: offset..offset + count });
    document.text = text;
    note_damage(damaged, document);
}

/// The characters of 0x80 to 0x9f in Windows-1252 (WHATWG Encoding Standard); the rest equal Latin-1.
const HIGH: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž',
    '\u{fffd}', '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}',
    'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_read() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbfcaf\xc3\xa9"[..], "café"),
            (b"\xff\xfea\0\xe9\0", "aé"),
            (b"\xfe\xff\0a\0\xe9", "aé"),
            (b"caf\xe9 \x9cuvre \x80", "café œuvre €"),
        ] {
            assert_eq!(read(bytes).text, text);
        }
    }

    #[test]
    fn half_a_character_is_noted_and_the_rest_is_kept() {
        let document = read(b"\xff\xfea\0\x00\xd8b\0");
        assert_eq!(document.text, "a\u{fffd}b");
        assert_eq!(document.problems[0].code, "damaged_characters");
    }

    #[test]
    fn segments_lead_back_to_the_bytes() {
        let bytes = "é\nab".as_bytes();
        let document = read(bytes);
        let last = document.segments.last().unwrap();
        assert_eq!((last.text.clone(), last.source.clone()), (2..4, 3..5));
    }
}
