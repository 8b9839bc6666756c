//! Stub of http.
