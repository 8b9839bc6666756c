//! Roots of monotone functions by bisection to the last bit. Knows no statistic.

/// Where a monotone function changes sign between two points, to the spacing of floats.
///
/// Only signs are read, so the function may be infinite at either end. When both ends have one sign, the end whose
/// value is closer to zero is the answer.
pub fn bisect(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let (at_low, at_high) = (f(low), f(high));
    if at_low == 0.0 {
        return low;
    }
    if at_high == 0.0 {
        return high;
    }
    if (at_low > 0.0) == (at_high > 0.0) {
        return if at_low.abs() <= at_high.abs() { low } else { high };
    }
    // 1100 halvings exhaust any pair of floats; in practice some sixty do.
    for _ in 0..1100 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        let value = f(middle);
        if value == 0.0 {
            return middle;
        }
        if (value > 0.0) == (at_low > 0.0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

/// The root of a monotone function between two points, for functions that are dear to evaluate: inverse quadratic
/// steps where they are safe, halving where they are not (Chandrupatla 1997). Stops when the bracket is below
/// `tolerance`, or at the spacing of floats. When both ends have one sign, the end closer to zero is the answer.
pub fn solve(low: f64, high: f64, tolerance: f64, f: impl Fn(f64) -> f64) -> f64 {
    // Infinite values would make steps undefined; their sign is all that counts.
    let f = |x: f64| f(x).clamp(-1e150, 1e150);
    let (mut a, mut b) = (high, low);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 {
        return a;
    }
    if fb == 0.0 || (fa > 0.0) == (fb > 0.0) {
        return if fb.abs() <= fa.abs() { b } else { a };
    }
    let mut share = 0.5;
    for _ in 0..500 {
        let x = a + share * (b - a);
        let fx = f(x);
        let (c, fc);
        if (fx > 0.0) == (fa > 0.0) {
            (c, fc) = (a, fa);
        } else {
            (c, fc) = (b, fb);
            (b, fb) = (a, fa);
        }
        (a, fa) = (x, fx);
        let best = if fb.abs() < fa.abs() { b } else { a };
        let least = (2.0 * f64::EPSILON * best.abs() + 0.5 * tolerance) / (b - a).abs();
        if fa == 0.0 || least > 0.5 || least.is_nan() {
            return best;
        }
        let xi = (a - b) / (c - b);
        let phi = (fa - fb) / (fc - fb);
        let safe = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        share = if safe {
            fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        } else {
            0.5
        };
        share = share.clamp(least, 1.0 - least);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_rules_find_the_square_root_of_two() {
        let f = |x: f64| x * x - 2.0;
        assert!((bisect(0.0, 2.0, f) - std::f64::consts::SQRT_2).abs() < 1e-15);
        assert!((solve(0.0, 2.0, 1e-15, f) - std::f64::consts::SQRT_2).abs() < 1e-14);
    }
}
