//! What is left of a difference when declared job-related factors are held equal: logistic regression with Firth's
//! penalty on applications, beside the comparison within vacancies. It sees factors and outcomes, not who bears them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::audit::{Finding, StretchLabel};
use super::logistic::{self, Design, Penalty};
use super::numeric::normal;
use super::rates::Interval;
use super::table::blunt;

/// One application at the decision that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// Its vacancy, by number.
    pub vacancy: u32,
    /// Its group, by number; `None` without an answer.
    pub group: Option<u32>,
    /// Its factors, as numbers.
    pub factors: Vec<f64>,
    /// Whether it was selected.
    pub selected: bool,
}

/// A comparison with and without the factors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AdjustedComparison {
    /// What people read for the characteristic.
    pub characteristic_label: String,
    /// The group.
    pub group: String,
    /// What people read for it.
    pub group_label: String,
    /// What people read for the comparator; empty for everybody else.
    pub comparator_label: String,
    /// The decision.
    pub stretch: StretchLabel,
    /// Applications in the model.
    pub people: usize,
    /// The ratio within vacancies, without factors.
    pub ratio: Option<f64>,
    /// The ratio of the rates that the model gives the group's own applications, as they are and as if they were the
    /// comparator's.
    pub adjusted_ratio: f64,
    /// The odds ratio of the group in the model.
    pub odds_ratio: f64,
    /// Its interval.
    pub odds_ratio_interval: Interval,
    /// Penalised likelihood-ratio p of the group.
    pub p: Option<f64>,
}

/// Fits the model for one group against everybody else who declared. `None` when it cannot be fitted: nobody or
/// everybody selected, or factors that determine each other.
///
/// The columns are a constant, the group, the factors about their means, and for the vacancy the log odds of selection
/// in it, with half a person added on either side. A column a vacancy would leave small vacancies nothing to say.
pub fn adjust(
    rows: &[Applied],
    group: u32,
    finding: &Finding,
    confidence: f64,
) -> Option<AdjustedComparison> {
    let rows: Vec<&Applied> = rows.iter().filter(|row| row.group.is_some()).collect();
    let mut vacancies: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for row in &rows {
        let (selected, people) = vacancies.entry(row.vacancy).or_default();
        *selected += f64::from(u8::from(row.selected));
        *people += 1.0;
    }
    let odds = |vacancy: u32| {
        let (selected, people) = vacancies.get(&vacancy).copied().unwrap_or_default();
        ((selected + 0.5) / (people - selected + 0.5)).ln()
    };
    let several = vacancies.len() > 1;
    let width = rows.first()?.factors.len();
    let n = rows.len() as f64;
    let mean = |j: usize| rows.iter().filter_map(|row| row.factors.get(j)).sum::<f64>() / n;
    let means: Vec<f64> = (0..width).map(mean).collect();
    let all: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            let about = row.factors.iter().zip(&means).map(|(value, mean)| value - mean);
            about.chain(several.then(|| odds(row.vacancy))).collect()
        })
        .collect();
    // A column that is the same for everybody says what the constant says.
    let varies = |j: &usize| all.iter().any(|x| x.get(*j) != all.first().and_then(|x| x.get(*j)));
    let kept: Vec<usize> = (0..width + usize::from(several)).filter(varies).collect();
    let x: Vec<Vec<f64>> = rows
        .iter()
        .zip(&all)
        .map(|(row, all)| {
            let constant = [1.0, f64::from(u8::from(row.group == Some(group)))];
            constant.into_iter().chain(kept.iter().filter_map(|j| all.get(*j).copied())).collect()
        })
        .collect();
    let selected = rows.iter().map(|row| f64::from(u8::from(row.selected))).collect();
    let design = Design { total: vec![1.0; x.len()], x, selected };
    let fit = logistic::fit(&design, Penalty::Firth)?;
    let (ln_odds, error) = (*fit.coefficients.get(1)?, *fit.standard_errors.get(1)?);
    let rate = |x: &[f64], in_group: f64| {
        let terms = x.iter().zip(&fit.coefficients).enumerate();
        let sum: f64 = terms
            .map(|(place, (x, coefficient))| if place == 1 { in_group } else { *x } * coefficient)
            .sum();
        1.0 / (1.0 + (-sum).exp())
    };
    let focal = design.x.iter().filter(|x| x.get(1) == Some(&1.0));
    let (as_is, as_others) =
        focal.fold((0.0, 0.0), |(a, b), x| (a + rate(x, 1.0), b + rate(x, 0.0)));
    let z = normal::critical(confidence);
    Some(AdjustedComparison {
        characteristic_label: finding.characteristic_label.clone(),
        group: finding.group.clone(),
        group_label: finding.group_label.clone(),
        comparator_label: finding.comparator_label.clone(),
        stretch: finding.stretch.clone(),
        people: rows.len(),
        ratio: finding.numbers.as_ref().and_then(|numbers| numbers.ratio),
        adjusted_ratio: blunt(as_is / as_others, 2),
        odds_ratio: blunt(ln_odds.exp(), 2),
        odds_ratio_interval: (
            blunt((ln_odds - z * error).exp(), 2),
            blunt((ln_odds + z * error).exp(), 2),
        ),
        p: fit.likelihood_ratio_p.first().copied().flatten().map(|p| blunt(p, 2)),
    })
}
