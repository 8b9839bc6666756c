//! Reads XML as elements with known namespaces and text with its place. Refuses a document type declaration, knows no
//! entities beyond the five, and stops at a fixed depth. Knows no vocabulary.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::QName;

use super::limits;

/// The namespaces that readers ask for; those of the transitional and the strict standard are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// WordprocessingML.
    Word,
    /// WordprocessingML, additions of 2010 and later.
    WordNewer,
    /// DrawingML, its pictures, diagrams and charts.
    Drawing,
    /// Alternatives for older readers.
    Compatibility,
    /// VML and its Office extensions.
    Vml,
    /// Formulas.
    Math,
    /// Package relationships.
    Relations,
    /// Core, extended and custom properties, and Dublin Core.
    Properties,
    /// OpenDocument: office.
    Office,
    /// OpenDocument: text.
    Text,
    /// OpenDocument: table.
    Table,
    /// OpenDocument: draw.
    Draw,
    /// OpenDocument: style.
    Style,
    /// OpenDocument: form.
    Form,
    /// OpenDocument: meta.
    Meta,
    /// SVG names in OpenDocument.
    Svg,
    /// OpenDocument: package manifest.
    Manifest,
    /// Anything else.
    Other,
}

fn namespace(uri: &str) -> Ns {
    const ODF: &str = "urn:oasis:names:tc:opendocument:xmlns:";
    if let Some(rest) = uri.strip_prefix(ODF) {
        return match rest.split(':').next().unwrap_or_default() {
            "office" => Ns::Office,
            "text" => Ns::Text,
            "table" => Ns::Table,
            "drawing" => Ns::Draw,
            "style" => Ns::Style,
            "form" => Ns::Form,
            "meta" => Ns::Meta,
            "svg-compatible" => Ns::Svg,
            "manifest" => Ns::Manifest,
            _ => Ns::Other,
        };
    }
    match uri {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Ns::Word,
        "http://schemas.openxmlformats.org/markup-compatibility/2006" => Ns::Compatibility,
        "urn:schemas-microsoft-com:vml" | "urn:schemas-microsoft-com:office:office" => Ns::Vml,
        "http://schemas.openxmlformats.org/package/2006/relationships" => Ns::Relations,
        "http://purl.org/dc/elements/1.1/" | "http://purl.org/dc/terms/" => Ns::Properties,
        _ if uri.starts_with("http://schemas.microsoft.com/office/word/") => Ns::WordNewer,
        _ if uri.contains("/officeDocument/2006/math") || uri.ends_with("/officeDocument/math") => {
            Ns::Math
        }
        _ if uri.contains("-properties") || uri.contains("Properties") => Ns::Properties,
        _ if uri.contains("/drawingml/") => Ns::Drawing,
        _ => Ns::Other,
    }
}

/// Why reading stopped before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum XmlFault {
    /// Not well formed.
    Damaged,
    /// A document type declaration, which office files never have and attacks do.
    Doctype,
    /// More elements within elements than any document has.
    TooDeep,
}

/// An element's start.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    /// Its namespace.
    pub(super) ns: Ns,
    /// Its name without a prefix.
    pub(super) name: &'a str,
    /// All between the angle brackets.
    raw: &'a str,
}

impl Element<'_> {
    /// The value of the first attribute with this name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        memmem::find(self.raw.as_bytes(), name.as_bytes())?;
        let position = self.raw.find([' ', '\t', '\r', '\n'])?;
        Attributes::new(self.raw, position)
            .with_checks(false)
            .flatten()
            .find(|attribute| local(attribute.key.0) == name)
            .map(|attribute| resolve(&attribute.value).into_owned())
    }

    /// Every attribute: its name without a prefix, and its value. Declarations of namespaces are among them.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, String)> {
        let position = self.raw.find([' ', '\t', '\r', '\n']).unwrap_or(self.raw.len());
        let mut attributes = Attributes::new(self.raw, position);
        attributes.with_checks(false);
        attributes
            .flatten()
            .map(|attribute| (local(attribute.key.0), resolve(&attribute.value).into_owned()))
    }
}

