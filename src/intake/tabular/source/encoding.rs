//! How a text table is written: its encoding, its separator, its line ends. Decides from the first bytes; keeps
//! nothing.

use std::io::{self, Cursor, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Dialect, HEAD};

/// The mark that UTF-8 files of some programs start with.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// Separators, the likelier first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many lines are looked at for the separator.
const LINES: usize = 20;
/// The line by which spreadsheet programs name the separator.
const NAMED: &[u8] = b"sep=";

/// The text of a field: UTF-8, or else Windows-1252, in which no byte is wrong.
pub fn text_of(field: &[u8]) -> String {
    match std::str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(field).0.into_owned(),
    }
}

/// The source as bytes in which ASCII is ASCII: UTF-16 becomes UTF-8, everything else stays.
pub fn decoded<'a>(head: &[u8], source: Box<dyn Read + Send + 'a>) -> Box<dyn Read + Send + 'a> {
    match wide(head) {
        None => source,
        Some(encoding) => Box::new(Decoding {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            taken: Vec::new(),
            given: Vec::new(),
            at: 0,
            ended: false,
        }),
    }
}

/// The two-byte encoding of a text: by its mark, or by where its zero bytes are.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return (encoding != UTF_8).then_some(encoding);
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() / 4;
    let (even, odd) = (zeros(0), zeros(1));
    match (even > most, odd > most) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether the first bytes of a file are no text: more than one control character in a hundred that no text has, and no
/// text in two bytes a letter.
pub fn is_binary(head: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    wide(head).is_none() && 100 * head.iter().filter(control).count() > head.len()
}

/// The text without its mark and without a line that names the separator; how it is written; the line it starts at.
pub fn dialect<'a>(
    mut text: Box<dyn Read + Send + 'a>,
) -> io::Result<(Box<dyn Read + Send + 'a>, Dialect, u64)> {
    let mut head = Vec::new();
    text.by_ref().take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(MARK) {
        head.drain(..MARK.len());
    }
    // Only very old files end their lines with a carriage return alone.
    let terminator = if head.contains(&b'\r') && !head.contains(&b'\n') { b'\r' } else { b'\n' };
    let mut line = 1;
    let mut separator = None;
    let first = head.split(|byte| *byte == terminator).next().unwrap_or_default();
    if let Some([named]) = first.strip_prefix(NAMED).map(<[u8]>::trim_ascii_end) {
        separator = Some(*named);
        line = 2;
        head.drain(..head.len().min(first.len() + 1));
    } else if first == b"sep=\t" || first == b"sep=\t\r" {
        separator = Some(b'\t');
        line = 2;
        head.drain(..head.len().min(first.len() + 1));
    }
    let separator = separator.unwrap_or_else(|| separator_of(&head, terminator));
    let dialect = Dialect { separator, terminator, quote: Some(b'"') };
    Ok((Box::new(Cursor::new(head).chain(text)), dialect, line))
}

/// How often each separator occurs in a line.
type Counts = [usize; SEPARATORS.len()];

/// The separator that occurs most often, outside quotes, in the line that names the columns: the first that has at least
/// half as many of any as the line near it that has most. Lines above it are a title.
fn separator_of(head: &[u8], terminator: u8) -> u8 {
    let lines = counts_of_lines(head, terminator);
    let most = |counts: &Counts| counts.iter().copied().max().unwrap_or(0);
    let widest = lines.iter().map(most).max().unwrap_or(0);
    let header = lines.iter().find(|counts| 2 * (most(counts) + 1) > widest + 1);
    let counts = header.copied().unwrap_or_default();
    let places = counts.iter().zip(SEPARATORS).rev();
    places.max_by_key(|(count, _)| **count).map_or(b',', |(_, separator)| separator)
}

/// The separators in each of the first lines that are not empty; a line that is not whole is none.
fn counts_of_lines(head: &[u8], terminator: u8) -> Vec<Counts> {
    let mut lines: Vec<Counts> = Vec::new();
    let mut counts = Counts::default();
    let (mut quoted, mut any) = (false, false);
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            byte if *byte == terminator && !quoted => {
                if any {
                    lines.push(counts);
                }
                (counts, any) = (Counts::default(), false);
                if lines.len() >= LINES {
                    return lines;
                }
            }
            byte if !quoted => {
                any |= !byte.is_ascii_whitespace();
                for (count, separator) in counts.iter_mut().zip(SEPARATORS) {
                    *count += usize::from(*byte == separator);
                }
            }
            _ => {}
        }
    }
    if lines.is_empty() {
        lines.push(counts);
    }
    lines
}

/// A reader of UTF-8 over a reader of something else.
struct Decoding<'a> {
    source: Box<dyn Read + Send + 'a>,
    decoder: Decoder,
    taken: Vec<u8>,
    given: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Decoding<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.given.len() && !self.ended {
            self.fill()?;
        }
        let rest = self.given.get(self.at..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(into), Some(rest)) = (into.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(rest);
        }
        self.at += count;
        Ok(count)
    }
}

impl Decoding<'_> {
    fn fill(&mut self) -> io::Result<()> {
        self.taken.clear();
        self.source.by_ref().take(HEAD).read_to_end(&mut self.taken)?;
        self.ended = self.taken.is_empty();
        let room = self.decoder.max_utf8_buffer_length(self.taken.len()).unwrap_or(0);
        self.given.resize(room, 0);
        let (result, _, written, _) =
            self.decoder.decode_to_utf8(&self.taken, &mut self.given, self.ended);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.given.truncate(written);
        self.at = 0;
        Ok(())
    }
}
