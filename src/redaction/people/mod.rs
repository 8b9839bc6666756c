//! Other people: referees, managers, colleagues, relatives. A name is taken by agreement of signs around it (title,
//! cue, post after it, listed names, an address beside it), never by a list of names alone, which would eat employers
//! and places. [`signs`] weighs; [`contacts`] reads the names beside numbers and addresses; [`kin`] those of relatives;
//! [`initials`] the marks of clerks.

mod contacts;
mod initials;
mod kin;
mod signs;
mod words;

use super::anchors::is_wordlike;
use super::hit::Hit;
use super::person_name::{self, Reading};
use super::rules::Rules;
use super::text::vocabulary::FastMap;
use super::text::{Case, Gap, Page, Shape, WordId};
use crate::rulebook::{Kind, RuleId};

/// The rules of this folder.
pub(super) struct PeopleRules {
    titled: RuleId,
    cued: RuleId,
    agreed: RuleId,
    known: RuleId,
    kin: RuleId,
    initials: RuleId,
    contact: RuleId,
}

impl Default for PeopleRules {
    fn default() -> Self {
        Self {
            titled: RuleId::new("people.title"),
            cued: RuleId::new("people.cue"),
            agreed: RuleId::new("people.agreement"),
            known: RuleId::new("people.named_elsewhere"),
            kin: RuleId::new("people.relative"),
            initials: RuleId::new("people.initials"),
            contact: RuleId::new("people.beside_contact"),
        }
    }
}

const PEOPLE_SCORE: f32 = 0.8;
/// Signs needed to take a name.
const ENOUGH: i32 = 3;

/// Names of other people, gathered over all parts of an application.
#[derive(Default)]
pub(super) struct PeopleIndex {
    /// Words of their names, each with whether it is an ordinary word too.
    words: FastMap<Box<str>, bool>,
}

impl PeopleIndex {
    /// Remembers the words of a name that was found.
    pub fn add(&mut self, page: &Page, rules: &Rules, hit: &Hit) {
        let first = page.tokens.partition_point(|token| token.start < hit.start);
        let last = page.tokens.partition_point(|token| token.end <= hit.end);
        for at in first..last {
            let word = page.lower(at);
            if page.token(at).is_some_and(|t| t.is_capital() && t.len() >= 3) {
                // "Friends of the Park" holds no friend.
                let ordinary = || {
                    is_wordlike(word, rules)
                        || word.strip_suffix('s').is_some_and(|one| is_wordlike(one, rules))
                };
                self.words.entry(word.into()).or_insert_with(ordinary);
            }
        }
    }
}

/// A page as this folder looks at it.
struct Seen<'a> {
    page: &'a Page,
    rules: &'a Rules,
    /// The letters before each at sign, and its token.
    locals: Vec<(usize, String)>,
}

impl<'a> Seen<'a> {
    fn read(page: &'a Page, rules: &'a Rules) -> Self {
        let locals = (1..page.tokens.len())
            .filter(|at| page.is_mark(*at, b'@'))
            .map(|at| (at, local_part(page, at)))
            .collect();
        Self { page, rules, locals }
    }
}

/// The letters before an at sign, without marks and numbers.
fn local_part(page: &Page, at_sign: usize) -> String {
    let joined = |at: usize| page.token(at).is_some_and(|t| t.gap == Gap::Joined);
    let first = (0..at_sign)
        .rev()
        .take(8)
        .take_while(|at| joined(at + 1) || at + 1 == at_sign)
        .last()
        .unwrap_or(at_sign);
    (first..at_sign).flat_map(|at| page.lower(at).chars()).filter(|c| c.is_alphabetic()).collect()
}

