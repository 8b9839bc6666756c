//! What one line of an application looks like by itself: an entry of a list, a line of a form, a heading, a row of a
//! table. Knows shapes of lines, no words of any subject.

/// What a line is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Nothing.
    Blank,
    /// An entry of a list: its marker if it is numbered, how far it stands in, what it says.
    Entry { marker: Option<&'a str>, indent: usize, text: &'a str },
    /// One or more `Label: answer` pairs.
    Fields(Vec<(&'a str, &'a str)>),
    /// Cells of a table, at least two.
    Row(Vec<&'a str>),
    /// A line in capitals, or with its letters spaced.
    Capitals(String),
    /// Anything else, without the space around it.
    Words(&'a str),
}

/// Signs that word processors and people put before the entries of a list. The last are private: Word's own fonts.
const BULLETS: [char; 22] = [
    '•', '◦', '▪', '▫', '■', '□', '●', '○', '‣', '⁃', '∙', '·', '➢', '➤', '✓', '✔', '*', '–', '—',
    '\u{f0b7}', '\u{f0a7}', '\u{f0d8}',
];

/// A gap of so many spaces parts two cells.
const GAP: &str = "   ";
const LONGEST_LABEL: usize = 60;
/// More empty cells at the start of a row are an indent.
const MOST_EMPTY: usize = 4;
const LONGEST_HEADING: usize = 80;

/// Decides about a line.
pub(super) fn read(line: &str) -> Line<'_> {
    let text = line.trim();
    if text.is_empty() {
        return Line::Blank;
    }
    if let Some(found) = entry(line) {
        return found;
    }
    if is_section(text) {
        return Line::Capitals(text.to_owned());
    }
    let cells = cells(text);
    if let Some(fields) = fields(&cells) {
        return Line::Fields(fields);
    }
    if let Some(words) = spaced_letters(text) {
        return Line::Capitals(words);
    }
    if cells.len() > 1 {
        // What stands above goes on in empty first cells, or the row has nothing to say there.
        let start = line.split(|c: char| !c.is_whitespace()).next().unwrap_or_default();
        let empty = start.matches('\t').count().min(MOST_EMPTY);
        return Line::Row([vec![""; empty], cells].concat());
    }
    if is_capitals(text) {
        return Line::Capitals(text.to_owned());
    }
    Line::Words(text)
}

fn entry(line: &str) -> Option<Line<'_>> {
    let text = line.trim();
    let indent = line.len() - line.trim_start().len();
    let mut characters = text.chars();
    let first = characters.next()?;
    let rest = characters.as_str();
    let bullet = BULLETS.contains(&first) || ('\u{f000}'..='\u{f0ff}').contains(&first);
    let dash = matches!(first, '-' | 'o' | '>' | '+');
    if bullet && !rest.starts_with(first) || dash && rest.starts_with([' ', '\t']) {
        let text = rest.trim_start();
        return (!text.is_empty()).then_some(Line::Entry { marker: None, indent, text });
    }
    let end = text.find([' ', '\t'])?;
    let (marker, rest) = text.split_at_checked(end)?;
    is_number(marker).then(|| Line::Entry { marker: Some(marker), indent, text: rest.trim_start() })
}

/// `1.`, `12)`, `(a)`, `b.`, `iv)`, `2.1`
fn is_number(marker: &str) -> bool {
    let closed = marker.ends_with(['.', ')']);
    let inner = marker.trim_start_matches('(').trim_end_matches(['.', ')']);
    let digits = |part: &str| {
        !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let roman = inner.len() <= 4 && inner.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    let letter = inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_lowercase());
    !inner.is_empty()
        && (closed && (digits(inner) || roman || letter)
            || inner.contains('.') && inner.split('.').all(digits))
}

/// Cells between tabs, between gaps of three spaces or more, or between bars.
pub(super) fn cells(text: &str) -> Vec<&str> {
    let found: Vec<&str> = if text.contains('\t') {
        text.split('\t').map(str::trim).collect()
    } else if text.contains(GAP) {
        text.split(GAP).map(str::trim).filter(|cell| !cell.is_empty()).collect()
    } else {
        let bars: Vec<&str> = text.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        if bars.len() > 1 { bars } else { vec![text] }
    };
    if found.iter().filter(|cell| !cell.is_empty()).count() > 1 { found } else { vec![text] }
}

/// Pairs of label and answer, if that is all that the cells hold.
fn fields<'a>(cells: &[&'a str]) -> Option<Vec<(&'a str, &'a str)>> {
    let mut found = Vec::new();
    let mut cells = cells.iter().copied().peekable();
    while let Some(cell) = cells.next() {
        match field(cell) {
            Some(pair) => found.push(pair),
            // `Label:` in one cell and the answer in the next.
            None if is_label(cell) => {
                let answer = cells.next_if(|next| field(next).is_none()).unwrap_or_default();
                found.push((cell, answer));
            }
            None => return None,
        }
    }
    // A label without any answer may be a heading.
    found.iter().any(|(_, answer)| !answer.is_empty()).then_some(found)
}

