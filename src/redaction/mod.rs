//! Stub of redaction.
