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

/// How near successive guesses must come for the next one to be the root to the spacing of floats: errors of inverse
/// quadratic steps are products of the three before them.
const NEAR: f64 = 1e-9;

/// The root of a smooth function near two points whose values are known, by inverse quadratic steps and without a bracket:
/// half the looks at the function that [`solve`] takes. `None` where the steps do not come together fast.
pub fn polish(known: [(f64, f64); 2], f: impl Fn(f64) -> f64) -> Option<f64> {
    let [mut a, mut b] = known;
    let mut c: Option<(f64, f64)> = None;
    let mut last_step = f64::INFINITY;
    for _ in 0..12 {
        let next = match c {
            Some(c) => through(a, b, c),
            None => b.0 - b.1 * (b.0 - a.0) / (b.1 - a.1),
        };
        let step = (next - b.0).abs();
        // A step that is not much smaller than the one before says that the function is not smooth there.
        if !step.is_finite() || step > 2.0 * last_step {
            return None;
        }
        if step <= NEAR * next.abs().max(1.0) {
            return Some(next);
        }
        let value = f(next);
        if !value.is_finite() {
            return None;
        }
        (c, a, b) = (Some(a), b, (next, value));
        if value == 0.0 {
            return Some(next);
        }
        last_step = step;
    }
    None
}

/// Where the quadratic in the value through three points has the value zero.
fn through((a, fa): (f64, f64), (b, fb): (f64, f64), (c, fc): (f64, f64)) -> f64 {
    let (r, s, t) = (fb / fc, fb / fa, fa / fc);
    let p = s * (t * (r - t) * (c - b) - (1.0 - r) * (b - a));
    b + p / ((t - 1.0) * (r - 1.0) * (s - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_function_is_polished_to_its_root_and_another_one_is_refused() {
        let f = |x: f64| x * x - 2.0;
        let root = polish([(1.3, f(1.3)), (1.5, f(1.5))], f).unwrap();
        assert!((root - std::f64::consts::SQRT_2).abs() < 1e-15);
        let step = |x: f64| if x < 1.4 { -1.0 } else { 1.0 };
        assert_eq!(polish([(1.0, -1.0), (2.0, 1.0)], step), None);
    }

    #[test]
    fn both_rules_find_the_square_root_of_two() {
        let f = |x: f64| x * x - 2.0;
        assert!((bisect(0.0, 2.0, f) - std::f64::consts::SQRT_2).abs() < 1e-15);
        assert!((solve(0.0, 2.0, 1e-15, f) - std::f64::consts::SQRT_2).abs() < 1e-14);
    }
}
