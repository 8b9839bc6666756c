//! Lines, the cells of tables and columns in them, and the zones that headings open. Knows page layout; which
//! headings open which zone stands in the `zone_*` lexicons.

use std::borrow::Cow;

use super::{Gap, Shape, Token, View, Vocabulary};

/// A part of an application, opened by a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Before any heading, or under one that opens nothing special.
    Open,
    /// Name, address and the like.
    Personal,
    /// Posts held.
    Employment,
    /// Schools, colleges, universities.
    Education,
    /// People who can be asked.
    Referees,
    /// Equality monitoring.
    Monitoring,
    /// Languages spoken.
    Languages,
    /// Criminal record.
    Convictions,
    /// Interests and what the candidate says of themselves.
    Interests,
}

impl Zone {
    /// Every zone that a lexicon can open, with the name used in rules.
    pub const NAMED: [(Self, &'static str); 9] = [
        (Self::Open, "open"),
        (Self::Personal, "personal"),
        (Self::Employment, "employment"),
        (Self::Education, "education"),
        (Self::Referees, "referees"),
        (Self::Monitoring, "monitoring"),
        (Self::Languages, "languages"),
        (Self::Convictions, "convictions"),
        (Self::Interests, "interests"),
    ];

    /// The zone of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, known)| *known == name).map(|(zone, _)| zone)
    }
}

/// Part of a line: a table cell, or what stands in one column.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// The line.
    pub line: usize,
    /// Bytes from the start of the line.
    pub column: u32,
    /// What part of the application it is in.
    pub zone: Zone,
    /// Whether it is a heading.
    pub heading: bool,
}

/// A line of text that is not empty.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// First cell.
    pub first_cell: usize,
    /// One past the last cell.
    pub last_cell: usize,
    /// Whether an empty line, or nothing, stands before it.
    pub after_break: bool,
}

/// The lines and cells of a text.
#[derive(Debug, Default)]
pub struct Layout {
    /// Lines in order.
    pub lines: Vec<Line>,
    /// Cells in order.
    pub cells: Vec<Cell>,
    /// For each token, its cell.
    cell_of: Vec<u32>,
}

impl Layout {
    /// Reads lines and cells, then walks down the page and follows the headings.
    pub fn read(view: &View, tokens: &[Token], vocabulary: &Vocabulary) -> Self {
        let mut layout = Self::default();
        layout.cell_of.reserve(tokens.len());
        let mut line_start = 0;
        for (at, token) in tokens.iter().enumerate() {
            let new_line = token.gap == Gap::Line || token.gap == Gap::Break;
            if new_line || layout.lines.is_empty() {
                line_start = start_of_line(view, token.start);
                let cell = layout.cells.len();
                let after_break = token.gap == Gap::Break;
                layout.lines.push(Line {
                    first: at,
                    last: at,
                    first_cell: cell,
                    last_cell: cell,
                    after_break,
                });
            }
            let after_bar = at > 0 && is_bar(tokens, at - 1);
            let line = layout.lines.len() - 1;
            if new_line || token.gap == Gap::Wide || after_bar || layout.cells.is_empty() {
                let column = token.start - line_start;
                let (zone, heading) = (Zone::Open, false);
                layout.cells.push(Cell { first: at, last: at, line, column, zone, heading });
            }
            let cell = layout.cells.len() - 1;
            layout.cell_of.push(cell as u32);
            if let Some(cell) = layout.cells.last_mut()
                && !is_bar(tokens, at)
            {
                cell.last = at + 1;
            }
            if let Some(line) = layout.lines.last_mut() {
                line.last = at + 1;
                line.last_cell = cell + 1;
            }
        }
        layout.follow_headings(view, tokens, vocabulary);
        layout
    }

    /// The zone of a token.
    pub fn zone(&self, at: usize) -> Zone {
        self.cell_at(at).map_or(Zone::Open, |cell| cell.zone)
    }

    /// The cell of a token.
    pub fn cell_at(&self, at: usize) -> Option<&Cell> {
        self.cells.get(*self.cell_of.get(at)? as usize)
    }

    /// Whether a token is part of a heading.
    pub fn is_heading(&self, at: usize) -> bool {
        self.cell_at(at).is_some_and(|cell| cell.heading)
    }

    /// Puts every cell in one zone.
    pub fn set_zone(&mut self, zone: Zone) {
        self.cells.iter_mut().for_each(|cell| cell.zone = zone);
    }

