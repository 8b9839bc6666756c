//! Looks the candidate's name up on a page. A word that is also an ordinary word is taken only with evidence beside
//! it. Knows the table and the page; does not add to the table.

use super::super::hit::Hit;
use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::{AnchorIndex, embedded};
use crate::rulebook::{Kind, RuleId};

/// What a token is for the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    No,
    /// A name word that cannot be anything else.
    Sure,
    /// A name word that is an ordinary word too.
    Wordlike,
    /// The initial of a name word.
    Initial,
}

/// Identifiers of the rules in this file.
pub(in super::super) struct NameRules {
    pub word: RuleId,
    pub run: RuleId,
    pub context: RuleId,
    pub resemblance: RuleId,
    pub embedded: RuleId,
}

impl Default for NameRules {
    fn default() -> Self {
        Self {
            word: RuleId::new("name.word"),
            run: RuleId::new("name.run"),
            context: RuleId::new("name.wordlike_in_context"),
            resemblance: RuleId::new("name.resemblance"),
            embedded: RuleId::new("name.embedded"),
        }
    }
}

const NAME_SCORE: f32 = 0.96;

/// Finds every form of the name.
pub(in super::super) fn find(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    ids: &NameRules,
    hits: &mut Vec<Hit>,
) {
    if index.is_empty() {
        return;
    }
    let mut push = |first: usize, last: usize, rule: &RuleId| {
        hits.extend(
            Hit::over(page, first, last, Kind::Name, rule).map(|hit| hit.scored(NAME_SCORE)),
        );
    };
    embedded::find(page, index, |first, last| push(first, last, &ids.embedded));
    let mut at = 0;
    while at < page.tokens.len() {
        let part = part_at(page, rules, index, at);
        if part == Part::No {
            if is_lookalike(page, rules, index, at) {
                push(at, at + 1, &ids.resemblance);
            }
            at += 1;
            continue;
        }
        let run = Run::read(page, rules, index, at);
        if run.sure > 0 || run.wordlike > 1 && run.beside {
            let (first, last) = extend(page, rules, index, &run);
            push(first, last, if run.words() > 1 { &ids.run } else { &ids.word });
        } else {
            let in_context = if run.wordlike > 0 {
                run.initials > 0 || has_evidence(page, rules, &run)
            } else {
                run.initials > 0 && spells_acronym(page, index, &run)
            };
            if in_context {
                push(run.first, run.last, &ids.context);
            }
        }
        at = run.last.max(at + 1);
    }
}

fn part_at(page: &Page, rules: &Rules, index: &AnchorIndex, at: usize) -> Part {
    let Some(token) = page.token(at) else { return Part::No };
    if !token.is_word() {
        return Part::No;
    }
    let lower = page.lower(at);
    if token.len() == 1 {
        let initial = token.is_initial()
            && lower.chars().next().is_some_and(|letter| index.has_initial(letter))
            && (page.is_mark(at + 1, b'.') && page.beside(at + 1) || !matches!(lower, "i" | "a"));
        return if initial { Part::Initial } else { Part::No };
    }
    let Some(anchor) = index.word(lower) else {
        return initials_in_one(page, index, at);
    };
    let small = token.shape == Shape::Word(Case::Lower) && lower.is_ascii();
    match (anchor.wordlike, small) {
        (true, true) => Part::No,
        (true, false) => Part::Wordlike,
        // In small letters a variant must look like a name to be one.
        (false, true) if anchor.variant && !person_name::is_listed(page, rules, at) => Part::No,
        (false, true) if anchor.variant && lower.len() < 4 => Part::No,
        (false, _) => Part::Sure,
    }
}

/// "MA" for Minh Anh after a family name, "KY" in a signature: two or three capitals that are all initials.
fn initials_in_one(page: &Page, index: &AnchorIndex, at: usize) -> Part {
    let Some(token) = page.token(at) else { return Part::No };
    let all = token.shape == Shape::Word(Case::Upper)
        && token.len() <= 4
        && page.lower(at).chars().all(|letter| index.has_initial(letter));
    if all { Part::Initial } else { Part::No }
}

/// "P.T.M." and "ZWC": the first letters of a whole name, three at least, or two on a line of their own.
fn spells_acronym(page: &Page, index: &AnchorIndex, run: &Run) -> bool {
    let letters: String =
        (run.first..run.last).map(|at| page.lower(at)).filter(|word| *word != ".").collect();
    let enough =
        letters.len() >= 3 || letters.len() == 2 && is_signature_line(page, run.first, run.last);
    enough && index.is_acronym(&letters)
}

/// Name parts in a row, with the marks that join them.
struct Run {
    first: usize,
    last: usize,
    sure: usize,
    wordlike: usize,
    initials: usize,
    /// Whether the parts stand directly beside each other, without a comma.
    beside: bool,
}

