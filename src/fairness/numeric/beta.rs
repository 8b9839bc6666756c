//! The regularised incomplete beta function, its logarithm and its inverse. Knows no statistic.

use super::Probability;
use super::double::Double;
use super::gamma::{ln_gamma, ln_gamma_double};
use super::roots;

/// I_x(a, b): the probability that a beta variable is at most `x`.
///
/// The continued fraction 26.5.8 of Abramowitz and Stegun, on the side of the mean where it converges fast. `y` is
/// 1 - x, given apart so that an x next to 1 keeps its digits.
pub fn regularised(a: f64, b: f64, x: f64, y: f64) -> Probability {
    if x <= 0.0 {
        return Probability::ZERO;
    }
    if y <= 0.0 {
        return Probability::ONE;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return lower(b, a, y, x).complement();
    }
    lower(a, b, x, y)
}

fn lower(a: f64, b: f64, x: f64, y: f64) -> Probability {
    let powers = Double::from(x).ln() * a + Double::from(y).ln() * b;
    let constant = ln_gamma_double(Double::from(a) + Double::from(b)) - ln_gamma(a) - ln_gamma(b);
    let ln_p = (powers + constant).value() + (fraction(a, b, x) / a).ln();
    Probability::from_ln(ln_p)
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-290;
    let keep = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / keep(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep(1.0 + even * d);
        c = keep(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep(1.0 + odd * d);
        c = keep(1.0 + odd / c);
        let delta = d * c;
        h *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// The x with I_x(a, b) = p.
pub fn quantile(a: f64, b: f64, p: f64) -> f64 {
    // On the logit scale both ends of the unit interval are far away, and the function is smooth.
    let logit = roots::bisect(-700.0, 700.0, |t| {
        let x = 1.0 / (1.0 + (-t).exp());
        let y = 1.0 / (1.0 + t.exp());
        regularised(a, b, x, y).p - p
    });
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_variable_has_its_own_value() {
        for x in [1e-9, 0.25, 0.5, 0.999] {
            assert!((regularised(1.0, 1.0, x, 1.0 - x).p - x).abs() < 1e-15);
        }
        assert!((quantile(1.0, 1.0, 0.3) - 0.3).abs() < 1e-15);
    }

    #[test]
    fn powers_are_exact() {
        // I_x(a, 1) = x^a.
        assert!((regularised(7.0, 1.0, 0.2, 0.8).p / 0.2f64.powi(7) - 1.0).abs() < 1e-14);
    }
}
