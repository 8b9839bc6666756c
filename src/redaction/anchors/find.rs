//! Looks the candidate's name up on a page. A word that is also an ordinary word is taken only with evidence beside
//! it ([`super::evidence`]). Knows the table and the page; does not add to the table.

use super::super::hit::Hit;
use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::layout::skeleton;
use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::naming::{self, Naming};
use super::{AnchorIndex, embedded, evidence};
use crate::rulebook::{Kind, RuleId};

/// What a token is for the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    No,
    /// A name word that cannot be anything else.
    Sure,
    /// Written or sounding nearly like a name word.
    Alike,
    /// A name word that is an ordinary word too.
    Wordlike,
    /// The initial of a name word, or several in one word.
    Initial,
}

/// Identifiers of the rules in this file.
pub(in super::super) struct NameRules {
    pub word: RuleId,
    pub run: RuleId,
    pub context: RuleId,
    pub resemblance: RuleId,
    pub embedded: RuleId,
    pub initials: RuleId,
    pub said: RuleId,
}

impl Default for NameRules {
    fn default() -> Self {
        Self {
            word: RuleId::new("name.word"),
            run: RuleId::new("name.run"),
            context: RuleId::new("name.wordlike_in_context"),
            resemblance: RuleId::new("name.resemblance"),
            embedded: RuleId::new("name.embedded"),
            initials: RuleId::new("name.initials"),
            said: RuleId::new("name.pronunciation"),
        }
    }
}

const NAME_SCORE: f32 = 0.96;

/// A page with what each of its tokens is for the name.
pub(super) struct Looked<'a> {
    pub page: &'a Page,
    pub rules: &'a Rules,
    pub index: &'a AnchorIndex,
    pub naming: &'a Naming,
    parts: Vec<Part>,
}

/// Finds every form of the name.
pub(in super::super) fn find(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    naming: &Naming,
    ids: &NameRules,
    hits: &mut Vec<Hit>,
) {
    if index.is_empty() {
        return;
    }
    let parts = (0..page.tokens.len()).map(|at| part_at(page, rules, index, naming, at)).collect();
    let looked = Looked { page, rules, index, naming, parts };
    let mut push = |first: usize, last: usize, rule: &RuleId| {
        hits.extend(
            Hit::over(page, first, last, Kind::Name, rule).map(|hit| hit.scored(NAME_SCORE)),
        );
    };
    embedded::find(page, index, |first, last| push(first, last, &ids.embedded));
    let near = |at: usize| {
        (at.saturating_sub(5)..at).any(|i| matches!(looked.part(i), Part::Sure | Part::Alike))
    };
    naming::pronunciations(page, naming, near, |first, last| push(first, last, &ids.said));
    let mut at = 0;
    while at < page.tokens.len() {
        if looked.part(at) == Part::No {
            at += 1;
            continue;
        }
        let run = Run::read(&looked, at);
        let rule = if run.sure > 0 && run.words() > 1 || run.wordlike > 1 && run.beside {
            Some(&ids.run)
        } else if run.sure > 0 {
            Some(&ids.word)
        } else if run.alike > 0 {
            Some(&ids.resemblance)
        } else if run.wordlike > 0 {
            let evident = run.initials > 0 || evidence::is_name(&looked, run.first, run.last);
            evident.then_some(&ids.context)
        } else {
            evidence::are_initials(&looked, run.first, run.last).then_some(&ids.initials)
        };
        if let Some(rule) = rule {
            let (first, last) = if run.initials == run.words() {
                (run.first, run.last)
            } else {
                extend(&looked, &run)
            };
            push(first, last, rule);
        }
        at = run.last.max(at + 1);
    }
}

impl Looked<'_> {
    /// What a token is for the name.
    pub fn part(&self, at: usize) -> Part {
        self.parts.get(at).copied().unwrap_or(Part::No)
    }
}