/// What comes next.
pub(super) enum Token<'a> {
    /// An element starts.
    Open(Element<'a>),
    /// An element ends.
    Close(Ns, &'a str),
    /// Characters, and the bytes they stood in.
    Text(Cow<'a, str>, Range<usize>),
    /// The end, orderly or not.
    End(Option<XmlFault>),
}

/// A reader over one part.
pub(super) struct Xml<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    /// The open elements with their full names, outermost first.
    open: Vec<(Ns, &'a str)>,
    /// Prefixes, with the depth at which each was declared.
    prefixes: Vec<(usize, &'a str, Ns)>,
    /// Whether the end was reached, and why there.
    end: Option<Option<XmlFault>>,
    /// The bytes of the last token.
    place: Range<usize>,
}

impl<'a> Xml<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { source, reader, open: Vec::new(), prefixes: Vec::new(), end: None, place: 0..0 }
    }

    /// The next token; after the end, the end again.
    pub(super) fn next(&mut self) -> Token<'a> {
        if let Some(fault) = self.end {
            return Token::End(fault);
        }
        match self.step() {
            Ok(Some(token)) => token,
            Ok(None) => {
                // A part that stops while elements are open was cut.
                let fault = (!self.open.is_empty()).then_some(XmlFault::Damaged);
                self.end = Some(fault);
                Token::End(fault)
            }
            Err(fault) => {
                self.end = Some(Some(fault));
                Token::End(Some(fault))
            }
        }
    }

    /// The bytes that the last token stood in.
    pub(super) fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// Passes over the rest of the element whose start was read last. A fault in it ends the part.
    pub(super) fn skip(&mut self) {
        let Some((_, name)) = self.open.pop().filter(|_| self.end.is_none()) else { return };
        let depth = self.open.len();
        self.prefixes.retain(|(declared, _, _)| *declared <= depth);
        if self.reader.read_to_end(QName(name)).is_err() {
            self.end = Some(Some(XmlFault::Damaged));
        }
    }

    fn step(&mut self) -> Result<Option<Token<'a>>, XmlFault> {
        loop {
            let from = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let event = self.reader.read_event().map_err(|_| XmlFault::Damaged)?;
            let to = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            self.place = from..to;
            return Ok(Some(match event {
                Event::Start(_) | Event::Empty(_) => Token::Open(self.enter(from, to)?),
                Event::End(_) => {
                    let (ns, name) = self.open.pop().unwrap_or((Ns::Other, ""));
                    let depth = self.open.len();
                    while self.prefixes.last().is_some_and(|(declared, _, _)| *declared > depth) {
                        self.prefixes.pop();
                    }
                    Token::Close(ns, local(name))
                }
                Event::Text(text) => Token::Text(text.xml10_content(), from..to),
                Event::CData(text) => Token::Text(text.xml10_content(), from..to),
                Event::GeneralRef(name) => {
                    Token::Text(Cow::Owned(character(&name).to_string()), from..to)
                }
                Event::DocType(_) => return Err(XmlFault::Doctype),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            }));
        }
    }

    fn enter(&mut self, from: usize, to: usize) -> Result<Element<'a>, XmlFault> {
        if self.open.len() >= limits::DEEPEST_NESTING {
            return Err(XmlFault::TooDeep);
        }
        let whole = self.source.get(from..to).unwrap_or_default();
        let raw = whole.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let depth = self.open.len() + 1;
        if memmem::find(raw.as_bytes(), b"xmlns").is_some() {
            self.declare(raw, depth)?;
        }
        let full = raw.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
        let prefix = full.split_once(':').map_or("", |(prefix, _)| prefix);
        let known = self.prefixes.iter().rev().find(|(_, declared, _)| *declared == prefix);
        let ns = known.map_or(Ns::Other, |(_, _, ns)| *ns);
        self.open.push((ns, full));
        Ok(Element { ns, name: local(full), raw })
    }

    fn declare(&mut self, raw: &'a str, depth: usize) -> Result<(), XmlFault> {
        let position = raw.find([' ', '\t', '\r', '\n']).unwrap_or(raw.len());
        for attribute in Attributes::new(raw, position).with_checks(false).flatten() {
            let prefix = match attribute.key.0.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                None if attribute.key.0 == "xmlns" => "",
                _ => continue,
            };
            if self.prefixes.len() >= limits::MOST_PREFIXES {
                return Err(XmlFault::Damaged);
            }
            self.prefixes.push((depth, prefix, namespace(&resolve(&attribute.value))));
        }
        Ok(())
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// What stands between `&` and `;`. Entities beyond the five need a declaration, and those are refused.
fn character(name: &str) -> char {
    match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => name
            .strip_prefix('#')
            .and_then(|number| match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            })
            .and_then(char::from_u32)
            .filter(|found| *found != '\0')
            .unwrap_or('\u{fffd}'),
    }
}

