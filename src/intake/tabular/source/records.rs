//! Records of a block and the fields of a record, as RFC 4180 writes them: a field in quotes may hold separators, line
//! ends and doubled quotes. Copies a field only where quotes have to be taken out of it.

use super::Dialect;
use super::blocks::LONGEST;

/// Where the first record of some bytes ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordEnd {
    /// Behind its terminator.
    At(usize),
    /// It has a quoted field that does not end within the longest record; the line it starts in ends here.
    Unclosed(usize),
    /// Not within these bytes.
    Open,
}

/// The end of the record that the bytes start with.
pub fn record_end(bytes: &[u8], dialect: Dialect) -> RecordEnd {
    let line = memchr::memchr(dialect.terminator, bytes);
    let line_end = line.map_or(bytes.len(), |place| place + 1);
    let first = bytes.get(..line_end).unwrap_or_default();
    let is_plain = dialect.quote.is_none_or(|quote| memchr::memchr(quote, first).is_none());
    if is_plain {
        return line.map_or(RecordEnd::Open, |_| RecordEnd::At(line_end));
    }
    let within = bytes.get(..bytes.len().min(LONGEST)).unwrap_or_default();
    let mut at = 0;
    loop {
        if dialect.quote.is_some() && within.get(at).copied() == dialect.quote {
            match quoted_end(within, at + 1, dialect) {
                Some(closed) => at = closed,
                None => return RecordEnd::Unclosed(line_end),
            }
        }
        let rest = within.get(at..).unwrap_or_default();
        let Some(found) = memchr::memchr2(dialect.separator, dialect.terminator, rest) else {
            return if within.len() < bytes.len() {
                RecordEnd::Unclosed(line_end)
            } else {
                RecordEnd::Open
            };
        };
        at += found + 1;
        if rest.get(found).copied() == Some(dialect.terminator) {
            return RecordEnd::At(at);
        }
    }
}

