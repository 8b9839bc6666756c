//! The leak gate: searches an output again for everything that is known of the candidate. Shares no code with the
//! search that made the output, so that one fault cannot blind both: it folds, splits and compares by itself.

use encoding_rs::WINDOWS_1252;
use memchr::memmem;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::Identity;

/// What must not be in an output.
#[derive(Clone, Default)]
pub struct Forbidden {
    /// Words, folded, each long enough to be nobody else's by chance.
    pub(super) words: Vec<String>,
    /// Words of the name that are ordinary words too: forbidden side by side.
    pub(super) ordinary: Vec<String>,
    /// Several words run together.
    pub(super) joined: Vec<String>,
    /// E-mail addresses, numbers: letters and digits only.
    pub(super) exact: Vec<String>,
}

impl Forbidden {
    /// What an identity forbids by itself: contact values, and names run together.
    pub fn from_identity(identity: &Identity) -> Self {
        let mut forbidden = Self::default();
        for (field, value) in identity.fields() {
            match field {
                "email" | "phone" | "ni_number" | "postcode" | "other_numbers" => {
                    forbidden.add_exact(value)
                }
                "full_name" => forbidden.add_joined(value),
                _ => {}
            }
        }
        if let (Some(given), Some(family)) = (&identity.given_names, &identity.family_name) {
            forbidden.add_joined(&format!("{given}{family}"));
            forbidden.add_joined(&format!("{family}{given}"));
        }
        forbidden
    }

    /// Adds a name word that is no ordinary word.
    pub fn add_word(&mut self, word: &str) {
        let folded = fold(word);
        if folded.chars().count() >= 3 {
            self.words.push(folded);
        }
    }

    /// Adds a name word that is an ordinary word too.
    pub fn add_ordinary(&mut self, word: &str) {
        let folded = fold(word);
        if folded.chars().count() >= 2 {
            self.ordinary.push(folded);
        }
    }

    /// Adds several words that must not appear run together, spaced or not.
    pub fn add_joined(&mut self, text: &str) {
        let folded: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
        if folded.chars().count() >= 8 {
            self.joined.push(folded);
        }
    }

    fn add_exact(&mut self, value: &str) {
        let squeezed: String = fold(value).chars().filter(|c| c.is_alphanumeric()).collect();
        // A telephone number is the same with +44 or 0 before it.
        let digits = squeezed.chars().all(|c| c.is_ascii_digit());
        let core = match squeezed.strip_prefix("44").or_else(|| squeezed.strip_prefix('0')) {
            Some(core) if digits => core.to_owned(),
            _ => squeezed,
        };
        if core.chars().count() >= 6 {
            self.exact.push(core);
        }
    }

    /// How many values are known.
    pub fn len(&self) -> usize {
        self.words.len() + self.joined.len() + self.exact.len()
    }

    /// Whether nothing is known, so that nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many forbidden things an output still has. `exempt` are passages that the vacancy keeps.
    pub fn count_in(&self, output: &str, exempt: &[String]) -> usize {
        let mut folded = fold(output);
        for passage in exempt {
            let passage = fold(passage);
            if !passage.is_empty() {
                folded = folded.replace(&passage, " ");
            }
        }
        // The same without spaces and marks, and what letters that stand alone in a row are run together, as is left of
        // "S A H O T A" and "S.a.h.o.t.a".
        let mut squeezed = String::with_capacity(folded.len());
        let mut single = String::new();
        let is_forbidden = same_as_any(&self.words);
        let is_ordinary = same_as_any(&self.ordinary);
        let mut count = 0;
        let mut before = "";
        for word in words(&folded) {
            squeezed.push_str(word);
            if is_one_character(word) {
                single.push_str(word);
            } else if !single.ends_with(' ') {
                single.push(' ');
            }
            // Forbidden words that stand by themselves, also with digits for letters, and two words of the name that are
            // ordinary ones too, side by side in either order.
            let scanned = || {
                word.bytes().any(|b| b.is_ascii_digit())
                    && word.bytes().any(|b| b.is_ascii_alphabetic())
                    && is_forbidden(&with_letters_for_digits(word))
            };
            let pair = || before != word && is_ordinary(word) && is_ordinary(before);
            count += usize::from(is_forbidden(word) || pair() || scanned());
            before = word;
        }
        let within = |text: &str, part: &String| memmem::find(text.as_bytes(), part.as_bytes());
        let spaced = self.words.iter().filter(|word| word.len() >= 5);
        let run = self.joined.iter().chain(&self.exact);
        count
            + self.broken_in(&folded)
            + self.misspelt_in(output, exempt)
            + spaced.filter(|word| within(&single, word).is_some()).count()
            + run.filter(|text| within(&squeezed, text).is_some()).count()
    }

