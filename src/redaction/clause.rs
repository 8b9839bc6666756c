//! Widens a find about the candidate's life to the clause it stands in, where little of the clause is left: "I lost my
//! [husband]" and "[my husband] works nights" would tell as much as the words removed. Knows clauses, not kinds of
//! wording.

use super::hit::Hit;
use super::rules::Rules;
use super::text::{Gap, Page, Shape};
use crate::rulebook::{Action, Kind};

/// How many small words before a find go with it.
const LEFT: usize = 5;
/// How many words after it go with it.
const RIGHT: usize = 5;

/// Words before a find that say nothing by themselves.
const SMALL: [&str; 56] = [
    "i", "we", "me", "my", "our", "am", "'m", "was", "were", "are", "is", "be", "been", "being",
    "have", "'ve", "has", "had", "'d", "do", "did", "got", "get", "a", "an", "the", "of", "in",
    "on", "at", "to", "for", "with", "also", "now", "then", "still", "just", "only", "never",
    "not", "no", "by", "from", "after", "since", "before", "his", "her", "who", "im", "ive",
    "both", "all", "its", "myself",
];

/// Words after which another clause begins.
const JOINS: [&str; 16] = [
    "and",
    "but",
    "so",
    "because",
    "which",
    "although",
    "though",
    "while",
    "whilst",
    "therefore",
    "however",
    "or",
    "if",
    "where",
    "when",
    "that",
];

/// What of a clause tells as much as the find.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Nothing more.
    Words,
    /// What follows, and the small words before.
    Clause,
}

const fn told(kind: Kind) -> Told {
    match kind {
        Kind::MaritalFamily
        | Kind::PregnancyMaternity
        | Kind::OtherProxy
        | Kind::GenderReassignment
        | Kind::SexualOrientation => Told::Clause,
        _ => Told::Words,
    }
}

/// Widens every find whose kind is told by clauses.
pub(super) fn widen(page: &Page, rules: &Rules, hits: &mut [Hit]) {
    for hit in hits {
        // Values of form fields have edges of their own.
        let told = told(hit.kind);
        if told != Told::Words && hit.action == Action::Mask && hit.score < 0.9 {
            widen_one(page, rules, hit, told);
        }
    }
}

fn widen_one(page: &Page, rules: &Rules, hit: &mut Hit, told: Told) {
    let first = page.tokens.partition_point(|token| token.start < hit.start);
    let last = page.tokens.partition_point(|token| token.end <= hit.end);
    if first >= last {
        return;
    }
    if told == Told::Clause
        && let Some(token) = page.token(left_edge(page, first))
        // "I married" reads as well with "I" left as with it gone.
        && first - left_edge(page, first) > 1
    {
        hit.start = token.start;
    }
    let end = right_edge(page, rules, last).checked_sub(1);
    if let Some(token) = end.and_then(|at| page.token(at)) {
        hit.end = hit.end.max(token.end);
    }
}

/// The start of the clause, if only small words lie between.
fn left_edge(page: &Page, first: usize) -> usize {
    let mut at = first;
    while !opens_clause(page, at) {
        if first - at >= LEFT || !SMALL.contains(&page.lower(at - 1)) {
            return first;
        }
        at -= 1;
    }
    at
}

/// The end of the clause, if it is near and none of it is about the work.
fn right_edge(page: &Page, rules: &Rules, last: usize) -> usize {
    let lexicons = &rules.lexicons;
    let mut at = last;
    while !closes_clause(page, at) {
        let work = page.starts(at, lexicons.work_words)
            || page.starts(at, lexicons.occupants)
            || page.starts(at, lexicons.other_people)
            || page.starts(at, lexicons.job_titles);
        if at - last >= RIGHT || work {
            return last;
        }
        at += 1;
    }
    at
}

fn opens_clause(page: &Page, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    if page.token(at).is_none_or(|token| token.gap > Gap::Line)
        || page.layout.is_heading(before)
        || !page.beside(at)
            && page.layout.cell_at(at).is_some_and(|cell| cell.first == at)
            && page.token(at).is_some_and(super::text::Token::is_capital)
    {
        return true;
    }
    is_edge(page, before) || JOINS.contains(&page.lower(before))
}

fn closes_clause(page: &Page, at: usize) -> bool {
    let Some(token) = page.token(at) else { return true };
    let new_item = token.gap == Gap::Line && (token.is_capital() || !token.is_word());
    token.gap > Gap::Line || new_item || is_edge(page, at) || JOINS.contains(&page.lower(at))
}

/// Whether a token is a mark between clauses, or what an earlier redaction left.
fn is_edge(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| match token.shape {
        Shape::Mark(b'.') => page.token(at + 1).is_none_or(|next| next.gap != Gap::Joined),
        Shape::Mark(b'-') => token.gap != Gap::Joined,
        Shape::Mark(mark) => !matches!(mark, b'\'' | b'&' | b'%' | b'+' | b'/'),
        Shape::Hole | Shape::Symbol => true,
        _ => false,
    })
}
