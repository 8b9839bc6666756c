//! Numbers that survive large counts and tiny probabilities: double-double arithmetic, logarithms of factorials,
//! distribution tails in log space, roots. Knows no statistic and no word of the field.

pub(super) mod beta;
pub(super) mod chi_square;
pub(super) mod double;
pub(super) mod gamma;
pub(super) mod normal;
mod probability;
pub(super) mod roots;
mod sum;

pub use probability::Probability;
pub(super) use sum::Sum;

/// Two tables count as equally likely when their probabilities differ by less than this share, as in R's
/// `fisher.test`: the last digits of equal products computed in different order differ.
pub(super) const TIE: f64 = 1e-7;
