//! What the tagger looks at in each token, as numbers. The same code serves training and use, so that both see the
//! same. Knows words, writing and lexicons; knows no tag.

use std::sync::Arc;

use super::marks::Marks;
use crate::redaction::fields::{FieldSet, Fields};
use crate::redaction::rules::Rules;
use crate::redaction::text::{Case, Gap, LexiconId, Page, Shape, Zone};

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

/// Turns pages into features.
pub(super) struct Observer {
    /// A number for each lexicon that does not change when lexicons are added.
    lexicons: Vec<u32>,
    fields: Arc<Fields>,
    /// The same for each word field.
    field_names: Vec<u32>,
}

/// What is worked out once for each token.
#[derive(Clone, Copy, Default)]
struct Word {
    whole: u32,
    front: u32,
    back: u32,
    shape: u32,
    wordy: bool,
}

/// What is worked out once for each sentence.
#[derive(Clone, Copy, Default)]
struct Sentence {
    /// Who it speaks of: the candidate, others, a woman or man.
    people: u32,
    /// Kinds that rules found in it.
    kinds: u32,
}

impl Observer {
    pub fn new(rules: &Rules) -> Self {
        let lexicons = rules.vocabulary.lexicon_names();
        let number = |name: &String| hash(name.as_bytes());
        Self {
            lexicons: lexicons.iter().map(|name| hash(name.as_bytes())).collect(),
            fields: Arc::clone(&rules.fields),
            field_names: rules.fields.names().iter().map(number).collect(),
        }
    }

    /// Looks at a page. `marks` is what rules found at each token.
    pub fn observe<'a>(&'a self, page: &'a Page, marks: &'a Marks) -> Seen<'a> {
        let words: Vec<Word> = (0..page.tokens.len()).map(|at| word(page, at)).collect();
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
            field_names: &self.field_names,
        }
    }

    fn lexicons_by_token(&self, page: &Page) -> Covered {
        let mut names: Vec<u32> = Vec::with_capacity(page.tokens.len() * 2);
        let mut starts = Vec::with_capacity(page.tokens.len() + 1);
        // Entries of several tokens that reach on from earlier ones: the name, and one past the last token.
        let mut open: Vec<(u32, usize)> = Vec::new();
        for at in 0..page.tokens.len() {
            let first = names.len();
            starts.push(first);
            open.retain(|(_, end)| *end > at);
            names.extend(open.iter().map(|(name, _)| *name));
            for (LexiconId(lexicon), length) in page.entries(at) {
                let name = self.lexicons.get(usize::from(lexicon)).copied().unwrap_or(0);
                names.push(name);
                if length > 1 {
                    open.push((name, at + length));
                }
            }
            sort_each_once(&mut names, first);
        }
        starts.push(names.len());
        Covered { names, starts }
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
    field_names: &'a [u32],
}

