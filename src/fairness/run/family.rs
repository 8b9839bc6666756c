//! The family of comparisons that an adjustment allows for. Counts each pair of sets of people once; judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::super::compare::Measured;
use super::super::journey::Stretch;
use super::super::judge::AdjustedP;
use super::super::multiplicity;
use super::super::numeric::Probability;
use super::super::view::total;
use super::protection::Protection;
use super::{Comparison, Layout};
use crate::rulebook::Comparator;

/// The family.
///
/// A p-value of a comparison whose counts are hidden enters no other comparison's adjustment, and the number of
/// comparisons tells at most how many groups are too small to be tested: more would tell of hidden counts. Where even
/// that would tell too much, it is the largest number that there can be, so that the chance of a false finding stays
/// what it is.
pub(super) struct Family {
    /// For each comparison its adjusted p-values.
    pub(super) each: Vec<AdjustedP>,
    /// How many comparisons are allowed for.
    pub(super) size: usize,
    shown: Ladder,
    shown_anytime: Ladder,
}

/// The p-values that are shown, from the smallest upwards, and what Holm's adjustment makes of them: the running maximum
/// that whatever comes after them starts from.
struct Ladder {
    sorted: Vec<Probability>,
    running: Vec<Probability>,
    size: usize,
}

impl Ladder {
    fn of(shown: &[Probability], size: usize) -> Self {
        let mut sorted = shown.to_vec();
        sorted.sort_by(Probability::order);
        let steps = sorted.iter().enumerate();
        let running = steps.scan(Probability::ZERO, |running, (rank, p)| {
            *running = running.max(p.times((size - rank.min(size)) as f64));
            Some(*running)
        });
        let running = running.collect();
        Self { sorted, running, size }
    }

    /// Holm's adjustment of one further p-value among them, all others of the family being 1.
    fn holm_of(&self, p: Probability) -> Probability {
        let rank = self.sorted.partition_point(|shown| shown.order(&p).is_lt());
        let before = rank.checked_sub(1).and_then(|last| self.running.get(last));
        let size = self.size.max(self.sorted.len() + 1);
        p.times((size - rank) as f64).max(before.copied().unwrap_or(Probability::ZERO))
    }
}

impl Family {
    /// The adjusted p-values of one comparison whose counts are hidden: among those that are shown, and as if no other
    /// hidden one had found anything.
    pub(super) fn adjusted_for(&self, measured: &Measured) -> AdjustedP {
        let p = measured.mid_p.unwrap_or(Probability::ONE);
        let anytime_p = anytime_p(measured);
        AdjustedP {
            holm: self.shown.holm_of(p),
            // It is not shown, and no verdict rests on it.
            benjamini_hochberg: Probability::ONE,
            anytime_holm: self.shown_anytime.holm_of(anytime_p),
        }
    }
}

