//! What a single value of an applications table means, or what is wrong with it. Knows no row and keeps nothing.

use super::super::source::{Fields, is_blank};
use super::super::{Mapping, shortened, stages};
use crate::domain::StageId;
use crate::rulebook::Rulebook;

/// What spreadsheets show in place of a value that could not be computed.
const SHEET_ERRORS: [&[u8]; 7] =
    [b"#N/A", b"#REF!", b"#VALUE!", b"#DIV/0!", b"#NAME?", b"#NULL!", b"#NUM!"];

/// How far along the furthest stage is, and whether its label says that somebody withdrew there.
pub(super) fn furthest(
    label: &str,
    mapping: &Mapping,
    rules: &Rulebook,
) -> Result<(usize, bool), String> {
    stages::reached(label, mapping, rules).ok_or_else(|| {
        let known = rules.recruitment().progress().iter().map(StageId::as_str);
        format!(
            "'{}' is not a stage; use the last stage that the person reached, one of {}, or map it in \
             [values.furthest_stage]",
            shortened(label),
            known.collect::<Vec<_>>().join(", ")
        )
    })
}

/// Whether somebody withdrew.
pub(super) fn withdrew(label: &str, mapping: &Mapping) -> Result<bool, String> {
    match mapping.value("withdrew", label) {
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        _ => Err(format!(
            "'{}' is neither yes nor no; write yes or no, or map it in [values.withdrew]",
            shortened(label)
        )),
    }
}

/// Refuses what names no vacancy.
pub(super) fn check_vacancy(name: &[u8]) -> Result<(), String> {
    if name.is_empty() {
        return Err("is empty; every application needs its vacancy".to_owned());
    }
    if name.first() == Some(&b'#') && SHEET_ERRORS.contains(&name) {
        return Err(format!(
            "holds the spreadsheet's error {}; write the vacancy itself",
            String::from_utf8_lossy(name)
        ));
    }
    Ok(())
}

/// A row with more values than columns has an unquoted separator in one of them: its values are not where they seem to
/// be.
pub(super) fn check_width(record: &[u8], fields: &Fields, columns: usize) -> Result<(), String> {
    let extra = columns..fields.len();
    for place in extra {
        if !is_blank(fields.get(record, place).unwrap_or_default()) {
            return Err(format!(
                "the row has {} values and the header {columns}; put values that hold the separator in quotes",
                fields.len()
            ));
        }
    }
    Ok(())
}
