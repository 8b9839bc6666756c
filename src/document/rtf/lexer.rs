//! Cuts rich text into groups, control words and bytes. Knows no meaning.

use std::ops::Range;

/// One piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// A control sign: `~`, `_`, `-`, `*` and so on.
    Sign(u8),
    /// A byte of text, plain or as `\'hh`.
    Byte(u8),
}

/// The bytes and how far they are read.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Longer names than the format allows are cut, so that a file of letters costs nothing.
const LONGEST_WORD: usize = 32;

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Passes over raw bytes, as after `\bin`.
    pub(super) fn pass(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next token and where it stands.
    pub(super) fn next(&mut self) -> Option<(Token<'a>, Range<usize>)> {
        loop {
            let from = self.at;
            let byte = self.peek()?;
            self.at += 1;
            let token = match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => self.control()?,
                b'\r' | b'\n' | 0 => continue,
                b'\t' => Token::Word("tab", None),
                byte => Token::Byte(byte),
            };
            return Some((token, from..self.at));
        }
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let byte = self.peek()?;
        if !byte.is_ascii_alphabetic() {
            self.at += 1;
            return Some(match byte {
                b'\'' => {
                    let value = self.hex()?;
                    Token::Byte(value)
                }
                b'\r' | b'\n' => Token::Word("par", None),
                b'\\' | b'{' | b'}' => Token::Byte(byte),
                b'\t' => Token::Word("tab", None),
                other => Token::Sign(other),
            });
        }
        let from = self.at;
        while self.at - from < LONGEST_WORD && self.peek().is_some_and(|b| b.is_ascii_alphabetic())
        {
            self.at += 1;
        }
        let word = std::str::from_utf8(self.bytes.get(from..self.at)?).unwrap_or_default();
        let number = self.number();
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        Some(Token::Word(word, number))
    }

    fn number(&mut self) -> Option<i32> {
        let negative = self.peek() == Some(b'-')
            && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit);
        if negative {
            self.at += 1;
        }
        let mut value: Option<i32> = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let so_far = value.unwrap_or(0);
            value = Some(so_far.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
            self.at += 1;
        }
        value.map(|value| if negative { -value } else { value })
    }

    fn hex(&mut self) -> Option<u8> {
        let mut value = 0_u8;
        for _ in 0..2 {
            let digit =
                char::from(self.peek()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            // A damaged escape stands for a question mark, and what follows is read as it is.
            let Some(digit) = digit else { return Some(b'?') };
            value = value.wrapping_mul(16).wrapping_add(digit);
            self.at += 1;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_signs_and_bytes_are_told_apart() {
        let mut lexer = Lexer::new(b"{\\b0 a\\u-10179?\\'e9\\~\\\\\r\n\\par}\\");
        let mut tokens = Vec::new();
        while let Some((token, _)) = lexer.next() {
            tokens.push(token);
        }
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b'a'),
                Token::Word("u", Some(-10179)),
                Token::Byte(b'?'),
                Token::Byte(0xe9),
                Token::Sign(b'~'),
                Token::Byte(b'\\'),
                Token::Word("par", None),
                Token::Close,
            ]
        );
    }
}
