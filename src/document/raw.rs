//! Every string of a file that the program wrote, by raw means: not what a reader would show, but what is in the
//! bytes. For the proof that a file is blind. Shares nothing with the readers, so that one fault cannot blind both.

use std::io::{Cursor, Read};

use lopdf::content::Content;
use lopdf::{Document, Object};

/// More than any file that the program writes unpacks to.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Objects are not nested deeper by any writer.
const DEEPEST: usize = 64;

/// What a stretch of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawKind {
    /// The words of a page.
    Words,
    /// Words among marks of the format.
    Mixed,
    /// Strings, names and targets, which run words together.
    Strings,
    /// Not written to be read: short words are in it by chance.
    Binary,
}

/// A stretch of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct RawPart {
    /// Its text.
    pub text: String,
    /// What it is.
    pub kind: RawKind,
}

/// Every stretch of a file, the whole file being one; nothing if it is damaged or larger than such files are.
pub fn raw_parts(bytes: &[u8]) -> Option<Vec<RawPart>> {
    let mut parts = Vec::new();
    if bytes.starts_with(b"%PDF-") {
        push(&mut parts, latin(bytes), RawKind::Binary);
        pdf(bytes, &mut parts)?;
    } else if bytes.starts_with(b"PK") {
        push(&mut parts, latin(bytes), RawKind::Binary);
        archive(bytes, &mut parts)?;
    } else {
        let text = String::from_utf8_lossy(bytes);
        without_tags(&text, &mut parts);
        push(&mut parts, text.into_owned(), RawKind::Mixed);
    }
    Some(parts)
}

fn push(parts: &mut Vec<RawPart>, text: String, kind: RawKind) {
    if !text.trim().is_empty() {
        parts.push(RawPart { text, kind });
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn pdf(bytes: &[u8], parts: &mut Vec<RawPart>) -> Option<()> {
    let file = Document::load_mem(bytes).ok()?;
    let mut strings = Vec::new();
    let mut names = Vec::new();
    for (key, value) in file.trailer.iter() {
        names.push(latin(key));
        collect(value, 0, &mut strings, &mut names);
    }
    let mut unpacked = 0;
    for object in file.objects.values() {
        collect(object, 0, &mut strings, &mut names);
        if let Object::Stream(stream) = object {
            let content = match stream.dict.get(b"Filter") {
                Ok(_) => stream.decompressed_content().ok()?,
                Err(_) => stream.content.clone(),
            };
            unpacked += content.len() as u64;
            if unpacked > MOST_BYTES {
                return None;
            }
            if content.starts_with(b"<?xpacket") || content.starts_with(b"<?xml") {
                let text = String::from_utf8_lossy(&content);
                without_tags(&text, parts);
                push(parts, text.into_owned(), RawKind::Mixed);
            } else {
                push(parts, latin(&content), RawKind::Binary);
            }
        }
    }
    for (number, page) in file.get_pages() {
        push(parts, file.extract_text(&[number]).ok()?, RawKind::Words);
        // Text that stands in for glyphs is in the operands of the content, as dictionaries.
        let content = Content::decode(&file.get_page_content(page)).ok()?;
        for operand in content.operations.iter().flat_map(|operation| &operation.operands) {
            if matches!(operand, Object::Dictionary(_)) {
                collect(operand, 0, &mut strings, &mut names);
            }
        }
    }
    parts.extend(strings.into_iter().map(|text| RawPart { text, kind: RawKind::Strings }));
    push(parts, names.join("\n"), RawKind::Strings);
    Some(())
}

fn collect(object: &Object, depth: usize, strings: &mut Vec<String>, names: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    match object {
        Object::String(bytes, _) => strings.extend(string(bytes)),
        Object::Name(name) => names.push(latin(name)),
        Object::Array(items) => {
            items.iter().for_each(|item| collect(item, depth + 1, strings, names));
        }
        Object::Dictionary(dictionary) => {
            for (key, value) in dictionary.iter() {
                names.push(latin(key));
                collect(value, depth + 1, strings, names);
            }
        }
        Object::Stream(stream) => {
            for (key, value) in stream.dict.iter() {
                names.push(latin(key));
                collect(value, depth + 1, strings, names);
            }
        }
        _ => {}
    }
}

/// A string of a PDF, in UTF-16 or UTF-8 if it says so.
fn string(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.chunks(2).map(|pair| match pair {
                [a, b] => u16::from_be_bytes([*a, *b]),
                _ => 0xfffd,
            });
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => latin(bytes),
    };
    (!text.trim().is_empty()).then_some(text)
}

fn archive(bytes: &[u8], parts: &mut Vec<RawPart>) -> Option<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    push(parts, latin(archive.comment()), RawKind::Strings);
    let mut room = MOST_BYTES;
    for number in 0..archive.len() {
        let entry = archive.by_index(number).ok()?;
        push(parts, entry.name().ok()?.into_owned(), RawKind::Strings);
        let mut content = Vec::new();
        let read = entry.take(room).read_to_end(&mut content).ok()?;
        room = room.checked_sub(read as u64).filter(|room| *room > 0)?;
        match String::from_utf8(content) {
            Ok(text) => {
                without_tags(&text, parts);
                push(parts, text, RawKind::Mixed);
            }
            Err(error) => push(parts, latin(error.as_bytes()), RawKind::Binary),
        }
    }
    Some(())
}

/// The text between tags, once run together, as words that are split over runs stand, and once parted; and what stands
/// in the tags.
fn without_tags(text: &str, parts: &mut Vec<RawPart>) {
    if !text.contains('<') {
        return;
    }
    let mut joined = String::with_capacity(text.len());
    let mut parted = String::with_capacity(text.len());
    let mut tags = String::new();
    for piece in text.split('<') {
        let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
        joined.push_str(words);
        parted.push(' ');
        parted.push_str(words);
        tags.push_str(tag);
        tags.push('\n');
    }
    push(parts, joined, RawKind::Mixed);
    push(parts, parted, RawKind::Mixed);
    push(parts, tags, RawKind::Strings);
}
