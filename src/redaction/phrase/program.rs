//! A compiled word pattern and the machine that runs it: steps over tokens, with bounded backtracking. Knows tokens
//! and lexicons, not rules.

use super::super::text::{Case, LexiconId, Page, Shape, WordId};
use super::entrance::{Signs, ahead_of_steps, of_token as signs_of_first};

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

/// A match, in tokens: the passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// First token of the passage.
    pub first: usize,
    /// One past the last token of the passage.
    pub last: usize,
    /// One past the last token of the whole match.
    pub end: usize,
}

/// A compiled word pattern.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) steps: Vec<Step>,
    /// Words, each with whether it must have a capital, in order of word.
    pub(super) sets: Vec<Vec<(WordId, bool)>>,
    needs: Vec<Need>,
    /// For each step, what the next token can be on every way on from it; empty until [`Program::look_ahead`].
    ahead: Vec<Signs>,
    /// For each set, in which of a few buckets its words lie, so that most other words need no search.
    buckets: Vec<Buckets>,
}

/// A bit for each bucket of words.
type Buckets = [u64; 4];

/// The place of a word's bit.
fn bucket(word: WordId) -> (usize, u64) {
    let place = word.index() % 256;
    (place / 64, 1 << (place % 64))
}

fn has_bucket(buckets: &Buckets, word: WordId) -> bool {
    let (part, bit) = bucket(word);
    buckets.get(part).is_some_and(|bits| bits & bit != 0)
}

/// Words after which a clause is over.
const CLAUSE_ENDS: [&str; 14] = [
    "and",
    "but",
    "so",
    "because",
    "which",
    "although",
    "though",
    "while",
    "therefore",
    "however",
    "or",
    "if",
    "then",
    "since",
];
/// The longest clause that a rule removes, in tokens.
const LONGEST_CLAUSE: usize = 16;

/// Which choices have been tried at which token, so that none is tried twice: this keeps a run linear in the steps.
/// One is kept for a whole page and cleaned after each run.
#[derive(Default)]
pub struct Tried {
    /// For each step, a bit for each token of the window.
    masks: Vec<u64>,
    touched: Vec<usize>,
}

impl Tried {
    /// Whether a choice was tried before; from now on it was. Tokens beyond the window count as tried.
    fn again(&mut self, step: usize, offset: usize) -> bool {
        if offset >= 64 {
            return true;
        }
        if self.masks.len() <= step {
            self.masks.resize(step + 64, 0);
        }
        let Some(mask) = self.masks.get_mut(step) else { return true };
        if *mask == 0 {
            self.touched.push(step);
        }
        let bit = 1 << offset;
        let before = *mask & bit != 0;
        *mask |= bit;
        before
    }

    fn clean(&mut self) {
        for step in self.touched.drain(..) {
            if let Some(mask) = self.masks.get_mut(step) {
                *mask = 0;
            }
        }
    }
}

struct Run<'a> {
    page: &'a Page,
    program: &'a Program,
    begin: usize,
    /// The signs of the token at which the run begins.
    first: Signs,
    /// The signs of every token as one that follows another.
    signs: &'a [Signs],
    tried: &'a mut Tried,
}

#[derive(Clone, Copy)]
struct Marks {
    open: usize,
    close: Option<usize>,
}

/// Something that every match of a program holds.
#[derive(Debug, Clone, Copy)]
enum Need {
    Word(WordId),
    Lexicon(LexiconId),
    Set(u16),
}

/// In which parts of a page a match of a program can begin, one bit for each part.
pub type Parts = u64;

/// Numbers for the words that some program needs: far fewer than there are words.
#[derive(Default)]
pub struct Slots {
    /// For each word its number; 0 for the many that no program needs.
    of: Vec<u32>,
    count: u32,
}

impl Slots {
    /// Gives numbers to the words that a program needs.
    pub fn learn(&mut self, program: &Program) {
        for need in &program.needs {
            match need {
                Need::Word(word) => self.add(*word),
                Need::Lexicon(_) => {}
                Need::Set(set) => {
                    let words = program.sets.get(usize::from(*set)).into_iter().flatten();
                    words.for_each(|(word, _)| self.add(*word));
                }
            }
        }
    }

    fn add(&mut self, word: WordId) {
        if self.of.len() <= word.index() {
            self.of.resize(word.index() + 1, 0);
        }
        if let Some(slot) = self.of.get_mut(word.index()).filter(|slot| **slot == 0) {
            self.count += 1;
            *slot = self.count;
        }
    }

    fn of(&self, word: WordId) -> usize {
        self.of.get(word.index()).copied().unwrap_or(0) as usize
    }
}

/// The parts of a page that hold each word that some program needs, and each lexicon.
pub struct Present<'a> {
    slots: &'a Slots,
    /// By slot; what no program needs shares the first.
    words: Vec<Parts>,
    lexicons: Vec<Parts>,
    part_length: usize,
}

