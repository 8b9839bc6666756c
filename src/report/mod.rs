//! Findings written down for people: text, JSON, CSV, a workbook, one self-contained HTML page with charts, and a
//! tagged PDF. Pure formatting: it computes no statistic and decides nothing.

mod adjustment;
mod csv_table;
mod definitions;
mod disarm;
mod evidence;
mod factors;
mod figures;
mod forest;
mod format;
mod html;
mod over_time;
mod palette;
mod pdf;
mod rates;
mod scale;
mod scores;
mod sentences;
mod shell;
mod summary;
mod svg;
mod text;
mod watch;
mod words;
mod xlsx;

use serde_json::{Value, json};

use crate::fairness::{Audit, Finding};

pub use csv_table::to_csv;
pub use disarm::disarmed;
pub use format::{Format, ReportError};
pub use html::to_html;
pub use pdf::to_pdf;
pub use text::to_text;
pub use watch::{monitor_to_html, monitor_to_json};
pub use xlsx::to_xlsx;

/// Whose decisions were audited, in words.
fn organisation(audit: &Audit, words: &words::Words) -> String {
    if audit.organisation.is_empty() && audit.organisations > 1 {
        words.say("audit-organisations", [("count", audit.organisations.into())])
    } else if audit.organisation.is_empty() {
        words.plain("audit-organisation-unknown")
    } else {
        audit.organisation.clone()
    }
}

/// What stands beside the comparisons of characteristics, as headings with sentences: factors, trends, combined groups,
/// changes and evidence.
fn further(audit: &Audit, words: &words::Words) -> Vec<(String, Vec<String>)> {
    let mut parts = factors::parts(audit, words);
    parts.extend(adjustment::parts(audit, words));
    parts.extend(scores::parts(audit, words));
    parts.extend(evidence::parts(audit, words));
    parts
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
                let sentence = evidence::sentence(from, audit, &words);
                if !sentence.is_empty() {
                    fields.insert("evidence_sentence".to_owned(), json!(sentence));
                }
            }
        }
    }
    if let Some(fields) = value.as_object_mut() {
        let warnings: Vec<String> =
            audit.warnings.iter().map(|warning| sentences::warning(warning, &words)).collect();
        fields.insert("warning_sentences".to_owned(), json!(warnings));
        let of_factor = |factor: &crate::fairness::FactorLevels| -> Vec<String> {
            let compared = factor.compared.iter();
            compared.map(|found| factors::sentence(factor, found, audit, &words)).collect()
        };
        let sentences: Vec<Vec<String>> = audit.factors.iter().map(of_factor).collect();
        if !sentences.is_empty() {
            fields.insert("factor_sentences".to_owned(), json!(sentences));
        }
        if let Some(adjustment) = &audit.adjustment {
            let said: Vec<String> = adjustment
                .compared
                .iter()
                .map(|one| adjustment::sentence(one, adjustment, audit, &words))
                .collect();
            fields.insert("adjustment_sentences".to_owned(), json!(said));
        }
        if audit.scores.is_some() {
            let said: Vec<String> =
                scores::parts(audit, &words).into_iter().flat_map(|(_, lines)| lines).collect();
            fields.insert("score_sentences".to_owned(), json!(said));
        }
        if audit.changes.is_some() {
            let changes = evidence::changes(audit, &words);
            fields.insert("change_sentences".to_owned(), json!(changes));
        }
    }
    value
}

/// The evidence of one finding, vacancy after vacancy, as a plain sentence; empty where none is shown.
pub fn evidence_sentence(finding: &Finding, audit: &Audit) -> String {
    evidence::sentence(finding, audit, &words::Words::english())
}

/// What changed since the last report, in plain sentences.
pub fn change_sentences(audit: &Audit) -> Vec<String> {
    evidence::changes(audit, &words::Words::english())
}

/// One finding as a plain sentence.
pub fn sentence(finding: &Finding, audit: &Audit) -> String {
    sentences::finding(finding, audit, &words::Words::english())
}
