//! Rich text: the visible words in order, with notes, comments, deleted text and metadata apart. Our own reader of
//! groups and control words; `lexer` cuts the bytes, `code_pages` knows encodings, `destinations` where text belongs.

mod code_pages;
mod destinations;
mod lexer;
mod reader;

use super::DocumentText;
use super::compose::Composer;

/// Reads a rich text document.
pub(super) fn read(bytes: &[u8]) -> DocumentText {
    let mut composer = Composer::new();
    composer.enter_part("");
    reader::read(bytes, &mut composer);
    let mut document = composer.finish();
    // There is one part, the file itself.
    document.parts.clear();
    document
}