/// Finds names by their surroundings.
pub(super) fn find(page: &Page, rules: &Rules, ids: &PeopleRules, hits: &mut Vec<Hit>) {
    let seen = Seen::read(page, rules);
    let mut at = 0;
    while at < page.tokens.len() {
        let capital = page.token(at).is_some_and(|token| token.is_capital())
            || page.starts(at, rules.lexicons.particles);
        let end = if capital { person_at(&seen, ids, at, hits) } else { None };
        at = end.unwrap_or(at + 1).max(at + 1);
    }
    let mut beside = Vec::new();
    contacts::find(page, rules, hits, |first, last| beside.push((first, last)));
    beside.into_iter().for_each(|(first, last)| push(page, first, last, &ids.contact, hits));
    kin::find(page, rules, |first, last| push(page, first, last, &ids.kin, hits));
    initials::find(page, |first, last| push(page, first, last, &ids.initials, hits));
}

/// Marks further mentions of people found anywhere.
pub(super) fn find_known(
    page: &Page,
    rules: &Rules,
    index: &PeopleIndex,
    ids: &PeopleRules,
    hits: &mut Vec<Hit>,
) {
    if index.words.is_empty() {
        return;
    }
    for at in 0..page.tokens.len() {
        let known = page
            .token(at)
            .filter(|token| token.is_capital() && token.len() >= 3)
            .and_then(|_| index.words.get(page.lower(at)));
        let Some(wordlike) = known else { continue };
        let before = initial_before(page, at);
        // "GIS Officer", "Beddoe Roofing": capitals that are no listed name, and firms that bear a name.
        let capitals =
            page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 5)
                && !person_name::is_listed(page, rules, at)
                && !signs::in_capitals(page, at);
        let other = capitals || is_body(page, rules, at + 1);
        if (*wordlike || other) && before.is_none() {
            continue;
        }
        // "Pargeter J," in a list of authors.
        let initial = page.beside(at + 1)
            && page.token(at + 1).is_some_and(|token| token.is_initial())
            && (page.is_mark(at + 2, b',') || page.is_mark(at + 2, b'.'));
        let (first, end) = (before.unwrap_or(at), at + 1 + usize::from(initial));
        hits.extend(
            Hit::over(page, first, end, Kind::OtherPerson, &ids.known)
                .map(|hit| hit.scored(PEOPLE_SCORE - 0.1)),
        );
    }
}

/// The first of the initials before a surname: "M. Grange", "D STRACHAN".
fn initial_before(page: &Page, surname: usize) -> Option<usize> {
    let mut first = None;
    let mut at = surname;
    for _ in 0..3 {
        let dot = at > 0
            && page.is_mark(at - 1, b'.')
            && page.token(at - 1).is_some_and(|t| t.gap == Gap::Joined);
        let letter = at.checked_sub(1 + usize::from(dot)).filter(|_| page.beside(at))?;
        let initial = page.token(letter).is_some_and(|t| t.is_initial())
            && (dot || !matches!(page.lower(letter), "i" | "a"));
        if !initial {
            break;
        }
        first = Some(letter);
        at = letter;
    }
    first
}

