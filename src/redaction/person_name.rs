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
            Shape::Word(_) if is_part(page, rules, at, reading, words, first) => {
                words += 1;
                at += 1;
                end = at;
                if token.is_initial() && page.is_mark(at, b'.') && page.beside(at) {
                    at += 1;
                    end = at;
                } else if (token.len() == 2 || is_short_name(page, at - 1))
                    && page.is_mark(at, b'.')
                    && word_follows(page, at, last)
                {
                    // "Md." and "St." stand inside names.
                    at += 1;
                }
            }
            Shape::Word(_) if words > 0 && is_particle(page, rules, at) => at += 1,
            Shape::Word(_) if words == 0 && is_particle(page, rules, at) => at += 1,
            Shape::Mark(b'-') if words > 1 && is_small_half(page, rules, at, last) => {
                at += 2;
                end = at;
            }
            Shape::Mark(b'-' | b'\'' | b'_') if words > 0 && joins(page, at, last) => at += 1,
            Shape::Mark(b'(' | b'"') if words > 0 => match nickname_end(page, rules, at, last) {
                Some(next) if is_part(page, rules, next, reading, words, first) => at = next,
                _ => break,
            },
            _ => break,
        }
    }
    let suffix = page.beside(end)
        && end < last
        && page.token(end).is_some_and(|t| t.is_capital())
        && matches!(page.lower(end), "jr" | "jnr" | "snr" | "junior" | "iii");
    (words > 0).then_some(end + usize::from(words > 1 && suffix))
}

/// One past the mark that closes a nickname inside a name: "Desmond "Dezzie" Campbell", "Yitzchok (Isaac) Rosenbaum".
fn nickname_end(page: &Page, rules: &Rules, open: usize, last: usize) -> Option<usize> {
    let closes = |at: usize| page.is_mark(at, b')') || page.is_mark(at, b'"');
    let close = (open + 2..open + 4).find(|at| closes(*at))?;
    let names = (open + 1..close).all(|at| {
        page.beside(at)
            && page.token(at).is_some_and(|t| t.is_capital() && t.len() > 1)
            // "Murdo "Safety" Nicolson": between quotes and names any word is one.
            && (!is_ordinary(page, rules, at)
                || page.is_mark(open, b'"')
                    && (is_listed(page, rules, open - 1) || is_listed(page, rules, close + 1)))
    });
    let goes_on = close + 1 < last
        && page.beside(close + 1)
        && page.token(close + 1).is_some_and(|t| t.is_capital() && t.len() > 1);
    (names && goes_on).then_some(close + 1)
}

/// First names that are written short inside names: "Ma. Cristina", "Mst. Rahima".
fn is_short_name(page: &Page, at: usize) -> bool {
    matches!(
        page.lower(at),
        "ma" | "md" | "mst" | "mohd" | "muh" | "sta" | "wm" | "geo" | "chas" | "jos" | "thos"
    ) && page.is_mark(at + 1, b'.')
        && page.beside(at + 1)
        && page.beside(at + 2)
        && page.token(at + 2).is_some_and(|t| t.is_capital() && t.len() > 1)
}

fn word_follows(page: &Page, mark: usize, last: usize) -> bool {
    mark + 1 < last && page.beside(mark + 1) && page.token(mark + 1).is_some_and(|t| t.is_capital())
}

/// "Wong Yuk-fan": the second half of a Chinese given name, in small letters behind a word that is nothing else.
fn is_small_half(page: &Page, rules: &Rules, mark: usize, last: usize) -> bool {
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    let half = |at: usize, case: Case| {
        page.token(at).is_some_and(|t| t.shape == Shape::Word(case) && (2..=5).contains(&t.len()))
    };
    mark + 1 < last
        && joined(mark)
        && joined(mark + 1)
        && half(mark - 1, Case::Title)
        && half(mark + 1, Case::Lower)
        && (page.token(mark - 1).is_some_and(|t| t.word == WordId::UNKNOWN)
            || page.starts(mark - 1, rules.lexicons.given_names))
        && !matches!(
            page.lower(mark + 1),
            "led" | "based" | "run" | "wide" | "style" | "type" | "like"
        )
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

/// Whether a token is a particle of names (van, de, ap, al) with a capital word after it, perhaps after further
/// particles: "Mac an t-Saoir", "de los Reyes".
pub(super) fn is_particle(page: &Page, rules: &Rules, at: usize) -> bool {
    if !page.starts(at, rules.lexicons.particles) {
        return false;
    }
    let gaelic = matches!(page.lower(at), "mac" | "mc" | "nic" | "mhic");
    for ahead in at + 1..at + 6 {
        let Some(token) = page.token(ahead).filter(|_| page.beside(ahead)) else { return false };
        let small = matches!(page.lower(ahead), "an" | "a" | "na" | "t" | "h") && gaelic;
        if token.is_capital() {
            return true;
        }
        let passes = small
            || matches!(token.shape, Shape::Mark(b'-' | b'\''))
            || page.starts(ahead, rules.lexicons.particles);
        if !passes {
            return false;
        }
    }
    false
}

fn is_part(
    page: &Page,
    rules: &Rules,
    at: usize,
    reading: Reading,
    words: usize,
    first: usize,
) -> bool {
    let Some(token) = page.token(at) else { return false };
    let title = page.starts(at, rules.lexicons.titles) && token.len() > 1;
    if title && (words == 0 || COMMON_TITLES.contains(&page.lower(at))) {
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
                    && (!is_ordinary(page, rules, at)
                        || words > 0 && token.is_initial() && page.is_mark(at + 1, b'.')
                        || is_short_name(page, at)
                        || words > 0 && follows_hyphen(page, at)
                        || words == 0 && is_given_before_surname(page, rules, at))
                    && (token.len() > 1
                        || page.is_mark(at + 1, b'.')
                        || page.is_mark(at + 1, b'\'')
                        || words > 0)
                    && !(words > 0 && is_letters_after(page, rules, first, at))
        }
    }
}

