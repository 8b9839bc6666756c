//! Words outside the pages: title, author and other particulars, bookmarks, descriptions of pictures, names of
//! attachments. Scripts are not looked at.

use std::collections::HashSet;

use lopdf::{Dictionary, Object};

use super::file::File;
use super::markup::{self, Markup};
use crate::document::{HiddenPlace, HiddenText, limits};

/// Hidden texts, each of them once.
#[derive(Default)]
pub(super) struct Outside {
    pub(super) texts: Vec<HiddenText>,
    seen: HashSet<(u8, String)>,
    pub(super) attachments: usize,
}

impl Outside {
    /// Adds a text, if it says something new.
    pub(super) fn add(&mut self, place: HiddenPlace, text: &str) {
        if self.texts.len() >= limits::MOST_HIDDEN_TEXTS {
            return;
        }
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let end = (0..=limits::LONGEST_HIDDEN_TEXT_BYTES.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at));
        let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
        if !text.is_empty() && self.seen.insert((order(place), text.to_owned())) {
            self.texts.push(HiddenText { place, text: text.to_owned() });
        }
    }
}

fn order(place: HiddenPlace) -> u8 {
    match place {
        HiddenPlace::Title => 0,
        HiddenPlace::Link => 1,
        HiddenPlace::AltText => 2,
        HiddenPlace::Comment => 3,
        HiddenPlace::Metadata => 4,
        HiddenPlace::Concealed => 5,
        HiddenPlace::FileName => 6,
    }
}

/// Collects what a file says outside its pages.
pub(super) fn collect(file: &File, outside: &mut Outside) {
    particulars(file, outside);
    let Some(catalog) = file.catalog() else { return };
    if let Some(stream) = file.get_stream(catalog, b"Metadata") {
        packet(&file.unpack(stream), outside);
    }
    bookmarks(file, catalog, outside);
    objects(file, outside);
}

/// Entries that name programs, times and technicalities, never people.
const TECHNICAL: [&str; 22] = [
    "Creator",
    "Producer",
    "CreationDate",
    "ModDate",
    "Trapped",
    "CreatorTool",
    "CreateDate",
    "ModifyDate",
    "MetadataDate",
    "DocumentID",
    "InstanceID",
    "OriginalDocumentID",
    "VersionID",
    "RenditionClass",
    "format",
    "part",
    "conformance",
    "amd",
    "rev",
    "PDFVersion",
    "Trapped",
    "about",
];

fn particulars(file: &File, outside: &mut Outside) {
    let Some(info) = file.get_dictionary(file.trailer(), b"Info") else { return };
    for (key, value) in info.iter().take(200) {
        let name = String::from_utf8_lossy(key);
        if TECHNICAL.contains(&name.as_ref()) {
            continue;
        }
        if let Object::String(..) = file.resolve(value)
            && let Some(text) = file.text(value)
        {
            let place = if name == "Title" { HiddenPlace::Title } else { HiddenPlace::Metadata };
            outside.add(place, &text);
        }
    }
}

/// The XMP packet: every text and attribute but the technical ones.
fn packet(bytes: &[u8], outside: &mut Outside) {
    let mut open: Vec<String> = Vec::new();
    let mut value = String::new();
    markup::read(bytes, limits_of::EVENTS, |part| match part {
        Markup::Open(element) => {
            for (name, text) in &element.attributes {
                let namespace = ["xmlns", "xml:", "rdf:", "x:"];
                let technical = TECHNICAL.contains(&markup::local(name))
                    || namespace.iter().any(|prefix| name.starts_with(prefix));
                if !technical {
                    outside.add(HiddenPlace::Metadata, text);
                }
            }
            open.push(element.name);
            value.clear();
        }
        Markup::Text(text) => value.push_str(&text),
        Markup::Close => {
            if !open.iter().any(|name| TECHNICAL.contains(&name.as_str())) {
                let title = open.iter().any(|name| name == "title");
                let place = if title { HiddenPlace::Title } else { HiddenPlace::Metadata };
                outside.add(place, &value);
            }
            value.clear();
            open.pop();
        }
    });
}

