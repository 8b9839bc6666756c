//! Logistic regression on grouped counts, by maximum likelihood and with Firth's penalty, which has an answer even
//! when a group was never selected. Fits; it does not choose factors.

use serde::Serialize;

use super::numeric::{Sum, chi_square};

/// Coefficients beyond this size mean that the likelihood has no maximum; of a factor that stays below 1, beyond this many
/// log odds over its range.
const FAR: f64 = 60.0;
/// With the penalty, the same only where rounding leads the search astray: the logarithm of the largest number.
const FAR_WITH_PENALTY: f64 = 700.0;
/// A standard error beyond this many log odds over the range of a factor means the same.
const FLAT: f64 = 1e4;
const MOST_STEPS: usize = 400;
/// Steps shorter than this are not looked at twice: rounding moves the likelihood as much.
const SETTLED: f64 = 1e-6;
/// So often a step is halved at most.
const MOST_HALVINGS: u32 = 30;
/// Steps by the information alone; with the penalty they can shrink ever more slowly, and better ones follow.
const PLAIN_STEPS: usize = 25;

/// Rows of a design with the same factors: how many people, and how many selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Factors of each row, the constant 1 included.
    pub x: Vec<Vec<f64>>,
    /// Selected in each row.
    pub selected: Vec<f64>,
    /// People in each row.
    pub total: Vec<f64>,
}

impl Design {
    /// The largest value of a factor, whatever its sign.
    fn reach(&self, j: usize) -> f64 {
        self.x.iter().filter_map(|row| row.get(j)).fold(0.0, |most, x| most.max(x.abs()))
    }
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// Coefficients, on the log odds scale.
    pub coefficients: Vec<f64>,
    /// Their standard errors.
    pub standard_errors: Vec<f64>,
    /// The log-likelihood, without and with the penalty ln sqrt |I|.
    pub log_likelihood: f64,
    /// The log-likelihood plus half the log determinant of the information.
    pub penalised_log_likelihood: f64,
    /// Wald p of each coefficient.
    pub wald_p: Vec<f64>,
    /// (Penalised) likelihood-ratio p of each coefficient after the first; `None` where the smaller model does not fit.
    pub likelihood_ratio_p: Vec<Option<f64>>,
}

/// The two ways to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Penalty {
    /// Maximum likelihood.
    None,
    /// Half the log determinant of the information (Firth 1993; Heinze and Schemper 2002). Where few people leave several
    /// roots of the score, it is the one that steps from 0 lead to, as the reference values have it.
    Firth,
}

/// Fits a model. `None` when the likelihood has no maximum (separation) or the factors are collinear.
pub fn fit(design: &Design, penalty: Penalty) -> Option<Fit> {
    let full = maximise(design, penalty, None)?;
    let of = |solution: &Solution| match penalty {
        Penalty::None => solution.log_likelihood,
        Penalty::Firth => solution.penalised,
    };
    let width = full.coefficients.len();
    let standard_errors: Vec<f64> =
        (0..width).map(|j| full.covariance[j][j].max(0.0).sqrt()).collect();
    // Rounding can end the search on the way to infinity, where the likelihood is flat.
    let knows_nothing = |(j, error): (usize, &f64)| error * design.reach(j) > FLAT;
    if penalty == Penalty::None && standard_errors.iter().enumerate().any(knows_nothing) {
        return None;
    }
    let wald = full.coefficients.iter().zip(&standard_errors);
    Some(Fit {
        wald_p: wald.map(|(b, se)| chi_square::upper_tail((b / se).powi(2), 1).p).collect(),
        likelihood_ratio_p: (1..width)
            .map(|j| {
                let without = maximise(design, penalty, Some(j))?;
                let statistic = 2.0 * (of(&full) - of(&without));
                Some(chi_square::upper_tail(statistic, 1).p)
            })
            .collect(),
        standard_errors,
        log_likelihood: full.log_likelihood,
        penalised_log_likelihood: full.penalised,
        coefficients: full.coefficients,
    })
}

struct Solution {
    coefficients: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    log_likelihood: f64,
    penalised: f64,
}

struct Parts {
    rates: Vec<f64>,
    weights: Vec<f64>,
    information: Vec<Vec<f64>>,
    log_likelihood: f64,
}

