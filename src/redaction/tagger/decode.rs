//! From scores to passages: the probability of every tag at every token of a line (forward-backward algorithm), then
//! runs of tokens that are probably to be hidden. Knows scores, not features.

use std::ops::Range;

use super::model::Model;
use super::{Scores, TAGS};
use crate::rulebook::Kind;

/// Tags in a row with some that are always 0, so that all are reckoned side by side.
pub(super) const LANES: usize = super::TAGS.len().next_multiple_of(4);

/// A share for each tag, and zeros.
pub(super) type Shares = [f32; LANES];

/// A run of tokens to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// First token, counted within the line.
    pub first: usize,
    /// One past the last.
    pub last: usize,
    /// Number into [`super::TAGS`].
    pub tag: usize,
}

/// The passages of a line. A run holds every neighbour that is to be hidden with a probability of at least `stay`, and
/// at least one token of which that is so with `enter`, or which is a name with `names`: a passage has a word that gives it
/// away, and is hidden whole.
/// Around what rules found (`ruled`) a run holds the neighbours that are to be hidden with at least `widen`.
pub(super) fn runs(marginals: &[Shares], ruled: &[bool], model: &Model) -> Vec<Run> {
    let hidden = |at: usize| marginals.get(at).map_or(0.0, |tags| 1.0 - tags[0]);
    let named = |at: usize| {
        let names =
            marginals.get(at).map(|tags| tags.iter().zip(&TAGS).filter(|(_, tag)| is_name(tag)));
        names.map_or(0.0, |names| names.map(|(share, _)| share).sum())
    };
    let ruled = |at: usize| ruled.get(at) == Some(&true) && hidden(at) >= model.thresholds().stay;
    let mut passages = Vec::new();
    stretches(
        marginals.len(),
        |at| hidden(at) >= model.thresholds().stay,
        |stretch| {
            let is_sure = |at: usize| {
                hidden(at) >= model.thresholds().enter || named(at) >= model.thresholds().names
            };
            if stretch.clone().any(is_sure) {
                passages.push(stretch);
            }
        },
    );
    stretches(
        marginals.len(),
        |at| ruled(at) || hidden(at) >= model.thresholds().widen,
        |stretch| {
            if stretch.clone().any(ruled) {
                passages.push(stretch);
            }
        },
    );
    let mut runs = Vec::new();
    for passage in passages {
        split_by_tag(marginals, passage.start, passage.len(), &mut runs);
    }
    runs
}

/// Whether a tag is that of somebody's name.
fn is_name(tag: &Option<Kind>) -> bool {
    matches!(tag, Some(Kind::Name | Kind::OtherPerson))
}

/// The longest stretches of places that are all of a kind.
fn stretches(count: usize, is: impl Fn(usize) -> bool, mut stretch: impl FnMut(Range<usize>)) {
    let mut at = 0;
    while at < count {
        let length = (at..count).take_while(|at| is(*at)).count();
        if length > 0 {
            stretch(at..at + length);
        }
        at += length + 1;
    }
}

/// Cuts a run where the likeliest tag changes.
fn split_by_tag(marginals: &[Shares], first: usize, length: usize, runs: &mut Vec<Run>) {
    for (offset, tags) in marginals.iter().skip(first).take(length).enumerate() {
        let at = first + offset;
        let tag = likeliest(tags);
        match runs.last_mut().filter(|run| run.last == at && run.tag == tag && offset > 0) {
            Some(run) => run.last = at + 1,
            None => runs.push(Run { first: at, last: at + 1, tag }),
        }
    }
}

/// The likeliest tag that hides something.
fn likeliest(tags: &Shares) -> usize {
    let mut best = (1, 0.0);
    for (tag, share) in tags.iter().enumerate().skip(1) {
        if *share > best.1 {
            best = (tag, *share);
        }
    }
    best.0
}

