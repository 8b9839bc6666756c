//! The full applications that the demonstration sends: `examples/applications`, which travel inside the program.

use serde::Deserialize;
use serde_json::Value;

const APPLICATIONS: &str = include_str!("../../../examples/applications/applications.jsonl");

/// One full application. Everybody in it is invented.
#[derive(Debug, Deserialize)]
pub(super) struct FullApplication {
    /// Its name in the set.
    pub(super) id: String,
    /// The identity fields as an ATS would send them.
    pub(super) identity: Value,
    /// The document.
    pub(super) text: String,
}

/// Every full application, in order.
pub(super) fn full_applications() -> Result<Vec<FullApplication>, serde_json::Error> {
    APPLICATIONS.lines().map(serde_json::from_str).collect()
}
