//! The towns, villages and counties of the address that the applicant tracking system sent, where a text gives them as
//! the candidate's. The name of a place is also where people work ("Milton Keynes Hospital"), so it is hidden where it
//! stands by itself in contact lines, and elsewhere only if it is too small a place to be in a list. Knows lines and
//! words around a place; where candidates say that they live somewhere, rules find it.

use super::anchors::AnchorIndex;
use super::hit::Hit;
use super::identity_values::squeezed_places;
use super::rules::Rules;
use super::text::{Gap, Page, Shape, Zone};
use crate::rulebook::{Kind, RuleId};

/// Contact lines stand within so many lines of the top.
const HEAD_LINES: usize = 8;

/// Contact lines below a signature stand within so many lines of the end.
const FOOT_LINES: usize = 6;

/// Marks every place of the address that a page gives as one.
pub(super) fn find(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    rule: &RuleId,
    hits: &mut Vec<Hit>,
) {
    for place in &index.places {
        // Sorted anew for each place: where one part of the address is found, the next stands beside it.
        let contacts = contacts(hits);
        for (start, end) in squeezed_places(page, &place.squeezed) {
            let hit = Hit::between(start, end, Kind::Address, rule);
            let (first, last) = hit.tokens(page);
            let capital = page.token(first).is_some_and(|token| token.is_capital());
            if capital && is_work(page, rules, first, last) {
                continue;
            }
            let small = !place.is_listed && capital && !names_more(page, first, last);
            if small || stands_alone(page, first, last) && is_contact(page, &contacts, first) {
                hits.push(hit.scored(0.9));
            }
        }
    }
}

/// Whether a place is part of the name of an employer, or stands where work is listed.
fn is_work(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    let organisation = |at: usize| page.starts(at, rules.lexicons.places_of_work);
    page.zone(first) == Zone::Employment
        || (page.beside(last) && organisation(last))
        || (page.beside(first) && first > 0 && organisation(first - 1))
}

/// Whether a place is part of a longer name: "Heaton Moor Library", "Friends of Polruan".
fn names_more(page: &Page, first: usize, last: usize) -> bool {
    let capital = |at: usize| page.token(at).is_some_and(|token| token.is_capital());
    let before = page.beside(first)
        && first > 0
        && (capital(first - 1) || page.lower(first - 1) == "of" && first > 1 && capital(first - 2));
    before || page.beside(last) && capital(last)
}

/// Whether nothing but other entries stands beside a place: it fills its line, its cell, or what marks part off.
fn stands_alone(page: &Page, first: usize, last: usize) -> bool {
    let parts = |at: usize| {
        page.token(at).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b',' | b'|' | b';' | b'/' | b'(' | b')' | b'.'))
                || matches!(token.shape, Shape::Symbol | Shape::Number | Shape::Hole)
        })
    };
    let label = first.checked_sub(1).is_some_and(|at| page.is_mark(at, b':'));
    let dash =
        |at: usize| page.is_mark(at, b'-') && page.token(at).is_some_and(|t| t.gap > Gap::Joined);
    let open = !page.beside(first)
        || label
        || first.checked_sub(1).is_some_and(|at| parts(at) || dash(at));
    open && (!page.beside(last) || parts(last) || dash(last) || begins_postcode(page, last))
}

/// "Stockport SK4 4RQ": letters and a digit.
fn begins_postcode(page: &Page, at: usize) -> bool {
    let word = page.word(at);
    word.len() <= 4
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_digit())
}

/// Where telephone numbers, addresses and the like begin, in order.
fn contacts(hits: &[Hit]) -> Vec<u32> {
    let kinds = [Kind::Email, Kind::Phone, Kind::Postcode, Kind::Url, Kind::Address];
    let mut starts: Vec<u32> =
        hits.iter().filter(|hit| kinds.contains(&hit.kind)).map(|hit| hit.start).collect();
    starts.sort_unstable();
    starts
}

/// Whether a line gives contact details: near the top or the end, in the part of personal details, or beside a number
/// or address that has been found.
fn is_contact(page: &Page, contacts: &[u32], first: usize) -> bool {
    let Some(line) = page.layout.cell_at(first).map(|cell| cell.line) else { return false };
    let ends = line < HEAD_LINES || line + FOOT_LINES >= page.layout.lines.len();
    let beside_contact = || {
        let bounds = page.layout.lines.get(line).and_then(|line| {
            let to = page.token(line.last.checked_sub(1)?)?;
            Some((page.token(line.first)?.start, to.end))
        });
        bounds.is_some_and(|(start, end)| {
            let next = contacts.partition_point(|contact| *contact < start);
            contacts.get(next).is_some_and(|contact| *contact < end)
        })
    };
    page.zone(first) == Zone::Personal || ends || beside_contact()
}
