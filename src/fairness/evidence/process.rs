//! The conditional e-process of a stream of vacancies, and the confidence sequence of the odds ratio. Reads no order and
//! no date: blocks are added as they come.

use std::sync::{Arc, OnceLock};

use super::super::Table;
use super::super::numeric::{Sum, roots};
use super::super::rates::Interval;
use super::block::{Block, LARGEST_EXPONENT};
use super::{Evidence, Prior, summarised};

/// The widest log odds ratio that the confidence set looks at.
const WIDEST: f64 = 12.0;
/// How far outside an end of a set may be reported, on the scale of the log odds ratio.
const NEAR: f64 = 1e-4;

/// How many grid points are worked on together: neither waits for the other, and their sums stay in registers.
const LANES: usize = 8;
type Lanes = [f64; LANES];

/// The log odds ratios of the mixture, in groups; the last group is filled with points of no weight.
#[derive(Debug)]
struct Grid {
    /// How many points there are.
    points: usize,
    log_odds: Vec<Lanes>,
    /// Their weights in the mixture.
    share: Vec<Lanes>,
    /// e^l and e^-l.
    up: Vec<Lanes>,
    down: Vec<Lanes>,
    /// The largest distance from 0.
    widest: f64,
}

impl Grid {
    fn of(prior: Prior) -> Arc<Self> {
        static USUAL: OnceLock<Arc<Grid>> = OnceLock::new();
        if prior == Prior::default() {
            return Arc::clone(USUAL.get_or_init(|| Arc::new(Self::new(prior))));
        }
        Arc::new(Self::new(prior))
    }

    fn new(prior: Prior) -> Self {
        let k = i64::from(prior.k_max);
        let mut log_odds: Vec<f64> = (-k..=k).map(|k| prior.step * k as f64).collect();
        let raw = |l: &f64| (-l * l / (2.0 * prior.tau * prior.tau)).exp();
        let mut share: Vec<f64> = log_odds.iter().map(raw).collect();
        let all: f64 = share.iter().sum();
        share.iter_mut().for_each(|share| *share /= all);
        let points = log_odds.len();
        let whole = points.next_multiple_of(LANES);
        log_odds.resize(whole, 0.0);
        share.resize(whole, 0.0);
        let lanes = |values: &[f64]| values.as_chunks::<LANES>().0.to_vec();
        let exp = |sign: f64| log_odds.iter().map(|l| (sign * l).exp()).collect::<Vec<f64>>();
        Self {
            points,
            up: lanes(&exp(1.0)),
            down: lanes(&exp(-1.0)),
            share: lanes(&share),
            widest: log_odds.iter().fold(0.0, |widest, l| l.abs().max(widest)),
            log_odds: lanes(&log_odds),
        }
    }
}

/// The conditional mixture e-process. Each block is a decision with its margins fixed; its likelihood at a log odds
/// ratio is noncentral over central hypergeometric; the e-value is the mixture of the products.
///
/// If there is no difference in any block, the chance that it ever reaches 1/alpha is at most alpha (Ville 1939).
#[derive(Debug, Clone)]
pub struct ConditionalProcess {
    grid: Arc<Grid>,
    /// For each grid point, the likelihood over that of no difference: a factor, and the logarithm of the rest, so that a
    /// product of many needs few logarithms.
    factors: Vec<Lanes>,
    ln_rests: Vec<Lanes>,
    /// For each grid point, its weight times e^(the logarithm of the rest - `reference`).
    weights: Vec<Lanes>,
    /// The largest logarithm of a rest.
    reference: f64,
    blocks: Vec<Block>,
    /// What is kept of the blocks.
    kept: Vec<f64>,
    evidence: Vec<f64>,
}

/// Factors beyond these may leave the range of floats with the next ratio.
const EXTREMES: (f64, f64) = (1e-100, 1e100);
/// The largest exponent of a ratio that is multiplied into factors which are not 1.
const LARGE_EXPONENT: f64 = 400.0;
/// Values that a decision usually has.
const USUAL_WIDTH: usize = 8;

