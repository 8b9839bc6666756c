//! A small typesetting kit: a document of headings, paragraphs, lists, tables and figures becomes the bytes of a tagged
//! PDF (PDF/UA-1) on A4. Pure: the same document gives the same bytes; no clock, no files, no words of its own.
//! Does not know what the document is about.
//!
//! The order of work, file by file: `content` is what callers build; `fonts` holds the faces that travel inside the
//! program; `shape` turns text into measured words; `lines` breaks them into lines; `layout` and `table` stack lines
//! into rows; `flow` shares rows out to pages; `tags` keeps the structure tree; `draw` writes it all down.
//!
//! ```
//! use evenhand::typeset::{Block, Document, Run};
//!
//! let mut document = Document::new("Application 4TQX-9B2M", "en-GB");
//! document.page_words = Some("Page {page} of {pages}".to_owned());
//! document.blocks.push(Block::heading(1, "Experience"));
//! document.blocks.push(Block::Paragraph(vec![
//!     Run::plain("Reported to "),
//!     Run::label("[PERSON 1]"),
//!     Run::plain(" and led a team of six."),
//! ]));
//! let pdf = document.to_pdf()?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), evenhand::typeset::TypesetError>(())
//! ```

mod content;
mod draw;
mod figure;
mod flow;
mod fonts;
mod layout;
mod lines;
mod shape;
mod table;
mod tags;

pub use content::{
    Align, Block, Cell, Colour, Document, Field, Figure, Item, List, Run, Shape, Style, Table,
};

/// Why a document could not be set. No text can cause this: it means a fault in the program or a file of millions of
/// objects.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be set as a PDF: {0}; report this with the version of the program")]
pub struct TypesetError(String);
