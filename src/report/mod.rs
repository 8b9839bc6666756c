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
mod frame;
mod hidden;
mod html;
mod json;
mod labels;
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

use crate::fairness::{Audit, Finding, View};

pub use csv_table::to_csv;
pub use disarm::disarmed;
pub use format::{Format, ReportError};
pub use html::to_html;
pub use json::to_json;
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

/// A part of the evidence beside the comparisons: the same in sentences and, where it has numbers, as tables.
struct Part {
    heading: String,
    /// What must be known first.
    notes: Vec<String>,
    sentences: Vec<String>,
    /// What the sentences say.
    tables: Vec<frame::Grid>,
    /// What neither has.
    rest: Vec<String>,
}

impl Part {
    fn in_sentences(heading: String, sentences: Vec<String>) -> Self {
        Self { heading, notes: Vec::new(), sentences, tables: Vec::new(), rest: Vec::new() }
    }

    /// All of it without tables.
    fn into_lines(self) -> impl Iterator<Item = String> {
        self.notes.into_iter().chain(self.sentences).chain(self.rest)
    }
}

/// What stands beside the comparisons of characteristics, as headings with sentences: factors, trends, combined groups,
/// changes and evidence.
fn further(audit: &Audit, words: &words::Words) -> Vec<Part> {
    let mut parts = factors::parts(audit, words);
    parts.extend(adjustment::parts(audit, words));
    parts.extend(scores::parts(audit, words));
    parts.extend(evidence::parts(audit, words));
    parts
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

/// The views that pages tell of, with their places: one without a group, because nobody answered, has nothing to show.
fn told(audit: &Audit) -> impl Iterator<Item = (usize, &View)> {
    audit.views.iter().enumerate().filter(|(_, view)| !view.groups.is_empty())
}
