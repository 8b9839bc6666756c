//! Inputs of a calculation, read so that whatever is wrong is named by its field, with what belongs there. Knows the
//! range of each kind of number; what numbers mean together is for the calculation to refuse.

use serde::de::{DeserializeOwned, Error as _, Unexpected};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::fairness::Table;
use crate::fairness::table::MOST_PEOPLE;

/// Fields that any case may carry for its reader; nothing is computed from them.
const REMARKS: [&str; 4] = ["label", "note", "comment", "source"];
/// Beyond this, sums of squares would leave the range of numbers.
const LARGEST: f64 = 1e100;

/// What each kind takes, for whoever wrote something else.
pub(super) fn shape(kind: &str) -> &'static str {
    match kind {
        "two_by_two" => r#"{"selected_1": 10, "total_1": 43, "selected_2": 389, "total_2": 920}"#,
        "stratified" | "pooling" => {
            r#"{"tables": [[selected_1, total_1, selected_2, total_2], ...]}"#
        }
        "multiplicity" => r#"{"p": [0.01, 0.2, ...]}"#,
        "power" => {
            r#"{"total_1": 43, "total_2": 920, "rate_2": 0.42, "alpha": 0.05} and, if wanted, "rate_1" and "target_power""#
        }
        "bounds" => {
            r#"{"selected_1", "total_1", "selected_2", "total_2", "unknown_selected", "unknown_not_selected"}, each a count"#
        }
        "availability" => r#"{"count": 21, "total": 245, "benchmark": 0.17}"#,
        "rxc" => {
            r#"{"table": [[3, 7], [2, 10], ...]} and, if wanted, "exact": true; one row a group, one count an outcome"#
        }
        "trend" => {
            r#"{"selected": [2, 15], "total": [6, 37], "scores": [0, 1]} with one entry a category, in their order"#
        }
        "mann_whitney" => r#"{"x": [61, 72.5, ...], "y": [58, ...]}, the scores of two groups"#,
        "reliability" => {
            r#"{"ratings": [[9, 2, 5], [6, null, 3], ...]}, one row an application, one entry a marker, null where there is none"#
        }
        "logistic" => {
            r#"{"x": [[1, 0], [1, 1], ...], "y": [10, 25, ...]} and, if wanted, "n": [40, 50, ...]; one row a group, y selected of n"#
        }
        "shrinkage" => {
            r#"{"selected": [0, 2], "total": [3, 7]} and, if wanted, "alpha" and "beta" together"#
        }
        "evalue" => {
            r#"{"blocks": [[selected_1, total_1, selected_2, total_2], ...], "alpha": 0.05, "beta_prior": 0.18, "prior": {"tau": 1, "step": 0.1, "k_max": 40}} and, if wanted, "confidence_sequence": true"#
        }
        "did" => {
            r#"{"before_1": [selected, total], "before_2": [..], "after_1": [..], "after_2": [..]}"#
        }
        _ => "an object of fields",
    }
}

/// The inputs as values of a type; a problem names the field, as in `tables[3][1]`.
pub(super) fn read<T: DeserializeOwned>(inputs: &Value) -> Result<T, String> {
    let Value::Object(fields) = inputs else {
        return Err("the inputs are not an object of fields in braces".to_owned());
    };
    let fields: Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| !REMARKS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner();
        if path == "." { problem.to_string() } else { format!("field '{path}': {problem}") }
    })
}

/// A list that has something in it.
pub(super) fn not_empty<T>(field: &str, list: &[T]) -> Result<(), String> {
    if list.is_empty() { Err(format!("field '{field}' is empty")) } else { Ok(()) }
}

/// Lists that have one entry for each of the same things.
pub(super) fn same_length(lists: &[(&str, usize)]) -> Result<(), String> {
    let Some((first, length)) = lists.first() else { return Ok(()) };
    match lists.iter().find(|(_, other)| other != length) {
        Some((other, found)) => Err(format!(
            "field '{other}' has {found} entries and field '{first}' has {length}; both need one for each"
        )),
        None => Ok(()),
    }
}

/// Selected of a total, not more than there are.
pub(super) fn selected_of(field: &str, selected: Count, total: Count) -> Result<(), String> {
    if selected.0 <= total.0 {
        return Ok(());
    }
    Err(format!(
        "field '{field}': {} selected of {}; a group cannot have more selected people than people",
        selected.0, total.0
    ))
}

/// A table from four counts: selected and total of group 1, selected and total of group 2.
pub(super) fn table(field: &str, counts: [Count; 4]) -> Result<Table, String> {
    let [a, n1, c, n2] = counts;
    selected_of(field, a, n1)?;
    selected_of(field, c, n2)?;
    Table::new((a.0, n1.0), (c.0, n2.0)).map_err(|error| error.to_string())
}

/// The same for each of a list.
pub(super) fn tables(field: &str, rows: &[[Count; 4]]) -> Result<Vec<Table>, String> {
    not_empty(field, rows)?;
    rows.iter().enumerate().map(|(i, row)| table(&format!("{field}[{i}]"), *row)).collect()
}

/// A number of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count(pub u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let expected = "a whole number of people from 0 to a million million, as a number";
        // A spreadsheet's 12.0 is twelve people.
        let whole = value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..1e15).contains(n));
        match value.as_u64().or(whole.map(|n| n as u64)) {
            Some(count) if count <= MOST_PEOPLE => Ok(Self(count)),
            _ => Err(D::Error::invalid_value(what(&value), &expected)),
        }
    }
}

/// Defines a number with a range.
macro_rules! ranged {
    ($(#[$meta:meta])* $name:ident, $wanted:expr, $expected:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(super) struct $name(pub f64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(from)?;
                let wanted: fn(f64) -> bool = $wanted;
                match value.as_f64() {
                    Some(number) if wanted(number) => Ok(Self(number)),
                    _ => Err(D::Error::invalid_value(what(&value), &$expected)),
                }
            }
        }
    };
}

ranged!(
    /// A score, a factor's value.
    Measure,
    |n| n.abs() <= LARGEST,
    "a number (between -1e100 and 1e100, not as text)"
);
ranged!(
    /// A p-value or a rate.
    Share,
    |n| (0.0..=1.0).contains(&n),
    "a number from 0 to 1"
);
ranged!(
    /// A level or a share of a population.
    InnerShare,
    |n| (1e-300..1.0).contains(&n),
    "a number above 0 and below 1"
);
ranged!(
    /// A shape or a width.
    Positive,
    |n| (1e-9..=1e12).contains(&n),
    "a number from 1e-9 to 1e12"
);

fn what(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(is) => Unexpected::Bool(*is),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(n), _, _) => Unexpected::Unsigned(n),
            (_, Some(n), _) => Unexpected::Signed(n),
            (_, _, n) => Unexpected::Float(n.unwrap_or(f64::NAN)),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}
