//! `evenhand calc --jsonl` on inputs that nobody can calculate with: for every kind of the reference files, each line says
//! which field is wrong and what belongs there, and the lines beside it are answered.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Map, Value, json};

/// Fields that a case may leave out.
const OPTIONAL: [&str; 6] =
    ["rate_1", "target_power", "n", "exact", "confidence_sequence", "label"];
/// Fields in which people are counted, at any depth.
const COUNTS: [&str; 19] = [
    "selected_1",
    "total_1",
    "selected_2",
    "total_2",
    "tables",
    "table",
    "blocks",
    "selected",
    "total",
    "before_1",
    "before_2",
    "after_1",
    "after_2",
    "count",
    "unknown_selected",
    "unknown_not_selected",
    "k_max",
    "n",
    "y",
];

fn calculated(lines: &str) -> (Vec<Value>, Output) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cases.jsonl"), lines).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["calc", "--jsonl", "cases.jsonl"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let answers = String::from_utf8(output.stdout.clone()).unwrap();
    (answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), output)
}

/// One case of each kind: the shortest of its reference file.
fn cases() -> Vec<(String, Map<String, Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let mut kinds = BTreeSet::new();
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let kind = file["kind"].as_str().unwrap().to_owned();
        if kinds.insert(kind.clone()) {
            let all = file["cases"].as_array().unwrap();
            let usable = all.iter().filter(|case| case["expected"].is_object());
            let short = usable.min_by_key(|case| case["inputs"].to_string().len()).unwrap();
            cases.push((kind, short["inputs"].as_object().unwrap().clone()));
        }
    }
    assert_eq!(cases.len(), 15, "one kind a statistic");
    cases
}

/// Every number or truth value: its JSON pointer, and how messages name it.
fn leaves(value: &Value, pointer: &str, name: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                leaves(value, &format!("{pointer}/{field}"), &name, found);
            }
        }
        Value::Array(entries) => {
            for (place, value) in entries.iter().enumerate() {
                leaves(value, &format!("{pointer}/{place}"), &format!("{name}[{place}]"), found);
            }
        }
        Value::String(_) => {}
        _ => found.push((pointer.to_owned(), name.to_owned())),
    }
}

fn changed(inputs: &Map<String, Value>, pointer: &str, to: Value) -> Value {
    let mut changed = Value::Object(inputs.clone());
    *changed.pointer_mut(pointer).unwrap() = to;
    changed
}

/// What is wrong with a case, its inputs, and what the answer must name.
fn wrong(inputs: &Map<String, Value>) -> Vec<(String, Value, String)> {
    let mut wrong = Vec::new();
    let mut found = Vec::new();
    leaves(&Value::Object(inputs.clone()), "", "", &mut found);
    for (pointer, name) in found {
        let mut bad = vec![json!("5"), json!({}), json!([])];
        let field = pointer.split('/').nth(1).unwrap();
        if field != "ratings" && field != "rate_1" && !OPTIONAL.contains(&field) {
            bad.push(Value::Null);
        }
        let last = pointer.rsplit('/').next().unwrap();
        let is_of_rows = inputs.get("x").is_some_and(|x| x[0].is_array());
        let is_regression = matches!(field, "y" | "n") && is_of_rows;
        let is_count = COUNTS.contains(&field) && !matches!(field, "y" | "n");
        if is_count || is_regression || last == "k_max" {
            bad.push(json!(-1));
            if !is_regression {
                bad.extend([json!(1.5), json!(u64::MAX), json!(1e300)]);
            }
        } else if !matches!(field, "x" | "y" | "scores" | "ratings") && last != "step" {
            bad.push(json!(-1));
        }
        if field != "exact" && field != "confidence_sequence" {
            bad.push(json!(true));
        }
        for value in bad {
            let what = format!("{name} is {value}");
            // What belongs together is named by either of its fields.
            let named = if is_regression { "field 'y".to_owned() } else { format!("'{name}'") };
            let named =
                if is_regression && !value.is_number() { format!("'{name}'") } else { named };
            wrong.push((what, changed(inputs, &pointer, value), named));
        }
    }
    for (field, value) in inputs {
        let mut without = inputs.clone();
        without.remove(field);
        if !OPTIONAL.contains(&field.as_str()) {
            wrong.push((format!("{field} is missing"), Value::Object(without), field.clone()));
        }
        if value.is_array() {
            let empty = changed(inputs, &format!("/{field}"), json!([]));
            wrong.push((format!("{field} is empty"), empty, field.clone()));
        }
    }
    let mut unknown = inputs.clone();
    unknown.insert("selectd".to_owned(), json!(1));
    wrong.push(("an unknown field".to_owned(), Value::Object(unknown), "selectd".to_owned()));
    for instead in [json!(null), json!([1, 2]), json!("text"), json!(3)] {
        let what = format!("{instead} instead of fields");
        wrong.push((what, instead, "braces".to_owned()));
    }
    wrong
}

