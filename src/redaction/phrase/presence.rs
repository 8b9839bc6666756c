//! What every match of a program must hold, and where on a page that stands: most programs cannot match in most parts
//! of a page, and are not run there. Knows words and lexicons by number; runs nothing.

use super::super::text::{LexiconId, Page, WordId};
use super::entrance::first_steps;
use super::program::{Program, Step};
use super::run::LONGEST_CLAUSE;

/// Something that every match of a program holds: one of these words, or an entry of one of these lexicons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Need {
    words: Vec<WordId>,
    lexicons: Vec<LexiconId>,
}

/// What every match of a program holds after its first token.
pub(super) fn needs_of(program: &Program) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    let at_once = program.steps.iter().position(takes_a_token).unwrap_or(0);
    for (at, step) in program.steps.iter().enumerate().skip(at_once + 1) {
        if !matches!(step, Step::Word(..) | Step::OneOf(_) | Step::Lexicon(_) | Step::Split(..))
            || is_avoidable(program, at)
        {
            continue;
        }
        needs.extend(need_from(program, at).filter(|need| !needs.contains(need)));
    }
    // What few words can meet is asked for first: it leaves the fewest parts.
    needs.sort_by_key(|need| need.words.len() + need.lexicons.len());
    needs
}

/// What the next token is from a step on, on every way on; nothing if it may be anything.
fn need_from(program: &Program, step: usize) -> Option<Need> {
    let mut need = Need::default();
    for step in first_steps(program, step)? {
        match program.steps.get(step)? {
            Step::Word(word, _) => need.words.push(*word),
            Step::Lexicon(lexicon) => need.lexicons.push(*lexicon),
            Step::OneOf(set) => {
                let words = program.sets.get(usize::from(*set))?;
                need.words.extend(words.iter().map(|(word, _)| *word));
            }
            _ => return None,
        }
    }
    Some(need)
}

/// Whether some way through a program leaves out a step: some way leads from before it to behind it. Ways never lead
/// back, since what repeats is written out.
fn is_avoidable(program: &Program, step: usize) -> bool {
    program.steps.iter().take(step).any(|before| match before {
        Step::Split(_, other) => usize::from(*other) > step,
        Step::Jump(to) => usize::from(*to) > step,
        _ => false,
    })
}

fn takes_a_token(step: &Step) -> bool {
    matches!(step, Step::Word(..) | Step::OneOf(_) | Step::Lexicon(_) | Step::Class(_))
}

/// The most tokens that a match can take from each step on, the longest first; a clause's length is bounded too.
pub(super) fn longest_match(program: &Program, longest_entry: usize) -> usize {
    let mut longest = vec![0_usize; program.steps.len() + 1];
    for (at, step) in program.steps.iter().enumerate().rev() {
        let known = |step: usize| longest.get(step).copied().unwrap_or(LONGEST_MATCH);
        let here = match step {
            Step::Split(one, other) => known(usize::from(*one)).max(known(usize::from(*other))),
            Step::Jump(to) => known(usize::from(*to)),
            Step::Lexicon(_) => longest_entry + known(at + 1),
            Step::Rest(_) => LONGEST_CLAUSE + known(at + 1),
            Step::Done => 0,
            step => usize::from(takes_a_token(step)) + known(at + 1),
        };
        if let Some(place) = longest.get_mut(at) {
            *place = here;
        }
    }
    longest.first().copied().unwrap_or(LONGEST_MATCH)
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
        let words = program.needs.iter().flat_map(|need| &need.words);
        words.for_each(|word| self.add(*word));
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

/// The most tokens that any match may take.
const LONGEST_MATCH: usize = 64;
/// A part is at least so many tokens long.
const SHORTEST_PART: usize = 8;

impl<'a> Present<'a> {
    /// What a page has.
    pub fn on(page: &Page, slots: &'a Slots) -> Self {
        let words = slots.count as usize + 1;
        let part_length = page.tokens.len().div_ceil(64).max(SHORTEST_PART);
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

    fn any_of(&self, need: &Need) -> Parts {
        let words = need.words.iter().map(|word| self.words.get(self.slots.of(*word)));
        let lexicons =
            need.lexicons.iter().map(|lexicon| self.lexicons.get(usize::from(lexicon.0)));
        words.chain(lexicons).fold(0, |parts, held| parts | held.copied().unwrap_or(0))
    }
}

impl Program {
    /// The parts of a page from which everything that a match must hold can be reached.
    pub fn may_match(&self, present: &Present<'_>) -> Parts {
        // A match that begins in one part may end in one of those after it.
        let on = 1 + self.longest.saturating_sub(2) / present.part_length.max(1);
        let mut parts = Parts::MAX;
        for need in &self.needs {
            let held = present.any_of(need);
            parts &= (1..=on.min(63)).fold(held, |reached, back| reached | held >> back);
            if parts == 0 {
                break;
            }
        }
        parts
    }
}
