//! Name parts in a row on a page, with the marks that join them. Reads; decides nothing.

use super::super::person_name;
use super::super::text::{Case, Gap, Shape};
use super::find::{Looked, Part};

/// Name parts in a row, with the marks that join them.
pub(super) struct Run {
    pub first: usize,
    pub last: usize,
    pub sure: usize,
    pub alike: usize,
    pub wordlike: usize,
    pub initials: usize,
    /// Whether the parts stand directly beside each other, without a comma.
    pub beside: bool,
}

impl Run {
    /// How many parts it has.
    pub fn words(&self) -> usize {
        self.sure + self.alike + self.wordlike + self.initials
    }

    /// The run that begins at a token.
    pub fn read(looked: &Looked<'_>, first: usize) -> Self {
        let page = looked.page;
        let mut run =
            Self { first, last: first, sure: 0, alike: 0, wordlike: 0, initials: 0, beside: true };
        let mut at = first;
        while at < page.tokens.len() {
            if at > first && !page.beside(at) {
                break;
            }
            match looked.part(at) {
                Part::Sure => run.sure += 1,
                Part::Alike => run.alike += 1,
                Part::Wordlike => run.wordlike += 1,
                Part::Initial => run.initials += 1,
                Part::No => {
                    let length = if at > first { joint(looked, at, run.last) } else { 0 };
                    if length == 0 {
                        break;
                    }
                    run.beside &= !page.is_mark(at, b',');
                    at += length;
                    continue;
                }
            }
            let initial = looked.part(at) == Part::Initial;
            at += 1;
            run.last = at;
            if initial && page.is_mark(at, b'.') && page.beside(at) {
                at += 1;
                run.last = at;
            }
        }
        run
    }
}

/// How many tokens join what stands before a place to a further part of the name behind them: a hyphen, a particle, a
/// comma before given names, a middle name that is not known, a nickname in brackets or quotes.
fn joint(looked: &Looked<'_>, at: usize, last: usize) -> usize {
    let (page, rules) = (looked.page, looked.rules);
    let Some(token) = page.token(at) else { return 0 };
    let part_next = |ahead: usize| page.beside(at + ahead) && looked.part(at + ahead) != Part::No;
    let one = |yes: bool| usize::from(yes);
    match token.shape {
        Shape::Mark(b'-' | b'\'' | b'_') => one(part_next(1)),
        // After an initial or an abbreviation; else a full stop ends the sentence.
        Shape::Mark(b'.') => {
            let before = at.wrapping_sub(1);
            let short = page.token(before).is_some_and(|t| t.len() <= 3)
                && !(looked.part(before) == Part::Sure && looked.part(at + 1) == Part::Initial);
            let close = page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined);
            one(part_next(1) && (short || close))
        }
        Shape::Mark(b',') => {
            one(part_next(1) && page.token(last.saturating_sub(1)).is_some_and(|t| t.len() > 1))
        }
        Shape::Mark(open @ (b'"' | b'(')) => {
            let close = if open == b'(' { b')' } else { b'"' };
            let end = (at + 2..at + 5).find(|i| page.is_mark(*i, close));
            let capital = page.token(at + 1).is_some_and(|t| t.is_capital());
            match end.filter(|end| {
                capital
                    && page.beside(end + 1)
                    && matches!(looked.part(end + 1), Part::Sure | Part::Alike | Part::Wordlike)
            }) {
                Some(end) => end + 1 - at,
                None => 0,
            }
        }
        Shape::Word(_) if person_name::is_particle(page, rules, at) => 1,
        Shape::Word(_) if page.starts(at, rules.lexicons.particles) => one(part_next(1)),
        // "Hetal Jignesh Patel": one capitalised stranger between two parts.
        Shape::Word(Case::Title | Case::Initial | Case::Upper) => {
            if page.is_mark(at + 1, b'.') && token.is_initial() && part_next(2) {
                return 2;
            }
            let after_part =
                matches!(looked.part(at.wrapping_sub(1)), Part::Initial | Part::Sure | Part::Alike);
            let initial = token.is_initial() && (page.lower(at) != "i" || after_part);
            // "Winifred Ward McDonagh": a surname that is a word too, between two sure parts.
            let surname = token.shape == Shape::Word(Case::Title)
                && matches!(looked.part(at.wrapping_sub(1)), Part::Sure)
                && matches!(looked.part(at + 1), Part::Sure)
                && (person_name::is_listed(page, rules, at)
                    || page.starts(at, rules.lexicons.wordlike));
            one(part_next(1) && (initial || surname || !person_name::is_ordinary(page, rules, at)))
        }
        _ => 0,
    }
}
