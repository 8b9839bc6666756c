//! A compiled word pattern and the machine that runs it: steps over tokens, with bounded backtracking. Knows tokens
//! and lexicons, not rules.

use super::super::text::{Case, LexiconId, Page, Shape, WordId};

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

/// The parts of a page that hold each word and each lexicon.
#[derive(Default)]
pub struct Present {
    words: Vec<Parts>,
    lexicons: Vec<Parts>,
    part_length: usize,
}

/// The tokens that a match may take; a part is at least as long, so that a match touches two parts at most.
const LONGEST_MATCH: usize = 64;

impl Present {
    /// What a page has, where `words` is how many words the rules know.
    pub fn on(page: &Page, words: usize) -> Self {
        let part_length = page.tokens.len().div_ceil(64).max(LONGEST_MATCH);
        let mut present = Self { words: vec![0; words], lexicons: vec![0; 256], part_length };
        for (at, token) in page.tokens.iter().enumerate() {
            let part = 1 << present.part(at);
            if let Some(parts) = present.words.get_mut(token.word.index()) {
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
        self.words.get(word.index()).copied().unwrap_or(0)
    }
}

impl Program {
    /// A program, with what every match of it must hold.
    pub(super) fn new(steps: Vec<Step>, sets: Vec<Vec<(WordId, bool)>>) -> Self {
        let mut program = Self { steps, sets, needs: Vec::new() };
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
    pub fn may_match(&self, present: &Present) -> Parts {
        self.needs.iter().fold(Parts::MAX, |parts, need| {
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
            parts & (held | held >> 1)
        })
    }

    /// Runs the program at a token.
    pub fn run(&self, page: &Page, at: usize, tried: &mut Tried) -> Option<Found> {
        let mut run = Run { page, program: self, begin: at, tried };
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
                    if self.tried.again(step, at - self.begin) {
                        return None;
                    }
                    if let Some(found) = self.go(usize::from(one), at, marks) {
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