impl Seen<'_> {
    /// The feature that stands for the word itself.
    pub fn word(&self, at: usize) -> u32 {
        mix(WORD, whole_of(&self.words, at))
    }

    /// The few features of a token that tell most of it: the word, its beginning, its lexicons, what rules found. All
    /// of them are among [`Seen::features`] too.
    pub fn gist(&self, at: usize, features: &mut Vec<u32>) {
        let mut out = Out(features);
        let here = self.words.get(at).copied().unwrap_or_default();
        out.add(0, 0);
        out.add(WORD, here.whole);
        out.add(FRONT, here.front);
        out.bits(KINDS, mark(&self.marks.kinds, at));
        for lexicon in self.covered.iter_at(at) {
            out.add(LEXICON, lexicon);
        }
        out.fields(FIELD, set(&self.fields, at), self.field_names);
    }

    /// All features of a token.
    pub fn features(&self, at: usize, features: &mut Vec<u32>) {
        let mut out = Out(features);
        let (page, words, kinds) = (self.page, &self.words, &self.marks.kinds);
        around(page, words, at, &mut out);
        let line = self.lines.get(at).copied().unwrap_or_default();
        out.add(60, line.first);
        out.add(61, line.label);
        out.add(62, line.label ^ shape_of(words, at));
        let zone = page.zone(at) as u32;
        out.add(63, zone);
        out.add(64, zone.wrapping_mul(977) ^ shape_of(words, at));
        out.add(65, zone.wrapping_mul(977) ^ whole_of(words, at));
        let sentence = self.sentences.get(at).copied().unwrap_or_default();
        out.add(66, sentence.people);
        out.add(67, sentence.people.wrapping_mul(977) ^ shape_of(words, at));
        out.bits(70, sentence.kinds);
        out.bits(KINDS, mark(kinds, at));
        out.bits(72, mark(kinds, at.wrapping_sub(1)));
        out.bits(73, mark(kinds, at + 1));
        self.finds(at, &mut out);
        self.about(at, sentence, &mut out);
        for (template, near) in [(LEXICON, at), (81, at.wrapping_sub(1)), (82, at + 1)] {
            for lexicon in self.covered.iter_at(near) {
                out.add(template, lexicon);
            }
        }
    }

    /// What the words at and around a token are about.
    fn about(&self, at: usize, sentence: Sentence, out: &mut Out<'_>) {
        let (fields, names) = (&self.fields, self.field_names);
        let here = set(fields, at);
        out.fields(FIELD, here, names);
        out.fields(91, set(fields, at.wrapping_sub(1)), names);
        out.fields(92, set(fields, at + 1), names);
        let near = (at.saturating_sub(4)..at + 5)
            .filter(|near| *near != at)
            .fold(0, |sets, near| sets | set(fields, near));
        out.fields(93, near, names);
        out.fields(94, set(&self.told, at), names);
        out.fields(95 + 100 * sentence.people, here, names);
    }

    /// Where the finds of single rules begin and end, and on which words: some rules say too little, some too much.
    fn finds(&self, at: usize, out: &mut Out<'_>) {
        let rule = |at: usize| mark(&self.marks.rules, at);
        let (before, here, after) = (rule(at.wrapping_sub(1)), rule(at), rule(at + 1));
        let word = whole_of(&self.words, at);
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
    names: Vec<u32>,
    starts: Vec<usize>,
}

/// Puts the values from a place on in order, each one once.
fn sort_each_once(values: &mut Vec<u32>, from: usize) {
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

impl Covered {
    fn iter_at(&self, at: usize) -> impl Iterator<Item = u32> + '_ {
        let first = self.starts.get(at).copied().unwrap_or(self.names.len());
        let last = at.checked_add(1).and_then(|next| self.starts.get(next));
        let own = self.names.get(first..last.copied().unwrap_or(self.names.len()));
        own.unwrap_or_default().iter().copied()
    }
}

/// The features being collected.
struct Out<'a>(&'a mut Vec<u32>);

