//! Tick boxes, and what a form offers to choose from.

use super::super::rules::Rules;
use super::super::text::{Page, Shape};

/// What a form offers is no longer than this, in tokens.
const LONGEST_CHOICES: usize = 40;

/// The words in which forms offer sex, state and "yes" or "no"; a value with any other word is somebody's answer.
const OFFERED: [&str; 30] = [
    "male",
    "female",
    "man",
    "woman",
    "non",
    "binary",
    "other",
    "prefer",
    "not",
    "to",
    "say",
    "yes",
    "no",
    "single",
    "married",
    "divorced",
    "separated",
    "widowed",
    "cohabiting",
    "civil",
    "partner",
    "partnership",
    "partnered",
    "in",
    "a",
    "heterosexual",
    "straight",
    "gay",
    "lesbian",
    "bisexual",
];

/// "Male / Female (delete as appropriate)", "Single / Married / Widowed": what a blank form offers, of which nobody is all.
/// "he/him" and whatever is said in words of one's own are answers.
pub(super) fn offers_choices(page: &Page, rules: &Rules, first: usize, last: usize) -> bool {
    if last.saturating_sub(first) > LONGEST_CHOICES {
        return false;
    }
    let last = (first..last).find(|at| page.is_mark(*at, b'(')).unwrap_or(last);
    let parts = |at: usize| page.is_mark(at, b'/') || page.lower(at) == "or";
    let choices = 1 + (first..last).filter(|at| parts(*at)).count();
    let title = |at: usize| page.starts(at, rules.lexicons.titles);
    let offered = (first..last).all(|at| {
        parts(at)
            || page.is_mark(at, b'-')
            || title(at)
            || page.token(at).is_some_and(|token| token.shape == Shape::Number)
            || OFFERED.contains(&page.lower(at))
    });
    if choices < 2 || !offered {
        return false;
    }
    let has = |word: &str| (first..last).any(|at| page.lower(at) == word);
    let titles = (first..last).filter(|at| title(*at)).count();
    let ages = (first..last).filter(|at| page.is_mark(*at, b'-')).count();
    has("male") && has("female")
        || has("man") && has("woman")
        || choices == 2 && has("yes") && has("no")
        || has("single") && has("married")
        || has("heterosexual") && (has("gay") || has("lesbian"))
        || titles == choices
        || choices >= 3 && ages == choices
}

/// Whether a value has boxes to tick, which [`super::options`] reads.
pub(super) fn has_boxes(page: &Page, first: usize, last: usize) -> bool {
    (first..last).any(|at| box_at(page, at).is_some())
}

/// A tick box: whether it is ticked, and how many tokens it takes.
pub(super) fn box_at(page: &Page, at: usize) -> Option<(bool, usize)> {
    let token = page.token(at)?;
    if token.shape == Shape::Symbol {
        return match page.word(at).chars().next()? {
            '☒' | '☑' | '✓' | '✔' | '✗' | '✘' | '⊠' | '■' => Some((true, 1)),
            '☐' | '□' | '▢' | '❏' | '❑' | '○' => Some((false, 1)),
            _ => None,
        };
    }
    if !(page.is_mark(at, b'[') || page.is_mark(at, b'(')) {
        return None;
    }
    let close = |at: usize| page.is_mark(at, b']') || page.is_mark(at, b')');
    if close(at + 1) {
        return Some((false, 2));
    }
    let tick = matches!(page.lower(at + 1), "x" | "v" | "yes") || page.is_mark(at + 1, b'*');
    (tick && close(at + 2)).then_some((true, 3))
}
