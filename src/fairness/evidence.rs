//! Evidence that may be read after every decision: e-processes for a stream of vacancies, and the confidence sequence
//! of the odds ratio. Order matters; time does not, and no clock is read.

use serde::{Deserialize, Serialize};

use super::Table;
use super::hypergeometric::Hypergeometric;
use super::numeric::{Sum, roots};
use super::rates::Interval;

/// The widest log odds ratio that the confidence set looks at.
const WIDEST: f64 = 12.0;

/// The mixture over log odds ratios: weights proportional to exp(-l^2 / (2 tau^2)) on the grid step k, |k| <= k_max.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// Standard deviation of the log odds ratio.
    pub tau: f64,
    /// Distance between grid points.
    pub step: f64,
    /// Grid points on either side of 0.
    pub k_max: u32,
}

impl Default for Prior {
    fn default() -> Self {
        Self { tau: 1.0, step: 0.1, k_max: 40 }
    }
}

/// Evidence after each block of a stream.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Natural logarithm of the e-value after each block.
    pub ln_e: Vec<f64>,
    /// The first block, from 1, at which the e-value reached 1/alpha.
    pub crossed_at: Option<usize>,
    /// A p-value that holds at any time: 1 over the largest e-value so far, at most 1.
    pub anytime_p: f64,
}

/// The conditional mixture e-process. Each block is a decision with its margins fixed; its likelihood at a log odds
/// ratio is noncentral over central hypergeometric; the e-value is the mixture of the products.
///
/// If there is no difference in any block, the chance that it ever reaches 1/alpha is at most alpha (Ville 1939).
#[derive(Debug, Clone)]
pub struct ConditionalProcess {
    /// Log odds ratios and their weights in the mixture.
    grid: Vec<(f64, f64)>,
    /// e^l and e^-l of each grid point.
    up: Vec<f64>,
    down: Vec<f64>,
    /// For each grid point, the likelihood over that of no difference.
    ratios: Vec<Product>,
    /// For each grid point, its weight times e^(the logarithm of the rest - `reference`).
    weights: Vec<f64>,
    /// The largest logarithm of a rest.
    reference: f64,
    /// Room for the sums of one block, from what was observed upwards and below it.
    above: Vec<f64>,
    beneath: Vec<f64>,
    blocks: Vec<Block>,
    evidence: Vec<f64>,
}

/// The widest support of a block whose weights are kept.
const WIDEST_KEPT: u64 = 128;
/// The largest exponent that a sum of kept weights is formed at.
const LARGEST_EXPONENT: f64 = 600.0;

/// One decision with its margins fixed.
#[derive(Debug, Clone)]
struct Block {
    distribution: Hypergeometric,
    selected: u64,
    /// Kept where the support is small.
    kept: Option<Kept>,
}

/// Probabilities from the lowest value on, over that of the mode.
#[derive(Debug, Clone)]
struct Kept {
    weights: Vec<f64>,
    sum: f64,
}

impl Block {
    fn of(table: &Table) -> Self {
        let distribution = Hypergeometric::of(table);
        let small = distribution.highest() - distribution.lowest() <= WIDEST_KEPT;
        let kept = small.then(|| {
            let weights = distribution.weights();
            Kept { sum: weights.iter().sum(), weights }
        });
        Self { distribution, selected: table.selected_1, kept }
    }