    /// Forbidden words that a line's end divides: "Wisniew-" and "ska".
    fn broken_in(&self, folded: &str) -> usize {
        folded
            .lines()
            .zip(folded.lines().skip(1))
            .filter(|(above, below)| {
                let Some(head) = above.trim_end().strip_suffix('-') else { return false };
                let head = head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
                let tail =
                    below.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
                let whole = format!("{head}{tail}");
                self.words.contains(&whole)
            })
            .count()
    }

    /// Long words with a capital that are one slip away from a forbidden one.
    fn misspelt_in(&self, output: &str, exempt: &[String]) -> usize {
        let long: Vec<&String> =
            self.words.iter().filter(|w| w.len() >= LONG && w.is_ascii()).collect();
        if long.is_empty() {
            return 0;
        }
        words(output)
            .filter(|word| word.len() + 1 >= LONG && word.starts_with(char::is_uppercase))
            .filter(|word| !exempt.iter().any(|passage| passage.contains(word)))
            .filter(|word| {
                let folded = fold(word);
                long.iter().any(|name| name.as_str() != folded && one_apart(name, &folded))
            })
            .count()
    }
}

/// Names at least this long are looked for with a slip.
const LONG: usize = 8;

/// Whether two words that begin alike differ by one letter put in, left out, changed, or exchanged with the next.
fn one_apart(one: &str, other: &str) -> bool {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    if a.first() != b.first() || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let shorter = a.len().min(b.len());
    if front + back >= shorter.saturating_sub(usize::from(a.len() == b.len())) {
        return true;
    }
    // Two neighbours exchanged leave two letters between what agrees.
    a.len() == b.len()
        && front + back + 2 == a.len()
        && a.get(front) == b.get(front + 1)
        && a.get(front + 1) == b.get(front)
}

/// A word with the letters that digits are put for.
fn with_letters_for_digits(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// The letters and digits of a text between whatever else is in it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let others = rest.bytes().take_while(|b| b.is_ascii() && !b.is_ascii_alphanumeric());
            rest = rest.get(others.count()..)?;
            let length = length_of_word(rest);
            if length > 0 {
                let (word, after) = rest.split_at_checked(length)?;
                rest = after;
                return Some(word);
            }
            // A character that is not of ASCII and of no word, or the end.
            let mut characters = rest.chars();
            characters.next()?;
            rest = characters.as_str();
        }
    })
}

/// How many bytes letters and digits take at the beginning of a text.
fn length_of_word(text: &str) -> usize {
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())
}

fn is_one_character(word: &str) -> bool {
    word.len() <= 4 && word.chars().nth(1).is_none()
}

/// Whether a word is among some. Most words differ from all in their length or their first byte.
fn same_as_any(list: &[String]) -> impl Fn(&str) -> bool {
    let bit = |number: usize| 1_u64 << (number % 64);
    let first = |word: &str| word.bytes().next().map_or(0, usize::from);
    let lengths = list.iter().fold(0, |bits, word| bits | bit(word.len()));
    let firsts = list.iter().fold(0, |bits, word| bits | bit(first(word)));
    move |word| {
        lengths & bit(word.len()) != 0
            && firsts & bit(first(word)) != 0
            && list.iter().any(|own| own == word)
    }
}

/// Small letters, compatibility forms taken apart, marks and invisible characters gone, barred letters and letters of
/// other alphabets that look Latin made plain.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Marks belong to what stands before them and never to an ASCII letter's other side, so plain stretches are folded
    // by themselves.
    while !rest.is_empty() {
        let (plain, other) =
            rest.split_at(rest.bytes().position(|b| !b.is_ascii()).unwrap_or(rest.len()));
        out.extend(plain.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        let end = other.bytes().position(|b| b.is_ascii()).unwrap_or(other.len());
        let (other, after) = other.split_at(end);
        fold_other(other, &mut out);
        rest = after;
    }
    out
}

/// Folds a stretch without ASCII characters. Where its characters, as Windows-1252, are letters in UTF-8, these were
/// meant: "Ã´" is "ô".
fn fold_other(text: &str, out: &mut String) {
    let meant = match text.chars().next() {
        Some('Ã'..='Å' | 'È' | 'Î' | 'Ï' | 'Ð' | 'Ñ' | '×'..='Û' | 'à' | 'á') => {
            let (bytes, _, unknown) = WINDOWS_1252.encode(text);
            String::from_utf8(bytes.into_owned()).ok().filter(|_| !unknown)
        }
        _ => None,
    };
    let text = meant.as_deref().unwrap_or(text);
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if is_hidden(c) {
            continue;
        }
        match plain(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
}

/// Characters that take no room: soft hyphens, joiners, direction marks, fillers, variation selectors, tags.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
}

