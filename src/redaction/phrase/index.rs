//! Which programs can begin at a token: looked up by its word, by the lexicons of which an entry begins there, and by
//! its class. Knows beginnings; runs nothing.

use super::super::text::{LexiconId, WordId};
use super::entrance::{Entrance, Signs, entrances};
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
    seconds: &'a [Signs],
    ways: &'a [Way],
}

impl Ways<'_> {
    /// The numbers of the programs that can go on with two tokens of these signs. `starts` is whether the first token
    /// begins a line or cell.
    pub fn admitted(
        self,
        (second, third): (Signs, Signs),
        starts: bool,
    ) -> impl Iterator<Item = usize> {
        self.seconds
            .iter()
            .zip(self.ways)
            .filter(move |(own, way)| {
                **own & second != 0 && way.third & third != 0 && (starts || !way.at_start)
            })
            .map(|(_, way)| way.program as usize)
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
    classes: Vec<(Class, List)>,
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
        lists.map(|(seconds, ways)| Ways { seconds, ways }).unwrap_or_default()
    }
}

impl Index {
    /// Orders the ways into programs. Of the programs at one beginning, those given first stand first.
    pub fn of<'p>(programs: impl Iterator<Item = &'p Program>) -> Self {
        let mut by_word: Vec<(usize, (Signs, Way))> = Vec::new();
        let mut by_lexicon: Vec<(usize, (Signs, Way))> = Vec::new();
        let mut classes: Vec<(Class, List)> = Vec::new();
        for (number, program) in programs.enumerate() {
            for Entrance { first, second, third, at_start } in entrances(program) {
                let way = (second, Way { third, program: number as u32, at_start });
                match first {
                    First::Word(word) => by_word.push((word.index(), way)),
                    First::Lexicon(lexicon) => by_lexicon.push((usize::from(lexicon.0), way)),
                    First::Class(class) => {
                        if !classes.iter().any(|(known, _)| *known == class) {
                            classes.push((class, List::default()));
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
        self.classes.iter().map(|(class, list)| (*class, list.between(0, list.ways.len())))
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
