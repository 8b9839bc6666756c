//! Titles that tell somebody's sex: the candidate's go, where they stand before the candidate's own name ("Mr [NAME]");
//! those of others stay ("Dear Ms [PERSON 1]"). Does not know what the names are.

use super::hit::Hit;
use super::sex::{Sex, is_telling_title};
use super::text::{Gap, Page};
use crate::rulebook::{Kind, RuleId};

/// Finds the candidate's titles, and gives back those of others. `hits` must already hold the names.
pub(super) fn find(page: &Page, rule: &RuleId, hits: &mut Vec<Hit>) {
    let mut others: Vec<u32> =
        hits.iter().filter(|hit| hit.kind == Kind::OtherPerson).map(|hit| hit.start).collect();
    others.sort_unstable();
    hits.retain(|hit| hit.kind != Kind::Gender || !is_title_before(page, hit, &others));
    let titles: Vec<Hit> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Name)
        .filter_map(|hit| {
            let name = page.tokens.partition_point(|token| token.start < hit.start);
            before(page, name).and_then(|at| Hit::over(page, at, at + 1, Kind::Gender, rule))
        })
        .collect();
    hits.extend(titles);
}

/// The token of a telling title that stands before a name, with or without its full stop.
fn before(page: &Page, name: usize) -> Option<usize> {
    let near = |at: usize| page.token(at).is_some_and(|token| token.gap <= Gap::Line);
    if !near(name) {
        return None;
    }
    let mut at = name.checked_sub(1)?;
    if page.is_mark(at, b'.') {
        at = at.checked_sub(1)?;
    }
    let token = page.token(at)?;
    let title = token.is_capital() && is_telling_title(page.lower(at));
    // "my brother Emeka", "the man Brown", "wee lad Kieran": a noun with the candidate's name.
    let noun = at + 1 == name
        && page.beside(name)
        && Sex::of_noun(page.lower(at)).is_some()
        && !is_telling_title(page.lower(at));
    (title || noun).then_some(at)
}

/// Whether a find is a title and nothing else, right before one of some names, in an address or a list of people. `names`
/// are where these begin, in order.
fn is_title_before(page: &Page, hit: &Hit, names: &[u32]) -> bool {
    let (first, last) = hit.tokens(page);
    let title = is_telling_title(page.lower(first))
        && (last == first + 1 || last == first + 2 && page.is_mark(first + 1, b'.'));
    let addressed = first > 0 && page.lower(first - 1) == "dear";
    let begins = first == 0 || page.token(first).is_some_and(|token| token.gap >= Gap::Line);
    let name = if page.is_mark(last, b'.') && last == first + 1 { last + 1 } else { last };
    title
        && (addressed || begins)
        && page.beside(name)
        && page.token(name).is_some_and(|name| names.binary_search(&name.start).is_ok())
}
