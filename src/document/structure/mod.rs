//! The shape of an application, recognised in its text: headings, paragraphs, lists, lines of forms, tables. Knows
//! what these look like in any subject and language; changes no word, and decides nothing about redaction.
//!
//! `line` looks at one line, `columns` takes columns apart, `inline` finds labels; this file puts lines together.

mod columns;
mod inline;
mod line;

pub use self::inline::runs;
use self::line::{Line, without_labels};
use crate::typeset::{Block, Cell, Field, Item, List, Run, Table};

/// A line as long as this was broken by a program, not by its writer.
const WRAPPED: usize = 55;
/// A line longer than this is a paragraph of its own.
const WHOLE: usize = 130;
/// Answers longer than this, alone, are no line of a form.
const LONG_ANSWER: usize = 90;
/// A heading has at most so many letters.
const HEADING: usize = 70;

/// How many line ends stand before a heading that a reader knows to be one: three for most, four for the highest. This
/// is how readers tell what styles and sizes of type say, since only text goes through redaction.
pub(in crate::document) const fn lines_before_heading(level: usize) -> usize {
    if level <= 1 { 4 } else { 3 }
}

/// Recognises the blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let text = text.replace(['\u{c}', '\u{2029}'], "\n\n").replace(['\u{b}', '\u{2028}'], "\n");
    let raw = columns::one_below_the_other(&text);
    let lines: Vec<Line<'_>> = raw.into_iter().map(line::read).collect();
    let shouting = lines.iter().filter(|line| matches!(line, Line::Capitals(_))).count();
    let speaking = lines.iter().filter(|line| !matches!(line, Line::Blank)).count();
    let longest = text.lines().map(|line| line.trim().chars().count()).max().unwrap_or(0);
    let mut builder = Builder {
        lines: &lines,
        at: 0,
        blocks: Vec::new(),
        shouted: shouting > 0,
        // Where everything is in capitals, capitals make no heading.
        all_capitals: shouting * 2 > speaking && speaking > 6,
        wrapped: longest <= WHOLE,
    };
    while builder.at < lines.len() {
        builder.step();
    }
    builder.blocks
}

struct Builder<'a> {
    lines: &'a [Line<'a>],
    at: usize,
    blocks: Vec<Block>,
    shouted: bool,
    all_capitals: bool,
    /// Whether a program broke the lines: none is longer than one would make it.
    wrapped: bool,
}

impl<'a> Builder<'a> {
    fn line(&self, at: usize) -> &'a Line<'a> {
        self.lines.get(at).unwrap_or(&Line::Blank)
    }

    fn blank_before(&self) -> bool {
        self.at.checked_sub(1).is_none_or(|before| *self.line(before) == Line::Blank)
    }

    /// The next line that is not blank.
    fn after(&self, at: usize) -> &'a Line<'a> {
        let rest = self.lines.get(at + 1..).unwrap_or_default();
        rest.iter().find(|line| **line != Line::Blank).unwrap_or(&Line::Blank)
    }

    /// The level of a heading that was set apart for one by a reader, or by a writer of plain text.
    fn level_set_apart(&self) -> Option<u8> {
        let before = self.lines.get(..self.at).unwrap_or_default();
        let empty = before.iter().rev().take_while(|line| **line == Line::Blank).count();
        let words = match self.line(self.at) {
            Line::Words(words) => words,
            Line::Capitals(words) => words.as_str(),
            Line::Entry { marker: Some(_), text, .. } => text,
            _ => return None,
        };
        let heads = empty < before.len()
            && words.chars().count() <= HEADING + 20
            && !words.ends_with(['.', ',', ';'])
            && words.starts_with(|c: char| c.is_uppercase() || c == '[')
            && without_labels(words).chars().filter(|c| c.is_alphabetic()).count() >= 3;
        match empty {
            _ if !heads => None,
            0..=1 => None,
            2 => Some(2),
            _ => Some(1),
        }
    }

