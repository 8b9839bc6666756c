//! A selection rate and its intervals: Wilson and Clopper-Pearson. One group at a time; compares nothing.

use super::numeric::double::Double;
use super::numeric::gamma::ln_choose;
use super::numeric::normal;

/// An interval, lower limit first.
pub type Interval = (f64, f64);

/// Wilson's score interval (Wilson 1927): the rates that a score test does not reject.
///
/// (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). `None` without people.
pub fn wilson(selected: u64, total: u64, confidence: f64) -> Option<Interval> {
    wilson_with(selected, total, normal::critical(confidence))
}

/// [`wilson`] with the normal quantile already known.
pub(super) fn wilson_with(selected: u64, total: u64, z: f64) -> Option<Interval> {
    if total == 0 {
        return None;
    }
    let (x, n) = (selected as f64, total as f64);
    let p = x / n;
    let denominator = 1.0 + z * z / n;
    let middle = (p + z * z / (2.0 * n)) / denominator;
    let half = z * (p * ((n - x) / n) / n + z * z / (4.0 * n * n)).sqrt() / denominator;
    // The two limits multiply to p^2 / (1 + z^2/n): dividing keeps the digits that subtraction would lose.
    let upper = if selected < total { middle + half } else { 1.0 };
    let lower = if selected > 0 { p * p / denominator / (middle + half) } else { 0.0 };
    Some((lower.max(0.0), upper.min(1.0)))
}

/// The exact binomial interval (Clopper and Pearson 1934): each tail holds half of what the confidence leaves.
pub fn clopper_pearson(selected: u64, total: u64, confidence: f64) -> Option<Interval> {
    let start = wilson(selected, total, confidence)?;
    let half = (1.0 - confidence) / 2.0;
    let lower =
        if selected == 0 { 0.0 } else { solve(selected, total, half, start.0, Tail::Upper) };
    let upper =
        if selected == total { 1.0 } else { solve(selected, total, half, start.1, Tail::Lower) };
    Some((lower, upper))
}

#[derive(Clone, Copy, PartialEq)]
enum Tail {
    Lower,
    Upper,
}

/// The rate at which the tail beyond `x` has the probability `level`: Newton on the logarithm of the tail against
/// the logit of the rate, inside a bracket.
fn solve(x: u64, n: u64, level: f64, start: f64, tail: Tail) -> f64 {
    let ways = ln_choose(n, x);
    let (mut low, mut high) = (-745.0, 745.0);
    let mut logit = (start / (1.0 - start)).ln().clamp(-700.0, 700.0);
    for _ in 0..100 {
        let odds = logit.exp();
        let (p, q) = (odds / (1.0 + odds), 1.0 / (1.0 + odds));
        let sum = relative_tail(x, n, odds, tail);
        let ln_mass =
            (ways + Double::from(p).ln() * (x as f64) + Double::from(q).ln() * ((n - x) as f64))
                .value();
        let miss = ln_mass + sum.ln() - level.ln();
        // d tail / dp = mass x/p for the upper tail, -mass (n-x)/q for the lower; d p / d logit = p q.
        let slope = if tail == Tail::Upper { x as f64 * q } else { -((n - x) as f64) * p } / sum;
        if (miss > 0.0) == (slope > 0.0) {
            high = logit;
        } else {
            low = logit;
        }
        let next = logit - miss / slope;
        let next = if next > low && next < high { next } else { (low + high) / 2.0 };
        let step = (next - logit).abs();
        logit = next;
        if step <= 1e-15 * logit.abs().max(1.0) {
            break;
        }
    }
    1.0 / (1.0 + (-logit).exp())
}

/// The tail beyond x in units of P(X = x).
fn relative_tail(x: u64, n: u64, odds: f64, tail: Tail) -> f64 {
    let (mut term, mut sum, mut k) = (1.0, 1.0, x);
    loop {
        match tail {
            Tail::Upper if k < n => {
                term *= odds * (n - k) as f64 / (k + 1) as f64;
                k += 1;
            }
            Tail::Lower if k > 0 => {
                term *= k as f64 / ((n - k + 1) as f64 * odds);
                k -= 1;
            }
            _ => return sum,
        }
        sum += term;
        if term < sum * 1e-19 {
            return sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_selected_has_the_closed_form_upper_limit() {
        // 1 - 0.025^(1/n).
        let (lower, upper) = clopper_pearson(0, 10, 0.95).unwrap();
        assert_eq!(lower, 0.0);
        assert!((upper - (1.0 - 0.025f64.powf(0.1))).abs() < 1e-14);
        assert_eq!(wilson(0, 0, 0.95), None);
    }
}
