//! Which rows of a table are wanted: those with a value in a column, and those whose decisions were taken in a period.
//! Counts nothing.

use jiff::civil::Date;

use super::dates::date;
use super::source::{Fields, text_of};
use super::{Mapping, TabularError, folded, listed, shortened};

/// Which rows are wanted.
pub(super) struct Wanted {
    /// Columns and what they must hold.
    values: Vec<(usize, String)>,
    period: Option<Period>,
}

/// Where the date of decision stands, and from which to which day it must be; both ends are in the period.
struct Period {
    column: usize,
    from: Option<Date>,
    to: Option<Date>,
}

/// Whether a row is wanted.
pub(super) enum Fit {
    Wanted,
    Unwanted,
    /// It cannot be known: the column, and why.
    Unclear(usize, String),
}

impl Wanted {
    /// Those that the mapping wants of a table with this header.
    pub(super) fn of(headers: &[String], mapping: &Mapping) -> Result<Self, TabularError> {
        let found = || listed(headers.iter().map(String::as_str));
        let mut values = Vec::new();
        for (column, value) in mapping.wanted() {
            let place = headers.iter().position(|header| folded(header) == folded(column));
            let place = place.ok_or_else(|| TabularError::NoSuchColumn {
                column: column.clone(),
                found: found(),
            })?;
            values.push((place, folded(value)));
        }
        let (from, to) = mapping.decided();
        let period = if from.is_none() && to.is_none() {
            None
        } else {
            let column = mapping.column("decided_on", headers).ok_or_else(|| {
                TabularError::MissingColumn { wanted: "decided_on", found: found() }
            })?;
            Some(Period { column, from, to })
        };
        Ok(Self { values, period })
    }

    /// Whether a row is wanted.
    pub(super) fn fit(&self, record: &[u8], fields: &Fields) -> Fit {
        let text = |column: usize| text_of(fields.get(record, column).unwrap_or_default());
        if self.values.iter().any(|(column, value)| folded(&text(*column)) != *value) {
            return Fit::Unwanted;
        }
        let Some(Period { column, from, to }) = &self.period else { return Fit::Wanted };
        let given = text(*column);
        match date(given.trim()) {
            Some(date)
                if from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to) =>
            {
                Fit::Wanted
            }
            Some(_) => Fit::Unwanted,
            None if given.trim().is_empty() => {
                Fit::Unclear(*column, "is empty; only decisions of a period are wanted".to_owned())
            }
            None => {
                let given = shortened(given.trim());
                let problem =
                    format!("'{given}' is not a date; write e.g. 2026-03-31 or 31/03/2026");
                Fit::Unclear(*column, problem)
            }
        }
    }

    /// Whether a row is certainly wanted.
    pub(super) fn takes(&self, record: &[u8], fields: &Fields) -> bool {
        matches!(self.fit(record, fields), Fit::Wanted)
    }
}
