//! Looks the candidate's name up on a page. A word that is also an ordinary word is taken only with evidence beside
//! it ([`super::evidence`]). Knows the table and the page; does not add to the table.

use super::super::hit::Hit;
use super::super::person_name;
use super::super::rules::Rules;
use super::super::text::{Case, Gap, Page, Shape, WordId};
use super::extend::extend;
use super::naming::{self, Naming};
use super::run::Run;
use super::{AnchorIndex, embedded, evidence, explained, letters, slugs};
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
    pub explained: RuleId,
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
            explained: RuleId::new("name.explained"),
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
    explained::find(&looked, |first, last| push(first, last, &ids.explained));
    embedded::find(page, index, |first, last| push(first, last, &ids.embedded));
    slugs::find(page, index, |first, last| push(first, last, &ids.embedded));
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
    let lower = page.lower(at);
    let known = |letter: Option<char>| letter.is_some_and(|letter| index.has_initial(letter));
    let all = lower.chars().all(|letter| index.has_initial(letter));
    if letters::is_typed_alone(page, at) && index.is_acronym(lower) {
        return Part::Initial;
    }
    let ends = token.len() == 3 && known(lower.chars().next()) && known(lower.chars().last());
    if token.shape == Shape::Word(Case::Upper) && token.len() <= 5 && (all || ends) {
        Part::Initial
    } else {
        Part::No
    }
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
    // "lolo" is Iolo, read by a scanner.
    if token.shape == Shape::Word(Case::Lower) && token.word == WordId::UNKNOWN {
        let misread = page.word(at).strip_prefix('l').filter(|rest| rest.len() >= 3);
        if misread.is_some_and(|rest| index.is_stated(&format!("i{rest}"))) {
            return true;
        }
    }
    if token.len() < 3
        || !token.is_capital() && !in_slug(page, at)
        || person_name::is_ordinary(page, rules, at)
    {
        return false;
    }
    // "NEC4" is a form of contract, "N1cholas" a scanner's.
    let letters = page.word(at).bytes().filter(u8::is_ascii_alphabetic).count();
    if letters < token.len() as usize && letters < 4 && page.word(at).is_ascii() {
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
    if token.len() <= 3 && !matches!(token.shape, Shape::Word(Case::Title | Case::Mixed)) {
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