    /// The weights below what was observed, and those from it on.
    fn sides<'w>(&self, kept: &'w Kept) -> (&'w [f64], &'w [f64]) {
        let observed = self.selected - self.distribution.lowest();
        let place = usize::try_from(observed).unwrap_or(usize::MAX).min(kept.weights.len());
        kept.weights.split_at(place)
    }

    /// P(selected) at a log odds ratio over the same at none: with weights w, sum w / sum w e^(l (j - selected)), in
    /// which no power is formed; `up` and `down` are e^l and e^-l. `None` where weights are not kept, or would leave the range of floats.
    fn ratio(&self, l: f64, (up, down): (f64, f64)) -> Option<f64> {
        let kept = self.kept.as_ref()?;
        if l.abs() * kept.weights.len() as f64 > LARGEST_EXPONENT {
            return None;
        }
        let (below, from) = self.sides(kept);
        let above = from.iter().rev().fold(0.0, |sum, weight| sum * up + weight);
        let beneath = below.iter().fold(0.0, |sum, weight| (sum + weight) * down);
        Some(kept.sum / (above + beneath))
    }

    /// The logarithm of [`Self::ratio`], for any support and any log odds ratio.
    fn ln_ratio(&self, l: f64) -> f64 {
        if l == 0.0 {
            return 0.0;
        }
        match self.ratio(l, (l.exp(), (-l).exp())) {
            Some(ratio) => ratio.ln(),
            None => {
                self.distribution.ln_tilted_probability(self.selected, l)
                    - self.distribution.ln_probability(self.selected).value()
            }
        }
    }
}

/// A likelihood ratio as a factor and the logarithm of the rest, so that a product of many needs few logarithms.
#[derive(Debug, Clone, Copy)]
struct Product {
    factor: f64,
    ln_rest: f64,
}

impl Product {
    const ONE: Self = Self { factor: 1.0, ln_rest: 0.0 };

    /// Whether the factor may leave the range of floats with the next ratio.
    fn is_extreme(&self) -> bool {
        !(1e-60..=1e60).contains(&self.factor)
    }

    fn fold(&mut self) {
        self.ln_rest += self.factor.ln();
        self.factor = 1.0;
    }

    fn ln(&self) -> f64 {
        self.ln_rest + self.factor.ln()
    }
}

