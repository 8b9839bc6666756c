//! Every field of every case in `tests/oracles`, to the tolerance of its file. A case or field without a result fails.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// Files whose kind this program calculates; a file that is not named here fails the test below.
const FILES: [&str; 22] = [
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
    // Where digits are lost most easily: nearly everybody selected, ten million a group, distant scores.
    "two_by_two_extreme",
    "stratified_extreme",
    "trend_extreme",
    "mann_whitney_extreme",
    "shrinkage_extreme",
    "did_extreme",
    "pooling_extreme",
];

struct Reference {
    kind: String,
    tolerance: f64,
    cases: Vec<Value>,
}

fn reference(name: &str) -> Reference {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/oracles/{name}.json"));
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    Reference {
        kind: file["kind"].as_str().unwrap().to_owned(),
        tolerance: file["tolerance_relative"].as_f64().unwrap(),
        cases: file["cases"].as_array().unwrap().clone(),
    }
}

fn compare(
    got: Option<&Value>,
    expected: &Value,
    tolerance: f64,
    path: &str,
    out: &mut Vec<String>,
) {
    let Some(got) = got else {
        out.push(format!("{path}: missing, expected {expected}"));
        return;
    };
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            for (name, value) in expected {
                compare(got.get(name), value, tolerance, &format!("{path}.{name}"), out);
            }
        }
        (Value::Array(got), Value::Array(expected)) => {
            if got.len() != expected.len() {
                out.push(format!("{path}: {} values, expected {}", got.len(), expected.len()));
            }
            for (i, value) in expected.iter().enumerate() {
                compare(got.get(i), value, tolerance, &format!("{path}[{i}]"), out);
            }
        }
        (Value::Number(got), Value::Number(expected)) => {
            let (got, expected) = (got.as_f64().unwrap(), expected.as_f64().unwrap());
            let is_p = path.rsplit('.').next().is_some_and(is_p_value);
            let absolute = if is_p { 0.0 } else { 1e-13 };
            if (got - expected).abs() > tolerance * expected.abs() + absolute {
                let miss = (got - expected).abs() / expected.abs();
                out.push(format!("{path}: {got:e}, expected {expected:e} (relative {miss:.1e})"));
            }
        }
        (got, expected) => {
            if got != expected {
                out.push(format!("{path}: {got}, expected {expected}"));
            }
        }
    }
}

/// Fields that hold a p-value: for them no absolute tolerance is allowed.
fn is_p_value(name: &str) -> bool {
    !name.starts_with("ln_")
        && (name.ends_with("_p")
            || ["fisher_", "exact_", "boschloo_", "barnard_", "binomial_", "p_"]
                .iter()
                .any(|start| name.starts_with(start)))
}

fn check(name: &str) {
    let reference = reference(name);
    assert!(!reference.cases.is_empty());
    let mut problems = Vec::new();
    for case in &reference.cases {
        let id = case["id"].as_str().unwrap();
        let got = match evenhand::fairness::calculate(&reference.kind, &case["inputs"]) {
            Ok(got) => got,
            Err(error) => {
                problems.push(format!("{id}: {error}"));
                continue;
            }
        };
        let expected: &Map<String, Value> = case["expected"].as_object().unwrap();
        let got = Value::Object(got);
        compare(
            Some(&got),
            &Value::Object(expected.clone()),
            reference.tolerance,
            id,
            &mut problems,
        );
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

macro_rules! reference_tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
    };
}

reference_tests!(two_by_two stratified multiplicity power bounds availability rxc trend mann_whitney reliability logistic shrinkage evalue did pooling
    two_by_two_extreme stratified_extreme trend_extreme mann_whitney_extreme shrinkage_extreme did_extreme pooling_extreme);

#[test]
fn no_reference_file_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(FILES.contains(&name), "{name}.json is not tested");
        }
    }
}
