//! What belongs to a name on either side of the words that are known of it: strangers, particles, initials, words of
//! respect, titles. Reads; decides nothing.

use super::super::person_name;
use super::super::rules::Rules;
use super::super::sex::is_telling_title;
use super::super::text::layout::skeleton;
use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::AnchorIndex;
use super::find::Looked;
use super::run::Run;

/// Takes in what belongs to the name on either side: unknown capitalised words, particles, initials, honorifics,
/// titles.
pub(super) fn extend(looked: &Looked<'_>, run: &Run) -> (usize, usize) {
    let (page, rules) = (looked.page, looked.rules);
    let mut last = run.last;
    for _ in 0..3 {
        let hyphen =
            page.is_mark(last, b'-') && page.token(last).is_some_and(|t| t.gap == Gap::Joined);
        let next = if hyphen { last + 1 } else { last };
        let joined = hyphen
            && page
                .token(next)
                .is_some_and(|t| t.gap == Gap::Joined && t.is_capital() && t.len() > 1);
        if page.beside(next) && is_relative(page, rules, next)
            || joined && is_hyphenated_part(page, rules, next)
        {
            last = next + 1;
        } else {
            break;
        }
    }
    last = joined_initials(looked, initials_after(page, last));
    if page.beside(last)
        && matches!(
            page.lower(last),
            "jr" | "jnr" | "snr" | "sr" | "ii" | "iii" | "iv" | "junior" | "senior"
        )
        && page.token(last).is_some_and(|t| t.is_capital())
    {
        last += 1 + usize::from(
            page.is_mark(last + 1, b'.')
                && page.token(last + 1).is_some_and(|t| t.gap == Gap::Joined),
        );
    }
    last = with_patronymic(page, rules, with_honorific(page, rules, last));
    (extend_back(looked, run.first), last)
}

/// "Rahima apa", "Iolo bach", "Lakshmi-ji", "Ting-ting": a word of respect or affection, or the name said twice.
fn with_honorific(page: &Page, rules: &Rules, last: usize) -> usize {
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    let hyphen = page.is_mark(last, b'-') && joined(last) && joined(last + 1);
    let at = if hyphen { last + 1 } else { last };
    // "Patel BA" has a degree.
    let capitals = page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper))
        && page.token(last.wrapping_sub(1)).is_some_and(|t| t.shape != Shape::Word(Case::Upper));
    let respect = page.beside(at) && page.starts(at, rules.lexicons.honorifics) && !capitals;
    let twice = hyphen && page.lower(at) == page.lower(last.wrapping_sub(1));
    if respect || twice { at + 1 } else { last }
}

/// "Nourah bint Sa'id", "Yitzchak ben Moshe", "Gwenllian ferch Owain": whose child somebody is.
fn with_patronymic(page: &Page, rules: &Rules, last: usize) -> usize {
    let child_of = page.beside(last)
        && matches!(
            page.lower(last),
            "bin"
                | "bint"
                | "bent"
                | "binte"
                | "binti"
                | "ben"
                | "bat"
                | "ibn"
                | "ap"
                | "ab"
                | "ferch"
                | "verch"
                | "ould"
                | "bar"
        );
    // "Gráinne Ní Ágáin", "Ana de Sousa": a particle, and a stranger with a capital behind it.
    let clan = page.beside(last)
        && page.token(last).is_some_and(|t| t.len() > 1)
        && page.starts(last, rules.lexicons.particles)
        && page.token(last + 1).is_some_and(|t| {
            t.shape == Shape::Word(Case::Title)
                && (t.word == WordId::UNKNOWN || person_name::is_listed(page, rules, last + 1))
        });
    if !(child_of || clan) {
        return last;
    }
    let limit = (last + 8).min(page.tokens.len());
    person_name::read(page, rules, last + 1, limit, person_name::Reading::Guessed)
        .filter(|_| page.beside(last + 1) && page.token(last + 1).is_some_and(|t| t.is_capital()))
        .unwrap_or(last)
}

