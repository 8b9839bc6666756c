//! The file of the tagger's weights: text, so that it travels with the other rules.
//!
//! Lines of comment that begin with `#`, then `tags` with the names in order, `scale`, the thresholds
//! (`Thresholds`), one `from` line of transition weights for each tag, and `rows`, after which comes base64 of a zlib
//! stream. In it, for all features in order of their numbers: by how much each number exceeds the one before (first the
//! lowest bytes of all, then the next ones, four in all), then, tag by tag and for the gate last, one signed byte for
//! each feature, which times `scale` is the weight. Side by side like that they take half the room.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::super::TAGS;
use super::{COLUMNS, Model, Row};
use crate::rulebook::RuleError;

/// Bytes of a row before compression.
const ROW: usize = 4 + COLUMNS;
/// How hard to compress, of 10.
const STRENGTH: u8 = 9;
/// No file unpacks to more.
const MOST_BYTES: usize = 16 << 20;

impl Model {
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
        for (name, threshold) in { self.thresholds }.named() {
            let _ = writeln!(text, "{name} {threshold}");
        }
        for moves in &self.moves {
            let moves: Vec<String> = moves.iter().map(|weight| format!("{weight:.3}")).collect();
            let _ = writeln!(text, "from {}", moves.join(" "));
        }
        let _ = writeln!(text, "rows {}", self.rows.len());
        let encoded = STANDARD.encode(packed(&self.rows));
        for line in encoded.as_bytes().chunks(120) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        text
    }

    /// Reads the file of a rule set.
    ///
    /// # Errors
    /// [`RuleError`] names the line and what to do.
    pub fn read(text: &str) -> Result<Self, RuleError> {
        Self::from_text(text).map_err(|(line, message)| RuleError {
            file: "taggers/clues.txt".to_owned(),
            line: Some(line),
            message,
            hint: Some("make the file with examples/train_tagger.rs".to_owned()),
        })
    }

    /// Reads the file. The message of an error says which line is wrong.
    fn from_text(text: &str) -> Result<Self, (usize, String)> {
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
                "scale" => {
                    model.scale = number_in(rest)?;
                    if model.scale <= 0.0 {
                        return Err(failed("a number above 0 is expected"));
                    }
                }
                "from" => {
                    let weights = rest.split(' ').map(number_in).collect::<Result<Vec<_>, _>>()?;
                    let weights = weights.try_into();
                    model.moves.push(weights.map_err(|_| failed("one weight for each tag"))?);
                }
                "rows" => {
                    rows = rest.parse().map_err(|_| failed("a count of rows is expected"))?;
                    break;
                }
                name if model.thresholds.set(name, number_in(rest)?) => {}
                _ => return Err(failed("not a key of a model")),
            }
        }
        let last = text.lines().count();
        if model.moves.len() != TAGS.len() {
            return Err((last, "a transition line for each tag is expected".to_owned()));
        }
        let encoded: String = lines.map(|(_, line)| line).collect();
        let damaged = |what: &str| (last, what.to_owned());
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| damaged("the rows are not base64: the file is damaged"))?;
        let numbered = unpacked(&bytes, rows).ok_or_else(|| {
            damaged("the rows are not as many as announced, or damaged; take the file from where it was made")
        })?;
        Ok(Self::build(model.scale, model.thresholds, model.moves, numbered))
    }
}

/// The rows as they lie in the file.
fn packed(rows: &[Row]) -> Vec<u8> {
    let mut before = 0;
    let steps: Vec<[u8; 4]> = rows
        .iter()
        .map(|row| {
            row.number.wrapping_sub(std::mem::replace(&mut before, row.number)).to_le_bytes()
        })
        .collect();
    let mut bytes = Vec::with_capacity(rows.len() * ROW);
    for place in 0..4 {
        bytes.extend(steps.iter().filter_map(|step| step.get(place)));
    }
    for column in 0..COLUMNS {
        let weights = rows.iter().filter_map(|row| row.weights.as_flattened().get(column));
        bytes.extend(weights.map(|weight| weight.to_le_bytes()[0]));
    }
    compress_to_vec_zlib(&bytes, STRENGTH)
}

/// The rows of a file, if there are so many.
fn unpacked(bytes: &[u8], rows: usize) -> Option<Vec<(u32, [i8; COLUMNS])>> {
    let length = rows.checked_mul(ROW).filter(|length| *length <= MOST_BYTES)?;
    let columns = decompress_to_vec_zlib_with_limit(bytes, MOST_BYTES).ok()?;
    if columns.len() != length {
        return None;
    }
    let mut numbered = vec![(0_u32, [0_i8; COLUMNS]); rows];
    for (column, own) in columns.chunks_exact(rows.max(1)).enumerate() {
        for ((step, weights), byte) in numbered.iter_mut().zip(own) {
            match column.checked_sub(4) {
                None => *step |= u32::from(*byte) << (8 * column),
                Some(column) => {
                    *weights.get_mut(column)? = i8::from_le_bytes([*byte]);
                }
            }
        }
    }
    let mut before = 0_u32;
    for (number, _) in &mut numbered {
        before = before.wrapping_add(*number);
        *number = before;
    }
    Some(numbered)
}
