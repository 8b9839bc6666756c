//! The weights of the tagger and their file: text, so that it travels with the other rules. Knows the format; knows
//! neither features nor texts.
//!
//! The file: lines of comment that begin with `#`, then `tags` with the names in order, `scale`, the
//! probabilities `enter` and `stay` of `decode` and `veto` below which a rule's clue is withdrawn, one `from` line of transition weights for each tag, and `rows`, after which comes
//! base64 of, for each feature in order of its number: the number (4 bytes, little-endian) and one signed byte for each
//! tag, which times `scale` is the weight.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Scores, TAGS};

const ROW: usize = 4 + TAGS.len();

/// Weights. Without rows it finds nothing.
#[derive(Default)]
pub(in crate::redaction) struct Model {
    scale: f32,
    enter: f32,
    stay: f32,
    veto: f32,
    /// `moves[to][from]`.
    moves: Vec<Scores>,
    /// Their exponentials.
    move_factors: Vec<Scores>,
    /// The same, `[from][to]`.
    onward_factors: Vec<Scores>,
    /// Open addressing: the feature's number (0 is empty) and its row.
    slots: Vec<(u32, u32)>,
    /// A few bits for each slot, set where a feature with a row falls: small enough to stay at hand, so that most
    /// features without a row need no look at the slots. Empty without rows.
    present: Vec<u64>,
    rows: Vec<[i8; TAGS.len()]>,
}

/// Weights as training makes them.
pub(super) struct Weights {
    /// `moves[to][from]`.
    pub moves: Vec<Scores>,
    /// By feature number.
    pub rows: Vec<(u32, Scores)>,
}

impl Model {
    /// Weights rounded to what the file can hold.
    pub(super) fn from_weights(weights: &Weights, [enter, stay, veto]: [f32; 3]) -> Self {
        let largest = weights
            .rows
            .iter()
            .flat_map(|(_, row)| row.iter())
            .fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let scale = (largest / 127.0).max(1e-6);
        let rows = weights.rows.iter().map(|(number, row)| {
            (*number, row.map(|weight| (weight / scale).round().clamp(-127.0, 127.0) as i8))
        });
        Self::build(scale, [enter, stay, veto], weights.moves.clone(), rows.collect())
    }

