//! The best sequence of tags for a line (Viterbi). Knows scores, not features.

use super::model::Model;
use super::{Scores, TAGS};

/// The tag of each token, as a number into [`TAGS`].
pub(super) fn best_path(scores: &[Scores], model: &Model) -> Vec<u8> {
    let Some((first, rest)) = scores.split_first() else { return Vec::new() };
    let mut best = *first;
    let mut back: Vec<[u8; TAGS.len()]> = Vec::with_capacity(rest.len());
    for scores in rest {
        let mut next = *scores;
        let mut from = [0_u8; TAGS.len()];
        for ((score, chosen), moves) in next.iter_mut().zip(&mut from).zip(model.moves_into()) {
            let (tag, top) = highest(best.iter().zip(moves).map(|(score, step)| score + step));
            *score += top;
            *chosen = tag;
        }
        best = next;
        back.push(from);
    }
    let (mut tag, _) = highest(best.iter().copied());
    let mut path = Vec::with_capacity(scores.len());
    path.push(tag);
    for from in back.iter().rev() {
        tag = from.get(usize::from(tag)).copied().unwrap_or(0);
        path.push(tag);
    }
    path.reverse();
    path
}

fn highest(scores: impl Iterator<Item = f32>) -> (u8, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    for (tag, score) in scores.enumerate() {
        if score > best.1 {
            best = (tag as u8, score);
        }
    }
    best
}