/// The tokens that a match may take; a part is at least as long, so that a match touches two parts at most.
const LONGEST_MATCH: usize = 64;

impl<'a> Present<'a> {
    /// What a page has.
    pub fn on(page: &Page, slots: &'a Slots) -> Self {
        let words = slots.count as usize + 1;
        let part_length = page.tokens.len().div_ceil(64).max(LONGEST_MATCH);
        let mut present =
            Self { slots, words: vec![0; words], lexicons: vec![0; 256], part_length };
        for (at, token) in page.tokens.iter().enumerate() {
            let part = 1 << present.part(at);
            if let Some(parts) = present.words.get_mut(slots.of(token.word)) {
                *parts |= part;
            }
            for (lexicon, _) in page.entries(at) {
                if let Some(parts) = present.lexicons.get_mut(usize::from(lexicon.0)) {
                    *parts |= part;
                }
            }
        }
        present
    }

    /// The part that a token stands in.
    pub fn part(&self, at: usize) -> u32 {
        (at / self.part_length.max(1)).min(63) as u32
    }

    fn word(&self, word: WordId) -> Parts {
        self.words.get(self.slots.of(word)).copied().unwrap_or(0)
    }
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
        let mut program = Self { steps, sets, needs: Vec::new(), ahead: Vec::new(), buckets };
        program.needs = (0..program.steps.len())
            .filter_map(|at| {
                let need = match program.steps.get(at)? {
                    Step::Word(word, _) => Need::Word(*word),
                    Step::Lexicon(lexicon) => Need::Lexicon(*lexicon),
                    Step::OneOf(set) => Need::Set(*set),
                    _ => return None,
                };
                program.cannot_avoid(at).then_some(need)
            })
            .collect();
        program
    }

    /// Whether no way through the program leaves out a step.
    fn cannot_avoid(&self, avoided: usize) -> bool {
        let mut pending = vec![0_usize];
        let mut seen = vec![false; self.steps.len()];
        while let Some(at) = pending.pop() {
            if at == avoided || seen.get(at).copied().unwrap_or(true) {
                continue;
            }
            if let Some(seen) = seen.get_mut(at) {
                *seen = true;
            }
            match self.steps.get(at) {
                Some(Step::Done) => return false,
                Some(Step::Split(one, other)) => {
                    pending.extend([usize::from(*one), usize::from(*other)]);
                }
                Some(Step::Jump(to)) => pending.push(usize::from(*to)),
                _ => pending.push(at + 1),
            }
        }
        true
    }

    /// The parts of a page from which everything that a match must hold can be reached.
    pub fn may_match(&self, present: &Present<'_>) -> Parts {
        let mut parts = Parts::MAX;
        for need in &self.needs {
            let held = match need {
                Need::Word(word) => present.word(*word),
                Need::Lexicon(lexicon) => {
                    present.lexicons.get(usize::from(lexicon.0)).copied().unwrap_or(Parts::MAX)
                }
                Need::Set(set) => self
                    .sets
                    .get(usize::from(*set))
                    .into_iter()
                    .flatten()
                    .fold(0, |parts, (word, _)| parts | present.word(*word)),
            };
            // A match that begins in one part may end in the next.
            parts &= held | held >> 1;
            if parts == 0 {
                break;
            }
        }
        parts
    }

    /// Works out what the next token can be at each step, with what the first words of each lexicon's entries can be.
    pub fn look_ahead(&mut self, lexicons: &[Signs]) {
        self.ahead = ahead_of_steps(self, lexicons);
    }

    /// Runs the program at a token. `signs` are those of [`super::signs_of`] for the page.
    pub fn run(&self, page: &Page, signs: &[Signs], at: usize, tried: &mut Tried) -> Option<Found> {
        let first = page.token(at).map_or(Signs::MAX, signs_of_first);
        let mut run = Run { page, program: self, begin: at, first, signs, tried };
        let result = run.go(0, at, Marks { open: at, close: None });
        run.tried.clean();
        let (end, marks) = result?;
        let found = Found { first: marks.open, last: marks.close.unwrap_or(end), end };
        (found.first < found.last).then_some(found)
    }
}

