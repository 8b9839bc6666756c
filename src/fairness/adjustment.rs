//! What is left of a gap among people who are alike in factors that the post asks for: comparisons within vacancy and
//! bands of the factors, and a regression with Firth's penalty beside them. Values only; the arithmetic is in `run`.

use serde::Serialize;

use super::audit::StretchLabel;
use super::logistic::{self, Design, Penalty};
use super::numeric::normal;
use super::rates::Interval;

/// Comparisons that allow for declared factors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Adjustment {
    /// The factors with their bands.
    pub factors: Vec<FactorBands>,
    /// Each primary comparison whose numbers are shown, in the order of the findings.
    pub compared: Vec<Adjusted>,
}

/// A declared factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactorBands {
    /// Its name, as it was asked for.
    pub name: String,
    /// Its bands, in order; the last is for those without a value and has no name.
    pub bands: Vec<String>,
}

/// Where the people of a stratum belong: their vacancy, and their band of each factor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StratumPlace {
    /// The number of the vacancy.
    pub vacancy: usize,
    /// The number of the band of each factor.
    pub bands: Vec<usize>,
}

/// One comparison that allows for the factors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Adjusted {
    /// The characteristic.
    pub characteristic: String,
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
    /// The ratio within vacancies, factors not looked at, as the finding has it.
    pub plain_ratio: Option<f64>,
    /// Within vacancy and bands; `None` where too few strata hold people of both.
    pub within: Option<WithinBands>,
    /// A regression on group, factors and vacancies; `None` where there are too many of them for the people.
    pub regression: Option<Regression>,
    /// What is left of the finding.
    pub conclusion: Conclusion,
}

/// A comparison within vacancy and bands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WithinBands {
    /// Strata with people of both and some but not all selected.
    pub informative_strata: usize,
    /// Share of the group with somebody to be compared with, in steps of 5 %.
    pub comparable_share: f64,
    /// Mantel-Haenszel rate ratio; `None` when it does not exist.
    pub ratio: Option<f64>,
    /// Lower end of its score interval.
    pub ratio_low: Option<f64>,
    /// Upper end of its score interval; `None` without bound.
    pub ratio_high: Option<f64>,
    /// Conditional mid-p over the strata.
    pub mid_p: Option<f64>,
    /// Its natural logarithm, which stays a number where `mid_p` is below the smallest float.
    pub ln_mid_p: Option<f64>,
    /// The same after Holm's adjustment over all comparisons of this kind.
    pub holm_p: Option<f64>,
    /// Its natural logarithm.
    pub ln_holm_p: Option<f64>,
}

/// A logistic regression with Firth's penalty (Firth 1993; Heinze and Schemper 2002).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Regression {
    /// Vacancies in it, each with a term of its own.
    pub vacancies: usize,
    /// The odds of selection of the group over those of the comparator, the other terms being equal.
    pub odds_ratio: f64,
    /// Its Wald interval on the log scale.
    pub interval: Interval,
    /// Penalised likelihood-ratio test.
    pub p: Option<f64>,
}

/// What is left of a finding among people who are alike in the factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// A gap, and still one.
    Remains,
    /// A gap that can no longer be told from chance.
    NotSeen,
    /// No gap as things stand, and one here.
    Appears,
    /// No gap in either.
    Neither,
    /// Too few strata hold people of both.
    NotComparable,
}

/// Terms beyond which no regression is fitted: with one for each of many vacancies, even penalised estimates mislead.
const MOST_TERMS: usize = 30;
/// Fewest people a term.
const PEOPLE_A_TERM: f64 = 5.0;

/// People of one group in one stratum.
pub(super) struct Row {
    pub(super) place: StratumPlace,
    pub(super) is_focal: bool,
    pub(super) selected: f64,
    pub(super) total: f64,
}

/// Fits ln odds = vacancy + bands + group with Firth's penalty. `None` with too many terms for the people, or where
/// group and factors cannot be told apart.
pub(super) fn regress(rows: &[Row], confidence: f64) -> Option<Regression> {
    let distinct = |pick: &dyn Fn(&Row) -> Option<usize>| -> Vec<usize> {
        let mut found: Vec<usize> = rows.iter().filter_map(pick).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let vacancies = distinct(&|row| Some(row.place.vacancy));
    let factors = rows.first().map_or(0, |row| row.place.bands.len());
    let bands: Vec<Vec<usize>> =
        (0..factors).map(|f| distinct(&|row| row.place.bands.get(f).copied())).collect();
    let terms =
        1 + vacancies.len() + bands.iter().map(|b| b.len().saturating_sub(1)).sum::<usize>();
    let people: f64 = rows.iter().map(|row| row.total).sum();
    if terms > MOST_TERMS || people < PEOPLE_A_TERM * terms as f64 {
        return None;
    }
    let flag = |is: bool| f64::from(u8::from(is));
    let x = rows.iter().map(|row| {
        let mut x = vec![1.0, flag(row.is_focal)];
        x.extend(vacancies.iter().skip(1).map(|v| flag(row.place.vacancy == *v)));
        for (factor, bands) in bands.iter().enumerate() {
            let own = row.place.bands.get(factor);
            x.extend(bands.iter().skip(1).map(|band| flag(own == Some(band))));
        }
        x
    });
    let design = Design {
        x: x.collect(),
        selected: rows.iter().map(|row| row.selected).collect(),
        total: rows.iter().map(|row| row.total).collect(),
    };
    let fit = logistic::fit(&design, Penalty::Firth)?;
    let (b, error) = (*fit.coefficients.get(1)?, *fit.standard_errors.get(1)?);
    let z = normal::critical(confidence);
    (b.is_finite() && error.is_finite()).then(|| Regression {
        vacancies: vacancies.len(),
        odds_ratio: b.exp(),
        interval: ((b - z * error).exp(), (b + z * error).exp()),
        p: fit.likelihood_ratio_p.first().copied().flatten(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(vacancy: usize, band: usize, is_focal: bool, selected: f64, total: f64) -> Row {
        Row { place: StratumPlace { vacancy, bands: vec![band] }, is_focal, selected, total }
    }

    #[test]
    fn a_gap_that_a_factor_makes_is_gone_when_the_factor_is_in_the_regression() {
        // In each band both groups have one rate; the focal group is mostly in the lower band.
        let rows = [
            row(0, 0, true, 10.0, 100.0),
            row(0, 0, false, 2.0, 20.0),
            row(0, 1, true, 10.0, 20.0),
            row(0, 1, false, 50.0, 100.0),
        ];
        let found = regress(&rows, 0.95).unwrap();
        assert!((found.odds_ratio - 1.0).abs() < 0.1, "{found:?}");
        assert!(found.p.unwrap() > 0.8);
    }

    #[test]
    fn no_regression_is_fitted_with_a_term_for_each_of_many_vacancies() {
        let rows: Vec<Row> = (0..40)
            .flat_map(|v| [row(v, 0, true, 5.0, 10.0), row(v, 0, false, 5.0, 10.0)])
            .collect();
        assert_eq!(regress(&rows, 0.95), None);
    }
}
