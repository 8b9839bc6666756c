//! Stub of report.
