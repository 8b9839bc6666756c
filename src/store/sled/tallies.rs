//! The tallies of one characteristic of one vacancy as one entry: an audit reads a few hundred of them, not tens of
//! thousands. Cells that count nobody are not kept. Knows neither vacancy nor characteristic, which are in the key.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::keys;
use crate::domain::{CategoryId, StageId, TallyCounts};
use crate::store::StoreError;

const VIEW: &str = "tally";

/// Cells by category and stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells(BTreeMap<(CategoryId, StageId), TallyCounts>);

impl Cells {
    pub(super) fn add(&mut self, category: CategoryId, stage: StageId, counts: TallyCounts) {
        *self.0.entry((category, stage)).or_default() += counts;
    }

    /// The entry's value: for each category its name and how many stages it has, then for each stage its name and four
    /// counts. A name is its length and its letters; a number is seven bits a byte, the sign in the lowest bit.
    /// `None` when nobody is counted.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let mut of: BTreeMap<&CategoryId, Vec<(&StageId, &TallyCounts)>> = BTreeMap::new();
        for ((category, stage), counts) in self.0.iter().filter(|(_, counts)| !counts.is_zero()) {
            of.entry(category).or_default().push((stage, counts));
        }
        let mut bytes = Vec::new();
        for (category, stages) in &of {
            put_name(&mut bytes, category.as_str());
            put_number(&mut bytes, stages.len() as i64);
            for (stage, counts) in stages {
                put_name(&mut bytes, stage.as_str());
                let TallyCounts { reached, progressed, unsuccessful, withdrawn } = **counts;
                for count in [reached, progressed, unsuccessful, withdrawn] {
                    put_number(&mut bytes, count);
                }
            }
        }
        (!bytes.is_empty()).then_some(bytes)
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut cells = BTreeMap::new();
        read(bytes, |category, stage, counts| {
            cells.insert((category.clone(), stage.clone()), counts);
        })?;
        Ok(Self(cells))
    }
}

/// Calls with each cell of an entry's value.
pub(super) fn read(
    bytes: &[u8],
    cell: impl FnMut(&CategoryId, &StageId, TallyCounts),
) -> Result<(), StoreError> {
    Names::default().read(bytes, cell)
}

/// Names that were read as ids before: entries of one characteristic hold the same few again and again.
#[derive(Default)]
pub(super) struct Names {
    categories: Vec<CategoryId>,
    stages: Vec<StageId>,
}

impl Names {
    /// Calls with each cell of an entry's value.
    pub(super) fn read(
        &mut self,
        mut bytes: &[u8],
        mut cell: impl FnMut(&CategoryId, &StageId, TallyCounts),
    ) -> Result<(), StoreError> {
        let damaged = || StoreError::Damaged { view: VIEW };
        while !bytes.is_empty() {
            let name = take_name(&mut bytes).ok_or_else(damaged)?;
            let category = known(&mut self.categories, name, CategoryId::as_str)?;
            for _ in 0..take_number(&mut bytes).ok_or_else(damaged)? {
                let name = take_name(&mut bytes).ok_or_else(damaged)?;
                let stage = known(&mut self.stages, name, StageId::as_str)?;
                let mut count = || take_number(&mut bytes).ok_or_else(damaged);
                let (reached, progressed) = (count()?, count()?);
                let (unsuccessful, withdrawn) = (count()?, count()?);
                let counts = TallyCounts { reached, progressed, unsuccessful, withdrawn };
                cell(category, stage, counts);
            }
        }
        Ok(())
    }
}

/// The id of a name, from the list of known ones or added to it.
fn known<'k, Id: FromStr>(
    known: &'k mut Vec<Id>,
    name: &[u8],
    text: fn(&Id) -> &str,
) -> Result<&'k Id, StoreError> {
    let place = match known.iter().position(|id| text(id).as_bytes() == name) {
        Some(place) => place,
        None => {
            known.push(keys::id(VIEW, name)?);
            known.len() - 1
        }
    };
    known.get(place).ok_or(StoreError::Damaged { view: VIEW })
}

fn put_name(bytes: &mut Vec<u8>, name: &str) {
    put_number(bytes, name.len() as i64);
    bytes.extend_from_slice(name.as_bytes());
}

fn put_number(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned();
    while rest > 0x7f {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn take_name<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(take_number(bytes)?).ok()?;
    let (name, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(name)
}

fn take_number(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(list: &[(&str, &str, [i64; 4])]) -> Cells {
        let mut cells = Cells::default();
        for (category, stage, [reached, progressed, unsuccessful, withdrawn]) in list {
            let counts = TallyCounts {
                reached: *reached,
                progressed: *progressed,
                unsuccessful: *unsuccessful,
                withdrawn: *withdrawn,
            };
            cells.add(category.parse().unwrap(), stage.parse().unwrap(), counts);
        }
        cells
    }

    #[test]
    fn every_cell_comes_back_whatever_its_counts() {
        let all = cells(&[
            ("female", "received", [10, 3, 5, 1]),
            ("female", "shortlisted", [i64::MAX, i64::MIN, -1, 64]),
            ("male", "received", [127, 128, 16_384, 0]),
        ]);
        assert_eq!(Cells::decode(&all.encode().unwrap()).unwrap(), all);
    }

    #[test]
    fn a_cell_that_counts_nobody_any_more_is_not_kept() {
        let mut all = cells(&[("female", "received", [1, 0, 0, 0])]);
        all.add(
            "female".parse().unwrap(),
            "received".parse().unwrap(),
            TallyCounts { reached: -1, ..TallyCounts::default() },
        );
        assert_eq!(all.encode(), None);
    }

    #[test]
    fn a_value_that_is_cut_off_is_damaged() {
        let bytes = cells(&[("female", "received", [1000, 3, 5, 1])]).encode().unwrap();
        for end in 1..bytes.len() {
            assert!(Cells::decode(&bytes[..end]).is_err(), "{end}");
        }
    }
}
