//! Answers in a row: a line of monitoring answers whose questions got lost, as exports and hand-filled forms leave it.
//! "M Kashmiri Muslim Married Het", "Female   55-64   White British   Christian   Disabled Y". The words stand side by
//! side without a sentence around them, each about something else.

use super::{AGES, Particulars, group, word_kind};
use crate::redaction::hit::Hit;
use crate::redaction::text::{Page, Shape, Zone};
use crate::rulebook::Kind;

/// A line of answers has no more tokens.
const LONGEST: usize = 60;

/// So many answers, of so many different groups, are no chance; fewer are enough where a form asks for them.
const ANSWERS: usize = 4;
const GROUPS: usize = 4;
const GROUPS_ASKED_FOR: usize = 2;

/// Words that are no answers may stand before and between them: "Tick boxes", "Monitoring".
const STRANGERS: usize = 3;

/// What stands at a place of a row.
enum Part {
    /// An answer of so many tokens.
    Answer(Kind, usize),
    /// Marks, "yes", "none", the names of questions: so many tokens.
    Between(usize),
    /// A word of a list or a sentence, or a box to tick: this is no row of answers.
    Sentence,
    Stranger,
}

impl Particulars {
    /// Marks every row of answers.
    pub(super) fn find_rows(&self, page: &Page, hits: &mut Vec<Hit>) {
        for line in &page.layout.lines {
            if (ANSWERS..=LONGEST).contains(&(line.last - line.first)) {
                self.find_row(page, line.first, line.last, hits);
            }
        }
    }

    fn find_row(&self, page: &Page, first: usize, last: usize, hits: &mut Vec<Hit>) {
        let mut answers: Vec<(usize, usize, Kind)> = Vec::new();
        let mut strangers = 0;
        let mut at = first;
        while at < last {
            match self.part(page, at, last) {
                Part::Answer(kind, length) => {
                    answers.push((at, at + length, kind));
                    at += length;
                }
                Part::Between(length) => at += length,
                Part::Stranger if strangers < STRANGERS => {
                    strangers += 1;
                    at += 1;
                }
                Part::Stranger | Part::Sentence => return,
            }
        }
        let mut groups: Vec<u8> = answers.iter().map(|(_, _, kind)| group(*kind)).collect();
        groups.sort_unstable();
        groups.dedup();
        let asked_for = page.zone(first) == Zone::Monitoring;
        let enough = groups.len() >= GROUPS && answers.len() >= ANSWERS
            || asked_for && groups.len() >= GROUPS_ASKED_FOR;
        // Two answers to one question are a form's choices: "Male Female".
        let choices = [Kind::Gender, Kind::SexualOrientation, Kind::Age]
            .into_iter()
            .any(|kind| answers.iter().filter(|(_, _, own)| *own == kind).count() > 1);
        if !enough || choices {
            return;
        }
        for (first, last, kind) in answers {
            hits.extend(self.hit(page, first, last, kind));
        }
    }

    fn part(&self, page: &Page, at: usize, last: usize) -> Part {
        let lower = page.lower(at);
        let Some(token) = page.token(at) else { return Part::Stranger };
        match token.shape {
            // Boxes to tick are read as options.
            Shape::Symbol | Shape::Mark(b'[') => return Part::Sentence,
            Shape::Mark(_) | Shape::Hole => return Part::Between(1),
            _ => {}
        }
        if let Some(length) = page.longest(at, self.declined) {
            return Part::Between(length);
        }
        if let Some(length) = self.age(page, at, last) {
            return Part::Answer(Kind::Age, length);
        }
        let listed = self
            .lists
            .iter()
            .filter_map(|(list, kind)| Some((page.longest(at, *list)?, *kind)))
            .filter(|(length, kind)| {
                at + length <= last && (*kind != Kind::DisabilityHealth || token.len() > 3)
            })
            .max_by_key(|(length, _)| *length);
        if let Some((length, kind)) = listed {
            return Part::Answer(kind, length);
        }
        if let Some(kind) = word_kind(lower, page.word(at), 1) {
            return Part::Answer(kind, 1);
        }
        if matches!(lower, "disabled" | "disability") {
            let answer = at + 1 + usize::from(page.is_mark(at + 1, b':'));
            if answer < last && matches!(page.lower(answer), "y" | "yes") {
                return Part::Answer(Kind::DisabilityHealth, answer + 1 - at);
            }
            return Part::Between(1);
        }
        match lower {
            "y" | "n" | "yes" | "no" | "none" | "nil" | "na" | "sex" | "gender" | "age"
            | "band" | "group" | "ethnicity" | "ethnic" | "origin" | "religion" | "belief"
            | "faith" | "marital" | "status" | "orientation" | "sexual" | "monitoring"
            | "equality" | "nationality" | "language" | "trans" | "pregnant" | "carer" => {
                Part::Between(1)
            }
            "and" | "or" | "the" | "for" | "with" | "we" | "i" | "my" | "our" | "to" | "of"
            | "a" | "in" | "is" | "are" | "was" | "that" | "who" => Part::Sentence,
            _ => Part::Stranger,
        }
    }

    /// "45", "45-54", "65+": how many tokens.
    fn age(&self, page: &Page, at: usize, last: usize) -> Option<usize> {
        let age = |at: usize| {
            let token = page.token(at).filter(|token| token.shape == Shape::Number)?;
            let value = page.word(at).parse::<u32>().ok()?;
            (at < last && token.len() == 2 && AGES.contains(&value)).then_some(())
        };
        age(at)?;
        if page.is_mark(at + 1, b'-') && age(at + 2).is_some() {
            return Some(3);
        }
        let plus = page.word(at + 1) == "+" && at + 1 < last;
        Some(if plus { 2 } else { 1 })
    }
}
