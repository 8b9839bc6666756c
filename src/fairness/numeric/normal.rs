//! The normal distribution: tails in log space and quantiles. Knows no statistic.

use std::sync::OnceLock;

use statrs::distribution::{ContinuousCDF, Normal};

use super::Probability;

/// Half of the square root of pi's reciprocal doubled: 2 / sqrt(pi).
const TWO_OVER_SQRT_PI: f64 = std::f64::consts::FRAC_2_SQRT_PI;

/// erfc(x) with its logarithm.
///
/// Below 1 the series of erf (Abramowitz and Stegun 7.1.6) is summed; above, the continued fraction 7.1.14 of the
/// scaled function.
pub fn erfc(x: f64) -> Probability {
    if x < 0.0 {
        let value = 2.0 - erfc(-x).p;
        return Probability { p: value, ln_p: value.ln() };
    }
    if x < 1.0 {
        return Probability::new(erf_series(x)).complement();
    }
    let ln_scaled = scaled_fraction(x).ln();
    let ln_p = ln_scaled - x * x;
    Probability { p: ln_p.exp(), ln_p }
}

/// erf(x) = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!.
fn erf_series(x: f64) -> f64 {
    let square = x * x;
    let (mut term, mut sum, mut n) = (x, x, 0.0);
    while term > sum * 1e-18 {
        n += 1.0;
        term *= 2.0 * square / (2.0 * n + 1.0);
        sum += term;
    }
    TWO_OVER_SQRT_PI * (-square).exp() * sum
}

/// exp(x^2) erfc(x) = 1/sqrt(pi) 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), evaluated from the back.
fn scaled_fraction(x: f64) -> f64 {
    // What k terms leave falls as exp(-2 x sqrt(2 k)): these are enough for the last bit, with a third to spare.
    let terms = 15 + (260.0 / (x * x)) as u32;
    let mut value = x;
    for k in (1..=terms).rev() {
        value = x + f64::from(k) / 2.0 / value;
    }
    TWO_OVER_SQRT_PI / 2.0 / value
}

/// P(Z > z).
pub fn upper_tail(z: f64) -> Probability {
    erfc(z / std::f64::consts::SQRT_2).times(0.5)
}

/// P(Z <= z).
pub fn cumulative(z: f64) -> f64 {
    upper_tail(-z).p
}

/// P(|Z| > |z|).
pub fn two_sided(z: f64) -> Probability {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The z with P(Z <= z) = p.
///
/// statrs gives the start; one Newton step on the tail that is smaller gives the last digits.
pub fn quantile(p: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    let mut z = Normal::standard().inverse_cdf(p);
    for _ in 0..2 {
        let tail = upper_tail(-z).p;
        let density = (-z * z / 2.0).exp() / (std::f64::consts::TAU).sqrt();
        z -= (tail - p) / density;
    }
    z
}

/// The z of a two-sided interval of that confidence: 1.96 for 0.95, which nearly every interval asks for and is kept.
pub fn critical(confidence: f64) -> f64 {
    static USUAL: OnceLock<f64> = OnceLock::new();
    let of = |confidence: f64| -quantile((1.0 - confidence) / 2.0);
    if confidence == 0.95 { *USUAL.get_or_init(|| of(0.95)) } else { of(confidence) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_tails_meet_published_digits() {
        assert!((critical(0.95) - 1.959_963_984_540_054).abs() < 2e-15);
        assert!((critical(0.99) - 2.575_829_303_548_901).abs() < 2e-15);
        // ln P(|Z| > 40), from the asymptotic series.
        assert!((two_sided(40.0).ln_p - -803.915_294_833_193_3).abs() < 1e-9);
        assert!((two_sided(1.0).p - 0.317_310_507_862_914_1).abs() < 1e-15);
    }

    #[test]
    fn both_branches_of_erfc_meet() {
        let below = erfc(1.0 - 1e-13).p;
        let above = erfc(1.0 + 1e-13).p;
        assert!((below / above - 1.0).abs() < 1e-12, "{below} {above}");
    }
}
