//! Scores of panels: whether groups are scored alike within the same vacancies, whether markers agree, and how severe
//! each is. It sees values with vacancy and group, never who was scored; hides what few people stand behind.

use std::collections::BTreeMap;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::mann_whitney;
use super::multiplicity;
use super::numeric::gamma::ln_gamma;
use super::numeric::normal;
use super::reliability::{self, Scale};
use super::table::blunt;

/// The most different scores for which agreement by pairs is computed.
const MOST_VALUES: usize = 300;
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
    /// People with scores.
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
    /// The numbers; `None` when they are hidden, or no vacancy has scores of both.
    pub numbers: Option<ScoreNumbers>,
    /// Whether they are hidden because few people stand behind them.
    pub hidden: bool,
}

/// The numbers of one comparison of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreNumbers {
    /// People of the group in vacancies with scores of both.
    pub scored: usize,
    /// Everybody else there.
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
    /// The same after Holm's adjustment over all comparisons of scores.
    pub holm_p: Option<f64>,
    /// Welch's test of the difference.
    pub welch_p: Option<f64>,
    /// Whether the adjusted rank test passes.
    pub differs: bool,
}

/// How far the markers of one vacancy agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PanelAgreement {
    /// The vacancy.
    pub vacancy: String,
    /// People scored by every marker.
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
    /// People whom others scored too.
    pub people: usize,
    /// Mean difference to the mean of the others, in points; negative where the marker gives less.
    pub difference: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Two-sided t test, after Holm's adjustment over the markers.
    pub holm_p: Option<f64>,
}

