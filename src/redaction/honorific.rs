//! A title that tells the candidate's sex, where it stands before the candidate's own name: "Mr [NAME]". Does not
//! know what the name is.

use super::hit::Hit;
use super::sex::is_telling_title;
use super::text::{Gap, Page};
use crate::rulebook::{Kind, RuleId};

/// Finds the titles. `hits` must already hold the names.
pub(super) fn find(page: &Page, rule: &RuleId, hits: &mut Vec<Hit>) {
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
    let capital = page.token(at).is_some_and(super::text::Token::is_capital);
    (capital && is_telling_title(page.lower(at))).then_some(at)
}
