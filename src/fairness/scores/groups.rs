//! A group's scores against those of everybody else who declared, within the same vacancies: means, ranks and what is
//! hidden. Knows values and groups, not markers.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::super::mann_whitney;
use super::super::numeric::gamma::ln_gamma;
use super::super::numeric::{Probability, beta, normal};
use super::super::table::blunt;
use super::{InTables, ScoreComparison, ScoreNumbers, Scoring, coarse};

pub(super) fn compare_view(
    scoring: &Scoring,
    tables: &InTables,
    (place, minimum): (usize, usize),
    totals: &[f64],
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
    let barred = view.groups.iter().map(|(group, _)| {
        tables.hidden.contains(&(view.characteristic.clone(), view.is_grouped, group.clone()))
    });
    let entered = |group: usize| {
        let (id, _) = view.groups.get(group)?;
        let name = (view.characteristic.clone(), view.is_grouped, id.clone());
        tables.entered.get(&name).and_then(|people| usize::try_from(*people).ok())
    };
    let hidden = hidden(&sizes, barred.collect(), minimum);
    let with_scores: Vec<usize> =
        (0..view.groups.len()).filter(|g| sizes.get(*g).is_some_and(|size| *size > 0)).collect();
    let other_of = |group: usize| match with_scores.as_slice() {
        [one, two] if group == *one => view.groups.get(*two),
        [one, two] if group == *two => view.groups.get(*one),
        _ => None,
    };
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
            let other = other_of(group);
            let is_mirrored = other.is_some() && with_scores.first() != Some(&group);
            let rest = with_scores.iter().filter(|other| **other != group);
            let most = [entered(group), rest.map(|other| entered(*other)).sum()];
            let (group, group_label) = view.groups.get(group).cloned().unwrap_or_default();
            ScoreComparison {
                characteristic: view.characteristic.clone(),
                characteristic_label: view.label.clone(),
                is_grouped: view.is_grouped,
                group,
                group_label,
                against_label: other.map(|(_, label)| label.clone()).unwrap_or_default(),
                is_mirrored,
                numbers: (!is_hidden && !pairs.is_empty())
                    .then(|| numbers(&pairs, confidence, minimum, most)),
                hidden: is_hidden,
            }
        })
        .collect()
}

/// Groups of few people are hidden, and others with them until those hidden are many together: the mean of one hidden
/// group would follow from the others.
fn hidden(sizes: &[usize], mut hidden: Vec<bool>, minimum: usize) -> Vec<bool> {
    hidden.resize(sizes.len(), false);
    for (size, hidden) in sizes.iter().zip(&mut hidden) {
        *hidden |= (1..minimum).contains(size);
    }
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

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

pub(super) fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// The half width of an interval, in standard errors.
pub(super) fn critical(df: f64, confidence: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df)
        .map_or_else(|_| normal::critical(confidence), |t| t.inverse_cdf(0.5 + confidence / 2.0))
}

/// P(|T| > |t|) with so many degrees of freedom, which need not be whole: I_x(df/2, 1/2) at x = df/(df + t^2).
pub(super) fn two_sided(t: f64, df: f64) -> Option<Probability> {
    let scale = df + t * t;
    let is_known = df > 0.0 && scale.is_finite();
    is_known.then(|| beta::regularised(df / 2.0, 0.5, df / scale, t * t / scale))
}

/// d = sum w (mean_1 - mean_2) / sum w, w = n1 n2 / N; its variance from the spread of each group within vacancies. With
/// one vacancy these are Welch's t and Hedges' g.
fn numbers(
    pairs: &[(&[f64], &[f64])],
    confidence: f64,
    step: usize,
    most: [Option<usize>; 2],
) -> ScoreNumbers {
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
        [(x, y)] => {
            mann_whitney::compare(x, y).and_then(|c| c.exact).map(|e| Probability::new(e.two_sided))
        }
        _ => None,
    };
    let large = (variance > 0.0).then(|| normal::two_sided(excess / variance.sqrt()));
    let rank = exact.or(large).map(|p| p.blunt(2));
    let welch = error.and_then(|(se, df)| two_sided(difference / se, df)).map(|p| p.blunt(2));
    let rounded = |value: f64| blunt(value, 2);
    let scored: usize = pairs.iter().map(|(x, _)| x.len()).sum();
    ScoreNumbers {
        scored: coarse(scored, most[0], step),
        others: coarse(people - scored, most[1], step),
        vacancies: pairs.len(),
        difference: rounded(difference),
        interval: error.map(|(se, df)| {
            let half = critical(df, confidence) * se;
            (rounded(difference - half), rounded(difference + half))
        }),
        hedges_g: hedges.map(rounded),
        higher_share: rounded(wins / all),
        rank_p: rank.map(|p| p.p),
        ln_rank_p: rank.map(|p| p.ln_p),
        holm_p: None,
        ln_holm_p: None,
        welch_p: welch.map(|p| p.p),
        ln_welch_p: welch.map(|p| p.ln_p),
        differs: false,
    }
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
        let found = numbers(&[(&x, &y)], 0.95, 10, [None; 2]);
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
        let found = numbers(&[(&a, &b), (&c, &d)], 0.95, 10, [None; 2]);
        assert!(found.difference > 1.0 && found.higher_share > 0.8, "{found:?}");
    }

    #[test]
    fn no_hidden_group_stands_alone() {
        assert_eq!(hidden(&[50, 40, 3], Vec::new(), 10), [false, true, true]);
        assert_eq!(hidden(&[50, 6, 5], Vec::new(), 10), [false, true, true]);
        assert_eq!(hidden(&[50, 40, 0], Vec::new(), 10), [false, false, false]);
        assert_eq!(hidden(&[50, 40, 12], vec![false, false, true], 10), [false, false, true]);
    }
}
