//! The comparisons of an audit: which there are, and what each measures. The same two sets of people are measured once,
//! whichever side they are seen from and however they are called. Judges and hides nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::compare::{self, Levels, Measured};
use super::super::journey::{Outcome, Stretch};
use super::super::request::Looks;
use super::super::view::total;
use super::layout::Layout;
use super::protection::Protection;
use crate::rulebook::Comparator;

/// One comparison before it is judged.
pub(super) struct Comparison {
    pub(super) sides: Sides,
    /// The place of the two sets of people among all pairs that are compared, whichever side they are seen from.
    pub(super) pair: usize,
    pub(super) comparator: Comparator,
    pub(super) measured: Measured,
    pub(super) share_too_small: bool,
}

/// Who is compared with whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides {
    pub(super) view: usize,
    pub(super) member: usize,
    pub(super) stretch: Stretch,
    /// The member compared with, when it is a single one.
    pub(super) against: Option<usize>,
}

/// A comparison that the policy asks for.
struct Wanted {
    sides: Sides,
    comparator: Comparator,
    /// Whether the evidence is read, vacancy after vacancy.
    streams: bool,
}

/// Characteristic, stretch, and the two sets of categories compared.
type Hypothesis<'v> = (&'v str, Stretch, BTreeSet<&'v str>, BTreeSet<&'v str>);

/// Two sets of people, and from which sides they are looked at.
struct Pair {
    /// The sides of the first comparison of them, and whether it looks at the second set.
    sides: Sides,
    is_swapped: bool,
    streams: bool,
    /// Whether the other side is looked at, too.
    mirrored: bool,
}

