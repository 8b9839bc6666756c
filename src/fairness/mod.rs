//! Stub of fairness.
