//! The machine that runs a compiled word pattern on a page: steps over tokens, with bounded backtracking. Knows tokens,
//! lexicons and programs, not rules.

use super::super::text::{Case, Page, Shape, WordId};
use super::entrance::PageSigns;
use super::program::{Class, Program, Step, has_bucket};

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
pub(super) const LONGEST_CLAUSE: usize = 16;

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
    signs: &'a PageSigns,
    tried: &'a mut Tried,
}

#[derive(Clone, Copy)]
struct Marks {
    open: usize,
    close: Option<usize>,
}

impl Program {
    /// Runs the program at a token. `signs` are those of the page.
    pub fn run(
        &self,
        page: &Page,
        signs: &PageSigns,
        at: usize,
        tried: &mut Tried,
    ) -> Option<Found> {
        let mut run = Run { page, program: self, begin: at, signs, tried };
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
                Step::Split(..) => {
                    let begins = at == self.begin;
                    let sign = if begins { self.signs.own(at) } else { self.signs.after(at) };
                    let program = self.program;
                    let mut ways = program.choices.ways_on(step, sign);
                    let mut way = ways.next()?;
                    if self.tried.again(step, at - self.begin) {
                        return None;
                    }
                    for next in ways {
                        if let Some(found) = self.go(way, at, marks) {
                            return Some(found);
                        }
                        way = next;
                    }
                    step = way;
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
            // A line that begins with a capital is the next entry of a list more often than the same sentence.
            let next_entry = token.gap == super::super::text::Gap::Line
                && token.is_capital()
                && self.page.lower(at) != "i";
            if ends || next_entry || !self.follows(at) {
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
