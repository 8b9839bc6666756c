//! The calculator: a kind of statistic and its inputs in, every number of that kind out, under the names of the
//! reference files. Names things; every formula lives in the statistic's own file.

mod inputs;
mod models;
mod scores;
mod tables;

use serde_json::{Map, Value, json};

use super::numeric::Probability;
use super::rates::Interval;

/// The confidence of every interval here.
const CONFIDENCE: f64 = 0.95;

/// Why nothing was calculated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalculateError {
    /// No statistic of that name.
    #[error("there is no calculation of kind '{kind}'; the kinds are {}", KINDS.join(", "))]
    UnknownKind {
        /// What was asked for.
        kind: String,
    },
    /// Inputs are missing, misspelt or impossible.
    #[error("the inputs of '{kind}' cannot be used: {problem}; it takes {}", inputs::shape(kind))]
    Inputs {
        /// The kind.
        kind: String,
        /// What is wrong.
        problem: String,
    },
}

type Results = Result<Map<String, Value>, String>;

/// The kinds of calculation.
pub const KINDS: [&str; 15] = [
    "two_by_two",
    "stratified",
    "multiplicity",
    "power",
    "bounds",
    "availability",
    "rxc",
    "trend",
    "mann_whitney",
    "reliability",
    "logistic",
    "shrinkage",
    "evalue",
    "did",
    "pooling",
];

/// Calculates every number of a kind. Infinite numbers are the texts `inf` and `-inf`, undefined ones are null;
/// `ln_x` is the natural logarithm of a p-value x.
///
/// # Errors
/// [`CalculateError`] for a kind that does not exist or inputs that do not fit it.
pub fn calculate(kind: &str, inputs: &Value) -> Result<Map<String, Value>, CalculateError> {
    let results = match kind {
        "two_by_two" => tables::two_by_two(inputs),
        "stratified" => tables::stratified(inputs),
        "multiplicity" => tables::adjusted(inputs),
        "power" => tables::detectable(inputs),
        "bounds" => tables::bounds(inputs),
        "availability" => tables::against_benchmark(inputs),
        "rxc" => scores::rows_by_columns(inputs),
        "trend" => scores::along_an_order(inputs),
        "mann_whitney" => scores::two_groups(inputs),
        "reliability" => scores::markers(inputs),
        "logistic" => models::regression(inputs),
        "shrinkage" => models::shrunken(inputs),
        "evalue" => models::monitored(inputs),
        "did" => models::changed(inputs),
        "pooling" => models::pooled(inputs),
        _ => return Err(CalculateError::UnknownKind { kind: kind.to_owned() }),
    };
    results.map_err(|problem| CalculateError::Inputs { kind: kind.to_owned(), problem })
}

/// A number as JSON can hold it.
fn number(value: f64) -> Value {
    if value == f64::INFINITY {
        json!("inf")
    } else if value == f64::NEG_INFINITY {
        json!("-inf")
    } else {
        json!(value)
    }
}

fn optional(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}

fn interval(value: Option<Interval>) -> Value {
    value.map_or(Value::Null, |(low, high)| json!([number(low), number(high)]))
}

fn put(results: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    results.insert(name.to_owned(), value.into());
}

fn put_probability(results: &mut Map<String, Value>, name: &str, value: Probability) {
    put(results, name, number(value.p));
    put(results, &format!("ln_{name}"), number(value.ln_p));
}
