//! Counts to comparisons to findings, one file per statistic: count, compare, judge, kept apart. Pure: it sees counts,
//! never people, does no I/O, and takes no clock and no randomness.

pub mod association;
pub mod availability;
mod calculate;
pub mod conditional_odds;
pub mod difference;
pub mod exact_stratified;
pub mod fisher;
pub mod homogeneity;
mod hypergeometric;
pub mod mantel_haenszel;
pub mod multiplicity;
mod numeric;
pub mod power;
pub mod rates;
pub mod ratio;
mod table;
pub mod unconditional;
pub mod undeclared;

pub use calculate::{CalculateError, KINDS, calculate};
pub use numeric::Probability;
pub use table::{MoreSelectedThanPeople, Table, rate, ratio_is_below};
