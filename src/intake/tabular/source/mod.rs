//! Where a table's text comes from: a text file of any usual encoding and separator, or a sheet of a workbook, both as
//! blocks of whole records. Knows no column and no meaning.

mod blocks;
mod encoding;
mod records;
mod sheet;

use std::fmt;
use std::io::{self, Cursor, Read};

pub use blocks::{Block, Blocks};
pub use encoding::text_of;
pub use records::{Fields, Records, is_blank};
pub use sheet::SheetError;

/// How much of a file is looked at to learn how it is written.
const HEAD: u64 = 1 << 16;
/// What a workbook, as any ZIP archive, starts with.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// What files of older spreadsheet programs start with.
const OLD_WORKBOOK: &[u8] = b"\xd0\xcf\x11\xe0";

/// What other files start with that are given by mistake.
const OTHER_FILES: [(&[u8], &str); 8] = [
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"{\\rtf", "a document (RTF)"),
    (b"SQLite format 3", "a database (SQLite)"),
];

/// The bytes that give a text its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between two fields.
    pub separator: u8,
    /// After a record.
    pub terminator: u8,
    /// Around a field that holds either; none in text that never does.
    pub quote: Option<u8>,
}

/// A place in a table, for whoever has to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of a file, from 1, and the name of the column.
    Line {
        /// The line.
        line: u64,
        /// The column, as the file names it.
        column: String,
    },
    /// A cell of a sheet.
    Cell {
        /// The sheet.
        sheet: String,
        /// The cell, e.g. `F402`.
        cell: String,
        /// The column, as the sheet names it.
        column: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, column } => write!(f, "line {line}, column '{column}'"),
            Self::Cell { sheet, cell, column } => {
                write!(f, "sheet '{sheet}', cell {cell}, column '{column}'")
            }
        }
    }
}

/// Why a table cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The bytes do not come.
    #[error("the table cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A workbook that is none, or that asks for too much.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// A kind of file that holds no table that can be read here.
    #[error("the file is {found}; save it as a workbook (.xlsx) or as CSV")]
    OtherFile {
        /// What it is.
        found: &'static str,
    },
}

/// A table as blocks of records.
pub struct Source<'a> {
    /// The records.
    pub blocks: Blocks<'a>,
    /// The sheet that they come from, if they do.
    pub sheet: Option<String>,
    /// Other sheets of the same workbook that hold something.
    pub other_sheets: Vec<String>,
}

impl<'a> Source<'a> {
    /// Opens a table: a workbook when the bytes are one, text otherwise.
    ///
    /// # Errors
    /// [`SourceError`] when the bytes cannot be read or are no table.
    pub fn open(
        mut source: impl Read + Send + 'a,
        sheet: Option<&str>,
    ) -> Result<Self, SourceError> {
        let mut head = Vec::new();
        source.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.starts_with(ARCHIVE) {
            let sheet = sheet::read(head, source, sheet)?;
            let blocks = Blocks::new(Cursor::new(sheet.text), sheet::DIALECT, 1);
            return Ok(Self { blocks, sheet: Some(sheet.name), other_sheets: sheet.others });
        }
        if head.starts_with(OLD_WORKBOOK) {
            return Err(SourceError::OtherFile { found: "an old or a protected workbook" });
        }
        if let Some((_, found)) = OTHER_FILES.iter().find(|(start, _)| head.starts_with(start)) {
            return Err(SourceError::OtherFile { found });
        }
        if encoding::is_binary(&head) {
            return Err(SourceError::OtherFile { found: "not text" });
        }
        let whole: Box<dyn Read + Send + 'a> = if (head.len() as u64) < HEAD {
            Box::new(Cursor::new(head.clone()))
        } else {
            Box::new(Cursor::new(head.clone()).chain(source))
        };
        let text = encoding::decoded(&head, whole);
        let (text, dialect, line) = encoding::dialect(text)?;
        Ok(Self { blocks: Blocks::new(text, dialect, line), sheet: None, other_sheets: Vec::new() })
    }
}

/// The place of a field in a file, or in a sheet.
pub fn place(sheet: Option<&str>, line: u64, column: usize, headers: &[String]) -> Place {
    let name = headers.get(column).cloned().unwrap_or_default();
    match sheet {
        None => Place::Line { line, column: name },
        Some(sheet) => Place::Cell {
            sheet: sheet.to_owned(),
            cell: format!("{}{line}", letters(column)),
            column: name,
        },
    }
}

/// The letters that spreadsheets give to a column: A for the first one, AA after Z.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0));
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    String::from_utf8_lossy(&letters).into_owned()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_bear_the_letters_that_spreadsheets_give_them() {
        for (column, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(column), expected);
        }
    }
}
