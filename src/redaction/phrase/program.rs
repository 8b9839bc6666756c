//! A compiled word pattern: steps over tokens, and what is worked out from them once. Knows words and lexicons by
//! number; runs nothing.

use super::super::text::{LexiconId, WordId};
use super::entrance::{Entrance, Signs, Walks, ahead_of_steps, entrances};
use super::presence::{Need, longest_match, needs_of};

/// One step of a program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// This word or mark; whether it must have a capital.
    Word(WordId, bool),
    /// One of the words of a set.
    OneOf(u16),
    /// An entry of this lexicon.
    Lexicon(LexiconId),
    /// One token of a class.
    Class(Class),
    /// The rest of the clause, or of the sentence when true.
    Rest(bool),
    /// Go on here, or else there.
    Split(u16, u16),
    /// Go on there.
    Jump(u16),
    /// The passage begins.
    Open,
    /// The passage ends.
    Close,
    /// The next token begins a line or a cell.
    LineStart,
    /// The last token ended a line or a cell.
    LineEnd,
    /// Matched.
    Done,
}

/// A class of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Any word.
    Word,
    /// A word with a capital.
    Capital,
    /// A word with a capital that no rule mentions.
    Stranger,
    /// A single capital letter.
    Initial,
    /// A word in small letters.
    Lower,
    /// A number.
    Number,
    /// A number of two digits.
    TwoDigits,
    /// A number from 14 to 99.
    Age,
    /// A year from 1930 to 2035.
    Year,
    /// A year from 1930 to 2005.
    OldYear,
}

/// What a program can begin with; rules are looked up by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum First {
    /// A word or mark.
    Word(WordId),
    /// A lexicon entry.
    Lexicon(LexiconId),
    /// A class.
    Class(Class),
}

/// A compiled word pattern.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) steps: Vec<Step>,
    /// Words, each with whether it must have a capital, in order of word.
    pub(super) sets: Vec<Vec<(WordId, bool)>>,
    /// Every way in, until they are put in order with those of the others.
    pub(super) entrances: Vec<Entrance>,
    /// What every match holds beside its first token, until that is numbered.
    pub(super) needs: Vec<Need>,
    /// The most tokens that a match can take; anything until [`Program::look_ahead`].
    pub(super) longest: usize,
    pub(super) choices: Choices,
    /// For each set, in which of a few buckets its words lie, so that most other words need no search.
    pub(super) buckets: Vec<Buckets>,
}

/// The ways on from every choice, laid out so that a run reads those of one side by side.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices {
    /// What the next token can be on each way.
    ahead: Vec<Signs>,
    /// The step that each way leads to.
    steps: Vec<u16>,
    /// For each step, from where to where its ways stand; those of a choice at the end of another are the last of its.
    bounds: Vec<(u32, u32)>,
}

impl Choices {
    fn of(program: &Program) -> Self {
        let ahead = ahead_of_steps(program);
        let mut choices = Self { bounds: vec![(0, 0); ahead.len()], ..Self::default() };
        for first in 0..ahead.len() {
            if choices.bounds.get(first).is_none_or(|known| *known != (0, 0)) {
                continue;
            }
            let mut chain = Vec::new();
            let mut step = first;
            while let Some(Step::Split(one, other)) = program.steps.get(step)
                && chain.len() <= ahead.len()
            {
                chain.push((step, choices.steps.len() as u32));
                choices.add(&ahead, *one);
                step = usize::from(*other);
            }
            if chain.is_empty() {
                continue;
            }
            choices.add(&ahead, step as u16);
            let end = choices.steps.len() as u32;
            for (step, start) in chain {
                choices.bounds.get_mut(step).into_iter().for_each(|own| *own = (start, end));
            }
        }
        choices
    }

    fn add(&mut self, ahead: &[Signs], step: u16) {
        self.ahead.push(ahead.get(usize::from(step)).copied().unwrap_or(Signs::MAX));
        self.steps.push(step);
    }

    /// The ways on from a choice, and from the choices that its last way leads to at once, in order. A way on that
    /// cannot take a token of these signs is left out: the answer is the same.
    pub fn ways_on(&self, choice: usize, sign: Signs) -> impl Iterator<Item = usize> {
        let (start, end) = self.bounds.get(choice).copied().unwrap_or_default();
        let range = start as usize..end as usize;
        let ahead = self.ahead.get(range.clone()).unwrap_or_default().iter();
        let steps = self.steps.get(range).unwrap_or_default();
        let fits = ahead.zip(steps).filter(move |(ahead, _)| **ahead & sign != 0);
        fits.map(|(_, step)| usize::from(*step))
    }
}

/// A bit for each bucket of words.
pub(super) type Buckets = [u64; 4];

/// The place of a word's bit.
fn bucket(word: WordId) -> (usize, u64) {
    let place = word.index() % 256;
    (place / 64, 1 << (place % 64))
}

pub(super) fn has_bucket(buckets: &Buckets, word: WordId) -> bool {
    let (part, bit) = bucket(word);
    buckets.get(part).is_some_and(|bits| bits & bit != 0)
}

impl Program {
    /// A program, with what every match of it must hold.
    pub(super) fn new(steps: Vec<Step>, sets: Vec<Vec<(WordId, bool)>>) -> Self {
        let buckets = sets
            .iter()
            .map(|set| {
                let mut buckets = Buckets::default();
                for (part, bit) in set.iter().map(|(word, _)| bucket(*word)) {
                    buckets.get_mut(part).into_iter().for_each(|bits| *bits |= bit);
                }
                buckets
            })
            .collect();
        let mut program = Self {
            steps,
            sets,
            entrances: Vec::new(),
            needs: Vec::new(),
            longest: usize::MAX,
            choices: Choices::default(),
            buckets,
        };
        let mut walks = Walks::through(&program);
        (program.needs, program.entrances) =
            (needs_of(&program, &mut walks), entrances(&mut walks));
        program.choices = Choices::of(&program);
        program
    }

    /// Forgets the ways in: those of a program that is not looked up by its beginning.
    pub fn forget_entrances(&mut self) {
        self.entrances = Vec::new();
    }

    /// Works out how long a match can be, with how long an entry of a lexicon can be.
    pub fn look_ahead(&mut self, longest_entry: usize) {
        self.longest = longest_match(self, longest_entry);
    }
}
