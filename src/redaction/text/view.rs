//! Folded text with the place of every byte in the original. Knows characters, not words.

use super::fold::{fold_char, lookalike};
use super::mojibake;

/// A text after folding. Byte offsets into it are `u32`; documents are limited far below that.
pub struct View {
    text: String,
    lower: String,
    /// For each byte, and one past the end, the index of the original character. `None` when they are the same.
    origin: Option<Vec<u32>>,
}

impl View {
    /// Folds a text.
    pub fn fold(original: &str) -> Self {
        let view = if original.is_ascii() && !original.contains('\r') {
            Self { text: original.to_owned(), lower: String::new(), origin: None }
        } else {
            Self::fold_characters(original)
        };
        let lower = lower_same_length(&view.text);
        Self { lower, ..view }
    }

    fn fold_characters(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut origin: Vec<u32> = Vec::with_capacity(original.len() + 1);
        let mut count = 0;
        let mut rest = original;
        loop {
            // Plain characters stay what they are.
            let plain = rest.bytes().take_while(|byte| matches!(byte, b' '..=b'~' | b'\n')).count();
            let (same, other) = rest.split_at(plain);
            text.push_str(same);
            origin.extend((count..).take(plain));
            count += plain as u32;
            let mut characters = other.chars();
            let Some(c) = characters.next() else { break };
            let decoded = if c >= '\u{c2}' { mojibake::decode(other) } else { None };
            if let Some((letter, length)) = decoded {
                fold_char(letter, |folded| text.push(folded));
                origin.resize(text.len(), count);
                count += length as u32;
                characters.by_ref().take(length.saturating_sub(1)).for_each(drop);
                rest = characters.as_str();
                continue;
            }
            rest = characters.as_str();
            let c = match c {
                // "\r\n" is one line end; a lone "\r" is one too.
                '\r' if rest.starts_with('\n') => ' ',
                '\r' | '\u{b}' | '\u{c}' => '\n',
                c => match lookalike(c) {
                    Some(latin) if in_latin_word(other, &text) => latin,
                    _ => c,
                },
            };
            fold_char(c, |folded| text.push(folded));
            origin.resize(text.len(), count);
            count += 1;
        }
        origin.push(count);
        Self { text, lower: String::new(), origin: Some(origin) }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Part of the folded text; empty when the bounds do not fit.
    pub fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Part of the folded text in lower case; empty when the bounds do not fit.
    pub fn lower_slice(&self, start: u32, end: u32) -> &str {
        self.lower.get(start as usize..end as usize).unwrap_or("")
    }

    /// The whole folded text in lower case, byte for byte as long as the text.
    pub fn lower(&self) -> &str {
        &self.lower
    }

    /// The index of the original character that a byte came from; at the end, the number of characters.
    pub fn original(&self, byte: u32) -> usize {
        match &self.origin {
            None => byte as usize,
            Some(origin) => {
                origin.get(byte as usize).or(origin.last()).copied().unwrap_or(0) as usize
            }
        }
    }
}

/// Whether the word in which a part of the original begins has a Latin letter: then its look-alikes are disguise or
/// accident. `before` is the folded text before it.
fn in_latin_word(rest: &str, before: &str) -> bool {
    let latin = |c: &char| c.is_ascii_alphabetic();
    before.chars().next_back().as_ref().is_some_and(latin)
        || rest.chars().take_while(|c| c.is_alphabetic()).take(40).any(|c| c.is_ascii_alphabetic())
}

fn lower_same_length(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(|c| {
            if c.is_ascii() {
                return c.to_ascii_lowercase();
            }
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_the_character_it_came_from() {
        let view = View::fold("a𝒳 e\u{301} ﬁn\r\nZ");
        let at = |needle: &str| view.text().find(needle).unwrap() as u32;
        assert_eq!(view.original(at("e")), 3);
        assert_eq!(view.original(at("fin")), 6);
        assert_eq!(view.original(at("Z")), 10);
        assert_eq!(view.original(view.text().len() as u32), 11);
    }

    #[test]
    fn a_cyrillic_letter_in_a_latin_name_is_read_as_latin_and_a_cyrillic_name_is_left() {
        assert_eq!(View::fold("Реtrоv").text(), "Petrov");
        assert_eq!(View::fold("Сергей").text(), "Сергеи");
        assert_eq!(View::fold("СЕРГЕЙ").lower(), "сергеи");
    }
}
