//! Stub of journal.
