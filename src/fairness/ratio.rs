//! Intervals for the ratio of two rates: Katz, Koopman, Miettinen and Nurminen, and the score interval over strata.
//! Effects only; judges nothing.

use super::Table;
use super::numeric::{normal, roots};
use super::rates::Interval;

/// Limits of the logarithm of a ratio: beyond e^80 a limit is reported as it stands.
const FAR: f64 = 80.0;

/// Katz's interval on the log scale (Katz and others 1978): ln r +- z sqrt(1/a - 1/n1 + 1/c - 1/n2).
/// `None` when either group has nobody selected.
pub fn katz(table: &Table, confidence: f64) -> Option<Interval> {
    if table.selected_1 == 0 || table.selected_2 == 0 {
        return None;
    }
    let z = normal::critical(confidence);
    let ln_ratio = (table.rate_1()? / table.rate_2()?).ln();
    let part = |x: u64, n: u64| (n - x) as f64 / (x as f64 * n as f64);
    let error =
        (part(table.selected_1, table.total_1) + part(table.selected_2, table.total_2)).sqrt();
    Some(((ln_ratio - z * error).exp(), (ln_ratio + z * error).exp()))
}

/// Koopman's score interval (1984).
pub fn koopman(table: &Table, confidence: f64) -> Option<Interval> {
    score_interval(std::slice::from_ref(table), confidence, Variance::Plain)
}

/// Miettinen and Nurminen's score interval (1985): Koopman's with the variance times N / (N - 1).
pub fn miettinen_nurminen(table: &Table, confidence: f64) -> Option<Interval> {
    score_interval(std::slice::from_ref(table), confidence, Variance::Unbiased)
}

/// The score interval of a ratio that is common to all strata, with Mantel-Haenszel weights.
///
/// T(r) = sum w (p1 - r p2) / sqrt(sum w^2 V(r)), w = n1 n2 / N, V as Miettinen and Nurminen. T is zero at the
/// Mantel-Haenszel rate ratio; at r = 1 it is the Cochran-Mantel-Haenszel z, so the interval excludes 1 exactly when
/// that test rejects; with one stratum it is [`miettinen_nurminen`].
pub fn stratified(strata: &[Table], confidence: f64) -> Option<Interval> {
    score_interval(strata, confidence, Variance::Unbiased)
}

#[derive(Clone, Copy, PartialEq)]
enum Variance {
    Plain,
    Unbiased,
}

fn score_interval(strata: &[Table], confidence: f64, variance: Variance) -> Option<Interval> {
    let score = Score::of(strata, variance)?;
    let (above, below) = (score.above, score.below);
    if above == 0.0 && below == 0.0 {
        return Some((0.0, f64::INFINITY));
    }
    let z = normal::critical(confidence);
    let lower = if above == 0.0 { 0.0 } else { score.solve(z).exp() };
    let upper = if below == 0.0 { f64::INFINITY } else { score.solve(-z).exp() };
    Some((lower, upper))
}

/// The score statistic as a function of the ratio, with what does not depend on the ratio worked out.
struct Score {
    /// sum a n2 / N.
    above: f64,
    /// sum c n1 / N.
    below: f64,
    /// The one less the other, from whole numbers.
    excess: f64,
    strata: Vec<ScoreStratum>,
}

/// One stratum of a score statistic.
struct ScoreStratum {
    /// n1 + c.
    first: f64,
    /// n2 + a.
    second: f64,
    /// a + c, n1 - a and n2 - c.
    selected: f64,
    others_1: f64,
    others_2: f64,
    /// w^2 / n1 with w = n1 n2 / N, times N / (N - 1) where the variance is unbiased.
    weight_1: f64,
    /// w^2 / n2, likewise.
    weight_2: f64,
}

impl Score {
    /// Of the strata in which both groups have people; `None` without any.
    fn of(strata: &[Table], variance: Variance) -> Option<Self> {
        let (mut above, mut below, mut excess) = (0.0, 0.0, 0.0);
        let of_stratum = |table: &Table| {
            let (a, n1) = (table.selected_1 as f64, table.total_1 as f64);
            let (c, n2) = (table.selected_2 as f64, table.total_2 as f64);
            let n = n1 + n2;
            above += a * n2 / n;
            below += c * n1 / n;
            let cross = i128::from(table.selected_1) * i128::from(table.total_2)
                - i128::from(table.selected_2) * i128::from(table.total_1);
            excess += cross as f64 / n;
            let factor = if variance == Variance::Unbiased { n / (n - 1.0) } else { 1.0 };
            let weight = n1 * n2 / n;
            ScoreStratum {
                first: n1 + c,
                second: n2 + a,
                selected: a + c,
                others_1: n1 - a,
                others_2: n2 - c,
                weight_1: weight * weight / n1 * factor,
                weight_2: weight * weight / n2 * factor,
            }
        };
        let strata: Vec<ScoreStratum> =
            strata.iter().filter(|table| table.has_both_groups()).map(of_stratum).collect();
        (!strata.is_empty()).then_some(Self { above, below, excess, strata })
    }