/// A word after a hyphen belongs to the name before it, unless it makes a compound: "Patel-led".
fn is_hyphenated_part(page: &Page, rules: &Rules, at: usize) -> bool {
    page.token(at).is_some_and(|t| t.word == WordId::UNKNOWN)
        || person_name::is_listed(page, rules, at)
        || page.starts(at, rules.lexicons.wordlike)
}

/// "Sivalingam T", "Mohamed, H. E.", "CHOWDHURY_M_R_I": initials after a name, with or without marks.
pub(super) fn initials_after(page: &Page, last: usize) -> usize {
    let mut end = last;
    for _ in 0..5 {
        let underscore =
            page.is_mark(end, b'_') && page.token(end).is_some_and(|t| t.gap == Gap::Joined);
        let comma = end == last && page.is_mark(end, b',');
        let at = if underscore || comma { end + 1 } else { end };
        let Some(token) = page.token(at).filter(|t| t.is_initial() && t.gap <= Gap::Space) else {
            break;
        };
        let dotted =
            page.is_mark(at + 1, b'.') && page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined);
        let closes = page
            .token(at + 1)
            .is_none_or(|next| next.gap > Gap::Space || !next.is_word() || next.is_initial());
        // "Patel I think": the pronoun. "Patel A board": an article.
        // Behind another initial a capital A is one too.
        let article = page.lower(at) == "a" && end == last;
        let pronoun = (article || page.lower(at) == "i") && !(closes || underscore);
        if !dotted && (pronoun || comma && !closes) && !(underscore && token.gap == Gap::Joined) {
            break;
        }
        end = at + 1 + usize::from(dotted);
    }
    end
}

/// "Siu-Ling_CP", "osullivan-m": initials joined to a name in a file or user name.
fn joined_initials(looked: &Looked<'_>, last: usize) -> usize {
    let page = looked.page;
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    let fits = (page.is_mark(last, b'_') || page.is_mark(last, b'-'))
        && joined(last)
        && joined(last + 1)
        && page
            .token(last + 1)
            .is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 4)
        && page.lower(last + 1).chars().all(|letter| looked.index.has_initial(letter));
    if fits { last + 2 } else { last }
}

fn extend_back(looked: &Looked<'_>, run_first: usize) -> usize {
    let (page, rules, index) = (looked.page, looked.rules, looked.index);
    let mut first = run_first;
    for _ in 0..4 {
        let Some(before) = first.checked_sub(1) else { break };
        let joined = page.token(first).is_some_and(|t| t.gap == Gap::Joined);
        let mark = matches!(page.token(before).map(|t| t.shape), Some(Shape::Mark(b'-' | b'_')))
            && page.token(before).is_some_and(|t| t.gap == Gap::Joined)
            && joined;
        let before = if mark { before.saturating_sub(1) } else { before };
        let beside = page.beside(first);
        let dot =
            page.is_mark(before, b'.') && page.token(before).is_some_and(|t| t.gap == Gap::Joined);
        let letter = if dot { before.wrapping_sub(1) } else { before };
        let letter_is = |wanted: &str| page.lower(letter) == wanted;
        // "A D MacLeod": no article stands before an initial.
        let opens = letter.checked_sub(1).is_none_or(|at| {
            page.token(letter).is_some_and(|t| t.gap >= Gap::Wide)
                || page.token(at).is_some_and(|t| {
                    matches!(
                        t.shape,
                        Shape::Mark(b':' | b';' | b',' | b'|' | b'(' | b'>' | b'<' | b'"')
                    )
                })
        });
        let first_of_two = letter_is("a")
            && (page.token(first).is_some_and(|t| t.is_initial())
                || opens && index.has_initial('a'));
        let initial = page.token(letter).is_some_and(|t| t.is_initial())
            && (dot || mark || first_of_two || !(letter_is("i") || letter_is("a")))
            && (beside || joined);
        if initial {
            first = letter;
        } else if beside && is_written_small(page, index, before, first) {
            first = before;
        } else if beside && is_shortened(page, index, before) {
            first = if page.is_mark(before, b'.') { before - 1 } else { before };
        } else if beside
            && (is_relative(page, rules, before)
                || page.starts(before, rules.lexicons.particles)
                    && (page.token(before).is_some_and(|t| t.is_capital())
                        || mark
                        || page.lower(before).len() > 2
                        || person_name::is_particle(page, rules, before)))
        {
            first = before;
        } else {
            break;
        }
    }
    addressed(page, rules, gendered_title(page, with_size(page, first)))
}