    fn build(
        scale: f32,
        [enter, stay, veto]: [f32; 3],
        moves: Vec<Scores>,
        mut numbered: Vec<(u32, [i8; TAGS.len()])>,
    ) -> Self {
        numbered.retain(|(number, row)| *number != 0 && row.iter().any(|weight| *weight != 0));
        numbered.sort_unstable_by_key(|(number, _)| *number);
        let size = (numbered.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![(0, 0); size];
        let mut rows = Vec::with_capacity(numbered.len());
        for (number, row) in numbered {
            let mut at = number as usize & (size - 1);
            while slots.get(at).is_some_and(|(taken, _)| *taken != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = (number, rows.len() as u32);
            }
            rows.push(row);
        }
        let move_factors: Vec<Scores> = moves.iter().map(|row| row.map(f32::exp)).collect();
        let onward_factors = (0..TAGS.len())
            .map(|from| {
                let mut onto = [0.0; TAGS.len()];
                for (place, row) in onto.iter_mut().zip(&move_factors) {
                    *place = row.get(from).copied().unwrap_or(0.0);
                }
                onto
            })
            .collect();
        let mut present = vec![0_u64; (size * 4).div_ceil(64)];
        for (number, _) in slots.iter().filter(|(number, _)| *number != 0) {
            let (part, bit) = presence(*number, present.len());
            present.get_mut(part).into_iter().for_each(|bits| *bits |= bit);
        }
        Self { scale, enter, stay, veto, moves, move_factors, onward_factors, slots, present, rows }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How probable the surest token of a passage must be.
    pub fn enter(&self) -> f32 {
        self.enter
    }

    /// How probable every token of a passage must be.
    pub fn stay(&self) -> f32 {
        self.stay
    }

    /// How improbable a clue of a rule must be to be withdrawn.
    pub fn veto(&self) -> f32 {
        self.veto
    }

    /// By how much a step from each tag, into each tag, is favoured.
    pub fn onward_factors(&self) -> &[Scores] {
        &self.onward_factors
    }

    /// By how much a step into each tag, from each tag, is favoured.
    pub fn move_factors(&self) -> &[Scores] {
        &self.move_factors
    }

    /// The score of each tag for a token with these features.
    pub fn scores(&self, features: &[u32]) -> Scores {
        let mut sums = [0_i32; TAGS.len()];
        for number in features {
            if let Some(row) = self.row(*number) {
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += i32::from(*weight);
                }
            }
        }
        sums.map(|sum| sum as f32 * self.scale)
    }

    fn row(&self, number: u32) -> Option<&[i8; TAGS.len()]> {
        let (part, bit) = presence(number, self.present.len());
        if self.present.get(part)? & bit == 0 {
            return None;
        }
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = number as usize & mask;
        loop {
            match self.slots.get(at) {
                Some((found, row)) if *found == number => return self.rows.get(*row as usize),
                Some((0, _)) | None => return None,
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    /// The model as its file.
    pub fn to_text(&self, comment: &str) -> String {
        let mut text = String::new();
        for line in comment.lines() {
            let _ = writeln!(text, "# {line}");
        }
        let names: Vec<&str> =
            TAGS.iter().map(|tag| tag.map_or("nothing", |k| k.as_str())).collect();
        let _ = writeln!(text, "tags {}", names.join(" "));
        let _ = writeln!(text, "scale {}", self.scale);
        let _ = writeln!(text, "enter {}", self.enter);
        let _ = writeln!(text, "stay {}", self.stay);
        let _ = writeln!(text, "veto {}", self.veto);
        for moves in &self.moves {
            let moves: Vec<String> = moves.iter().map(|weight| format!("{weight:.3}")).collect();
            let _ = writeln!(text, "from {}", moves.join(" "));
        }
        let mut numbered: Vec<&(u32, u32)> =
            self.slots.iter().filter(|(number, _)| *number != 0).collect();
        numbered.sort_unstable();
        let mut bytes = Vec::with_capacity(numbered.len() * ROW);
        for (number, row) in numbered {
            bytes.extend_from_slice(&number.to_le_bytes());
            let row = self.rows.get(*row as usize);
            bytes.extend(row.into_iter().flatten().map(|weight| weight.to_le_bytes()[0]));
        }
        let _ = writeln!(text, "rows {}", numbered_len(&bytes));
        let encoded = STANDARD.encode(bytes);
        for line in encoded.as_bytes().chunks(120) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        text
    }

    /// Reads the file. The message of an error says which line is wrong.
    pub fn from_text(text: &str) -> Result<Self, (usize, String)> {
        let mut model = Self::default();
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let mut rows = 0;
        for (number, line) in lines.by_ref() {
            let failed = |what: &str| (number + 1, what.to_owned());
            let (key, rest) = line.split_once(' ').ok_or_else(|| failed("a key and its value"))?;
            let number_in = |text: &str| {
                text.parse::<f32>()
                    .ok()
                    .filter(|number| number.is_finite())
                    .ok_or_else(|| failed("a number is expected"))
            };
            match key {
                "tags" => {
                    let own = TAGS.iter().map(|tag| tag.map_or("nothing", |kind| kind.as_str()));
                    if !own.eq(rest.split(' ')) {
                        return Err(failed("the tags are not those of this program; train again"));
                    }
                }
                "scale" => model.scale = number_in(rest)?,
                "enter" => model.enter = number_in(rest)?,
                "stay" => model.stay = number_in(rest)?,
                "veto" => model.veto = number_in(rest)?,
                "from" => {
                    let weights = rest.split(' ').map(number_in).collect::<Result<Vec<_>, _>>()?;
                    let weights = weights.try_into();
                    model.moves.push(weights.map_err(|_| failed("one weight for each tag"))?);
                }
                "rows" => {
                    rows = rest.parse().map_err(|_| failed("a count of rows is expected"))?;
                    break;
                }
                _ => return Err(failed("not a key of a model")),
            }
        }
        let last = text.lines().count();
        if model.moves.len() != TAGS.len() {
            return Err((last, "a transition line for each tag is expected".to_owned()));
        }
        let encoded: String = lines.map(|(_, line)| line).collect();
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| (last, "the rows are not base64: the file is damaged".to_owned()))?;
        if bytes.len() != rows * ROW {
            return Err((last, format!("{rows} rows are announced, and others follow")));
        }
        let numbered = bytes.chunks_exact(ROW).filter_map(|row| {
            let (number, weights) = row.split_first_chunk::<4>()?;
            let weights: [u8; TAGS.len()] = weights.try_into().ok()?;
            Some((u32::from_le_bytes(*number), weights.map(|byte| i8::from_le_bytes([byte]))))
        });
        let thresholds = [model.enter, model.stay, model.veto];
        Ok(Self::build(model.scale, thresholds, model.moves, numbered.collect()))
    }
}

/// Where a feature's bit of presence lies in so many words; their number is a power of two.
fn presence(number: u32, words: usize) -> (usize, u64) {
    ((number >> 6) as usize & words.wrapping_sub(1), 1 << (number & 63))
}

fn numbered_len(bytes: &[u8]) -> usize {
    bytes.len() / ROW
}
