//! A clean document as a Word file: a handful of parts, each written here from nothing. No properties but title and
//! language, no revision ids, no relation that leads outside.
//!
//! Everything about looks stands in `styles.xml`, so that the body holds words and the names of styles only.

mod body;

use std::io::{Cursor, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{CleanDocument, WriteError};

pub(in crate::document) use body::escaped;

const CONTENT_TYPES: &str = include_str!("content_types.xml");
/// Of the package.
pub(in crate::document) const RELATIONS: &str = include_str!("relations.xml");
const PARTS: &str = include_str!("parts.xml");
const DOCUMENT_RELATIONS: &str = include_str!("document_relations.xml");
const STYLES: &str = include_str!("styles.xml");
const NUMBERING: &str = include_str!("numbering.xml");
const SETTINGS: &str = include_str!("settings.xml");
const CORE: &str = include_str!("core.xml");

/// Writes a Word document.
pub(super) fn write(document: &CleanDocument<'_>) -> Result<Vec<u8>, WriteError> {
    let (title, language) = (escaped(document.title), escaped(document.language));
    // The type of the parts comes first in the archive, where readers look for it.
    let parts = [
        ("[Content_Types].xml", content_types(PARTS)),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("word/document.xml", body::document(document)),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/styles.xml", STYLES.replace("{language}", &language)),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/settings.xml", SETTINGS.replace("{language}", &language)),
        ("word/footer1.xml", body::footer(document.page_words)),
        ("docProps/core.xml", core(&title, &language)),
    ];
    pack(&parts).map_err(|error| WriteError::Archive(error.to_string()))
}

/// The part that says of what type the other parts are; those besides its own are given as `Override` elements.
pub(in crate::document) fn content_types(parts: &str) -> String {
    CONTENT_TYPES.replace("{parts}", parts.trim_end())
}

/// The properties: title and language, both escaped, and nothing else.
pub(in crate::document) fn core(title: &str, language: &str) -> String {
    CORE.replace("{language}", language).replace("{title}", title)
}

/// The same parts give the same bytes: no clock is read.
pub(in crate::document) fn pack<N: AsRef<str>>(parts: &[(N, String)]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in parts {
        zip.start_file(name.as_ref(), options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