impl Run<'_> {
    fn go(&mut self, mut step: usize, mut at: usize, mut marks: Marks) -> Option<(usize, Marks)> {
        loop {
            match *self.program.steps.get(step)? {
                Step::Done => return Some((at, marks)),
                Step::Open => marks.open = at,
                Step::Close => marks.close = Some(at),
                Step::Jump(to) => {
                    step = usize::from(to);
                    continue;
                }
                Step::Split(one, other) => {
                    // A way on that cannot take the next token is not gone; the answer is the same.
                    let (one_fits, other_fits) = (self.can_go(one, at), self.can_go(other, at));
                    if !(one_fits || other_fits) {
                        return None;
                    }
                    if self.tried.again(step, at - self.begin) {
                        return None;
                    }
                    if !other_fits {
                        step = usize::from(one);
                        continue;
                    }
                    if one_fits && let Some(found) = self.go(usize::from(one), at, marks) {
                        return Some(found);
                    }
                    step = usize::from(other);
                    continue;
                }
                Step::LineStart => {
                    let cell = self.page.layout.cell_at(at)?;
                    (cell.first == at).then_some(())?;
                }
                Step::LineEnd => {
                    let cell = self.page.layout.cell_at(at.checked_sub(1)?)?;
                    (cell.last == at).then_some(())?;
                }
                Step::Rest(sentence) => at = self.rest(at, sentence),
                Step::Lexicon(lexicon) => {
                    self.follows(at).then_some(())?;
                    // Longest first; then every shorter one.
                    let longest = self.page.longest(at, lexicon)?;
                    for length in (1..longest).rev() {
                        let next = length + 1;
                        if self.page.has_entry(at, lexicon, next)
                            && let Some(found) = self.go(step + 1, at + next, marks)
                        {
                            return Some(found);
                        }
                    }
                    if longest > 1 && !self.page.has_entry(at, lexicon, 1) {
                        return None;
                    }
                    at += 1;
                }
                Step::OneOf(set) => {
                    let token = self.page.token(at)?;
                    let buckets = self.program.buckets.get(usize::from(set))?;
                    if !has_bucket(buckets, token.word) {
                        return None;
                    }
                    let words = self.program.sets.get(usize::from(set))?;
                    let place = words.binary_search_by_key(&token.word, |(word, _)| *word).ok()?;
                    let capital = words.get(place).is_some_and(|(_, capital)| *capital);
                    ((!capital || token.is_capital()) && self.follows(at)).then_some(())?;
                    at += 1;
                }
                Step::Word(word, capital) => {
                    let token = self.page.token(at)?;
                    let fits = token.word == word && (!capital || token.is_capital());
                    (fits && self.follows(at)).then_some(())?;
                    at += 1;
                }
                Step::Class(class) => {
                    (self.follows(at) && is_of(self.page, at, class)).then_some(())?;
                    // Names do not run on from one line to the next; sentences do.
                    let capital = matches!(class, Class::Capital | Class::Stranger);
                    (!capital || at == self.begin || self.page.beside(at)).then_some(())?;
                    at += 1;
                }
            }
            step += 1;
        }
    }

    /// Whether the token at a place can be one that a step, or those after it that take none, go on with.
    fn can_go(&self, step: u16, at: usize) -> bool {
        let sign = if at == self.begin {
            self.first
        } else {
            self.signs.get(at).copied().unwrap_or(Signs::MAX)
        };
        self.program.ahead.get(usize::from(step)).is_none_or(|ahead| ahead & sign != 0)
    }

    /// Whether a token may stand directly after the one before it in a match.
    fn follows(&self, at: usize) -> bool {
        at == self.begin
            || self.page.joined(at)
                && (self.page.beside(at) || !self.page.layout.is_heading(at.wrapping_sub(1)))
    }

    fn rest(&self, start: usize, sentence: bool) -> usize {
        let mut at = start;
        while at < start + LONGEST_CLAUSE {
            let Some(token) = self.page.token(at) else { break };
            let ends = match token.shape {
                Shape::Hole => true,
                Shape::Mark(b',' | b':' | b'(' | b')') => !sentence,
                Shape::Mark(b';' | b'!' | b'?' | b'|' | b'"' | b'/') => true,
                Shape::Mark(b'.') => self
                    .page
                    .token(at + 1)
                    .is_none_or(|next| next.gap != super::super::text::Gap::Joined),
                Shape::Word(_) => !sentence && CLAUSE_ENDS.contains(&self.page.lower(at)),
                _ => false,
            };
            if ends || !self.follows(at) {
                break;
            }
            at += 1;
        }
        at
    }
}

/// Whether a token is of a class.
pub fn is_of(page: &Page, at: usize, class: Class) -> bool {
    let Some(token) = page.token(at) else { return false };
    match class {
        Class::Word => token.is_word(),
        Class::Capital => token.is_capital(),
        Class::Stranger => token.is_capital() && token.word == WordId::UNKNOWN,
        Class::Initial => token.is_initial(),
        Class::Lower => token.shape == Shape::Word(Case::Lower),
        Class::Number => token.shape == Shape::Number,
        Class::TwoDigits => token.shape == Shape::Number && token.len() == 2,
        Class::Age => (14..=99).contains(&number(page, at)),
        Class::Year => (1930..=2035).contains(&number(page, at)),
        Class::OldYear => (1930..=2005).contains(&number(page, at)),
    }
}

/// The value of a token of digits only; 0 for anything else.
fn number(page: &Page, at: usize) -> u32 {
    if page.token(at).is_none_or(|token| token.shape != Shape::Number || token.len() > 4) {
        return 0;
    }
    page.word(at).parse().unwrap_or(0)
}
