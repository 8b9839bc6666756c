//! The audit as values: what was asked, and what was found. Everything a report prints is in here, already suppressed;
//! it computes nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::adjustment::Adjustment;
use super::changes::Changes;
use super::intersections::Intersection;
use super::judge::{Direction, Judgement, Reason, Verdict};
use super::levels::FactorLevels;
use super::numeric::Probability;
use super::rates::Interval;
use super::request::Looks;
use super::scores::ScoreAudit;
use super::warning::Warning;
use crate::domain::CharacteristicId;
use crate::rulebook::Comparator;

/// A finished audit.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// Version of this shape.
    pub schema: u32,
    /// Whose decisions these are.
    pub organisation: String,
    /// How many organisations' decisions these are, where a table names several.
    #[serde(skip_serializing_if = "is_none")]
    pub organisations: usize,
    /// When they were taken.
    pub period: String,
    /// How the data were narrowed.
    pub filters: Vec<String>,
    /// How the numbers were made.
    pub method: Method,
    /// Vacancies in the data.
    pub vacancies: usize,
    /// The stages of progress, in order.
    pub stages: Vec<String>,
    /// One entry for each characteristic, and for each broader grouping of it. `report` writes them, each finding with
    /// its sentence.
    #[serde(skip)]
    pub views: Vec<View>,
    /// What a reader must know before trusting the rest.
    pub warnings: Vec<Warning>,
    /// What changed since the last report of the same scope, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// Factors that do not change within a vacancy, level by level.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<FactorLevels>,
    /// Trends along categories that have an order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trends: Vec<CategoryTrend>,
    /// Combined groups of two characteristics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intersections: Vec<Intersection>,
    /// Comparisons that allow for declared factors, where some were declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<Adjustment>,
    /// What the scores of panels show, where there are some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<ScoreAudit>,
}

fn is_none(organisations: &usize) -> bool {
    *organisations == 0
}

/// Whether selection rises or falls along categories that have an order, such as age bands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryTrend {
    /// What people read for the characteristic.
    pub characteristic_label: String,
    /// The decision.
    pub stretch: StretchLabel,
    /// The first and the last category.
    pub between: (String, String),
    /// Cochran and Armitage's statistic, all vacancies together; positive where selection rises.
    pub z: f64,
    /// Two-sided.
    pub p: f64,
    /// Whether a chi-square test finds more than a straight trend.
    pub departure_p: Option<f64>,
}

/// How the numbers were made.
#[derive(Debug, Clone, Serialize)]
pub struct Method {
    /// The policy.
    pub policy: String,
    /// Its title.
    pub policy_title: String,
    /// What it is for.
    pub policy_basis: String,
    /// SHA-256 of the rule set.
    pub rule_set_sha256: String,
    /// Version of this program.
    pub program_version: String,
    /// Smallest count that is shown.
    pub minimum: u64,
    /// Confidence of intervals.
    pub confidence: f64,
    /// Level of the test after adjustment.
    pub significance: f64,
    /// Power behind "could have been seen".
    pub power: f64,
    /// The margin, as a fraction.
    pub margin: (u64, u64),
    /// Fewest people that a gap must concern.
    pub fewest_short: f64,
    /// The population that applicants are compared with, and its source.
    pub benchmark: Option<(String, String)>,
    /// How many different comparisons the adjustment allows for; of those with hidden counts, as many as there can be.
    pub comparisons: usize,
    /// The ratio is printed as reference over group.
    pub reference_over_group: bool,
    /// How often the same decisions are looked at: which evidence a verdict rests on.
    pub looks: Looks,
    /// Vacancies whose decisions are dated; evidence is read in the order of these dates, then of the table.
    pub dated_vacancies: usize,
    /// Vacancies with decisions to come, which add no evidence yet.
    pub open_vacancies: usize,
    /// Earlier reports that this one may not be subtracted from; each level and period that a report compared is one.
    pub earlier_reports: usize,
    /// Counts hidden for the sake of earlier reports alone.
    pub hidden_for_earlier_reports: usize,
    /// Whether counts are hidden, people withdrew, and what few withdrawals follow from is hidden by setting. Which counts
    /// that is, and whether it is any, is not told.
    pub few_withdrawals_may_hide: bool,
}