/// "m s bhamra", "ward bridget": initials and words of the name before one that is written in small letters too.
fn is_written_small(page: &Page, index: &AnchorIndex, at: usize, name: usize) -> bool {
    let small = |at: usize| page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Lower));
    let word = page.lower(at);
    let fits = match word.chars().next() {
        Some(letter) if word.len() == 1 => {
            index.has_initial(letter) && !matches!(letter, 'a' | 'i')
        }
        _ => index.word(word).is_some_and(|anchor| !anchor.variant),
    };
    small(at) && small(name) && fits
}

/// "Kuya Joey", "Reb Yitzchak", "Umm Khalid": words of respect and kinship that go with the name they stand before.
fn addressed(page: &Page, rules: &Rules, first: usize) -> usize {
    (1..=3)
        .filter_map(|back| first.checked_sub(back))
        .find(|at| {
            page.longest(*at, rules.lexicons.forms_of_address) == Some(first - at)
                && (at + 1..=first).all(|i| page.beside(i))
        })
        .unwrap_or(first)
}

/// "Big Ron", "Wee Shug": a word of size or age that goes with the name.
fn with_size(page: &Page, first: usize) -> usize {
    let Some(at) = first.checked_sub(1) else { return first };
    let size =
        matches!(page.lower(at), "big" | "wee" | "auld" | "lil" | "little" | "old" | "young");
    let capital = page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title));
    if size && capital && page.beside(first) { at } else { first }
}

/// "Mr", "Mrs." and the like before the name go with it: they show the candidate's sex.
fn gendered_title(page: &Page, first: usize) -> usize {
    let dot = first > 1
        && page.is_mark(first - 1, b'.')
        && page.token(first - 1).is_some_and(|t| t.gap == Gap::Joined);
    let Some(at) = first.checked_sub(1 + usize::from(dot)) else { return first };
    let title = is_telling_title(page.lower(at)) || matches!(page.lower(at), "ing" | "engr");
    let capital = page.token(at).is_some_and(|t| t.is_capital());
    if title && capital && page.beside(first) && (!dot || page.beside(first - 1)) {
        at
    } else {
        first
    }
}

/// "Ll. ap Gwilym", "XY Ouyang": a few letters before the name that begin one of its words.
fn is_shortened(page: &Page, index: &AnchorIndex, at: usize) -> bool {
    let word = if page.is_mark(at, b'.') && page.beside(at) { at.wrapping_sub(1) } else { at };
    let Some(token) = page.token(word).filter(|t| t.is_capital() && t.len() <= 3) else {
        return false;
    };
    let lower = page.lower(word);
    let initials = token.shape == Shape::Word(Case::Upper)
        && !matches!(
            lower,
            "of" | "as"
                | "or"
                | "is"
                | "at"
                | "by"
                | "to"
                | "in"
                | "on"
                | "an"
                | "and"
                | "for"
                | "the"
        )
        && lower.chars().next().is_some_and(|letter| index.has_initial(letter));
    initials || word < at && index.begins_word(lower)
}

/// Whether a word beside the name is part of it: listed as a name, or capitalised and known to no rule.
fn is_relative(page: &Page, rules: &Rules, at: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    if !token.is_capital() || token.len() < 2 || person_name::is_ordinary(page, rules, at) {
        return false;
    }
    let sentence_start = at == 0 || matches!(token.gap, Gap::Line | Gap::Break | Gap::Wide);
    let label = || rules.labels.contains_key(skeleton(page.word(at)).as_str());
    person_name::is_listed(page, rules, at)
        || person_name::is_foreign_script(page, at)
        || token.word == WordId::UNKNOWN
            && token.shape == Shape::Word(Case::Title)
            && (sentence_start || ends_cell(page, at) || page.is_mark(at + 1, b','))
            && !label()
}

fn ends_cell(page: &Page, at: usize) -> bool {
    page.layout.cell_at(at).is_some_and(|cell| cell.last == at + 1)
}
