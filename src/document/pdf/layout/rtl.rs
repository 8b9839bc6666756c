//! Words that run from right to left (Arabic, Hebrew): from their order on the page, which is drawn from left to
//! right, to the order in which they are read. Knows scripts, not words.

use super::{Cell, Word};

/// Whether a text has a letter of a script that runs from right to left.
pub(super) fn runs_left(text: &str) -> bool {
    text.chars().any(|character| {
        matches!(character, '\u{590}'..='\u{65f}' | '\u{66a}'..='\u{6ef}' | '\u{6fa}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}')
    })
}

fn is_stop(character: char) -> bool {
    matches!(character, ',' | '.' | ';' | ':' | '!' | '?')
}

fn runs_right(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !runs_left(text)
}

/// Adds what the next glyph to the right says to a word: at its front where the word runs to the left.
pub(super) fn add(word: &mut String, part: &str) {
    let leftwards = runs_left(word) || runs_left(part) && !runs_right(word);
    if !leftwards {
        word.push_str(part);
        return;
    }
    if word.chars().any(char::is_alphabetic) && part.chars().all(is_stop) {
        word.push_str(part);
        return;
    }
    // Figures run to the right in every script.
    let figure = |character: char| character.is_numeric();
    let at = if part.starts_with(figure) {
        word.find(|character| !figure(character)).unwrap_or(word.len())
    } else {
        0
    };
    word.insert_str(at, part);
}

/// Puts the cells of a line, and the words of each, in the order of reading.
pub(super) fn in_reading_order(cells: &mut [Cell]) {
    let count = |runs: fn(&str) -> bool| {
        cells.iter().flat_map(|cell| &cell.words).filter(|word| runs(&word.text)).count()
    };
    let (left, right) = (count(runs_left), count(runs_right));
    if left == 0 {
        return;
    }
    if left > right {
        cells.reverse();
        for cell in cells {
            cell.words.reverse();
            turn_runs(&mut cell.words, runs_right, runs_left);
        }
    } else {
        for cell in cells {
            turn_runs(&mut cell.words, runs_left, runs_right);
        }
    }
}

/// Turns round each stretch of words from one of a kind to the last before one of the other kind.
fn turn_runs(words: &mut [Word], of_kind: fn(&str) -> bool, of_other: fn(&str) -> bool) {
    let mut from = 0;
    while let Some(start) = position(words, from, of_kind) {
        let end = position(words, start, of_other).unwrap_or(words.len());
        let run = words.get_mut(start..end).unwrap_or_default();
        let length = run.iter().rposition(|word| of_kind(&word.text)).map_or(0, |last| last + 1);
        if let Some(run) = run.get_mut(..length) {
            run.reverse();
            move_stops(run);
        }
        from = end.max(start + 1);
    }
}

/// A stop on the right of a run that is read from the right belongs to the words around the run: it follows the last.
fn move_stops(run: &mut [Word]) {
    if let [first, .., last] = run {
        let kept = first.text.trim_end_matches(is_stop).len();
        if runs_left(&first.text) {
            last.text.push_str(&first.text.split_off(kept));
        }
    }
}

fn position(words: &[Word], from: usize, of_kind: fn(&str) -> bool) -> Option<usize> {
    let found = words.get(from..)?.iter().position(|word| of_kind(&word.text))?;
    Some(from + found)
}

#[cfg(test)]
mod tests {
    use super::super::super::geometry::Area;
    use super::*;

    /// A line as it is read, from its glyphs as they stand from left to right.
    fn read(drawn: &str) -> String {
        let words = drawn
            .split(' ')
            .map(|glyphs| {
                let mut text = String::new();
                for glyph in glyphs.chars() {
                    add(&mut text, glyph.encode_utf8(&mut [0; 4]));
                }
                Word { text, area: Area::NOTHING, unseen: None, bold: false }
            })
            .collect();
        let mut cells = [Cell::of(words)];
        in_reading_order(&mut cells);
        let words = cells.iter().flat_map(|cell| &cell.words).map(|word| word.text.as_str());
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_that_run_to_the_left_are_read_in_their_own_order() {
        let backwards = |text: &str| text.chars().rev().collect::<String>();
        for (drawn, said) in [
            (backwards("ליאת כהן"), "ליאת כהן"),
            (format!("Name: {} here", backwards("ليلى حداد")), "Name: ليلى حداد here"),
            (format!("{} 2019 {}", backwards("חדשה"), backwards("מנהלת")), "מנהלת 2019 חדשה"),
            (
                format!("{} Leeds Beckett {}", backwards("בעיר"), backwards("למדתי שם")),
                "למדתי שם Leeds Beckett בעיר",
            ),
            (format!("2019{}", backwards("ב")), "ב2019"),
            ("plain words 12 (a)".to_owned(), "plain words 12 (a)"),
        ] {
            assert_eq!(read(&drawn), said);
        }
    }
}
