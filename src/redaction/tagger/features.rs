//! What the tagger looks at in each token, as numbers. The same code serves training and use, so that both see the
//! same. Knows words, writing and lexicons; knows no tag.

use std::sync::Arc;

use super::marks::Marks;
use super::surroundings::{Line, Sentence, sentences, told};
use super::value_at;
use super::word::{Word, hash, mix, pair};
use crate::redaction::fields::{FieldSet, Fields};
use crate::redaction::rules::Rules;
use crate::redaction::text::{Gap, LexiconId, Page, Token, Zone};

/// How far a neighbour may stand away to be looked at by itself.
const NEAR: usize = 2;
/// Templates that more than one place names: the word itself, its beginning, the kinds found there, its lexicons.
const WORD: u32 = 1;
const FRONT: u32 = WORD + 5;
const KINDS: u32 = 71;
const LEXICON: u32 = 80;
const FIELD: u32 = 90;
/// How far a word may stand away to be looked at without its place.
const AROUND: usize = 6;

/// One of the few features that tell most of a token.
#[derive(Clone, Copy)]
pub(super) enum Gist {
    /// Of every token.
    Any,
    /// The word itself, by its hash.
    Word(u32),
    /// Its beginning.
    Front(u32),
    /// A kind that rules found there, by its bit.
    Kind(u32),
    /// A lexicon, by its place among all.
    Lexicon(u16),
    /// A word field, by its bit.
    Field(u32),
}

/// Turns pages into features.
pub(super) struct Observer {
    /// A number for each lexicon that does not change when lexicons are added, in order of these numbers.
    lexicons: Vec<u32>,
    /// Where the number of each lexicon stands there.
    places: Vec<u16>,
    fields: Arc<Fields>,
    /// The same for each word field.
    field_names: Vec<u32>,
}

impl Observer {
    pub fn new(rules: &Rules) -> Self {
        let number = |name: &str| hash(name.as_bytes());
        let in_turn: Vec<u32> =
            rules.vocabulary.lexicon_names().iter().map(|name| number(name)).collect();
        let mut lexicons = in_turn.clone();
        lexicons.sort_unstable();
        let place = |number: &u32| lexicons.partition_point(|other| other < number) as u16;
        Self {
            places: in_turn.iter().map(place).collect(),
            lexicons,
            fields: Arc::clone(&rules.fields),
            field_names: rules.fields.names().iter().map(|name| number(name)).collect(),
        }
    }

    /// The number of a feature.
    pub fn number(&self, gist: Gist) -> u32 {
        let name = |names: &[u32], at: usize| names.get(at).copied().unwrap_or(0);
        match gist {
            Gist::Any => mix(0, 0),
            Gist::Word(hash) => mix(WORD, hash),
            Gist::Front(hash) => mix(FRONT, hash),
            Gist::Kind(kind) => mix(KINDS, kind),
            Gist::Lexicon(place) => mix(LEXICON, name(&self.lexicons, usize::from(place))),
            Gist::Field(field) => mix(FIELD, name(&self.field_names, field as usize)),
        }
    }

    /// How many lexicons there are.
    pub fn lexicons(&self) -> u16 {
        self.lexicons.len() as u16
    }

    /// Looks at a page. `marks` is what rules found at each token.
    pub fn observe<'a>(&'a self, page: &'a Page, marks: &'a Marks) -> Seen<'a> {
        let mut words: Vec<Word> = (0..page.tokens.len()).map(|at| Word::at(page, at)).collect();
        count_near(page, &mut words);
        let mut line = Line::default();
        let lines = (0..page.tokens.len()).map(|at| line.advance(page, &words, at)).collect();
        let (sentences, covered) = (sentences(page, &marks.kinds), self.lexicons_by_token(page));
        let fields = self.fields.on(page);
        let told = told(page, &fields);
        Seen {
            page,
            marks,
            words,
            lines,
            sentences,
            covered,
            fields,
            told,
            lexicon_names: &self.lexicons,
            field_names: &self.field_names,
        }
    }

    fn lexicons_by_token(&self, page: &Page) -> Covered {
        let mut lexicons: Vec<u16> = Vec::with_capacity(page.tokens.len() * 2);
        let mut starts = Vec::with_capacity(page.tokens.len() + 1);
        // Entries of several tokens that reach on from earlier ones: the lexicon, and one past the last token.
        let mut open: Vec<(u16, usize)> = Vec::new();
        for at in 0..page.tokens.len() {
            let first = lexicons.len();
            starts.push(first);
            open.retain(|(_, end)| *end > at);
            lexicons.extend(open.iter().map(|(lexicon, _)| *lexicon));
            for (LexiconId(number), length) in page.entries(at) {
                let lexicon = value_at(&self.places, usize::from(number));
                lexicons.push(lexicon);
                if length > 1 {
                    open.push((lexicon, at + length));
                }
            }
            sort_each_once(&mut lexicons, first);
        }
        starts.push(lexicons.len());
        Covered { lexicons, starts }
    }
}

