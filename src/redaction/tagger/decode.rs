//! From weights to passages: the probability of every tag at every token of a row (forward-backward algorithm), then
//! runs of tokens that are probably to be hidden. Knows weights of tags, not features.

use std::ops::Range;

use super::TAGS;
use super::model::Model;
use crate::rulebook::Kind;

/// Tags in a row with some that are always 0, so that all are reckoned side by side.
pub(super) const LANES: usize = TAGS.len().next_multiple_of(4);

/// A share for each tag, and zeros.
pub(super) type Shares = [f32; LANES];

/// A run of tokens to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// First token, counted within the row.
    pub first: usize,
    /// One past the last.
    pub last: usize,
    /// Number into [`super::TAGS`].
    pub tag: usize,
}

/// The passages in a row of tokens. A run holds every neighbour that is to be hidden with a probability of at least
/// `stay`, and at least one token of which that is so with `enter`, or which is a name with `names`: a passage has a word
/// that gives it away, and is hidden whole.
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

/// What stands beside tokens that are weighed one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    /// Before the first stands a token that is not weighed, and so is nothing to hide; otherwise the line begins there.
    pub before: bool,
    /// The same behind the last.
    pub behind: bool,
}

/// The probability of each tag at each of some tokens in a row, by the weights of the tags there.
pub(super) fn marginals(
    weights: &[Shares],
    beside: Beside,
    model: &Model,
    marginals: &mut Vec<Shares>,
) {
    // Nothing is the first tag.
    let from_nothing = model.onward_factors().first().filter(|_| beside.before);
    let to_nothing = model.move_factors().first().filter(|_| beside.behind);
    marginals.clear();
    for here in weights {
        let mut row = *here;
        match marginals.last() {
            Some(before) => scale(&mut row, &product(before, model.onward_factors())),
            None => from_nothing.into_iter().for_each(|factors| scale(&mut row, factors)),
        }
        normalise(&mut row);
        marginals.push(row);
    }
    let mut behind = to_nothing.copied().unwrap_or([1.0; LANES]);
    let mut left = marginals.len();
    for (row, here) in marginals.iter_mut().zip(weights).rev() {
        scale(row, &behind);
        normalise(row);
        left -= 1;
        if left > 0 {
            let mut onto = *here;
            scale(&mut onto, &behind);
            normalise(&mut onto);
            behind = product(&onto, model.move_factors());
        }
    }
}

/// The sums over all tags of a share times the step from it. Summed tag by tag, so that all sums grow side by side.
#[inline(never)]
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

fn normalise(row: &mut Shares) {
    // Summed side by side, too.
    let mut sums = [0.0; 4];
    for four in row.as_chunks::<4>().0 {
        for (sum, share) in sums.iter_mut().zip(four) {
            *sum += share;
        }
    }
    let sum: f32 = sums.iter().sum();
    if sum > 0.0 {
        let factor = 1.0 / sum;
        row.iter_mut().for_each(|share| *share *= factor);
    }
}
