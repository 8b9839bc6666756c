//! What stays although a rule found it: what a vacancy asks for, what a rule says to keep, and the words of a text that
//! was redacted before. Takes finds out; finds nothing.

use std::collections::BinaryHeap;

use super::hit::Hit;
use super::text::vocabulary::FastMap;
use super::text::{Page, Shape, View};
use crate::rulebook::{Action, Kind, RuleId};

/// Turns finds that the vacancy asks for into knowingly kept passages. Direct identifiers cannot be kept.
pub(super) fn keep_allowed(
    page: &Page,
    allow: &[String],
    rule: &RuleId,
    mut hits: Vec<Hit>,
) -> Vec<Hit> {
    for allowed in allow.iter().map(|allowed| View::fold(allowed.trim())) {
        let wanted = allowed.lower();
        if wanted.is_empty() {
            continue;
        }
        for (place, _) in page.view.lower().match_indices(wanted) {
            let (start, end) = (place as u32, (place + wanted.len()) as u32);
            let kept = hits.iter_mut().filter(|hit| {
                !hit.kind.is_direct_identifier() && hit.start < end && hit.end > start
            });
            for hit in kept {
                hit.action = Action::Keep;
                hit.rule = rule.clone();
            }
        }
    }
    hits
}

/// With so many labels a text counts as redacted before.
const LABELS: usize = 3;

/// How sure a find of a name must be in a text that was redacted before.
const SURE: f32 = 0.95;

/// Whether a text was redacted before: it says nothing more of its author's name.
pub(super) fn was_redacted(page: &Page) -> bool {
    page.tokens.iter().filter(|token| token.shape == Shape::Hole).count() >= LABELS
}

/// A text that was redacted before stays as it is, but for what identifies by its form or is known of the candidate:
/// rules that weigh the words around would weigh others now, since those are gone.
pub(super) fn keep_redacted(page: &Page, identity: &RuleId, hits: &mut Vec<Hit>) {
    if !was_redacted(page) {
        return;
    }
    hits.retain(|hit| match hit.kind {
        Kind::Email | Kind::Phone | Kind::Postcode | Kind::NiNumber | Kind::Url => true,
        Kind::Name => hit.score >= SURE,
        _ => hit.rule == *identity,
    });
}

/// A rule whose action is to keep takes out every clue that begins inside what it covers, unless that clue's score is
/// higher. Direct identifiers are never kept.
pub(super) fn drop_kept(hits: &mut Vec<Hit>) {
    let mut kept: Vec<(u32, u32, f32)> = hits
        .extract_if(.., |hit| hit.action == Action::Keep)
        .map(|hit| (hit.start, hit.end, hit.score))
        .collect();
    if kept.is_empty() {
        return;
    }
    kept.sort_unstable_by_key(|(start, ..)| *start);
    let mut starts: Vec<u32> = hits.iter().map(|hit| hit.start).collect();
    starts.sort_unstable();
    starts.dedup();
    // The highest score that covers each start: kept passages enter where they begin, and leave when they have ended.
    let mut kept = kept.into_iter().peekable();
    let mut open: BinaryHeap<(u32, u32)> = BinaryHeap::new();
    let highest: FastMap<u32, f32> = starts
        .into_iter()
        .filter_map(|at| {
            while let Some((_, end, score)) = kept.next_if(|(start, ..)| *start <= at) {
                // Scores are from 0 to 1: their bits are in their order.
                open.push((score.to_bits(), end));
            }
            while open.peek().is_some_and(|(_, end)| *end <= at) {
                open.pop();
            }
            open.peek().map(|(score, _)| (at, f32::from_bits(*score)))
        })
        .collect();
    hits.retain(|hit| {
        hit.kind.is_direct_identifier()
            || highest.get(&hit.start).is_none_or(|score| *score < hit.score)
    });
}

/// The candidate's own name is nobody else's.
pub(super) fn drop_own(hits: &mut Vec<Hit>) {
    let mut own: Vec<(u32, u32)> =
        hits.iter().filter(|hit| hit.kind == Kind::Name).map(|hit| (hit.start, hit.end)).collect();
    own.sort_unstable();
    hits.retain(|hit| {
        let before = own.partition_point(|(start, _)| *start < hit.end);
        let overlaps = before
            .checked_sub(1)
            .and_then(|at| own.get(at))
            .is_some_and(|(start, end)| *start <= hit.start && *end >= hit.end);
        hit.kind != Kind::OtherPerson || !overlaps
    });
}
