//! What stays although a rule found it: what a vacancy asks for, what a rule says to keep, and the words of a text that
//! was redacted before. Takes finds out; finds nothing.

use std::collections::BinaryHeap;

use super::hit::Hit;
use super::replace::is_label_of_a_clue;
use super::text::vocabulary::FastMap;
use super::text::{Page, Shape, Token, View};
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

/// With so many labels a text may be one that was redacted before.
const LABELS: usize = 3;

/// How sure a find of a name must be in a text that was redacted before.
const SURE: f32 = 0.95;

/// How sure a find of another person must be there: a rule's, not one that the words around suggest.
const RULED: f32 = 0.5;

/// So many clues between two labels are new text.
const NEW_TEXT: usize = 3;

/// Whether a text has labels enough to be one that was redacted before.
pub(super) fn has_labels(page: &Page) -> bool {
    labels(page).count() >= LABELS
}

/// Whether a text was redacted before, by what stands in it and what is found in it: it has at least as many labels that
/// only redaction leaves as clues. Whoever left "[NAME]" and "[DATE]" of a template, or had an agency take names out, has
/// redacted nothing else.
pub(super) fn was_redacted(page: &Page, hits: &[Hit]) -> bool {
    let of_clues = labels(page)
        .filter(|label| is_label_of_a_clue(page.view.slice(label.start, label.end)))
        .count();
    of_clues > 0 && clues(hits).len() <= of_clues
}

/// A text that was redacted before stays as it is, but for what identifies by its form or is known of the candidate, and
/// for stretches without a label that are full of clues: rules that weigh the words around would weigh others now, since
/// those are gone.
pub(super) fn keep_redacted(page: &Page, identity: &RuleId, hits: &mut Vec<Hit>) {
    let free = between_labels(page);
    let clues = clues(hits);
    let is_new = |(start, end): &&(u32, u32)| {
        let from = clues.partition_point(|clue| clue.0 < *start);
        clues.iter().skip(from).take_while(|clue| clue.0 < *end).count() >= NEW_TEXT
    };
    let new: Vec<(u32, u32)> = free.iter().filter(is_new).copied().collect();
    hits.retain(|hit| match hit.kind {
        Kind::Email | Kind::Phone | Kind::Postcode | Kind::NiNumber | Kind::Url => true,
        Kind::Name => hit.score >= SURE,
        Kind::OtherPerson => hit.score >= RULED,
        // What stands behind a caption may have been removed, and what follows it is something else.
        Kind::Address | Kind::Handle | Kind::Dob | Kind::IdNumber => stands_in(&free, hit),
        _ => hit.rule == *identity || stands_in(&new, hit),
    });
}

/// Where a label stands for the candidate's name, for those that ask of whom a sentence speaks.
pub(super) fn name_labels<'a>(page: &'a Page, rule: &'a RuleId) -> impl Iterator<Item = Hit> + 'a {
    let of_names = labels(page).filter(|label| page.view.slice(label.start, label.end) == "[NAME]");
    of_names.map(|label| Hit::between(label.start, label.end, Kind::Name, rule))
}

/// Labels stay what they are: a find that takes one in is left with its longest part beside it.
pub(super) fn keep_labels(page: &Page, hits: &mut Vec<Hit>) {
    if labels(page).next().is_none() {
        return;
    }
    hits.retain_mut(|hit| {
        let (first, last) = hit.tokens(page);
        let tokens = page.tokens.get(first..last).unwrap_or_default();
        if !tokens.iter().any(is_label) {
            return true;
        }
        let longest = tokens.split(is_label).max_by_key(|part| part.len()).unwrap_or_default();
        let (Some(first), Some(last)) = (longest.first(), longest.last()) else { return false };
        (hit.start, hit.end) = (first.start, last.end);
        true
    });
}

/// The lines between two labels that have none themselves: stretches of the page, in order.
fn between_labels(page: &Page) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    let mut goes_on = false;
    for line in super::tagger::lines(page) {
        let tokens = page.tokens.get(line).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
        let is_free = !tokens.iter().any(is_label);
        match stretches.last_mut().filter(|_| goes_on) {
            Some(stretch) if is_free => stretch.1 = last.end,
            _ if is_free => stretches.push((first.start, last.end)),
            _ => {}
        }
        goes_on = is_free;
    }
    stretches
}

fn stands_in(stretches: &[(u32, u32)], hit: &Hit) -> bool {
    let behind = stretches.partition_point(|(_, end)| *end <= hit.start);
    stretches.get(behind).is_some_and(|(start, _)| *start < hit.end)
}

fn labels(page: &Page) -> impl Iterator<Item = &Token> {
    page.tokens.iter().filter(|token| is_label(token))
}

fn is_label(token: &Token) -> bool {
    token.shape == Shape::Hole
}

/// Where finds say what the candidate is, in order; of those that overlap, the first.
fn clues(hits: &[Hit]) -> Vec<(u32, u32)> {
    let is_clue = |hit: &&Hit| hit.action != Action::Keep && hit.kind.is_clue();
    let mut found: Vec<(u32, u32)> =
        hits.iter().filter(is_clue).map(|hit| (hit.start, hit.end)).collect();
    found.sort_unstable();
    found.dedup_by(|next, kept| next.0 < kept.1);
    found
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
