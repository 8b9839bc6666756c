//! Which programs can begin at a token: looked up by its word, by the lexicons of which an entry begins there, and by
//! its class. Knows beginnings; runs nothing.

use super::super::text::{LexiconId, WordId};
use super::entrance::{Entrance, PageSigns, Signs, entrances};
use super::program::{Class, First, Program};

/// A way into one of many programs, the first token of which is known.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    second: Signs,
    third: Signs,
    number: u32,
    at_start: bool,
}

impl Way {
    /// The number of the program.
    pub fn program(&self) -> usize {
        self.number as usize
    }

    /// Whether the program can go on with the token at a place and the one after it. `starts` is whether the first
    /// token begins a line or cell.
    pub fn admits(&self, signs: &PageSigns, next: usize, starts: bool) -> bool {
        self.second & signs.after(next) != 0
            && self.third & signs.after(next + 1) != 0
            && (starts || !self.at_start)
    }
}

/// The ways into programs, side by side in memory, by what they begin with.
#[derive(Default)]
pub struct Index {
    ways: Vec<Way>,
    /// For each word, and one more, where its ways begin.
    words: Vec<u32>,
    /// The same for each lexicon.
    lexicons: Vec<u32>,
    classes: Vec<(Class, Vec<Way>)>,
}

impl Index {
    /// Orders the ways into programs. Of the programs at one beginning, those given first stand first.
    pub fn of<'p>(programs: impl Iterator<Item = &'p Program>) -> Self {
        let mut by_word: Vec<(usize, Way)> = Vec::new();
        let mut by_lexicon: Vec<(usize, Way)> = Vec::new();
        let mut classes: Vec<(Class, Vec<Way>)> = Vec::new();
        for (number, program) in programs.enumerate() {
            for Entrance { first, second, third, at_start } in entrances(program) {
                let way = Way { second, third, number: number as u32, at_start };
                match first {
                    First::Word(word) => by_word.push((word.index(), way)),
                    First::Lexicon(lexicon) => by_lexicon.push((usize::from(lexicon.0), way)),
                    First::Class(class) => {
                        match classes.iter_mut().find(|(known, _)| *known == class) {
                            Some((_, ways)) => ways.push(way),
                            None => classes.push((class, vec![way])),
                        }
                    }
                }
            }
        }
        let mut ways = Vec::with_capacity(by_word.len() + by_lexicon.len());
        let words = in_order(by_word, &mut ways);
        let lexicons = in_order(by_lexicon, &mut ways);
        Self { ways, words, lexicons, classes }
    }

    /// The ways that begin with a word.
    pub fn of_word(&self, word: WordId) -> &[Way] {
        self.between(&self.words, word.index())
    }

    /// The ways that begin with an entry of a lexicon.
    pub fn of_lexicon(&self, lexicon: LexiconId) -> &[Way] {
        self.between(&self.lexicons, usize::from(lexicon.0))
    }

    /// The ways that begin with a token of a class, class by class.
    pub fn by_class(&self) -> impl Iterator<Item = (Class, &[Way])> {
        self.classes.iter().map(|(class, ways)| (*class, ways.as_slice()))
    }

    fn between(&self, starts: &[u32], at: usize) -> &[Way] {
        let bound = |at: usize| starts.get(at).map(|start| *start as usize);
        let bounds = bound(at).zip(bound(at + 1));
        bounds.and_then(|(start, end)| self.ways.get(start..end)).unwrap_or_default()
    }
}

/// Puts ways behind those that are there, by their keys, and answers where those of each key begin.
fn in_order(mut keyed: Vec<(usize, Way)>, ways: &mut Vec<Way>) -> Vec<u32> {
    keyed.sort_by_key(|(key, _)| *key);
    let mut starts = Vec::new();
    for (key, way) in keyed {
        starts.resize((key + 1).max(starts.len()), ways.len() as u32);
        ways.push(way);
    }
    starts.push(ways.len() as u32);
    starts
}