#[test]
fn every_wrong_input_of_every_kind_is_named_and_the_lines_beside_it_are_answered() {
    for (kind, inputs) in cases() {
        let good = json!({"id": "good", "kind": kind, "inputs": inputs});
        let wrong = wrong(&inputs);
        let mut lines = format!("{good}\n");
        for (what, inputs, _) in &wrong {
            let line = json!({"id": what, "kind": kind, "inputs": inputs});
            lines.push_str(&format!("{line}\n"));
        }
        lines.push_str(&format!("{good}\n"));
        let (answers, output) = calculated(&lines);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!errors.contains("panicked"), "{kind}: {errors}");
        assert_eq!(output.status.code(), Some(1), "{kind}: {errors}");
        assert!(errors.contains(&format!("{} cases", wrong.len())), "{kind}: {errors}");
        assert_eq!(answers.len(), wrong.len() + 2, "{kind}");
        assert!(answers[0]["results"].is_object() && answers[0] == answers[answers.len() - 1]);
        for ((line, (what, _, named)), answer) in (2..).zip(&wrong).zip(&answers[1..]) {
            assert_eq!(answer["id"], json!(what));
            let error = answer["error"].as_str();
            let error = error.unwrap_or_else(|| panic!("{kind}, {what}: taken: {answer}"));
            let place = format!("line {line}, id {}: ", json!(what));
            assert!(error.starts_with(&place), "{kind}, {what}: {error}");
            assert!(error.contains(named), "{kind}, {what}: {named} is not named: {error}");
            assert!(error.contains("; it takes {"), "{kind}, {what}: no remedy: {error}");
        }
    }
}