    fn follow_headings(&mut self, view: &View, tokens: &[Token], vocabulary: &Vocabulary) {
        // A page may have two columns; the right one begins where a heading stands far from the margin.
        let mut left = Zone::Open;
        let mut right: Option<(u32, Zone)> = None;
        // Where sections are numbered, the next number closes a section even if its heading is unknown.
        let mut left_numbered = false;
        for index in 0..self.cells.len() {
            let Some(cell) = self.cells.get(index).copied() else { break };
            let alone =
                self.lines.get(cell.line).is_some_and(|line| line.last_cell - line.first_cell == 1);
            let (heading, numbered) = heading_zone(view, tokens, &cell, alone, vocabulary);
            let heading = heading.or_else(|| {
                (left_numbered && numbered && alone && cell.column == 0).then_some(Zone::Open)
            });
            if let Some(zone) = heading {
                if cell.column >= FAR_COLUMN {
                    right = Some((cell.column, zone));
                } else {
                    left = zone;
                    left_numbered = numbered;
                    if alone && cell.column == 0 && right.is_some_and(|(_, z)| z == Zone::Open) {
                        right = None;
                    }
                }
            }
            let zone = match right {
                Some((column, zone)) if cell.column + 3 >= column => zone,
                _ => left,
            };
            if let Some(cell) = self.cells.get_mut(index) {
                cell.zone = zone;
                cell.heading = heading.is_some();
            }
        }
    }
}

/// Headings of a second column stand at least this far from the margin.
const FAR_COLUMN: u32 = 24;

fn is_bar(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.shape == Shape::Mark(b'|'))
}

fn start_of_line(view: &View, at: u32) -> u32 {
    let before = view.text().get(..at as usize).unwrap_or("");
    before.rfind('\n').map_or(0, |newline| newline as u32 + 1)
}

/// The zone that a cell opens, if it is a heading, and whether it bears a number.
fn heading_zone(
    view: &View,
    tokens: &[Token],
    cell: &Cell,
    alone: bool,
    vocabulary: &Vocabulary,
) -> (Option<Zone>, bool) {
    let words = tokens.get(cell.first..cell.last).unwrap_or_default();
    let spaced = words.len() >= 4 && words.iter().all(Token::is_initial);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return (None, false) };
    if words.len() > 16 && !spaced {
        return (None, false);
    }
    let text = view.slice(first.start, last.end);
    let text = without_parentheses(text);
    let marked = text.starts_with("==") || text.starts_with('#');
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let unnumbered = without_number(bare);
    let numbered = unnumbered.len() < bare.len();
    let ends_sentence = text.trim_end().ends_with('.');
    if !ends_sentence && !unnumbered.contains(": ") {
        let slashed = unnumbered.contains(" / ").then(|| unnumbered.split(" / "));
        for part in std::iter::once(unnumbered).chain(slashed.into_iter().flatten()) {
            if let Some(zone) = vocabulary.heading(&skeleton(part)) {
                return (Some(zone), numbered);
            }
        }
        if let Some(zone) = joined_heading(unnumbered, vocabulary) {
            return (Some(zone), numbered);
        }
    }
    let capitals = || {
        !bare.chars().any(char::is_lowercase)
            && words.iter().filter(|token| token.is_word() && token.len() > 1).count() >= 2
    };
    let plain =
        || !unnumbered.contains([',', ':', '|', '@']) && !unnumbered.contains(char::is_numeric);
    let part = numbered && bare.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("sect"));
    let opens = alone && (marked || part || words.len() <= 9 && !spaced && capitals() && plain());
    let short = || words.len() <= 9 && !bare.contains([',', '|', '@']) && !ends_sentence;
    (opens.then_some(Zone::Open), numbered && short())
}

/// "Leisure and interests", "Hobbies, clubs & volunteering": known headings joined into one open what the first opens.
fn joined_heading(text: &str, vocabulary: &Vocabulary) -> Option<Zone> {
    let parts: Vec<&str> =
        text.split([',', '&', '+']).flat_map(|part| part.split(" and ")).map(str::trim).collect();
    let mut zones = parts.iter().map(|part| vocabulary.heading(&skeleton(part)));
    let first = zones.next().flatten()?;
    (parts.len() > 1 && zones.all(|zone| zone.is_some())).then_some(first)
}

fn without_parentheses(text: &str) -> Cow<'_, str> {
    if !text.contains('(') {
        return Cow::Borrowed(text);
    }
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| {
            if *c == '(' {
                depth += 1;
            }
            let keep = depth == 0;
            if *c == ')' {
                depth = depth.saturating_sub(1);
            }
            keep
        })
        .collect()
}

