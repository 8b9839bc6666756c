//! Labels inside a line of text: what stands in square brackets in capitals was put there in the place of something
//! else. Knows their shape, not what they stand for.

use crate::typeset::{Run, Style};

const LONGEST: usize = 40;

/// One line of text as runs, its labels apart.
pub fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut rest = text;
    let mut push = |text: &str, style: Style| {
        if !text.is_empty() {
            runs.push(Run::new(text, style));
        }
    };
    while let Some((start, end)) = next_label(rest) {
        push(rest.get(..start).unwrap_or_default(), Style::Plain);
        push(rest.get(start..end).unwrap_or_default(), Style::Label);
        rest = rest.get(end..).unwrap_or_default();
    }
    push(rest, Style::Plain);
    runs
}

/// Where the first label of a text begins and ends.
pub(super) fn next_label(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('[')?;
        let inside = text.get(start + 1..)?;
        let length = inside.bytes().take(LONGEST).position(|byte| matches!(byte, b'[' | b']'));
        if let Some(length) = length
            && inside.as_bytes().get(length) == Some(&b']')
            && inside.get(..length).is_some_and(is_label)
        {
            return Some((start, start + length + 2));
        }
        from = start + 1;
    }
}

/// Capitals and spaces, perhaps with a number; `[X]` is a tick.
fn is_label(inside: &str) -> bool {
    inside.len() >= 3
        && inside.starts_with(|c: char| c.is_ascii_uppercase())
        && inside.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ')
        && inside.chars().filter(char::is_ascii_uppercase).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_other_brackets() {
        for (text, labels) in [
            ("by [NAME] and [REFEREE 12].", vec!["[NAME]", "[REFEREE 12]"]),
            ("[X] yes [see note] [2019]", vec![]),
            ("[[NAME]]", vec!["[NAME]"]),
            ("[NAME", vec![]),
            ("ŵ[AGE]ŵ", vec!["[AGE]"]),
            ("", vec![]),
        ] {
            let runs = runs(text);
            let found: Vec<&str> = runs
                .iter()
                .filter(|run| run.style == Style::Label)
                .map(|run| run.text.as_str())
                .collect();
            assert_eq!(found, labels, "{text}");
            assert_eq!(runs.iter().map(|run| run.text.as_str()).collect::<String>(), text);
        }
    }
}