    fn step(&mut self) {
        if let Some(level) = self.level_set_apart() {
            let words = match self.line(self.at) {
                Line::Words(words) => (*words).to_owned(),
                Line::Capitals(words) => words.clone(),
                Line::Entry { marker, text, .. } => {
                    format!("{} {text}", marker.unwrap_or_default())
                }
                _ => String::new(),
            };
            self.blocks.push(Block::Heading(level, runs(&words)));
            self.at += 1;
            return;
        }
        match self.line(self.at) {
            Line::Blank => self.at += 1,
            Line::Capitals(words) => self.capitals(words),
            Line::Entry { marker, text, .. } => {
                if self.is_numbered_heading(marker.is_some(), text) {
                    let marker = marker.unwrap_or_default();
                    self.blocks.push(Block::Heading(2, runs(&format!("{marker} {text}"))));
                    self.at += 1;
                } else {
                    self.list();
                }
            }
            Line::Fields(_) => self.fields(),
            Line::Row(_) => self.table(),
            Line::Words(words) => self.words(words),
        }
    }

    fn capitals(&mut self, words: &str) {
        let short = words.split_whitespace().count() <= 5 && self.blank_before();
        if self.all_capitals && !short {
            self.paragraph();
        } else {
            self.blocks.push(Block::Heading(1, runs(words)));
            self.at += 1;
        }
    }

    /// A numbered line that stands alone above something longer.
    fn is_numbered_heading(&self, numbered: bool, text: &str) -> bool {
        let above = self.at.checked_sub(1).map(|above| self.line(above));
        numbered
            && (self.blank_before() || matches!(above, Some(Line::Capitals(_))))
            && text.chars().count() <= HEADING + 20
            && !text.ends_with(['.', ';', ','])
            && match self.after(self.at) {
                Line::Words(words) => words.chars().count() > WRAPPED,
                Line::Fields(_) | Line::Row(_) => true,
                Line::Entry { marker, .. } => {
                    marker.is_none() && *self.line(self.at + 1) == Line::Blank
                }
                _ => false,
            }
    }

    fn list(&mut self) {
        let mut items: Vec<Item> = Vec::new();
        let mut indents: Vec<usize> = Vec::new();
        loop {
            match self.line(self.at) {
                Line::Entry { marker, indent, text } => {
                    indents.retain(|known| known < indent);
                    let depth = u8::try_from(indents.len()).unwrap_or(u8::MAX);
                    indents.push(*indent);
                    let marker = marker.map(str::to_owned);
                    items.push(Item { marker, depth, runs: runs(text) });
                }
                // What goes on in small letters belongs to the entry above.
                Line::Words(words) if goes_on(words) => {
                    if let Some(item) = items.last_mut() {
                        item.runs.push(Run::plain(" "));
                        item.runs.extend(runs(words));
                    }
                }
                Line::Blank
                    if matches!(self.line(self.at + 1), Line::Entry { marker, text, .. }
                        if marker.is_none() && text.chars().count() < WHOLE) => {}
                _ => break,
            }
            self.at += 1;
        }
        self.blocks.push(Block::List(List { items }));
    }

    fn fields(&mut self) {
        let mut found: Vec<(&str, String)> = Vec::new();
        loop {
            match self.line(self.at) {
                Line::Fields(pairs) => {
                    found
                        .extend(pairs.iter().map(|(label, answer)| (*label, (*answer).to_owned())));
                }
                // Lines of an address and the like, below the answer that they go on with.
                Line::Words(words) if self.goes_on_to_a_field(words) => {
                    if let Some((_, answer)) = found.last_mut() {
                        answer.push('\n');
                        answer.push_str(words);
                    }
                }
                Line::Words(words) if goes_on(words) => {
                    if let Some((_, answer)) = found.last_mut() {
                        answer.push(' ');
                        answer.push_str(words);
                    }
                }
                _ => break,
            }
            self.at += 1;
        }
        match found.as_slice() {
            [(label, answer)] if answer.chars().count() > LONG_ANSWER => {
                let mut set = vec![Run::bold(*label), Run::plain(" ")];
                set.extend(runs(answer));
                self.blocks.push(Block::Paragraph(set));
            }
            _ => {
                let field = |(label, answer): &(&str, String)| Field {
                    label: runs(label),
                    value: runs(answer),
                };
                self.blocks.push(Block::Fields(found.iter().map(field).collect()));
            }
        }
    }

