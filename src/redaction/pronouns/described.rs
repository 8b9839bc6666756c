//! What a text says the candidate is: "Neil is a gentleman", "she was the quiet lad in bay six". Knows where candidates
//! are named, by name or by pronoun; finds the words for a woman or man that describe them.

use super::super::hit::Hit;
use super::super::sex::Sex;
use super::super::text::{Case, Gap, Page, Shape};
use super::Person;
use super::Who;
use crate::rulebook::{Kind, RuleId};

/// So many words may stand between an article and the noun it belongs to.
const ADJECTIVES: usize = 5;

/// Finds the words for women and men that describe the candidate. `own` are the tokens of the candidate's pronouns.
pub(super) fn find(page: &Page, people: &[Person], own: &[usize], rule: &RuleId) -> Vec<Hit> {
    let after_names = people
        .iter()
        .filter(|person| person.who == Who::Candidate)
        .map(|person| page.tokens.partition_point(|token| token.start < person.end));
    let after_pronouns = own.iter().map(|at| at + 1);
    after_names
        .chain(after_pronouns)
        .filter_map(|at| {
            let (first, last) = said_to_be(page, at)?;
            Hit::over(page, first, last, Kind::Gender, rule)
        })
        .collect()
}

/// Finds what quotations about the candidate call them: "... The lad can count.", where "he" is theirs.
pub(super) fn in_quotations(
    page: &Page,
    people: &[Person],
    own: &[usize],
    rule: &RuleId,
) -> Vec<Hit> {
    let count = |wanted: Sex| {
        own.iter().filter(|at| Sex::of_pronoun(page.lower(**at)) == Some(wanted)).count()
    };
    let sex = match (count(Sex::Woman), count(Sex::Man)) {
        (1.., 0) => Sex::Woman,
        (0, 1..) => Sex::Man,
        _ => return Vec::new(),
    };
    let named: Vec<usize> = people
        .iter()
        .filter(|person| person.who == Who::Candidate)
        .map(|person| page.tokens.partition_point(|token| token.start < person.start))
        .collect();
    let holds = |places: &[usize], first: usize, last: usize| {
        places.get(places.partition_point(|at| *at < first)).is_some_and(|at| *at < last)
    };
    let mut found = Vec::new();
    for (first, last) in quotations(page) {
        if !holds(own, first, last) && !holds(&named, first, last) {
            continue;
        }
        for noun in first..last {
            if Sex::of_noun(page.lower(noun)) == Some(sex)
                && let Some(article) = article_of(page, first, noun)
            {
                found.extend(Hit::over(page, article, noun + 1, Kind::Gender, rule));
            }
        }
    }
    found
}

/// The first article or "this" up to three small words before a noun of whom more is not told: "the girl who rang" is
/// another.
fn article_of(page: &Page, first: usize, noun: usize) -> Option<usize> {
    let more = page.beside(noun + 1)
        && matches!(
            page.lower(noun + 1),
            "who"
                | "whose"
                | "from"
                | "in"
                | "at"
                | "with"
                | "next"
                | "called"
                | "named"
                | "'s"
                | "of"
        );
    if more || !is_small(page, noun) {
        return None;
    }
    let from = noun.saturating_sub(ADJECTIVES - 1).max(first);
    let at = (from..noun).rev().find(|at| matches!(page.lower(*at), "the" | "this" | "that"))?;
    (at + 1..=noun).all(|next| page.beside(next) && is_small(page, next)).then_some(at)
}

/// The tokens between marks of quotation, paragraph by paragraph.
fn quotations(page: &Page) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open = None;
    for at in 0..page.tokens.len() {
        if page.token(at).is_some_and(|token| token.gap == Gap::Break) {
            open = None;
        }
        if !page.is_mark(at, b'"') {
            continue;
        }
        match open.take() {
            Some(first) => found.push((first, at)),
            None => open = Some(at + 1),
        }
    }
    found
}

/// "is a gentleman", "has always been our quiet lad", behind a subject: the noun with its article.
fn said_to_be(page: &Page, after_subject: usize) -> Option<(usize, usize)> {
    let helped = past(page, after_subject, |word| {
        matches!(word, "has" | "have" | "will" | "would" | "must")
    });
    let verb = past(page, helped, is_adverb);
    let is = matches!(page.lower(verb), "is" | "was" | "'s" | "be" | "been" | "remains" | "became");
    if !is || !page.joined(verb) {
        return None;
    }
    let first = past(page, verb + 1, is_adverb);
    if !(is_small(page, first)
        && matches!(page.lower(first), "a" | "an" | "the" | "our" | "one" | "such"))
    {
        return None;
    }
    let noun = (first + 1..=first + 1 + ADJECTIVES)
        .take_while(|next| {
            page.beside(*next) && (is_small(page, *next) || page.is_mark(*next, b'-'))
        })
        .find(|next| Sex::of_noun(page.lower(*next)).is_some())?;
    // "Deniz is a woman's name": that is the name, and no less telling; "she is a man's best hope" is about another.
    let owns = page.lower(noun + 1) == "'s";
    if owns && page.lower(noun + 2) != "name" {
        return None;
    }
    Some((first, noun + 1 + usize::from(owns)))
}

/// The first token from one on that is not a word of some kind in small letters.
fn past(page: &Page, mut at: usize, is_one: impl Fn(&str) -> bool) -> usize {
    while is_small(page, at) && is_one(page.lower(at)) {
        at += 1;
    }
    at
}

fn is_small(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|token| token.shape == Shape::Word(Case::Lower))
}

fn is_adverb(word: &str) -> bool {
    matches!(
        word,
        "always"
            | "also"
            | "still"
            | "truly"
            | "really"
            | "just"
            | "now"
            | "simply"
            | "not"
            | "very"
            | "and"
    )
}
