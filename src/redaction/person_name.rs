//! The shape of a person's name on a page: capitals, initials, particles, hyphens. Knows writing, not who anybody is.

use super::rules::Rules;
use super::text::{Case, Gap, Page, Shape, WordId};

/// How freely a name is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// The place says that a name stands here: any capitalised word is part of it, and small letters are allowed.
    Stated,
    /// The words must look like a name themselves: no common word, no word of organisations or posts.
    Guessed,
}

/// The longest name that is read, in words.
const LONGEST_NAME: usize = 6;

/// One past the last token of the name that begins at a token, if one does.
pub(super) fn read(
    page: &Page,
    rules: &Rules,
    first: usize,
    last: usize,
    reading: Reading,
) -> Option<usize> {
    let mut at = first;
    let mut end = first;
    let mut words = 0;
    while at < last && words < LONGEST_NAME {
        let token = page.token(at)?;
        if at > first && token.gap > Gap::Space {
            break;
        }
        match token.shape {
            Shape::Word(_) if is_part(page, rules, at, reading, words) => {
                words += 1;
                at += 1;
                end = at;
                if token.is_initial() && page.is_mark(at, b'.') && page.beside(at) {
                    at += 1;
                    end = at;
                } else if token.len() == 2 && page.is_mark(at, b'.') && word_follows(page, at, last)
                {
                    // "Md." and "St." stand inside names.
                    at += 1;
                }
            }
            Shape::Word(_) if words > 0 && is_particle(page, rules, at) => at += 1,
            Shape::Word(_) if words == 0 && is_particle(page, rules, at) => at += 1,
            Shape::Mark(b'-' | b'\'' | b'_') if words > 0 && joins(page, at, last) => at += 1,
            _ => break,
        }
    }
    (words > 0).then_some(end)
}

fn word_follows(page: &Page, mark: usize, last: usize) -> bool {
    mark + 1 < last && page.beside(mark + 1) && page.token(mark + 1).is_some_and(|t| t.is_capital())
}

/// Whether a hyphen, apostrophe or underscore joins two parts of a name.
fn joins(page: &Page, mark: usize, last: usize) -> bool {
    mark + 1 < last
        && page.token(mark + 1).is_some_and(|next| next.is_word() && next.gap <= Gap::Space)
        && page.token(mark).is_some_and(|mark| mark.gap == Gap::Joined)
        || mark + 1 < last
            && page.is_mark(mark, b'-')
            && page.token(mark + 1).is_some_and(|next| next.is_capital() && next.gap <= Gap::Space)
            && page.token(mark.wrapping_sub(1)).is_some_and(|b| b.shape == Shape::Word(Case::Upper))
}

/// Whether a token is a particle of names (van, de, ap, al) with a capital word after it.
pub(super) fn is_particle(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.particles)
        && (1..=2).any(|ahead| {
            page.beside(at + ahead) && page.token(at + ahead).is_some_and(|t| t.is_capital())
        })
}

fn is_part(page: &Page, rules: &Rules, at: usize, reading: Reading, words: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    if page.starts(at, rules.lexicons.titles) && token.len() > 1 && words == 0 {
        return false;
    }
    let foreign = is_foreign_script(page, at);
    match reading {
        Reading::Stated => {
            token.is_capital() || foreign || words == 0 && token.word == WordId::UNKNOWN
        }
        Reading::Guessed => {
            foreign
                || token.is_capital()
                    && !is_ordinary(page, rules, at)
                    && (token.len() > 1 || page.is_mark(at + 1, b'.') || words > 0)
        }
    }
}

/// Whether a word is an ordinary one: common, or a word of organisations, places and posts, and no given name.
pub(super) fn is_ordinary(page: &Page, rules: &Rules, at: usize) -> bool {
    let lexicons = &rules.lexicons;
    page.entries(at).any(|(lexicon, length)| {
        length == 1
            && (lexicon == lexicons.common
                || lexicon == lexicons.places_of_work
                || lexicon == lexicons.job_titles
                || lexicon == lexicons.not_people
                || lexicon == lexicons.months)
    }) || page.starts(at, lexicons.not_people)
}

/// Whether a word is written in a script without Latin letters.
pub(super) fn is_foreign_script(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| token.is_word())
        && page.word(at).chars().next().is_some_and(|c| c.is_alphabetic() && c as u32 > 0x036f)
}

/// Whether a word is in the lists of given or family names.
pub(super) fn is_listed(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.given_names) || page.starts(at, rules.lexicons.family_names)
}
