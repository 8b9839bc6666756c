//! The calculator: every number of one statistic for inputs given by hand. The order of work only.

pub use crate::fairness::{CalculateError, KINDS, calculate};
