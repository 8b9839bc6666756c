//! What every match of a regular expression must hold, read from the expression itself: how many digits, and which
//! kinds of character side by side. A line shows at a glance what it has of that, and most lines lack something of most
//! expressions, which need not be run there. Knows kinds of character; runs nothing.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Kinds of character, one bit each.
type Kinds = u16;

/// Pairs of kinds side by side, one bit each.
type Pairs = u128;

const DIGIT: u8 = 0;
const CAPITAL: u8 = 1;
const SMALL: u8 = 2;
const BLANK: u8 = 3;
const LINE_END: u8 = 4;
const DOT: u8 = 5;
const HYPHEN: u8 = 6;
const SLASH: u8 = 7;
const COLON: u8 = 8;
const AT: u8 = 9;
const OTHER: u8 = 10;
/// How many kinds there are: the square of it fits into [`Pairs`].
const KINDS: u32 = 11;

/// The kind of each ASCII character.
const KIND_OF: [u8; 128] = {
    let mut kinds = [OTHER; 128];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => CAPITAL,
            b'a'..=b'z' => SMALL,
            b' ' | b'\t' => BLANK,
            b'\n' => LINE_END,
            b'.' => DOT,
            b'-' => HYPHEN,
            b'/' => SLASH,
            b':' => COLON,
            b'@' => AT,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// So many pairs that a match must hold are asked for; the rarest tell most.
const MOST_ASKED: usize = 8;

/// What a stretch of text has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    pairs: Pairs,
    digits: u32,
}

impl Glance {
    /// Looks at a text; nothing for one that is not all ASCII, of which shapes tell nothing.
    pub fn of(text: &str) -> Option<Self> {
        let mut glance = Self { pairs: 0, digits: 0 };
        // A line end stands before the first line of a text and does not change what is found there.
        let mut before = KINDS * u32::from(LINE_END);
        for byte in text.bytes() {
            let kind = KIND_OF.get(usize::from(byte)).copied()?;
            glance.pairs |= 1 << (before + u32::from(kind));
            glance.digits += u32::from(kind == DIGIT);
            before = KINDS * u32::from(kind);
        }
        Some(glance)
    }
}

/// What every match of an expression holds in a text that is all ASCII.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// Of each of these, one pair.
    pairs: Vec<Pairs>,
    digits: u32,
}

impl Shape {
    /// The shape of an expression; that of anything, if it cannot be read.
    pub fn of(pattern: &str) -> Self {
        let read = regex_syntax::parse(pattern);
        read.map(|hir| Part::of(&hir)).map_or_else(
            |_| Self::default(),
            |part| Self { pairs: part.pairs, digits: part.digits },
        )
    }

    /// Whether a text that looks like this may hold a match.
    pub fn fits(&self, glance: &Glance) -> bool {
        self.digits <= glance.digits && self.pairs.iter().all(|pairs| pairs & glance.pairs != 0)
    }
}

/// The shape of a part of an expression, with what is needed to put parts together.
#[derive(Clone, Default)]
struct Part {
    pairs: Vec<Pairs>,
    digits: u32,
    /// What its first character can be, and its last.
    first: Kinds,
    last: Kinds,
    /// Whether it may be left out; then it asks for no pair and no digit.
    empty: bool,
}