/// An attribute's value with its references resolved.
fn resolve(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        value.push_str(before);
        match after.split_once(';') {
            Some((name, after)) if name.len() <= 10 => {
                value.push(character(name));
                rest = after;
            }
            _ => {
                value.push('&');
                rest = after;
            }
        }
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// A part's bytes as text: UTF-8, or UTF-16, or what the declaration names.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let declared = bytes.get(..bytes.len().min(120)).unwrap_or_default();
    let named = String::from_utf8_lossy(declared)
        .split_once("encoding=")
        .map(|(_, rest)| rest.trim_start_matches(['"', '\'']))
        .and_then(|rest| rest.split(['"', '\'']).next().map(str::to_owned));
    let encoding = named
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8);
    // A byte order mark overrules the declaration.
    encoding.decode(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> (String, Option<XmlFault>) {
        let mut xml = Xml::new(source);
        let mut seen = String::new();
        loop {
            match xml.next() {
                Token::Open(element) => {
                    seen.push_str(&format!("<{:?}:{}>", element.ns, element.name))
                }
                Token::Close(ns, name) => seen.push_str(&format!("</{ns:?}:{name}>")),
                Token::Text(text, range) => seen.push_str(&format!("{text}@{range:?}")),
                Token::End(fault) => return (seen, fault),
            }
        }
    }

    const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    #[test]
    fn prefixes_do_not_matter_and_text_has_its_place() {
        for (source, seen) in [
            (
                format!("<?xml version=\"1.0\"?><ns0:p xmlns:ns0='{WORD}'><ns0:t>a&amp;b</ns0:t></ns0:p>"),
                "<Word:p><Word:t>a@108..109&@109..114b@114..115</Word:t></Word:p>",
            ),
            (
                "<p xmlns='http://purl.oclc.org/ooxml/wordprocessingml/main'><t a='1'/><x xmlns=''/><!--c--></p>"
                    .to_owned(),
                "<Word:p><Word:t></Word:t><Other:x></Other:x></Word:p>",
            ),
        ] {
            assert_eq!(read(&source), (seen.to_owned(), None));
        }
    }

    #[test]
    fn what_is_refused_or_damaged_is_named() {
        let deep = "<a>".repeat(300);
        for (source, fault) in [
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", XmlFault::Doctype),
            (deep.as_str(), XmlFault::TooDeep),
            ("<a><b></a>", XmlFault::Damaged),
            ("<a>cut", XmlFault::Damaged),
        ] {
            assert_eq!(read(source).1, Some(fault), "{source}");
        }
        assert_eq!(read("<a>&unknown;&#0;&#x41;</a>").0.matches('\u{fffd}').count(), 2);
    }

    #[test]
    fn attributes_are_found_by_name_whatever_their_prefix() {
        let mut xml = Xml::new("<a w:val='x &lt; y' other=\"2\"/>");
        let Token::Open(element) = xml.next() else { panic!("an element comes first") };
        assert_eq!(element.attribute("val").as_deref(), Some("x < y"));
        assert_eq!(element.attribute("other").as_deref(), Some("2"));
        assert_eq!(element.attribute("missing"), None);
    }

    #[test]
    fn parts_in_other_encodings_are_read() {
        let utf16: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16), "<a>é</a>");
        let latin = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\xe9</a>";
        assert!(decode(latin).ends_with("<a>é</a>"));
    }
}
