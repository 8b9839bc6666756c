//! A small table whole, as text: for tables of identities and the like, whose rows are looked up by name. Decides nothing
//! about columns.

use std::io::Read;

use super::source::{Source, text_of};
use super::{TabularError, each_row, header_of};

/// A table with a row of names and rows of values, in any encoding, with any separator, or from a workbook.
#[derive(Clone, PartialEq, Eq)]
pub struct TextTable {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The line of each row that is not blank, from 1, and its values without the space around them.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a table whole.
///
/// # Errors
/// [`TabularError`] when the bytes cannot be read, are no table, or have no header.
pub fn read_rows<'a>(source: impl Read + Send + 'a) -> Result<TextTable, TabularError> {
    let mut source = Source::open(source, None)?;
    let header = header_of(&mut source)?;
    let mut rows = Vec::new();
    each_row(source.blocks, |line, record, fields| {
        let value = |place| text_of(fields.get(record, place).unwrap_or_default());
        rows.push((line, (0..fields.len()).map(|place| value(place).trim().to_owned()).collect()));
    })?;
    Ok(TextTable { header, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_in_any_encoding_and_with_any_separator() {
        let utf16: Vec<u8> =
            "\u{feff}file\temail\na.txt\tZoé\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            "file,email\na.txt,Zoé\n".as_bytes().to_vec(),
            "\u{feff}file;email\r\n\r\n a.txt ;\"Zoé\"\r\n".as_bytes().to_vec(),
            b"file;email\na.txt;Zo\xe9\n".to_vec(),
            utf16,
        ] {
            let table = read_rows(bytes.as_slice()).unwrap();
            assert_eq!(table.header, ["file", "email"]);
            let values: Vec<Vec<String>> = table.rows.into_iter().map(|(_, row)| row).collect();
            assert_eq!(values, [["a.txt", "Zoé"]], "{bytes:?}");
        }
        assert!(read_rows(&b""[..]).is_err());
        assert!(read_rows(&b"%PDF-1.7"[..]).is_err());
    }
}
