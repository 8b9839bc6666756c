//! Results of one table, of strata, and of families of tests, under the names of the reference files.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::inputs::{Count, InnerShare, Share, not_empty, read, selected_of, table, tables};
use super::{CONFIDENCE, Results, interval, number, optional, put, put_probability};
use crate::fairness::numeric::Probability;
use crate::fairness::undeclared::{self, Unknown};
use crate::fairness::{
    Table, association, availability, conditional_odds, difference, exact_stratified, fisher,
    homogeneity, mantel_haenszel, multiplicity, power, rates, ratio, unconditional,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableInput {
    selected_1: Count,
    total_1: Count,
    selected_2: Count,
    total_2: Count,
}

pub(super) fn two_by_two(inputs: &Value) -> Results {
    let i: TableInput = read(inputs)?;
    selected_of("selected_1", i.selected_1, i.total_1)?;
    selected_of("selected_2", i.selected_2, i.total_2)?;
    let t = table("selected_1", [i.selected_1, i.total_1, i.selected_2, i.total_2])?;
    let mut r = Map::new();
    put(&mut r, "rate_1", optional(t.rate_1()));
    put(&mut r, "rate_2", optional(t.rate_2()));
    if !t.has_both_groups() {
        return Ok(r);
    }
    put_effects(&mut r, &t);
    put_fisher(&mut r, &t);
    put_association(&mut r, &t);
    if t.is_informative() {
        let odds = conditional_odds::estimate(&[t], CONFIDENCE);
        put(&mut r, "conditional_or", optional(odds.estimate));
        put(&mut r, "conditional_or_exact", interval(Some(odds.interval)));
    }
    if let Some(u) = unconditional::tests(&t) {
        put(&mut r, "boschloo_less", u.boschloo_less);
        put(&mut r, "boschloo_greater", u.boschloo_greater);
        put(&mut r, "boschloo_two_doubled", u.boschloo_two_doubled);
        put(&mut r, "boschloo_two_fisher_order", u.boschloo_two_fisher_order);
        put(&mut r, "barnard_pooled_two", u.barnard_pooled_two);
    }
    Ok(r)
}

/// above / below; infinite for something over nothing, undefined for nothing over nothing.
fn quotient(above: f64, below: f64) -> Value {
    if below > 0.0 {
        number(above / below)
    } else if above > 0.0 {
        number(f64::INFINITY)
    } else {
        Value::Null
    }
}

fn put_effects(r: &mut Map<String, Value>, t: &Table) {
    let (p1, p2) = (t.rate_1().unwrap_or(f64::NAN), t.rate_2().unwrap_or(f64::NAN));
    let (a, b) = (t.selected_1 as f64, (t.total_1 - t.selected_1) as f64);
    let (c, d) = (t.selected_2 as f64, (t.total_2 - t.selected_2) as f64);
    // (a n2 - c n1) / (n1 n2) in whole numbers first: nearly equal rates keep their digits.
    let cross = i128::from(t.selected_1) * i128::from(t.total_2)
        - i128::from(t.selected_2) * i128::from(t.total_1);
    let product = t.total_1 as f64 * t.total_2 as f64;
    put(r, "rate_difference", number(cross as f64 / product));
    put(r, "rate_ratio", quotient(p1, p2));
    put(r, "odds_ratio", quotient(a * d, b * c));
    put(r, "wilson_1", interval(rates::wilson(t.selected_1, t.total_1, CONFIDENCE)));
    put(r, "wilson_2", interval(rates::wilson(t.selected_2, t.total_2, CONFIDENCE)));
    let exact = |x, n| interval(rates::clopper_pearson(x, n, CONFIDENCE));
    put(r, "clopper_pearson_1", exact(t.selected_1, t.total_1));
    put(r, "clopper_pearson_2", exact(t.selected_2, t.total_2));
    put(r, "newcombe_difference", interval(difference::newcombe(t, CONFIDENCE)));
    let score = difference::miettinen_nurminen(t, CONFIDENCE);
    put(r, "miettinen_nurminen_difference", interval(score));
    put(r, "koopman_ratio", interval(ratio::koopman(t, CONFIDENCE)));
    put(r, "miettinen_nurminen_ratio", interval(ratio::miettinen_nurminen(t, CONFIDENCE)));
    put(r, "katz_ratio", interval(ratio::katz(t, CONFIDENCE)));
    put(r, "shortfall_1", optional(t.shortfall()));
}

fn put_fisher(r: &mut Map<String, Value>, t: &Table) {
    let f = fisher::test(t);
    put_probability(r, "fisher_less", f.less);
    put_probability(r, "fisher_greater", f.greater);
    put_probability(r, "fisher_two", f.two_sided);
    put_probability(r, "fisher_mid_less", f.mid_less);
    put_probability(r, "fisher_mid_greater", f.mid_greater);
    put_probability(r, "fisher_mid_two", f.mid_two_sided);
    put_probability(r, "fisher_mid_central", f.mid_central);
}

fn put_association(r: &mut Map<String, Value>, t: &Table) {
    let Some(tests) = association::tests(t) else {
        for name in ["pearson_chi2", "yates_chi2", "g_stat", "z_pooled", "n_minus_1_chi2"] {
            put(r, name, Value::Null);
        }
        return;
    };
    for (statistic, p, test) in [
        ("pearson_chi2", "pearson_p", tests.pearson),
        ("n_minus_1_chi2", "n_minus_1_p", tests.n_minus_1),
        ("yates_chi2", "yates_p", tests.yates),
        ("g_stat", "g_p", tests.g),
    ] {
        put(r, statistic, number(test.statistic));
        put_probability(r, p, test.p);
    }
    put(r, "z_pooled", number(tests.z));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TablesInput {
    tables: Vec<[Count; 4]>,
}

/// Conditional variance over strata beyond which the exact distribution takes seconds; one stratum has no such limit.
const WIDEST_EXACT: f64 = 1e6;
/// The same for limits of the odds ratio, which need it some thirty times.
const WIDEST_ODDS: f64 = 5e4;

pub(super) fn stratified(inputs: &Value) -> Results {
    let given: TablesInput = read(inputs)?;
    let strata = tables("tables", &given.tables)?;
    let mut r = Map::new();
    put(&mut r, "strata", strata.len());
    let informative: Vec<&Table> = strata.iter().filter(|t| t.is_informative()).collect();
    put(&mut r, "informative_strata", informative.len());
    let Some(mh) = mantel_haenszel::summarise(&strata, CONFIDENCE) else { return Ok(r) };
    put(&mut r, "mh_odds_ratio", optional(mh.odds_ratio));
    put(&mut r, "mh_odds_ratio_rbg", interval(mh.odds_ratio_interval));
    put(&mut r, "cmh_chi2", number(mh.cmh.statistic));
    put_probability(&mut r, "cmh_p", mh.cmh.p);
    put(&mut r, "cmh_chi2_continuity", number(mh.cmh_continuity.statistic));
    put_probability(&mut r, "cmh_p_continuity", mh.cmh_continuity.p);
    put(&mut r, "cmh_z", number(mh.z));
    put(&mut r, "mh_rate_ratio", optional(mh.rate_ratio));
    put(&mut r, "mh_rate_ratio_gr", interval(mh.rate_ratio_interval));
    put(&mut r, "mh_rate_ratio_score", interval(ratio::stratified(&strata, CONFIDENCE)));
    put(&mut r, "mh_rate_difference", number(mh.rate_difference));
    put(&mut r, "mh_rate_difference_sato", interval(Some(mh.rate_difference_interval)));
    if let Some(test) = homogeneity::test(&strata) {
        put(&mut r, "breslow_day", number(test.breslow_day.statistic));
        put_probability(&mut r, "breslow_day_p", test.breslow_day.p);
        put(&mut r, "breslow_day_tarone", number(test.tarone.statistic));
        put_probability(&mut r, "breslow_day_tarone_p", test.tarone.p);
        put(&mut r, "breslow_day_df", test.tarone.degrees);
    }
    let (_, variance) = mantel_haenszel::excess_and_variance(&informative);
    let is_cheap = |limit: f64| informative.len() < 2 || variance <= limit;
    if is_cheap(WIDEST_EXACT)
        && let Some(exact) = exact_stratified::test(&strata)
    {
        put_probability(&mut r, "exact_less", exact.less);
        put_probability(&mut r, "exact_greater", exact.greater);
        put_probability(&mut r, "exact_two", exact.two_sided);
        put_probability(&mut r, "exact_mid_two", exact.mid_two_sided);
    }
    if !informative.is_empty() && is_cheap(WIDEST_ODDS) {
        let odds = conditional_odds::estimate(&strata, CONFIDENCE);
        put(&mut r, "conditional_or", optional(odds.estimate));
        put(&mut r, "conditional_or_exact", interval(Some(odds.interval)));
    }
    let crude = strata.iter().fold(Table::default(), |sum, t| sum.plus(t));
    let (b, d) = (crude.total_1 - crude.selected_1, crude.total_2 - crude.selected_2);
    let below = b as f64 * crude.selected_2 as f64;
    let above = crude.selected_1 as f64 * d as f64;
    put(&mut r, "crude_odds_ratio", optional((below > 0.0).then(|| above / below)));
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProbabilitiesInput {
    p: Vec<Share>,
}

pub(super) fn adjusted(inputs: &Value) -> Results {
    let given: ProbabilitiesInput = read(inputs)?;
    not_empty("p", &given.p)?;
    let p: Vec<Probability> = given.p.iter().map(|p| Probability::new(p.0)).collect();
    let values = |list: Vec<Probability>| list.into_iter().map(|p| p.p).collect::<Vec<f64>>();
    let adjusted = multiplicity::adjust(&p);
    let mut r = Map::new();
    put(&mut r, "bonferroni", values(adjusted.bonferroni));
    put(&mut r, "holm", values(adjusted.holm));
    put(&mut r, "hochberg", values(adjusted.hochberg));
    put(&mut r, "benjamini_hochberg", values(adjusted.benjamini_hochberg));
    put(&mut r, "benjamini_yekutieli", values(adjusted.benjamini_yekutieli));
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PowerInput {
    total_1: Count,
    total_2: Count,
    rate_1: Option<Share>,
    rate_2: Share,
    alpha: InnerShare,
    #[serde(default = "usual_power")]
    target_power: InnerShare,
}

fn usual_power() -> InnerShare {
    InnerShare(0.8)
}

/// Larger products of group sizes are not listed table by table.
const LARGEST_EXACT_POWER: u64 = 60_000;

pub(super) fn detectable(inputs: &Value) -> Results {
    let given: PowerInput = read(inputs)?;
    let (n1, n2) = (given.total_1.0, given.total_2.0);
    for (field, people) in [("total_1", n1), ("total_2", n2)] {
        if people == 0 {
            return Err(format!("field '{field}' is 0; both groups need people"));
        }
    }
    let (rate_2, alpha) = (given.rate_2.0, given.alpha.0);
    if rate_2 <= 0.0 {
        return Err("field 'rate_2' is 0; a ratio needs somebody selected".to_owned());
    }
    let mut r = Map::new();
    if let Some(Share(rate_1)) = given.rate_1 {
        let normal = power::normal_power((n1 as f64, n2 as f64), (rate_1, rate_2), alpha);
        put(&mut r, "power_normal", number(normal));
        if n1.saturating_mul(n2) <= LARGEST_EXACT_POWER {
            let exact = power::fisher_power((n1, n2), (rate_1, rate_2), alpha);
            put(&mut r, "power_fisher_exact", number(exact));
        }
    }
    let smallest = power::smallest_detectable((n1, n2), rate_2, alpha, given.target_power.0);
    put(&mut r, "mde_rate_1", optional(smallest.map(|(rate, _)| rate)));
    put(&mut r, "mde_ratio", optional(smallest.map(|(_, ratio)| ratio)));
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BoundsInput {
    selected_1: Count,
    total_1: Count,
    selected_2: Count,
    total_2: Count,
    unknown_selected: Count,
    unknown_not_selected: Count,
}

pub(super) fn bounds(inputs: &Value) -> Results {
    let i: BoundsInput = read(inputs)?;
    selected_of("selected_1", i.selected_1, i.total_1)?;
    selected_of("selected_2", i.selected_2, i.total_2)?;
    let t = table("selected_1", [i.selected_1, i.total_1, i.selected_2, i.total_2])?;
    let (selected, not_selected) = (i.unknown_selected.0, i.unknown_not_selected.0);
    let unknown = Unknown { selected, not_selected };
    let b = undeclared::bounds(&t, unknown);
    let mut r = Map::new();
    put(&mut r, "observed_ratio", optional(b.observed));
    put(&mut r, "ratio_min", optional(b.smallest));
    put(&mut r, "ratio_max", optional(b.largest));
    put(&mut r, "allocations", b.allocations);
    put(&mut r, "allocations_ratio_below_four_fifths", serde_json::json!(b.below_four_fifths));
    if let Some(significant) = b.fisher_below_5_percent {
        put(&mut r, "allocations_fisher_below_0_05", significant);
        put(&mut r, "robustly_significant", significant == b.allocations);
        put(&mut r, "ever_significant", significant > 0);
    }
    put(&mut r, "observed_fisher_two", number(fisher::test(&t).two_sided.p));
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AvailabilityInput {
    count: Count,
    total: Count,
    benchmark: InnerShare,
}

pub(super) fn against_benchmark(inputs: &Value) -> Results {
    let i: AvailabilityInput = read(inputs)?;
    selected_of("count", i.count, i.total)?;
    let (count, total) = (i.count.0, i.total.0);
    let test = availability::test(count, total, i.benchmark.0)
        .ok_or("field 'total' is 0; there must be people to compare with the benchmark")?;
    let mut r = Map::new();
    put_probability(&mut r, "binomial_two", test.two_sided);
    put_probability(&mut r, "binomial_less", test.less);
    put_probability(&mut r, "binomial_greater", test.greater);
    put_probability(&mut r, "binomial_mid_two", test.mid_two_sided);
    put(&mut r, "z", number(test.z));
    put(&mut r, "shortfall", number(test.shortfall));
    put(&mut r, "wilson", interval(rates::wilson(count, total, CONFIDENCE)));
    Ok(r)
}
