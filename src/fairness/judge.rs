//! From what was measured to one of four verdicts. It sees numbers, not who they belong to, and formats nothing.

use serde::{Deserialize, Serialize};

use super::compare::Measured;
use super::numeric::Probability;
use super::request::Looks;

/// What can be said about a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A difference that chance does not explain.
    Gap,
    /// A shortfall as large as the margin is excluded.
    RuledOut,
    /// Neither: the numbers are too small, or the difference is.
    CannotTell,
    /// There was nothing to compare.
    NotAssessed,
}

/// Why a comparison was not assessed, or could not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody of the group reached this decision.
    NobodyInGroup,
    /// Nobody to compare with.
    NobodyToCompareWith,
    /// No vacancy had people of both.
    NoSharedVacancy,
    /// In every vacancy either nobody or everybody went on.
    NothingDiffered,
    /// The group's share of people is below what the policy compares.
    ShareTooSmall,
    /// Fewer people than the smallest count that is shown, or hidden with such a count, so that a verdict would tell of it.
    TooFewToShow,
    /// The interval holds both no difference and a shortfall beyond the margin.
    IntervalTooWide,
    /// The test alone would pass, but not after allowing for the number of comparisons.
    NotAfterAdjustment,
    /// A difference, but of fewer people than the policy asks for.
    FewerPeopleThanAsked,
}

/// Which way a difference points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The group was selected less often.
    Lower,
    /// The group was selected more often.
    Higher,
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, where the verdict needs one.
    pub reason: Option<Reason>,
    /// Which way a gap points.
    pub direction: Option<Direction>,
}

/// The thresholds of a judgement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Level for the adjusted p-value.
    pub significance: f64,
    /// Fewest people that a gap must concern.
    pub fewest_short: f64,
    /// The ratio that "ruled out" excludes.
    pub margin: f64,
    /// How often the same decisions are looked at.
    pub looks: Looks,
}

/// The p-values of one comparison after allowing for the family of comparisons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustedP {
    /// Holm's adjustment of the exact mid-p.
    pub holm: Probability,
    /// Benjamini and Hochberg's.
    pub benjamini_hochberg: Probability,
    /// Holm's adjustment of the p-value that holds at any time.
    pub anytime_holm: Probability,
}

/// Why there is nothing to judge, if so.
pub fn unassessable(measured: &Measured) -> Option<Reason> {
    if measured.pooled.total_1 == 0 {
        Some(Reason::NobodyInGroup)
    } else if measured.pooled.total_2 == 0 {
        Some(Reason::NobodyToCompareWith)
    } else if measured.shared == 0 {
        Some(Reason::NoSharedVacancy)
    } else if measured.informative == 0 {
        Some(Reason::NothingDiffered)
    } else {
        None
    }
}

/// The verdict on one comparison, given its p-values after adjustment for the family.
///
/// A gap needs all of: evidence at the level after adjustment, an interval that excludes 1, and enough people short.
/// Otherwise a lower limit above the margin rules a shortfall of that size out. For a single look the evidence is the
/// exact mid-p and the interval that of the rate ratio. Where the same decisions are looked at again and again it is
/// the e-value, and the interval is the confidence sequence of the odds ratio. It is never whichever of the two
/// serves: either one alone keeps the rate of false gaps, and both together would not.
pub fn judge(measured: &Measured, adjusted: &AdjustedP, thresholds: &Thresholds) -> Judgement {
    if let Some(reason) = unassessable(measured) {
        return Judgement { verdict: Verdict::NotAssessed, reason: Some(reason), direction: None };
    }
    let (interval, adjusted_p, raw) = match thresholds.looks {
        Looks::Once => (measured.ratio_interval, adjusted.holm, measured.mid_p),
        // An odds ratio below 1 is farther from 1 than the rate ratio: a margin that it excludes is excluded.
        Looks::Many => {
            let streamed = measured.streamed.as_ref();
            let interval = streamed.and_then(|found| found.odds_ratio);
            (interval, adjusted.anytime_holm, streamed.map(|found| found.anytime_p))
        }
    };
    let (lower, upper) = interval.unwrap_or((0.0, f64::INFINITY));
    let raw = raw.unwrap_or(Probability::ONE).p;
    let excludes_one = lower > 1.0 || upper < 1.0;
    let enough_people = measured.shortfall.abs() >= thresholds.fewest_short;
    let significant = adjusted_p.p <= thresholds.significance;
    if significant && excludes_one && enough_people {
        let direction = if upper < 1.0 { Direction::Lower } else { Direction::Higher };
        return Judgement { verdict: Verdict::Gap, reason: None, direction: Some(direction) };
    }
    if lower > thresholds.margin {
        return Judgement { verdict: Verdict::RuledOut, reason: None, direction: None };
    }
    let reason = if raw <= thresholds.significance && excludes_one {
        if enough_people { Reason::NotAfterAdjustment } else { Reason::FewerPeopleThanAsked }
    } else {
        Reason::IntervalTooWide
    };
    Judgement { verdict: Verdict::CannotTell, reason: Some(reason), direction: None }
}
