//! Tables in: an applications CSV or a counts CSV, with an editable mapping, becomes tallies by vacancy. Streams the
//! file and keeps counts, never rows; it compares nothing.

mod applications;
mod counts;
mod factors;
mod intern;
mod mapping;
mod vacancies;

use std::fmt;

use crate::domain::{CategoryId, CharacteristicId, StageId, TallyCounts};

pub use applications::read_applications;
pub use counts::read_counts;
pub use factors::{FactorRow, FactorRows, MOST_ROWS, read_factors};
pub use mapping::{Mapping, MappingError};
pub use vacancies::{VacancyRow, VacancyRows, header, read_vacancies, says_more};

/// How many wrong rows are described; the others are only counted.
pub const MOST_DESCRIBED: usize = 50;

/// What a table holds, counted.
#[derive(Debug, Clone, Default)]
pub struct Tabulated {
    /// The stages of progress, in order.
    pub stages: Vec<StageId>,
    /// The vacancies.
    pub strata: Vec<String>,
    /// The characteristics.
    pub characteristics: Vec<TabulatedCharacteristic>,
    /// Rows read, wrong ones included.
    pub rows: u64,
    /// Rows left out.
    pub left_out: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// Columns that mean nothing to the rules and were not asked for.
    pub ignored_columns: Vec<String>,
}

/// One characteristic of a table.
#[derive(Debug, Clone)]
pub struct TabulatedCharacteristic {
    /// The characteristic.
    pub id: CharacteristicId,
    /// Its categories.
    pub categories: Vec<CategoryId>,
    /// For each category and vacancy, one entry a stage.
    pub cells: Vec<Vec<TallyCounts>>,
    /// What people read for it, when no rule knows it.
    pub label: Option<String>,
    /// What people read for its categories, in their order; empty where the rules know them.
    pub category_labels: Vec<Option<String>>,
    /// Labels that no rule knows, with how many rows bear each.
    pub unknown_labels: Vec<(String, u64)>,
}

/// Why one row was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Line in the file, from 1.
    pub line: u64,
    /// The column, as the file names it.
    pub column: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column '{}': {}", self.line, self.column, self.problem)
    }
}

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TabularError {
    /// A column that every row needs is missing.
    #[error(
        "there is no column for {wanted}; the file has {found}\n  hint: name it in the mapping file: [columns] {wanted} = \"...\""
    )]
    MissingColumn {
        /// What is needed.
        wanted: &'static str,
        /// The columns there are.
        found: String,
    },
    /// The mapping or the request names a column that the file does not have.
    #[error("the column '{column}' is asked for but not in the file, which has {found}")]
    NoSuchColumn {
        /// What was asked for.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// No column means a characteristic.
    #[error(
        "no column of the file means a characteristic; it has {found}\n  hint: name one in the mapping file: [characteristics] ethnic_group = \"...\""
    )]
    NoCharacteristic {
        /// The columns there are.
        found: String,
    },
    /// Every row is wrong, or there is none.
    #[error("no row could be counted{}", .first.as_ref().map(|first| format!("; the first problem is {first}")).unwrap_or_default())]
    NothingCounted {
        /// The first problem.
        first: Option<String>,
    },
    /// Not a CSV file, or it cannot be read.
    #[error("the table cannot be read: {0}")]
    Unreadable(#[from] csv::Error),
}

impl Tabulated {
    /// Every cell that is not empty.
    pub fn cells(
        &self,
    ) -> impl Iterator<Item = (&CharacteristicId, &CategoryId, &StageId, &str, TallyCounts)> {
        self.characteristics.iter().flat_map(move |characteristic| {
            let cells = characteristic.categories.iter().zip(&characteristic.cells);
            cells.flat_map(move |(category, cells)| {
                let width = self.stages.len().max(1);
                self.strata.iter().zip(cells.chunks(width)).flat_map(move |(stratum, cells)| {
                    let cells = self.stages.iter().zip(cells);
                    cells.filter(|(_, cell)| !cell.is_zero()).map(move |(stage, cell)| {
                        (&characteristic.id, category, stage, stratum.as_str(), *cell)
                    })
                })
            })
        })
    }

    fn leave_out(&mut self, problem: RowProblem) {
        self.left_out += 1;
        if self.problems.len() < MOST_DESCRIBED {
            self.problems.push(problem);
        }
    }

    fn first_problem(&self) -> Option<String> {
        self.problems.first().map(ToString::to_string)
    }
}

/// Letters and digits in lower case, for comparing names of columns and stages.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A category made of a label that stands in no rule, for attributes whose values are the organisation's own.
fn category_of_label(label: &str) -> Option<CategoryId> {
    slug(label).parse().ok()
}

fn slug(label: &str) -> String {
    let mut slug = String::new();
    for c in label.chars() {
        if c.is_ascii_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(64);
    slug.trim_end_matches('_').to_owned()
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}
