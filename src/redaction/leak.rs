//! The leak gate: searches an output again for everything that is known of the candidate. Shares no code with the
//! search that made the output, so that one fault cannot blind both: it folds, splits and compares by itself.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::Identity;

/// What must not be in an output.
#[derive(Default)]
pub struct Forbidden {
    /// Words, folded, each long enough to be nobody else's by chance.
    words: Vec<String>,
    /// Several words run together.
    joined: Vec<String>,
    /// E-mail addresses, numbers: letters and digits only.
    exact: Vec<String>,
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
        let squeezed: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let single = squeezed_singles(&folded);
        let words = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| self.words.iter().any(|forbidden| forbidden == word))
            .count();
        let spaced =
            self.words.iter().filter(|w| w.len() >= 5 && single.contains(w.as_str())).count();
        let run =
            |list: &[String]| list.iter().filter(|text| squeezed.contains(text.as_str())).count();
        words + spaced + run(&self.joined) + run(&self.exact)
    }
}

/// Letters that stand alone in a row, run together: what is left of "S A H O T A".
fn squeezed_singles(folded: &str) -> String {
    let mut out = String::new();
    for word in folded.split_whitespace() {
        if word.chars().count() == 1 {
            out.push_str(word);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Small letters, compatibility forms taken apart, marks and invisible characters gone, barred letters made plain.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}' => {}
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'ı' => out.push('i'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'а' => out.push('a'),
            'е' => out.push('e'),
            'о' => out.push('o'),
            'р' => out.push('p'),
            'с' => out.push('c'),
            'у' => out.push('y'),
            'х' => out.push('x'),
            'і' => out.push('i'),
            other => out.push(other),
        }
    }
    out
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
            ("nothing here", false),
            ("[NAME]", false),
        ] {
            assert_eq!(forbidden.count_in(text, &[]) > 0, leaks, "{text}");
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
