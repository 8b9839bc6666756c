//! "Chartered Engineer, registered as R. Kaur, 694417": a number directly behind the candidate's name is what a register
//! knows them by. Reads the finds of names; knows no register.

use super::hit::Hit;
use super::text::{Gap, Page, Shape};
use crate::rulebook::{Kind, RuleId};

/// The shortest and longest numbers of registers, in digits.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=9;

/// Finds the numbers. `hits` must already hold the names and whatever is known by its form.
pub(super) fn find(page: &Page, rule: &RuleId, hits: &mut Vec<Hit>) {
    let mut taken: Vec<(u32, u32)> = hits.iter().map(|hit| (hit.start, hit.end)).collect();
    taken.sort_unstable();
    let is_taken = |start: u32, end: u32| {
        let before = taken.partition_point(|(first, _)| *first < end);
        taken
            .get(before.saturating_sub(4)..before)
            .is_some_and(|near| near.iter().any(|(_, last)| *last > start))
    };
    let mut found = Vec::new();
    for name in hits.iter().filter(|hit| hit.kind == Kind::Name) {
        let (_, mut at) = name.tokens(page);
        let behind = at;
        while at < behind + 4 && leads_to_number(page, at) {
            at += 1;
        }
        let number = page.token(at).filter(|token| {
            token.shape == Shape::Number
                && token.gap <= Gap::Space
                && page.word(at).bytes().all(|b| b.is_ascii_digit())
                && DIGITS.contains(&page.word(at).len())
        });
        let goes_on = page.token(at + 1).is_some_and(|next| {
            next.shape == Shape::Number && next.gap <= Gap::Space
                || next.gap == Gap::Joined
                    && matches!(next.shape, Shape::Mark(b'@' | b'-' | b'/' | b'_'))
        });
        if let Some(number) = number.filter(|_| !goes_on)
            && !is_taken(number.start, number.end)
        {
            found.extend(Hit::over(page, at, at + 1, Kind::IdNumber, rule));
        }
    }
    hits.extend(found);
}

/// A comma, bracket or word that may stand between a name and its number.
fn leads_to_number(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| token.gap <= Gap::Space)
        && (page.token(at).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b',' | b'(' | b':' | b'.' | b'#' | b'-'))
        }) || matches!(
            page.lower(at),
            "no" | "nr"
                | "num"
                | "number"
                | "reg"
                | "ref"
                | "registration"
                | "member"
                | "membership"
        ))
}
