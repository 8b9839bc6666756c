//! The weights of the tagger: which features have any, and what they add up to. Knows neither features nor texts.

mod file;

use super::decode::{LANES, Shares};
use super::{Scores, TAGS};

/// Weights in a row: one for each tag, and that of the gate.
pub(super) const COLUMNS: usize = TAGS.len() + 1;

/// Where decisions change: what a model that is sure enough does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// How probable the surest token of a passage must be; lower finds more, and more that is not there.
    pub enter: f32,
    /// The same for a token to be part of a name.
    pub names: f32,
    /// How probable every token of a passage must be; lower makes passages longer.
    pub stay: f32,
    /// The same around what a rule found.
    pub widen: f32,
    /// A clue that a rule found is dropped when none of its tokens is more probable than this.
    pub doubt: f32,
    /// Words at the ends of such a clue are left standing when they are less probable than this.
    pub trim: f32,
    /// The logarithm of the odds that a token is to be hidden, by its few most telling features, from which on it and its
    /// neighbours are weighed in full; lower is slower.
    pub gate: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { enter: 0.4, names: 0.12, stay: 0.3, widen: 0.3, doubt: 0.15, trim: 0.1, gate: -1.75 }
    }
}

impl Thresholds {
    /// Each with its name in the file.
    fn named(&mut self) -> [(&'static str, &mut f32); 7] {
        [
            ("enter", &mut self.enter),
            ("names", &mut self.names),
            ("stay", &mut self.stay),
            ("widen", &mut self.widen),
            ("doubt", &mut self.doubt),
            ("trim", &mut self.trim),
            ("gate", &mut self.gate),
        ]
    }

    /// Sets one by its name; whether there is one of that name.
    pub fn set(&mut self, name: &str, value: f32) -> bool {
        let mut named = self.named();
        let found = named.iter_mut().find(|(own, _)| *own == name);
        found.map(|(_, threshold)| **threshold = value).is_some()
    }
}

/// Weights. Without rows it finds nothing.
#[derive(Default)]
pub(in crate::redaction) struct Model {
    scale: f32,
    thresholds: Thresholds,
    /// `moves[to][from]`.
    moves: Vec<Scores>,
    /// Their exponentials.
    move_factors: Vec<Shares>,
    /// The same, `[from][to]`.
    onward_factors: Vec<Shares>,
    /// What a tag weighs beside the likeliest of a token, by how many steps its score is lower.
    lesser: Vec<f32>,
    /// In order of their numbers.
    rows: Vec<Row>,
    /// Numbers are spread evenly, so the first bits of one tell where its row stands, and mostly that there is none;
    /// small enough to stay at hand. Empty without rows.
    places: Vec<Places>,
    /// How many of the last bits of a number do not count for its place.
    shift: u32,
}

/// A feature and its weights. Aligned so that none lies across two lines of the processor's cache.
#[repr(align(32))]
struct Row {
    number: u32,
    weights: Row8,
}

/// Weights in groups of eight, some of them always 0, so that each group is summed at once.
type Row8 = [[i8; 8]; COLUMNS.div_ceil(8)];

/// Sums of rows.
pub(super) type Sums = [[i16; 8]; COLUMNS.div_ceil(8)];

/// No tag weighs less than this beside the likeliest of its token.
const LEAST: f32 = 1e-12;

/// The rows of so many features are fetched at once.
const AT_ONCE: usize = 64;
/// Beyond all rows.
const NOWHERE: u32 = u32::MAX;

/// Which of eight neighbouring places hold a row (the last eight bits), and how many rows stand before all of them.
#[derive(Clone, Copy, Default)]
struct Places(u32);

/// How many bits of a byte are set.
const BITS: [u8; 256] = {
    let mut bits = [0; 256];
    let mut byte = 1;
    while byte < 256 {
        bits[byte] = bits[byte / 2] + (byte % 2) as u8;
        byte += 1;
    }
    bits
};

/// Weights as training makes them.
pub(super) struct Weights {
    /// `moves[to][from]`.
    pub moves: Vec<Scores>,
    /// By feature number.
    pub rows: Vec<(u32, [f32; COLUMNS])>,
}

impl Model {
    /// Weights rounded to what the file can hold.
    pub(super) fn from_weights(weights: &Weights, levels: i8, thresholds: Thresholds) -> Self {
        let largest = weights
            .rows
            .iter()
            .flat_map(|(_, row)| row.iter())
            .fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let most = f32::from(levels);
        let scale = (largest / most).max(1e-6);
        let rows = weights.rows.iter().map(|(number, row)| {
            let steps = row.map(|weight| (weight / scale).round());
            (*number, around_commonest(steps).map(|step| step.clamp(-most, most) as i8))
        });
        Self::build(scale, thresholds, weights.moves.clone(), rows.collect())
    }

