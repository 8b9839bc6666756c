//! Stub of document.
