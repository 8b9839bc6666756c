//! Names that hide inside other things: letter-spaced, broken over a line end, joined into a file or user name.

use super::super::text::{Case, Gap, Page, Shape};
use super::extend::initials_after;
use super::{AnchorIndex, squeeze};

/// Calls `found` with the tokens of every hidden form of the name.
pub fn find(page: &Page, index: &AnchorIndex, mut found: impl FnMut(usize, usize)) {
    letter_spaced(page, index, &mut found);
    for at in 0..page.tokens.len() {
        broken(page, index, at, &mut found);
        joined(page, index, at, &mut found);
        parted(page, index, at, &mut found);
    }
}

/// "P R E C I O U S", "S-z-c-z-e-s-n-y": single letters in a row, perhaps joined by marks, that spell a name word.
fn letter_spaced(page: &Page, index: &AnchorIndex, found: &mut impl FnMut(usize, usize)) {
    let single = |at: usize| page.token(at).is_some_and(|t| t.is_word() && t.len() == 1);
    let near = |at: usize| page.token(at).is_some_and(|t| t.gap < Gap::Break && t.gap != Gap::Line);
    let mark = |at: usize| {
        page.token(at).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b'-' | b'.' | b'_' | b'/')) && t.gap == Gap::Joined
                || matches!(t.shape, Shape::Mark(b'-' | b',')) && t.gap <= Gap::Space
        })
    };
    let mut at = 0;
    while at < page.tokens.len() {
        if !single(at) {
            at += 1;
            continue;
        }
        let (mut end, mut count) = (at + 1, 1);
        loop {
            let next = end + usize::from(mark(end));
            if !(single(next) && near(next)) {
                break;
            }
            (end, count) = (next + 1, count + 1);
        }
        if count >= 3 {
            let letters: String = (at..end).filter(|i| single(*i)).map(|i| page.lower(i)).collect();
            if spells_a_name(page, index, at, end - at, &letters) {
                found(at, end);
            }
        }
        at = end;
    }
}

fn spells_a_name(page: &Page, index: &AnchorIndex, at: usize, length: usize, all: &str) -> bool {
    if index.whole().iter().any(|whole| all.contains(whole.as_str())) {
        return true;
    }
    // Wider gaps part the words.
    let mut word = String::new();
    for i in at..=at + length {
        let ends = i == at + length || page.token(i).is_some_and(|token| token.gap == Gap::Wide);
        if ends {
            if word.len() >= 3 && index.word(&word).is_some() {
                return true;
            }
            word.clear();
        }
        if i < at + length && page.token(i).is_some_and(|token| token.is_word()) {
            word.push_str(page.lower(i));
        }
    }
    index.word(all).is_some()
}

/// "Wiśniew-" at a line's end and "ska" on the next.
fn broken(page: &Page, index: &AnchorIndex, at: usize, found: &mut impl FnMut(usize, usize)) {
    let breaks = page.token(at + 1).is_some_and(|token| token.shape == Shape::Mark(b'-'))
        && page.token(at + 2).is_some_and(|token| token.gap == Gap::Line && token.is_word());
    if breaks && page.token(at).is_some_and(|token| token.is_word()) {
        let joined = format!("{}{}", page.lower(at), page.lower(at + 2));
        if index.word(&joined).is_some_and(|anchor| !anchor.wordlike) || index.is_misspelt(&joined)
        {
            found(at, initials_after(page, at + 3));
        }
    }
}

/// A long word that no rule knows and that contains the name: "hetalpatel2024", "BanksWCV".
fn joined(page: &Page, index: &AnchorIndex, at: usize, found: &mut impl FnMut(usize, usize)) {
    let Some(token) = page.token(at) else { return };
    if !token.is_word() || token.len() < 6 || token.word.index() != 0 {
        return;
    }
    let lower = page.lower(at);
    // A word of small letters or with one capital is an ordinary one that rules do not know, unless little is left of
    // it beside the name: "strangers" holds Trang.
    let digits = lower.bytes().any(|b| b.is_ascii_digit());
    let inside = token.gap == Gap::Joined
        || page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined && t.shape == Shape::Mark(b'@'))
        || digits
        || matches!(token.shape, Shape::Word(Case::Mixed | Case::Upper));
    let contained =
        if inside { index.contained_in(&squeeze(lower)) } else { index.begins_or_ends(lower) };
    if index.word(lower).is_none() && (contained || index.is_initialled(lower)) {
        found(first_with_letter(page, at), at + 1);
    }
}

/// "h.singh17": a letter joined before the word.
fn first_with_letter(page: &Page, at: usize) -> usize {
    let Some(letter) = at.checked_sub(2) else { return at };
    let joined = page.token(at).is_some_and(|t| t.gap == Gap::Joined)
        && page.token(at - 1).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b'.' | b'_' | b'-')) && t.gap == Gap::Joined
        });
    let single = page.token(letter).is_some_and(|t| t.is_word() && t.len() == 1);
    if joined && single { letter } else { at }
}

/// "O Sullivan", "Nic Leod", "SIVAN 0GLU": a name word written as two or three.
fn parted(page: &Page, index: &AnchorIndex, at: usize, found: &mut impl FnMut(usize, usize)) {
    let capital = page.token(at).is_some_and(|t| t.is_capital());
    let goes_on = |end: usize| {
        page.token(end).is_some_and(|t| {
            t.gap <= Gap::Space
                && (t.is_word() || matches!(t.shape, Shape::Number | Shape::Mark(b'-' | b'\'')))
        })
    };
    if !capital
        || !goes_on(at + 1)
        || index.word(page.lower(at)).is_some_and(|a| !a.variant)
        || !index.begins_word(page.lower(at))
    {
        return;
    }
    let mut joined = page.lower(at).to_owned();
    for end in at + 1..at + 4 {
        if !goes_on(end) {
            return;
        }
        joined.extend(page.lower(end).chars().filter(|c| c.is_alphanumeric()));
        let long = joined.len() >= 6 && page.token(end).is_some_and(|t| t.len() > 1);
        if long && (index.word(&joined).is_some_and(|a| !a.wordlike) || index.is_misspelt(&joined))
        {
            found(at, initials_after(page, end + 1));
            return;
        }
    }
}