/// Barred and joined letters, and small letters of other alphabets, as the Latin ones that they stand or pass for
/// (after Unicode Technical Standard 39, skeletons of Latin letters).
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' | 'ƚ' | 'ⅼ' | 'ӏ' | 'ǀ' => "l",
        'ø' | 'о' | 'ο' | 'օ' | 'ɵ' | 'ө' => "o",
        'ı' | 'і' | 'ι' | 'ɩ' | 'ɪ' => "i",
        'đ' | 'ð' | 'ԁ' | 'ɖ' | 'ɗ' => "d",
        'ħ' | 'һ' | 'հ' => "h",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŋ' | 'п' | 'ո' => "n",
        'а' | 'α' | 'ɑ' => "a",
        'е' | 'ε' | 'ə' | 'ɛ' | 'ҽ' | 'є' => "e",
        'р' | 'ρ' => "p",
        'с' | 'ϲ' | 'ᴄ' => "c",
        'у' | 'γ' | 'ү' | 'ɣ' => "y",
        'х' | 'χ' => "x",
        'ѕ' | 'ꜱ' => "s",
        'ј' | 'ϳ' => "j",
        'к' | 'κ' | 'ĸ' | 'ƙ' => "k",
        'в' | 'ɓ' | 'ь' | 'β' => "b",
        'м' => "m",
        'н' => "h",
        'т' | 'τ' | 'ŧ' => "t",
        'ν' | 'ѵ' => "v",
        'ω' | 'ԝ' | 'ѡ' => "w",
        'υ' | 'ս' => "u",
        'ԛ' => "q",
        'ɡ' | 'ց' => "g",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_disguise_of_a_name_is_seen() {
        let mut forbidden = Forbidden::default();
        forbidden.add_word("Wiśniewska");
        forbidden.add_joined("Zofia Wiśniewska");
        for (text, leaks) in [
            ("by Wisniewska today", true),
            ("by WIŚNIEWSKA", true),
            ("W i s n i e w s k a", true),
            ("zofiawisniewska2019", true),
            ("Wiśni\u{ad}ewska", true),
            ("Wisniеwska", true),
            ("WiÅ›niewska", true),
            ("W.i.s.n.i.e.w.s.k.a", true),
            ("Wisniew-\nska", true),
            ("by Wisniewksa", true),
            ("by Wisnewska", true),
            ("Wisniewsk4", true),
            ("Ԝіѕnіеԝѕkа", true),
            ("Wisn\u{2066}iewska", true),
            ("nothing here", false),
            ("[NAME]", false),
        ] {
            assert_eq!(forbidden.count_in(text, &[]) > 0, leaks, "{text}");
        }
    }

    #[test]
    fn words_are_letters_and_digits_between_whatever_else_there_is() {
        for (text, found) in [
            ("", vec![]),
            (" - ", vec![]),
            ("Ann-Marie 2nd", vec!["Ann", "Marie", "2nd"]),
            ("…Siôn—Łukasz… «Zoë»", vec!["Siôn", "Łukasz", "Zoë"]),
            ("Petrovа\u{a0}x😀y", vec!["Petrovа", "x", "y"]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), found, "{text}");
        }
    }

    #[test]
    fn names_that_are_words_leak_side_by_side_only() {
        let mut forbidden = Forbidden::default();
        forbidden.add_ordinary("Grace");
        forbidden.add_ordinary("Banks");
        for (text, leaks) in [
            ("Grace Banks wrote", 1),
            ("Banks, Grace", 1),
            ("the banks of the river", 0),
            ("a grace period for banks", 0),
        ] {
            assert_eq!(forbidden.count_in(text, &[]), leaks, "{text}");
        }
    }

    #[test]
    fn contact_values_are_seen_however_they_are_set() {
        let identity: Identity =
            serde_json::from_str(r#"{"phone": "+447700900387", "email": "a.b@example.com"}"#)
                .unwrap();
        let forbidden = Forbidden::from_identity(&identity);
        for text in ["07700 900 387", "0044 (0)7700-900387", "A.B @ example.com"] {
            assert_eq!(forbidden.count_in(text, &[]), 1, "{text}");
        }
        assert_eq!(forbidden.count_in("07700 900 388", &[]), 0);
    }
}