fn person_at(seen: &Seen<'_>, ids: &PeopleRules, at: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let (page, rules) = (seen.page, seen.rules);
    let cell = page.layout.cell_at(at)?;
    let (last, heading) = (cell.last, cell.heading);
    if !heading && title_before(page, rules, at) && !page.starts(at, rules.lexicons.titles) {
        return titled(page, rules, ids, at, last, hits);
    }
    if page.starts(at, rules.lexicons.titles) && page.token(at).is_some_and(|t| t.len() > 1) {
        return None;
    }
    // "PO Liam Hurst": letters of a post before a given name.
    let post = page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 3)
        && page.beside(at + 1)
        && page.token(at + 1).is_some_and(|t| t.shape == Shape::Word(Case::Title))
        && page.starts(at + 1, rules.lexicons.given_names)
        && !person_name::is_listed(page, rules, at);
    if post {
        return None;
    }
    let cue = cue_before(page, rules, at);
    let end = person_name::read(page, rules, at, last, Reading::Guessed)?;
    if heading && end < last {
        return None;
    }
    if signs::is_familiar(page, rules, at) && !is_body(page, rules, end) {
        let size = matches!(page.lower(at - 1), "big" | "wee" | "auld" | "old" | "young");
        push(page, at - usize::from(size), end, &ids.titled, hits);
        return Some(end);
    }
    // "Geoff Frost", "Paul Church": an ordinary word after a given name is a surname where something else says so.
    let longer = with_ordinary_surname(page, rules, at, end, last);
    let street = longer > end && page.starts(end, rules.lexicons.address_words);
    if longer > end
        && !is_body_before(page, rules, at)
        && (cue || signs::around(seen, at, longer, 2) >= if street { 3 } else { 2 })
    {
        push(page, at, longer, if cue { &ids.cued } else { &ids.agreed }, hits);
        return Some(longer);
    }
    if is_body(page, rules, end) || is_body_before(page, rules, at) {
        return Some(end);
    }
    let at = with_given_name(page, rules, at);
    let count = signs::count(seen, at, end);
    // "The SIA", "our DSL": short capitals by themselves are an office.
    let office = end == at + 1
        && page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() <= 4);
    // "my neighbour Esmeralda": whose it is says that a person follows, whatever the name.
    let stranger = end == at + 1
        && page.token(at).is_some_and(|t| {
            t.shape == Shape::Word(Case::Title) && t.word == WordId::UNKNOWN && t.len() >= 3
        })
        && (2..=4).any(|back| {
            at.checked_sub(back).is_some_and(|owner| {
                matches!(page.lower(owner), "my" | "our")
                    && page.longest(owner, rules.lexicons.person_cues) == Some(back)
            })
        });
    if cue && count >= -i32::from(stranger) && !office {
        push(page, at, end, &ids.cued, hits);
    } else if count >= ENOUGH {
        push(page, at, end, &ids.agreed, hits);
    }
    Some(end)
}

/// After a title even a word of its own is a name: "Mr Banks", "PC Green".
fn titled(
    page: &Page,
    rules: &Rules,
    ids: &PeopleRules,
    at: usize,
    last: usize,
    hits: &mut Vec<Hit>,
) -> Option<usize> {
    let end = match person_name::read(page, rules, at, last, Reading::Guessed) {
        Some(end) => with_ordinary_surname(page, rules, at, end, last),
        None => {
            let post = page.starts(at, rules.lexicons.job_titles)
                || page.starts(at, rules.lexicons.places_of_work);
            let name = page.starts(at, rules.lexicons.wordlike)
                || page.starts(at, rules.lexicons.family_names);
            page.token(at).filter(|t| t.is_capital() && (!post || name)).map(|_| at + 1)?
        }
    };
    if !is_body(page, rules, end) {
        push(page, at, end, &ids.titled, hits);
    }
    Some(end)
}

/// One past an ordinary word that is a surname too and ends a name that began with a given name or an initial.
fn with_ordinary_surname(
    page: &Page,
    rules: &Rules,
    first: usize,
    end: usize,
    last: usize,
) -> usize {
    let given = page.starts(first, rules.lexicons.given_names)
        || page.token(first).is_some_and(|t| t.is_initial());
    let surname = end < last
        && page.beside(end)
        && page.token(end).is_some_and(|t| t.is_capital() && t.len() > 2)
        && (page.starts(end, rules.lexicons.wordlike)
            || page.starts(end, rules.lexicons.family_names)
            || is_place_surname(page, rules, end));
    let goes_on = page.beside(end + 1)
        && page.token(end + 1).is_some_and(|t| t.is_capital() && t.len() > 1)
        && !page.starts(end + 1, rules.lexicons.job_titles);
    if given && surname && !goes_on { end + 1 } else { end }
}

/// "Pat Oldknow": a given name that is an ordinary word, directly before a surname that is not.
fn with_given_name(page: &Page, rules: &Rules, at: usize) -> usize {
    let Some(before) = at.checked_sub(1).filter(|_| page.beside(at)) else { return at };
    let surname = page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Title))
        && !page.starts(at, rules.lexicons.given_names);
    let given = page.token(before).is_some_and(|t| t.shape == Shape::Word(Case::Title))
        && page.starts(before, rules.lexicons.given_names)
        && !page.starts(before, rules.lexicons.months)
        && !page.starts(before, rules.lexicons.titles);
    // "Milton Keynes", "Hong Kong".
    let place = page.entries(before).any(|(_, length)| before + length > at);
    if surname && given && !place { before } else { at }
}

