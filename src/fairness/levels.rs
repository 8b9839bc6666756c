//! Factors that do not change within a vacancy, such as grade, directorate or organisation: people of different levels
//! never meet in one vacancy, so levels are not compared with each other. Each is audited by itself, and how much the
//! gap differs between them is measured from what is shown. Computes nothing from what is hidden.

use std::collections::BTreeMap;

use serde::Serialize;

use super::audit::{Audit, Finding, Numbers, StretchLabel};
use super::counts::Counts;
use super::judge::Verdict;
use super::numeric::normal;
use super::releases::Releases;
use super::request::AuditRequest;
use super::trend::{self, Step};
use super::{Table, before_after, homogeneity, pooling, run};
use crate::rulebook::{Comparator, Rulebook};

/// A factor and what each of its levels shows.
#[derive(Debug, Clone, Serialize)]
pub struct FactorLevels {
    /// The factor, as it was asked for.
    pub factor: String,
    /// Its levels: in order where they have one, and otherwise by name.
    pub levels: Vec<Level>,
    /// Whether the levels are periods, one after the other.
    pub in_time: bool,
    /// Vacancies without a level, or with several.
    pub without_level: usize,
    /// How each comparison differs between levels.
    pub compared: Vec<AcrossLevels>,
}

/// One level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// Its vacancies.
    pub vacancies: usize,
}

/// One comparison, level by level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AcrossLevels {
    /// What people read for the characteristic.
    pub characteristic_label: String,
    /// The group.
    pub group: String,
    /// What people read for it.
    pub group_label: String,
    /// Whom the group is compared with.
    pub comparator: Comparator,
    /// What people read for the comparator; empty for everybody else, and where it is the most selected group and that
    /// differs between the levels or is not shown at all of them.
    pub comparator_label: String,
    /// The decision.
    pub stretch: StretchLabel,
    /// What each level shows, in the order of the levels.
    pub at: Vec<AtLevel>,
    /// The ratio over the levels that are shown, and how much they differ; needs two.
    pub pooled: Option<PooledLevels>,
    /// How the ratio changed from the first level to the second, where there are two and both are shown.
    pub change: Option<GapChange>,
    /// Whether the group's share of those who declared rises or falls along levels that have an order, where all are
    /// shown: Cochran and Armitage's test, two-sided.
    pub share_trend: Option<ShareTrend>,
    /// How the ratio moves from one period to the next, where the levels are periods; needs three that are shown.
    pub ratio_trend: Option<RatioTrend>,
}

/// A comparison at one level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AtLevel {
    /// The level.
    pub level: String,
    /// The verdict, for the level by itself.
    pub verdict: Verdict,
    /// Of how many of the group.
    pub entered: Option<u64>,
    /// How many went on.
    pub progressed: Option<u64>,
    /// Of how many of the comparator.
    pub comparator_entered: Option<u64>,
    /// How many went on.
    pub comparator_progressed: Option<u64>,
    /// The ratio within vacancies.
    pub ratio: Option<f64>,
    /// Lower end of its interval.
    pub ratio_low: Option<f64>,
    /// Upper end of its interval.
    pub ratio_high: Option<f64>,
}

/// Levels brought together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PooledLevels {
    /// How many levels.
    pub levels: usize,
    /// Random-effects ratio (DerSimonian and Laird 1986).
    pub ratio: f64,
    /// Its interval.
    pub interval: (f64, f64),
    /// Where the ratio of another level would lie (Higgins, Thompson and Spiegelhalter 2009); needs three.
    pub prediction: Option<(f64, f64)>,
    /// Cochran's test that all levels have one ratio.
    pub q_p: f64,
    /// Variance between levels, of the logarithm of the ratio.
    pub tau2: f64,
    /// Share of the variation beyond chance, in percent.
    pub i2_percent: f64,
    /// Tarone's test that one odds ratio serves all levels, each taken together.
    pub tarone_p: Option<f64>,
}

/// How a gap changed from one set of vacancies to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GapChange {
    /// The later ratio within vacancies over the earlier one.
    pub ratio_of_ratios: f64,
    /// Its interval on the log scale.
    pub interval: (f64, f64),
    /// Two-sided.
    pub p: f64,
    /// Difference in differences of the rates, all vacancies of a set together, with its Wald interval.
    pub rate_difference: Option<(f64, (f64, f64))>,
}

/// A trend of the ratio along periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioTrend {
    /// By what the ratio is multiplied from one period to the next.
    pub per_period: f64,
    /// Its interval on the log scale.
    pub interval: (f64, f64),
    /// Two-sided.
    pub p: f64,
}

/// A trend along levels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ShareTrend {
    /// Positive where the share rises.
    pub z: f64,
    /// Two-sided.
    pub p: f64,
}

/// Audits each level of a factor as one of a row of reports, after the audit of all of them: no level can be
/// subtracted from the others to leave a few people. What it shows is added to the row.
pub fn by_level(
    counts: &Counts,
    request: &AuditRequest,
    rules: &Rulebook,
    factor: &str,
    shown: &mut Releases,
) -> FactorLevels {
    levels_of(counts, request, rules, factor, Order::ByNumber, shown)
}

