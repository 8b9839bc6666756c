//! Scores of panels: whether groups are scored alike within the same vacancies, whether markers agree, and how severe
//! each is. It sees values with vacancy and group, never who was scored; hides what few people stand behind.

mod groups;
mod markers;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::groups::compare_view;
use self::markers::{panels, severity};
use super::multiplicity;
use super::numeric::Probability;

/// The most panels that are listed; those that agree least come first.
const MOST_PANELS: usize = 20;

/// Everything that was scored.
#[derive(Debug, Clone, Default)]
pub struct Scoring {
    /// The people.
    pub people: Vec<ScoredPerson>,
    /// The ways in which people are divided into groups.
    pub views: Vec<ScoreView>,
    /// Names of vacancies.
    pub vacancies: Vec<String>,
    /// Names of markers.
    pub markers: Vec<String>,
    /// Number of criteria.
    pub criteria: usize,
    /// People with scores of whom nothing else is known.
    pub not_found: usize,
}

/// One person, without anything that names them.
#[derive(Debug, Clone)]
pub struct ScoredPerson {
    /// The number of the vacancy.
    pub vacancy: u32,
    /// Their group in each view; none for those who did not declare.
    pub groups: Vec<Option<u32>>,
    /// Marker, criterion and score.
    pub ratings: Vec<(u32, u32, f64)>,
}

/// A characteristic, in detail or grouped.
#[derive(Debug, Clone)]
pub struct ScoreView {
    /// The characteristic.
    pub characteristic: String,
    /// What people read.
    pub label: String,
    /// Whether it brings categories together.
    pub is_grouped: bool,
    /// Its groups, with what people read for each.
    pub groups: Vec<(String, String)>,
}

/// What the scores show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreAudit {
    /// People with scores, to the multiple of the smallest count below.
    pub people: usize,
    /// People with scores who are not in the applications table.
    pub not_found: usize,
    /// Vacancies with scores.
    pub vacancies: usize,
    /// Markers.
    pub markers: usize,
    /// Criteria.
    pub criteria: usize,
    /// Each group against everybody else who declared.
    pub compared: Vec<ScoreComparison>,
    /// How far the markers of each vacancy agree, the least first.
    pub panels: Vec<PanelAgreement>,
    /// Vacancies with several markers and too few people scored by all of them.
    pub panels_too_small: usize,
    /// Panels that are not listed because more agree less.
    pub panels_not_listed: usize,
    /// How severe each marker is with people whom others scored too, the most severe first.
    pub severity: Vec<MarkerSeverity>,
}

/// A group's scores against those of everybody else who declared, within the same vacancies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreComparison {
    /// The characteristic.
    pub characteristic: String,
    /// What people read for it.
    pub characteristic_label: String,
    /// Whether the group is one of a broader grouping.
    pub is_grouped: bool,
    /// The group.
    pub group: String,
    /// What people read for it.
    pub group_label: String,
    /// The other group, where there are only these two; empty for everybody else who declared.
    pub against_label: String,
    /// Whether it is the same two groups as the comparison before, seen from the other side.
    #[serde(skip)]
    pub(super) is_mirrored: bool,
    /// The numbers; `None` when they are hidden, or no vacancy has scores of both.
    pub numbers: Option<ScoreNumbers>,
    /// Whether they are hidden because few people stand behind them.
    pub hidden: bool,
}

