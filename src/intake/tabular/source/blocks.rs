//! A text cut into blocks of whole records, so that several threads can work on it. Reads in order and keeps one
//! block's remainder; finds record ends, splits no fields.

use std::io::{self, Read};

use super::Dialect;
use super::records::{RecordEnd, record_end};

/// How much is read at once.
const BLOCK: u64 = 1 << 20;
/// The longest record. A quoted field that has not ended by then never will: somebody forgot the second quote.
pub const LONGEST: usize = 1 << 20;
/// The most that is held in search of a line's end.
const MOST_HELD: usize = 16 << 20;

/// Which part of the text a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its number, from 0.
    pub number: u64,
    /// The line of its first byte, from 1.
    pub first_line: u64,
    /// Whether any field may be quoted.
    pub has_quotes: bool,
}

/// Blocks of a text, in order.
pub struct Blocks<'a> {
    source: Box<dyn Read + Send + 'a>,
    dialect: Dialect,
    rest: Vec<u8>,
    line: u64,
    number: u64,
    ended: bool,
}

impl<'a> Blocks<'a> {
    /// Blocks of a text that starts at a line.
    pub fn new(source: impl Read + Send + 'a, dialect: Dialect, line: u64) -> Self {
        let source = Box::new(source);
        Self { source, dialect, rest: Vec::new(), line, number: 0, ended: false }
    }

    /// How the text is written.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether everything has been read and what is left is one block or none.
    pub fn is_last(&self) -> bool {
        self.ended
    }

    /// Puts back the records behind the header, which become the first block again.
    pub fn put_back(&mut self, records: &[u8], first_line: u64) {
        self.rest.splice(0..0, records.iter().copied());
        self.line = first_line;
        self.number = 0;
    }

    /// The next block, into a buffer that is emptied first; `None` at the end.
    pub fn next(&mut self, into: &mut Vec<u8>) -> io::Result<Option<Block>> {
        into.clear();
        into.append(&mut self.rest);
        let end = loop {
            if !self.ended {
                let read = self.source.by_ref().take(BLOCK).read_to_end(into)?;
                self.ended = (read as u64) < BLOCK;
            }
            if self.ended {
                break into.len();
            }
            if let Some(end) = self.last_end(into) {
                break end;
            }
            if into.len() > MOST_HELD {
                let problem = format!(
                    "line {} does not end within {} MiB; this is no table",
                    self.line,
                    MOST_HELD >> 20
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
            }
        };
        if end == 0 {
            return Ok(None);
        }
        self.rest.extend_from_slice(into.get(end..).unwrap_or_default());
        into.truncate(end);
        let lines = memchr::memchr_iter(self.dialect.terminator, into).count() as u64;
        let has_quotes = self.dialect.quote.is_some_and(|q| memchr::memchr(q, into).is_some());
        let block = Block { number: self.number, first_line: self.line, has_quotes };
        self.line += lines;
        self.number += 1;
        Ok(Some(block))
    }

    /// Behind the last record that ends in the bytes.
    fn last_end(&self, bytes: &[u8]) -> Option<usize> {
        let Dialect { terminator, quote, .. } = self.dialect;
        let has_quote = quote.is_some_and(|quote| memchr::memchr(quote, bytes).is_some());
        if !has_quote {
            return memchr::memrchr(terminator, bytes).map(|place| place + 1);
        }
        let mut end = 0;
        loop {
            let rest = bytes.get(end..).unwrap_or_default();
            let found = match record_end(rest, self.dialect) {
                RecordEnd::At(found) => found,
                RecordEnd::Unclosed(found) if rest.len() >= LONGEST => found,
                _ => break,
            };
            end += found;
        }
        (end > 0).then_some(end)
    }
}
