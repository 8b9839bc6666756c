//! Names in Greek and Cyrillic letters, written in Latin ones. Pure string work; other alphabets leave out vowels or
//! have no spelling that all agree on, and give nothing.

/// A word in Latin letters, or `None` for a word in Latin letters already, or in an alphabet that is not read here.
/// Expects folded small letters.
pub(super) fn in_latin(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let pair = letters.peek().and_then(|next| pair(letter, *next));
        match pair {
            Some(latin) => {
                letters.next();
                out.push_str(latin);
            }
            None => out.push_str(single(letter)?),
        }
    }
    (!word.is_ascii() && !out.is_empty()).then_some(out)
}

/// Greek letters that are one sound together.
const fn pair(first: char, second: char) -> Option<&'static str> {
    Some(match (first, second) {
        ('ο', 'υ') => "ou",
        ('α', 'υ') => "av",
        ('ε', 'υ') => "ev",
        ('μ', 'π') => "b",
        ('ν', 'τ') => "nt",
        ('γ', 'γ') => "ng",
        ('γ', 'κ') => "gk",
        ('τ', 'ζ') => "tz",
        ('т', 'с') => "ts",
        _ => return None,
    })
}

fn single(letter: char) -> Option<&'static str> {
    const GREEK: [&str; 25] = [
        "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s",
        "s", "t", "y", "f", "ch", "ps", "o",
    ];
    const CYRILLIC: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s",
        "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "a", "y", "", "e", "yu", "ya",
    ];
    let at = |list: &'static [&'static str], first: char| {
        list.get((u32::from(letter) - u32::from(first)) as usize).copied()
    };
    match letter {
        'α'..='ω' => at(&GREEK, 'α'),
        'а'..='я' => at(&CYRILLIC, 'а'),
        'є' => Some("ye"),
        'і' => Some("i"),
        'ї' => Some("yi"),
        'ґ' => Some("g"),
        'ё' => Some("yo"),
        'ў' => Some("w"),
        'ј' => Some("j"),
        'љ' => Some("lj"),
        'њ' => Some("nj"),
        'ћ' | 'ђ' => Some("dj"),
        'џ' => Some("dz"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greek_and_cyrillic_names_are_spelt_in_latin_letters() {
        for (word, latin) in [
            ("παπανικολαου", Some("papanikolaou")),
            ("ευαγγελος", Some("evangelos")),
            ("коваленко", Some("kovalenko")),
            ("христов", Some("khristov")),
            ("цветомир", Some("tsvetomir")),
            ("smith", None),
            ("محمد", None),
        ] {
            assert_eq!(in_latin(word).as_deref(), latin, "{word}");
        }
    }
}
