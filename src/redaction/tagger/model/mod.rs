//! The weights of the tagger: which features have any, and what they add up to. Knows neither features nor texts.

mod file;

use super::decode::{LANES, Shares, exponentials};
use super::{NOTHING, Scores, TAGS};

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
    /// The exponentials of the scores of a token that is not weighed.
    unweighed: Shares,
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

/// The rows of so many features are fetched at once.
const AT_ONCE: usize = 64;
const NO_WEIGHTS: &Row8 = &[[0; 8]; COLUMNS.div_ceil(8)];

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
        let move_factors: Vec<Shares> = moves.iter().map(|row| lanes(row.map(f32::exp))).collect();
        let onward_factors = (0..TAGS.len())
            .map(|from| {
                let mut onto = [0.0; LANES];
                for (place, row) in onto.iter_mut().zip(&move_factors) {
                    *place = row.get(from).copied().unwrap_or(0.0);
                }
                onto
            })
            .collect();
        let unweighed = exponentials(&NOTHING);
        Self {
            scale,
            thresholds,
            moves,
            move_factors,
            onward_factors,
            unweighed,
            rows,
            places,
            shift,
        }
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

    /// The exponentials of the scores of a token that is not weighed.
    pub fn unweighed(&self) -> &Shares {
        &self.unweighed
    }

    /// Whether a feature has weights.
    pub fn knows(&self, number: u32) -> bool {
        self.row(number).is_some()
    }

    /// The weights of up to [`AT_ONCE`] features, with how many of these have any. Rows lie all over memory, and fetching
    /// is what takes the time: so first where they stand is looked up, then all are fetched, and nothing else is done
    /// between, for which the next would have to wait.
    fn rows_of<'m>(&'m self, features: &[u32], rows: &mut [&'m Row8; AT_ONCE]) -> usize {
        let mut places = [(0_u32, 0_u32); AT_ONCE];
        let mut free = places.iter_mut();
        for number in features {
            if let Some(at) = self.place_of(*number)
                && let Some(place) = free.next()
            {
                *place = (at, *number);
            }
        }
        let found = AT_ONCE - free.len();
        let mut free = rows.iter_mut();
        for (at, number) in places.iter().take(found) {
            if let Some(weights) = self.row_from(*at as usize, *number)
                && let Some(place) = free.next()
            {
                *place = weights;
            }
        }
        AT_ONCE - free.len()
    }

    /// The sums of what was summed before and of the weights of some features. Sums of a hundred features are far from the
    /// bounds of their numbers, so they are the same in whichever order features come.
    pub fn sums(&self, before: &Sums, features: &[u32]) -> Sums {
        let mut sums = *before;
        let mut rows = [NO_WEIGHTS; AT_ONCE];
        for some in features.chunks(AT_ONCE) {
            let found = self.rows_of(some, &mut rows);
            for row in rows.iter().take(found) {
                for (sums, weights) in sums.iter_mut().zip(*row) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = sum.saturating_add(i16::from(*weight));
                    }
                }
            }
        }
        sums
    }

    /// The score of each tag for a token whose features sum up to this.
    pub fn scores(&self, sums: &Sums) -> Scores {
        let mut scores = [0.0; TAGS.len()];
        for (score, sum) in scores.iter_mut().zip(sums.as_flattened()) {
            *score = f32::from(*sum) * self.scale;
        }
        scores
    }

    /// For each of some tokens whether it may be worth weighing in full, by the few features that tell most of it: those
    /// of all tokens in a row, and where those of each end.
    pub fn opens(&self, gists: &[u32], ends: &[usize]) -> Vec<bool> {
        let gate = |number: &u32| self.row(*number)?.as_flattened().get(COLUMNS - 1).copied();
        let gates: Vec<i8> = gists.iter().map(|number| gate(number).unwrap_or(0)).collect();
        let mut start = 0;
        let opens = ends.iter().map(|end| {
            let own = gates.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default();
            let sum: i32 = own.iter().copied().map(i32::from).sum();
            sum as f32 * self.scale >= self.thresholds.gate
        });
        opens.collect()
    }

    /// Where a feature's row stands, or the first of few among which it would; nothing for most that have none.
    fn place_of(&self, number: u32) -> Option<u32> {
        let (group, bit) = place(number, self.shift);
        let Places(places) = *self.places.get(group)?;
        let before = BITS[(places & (bit - 1)) as usize % BITS.len()];
        (places & bit != 0).then_some((places >> 8) + u32::from(before))
    }

    fn row_from(&self, mut at: usize, number: u32) -> Option<&Row8> {
        loop {
            let row = self.rows.get(at)?;
            if row.number >= number {
                return (row.number == number).then_some(&row.weights);
            }
            at += 1;
        }
    }

    fn row(&self, number: u32) -> Option<&Row8> {
        self.row_from(self.place_of(number)? as usize, number)
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

fn lanes(row: Scores) -> Shares {
    let mut lanes = [0.0; LANES];
    lanes.iter_mut().zip(row).for_each(|(lane, value)| *lane = value);
    lanes
}