/// What the features of a page's tokens are made of.
pub(super) struct Seen<'a> {
    page: &'a Page,
    marks: &'a Marks,
    words: Vec<Word>,
    lines: Vec<Line>,
    sentences: Vec<Sentence>,
    covered: Covered,
    /// For each token its word fields, and those of its sentence.
    fields: Vec<FieldSet>,
    told: Vec<FieldSet>,
    lexicon_names: &'a [u32],
    field_names: &'a [u32],
}

/// What tokens beside one another mostly share: the line and its label, the part of the application, and what their
/// sentence speaks of.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Setting {
    line: Line,
    zone: u32,
    sentence: Sentence,
    /// The word fields of the sentence.
    told: FieldSet,
}

impl Seen<'_> {
    /// The few features of a token that tell most of it. All of them are among [`Seen::features`] too.
    #[inline]
    pub fn gist(&self, at: usize, mut each: impl FnMut(Gist)) {
        let here = value_at(&self.words, at);
        each(Gist::Any);
        each(Gist::Word(here.whole));
        each(Gist::Front(here.front));
        for_bits(value_at(&self.marks.kinds, at).into(), |kind| each(Gist::Kind(kind)));
        for lexicon in self.covered.at(at) {
            each(Gist::Lexicon(*lexicon));
        }
        for_bits(value_at(&self.fields, at), |field| each(Gist::Field(field)));
    }

    /// All features of a token.
    pub fn features(&self, at: usize, features: &mut Vec<u32>) {
        let setting = self.setting(at);
        self.features_of_setting(&setting, features);
        self.own_features(at, &setting, features);
    }

    /// What a token shares with those beside it.
    pub fn setting(&self, at: usize) -> Setting {
        Setting {
            line: value_at(&self.lines, at),
            zone: self.page.zone(at) as u32,
            sentence: value_at(&self.sentences, at),
            told: value_at(&self.told, at),
        }
    }

    /// The features of a token that follow from its setting alone.
    pub fn features_of_setting(&self, setting: &Setting, features: &mut Vec<u32>) {
        let mut out = Out(features);
        out.add(60, setting.line.first);
        out.add(61, setting.line.label);
        out.add(63, setting.zone);
        out.add(66, setting.sentence.people);
        out.bits(70, setting.sentence.kinds);
        out.fields(94, setting.told, self.field_names);
    }

    /// The other features of a token in a setting.
    pub fn own_features(&self, at: usize, setting: &Setting, features: &mut Vec<u32>) {
        let mut out = Out(features);
        let (words, kinds) = (&self.words, &self.marks.kinds);
        around(words, at, &mut out);
        let Setting { line, zone, sentence, .. } = *setting;
        let Word { whole, shape, .. } = value_at(words, at);
        out.all([
            (62, line.label ^ shape),
            (64, zone.wrapping_mul(977) ^ shape),
            (65, zone.wrapping_mul(977) ^ whole),
            (67, sentence.people.wrapping_mul(977) ^ shape),
        ]);
        out.bits(KINDS, value_at(kinds, at));
        out.bits(72, value_at(kinds, at.wrapping_sub(1)));
        out.bits(73, value_at(kinds, at + 1));
        self.finds(at, &mut out);
        self.about(at, sentence, &mut out);
        for (template, near) in [(LEXICON, at), (81, at.wrapping_sub(1)), (82, at + 1)] {
            for lexicon in self.covered.at(near) {
                out.add(template, value_at(self.lexicon_names, usize::from(*lexicon)));
            }
        }
    }

    /// What the words at and around a token are about.
    fn about(&self, at: usize, sentence: Sentence, out: &mut Out<'_>) {
        let (fields, names) = (&self.fields, self.field_names);
        let here = value_at(fields, at);
        out.fields(FIELD, here, names);
        out.fields(91, value_at(fields, at.wrapping_sub(1)), names);
        out.fields(92, value_at(fields, at + 1), names);
        let before = fields.get(at.saturating_sub(4)..at).unwrap_or_default();
        let behind = fields.get(at + 1..(at + 5).min(fields.len())).unwrap_or_default();
        let near = before.iter().chain(behind).fold(0, |sets, set| sets | set);
        out.fields(93, near, names);
        out.fields(95 + 100 * sentence.people, here, names);
    }

    /// Where the finds of single rules begin and end, and on which words: some rules say too little, some too much.
    fn finds(&self, at: usize, out: &mut Out<'_>) {
        let rule = |at: usize| value_at(&self.marks.rules, at);
        let (before, here, after) = (rule(at.wrapping_sub(1)), rule(at), rule(at + 1));
        let word = value_at(&self.words, at).whole;
        if here != 0 {
            out.add(74, here);
            out.add(75, here.wrapping_mul(977) ^ word);
        }
        if before != here {
            out.some(76, before);
            out.some(77, here);
            if before != 0 {
                out.add(78, before.wrapping_mul(977) ^ word);
            }
        }
        if after != here {
            out.some(79, after);
            out.some(83, here);
            if after != 0 {
                out.add(84, after.wrapping_mul(977) ^ word);
            }
        }
    }
}

/// Which lexicons cover a token, token by token, and where those of each token begin.
struct Covered {
    lexicons: Vec<u16>,
    starts: Vec<usize>,
}