    /// The logarithm of the ratio at which the statistic, which falls, has a value: a limit is seldom far from where the
    /// spread at the estimate puts it, and otherwise looked for from the estimate outwards.
    fn solve(&self, value: f64) -> f64 {
        let miss = |ln_ratio: f64| self.at(ln_ratio) - value;
        let middle = (self.above / self.below).ln();
        if !middle.is_finite() {
            return roots::solve(-FAR, FAR, 1e-16, miss);
        }
        // At the estimate the statistic is nothing, and falls by (sum c n1 / N) r / spread.
        let width = value * self.spread(middle).sqrt() / (middle.exp() * self.below);
        let near = middle - width;
        if near.is_finite() && near.abs() < FAR {
            let known = [(middle, -value), (near, miss(near))];
            if let Some(found) = roots::polish(known, miss) {
                let is_beyond = (found - middle) * value < 0.0;
                if is_beyond && found.abs() < FAR {
                    return found;
                }
            }
        }
        let (mut near, mut step) = (middle, -value.signum() / 4.0);
        loop {
            let far = (middle + step).clamp(-FAR, FAR);
            if far.abs() >= FAR {
                return roots::solve(middle.min(far), middle.max(far), 1e-16, miss);
            }
            if (miss(far) > 0.0) == (value > 0.0) {
                return roots::solve(near.min(far), near.max(far), 1e-16, miss);
            }
            (near, step) = (far, step * 4.0);
        }
    }

    /// sum w^2 V(r).
    fn spread(&self, ln_ratio: f64) -> f64 {
        let (ratio, surplus) = (ln_ratio.exp(), ln_ratio.exp_m1());
        let of = |stratum: &ScoreStratum| {
            let (binomial_1, binomial_2) = stratum.constrained(ratio, surplus);
            stratum.weight_1 * binomial_1 + ratio * ratio * stratum.weight_2 * binomial_2
        };
        self.strata.iter().map(of).sum()
    }

    /// The statistic at a logarithm of the ratio. It works with the ratio less 1, which keeps its digits near 1.
    fn at(&self, ln_ratio: f64) -> f64 {
        let spread = self.spread(ln_ratio);
        let distance = self.excess - ln_ratio.exp_m1() * self.below;
        if spread <= 0.0 {
            return if distance == 0.0 { 0.0 } else { distance.signum() * f64::INFINITY };
        }
        distance / spread.sqrt()
    }
}

impl ScoreStratum {
    /// p1 (1 - p1) and p2 (1 - p2) for the rates that maximise the likelihood under p1 = r p2: the smaller root of
    /// N r p2^2 - (r (n1 + c) + n2 + a) p2 + (a + c) = 0.
    ///
    /// Its discriminant equals (r (n1 + c) - (n2 + a))^2 + 4 r (n1 - a)(n2 - c), a sum of squares that cancels nothing;
    /// 1 - p1 and 1 - p2 are solved for likewise, because either rate may be all but 1.
    fn constrained(&self, ratio: f64, surplus: f64) -> (f64, f64) {
        let (k, b, d) = (self.selected, self.others_1, self.others_2);
        let shift = surplus * k;
        let gap = ratio * b - d + shift;
        let root = (gap * gap + 4.0 * ratio * b * d).sqrt();
        let whole = ratio * self.first + self.second + root;
        // (side + root), or what it equals after multiplying by (side - root), whichever adds numbers of one sign.
        let rest = |side: f64, product: f64| {
            if side >= 0.0 { side + root } else { product / (side - root) }
        };
        let rest_1 = rest(ratio * b + d - shift, -4.0 * ratio * b * shift);
        let rest_2 = rest(surplus * self.first + b + d, 4.0 * d * shift);
        let (p1, p2) = ((2.0 * ratio * k / whole).min(1.0), (2.0 * k / whole).min(1.0));
        (p1 * (rest_1 / whole).clamp(0.0, 1.0), p2 * (rest_2 / whole).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strata_narrow_the_interval_around_the_same_ratio() {
        let one = Table::new((20, 100), (40, 100)).unwrap();
        let alone = miettinen_nurminen(&one, 0.95).unwrap();
        let four = stratified(&[one; 4], 0.95).unwrap();
        assert!(alone.0 < four.0 && four.0 < 0.5 && 0.5 < four.1 && four.1 < alone.1);
    }
}
