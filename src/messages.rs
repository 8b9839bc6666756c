//! Stub of messages.