/// "Hal Bexley", "Abigail Featherstone": many surnames are places.
fn is_place_surname(page: &Page, rules: &Rules, at: usize) -> bool {
    let as_before =
        page.token(at.wrapping_sub(1)).map(|t| t.shape) == page.token(at).map(|t| t.shape);
    page.is_entry(at, rules.lexicons.not_people)
        && page.token(at).is_some_and(|t| {
            (t.shape == Shape::Word(Case::Title)
                || t.shape == Shape::Word(Case::Upper) && as_before)
                && t.len() >= 4
        })
        && !page.starts(at, rules.lexicons.places_of_work)
        && !page.starts(at, rules.lexicons.job_titles)
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
    }) || is_greeted(page, at)
        || stands_in(page, rules, at)
}

/// "Dear Anjali,", "Hi Bev": whoever is greeted.
fn is_greeted(page: &Page, at: usize) -> bool {
    at > 0
        && page.beside(at)
        && page.token(at - 1).is_some_and(|t| t.is_capital())
        && matches!(page.lower(at - 1), "dear" | "hi" | "hello" | "hiya" | "hey")
}

/// "Chef there is Mick Grange", "The supervisor was then Anne Bell": a post shortly before "is".
fn stands_in(page: &Page, rules: &Rules, at: usize) -> bool {
    let Some(verb) = at.checked_sub(1).filter(|_| page.beside(at)) else { return false };
    matches!(page.lower(verb), "is" | "was" | "called" | "named")
        && (1..=4).any(|back| {
            verb.checked_sub(back).is_some_and(|post| {
                page.starts(post, rules.lexicons.job_titles)
                    && (post + 1..=verb).all(|i| page.beside(i))
            })
        })
}

/// "Big Col", "Wee Shug Baird": a word of size or age with a capital goes with the name behind it.
pub(super) fn take_in_size(page: &Page, hits: &mut [Hit]) {
    for hit in hits.iter_mut().filter(|hit| hit.kind == Kind::OtherPerson) {
        let (first, _) = hit.tokens(page);
        let Some(at) = first.checked_sub(1).filter(|_| page.beside(first)) else { continue };
        let size = page.token(at).filter(|token| {
            token.shape == Shape::Word(Case::Title)
                && matches!(page.lower(at), "big" | "wee" | "auld" | "lil" | "young" | "little")
        });
        if let Some(size) = size {
            hit.start = size.start;
        }
    }
}

/// Takes out what labels and phrases took for people and is a body: "Hull Museums", "GIS".
pub(super) fn drop_bodies(page: &Page, rules: &Rules, hits: &mut Vec<Hit>) {
    hits.retain(|hit| hit.kind != Kind::OtherPerson || !is_name_of_body(page, rules, hit));
}

fn is_name_of_body(page: &Page, rules: &Rules, hit: &Hit) -> bool {
    let (first, last) = hit.tokens(page);
    let Some(end) = last.checked_sub(1).filter(|end| *end >= first) else { return false };
    let alone = end == first;
    let short = alone
        && page.token(first).is_some_and(|t| t.shape == Shape::Word(Case::Upper) && t.len() == 3)
        && !person_name::is_listed(page, rules, first)
        && page.is_entry(first, rules.lexicons.not_people);
    let named = page.starts(first, rules.lexicons.given_names)
        || page.starts(first, rules.lexicons.titles)
        || page.token(first).is_some_and(|t| t.is_initial());
    let body = !alone
        && !named
        && page.starts(end, rules.lexicons.places_of_work)
        && !person_name::is_listed(page, rules, end);
    short || body
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
    of || capital_noun
        || page.is_mark(before, b'&')
        || page.is_mark(before, b'/') && page.token(at).is_some_and(|t| t.gap == Gap::Joined)
}