/// Bounds of this file alone.
mod limits_of {
    /// Elements and texts of a packet.
    pub(super) const EVENTS: usize = 20_000;
    /// Objects that are looked at for descriptions.
    pub(super) const OBJECTS: usize = 200_000;
    /// Bookmarks.
    pub(super) const BOOKMARKS: usize = 2_000;
}

fn bookmarks(file: &File, catalog: &Dictionary, outside: &mut Outside) {
    let Some(outlines) = file.get_dictionary(catalog, b"Outlines") else { return };
    let mut pending: Vec<&Dictionary> =
        file.get_dictionary(outlines, b"First").into_iter().collect();
    let mut seen = HashSet::new();
    while let Some(entry) = pending.pop() {
        if seen.len() >= limits_of::BOOKMARKS || !seen.insert(std::ptr::from_ref(entry)) {
            continue;
        }
        if let Some(title) = file.get_text(entry, b"Title") {
            outside.add(HiddenPlace::Metadata, &title);
        }
        for key in [&b"Next"[..], b"First"] {
            pending.extend(file.get_dictionary(entry, key));
        }
    }
}

/// Descriptions in the tree of structure, names of attached files and layers, who signed, how pages are called, and
/// addresses that actions open, wherever they are.
fn objects(file: &File, outside: &mut Outside) {
    for object in file.objects().take(limits_of::OBJECTS) {
        let (Object::Dictionary(dictionary)
        | Object::Stream(lopdf::Stream { dict: dictionary, .. })) = object
        else {
            continue;
        };
        for key in [&b"Alt"[..], b"E"] {
            if let Ok(Object::String(..)) = dictionary.get(key)
                && dictionary.has(b"S")
                && let Some(text) = file.get_text(dictionary, key)
            {
                outside.add(HiddenPlace::AltText, &text);
            }
        }
        if dictionary.has(b"EF") {
            outside.attachments += 1;
            for key in [&b"UF"[..], b"F", b"Desc"] {
                if let Some(name) = file.get_text(dictionary, key) {
                    outside.add(HiddenPlace::Metadata, &name);
                }
            }
        }
        let named: &[&[u8]] = if dictionary.has(b"ByteRange") {
            &[b"Name", b"Reason", b"Location", b"ContactInfo"]
        } else if dictionary.has_type(b"OCG") {
            &[b"Name"]
        } else if matches!(dictionary.get(b"P"), Ok(Object::String(..))) {
            &[b"P"]
        } else {
            &[]
        };
        for key in named {
            if let Some(name) = file.get_text(dictionary, key) {
                outside.add(HiddenPlace::Metadata, &name);
            }
        }
        if let Ok(Object::String(..)) = dictionary.get(b"URI")
            && let Some(address) = file.get_text(dictionary, b"URI")
        {
            outside.add(HiddenPlace::Link, &address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_gives_its_texts_and_attributes_but_no_technicalities() {
        let mut outside = Outside::default();
        packet(
            b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description rdf:about='' photoshop:AuthorsPosition='Clerk'>\
              <dc:creator><rdf:Seq><rdf:li>Jo &amp; Si\xc3\xa2n</rdf:li></rdf:Seq></dc:creator>\
              <dc:title><rdf:Alt><rdf:li xml:lang='en'>CV</rdf:li></rdf:Alt></dc:title>\
              <xmp:CreatorTool>Writer</xmp:CreatorTool></rdf:Description></rdf:RDF></x:xmpmeta>",
            &mut outside,
        );
        let texts: Vec<_> =
            outside.texts.iter().map(|hidden| (hidden.place, hidden.text.as_str())).collect();
        assert_eq!(
            texts,
            [
                (HiddenPlace::Metadata, "Clerk"),
                (HiddenPlace::Metadata, "Jo & Siân"),
                (HiddenPlace::Title, "CV"),
            ]
        );
    }
}
