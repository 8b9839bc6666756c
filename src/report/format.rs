//! The forms in which a report is written, and how each is named and served. Chooses a writer; writes nothing itself.

use super::{to_csv, to_html, to_json, to_pdf, to_text, to_xlsx};
use crate::fairness::Audit;

/// A form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For terminals.
    Text,
    /// For programs; `docs/audit.schema.json` describes it.
    Json,
    /// One page that needs nothing else.
    Html,
    /// One row a comparison.
    Csv,
    /// A workbook: summary, findings, counts, method.
    Xlsx,
    /// A tagged document for paper and committees.
    Pdf,
}

/// Why a report could not be written. No audit can cause it: it means a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error(
    "the report could not be written as {format}: {reason}; report this with the version of the program"
)]
pub struct ReportError {
    format: &'static str,
    reason: String,
}

impl ReportError {
    pub(super) fn new(format: &'static str, reason: &impl ToString) -> Self {
        Self { format, reason: reason.to_string() }
    }
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Json, Self::Html, Self::Csv, Self::Xlsx, Self::Pdf];

    /// The form's name, which is how its files end, too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// The form that a name or a file's ending means.
    pub fn of_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "text" => Some(Self::Text),
            "htm" => Some(Self::Html),
            name => Self::ALL.into_iter().find(|format| format.name() == name),
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }

    /// Writes an audit in this form.
    ///
    /// # Errors
    /// [`ReportError`] when JSON, workbook or PDF cannot be put together.
    pub fn write(self, audit: &Audit) -> Result<Vec<u8>, ReportError> {
        Ok(match self {
            Self::Text => to_text(audit).into_bytes(),
            Self::Json => to_json(audit)?,
            Self::Html => to_html(audit).into_bytes(),
            Self::Csv => to_csv(audit).into_bytes(),
            Self::Xlsx => to_xlsx(audit)?,
            Self::Pdf => to_pdf(audit)?,
        })
    }
}