impl ConditionalProcess {
    /// An empty stream.
    pub fn new(prior: Prior) -> Self {
        let grid = Grid::of(prior);
        Self {
            factors: vec![[1.0; LANES]; grid.share.len()],
            ln_rests: vec![[0.0; LANES]; grid.share.len()],
            weights: grid.share.clone(),
            reference: 0.0,
            grid,
            blocks: Vec::new(),
            kept: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// An empty stream with room for so many blocks.
    pub(super) fn with_room(prior: Prior, blocks: usize) -> Self {
        Self {
            blocks: Vec::with_capacity(blocks),
            kept: Vec::with_capacity(blocks * USUAL_WIDTH),
            evidence: Vec::with_capacity(blocks),
            ..Self::new(prior)
        }
    }

    /// Adds a block; the natural logarithm of the e-value after it.
    pub fn add(&mut self, table: &Table) -> f64 {
        let block = Block::of(table, &mut self.kept);
        let width = block.sides(&self.kept).map_or(0.0, |sides| sides.width());
        if width * self.grid.widest > LARGE_EXPONENT {
            self.fold();
        }
        let (least, most) = self.multiply(&block);
        self.blocks.push(block);
        if least < EXTREMES.0 || most > EXTREMES.1 || (most - least).is_nan() {
            self.fold();
        }
        let ln_e = self.ln_mixture();
        self.evidence.push(ln_e);
        ln_e
    }

    /// Multiplies the likelihood of a block in; the smallest and the largest factor after it.
    fn multiply(&mut self, block: &Block) -> (f64, f64) {
        let sides = block.sides(&self.kept);
        let widest = self.grid.widest;
        let Some(sides) = sides.filter(|sides| widest * sides.width() <= LARGEST_EXPONENT) else {
            let ln_ratios = self.grid.log_odds.iter().flatten();
            for (l, ln_rest) in ln_ratios.zip(self.ln_rests.iter_mut().flatten()) {
                *ln_rest += block.ln_ratio(&self.kept, *l);
            }
            self.fold();
            return (1.0, 1.0);
        };
        let (mut least, mut most) = ([f64::INFINITY; LANES], [0.0; LANES]);
        for ((factors, up), down) in self.factors.iter_mut().zip(&self.grid.up).zip(&self.grid.down)
        {
            let (mut above, mut beneath) = ([0.0; LANES], [0.0; LANES]);
            for weight in sides.from.iter().rev() {
                for (sum, up) in above.iter_mut().zip(up) {
                    *sum = *sum * up + weight;
                }
            }
            for weight in sides.below {
                for (sum, down) in beneath.iter_mut().zip(down) {
                    *sum = (*sum + weight) * down;
                }
            }
            for (factor, (above, beneath)) in factors.iter_mut().zip(above.iter().zip(beneath)) {
                *factor *= sides.sum / (above + beneath);
            }
            for ((factor, least), most) in factors.iter().zip(&mut least).zip(&mut most) {
                *least = if *factor < *least { *factor } else { *least };
                *most = if *factor > *most { *factor } else { *most };
            }
        }
        let least = least.into_iter().fold(f64::INFINITY, f64::min);
        (least, most.into_iter().fold(0.0, f64::max))
    }

    /// Takes the logarithm of every factor.
    fn fold(&mut self) {
        let rests = self.ln_rests.iter_mut().flatten();
        for (ln_rest, factor) in rests.zip(self.factors.iter_mut().flatten()) {
            *ln_rest += factor.ln();
            *factor = 1.0;
        }
        let shares = self.grid.share.iter().flatten();
        let rests = self.ln_rests.iter().flatten();
        let counted = shares.clone().zip(rests.clone()).filter(|(share, _)| **share > 0.0);
        self.reference = counted.map(|(_, ln_rest)| *ln_rest).fold(f64::NEG_INFINITY, f64::max);
        for ((weight, share), ln_rest) in self.weights.iter_mut().flatten().zip(shares).zip(rests) {
            *weight = share * (ln_rest - self.reference).exp();
        }
    }

    /// The evidence so far.
    pub fn evidence(&self, alpha: f64) -> Evidence {
        summarised(&self.evidence, alpha)
    }

    /// ln of the e-value after the last block; nothing before the first.
    pub(super) fn last(&self) -> Option<f64> {
        self.evidence.last().copied()
    }

    /// ln of the e-value: the mixture of the likelihood ratios.
    fn ln_mixture(&self) -> f64 {
        let mut sums = [0.0; LANES];
        for (weights, factors) in self.weights.iter().zip(&self.factors) {
            for (sum, (weight, factor)) in sums.iter_mut().zip(weights.iter().zip(factors)) {
                *sum += weight * factor;
            }
        }
        self.reference + sums.iter().sum::<f64>().ln()
    }

    /// ln of the likelihood at a log odds ratio over that of no difference.
    fn ln_likelihood(&self, l: f64) -> f64 {
        let (mut factor, mut ln_rest) = (1.0_f64, 0.0);
        let powers = (l.exp(), (-l).exp());
        for block in &self.blocks {
            match block.ratio(&self.kept, l, powers) {
                Some(ratio) => factor *= ratio,
                None => ln_rest += block.ln_ratio(&self.kept, l),
            }
            if !(EXTREMES.0..=EXTREMES.1).contains(&factor) {
                ln_rest += factor.ln();
                factor = 1.0;
            }
        }
        ln_rest + factor.ln()
    }

    /// [`Self::confidence_set`] within the grid of the mixture, to four digits and in a fraction of the time. An end
    /// beyond the grid is infinite.
    pub(super) fn near_set(&self, alpha: f64) -> Option<Interval> {
        let line = self.ln_mixture() + alpha.ln();
        let outside = |l: f64| line - self.ln_likelihood(l);
        // The likelihood has one peak, so the set is one interval.
        let points = self.grid.points;
        let ln = self.ln_rests.iter().flatten().zip(self.factors.iter().flatten());
        let values: Vec<f64> =
            ln.take(points).map(|(ln_rest, factor)| line - (ln_rest + factor.ln())).collect();
        let inside = |value: &f64| *value < 0.0;
        let first = values.iter().position(inside)?;
        let last = values.iter().rposition(inside)?;
        let at = |place: usize| {
            let l = self.grid.log_odds.iter().flatten().nth(place);
            l.zip(values.get(place)).map(|(l, value)| (*l, *value))
        };
        let (inner_low, inner_high) = (at(first)?, at(last)?);
        let low = first.checked_sub(1).and_then(at);
        let high = (last + 1 < points).then(|| at(last + 1)).flatten();
        Some((
            low.map_or(f64::NEG_INFINITY, |outer| crossing(outer, inner_low, outside)),
            high.map_or(f64::INFINITY, |outer| crossing(outer, inner_high, outside)),
        ))
    }

    /// The log odds ratios that the evidence does not exclude at level alpha, at any time. `None` when it excludes all.
    pub fn confidence_set(&self, alpha: f64) -> Option<Interval> {
        let ln_mixture = self.ln_mixture();
        // ln of the e-value against this log odds ratio, less ln(1/alpha): negative inside the set.
        let outside = |l: f64| {
            let ln: Sum = self.blocks.iter().map(|block| block.ln_ratio(&self.kept, l)).collect();
            ln_mixture - ln.value() + alpha.ln()
        };
        let grid: Vec<f64> = (-120..=120).map(|k| f64::from(k) / 10.0).collect();
        let best = grid
            .iter()
            .map(|l| (outside(*l), *l))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(value, _)| *value < 0.0)?;
        let low = if outside(-WIDEST) < 0.0 {
            f64::NEG_INFINITY
        } else {
            roots::bisect(-WIDEST, best.1, outside)
        };
        let high = if outside(WIDEST) < 0.0 {
            f64::INFINITY
        } else {
            roots::bisect(best.1, WIDEST, outside)
        };
        Some((low, high))
    }
}

/// Where a convex function changes sign between a point outside the set and one inside it, each with its value: a point
/// outside, or at most [`NEAR`] from the end, so that the set is not reported too narrow.
fn crossing(outer: (f64, f64), inner: (f64, f64), outside: impl Fn(f64) -> f64) -> f64 {
    let (mut outer, mut inner) = (outer, inner);
    for _ in 0..40 {
        let width = outer.0 - inner.0;
        if width.abs() <= NEAR {
            break;
        }
        // The chord of a convex function meets zero inside the set; where a step from there is outside, the end is between.
        let chord = inner.0 + width * inner.1 / (inner.1 - outer.1);
        let stepped = chord + NEAR.copysign(width);
        let within = (stepped - inner.0).abs() < width.abs();
        let tried = if within { stepped } else { f64::midpoint(outer.0, inner.0) };
        let value = outside(tried);
        if value < 0.0 {
            inner = (tried, value);
        } else if within {
            return tried;
        } else {
            outer = (tried, value);
        }
    }
    outer.0
}

#[cfg(test)]
mod tests {
    use super::super::read_stream;
    use super::*;

    #[test]
    fn the_short_way_to_the_confidence_set_agrees_with_the_long_one() {
        let blocks: Vec<Table> =
            (0..60).map(|i| Table::new((1 + i % 2, 12), (8 + i % 3, 20)).unwrap()).collect();
        let mut process = ConditionalProcess::new(Prior::default());
        blocks.iter().for_each(|block| {
            process.add(block);
        });
        let long = process.confidence_set(0.05).unwrap();
        let short = process.near_set(0.05).unwrap();
        assert!(short.0 <= long.0 && long.0 - short.0 < 2e-4, "{long:?} {short:?}");
        assert!(short.1 >= long.1 && short.1 - long.1 < 2e-4, "{long:?} {short:?}");
        let read = read_stream(&blocks, 0.05).unwrap();
        assert_eq!(read.blocks, 60);
        assert_eq!(read.crossed_at.map(|place| place + 1), process.evidence(0.05).crossed_at);
    }
}
