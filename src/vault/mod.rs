//! Stub of vault.