impl ConditionalProcess {
    /// An empty stream.
    pub fn new(prior: Prior) -> Self {
        let k = i64::from(prior.k_max);
        let raw: Vec<(f64, f64)> = (-k..=k)
            .map(|k| {
                let l = prior.step * k as f64;
                (l, (-l * l / (2.0 * prior.tau * prior.tau)).exp())
            })
            .collect();
        let all: f64 = raw.iter().map(|(_, weight)| weight).sum();
        let grid: Vec<(f64, f64)> = raw.into_iter().map(|(l, w)| (l, w / all)).collect();
        Self {
            up: grid.iter().map(|(l, _)| l.exp()).collect(),
            down: grid.iter().map(|(l, _)| (-l).exp()).collect(),
            ratios: vec![Product::ONE; grid.len()],
            weights: grid.iter().map(|(_, weight)| *weight).collect(),
            reference: 0.0,
            above: vec![0.0; grid.len()],
            beneath: vec![0.0; grid.len()],
            grid,
            blocks: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Adds a block; the natural logarithm of the e-value after it.
    pub fn add(&mut self, table: &Table) -> f64 {
        let block = Block::of(table);
        self.multiply(&block);
        self.blocks.push(block);
        if self.ratios.iter().any(Product::is_extreme) {
            self.fold();
        }
        let ln_e = self.ln_mixture();
        self.evidence.push(ln_e);
        ln_e
    }

    fn multiply(&mut self, block: &Block) {
        let widest = self.grid.first().map_or(0.0, |(l, _)| l.abs());
        let kept = block.kept.as_ref();
        let kept = kept.filter(|kept| widest * kept.weights.len() as f64 <= LARGEST_EXPONENT);
        let Some(kept) = kept else {
            for ((l, _), ratio) in self.grid.iter().zip(&mut self.ratios) {
                ratio.ln_rest += block.ln_ratio(*l);
            }
            self.fold();
            return;
        };
        // Weight after weight for all grid points, not point after point: these do not wait for each other.
        let (below, from) = block.sides(kept);
        self.above.fill(0.0);
        for weight in from.iter().rev() {
            for (sum, up) in self.above.iter_mut().zip(&self.up) {
                *sum = *sum * up + weight;
            }
        }
        self.beneath.fill(0.0);
        for weight in below {
            for (sum, down) in self.beneath.iter_mut().zip(&self.down) {
                *sum = (*sum + weight) * down;
            }
        }
        for ((ratio, above), beneath) in self.ratios.iter_mut().zip(&self.above).zip(&self.beneath)
        {
            ratio.factor *= kept.sum / (above + beneath);
        }
    }

    /// Takes the logarithm of every factor.
    fn fold(&mut self) {
        self.ratios.iter_mut().for_each(Product::fold);
        let counted = self.grid.iter().zip(&self.ratios).filter(|((_, weight), _)| *weight > 0.0);
        self.reference = counted.map(|(_, r)| r.ln_rest).fold(f64::NEG_INFINITY, f64::max);
        for ((weight, (_, share)), ratio) in
            self.weights.iter_mut().zip(&self.grid).zip(&self.ratios)
        {
            *weight = share * (ratio.ln_rest - self.reference).exp();
        }
    }

    /// The evidence so far.
    pub fn evidence(&self, alpha: f64) -> Evidence {
        summarised(&self.evidence, alpha)
    }

    /// ln of the e-value: the mixture of the likelihood ratios.
    fn ln_mixture(&self) -> f64 {
        let terms = self.weights.iter().zip(&self.ratios).map(|(weight, r)| weight * r.factor);
        self.reference + terms.sum::<f64>().ln()
    }

    /// ln of the likelihood at a log odds ratio over that of no difference.
    fn ln_likelihood(&self, l: f64) -> f64 {
        let mut product = Product::ONE;
        let powers = (l.exp(), (-l).exp());
        for block in &self.blocks {
            match block.ratio(l, powers) {
                Some(ratio) => product.factor *= ratio,
                None => product.ln_rest += block.ln_ratio(l),
            }
            if product.is_extreme() {
                product.fold();
            }
        }
        product.ln()
    }

    /// [`Self::confidence_set`] within the grid of the mixture, to four digits and in a fraction of the time. An end
    /// beyond the grid is infinite.
    fn near_set(&self, alpha: f64) -> Option<Interval> {
        let ln_mixture = self.ln_mixture();
        let line = ln_mixture + alpha.ln();
        let outside = |l: f64| line - self.ln_likelihood(l);
        // The likelihood has one peak, so the set is one interval.
        let inside =
            |place: &usize| self.ratios.get(*place).is_some_and(|ratio| line - ratio.ln() < 0.0);
        let first = (0..self.grid.len()).find(inside)?;
        let last = (first..self.grid.len()).take_while(inside).last()?;
        let at = |place: usize| {
            let ln = self.ratios.get(place).map_or(0.0, Product::ln);
            self.grid.get(place).map_or((0.0, 0.0), |(l, _)| (*l, line - ln))
        };
        let low = match first.checked_sub(1) {
            Some(before) => crossing(at(before), at(first), outside),
            None => f64::NEG_INFINITY,
        };
        let high = match last + 1 < self.grid.len() {
            true => crossing(at(last + 1), at(last), outside),
            false => f64::INFINITY,
        };
        Some((low, high))
    }

    /// The log odds ratios that the evidence does not exclude at level alpha, at any time. `None` when it excludes all.
    pub fn confidence_set(&self, alpha: f64) -> Option<Interval> {
        let ln_mixture = self.ln_mixture();
        // ln of the e-value against this log odds ratio, less ln(1/alpha): negative inside the set.
        let outside = |l: f64| {
            let ln: Sum = self.blocks.iter().map(|block| block.ln_ratio(l)).collect();
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

/// A stream read to its end: what a report says of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Streamed {
    /// Blocks in which something could be seen.
    pub blocks: usize,
    /// Natural logarithm of the e-value after the last block.
    pub ln_e: f64,
    /// A p-value that holds at any time: 1 over the largest e-value so far, at most 1.
    pub anytime_p: f64,
    /// Odds ratios that the evidence does not exclude, at any time; an open end is 0 or infinite.
    pub odds_ratio: Option<Interval>,
    /// The place in the list, from 0, of the block after which the e-value first reached 1/alpha.
    pub crossed_at: Option<usize>,
}

/// Reads a list of blocks in order; blocks in which nothing could be seen change nothing and are passed over.
/// `None` when there is no other.
pub fn read_stream<'a>(
    blocks: impl IntoIterator<Item = &'a Table>,
    alpha: f64,
) -> Option<Streamed> {
    let mut process = ConditionalProcess::new(Prior::default());
    let mut places = Vec::new();
    for (place, table) in blocks.into_iter().enumerate() {
        if table.is_informative() {
            process.add(table);
            places.push(place);
        }
    }
    let ln_e = *process.evidence.last()?;
    let evidence = process.evidence(alpha);
    let crossed = evidence.crossed_at.and_then(|block| places.get(block - 1)).copied();
    Some(Streamed {
        blocks: places.len(),
        ln_e,
        anytime_p: evidence.anytime_p,
        odds_ratio: process.near_set(alpha).map(|(low, high)| (low.exp(), high.exp())),
        crossed_at: crossed,
    })
}

/// The unconditional e-process for two proportions with plug-in predictors from Beta(g, g) (Turner, Ly and
/// Grunwald 2024): each block is judged with the rates that the blocks before it suggest.
pub fn safe_two_proportions(blocks: &[Table], g: f64, alpha: f64) -> Evidence {
    let (mut s1, mut f1, mut s2, mut f2) = (0.0, 0.0, 0.0, 0.0);
    let mut ln_e = Sum::default();
    let mut path = Vec::new();
    for block in blocks {
        let (a, n1) = (block.selected_1 as f64, block.total_1 as f64);
        let (c, n2) = (block.selected_2 as f64, block.total_2 as f64);
        let p1 = (s1 + g) / (s1 + f1 + 2.0 * g);
        let p2 = (s2 + g) / (s2 + f2 + 2.0 * g);
        let p0 = (n1 * p1 + n2 * p2) / (n1 + n2);
        let (b, d) = (n1 - a, n2 - c);
        // Two ratios a group, so that equal predictors give exactly nothing.
        ln_e.add(a * (p1 / p0).ln());
        ln_e.add(b * ((1.0 - p1) / (1.0 - p0)).ln());
        ln_e.add(c * (p2 / p0).ln());
        ln_e.add(d * ((1.0 - p2) / (1.0 - p0)).ln());
        (s1, f1, s2, f2) = (s1 + a, f1 + b, s2 + c, f2 + d);
        path.push(ln_e.value());
    }
    summarised(&path, alpha)
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

/// How far outside an end of a set may be reported, on the scale of the log odds ratio.
const NEAR: f64 = 1e-4;

fn summarised(path: &[f64], alpha: f64) -> Evidence {
    let line = -alpha.ln();
    let largest = path.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Evidence {
        ln_e: path.to_vec(),
        crossed_at: path.iter().position(|ln_e| *ln_e >= line).map(|place| place + 1),
        anytime_p: (-largest).exp().min(1.0),
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn the_last_e_value_does_not_depend_on_the_order_of_decisions() {
        let mut blocks: Vec<Table> =
            (1..30).map(|i| Table::new((i % 4, 9), (i % 7 + 3, 17)).unwrap()).collect();
        let forward = read_stream(&blocks, 0.05).unwrap();
        blocks.reverse();
        let backward = read_stream(&blocks, 0.05).unwrap();
        assert!((forward.ln_e - backward.ln_e).abs() < 1e-9);
    }

    #[test]
    fn blocks_that_say_nothing_are_passed_over() {
        let nothing = [Table::new((0, 5), (0, 9)).unwrap(), Table::new((0, 0), (3, 9)).unwrap()];
        assert_eq!(read_stream(&nothing, 0.05), None);
    }
}
