//! The tokens of content streams and of character maps: numbers, names, strings, arrays, dictionaries, operators.
//! Reads forward only and bounds nesting; does not know what an operator does.

use std::borrow::Cow;

/// Deeper arrays and dictionaries are read as nothing.
const DEEPEST: usize = 24;
/// More members than any real array of a content stream has.
const MOST_MEMBERS: usize = 100_000;

/// A value before an operator.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand<'a> {
    /// An integer or a real number.
    Number(f64),
    /// A name without its slash, escapes undone.
    Name(Cow<'a, [u8]>),
    /// The bytes of a string.
    Text(Cow<'a, [u8]>),
    /// Members in order.
    Array(Vec<Operand<'a>>),
    /// Keys and values in order.
    Dictionary(Vec<(Cow<'a, [u8]>, Operand<'a>)>),
}

impl<'a> Operand<'a> {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// A member of a dictionary.
    pub(super) fn member(&self, key: &[u8]) -> Option<&Operand<'a>> {
        match self {
            Self::Dictionary(members) => {
                members.iter().find(|(known, _)| known.as_ref() == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

/// One token.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A value.
    Operand(Operand<'a>),
    /// A keyword: `Tj`, `beginbfchar`, `true`.
    Operator(&'a [u8]),
}

/// Splits bytes into tokens.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        self.bytes.get(from..to.min(self.bytes.len())).unwrap_or_default()
    }

    /// The next token, or nothing at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.next_within(0)
    }

    fn next_within(&mut self, depth: usize) -> Option<Token<'a>> {
        loop {
            self.skip_space();
            let byte = self.peek()?;
            match byte {
                b'0'..=b'9' | b'+' | b'-' | b'.' => return Some(self.number()),
                b'/' => {
                    self.at += 1;
                    return Some(Token::Operand(Operand::Name(self.name())));
                }
                b'(' => {
                    return Some(Token::Operand(Operand::Text(self.literal())));
                }
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                    self.at += 2;
                    return Some(Token::Operand(self.dictionary(depth + 1)));
                }
                b'<' => return Some(Token::Operand(Operand::Text(Cow::Owned(self.hexadecimal())))),
                b'[' => {
                    self.at += 1;
                    return Some(Token::Operand(self.array(depth + 1)));
                }
                // Braces and stray closers mean nothing here; inside an array or dictionary its own
                // loop looks at closers first.
                b']' | b'>' | b')' | b'{' | b'}' => self.at += 1,
                _ => {
                    let from = self.at;
                    while self.peek().is_some_and(is_regular) {
                        self.at += 1;
                    }
                    if self.at == from {
                        self.at += 1;
                        continue;
                    }
                    return Some(Token::Operator(self.slice(from, self.at)));
                }
            }
        }
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Damaged numbers (`--5`, `1.2.3`, `5-3`) are read as far as they make sense.
    fn number(&mut self) -> Token<'a> {
        let from = self.at;
        let mut negative = false;
        while let Some(sign @ (b'+' | b'-')) = self.peek() {
            negative |= sign == b'-';
            self.at += 1;
        }
        let (mut value, mut scale, mut fraction) = (0.0_f64, 1.0_f64, false);
        while let Some(byte) = self.peek() {
            match byte {
                b'0'..=b'9' if fraction => {
                    scale /= 10.0;
                    value += f64::from(byte - b'0') * scale;
                }
                b'0'..=b'9' => value = value * 10.0 + f64::from(byte - b'0'),
                b'.' if !fraction => fraction = true,
                b'-' | b'.' => {}
                _ => break,
            }
            self.at += 1;
        }
        if self.peek().is_some_and(is_regular) && self.at == from {
            self.at += 1;
        }
        let value = if negative { -value } else { value };
        Token::Operand(Operand::Number(value.clamp(-1.0e9, 1.0e9)))
    }

    fn name(&mut self) -> Cow<'a, [u8]> {
        let from = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        let raw = self.slice(from, self.at);
        if !raw.contains(&b'#') {
            return Cow::Borrowed(raw);
        }
        let mut name = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            if byte == b'#'
                && let [high, low, after @ ..] = tail
                && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
            {
                name.push(high * 16 + low);
                rest = after;
            } else {
                name.push(byte);
            }
        }
        Cow::Owned(name)
    }

    fn literal(&mut self) -> Cow<'a, [u8]> {
        self.at += 1;
        let from = self.at;
        let mut depth = 1_usize;
        let mut escapes = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => {
                    escapes = true;
                    self.at += 1;
                }
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\r' => escapes = true,
                _ => {}
            }
            self.at += 1;
        }
        let raw = self.slice(from, self.at);
        self.at += 1;
        if escapes { Cow::Owned(unescape(raw)) } else { Cow::Borrowed(raw) }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut half = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = hex_digit(byte) else { continue };
            half = match half {
                Some(high) => {
                    bytes.push(high * 16 + digit);
                    None
                }
                None => Some(digit),
            };
        }
        bytes.extend(half.map(|high: u8| high * 16));
        bytes
    }

    fn array(&mut self, depth: usize) -> Operand<'a> {
        let mut members = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(_) if depth > DEEPEST => self.at += 1,
                Some(_) => match self.next_within(depth) {
                    Some(Token::Operand(operand)) if members.len() < MOST_MEMBERS => {
                        members.push(operand);
                    }
                    Some(_) => {}
                    None => break,
                },
            }
        }
        Operand::Array(members)
    }

    fn dictionary(&mut self, depth: usize) -> Operand<'a> {
        let mut members = Vec::new();
        let mut key = None;
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b'>') => {
                    self.at += 1;
                    if self.peek() == Some(b'>') {
                        self.at += 1;
                    }
                    break;
                }
                Some(_) if depth > DEEPEST => self.at += 1,
                Some(_) => match self.next_within(depth) {
                    Some(Token::Operand(operand)) => match (key.take(), operand) {
                        (None, Operand::Name(name)) => key = Some(name),
                        (Some(key), value) if members.len() < MOST_MEMBERS => {
                            members.push((key, value));
                        }
                        _ => {}
                    },
                    Some(Token::Operator(_)) => key = None,
                    None => break,
                },
            }
        }
        Operand::Dictionary(members)
    }

    /// Steps over an inline image; to be called after its `BI`. The data has no length that can be believed, so the
    /// end is an `EI` between spaces with nothing binary after it.
    pub(super) fn skip_inline_image(&mut self) {
        while let Some(token) = self.next() {
            if token == Token::Operator(b"ID") {
                break;
            }
        }
        self.at += 1;
        while self.at < self.bytes.len() {
            let rest = self.slice(self.at, self.bytes.len());
            let Some(found) = memchr::memmem::find(rest, b"EI") else {
                self.at = self.bytes.len();
                return;
            };
            let (before, after) = (self.at + found, self.at + found + 2);
            self.at = after;
            let opens = before == 0 || self.bytes.get(before - 1).copied().is_none_or(is_space);
            let closes = self.bytes.get(after).copied().is_none_or(is_space);
            let plain = self
                .slice(after, after + 12)
                .iter()
                .all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e));
            if opens && closes && plain {
                return;
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x0c | 0)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\r' {
            bytes.next_if_eq(&b'\n');
            text.push(b'\n');
            continue;
        }
        if byte != b'\\' {
            text.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => text.push(b'\n'),
            Some(b'r') => text.push(b'\r'),
            Some(b't') => text.push(b'\t'),
            Some(b'b') => text.push(8),
            Some(b'f') => text.push(12),
            Some(b'\r') => {
                bytes.next_if_eq(&b'\n');
            }
            Some(b'\n') | None => {}
            Some(digit @ b'0'..=b'7') => {
                let mut code = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(digit) = bytes.next_if(|byte| matches!(byte, b'0'..=b'7')) else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                }
                text.push(u8::try_from(code & 0xff).unwrap_or(0));
            }
            Some(other) => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut tokens = Tokens::new(bytes);
        std::iter::from_fn(|| tokens.next().map(|token| format!("{token:?}"))).collect()
    }

    #[test]
    fn strings_names_and_numbers_are_read_with_their_escapes() {
        let mut tokens = Tokens::new(b"(a\\(b\\)\\101\\\r\n(c)) <4a6> /A#42c -.5 +7 --3 % x\nTj");
        for expected in [
            Token::Operand(Operand::Text(Cow::Borrowed(b"a(b)A(c)"))),
            Token::Operand(Operand::Text(Cow::Borrowed(b"J`"))),
            Token::Operand(Operand::Name(Cow::Borrowed(b"ABc"))),
            Token::Operand(Operand::Number(-0.5)),
            Token::Operand(Operand::Number(7.0)),
            Token::Operand(Operand::Number(-3.0)),
            Token::Operator(b"Tj"),
        ] {
            assert_eq!(tokens.next(), Some(expected));
        }
        assert_eq!(tokens.next(), None);
    }

    #[test]
    fn an_inline_image_is_stepped_over_although_its_data_says_ei() {
        let mut tokens = Tokens::new(b"/W 1 ID \x00 EI \xff\xfe EI Q (x) Tj");
        tokens.skip_inline_image();
        assert_eq!(tokens.next(), Some(Token::Operator(b"Q")));
    }

    #[test]
    fn nesting_without_end_is_bounded() {
        let deep = vec![b'['; 100_000];
        assert_eq!(all(&deep).len(), 1);
        let deep: Vec<u8> = b"<</A".iter().copied().cycle().take(400_000).collect();
        assert!(all(&deep).len() < 400_000);
    }
}
