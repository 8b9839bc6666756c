//! From scores to passages: the probability of every tag at every token of a line (forward-backward algorithm), then
//! runs of tokens that are probably to be hidden. Knows scores, not features.

use std::ops::Range;

use super::model::Model;
use super::{Scores, TAGS};

/// A run of tokens to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// First token, counted within the line.
    pub first: usize,
    /// One past the last.
    pub last: usize,
    /// Number into [`TAGS`].
    pub tag: usize,
}

/// The passages of a line. A run holds every neighbour that is to be hidden with a probability of at least `stay`, and
/// at least one token of which that is so with `enter`: a passage has a word that gives it away, and is hidden whole.
/// Around what rules found (`ruled`) a run holds the neighbours that are to be hidden with at least `widen`.
pub(super) fn runs(marginals: &[Scores], ruled: &[bool], model: &Model) -> Vec<Run> {
    let hidden = |at: usize| marginals.get(at).map_or(0.0, |tags| 1.0 - tags[0]);
    let ruled = |at: usize| ruled.get(at) == Some(&true) && hidden(at) >= model.thresholds().stay;
    let mut passages = Vec::new();
    stretches(
        marginals.len(),
        |at| hidden(at) >= model.thresholds().stay,
        |stretch| {
            if stretch.clone().any(|at| hidden(at) >= model.thresholds().enter) {
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
fn split_by_tag(marginals: &[Scores], first: usize, length: usize, runs: &mut Vec<Run>) {
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
fn likeliest(tags: &Scores) -> usize {
    let mut best = (1, 0.0);
    for (tag, share) in tags.iter().enumerate().skip(1) {
        if *share > best.1 {
            best = (tag, *share);
        }
    }
    best.0
}

/// The probability of each tag at each token.
pub(super) fn marginals(scores: &[Scores], model: &Model) -> Vec<Scores> {
    let weights: Vec<Scores> = scores.iter().map(exponentials).collect();
    let (moves, onward) = (model.move_factors(), model.onward_factors());
    let mut ahead: Vec<Scores> = Vec::with_capacity(weights.len());
    for here in &weights {
        let mut row = *here;
        if let Some(before) = ahead.last() {
            // Summed tag by tag before, so that all tags are summed side by side.
            let mut sums = [0.0; TAGS.len()];
            for (share, onto) in before.iter().zip(onward) {
                for (sum, step) in sums.iter_mut().zip(onto) {
                    *sum += share * step;
                }
            }
            for (share, sum) in row.iter_mut().zip(&sums) {
                *share *= sum;
            }
        }
        normalise(&mut row);
        ahead.push(row);
    }
    let mut behind = [1.0; TAGS.len()];
    for (row, here) in ahead.iter_mut().zip(&weights).rev() {
        for (share, rest) in row.iter_mut().zip(&behind) {
            *share *= rest;
        }
        normalise(row);
        let mut next = [0.0; TAGS.len()];
        for ((into, share), rest) in moves.iter().zip(here).zip(&behind) {
            let factor = share * rest;
            for (sum, step) in next.iter_mut().zip(into) {
                *sum += factor * step;
            }
        }
        normalise(&mut next);
        behind = next;
    }
    ahead
}

/// Exponentials of scores, the largest of which becomes 1.
fn exponentials(scores: &Scores) -> Scores {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.map(|score| (score - most).exp().max(1e-12))
}

fn normalise(row: &mut Scores) {
    let sum: f32 = row.iter().sum();
    if sum > 0.0 {
        row.iter_mut().for_each(|share| *share /= sum);
    }
}
