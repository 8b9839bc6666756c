//! What the first tokens of a match can be, as bits, so that most rules are ruled out without being run. Knows
//! programs and tokens; does not run anything.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::text::{LexiconId, Page, Shape, WordId};
use super::program::{Class, First, Program, Step};
use super::run::is_of;

/// Properties of a token, one bit each. Two sets that share no bit cannot meet.
pub type Signs = u128;

/// Every token has this sign, and so does the place after the last: a match may end here.
const OPEN: Signs = 1 << 127;
const WORD: Signs = 1 << 126;
const CAPITAL: Signs = 1 << 125;
const STRANGER: Signs = 1 << 124;
const INITIAL: Signs = 1 << 123;
const LOWER: Signs = 1 << 122;
const NUMBER: Signs = 1 << 121;
const TWO_DIGITS: Signs = 1 << 120;
const AGE: Signs = 1 << 119;
const YEAR: Signs = 1 << 118;
const OLD_YEAR: Signs = 1 << 117;
/// Known words, and the lexicons of which an entry begins at a token, share what is left.
const WORD_BITS: usize = 117;
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
    pub fn of(program: &Program) -> Self {
        let mut walks = Walks::through(program);
        let way = walks.from(0);
        if way.open {
            return Self::OPEN;
        }
        let mut gate = Self { first: 0, second: 0, third: 0 };
        for (step, _) in &way.takes {
            gate.first |= signs_of_step(program, *step);
            // An entry of a lexicon may be several tokens long; what follows it is anywhere.
            let (second, third) = match program.steps.get(*step) {
                Some(Step::Lexicon(_)) => (ANYTHING, ANYTHING),
                _ => walks.after(*step),
            };
            gate.second |= second;
            gate.third |= third;
        }
        gate
    }

    /// Whether a match may begin at one of several tokens, by [`PageSigns::together`].
    pub fn admits_any(&self, (first, second, third): (Signs, Signs, Signs)) -> bool {
        self.first & first != 0 && self.second & second != 0 && self.third & third != 0
    }

    /// Whether a match may begin at a token.
    pub fn admits(&self, signs: &PageSigns, at: usize) -> bool {
        self.first & signs.own(at) != 0
            && self.second & signs.after(at + 1) != 0
            && self.third & signs.after(at + 2) != 0
    }
}

/// The signs of every token of a page.
pub struct PageSigns {
    /// By itself, where a match begins.
    own: Vec<Signs>,
    /// As one that follows another in a match.
    after: Vec<Signs>,
}

impl PageSigns {
    /// Looks at every token once.
    pub fn of(page: &Page) -> Self {
        let own: Vec<Signs> = (0..page.tokens.len()).map(|at| of_token(page, at)).collect();
        let mut after: Vec<Signs> = own
            .iter()
            .enumerate()
            .map(|(at, signs)| {
                let follows = page.joined(at)
                    && (page.beside(at) || !page.layout.is_heading(at.wrapping_sub(1)));
                if follows { *signs } else { OPEN }
            })
            .collect();
        after.extend([OPEN, OPEN]);
        Self { own, after }
    }

    /// The signs that any of some tokens has, that any token behind one of them has, and any behind those.
    pub fn together(&self, first: usize, last: usize) -> (Signs, Signs, Signs) {
        (first..=last).fold((0, 0, 0), |(own, next, third), at| {
            (own | self.own(at), next | self.after(at + 1), third | self.after(at + 2))
        })
    }

    /// The signs of the token at which a match begins.
    pub fn own(&self, at: usize) -> Signs {
        self.own.get(at).copied().unwrap_or(ANYTHING)
    }

    /// The signs of a token as one that follows another.
    pub fn after(&self, at: usize) -> Signs {
        self.after.get(at).copied().unwrap_or(ANYTHING)
    }
}

