//! Other people: referees, managers, colleagues, relatives. A name is taken by agreement of signs around it (title,
//! cue, post after it, listed names), never by a list of names alone, which would eat employers and places.

use super::anchors::is_wordlike;
use super::hit::Hit;
use super::person_name::{self, Reading};
use super::rules::Rules;
use super::text::vocabulary::FastMap;
use super::text::{Case, Gap, Page, Shape, WordId, Zone};
use crate::rulebook::{Kind, RuleId};

/// The rules of this file.
pub(super) struct PeopleRules {
    titled: RuleId,
    cued: RuleId,
    agreed: RuleId,
    known: RuleId,
}

impl Default for PeopleRules {
    fn default() -> Self {
        Self {
            titled: RuleId::new("people.title"),
            cued: RuleId::new("people.cue"),
            agreed: RuleId::new("people.agreement"),
            known: RuleId::new("people.named_elsewhere"),
        }
    }
}

const PEOPLE_SCORE: f32 = 0.8;
/// Signs needed to take a name.
const ENOUGH: i32 = 3;

/// Names of other people, gathered over all parts of an application.
#[derive(Default)]
pub(super) struct PeopleIndex {
    words: FastMap<Box<str>, ()>,
}

impl PeopleIndex {
    /// Remembers the words of a name that was found.
    pub fn add(&mut self, page: &Page, rules: &Rules, hit: &Hit) {
        let first = page.tokens.partition_point(|token| token.start < hit.start);
        let last = page.tokens.partition_point(|token| token.end <= hit.end);
        for at in first..last {
            let word = page.lower(at);
            let long = page.token(at).is_some_and(|t| t.is_capital() && t.len() >= 3);
            if long && !is_wordlike(word, rules) {
                self.words.insert(word.into(), ());
            }
        }
    }
}

/// Finds names by their surroundings.
pub(super) fn find(page: &Page, rules: &Rules, ids: &PeopleRules, hits: &mut Vec<Hit>) {
    let mut at = 0;
    while at < page.tokens.len() {
        let capital = page.token(at).is_some_and(|token| token.is_capital())
            || page.starts(at, rules.lexicons.particles);
        let end = if capital { person_at(page, rules, ids, at, hits) } else { None };
        at = end.unwrap_or(at + 1).max(at + 1);
    }
}

/// Marks further mentions of people found anywhere.
pub(super) fn find_known(page: &Page, index: &PeopleIndex, ids: &PeopleRules, hits: &mut Vec<Hit>) {
    if index.words.is_empty() {
        return;
    }
    for at in 0..page.tokens.len() {
        let fits = page.token(at).is_some_and(|token| token.is_capital() && token.len() >= 3)
            && index.words.contains_key(page.lower(at));
        if fits {
            // "Pargeter J," in a list of authors.
            let initial = page.beside(at + 1)
                && page.token(at + 1).is_some_and(|token| token.is_initial())
                && (page.is_mark(at + 2, b',') || page.is_mark(at + 2, b'.'));
            let end = at + 1 + usize::from(initial);
            hits.extend(
                Hit::over(page, at, end, Kind::OtherPerson, &ids.known)
                    .map(|hit| hit.scored(PEOPLE_SCORE - 0.1)),
            );
        }
    }
}

fn person_at(
    page: &Page,
    rules: &Rules,
    ids: &PeopleRules,
    at: usize,
    hits: &mut Vec<Hit>,
) -> Option<usize> {
    let cell = page.layout.cell_at(at)?;
    if cell.heading {
        return None;
    }
    let last = cell.last;
    let titled = title_before(page, rules, at);
    let cue = cue_before(page, rules, at);
    if titled && !page.starts(at, rules.lexicons.titles) {
        // After a title even a word of its own is a name: "Mr Banks", "PC Green".
        let end = person_name::read(page, rules, at, last, Reading::Guessed).or_else(|| {
            let post = page.starts(at, rules.lexicons.job_titles)
                || page.starts(at, rules.lexicons.places_of_work);
            page.token(at).filter(|t| t.is_capital() && !post).map(|_| at + 1)
        })?;
        if !is_body(page, rules, end) {
            push(page, at, end, &ids.titled, hits);
            return Some(end);
        }
        return Some(end);
    }
    let end = person_name::read(page, rules, at, last, Reading::Guessed)?;
    if is_body(page, rules, end) || is_body_before(page, rules, at) {
        return Some(end);
    }
    let signs = signs(page, rules, at, end);
    if cue && signs >= 0 {
        push(page, at, end, &ids.cued, hits);
        return Some(end);
    }
    if signs >= ENOUGH {
        push(page, at, end, &ids.agreed, hits);
    }
    Some(end)
}