fn part_at(page: &Page, rules: &Rules, index: &AnchorIndex, naming: &Naming, at: usize) -> Part {
    let Some(token) = page.token(at) else { return Part::No };
    if !token.is_word() {
        return Part::No;
    }
    let lower = page.lower(at);
    if token.len() == 1 {
        let known = lower.chars().next().is_some_and(|letter| index.has_initial(letter));
        let dotted =
            page.is_mark(at + 1, b'.') && page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined);
        // "singh.h" and "osuilleabhain-m": in user and file names initials are small.
        let slug = !token.is_initial() && is_slug_letter(page, at);
        let initial =
            known && (token.is_initial() && (dotted || !matches!(lower, "i" | "a")) || slug);
        return if initial { Part::Initial } else { Part::No };
    }
    let Some(anchor) = index.word(lower) else {
        if is_lookalike(page, rules, index, naming, at) {
            return Part::Alike;
        }
        return initials_in_one(page, index, at);
    };
    let small = token.shape == Shape::Word(Case::Lower) && lower.is_ascii();
    match (anchor.wordlike, small) {
        (true, true) => Part::No,
        (true, false) => Part::Wordlike,
        // In small letters a variant must look like a name to be one.
        (false, true)
            if anchor.variant && !person_name::is_listed(page, rules, at) && !in_slug(page, at) =>
        {
            Part::No
        }
        (false, true) if anchor.variant && lower.len() < 4 => Part::No,
        // A variant that is short and in capitals is an abbreviation sooner: "SEN", "NAT".
        (false, false)
            if anchor.variant
                && lower.len() <= 3
                && token.shape == Shape::Word(Case::Upper)
                && !capitals_around(page, at) =>
        {
            Part::Wordlike
        }
        (false, _) => Part::Sure,
    }
}

/// Whether the words beside a token are in capitals too.
fn capitals_around(page: &Page, at: usize) -> bool {
    let upper = |i: usize| page.token(i).is_some_and(|t| t.shape == Shape::Word(Case::Upper));
    at > 0 && upper(at - 1) && page.beside(at) || upper(at + 1) && page.beside(at + 1)
}

/// A single small letter joined to a longer word by a full stop, hyphen or underscore.
fn is_slug_letter(page: &Page, at: usize) -> bool {
    let joint = |i: usize| {
        page.token(i).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b'-' | b'_' | b'.')) && t.gap == Gap::Joined
        })
    };
    let word = |i: usize| page.token(i).is_some_and(|t| t.is_word() && t.len() >= 4);
    let before = at >= 2
        && joint(at - 1)
        && page.token(at).is_some_and(|t| t.gap == Gap::Joined)
        && word(at - 2);
    let after =
        joint(at + 1) && word(at + 2) && page.token(at + 2).is_some_and(|t| t.gap == Gap::Joined);
    before || after
}

/// Whether a token is joined to another by an underscore or hyphen, or stands before an at sign.
fn in_slug(page: &Page, at: usize) -> bool {
    let joint = |i: usize| {
        page.token(i).is_some_and(|t| {
            matches!(t.shape, Shape::Mark(b'-' | b'_' | b'@')) && t.gap == Gap::Joined
        })
    };
    joint(at + 1) || at > 0 && joint(at - 1) && page.token(at).is_some_and(|t| t.gap == Gap::Joined)
}

/// "MA" for Minh Anh after a family name, "KY" in a signature: two to four capitals that are all initials.
fn initials_in_one(page: &Page, index: &AnchorIndex, at: usize) -> Part {
    let Some(token) = page.token(at) else { return Part::No };
    let all = token.shape == Shape::Word(Case::Upper)
        && token.len() <= 5
        && page.lower(at).chars().all(|letter| index.has_initial(letter));
    if all { Part::Initial } else { Part::No }
}

/// Whether a capitalised word that no rule knows is the name misspelt, shortened or lengthened.
fn is_lookalike(
    page: &Page,
    rules: &Rules,
    index: &AnchorIndex,
    naming: &Naming,
    at: usize,
) -> bool {
    let Some(token) = page.token(at) else { return false };
    if token.len() < 3
        || !token.is_capital() && !in_slug(page, at)
        || person_name::is_ordinary(page, rules, at)
    {
        return false;
    }
    let listed = person_name::is_listed(page, rules, at);
    let lexicons = &rules.lexicons;
    let elsewhere = [lexicons.foreign_places, lexicons.nationality, lexicons.languages]
        .into_iter()
        .any(|lexicon| page.starts(at, lexicon));
    if token.word != WordId::UNKNOWN && !listed && elsewhere {
        return false;
    }
    let lower = page.lower(at);
    // Three capitals are an abbreviation sooner than a short name.
    if token.len() <= 3 && token.shape != Shape::Word(Case::Title) {
        return false;
    }
    if token.word != WordId::UNKNOWN && !listed {
        return index.is_misspelt(lower);
    }
    if naming.in_sentence(at) || naming.in_signature(at) || listed || token.len() >= 5 {
        return index.resembles(lower);
    }
    index.is_misspelt(lower) || index.begins_name(lower)
}

/// Name parts in a row, with the marks that join them.
pub(super) struct Run {
    pub first: usize,
    pub last: usize,
    sure: usize,
    alike: usize,
    wordlike: usize,
    initials: usize,
    /// Whether the parts stand directly beside each other, without a comma.
    beside: bool,
}

impl Run {
    fn words(&self) -> usize {
        self.sure + self.alike + self.wordlike + self.initials
    }

