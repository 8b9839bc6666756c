//! The entries of lexicons, laid out for looking up which begin at a token. Knows words by number.

use super::vocabulary::LexiconId;
use super::{Gap, Token, WordId};

/// An entry as it is learnt: its lexicon, and its words, each with whether it asks for a capital.
struct Entry {
    lexicon: LexiconId,
    words: Vec<(WordId, bool)>,
}

impl Entry {
    fn word(&self, at: usize) -> Option<WordId> {
        self.words.get(at).map(|(word, _)| *word)
    }
}

/// An entry of one word.
#[derive(Clone, Copy)]
struct Alone {
    lexicon: LexiconId,
    capital: bool,
}

/// An entry of several words; the ones after the first stand together elsewhere.
#[derive(Clone, Copy)]
struct Longer {
    second: WordId,
    rest: u32,
    length: u16,
    lexicon: LexiconId,
    capital: bool,
}

/// The entries of all lexicons by their first word. What is read for most words of a page is a few bytes side by side.
#[derive(Default)]
pub struct Entries {
    /// Learnt and not yet put in order.
    learnt: Vec<Entry>,
    alone: Vec<Alone>,
    longer: Vec<Longer>,
    rests: Vec<(WordId, bool)>,
    /// For each word, and one more, where its entries begin in both lists.
    starts: Vec<(u32, u32)>,
}

impl Entries {
    /// Adds an entry. It is found when [`Entries::put_in_order`] has been called.
    pub fn learn(&mut self, lexicon: LexiconId, words: Vec<(WordId, bool)>) {
        self.learnt.push(Entry { lexicon, words });
    }

    /// Makes all entries ready to be found; to be called once, when all are learnt.
    pub fn put_in_order(&mut self) {
        let mut learnt = std::mem::take(&mut self.learnt);
        // In order of the second word, so that a look-up reads only entries that can fit.
        learnt.sort_by_cached_key(|entry| (entry.word(0), entry.word(1)));
        for entry in learnt {
            let Some(((first, capital), rest)) = entry.words.split_first() else { continue };
            let (first, capital, lexicon) = (first.index(), *capital, entry.lexicon);
            let here = (self.alone.len() as u32, self.longer.len() as u32);
            self.starts.resize((first + 1).max(self.starts.len()), here);
            match rest.first() {
                None => self.alone.push(Alone { lexicon, capital }),
                Some((second, _)) => {
                    let (start, length) = (self.rests.len() as u32, rest.len() as u16);
                    self.rests.extend_from_slice(rest);
                    let second = *second;
                    self.longer.push(Longer { second, rest: start, length, lexicon, capital });
                }
            }
        }
        self.starts.push((self.alone.len() as u32, self.longer.len() as u32));
    }

    /// How many tokens the longest entry has.
    pub fn longest(&self) -> usize {
        self.longer.iter().map(|entry| usize::from(entry.length) + 1).max().unwrap_or(1)
    }

    /// Whether a word is by itself an entry of one of some lexicons; capitals do not matter.
    pub fn has(&self, word: WordId, lexicons: &[LexiconId]) -> bool {
        let (alone, _) = self.of(word);
        alone.iter().any(|entry| lexicons.contains(&entry.lexicon))
    }

    /// Calls `found` with each entry that begins at a token, and its length in tokens.
    pub fn at(&self, tokens: &[Token], at: usize, mut found: impl FnMut(LexiconId, u8)) {
        let Some(first) = tokens.get(at).filter(|token| token.word != WordId::UNKNOWN) else {
            return;
        };
        let (alone, longer) = self.of(first.word);
        for entry in alone.iter().filter(|entry| !entry.capital || first.is_capital()) {
            found(entry.lexicon, 1);
        }
        if longer.is_empty() {
            return;
        }
        let next = tokens.get(at + 1).map_or(WordId::UNKNOWN, |token| token.word);
        let from = longer.partition_point(|entry| entry.second < next);
        let longer = longer.get(from..).unwrap_or_default();
        for entry in longer.iter().take_while(|entry| entry.second == next) {
            if (!entry.capital || first.is_capital()) && self.follows(entry, tokens, at + 1) {
                found(entry.lexicon, (usize::from(entry.length) + 1).min(255) as u8);
            }
        }
    }

    /// Whether the words of an entry after its first stand at a token.
    fn follows(&self, entry: &Longer, tokens: &[Token], at: usize) -> bool {
        let rest = entry.rest as usize..entry.rest as usize + usize::from(entry.length);
        let rest = self.rests.get(rest).unwrap_or_default();
        rest.iter().enumerate().all(|(offset, (word, capital))| {
            tokens.get(at + offset).is_some_and(|token| {
                token.word == *word && token.gap <= Gap::Line && (!capital || token.is_capital())
            })
        })
    }

    fn of(&self, word: WordId) -> (&[Alone], &[Longer]) {
        let bounds = self.starts.get(word.index()).zip(self.starts.get(word.index() + 1));
        let Some(((alone, longer), (alone_end, longer_end))) = bounds else { return (&[], &[]) };
        (
            self.alone.get(*alone as usize..*alone_end as usize).unwrap_or_default(),
            self.longer.get(*longer as usize..*longer_end as usize).unwrap_or_default(),
        )
    }
}
