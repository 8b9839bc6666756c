//! One decision of a stream with its margins fixed: how likely what happened is at a log odds ratio, over how likely it is
//! at none. Knows no mixture and no order.

use super::super::Table;
use super::super::hypergeometric::Hypergeometric;

/// The widest support of a block whose weights are kept.
const WIDEST_KEPT: u64 = 128;
/// The largest exponent that a sum of kept weights is formed at.
pub(super) const LARGEST_EXPONENT: f64 = 600.0;

/// One decision.
#[derive(Debug, Clone)]
pub(super) struct Block {
    distribution: Hypergeometric,
    selected: u64,
    /// Kept where the support is small.
    kept: Option<Kept>,
}

/// Where the probabilities stand, from the lowest value on, over that of the mode.
#[derive(Debug, Clone, Copy)]
struct Kept {
    first: usize,
    observed: usize,
    end: usize,
    sum: f64,
}

/// The kept probabilities of a block over that of the mode: below what was observed, from it on, and their sum.
pub(super) struct Sides<'w> {
    pub(super) below: &'w [f64],
    pub(super) from: &'w [f64],
    pub(super) sum: f64,
}

impl Sides<'_> {
    /// How many values there are.
    pub(super) fn width(&self) -> f64 {
        (self.below.len() + self.from.len()) as f64
    }
}

impl Block {
    /// The decision of a table; what is kept of it is added to `weights`, the same for all blocks of a stream.
    pub(super) fn of(table: &Table, weights: &mut Vec<f64>) -> Self {
        let distribution = Hypergeometric::of(table);
        let small = distribution.highest() - distribution.lowest() <= WIDEST_KEPT;
        let kept = small.then(|| {
            let first = weights.len();
            let sum = distribution.add_weights(weights);
            let observed = table.selected_1 - distribution.lowest();
            let observed = first + usize::try_from(observed).unwrap_or(usize::MAX);
            Kept { first, observed: observed.min(weights.len()), end: weights.len(), sum }
        });
        Self { distribution, selected: table.selected_1, kept }
    }

    /// What is kept of it.
    pub(super) fn sides<'w>(&self, weights: &'w [f64]) -> Option<Sides<'w>> {
        let kept = self.kept?;
        let below = weights.get(kept.first..kept.observed)?;
        let from = weights.get(kept.observed..kept.end)?;
        Some(Sides { below, from, sum: kept.sum })
    }

    /// P(selected) at a log odds ratio over the same at none: with weights w, sum w / sum w e^(l (j - selected)), in
    /// which no power is formed; `up` and `down` are e^l and e^-l. `None` where weights are not kept, or would leave the range of floats.
    pub(super) fn ratio(&self, weights: &[f64], l: f64, (up, down): (f64, f64)) -> Option<f64> {
        let sides = self.sides(weights)?;
        if l.abs() * sides.width() > LARGEST_EXPONENT {
            return None;
        }
        let above = sides.from.iter().rev().fold(0.0, |sum, weight| sum * up + weight);
        let beneath = sides.below.iter().fold(0.0, |sum, weight| (sum + weight) * down);
        Some(sides.sum / (above + beneath))
    }

    /// The logarithm of [`Self::ratio`], for any support and any log odds ratio.
    pub(super) fn ln_ratio(&self, weights: &[f64], l: f64) -> f64 {
        if l == 0.0 {
            return 0.0;
        }
        match self.ratio(weights, l, (l.exp(), (-l).exp())) {
            Some(ratio) => ratio.ln(),
            None => {
                self.distribution.ln_tilted_probability(self.selected, l)
                    - self.distribution.ln_probability(self.selected).value()
            }
        }
    }
}