impl Run {
    fn words(&self) -> usize {
        self.sure + self.wordlike + self.initials
    }

    fn read(page: &Page, rules: &Rules, index: &AnchorIndex, first: usize) -> Self {
        let mut run = Self { first, last: first, sure: 0, wordlike: 0, initials: 0, beside: true };
        let mut at = first;
        while at < page.tokens.len() {
            if at > first && !page.beside(at) {
                break;
            }
            match part_at(page, rules, index, at) {
                Part::Sure => run.sure += 1,
                Part::Wordlike => run.wordlike += 1,
                Part::Initial => run.initials += 1,
                Part::No if at > run.first && is_joint(page, rules, index, at, run.last) => {
                    at += 1;
                    continue;
                }
                Part::No => break,
            }
            at += 1;
            run.last = at;
            if page.is_mark(at, b'.')
                && page.beside(at)
                && part_at(page, rules, index, at - 1) == Part::Initial
            {
                at += 1;
                run.last = at;
            }
        }
        run
    }
}

/// A hyphen, a particle, a comma before given names, a middle name that is not known.
fn is_joint(page: &Page, rules: &Rules, index: &AnchorIndex, at: usize, last: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    let part_next = |ahead: usize| {
        page.beside(at + ahead) && part_at(page, rules, index, at + ahead) != Part::No
    };
    match token.shape {
        Shape::Mark(b'-' | b'\'' | b'_' | b'.') => part_next(1),
        Shape::Mark(b',') => {
            page.beside(at + 1)
                && part_at(page, rules, index, at + 1) != Part::No
                && page.token(last.saturating_sub(1)).is_some_and(|t| t.len() > 1)
        }
        Shape::Word(_) if person_name::is_particle(page, rules, at) => true,
        // "Hetal Jignesh Patel": one capitalised stranger between two parts.
        Shape::Word(Case::Title | Case::Initial | Case::Upper) => {
            part_next(1) && !person_name::is_ordinary(page, rules, at)
                || page.is_mark(at + 1, b'.') && token.is_initial() && part_next(2)
        }
        _ => false,
    }
}

/// Takes in what belongs to the name on either side: unknown capitalised words, particles, honorifics.
fn extend(page: &Page, rules: &Rules, index: &AnchorIndex, run: &Run) -> (usize, usize) {
    let (mut first, mut last) = (run.first, run.last);
    for _ in 0..3 {
        let hyphen =
            page.is_mark(last, b'-') && page.token(last).is_some_and(|t| t.gap == Gap::Joined);
        let next = if hyphen { last + 1 } else { last };
        if page.beside(next) && is_relative(page, rules, next) {
            last = next + 1;
        } else {
            break;
        }
    }
    if page.beside(last) && page.starts(last, rules.lexicons.honorifics) {
        last += 1;
    }
    for _ in 0..3 {
        let Some(before) = first.checked_sub(1) else { break };
        let hyphen = page.is_mark(before, b'-')
            && page.token(before).is_some_and(|t| t.gap == Gap::Joined)
            && page.token(first).is_some_and(|t| t.gap == Gap::Joined);
        let before = if hyphen { before.saturating_sub(1) } else { before };
        let beside = page.beside(first);
        if beside && is_shortened(page, index, before) {
            first = if page.is_mark(before, b'.') { before - 1 } else { before };
        } else if beside
            && (is_relative(page, rules, before) || page.starts(before, rules.lexicons.particles))
        {
            first = before;
        } else {
            break;
        }
    }
    (first, last)
}

/// "Ll. ap Gwilym", "XY Ouyang": a few letters before the name that begin one of its words.
fn is_shortened(page: &Page, index: &AnchorIndex, at: usize) -> bool {
    let word = if page.is_mark(at, b'.') && page.beside(at) { at.wrapping_sub(1) } else { at };
    let Some(token) = page.token(word).filter(|t| t.is_capital() && t.len() <= 3) else {
        return false;
    };
    let lower = page.lower(word);
    let initials = token.shape == Shape::Word(Case::Upper)
        && lower.chars().next().is_some_and(|letter| index.has_initial(letter));
    initials || word < at && index.begins_word(lower)
}

/// Whether a word beside the name is part of it: listed as a name, or capitalised and known to no rule.
fn is_relative(page: &Page, rules: &Rules, at: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    if !token.is_capital() || person_name::is_ordinary(page, rules, at) {
        return false;
    }
    let sentence_start = at == 0 || matches!(token.gap, Gap::Line | Gap::Break | Gap::Wide);
    person_name::is_listed(page, rules, at)
        || person_name::is_foreign_script(page, at)
        || token.word == WordId::UNKNOWN
            && token.shape == Shape::Word(Case::Title)
            && (sentence_start || ends_cell(page, at) || page.is_mark(at + 1, b','))
}

