//! The logarithm of the gamma function and of binomial coefficients, exact to the last digit of a float even where
//! the logarithms themselves are of the order of 1e9. Knows no statistic.

use std::sync::OnceLock;

use super::double::{Double, HALF_LN_TWO_PI};

/// From here on Stirling's series with ten terms is good to 30 digits.
const STIRLING_FROM: f64 = 40.0;

/// Numerators and denominators of Stirling's series, B(2k) / (2k (2k - 1)).
const STIRLING: [(f64, f64); 10] = [
    (1.0, 12.0),
    (-1.0, 360.0),
    (1.0, 1260.0),
    (-1.0, 1680.0),
    (1.0, 1188.0),
    (-691.0, 360_360.0),
    (1.0, 156.0),
    (-3617.0, 122_400.0),
    (43_867.0, 244_188.0),
    (-174_611.0, 125_400.0),
];

/// How many factorials are kept.
const TABLE: usize = 2048;

/// ln Gamma(x) for x > 0.
///
/// Stirling: (x - 1/2) ln x - x + ln(2 pi)/2 + sum B(2k) / (2k (2k-1) x^(2k-1)) (Abramowitz and Stegun 6.1.40),
/// after raising small arguments by Gamma(x + 1) = x Gamma(x).
pub fn ln_gamma(x: f64) -> Double {
    ln_gamma_double(Double::from(x))
}

/// ln Gamma of a double-double, which sums of parameters need.
pub fn ln_gamma_double(x: Double) -> Double {
    let mut raised = x;
    let mut product = Double::from(1.0);
    while raised.high < STIRLING_FROM {
        product = product * raised;
        raised = raised + Double::from(1.0);
    }
    let inverse = reciprocal(raised);
    let square = inverse * inverse;
    let mut series = Double::from(0.0);
    for (numerator, denominator) in STIRLING.iter().rev() {
        series = series * square + Double::quotient(*numerator, *denominator);
    }
    let stirling = (raised - Double::from(0.5)) * raised.ln() - raised + HALF_LN_TWO_PI;
    stirling + series * inverse - product.ln()
}

fn reciprocal(x: Double) -> Double {
    let first = 1.0 / x.high;
    let rest = Double::from(1.0) - x * first;
    Double::from(first) + rest * first
}

/// ln n!.
pub fn ln_factorial(n: u64) -> Double {
    static KEPT: OnceLock<Vec<Double>> = OnceLock::new();
    let kept = KEPT.get_or_init(|| (0..TABLE).map(|n| ln_gamma(n as f64 + 1.0)).collect());
    match usize::try_from(n).ok().and_then(|n| kept.get(n)) {
        Some(value) => *value,
        None => ln_gamma_double(Double::from(n as f64) + Double::from(1.0)),
    }
}

/// ln of the number of ways to choose `k` of `n`; minus infinity when there is none.
pub fn ln_choose(n: u64, k: u64) -> Double {
    match n.checked_sub(k) {
        Some(rest) => ln_factorial(n) - ln_factorial(k) - ln_factorial(rest),
        None => Double::from(f64::NEG_INFINITY),
    }
}

/// Digamma, the derivative of ln Gamma, from x to x + n for x > 0 and whole n: how much it rises (Abramowitz and Stegun
/// 6.3.5 and 6.3.18). The two values are never formed, so that nothing cancels where x is large and n is not.
pub fn digamma_rise(x: f64, n: u64) -> f64 {
    let (mut low, mut left, mut rise) = (x, n, 0.0);
    while low < 12.0 && left > 0 {
        rise += 1.0 / low;
        low += 1.0;
        left -= 1;
    }
    if left == 0 {
        return rise;
    }
    let left = left as f64;
    let high = low + left;
    rise + (left / low).ln_1p()
        + 0.5 * left / (low * high)
        + (digamma_series(low) - digamma_series(high))
}

/// ln x - 1/(2x) - digamma(x) for x of 12 and more.
fn digamma_series(x: f64) -> f64 {
    let square = 1.0 / (x * x);
    square
        * (1.0 / 12.0
            - square
                * (1.0 / 120.0
                    - square
                        * (1.0 / 252.0
                            - square
                                * (1.0 / 240.0
                                    - square
                                        * (1.0 / 132.0
                                            - square * (691.0 / 32_760.0 - square / 12.0))))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factorials_agree_with_exact_products() {
        for (n, expected) in [(0, 1.0), (1, 1.0), (5, 120.0), (20, 2_432_902_008_176_640_000.0)] {
            assert!((ln_factorial(n).exp() / expected - 1.0f64).abs() < 1e-15, "{n}");
        }
    }

    #[test]
    fn a_coefficient_of_ten_million_keeps_its_digits() {
        // C(n, 2) = n (n - 1) / 2 exactly.
        let n = 20_000_000_u64;
        let expected = (n as f64) * ((n - 1) as f64) / 2.0;
        assert!((ln_choose(n, 2).exp() / expected - 1.0).abs() < 1e-14);
        assert_eq!(ln_choose(3, 4).high, f64::NEG_INFINITY);
    }

    #[test]
    fn digamma_rises_by_the_sum_of_reciprocals() {
        for (x, n) in [(0.3_f64, 5_u64), (11.5, 3), (40.0, 200), (2733.0, 60), (2733.0, 1)] {
            let sum: f64 = (0..n).rev().map(|k| 1.0 / (x + k as f64)).sum();
            assert!((digamma_rise(x, n) / sum - 1.0).abs() < 9e-16, "{x} {n}");
        }
        assert_eq!(digamma_rise(7.0, 0), 0.0);
    }
}
