//! Stub of workflow.

pub mod audit_table;
pub mod calculate;
