//! A PDF's objects behind limits: opening, decryption with the empty password, looking things up without loops, and
//! unpacking within a budget. Knows objects, not pages.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use lopdf::xref::XrefRecovery;
use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};

use crate::document::limits;

/// Why a file could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It needs a password.
    Locked,
    /// No objects can be found in it.
    Damaged,
    /// It has more objects than an application needs by far.
    Overgrown,
}

/// Values and delimiters outside streams. Each becomes an object of some hundred bytes; a long form has some hundred
/// thousand.
const MOST_TOKENS: usize = 1_000_000;
/// What all streams of objects together may unpack to, for the same reason.
const LARGEST_OBJECTS_BYTES: usize = 4 * 1024 * 1024;

/// An opened file.
pub(super) struct File {
    document: Document,
    /// Bytes that may still be unpacked.
    budget: Cell<usize>,
    /// Unpacked streams, so that a form drawn on every page costs its size once.
    unpacked: RefCell<HashMap<usize, Rc<Vec<u8>>>>,
    /// Streams that could not be unpacked whole.
    faults: Cell<usize>,
    /// Whether a stream was refused for its size.
    burst: Cell<bool>,
    started: Instant,
    nothing: Dictionary,
}

impl File {
    /// Opens a file. Streams of objects share what the unpacking limit allows, so that many small bombs are no more
    /// than one large one.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        if plain_tokens(bytes) > MOST_TOKENS {
            return Err(Refusal::Overgrown);
        }
        let packed = ["ObjStm", "XRef"]
            .into_iter()
            .map(|name| memchr::memmem::find_iter(bytes, name.as_bytes()).count())
            .sum::<usize>();
        let share = LARGEST_OBJECTS_BYTES / packed.max(1);
        let by_ratio = bytes.len().saturating_mul(limits::LARGEST_RATIO);
        let options = LoadOptions {
            max_decompressed_size: Some(share.min(by_ratio).max(64 * 1024)),
            ..LoadOptions::default()
        };
        let started = Instant::now();
        let document =
            Document::load_mem_with_options(bytes, options.clone()).map_err(|error| {
                use lopdf::Error;
                match error {
                    Error::InvalidPassword | Error::Unimplemented(_) if is_encrypted(bytes) => {
                        Refusal::Locked
                    }
                    Error::Decompress(_) => Refusal::Overgrown,
                    _ => Refusal::Damaged,
                }
            })?;
        // Without its password, the document still names its encryption and has no readable objects.
        if document.trailer.has(b"Encrypt") {
            return Err(Refusal::Locked);
        }
        if document.objects.is_empty() {
            return Err(Refusal::Damaged);
        }
        Ok(Self {
            document,
            budget: Cell::new(limits::LARGEST_UNPACKED_BYTES),
            unpacked: RefCell::default(),
            faults: Cell::new(0),
            burst: Cell::new(false),
            started,
            nothing: Dictionary::new(),
        })
    }

    /// Whether the table of objects had to be made again by searching the file for objects.
    pub(super) fn was_rebuilt(&self) -> bool {
        self.document.xref_recovery == Some(XrefRecovery::Reconstructed)
    }

    /// Whether the time for one document is used up.
    pub(super) fn is_late(&self) -> bool {
        self.started.elapsed() > Duration::from_millis(limits::LONGEST_READING_MS)
    }

    /// How many streams could not be unpacked whole.
    pub(super) fn faults(&self) -> usize {
        self.faults.get()
    }

    /// Whether something in the file unpacks to more than the limits allow.
    pub(super) fn has_burst(&self) -> bool {
        self.burst.get()
    }

    /// A dictionary without members, for what a damaged file lacks.
    pub(super) fn nothing(&self) -> &Dictionary {
        &self.nothing
    }

    pub(super) fn trailer(&self) -> &Dictionary {
        &self.document.trailer
    }

    pub(super) fn catalog(&self) -> Option<&Dictionary> {
        self.trailer().get(b"Root").ok().and_then(|root| self.dictionary(root))
    }

    /// Every object of the file, by number.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.document.objects.values()
    }

    /// Follows references; what is missing or circular is null.
    pub(super) fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.document.dereference(object).map_or(&Object::Null, |(_, object)| object)
    }

    /// A member of a dictionary, references followed, null as absent.
    pub(super) fn get<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        let object = self.resolve(dictionary.get(key).ok()?);
        (!matches!(object, Object::Null)).then_some(object)
    }

    /// A dictionary, or the dictionary of a stream.
    pub(super) fn dictionary<'a>(&'a self, object: &'a Object) -> Option<&'a Dictionary> {
        match self.resolve(object) {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    pub(super) fn get_dictionary<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &[u8],
    ) -> Option<&'a Dictionary> {
        self.get(dictionary, key).and_then(|object| self.dictionary(object))
    }

    pub(super) fn get_array<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &[u8],
    ) -> Option<&'a [Object]> {
        match self.get(dictionary, key)? {
            Object::Array(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn get_stream<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &[u8],
    ) -> Option<&'a Stream> {
        match self.get(dictionary, key)? {
            Object::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    pub(super) fn get_name<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &[u8],
    ) -> Option<&'a [u8]> {
        match self.get(dictionary, key)? {
            Object::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn number(&self, object: &Object) -> Option<f64> {
        match self.resolve(object) {
            #[expect(clippy::cast_precision_loss, reason = "coordinates are far below 2^52")]
            Object::Integer(number) => Some((*number as f64).clamp(-1.0e9, 1.0e9)),
            Object::Real(number) if number.is_finite() => {
                Some(f64::from(*number).clamp(-1.0e9, 1.0e9))
            }
            _ => None,
        }
    }

    pub(super) fn get_number(&self, dictionary: &Dictionary, key: &[u8]) -> Option<f64> {
        self.number(dictionary.get(key).ok()?)
    }

    /// An integer that is not negative.
    pub(super) fn get_count(&self, dictionary: &Dictionary, key: &[u8]) -> Option<usize> {
        match self.get(dictionary, key)? {
            Object::Integer(number) => usize::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The numbers of an array, up to as many as asked for.
    pub(super) fn get_numbers(&self, dictionary: &Dictionary, key: &[u8], most: usize) -> Vec<f64> {
        self.get_array(dictionary, key)
            .unwrap_or_default()
            .iter()
            .take(most)
            .filter_map(|object| self.number(object))
            .collect()
    }

    /// A text string, from whichever of its three encodings.
    pub(super) fn text(&self, object: &Object) -> Option<String> {
        match self.resolve(object) {
            Object::String(bytes, _) => Some(decode_text(bytes)),
            // Long form values and scripts may be streams of text.
            Object::Stream(stream) => Some(decode_text(&self.unpack(stream))),
            _ => None,
        }
    }

    pub(super) fn get_text(&self, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
        self.text(dictionary.get(key).ok()?)
    }

    /// The content of a stream, unpacked within what is left of the budget; what cannot be unpacked is empty, and
    /// counted.
    pub(super) fn unpack(&self, stream: &Stream) -> Rc<Vec<u8>> {
        let identity = std::ptr::from_ref(stream) as usize;
        if let Some(known) = self.unpacked.borrow().get(&identity) {
            return Rc::clone(known);
        }
        let by_ratio = stream.content.len().saturating_mul(limits::LARGEST_RATIO);
        let limit = self.budget.get().min(by_ratio.max(limits::RATIO_FREE_BYTES));
        let content = match stream.decompressed_content_with_limit(limit) {
            Ok(content) => content,
            Err(lopdf::Error::Decompress(_)) => {
                self.burst.set(true);
                Vec::new()
            }
            Err(_) => Vec::new(),
        };
        if content.is_empty() && !stream.content.is_empty() {
            self.faults.set(self.faults.get() + 1);
        }
        self.budget.set(self.budget.get().saturating_sub(content.len()));
        let content = Rc::new(content);
        self.unpacked.borrow_mut().insert(identity, Rc::clone(&content));
        content
    }
}

/// How many values stand outside streams, about: starts of words, and delimiters.
fn plain_tokens(bytes: &[u8]) -> usize {
    let mut tokens = 0;
    let mut rest = bytes;
    while !rest.is_empty() {
        let start = memchr::memmem::find(rest, b"stream");
        let (outside, after) = rest.split_at(start.unwrap_or(rest.len()));
        let mut apart = true;
        for byte in outside {
            let space = byte.is_ascii_whitespace();
            let delimiter = matches!(byte, b'[' | b'<' | b'(' | b'/');
            tokens += usize::from(delimiter || apart && !space);
            apart = space;
        }
        let body = after.get(6..).unwrap_or_default();
        rest = match memchr::memmem::find(body, b"endstream") {
            Some(end) => body.get(end + 9..).unwrap_or_default(),
            None => body,
        };
    }
    tokens
}

fn is_encrypted(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"/Encrypt").is_some()
}

/// Text strings are UTF-16 or UTF-8 with a mark, else the encoding of PDF itself. Damaged characters are replaced.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    let utf16 = |body: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = body.chunks_exact(2).map(|pair| match pair {
            [a, b] => unit([*a, *b]),
            _ => 0xfffd,
        });
        char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect::<String>()
    };
    match bytes {
        [0xfe, 0xff, body @ ..] => without_language_marks(&utf16(body, u16::from_be_bytes)),
        [0xff, 0xfe, body @ ..] => utf16(body, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, body @ ..] => String::from_utf8_lossy(body).into_owned(),
        // Producers that know no better write UTF-8 without a mark.
        body if !body.is_ascii()
            && let Ok(text) = std::str::from_utf8(body) =>
        {
            text.to_owned()
        }
        body => {
            let string = Object::String(body.to_vec(), lopdf::StringFormat::Literal);
            lopdf::decode_text_string(&string).unwrap_or_default()
        }
    }
}

/// Removes the language codes that may stand between two escape characters.
fn without_language_marks(text: &str) -> String {
    text.split('\u{1b}').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_are_read_in_each_of_their_encodings() {
        for (bytes, text) in [
            (&b"\xfe\xff\x00S\x01\x75"[..], "Sŵ".to_owned()),
            (b"\xff\xfeS\0", "S".to_owned()),
            (b"\xef\xbb\xbf\xc5\xb5", "ŵ".to_owned()),
            (b"\xc5\xb5", "ŵ".to_owned()),
            (b"caf\xe9 \x84", "café —".to_owned()),
            (b"\xfe\xff\0\x1b\0e\0n\0\x1b\0J\0o", "Jo".to_owned()),
            (b"\xfe\xff\xd8\x00", "\u{fffd}".to_owned()),
        ] {
            assert_eq!(decode_text(bytes), text, "{bytes:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_file_are_refused() {
        assert_eq!(File::open(b"%PDF-1.7 nothing").err(), Some(Refusal::Damaged));
    }
}
