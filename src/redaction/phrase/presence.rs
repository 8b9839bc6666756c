//! What every match of a program must hold, and where on a page that stands: most programs cannot match in most parts
//! of a page, and are not run there. Knows words and lexicons by number; runs nothing.

use std::collections::HashMap;

use super::super::text::{LexiconId, Page, WordId};
use super::entrance::Walks;
use super::program::{Program, Step};
use super::run::LONGEST_CLAUSE;

/// Something that every match of a program holds: one of these words, or an entry of one of these lexicons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Need {
    words: Vec<WordId>,
    lexicons: Vec<LexiconId>,
}

/// What every match of a program holds after its first token.
pub(super) fn needs_of(program: &Program, walks: &mut Walks<'_>) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    let at_once = program.steps.iter().position(takes_a_token).unwrap_or(0);
    // The farthest step to which some way leads from the steps so far. What lies before it can be left out. Ways never
    // lead back, since what repeats is written out.
    let mut farthest = 0;
    for (at, step) in program.steps.iter().enumerate() {
        let asks =
            matches!(step, Step::Word(..) | Step::OneOf(_) | Step::Lexicon(_) | Step::Split(..));
        if at > at_once && asks && farthest <= at {
            needs.extend(need_from(program, walks, at).filter(|need| !needs.contains(need)));
        }
        if let Step::Split(_, to) | Step::Jump(to) = step {
            farthest = farthest.max(usize::from(*to));
        }
    }
    // What few words can meet is asked for first: it leaves the fewest parts.
    needs.sort_by_key(|need| need.words.len() + need.lexicons.len());
    needs
}

/// What the next token is from a step on, on every way on; nothing if it may be anything.
fn need_from(program: &Program, walks: &mut Walks<'_>, step: usize) -> Option<Need> {
    let mut need = Need::default();
    for step in walks.first_steps(step)? {
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

/// Everything that some program needs, numbered. A page is read once for all of them.
#[derive(Default)]
pub struct Needed {
    numbers: HashMap<Need, u32>,
    /// For each word a number among all words and lexicons that meet a need; 0 for the many that meet none.
    words: Vec<u32>,
    /// The same for each lexicon.
    lexicons: Vec<u32>,
    /// How many numbers have been given.
    given: u32,
    /// What meets each need, by those numbers, one need's after another's.
    meets: Vec<u32>,
    /// For each need, where that stands there.
    needs: Vec<(u32, u32)>,
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
        let on = (1 + (longest.saturating_sub(2) >> present.part_bits)).min(63);
        let mut parts = Parts::MAX;
        for need in self.asked.get(*start as usize..*end as usize).unwrap_or_default() {
            parts &= reached(self.held(*need as usize, present), on);
            if parts == 0 {
                break;
            }
        }
        parts
    }

    /// The parts of a page that hold what a need asks for.
    fn held(&self, need: usize, present: &Present) -> Parts {
        let (start, end) = self.needs.get(need).copied().unwrap_or_default();
        let meets = self.meets.get(start as usize..end as usize).unwrap_or_default();
        let parts = meets.iter().filter_map(|number| present.parts.get(*number as usize));
        parts.fold(0, |held, parts| held | parts)
    }

    fn number(&mut self, need: Need) -> u32 {
        if let Some(number) = self.numbers.get(&need) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        let start = self.meets.len() as u32;
        for word in &need.words {
            self.meets.push(numbered(&mut self.words, word.index(), &mut self.given));
        }
        for lexicon in &need.lexicons {
            self.meets.push(numbered(&mut self.lexicons, lexicon.0.into(), &mut self.given));
        }
        self.needs.push((start, self.meets.len() as u32));
        self.numbers.insert(need, number);
        number
    }
}

/// The number of a word or lexicon: the next one, if it has none.
fn numbered(numbers: &mut Vec<u32>, at: usize, given: &mut u32) -> u32 {
    numbers.resize(numbers.len().max(at + 1), 0);
    numbers.get_mut(at).map_or(0, |number| {
        if *number == 0 {
            *given += 1;
            *number = *given;
        }
        *number
    })
}

/// The parts of a page that hold each word and lexicon which meets some need.
pub struct Present {
    /// By number; the first are those of what meets none.
    parts: Vec<Parts>,
    /// Parts are two to this power of tokens long.
    part_bits: u32,
}

/// The most tokens that any match may take.
const LONGEST_MATCH: usize = 64;
/// A part is at least so many tokens long.
const SHORTEST_PART: usize = 8;

impl Present {
    /// What a page has.
    pub fn on(page: &Page, needed: &Needed) -> Self {
        let part_length = page.tokens.len().div_ceil(64).max(SHORTEST_PART);
        let part_bits = part_length.next_power_of_two().ilog2();
        let mut present = Self { parts: vec![0; needed.given as usize + 1], part_bits };
        for (at, token) in page.tokens.iter().enumerate() {
            let part = 1 << present.part(at);
            let lexicons =
                page.entries(at).map(|(lexicon, _)| needed.lexicons.get(lexicon.0 as usize));
            for number in lexicons.chain([needed.words.get(token.word.index())]).flatten() {
                let parts = present.parts.get_mut(*number as usize);
                parts.into_iter().for_each(|parts| *parts |= part);
            }
        }
        present
    }

    /// The part that a token stands in.
    pub fn part(&self, at: usize) -> u32 {
        (at >> self.part_bits).min(63) as u32
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
