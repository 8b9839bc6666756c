//! Stub of config.