    fn build(
        scale: f32,
        thresholds: Thresholds,
        moves: Vec<Scores>,
        mut numbered: Vec<(u32, [i8; COLUMNS])>,
    ) -> Self {
        numbered.retain(|(number, row)| *number != 0 && row.iter().any(|weight| *weight != 0));
        numbered.sort_unstable_by_key(|(number, _)| *number);
        let rows: Vec<Row> = numbered
            .into_iter()
            .map(|(number, own)| {
                let mut weights = Row8::default();
                let places = weights.iter_mut().flatten();
                places.zip(own).for_each(|(place, weight)| *place = weight);
                Row { number, weights }
            })
            .collect();
        // Some four to eight places for each row, so that few rows share one.
        let bits = (rows.len() * 4).next_power_of_two().ilog2().clamp(4, 31);
        let shift = u32::BITS - bits;
        let mut places = vec![Places::default(); if rows.is_empty() { 0 } else { 1 << (bits - 3) }];
        for (at, row) in (0_u32..).zip(&rows) {
            let (group, bit) = place(row.number, shift);
            if let Some(Places(own)) = places.get_mut(group) {
                // The first row of a group finds it empty.
                *own = if *own == 0 { at << 8 | bit } else { *own | bit };
            }
        }
        let mut move_factors = vec![Shares::default(); moves.len()];
        let mut onward_factors = vec![Shares::default(); TAGS.len()];
        for (to, (row, moves)) in move_factors.iter_mut().zip(&moves).enumerate() {
            for ((factor, weight), onward) in row.iter_mut().zip(moves).zip(&mut onward_factors) {
                *factor = weight.exp();
                onward.get_mut(to).into_iter().for_each(|place| *place = *factor);
            }
        }
        let lesser: Vec<f32> = (0..=u16::MAX)
            .map(|steps| (-f32::from(steps) * scale).exp())
            .take_while(|weight| *weight > LEAST)
            .collect();
        Self { scale, thresholds, moves, move_factors, onward_factors, lesser, rows, places, shift }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where decisions change.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// By how much a step from each tag, into each tag, is favoured.
    pub fn onward_factors(&self) -> &[Shares] {
        &self.onward_factors
    }

    /// By how much a step into each tag, from each tag, is favoured.
    pub fn move_factors(&self) -> &[Shares] {
        &self.move_factors
    }

    /// The sums of what was summed before and of the weights of some features. Sums of a hundred features are far from the
    /// bounds of their numbers, so they are the same in whichever order features come. Rows lie all over memory, and
    /// fetching is what takes the time: so first where those of many features stand is looked up, then they are summed, and
    /// nothing else is done between, for which the next would have to wait.
    pub fn sums(&self, before: &Sums, features: &[u32]) -> Sums {
        let mut sums = *before;
        let mut places = [NOWHERE; AT_ONCE];
        for some in features.chunks(AT_ONCE) {
            for (place, number) in places.iter_mut().zip(some) {
                *place = self.place_of(*number);
            }
            for (place, number) in places.iter().zip(some) {
                let Some(row) = self.row_from(*place, *number) else { continue };
                for (sums, weights) in sums.iter_mut().zip(row) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = sum.saturating_add(i16::from(*weight));
                    }
                }
            }
        }
        sums
    }

    /// What each tag weighs at a token whose features sum up to this: the exponentials of scores, the largest of which
    /// becomes 1.
    pub fn weights(&self, sums: &Sums) -> Shares {
        let sums = sums.as_flattened().get(..TAGS.len()).unwrap_or_default();
        let most = sums.iter().copied().fold(i16::MIN, i16::max);
        let mut weights = [0.0; LANES];
        for (weight, sum) in weights.iter_mut().zip(sums) {
            let steps = usize::from(most.abs_diff(*sum));
            *weight = self.lesser.get(steps).copied().unwrap_or(LEAST);
        }
        weights
    }

    /// The weight of a feature for the gate; nothing for a feature without weights.
    pub fn gate(&self, number: u32) -> Option<i8> {
        let row = self.row_from(self.place_of(number), number)?;
        row.as_flattened().get(COLUMNS - 1).copied()
    }

    /// Whether a token may be worth weighing in full, by the sum of the gate's weights of the few features that tell most
    /// of it.
    pub fn opens(&self, gate: i32) -> bool {
        gate as f32 * self.scale >= self.thresholds.gate
    }

    /// Where a feature's row stands, or the first of few among which it would; [`NOWHERE`] for most that have none.
    fn place_of(&self, number: u32) -> u32 {
        let (group, bit) = place(number, self.shift);
        let Places(places) = self.places.get(group).copied().unwrap_or_default();
        if places & bit == 0 {
            return NOWHERE;
        }
        let before = BITS[(places & (bit - 1)) as usize % BITS.len()];
        (places >> 8) + u32::from(before)
    }

    fn row_from(&self, place: u32, number: u32) -> Option<&Row8> {
        let mut at = place as usize;
        loop {
            let row = self.rows.get(at)?;
            if row.number >= number {
                return (row.number == number).then_some(&row.weights);
            }
            at += 1;
        }
    }
}

/// The place of a number: its group of eight, and its bit there.
fn place(number: u32, shift: u32) -> (usize, u32) {
    let place = number >> shift;
    (place as usize / 8, 1 << (place % 8))
}

/// A row whose commonest weight is 0: what is added to all tags alike decides nothing, and zeros pack well. The last
/// column, which is no tag's, stays.
fn around_commonest(mut row: [f32; COLUMNS]) -> [f32; COLUMNS] {
    let tags = row.get(..TAGS.len()).unwrap_or_default();
    let times = |step: f32| tags.iter().filter(|own| **own == step).count();
    let common = tags.iter().copied().max_by_key(|step| times(*step)).unwrap_or_default();
    row.iter_mut().take(TAGS.len()).for_each(|step| *step -= common);
    row
}
