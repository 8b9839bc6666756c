//! An audit of an organisation's vacancies, from its tallies.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::{CharacteristicId, VacancyId};

/// Which vacancies and characteristics an audit looks at, and by which policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Policy in `rules/policies`; `default` when it is left out.
    pub policy: Option<String>,
    /// Only vacancies of this family.
    pub family: Option<String>,
    /// Only this vacancy.
    pub vacancy: Option<VacancyId>,
    /// Only these characteristics; all of them when empty.
    pub characteristics: BTreeSet<CharacteristicId>,
    /// Only vacancies opened on this day or later.
    pub from: Option<Date>,
    /// Only vacancies opened on this day or earlier.
    pub to: Option<Date>,
    /// Smallest count shown; never below the organisation's own.
    pub minimum: Option<u32>,
}