    /// Short lines with another line of the form below them.
    fn goes_on_to_a_field(&self, words: &str) -> bool {
        let rest = self.lines.get(self.at..).unwrap_or_default().iter();
        let next = rest.take(6).find(|line| !matches!(line, Line::Words(_)));
        matches!(next, Some(Line::Fields(_)))
            && words.chars().count() < WRAPPED
            && !words.ends_with(':')
    }

    fn table(&mut self) {
        let mut rows: Vec<&[&str]> = Vec::new();
        while let Line::Row(cells) = self.line(self.at) {
            if rows.first().is_some_and(|first| first.len().abs_diff(cells.len()) > 1) {
                break;
            }
            rows.push(cells);
            self.at += 1;
        }
        let widest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let headed = rows.first().is_some_and(|row| heads_columns(row, widest));
        if rows.len() == 1 || rows.len() == 2 && (widest == 2 || !headed) {
            for row in rows {
                self.lone_row(row);
            }
            return;
        }
        let set = |row: &[&str]| -> Vec<Cell> { row.iter().map(|cell| runs(cell)).collect() };
        let mut rows = rows.iter().map(|row| set(row));
        let header = if headed { rows.next().unwrap_or_default() } else { Vec::new() };
        self.blocks.push(Block::Table(Table {
            header,
            rows: rows.collect(),
            align: Vec::new(),
            row_headers: false,
        }));
    }

    /// A row by itself: a post with its dates, or ways to reach somebody.
    fn lone_row(&mut self, row: &[&str]) {
        let cells: Vec<&str> = row.iter().copied().filter(|cell| !cell.is_empty()).collect();
        let words = cells.join(" · ");
        let stands_out = self.stands_out(&words);
        let heads = matches!(self.line(self.at), Line::Entry { .. })
            || matches!(self.line(self.at), Line::Words(words) if words.chars().count() > WRAPPED);
        self.blocks.push(if heads && stands_out {
            Block::Heading(if self.shouted { 2 } else { 1 }, runs(&words))
        } else {
            Block::Paragraph(runs(&words))
        });
    }

    fn words(&mut self, words: &str) {
        if words.ends_with(':')
            && line::is_label(words)
            && !matches!(self.after(self.at), Line::Blank | Line::Capitals(_))
        {
            self.blocks.push(Block::Heading(3, runs(words)));
            self.at += 1;
        } else if self.blank_before() && self.heads_something(words) {
            let level = if self.shouted { 2 } else { 1 };
            self.blocks.push(Block::Heading(level, runs(words)));
            self.at += 1;
        } else {
            self.paragraph();
        }
    }

    /// Short words that stand above something of another shape.
    fn heads_something(&self, words: &str) -> bool {
        let next = self.line(self.at + 1);
        let shape = match next {
            Line::Blank => matches!(self.after(self.at + 1), Line::Words(words)
                if words.chars().count() > WRAPPED && words.split_whitespace().count() > 8),
            Line::Words(words) => words.chars().count() > WHOLE / 2 + 10,
            Line::Entry { marker, .. } => marker.is_none(),
            Line::Fields(_) | Line::Row(_) => false,
            Line::Capitals(_) => false,
        };
        shape && self.stands_out(words)
    }

    /// Few words, that begin large and end without a stop, and are not only labels.
    fn stands_out(&self, words: &str) -> bool {
        let own = without_labels(words);
        words.chars().count() <= HEADING
            && words.split_whitespace().count() <= 10
            && words.starts_with(|c: char| c.is_uppercase() || c == '[')
            && !words.ends_with(['.', ',', ';', '!', '?', '"', '”', ')'])
            && !own.contains('@')
            && own.chars().filter(|c| c.is_alphabetic()).count() >= 3
    }