    fn read(looked: &Looked<'_>, first: usize) -> Self {
        let page = looked.page;
        let mut run =
            Self { first, last: first, sure: 0, alike: 0, wordlike: 0, initials: 0, beside: true };
        let mut at = first;
        while at < page.tokens.len() {
            if at > first && !page.beside(at) {
                break;
            }
            match looked.part(at) {
                Part::Sure => run.sure += 1,
                Part::Alike => run.alike += 1,
                Part::Wordlike => run.wordlike += 1,
                Part::Initial => run.initials += 1,
                Part::No => {
                    let length = if at > first { joint(looked, at, run.last) } else { 0 };
                    if length == 0 {
                        break;
                    }
                    run.beside &= !page.is_mark(at, b',');
                    at += length;
                    continue;
                }
            }
            let initial = looked.part(at) == Part::Initial;
            at += 1;
            run.last = at;
            if initial && page.is_mark(at, b'.') && page.beside(at) {
                at += 1;
                run.last = at;
            }
        }
        run
    }
}

/// How many tokens join what stands before a place to a further part of the name behind them: a hyphen, a particle, a
/// comma before given names, a middle name that is not known, a nickname in brackets or quotes.
fn joint(looked: &Looked<'_>, at: usize, last: usize) -> usize {
    let (page, rules) = (looked.page, looked.rules);
    let Some(token) = page.token(at) else { return 0 };
    let part_next = |ahead: usize| page.beside(at + ahead) && looked.part(at + ahead) != Part::No;
    let one = |yes: bool| usize::from(yes);
    match token.shape {
        Shape::Mark(b'-' | b'\'' | b'_') => one(part_next(1)),
        // After an initial or an abbreviation; else a full stop ends the sentence.
        Shape::Mark(b'.') => {
            let short = page.token(at.wrapping_sub(1)).is_some_and(|t| t.len() <= 3);
            let close = page.token(at + 1).is_some_and(|t| t.gap == Gap::Joined);
            one(part_next(1) && (short || close))
        }
        Shape::Mark(b',') => {
            one(part_next(1) && page.token(last.saturating_sub(1)).is_some_and(|t| t.len() > 1))
        }
        Shape::Mark(open @ (b'"' | b'(')) => {
            let close = if open == b'(' { b')' } else { b'"' };
            let end = (at + 2..at + 5).find(|i| page.is_mark(*i, close));
            let capital = page.token(at + 1).is_some_and(|t| t.is_capital());
            match end.filter(|end| {
                capital
                    && page.beside(end + 1)
                    && matches!(looked.part(end + 1), Part::Sure | Part::Alike | Part::Wordlike)
            }) {
                Some(end) => end + 1 - at,
                None => 0,
            }
        }
        Shape::Word(_) if person_name::is_particle(page, rules, at) => 1,
        Shape::Word(_) if page.starts(at, rules.lexicons.particles) => one(part_next(1)),
        // "Hetal Jignesh Patel": one capitalised stranger between two parts.
        Shape::Word(Case::Title | Case::Initial | Case::Upper) => {
            if page.is_mark(at + 1, b'.') && token.is_initial() && part_next(2) {
                return 2;
            }
            let after_part =
                matches!(looked.part(at.wrapping_sub(1)), Part::Initial | Part::Sure | Part::Alike);
            let initial = token.is_initial() && (page.lower(at) != "i" || after_part);
            one(part_next(1) && (initial || !person_name::is_ordinary(page, rules, at)))
        }
        _ => 0,
    }
}

/// Takes in what belongs to the name on either side: unknown capitalised words, particles, initials, honorifics,
/// titles.
fn extend(looked: &Looked<'_>, run: &Run) -> (usize, usize) {
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
    if page.beside(last) && page.starts(last, rules.lexicons.honorifics) {
        last += 1;
    }
    (extend_back(looked, run.first), last)
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
        let pronoun = matches!(page.lower(at), "i" | "a") && !(closes || underscore);
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
        let initial = page.token(letter).is_some_and(|t| t.is_initial())
            && (dot || mark || !matches!(page.lower(letter), "i" | "a"))
            && (beside || joined);
        if initial {
            first = letter;
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
    gendered_title(page, with_size(page, first))
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
    let title = matches!(
        page.lower(at),
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "mister"
            | "sir"
            | "madam"
            | "mme"
            | "mlle"
            | "lady"
            | "lord"
            | "dame"
            | "senor"
            | "senora"
            | "herr"
            | "frau"
            | "pan"
            | "pani"
            | "shri"
            | "smt"
            | "sri"
            | "ing"
            | "engr"
            | "hajji"
            | "haji"
            | "alhaji"
            | "alhaja"
            | "hajia"
    );
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
