//! Which programs can begin at a token: looked up by its word, by the lexicons of which an entry begins there, and by
//! its class. Knows beginnings; runs nothing.

use super::super::text::vocabulary::FastMap;
use super::super::text::{LexiconId, WordId};
use super::entrance::{Entrance, Signs};
use super::presence::Parts;
use super::program::{Class, First, Program};

/// A way into one of many programs, the first two tokens of which are known.
#[derive(Clone, Copy)]
struct Way {
    third: Signs,
    program: u32,
    at_start: bool,
}

/// Ways into programs that begin alike. What the second token can be rules out most, and is kept apart from the rest, so
/// that little is read.
#[derive(Clone, Copy, Default)]
pub struct Ways<'a> {
    /// Where they stand among all, which tells them from others.
    start: usize,
    seconds: &'a [Signs],
    ways: &'a [Way],
}

/// The ways into programs of which a match can begin somewhere on a page. Most programs need words that a page does not
/// have, so this is a small part of the ways that begin with its words; gathered when a word first comes up.
#[derive(Default)]
pub struct PageWays {
    seconds: Vec<Signs>,
    ways: Vec<(Way, Parts)>,
    /// By where the ways stand among all: from where to where those of the page stand here.
    known: FastMap<u32, (u32, u32)>,
}

impl PageWays {
    /// Those of some ways that can lead to a match on the page. `parts` tells in which parts of the page a match of a
    /// program can begin.
    pub fn among(
        &mut self,
        ways: Ways<'_>,
        mut parts: impl FnMut(usize) -> Parts,
    ) -> (usize, usize) {
        if ways.ways.is_empty() {
            return (0, 0);
        }
        if let Some((from, to)) = self.known.get(&(ways.start as u32)) {
            return (*from as usize, *to as usize);
        }
        let from = self.ways.len();
        for (second, way) in ways.seconds.iter().zip(ways.ways) {
            let parts = parts(way.program as usize);
            if parts != 0 {
                self.seconds.push(*second);
                self.ways.push((*way, parts));
            }
        }
        self.known.insert(ways.start as u32, (from as u32, self.ways.len() as u32));
        (from, self.ways.len())
    }

    /// The number of the first program from `from` on that can begin in a part of the page and go on with two tokens of
    /// these signs, and where to look on for the next. `starts` is whether the first token begins a line or cell.
    pub fn next(
        &self,
        (from, to): (usize, usize),
        (second, third): (Signs, Signs),
        part: u32,
        starts: bool,
    ) -> Option<(usize, usize)> {
        let seconds = self.seconds.get(from..to)?.iter();
        let ways = self.ways.get(from..to)?.iter();
        let fits = seconds.zip(ways).position(|(own, (way, parts))| {
            *own & second != 0
                && way.third & third != 0
                && parts >> part & 1 == 1
                && (starts || !way.at_start)
        })?;
        let (way, _) = self.ways.get(from + fits)?;
        Some((way.program as usize, from + fits + 1))
    }
}

/// The ways into programs, side by side in memory, by what they begin with.
#[derive(Default)]
pub struct Index {
    ways: List,
    /// For each word, and one more, where its ways begin.
    words: Vec<u32>,
    /// The same for each lexicon.
    lexicons: Vec<u32>,
    /// For each class, from where to where its ways stand.
    classes: Vec<(Class, usize, usize)>,
}

#[derive(Default)]
struct List {
    seconds: Vec<Signs>,
    ways: Vec<Way>,
}

impl List {
    fn push(&mut self, (second, way): (Signs, Way)) {
        self.seconds.push(second);
        self.ways.push(way);
    }

    fn between(&self, start: usize, end: usize) -> Ways<'_> {
        let lists = self.seconds.get(start..end).zip(self.ways.get(start..end));
        lists.map(|(seconds, ways)| Ways { start, seconds, ways }).unwrap_or_default()
    }
}

impl Index {
    /// Orders the ways into programs. Of the programs at one beginning, those given first stand first.
    pub fn of<'p>(programs: impl Iterator<Item = &'p mut Program>) -> Self {
        let mut by_word: Vec<(usize, (Signs, Way))> = Vec::new();
        let mut by_lexicon: Vec<(usize, (Signs, Way))> = Vec::new();
        let mut classes: Vec<(Class, Vec<(Signs, Way)>)> = Vec::new();
        for (number, program) in programs.enumerate() {
            let entrances = std::mem::take(&mut program.entrances);
            for Entrance { first, second, third, at_start } in entrances {
                let way = (second, Way { third, program: number as u32, at_start });
                match first {
                    First::Word(word) => by_word.push((word.index(), way)),
                    First::Lexicon(lexicon) => by_lexicon.push((usize::from(lexicon.0), way)),
                    First::Class(class) => {
                        if !classes.iter().any(|(known, _)| *known == class) {
                            classes.push((class, Vec::new()));
                        }
                        let own = classes.iter_mut().find(|(known, _)| *known == class);
                        own.into_iter().for_each(|(_, list)| list.push(way));
                    }
                }
            }
        }
        let mut ways = List::default();
        let words = in_order(by_word, &mut ways);
        let lexicons = in_order(by_lexicon, &mut ways);
        let classes = classes
            .into_iter()
            .map(|(class, own)| {
                let start = ways.ways.len();
                own.into_iter().for_each(|way| ways.push(way));
                (class, start, ways.ways.len())
            })
            .collect();
        Self { ways, words, lexicons, classes }
    }

    /// The ways that begin with a word.
    pub fn of_word(&self, word: WordId) -> Ways<'_> {
        self.between(&self.words, word.index())
    }

    /// The ways that begin with an entry of a lexicon.
    pub fn of_lexicon(&self, lexicon: LexiconId) -> Ways<'_> {
        self.between(&self.lexicons, usize::from(lexicon.0))
    }

    /// The ways that begin with a token of a class, class by class.
    pub fn by_class(&self) -> impl Iterator<Item = (Class, Ways<'_>)> {
        self.classes.iter().map(|(class, start, end)| (*class, self.ways.between(*start, *end)))
    }

    fn between(&self, starts: &[u32], at: usize) -> Ways<'_> {
        let bound = |at: usize| starts.get(at).map(|start| *start as usize);
        let bounds = bound(at).zip(bound(at + 1));
        bounds.map(|(start, end)| self.ways.between(start, end)).unwrap_or_default()
    }
}

/// Puts ways behind those that are there, by their keys, and answers where those of each key begin.
fn in_order(mut keyed: Vec<(usize, (Signs, Way))>, ways: &mut List) -> Vec<u32> {
    keyed.sort_by_key(|(key, _)| *key);
    let mut starts = Vec::new();
    for (key, way) in keyed {
        starts.resize((key + 1).max(starts.len()), ways.ways.len() as u32);
        ways.push(way);
    }
    starts.push(ways.ways.len() as u32);
    starts
}