/// `SECTION 6: X`, `Part B - X`, `3. X`, `a) X` without what comes before `X`.
pub fn without_number(text: &str) -> &str {
    let mut rest = text.trim_start();
    let word_end = end_of_word(rest);
    let first = rest.get(..word_end).unwrap_or("");
    let section = ["section", "part", "rhan", "adran", "q", "question"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word));
    if section {
        rest = rest.get(word_end..).unwrap_or("").trim_start_matches([' ', ':', '.', '-']);
    }
    let end = if section { end_of_word(rest) } else { word_end };
    let number = rest.get(..end).unwrap_or("");
    let is_number = || {
        !number.is_empty()
            && (number.chars().all(|c| c.is_ascii_digit())
                || number.len() == 1
                || number.len() <= 4 && number.chars().all(|c| "ivxIVX".contains(c))
                || number.len() <= 3 && number.chars().any(|c| c.is_ascii_digit()))
    };
    let after = rest.get(end..).unwrap_or("");
    if (section || after.starts_with(['.', ')', ':']) || after.starts_with(" - ")) && is_number() {
        return after.trim_start_matches([' ', ':', '.', ')', '-', '/', '\t']);
    }
    rest
}

/// Where the word that a text begins with ends.
fn end_of_word(text: &str) -> usize {
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())
}

/// What is left of a heading or label when spaces, marks, case and the usual errors of scanners are taken away.
pub fn skeleton(text: &str) -> String {
    if text.is_ascii() {
        return skeleton_of_ascii(text);
    }
    let mut bones = String::with_capacity(text.len());
    let mut previous = ' ';
    for c in text.chars().filter(|c| c.is_alphanumeric() || *c == '|') {
        let c = match c.to_lowercase().next().unwrap_or(c) {
            '0' => 'o',
            '1' | 'i' | '|' => 'l',
            other => other,
        };
        if c == 'n' && previous == 'r' {
            bones.pop();
            bones.push('m');
            previous = 'm';
            continue;
        }
        bones.push(c);
        previous = c;
    }
    bones
}

/// What each ASCII character leaves; nothing where 0 stands.
const BONES: [u8; 128] = {
    let mut bones = [0; 128];
    let mut at = 0_u8;
    while at < 128 {
        bones[at as usize] = match at.to_ascii_lowercase() {
            b'0' => b'o',
            b'1' | b'i' | b'|' => b'l',
            other if other.is_ascii_alphanumeric() => other,
            _ => 0,
        };
        at += 1;
    }
    bones
};

fn skeleton_of_ascii(text: &str) -> String {
    let mut bones = Vec::with_capacity(text.len());
    let mut last = 0;
    for byte in text.bytes() {
        let mut bone = BONES.get(usize::from(byte)).copied().unwrap_or(0);
        if bone == 0 {
            continue;
        }
        if bone == b'n' && last == b'r' {
            bones.pop();
            bone = b'm';
        }
        bones.push(bone);
        last = bone;
    }
    String::from_utf8(bones).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (zone, heading) in [
            (Zone::Education, "Education"),
            (Zone::Monitoring, "Equality monitoring"),
            (Zone::Referees, "Referees"),
        ] {
            vocabulary.learn_heading(heading, zone);
        }
        vocabulary
    }

    #[test]
    fn headings_are_known_however_they_are_set() {
        for (heading, zone) in [
            ("EDUCATION", Zone::Education),
            ("4. EDUCATl0N", Zone::Education),
            ("E D U C A T I O N", Zone::Education),
            ("== Education ==", Zone::Education),
            ("RHAN 6 - CANOLWYR / REFEREES", Zone::Referees),
            ("SECTION 6: EQUALITY MONITORING (detached)", Zone::Monitoring),
            ("Referees and education:", Zone::Referees),
            ("Education and me", Zone::Open),
            ("Education is what I care about.", Zone::Open),
        ] {
            let text = format!("{heading}\nvalue here\n");
            let page = Page::read(&text, &vocabulary());
            assert_eq!(page.zone(page.tokens.len() - 1), zone, "{heading}");
        }
    }

    #[test]
    fn two_columns_keep_their_zones_apart() {
        let text = "REFEREES                             EDUCATION\nJo Bloggs                            Hull\n";
        let page = Page::read(text, &vocabulary());
        let last = page.tokens.len() - 1;
        assert_eq!((page.zone(last - 1), page.zone(last)), (Zone::Referees, Zone::Education));
    }
}
