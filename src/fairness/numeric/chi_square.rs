//! The upper tail of the chi-square distribution, with its logarithm. Knows no statistic.

use super::gamma::ln_gamma;
use super::{Probability, normal};

/// P(X >= x) for `degrees` degrees of freedom.
///
/// One degree is the normal's two tails. Otherwise the regularised incomplete gamma function: its series below the
/// mean, and above it the continued fraction 6.5.31 of Abramowitz and Stegun, both in log space.
pub fn upper_tail(x: f64, degrees: u64) -> Probability {
    if x <= 0.0 || degrees == 0 {
        return Probability::ONE;
    }
    if degrees == 1 {
        return normal::two_sided(x.sqrt());
    }
    let shape = degrees as f64 / 2.0;
    let half = x / 2.0;
    let ln_front = shape * half.ln() - half - ln_gamma(shape).value();
    if half < shape + 1.0 {
        Probability::from_ln(ln_front + lower_series(shape, half).ln()).complement()
    } else {
        Probability::from_ln(ln_front + upper_fraction(shape, half).ln())
    }
}

fn lower_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    let mut next = shape;
    while term > sum * 1e-18 {
        next += 1.0;
        term *= x / next;
        sum += term;
    }
    sum
}

/// Lentz's evaluation of the continued fraction.
fn upper_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-290;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..100_000 {
        let i = f64::from(i);
        let an = -i * (i - shape);
        b += 2.0;
        d = an * d + b;
        if d.abs() < TINY {
            d = TINY;
        }
        c = b + an / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let delta = d * c;
        h *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_degrees_are_exponential() {
        for x in [0.1, 1.0, 3.9, 4.1, 50.0, 3000.0] {
            assert!((upper_tail(x, 2).ln_p - -x / 2.0).abs() < 1e-12 * x, "{x}");
        }
    }
}
