//! The family of comparisons that an adjustment allows for. Counts each pair of sets of people once; judges nothing.

use std::collections::BTreeMap;

use super::super::judge::AdjustedP;
use super::super::multiplicity;
use super::{Comparison, Layout};

pub(super) struct Adjusted {
    pub(super) each: Vec<AdjustedP>,
    pub(super) family: usize,
}

impl Layout<'_> {
    /// Adjusts for the number of comparisons. The same two sets of people compared from either side, or once as
    /// "others" and once as the reference, are one comparison.
    pub(super) fn adjust(&self, comparisons: &[Comparison]) -> Adjusted {
        let mut family: Vec<f64> = Vec::new();
        let mut anytime: Vec<f64> = Vec::new();
        let mut place = BTreeMap::new();
        let mut places = Vec::new();
        for comparison in comparisons {
            let p = self.tested(comparison).then_some(comparison.measured.mid_p).flatten();
            places.push(p.map(|p| {
                *place.entry(comparison.pair).or_insert_with(|| {
                    family.push(p.p);
                    let streamed = comparison.measured.streamed.as_ref();
                    anytime.push(streamed.map_or(1.0, |streamed| streamed.anytime_p));
                    family.len() - 1
                })
            }));
        }
        let adjusted = multiplicity::adjust(&family);
        let anytime = multiplicity::adjust(&anytime);
        let at = |list: &[f64], place: &Option<usize>| {
            place.and_then(|place| list.get(place).copied()).unwrap_or(1.0)
        };
        let each = places
            .iter()
            .map(|place| AdjustedP {
                holm: at(&adjusted.holm, place),
                benjamini_hochberg: at(&adjusted.benjamini_hochberg, place),
                anytime_holm: at(&anytime.holm, place),
            })
            .collect();
        Adjusted { each, family: family.len() }
    }

    /// Whether a comparison is tested at all: groups too small to show are not.
    fn tested(&self, comparison: &Comparison) -> bool {
        !comparison.share_too_small
            && comparison.measured.pooled.total_1 >= self.request.minimum()
            && comparison.measured.pooled.total_2 >= self.request.minimum()
    }
}
