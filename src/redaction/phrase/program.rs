//! A compiled word pattern: steps over tokens, and what is worked out from them once. Knows words and lexicons by
//! number; runs nothing.

use super::super::text::{LexiconId, WordId};
use super::entrance::{Signs, ahead_of_steps};
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
    /// What every match holds beside its first token, until that is numbered.
    pub(super) needs: Vec<Need>,
    /// The most tokens that a match can take; anything until [`Program::look_ahead`].
    pub(super) longest: usize,
    /// For each step, what the next token can be on every way on from it; empty until [`Program::look_ahead`].
    pub(super) ahead: Vec<Signs>,
    /// For each set, in which of a few buckets its words lie, so that most other words need no search.
    pub(super) buckets: Vec<Buckets>,
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
            needs: Vec::new(),
            longest: usize::MAX,
            ahead: Vec::new(),
            buckets,
        };
        program.needs = needs_of(&program);
        program
    }

    /// Works out what the next token can be at each step, and how long a match can be, with how long an entry of a
    /// lexicon can be.
    pub fn look_ahead(&mut self, longest_entry: usize) {
        self.ahead = ahead_of_steps(self);
        self.longest = longest_match(self, longest_entry);
    }
}
