//! Divides dated vacancies into periods, so that a report can follow gaps over time. Names periods only; it compares
//! nothing.

use jiff::civil::Date;

use crate::fairness::Counts;

/// Whether and by which periods gaps are followed over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverTime {
    /// By quarters, or by years where they are many; not in a row of reports, whose next ones would have to hide what
    /// single periods show of a few people.
    #[default]
    Usual,
    /// Not at all.
    Never,
    /// By these periods.
    By(Unit),
}

/// A length of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

/// Quarters beyond which years are taken.
const MOST_QUARTERS: usize = 12;

impl Unit {
    /// The name of the level that a vacancy has.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The period of a date; names sort as periods follow each other.
    fn of(self, date: Date) -> String {
        let year = date.year();
        match self {
            Self::Month => format!("{year:04}-{:02}", date.month()),
            Self::Quarter => format!("{year:04} Q{}", (date.month() - 1) / 3 + 1),
            Self::Year => format!("{year:04}"),
        }
    }
}

/// Gives every dated vacancy its period; the unit, where there are at least two periods.
pub(super) fn describe(counts: &mut Counts, wanted: OverTime, in_a_row: bool) -> Option<Unit> {
    let dates: Vec<Option<Date>> = counts.facts().iter().map(|facts| facts.decided_on).collect();
    let periods = |unit: Unit| {
        let mut names: Vec<String> = dates.iter().flatten().map(|date| unit.of(*date)).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let unit = match wanted {
        OverTime::Never => return None,
        OverTime::Usual if in_a_row => return None,
        OverTime::Usual if periods(Unit::Quarter) > MOST_QUARTERS => Unit::Year,
        OverTime::Usual => Unit::Quarter,
        OverTime::By(unit) => unit,
    };
    if periods(unit) < 2 {
        return None;
    }
    let names: Vec<String> = counts.strata().to_vec();
    for ((name, date), mut facts) in names.iter().zip(dates).zip(counts.facts().to_vec()) {
        if let Some(date) = date {
            facts.levels.insert(unit.name().to_owned(), unit.of(date));
            counts.describe(name, facts);
        }
    }
    Some(unit)
}

/// From which month to which decisions were taken, as far as their dates are known, for headings and sentences; where it is
/// known of every vacancy but the open ones when they were finished.
pub(super) fn in_words(counts: &Counts) -> Option<String> {
    let finished = counts.facts().iter().filter(|facts| !facts.is_open);
    let dates: Option<Vec<Date>> = finished.clone().map(|facts| facts.decided_on).collect();
    let dates = dates?;
    let began = finished.filter_map(|facts| facts.first_decided_on);
    let (first, last) = (dates.iter().copied().chain(began).min()?, dates.iter().max()?);
    let month = |date: Date| date.strftime("%B %Y").to_string();
    let (from, to) = (month(first), month(*last));
    Some(match first.year() == last.year() {
        _ if from == to => to,
        true => format!("{} to {to}", first.strftime("%B")),
        false => format!("{from} to {to}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_named_so_that_they_sort_in_time() {
        let dates = [(2025, 12, 31), (2026, 1, 1), (2026, 10, 1)];
        let dates = dates.map(|(y, m, d)| jiff::civil::date(y, m, d));
        for (unit, expected) in [
            (Unit::Month, ["2025-12", "2026-01", "2026-10"]),
            (Unit::Quarter, ["2025 Q4", "2026 Q1", "2026 Q4"]),
            (Unit::Year, ["2025", "2026", "2026"]),
        ] {
            assert_eq!(dates.map(|date| unit.of(date)), expected);
        }
    }
}
