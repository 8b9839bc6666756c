//! What changed since the last report of the same scope: verdicts that are new or gone, evidence that crossed its line.
//! Compares what two reports say; it sees no counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::audit::{Audit, Finding};
use super::judge::Verdict;

/// What a report said, as far as the next one needs it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Said {
    /// When it was made, as its maker wrote it.
    pub at: String,
    /// Vacancies in it.
    pub vacancies: usize,
    /// One entry for each primary comparison.
    pub findings: Vec<SaidFinding>,
}

/// One comparison of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidFinding {
    characteristic: String,
    group: String,
    from: String,
    to: String,
    whole: bool,
    comparator: String,
    verdict: Verdict,
    has_crossed: bool,
}

/// What is different from the last report of the same scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    /// When that report was made.
    pub since: String,
    /// Vacancies then.
    pub vacancies_then: usize,
    /// Gaps that were none then, or were not compared.
    pub new_gaps: Vec<Changed>,
    /// Gaps of then that are none now.
    pub gone_gaps: Vec<Changed>,
    /// Other verdicts that changed.
    pub other_verdicts: Vec<Changed>,
    /// Evidence that crossed its line since.
    pub crossed: Vec<Changed>,
}

/// One comparison that says something else than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Its place among [`Audit::findings`].
    pub finding: usize,
    /// The verdict then; `None` when it was not compared.
    pub verdict_then: Option<Verdict>,
    /// The verdict now.
    pub verdict: Verdict,
    /// When its evidence crossed the line, where dates are known.
    pub crossed_on: Option<Date>,
}

impl Said {
    /// What an audit says.
    pub fn of(audit: &Audit, at: &str) -> Self {
        Self {
            at: at.to_owned(),
            vacancies: audit.vacancies,
            findings: audit.findings().filter(|f| f.primary).map(said).collect(),
        }
    }

    /// What an audit says otherwise.
    pub fn changes(&self, audit: &Audit) -> Changes {
        let then: BTreeMap<_, _> = self.findings.iter().map(|found| (key(found), found)).collect();
        let mut changes = Changes {
            since: self.at.clone(),
            vacancies_then: self.vacancies,
            new_gaps: Vec::new(),
            gone_gaps: Vec::new(),
            other_verdicts: Vec::new(),
            crossed: Vec::new(),
        };
        for (place, finding) in audit.findings().enumerate().filter(|(_, f)| f.primary) {
            let now = said(finding);
            let then = then.get(&key(&now));
            let before = then.map(|then| then.verdict);
            let changed = Changed {
                finding: place,
                verdict_then: before,
                verdict: finding.verdict,
                crossed_on: finding.evidence.as_ref().and_then(|line| line.crossed_on),
            };
            if now.has_crossed && !then.is_some_and(|then| then.has_crossed) {
                changes.crossed.push(changed.clone());
            }
            match (before, finding.verdict) {
                (Some(Verdict::Gap), Verdict::Gap) => {}
                (_, Verdict::Gap) => changes.new_gaps.push(changed),
                (Some(Verdict::Gap), _) => changes.gone_gaps.push(changed),
                (Some(then), now) if then != now => changes.other_verdicts.push(changed),
                _ => {}
            }
        }
        changes
    }
}

fn said(finding: &Finding) -> SaidFinding {
    SaidFinding {
        characteristic: finding.characteristic.clone(),
        group: finding.group.clone(),
        from: finding.stretch.from.clone(),
        to: finding.stretch.to.clone(),
        whole: finding.stretch.whole,
        comparator: format!("{:?}", finding.comparator),
        verdict: finding.verdict,
        has_crossed: finding.evidence.as_ref().is_some_and(|line| line.has_crossed),
    }
}

fn key(found: &SaidFinding) -> (&str, &str, &str, &str, bool, &str) {
    let SaidFinding { characteristic, group, from, to, whole, comparator, .. } = found;
    (characteristic, group, from, to, *whole, comparator)
}
