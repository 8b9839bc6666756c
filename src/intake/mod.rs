//! Stub of intake.
