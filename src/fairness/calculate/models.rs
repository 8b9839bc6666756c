//! Results of models, streams, periods and sites, under the names of the reference files.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{CONFIDENCE, Results, interval, number, optional, put, put_probability, read, tables};
use crate::fairness::evidence::{self, ConditionalProcess, Prior};
use crate::fairness::logistic::{self, Design, Fit, Penalty};
use crate::fairness::shrinkage::{self, RateDistribution};
use crate::fairness::{before_after, pooling};

#[derive(Deserialize)]
struct RegressionInput {
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    n: Option<Vec<f64>>,
}

pub(super) fn regression(inputs: &Value) -> Results {
    let i: RegressionInput = read(inputs)?;
    let total = i.n.unwrap_or_else(|| vec![1.0; i.y.len()]);
    let width = i.x.first().map_or(0, Vec::len);
    let uneven = i.x.iter().any(|row| row.len() != width);
    if width == 0 || uneven || i.x.len() != i.y.len() || total.len() != i.y.len() {
        return Err("x, y and n need one row each for the same people".to_owned());
    }
    let design = Design { x: i.x, selected: i.y, total };
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
struct ShrinkageInput {
    selected: Vec<u64>,
    total: Vec<u64>,
    alpha: Option<f64>,
    beta: Option<f64>,
}

pub(super) fn shrunken(inputs: &Value) -> Results {
    let i: ShrinkageInput = read(inputs)?;
    let groups: Vec<(u64, u64)> = i.selected.iter().copied().zip(i.total.iter().copied()).collect();
    if i.selected.len() != i.total.len() || groups.iter().any(|(x, n)| x > n) {
        return Err("selected and total need one entry a group, selected at most total".to_owned());
    }
    let mut r = Map::new();
    let distribution = match (i.alpha, i.beta) {
        (Some(alpha), Some(beta)) if alpha > 0.0 && beta > 0.0 => {
            Some(RateDistribution { alpha, beta })
        }
        (None, None) => {
            let found = shrinkage::fit(&groups);
            let shapes = found.map(|d| json!({"alpha": d.alpha, "beta": d.beta}));
            put(&mut r, "mle", shapes.unwrap_or(Value::Null));
            found
        }
        _ => return Err("alpha and beta are given together and are positive".to_owned()),
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
struct StreamInput {
    blocks: Vec<[u64; 4]>,
    alpha: f64,
    beta_prior: f64,
    prior: Prior,
    #[serde(default)]
    confidence_sequence: bool,
}

pub(super) fn monitored(inputs: &Value) -> Results {
    let i: StreamInput = read(inputs)?;
    let blocks = tables(&i.blocks)?;
    let possible = i.alpha > 0.0 && i.alpha < 1.0 && i.beta_prior > 0.0;
    if !possible || blocks.iter().any(|block| block.people() == 0) {
        return Err(
            "alpha lies between 0 and 1, beta_prior is positive, no block is empty".to_owned()
        );
    }
    let mut process = ConditionalProcess::new(i.prior);
    for block in &blocks {
        process.add(block);
    }
    let conditional = process.evidence(i.alpha);
    let safe = evidence::safe_two_proportions(&blocks, i.beta_prior, i.alpha);
    let mut r = Map::new();
    put(&mut r, "conditional_ln_e", conditional.ln_e);
    put(&mut r, "conditional_first_crossing_block", json!(conditional.crossed_at));
    put(&mut r, "conditional_anytime_p", number(conditional.anytime_p));
    if i.confidence_sequence {
        let set = process.confidence_set(i.alpha);
        put(&mut r, "conditional_log_odds_ratio_set", interval(set));
    }
    put(&mut r, "safe_ln_e", safe.ln_e);
    put(&mut r, "safe_first_crossing_block", json!(safe.crossed_at));
    Ok(r)
}

#[derive(Deserialize)]
struct ChangeInput {
    before_1: (u64, u64),
    before_2: (u64, u64),
    after_1: (u64, u64),
    after_2: (u64, u64),
}

pub(super) fn changed(inputs: &Value) -> Results {
    let i: ChangeInput = read(inputs)?;
    let change = before_after::change([i.before_1, i.before_2], [i.after_1, i.after_2], CONFIDENCE)
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
struct SitesInput {
    tables: Vec<[u64; 4]>,
}

pub(super) fn pooled(inputs: &Value) -> Results {
    let i: SitesInput = read(inputs)?;
    let sites: Option<Vec<(f64, f64)>> = tables(&i.tables)?.iter().map(pooling::site).collect();
    let sites = sites.ok_or("every site needs people in both groups")?;
    let p = pooling::pool(&sites, CONFIDENCE).ok_or("pooling needs at least two sites")?;
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
