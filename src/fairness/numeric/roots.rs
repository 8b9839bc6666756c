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

/// The root of a smooth monotone function by the secant rule kept inside a bracket (Illinois), for functions that are
/// dear to evaluate. Stops when the bracket or the step is below `tolerance`.
pub fn illinois(low: f64, high: f64, tolerance: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a), f(b));
    if (fa > 0.0) == (fb > 0.0) {
        return if fa.abs() <= fb.abs() { a } else { b };
    }
    for step in 0..200 {
        // Every third step halves, so that a flat stretch cannot stall the rule.
        let secant = b - fb * (b - a) / (fb - fa);
        let inside = secant > a.min(b) && secant < a.max(b) && secant.is_finite();
        let next = if inside && step % 3 != 2 { secant } else { a + (b - a) / 2.0 };
        let value = f(next);
        if value == 0.0 || (b - a).abs() <= tolerance {
            return next;
        }
        if (value > 0.0) == (fb > 0.0) {
            fa /= 2.0;
        } else {
            (a, fa) = (b, fb);
        }
        if (next - b).abs() <= tolerance * 0.01 {
            return next;
        }
        (b, fb) = (next, value);
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_rules_find_the_square_root_of_two() {
        let f = |x: f64| x * x - 2.0;
        assert!((bisect(0.0, 2.0, f) - std::f64::consts::SQRT_2).abs() < 1e-15);
        assert!((illinois(0.0, 2.0, 1e-15, f) - std::f64::consts::SQRT_2).abs() < 1e-14);
    }
}
