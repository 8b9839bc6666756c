//! Results of models, streams, periods and sites, under the names of the reference files.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::inputs::{
    Count, InnerShare, Measure, Positive, not_empty, read, same_length, selected_of, tables,
};
use super::{CONFIDENCE, Results, interval, number, optional, put, put_probability};
use crate::fairness::evidence::{self, ConditionalProcess, Prior};
use crate::fairness::logistic::{self, Design, Fit, Penalty};
use crate::fairness::shrinkage::{self, RateDistribution};
use crate::fairness::{before_after, pooling};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegressionInput {
    x: Vec<Vec<Measure>>,
    y: Vec<Measure>,
    n: Option<Vec<Measure>>,
}

pub(super) fn regression(inputs: &Value) -> Results {
    let i: RegressionInput = read(inputs)?;
    not_empty("x", &i.x)?;
    let width = i.x.first().map_or(0, Vec::len);
    if let Some((place, row)) =
        i.x.iter().enumerate().find(|(_, row)| row.len() != width || row.is_empty())
    {
        return Err(format!(
            "field 'x[{place}]' has {} entries and 'x[0]' has {width}; every row needs the same, at least one",
            row.len()
        ));
    }
    let of = |list: Vec<Measure>| list.into_iter().map(|value| value.0).collect::<Vec<f64>>();
    let selected = of(i.y);
    let total = i.n.map_or_else(|| vec![1.0; selected.len()], of);
    same_length(&[("x", i.x.len()), ("y", selected.len()), ("n", total.len())])?;
    for (place, (y, n)) in selected.iter().zip(&total).enumerate() {
        if !(0.0..=*n).contains(y) {
            return Err(format!(
                "field 'y[{place}]' is {y}; it lies between 0 and n, which is {n} there"
            ));
        }
    }
    let design = Design { x: i.x.into_iter().map(of).collect(), selected, total };
    let mut r = Map::new();
    let likelihood = logistic::fit(&design, Penalty::None).map(|fit| {
        let mut r = fitted(&fit);
        put(&mut r, "loglik", number(fit.log_likelihood));
        put(&mut r, "wald_p", fit.wald_p.clone());
        put(&mut r, "lr_p_excluding_intercept", json!(fit.likelihood_ratio_p));
        Value::Object(r)
    });
    put(&mut r, "ml", likelihood.unwrap_or(Value::Null));
    let penalised = logistic::fit(&design, Penalty::Firth).map(|fit| {
        let mut r = fitted(&fit);
        put(&mut r, "penalised_loglik", number(fit.penalised_log_likelihood));
        put(&mut r, "penalised_lr_p_excluding_intercept", json!(fit.likelihood_ratio_p));
        Value::Object(r)
    });
    put(&mut r, "firth", penalised.unwrap_or(Value::Null));
    Ok(r)
}

