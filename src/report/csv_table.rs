//! The audit as CSV: one row a comparison, for spreadsheets. Cells that a spreadsheet would run as a formula are
//! disarmed. It rounds nothing.

use super::disarm::disarmed;
use super::sentences;
use super::words::Words;
use crate::fairness::{Audit, Finding, Numbers};

const HEADER: [&str; 37] = [
    "characteristic",
    "group",
    "from_stage",
    "to_stage",
    "whole_journey",
    "comparator",
    "verdict",
    "entered",
    "progressed",
    "rate",
    "comparator_entered",
    "comparator_progressed",
    "comparator_rate",
    "ratio",
    "ratio_low",
    "ratio_high",
    "pooled_ratio",
    "mid_p",
    "ln_mid_p",
    "holm_p",
    "ln_holm_p",
    "benjamini_hochberg_p",
    "ln_benjamini_hochberg_p",
    "below_four_fifths",
    "shortfall",
    "detectable_ratio",
    "undeclared_share",
    "survives_undeclared",
    "log10_e",
    "anytime_p",
    "ln_anytime_p",
    "anytime_holm_p",
    "ln_anytime_holm_p",
    "crossed_on",
    "period",
    "rule_set_sha256",
    "sentence",
];

/// The findings of an audit as CSV.
pub fn to_csv(audit: &Audit) -> String {
    let words = Words::english();
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(HEADER);
    for finding in audit.findings() {
        let _ = writer.write_record(row(finding, audit, &words));
    }
    writer.into_inner().map_or_else(|_| String::new(), |b| String::from_utf8_lossy(&b).into_owned())
}

fn row(finding: &Finding, audit: &Audit, words: &Words) -> Vec<String> {
    let (numbers, evidence) = (finding.numbers.as_ref(), finding.evidence.as_ref());
    let float = |pick: fn(&Numbers) -> Option<f64>| {
        numbers.and_then(pick).map_or_else(String::new, |value| value.to_string())
    };
    let whole = |pick: fn(&Numbers) -> u64| {
        numbers.map(pick).map_or_else(String::new, |value| value.to_string())
    };
    let optional = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    vec![
        disarmed(&finding.characteristic_label),
        disarmed(&finding.group_label),
        finding.stretch.from.clone(),
        finding.stretch.to.clone(),
        finding.stretch.whole.to_string(),
        disarmed(&sentences::comparator(finding, words)),
        sentences::verdict(finding.verdict, words),
        whole(|n| n.entered),
        whole(|n| n.progressed),
        float(|n| n.rate),
        whole(|n| n.comparator_entered),
        whole(|n| n.comparator_progressed),
        float(|n| n.comparator_rate),
        float(|n| n.ratio),
        float(|n| n.ratio_low),
        float(|n| n.ratio_high),
        float(|n| n.pooled_ratio),
        float(|n| n.mid_p.map(|p| p.p)),
        float(|n| n.mid_p.map(|p| p.ln_p)),
        float(|n| n.holm_p),
        float(|n| n.ln_holm_p),
        float(|n| n.benjamini_hochberg_p),
        float(|n| n.ln_benjamini_hochberg_p),
        numbers.and_then(|n| n.below_margin).map_or_else(String::new, |b| b.to_string()),
        float(|n| Some(n.shortfall)),
        optional(finding.detectable_ratio),
        optional(finding.undeclared_share),
        finding.survives_undeclared.map_or_else(String::new, |b| b.to_string()),
        optional(evidence.map(|line| line.log10_e)),
        optional(evidence.map(|line| line.anytime_p)),
        optional(evidence.map(|line| line.ln_anytime_p)),
        optional(evidence.map(|line| line.anytime_holm_p)),
        optional(evidence.map(|line| line.ln_anytime_holm_p)),
        evidence.and_then(|line| line.crossed_on).map_or_else(String::new, |on| on.to_string()),
        disarmed(&audit.period),
        audit.method.rule_set_sha256.clone(),
        disarmed(&sentences::finding(finding, audit, words)),
    ]
}
