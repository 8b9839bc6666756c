//! What every match of a program must hold, and where on a page that stands: most programs cannot match in most parts
//! of a page, and are not run there. Knows words and lexicons by number; runs nothing.

use std::collections::HashMap;

use super::super::text::{LexiconId, Page, WordId};
use super::entrance::first_steps;
use super::program::{Program, Step};
use super::run::LONGEST_CLAUSE;

/// Something that every match of a program holds: one of these words, or an entry of one of these lexicons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
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

/// Everything that some program needs, numbered, and for each word and lexicon the needs that it meets. A page is read
/// once for all of them.
#[derive(Default)]
pub struct Needed {
    numbers: HashMap<Need, u32>,
    /// For each word a number among those that meet a need; 0 for the many that meet none.
    words: Vec<u32>,
    /// For each of those numbers, the needs that the word meets.
    of_words: Vec<Vec<u32>>,
    /// The same for each lexicon.
    of_lexicons: Vec<Vec<u32>>,
    /// The needs of all programs, one program's after another's.
    asked: Vec<u32>,
    /// For each program, where its needs stand there, and the most tokens that a match can take.
    programs: Vec<(u32, u32, u32)>,
}

impl Needed {
    /// Numbers what a program needs. Programs are known by the order in which they come.
    pub fn learn(&mut self, program: &mut Program) {
        let start = self.asked.len() as u32;
        for need in std::mem::take(&mut program.needs) {
            let number = self.number(need);
            self.asked.push(number);
        }
        let longest = u32::try_from(program.longest).unwrap_or(u32::MAX);
        self.programs.push((start, self.asked.len() as u32, longest));
    }

    /// How many programs there are.
    pub fn programs(&self) -> usize {
        self.programs.len()
    }

    /// The parts of a page from which everything that a match of a program must hold can be reached.
    pub fn may_match(&self, program: usize, present: &Present) -> Parts {
        let Some((start, end, longest)) = self.programs.get(program) else { return Parts::MAX };
        // A match that begins in one part may end in one of those after it.
        let longest = *longest as usize;
        let on = (1 + longest.saturating_sub(2) / present.part_length.max(1)).min(63);
        let mut parts = Parts::MAX;
        for need in self.asked.get(*start as usize..*end as usize).unwrap_or_default() {
            parts &= reached(present.held.get(*need as usize).copied().unwrap_or(0), on);
            if parts == 0 {
                break;
            }
        }
        parts
    }

    fn number(&mut self, need: Need) -> u32 {
        if let Some(number) = self.numbers.get(&need) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        for word in &need.words {
            if self.words.len() <= word.index() {
                self.words.resize(word.index() + 1, 0);
            }
            if let Some(place) = self.words.get_mut(word.index()) {
                if *place == 0 {
                    // The first list is that of the words that meet no need.
                    self.of_words.resize(self.of_words.len().max(1) + 1, Vec::new());
                    *place = self.of_words.len() as u32 - 1;
                }
                self.of_words.get_mut(*place as usize).into_iter().for_each(|own| own.push(number));
            }
        }
        for lexicon in &need.lexicons {
            let place = usize::from(lexicon.0);
            self.of_lexicons.resize(self.of_lexicons.len().max(place + 1), Vec::new());
            self.of_lexicons.get_mut(place).into_iter().for_each(|own| own.push(number));
        }
        self.numbers.insert(need, number);
        number
    }

    fn word(&self, word: WordId) -> usize {
        self.words.get(word.index()).copied().unwrap_or(0) as usize
    }
}

/// The parts of a page that hold what each need asks for.
pub struct Present {
    /// By the number of the need.
    held: Vec<Parts>,
    part_length: usize,
}

/// The most tokens that any match may take.
const LONGEST_MATCH: usize = 64;
/// A part is at least so many tokens long.
const SHORTEST_PART: usize = 8;

impl Present {
    /// What a page has.
    pub fn on(page: &Page, needed: &Needed) -> Self {
        let part_length = page.tokens.len().div_ceil(64).max(SHORTEST_PART);
        let held = vec![0; needed.numbers.len()];
        let mut present = Self { held, part_length };
        let mut words: Vec<Parts> = vec![0; needed.of_words.len()];
        let mut lexicons: Vec<Parts> = vec![0; needed.of_lexicons.len()];
        for (at, token) in page.tokens.iter().enumerate() {
            let part = 1 << present.part(at);
            words.get_mut(needed.word(token.word)).into_iter().for_each(|parts| *parts |= part);
            for (lexicon, _) in page.entries(at) {
                let place = usize::from(lexicon.0);
                lexicons.get_mut(place).into_iter().for_each(|parts| *parts |= part);
            }
        }
        present.meet(&needed.of_words, &words);
        present.meet(&needed.of_lexicons, &lexicons);
        present
    }

    fn meet(&mut self, needs: &[Vec<u32>], parts: &[Parts]) {
        for (needs, parts) in needs.iter().zip(parts).filter(|(_, parts)| **parts != 0) {
            for need in needs {
                self.held.get_mut(*need as usize).into_iter().for_each(|held| *held |= parts);
            }
        }
    }

    /// The part that a token stands in.
    pub fn part(&self, at: usize) -> u32 {
        (at / self.part_length.max(1)).min(63) as u32
    }
}

/// Parts, and up to so many before each of them.
fn reached(held: Parts, on: usize) -> Parts {
    let (mut reached, mut back) = (held, 0);
    while back < on {
        let step = (back + 1).min(on - back);
        reached |= reached >> step;
        back += step;
    }
    reached
}
