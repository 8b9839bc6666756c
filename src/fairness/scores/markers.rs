//! Markers: how far those of one vacancy agree, and how severe each is against the others. Knows ratings, not groups.

use std::collections::BTreeMap;

use super::super::multiplicity;
use super::super::numeric::Probability;
use super::super::reliability::{self, Scale};
use super::super::table::blunt;
use super::groups::{critical, mean, squares, two_sided};
use super::{MarkerSeverity, PanelAgreement, ScoredPerson, Scoring, coarse, total};

/// The most different scores for which agreement by pairs is computed.
const MOST_VALUES: usize = 300;

/// Agreement of the markers of each vacancy, and how many vacancies have too few people for it.
pub(super) fn panels(
    scoring: &Scoring,
    most: Option<usize>,
    minimum: usize,
) -> (Vec<PanelAgreement>, usize) {
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
            people: coarse(whole.len(), most, minimum),
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
pub(super) fn severity(
    scoring: &Scoring,
    most: Option<usize>,
    minimum: usize,
    confidence: f64,
) -> Vec<MarkerSeverity> {
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
    let p: Vec<Probability> = shown
        .iter()
        .map(|(_, found)| {
            two_sided(mean(found) / error(found), found.len() as f64 - 1.0)
                .unwrap_or(Probability::ONE)
        })
        .collect();
    let holm = multiplicity::adjust(&p).holm;
    let mut severity: Vec<MarkerSeverity> = shown
        .iter()
        .zip(holm)
        .map(|((marker, found), holm)| {
            let (d, se) = (mean(found), error(found));
            let half = critical(found.len() as f64 - 1.0, confidence) * se;
            let holm = (se > 0.0).then(|| holm.blunt(2));
            MarkerSeverity {
                marker: scoring.markers.get(*marker as usize).cloned().unwrap_or_default(),
                people: coarse(found.len(), most, minimum),
                difference: blunt(d, 2),
                interval: (se > 0.0).then(|| (blunt(d - half, 2), blunt(d + half, 2))),
                holm_p: holm.map(|p| p.p),
                ln_holm_p: holm.map(|p| p.ln_p),
            }
        })
        .collect();
    severity.sort_by(|a, b| a.difference.total_cmp(&b.difference));
    severity
}