fn push(page: &Page, first: usize, last: usize, rule: &RuleId, hits: &mut Vec<Hit>) {
    hits.extend(
        Hit::over(page, first, last, Kind::OtherPerson, rule).map(|hit| hit.scored(PEOPLE_SCORE)),
    );
}

fn title_before(page: &Page, rules: &Rules, at: usize) -> bool {
    (1..=3).any(|back| {
        at.checked_sub(back).is_some_and(|start| {
            let length = page.longest(start, rules.lexicons.titles);
            let reach = length.map_or(0, |n| n + usize::from(page.is_mark(start + n, b'.')));
            // "Cyngor Sir Ynys Môn": sir is Welsh for county.
            let county = start > 0 && page.lower(start - 1) == "cyngor";
            reach == back
                && !county
                && page.token(start).is_some_and(|t| t.is_capital())
                && (start + 1..=at).all(|i| page.beside(i))
        })
    })
}

/// "my manager X", "line manager: X", "supervised by X", "our tutor, X".
fn cue_before(page: &Page, rules: &Rules, at: usize) -> bool {
    (1..=6).any(|back| {
        at.checked_sub(back).is_some_and(|start| {
            page.longest(start, rules.lexicons.person_cues).is_some_and(|length| {
                let mut next = start + length;
                // "Depot Manager, Suez" names an employer; "my manager, Ann" a person.
                let own =
                    length > 1 && matches!(page.lower(start), "my" | "our" | "the" | "his" | "her");
                if page.is_mark(next, b',') && own || page.is_mark(next, b':') {
                    next += 1;
                }
                next == at && (start + 1..=at).all(|i| page.joined(i))
            })
        })
    })
}

/// Whether an organisation, street or building follows: "Victoria House", "Boots Opticians".
fn is_body(page: &Page, rules: &Rules, end: usize) -> bool {
    page.beside(end)
        && page.token(end).is_some_and(|t| t.is_capital())
        && (page.starts(end, rules.lexicons.places_of_work)
            || page.starts(end, rules.lexicons.address_words))
        || page.is_mark(end, b'&') && page.beside(end)
        || page.lower(end) == "'s" && page.starts(end + 1, rules.lexicons.places_of_work)
}

/// "University of X", "St X", "in X" are places.
fn is_body_before(page: &Page, rules: &Rules, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    if !page.beside(at) {
        return false;
    }
    let of = page.lower(before) == "of"
        && before > 0
        && page.starts(before - 1, rules.lexicons.places_of_work);
    let capital_noun = page.token(before).is_some_and(|t| t.is_capital() && t.gap <= Gap::Space)
        && page.starts(before, rules.lexicons.places_of_work);
    of || capital_noun || page.is_mark(before, b'&') || page.is_mark(before, b'/')
}

/// How much speaks for a person: negative when something speaks against.
fn signs(page: &Page, rules: &Rules, at: usize, end: usize) -> i32 {
    let words: Vec<usize> =
        (at..end).filter(|i| page.token(*i).is_some_and(|t| t.is_word() && t.len() > 1)).collect();
    let Some(first) = words.first().copied() else { return 0 };
    let given = page.starts(first, rules.lexicons.given_names);
    let family_first = page.starts(first, rules.lexicons.family_names);
    let wordlike = is_wordlike_token(page, rules, first);
    let mut signs = 0;
    if given {
        signs += if wordlike { 1 } else { 2 };
    } else if family_first {
        signs += 1;
    }
    if words.len() > 1 {
        let others = words.get(1..).unwrap_or_default();
        let listed = others.iter().any(|i| person_name::is_listed(page, rules, *i));
        let strangers =
            others.iter().all(|i| page.token(*i).is_some_and(|t| t.word == WordId::UNKNOWN));
        signs += i32::from(listed) + i32::from(listed || strangers && given);
    }
    let initial = (at..end).any(|i| page.token(i).is_some_and(|t| t.is_initial()));
    signs += i32::from(
        initial
            && !words.is_empty()
            && words.iter().any(|i| person_name::is_listed(page, rules, *i)),
    );
    let sentence_start = starts_sentence(page, at);
    signs += context_signs(page, rules, at, end, sentence_start, words.len());
    if words.len() > 4 {
        signs -= 2;
    }
    if !given && !family_first && words.len() == 1 {
        signs -= 1 + i32::from(sentence_start);
    }
    if page.token(first).is_some_and(|t| t.shape == Shape::Word(Case::Upper)) && words.len() == 1 {
        signs -= 2;
    }
    signs
}

