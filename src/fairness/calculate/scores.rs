//! Results of larger tables, orders, scores and ratings, under the names of the reference files.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::inputs::{Count, Measure, not_empty, read, same_length, selected_of};
use super::{Results, number, optional, put, put_probability};
use crate::fairness::reliability::{self, Scale};
use crate::fairness::trend::Step;
use crate::fairness::{mann_whitney, rxc, trend};

/// Draws and seed when a table is too large to list.
const DRAWS: u32 = 100_000;
const SEED: u64 = 20_101_001;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableInput {
    table: Vec<Vec<Count>>,
    #[serde(default)]
    exact: bool,
}

pub(super) fn rows_by_columns(inputs: &Value) -> Results {
    let given: TableInput = read(inputs)?;
    let width = given.table.first().map_or(0, Vec::len);
    if let Some(place) = given.table.iter().position(|row| row.len() != width) {
        return Err(format!("field 'table[{place}]' has not as many counts as 'table[0]'"));
    }
    let table: Vec<Vec<u64>> =
        given.table.iter().map(|row| row.iter().map(|count| count.0).collect()).collect();
    let tests = rxc::tests(&table)
        .ok_or("field 'table' needs two rows and two columns, each with people in it")?;
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
        match rxc::freeman_halton(&table) {
            Some(p) => put(&mut r, "freeman_halton_p", number(p)),
            None => {
                let sampled = rxc::freeman_halton_sampled(&table, DRAWS, SEED);
                put(&mut r, "freeman_halton_p_sampled", optional(sampled));
                put(&mut r, "freeman_halton_draws", DRAWS);
            }
        }
    }
    Ok(r)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrendInput {
    selected: Vec<Count>,
    total: Vec<Count>,
    scores: Vec<Measure>,
}

pub(super) fn along_an_order(inputs: &Value) -> Results {
    let i: TrendInput = read(inputs)?;
    not_empty("selected", &i.selected)?;
    let (selected, total) = (("selected", i.selected.len()), ("total", i.total.len()));
    same_length(&[selected, total, ("scores", i.scores.len())])?;
    let mut steps = Vec::new();
    for (place, ((selected, total), score)) in
        i.selected.iter().zip(&i.total).zip(&i.scores).enumerate()
    {
        selected_of(&format!("selected[{place}]"), *selected, *total)?;
        steps.push(Step { selected: selected.0, total: total.0, score: score.0 });
    }
    let trend = trend::test(&steps)
        .ok_or("field 'selected': some but not all people must be selected, and 'scores' must differ where there are people")?;
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
#[serde(deny_unknown_fields)]
struct ScoresInput {
    x: Vec<Measure>,
    y: Vec<Measure>,
}

pub(super) fn two_groups(inputs: &Value) -> Results {
    let i: ScoresInput = read(inputs)?;
    not_empty("x", &i.x)?;
    not_empty("y", &i.y)?;
    let [x, y] = [i.x, i.y].map(|of| of.iter().map(|score| score.0).collect::<Vec<f64>>());
    let scores = mann_whitney::compare(&x, &y).ok_or("fields 'x' and 'y' need scores")?;
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
#[serde(deny_unknown_fields)]
struct RatingsInput {
    ratings: Vec<Vec<Option<Measure>>>,
}

pub(super) fn markers(inputs: &Value) -> Results {
    let i: RatingsInput = read(inputs)?;
    not_empty("ratings", &i.ratings)?;
    let width = i.ratings.first().map_or(0, Vec::len);
    if let Some(place) = i.ratings.iter().position(|row| row.len() != width) {
        return Err(format!(
            "field 'ratings[{place}]' has not as many entries as 'ratings[0]'; write null where a marker gave none"
        ));
    }
    let ratings: Vec<Vec<Option<f64>>> =
        i.ratings.iter().map(|row| row.iter().map(|mark| mark.map(|m| m.0)).collect()).collect();
    let mut r = Map::new();
    if let Some(found) = reliability::agreement(&ratings) {
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
        put(&mut r, name, optional(reliability::krippendorff(&ratings, scale)));
    }
    Ok(r)
}
