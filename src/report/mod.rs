//! Findings written down for people: text, JSON, CSV, a workbook, one self-contained HTML page with charts, and a
//! tagged PDF. Pure formatting: it computes no statistic and decides nothing.

mod csv_table;
mod definitions;
mod disarm;
pub use disarm::disarmed;
mod figures;
mod forest;
mod format;
mod html;
mod pdf;
mod rates;
mod sentences;
mod summary;
mod text;
mod words;
mod xlsx;

use serde_json::{Value, json};

use crate::fairness::{Audit, Finding};

pub use csv_table::to_csv;
pub use format::{Format, ReportError};
pub use html::to_html;
pub use pdf::to_pdf;
pub use text::to_text;
pub use xlsx::to_xlsx;

/// Whose decisions were audited, in words.
fn organisation(audit: &Audit, words: &words::Words) -> String {
    if audit.organisation.is_empty() {
        words.plain("audit-organisation-unknown")
    } else {
        audit.organisation.clone()
    }
}

/// The audit as JSON: every number, each finding with its sentence, and the method that made it.
pub fn to_json(audit: &Audit) -> Value {
    let words = words::Words::english();
    let mut value = serde_json::to_value(audit).unwrap_or_else(|error| {
        // Every field is plain data; a failure here is a fault of this program and is said as such.
        json!({ "error": error.to_string() })
    });
    let views = value.get_mut("views").and_then(Value::as_array_mut);
    for (view, from) in views.into_iter().flatten().zip(&audit.views) {
        let findings = view.get_mut("findings").and_then(Value::as_array_mut);
        for (finding, from) in findings.into_iter().flatten().zip(&from.findings) {
            if let Some(fields) = finding.as_object_mut() {
                let sentence = sentences::finding(from, audit, &words);
                fields.insert("sentence".to_owned(), json!(sentence));
            }
        }
    }
    if let Some(fields) = value.as_object_mut() {
        let warnings: Vec<String> =
            audit.warnings.iter().map(|warning| sentences::warning(warning, &words)).collect();
        fields.insert("warning_sentences".to_owned(), json!(warnings));
    }
    value
}

/// One finding as a plain sentence.
pub fn sentence(finding: &Finding, audit: &Audit) -> String {
    sentences::finding(finding, audit, &words::Words::english())
}