impl Out<'_> {
    fn add(&mut self, template: u32, value: u32) {
        self.0.push(mix(template, value));
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

/// The words at and near a token.
fn around(page: &Page, words: &[Word], at: usize, out: &mut Out<'_>) {
    let edge = Word { whole: 1, front: 1, back: 1, shape: 1, wordy: false };
    let beyond = |place: Option<usize>| place.and_then(|place| words.get(place)).copied();
    // A neighbour beyond an empty line or in another cell is no neighbour.
    let before = |steps: usize| {
        let open = (0..steps).all(|step| at >= step && close(page, at - step));
        if open { beyond(at.checked_sub(steps)).unwrap_or(edge) } else { edge }
    };
    let after = |steps: usize| {
        let open = (1..=steps).all(|step| close(page, at + step));
        if open { beyond(Some(at + steps)).unwrap_or(edge) } else { edge }
    };
    let here = beyond(Some(at)).unwrap_or(edge);
    let (b1, b2, a1, a2) = (before(1), before(NEAR), after(1), after(NEAR));
    out.add(0, 0);
    for (template, word) in [(WORD, here), (2, b1), (3, a1), (4, b2), (5, a2)] {
        out.add(template, word.whole);
        out.add(template + 5, word.front);
    }
    out.add(11, here.back);
    out.add(12, b1.back);
    out.add(13, a1.back);
    out.add(14, here.shape);
    out.add(15, here.shape.wrapping_mul(31) ^ b1.shape.wrapping_mul(17) ^ a1.shape);
    for (template, first, second) in [
        (20, b1.whole, here.whole),
        (21, here.whole, a1.whole),
        (22, b2.whole, b1.whole),
        (23, a1.whole, a2.whole),
        (24, b2.whole, here.whole),
        (25, here.whole, a2.whole),
        (26, b1.front, here.front),
        (27, here.front, a1.front),
        (28, b1.whole, here.shape),
        (29, a1.whole, here.shape),
    ] {
        out.add(template, pair(first, second));
    }
    out.add(30, pair(pair(b2.whole, b1.whole), here.shape));
    out.add(31, pair(pair(b1.whole, here.whole), a1.whole));
    let mut left = at;
    for steps in 1..=AROUND {
        if left == 0 || !close(page, left) {
            break;
        }
        left -= 1;
        if let Some(word) = words.get(left).filter(|word| word.wordy && steps > NEAR) {
            out.add(40, word.front);
        }
    }
    for steps in 1..=AROUND {
        if !close(page, at + steps) {
            break;
        }
        if let Some(word) = words.get(at + steps).filter(|word| word.wordy && steps > NEAR) {
            out.add(41, word.front);
        }
    }
}

fn close(page: &Page, at: usize) -> bool {
    page.tokens.get(at).is_some_and(|token| token.gap <= Gap::Line)
}

fn whole_of(words: &[Word], at: usize) -> u32 {
    words.get(at).map_or(0, |word| word.whole)
}

fn shape_of(words: &[Word], at: usize) -> u32 {
    words.get(at).map_or(0, |word| word.shape)
}

fn set(sets: &[FieldSet], at: usize) -> FieldSet {
    sets.get(at).copied().unwrap_or(0)
}

fn mark(marks: &[u32], at: usize) -> u32 {
    marks.get(at).copied().unwrap_or(0)
}

fn word(page: &Page, at: usize) -> Word {
    let Some(token) = page.token(at) else { return Word::default() };
    let lower = page.lower(at);
    let gap = u32::from(matches!(token.gap, Gap::Line | Gap::Break | Gap::Wide));
    let (class, wordy) = match token.shape {
        Shape::Word(case) => (case_number(case), lower.len() > 2),
        Shape::Number => (number_class(lower), true),
        Shape::Mark(mark) => (1000 + u32::from(mark), false),
        Shape::Symbol => (8, false),
        Shape::Hole => (9, false),
    };
    let bytes = lower.as_bytes();
    let (first, rest) = bytes.split_at(bytes.len().min(5));
    let front = hash(first);
    let whole = match token.shape {
        Shape::Number => class,
        Shape::Hole => 9,
        _ => hash_on(front, rest),
    };
    let back = bytes.get(bytes.len().saturating_sub(3)..).map_or(0, hash);
    Word { whole, front, back, shape: class * 2 + gap, wordy }
}

fn case_number(case: Case) -> u32 {
    match case {
        Case::Lower => 10,
        Case::Title => 11,
        Case::Upper => 12,
        Case::Initial => 13,
        Case::Mixed => 14,
    }
}

/// Years by what they say of age, small numbers by the ages they could be, others by length.
fn number_class(text: &str) -> u32 {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value: u32 = text.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let suffix = u32::from(digits < text.len()) * 50;
    let class = match (digits, value) {
        (4, 1930..=1969) => 1,
        (4, 1970..=1989) => 2,
        (4, 1990..=1999) => 3,
        (4, 2000..=2005) => 4,
        (4, 2006..=2014) => 5,
        (4, 2015..=2035) => 6,
        (1 | 2, 0..=12) => 10,
        (2, 13..=19) => 11,
        (2, 20..=39) => 12,
        (2, 40..=79) => 13,
        (2, _) => 14,
        (digits, _) => 20 + digits.min(12) as u32,
    };
    100 + class + suffix
}

/// The first word of the line and the label before the last colon, as far as the walk has come.
#[derive(Clone, Copy, Default)]
struct Line {
    first: u32,
    label: u32,
}

impl Line {
    fn advance(&mut self, page: &Page, words: &[Word], at: usize) -> Self {
        let Some(token) = page.token(at) else { return *self };
        if matches!(token.gap, Gap::Line | Gap::Break) {
            *self = Self { first: whole_of(words, at), label: 2 };
        } else if token.gap == Gap::Wide {
            self.label = 3;
        }
        let ends_label = matches!(token.shape, Shape::Mark(b':' | b'?' | b'|'));
        if ends_label && at > 0 {
            self.label = pair(whole_of(words, at - 1), whole_of(words, at.saturating_sub(2)));
        }
        *self
    }
}

/// For each token, the word fields of its sentence.
fn told(page: &Page, fields: &[FieldSet]) -> Vec<FieldSet> {
    let mut told = Vec::with_capacity(page.tokens.len());
    let mut now = 0;
    for (at, token) in page.tokens.iter().enumerate() {
        if at > told.len() && matches!(token.gap, Gap::Break) {
            told.resize(at, now);
            now = 0;
        }
        now |= set(fields, at);
        if ends_sentence(page, at) {
            told.resize(at + 1, now);
            now = 0;
        }
    }
    told.resize(page.tokens.len(), now);
    told
}

fn ends_sentence(page: &Page, at: usize) -> bool {
    page.token(at)
        .is_some_and(|token| matches!(token.shape, Shape::Mark(b'.' | b'!' | b'?' | b';')))
        && page.token(at + 1).is_none_or(|next| next.gap != Gap::Joined)
}

/// For each token, what its sentence speaks of.
fn sentences(page: &Page, marks: &[u32]) -> Vec<Sentence> {
    let mut sentences = Vec::with_capacity(page.tokens.len());
    let mut start = 0;
    let mut now = Sentence::default();
    for (at, token) in page.tokens.iter().enumerate() {
        if at > start && matches!(token.gap, Gap::Break) {
            sentences.resize(at, now);
            (start, now) = (at, Sentence::default());
        }
        now.kinds |= mark(marks, at);
        now.people |= match page.lower(at) {
            "i" | "my" | "me" | "myself" | "mine" | "'m" | "im" => 1,
            "we" | "our" | "us" => 2,
            "they" | "their" | "them" | "residents" | "clients" | "people" | "families"
            | "service" | "tenants" | "pupils" | "patients" | "customers" | "users" => 4,
            "he" | "she" | "his" | "her" | "him" | "hers" => 8,
            _ => 0,
        };
        if ends_sentence(page, at) {
            sentences.resize(at + 1, now);
            (start, now) = (at + 1, Sentence::default());
        }
    }
    sentences.resize(page.tokens.len(), now);
    sentences
}

/// FNV-1a, 32 bits.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    hash_on(0x811c_9dc5, bytes)
}

/// The hash of what was hashed before with more bytes behind it.
fn hash_on(before: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(before, |h, byte| (h ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn pair(first: u32, second: u32) -> u32 {
    first.rotate_left(13).wrapping_mul(0x9e37_79b9) ^ second
}

/// Scatters a template and its value over 32 bits (the finaliser of MurmurHash3).
fn mix(template: u32, value: u32) -> u32 {
    let mut h = value ^ template.wrapping_add(1).wrapping_mul(0x9e37_79b9);
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// Zones are told apart by their number.
const _: () = assert!(Zone::NAMED.len() == 9);
