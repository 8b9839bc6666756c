//! Plain text: UTF-8, UTF-16 with or without a byte order mark, else Windows-1252. Knows encodings, not contents.

use encoding_rs::Encoding;

use super::detect::utf16;
use super::{DocumentProblem, DocumentText, Segment, limits};

/// Reads plain text.
pub(super) fn read(bytes: &[u8]) -> DocumentText {
    let mut document = DocumentText::default();
    if let Some(encoding) = utf16(bytes) {
        read_utf16(encoding, bytes, &mut document);
    } else {
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let body = bytes.get(mark..).unwrap_or_default();
        match std::str::from_utf8(body) {
            Ok(text) => push_lines(text, mark, &mut document),
            Err(_) => read_other(body, mark, &mut document),
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

fn read_utf16(encoding: &'static Encoding, bytes: &[u8], document: &mut DocumentText) {
    let mark = if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) { 2 } else { 0 };
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    note_damage(text.matches('\u{fffd}').count(), document);
    let text = cut(&text, document).to_owned();
    document.segments.push(Segment { text: 0..text.chars().count(), source: mark..bytes.len() });
    document.text = text;
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

/// Bytes that are not UTF-8: damaged UTF-8 if most of what is above ASCII reads as such, else Windows-1252, which takes
/// any byte.
fn read_other(bytes: &[u8], offset: usize, document: &mut DocumentText) {
    let lossy = String::from_utf8_lossy(bytes);
    let damaged = lossy.matches('\u{fffd}').count();
    let sound = lossy.chars().filter(|c| !c.is_ascii()).count() - damaged;
    if sound > damaged * 3 {
        note_damage(damaged, document);
        let text = cut(&lossy, document).to_owned();
        let count = text.chars().count();
        document.segments.push(Segment { text: 0..count, source: offset..offset + bytes.len() });
        document.text = text;
        return;
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    let undefined = text.chars().filter(|c| ('\u{80}'..='\u{9f}').contains(c)).count();
    note_damage(undefined, document);
    // One byte is one character here, so one segment holds for the whole.
    let text = cut(&text, document).replace(|c| ('\u{80}'..='\u{9f}').contains(&c), "\u{fffd}");
    let count = text.chars().count();
    document.segments.push(Segment { text: 0..count, source: offset..offset + count });
    document.text = text;
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
            (b"h\0e\0l\0l\0o\0", "hello"),
            (
                b"Si\xc3\xa2n, caf\xc3\xa9, na\xc3\xafve, \xc3\xa9lan, cut \xc3",
                "Siân, café, naïve, élan, cut \u{fffd}",
            ),
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
