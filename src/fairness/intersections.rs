//! Combined groups of two characteristics: rates drawn towards each other by as much as their numbers are small, beside
//! the rates as they are, and which groups could not be looked at. From published counts alone.

use serde::Serialize;

use super::audit::{StretchLabel, View};
use super::rates::Interval;
use super::shrinkage;

/// Combined groups at one decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Intersection {
    /// What people read for the two characteristics.
    pub label: String,
    /// The decision.
    pub stretch: StretchLabel,
    /// The rate of all groups that are shown, together.
    pub rate: Option<f64>,
    /// The groups that are shown.
    pub groups: Vec<CombinedGroup>,
    /// The groups that could not be looked at: too few people, or hidden to protect such a group.
    pub not_looked_at: Vec<String>,
}

/// A combined group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CombinedGroup {
    /// What people read.
    pub label: String,
    /// Could be selected.
    pub entered: u64,
    /// Were selected.
    pub progressed: u64,
    /// Its rate over that of all groups shown.
    pub ratio: f64,
    /// The same with the rate drawn towards the others.
    pub shrunken_ratio: f64,
    /// Its 95 % interval.
    pub shrunken_interval: Interval,
}

/// The combined groups of every view of two characteristics.
///
/// Rates of groups are taken as draws from one Beta distribution, fitted to the groups that are shown (empirical Bayes,
/// Efron and Morris 1975); where they differ no more than chance would have them differ, all are drawn to the rate of
/// all. A ratio is a posterior rate over the rate of all groups shown; vacancies are not told apart.
pub fn intersections(views: &[View]) -> Vec<Intersection> {
    let mut found = Vec::new();
    for view in views.iter().filter(|view| view.characteristic.contains('-')) {
        for (place, line) in view.everybody.iter().enumerate() {
            let mut shown: Vec<(&str, u64, u64)> = Vec::new();
            let mut not_looked_at = Vec::new();
            for group in &view.groups {
                let line = group.stages.get(place);
                match line.and_then(|line| line.progressed.zip(line.entered)) {
                    Some((progressed, entered)) if entered > 0 => {
                        shown.push((&group.label, progressed, entered));
                    }
                    Some(_) => {}
                    None => not_looked_at.push(group.label.clone()),
                }
            }
            let selected: u64 = shown.iter().map(|(_, selected, _)| selected).sum();
            let people: u64 = shown.iter().map(|(.., people)| people).sum();
            let rate = super::rate(selected, people).filter(|rate| *rate > 0.0);
            found.push(Intersection {
                label: view.label.clone(),
                stretch: line.stretch.clone(),
                rate,
                groups: rate.map_or_else(Vec::new, |rate| combined(&shown, rate, selected, people)),
                not_looked_at,
            });
        }
    }
    found
}

fn combined(
    shown: &[(&str, u64, u64)],
    rate: f64,
    selected: u64,
    people: u64,
) -> Vec<CombinedGroup> {
    let counts: Vec<(u64, u64)> = shown.iter().map(|(_, x, n)| (*x, *n)).collect();
    // Without a maximum inside, the groups differ by chance alone: all are drawn to the rate of all.
    let fitted = shrinkage::fit(&counts);
    let all = shrinkage::RateDistribution {
        alpha: selected as f64 + 0.5,
        beta: (people - selected) as f64 + 0.5,
    };
    shown
        .iter()
        .map(|(label, progressed, entered)| {
            let found = match fitted {
                Some(distribution) => distribution.posterior(*progressed, *entered),
                None => all.posterior(0, 0),
            };
            CombinedGroup {
                label: (*label).to_owned(),
                entered: *entered,
                progressed: *progressed,
                ratio: *progressed as f64 / *entered as f64 / rate,
                shrunken_ratio: found.mean / rate,
                shrunken_interval: (found.interval.0 / rate, found.interval.1 / rate),
            }
        })
        .collect()
}