/// The signs of a token by itself.
fn of_token(page: &Page, at: usize) -> Signs {
    let Some(token) = page.token(at) else { return ANYTHING };
    let mut signs = OPEN;
    if token.word == WordId::UNKNOWN {
        if token.is_capital() {
            signs |= STRANGER;
        }
    } else {
        signs |= of_word(token.word);
        for (lexicon, _) in page.entries(at) {
            signs |= of_lexicon(lexicon);
        }
    }
    if token.shape == Shape::Number {
        let kinds = [Class::TwoDigits, Class::Age, Class::Year, Class::OldYear];
        let kinds = kinds.into_iter().filter(|class| is_of(page, at, *class));
        return kinds.fold(signs | NUMBER, |signs, class| signs | of_class(class));
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

/// An entry of a lexicon begins here. Scattered among the words' signs.
fn of_lexicon(lexicon: LexiconId) -> Signs {
    1 << ((usize::from(lexicon.0) * 7 + 3) % WORD_BITS)
}

const fn of_class(class: Class) -> Signs {
    match class {
        Class::Word => WORD,
        Class::Capital => CAPITAL,
        Class::Stranger => STRANGER,
        Class::Initial => INITIAL,
        // Words of mixed case are neither small nor capital; the test itself decides.
        Class::Lower => LOWER,
        Class::Number => NUMBER,
        Class::TwoDigits => TWO_DIGITS,
        Class::Age => AGE,
        Class::Year => YEAR,
        Class::OldYear => OLD_YEAR,
    }
}

/// Where a walk through a program without taking a token can stop.
struct Reach {
    /// Steps that take a token, each with whether a line must begin before it.
    takes: Vec<(usize, bool)>,
    /// Whether the match can end, or go on with anything.
    open: bool,
}

/// Every way into a program.
pub(super) fn entrances(walks: &mut Walks<'_>) -> Vec<Entrance> {
    let mut found: BTreeMap<First, Entrance> = BTreeMap::new();
    for (step, at_start) in &walks.from(0).takes {
        let (second, third) = walks.after(*step);
        for first in firsts_of(walks.program, *step) {
            let entrance = Entrance { first, second, third, at_start: *at_start };
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

/// For each step, what the next token can be on every way on from it.
pub(super) fn ahead_of_steps(program: &Program) -> Vec<Signs> {
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
                _ => signs_of_step(program, at),
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

fn signs_of_step(program: &Program, step: usize) -> Signs {
    match program.steps.get(step) {
        Some(Step::Word(word, _)) => of_word(*word),
        Some(Step::OneOf(set)) => {
            let words = program.sets.get(usize::from(*set)).into_iter().flatten();
            words.fold(0, |signs, (word, _)| signs | of_word(*word))
        }
        Some(Step::Lexicon(lexicon)) => of_lexicon(*lexicon),
        Some(Step::Class(class)) => of_class(*class),
        _ => ANYTHING,
    }
}

/// Walks through a program without taking a token, each of which is gone once.
pub(super) struct Walks<'p> {
    program: &'p Program,
    known: Vec<Option<Rc<Reach>>>,
    /// The last walk that came by each step, by whether a line had to begin before it.
    seen: Vec<[u32; 2]>,
    walks: u32,
}

impl<'p> Walks<'p> {
    pub fn through(program: &'p Program) -> Self {
        let steps = program.steps.len();
        Self { program, known: vec![None; steps + 1], seen: vec![[0; 2]; steps], walks: 0 }
    }

    /// The steps that take the next token from a step on; nothing if the match can end there or go on with anything.
    pub fn first_steps(&mut self, from: usize) -> Option<Vec<usize>> {
        let way = self.from(from);
        (!way.open).then(|| way.takes.iter().map(|(step, _)| *step).collect())
    }

    /// What the two tokens after a step's can be.
    fn after(&mut self, step: usize) -> (Signs, Signs) {
        let program = self.program;
        let next = self.from(step + 1);
        let (mut second, mut third) = if next.open { (ANYTHING, ANYTHING) } else { (0, 0) };
        for (step, _) in &next.takes {
            second |= signs_of_step(program, *step);
            // An entry of a lexicon may be several tokens long; what follows it is anywhere.
            if matches!(program.steps.get(*step), Some(Step::Lexicon(_))) {
                third = ANYTHING;
                continue;
            }
            let then = self.from(step + 1);
            if then.open {
                third = ANYTHING;
            }
            for (step, _) in &then.takes {
                third |= signs_of_step(program, *step);
            }
        }
        (second, third)
    }

    /// Where a walk from a step can stop.
    fn from(&mut self, from: usize) -> Rc<Reach> {
        if let Some(Some(known)) = self.known.get(from) {
            return Rc::clone(known);
        }
        let reach = Rc::new(self.walk(from));
        if let Some(place) = self.known.get_mut(from) {
            *place = Some(Rc::clone(&reach));
        }
        reach
    }

    fn walk(&mut self, from: usize) -> Reach {
        self.walks += 1;
        let mut reach = Reach { takes: Vec::new(), open: false };
        let mut pending = vec![(from, false)];
        while let Some((at, started)) = pending.pop() {
            let Some(step) = self.program.steps.get(at) else {
                reach.open = true;
                continue;
            };
            let seen = self.seen.get_mut(at).and_then(|seen| seen.get_mut(usize::from(started)));
            if seen.is_none_or(|seen| std::mem::replace(seen, self.walks) == self.walks) {
                continue;
            }
            match step {
                Step::Split(one, other) => {
                    pending.extend([(usize::from(*one), started), (usize::from(*other), started)]);
                }
                Step::Jump(to) => pending.push((usize::from(*to), started)),
                Step::LineStart => pending.push((at + 1, true)),
                Step::Open | Step::Close | Step::LineEnd => pending.push((at + 1, started)),
                Step::Rest(_) | Step::Done => reach.open = true,
                _ => reach.takes.push((at, started)),
            }
        }
        reach
    }
}