/// The probability of each tag at each token. Tokens without scores are not weighed. In a row of such tokens the shares
/// soon repeat to the last bit, from where they are copied.
pub(super) fn marginals(scores: &[Option<Scores>], model: &Model) -> Vec<Shares> {
    let idle = |at: usize| scores.get(at).is_some_and(Option::is_none);
    let weights: Vec<Shares> = scores
        .iter()
        .map(|scores| scores.as_ref().map_or(*model.unweighed(), exponentials))
        .collect();
    let mut ahead: Vec<Shares> = Vec::with_capacity(weights.len());
    for (at, here) in weights.iter().enumerate() {
        let row = match ahead.as_slice() {
            [.., one, two] if one == two && idle(at) && idle(at - 1) => *two,
            [.., before] => {
                let mut row = *here;
                scale(&mut row, &product(before, model.onward_factors()));
                normalise(&mut row);
                row
            }
            [] => {
                let mut row = *here;
                normalise(&mut row);
                row
            }
        };
        ahead.push(row);
    }
    let mut behind = [1.0; LANES];
    let mut circle = Circle::default();
    for (at, (row, here)) in ahead.iter_mut().zip(&weights).enumerate().rev() {
        scale(row, &behind);
        normalise(row);
        if !idle(at) {
            circle = Circle::default();
        } else if let Some(known) = circle.next() {
            behind = known;
            continue;
        }
        let mut onto = *here;
        scale(&mut onto, &behind);
        behind = product(&onto, model.move_factors());
        normalise(&mut behind);
        if idle(at) {
            circle.add(behind);
        }
    }
    ahead
}

/// Whether lines of tokens that are not weighed have nothing to hide, and nothing that makes a rule's find sure. From a few
/// tokens on their shares repeat, so lines of up to this length tell of all.
pub(super) fn hides_nothing_unweighed(model: &Model) -> bool {
    const LENGTH: usize = 48;
    let thresholds = model.thresholds();
    let least = thresholds.stay.min(thresholds.widen).min(thresholds.doubt);
    !model.is_empty()
        && (1..=LENGTH).all(|length| {
            let marginals = marginals(&vec![None; length], model);
            marginals.iter().all(|tags| 1.0 - tags[0] < least)
        })
}

/// Backwards through tokens that are not weighed the shares soon go round in a circle, in their last bits.
#[derive(Default)]
struct Circle {
    shares: Vec<Shares>,
    /// Where on the circle the walk stands, once it is closed.
    at: Option<usize>,
}

impl Circle {
    /// A circle that is not closed after so many steps is given up, and another is begun.
    const LONGEST: usize = 8;

    /// Adds the shares of the next step; the circle is closed when they were there before.
    fn add(&mut self, shares: Shares) {
        if let Some(first) = self.shares.iter().position(|known| *known == shares) {
            self.shares.drain(..first);
            self.at = Some(0);
            return;
        }
        if self.shares.len() == Self::LONGEST {
            self.shares.clear();
        }
        self.shares.push(shares);
    }

    /// The shares of the next step, if the circle is closed.
    fn next(&mut self) -> Option<Shares> {
        let next = (self.at? + 1) % self.shares.len().max(1);
        self.at = Some(next);
        self.shares.get(next).copied()
    }
}

/// The sums over all tags of a share times the step from it. Summed tag by tag, so that all sums grow side by side.
fn product(shares: &Shares, steps: &[Shares]) -> Shares {
    let mut sums = [0.0; LANES];
    for (share, steps) in shares.iter().zip(steps) {
        for (sum, step) in sums.iter_mut().zip(steps) {
            *sum += share * step;
        }
    }
    sums
}

fn scale(row: &mut Shares, by: &Shares) {
    for (share, factor) in row.iter_mut().zip(by) {
        *share *= factor;
    }
}

/// Exponentials of scores, the largest of which becomes 1.
pub(super) fn exponentials(scores: &Scores) -> Shares {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut shares = [0.0; LANES];
    for (share, score) in shares.iter_mut().zip(scores) {
        *share = (score - most).exp().max(1e-12);
    }
    shares
}

fn normalise(row: &mut Shares) {
    let sum: f32 = row.iter().sum();
    if sum > 0.0 {
        row.iter_mut().for_each(|share| *share /= sum);
    }
}