/// One characteristic, in detail or grouped.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// The characteristic.
    pub characteristic: String,
    /// What people read.
    pub label: String,
    /// The grouping, when this is one.
    pub grouping: Option<String>,
    /// Everybody, decision by decision.
    pub everybody: Vec<StageLine>,
    /// Groups that are compared.
    pub groups: Vec<GroupLine>,
    /// People without an answer.
    pub undeclared: Vec<UndeclaredLine>,
    /// Who entered the first decision, against population shares.
    pub representation: Vec<Representation>,
    /// What was compared. `report` writes it, each finding with its sentence.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// A group among those who entered the first decision and declared, against its share of a population.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Representation {
    /// The group.
    pub group: String,
    /// What people read for it.
    pub group_label: String,
    /// Its share of the population.
    pub benchmark_share: f64,
    /// How many there are; `None` when hidden.
    pub count: Option<u64>,
    /// Of how many who declared; `None` where every count is hidden.
    pub declared: Option<u64>,
    /// Their share.
    pub share: Option<f64>,
    /// Its Wilson interval.
    pub share_interval: Option<Interval>,
    /// Exact binomial mid-p.
    pub mid_p: Option<Probability>,
    /// People that the population share would give, less those there are.
    pub shortfall: Option<f64>,
}

/// Counts at one stretch of the journey.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageLine {
    /// The stretch.
    pub stretch: StretchLabel,
    /// Could be selected; `None` when hidden.
    pub entered: Option<u64>,
    /// Were selected; `None` when hidden.
    pub progressed: Option<u64>,
    /// Selection rate.
    pub rate: Option<f64>,
    /// Its Wilson interval.
    pub rate_interval: Option<Interval>,
    /// Whether counts are hidden.
    pub hidden: bool,
}

/// One group along the journey.
#[derive(Debug, Clone, Serialize)]
pub struct GroupLine {
    /// Its identifier.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether the rules name it as the reference.
    pub is_reference: bool,
    /// Decision by decision.
    pub stages: Vec<StageLine>,
}

/// People without an answer, at one stretch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UndeclaredLine {
    /// The stretch.
    pub stretch: StretchLabel,
    /// Preferred not to say; `None` when hidden.
    pub prefer_not_to_say: Option<u64>,
    /// Were not asked, or did not answer.
    pub not_asked: Option<u64>,
    /// Gave an answer that the rules do not know.
    pub unmapped: Option<u64>,
    /// Whether these numbers are hidden because some are small.
    pub hidden: bool,
    /// Share of everybody who could be selected.
    pub share: Option<f64>,
    /// Their selection rate.
    pub rate: Option<f64>,
    /// Exact mid-p of the difference between them and those who declared, by vacancy.
    pub differs_p: Option<f64>,
}

/// A stretch of the journey, for people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StretchLabel {
    /// The stage at which people stand.
    pub from: String,
    /// The stage that counts as selection.
    pub to: String,
    /// Whether this is the whole journey, not one decision.
    pub whole: bool,
}

/// One comparison.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
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
    /// The stretch of the journey.
    pub stretch: StretchLabel,
    /// Whom the group is compared with.
    pub comparator: Comparator,
    /// What people read for that; empty for everybody else, and where no group is shown that could be the most selected.
    pub comparator_label: String,
    /// Whether this is the policy's primary comparison.
    pub primary: bool,
    /// What can be said.
    pub verdict: Verdict,
    /// Why, where the verdict needs one.
    pub reason: Option<Reason>,
    /// Which way a gap points.
    pub direction: Option<Direction>,
    /// The numbers; `None` when they are hidden or there is nothing to compare.
    pub numbers: Option<Numbers>,
    /// Whether numbers are hidden because counts are small.
    pub hidden: bool,
    /// Whether counts of the single group compared with are hidden, and with them every ratio to it.
    pub comparator_hidden: bool,
    /// Whether the most selected group was looked for among groups whose counts are shown, because some are hidden. To
    /// say whether a hidden one is selected more often would tell of it.
    pub comparator_among_shown: bool,
    /// The smallest ratio that would usually have been found; `None` when even nobody selected would be missed.
    pub detectable_ratio: Option<f64>,
    /// Share of people at this stretch without an answer; `None` when hidden.
    pub undeclared_share: Option<f64>,
    /// Whether that share is hidden because it would give a small count away.
    pub undeclared_hidden: bool,
    /// Whether a gap survives every way to allocate the undeclared.
    pub survives_undeclared: Option<bool>,
    /// The evidence, vacancy after vacancy, where it is read and may be shown.
    pub evidence: Option<EvidenceLine>,
}

/// Evidence that may be read after every decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceLine {
    /// Vacancies in which something could be seen.
    pub vacancies: usize,
    /// Common logarithm of the e-value: 1.3 is twenty to one against no difference.
    pub log10_e: f64,
    /// A p-value that holds however often one looks.
    pub anytime_p: f64,
    /// Its natural logarithm, which stays a number where `anytime_p` is below the smallest float.
    pub ln_anytime_p: f64,
    /// The same after Holm's adjustment for the number of comparisons.
    pub anytime_holm_p: f64,
    /// Its natural logarithm.
    pub ln_anytime_holm_p: f64,
    /// Lower end of the confidence sequence of the odds ratio; `None` when it has none.
    pub odds_ratio_low: Option<f64>,
    /// Its upper end; `None` when it has none.
    pub odds_ratio_high: Option<f64>,
    /// Whether the e-value ever reached the line of one comparison on its own.
    pub has_crossed: bool,
    /// The date of the decision with which it did, where dates are known.
    pub crossed_on: Option<Date>,
}

