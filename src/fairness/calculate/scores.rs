//! Results of larger tables, orders, scores and ratings, under the names of the reference files.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Results, number, optional, put, put_probability, read};
use crate::fairness::reliability::{self, Scale};
use crate::fairness::trend::Step;
use crate::fairness::{mann_whitney, rxc, trend};

/// Draws and seed when a table is too large to list.
const DRAWS: u32 = 100_000;
const SEED: u64 = 20_101_001;

#[derive(Deserialize)]
struct TableInput {
    table: Vec<Vec<u64>>,
    #[serde(default)]
    exact: bool,
}

pub(super) fn rows_by_columns(inputs: &Value) -> Results {
    let given: TableInput = read(inputs)?;
    let tests = rxc::tests(&given.table)
        .ok_or("the table needs two rows and columns of equal length, none of them empty")?;
    let mut r = Map::new();
    put(&mut r, "df", tests.pearson.degrees);
    put(&mut r, "pearson_chi2", number(tests.pearson.statistic));
    put(&mut r, "g_stat", number(tests.g.statistic));
    put(&mut r, "adjusted_residuals", json!(tests.adjusted_residuals));
    put(&mut r, "min_expected", number(tests.smallest_expected));
    put(&mut r, "cramers_v", number(tests.cramers_v));
    put_probability(&mut r, "pearson_p", tests.pearson.p);
    put_probability(&mut r, "g_p", tests.g.p);
    if given.exact {
        match rxc::freeman_halton(&given.table) {
            Some(p) => put(&mut r, "freeman_halton_p", number(p)),
            None => {
                let sampled = rxc::freeman_halton_sampled(&given.table, DRAWS, SEED);
                put(&mut r, "freeman_halton_p_sampled", optional(sampled));
                put(&mut r, "freeman_halton_draws", DRAWS);
            }
        }
    }
    Ok(r)
}

#[derive(Deserialize)]
struct TrendInput {
    selected: Vec<u64>,
    total: Vec<u64>,
    scores: Vec<f64>,
}

pub(super) fn along_an_order(inputs: &Value) -> Results {
    let i: TrendInput = read(inputs)?;
    if i.selected.len() != i.total.len() || i.total.len() != i.scores.len() {
        return Err("selected, total and scores need one entry a category".to_owned());
    }
    if i.selected.iter().zip(&i.total).any(|(selected, total)| selected > total) {
        return Err("a category cannot have more selected people than people".to_owned());
    }
    let steps: Vec<Step> = i
        .selected
        .iter()
        .zip(&i.total)
        .zip(&i.scores)
        .map(|((selected, total), score)| Step {
            selected: *selected,
            total: *total,
            score: *score,
        })
        .collect();
    let trend = trend::test(&steps)
        .ok_or("some but not all people must be selected, and scores must differ")?;
    let mut r = Map::new();
    put(&mut r, "z", number(trend.z));
    put(&mut r, "chi2", number(trend.z * trend.z));
    put_probability(&mut r, "p_two", trend.p);
    if let Some(departure) = trend.departure {
        put(&mut r, "departure_chi2", number(departure.statistic));
        put(&mut r, "departure_df", departure.degrees);
        put_probability(&mut r, "departure_p", departure.p);
    }
    if let Some(exact) = trend.exact {
        put(&mut r, "exact_p_two", number(exact.two_sided));
        put(&mut r, "exact_p_less", number(exact.less));
        put(&mut r, "exact_p_greater", number(exact.greater));
    }
    Ok(r)
}

#[derive(Deserialize)]
struct ScoresInput {
    x: Vec<f64>,
    y: Vec<f64>,
}

pub(super) fn two_groups(inputs: &Value) -> Results {
    let i: ScoresInput = read(inputs)?;
    let scores = mann_whitney::compare(&i.x, &i.y).ok_or("both groups need finite scores")?;
    let mut r = Map::new();
    put(&mut r, "u_1", number(scores.u_1));
    put(&mut r, "u_2", number(scores.u_2));
    put(&mut r, "auc", number(scores.u_1 / (scores.u_1 + scores.u_2)));
    put(&mut r, "ties", scores.ties);
    if let (Some(z), Some(p), Some(corrected)) = (scores.z, scores.p, scores.p_continuity) {
        put(&mut r, "z", number(z));
        put_probability(&mut r, "p_asymptotic", p);
        put_probability(&mut r, "p_asymptotic_continuity", corrected);
    }
    if let Some(exact) = scores.exact {
        put(&mut r, "p_exact_less", number(exact.less));
        put(&mut r, "p_exact_greater", number(exact.greater));
        put(&mut r, "p_exact_two", number(exact.two_sided));
    }
    if let Some(means) = scores.means {
        put(&mut r, "mean_1", number(means.mean_1));
        put(&mut r, "mean_2", number(means.mean_2));
        put(&mut r, "cohens_d", number(means.cohens_d));
        put(&mut r, "hedges_g", number(means.hedges_g));
        put(&mut r, "welch_t", number(means.welch_t));
        put(&mut r, "welch_df", number(means.welch_df));
        put_probability(&mut r, "welch_p", means.welch_p);
    }
    Ok(r)
}

#[derive(Deserialize)]
struct RatingsInput {
    ratings: Vec<Vec<Option<f64>>>,
}

pub(super) fn markers(inputs: &Value) -> Results {
    let i: RatingsInput = read(inputs)?;
    let mut r = Map::new();
    if let Some(found) = reliability::agreement(&i.ratings) {
        put(&mut r, "icc_1_1", number(found.icc_1_1));
        put(&mut r, "icc_1_k", number(found.icc_1_k));
        put(&mut r, "icc_a_1", number(found.icc_a_1));
        put(&mut r, "icc_a_k", number(found.icc_a_k));
        put(&mut r, "icc_c_1", number(found.icc_c_1));
        put(&mut r, "icc_c_k", number(found.icc_c_k));
        put(&mut r, "rater_severity", found.severity);
        if let Some((f, p)) = found.severity_test {
            put(&mut r, "rater_f", number(f));
            put(&mut r, "rater_p", number(p));
        }
    }
    for (name, scale) in [
        ("krippendorff_nominal", Scale::Nominal),
        ("krippendorff_interval", Scale::Interval),
        ("krippendorff_ordinal", Scale::Ordinal),
    ] {
        put(&mut r, name, optional(reliability::krippendorff(&i.ratings, scale)));
    }
    Ok(r)
}
