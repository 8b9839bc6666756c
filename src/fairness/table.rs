//! One table: selected and total in two groups. Counts only; it does not know who they are.

use serde::{Deserialize, Serialize};

use super::numeric::Probability;

/// Selected and total of a focal group (1) and of the group it is compared with (2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Selected in the focal group.
    pub selected_1: u64,
    /// Size of the focal group.
    pub total_1: u64,
    /// Selected in the comparator.
    pub selected_2: u64,
    /// Size of the comparator.
    pub total_2: u64,
}

/// The largest group that is taken for people; sums and products of counts stay exact below it.
pub const MOST_PEOPLE: u64 = 1_000_000_000_000;

/// Counts that cannot be people of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{selected} selected of {total}: a group cannot have more selected people than people, nor more than {MOST_PEOPLE}"
)]
pub struct ImpossibleCounts {
    /// Selected.
    pub selected: u64,
    /// Total.
    pub total: u64,
}

impl Table {
    /// A table of (selected, total) of group 1 and of group 2.
    ///
    /// # Errors
    /// When more are selected than there are, or more than `MOST_PEOPLE`.
    pub fn new(first: (u64, u64), second: (u64, u64)) -> Result<Self, ImpossibleCounts> {
        for (selected, total) in [first, second] {
            if selected > total || total > MOST_PEOPLE {
                return Err(ImpossibleCounts { selected, total });
            }
        }
        Ok(Self { selected_1: first.0, total_1: first.1, selected_2: second.0, total_2: second.1 })
    }

    /// Everybody.
    pub fn people(&self) -> u64 {
        self.total_1 + self.total_2
    }

    /// Everybody selected.
    pub fn selected(&self) -> u64 {
        self.selected_1 + self.selected_2
    }

    /// Whether both groups have people.
    pub fn has_both_groups(&self) -> bool {
        self.total_1 > 0 && self.total_2 > 0
    }

    /// Whether the table can say anything about a difference: both groups have people, and some but not all of
    /// them were selected.
    pub fn is_informative(&self) -> bool {
        self.has_both_groups() && self.selected() > 0 && self.selected() < self.people()
    }

    /// Selection rate of group 1.
    pub fn rate_1(&self) -> Option<f64> {
        rate(self.selected_1, self.total_1)
    }

    /// Selection rate of group 2.
    pub fn rate_2(&self) -> Option<f64> {
        rate(self.selected_2, self.total_2)
    }

    /// The same table seen from the other group.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self {
            selected_1: self.selected_2,
            total_1: self.total_2,
            selected_2: self.selected_1,
            total_2: self.total_1,
        }
    }

    /// Everybody of both tables.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            selected_1: self.selected_1 + other.selected_1,
            total_1: self.total_1 + other.total_1,
            selected_2: self.selected_2 + other.selected_2,
            total_2: self.total_2 + other.total_2,
        }
    }

    /// Selections that group 1 would have had at the rate of everybody, less those it had:
    /// n1 (a + c) / N - a.
    pub fn shortfall(&self) -> Option<f64> {
        (self.people() > 0).then(|| {
            let expected = i128::from(self.total_1) * i128::from(self.selected());
            let had = i128::from(self.selected_1) * i128::from(self.people());
            (expected - had) as f64 / self.people() as f64
        })
    }
}

/// A share, when there is a whole.
pub fn rate(selected: u64, total: u64) -> Option<f64> {
    (total > 0).then(|| selected as f64 / total as f64)
}

/// Whether the ratio of two selection rates is below a fraction, compared in whole numbers: with 4/5, a ratio of
/// exactly 0.80 is not below. `None` when the ratio does not exist.
pub fn ratio_is_below(table: &Table, numerator: u64, denominator: u64) -> Option<bool> {
    if !table.has_both_groups() || table.selected_2 == 0 {
        return None;
    }
    // a/n1 < (c/n2) (p/q)  <=>  a n2 q < c n1 p, in 128 bits.
    let left = u128::from(table.selected_1) * u128::from(table.total_2) * u128::from(denominator);
    let right = u128::from(table.selected_2) * u128::from(table.total_1) * u128::from(numerator);
    Some(left < right)
}

/// Whether a ratio below the fraction would not be below it if one selection had gone from the comparator to the
/// focal group: the small-sample caution of the Uniform Guidelines (Questions and Answers, no. 21).
pub fn one_person_decides(table: &Table, numerator: u64, denominator: u64) -> Option<bool> {
    let below = ratio_is_below(table, numerator, denominator)?;
    let moved = Table {
        selected_1: (table.selected_1 + 1).min(table.total_1),
        selected_2: table.selected_2.saturating_sub(1),
        ..*table
    };
    Some(below && !ratio_is_below(&moved, numerator, denominator).unwrap_or(false))
}

/// A statistic over several vacancies to three significant digits. More digits than that could be matched against
/// every way to divide the published counts among the vacancies, and would give small ones back. With one vacancy it
/// says nothing that the published counts do not.
pub fn blunt(value: f64, vacancies: usize) -> f64 {
    if vacancies <= 1 || value == 0.0 || !value.is_finite() {
        return value;
    }
    // Through the decimal text where need be: the nearest number to three digits, and no arithmetic that misses it by a
    // little.
    three_digits(value).unwrap_or_else(|| format!("{value:.2e}").parse().unwrap_or(value))
}

impl Probability {
    /// Probability and logarithm, each to three significant digits; see [`blunt`].
    pub(super) fn blunt(self, vacancies: usize) -> Self {
        Self { p: blunt(self.p, vacancies), ln_p: blunt(self.ln_p, vacancies) }
    }
}

/// The nearest number to three digits, where whole numbers and powers of ten that floats hold exactly suffice to find it;
/// not next to half a digit.
fn three_digits(value: f64) -> Option<f64> {
    let places = 2.0 - value.abs().log10().floor();
    if !(-19.0..=19.0).contains(&places) {
        return None;
    }
    let power = 10.0_f64.powi(places.abs() as i32);
    let scaled = if places < 0.0 { value / power } else { value * power };
    let digits = scaled.round();
    let is_clear = ((scaled - scaled.trunc()).abs() - 0.5).abs() > 1e-9;
    let whole = (100.0..1000.0).contains(&digits.abs());
    (is_clear && whole).then(|| if places < 0.0 { digits * power } else { digits / power })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_those_of_the_decimal_text() {
        let mut value = 1.234_567_8e-25_f64;
        while value < 1e25 {
            for value in [value, -value, (value * 1000.0).round() / 1000.0 + 0.0005, value.round()]
            {
                let text = format!("{value:.2e}").parse::<f64>().unwrap();
                assert_eq!(blunt(value, 2), text, "{value}");
            }
            value *= 1.37;
        }
        for (value, expected) in [(0.1235, 0.123), (9.995, 9.99), (999.6, 1000.0), (0.0, 0.0)] {
            assert_eq!(blunt(value, 2), expected);
        }
        assert_eq!(blunt(0.123_456, 1), 0.123_456);
    }

    #[test]
    fn four_fifths_exactly_is_not_below() {
        for (first, second, below) in [
            ((48, 80), (30, 40), Some(false)),
            ((47, 80), (30, 40), Some(true)),
            ((4, 10), (5, 10), Some(false)),
            ((39, 100), (49, 100), Some(true)),
            ((0, 5), (0, 5), None),
            ((1, 5), (0, 0), None),
        ] {
            let table = Table::new(first, second).unwrap();
            assert_eq!(ratio_is_below(&table, 4, 5), below, "{table:?}");
        }
    }
}
