//! Widths of a font's glyphs, in thousandths of its size, or in its own units where it draws glyphs itself.

use std::collections::HashMap;

use lopdf::{Dictionary, Object};

use super::super::file::File;

/// Known widths.
#[derive(Debug, Default)]
pub(super) struct Widths {
    single: HashMap<u32, f64>,
    /// First, last and their width.
    ranges: Vec<(u32, u32, f64)>,
    /// For those that are not listed.
    other: Option<f64>,
}

impl Widths {
    /// Those of a simple font, by code.
    pub(super) fn of_codes(file: &File, font: &Dictionary) -> Self {
        let first = file.get_count(font, b"FirstChar").unwrap_or(0);
        let listed = file.get_array(font, b"Widths");
        let single = (first..256)
            .zip(listed.unwrap_or_default())
            .filter_map(|(code, width)| Some((u32::try_from(code).ok()?, file.number(width)?)))
            .collect();
        let other = file
            .get_dictionary(font, b"FontDescriptor")
            .and_then(|descriptor| file.get_number(descriptor, b"MissingWidth"))
            .or(listed.is_some().then_some(0.0));
        Self { single, ranges: Vec::new(), other }
    }

    /// Those of the parts of a composite font, by character identifier: `c [w1 w2 …]` and `first last w`.
    pub(super) fn of_identifiers(file: &File, font: &Dictionary) -> Self {
        let mut widths =
            Self { other: file.get_number(font, b"DW").or(Some(1000.0)), ..Self::default() };
        let mut members = file.get_array(font, b"W").unwrap_or_default().iter();
        while let (Some(first), Some(next)) = (members.next(), members.next()) {
            let Some(first) = identifier(file, first) else { break };
            if let Object::Array(listed) = file.resolve(next) {
                for (code, width) in (first..=0xffff).zip(listed) {
                    if let Some(width) = file.number(width) {
                        widths.single.insert(code, width);
                    }
                }
            } else if let (Some(last), Some(width)) =
                (identifier(file, next), members.next().and_then(|width| file.number(width)))
            {
                widths.ranges.push((first, last, width));
            } else {
                break;
            }
        }
        widths.ranges.sort_unstable_by_key(|(first, ..)| *first);
        widths
    }

    /// The width of one, if the font says.
    pub(super) fn of(&self, code: u32) -> Option<f64> {
        if let Some(width) = self.single.get(&code) {
            return Some(*width);
        }
        let before = self.ranges.partition_point(|(first, ..)| *first <= code);
        let range = self.ranges.get(..before).and_then(<[_]>::last);
        range.filter(|(_, last, _)| code <= *last).map(|(.., width)| *width).or(self.other)
    }
}

fn identifier(file: &File, object: &Object) -> Option<u32> {
    match file.resolve(object) {
        Object::Integer(number) => u32::try_from(*number).ok().filter(|number| *number <= 0xffff),
        _ => None,
    }
}