impl Layout<'_> {
    pub(super) fn levels(&self) -> Levels {
        let policy = &self.request.policy;
        Levels {
            confidence: self.request.confidence,
            significance: policy.significance,
            power: policy.power,
            margin: policy.margin,
        }
    }

    /// Every comparison of the policy. Without knowing what is hidden, none with the most selected group.
    pub(super) fn comparisons(&self, protection: Option<&Protection>) -> Vec<Comparison> {
        let wanted = self.wanted(protection);
        let mut places: BTreeMap<Hypothesis<'_>, usize> = BTreeMap::new();
        let mut pairs: Vec<Pair> = Vec::new();
        let mut of_wanted: Vec<(usize, bool)> = Vec::with_capacity(wanted.len());
        for one in &wanted {
            let (hypothesis, is_swapped) = self.hypothesis(&one.sides);
            let place = *places.entry(hypothesis).or_insert_with(|| {
                pairs.push(Pair { sides: one.sides, is_swapped, streams: false, mirrored: false });
                pairs.len() - 1
            });
            let Some(pair) = pairs.get_mut(place) else { continue };
            pair.streams |= one.streams;
            let is_mirrored = is_swapped != pair.is_swapped;
            pair.mirrored |= is_mirrored;
            of_wanted.push((place, is_mirrored));
        }
        let measured = self.measure_all(&pairs);
        let each = wanted.into_iter().zip(of_wanted).filter_map(|(wanted, (place, mirrored))| {
            let (own, other) = measured.get(place)?;
            let mut measured = if mirrored { other.clone()? } else { own.clone() };
            if !wanted.streams {
                measured.streamed = None;
            }
            Some(Comparison {
                share_too_small: self.is_share_too_small(&wanted.sides),
                sides: wanted.sides,
                pair: place,
                comparator: wanted.comparator,
                measured,
            })
        });
        each.collect()
    }

    /// What the policy asks for; not a reference compared with itself, nor where the rules name no reference.
    fn wanted(&self, protection: Option<&Protection>) -> Vec<Wanted> {
        let comparators = &self.request.policy.comparators;
        let mut wanted = Vec::new();
        for (index, view) in self.views.iter().enumerate() {
            // With two groups, the reference is all others: one comparison, not two.
            let two = view.members.len() == 2 && comparators.contains(&Comparator::Others);
            for stretch in &self.stretches {
                let by_rate = protection.filter(|_| comparators.contains(&Comparator::Highest));
                let highest = by_rate.and_then(|hides| self.highest(index, *stretch, hides));
                for member in 0..view.members.len() {
                    for comparator in comparators {
                        let one = match comparator {
                            Comparator::Others => None,
                            Comparator::Reference if two => continue,
                            Comparator::Reference => view.reference,
                            Comparator::Highest => highest,
                        };
                        if *comparator != Comparator::Others && one.is_none_or(|one| one == member)
                        {
                            continue;
                        }
                        let sides = Sides { view: index, member, stretch: *stretch, against: one };
                        // A single look rests on the exact test; evidence stands beside the comparison that matters most.
                        let is_primary = comparators.first() == Some(comparator);
                        let streams = is_primary || self.request.looks == Looks::Many;
                        wanted.push(Wanted { sides, comparator: *comparator, streams });
                    }
                }
            }
        }
        wanted
    }

    /// The two sets of people, in an order that does not depend on the side they are seen from, and whether the second
    /// of them is the one that is looked at.
    fn hypothesis<'v>(&'v self, sides: &Sides) -> (Hypothesis<'v>, bool) {
        let view = &self.views[sides.view];
        let of = |wanted: &dyn Fn(usize) -> bool| -> BTreeSet<&'v str> {
            let members = view.members.iter().enumerate().filter(|(place, _)| wanted(*place));
            members
                .flat_map(|(_, member)| member.categories.iter().map(|c| c.id.as_str()))
                .collect()
        };
        let focal = of(&|place| place == sides.member);
        let other = match sides.against {
            Some(against) => of(&|place| place == against),
            None => of(&|place| place != sides.member),
        };
        let is_swapped = focal > other;
        let (first, second) = if is_swapped { (other, focal) } else { (focal, other) };
        ((view.characteristic.id.as_str(), sides.stretch, first, second), is_swapped)
    }

    /// What each pair measures, from the side it was first seen from and, where that is wanted, from the other one. They
    /// do not depend on each other, so they share the processors.
    fn measure_all(&self, pairs: &[Pair]) -> Vec<(Measured, Option<Measured>)> {
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(pair) = pairs.get(place) else { break };
                done.push((place, self.measure(pair)));
            }
            done
        };
        let mut all: Vec<(usize, _)> = std::thread::scope(|scope| {
            let helpers: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            for helper in helpers {
                all.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        });
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, measured)| measured).collect()
    }

    fn measure(&self, pair: &Pair) -> (Measured, Option<Measured>) {
        let sides = &pair.sides;
        let outcomes = self.outcomes(sides.view, sides.stretch);
        let focal = outcomes.member(sides.member);
        let other = match sides.against {
            Some(other) => Cow::Borrowed(outcomes.member(other)),
            None => Cow::Owned(outcomes.others(sides.member)),
        };
        let minimum = self.request.minimum();
        let few = |outcomes: &[Outcome]| (1..minimum).contains(&total(outcomes).entered);
        if few(focal) || few(&other) {
            // No test is made of groups too small to show.
            let measured = Measured::counted(focal, &other);
            let mirrored = pair.mirrored.then(|| Measured::counted(&other, focal));
            return (measured, mirrored);
        }
        let order = pair.streams.then_some(self.order.as_slice());
        let levels = self.levels();
        let measured = compare::measure(focal, &other, &outcomes.undeclared, order, &levels);
        let mirrored = pair.mirrored.then(|| measured.mirrored(&other, focal, &levels));
        (measured, mirrored)
    }

    /// Whether the policy leaves the group out for its share of all who declared.
    fn is_share_too_small(&self, sides: &Sides) -> bool {
        let smallest = self.request.policy.smallest_share;
        let focal = self.member(sides.view, sides.member, sides.stretch);
        smallest > 0.0 && self.share(sides.view, focal, sides.stretch) < smallest
    }

    /// The share of a group in all who declared.
    fn share(&self, index: usize, focal: &[Outcome], stretch: Stretch) -> f64 {
        let all = total(&self.outcomes(index, stretch).declared).entered;
        if all == 0 { 0.0 } else { total(focal).entered as f64 / all as f64 }
    }

    /// The group with the highest pooled rate among those whose counts are shown and whose share is large enough. To
    /// choose by hidden rates would tell of them: a hidden group that is chosen went on at the rate of everybody or
    /// more, one that is not at no higher rate than the one that is, and of few people that can mean all or nobody.
    pub(super) fn highest(
        &self,
        index: usize,
        stretch: Stretch,
        protection: &Protection,
    ) -> Option<usize> {
        let members = 0..self.views[index].members.len();
        let rated = members.filter_map(|member| {
            let outcomes = self.member(index, member, stretch);
            let all = total(outcomes);
            let share = self.share(index, outcomes, stretch);
            let wanted = all.entered > 0
                && share >= self.request.policy.smallest_share
                && !self.is_concealed(index, member, stretch, protection);
            wanted.then(|| (member, all.progressed as f64 / all.entered as f64))
        });
        rated.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(member, _)| member)
    }
}
