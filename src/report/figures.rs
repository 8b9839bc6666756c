//! How numbers are written for people: percentages, ratios, p-values. Rounds; computes nothing.

use super::words::Words;

/// A share as a percentage with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A share that is known to the nearest twentieth, without digits that it does not have.
pub fn nearest_5_percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share as a percentage, or a dash.
pub fn percent_or_dash(share: Option<f64>) -> String {
    share.map_or_else(|| "\u{2013}".to_owned(), percent)
}

/// A ratio with two decimals; more when it is tiny.
pub fn ratio(value: f64) -> String {
    if value != 0.0 && value < 0.095 { format!("{value:.3}") } else { format!("{value:.2}") }
}

/// A ratio; "no limit" stands for an upper limit without bound.
pub fn limit(value: Option<f64>, words: &Words) -> String {
    value.map_or_else(|| words.plain("audit-no-limit"), ratio)
}

/// A ratio, or a dash, with its interval.
pub fn ratio_and_interval(
    value: Option<f64>,
    (low, high): (Option<f64>, Option<f64>),
    words: &Words,
) -> String {
    words.say(
        "audit-ratio-and-interval",
        [
            ("ratio", value.map_or_else(|| "\u{2013}".to_owned(), ratio).into()),
            ("low", limit(low, words).into()),
            ("high", limit(high, words).into()),
        ],
    )
}

/// A p-value: two decimals, more when it is small, and below 0.0001 only its power of ten.
pub fn p_value(p: f64, ln_p: f64) -> String {
    if p >= 0.1 {
        format!("{p:.2}")
    } else if p >= 0.001 {
        format!("{p:.3}")
    } else if p >= 0.0001 {
        format!("{p:.4}")
    } else {
        // What is too small for a number of its own is at least that small.
        let power = (ln_p / std::f64::consts::LN_10).ceil();
        let power = if power.is_finite() { power } else { -300.0 };
        format!("<1e{power:.0}")
    }
}

/// A p-value for the middle of a sentence: "p = 0.03", "p below 1e-12".
pub fn p_in_words(p: f64, ln_p: f64, words: &Words) -> String {
    let value = p_value(p, ln_p);
    match value.strip_prefix('<') {
        Some(limit) => words.say("audit-p-below", [("p", limit.into())]),
        None => words.say("audit-p", [("p", value.into())]),
    }
}

/// A whole number in groups of three.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count, or a dash where it is hidden.
pub fn count_or_hidden(value: Option<u64>, words: &Words) -> String {
    value.map_or_else(|| words.plain("audit-hidden"), count)
}

/// People, with one decimal below ten.
pub fn people(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    match value.abs() {
        few if few < 9.95 => format!("{value:.1}"),
        many => format!("{sign}{}", count(many.round() as u64)),
    }
}

/// A stage as words.
pub fn stage(id: &str) -> String {
    id.replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(percent(0.232_558), "23.3 %");
        assert_eq!(ratio(0.55), "0.55");
        assert_eq!(count(1_234_567), "1,234,567");
        for (p, expected) in
            [(0.5, "0.50"), (0.016_6, "0.017"), (0.000_12, "0.0001"), (3e-20, "<1e-19")]
        {
            assert_eq!(p_value(p, p.ln()), expected);
        }
    }
}
