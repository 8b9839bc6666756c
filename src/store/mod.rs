//! Stub of store.