fn fitted(fit: &Fit) -> Map<String, Value> {
    let mut r = Map::new();
    put(&mut r, "coef", fit.coefficients.clone());
    put(&mut r, "se", fit.standard_errors.clone());
    r
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShrinkageInput {
    selected: Vec<Count>,
    total: Vec<Count>,
    alpha: Option<Positive>,
    beta: Option<Positive>,
}

pub(super) fn shrunken(inputs: &Value) -> Results {
    let i: ShrinkageInput = read(inputs)?;
    not_empty("selected", &i.selected)?;
    same_length(&[("selected", i.selected.len()), ("total", i.total.len())])?;
    let mut groups = Vec::new();
    for (place, (selected, total)) in i.selected.iter().zip(&i.total).enumerate() {
        selected_of(&format!("selected[{place}]"), *selected, *total)?;
        groups.push((selected.0, total.0));
    }
    let mut r = Map::new();
    let distribution = match (i.alpha, i.beta) {
        (Some(Positive(alpha)), Some(Positive(beta))) => Some(RateDistribution { alpha, beta }),
        (None, None) => {
            let found = shrinkage::fit(&groups);
            let shapes = found.map(|d| json!({"alpha": d.alpha, "beta": d.beta}));
            put(&mut r, "mle", shapes.unwrap_or(Value::Null));
            found
        }
        (given, _) => {
            let missing = if given.is_some() { "beta" } else { "alpha" };
            return Err(format!("field '{missing}' is missing; alpha and beta are given together"));
        }
    };
    if let Some(distribution) = distribution {
        let posterior: Vec<Value> = groups
            .iter()
            .map(|(selected, total)| {
                let found = distribution.posterior(*selected, *total);
                json!({"mean": found.mean, "interval_95": [found.interval.0, found.interval.1]})
            })
            .collect();
        put(&mut r, "posterior", posterior);
    }
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamInput {
    blocks: Vec<[Count; 4]>,
    alpha: InnerShare,
    beta_prior: Positive,
    prior: PriorInput,
    #[serde(default)]
    confidence_sequence: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorInput {
    tau: Positive,
    step: Positive,
    k_max: Count,
}

/// The most points on either side of the mixture.
const MOST_POINTS: u32 = 10_000;
/// The largest log odds ratio of the mixture.
const FARTHEST: f64 = 500.0;

impl PriorInput {
    fn checked(&self) -> Result<Prior, String> {
        let k_max = u32::try_from(self.k_max.0).ok().filter(|k| *k <= MOST_POINTS);
        let Some(k_max) = k_max else {
            return Err(format!("field 'prior.k_max' is more than {MOST_POINTS}"));
        };
        if self.step.0 * f64::from(k_max) > FARTHEST {
            return Err(format!("field 'prior.step' times k_max is more than {FARTHEST}"));
        }
        Ok(Prior { tau: self.tau.0, step: self.step.0, k_max })
    }
}

pub(super) fn monitored(inputs: &Value) -> Results {
    let i: StreamInput = read(inputs)?;
    let blocks = tables("blocks", &i.blocks)?;
    if let Some(place) = blocks.iter().position(|block| block.people() == 0) {
        return Err(format!("field 'blocks[{place}]' has no people"));
    }
    let alpha = i.alpha.0;
    let mut process = ConditionalProcess::new(i.prior.checked()?);
    for block in &blocks {
        process.add(block);
    }
    let conditional = process.evidence(alpha);
    let safe = evidence::safe_two_proportions(&blocks, i.beta_prior.0, alpha);
    let mut r = Map::new();
    put(&mut r, "conditional_ln_e", conditional.ln_e);
    put(&mut r, "conditional_first_crossing_block", json!(conditional.crossed_at));
    put(&mut r, "conditional_anytime_p", number(conditional.anytime_p.p));
    if i.confidence_sequence {
        let set = process.confidence_set(alpha);
        put(&mut r, "conditional_log_odds_ratio_set", interval(set));
    }
    put(&mut r, "safe_ln_e", safe.ln_e);
    put(&mut r, "safe_first_crossing_block", json!(safe.crossed_at));
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeInput {
    before_1: [Count; 2],
    before_2: [Count; 2],
    after_1: [Count; 2],
    after_2: [Count; 2],
}

pub(super) fn changed(inputs: &Value) -> Results {
    let i: ChangeInput = read(inputs)?;
    let group = |field: &str, [selected, total]: [Count; 2]| {
        selected_of(field, selected, total)?;
        if total.0 == 0 {
            return Err(format!("field '{field}' has no people; every group needs some"));
        }
        Ok((selected.0, total.0))
    };
    let before = [group("before_1", i.before_1)?, group("before_2", i.before_2)?];
    let after = [group("after_1", i.after_1)?, group("after_2", i.after_2)?];
    let change = before_after::change(before, after, CONFIDENCE)
        .ok_or("every group needs people, and not more selected than there are")?;
    let mut r = Map::new();
    put(&mut r, "difference_in_differences", number(change.difference));
    put(&mut r, "se", number(change.standard_error));
    put(&mut r, "ci_95", interval(Some(change.interval)));
    if let Some(p) = change.p {
        put_probability(&mut r, "p", p);
    }
    if let Some(ratio) = change.ratio {
        put(&mut r, "ratio_of_ratios", number(ratio.ratio));
        put(&mut r, "ratio_of_ratios_ci_95", interval(Some(ratio.interval)));
        if let Some(p) = ratio.p {
            put_probability(&mut r, "ratio_p", p);
        }
    }
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SitesInput {
    tables: Vec<[Count; 4]>,
}

pub(super) fn pooled(inputs: &Value) -> Results {
    let i: SitesInput = read(inputs)?;
    let mut sites = Vec::new();
    for (place, table) in tables("tables", &i.tables)?.iter().enumerate() {
        let site = pooling::site(table);
        sites.push(site.ok_or_else(|| {
            format!("field 'tables[{place}]' has a group without people; every site needs both")
        })?);
    }
    let p = pooling::pool(&sites, CONFIDENCE)
        .ok_or("field 'tables' has one site; pooling needs at least two")?;
    let mut r = Map::new();
    put(&mut r, "fixed_ln_ratio", number(p.fixed_ln_ratio));
    put(&mut r, "q", number(p.q.statistic));
    put(&mut r, "tau2_dl", number(p.tau2));
    put(&mut r, "i2_percent", number(p.i2_percent));
    put(&mut r, "random_ln_ratio", number(p.random_ln_ratio));
    put(&mut r, "random_se", number(p.random_error));
    put(&mut r, "random_ratio_ci_95", interval(Some(p.random_interval)));
    put_probability(&mut r, "q_p", p.q.p);
    put(&mut r, "hksj_se", number(p.hksj_error));
    put(&mut r, "hksj_degrees", optional(Some(sites.len() as f64 - 1.0)));
    Ok(r)
}