/// "Bankole-Hall": the second half of a double surname may be an ordinary word.
fn follows_hyphen(page: &Page, at: usize) -> bool {
    at > 0
        && page.is_mark(at - 1, b'-')
        && [at - 1, at].iter().all(|i| page.token(*i).is_some_and(|t| t.gap == Gap::Joined))
}

/// Titles that end whatever name stands before them.
const COMMON_TITLES: [&str; 12] =
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "cllr", "rev", "revd", "sir"];

/// "Bill Tranter", "Non Bebb": a given name that is an ordinary word too, and a surname that is nothing else.
fn is_given_before_surname(page: &Page, rules: &Rules, at: usize) -> bool {
    let lexicons = &rules.lexicons;
    let surname = page.beside(at + 1)
        && page.token(at + 1).is_some_and(|t| {
            matches!(t.shape, Shape::Word(Case::Title | Case::Mixed | Case::Upper))
                && t.len() > 2
                && (t.shape == Shape::Word(Case::Upper))
                    == (page.token(at).map(|g| g.shape) == Some(Shape::Word(Case::Upper)))
        })
        && !is_ordinary(page, rules, at + 1)
        && ![lexicons.foreign_places, lexicons.nationality, lexicons.languages, lexicons.titles]
            .into_iter()
            .any(|lexicon| page.starts(at + 1, lexicon));
    let organisation = page.beside(at + 2)
        && page.token(at + 2).is_some_and(|t| t.is_capital())
        && (page.starts(at + 2, lexicons.places_of_work)
            || page.starts(at + 2, lexicons.address_words));
    page.starts(at, lexicons.given_names)
        && page.token(at).map(|t| t.shape) != Some(Shape::Word(Case::Lower))
        && !page.starts(at, lexicons.months)
        && !page.entries(at).any(|(lexicon, length)| lexicon == lexicons.not_people && length > 1)
        && surname
        && !organisation
}

/// "Hawksworth KC", "Rowlands MRICS": short capitals behind a name in small letters are degrees and memberships.
fn is_letters_after(page: &Page, rules: &Rules, first: usize, at: usize) -> bool {
    let behind_small_letters =
        page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 6)
            && page.token(first).is_some_and(|t| t.shape == Shape::Word(Case::Title))
            && !is_listed(page, rules, at);
    behind_small_letters || is_post_nominal(page, rules, at)
}

/// "MCIPS", "FCIPD", "MBE": letters that a person may put behind the name, in capitals as they are written.
pub(super) fn is_post_nominal(page: &Page, rules: &Rules, at: usize) -> bool {
    page.token(at).is_some_and(|t| matches!(t.shape, Shape::Word(Case::Upper | Case::Mixed)))
        && page.is_entry(at, rules.lexicons.post_nominals)
}

/// Whether a word is an ordinary one: common, or a word of organisations, places and posts, and no given name.
pub(super) fn is_ordinary(page: &Page, rules: &Rules, at: usize) -> bool {
    let lexicons = &rules.lexicons;
    page.is_entry(at, lexicons.common)
        || page.starts(at, lexicons.not_people)
        || page.is_entry(at, lexicons.places_of_work)
        || page.is_entry(at, lexicons.job_titles)
        || page.is_entry(at, lexicons.months)
}

/// Whether a word is written in a script without Latin letters.
pub(super) fn is_foreign_script(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| token.is_word())
        && page.word(at).chars().next().is_some_and(|c| c.is_alphabetic() && c as u32 > 0x036f)
}

/// Whether a word can begin a name: listed, a word that is a name too, an initial, a title, or known to no rule.
pub(super) fn may_begin(page: &Page, rules: &Rules, at: usize) -> bool {
    is_listed(page, rules, at)
        || page.starts(at, rules.lexicons.wordlike)
        || page.starts(at, rules.lexicons.titles)
        || page.starts(at, rules.lexicons.particles)
        || is_foreign_script(page, at)
        || page.token(at).is_some_and(|t| t.is_initial() || t.word == WordId::UNKNOWN)
}

/// Whether a word is in the lists of given or family names.
pub(super) fn is_listed(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.given_names) || page.starts(at, rules.lexicons.family_names)
}

/// The same, however a word is written.
pub(super) fn is_listed_in_any_case(page: &Page, rules: &Rules, at: usize) -> bool {
    rules
        .vocabulary
        .is_entry(page.lower(at), &[rules.lexicons.given_names, rules.lexicons.family_names])
}
