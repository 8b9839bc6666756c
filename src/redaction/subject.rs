//! Whom a passage is about: the candidate, or the people and things of the work. Weighs the nearest word before it that
//! decides, the word after it, and the zone. Knows no kind and no rule.

use super::rules::Rules;
use super::text::{Gap, Page, Shape, Zone};

pub(super) use crate::rulebook::About;

/// Whom a passage is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The candidate.
    Candidate,
    /// Clients, colleagues, training, the service.
    Others,
    /// Nothing near it tells.
    Unknown,
}

/// How many tokens before a passage are read.
const REACH_BACK: usize = 16;
/// How many after it, where nothing before it tells.
const REACH_ON: usize = 14;

impl About {
    /// Whether a passage is about whom the rule asks for.
    pub(super) fn allows(self, page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
        match (self, subject(page, rules, first, last)) {
            (_, Subject::Candidate) => true,
            (_, Subject::Others) => false,
            (Self::Candidate, Subject::Unknown) => false,
            (Self::NotOthers, Subject::Unknown) => true,
        }
    }
}

/// Whom the tokens from `first` to before `last` are about.
pub(super) fn subject(page: &Page, rules: &Rules, first: usize, last: usize) -> Subject {
    let lexicons = &rules.lexicons;
    // "Deaf awareness", "Polish families": what follows shows that the word describes the work.
    if page.joined(last) && page.starts(last, lexicons.occupants) {
        return Subject::Others;
    }
    let mut at = first;
    while at > 0 && first - at < REACH_BACK && !begins_sentence(page, at) {
        at -= 1;
        if page.starts(at, lexicons.self_words) {
            return Subject::Candidate;
        }
        if page.starts(at, lexicons.other_people) || page.starts(at, lexicons.work_words) {
            return Subject::Others;
        }
    }
    by_what_follows(page, rules, last).unwrap_or_else(|| by_zone(page.zone(first)))
}

/// "Deaf from birth, I ...": the candidate named later in the sentence.
fn by_what_follows(page: &Page, rules: &Rules, last: usize) -> Option<Subject> {
    for at in last..last + REACH_ON {
        if begins_sentence(page, at) {
            return None;
        }
        if page.starts(at, rules.lexicons.self_words) {
            return Some(Subject::Candidate);
        }
        if page.starts(at, rules.lexicons.other_people) {
            return Some(Subject::Others);
        }
    }
    None
}

const fn by_zone(zone: Zone) -> Subject {
    match zone {
        Zone::Interests | Zone::Personal | Zone::Monitoring | Zone::Languages => Subject::Candidate,
        Zone::Employment | Zone::Referees => Subject::Others,
        Zone::Open | Zone::Education | Zone::Convictions => Subject::Unknown,
    }
}

/// Whether a token begins a sentence, a cell, or an item of a list.
fn begins_sentence(page: &Page, at: usize) -> bool {
    let Some(token) = page.token(at) else { return true };
    if token.gap >= Gap::Wide {
        return true;
    }
    let bullet = matches!(token.shape, Shape::Symbol | Shape::Mark(b'-' | b'*'));
    if token.gap == Gap::Line && (bullet || page.layout.is_heading(at.wrapping_sub(1))) {
        return true;
    }
    let Some(before) = at.checked_sub(1).and_then(|before| page.token(before)) else {
        return true;
    };
    match before.shape {
        Shape::Mark(b'.' | b'!' | b'?') => token.gap != Gap::Joined && !is_shortened(page, at - 1),
        Shape::Mark(b';' | b'|') => true,
        _ => false,
    }
}

/// "Mrs. Hill", "e.g. this": a full stop that ends no sentence.
fn is_shortened(page: &Page, stop: usize) -> bool {
    let word = stop.checked_sub(1).map_or("", |before| page.lower(before));
    matches!(word, "mr" | "mrs" | "ms" | "dr" | "st" | "g" | "e" | "no" | "approx" | "yrs")
}
