//! What the first tokens of a match can be, as bits, so that most rules are ruled out without being run. Knows
//! programs and tokens; does not run anything.

use std::collections::BTreeMap;

use super::super::text::{Page, Shape, Token, Vocabulary, WordId};
use super::program::{Class, First, Program, Step};

/// Properties of a token, one bit each. Two sets that share no bit cannot meet.
pub type Signs = u64;

/// Every token has this sign, and so does the place after the last: a match may end here.
const OPEN: Signs = 1 << 63;
const WORD: Signs = 1 << 62;
const CAPITAL: Signs = 1 << 61;
const STRANGER: Signs = 1 << 60;
const INITIAL: Signs = 1 << 59;
const LOWER: Signs = 1 << 58;
const NUMBER: Signs = 1 << 57;
/// Known words share what is left.
const WORD_BITS: usize = 57;
const ANYTHING: Signs = Signs::MAX;

/// One way into a program: what its first token is, and what the two after it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entrance {
    /// The first token.
    pub first: First,
    /// What the second can be.
    pub second: Signs,
    /// What the third can be.
    pub third: Signs,
    /// Whether the first must begin a line or cell.
    pub at_start: bool,
}

/// What the first three tokens of a match can be, all ways in taken together. Most places on a page fail this test, and
/// a program need not be run there.
#[derive(Debug, Clone, Copy)]
pub struct Gate {
    first: Signs,
    second: Signs,
    third: Signs,
}

impl Gate {
    /// A gate that lets everything in.
    pub const OPEN: Self = Self { first: ANYTHING, second: ANYTHING, third: ANYTHING };

    /// The gate of a program.
    pub fn of(program: &Program, lexicons: &[Signs]) -> Self {
        let way = reach(program, 0);
        if way.open {
            return Self::OPEN;
        }
        let mut gate = Self { first: 0, second: 0, third: 0 };
        for (step, _) in way.takes {
            gate.first |= signs_of_step(program, step, lexicons);
            // An entry of a lexicon may be several tokens long; what follows it is anywhere.
            let (second, third) = match program.steps.get(step) {
                Some(Step::Lexicon(_)) => (ANYTHING, ANYTHING),
                _ => after(program, step, lexicons),
            };
            gate.second |= second;
            gate.third |= third;
        }
        gate
    }

    /// Whether a match may begin at a token. `signs` are those of [`signs_of`].
    pub fn admits(&self, page: &Page, signs: &[Signs], at: usize) -> bool {
        let sign = |at: usize| signs.get(at).copied().unwrap_or(ANYTHING);
        self.second & sign(at + 1) != 0
            && self.third & sign(at + 2) != 0
            && page.token(at).is_none_or(|token| self.first & of_token(token) != 0)
    }
}

/// The signs of every token of a page as one that follows another.
pub fn signs_of(page: &Page) -> Vec<Signs> {
    let mut signs = Vec::with_capacity(page.tokens.len() + 2);
    for (at, token) in page.tokens.iter().enumerate() {
        let follows =
            page.joined(at) && (page.beside(at) || !page.layout.is_heading(at.wrapping_sub(1)));
        signs.push(if follows { of_token(token) } else { OPEN });
    }
    signs.extend([OPEN, OPEN]);
    signs
}

/// The signs of a token by itself.
pub(super) fn of_token(token: &Token) -> Signs {
    let mut signs = OPEN;
    if token.word == WordId::UNKNOWN {
        if token.is_capital() {
            signs |= STRANGER;
        }
    } else {
        signs |= of_word(token.word);
    }
    if token.shape == Shape::Number {
        return signs | NUMBER;
    }
    if token.is_word() {
        signs |= WORD;
        signs |= if token.is_capital() { CAPITAL } else { LOWER };
    }
    if token.is_initial() {
        signs |= INITIAL;
    }
    signs
}

fn of_word(word: WordId) -> Signs {
    1 << (word.index() % WORD_BITS)
}

const fn of_class(class: Class) -> Signs {
    match class {
        Class::Word => WORD,
        Class::Capital => CAPITAL,
        Class::Stranger => STRANGER,
        Class::Initial => INITIAL,
        // Words of mixed case are neither small nor capital; the test itself decides.
        Class::Lower => LOWER,
        Class::Number | Class::TwoDigits | Class::Age | Class::Year | Class::OldYear => NUMBER,
    }
}

/// The signs that the first word of a lexicon's entries can have, lexicon by lexicon.
pub fn signs_of_lexicons(vocabulary: &Vocabulary) -> Vec<Signs> {
    let mut signs = Vec::new();
    vocabulary.each_entry_start(|lexicon, word| {
        let place = usize::from(lexicon.0);
        if signs.len() <= place {
            signs.resize(place + 1, 0);
        }
        if let Some(signs) = signs.get_mut(place) {
            *signs |= of_word(word);
        }
    });
    signs
}

/// Where a walk through a program without taking a token can stop.
struct Reach {
    /// Steps that take a token, each with whether a line must begin before it.
    takes: Vec<(usize, bool)>,
    /// Whether the match can end, or go on with anything.
    open: bool,
}