fn ends_cell(page: &Page, at: usize) -> bool {
    page.layout.cell_at(at).is_some_and(|cell| cell.last == at + 1)
}

/// Whether a capitalised word that no rule knows is the name misspelt, shortened or lengthened.
fn is_lookalike(page: &Page, rules: &Rules, index: &AnchorIndex, at: usize) -> bool {
    let Some(token) = page.token(at) else { return false };
    if !token.is_capital() || token.len() < 3 || person_name::is_ordinary(page, rules, at) {
        return false;
    }
    let listed = person_name::is_listed(page, rules, at);
    if token.word != WordId::UNKNOWN && !listed {
        return false;
    }
    let lower = page.lower(at);
    // Three capitals are an abbreviation sooner than a short name.
    if token.len() <= 3 && token.shape != Shape::Word(Case::Title) {
        return false;
    }
    index.resembles(lower)
}

/// Whether a wordlike name stands where only a name would.
fn has_evidence(page: &Page, rules: &Rules, run: &Run) -> bool {
    let (first, last) = (run.first, run.last);
    let Some(token) = page.token(first) else { return false };
    if followed_by_noun(page, rules, last) {
        return false;
    }
    if is_signature_line(page, first, last) || is_addressed(page, rules, first) {
        return true;
    }
    let title = first > 0
        && page.beside(first)
        && (page.starts(first - 1, rules.lexicons.titles)
            || page.is_mark(first - 1, b'.')
                && first > 1
                && page.starts(first - 2, rules.lexicons.titles));
    if title {
        return true;
    }
    // In the middle of a sentence a capital is a sign by itself, unless the word is a month or place after
    // "in", "at", "since", or the text has no small letters.
    let before = first.checked_sub(1);
    let middle = !page.starts(first, rules.lexicons.months)
        && page.beside(first)
        && token.shape == Shape::Word(Case::Title)
        && before.is_some_and(|at| {
            page.token(at).is_some_and(|t| t.shape == Shape::Word(Case::Lower))
                && !PLACE_PREPOSITIONS.contains(&page.lower(at))
        });
    let number_next = page.token(last).is_some_and(|t| t.shape == Shape::Number);
    let possessive_or_verb = page.token(last).is_some_and(|t| t.gap <= Gap::Space)
        && (page.lower(last) == "'s" || page.starts(last, rules.lexicons.person_verbs));
    let cue = before.is_some_and(|at| page.starts(at, rules.lexicons.person_cues));
    middle && !number_next
        || cue && page.beside(first)
        || possessive_or_verb && !is_modal(page, first)
}

const PLACE_PREPOSITIONS: [&str; 22] = [
    "in", "at", "since", "from", "until", "till", "to", "by", "near", "of", "and", "or", "early",
    "late", "mid", "last", "next", "every", "each", "during", "for", "through",
];

fn is_modal(page: &Page, at: usize) -> bool {
    matches!(page.lower(at), "will" | "can" | "may" | "so" | "an" | "do" | "he" | "my" | "per")
}

/// A line that holds the name and nothing else.
fn is_signature_line(page: &Page, first: usize, last: usize) -> bool {
    page.layout.cell_at(first).is_some_and(|cell| {
        cell.first == first
            && !cell.heading
            && (last..cell.last).all(|at| page.token(at).is_some_and(|t| !t.is_word()))
            && (page.layout.lines.get(cell.line)).is_some_and(|l| l.last_cell - l.first_cell == 1)
            && cell.last - cell.first <= 6
    })
}

/// "Hi Will,", "Dear Grace", "I'm May", "call me Rose", "Signed Mark".
fn is_addressed(page: &Page, rules: &Rules, first: usize) -> bool {
    let Some(before) = first.checked_sub(1) else { return false };
    if !page.beside(first) {
        return false;
    }
    let quote = page.is_mark(before, b'"') && page.is_mark(first + 1, b'"');
    let word = page.lower(before);
    quote
        || matches!(
            word,
            "hi" | "hello" | "dear" | "hiya" | "signed" | "called" | "named" | "thanks"
        )
        || matches!(word, "'m" | "me" | "is")
            && first >= 2
            && matches!(page.lower(first - 2), "i" | "call" | "name")
        || page.starts(before, rules.lexicons.person_cues)
}

/// "Rose Garden", "Reading Borough Council", "Mark Lane": the capitalised word after it makes it a place or body.
fn followed_by_noun(page: &Page, rules: &Rules, last: usize) -> bool {
    page.beside(last)
        && page.token(last).is_some_and(|token| token.is_capital() && token.len() > 1)
        && (page.starts(last, rules.lexicons.places_of_work)
            || page.starts(last, rules.lexicons.job_titles)
            || page.token(last).is_some_and(|t| t.shape == Shape::Word(Case::Title))
                && !person_name::is_listed(page, rules, last))
}
