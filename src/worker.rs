//! Stub of worker.