/// `Section 1: Personal details`, `PART B - REFEREES`: a word, a number or letter, and a title.
fn is_section(text: &str) -> bool {
    let Some((head, title)) = text.split_once(':').or_else(|| text.split_once(" - ")) else {
        return false;
    };
    let mut words = head.split_whitespace();
    let (Some(word), Some(number), None) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let counts = number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit())
        || number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_uppercase());
    counts
        && word.chars().all(char::is_alphabetic)
        && word.chars().next().is_some_and(char::is_uppercase)
        && text.chars().count() <= LONGEST_HEADING
        && title.trim().chars().next().is_some_and(char::is_uppercase)
        && !title.ends_with('.')
}

fn field(cell: &str) -> Option<(&str, &str)> {
    let end = cell.find(": ").into_iter().chain(cell.find("? ")).min()?;
    let label = cell.get(..=end)?;
    let answer = cell.get(end + 1..)?.trim();
    // A question in the middle of a text is answered at length.
    let asked = !label.ends_with('?')
        || answer.chars().count() <= LONGEST_LABEL && label.split_whitespace().count() >= 3;
    (is_label(label) && asked && !answer.is_empty()).then_some((label, answer))
}

/// A few words that begin large and end with a colon or a question mark.
pub(super) fn is_label(text: &str) -> bool {
    let Some(words) = text.strip_suffix([':', '?']) else { return false };
    let words = words.trim();
    words.chars().count() <= LONGEST_LABEL
        && words.split_whitespace().count() <= 9
        && words.chars().next().is_some_and(|c| c.is_uppercase() || c == '[')
        && !words.contains([':', '.', ';', '!'])
        && words.chars().any(char::is_alphabetic)
}

/// Words in capitals that are more than a label or an abbreviation.
fn is_capitals(text: &str) -> bool {
    let own = without_labels(text);
    let letters = own.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 4
        && !own.chars().any(char::is_lowercase)
        && text.chars().count() <= LONGEST_HEADING
        && text.split_whitespace().count() <= 10
        && !text.ends_with(['.', ',', ';', '!'])
        && !own.contains('@')
        && own.chars().filter(char::is_ascii_digit).count() * 2 < letters
}

/// `P R O F I L E` as `PROFILE`.
fn spaced_letters(text: &str) -> Option<String> {
    let mut joined = String::new();
    let mut letters = 0;
    for word in text.split("  ").filter(|word| !word.trim().is_empty()) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        for piece in word.split_whitespace() {
            if piece.chars().count() != 1 {
                return None;
            }
            letters += usize::from(piece.chars().all(char::is_uppercase));
            joined.push_str(piece);
        }
    }
    (letters >= 4).then_some(joined)
}

/// The text without what stands in brackets for something else.
pub(super) fn without_labels(text: &str) -> String {
    let mut rest = text;
    let mut own = String::new();
    while let Some((start, end)) = super::inline::next_label(rest) {
        own.push_str(rest.get(..start).unwrap_or_default());
        own.push(' ');
        rest = rest.get(end..).unwrap_or_default();
    }
    own + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_for_what_they_look_like() {
        let entry = |marker, indent, text| Line::Entry { marker, indent, text };
        for (line, taken) in [
            ("  ", Line::Blank),
            ("- Wrote the rota", entry(None, 0, "Wrote the rota")),
            ("  \u{f0b7} 64 apartments", entry(None, 2, "64 apartments")),
            ("•no space", entry(None, 0, "no space")),
            ("2.1 Scope of work", entry(Some("2.1"), 0, "Scope of work")),
            ("(b) second", entry(Some("(b)"), 0, "second")),
            ("-5 degrees", Line::Words("-5 degrees")),
            ("**", Line::Words("**")),
            ("I. was there", Line::Words("I. was there")),
            ("2019. A good year", Line::Words("2019. A good year")),
            ("Surname: [NAME]", Line::Fields(vec![("Surname:", "[NAME]")])),
            (
                "Job title: Aide     Grade: D",
                Line::Fields(vec![("Job title:", "Aide"), ("Grade:", "D")]),
            ),
            ("Name:\t[NAME]", Line::Fields(vec![("Name:", "[NAME]")])),
            ("Do you drive?\tYes", Line::Fields(vec![("Do you drive?", "Yes")])),
            ("Do you hold a licence? Yes", Line::Fields(vec![("Do you hold a licence?", "Yes")])),
            ("Why? Because", Line::Words("Why? Because")),
            ("At 10:30 we met", Line::Words("At 10:30 we met")),
            ("so I said: no more", Line::Words("so I said: no more")),
            ("https://example.org/a", Line::Words("https://example.org/a")),
            ("2019\tLead\tRiverside", Line::Row(vec!["2019", "Lead", "Riverside"])),
            ("\tLead\t2019", Line::Row(vec!["", "Lead", "2019"])),
            ("Lead | Riverside | 2019", Line::Row(vec!["Lead", "Riverside", "2019"])),
            ("SECTION 1 - DETAILS", Line::Capitals("SECTION 1 - DETAILS".to_owned())),
            ("Section 2: Employment", Line::Capitals("Section 2: Employment".to_owned())),
            ("E D U C A T I O N", Line::Capitals("EDUCATION".to_owned())),
            ("[NAME]", Line::Words("[NAME]")),
            ("BSc", Line::Words("BSc")),
            ("PhD, RGN", Line::Words("PhD, RGN")),
        ] {
            assert_eq!(read(line), taken, "{line}");
        }
    }
}