/// Behind the quote that ends a quoted field whose content starts at a place.
fn quoted_end(bytes: &[u8], mut at: usize, dialect: Dialect) -> Option<usize> {
    let quote = dialect.quote?;
    loop {
        at += memchr::memchr(quote, bytes.get(at..)?)? + 1;
        if bytes.get(at).copied() != Some(quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether a record holds nothing but white space.
pub fn is_blank(record: &[u8]) -> bool {
    record.iter().all(u8::is_ascii_whitespace)
}

/// The records of a block, without their terminators.
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Where it starts in the block.
    pub start: usize,
    /// Whether it starts a quoted field that does not end.
    pub is_unclosed: bool,
}

impl<'a> Records<'a> {
    /// The records of a block.
    pub fn of(bytes: &'a [u8], dialect: Dialect) -> Self {
        Self { bytes, at: 0, dialect }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (end, is_unclosed) = match record_end(rest, self.dialect) {
            RecordEnd::At(end) => (end, false),
            RecordEnd::Unclosed(end) => (end, true),
            RecordEnd::Open => (rest.len(), false),
        };
        let start = self.at;
        self.at += end;
        let mut bytes = rest.get(..end).unwrap_or_default();
        bytes = bytes.strip_suffix(&[self.dialect.terminator]).unwrap_or(bytes);
        if self.dialect.terminator == b'\n' {
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        }
        Some(Record { bytes, start, is_unclosed })
    }
}

/// Every byte of a word one.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The lower seven bits of every byte.
const SEVEN: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// The fields of one record after another, in the same memory.
#[derive(Debug, Default)]
pub struct Fields {
    /// Where each field ends; the next one starts one byte later.
    ends: Vec<u32>,
    /// Fields of a record with quotes, unquoted and in a row.
    unquoted: Vec<u8>,
    is_unquoted: bool,
}

impl Fields {
    /// Splits a record.
    pub fn split(&mut self, record: &[u8], dialect: Dialect) {
        self.ends.clear();
        self.is_unquoted = dialect.quote.is_some_and(|q| memchr::memchr(q, record).is_some());
        if self.is_unquoted {
            self.split_quoted(record, dialect);
        } else {
            self.split_plain(record, dialect.separator);
        }
    }

    /// Splits a record that has no quotes.
    pub fn split_plain(&mut self, record: &[u8], separator: u8) {
        self.is_unquoted = false;
        self.ends.clear();
        let pattern = u64::from(separator) * ONES;
        let (words, rest) = record.as_chunks::<8>();
        let mut at = 0_u32;
        for word in words {
            let differs = u64::from_le_bytes(*word) ^ pattern;
            // The highest bit of each byte that equals the separator.
            let mut found = !(((differs & SEVEN) + SEVEN) | differs | SEVEN);
            while found != 0 {
                self.ends.push(at + found.trailing_zeros() / 8);
                found &= found - 1;
            }
            at += 8;
        }
        for byte in rest {
            if *byte == separator {
                self.ends.push(at);
            }
            at += 1;
        }
        self.ends.push(at);
    }

    fn split_quoted(&mut self, record: &[u8], dialect: Dialect) {
        self.unquoted.clear();
        let mut at = 0;
        loop {
            if record.get(at).copied() == dialect.quote {
                let closed = quoted_end(record, at + 1, dialect).unwrap_or(record.len());
                let inner = record.get(at + 1..closed).unwrap_or_default();
                let quote = dialect.quote.unwrap_or(b'"');
                let inner = inner.strip_suffix(&[quote]).unwrap_or(inner);
                let mut is_second = false;
                for byte in inner {
                    // Of two quotes in a row one is meant.
                    is_second = *byte == quote && !is_second;
                    if !is_second {
                        self.unquoted.push(*byte);
                    }
                }
                at = closed;
            }
            let rest = record.get(at..).unwrap_or_default();
            let end = memchr::memchr(dialect.separator, rest).unwrap_or(rest.len());
            self.unquoted.extend_from_slice(rest.get(..end).unwrap_or_default());
            self.ends.push(u32::try_from(self.unquoted.len()).unwrap_or(u32::MAX));
            self.unquoted.push(dialect.separator);
            at += end + 1;
            if at > record.len() {
                return;
            }
        }
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// One field of the record that was split.
    #[inline]
    pub fn get<'a>(&'a self, record: &'a [u8], place: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(place)? as usize;
        let start = match place {
            0 => 0,
            _ => *self.ends.get(place - 1)? as usize + 1,
        };
        let bytes = if self.is_unquoted { &self.unquoted } else { record };
        bytes.get(start..end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CSV: Dialect = Dialect { separator: b',', terminator: b'\n', quote: Some(b'"') };

    fn read(text: &[u8]) -> Vec<Vec<String>> {
        let mut fields = Fields::default();
        let records = Records::of(text, CSV).filter(|record| !record.bytes.is_empty());
        records
            .map(|record| {
                fields.split(record.bytes, CSV);
                let of = |place| fields.get(record.bytes, place).unwrap();
                (0..fields.len()).map(|p| String::from_utf8_lossy(of(p)).into_owned()).collect()
            })
            .collect()
    }

    #[test]
    fn fields_are_split_as_spreadsheets_write_them() {
        for (text, expected) in [
            ("a,b\nc,d\n", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a,,\r\n,\r\n", vec![vec!["a", "", ""], vec!["", ""]]),
            ("\"a,b\",\"c\nd\"\ne", vec![vec!["a,b", "c\nd"], vec!["e"]]),
            ("\"say \"\"so\"\"\",x", vec![vec!["say \"so\"", "x"]]),
            ("5\" pipe,x\ny", vec![vec!["5\" pipe", "x"], vec!["y"]]),
            ("\"\"\"\",\"\"\n", vec![vec!["\"", ""]]),
            ("12345678,1234567,\n", vec![vec!["12345678", "1234567", ""]]),
        ] {
            assert_eq!(read(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_forgotten_quote_costs_one_line() {
        let text = b"a,\"b\nc,d\ne,f\n";
        let records: Vec<Record<'_>> = Records::of(text, CSV).collect();
        let seen: Vec<(&[u8], bool)> = records.iter().map(|r| (r.bytes, r.is_unclosed)).collect();
        assert_eq!(seen, [(&b"a,\"b"[..], true), (&b"c,d"[..], false), (&b"e,f"[..], false)]);
    }

    proptest! {
        #[test]
        fn what_a_csv_writer_writes_is_read_back(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a-zA-Z ,;\"\n\u{e9}]{0,12}", 2..5), 1..6)
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = writer.into_inner().unwrap();
            prop_assert_eq!(read(&text), rows);
        }
    }
}
