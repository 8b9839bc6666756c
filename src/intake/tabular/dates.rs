//! Dates and times as people here and programs write them. Never guesses between day and month: days come first, and years
//! do where they have four digits.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

/// How dates with the name of a month are written.
const WITH_NAMES: [&str; 8] = [
    "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y", "%d/%b/%Y", "%d-%b-%y", "%B %d %Y", "%b %d %Y",
];
/// How times are written.
const TIMES: [&str; 6] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H.%M"];

/// When something happened: on a day, and at what time of it where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Moment {
    day: i32,
    second: Option<i32>,
}

impl Moment {
    /// What a cell says; `None` where it is no date.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Some(Self::at(timestamp.as_second(), true));
        }
        let (date, time) = date_and_rest(text)?;
        let time = time.trim_start_matches([',', 'T']).trim();
        let at = |time: Time| {
            let at = DateTime::from_parts(date, time).to_zoned(TimeZone::UTC).ok()?;
            Some(at.timestamp().as_second())
        };
        match time {
            "" => Some(Self::at(at(Time::midnight())?, false)),
            time => Some(Self::at(at(read_time(time)?)?, true)),
        }
    }

    fn at(second: i64, has_time: bool) -> Self {
        let second_of_day = i32::try_from(second.rem_euclid(86_400)).ok();
        let day = i32::try_from(second.div_euclid(86_400)).unwrap_or(i32::MAX);
        Self { day, second: second_of_day.filter(|_| has_time) }
    }

    /// Whether it is later than another: by the time where both have one, otherwise by the day.
    pub(super) fn is_after(self, other: Self) -> bool {
        match (self.second, other.second) {
            (Some(one), Some(two)) => (self.day, one) > (other.day, two),
            _ => self.day > other.day,
        }
    }

    /// The same, or another where that is later; of one day, the one with the later time.
    pub(super) fn no_earlier_than(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether neither of two is later.
    pub(super) fn is_beside(self, other: Self) -> bool {
        !self.is_after(other) && !other.is_after(self)
    }

    /// The day as a date.
    pub(super) fn date(self) -> Option<Date> {
        let start = Timestamp::from_second(i64::from(self.day) * 86_400).ok()?;
        Some(start.to_zoned(TimeZone::UTC).date())
    }

    /// The day, and the second of it where it is known.
    pub(super) fn parts(self) -> (i32, Option<i32>) {
        (self.day, self.second)
    }

    /// The day, where it is all that is known.
    pub(super) fn day_without_time(self) -> Option<i32> {
        self.second.is_none().then_some(self.day)
    }

    /// The same as one point in time; without a time, the earliest of the day.
    pub(super) fn timestamp(self) -> Option<Timestamp> {
        let second = i64::from(self.second.unwrap_or(0));
        Timestamp::from_second(i64::from(self.day) * 86_400 + second).ok()
    }
}

/// The date of a cell, whatever time stands behind it.
pub(super) fn date(text: &str) -> Option<Date> {
    date_and_rest(text.trim()).map(|(date, _)| date)
}

/// A date at the beginning of a text, and what follows it.
fn date_and_rest(text: &str) -> Option<(Date, &str)> {
    if let Some((start, rest)) = text.split_at_checked(10)
        && let Ok(date) = start.parse()
    {
        return Some((date, rest));
    }
    let (first, rest) = text.split_once([' ', 'T', ',']).unwrap_or((text, ""));
    if let Some(date) = in_numbers(first) {
        return Some((date, rest));
    }
    with_name(text)
}