/// Newton's method with steps of at most 1 in any coefficient, or in log odds over the range of a factor below 1; `fixed`
/// stays at 0. The information is the slope of the score only without the penalty: where steps with it do not end soon,
/// the slope is taken from differences.
fn maximise(design: &Design, penalty: Penalty, fixed: Option<usize>) -> Option<Solution> {
    let width = design.x.first()?.len();
    let free: Vec<usize> = (0..width).filter(|j| Some(*j) != fixed).collect();
    let mut b = vec![0.0; width];
    let mut smallest_step = f64::INFINITY;
    for step in 0..MOST_STEPS {
        let parts = parts(design, &b);
        let (covariance, _) = inverse(&parts.information)?;
        let score = score(design, &parts, &covariance, penalty);
        let information: Vec<Vec<f64>> =
            free.iter().map(|i| free.iter().map(|j| parts.information[*i][*j]).collect()).collect();
        let slope = (penalty == Penalty::Firth && step >= PLAIN_STEPS)
            .then(|| slope(design, &b, &free))
            .flatten();
        let inverted = match slope.as_deref().and_then(inverse) {
            Some((inverted, _)) => inverted,
            None => inverse(&information)?.0,
        };
        let steps: Vec<f64> = inverted
            .iter()
            .map(|row| row.iter().zip(&free).map(|(v, j)| v * score[*j]).collect::<Sum>().value())
            .collect();
        let largest = steps.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
        let in_reach = |(j, b): (usize, &f64)| b.abs() * design.reach(j).min(1.0);
        let furthest = free.iter().copied().zip(&steps).map(in_reach).fold(0.0, f64::max);
        let longest = if furthest > 1.0 { 1.0 / furthest } else { 1.0 };
        let moved = |scale: f64| {
            let mut moved = b.clone();
            free.iter().zip(&steps).for_each(|(j, step)| moved[*j] += scale * step);
            moved
        };
        // A step that ends lower than it began has passed the summit: a shorter one stops before it.
        let uphill = (largest > SETTLED).then(|| {
            let here = height(design, penalty, &b)?;
            (0..MOST_HALVINGS)
                .map(|halvings| moved(longest / f64::from(1_u32 << halvings)))
                .find(|moved| height(design, penalty, moved).is_some_and(|there| there >= here))
        });
        b = uphill.flatten().unwrap_or_else(|| moved(longest));
        // With the penalty there always is a maximum, however far out.
        let far = if penalty == Penalty::Firth { FAR_WITH_PENALTY } else { FAR };
        if !largest.is_finite() || b.iter().enumerate().map(in_reach).any(|b| b > far) {
            return None;
        }
        // Rounding ends progress a little above zero: stop when steps are tiny and no longer shrink.
        if largest < 1e-15 || (largest < 1e-9 && largest >= smallest_step) {
            return solution(design, b);
        }
        smallest_step = smallest_step.min(largest);
    }
    None
}

/// What is maximised, at some coefficients; nothing where the information is singular.
fn height(design: &Design, penalty: Penalty, b: &[f64]) -> Option<f64> {
    let parts = parts(design, b);
    Some(match penalty {
        Penalty::None => parts.log_likelihood,
        Penalty::Firth => parts.log_likelihood + inverse(&parts.information)?.1 / 2.0,
    })
}

/// Minus the slope of the penalised score in the free coefficients, by central differences. Its error only slows the
/// last steps; where it does not fall in every direction, steps by it could lead away from the maximum.
fn slope(design: &Design, b: &[f64], free: &[usize]) -> Option<Vec<Vec<f64>>> {
    let at = |b: &[f64]| -> Option<Vec<f64>> {
        let parts = parts(design, b);
        let (covariance, _) = inverse(&parts.information)?;
        Some(score(design, &parts, &covariance, Penalty::Firth))
    };
    let mut columns = Vec::new();
    for j in free {
        let width = 1e-5 * (1.0 + b[*j].abs());
        let moved = |by: f64| {
            let mut b = b.to_vec();
            b[*j] += by;
            at(&b)
        };
        let (above, below) = (moved(width)?, moved(-width)?);
        columns.push(
            free.iter().map(|i| (below[*i] - above[*i]) / (2.0 * width)).collect::<Vec<f64>>(),
        );
    }
    let falls = columns.iter().enumerate().all(|(j, column)| column[j] > 0.0);
    let count = free.len();
    falls.then(|| (0..count).map(|i| (0..count).map(|j| columns[j][i]).collect()).collect())
}

fn solution(design: &Design, coefficients: Vec<f64>) -> Option<Solution> {
    let parts = parts(design, &coefficients);
    let (covariance, ln_determinant) = inverse(&parts.information)?;
    Some(Solution {
        coefficients,
        covariance,
        log_likelihood: parts.log_likelihood,
        penalised: parts.log_likelihood + ln_determinant / 2.0,
    })
}