/// The steps that take the next token from a step on; nothing if the match can end there or go on with anything.
pub(super) fn first_steps(program: &Program, from: usize) -> Option<Vec<usize>> {
    let way = reach(program, from);
    (!way.open).then(|| way.takes.into_iter().map(|(step, _)| step).collect())
}

/// Every way into a program.
pub fn entrances(program: &Program, lexicons: &[Signs]) -> Vec<Entrance> {
    let mut found: BTreeMap<First, Entrance> = BTreeMap::new();
    for (step, at_start) in reach(program, 0).takes {
        let (second, third) = after(program, step, lexicons);
        for first in firsts_of(program, step) {
            let entrance = Entrance { first, second, third, at_start };
            found
                .entry(first)
                .and_modify(|known| {
                    known.second |= second;
                    known.third |= third;
                    known.at_start &= at_start;
                })
                .or_insert(entrance);
        }
    }
    found.into_values().collect()
}

fn firsts_of(program: &Program, step: usize) -> Vec<First> {
    match program.steps.get(step) {
        Some(Step::Word(word, _)) => vec![First::Word(*word)],
        Some(Step::OneOf(set)) => {
            let words = program.sets.get(usize::from(*set)).into_iter().flatten();
            words.map(|(word, _)| First::Word(*word)).collect()
        }
        Some(Step::Lexicon(lexicon)) => vec![First::Lexicon(*lexicon)],
        Some(Step::Class(class)) => vec![First::Class(*class)],
        _ => Vec::new(),
    }
}

/// What the two tokens after a step's can be.
fn after(program: &Program, step: usize, lexicons: &[Signs]) -> (Signs, Signs) {
    let next = reach(program, step + 1);
    let (mut second, mut third) = if next.open { (ANYTHING, ANYTHING) } else { (0, 0) };
    for (step, _) in next.takes {
        second |= signs_of_step(program, step, lexicons);
        // An entry of a lexicon may be several tokens long; what follows it is anywhere.
        if matches!(program.steps.get(step), Some(Step::Lexicon(_))) {
            third = ANYTHING;
            continue;
        }
        let then = reach(program, step + 1);
        if then.open {
            third = ANYTHING;
        }
        for (step, _) in then.takes {
            third |= signs_of_step(program, step, lexicons);
        }
    }
    (second, third)
}

/// For each step, what the next token can be on every way on from it.
pub(super) fn ahead_of_steps(program: &Program, lexicons: &[Signs]) -> Vec<Signs> {
    let mut ahead: Vec<Signs> = vec![0; program.steps.len()];
    // Ways lead on, and back where something repeats, so a few rounds from the end settle all.
    loop {
        let mut changed = false;
        for at in (0..ahead.len()).rev() {
            let known = |step: usize| ahead.get(step).copied().unwrap_or(ANYTHING);
            let signs = match program.steps.get(at) {
                Some(Step::Split(one, other)) => {
                    known(usize::from(*one)) | known(usize::from(*other))
                }
                Some(Step::Jump(to)) => known(usize::from(*to)),
                Some(Step::Open | Step::Close | Step::LineStart | Step::LineEnd) => known(at + 1),
                _ => signs_of_step(program, at, lexicons),
            };
            if let Some(place) = ahead.get_mut(at).filter(|place| **place != signs) {
                *place = signs;
                changed = true;
            }
        }
        if !changed {
            return ahead;
        }
    }
}

fn signs_of_step(program: &Program, step: usize, lexicons: &[Signs]) -> Signs {
    match program.steps.get(step) {
        Some(Step::Word(word, _)) => of_word(*word),
        Some(Step::OneOf(set)) => {
            let words = program.sets.get(usize::from(*set)).into_iter().flatten();
            words.fold(0, |signs, (word, _)| signs | of_word(*word))
        }
        Some(Step::Lexicon(lexicon)) => {
            lexicons.get(usize::from(lexicon.0)).copied().unwrap_or(ANYTHING)
        }
        Some(Step::Class(class)) => of_class(*class),
        _ => ANYTHING,
    }
}

fn reach(program: &Program, from: usize) -> Reach {
    let mut reach = Reach { takes: Vec::new(), open: false };
    let mut pending = vec![(from, false)];
    let mut seen = vec![[false; 2]; program.steps.len()];
    while let Some((at, started)) = pending.pop() {
        let Some(known) = seen.get_mut(at).and_then(|seen| seen.get_mut(usize::from(started)))
        else {
            continue;
        };
        if std::mem::replace(known, true) {
            continue;
        }
        match program.steps.get(at) {
            Some(Step::Split(one, other)) => {
                pending.extend([(usize::from(*one), started), (usize::from(*other), started)]);
            }
            Some(Step::Jump(to)) => pending.push((usize::from(*to), started)),
            Some(Step::LineStart) => pending.push((at + 1, true)),
            Some(Step::Open | Step::Close | Step::LineEnd) => pending.push((at + 1, started)),
            Some(Step::Rest(_) | Step::Done) | None => reach.open = true,
            Some(_) => reach.takes.push((at, started)),
        }
    }
    reach
}
