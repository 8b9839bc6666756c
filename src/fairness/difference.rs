//! Intervals for the difference of two rates: Newcombe's and Miettinen and Nurminen's. Effects only; judges nothing.

use super::Table;
use super::numeric::{normal, roots};
use super::rates::{Interval, wilson_with};

/// Newcombe's hybrid score interval, method 10 (Newcombe 1998), without continuity correction.
///
/// d - sqrt((p1 - l1)^2 + (u2 - p2)^2) to d + sqrt((u1 - p1)^2 + (p2 - l2)^2), l and u from Wilson.
pub fn newcombe(table: &Table, confidence: f64) -> Option<Interval> {
    let z = normal::critical(confidence);
    let (p1, p2) = (table.rate_1()?, table.rate_2()?);
    let (l1, u1) = wilson_with(table.selected_1, table.total_1, z)?;
    let (l2, u2) = wilson_with(table.selected_2, table.total_2, z)?;
    let d = p1 - p2;
    Some((d - (p1 - l1).hypot(u2 - p2), d + (u1 - p1).hypot(p2 - l2)))
}

/// Miettinen and Nurminen's score interval (1985), variance times N / (N - 1): the differences that a score test
/// does not reject, with the rates estimated under each difference.
pub fn miettinen_nurminen(table: &Table, confidence: f64) -> Option<Interval> {
    let z = normal::critical(confidence);
    let d = table.rate_1()? - table.rate_2()?;
    let lower = if d <= -1.0 { -1.0 } else { roots::bisect(-1.0, d, |t| score(table, t) - z) };
    let upper = if d >= 1.0 { 1.0 } else { roots::bisect(d, 1.0, |t| score(table, t) + z) };
    Some((lower, upper))
}

/// (p1 - p2 - delta) / sqrt(V), V from the rates that fit best under that difference.
fn score(table: &Table, delta: f64) -> f64 {
    let (n1, n2) = (table.total_1 as f64, table.total_2 as f64);
    let n = n1 + n2;
    let (p1, p2) = constrained_rates(table, delta);
    let variance = n / (n - 1.0) * (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2);
    let distance = table.selected_1 as f64 / n1 - table.selected_2 as f64 / n2 - delta;
    if variance <= 0.0 {
        return if distance == 0.0 { 0.0 } else { distance.signum() * f64::INFINITY };
    }
    distance / variance.sqrt()
}

/// The rates that maximise the likelihood under p1 - p2 = delta. The likelihood is concave, so the root of its slope
/// in p2 is found by bisection, which keeps its digits where the closed form of the cubic does not.
fn constrained_rates(table: &Table, delta: f64) -> (f64, f64) {
    // Not `max`: a negative zero would put the pole of the slope on the wrong side.
    let low = if delta < 0.0 { -delta } else { 0.0 };
    let high = (1.0 - delta).min(1.0);
    let (a, b) = (table.selected_1 as f64, (table.total_1 - table.selected_1) as f64);
    let (c, d) = (table.selected_2 as f64, (table.total_2 - table.selected_2) as f64);
    let part = |count: f64, rate: f64| if count == 0.0 { 0.0 } else { count / rate };
    let slope = |p2: f64| {
        let p1 = (p2 + delta).clamp(0.0, 1.0);
        part(a, p1) - part(b, 1.0 - p1) + part(c, p2) - part(d, 1.0 - p2)
    };
    let p2 = roots::bisect(low, high, |p2| {
        let value = slope(p2);
        if value.is_nan() { 0.0 } else { value }
    });
    ((p2 + delta).clamp(0.0, 1.0), p2)
}