/// The same for periods, whose names sort as they follow each other; `unit` names the level of each vacancy, such as
/// its quarter.
pub fn over_time(
    counts: &Counts,
    request: &AuditRequest,
    rules: &Rulebook,
    unit: &str,
    shown: &mut Releases,
) -> FactorLevels {
    levels_of(counts, request, rules, unit, Order::InTime, shown)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// By the number in the name, where each has one, and otherwise by name.
    ByNumber,
    /// By name, which is the order of time.
    InTime,
}

fn levels_of(
    counts: &Counts,
    request: &AuditRequest,
    rules: &Rulebook,
    factor: &str,
    order: Order,
    shown: &mut Releases,
) -> FactorLevels {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut without_level = 0;
    for facts in counts.facts() {
        match facts.levels.get(factor) {
            Some(level) => *names.entry(level).or_default() += 1,
            None => without_level += 1,
        }
    }
    let mut levels: Vec<Level> = names
        .into_iter()
        .map(|(name, vacancies)| Level { name: name.to_owned(), vacancies })
        .collect();
    let in_time = order == Order::InTime;
    let numbered = levels.len() > 1 && levels.iter().all(|level| number(&level.name).is_some());
    let ordered = numbered || in_time;
    if numbered && !in_time {
        levels.sort_by(|a, b| number(&a.name).cmp(&number(&b.name)).then(a.name.cmp(&b.name)));
    }
    let audits: Vec<Audit> = levels
        .iter()
        .map(|level| {
            let part = counts.part(|facts| facts.levels.get(factor) == Some(&level.name));
            let (audit, release) = run::audit_after(&part, request, rules, shown);
            shown.add(release, part.strata());
            audit
        })
        .collect();
    let mut compared = compared(&audits, &levels, ordered, request.confidence);
    if in_time {
        for across in &mut compared {
            across.change = None;
            across.ratio_trend = ratio_trend(&across.at, request.confidence);
        }
    }
    FactorLevels { factor: factor.to_owned(), levels, in_time, without_level, compared }
}

/// The number at the end of a level's name, `G7` or `Band 10`.
pub(super) fn number(name: &str) -> Option<u64> {
    let digits = name.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

type Key<'a> = (&'a str, bool, &'a str, &'a StretchLabel);

fn key(finding: &Finding) -> Key<'_> {
    (&finding.characteristic, finding.is_grouped, &finding.group, &finding.stretch)
}

fn compared(
    audits: &[Audit],
    levels: &[Level],
    ordered: bool,
    confidence: f64,
) -> Vec<AcrossLevels> {
    let primary: Vec<Vec<&Finding>> =
        audits.iter().map(|audit| audit.findings().filter(|f| f.primary).collect()).collect();
    let mut first: Vec<&Finding> = Vec::new();
    for finding in primary.iter().flatten() {
        if !first.iter().any(|known| key(known) == key(finding)) {
            first.push(finding);
        }
    }
    first
        .into_iter()
        .map(|finding| {
            let found: Vec<Option<&Finding>> = primary
                .iter()
                .map(|of_level| of_level.iter().copied().find(|f| key(f) == key(finding)))
                .collect();
            let numbers: Vec<Option<&Numbers>> =
                found.iter().map(|found| found.and_then(|f| f.numbers.as_ref())).collect();
            AcrossLevels {
                characteristic_label: finding.characteristic_label.clone(),
                group: finding.group.clone(),
                group_label: finding.group_label.clone(),
                comparator: finding.comparator,
                comparator_label: comparator_label(finding, &found),
                stretch: finding.stretch.clone(),
                at: levels
                    .iter()
                    .zip(found.iter().zip(&numbers))
                    .map(|(level, (found, numbers))| at_level(level, *found, *numbers))
                    .collect(),
                pooled: pooled(&numbers, confidence),
                change: change(&numbers, confidence),
                share_trend: ordered.then(|| share_trend(&numbers)).flatten(),
                ratio_trend: None,
            }
        })
        // The factor itself, and whatever else no level can compare, has nothing to say here.
        .filter(|across: &AcrossLevels| {
            across.at.iter().any(|at| at.verdict != Verdict::NotAssessed)
        })
        .collect()
}

/// The name of the comparator; none where the levels have not all the same one.
fn comparator_label(first: &Finding, found: &[Option<&Finding>]) -> String {
    let same = found.iter().flatten().all(|f| f.comparator_label == first.comparator_label);
    if same { first.comparator_label.clone() } else { String::new() }
}

fn at_level(level: &Level, found: Option<&Finding>, numbers: Option<&Numbers>) -> AtLevel {
    AtLevel {
        level: level.name.clone(),
        verdict: found.map_or(Verdict::NotAssessed, |found| found.verdict),
        entered: numbers.map(|n| n.entered),
        progressed: numbers.map(|n| n.progressed),
        comparator_entered: numbers.map(|n| n.comparator_entered),
        comparator_progressed: numbers.map(|n| n.comparator_progressed),
        ratio: numbers.and_then(|n| n.ratio),
        ratio_low: numbers.and_then(|n| n.ratio_low),
        ratio_high: numbers.and_then(|n| n.ratio_high),
    }
}

