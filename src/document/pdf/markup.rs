//! XML inside PDFs (metadata, rich text, form data) as elements and characters. Forgiving of damage, bounded, resolves
//! no entity but the five; knows no vocabulary.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements within elements.
const DEEPEST: usize = 128;
/// Attributes of one element.
const MOST_ATTRIBUTES: usize = 100;

/// What comes next.
pub(super) enum Markup {
    /// An element starts.
    Open(Element),
    /// Characters.
    Text(String),
    /// The innermost open element ends.
    Close,
}

/// An element's start.
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// Names with their prefixes, and values.
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of the attribute with this name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| local(key) == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Reads up to so many events and stops at the first fault, or where elements nest deeper than any program writes them.
pub(super) fn read(bytes: &[u8], most: usize, mut take: impl FnMut(Markup)) {
    let text = if let [0xfe, 0xff, ..] | [0xff, 0xfe, ..] = bytes {
        super::file::decode_text(bytes)
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut depth = 0_usize;
    for _ in 0..most {
        match reader.read_event() {
            Ok(Event::Start(tag)) if depth < DEEPEST => {
                depth += 1;
                take(Markup::Open(element(&tag)));
            }
            Ok(Event::Empty(tag)) => {
                take(Markup::Open(element(&tag)));
                take(Markup::Close);
            }
            Ok(Event::End(_)) if depth > 0 => {
                depth -= 1;
                take(Markup::Close);
            }
            Ok(Event::Text(text)) => take(Markup::Text(text.xml10_content().into_owned())),
            Ok(Event::CData(text)) => take(Markup::Text(text.xml10_content().into_owned())),
            Ok(Event::GeneralRef(reference)) => {
                let named = match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                take(Markup::Text(named.into_iter().collect()));
            }
            Ok(Event::Start(_) | Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn element(tag: &BytesStart<'_>) -> Element {
    let attributes = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .take(MOST_ATTRIBUTES)
        .filter_map(|attribute| {
            let value = attribute.normalized_value(quick_xml::XmlVersion::default()).ok()?;
            Some((attribute.key.as_ref().to_owned(), value.into_owned()))
        })
        .collect();
    Element { name: local(tag.name().as_ref()).to_owned(), attributes }
}

/// The words of rich text: a paragraph is a line.
pub(super) fn words(bytes: &[u8], most: usize) -> String {
    let mut text = String::new();
    read(bytes, most, |part| match part {
        Markup::Open(element) => break_line(&element, &mut text),
        Markup::Text(part) => text.push_str(&part),
        Markup::Close => {}
    });
    text.trim().to_owned()
}

/// Begins a new line where an element of rich text does.
pub(super) fn break_line(element: &Element, text: &mut String) {
    if matches!(element.name.as_str(), "p" | "br" | "div" | "li") && !text.trim().is_empty() {
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_is_read_by_paragraphs_and_damage_ends_it() {
        for (xml, expected) in [
            ("<body><p>Jo <b>Bell</b></p><p>&amp; Si&#226;n</p></body>", "Jo Bell\n& Siân"),
            ("<body><p>Jo<br/>Bell", "Jo\nBell"),
            ("words only", "words only"),
            ("<p>Jo</q></p></p></p>", "Jo"),
        ] {
            assert_eq!(words(xml.as_bytes(), 1000), expected, "{xml}");
        }
        let deep = "<a>".repeat(100_000);
        assert_eq!(words(deep.as_bytes(), 1_000_000), "");
    }
}
