//! The shape of an application, recognised in its text: headings, paragraphs, lists, lines of forms, tables. Knows
//! what these look like in any subject and language; changes no word, and decides nothing about redaction.
//!
//! `line` looks at one line, `columns` takes columns apart, `inline` finds labels, `headings` and `rows` tell what heads a
//! text and what belongs to forms and tables; this file puts lines together.

mod columns;
mod headings;
mod inline;
mod line;
mod rows;

pub use self::inline::runs;
use self::line::Line;
use crate::typeset::{Block, Item, List, Run};

/// A line as long as this was broken by a program, not by its writer.
const WRAPPED: usize = 55;
/// A line longer than this is a paragraph of its own.
const WHOLE: usize = 130;

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
        sets_apart: headings::sets_apart(&lines),
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
    /// Whether headings are set apart in this text.
    sets_apart: bool,
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

    fn step(&mut self) {
        if let Some((level, words)) = self.set_apart() {
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
                let unfinished = goes_on(words) && !text.ends_with(['.', '!', '?', ':']);
                if last > WHOLE && !unfinished || words.chars().count() > WHOLE && !broken {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeset::Cell;

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