    /// Lines up to the next of another kind: put together where a program broke them, apart where their writer did.
    fn paragraph(&mut self) {
        let mut text = String::new();
        let mut last = 0;
        let first = self.at;
        loop {
            let words = match self.line(self.at) {
                Line::Words(words) => *words,
                Line::Capitals(words) if self.all_capitals || self.at == first => words.as_str(),
                _ => break,
            };
            if self.at > first {
                if words.ends_with(':') && line::is_label(words) {
                    break;
                }
                let broken = self.wrapped && last >= WRAPPED || goes_on(words);
                if last > WHOLE || words.chars().count() > WHOLE && !broken {
                    break;
                }
                // A hyphen at the end of a line is left to join what it parted.
                if !(text.ends_with('-') && goes_on(words)) {
                    text.push(if broken { ' ' } else { '\n' });
                }
            }
            text.push_str(words);
            last = words.chars().count();
            self.at += 1;
        }
        self.blocks.push(Block::Paragraph(runs(&text)));
    }
}

/// Whether a line goes on with a sentence: it begins small.
fn goes_on(words: &str) -> bool {
    words.starts_with(|c: char| c.is_lowercase() || matches!(c, ',' | ')' | '&'))
}

/// Whether a first row says what stands in the columns: every cell a few words without numbers.
fn heads_columns(row: &[&str], columns: usize) -> bool {
    row.len() == columns
        && row.iter().all(|cell| {
            let own = without_labels(cell);
            own.chars().any(char::is_alphabetic)
                && cell.chars().count() <= 40
                && !own.chars().any(|c| c.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks as lines of text: kind, then words.
    fn shape(text: &str) -> Vec<String> {
        let words = |runs: &[Run]| runs.iter().map(|run| run.text.as_str()).collect::<String>();
        blocks(text)
            .iter()
            .map(|block| match block {
                Block::Heading(level, runs) => format!("h{level} {}", words(runs)),
                Block::Paragraph(runs) => format!("p {}", words(runs).replace('\n', " / ")),
                Block::List(list) => {
                    let items = list.items.iter().map(|item| {
                        let marker = item.marker.as_deref().unwrap_or("-");
                        format!("{}{marker} {}", ">".repeat(item.depth.into()), words(&item.runs))
                    });
                    format!("l {}", items.collect::<Vec<_>>().join(" | "))
                }
                Block::Fields(fields) => {
                    let pairs = fields.iter().map(|field| {
                        format!(
                            "{} {}",
                            words(&field.label),
                            words(&field.value).replace('\n', " / ")
                        )
                    });
                    format!("f {}", pairs.collect::<Vec<_>>().join(" | "))
                }
                Block::Table(table) => {
                    let row = |cells: &Vec<Cell>| {
                        cells.iter().map(|cell| words(cell)).collect::<Vec<_>>().join(", ")
                    };
                    let rows = table.rows.iter().map(row).collect::<Vec<_>>().join(" | ");
                    format!("t [{}] {rows}", row(&table.header))
                }
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_form_has_sections_and_answers() {
        assert_eq!(
            shape(
                "COUNCIL - APPLICATION\n\nSECTION 1: PERSONAL DETAILS\nTitle: [TITLE]\nSurname: [NAME]\n\
                 Address: [ADDRESS]\nHandsworth\nBirmingham\nPostcode: [POSTCODE]\n\n\
                 Job title: Aide     Grade: D\nReason for leaving: promotion\n"
            ),
            [
                "h1 COUNCIL - APPLICATION",
                "h1 SECTION 1: PERSONAL DETAILS",
                "f Title: [TITLE] | Surname: [NAME] | Address: [ADDRESS] / Handsworth / Birmingham | Postcode: [POSTCODE]",
                "f Job title: Aide | Grade: D | Reason for leaving: promotion",
            ]
        );
    }

    #[test]
    fn a_cv_has_headings_entries_and_posts() {
        assert_eq!(
            shape(
                "[NAME]\n[EMAIL]\n\nP R O F I L E\nI have run extra care schemes and one nursing home in the last fifteen\n\
                 years and kept both.\n\nScheme Manager, Extra Care\n\u{f0b7} 64 apartments, 41 staff\n\u{f0b7} Agency spend down\n  - in two years\n"
            ),
            [
                "p [NAME] / [EMAIL]",
                "h1 PROFILE",
                "p I have run extra care schemes and one nursing home in the last fifteen years and kept both.",
                "h2 Scheme Manager, Extra Care",
                "l - 64 apartments, 41 staff | - Agency spend down | >- in two years",
            ]
        );
    }

    #[test]
    fn what_is_set_apart_is_a_heading_whatever_stands_below() {
        assert_eq!(
            shape(
                "[NAME]\n\n\n\nWork\nClerk, Leeds\n\n\nWhat did you learn?\nA lot.\n\n\nnot this\n\n\nNor this one."
            ),
            [
                "p [NAME]",
                "h1 Work",
                "p Clerk, Leeds",
                "h2 What did you learn?",
                "p A lot.",
                "p not this",
                "p Nor this one.",
            ]
        );
    }

    #[test]
    fn a_letter_stays_a_letter() {
        assert_eq!(
            shape(
                "[ADDRESS]\nSurrey\n\nDear panel,\n\nI am writing for the job. I have never written a letter like this so I asked \
                 my friend at the adult learning if it was alright.\n\nYours sincerely\n\n[NAME]\n"
            ),
            [
                "p [ADDRESS] / Surrey",
                "p Dear panel,",
                "p I am writing for the job. I have never written a letter like this so I asked my friend at the adult learning if it was alright.",
                "p Yours sincerely",
                "p [NAME]",
            ]
        );
    }

    #[test]
    fn tables_have_a_header_if_their_first_row_reads_like_one() {
        assert_eq!(
            shape("From\tTo\tPost\n2019\t2021\tLead\n2021\tnow\tHead\n"),
            ["t [From, To, Post] 2019, 2021, Lead | 2021, now, Head"]
        );
        assert_eq!(
            shape("2019\t2021\tLead\n2021\t2022\tHead\n2022\tnow\tChief\n"),
            ["t [] 2019, 2021, Lead | 2021, 2022, Head | 2022, now, Chief"]
        );
        assert_eq!(shape("SOCIAL WORKER | TRUST | 2021"), ["p SOCIAL WORKER · TRUST · 2021"]);
    }

    #[test]
    fn numbered_questions_are_headings_and_numbered_steps_are_a_list() {
        let answer = "I have worked with both Acts daily for the last four years in a busy seaside authority.";
        assert_eq!(
            shape(&format!("1. Knowledge of the Act\n\n{answer}\n\n2. Enforcement\n\n{answer}\n")),
            [
                "h2 1. Knowledge of the Act".to_owned(),
                format!("p {answer}"),
                "h2 2. Enforcement".to_owned(),
                format!("p {answer}")
            ]
        );
        assert_eq!(shape("1. Plan\n2. Do\n3. Check\n"), ["l 1. Plan | 2. Do | 3. Check"]);
    }

    #[test]
    fn every_word_of_any_text_is_kept() {
        for text in [
            "",
            "\n\n\n",
            "a\u{c}b\u{b}c",
            "x: y\tz\n- \n1.\n[ [[ ]] ]",
            "A B C D E F\n\t\t\n | | \n1. a\n  2. b\n    (i) c\nlower\nUPPER CASE LINE\nand on",
        ] {
            let bare =
                |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let found: String = shape(text)
                .iter()
                .map(|block| block.split_once(' ').unwrap().1.to_owned())
                .collect();
            assert_eq!(bare(&found), bare(text), "{text:?}");
        }
    }
}