/// A date as `31/03/2026`, `31.3.2026` or `31-03-26`.
fn in_numbers(text: &str) -> Option<Date> {
    let mut parts = text.split(['/', '.', '-']).map(str::trim);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    let year = match year.len() {
        4 => year.parse::<i16>().ok()?,
        2 => 2000 + year.parse::<i16>().ok()?,
        _ => return None,
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A date as `31 March 2026`, `05-Jan-2026`, `Tue 31st March 2026` or `March 31, 2026`.
fn with_name(text: &str) -> Option<(Date, &str)> {
    let weekday = text.split([' ', ',']).next().filter(|word| {
        let word = word.to_ascii_lowercase();
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| word.starts_with(day))
    });
    let text = text.get(weekday.map_or(0, str::len)..)?.trim_start_matches([' ', ',']);
    let plain = without_ordinal(text);
    WITH_NAMES.iter().find_map(|format| {
        let (read, length) = BrokenDownTime::parse_prefix(format, &plain).ok()?;
        let left = plain.len().checked_sub(length)?;
        let date = read.to_date().ok().filter(|date| date.year() >= 1000)?;
        Some((date, text.get(text.len().checked_sub(left)?..)?))
    })
}

/// Without the ending of an ordinal, and without the comma after the day: `1st March 2026`, `March 1, 2026`.
fn without_ordinal(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let after = rest.get(end..).unwrap_or_default();
        let digits = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
        plain.push_str(rest.get(..end + digits).unwrap_or_default());
        rest = after.get(digits..).unwrap_or_default();
        if digits <= 2 {
            let ordinal = ["st", "nd", "rd", "th", "of"].iter().find_map(|ending| {
                let start = rest.get(..2)?;
                start.eq_ignore_ascii_case(ending).then(|| rest.get(2..))?
            });
            rest = ordinal.unwrap_or(rest);
            rest = rest.strip_prefix(',').unwrap_or(rest);
            continue;
        }
        break;
    }
    plain.push_str(rest);
    plain
}

/// A time of day as `14:30`, `14:30:05`, `2:30 PM` or `2.30`.
fn read_time(text: &str) -> Option<Time> {
    let text = text.strip_prefix("at ").unwrap_or(text).trim();
    let read = |format: &&str| BrokenDownTime::parse(format, text).ok()?.to_time().ok();
    text.parse().ok().or_else(|| TIMES.iter().find_map(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written_here_and_as_programs_write_them() {
        let day = 86_400;
        for (text, expected) in [
            ("1970-01-02", Some((day, false))),
            ("02/01/1970", Some((day, false))),
            ("2.1.1970", Some((day, false))),
            ("02/01/1970 01:00", Some((day + 3600, true))),
            ("02/01/1970, 01:00:05", Some((day + 3605, true))),
            ("1970-01-02T01:00:00", Some((day + 3600, true))),
            ("1970-01-02 01:00", Some((day + 3600, true))),
            ("1970-01-02T01:00:00.250", Some((day + 3600, true))),
            ("1970-01-02T01:00:00Z", Some((day + 3600, true))),
            ("1970-01-02T01:00:00+01:00", Some((day, true))),
            ("1970/01/02", Some((day, false))),
            ("02-Jan-1970", Some((day, false))),
            ("02-Jan-70", Some((day, false))),
            ("2 January 1970", Some((day, false))),
            ("2nd January 1970 at 13:00", Some((day + 46_800, true))),
            ("Fri 2 Jan 1970 1:00 PM", Some((day + 46_800, true))),
            ("Friday, 2 January 1970", Some((day, false))),
            ("January 2, 1970", Some((day, false))),
            ("02/01/1970 2:30 PM", Some((day + 52_200, true))),
            ("02/01/1970 2:30pm", Some((day + 52_200, true))),
            ("13/13/2026", None),
            ("03/31/2026", None),
            ("02/01/1970 soon", None),
            ("soon", None),
            ("1/2/3/4", None),
            ("Monday", None),
            ("é1é", None),
            ("", None),
        ] {
            let expected = expected.map(|(second, has_time)| Moment::at(second, has_time));
            assert_eq!(Moment::read(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_read_with_whatever_time_behind_them() {
        for (text, expected) in [
            ("2026-04-01", Some((2026, 4, 1))),
            ("2026-04-01T10:00:00Z", Some((2026, 4, 1))),
            ("03/04/2026", Some((2026, 4, 3))),
            ("3.4.26", Some((2026, 4, 3))),
            ("3 April 2026 09:00", Some((2026, 4, 3))),
            ("31/02/2026", None),
            ("soon", None),
            ("1/2/3/4", None),
        ] {
            let expected = expected.map(|(y, m, d)| jiff::civil::date(y, m, d));
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_is_neither_before_nor_after_a_time_of_it() {
        let [day, morning, noon, next] =
            ["2026-05-20", "2026-05-20 09:00", "2026-05-20 12:00", "2026-05-21"]
                .map(|text| Moment::read(text).unwrap());
        assert!(day.is_beside(morning) && noon.is_beside(day) && noon.is_after(morning));
        assert!(next.is_after(noon) && next.is_after(day) && !morning.is_after(noon));
    }
}
