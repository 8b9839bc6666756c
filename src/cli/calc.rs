//! `evenhand calc`: the calculator. One table by hand, or many cases from a file of JSON lines.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::output::{self, Failure};
use crate::fairness::{KINDS, calculate};

/// Every statistic of one table, or of many cases.
#[derive(Debug, Args)]
pub struct CalcArgs {
    /// Selected in the group of interest, its size, selected in the comparator, its size.
    #[arg(value_names = ["A_SELECTED", "A_TOTAL", "B_SELECTED", "B_TOTAL"], num_args = 4, required_unless_present = "jsonl", conflicts_with = "jsonl")]
    table: Vec<u64>,
    /// Cases, one a line: {"id","kind","inputs"}; `-` reads standard input. Prints {"id","kind","results"} for each.
    #[arg(long, value_name = "CASES.jsonl")]
    jsonl: Option<PathBuf>,
    /// Prints JSON instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Case {
    id: Value,
    kind: String,
    inputs: Value,
}

/// Runs `evenhand calc`.
pub fn run(args: &CalcArgs) -> Result<ExitCode, Failure> {
    match &args.jsonl {
        Some(path) => many(path),
        None => one(args),
    }
}

fn one(args: &CalcArgs) -> Result<ExitCode, Failure> {
    let [a, n1, c, n2] = args.table.as_slice() else {
        return Err(Failure::usage("give four counts: A_SELECTED A_TOTAL B_SELECTED B_TOTAL"));
    };
    let inputs = json!({"selected_1": a, "total_1": n1, "selected_2": c, "total_2": n2});
    let results =
        calculate("two_by_two", &inputs).map_err(|error| Failure::usage(error.to_string()))?;
    let text =
        if args.json { format!("{:#}\n", Value::Object(results)) } else { table_text(&results) };
    output::write(None, &text)?;
    Ok(ExitCode::SUCCESS)
}

fn table_text(results: &Map<String, Value>) -> String {
    let width = results.keys().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in results {
        let value = match value {
            Value::Null => "undefined".to_owned(),
            Value::String(word) => word.clone(),
            Value::Array(limits) => {
                let limits: Vec<String> = limits.iter().map(plain).collect();
                limits.join(" to ")
            }
            other => plain(other),
        };
        let _ = writeln!(text, "{name:width$}  {value}");
    }
    text
}

fn plain(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if number != 0.0 && number.abs() < 1e-4 => format!("{number:.6e}"),
        Some(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        None => value.as_str().unwrap_or("undefined").to_owned(),
    }
}

/// Each case on its own line, in the order of the file. A line that cannot be calculated has an `error` instead of
/// `results`, and the exit code is then 1.
fn many(path: &PathBuf) -> Result<ExitCode, Failure> {
    let source: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::failed(format!("{} cannot be opened: {error}", path.display()))
        })?;
        Box::new(BufReader::new(file))
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut wrong = 0;
    for (number, line) in source.lines().enumerate() {
        let line =
            line.map_err(|error| Failure::failed(format!("line {}: {error}", number + 1)))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = answer(&line, number + 1);
        wrong += u32::from(answer.get("error").is_some());
        if writeln!(out, "{answer}").is_err() {
            return Ok(ExitCode::SUCCESS);
        }
    }
    let _ = out.flush();
    if wrong > 0 {
        let message = format!("{wrong} cases could not be calculated; see 'error' in the output");
        return Err(Failure::failed(message));
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(line: &str, number: usize) -> Value {
    let case: Case = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => {
            let kinds = KINDS.join(", ");
            let problem = format!(
                "line {number}: {error}; each line is {{\"id\",\"kind\",\"inputs\"}} with a kind of {kinds}"
            );
            return json!({ "error": problem });
        }
    };
    match calculate(&case.kind, &case.inputs) {
        Ok(results) => json!({"id": case.id, "kind": case.kind, "results": results}),
        Err(error) => {
            json!({"id": case.id, "kind": case.kind, "error": format!("line {number}: {error}")})
        }
    }
}
