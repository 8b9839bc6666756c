//! Double-double arithmetic: about 32 digits from two floats, for differences of large logarithms. Knows no statistic.

use std::ops::{Add, Mul, Neg, Sub};

/// An unevaluated sum of two floats, the second below half a unit in the last place of the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Double {
    /// The rounded value.
    pub high: f64,
    /// What rounding left out.
    pub low: f64,
}

/// The natural logarithm of 2.
const LN_2: Double = Double { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };

/// Half the natural logarithm of 2 pi.
pub const HALF_LN_TWO_PI: Double =
    Double { high: 0.918_938_533_204_672_8, low: -3.878_294_158_067_242e-17 };

/// Knuth's exact sum of two floats.
fn two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let part = high - a;
    Double { high, low: (a - (high - part)) + (b - part) }
}

/// The exact sum of two floats of which the first is the larger.
fn quick_two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    Double { high, low: b - (high - a) }
}

/// The exact product of two floats.
fn two_product(a: f64, b: f64) -> Double {
    let high = a * b;
    Double { high, low: a.mul_add(b, -high) }
}

impl From<f64> for Double {
    fn from(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }
}

impl Add for Double {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let high = two_sum(self.high, other.high);
        let low = two_sum(self.low, other.low);
        let sum = quick_two_sum(high.high, high.low + low.high);
        quick_two_sum(sum.high, sum.low + low.low)
    }
}

impl Neg for Double {
    type Output = Self;
    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Sub for Double {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Double {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = two_product(self.high, other.high);
        let cross = self.high * other.low + self.low * other.high;
        quick_two_sum(product.high, product.low + cross)
    }
}

impl Mul<f64> for Double {
    type Output = Self;
    fn mul(self, other: f64) -> Self {
        let product = two_product(self.high, other);
        quick_two_sum(product.high, product.low + self.low * other)
    }
}

impl Double {
    /// The quotient of two floats.
    pub fn quotient(numerator: f64, denominator: f64) -> Self {
        Self::from(numerator).over(denominator)
    }

    /// This number divided by a float.
    pub fn over(self, divisor: f64) -> Self {
        let first = self.high / divisor;
        let rest = self - two_product(first, divisor);
        let second = rest.high / divisor;
        let last = (rest - two_product(second, divisor)).high / divisor;
        quick_two_sum(first, second) + Self::from(last)
    }

    /// The decimal number that a float was written as: the shortest that reads as it. One tenth is a tenth, which no
    /// float is.
    pub fn as_written(value: f64) -> Self {
        let text = format!("{value:e}");
        let plain = Self::from(value);
        let Some((digits, power)) = text.split_once('e') else { return plain };
        let decimals = digits.split_once('.').map_or(0, |(_, rest)| rest.len());
        let whole: Option<i64> = digits.replace('.', "").parse().ok();
        let power: Option<i32> = power.parse().ok();
        let (Some(whole), Some(power)) = (whole, power) else { return plain };
        let power = power - i32::try_from(decimals).unwrap_or(i32::MAX);
        // Powers of ten up to this one are floats.
        if power.abs() > 22 {
            return plain;
        }
        let high = whole as f64;
        let exact = two_sum(high, (i128::from(whole) - high as i128) as f64);
        let ten = 10.0_f64.powi(power.abs());
        if power < 0 { exact.over(ten) } else { exact * ten }
    }

    /// The nearest float.
    pub fn value(self) -> f64 {
        self.high + self.low
    }

    /// `1 - x` of a float, exactly.
    pub fn one_minus(x: f64) -> Self {
        two_sum(1.0, -x)
    }

    /// e to this power, as a float with full precision in the result.
    pub fn exp(self) -> f64 {
        let high = self.high.exp();
        if high.is_finite() { high * (1.0 + self.low) } else { high }
    }

    /// The natural logarithm, by one Newton step on the exponential from the float's own logarithm.
    pub fn ln(self) -> Self {
        if self.high <= 0.0 {
            return Self::from(if self.high == 0.0 { f64::NEG_INFINITY } else { f64::NAN });
        }
        let start = self.high.ln();
        let scaled = exp_of_float(-start) * self;
        Self::from(start) + (scaled - Self::from(1.0))
    }
}

/// e to the power of a float, in double-double: the argument is reduced to a 512th, summed, and squared back.
fn exp_of_float(x: f64) -> Double {
    let power = (x / std::f64::consts::LN_2).round();
    let reduced = (Double::from(x) - LN_2 * power) * (1.0 / 512.0);
    // exp(r) - 1 for |r| < 0.0007: eight terms leave less than 1e-33.
    let mut term = reduced;
    let mut sum = reduced;
    for k in 2..=9 {
        term = (term * reduced).over(f64::from(k));
        sum = sum + term;
    }
    for _ in 0..9 {
        sum = sum * 2.0 + sum * sum;
    }
    let result = sum + Double::from(1.0);
    // A power of two in two steps, so that neither overflows on its own.
    let half = (power / 2.0).trunc();
    let scale = |value: Double| value * half.exp2() * (power - half).exp2();
    scale(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_keeps_thirty_digits() {
        // ln 10 = 2.302585092994045684017991454684364207601...
        let ln_ten = Double::from(10.0).ln();
        assert_eq!(ln_ten.high, std::f64::consts::LN_10);
        assert!((ln_ten.low - -2.170_756_223_382_249_4e-16).abs() < 1e-30, "{ln_ten:?}");
    }

    #[test]
    fn a_third_three_times_is_one() {
        let third = Double::quotient(1.0, 3.0);
        assert!((third * 3.0 - Double::from(1.0)).value().abs() < 1e-31);
    }

    #[test]
    fn a_float_is_the_decimal_that_was_written() {
        // 60.3 is 60.2999999999999971578...; three tenths less than sixty and six tenths it is exactly.
        let difference = Double::as_written(60.6) - Double::as_written(60.3);
        assert_eq!(difference.value(), 0.3);
        for value in [0.0, -0.1, 1e6 + 0.125, 5e-324, 1e300, -17.0] {
            assert_eq!(Double::as_written(value).value(), value);
        }
    }
}
