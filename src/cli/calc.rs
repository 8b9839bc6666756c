//! `evenhand calc`: the calculator. One table by hand, or many cases from a file of JSON lines.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value, json};

use super::output::{self, Failure};
use crate::fairness::{CalculateError, KINDS, calculate};

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

/// The counts of one table, in the order of the command line.
const ORDER: &str = "A_SELECTED A_TOTAL B_SELECTED B_TOTAL";
/// What some programs write before the first line of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Runs `evenhand calc`.
pub fn run(args: &CalcArgs) -> Result<ExitCode, Failure> {
    match &args.jsonl {
        Some(path) => many(path),
        None => one(args),
    }
}

fn one(args: &CalcArgs) -> Result<ExitCode, Failure> {
    let [a, n1, c, n2] = args.table.as_slice() else {
        return Err(Failure::usage(format!("give four counts: {ORDER}")));
    };
    let inputs = json!({"selected_1": a, "total_1": n1, "selected_2": c, "total_2": n2});
    let results = calculate("two_by_two", &inputs).map_err(|error| match error {
        CalculateError::Inputs { problem, .. } => {
            Failure::usage(format!("{problem}; give {ORDER}, as in evenhand calc 10 43 389 920"))
        }
        other @ CalculateError::UnknownKind { .. } => Failure::usage(other.to_string()),
    })?;
    let text =
        if args.json { format!("{:#}\n", Value::Object(results)) } else { table_text(&results) };
    output::write(None, &text)?;
    if let Some(note) = nothing_to_compare(*a, *n1, *c, *n2) {
        eprintln!("{note}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Why most statistics of a table do not exist or say nothing, where that is so.
fn nothing_to_compare(a: u64, n1: u64, c: u64, n2: u64) -> Option<&'static str> {
    match (n1, n2) {
        (0, 0) => Some(
            "note: both groups are empty (A_TOTAL and B_TOTAL are 0): there is nothing to compare",
        ),
        (0, _) => Some(
            "note: the group of interest is empty (A_TOTAL is 0): there is nobody to compare, and only the other rate exists",
        ),
        (_, 0) => Some(
            "note: the comparator is empty (B_TOTAL is 0): there is nobody to compare with, and only the other rate exists",
        ),
        _ if a == 0 && c == 0 => Some(
            "note: nobody was selected in either group: these decisions cannot show a difference",
        ),
        _ if a == n1 && c == n2 => Some(
            "note: everybody was selected in both groups: these decisions cannot show a difference",
        ),
        _ => None,
    }
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
            other => match results.get(&format!("ln_{name}")).and_then(Value::as_f64) {
                Some(ln) if other.as_f64() == Some(0.0) => power_of_ten(ln),
                _ => plain(other),
            },
        };
        let _ = writeln!(text, "{name:width$}  {value}");
    }
    text
}

/// A number too small to be written out, from its natural logarithm: `2.7e-39831`.
fn power_of_ten(ln: f64) -> String {
    let log10 = ln / std::f64::consts::LN_10;
    let exponent = log10.floor();
    format!("{:.6}e{exponent:.0}", 10_f64.powf(log10 - exponent))
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
    for (number, line) in (1..).zip(source.split(b'\n')) {
        let line = line.map_err(|error| Failure::failed(format!("line {number}: {error}")))?;
        let answer = match std::str::from_utf8(&line) {
            Ok(line) if line.trim_start_matches(BYTE_ORDER_MARK).trim().is_empty() => continue,
            Ok(line) => answer(line.trim_start_matches(BYTE_ORDER_MARK), number),
            Err(_) => refused(number, &Value::Null, "it is not UTF-8; save the file as UTF-8"),
        };
        wrong += u32::from(answer.get("error").is_some());
        if writeln!(out, "{answer}").is_err() {
            return Ok(ExitCode::SUCCESS);
        }
    }
    let _ = out.flush();
    if wrong > 0 {
        let cases = if wrong == 1 { "case" } else { "cases" };
        let message = format!("{wrong} {cases} could not be calculated; see 'error' in the output");
        return Err(Failure::failed(message));
    }
    Ok(ExitCode::SUCCESS)
}

/// The answer to one line, which is an error where the line has no case that can be calculated.
fn answer(line: &str, number: usize) -> Value {
    let case = match serde_json::from_str(line) {
        Ok(Value::Object(case)) => case,
        Ok(_) => return refused(number, &Value::Null, "it is not an object in braces"),
        Err(error) => {
            let problem = format!("column {}: {}", error.column(), plainly(&error));
            return refused(number, &id_in(line).unwrap_or(Value::Null), &problem);
        }
    };
    let id = case.get("id").cloned().unwrap_or(Value::Null);
    if id.is_null() {
        return refused(
            number,
            &id,
            "field 'id' is missing: a name of the case, to find its answer",
        );
    }
    let Some(kind) = case.get("kind").and_then(Value::as_str) else {
        return refused(number, &id, "field 'kind' is missing, or is not a text");
    };
    let Some(inputs) = case.get("inputs") else {
        return refused(number, &id, "field 'inputs' is missing");
    };
    // A fault of ours in one case must not take the answers to the others with it.
    let calculated = std::panic::catch_unwind(|| calculate(kind, inputs));
    let problem = match calculated {
        Ok(Ok(results)) => return json!({"id": id, "kind": kind, "results": results}),
        Ok(Err(error)) => error.to_string(),
        Err(_) => {
            "the calculation broke off, which is a fault of evenhand: please report this line"
                .to_owned()
        }
    };
    json!({"id": id, "kind": kind, "error": format!("line {number}, id {id}: {problem}")})
}

fn refused(number: usize, id: &Value, problem: &str) -> Value {
    let kinds = KINDS.join(", ");
    let of = if id.is_null() { String::new() } else { format!(", id {id}") };
    let error = format!(
        "line {number}{of}: {problem}; each line is {{\"id\", \"kind\", \"inputs\"}} with a kind of {kinds}"
    );
    json!({"id": id, "error": error})
}

/// What is wrong with a line that is no JSON, for whoever wrote it by hand or with a program that writes NaN.
fn plainly(error: &serde_json::Error) -> String {
    let problem = error.to_string();
    let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(what, _)| what);
    let hint = "NaN, Infinity and numbers beyond 1.8e308 are not numbers of JSON, and texts stand in double quotes";
    format!("not JSON ({problem}; {hint})")
}

/// The id of a line that is no JSON, where it can still be read.
fn id_in(line: &str) -> Option<Value> {
    let (_, rest) = line.split_once("\"id\"")?;
    let value = rest.trim_start().strip_prefix(':')?;
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<Value>();
    values.next()?.ok().filter(|id| id.is_string() || id.is_number())
}