/// The numbers of one comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Numbers {
    /// Could be selected.
    pub entered: u64,
    /// Were selected.
    pub progressed: u64,
    /// Selection rate.
    pub rate: Option<f64>,
    /// Its Wilson interval.
    pub rate_interval: Option<Interval>,
    /// Comparator: could be selected.
    pub comparator_entered: u64,
    /// Comparator: were selected.
    pub comparator_progressed: u64,
    /// Comparator: selection rate.
    pub comparator_rate: Option<f64>,
    /// Mantel-Haenszel rate ratio over vacancies; `None` when it does not exist, or nobody of the comparator was
    /// selected.
    pub ratio: Option<f64>,
    /// Its score interval; an upper limit without bound is `None`.
    pub ratio_low: Option<f64>,
    /// Upper limit of the score interval.
    pub ratio_high: Option<f64>,
    /// Ratio of the pooled rates.
    pub pooled_ratio: Option<f64>,
    /// Lower limit of its score interval.
    pub pooled_low: Option<f64>,
    /// Upper limit of its score interval.
    pub pooled_high: Option<f64>,
    /// Whether pooled and stratified ratio disagree in direction or in whether their interval excludes 1.
    pub pooling_misleads: bool,
    /// Conditional mid-p over vacancies.
    pub mid_p: Option<Probability>,
    /// The same without the mid-p correction.
    pub conditional_p: Option<Probability>,
    /// Whether both come from the exact distribution, not its large-sample form.
    pub is_exact: bool,
    /// `mid_p` after Holm's adjustment.
    pub holm_p: Option<f64>,
    /// Its natural logarithm, which stays a number where `holm_p` is below the smallest float.
    pub ln_holm_p: Option<f64>,
    /// `mid_p` after Benjamini and Hochberg's adjustment.
    pub benjamini_hochberg_p: Option<f64>,
    /// Its natural logarithm.
    pub ln_benjamini_hochberg_p: Option<f64>,
    /// Whether the pooled ratio is below the margin, compared in whole numbers.
    pub below_margin: Option<bool>,
    /// Whether it would not be below if one selection had gone the other way.
    pub one_person_decides: Option<bool>,
    /// Pooled rate of the comparator over that of the group, where the policy prints ratios that way round.
    pub reference_over_group: Option<f64>,
    /// Selections short of what the rate of everybody in the same vacancies would give.
    pub shortfall: f64,
    /// Vacancies in which both groups had people.
    pub shared_vacancies: usize,
    /// Vacancies in which some but not all were selected.
    pub informative_vacancies: usize,
    /// Tarone's test that one odds ratio serves all vacancies.
    pub heterogeneity_p: Option<f64>,
    /// Smallest and largest ratio over every allocation of the undeclared.
    pub undeclared_range: (Option<f64>, Option<f64>),
}

impl Finding {
    pub(super) fn judged(&mut self, judgement: Judgement) {
        self.verdict = judgement.verdict;
        self.reason = judgement.reason;
        self.direction = judgement.direction;
    }
}

impl Audit {
    /// Leaves out what is about other characteristics. Verdicts stay as they are: they allow for everything that was
    /// compared, so that choosing what to look at does not make a finding.
    pub fn keep_only(&mut self, wanted: &BTreeSet<CharacteristicId>) {
        let is_wanted = |view: &View| wanted.iter().any(|id| id.as_str() == view.characteristic);
        self.views.retain(is_wanted);
        let labels: BTreeSet<&str> = self.views.iter().map(|view| view.label.as_str()).collect();
        self.trends.retain(|trend| labels.contains(trend.characteristic_label.as_str()));
        self.intersections.retain(|found| labels.contains(found.label.as_str()));
        for factor in &mut self.factors {
            factor.compared.retain(|c| labels.contains(c.characteristic_label.as_str()));
        }
        self.warnings.retain(|warning| match warning {
            Warning::UnmappedLabels { characteristic, .. }
            | Warning::ManyUndeclared { characteristic, .. } => {
                labels.contains(characteristic.as_str())
            }
            _ => true,
        });
    }

    /// Every finding.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.views.iter().flat_map(|view| &view.findings)
    }

    /// Whether any comparison came out as a gap.
    pub fn has_gap(&self) -> bool {
        self.findings().any(|finding| finding.verdict == Verdict::Gap)
    }
}