/// The numbers of one comparison of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreNumbers {
    /// People of the group in vacancies with scores of both, to the multiple of the smallest count below.
    pub scored: usize,
    /// Everybody else there, likewise.
    pub others: usize,
    /// Vacancies with scores of both.
    pub vacancies: usize,
    /// Mean difference within vacancies, in points a criterion; negative where the group has less.
    pub difference: f64,
    /// Its interval, not assuming equal spread (Welch 1947); `None` with too few people for a spread.
    pub interval: Option<(f64, f64)>,
    /// The difference over the spread within vacancies and groups, corrected for small numbers (Hedges 1981).
    pub hedges_g: Option<f64>,
    /// How often somebody of the group has more than somebody else of the same vacancy, equal scores counting half.
    pub higher_share: f64,
    /// Mann and Whitney's test within vacancies, brought together after van Elteren (1960); exact for one small vacancy.
    pub rank_p: Option<f64>,
    /// Its natural logarithm, which stays a number where `rank_p` is below the smallest float.
    pub ln_rank_p: Option<f64>,
    /// The same after Holm's adjustment over all comparisons of scores.
    pub holm_p: Option<f64>,
    /// Its natural logarithm.
    pub ln_holm_p: Option<f64>,
    /// Welch's test of the difference.
    pub welch_p: Option<f64>,
    /// Its natural logarithm.
    pub ln_welch_p: Option<f64>,
    /// Whether the adjusted rank test passes.
    pub differs: bool,
}

/// How far the markers of one vacancy agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PanelAgreement {
    /// The vacancy.
    pub vacancy: String,
    /// People scored by every marker, to the multiple of the smallest count below.
    pub people: usize,
    /// Markers.
    pub markers: usize,
    /// Intraclass correlation of one marker, absolute agreement.
    pub icc_one: Option<f64>,
    /// The same of the mean of the panel.
    pub icc_panel: Option<f64>,
    /// Krippendorff's alpha over single scores, as ranks.
    pub alpha_ordinal: Option<f64>,
    /// Krippendorff's alpha over single scores, as numbers.
    pub alpha_interval: Option<f64>,
    /// F test that the markers are equally severe.
    pub severity_p: Option<f64>,
}

/// One marker against the others who scored the same people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkerSeverity {
    /// The marker, as the table names them.
    pub marker: String,
    /// People whom others scored too, to the multiple of the smallest count below.
    pub people: usize,
    /// Mean difference to the mean of the others, in points; negative where the marker gives less.
    pub difference: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Two-sided t test, after Holm's adjustment over the markers.
    pub holm_p: Option<f64>,
    /// Its natural logarithm.
    pub ln_holm_p: Option<f64>,
}

/// A group in the tables of the audit: characteristic, whether it is one of a broader grouping, group.
pub type GroupInTables = (String, bool, String);

/// What the tables of the audit show and hide of how many there are at the first decision. Those who withdrew before it
/// are in none of it.
#[derive(Debug, Clone, Default)]
pub struct InTables {
    /// Groups of whom it is not shown.
    pub hidden: BTreeSet<GroupInTables>,
    /// How many there are of the others.
    pub entered: BTreeMap<GroupInTables, u64>,
    /// Everybody; none where hidden.
    pub everybody: Option<u64>,
}

/// Compares scores. `minimum` is the smallest number of people behind a number that is shown, and numbers of people are
/// given to that multiple below: beside those of the tables they would tell how many withdrew. What the tables hide is
/// hidden here, too.
pub fn audit_scores(
    scoring: &Scoring,
    tables: &InTables,
    minimum: usize,
    confidence: f64,
    significance: f64,
) -> ScoreAudit {
    let most = tables.everybody.and_then(|people| usize::try_from(people).ok());
    let totals: Vec<f64> = scoring.people.iter().map(|person| total(&person.ratings)).collect();
    let each: Vec<Vec<ScoreComparison>> = (0..scoring.views.len())
        .map(|view| compare_view(scoring, tables, (view, minimum), &totals, confidence))
        .collect();
    let mut compared: Vec<ScoreComparison> = each
        .chunk_by(|a, b| characteristic(a) == characteristic(b))
        .flat_map(chosen)
        .filter(|one| !one.is_mirrored)
        .cloned()
        .collect();
    let rank = |numbers: ScoreNumbers| {
        numbers.rank_p.zip(numbers.ln_rank_p).map(|(p, ln_p)| Probability::from_parts(p, ln_p))
    };
    let tested: Vec<Probability> =
        compared.iter().filter_map(|c| c.numbers.and_then(rank)).collect();
    let mut holm = multiplicity::adjust(&tested).holm.into_iter();
    for numbers in compared.iter_mut().filter_map(|c| c.numbers.as_mut()) {
        let holm = numbers.rank_p.and_then(|_| holm.next()).map(|p| p.blunt(2));
        (numbers.holm_p, numbers.ln_holm_p) = (holm.map(|p| p.p), holm.map(|p| p.ln_p));
        numbers.differs = numbers.holm_p.is_some_and(|p| p <= significance);
    }
    let (mut panels, panels_too_small) = panels(scoring, most, minimum);
    let panels_not_listed = panels.len().saturating_sub(MOST_PANELS);
    panels.truncate(MOST_PANELS);
    let mut vacancies: Vec<u32> = scoring.people.iter().map(|person| person.vacancy).collect();
    vacancies.sort_unstable();
    vacancies.dedup();
    ScoreAudit {
        people: coarse(scoring.people.len(), most, minimum),
        not_found: scoring.not_found,
        vacancies: vacancies.len(),
        markers: scoring.markers.len(),
        criteria: scoring.criteria,
        compared,
        panels,
        panels_too_small,
        panels_not_listed,
        severity: severity(scoring, most, minimum, confidence),
    }
}