fn context_signs(
    page: &Page,
    rules: &Rules,
    at: usize,
    end: usize,
    sentence_start: bool,
    words: usize,
) -> i32 {
    let mut signs = 0;
    let comma = page.is_mark(end, b',') || page.is_mark(end, b'(') || page.is_mark(end, b'-');
    let after = if comma { end + 1 } else { end };
    if comma && role_near(page, rules, after) {
        signs += 2;
    }
    let next_cell = page.layout.cell_at(at).is_some_and(|cell| cell.last == end)
        && page.token(end).is_some()
        && role_near(page, rules, if page.is_mark(end, b'|') { end + 1 } else { end });
    if next_cell && words > 1 {
        signs += 2;
    }
    if page.joined(end) && page.starts(end, rules.lexicons.person_verbs) {
        signs += if sentence_start { 1 } else { 2 };
    }
    if comma && page.lower(end + 1) == "who" || page.joined(end) && page.lower(end) == "who" {
        signs += 2;
    }
    let before = at.checked_sub(1);
    let word_before = before.map_or("", |at| page.lower(at));
    let only_given = words == 1
        && page.starts(at, rules.lexicons.given_names)
        && !is_wordlike_token(page, rules, at)
        && page.token(at).is_some_and(|token| token.shape == Shape::Word(Case::Title));
    // "I rang Amarjit in Internal Audit": a given name after a word that is no preposition of place.
    let after_word = page.beside(at)
        && before.and_then(|b| page.token(b)).is_some_and(|t| t.shape == Shape::Word(Case::Lower))
        && !PLACE_WORDS.contains(&word_before);
    // "Sagal, the eldest", "Yiannis from the van".
    let described = page.is_mark(end, b',')
        && matches!(
            page.lower(end + 1),
            "the" | "our" | "my" | "a" | "an" | "then" | "one" | "who"
        )
        || page.beside(end) && page.lower(end) == "from";
    signs += i32::from(only_given && (after_word || described));
    if page.beside(at)
        && matches!(word_before, "with" | "by" | "asked" | "told" | "thanks" | "and" | "for" | "to")
    {
        signs += 1;
    }
    if page.beside(at) && matches!(word_before, "in" | "at" | "near" | "the" | "a" | "an") {
        signs -= 2;
    }
    let cell_start = page.layout.cell_at(at).is_some_and(|cell| {
        cell.first == at
            || cell.first + 2 >= at
                && page.token(cell.first).is_some_and(|t| t.shape == Shape::Number || t.len() == 1)
    });
    if page.zone(at) == Zone::Referees && cell_start {
        signs += if words > 1 { 3 } else { 1 };
    }
    if before.is_some_and(|b| page.is_mark(b, b','))
        && (page.is_mark(end, b',') || page.is_mark(end, b'.'))
        && words == 1
    {
        signs += 1;
    }
    signs
}

/// Words before a place or a product sooner than before a person.
const PLACE_WORDS: [&str; 20] = [
    "in", "at", "near", "the", "a", "an", "of", "from", "around", "across", "via", "through",
    "using", "use", "used", "into", "outside", "between", "on", "called",
];

/// Whether a post stands within the next few words: "Head of X", "former Area Manager".
fn role_near(page: &Page, rules: &Rules, from: usize) -> bool {
    (from..from + 5)
        .take_while(|at| *at == from || page.beside(*at))
        .any(|at| page.starts(at, rules.lexicons.job_titles))
}

fn is_wordlike_token(page: &Page, rules: &Rules, at: usize) -> bool {
    page.starts(at, rules.lexicons.wordlike) || page.starts(at, rules.lexicons.common)
}

fn starts_sentence(page: &Page, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    page.token(at).is_some_and(|token| token.gap >= Gap::Wide)
        || page.token(before).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b'.' | b'!' | b'?' | b':' | b'*' | b'"'))
                || token.shape == Shape::Symbol
        })
}