/// Compares scores. `minimum` is the smallest number of people behind a number that is shown.
pub fn audit_scores(
    scoring: &Scoring,
    minimum: usize,
    confidence: f64,
    significance: f64,
) -> ScoreAudit {
    let totals: Vec<f64> = scoring.people.iter().map(|person| total(&person.ratings)).collect();
    let each: Vec<Vec<ScoreComparison>> = (0..scoring.views.len())
        .map(|view| compare_view(scoring, view, &totals, minimum, confidence))
        .collect();
    let mut compared: Vec<ScoreComparison> = each
        .chunk_by(|a, b| characteristic(a) == characteristic(b))
        .flat_map(chosen)
        .cloned()
        .collect();
    let tested: Vec<f64> =
        compared.iter().filter_map(|c| c.numbers.and_then(|n| n.rank_p)).collect();
    let mut holm = multiplicity::adjust(&tested).holm.into_iter();
    for numbers in compared.iter_mut().filter_map(|c| c.numbers.as_mut()) {
        numbers.holm_p = numbers.rank_p.and_then(|_| holm.next()).map(|p| blunt(p, 2));
        numbers.differs = numbers.holm_p.is_some_and(|p| p <= significance);
    }
    let (mut panels, panels_too_small) = panels(scoring, minimum);
    let panels_not_listed = panels.len().saturating_sub(MOST_PANELS);
    panels.truncate(MOST_PANELS);
    let mut vacancies: Vec<u32> = scoring.people.iter().map(|person| person.vacancy).collect();
    vacancies.sort_unstable();
    vacancies.dedup();
    ScoreAudit {
        people: scoring.people.len(),
        not_found: scoring.not_found,
        vacancies: vacancies.len(),
        markers: scoring.markers.len(),
        criteria: scoring.criteria,
        compared,
        panels,
        panels_too_small,
        panels_not_listed,
        severity: severity(scoring, minimum, confidence),
    }
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

fn compare_view(
    scoring: &Scoring,
    place: usize,
    totals: &[f64],
    minimum: usize,
    confidence: f64,
) -> Vec<ScoreComparison> {
    let Some(view) = scoring.views.get(place) else { return Vec::new() };
    let declared: Vec<(u32, u32, f64)> = scoring
        .people
        .iter()
        .zip(totals)
        .filter_map(|(p, total)| Some((p.vacancy, p.groups.get(place).copied()??, *total)))
        .collect();
    let sizes: Vec<usize> = (0..view.groups.len())
        .map(|group| declared.iter().filter(|(_, g, _)| *g as usize == group).count())
        .collect();
    let hidden = hidden(&sizes, minimum);
    (0..view.groups.len())
        .filter(|group| sizes.get(*group).is_some_and(|size| *size > 0))
        .map(|group| {
            let of = |focal: bool| {
                let mut by_vacancy: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
                for (vacancy, g, total) in &declared {
                    if (*g as usize == group) == focal {
                        by_vacancy.entry(*vacancy).or_default().push(*total);
                    }
                }
                by_vacancy
            };
            let (focal, others) = (of(true), of(false));
            let pairs: Vec<(&[f64], &[f64])> = focal
                .iter()
                .filter_map(|(vacancy, x)| Some((x.as_slice(), others.get(vacancy)?.as_slice())))
                .collect();
            let mut is_hidden = hidden.get(group).copied().unwrap_or(true);
            let scored: usize = pairs.iter().map(|(x, _)| x.len()).sum();
            let rest: usize = pairs.iter().map(|(_, y)| y.len()).sum();
            // Of those in shared vacancies, too, few may be left.
            is_hidden |= !pairs.is_empty() && (scored < minimum || rest < minimum);
            let (group, group_label) = view.groups.get(group).cloned().unwrap_or_default();
            ScoreComparison {
                characteristic: view.characteristic.clone(),
                characteristic_label: view.label.clone(),
                is_grouped: view.is_grouped,
                group,
                group_label,
                numbers: (!is_hidden && !pairs.is_empty()).then(|| numbers(&pairs, confidence)),
                hidden: is_hidden,
            }
        })
        .collect()
}

/// Groups of few people are hidden, and others with them until those hidden are many together: the mean of one hidden
/// group would follow from the others.
fn hidden(sizes: &[usize], minimum: usize) -> Vec<bool> {
    let mut hidden: Vec<bool> = sizes.iter().map(|size| (1..minimum).contains(size)).collect();
    loop {
        let together: usize = sizes.iter().zip(&hidden).filter(|(_, h)| **h).map(|(s, _)| s).sum();
        let some = hidden.iter().any(|hidden| *hidden);
        let shown = sizes.iter().zip(&hidden).filter(|(size, hidden)| **size > 0 && !**hidden);
        if !some || together >= minimum || shown.count() == 0 {
            return hidden;
        }
        let smallest = sizes
            .iter()
            .enumerate()
            .filter(|(place, size)| **size > 0 && !hidden.get(*place).copied().unwrap_or(true))
            .min_by_key(|(_, size)| **size);
        match smallest.and_then(|(place, _)| hidden.get_mut(place)) {
            Some(next) => *next = true,
            None => return hidden,
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// The half width of an interval, in standard errors.
fn critical(df: f64, confidence: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df)
        .map_or_else(|_| normal::critical(confidence), |t| t.inverse_cdf(0.5 + confidence / 2.0))
}

fn two_sided(t: f64, df: f64) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, df).ok()?;
    (t.is_finite()).then(|| (2.0 * distribution.sf(t.abs())).min(1.0))
}

/// d = sum w (mean_1 - mean_2) / sum w, w = n1 n2 / N; its variance from the spread of each group within vacancies. With
/// one vacancy these are Welch's t and Hedges' g.
fn numbers(pairs: &[(&[f64], &[f64])], confidence: f64) -> ScoreNumbers {
    let (mut weights, mut sum, mut v1, mut v2) = (0.0, 0.0, 0.0, 0.0);
    let (mut ss1, mut ss2, mut df1, mut df2) = (0.0, 0.0, 0.0, 0.0);
    let (mut excess, mut variance) = (0.0, 0.0);
    let (mut wins, mut all) = (0.0, 0.0);
    for (x, y) in pairs {
        let (n1, n2) = (x.len() as f64, y.len() as f64);
        let weight = n1 * n2 / (n1 + n2);
        weights += weight;
        sum += weight * (mean(x) - mean(y));
        (v1, v2) = (v1 + weight * weight / n1, v2 + weight * weight / n2);
        (ss1, ss2) = (ss1 + squares(x), ss2 + squares(y));
        (df1, df2) = (df1 + n1 - 1.0, df2 + n2 - 1.0);
        let (u, spread) = mann_whitney::pairs_higher(x, y);
        (wins, all) = (wins + u, all + n1 * n2);
        // Where all scores of a vacancy are equal, nothing is to be seen in it.
        if spread > 0.0 {
            excess += (u - n1 * n2 / 2.0) / (n1 + n2 + 1.0);
            variance += spread / (n1 + n2 + 1.0).powi(2);
        }
    }
    let difference = sum / weights;
    let people: usize = pairs.iter().map(|(x, y)| x.len() + y.len()).sum();
    let error = (df1 > 0.0 && df2 > 0.0).then(|| {
        let (a, b) = (v1 * ss1 / df1 / (weights * weights), v2 * ss2 / df2 / (weights * weights));
        ((a + b).sqrt(), (a + b).powi(2) / (a * a / df1 + b * b / df2))
    });
    let error = error.filter(|(se, df)| *se > 0.0 && df.is_finite());
    let freedom = df1 + df2;
    let pooled = ((ss1 + ss2) / freedom).sqrt();
    let hedges = (freedom > 1.0 && pooled > 0.0).then(|| {
        let factor = (ln_gamma(freedom / 2.0) - ln_gamma((freedom - 1.0) / 2.0)).exp()
            / (freedom / 2.0).sqrt();
        factor * difference / pooled
    });
    let exact = match pairs {
        [(x, y)] => mann_whitney::compare(x, y).and_then(|c| c.exact).map(|e| e.two_sided),
        _ => None,
    };
    let large = (variance > 0.0).then(|| normal::two_sided(excess.abs() / variance.sqrt()).p);
    let rounded = |value: f64| blunt(value, 2);
    ScoreNumbers {
        scored: pairs.iter().map(|(x, _)| x.len()).sum(),
        others: people - pairs.iter().map(|(x, _)| x.len()).sum::<usize>(),
        vacancies: pairs.len(),
        difference: rounded(difference),
        interval: error.map(|(se, df)| {
            let half = critical(df, confidence) * se;
            (rounded(difference - half), rounded(difference + half))
        }),
        hedges_g: hedges.map(rounded),
        higher_share: rounded(wins / all),
        rank_p: exact.or(large).map(rounded),
        holm_p: None,
        welch_p: error.and_then(|(se, df)| two_sided(difference / se, df)).map(rounded),
        differs: false,
    }
}

/// Agreement of the markers of each vacancy, and how many vacancies have too few people for it.
fn panels(scoring: &Scoring, minimum: usize) -> (Vec<PanelAgreement>, usize) {
    let mut by_vacancy: BTreeMap<u32, Vec<&ScoredPerson>> = BTreeMap::new();
    for person in &scoring.people {
        by_vacancy.entry(person.vacancy).or_default().push(person);
    }
    let mut found = Vec::new();
    let mut too_small = 0;
    for (vacancy, people) in by_vacancy {
        let mut markers: Vec<u32> =
            people.iter().flat_map(|p| p.ratings.iter().map(|(marker, ..)| *marker)).collect();
        markers.sort_unstable();
        markers.dedup();
        if markers.len() < 2 {
            continue;
        }
        let of_marker = |person: &ScoredPerson, marker: u32| -> Option<f64> {
            let own: Vec<(u32, u32, f64)> =
                person.ratings.iter().filter(|(m, ..)| *m == marker).copied().collect();
            (!own.is_empty()).then(|| total(&own))
        };
        let whole: Vec<Vec<Option<f64>>> = people
            .iter()
            .map(|person| markers.iter().map(|marker| of_marker(person, *marker)).collect())
            .filter(|row: &Vec<Option<f64>>| row.iter().all(Option::is_some))
            .collect();
        if whole.len() < minimum {
            too_small += 1;
            continue;
        }
        let mut single: BTreeMap<(usize, u32), Vec<Option<f64>>> = BTreeMap::new();
        for (place, person) in people.iter().enumerate() {
            for (marker, criterion, score) in &person.ratings {
                let row = single.entry((place, *criterion)).or_insert(vec![None; markers.len()]);
                let column = markers.iter().position(|known| known == marker);
                if let Some(cell) = column.and_then(|column| row.get_mut(column)) {
                    *cell = Some(*score);
                }
            }
        }
        let units: Vec<Vec<Option<f64>>> =
            single.into_values().filter(|row| row.iter().flatten().count() > 1).collect();
        let mut values: Vec<f64> = units.iter().flatten().flatten().copied().collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let alpha = |scale: Scale| {
            let fits = !values.is_empty() && values.len() <= MOST_VALUES;
            fits.then(|| reliability::krippendorff(&units, scale)).flatten().map(|a| blunt(a, 2))
        };
        let agreement = reliability::agreement(&whole);
        let finite = |value: f64| value.is_finite().then(|| blunt(value, 2));
        found.push(PanelAgreement {
            vacancy: scoring.vacancies.get(vacancy as usize).cloned().unwrap_or_default(),
            people: whole.len(),
            markers: markers.len(),
            icc_one: agreement.as_ref().and_then(|a| finite(a.icc_a_1)),
            icc_panel: agreement.as_ref().and_then(|a| finite(a.icc_a_k)),
            alpha_ordinal: alpha(Scale::Ordinal),
            alpha_interval: alpha(Scale::Interval),
            severity_p: agreement.and_then(|a| a.severity_test).map(|(_, p)| blunt(p, 2)),
        });
    }
    let low = |panel: &PanelAgreement| panel.icc_one.unwrap_or(f64::INFINITY);
    found.sort_by(|a, b| low(a).total_cmp(&low(b)));
    (found, too_small)
}

/// Each marker against the mean of the others, person by person: one value a person, so that criteria of one person are
/// not taken for people.
fn severity(scoring: &Scoring, minimum: usize, confidence: f64) -> Vec<MarkerSeverity> {
    let mut differences: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for person in &scoring.people {
        let mut of_person: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for (marker, criterion, score) in &person.ratings {
            let others: Vec<f64> = person
                .ratings
                .iter()
                .filter(|(m, c, _)| m != marker && c == criterion)
                .map(|(.., score)| *score)
                .collect();
            if !others.is_empty() {
                of_person.entry(*marker).or_default().push(score - mean(&others));
            }
        }
        for (marker, found) in of_person {
            differences.entry(marker).or_default().push(mean(&found));
        }
    }
    let shown: Vec<(u32, Vec<f64>)> =
        differences.into_iter().filter(|(_, found)| found.len() >= minimum.max(2)).collect();
    let error = |found: &[f64]| {
        let n = found.len() as f64;
        (squares(found) / (n - 1.0) / n).sqrt()
    };
    let p: Vec<f64> = shown
        .iter()
        .map(|(_, found)| {
            two_sided(mean(found) / error(found), found.len() as f64 - 1.0).unwrap_or(1.0)
        })
        .collect();
    let holm = multiplicity::adjust(&p).holm;
    let mut severity: Vec<MarkerSeverity> = shown
        .iter()
        .zip(holm)
        .map(|((marker, found), holm)| {
            let (d, se) = (mean(found), error(found));
            let half = critical(found.len() as f64 - 1.0, confidence) * se;
            MarkerSeverity {
                marker: scoring.markers.get(*marker as usize).cloned().unwrap_or_default(),
                people: found.len(),
                difference: blunt(d, 2),
                interval: (se > 0.0).then(|| (blunt(d - half, 2), blunt(d + half, 2))),
                holm_p: (se > 0.0).then(|| blunt(holm, 2)),
            }
        })
        .collect();
    severity.sort_by(|a, b| a.difference.total_cmp(&b.difference));
    severity
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-3 * expected.abs().max(0.01), "{found} {expected}");
    }

    #[test]
    fn one_vacancy_gives_the_textbook_statistics() {
        let x: Vec<f64> = (0..12).map(|i| f64::from(i % 5) + 1.0).collect();
        let y: Vec<f64> = (0..30).map(|i| f64::from(i % 7) + 2.0).collect();
        let found = numbers(&[(&x, &y)], 0.95);
        let expected = mann_whitney::compare(&x, &y).unwrap();
        let means = expected.means.unwrap();
        close(found.difference, means.mean_1 - means.mean_2);
        close(found.hedges_g.unwrap(), means.hedges_g);
        close(found.welch_p.unwrap(), means.welch_p.p);
        close(found.rank_p.unwrap(), expected.exact.unwrap().two_sided);
        close(found.higher_share, expected.u_1 / 360.0);
    }

    #[test]
    fn scores_are_compared_within_vacancies_only() {
        // The group has more in every vacancy, and is mostly in the vacancy whose scores are low.
        let (a, b) = (vec![3.0, 4.0, 5.0, 4.0, 3.0, 5.0, 4.0, 4.0], vec![2.0, 3.0]);
        let (c, d) = (vec![9.0, 10.0], vec![8.0, 7.0, 8.0, 9.0, 8.0, 7.0, 8.0, 9.0]);
        let found = numbers(&[(&a, &b), (&c, &d)], 0.95);
        assert!(found.difference > 1.0 && found.higher_share > 0.8, "{found:?}");
    }

    #[test]
    fn no_hidden_group_stands_alone() {
        assert_eq!(hidden(&[50, 40, 3], 10), [false, true, true]);
        assert_eq!(hidden(&[50, 6, 5], 10), [false, true, true]);
        assert_eq!(hidden(&[50, 40, 0], 10), [false, false, false]);
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
        let found = audit_scores(&scoring, 5, 0.95, 0.05);
        let panel = &found.panels[0];
        close(panel.icc_one.unwrap(), 0.2898);
        close(panel.icc_panel.unwrap(), 0.6201);
        assert_eq!(found.severity[0].marker, "B");
        assert!(found.severity[0].holm_p.unwrap() < 0.01, "{:?}", found.severity[0]);
    }
}
