//! Sheets of counts and of markers. Writes cells; decides nothing of what is hidden.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::sentences;
use super::super::words::Words;
use super::{Cell, table};
use crate::fairness::{Audit, ScoreAudit, StageLine};

/// Every count, group by group.
pub(super) fn counts(sheet: &mut Worksheet, audit: &Audit, words: &Words) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-counts"))?;
    let columns = [
        ("audit-column-characteristic", 34.0),
        ("audit-column-group", 34.0),
        ("audit-column-decision", 34.0),
        ("audit-column-entered", 12.0),
        ("audit-column-progressed", 12.0),
        ("audit-column-rate", 10.0),
        ("audit-column-low", 10.0),
        ("audit-column-high", 10.0),
    ];
    let names: Vec<(String, f64)> =
        columns.iter().map(|(id, width)| (words.plain(id), *width)).collect();
    let everybody = words.plain("audit-everybody");
    let rows = audit.views.iter().flat_map(|view| {
        let groups = view.groups.iter().map(|group| (group.label.clone(), &group.stages));
        let all = std::iter::once((everybody.clone(), &view.everybody));
        let lines = all.chain(groups).flat_map(|(label, lines)| {
            lines.iter().map(move |line| (label.clone(), line)).collect::<Vec<_>>()
        });
        let rows = lines.map(|(label, line)| count_row(&view.label, label, line, words));
        rows.collect::<Vec<_>>()
    });
    table(sheet, &names, words, rows)
}

fn count_row(characteristic: &str, group: String, line: &StageLine, words: &Words) -> Vec<Cell> {
    let count = |value: Option<u64>| match value {
        None if line.hidden => Cell::Hidden(words.plain("audit-hidden")),
        value => Cell::Whole(value),
    };
    vec![
        Cell::Text(characteristic.to_owned()),
        Cell::Text(group),
        Cell::Text(sentences::stretch(&line.stretch, words)),
        count(line.entered),
        count(line.progressed),
        Cell::Share(line.rate),
        Cell::Share(line.rate_interval.map(|(low, _)| low)),
        Cell::Share(line.rate_interval.map(|(_, high)| high)),
    ]
}

/// Every marker, of whom pages list only those who stand out.
pub(super) fn markers(
    sheet: &mut Worksheet,
    scores: &ScoreAudit,
    words: &Words,
) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-markers"))?;
    let columns = [
        ("audit-column-marker", 34.0),
        ("audit-column-people", 12.0),
        ("audit-column-severity-points", 18.0),
        ("audit-column-low", 10.0),
        ("audit-column-high", 10.0),
        ("audit-column-severity-p", 14.0),
        ("audit-column-ln-severity-p", 14.0),
    ];
    let names: Vec<(String, f64)> =
        columns.iter().map(|(id, width)| (words.plain(id), *width)).collect();
    let rows = scores.severity.iter().map(|marker| {
        vec![
            Cell::Text(marker.marker.clone()),
            Cell::Whole(Some(marker.people as u64)),
            Cell::Ratio(Some(marker.difference)),
            Cell::Ratio(marker.interval.map(|(low, _)| low)),
            Cell::Ratio(marker.interval.map(|(_, high)| high)),
            Cell::P(marker.holm_p),
            Cell::Ratio(marker.ln_holm_p),
        ]
    });
    table(sheet, &names, words, rows)
}
