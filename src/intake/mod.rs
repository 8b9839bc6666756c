//! Stub of intake.

pub mod tabular;
