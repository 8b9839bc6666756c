//! Stub of telemetry.
