//! The report for programs: every number, each finding with its sentence, and the method that made it.
//! `docs/audit.schema.json` describes it. It is written straight into one buffer: a council's year comes to a megabyte.

use serde::Serialize;

use super::words::Words;
use super::{ReportError, adjustment, evidence, factors, scores, sentences};
use crate::fairness::{Audit, Finding, View};

/// What a finding with its sentences takes, roughly: room is made once.
const BYTES_A_FINDING: usize = 2_500;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    audit: &'a Audit,
    views: Vec<SaidView<'a>>,
    warning_sentences: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    factor_sentences: Vec<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjustment_sentences: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score_sentences: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_sentences: Option<Vec<String>>,
}

#[derive(Serialize)]
struct SaidView<'a> {
    #[serde(flatten)]
    view: &'a View,
    findings: Vec<SaidFinding<'a>>,
}

#[derive(Serialize)]
struct SaidFinding<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    sentence: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    evidence_sentence: String,
}

/// Every finding with its sentences. Two processors share them: a council's year has a thousand.
fn said<'a>(audit: &'a Audit, words: &Words) -> Vec<SaidFinding<'a>> {
    let all: Vec<&Finding> = audit.findings().collect();
    let (first, second) = all.split_at(all.len() / 2);
    let each = |part: &[&'a Finding]| -> Vec<SaidFinding<'a>> {
        let said = part.iter().map(|finding| SaidFinding {
            finding,
            sentence: sentences::finding(finding, audit, words),
            evidence_sentence: evidence::sentence(finding, audit, words),
        });
        said.collect()
    };
    std::thread::scope(|scope| {
        let second = scope.spawn(|| each(second));
        let mut said = each(first);
        said.extend(second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        said
    })
}

impl<'a> Document<'a> {
    fn of(audit: &'a Audit, words: &Words) -> Self {
        let mut said = said(audit, words).into_iter();
        let views = audit.views.iter().map(|view| SaidView {
            view,
            findings: said.by_ref().take(view.findings.len()).collect(),
        });
        let of_factor = |factor: &crate::fairness::FactorLevels| -> Vec<String> {
            let compared = factor.compared.iter();
            compared.map(|found| factors::sentence(factor, found, audit, words)).collect()
        };
        let adjusted = audit.adjustment.as_ref().map(|adjustment| {
            let compared = adjustment.compared.iter();
            compared.map(|one| adjustment::sentence(one, adjustment, audit, words)).collect()
        });
        let scored = audit.scores.is_some().then(|| scores::every_sentence(audit, words));
        Self {
            audit,
            views: views.collect(),
            warning_sentences: audit
                .warnings
                .iter()
                .map(|warning| sentences::warning(warning, words))
                .collect(),
            factor_sentences: audit.factors.iter().map(of_factor).collect(),
            adjustment_sentences: adjusted,
            score_sentences: scored,
            change_sentences: audit.changes.is_some().then(|| evidence::changes(audit, words)),
        }
    }
}

/// The audit as JSON.
///
/// # Errors
/// [`ReportError`] where a value cannot be written, which no audit can cause: every field is plain data.
pub fn to_json(audit: &Audit) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Vec::with_capacity(BYTES_A_FINDING * audit.findings().count());
    let document = Document::of(audit, &Words::english());
    serde_json::to_writer_pretty(&mut bytes, &document)
        .map_err(|error| ReportError::new("JSON", &error))?;
    bytes.push(b'\n');
    Ok(bytes)
}