impl Part {
    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::nothing(),
            HirKind::Literal(literal) => {
                in_a_row(literal.0.iter().map(|byte| Self::one_of(std::iter::once((*byte, *byte)))))
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ascii = class.iter().filter(|range| range.start().is_ascii());
                Self::one_of(ascii.map(|range| {
                    let end = u8::try_from(range.end()).unwrap_or(u8::MAX);
                    (range.start() as u8, end)
                }))
            }
            HirKind::Class(Class::Bytes(class)) => {
                Self::one_of(class.iter().map(|range| (range.start(), range.end())))
            }
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Concat(parts) => in_a_row(parts.iter().map(Self::of)),
            HirKind::Alternation(parts) => {
                parts.iter().map(Self::of).reduce(Self::or).unwrap_or_else(Self::nothing)
            }
            HirKind::Repetition(repetition) => Self::again(repetition),
        }
    }

    fn nothing() -> Self {
        Self { empty: true, ..Self::default() }
    }

    /// One character of some ranges, of which only what is ASCII counts.
    fn one_of(ranges: impl Iterator<Item = (u8, u8)>) -> Self {
        let mut kinds = 0;
        for (start, end) in ranges {
            for byte in start..=end.min(127) {
                kinds |= 1 << KIND_OF.get(usize::from(byte)).copied().unwrap_or(OTHER);
            }
        }
        let digits = u32::from(kinds == 1 << DIGIT);
        Self { pairs: Vec::new(), digits, first: kinds, last: kinds, empty: false }
    }

    /// This part or another.
    fn or(self, other: Self) -> Self {
        let either = self.pairs.iter().flat_map(|own| other.pairs.iter().map(move |its| own | its));
        let mut pairs: Vec<Pairs> = either.collect();
        keep_rarest(&mut pairs);
        Self {
            pairs,
            digits: self.digits.min(other.digits),
            first: self.first | other.first,
            last: self.last | other.last,
            empty: self.empty || other.empty,
        }
    }

    /// This part and behind it another.
    fn and(mut self, mut next: Self) -> Self {
        if !next.empty && !self.empty {
            self.pairs.push(side_by_side(self.last, next.first));
        }
        self.pairs.append(&mut next.pairs);
        keep_rarest(&mut self.pairs);
        Self {
            pairs: self.pairs,
            digits: self.digits.saturating_add(next.digits),
            first: if self.empty { self.first | next.first } else { self.first },
            last: if next.empty { self.last | next.last } else { next.last },
            empty: self.empty && next.empty,
        }
    }

    fn again(repetition: &Repetition) -> Self {
        let once = Self::of(&repetition.sub);
        if repetition.min == 0 || once.empty {
            return Self { pairs: Vec::new(), digits: 0, empty: true, ..once };
        }
        let digits = once.digits.saturating_mul(repetition.min);
        if repetition.min == 1 {
            return once;
        }
        Self { digits, ..once.clone().and(once) }
    }
}

fn in_a_row(parts: impl Iterator<Item = Part>) -> Part {
    parts.fold(Part::nothing(), Part::and)
}

/// Every pair of a character of some kinds and one of others behind it.
fn side_by_side(first: Kinds, second: Kinds) -> Pairs {
    (0..KINDS)
        .filter(|kind| first >> kind & 1 == 1)
        .fold(0, |pairs, kind| pairs | Pairs::from(second) << (kind * KINDS))
}

fn keep_rarest(pairs: &mut Vec<Pairs>) {
    pairs.sort_unstable_by_key(|pairs| (pairs.count_ones(), *pairs));
    pairs.dedup();
    pairs.truncate(MOST_ASKED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_never_rules_a_match_out_and_rules_most_other_lines_out() {
        let fits = |pattern: &str, text: &str| {
            Glance::of(text).is_none_or(|glance| Shape::of(pattern).fits(&glance))
        };
        for (pattern, text, may_match) in [
            (r"\b([0-9]{3} [0-9]{3} [0-9]{4})\b", "call 212 555 0100 now", true),
            (r"\b([0-9]{3} [0-9]{3} [0-9]{4})\b", "12 sites and 400 staff", false),
            (r"\b([0-9]{3} [0-9]{3} [0-9]{4})\b", "from 2014 to 2016", false),
            (r"(?i)\b([a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2})\b", "b29 6bd", true),
            (r"(?i)\b([a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2})\b", "12 staff, 3 sites", false),
            (r"(?:^|[^\w/.-])(\+?44 ?7[0-9]{3})\b", "+447700", true),
            (r"(?:19|20)[0-9]{2}|(?:dob|born)\b", "born then", true),
            (r"a?b?", "", true),
            (r"(?:a-|b/)c", "x-cd", true),
            (r"(?:a-|b/)c", "a c", false),
            (r"é1", "e1", false),
            (r"é1", "é1", true),
            (r"\d{2}", "٣٤", true),
        ] {
            assert_eq!(fits(pattern, text), may_match, "{pattern} on {text}");
            let matches = regex::Regex::new(pattern).unwrap().is_match(text);
            assert!(may_match || !matches, "{pattern} matches {text}");
        }
    }
}