/// Puts the values from a place on in order, each one once.
fn sort_each_once(values: &mut Vec<u16>, from: usize) {
    if values.len() < from + 2 {
        return;
    }
    values.get_mut(from..).unwrap_or_default().sort_unstable();
    let mut at = from + 1;
    while let Some(value) = values.get(at).copied() {
        if values.get(at - 1) == Some(&value) {
            values.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Calls `each` with the number of every bit that is set.
fn for_bits(mut set: FieldSet, mut each: impl FnMut(u32)) {
    while set != 0 {
        each(set.trailing_zeros());
        set &= set - 1;
    }
}

impl Covered {
    fn at(&self, at: usize) -> &[u16] {
        let first = self.starts.get(at).copied().unwrap_or(self.lexicons.len());
        let last = at.checked_add(1).and_then(|next| self.starts.get(next));
        self.lexicons.get(first..last.copied().unwrap_or(self.lexicons.len())).unwrap_or_default()
    }
}

/// The features being collected.
struct Out<'a>(&'a mut Vec<u32>);

impl Out<'_> {
    fn add(&mut self, template: u32, value: u32) {
        self.0.push(mix(template, value));
    }

    /// Several features at once, side by side.
    fn all<const COUNT: usize>(&mut self, features: [(u32, u32); COUNT]) {
        self.0.extend_from_slice(&features.map(|(template, value)| mix(template, value)));
    }

    fn some(&mut self, template: u32, value: u32) {
        if value != 0 {
            self.add(template, value);
        }
    }

    /// One feature for each word field.
    fn fields(&mut self, template: u32, mut set: FieldSet, names: &[u32]) {
        while set != 0 {
            let name = names.get(set.trailing_zeros() as usize).copied();
            self.add(template, name.unwrap_or_default());
            set &= set - 1;
        }
    }

    /// One feature for each bit that is set.
    fn bits(&mut self, template: u32, mut set: u32) {
        while set != 0 {
            self.add(template, set.trailing_zeros());
            set &= set - 1;
        }
    }
}

/// Counts how many words, of those around each, stand without an empty line or another cell between.
fn count_near(page: &Page, words: &mut [Word]) {
    let close = |token: &Token| token.gap <= Gap::Line;
    let most = AROUND as u8;
    let mut count = 0;
    for (word, token) in words.iter_mut().zip(&page.tokens).skip(1) {
        count = if close(token) { most.min(count + 1) } else { 0 };
        word.before = count;
    }
    count = 0;
    for (word, token) in words.iter_mut().zip(&page.tokens).rev() {
        word.behind = count;
        count = if close(token) { most.min(count + 1) } else { 0 };
    }
}

/// The words at and near a token.
fn around(words: &[Word], at: usize, out: &mut Out<'_>) {
    let word = |at: usize| words.get(at).unwrap_or(&Word::EDGE);
    let here = word(at);
    let (before, behind) = (usize::from(here.before), usize::from(here.behind));
    // A neighbour beyond an empty line or in another cell is no neighbour.
    let back = |steps: usize| if steps <= before { word(at - steps) } else { &Word::EDGE };
    let on = |steps: usize| if steps <= behind { word(at + steps) } else { &Word::EDGE };
    let (b1, b2, a1, a2) = (back(1), back(NEAR), on(1), on(NEAR));
    let shapes = here.shape.wrapping_mul(31) ^ b1.shape.wrapping_mul(17) ^ a1.shape;
    out.all([
        (0, 0),
        (WORD, here.whole),
        (2, b1.whole),
        (3, a1.whole),
        (4, b2.whole),
        (5, a2.whole),
        (FRONT, here.front),
        (7, b1.front),
        (8, a1.front),
        (9, b2.front),
        (10, a2.front),
        (11, here.back),
        (12, b1.back),
        (13, a1.back),
        (14, here.shape),
        (15, shapes),
        (20, pair(b1.whole, here.whole)),
        (21, pair(here.whole, a1.whole)),
        (22, pair(b2.whole, b1.whole)),
        (23, pair(a1.whole, a2.whole)),
        (24, pair(b2.whole, here.whole)),
        (25, pair(here.whole, a2.whole)),
        (26, pair(b1.front, here.front)),
        (27, pair(here.front, a1.front)),
        (28, pair(b1.whole, here.shape)),
        (29, pair(a1.whole, here.shape)),
        (30, pair(pair(b2.whole, b1.whole), here.shape)),
        (31, pair(pair(b1.whole, here.whole), a1.whole)),
    ]);
    let farther = words.get(at - before..(at - before).max(at.saturating_sub(NEAR)));
    for word in farther.unwrap_or_default().iter().rev().filter(|word| word.wordy) {
        out.add(40, word.front);
    }
    let farther = words.get((at + NEAR + 1).min(at + behind + 1)..=at + behind);
    for word in farther.unwrap_or_default().iter().filter(|word| word.wordy) {
        out.add(41, word.front);
    }
}

/// Zones are told apart by their number.
const _: () = assert!(Zone::NAMED.len() == 9);
