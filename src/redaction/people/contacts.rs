//! "Rosalind Hill, 01632 960 085", "T. Dring 01632 960402", "Ed Tarling, site manager, ed@example.org": a name that
//! opens a line or sentence and whose telephone number or e-mail address ends it. Words of its own are taken here
//! that would need more evidence elsewhere, because the place says that a name stands there.

use super::super::hit::Hit;
use super::super::rules::Rules;
use super::super::text::{Case, Page, Shape};
use super::signs::starts_sentence;
use crate::rulebook::Kind;

/// How many tokens may stand between a name and its number.
const REACH: usize = 12;

/// Calls `found` with the tokens of each name.
pub(super) fn find(page: &Page, rules: &Rules, hits: &[Hit], mut found: impl FnMut(usize, usize)) {
    let contacts = hits.iter().filter(|hit| matches!(hit.kind, Kind::Phone | Kind::Email));
    for hit in contacts {
        let contact = page.tokens.partition_point(|token| token.start < hit.start);
        let Some(line) = page.layout.cell_at(contact).map(|cell| cell.line) else { continue };
        let first = (contact.saturating_sub(REACH)..contact).rev().find(|at| {
            let Some(cell) = page.layout.cell_at(*at).filter(|cell| cell.line == line) else {
                return false;
            };
            cell.first == *at
                || starts_sentence(page, *at) && !follows_initial(page, *at)
                || starts_item(page, *at)
        });
        let Some(first) = first.map(|first| after_title(page, rules, first)) else { continue };
        if let Some(last) = name_at(page, rules, first, contact) {
            found(first, last);
        }
    }
}

/// The full stop in "S. Brent" ends no sentence.
fn follows_initial(page: &Page, at: usize) -> bool {
    at >= 2
        && page.is_mark(at - 1, b'.')
        && page.token(at - 2).is_some_and(|token| token.is_initial())
        && page.beside(at - 1)
        && page.beside(at)
}

/// "Ann Bell, 01632 960 001; Rosalind Hill, 01632 960 085": referees in a row.
fn starts_item(page: &Page, at: usize) -> bool {
    at > 0
        && page.token(at).is_some_and(|token| token.is_capital())
        && (matches!(page.lower(at - 1), "and" | "or")
            || page.token(at - 1).is_some_and(|before| {
                matches!(before.shape, Shape::Mark(b';' | b'/' | b'|' | b'(') | Shape::Number)
            }))
}

/// "Referee Mrs Kaur": the title is not part of the name.
fn after_title(page: &Page, rules: &Rules, first: usize) -> usize {
    match page.longest(first, rules.lexicons.titles) {
        Some(length) => first + length + usize::from(page.is_mark(first + length, b'.')),
        None => first,
    }
}

/// One past the name that begins at a token: a given name or initial, a surname, and then a mark, a post or the number.
fn name_at(page: &Page, rules: &Rules, first: usize, contact: usize) -> Option<usize> {
    let lexicons = &rules.lexicons;
    let is_word_of_body = |at: usize| {
        [lexicons.places_of_work, lexicons.address_words, lexicons.job_titles, lexicons.degrees]
            .into_iter()
            .any(|lexicon| page.starts(at, lexicon) && !page.starts(at, lexicons.wordlike))
    };
    let initials = (first..contact)
        .take_while(|at| {
            page.token(*at).is_some_and(|token| token.is_initial()) || page.is_mark(*at, b'.')
        })
        .count();
    let given = page.starts(first, lexicons.given_names) && is_name_shaped(page, first);
    let surname = if initials > 0 { first + initials } else { first + 1 };
    if !(initials > 0 || given) || surname >= contact || !page.beside(surname) {
        return None;
    }
    let mut last = surname;
    while last < contact
        && last < surname + 3
        && page.beside(last)
        && (is_name_shaped(page, last) || page.is_mark(last, b'-'))
    {
        last += 1;
    }
    let ends = last == contact
        || !page.token(last).is_some_and(|token| token.is_word() && page.beside(last))
        || page.starts(last, lexicons.job_titles);
    (last > surname && ends && !(first..last).any(is_word_of_body)).then_some(last)
}

fn is_name_shaped(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| {
        matches!(token.shape, Shape::Word(Case::Title | Case::Upper | Case::Mixed))
            && token.len() > 1
    })
}
