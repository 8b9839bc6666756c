//! Finds that overlap become spans that do not: each passage keeps the kind of its strongest find, and nothing that
//! any rule found stays. Knows places and scores, not rules.

use std::collections::BTreeMap;

use super::hit::Hit;
use super::text::Page;
use crate::rulebook::{Action, Kind};

/// Cuts finds so that none overlap, in order of place. What a weaker find covers beyond a stronger one stays a find.
pub(super) fn resolve(page: &Page, mut hits: Vec<Hit>) -> Vec<Hit> {
    for hit in &mut hits {
        trim(page, hit);
    }
    hits.retain(|hit| hit.start < hit.end);
    hits.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then((b.end - b.start).cmp(&(a.end - a.start)))
            .then(a.start.cmp(&b.start))
    });
    // By first byte: a text of many finds must not move all of them for each.
    let mut taken: BTreeMap<u32, Hit> = BTreeMap::new();
    for hit in hits {
        place(page, hit, &mut taken);
    }
    join(page, taken.into_values())
}

/// Takes spaces and lone marks off both ends.
fn trim(page: &Page, hit: &mut Hit) {
    let text = page.view.slice(hit.start, hit.end);
    let front = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
    hit.start += front as u32;
    let text = page.view.slice(hit.start, hit.end);
    let end =
        text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|')).len();
    hit.end = hit.start + end as u32;
}

/// Adds what of a find is not taken yet, in order of place.
fn place(page: &Page, hit: Hit, taken: &mut BTreeMap<u32, Hit>) {
    let mut start = hit.start;
    let mut pieces = Vec::new();
    let before = taken.range(..start).next_back().filter(|(_, other)| other.end > start);
    for (_, other) in before.into_iter().chain(taken.range(start..hit.end)) {
        if start < other.start {
            pieces.push((start, other.start));
        }
        start = start.max(other.end);
    }
    if start < hit.end {
        pieces.push((start, hit.end));
    }
    let whole = pieces.len() == 1 && pieces.first() == Some(&(hit.start, hit.end));
    for (start, end) in pieces {
        let mut piece = Hit { start, end, ..hit.clone() };
        trim(page, &mut piece);
        let words = page.view.slice(piece.start, piece.end).contains(char::is_alphanumeric);
        if piece.start >= piece.end || !whole && !words {
            continue;
        }
        if !whole && piece.action == Action::Neutralise {
            (piece.action, piece.replacement) = (Action::Mask, None);
        }
        taken.insert(piece.start, piece);
    }
}

/// Joins neighbours of one kind that only spaces, commas or hyphens part, so that one label stands for them.
fn join(page: &Page, taken: impl Iterator<Item = Hit>) -> Vec<Hit> {
    let mut joined: Vec<Hit> = Vec::new();
    for hit in taken {
        if let Some(last) = joined.last_mut()
            && may_join(page, last, &hit)
        {
            last.end = hit.end;
            continue;
        }
        joined.push(hit);
    }
    joined
}

fn may_join(page: &Page, last: &Hit, next: &Hit) -> bool {
    let between = page.view.slice(last.end, next.start);
    let near =
        between.len() <= 3 && between.chars().all(|c| matches!(c, ' ' | '-' | '\'' | '.' | '_'));
    last.kind == next.kind
        && last.action == Action::Mask
        && next.action == Action::Mask
        && last.replacement == next.replacement
        && near
        && !matches!(next.kind, Kind::Phone | Kind::Email | Kind::IdNumber)
}
