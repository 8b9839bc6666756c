//! Words, numbers and marks of a folded text. Knows characters and spaces, not meaning.

use super::words::Known;
use super::{View, Vocabulary, WordId};

/// The space before a token, from none to an empty line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// None.
    Joined,
    /// One space.
    Space,
    /// One line end.
    Line,
    /// A tab or several spaces: the next cell of a table or column.
    Wide,
    /// An empty line, or the start of the text.
    Break,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// No capital letter, or a script without capitals.
    Lower,
    /// First letter capital, then small ones.
    Title,
    /// Capitals only, at least two letters.
    Upper,
    /// One capital letter by itself.
    Initial,
    /// Anything else.
    Mixed,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Letters, perhaps with digits after them.
    Word(Case),
    /// Begins with a digit.
    Number,
    /// One other ASCII character.
    Mark(u8),
    /// One other character.
    Symbol,
    /// What an earlier redaction left: `[NAME]`.
    Hole,
}

/// One token; offsets are bytes of the view.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub shape: Shape,
    /// The space before it.
    pub gap: Gap,
    /// Its number in the vocabulary.
    pub word: WordId,
    /// Its number among the words that begin an entry of a word field, or 0.
    pub field: u32,
}

impl Token {
    /// Whether it is a word.
    pub fn is_word(&self) -> bool {
        matches!(self.shape, Shape::Word(_))
    }

    /// Whether it is a word that begins with a capital letter.
    pub fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Word(Case::Title | Case::Upper | Case::Initial | Case::Mixed))
    }

    /// Whether it is one capital letter.
    pub fn is_initial(&self) -> bool {
        self.shape == Shape::Word(Case::Initial)
    }

    /// Its length in bytes.
    pub fn len(&self) -> u32 {
        self.end - self.start
    }
}

/// Splits a view into tokens.
pub fn split(view: &View, vocabulary: &Vocabulary) -> Vec<Token> {
    let text = view.text();
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    let mut gap = Gap::Break;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\n' || byte == b' ' || byte == b'\t' {
            let end = end_of_space(bytes, at);
            gap = gap_of(bytes.get(at..end).unwrap_or_default());
            if tokens.is_empty() {
                gap = Gap::Break;
            }
            at = end;
            continue;
        }
        let (end, shape) = token_at(text, bytes, at, byte);
        let (start, stop) = (at as u32, end as u32);
        let Known { word, field } = match shape {
            Shape::Word(_) | Shape::Number => vocabulary.known(view.lower_slice(start, stop)),
            Shape::Mark(mark) => vocabulary.known_mark(mark),
            Shape::Symbol | Shape::Hole => {
                Known { word: 0, ..vocabulary.known(view.lower_slice(start, stop)) }
            }
        };
        tokens.push(Token { start, end: stop, shape, gap, word: WordId(word), field });
        gap = Gap::Joined;
        at = end;
    }
    tokens
}

fn end_of_space(bytes: &[u8], start: usize) -> usize {
    let length = bytes
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\n' | b'\t'))
        .count();
    start + length
}

fn gap_of(space: &[u8]) -> Gap {
    match space.iter().filter(|b| **b == b'\n').count() {
        0 if space == b" " => Gap::Space,
        0 => Gap::Wide,
        1 => Gap::Line,
        _ => Gap::Break,
    }
}

fn token_at(text: &str, bytes: &[u8], at: usize, byte: u8) -> (usize, Shape) {
    if byte == b'['
        && let Some(end) = super::super::replace::placeholder_end(text, at)
    {
        return (end, Shape::Hole);
    }
    if byte.is_ascii_digit() {
        let end = end_of_run(text, bytes, at);
        return (
            end,
            if is_scanned_word(bytes.get(at..end).unwrap_or_default()) {
                Shape::Word(Case::Title)
            } else {
                Shape::Number
            },
        );
    }
    if byte.is_ascii_alphabetic() {
        let end = end_of_run(text, bytes, at);
        return (end, Shape::Word(case_of(text.get(at..end).unwrap_or(""))));
    }
    if byte == b'\'' {
        // The endings of "she's", "I'm", "don't" are words of their own.
        const ENDINGS: [&str; 7] = ["s", "m", "re", "ve", "ll", "d", "t"];
        let after = at + 1;
        let end = end_of_run(text, bytes, after);
        let ending = text.get(after..end).unwrap_or("");
        if at > 0 && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            return (end, Shape::Word(Case::Lower));
        }
        return (after, Shape::Mark(b'\''));
    }
    if byte.is_ascii() {
        return (at + 1, Shape::Mark(byte));
    }
    let first = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\u{fffd}');
    if first.is_alphabetic() || is_joining(first) {
        let end = end_of_run(text, bytes, at);
        return (end, Shape::Word(case_of(text.get(at..end).unwrap_or(""))));
    }
    (at + first.len_utf8(), Shape::Symbol)
}

/// "0gden", "0ctober": a scanner reads a capital O as a nought.
fn is_scanned_word(run: &[u8]) -> bool {
    matches!(run, [b'0', rest @ ..] if rest.len() >= 3 && rest.iter().all(u8::is_ascii_lowercase))
}

fn end_of_run(text: &str, bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while let Some(&byte) = bytes.get(end) {
        if byte.is_ascii_alphanumeric() {
            end += 1;
        } else if byte.is_ascii() {
            break;
        } else {
            let next = text.get(end..).and_then(|rest| rest.chars().next());
            match next.filter(|c| c.is_alphanumeric() || is_joining(*c)) {
                Some(c) => end += c.len_utf8(),
                None => break,
            }
        }
    }
    end
}

/// Vowel signs of the Indic scripts stand inside words without being letters.
fn is_joining(c: char) -> bool {
    ('\u{0900}'..='\u{109f}').contains(&c)
}

fn case_of(word: &str) -> Case {
    if let [first, rest @ ..] = word.as_bytes()
        && first.is_ascii_lowercase()
        && rest.iter().all(u8::is_ascii_lowercase)
    {
        return Case::Lower;
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return Case::Lower };
    if !first.is_uppercase() {
        return if letters.any(char::is_uppercase) { Case::Mixed } else { Case::Lower };
    }
    let (mut upper, mut lower) = (0, 0);
    for c in letters {
        if c.is_uppercase() { upper += 1 } else { lower += 1 }
    }
    match (upper, lower) {
        (0, 0) => Case::Initial,
        (0, _) => Case::Title,
        (_, 0) => Case::Upper,
        _ => Case::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::*;

    #[test]
    fn names_dates_and_contractions_split_where_a_rule_expects_it() {
        let vocabulary = Vocabulary::default();
        for (text, words) in [
            ("O'Neill's she's", vec!["O", "'", "Neill", "'s", "she", "'s"]),
            ("Ní_Bhraonáin.pdf", vec!["Ni", "_", "Bhraonain", ".", "pdf"]),
            ("22nd of 1I", vec!["22nd", "of", "1I"]),
            ("[NAME] [X]", vec!["[NAME]", "[", "X", "]"]),
        ] {
            let page = Page::read(text, &vocabulary);
            let found: Vec<&str> = (0..page.tokens.len()).map(|at| page.word(at)).collect();
            assert_eq!(found, words, "{text}");
        }
    }

    #[test]
    fn the_space_before_a_token_tells_cells_lines_and_paragraphs_apart() {
        let page = Page::read("a b  c\nd\n\ne", &Vocabulary::default());
        let gaps: Vec<Gap> = page.tokens.iter().map(|token| token.gap).collect();
        assert_eq!(gaps, [Gap::Break, Gap::Space, Gap::Wide, Gap::Line, Gap::Break]);
    }
}