fn parts(design: &Design, b: &[f64]) -> Parts {
    let width = b.len();
    let mut information = vec![vec![Sum::default(); width]; width];
    let mut log_likelihood = Sum::default();
    let (mut rates, mut weights) = (Vec::new(), Vec::new());
    for ((x, y), n) in design.x.iter().zip(&design.selected).zip(&design.total) {
        let eta: f64 = x.iter().zip(b).map(|(x, b)| x * b).collect::<Sum>().value();
        let rate = 1.0 / (1.0 + (-eta).exp());
        let weight = n * rate * (1.0 / (1.0 + eta.exp()));
        for i in 0..width {
            for j in 0..width {
                information[i][j].add(weight * x[i] * x[j]);
            }
        }
        let ln_sum = (-eta.abs()).exp().ln_1p() + eta.max(0.0);
        log_likelihood.add(y * eta - n * ln_sum);
        rates.push(rate);
        weights.push(weight);
    }
    let values = |row: Vec<Sum>| row.into_iter().map(Sum::value).collect();
    Parts {
        rates,
        weights,
        information: information.into_iter().map(values).collect(),
        log_likelihood: log_likelihood.value(),
    }
}

/// U_j = sum (y - n p) x_j, and with the penalty + sum h (1/2 - p) x_j, h the leverage of each row.
fn score(design: &Design, parts: &Parts, covariance: &[Vec<f64>], penalty: Penalty) -> Vec<f64> {
    let width = covariance.len();
    let mut score = vec![Sum::default(); width];
    for (q, x) in design.x.iter().enumerate() {
        let (rate, weight) = (parts.rates[q], parts.weights[q]);
        let mut excess = design.selected[q] - design.total[q] * rate;
        if penalty == Penalty::Firth {
            let mut leverage = 0.0;
            for i in 0..width {
                for j in 0..width {
                    leverage += x[i] * covariance[i][j] * x[j];
                }
            }
            excess += weight * leverage * (0.5 - rate);
        }
        for (sum, x) in score.iter_mut().zip(x) {
            sum.add(excess * x);
        }
    }
    score.into_iter().map(Sum::value).collect()
}

/// The inverse of a symmetric positive matrix and the logarithm of its determinant, by elimination with pivots.
/// `None` when it is singular.
fn inverse(matrix: &[Vec<f64>]) -> Option<(Vec<Vec<f64>>, f64)> {
    let n = matrix.len();
    let mut left: Vec<Vec<f64>> = matrix.to_vec();
    let mut right: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let mut ln_determinant = 0.0;
    for column in 0..n {
        let pivot =
            (column..n).max_by(|i, j| left[*i][column].abs().total_cmp(&left[*j][column].abs()))?;
        left.swap(column, pivot);
        right.swap(column, pivot);
        let value = left[column][column];
        if value.abs() < 1e-280 || !value.is_finite() {
            return None;
        }
        ln_determinant += value.abs().ln();
        for j in 0..n {
            left[column][j] /= value;
            right[column][j] /= value;
        }
        for i in (0..n).filter(|i| *i != column) {
            let factor = left[i][column];
            for j in 0..n {
                left[i][j] -= factor * left[column][j];
                right[i][j] -= factor * right[column][j];
            }
        }
    }
    Some((right, ln_determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firth_is_found_where_steps_by_the_information_hardly_end() {
        // The root of the penalised score at 40 digits; steps by the information alone swing about it for ever.
        let design = Design {
            x: vec![vec![1.0, 0.2], vec![1.0, 0.0], vec![1.0, 0.0]],
            selected: vec![1.0, 10.0, 0.0],
            total: vec![1.0, 12.0, 13.0],
        };
        let fit = fit(&design, Penalty::Firth).unwrap();
        let expected = [-0.389_464_766_761_723_25, 7.440_385_277_149_165];
        for (found, expected) in fit.coefficients.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn with_the_penalty_a_maximum_far_out_is_found() {
        let x = vec![vec![1.0, 1.1, 1.0], vec![1.0, 0.02, 2.0], vec![1.0, 0.0, 2.07]];
        let design = Design { x, selected: vec![0.0; 3], total: vec![5.0, 5.0, 40.0] };
        assert!(fit(&design, Penalty::None).is_none());
        let found = fit(&design, Penalty::Firth).unwrap();
        assert!(found.coefficients.iter().any(|b| b.abs() > FAR));
        assert!(found.likelihood_ratio_p.iter().all(Option::is_some));
    }

    #[test]
    fn the_unit_of_a_factor_changes_its_coefficient_and_nothing_else() {
        for penalty in [Penalty::None, Penalty::Firth] {
            let fitted = |unit: f64| {
                let x = [0.0, 0.3, 0.7, 1.0].map(|x| vec![1.0, x * unit]).to_vec();
                let (selected, total) = (vec![10.0, 18.0, 26.0, 35.0], vec![40.0; 4]);
                fit(&Design { x, selected, total }, penalty).unwrap()
            };
            let (whole, small) = (fitted(1.0), fitted(1e-3));
            assert!((small.coefficients[1] / 1e3 / whole.coefficients[1] - 1.0).abs() < 1e-9);
            assert!((small.log_likelihood / whole.log_likelihood - 1.0).abs() < 1e-12);
        }
    }
}
