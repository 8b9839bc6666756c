//! Letters that a program wrote as UTF-8 and another read as Windows-1252: "SiÃ´n" for "Siôn", "â€™" for an apostrophe.
//! Applicant tracking systems pass them on, and a name that is spelt so is still a name.

use encoding_rs::WINDOWS_1252;

/// The letter that such a sequence at the beginning of a text stands for, and how many characters it takes. Sequences
/// that people write themselves, such as an accented capital before a curly quotation mark, stand for nothing.
pub(super) fn decode(text: &str) -> Option<(char, usize)> {
    let mut characters = text.chars();
    let length = match characters.next()? {
        'Â'..='ß' => 2,
        'à'..='â' => 3,
        _ => return None,
    };
    if characters.next()?.is_ascii() {
        return None;
    }
    let sequence = match text.char_indices().nth(length) {
        Some((end, _)) => text.get(..end)?,
        None => text,
    };
    let (bytes, _, unknown) = WINDOWS_1252.encode(sequence);
    let mut decoded = std::str::from_utf8(&bytes).ok().filter(|_| !unknown)?.chars();
    let usual = decoded.next().filter(|letter| is_usual(*letter))?;
    decoded.next().is_none().then_some((usual, length))
}

/// Letters of the languages that applicants write, and the marks between them.
fn is_usual(letter: char) -> bool {
    matches!(letter,
        // Latin with the letters of European languages, Romanian, Yoruba and Vietnamese.
        '\u{c0}'..='\u{17f}' | '\u{1a0}'..='\u{1b0}' | '\u{218}'..='\u{21b}' | '\u{1e00}'..='\u{1eff}'
        // Greek, Cyrillic, Hebrew, Arabic and the scripts of India.
        | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{45f}' | '\u{490}'..='\u{491}' | '\u{5d0}'..='\u{5ea}'
        | '\u{620}'..='\u{6ff}' | '\u{900}'..='\u{dff}'
        // Quotation marks and dashes.
        | '\u{2010}'..='\u{2027}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text as UTF-8 that was read as Windows-1252.
    fn misread(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn every_letter_that_was_misread_is_read_again() {
        for letter in "ôéñŁąșțịễộКиєΓαابक".chars() {
            let wrong = misread(&letter.to_string());
            assert_eq!(decode(&wrong), Some((letter, wrong.chars().count())), "{wrong}");
        }
        assert_eq!(decode("â€™s"), Some(('’', 3)));
    }

    #[test]
    fn letters_that_stand_for_themselves_are_left() {
        for text in
            ["ô", "Ãlvaro", "Élan", "à la", "Ânia", "É–B", "Ó’B", "é”…", "È’s", "Œuvre", "Ö–ß", ""]
        {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
