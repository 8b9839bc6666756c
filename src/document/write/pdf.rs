//! A clean document as a tagged PDF. Puts parts in order; typesetting is done elsewhere.

use super::{CleanDocument, PRODUCER};
use crate::document::structure;
use crate::typeset::{Block, Document, TypesetError};

/// Writes a PDF.
pub(super) fn write(document: &CleanDocument<'_>) -> Result<Vec<u8>, TypesetError> {
    let mut sheet = Document::new(document.title, document.language);
    sheet.producer = PRODUCER.to_owned();
    sheet.page_words = Some(document.page_words.to_owned());
    for part in document.parts {
        if !part.heading.trim().is_empty() {
            sheet.blocks.push(Block::Heading(1, structure::runs(part.heading)));
        }
        sheet.blocks.extend(structure::blocks(part.text));
    }
    sheet.to_pdf()
}