/// At least so many people: to the multiple of `step` below, and of no more than the tables show.
fn coarse(people: usize, most: Option<usize>, step: usize) -> usize {
    let people = people.min(most.unwrap_or(usize::MAX));
    people - people % step.max(1)
}

fn characteristic(view: &[ScoreComparison]) -> Option<&str> {
    view.first().map(|first| first.characteristic.as_str())
}

/// The views of one characteristic that are shown together: all, when every category is shown; otherwise the first
/// grouping without a hidden group, or else the last view, alone. Two groupings side by side could be subtracted.
fn chosen(views: &[Vec<ScoreComparison>]) -> impl Iterator<Item = &ScoreComparison> {
    let whole = |view: &Vec<ScoreComparison>| view.iter().all(|one| !one.hidden);
    let shown: &[Vec<ScoreComparison>] = if views.first().is_none_or(whole) {
        views
    } else {
        let last = views.len().saturating_sub(1);
        let place = views.iter().position(whole).unwrap_or(last);
        views.get(place..=place).unwrap_or_default()
    };
    shown.iter().flatten()
}

/// The mean over criteria of the mean over markers, so that neither a criterion with more markers nor a marker of more
/// criteria weighs more.
fn total(ratings: &[(u32, u32, f64)]) -> f64 {
    let mut criteria: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (_, criterion, score) in ratings {
        let sum = criteria.entry(*criterion).or_default();
        *sum = (sum.0 + score, sum.1 + 1.0);
    }
    criteria.values().map(|(sum, count)| sum / count).sum::<f64>() / criteria.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-3 * expected.abs().max(0.01), "{found} {expected}");
    }

    #[test]
    fn a_severe_marker_is_found_and_agreement_is_that_of_the_reference() {
        // Shrout and Fleiss (1979): six people, four judges; ICC(A,1) 0.29, ICC(A,k) 0.62.
        let table =
            [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
        let people = table.map(|row| ScoredPerson {
            vacancy: 0,
            groups: Vec::new(),
            ratings: (0..).zip(row).map(|(m, s)| (m, 0, f64::from(s))).collect(),
        });
        let scoring = Scoring {
            people: people.to_vec(),
            vacancies: vec!["V1".to_owned()],
            markers: ["A", "B", "C", "D"].map(str::to_owned).to_vec(),
            criteria: 1,
            ..Scoring::default()
        };
        let found = audit_scores(&scoring, &InTables::default(), 5, 0.95, 0.05);
        let panel = &found.panels[0];
        close(panel.icc_one.unwrap(), 0.2898);
        close(panel.icc_panel.unwrap(), 0.6201);
        assert_eq!(found.severity[0].marker, "B");
        assert!(found.severity[0].holm_p.unwrap() < 0.01, "{:?}", found.severity[0]);
    }
}
