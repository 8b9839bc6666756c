//! Allows for declared factors in the audit of a table: reads the table again, with the people of a vacancy told apart by
//! bands of the factors. The order of work only.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use super::audit_table::{AuditTableError, TableKind, counts_of, read_table};
use crate::fairness::{Adjustment, Audit, AuditRequest, FactorBands, StratumPlace, adjusted};
use crate::intake::tabular::{BAND, EventStates, Mapping, read_bands};
use crate::rulebook::Rulebook;

/// A table of applications that was audited by vacancy and can be read again.
pub(super) struct AdjustAgain<'a> {
    /// Where it is.
    pub(super) path: &'a Path,
    /// The columns of the factors.
    pub(super) wanted: &'a [String],
    /// How it was read.
    pub(super) mapping: Mapping,
    /// What became of its applications, where another table says that.
    pub(super) events: Option<&'a EventStates>,
}

impl AdjustAgain<'_> {
    /// Compares within vacancy and bands what the audit compares within vacancies.
    pub(super) fn adjust(
        self,
        audit: &Audit,
        request: &AuditRequest,
        rules: &Rulebook,
    ) -> Result<Adjustment, AuditTableError> {
        let factors = read_bands(File::open(self.path)?, &self.mapping, self.wanted)?;
        let described = factors
            .iter()
            .map(|f| FactorBands { name: f.name.clone(), bands: f.bands.clone() })
            .collect();
        let mapping = self.mapping.split_by(factors);
        let kind = TableKind::Applications;
        let table = read_table(File::open(self.path)?, kind, self.events, &mapping, rules)?;
        let counts = counts_of(&table);
        let places = places(counts.strata());
        Ok(adjusted(&counts, request, rules, audit, described, &places))
    }
}

/// Vacancy and bands of each stratum, from its name.
fn places(strata: &[String]) -> Vec<StratumPlace> {
    let mut vacancies: HashMap<&str, usize> = HashMap::new();
    strata
        .iter()
        .map(|stratum| {
            let mut parts = stratum.split(BAND);
            let next = vacancies.len();
            let vacancy = *vacancies.entry(parts.next().unwrap_or_default()).or_insert(next);
            StratumPlace { vacancy, bands: parts.map(|band| band.parse().unwrap_or(0)).collect() }
        })
        .collect()
}