#[test]
fn counts_that_no_group_can_have_are_refused_by_name() {
    let cases = [
        (
            "two_by_two",
            json!({"selected_1": 11, "total_1": 10, "selected_2": 1, "total_2": 2}),
            "'selected_1': 11 selected of 10",
        ),
        (
            "stratified",
            json!({"tables": [[1, 2, 3, 4], [1, 2, 5, 4]]}),
            "'tables[1]': 5 selected of 4",
        ),
        ("stratified", json!({"tables": [[1, 2, 3]]}), "'tables[0]'"),
        ("pooling", json!({"tables": [[1, 2, 3, 4]]}), "'tables' has one site"),
        ("pooling", json!({"tables": [[1, 2, 3, 4], [0, 0, 3, 4]]}), "'tables[1]'"),
        (
            "bounds",
            json!({"selected_1": 1, "total_1": 2, "selected_2": 9, "total_2": 4, "unknown_selected": 1, "unknown_not_selected": 1}),
            "'selected_2': 9 selected of 4",
        ),
        (
            "availability",
            json!({"count": 9, "total": 4, "benchmark": 0.5}),
            "'count': 9 selected of 4",
        ),
        ("availability", json!({"count": 0, "total": 0, "benchmark": 0.5}), "'total'"),
        ("availability", json!({"count": 2, "total": 4, "benchmark": 1.0}), "'benchmark'"),
        ("power", json!({"total_1": 0, "total_2": 4, "rate_2": 0.5, "alpha": 0.05}), "'total_1'"),
        ("power", json!({"total_1": 4, "total_2": 4, "rate_2": 0.0, "alpha": 0.05}), "'rate_2'"),
        ("power", json!({"total_1": 4, "total_2": 4, "rate_2": 0.5, "alpha": 1.0}), "'alpha'"),
        ("rxc", json!({"table": [[1, 2], [3]]}), "'table[1]'"),
        ("rxc", json!({"table": [[1, 2]]}), "'table'"),
        (
            "trend",
            json!({"selected": [1], "total": [2, 3], "scores": [0, 1]}),
            "'total' has 2 entries",
        ),
        ("trend", json!({"selected": [0, 0], "total": [2, 3], "scores": [0, 1]}), "'selected'"),
        ("reliability", json!({"ratings": [[1, 2], [3]]}), "'ratings[1]'"),
        ("logistic", json!({"x": [[1], [1, 2]], "y": [0, 1]}), "'x[1]'"),
        ("logistic", json!({"x": [[1], [1]], "y": [0, 2]}), "'y[1]'"),
        ("shrinkage", json!({"selected": [1], "total": [2], "alpha": 1.0}), "'beta'"),
        (
            "shrinkage",
            json!({"selected": [3, 1], "total": [2, 2]}),
            "'selected[0]': 3 selected of 2",
        ),
        (
            "evalue",
            json!({"blocks": [[0, 0, 0, 0]], "alpha": 0.05, "beta_prior": 0.18, "prior": {"tau": 1.0, "step": 0.1, "k_max": 40}}),
            "'blocks[0]'",
        ),
        (
            "evalue",
            json!({"blocks": [[0, 1, 0, 1]], "alpha": 0.05, "beta_prior": 0.18, "prior": {"tau": 1.0, "step": 1e9, "k_max": 40}}),
            "'prior.step'",
        ),
        (
            "did",
            json!({"before_1": [1, 0], "before_2": [1, 2], "after_1": [1, 2], "after_2": [1, 2]}),
            "'before_1'",
        ),
        ("nonsense", json!({}), "two_by_two, stratified"),
    ];
    for (kind, inputs, named) in cases {
        let line = json!({"id": 1, "kind": kind, "inputs": inputs}).to_string();
        let (answers, output) = calculated(&line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        let error = answers[0]["error"].as_str().unwrap_or_else(|| panic!("taken: {line}"));
        assert!(error.starts_with("line 1, id 1: ") && error.contains(named), "{line}: {error}");
    }
}

#[test]
fn lines_that_are_no_cases_are_refused_with_their_number() {
    let lines = [
        (r#"{"id": 7, "kind": "two_by_two", "inputs": {"selected_1": NaN}}"#, "id 7"),
        (r#"{"id": "a", "kind": "multiplicity", "inputs": {"p": [1e999]}}"#, "id \"a\""),
        (r#"{"kind": "multiplicity", "inputs": {"p": [0.5]}}"#, "'id' is missing"),
        (r#"{"id": 1, "inputs": {"p": [0.5]}}"#, "'kind' is missing"),
        (r#"{"id": 1, "kind": "multiplicity"}"#, "'inputs' is missing"),
        (r#"[1, 2, 3]"#, "not an object"),
        ("id,kind,inputs", "not JSON"),
    ];
    for (line, named) in lines {
        let good = r#"{"id": 2, "kind": "multiplicity", "inputs": {"p": [0.5]}}"#;
        // A byte-order mark, Windows line ends and empty lines are no errors.
        let (answers, output) = calculated(&format!("\u{feff}{good}\r\n\r\n{line}\n"));
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(answers[0]["results"].is_object(), "{answers:?}");
        let error = answers[1]["error"].as_str().unwrap();
        assert!(error.starts_with("line 3") && error.contains(named), "{line}: {error}");
        assert!(error.contains("each line is {\"id\", \"kind\", \"inputs\"}"), "{error}");
    }
}

#[test]
fn numbers_as_other_programs_write_them_are_read_to_the_last_digit() {
    // 0.1 + 0.2 and its neighbours: a reader that is off by one unit in the last place ranks them otherwise.
    let line = r#"{"id": 1, "kind": "mann_whitney", "inputs": {"x": [1000000.2345678901, 1000000.2345678903], "y": [1000000.2345678902, 0.30000000000000004]}}"#;
    let (answers, _) = calculated(line);
    let (x, y) = ([1000000.2345678901, 1000000.2345678903_f64], [1000000.2345678902, 0.1 + 0.2]);
    let higher = x.iter().flat_map(|x| y.iter().map(move |y| (x, y)));
    let u: f64 = higher
        .map(|(x, y)| {
            if x > y {
                1.0
            } else if x == y {
                0.5
            } else {
                0.0
            }
        })
        .sum();
    assert_eq!(answers[0]["results"]["u_1"], json!(u));
    let read: Value =
        serde_json::from_str("[2.225073858507201136e-308, 9007199254740993.0]").unwrap();
    assert_eq!(read[0].as_f64().unwrap().to_bits(), 0x000f_ffff_ffff_ffff);
    // Whole numbers of people that a spreadsheet wrote with a point are people.
    let line = r#"{"id": 1, "kind": "availability", "inputs": {"count": 2.0, "total": 4, "benchmark": 0.5}}"#;
    assert!(calculated(line).0[0]["results"].is_object());
}

#[test]
fn tables_with_nothing_to_compare_say_so_beside_what_there_is() {
    for (table, said, answered) in [
        (["0", "0", "0", "0"], Some("both groups are empty"), "rate_1  undefined"),
        (["0", "0", "3", "9"], Some("the group of interest is empty"), "rate_2  0.333333"),
        (["3", "9", "0", "0"], Some("the comparator is empty"), "rate_1  0.333333"),
        (["0", "5", "0", "7"], Some("nobody was selected"), "fisher_less"),
        (["5", "5", "7", "7"], Some("everybody was selected"), "fisher_less"),
        (["1", "5", "7", "7"], None, "fisher_less"),
        // Too small to be written out is not nothing.
        (["90000", "100000", "95000", "100000"], None, "fisher_less                    7.182"),
    ] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_evenhand")).arg("calc").args(table).output().unwrap();
        let (out, note) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && out.contains(answered), "{table:?}: {out}");
        assert!(said.map_or(note.is_empty(), |said| note.contains(said)), "{table:?}: {note}");
    }
}