/// The levels that are shown, each with the standard error that its interval says.
fn pooled(numbers: &[Option<&Numbers>], confidence: f64) -> Option<PooledLevels> {
    let z = normal::critical(confidence);
    let shown: Vec<&Numbers> = numbers.iter().copied().flatten().collect();
    let sites: Vec<(f64, f64)> = shown
        .iter()
        .filter_map(|n| ln_ratio(n, z))
        .map(|(ln, error)| (ln, error * error))
        .collect();
    let found = pooling::pool(&sites, confidence)?;
    let tables: Vec<Table> = shown
        .iter()
        .map(|n| Table {
            selected_1: n.progressed,
            total_1: n.entered,
            selected_2: n.comparator_progressed,
            total_2: n.comparator_entered,
        })
        .collect();
    Some(PooledLevels {
        levels: sites.len(),
        ratio: found.random_ln_ratio.exp(),
        interval: found.random_interval,
        prediction: found.prediction(sites.len(), confidence),
        q_p: found.q.p.p,
        tau2: found.tau2,
        i2_percent: found.i2_percent,
        tarone_p: homogeneity::test(&tables).map(|test| test.tarone.p.p),
    })
}

/// The logarithm of a ratio and its standard error, as the interval says it.
fn ln_ratio(n: &Numbers, z: f64) -> Option<(f64, f64)> {
    ln_and_error((n.ratio?, n.ratio_low?, n.ratio_high?), z)
}

fn ln_and_error((ratio, low, high): (f64, f64, f64), z: f64) -> Option<(f64, f64)> {
    let error = (high / low).ln() / (2.0 * z);
    (ratio > 0.0 && error > 0.0 && error.is_finite()).then(|| (ratio.ln(), error))
}

fn change(numbers: &[Option<&Numbers>], confidence: f64) -> Option<GapChange> {
    let &[Some(before), Some(after)] = numbers else { return None };
    let z = normal::critical(confidence);
    let ((first, first_error), (second, second_error)) =
        (ln_ratio(before, z)?, ln_ratio(after, z)?);
    let (ln, error) = (second - first, first_error.hypot(second_error));
    let counts =
        |n: &Numbers| [(n.progressed, n.entered), (n.comparator_progressed, n.comparator_entered)];
    let rates = before_after::change(counts(before), counts(after), confidence);
    Some(GapChange {
        ratio_of_ratios: ln.exp(),
        interval: ((ln - z * error).exp(), (ln + z * error).exp()),
        p: normal::two_sided(ln.abs() / error).p,
        rate_difference: rates.map(|change| (change.difference, change.interval)),
    })
}

/// The line through the logarithms of the ratios, weighted by their precision; where they scatter more than their
/// intervals allow, its error grows with them (Birge 1932).
fn ratio_trend(at: &[AtLevel], confidence: f64) -> Option<RatioTrend> {
    let z = normal::critical(confidence);
    let points: Vec<(f64, f64, f64)> = at
        .iter()
        .zip(0_u32..)
        .filter_map(|(at, place)| {
            let (ln, error) = ln_and_error((at.ratio?, at.ratio_low?, at.ratio_high?), z)?;
            Some((f64::from(place), ln, 1.0 / (error * error)))
        })
        .collect();
    if points.len() < 3 {
        return None;
    }
    let sum = |pick: &dyn Fn(&(f64, f64, f64)) -> f64| points.iter().map(pick).sum::<f64>();
    let weight = sum(&|(.., w)| *w);
    let (mean_x, mean_y) = (sum(&|(x, _, w)| x * w) / weight, sum(&|(_, y, w)| y * w) / weight);
    let spread = sum(&|(x, _, w)| w * (x - mean_x).powi(2));
    let slope = sum(&|(x, y, w)| w * (x - mean_x) * (y - mean_y)) / spread;
    let left = sum(&|(x, y, w)| w * (y - mean_y - slope * (x - mean_x)).powi(2));
    let scatter = (left / (points.len() as f64 - 2.0)).max(1.0);
    let error = (scatter / spread).sqrt();
    (slope.is_finite() && error.is_finite()).then(|| RatioTrend {
        per_period: slope.exp(),
        interval: ((slope - z * error).exp(), (slope + z * error).exp()),
        p: normal::two_sided(slope.abs() / error).p,
    })
}

fn share_trend(numbers: &[Option<&Numbers>]) -> Option<ShareTrend> {
    let steps: Option<Vec<Step>> = numbers
        .iter()
        .zip(0_u32..)
        .map(|(numbers, place)| {
            let n = (*numbers)?;
            let total = n.entered + n.comparator_entered;
            Some(Step { selected: n.entered, total, score: f64::from(place) })
        })
        .collect();
    let found = trend::test(&steps?)?;
    Some(ShareTrend { z: found.z, p: found.exact.map_or(found.p.p, |exact| exact.two_sided) })
}
