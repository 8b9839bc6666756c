//! What each character folds to: no diacritics, straight quotes, plain spaces, ligatures written out, invisible
//! characters gone, look-alikes from other scripts made Latin. A table; knows no words.

use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

/// Calls `emit` with every character that `c` folds to; nothing for an invisible one.
pub fn fold_char(c: char, mut emit: impl FnMut(char)) {
    if c.is_ascii() {
        return emit(c);
    }
    if let Some(text) = replacement(c) {
        text.chars().for_each(emit);
        return;
    }
    if is_invisible(c) || is_combining_mark(c) && !is_spacing_script(c) {
        return;
    }
    if ('\u{ff01}'..='\u{ff5e}').contains(&c) {
        // Full-width forms lie at a fixed distance from ASCII.
        return emit(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c));
    }
    if matches!(c, '\u{2100}'..='\u{214f}' | '\u{24b6}'..='\u{24e9}' | '\u{1d400}'..='\u{1d7ff}') {
        // Letters from mathematics and in circles are read as the letters they look like.
        return decompose_compatible(c, emit);
    }
    decompose_canonical(c, |part| {
        if !is_combining_mark(part) || is_spacing_script(part) {
            match replacement(part) {
                Some(text) => text.chars().for_each(&mut emit),
                None => emit(part),
            }
        }
    });
}

/// Marks of the Indic and similar scripts carry vowels; dropping them would merge different words.
fn is_spacing_script(c: char) -> bool {
    ('\u{0900}'..='\u{109f}').contains(&c)
}

/// Characters that a reader does not see.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// The Latin letter that a Cyrillic or Greek letter is mistaken for.
pub fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'с' | 'ϲ' => 'c',
        'С' => 'C',
        'ԁ' => 'd',
        'е' | 'ё' => 'e',
        'Е' | 'Ε' => 'E',
        'һ' => 'h',
        'Н' | 'Η' => 'H',
        'і' | 'ι' => 'i',
        'І' | 'Ι' => 'I',
        'ј' => 'j',
        'Ј' => 'J',
        'к' | 'κ' => 'k',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'о' | 'ο' => 'o',
        'О' | 'Ο' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' => 'P',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'у' | 'γ' => 'y',
        'У' | 'Υ' => 'Y',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'ѵ' | 'ν' => 'v',
        'Ζ' => 'Z',
        _ => return None,
    })
}

fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            " "
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '´' | '＇' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => "-",
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'đ' | 'ð' | 'ɖ' => "d",
        'Đ' | 'Ð' | 'Ɖ' => "D",
        'ł' => "l",
        'Ł' => "L",
        'ı' => "i",
        'ħ' => "h",
        'Ħ' => "H",
        'þ' => "th",
        'Þ' => "Th",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ŋ' => "n",
        'Ŋ' => "N",
        'ə' | 'ɛ' | 'ǝ' => "e",
        'Ə' | 'Ɛ' => "E",
        'ɔ' => "o",
        'Ɔ' => "O",
        'ɓ' => "b",
        'Ɓ' => "B",
        'ɗ' => "d",
        'Ɗ' => "D",
        'ƙ' => "k",
        'Ƙ' => "K",
        'ƴ' => "y",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_fold_to_what_a_plain_keyboard_would_type() {
        for (from, to) in [
            ("Wiśniewska", "Wisniewska"),
            ("Yıldırım", "Yildirim"),
            ("Łukasz Søren", "Lukasz Soren"),
            ("Nguyễn Thị", "Nguyen Thi"),
            ("sta\u{fb00}", "staff"),
            ("clip\u{ad}board", "clipboard"),
            ("Bhraona\u{301}in", "Bhraonain"),
            ("O’Neill", "O'Neill"),
            ("Ａｎｎ", "Ann"),
            ("𝓐𝓷𝓷", "Ann"),
            ("પટેલ", "પટેલ"),
        ] {
            let mut folded = String::new();
            from.chars().for_each(|c| fold_char(c, |c| folded.push(c)));
            assert_eq!(folded, to);
        }
    }
}
