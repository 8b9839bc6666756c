//! Stub of workflow.
