//! What a reader must know before trusting the rest of an audit: answers, rows, dates and columns that could not be used.
//! Words it for nobody.

use jiff::civil::Date;
use serde::Serialize;

use super::audit::StretchLabel;

/// What a reader must know before trusting the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// Answers that the rules do not know.
    UnmappedLabels {
        /// The characteristic.
        characteristic: String,
        /// The labels, with how often each occurs where that may be shown.
        labels: Vec<String>,
    },
    /// Rows that could not be read.
    RowsLeftOut {
        /// How many.
        rows: u64,
        /// How many were read.
        of: u64,
        /// The first of them: line, and what is wrong.
        first: Vec<String>,
    },
    /// Rows left out because no rule knows their stage. Who is left out then depends on what became of them.
    UnknownStages {
        /// How many.
        rows: u64,
        /// How many were read.
        of: u64,
        /// The stages, with how often each occurs where that may be shown.
        labels: Vec<String>,
    },
    /// The counts are of all vacancies together.
    VacanciesNotToldApart,
    /// Counts or answers of characteristics that the policy does not look at.
    NotCompared {
        /// What people read for the characteristics.
        characteristics: Vec<String>,
        /// Rows of a table of counts that are about them; `None` for a table of applications.
        rows: Option<u64>,
        /// The policy.
        policy: String,
    },
    /// Shares of a benchmark in categories or a grouping that the report does not have.
    BenchmarkNotCompared {
        /// What people read for the benchmark.
        benchmark: String,
        /// Characteristic, and grouping where there is one.
        shares: Vec<String>,
    },
    /// Decisions that the policy does not look at.
    StagesNotCompared {
        /// The decisions.
        stretches: Vec<StretchLabel>,
        /// The policy.
        policy: String,
    },
    /// Many people did not answer.
    ManyUndeclared {
        /// What people read for the characteristic.
        characteristic: String,
        /// Their share at the first decision.
        share: f64,
    },
    /// Vacancies take no part in the whole journey because people still wait for a decision.
    UnfinishedVacancies {
        /// How many.
        vacancies: usize,
    },
    /// Everybody passed the first decision, and later ones turned people down: as in a table that leaves out whom the
    /// first one turned down, or whose stages name the decision and not where people stood.
    NobodyTurnedDownFirst {
        /// The decision.
        stretch: StretchLabel,
        /// How many people were decided on.
        people: u64,
    },
    /// Dates that could not be understood; their rows are counted all the same.
    UnreadableDates {
        /// How many rows.
        rows: u64,
    },
    /// All decisions are on one side of the date at which before is to be compared with after.
    ChangeOutsideData {
        /// The date of the change.
        change: Date,
        /// The first date of a vacancy's decisions; `None` where no date is known.
        first: Option<Date>,
        /// The last.
        last: Option<Date>,
    },
    /// Scores that could not be used.
    ScoresLeftOut {
        /// Rows that could not be read.
        rows: u64,
        /// Of how many.
        of: u64,
        /// People with scores who are not in the applications table.
        not_found: u64,
    },
    /// The table came once, and columns that need a second reading were not used.
    ColumnsNotUsed {
        /// Their names.
        columns: Vec<String>,
    },
    /// The table came once, so that nobody knows which of these factors stay the same within a vacancy.
    FactorsNotUsed {
        /// Their names.
        factors: Vec<String>,
    },
}