impl Layout<'_> {
    /// Adjusts for the number of comparisons. The same two sets of people compared from either side, or once as
    /// "others" and once as the reference, are one comparison.
    pub(super) fn adjust(&self, comparisons: &[Comparison], protection: &Protection) -> Family {
        let hidden: Vec<bool> =
            comparisons.iter().map(|one| self.is_comparison_hidden(one, protection)).collect();
        let (mut shown, mut shown_anytime) = (Vec::new(), Vec::new());
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        for (comparison, _) in comparisons.iter().zip(&hidden).filter(|(_, hidden)| !**hidden) {
            let p = self.tested(comparison).then_some(comparison.measured.mid_p).flatten();
            let (Some(p), false) = (p, places.contains_key(&comparison.pair)) else { continue };
            places.insert(comparison.pair, shown.len());
            shown.push(p);
            shown_anytime.push(anytime_p(&comparison.measured));
        }
        let size = shown.len() + self.unseen(comparisons, &hidden, &places, protection);
        let padded = |shown: &[Probability]| {
            let mut all = shown.to_vec();
            all.resize(size, Probability::ONE);
            multiplicity::adjust(&all)
        };
        let (adjusted, anytime) = (padded(&shown), padded(&shown_anytime));
        let mut family = Family {
            each: Vec::new(),
            size,
            shown: Ladder::of(&shown, size),
            shown_anytime: Ladder::of(&shown_anytime, size),
        };
        let at = |list: &[Probability], place: usize| {
            list.get(place).copied().unwrap_or(Probability::ONE)
        };
        let each = comparisons.iter().map(|comparison| match places.get(&comparison.pair) {
            Some(place) => AdjustedP {
                holm: at(&adjusted.holm, *place),
                benjamini_hochberg: at(&adjusted.benjamini_hochberg, *place),
                anytime_holm: at(&anytime.holm, *place),
            },
            None => family.adjusted_for(&comparison.measured),
        });
        family.each = each.collect();
        family
    }

    /// How many comparisons with hidden counts are allowed for: those of groups that are large enough to be tested, or where that number would tell of
    /// small counts, as many as there can be.
    fn unseen(
        &self,
        comparisons: &[Comparison],
        hidden: &[bool],
        shown: &BTreeMap<usize, usize>,
        protection: &Protection,
    ) -> usize {
        let mut counted: BTreeSet<usize> = shown.keys().copied().collect();
        // Pairs that are tested, those whose own group is hidden, and those where it is only the one compared with.
        let mut pairs: BTreeMap<(usize, Stretch, Comparator), [usize; 3]> = BTreeMap::new();
        for (comparison, _) in comparisons.iter().zip(hidden).filter(|(_, hidden)| **hidden) {
            if !counted.insert(comparison.pair) {
                continue;
            }
            let sides = comparison.sides;
            let found =
                pairs.entry((sides.view, sides.stretch, comparison.comparator)).or_default();
            let is_own = self.is_concealed(sides.view, sides.member, sides.stretch, protection);
            found[0] += usize::from(self.is_large_enough(comparison));
            found[if is_own { 1 } else { 2 }] += 1;
        }
        let each = pairs.into_iter().map(|((view, stretch, _), [tested, own, compared])| {
            let most = self.most_large_groups(view, stretch, protection);
            most.map_or(tested, |most| most.min(own) + compared)
        });
        each.sum()
    }

    /// The most hidden groups of a view that can be large enough to be tested, where to say how many are would tell of
    /// those that are not: where their sum leaves next to no choice.
    fn most_large_groups(
        &self,
        view: usize,
        stretch: Stretch,
        protection: &Protection,
    ) -> Option<usize> {
        let minimum = self.request.minimum();
        let hidden = protection.hidden.get(view)?;
        let (mut known, mut unknown, mut people) = (0, 0, 0);
        for member in 0..self.views[view].members.len() {
            let (entered, passed) = self.is_hidden(hidden, member, stretch);
            let count = total(self.member(view, member, stretch)).entered;
            if entered {
                (unknown, people) = (unknown + 1, people + count);
            } else if passed && count >= minimum {
                known += 1;
            }
        }
        let enough = minimum.saturating_sub(1) / 2;
        let is_narrow = |large: u64| {
            let small = unknown - large;
            let least = minimum.saturating_mul(large);
            let most = if large == 0 { (minimum - 1).saturating_mul(small) } else { u64::MAX };
            let is_possible = (least..=most).contains(&people);
            small > 0 && is_possible && (people - least < enough || most - people < enough)
        };
        let most = unknown.min(people / minimum.max(1));
        (0..=unknown).any(is_narrow).then(|| known + usize::try_from(most).unwrap_or(usize::MAX))
    }

    /// Whether the groups of a comparison are large enough to be tested; whether everybody else is, too, would tell of
    /// more than one hidden count.
    fn is_large_enough(&self, comparison: &Comparison) -> bool {
        let sides = comparison.sides;
        let mut groups = std::iter::once(sides.member).chain(sides.against);
        groups.all(|member| {
            let people = total(self.member(sides.view, member, sides.stretch)).entered;
            people >= self.request.minimum()
        })
    }

    /// Whether a comparison is tested at all: groups too small to show are not.
    fn tested(&self, comparison: &Comparison) -> bool {
        !comparison.share_too_small
            && comparison.measured.pooled.total_1 >= self.request.minimum()
            && comparison.measured.pooled.total_2 >= self.request.minimum()
    }
}

fn anytime_p(measured: &Measured) -> Probability {
    measured.streamed.as_ref().map_or(Probability::ONE, |streamed| streamed.anytime_p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_p_value_is_adjusted_as_if_it_stood_among_the_others() {
        let shown = [0.2, 0.001, 0.04, 0.04, 0.7].map(Probability::new);
        for size in [6, 9, 40] {
            let ladder = Ladder::of(&shown, size);
            for own in [0.0, 0.0005, 0.001, 0.01, 0.04, 0.05, 0.3, 1.0] {
                let own = Probability::new(own);
                let mut all = vec![own];
                all.extend(shown);
                all.resize(size, Probability::ONE);
                let expected = multiplicity::adjust(&all).holm[0];
                assert!((ladder.holm_of(own).p - expected.p).abs() < 1e-15, "{own:?} of {size}");
            }
        }
    }
}
