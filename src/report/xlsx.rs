//! The audit as a workbook: summary, findings in numbers and in words, counts, what stands beside them (further), method. Numbers are numbers, rounded by their
//! format only; texts are texts, never formulas. The same audit gives the same bytes.

mod counted;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use self::counted::{counts, markers};
use super::definitions::definitions;
use super::disarm::disarmed;
use super::figures::{p_value, stage};
use super::format::ReportError;
use super::summary::{Summary, summarise};
use super::words::Words;
use super::{Part, further, organisation, sentences};
use crate::fairness::{Audit, Finding, Verdict};

/// The audit as the bytes of a workbook.
///
/// # Errors
/// [`ReportError`] when the workbook cannot be put together.
pub fn to_xlsx(audit: &Audit) -> Result<Vec<u8>, ReportError> {
    build(audit).map_err(|error| ReportError::new("xlsx", &error))
}

fn build(audit: &Audit) -> Result<Vec<u8>, XlsxError> {
    let words = Words::english();
    let mut workbook = Workbook::new();
    // A fixed date: reports know no clock.
    let properties = DocProperties::new()
        .set_title(words.plain("audit-title"))
        .set_company(disarmed(&organisation(audit, &words)))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    summary(workbook.add_worksheet(), audit, &words)?;
    findings(workbook.add_worksheet(), audit, &words)?;
    in_words(workbook.add_worksheet(), audit, &words)?;
    counts(workbook.add_worksheet(), audit, &words)?;
    let parts = further(audit, &words);
    if !parts.is_empty() {
        further_sheet(workbook.add_worksheet(), parts, &words)?;
    }
    if let Some(scores) = audit.scores.as_ref().filter(|scores| !scores.severity.is_empty()) {
        markers(workbook.add_worksheet(), scores, &words)?;
    }
    method(workbook.add_worksheet(), audit, &words)?;
    workbook.save_to_buffer()
}

/// How the kinds of cells look.
fn heading() -> Format {
    Format::new().set_bold().set_font_size(14)
}

fn header() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin)
        .set_background_color(Color::RGB(0x00f3_f2f1))
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

fn number(pattern: &str) -> Format {
    Format::new().set_num_format(pattern).set_align(FormatAlign::Top)
}

/// A4, as workbooks number sizes of paper.
const A4: u8 = 9;
/// A summary of no more than so many points goes on one sheet of paper, in letters that can still be read. All sheets lie
/// across: some programs print a workbook of sheets that lie differently wrongly.
const ONE_SHEET: f64 = 800.0;
/// The width of a column of sentences, in characters.
const WIDE: f64 = 110.0;
/// The same on the sheet of comparisons in words, where there are most of them.
const SENTENCES: f64 = 130.0;
/// The height of a line of text, in points.
const LINE: f64 = 15.0;

/// The height of a row with these texts, each in a column of so many characters. Some programs do not make rows higher
/// by themselves when texts wrap, and would cut them off. Words end lines early, so a line holds less than its width.
fn height<'a>(texts: impl Iterator<Item = (&'a str, f64)>) -> f64 {
    let lines = texts
        .map(|(text, width)| (text.chars().count() as f64 / (width * 0.92 - 3.0).max(4.0)).ceil());
    LINE * lines.fold(1.0, f64::max)
}

/// What a cell of a table holds.
enum Cell {
    Text(String),
    Whole(Option<u64>),
    Share(Option<f64>),
    Ratio(Option<f64>),
    P(Option<f64>),
    Hidden(String),
}

/// A table with its header in a row of its own, frozen and with a filter.
fn table(
    sheet: &mut Worksheet,
    header_names: &[(String, f64)],
    words: &Words,
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<(), XlsxError> {
    let (header, text) = (header(), wrapped());
    let (whole, share, ratio, p) =
        (number("#,##0"), number("0.0 %"), number("0.00"), number("[<0.0001]\"<0.0001\";0.0000"));
    for (column, (name, width)) in (0_u16..).zip(header_names) {
        sheet.write_string_with_format(0, column, name, &header)?;
        sheet.set_column_width(column, *width)?;
    }
    let heads = header_names.iter().map(|(name, width)| (name.as_str(), *width));
    sheet.set_row_height(0, height(heads))?;
    let mut last = 0;
    for (row, cells) in (1_u32..).zip(rows) {
        last = row;
        let texts = cells.iter().zip(header_names).filter_map(|(cell, (_, width))| match cell {
            Cell::Text(text) | Cell::Hidden(text) => Some((text.as_str(), *width)),
            _ => None,
        });
        sheet.set_row_height(row, height(texts))?;
        for (column, cell) in (0_u16..).zip(cells) {
            let (value, format) = match cell {
                Cell::Text(value) | Cell::Hidden(value) => {
                    sheet.write_string_with_format(row, column, disarmed(&value), &text)?;
                    continue;
                }
                Cell::Whole(value) => (value.map(|value| value as f64), &whole),
                Cell::Share(value) => (value, &share),
                Cell::Ratio(value) => (value, &ratio),
                // Below the smallest number that a cell holds: as the other forms write it.
                Cell::P(Some(0.0)) => {
                    sheet.write_string_with_format(
                        row,
                        column,
                        p_value(0.0, f64::NEG_INFINITY),
                        &text,
                    )?;
                    continue;
                }
                Cell::P(value) => (value, &p),
            };
            if let Some(value) = value.filter(|value| value.is_finite()) {
                sheet.write_number_with_format(row, column, value, format)?;
            }
        }
    }
    let columns = u16::try_from(header_names.len()).unwrap_or(1).max(1);
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last, columns - 1)?;
    paper(sheet, words);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// How a sheet is printed: on A4, tables across, as wide as the paper, with its name and the number of the page.
fn paper(sheet: &mut Worksheet, words: &Words) {
    let fills = [("page", "&P".into()), ("pages", "&N".into())];
    let page = words.say("audit-page", fills);
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
        .set_print_fit_to_pages(1, 0)
        .set_footer(format!("&L&A&R{page}"));
}

fn summary(sheet: &mut Worksheet, audit: &Audit, words: &Words) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-summary"))?;
    sheet.set_column_width(0, 24)?.set_column_width(1, WIDE)?;
    let Summary { looked_at, matters, could_not_tell, next, verdicts } = summarise(audit, words);
    let (heading, text) = (heading(), wrapped());
    let title = format!(
        "{}: {}, {}",
        words.plain("audit-title"),
        organisation(audit, words),
        sentences::period(audit, words)
    );
    sheet.write_string_with_format(0, 0, disarmed(&title), &heading)?;
    let mut row = 1;
    for filter in &audit.filters {
        let only = words.say("audit-only", [("filter", filter.as_str().into())]);
        sheet.write_string(row, 0, disarmed(&only))?;
        row += 1;
    }
    row += 1;
    for (verdict, count) in verdicts {
        sheet.write_string(row, 0, sentences::verdict(verdict, words))?;
        sheet.write_number_with_format(
            row,
            1,
            count as f64,
            &number("#,##0").set_align(FormatAlign::Left),
        )?;
        row += 1;
    }
    let matters = matters.into_iter().map(|(heading, sentence)| {
        if sentence.is_empty() { heading } else { format!("{heading}: {sentence}") }
    });
    let warnings = sentences::warnings(audit, words);
    let parts: [(&str, Vec<String>); 5] = [
        ("audit-looked-at", looked_at),
        ("audit-matters", matters.collect()),
        ("audit-could-not-tell", could_not_tell),
        ("audit-next", next),
        ("audit-caveats", warnings),
    ];
    let mut points = f64::from(row) * LINE;
    for (part, lines) in parts {
        if lines.is_empty() {
            continue;
        }
        row += 1;
        points += LINE;
        sheet.write_string_with_format(row, 0, words.plain(part), &text.clone().set_bold())?;
        for line in lines {
            let height = height(std::iter::once((line.as_str(), WIDE)));
            points += height;
            sheet.set_row_height(row, height)?;
            sheet.write_string_with_format(row, 1, disarmed(&line), &text)?;
            row += 1;
        }
    }
    paper(sheet, words);
    if points <= ONE_SHEET {
        sheet.set_print_fit_to_pages(1, 1);
    }
    Ok(())
}

/// Every number of every comparison, narrow enough for one sheet of paper across: the sentences, which would make every
/// row five lines high, are a sheet of their own.
fn findings(sheet: &mut Worksheet, audit: &Audit, words: &Words) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-findings"))?;
    let mut columns = vec![
        ("audit-column-characteristic", 19.0),
        ("audit-column-group", 25.0),
        ("audit-column-comparator", 22.0),
        ("audit-column-decision", 24.0),
        ("audit-column-verdict", 13.0),
        ("audit-column-entered", 11.0),
        ("audit-column-progressed", 8.0),
        ("audit-column-rate", 8.0),
        ("audit-column-comparator-entered", 12.0),
        ("audit-column-comparator-progressed", 12.0),
        ("audit-column-comparator-rate", 12.0),
        ("audit-column-ratio", 7.0),
        ("audit-column-low", 7.0),
        ("audit-column-high", 7.0),
        ("audit-column-pooled", 8.0),
        ("audit-column-exact-p", 9.0),
        ("audit-column-holm", 9.0),
        ("audit-column-bh", 12.0),
        ("audit-column-short", 9.0),
        ("audit-column-seen", 10.0),
        ("audit-column-undeclared", 12.0),
    ];
    let with_evidence = audit.findings().any(|finding| finding.evidence.is_some());
    if with_evidence {
        columns.extend([
            ("audit-column-log-e", 11.0),
            ("audit-column-anytime-p", 9.0),
            ("audit-column-anytime-holm", 9.0),
        ]);
    }
    // Logarithms are for programs: they stand beyond what is printed.
    let printed = columns.len();
    columns.extend([
        ("audit-column-ln-exact-p", 11.0),
        ("audit-column-ln-holm", 11.0),
        ("audit-column-ln-bh", 12.0),
    ]);
    if with_evidence {
        columns
            .extend([("audit-column-ln-anytime-p", 11.0), ("audit-column-ln-anytime-holm", 11.0)]);
    }
    let names: Vec<(String, f64)> =
        columns.iter().map(|(id, width)| (words.plain(id), *width)).collect();
    let rows = audit.findings().map(|finding| {
        let mut row = finding_row(finding, words);
        let evidence = finding.evidence.as_ref();
        if with_evidence {
            row.extend([
                Cell::Ratio(evidence.map(|line| line.log10_e)),
                Cell::P(evidence.map(|line| line.anytime_p)),
                Cell::P(evidence.map(|line| line.anytime_holm_p)),
            ]);
        }
        let n = finding.numbers.as_ref();
        row.extend([
            Cell::Ratio(n.and_then(|n| n.mid_p).map(|p| p.ln_p)),
            Cell::Ratio(n.and_then(|n| n.ln_holm_p)),
            Cell::Ratio(n.and_then(|n| n.ln_benjamini_hochberg_p)),
        ]);
        if with_evidence {
            row.extend([
                Cell::Ratio(evidence.map(|line| line.ln_anytime_p)),
                Cell::Ratio(evidence.map(|line| line.ln_anytime_holm_p)),
            ]);
        }
        row
    });
    table(sheet, &names, words, rows)?;
    let last = u32::try_from(audit.findings().count()).unwrap_or(u32::MAX);
    sheet.set_print_area(0, 0, last, u16::try_from(printed).unwrap_or(u16::MAX) - 1)?;
    Ok(())
}

/// Every comparison in a sentence.
fn in_words(sheet: &mut Worksheet, audit: &Audit, words: &Words) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-words"))?;
    let columns = [
        ("audit-column-characteristic", 22.0),
        ("audit-column-decision", 26.0),
        ("audit-column-verdict", 13.0),
        ("audit-column-sentence", SENTENCES),
    ];
    let names: Vec<(String, f64)> =
        columns.iter().map(|(id, width)| (words.plain(id), *width)).collect();
    let rows = audit.findings().map(|finding| {
        vec![
            Cell::Text(finding.characteristic_label.clone()),
            Cell::Text(sentences::stretch(&finding.stretch, words)),
            Cell::Text(sentences::verdict(finding.verdict, words)),
            Cell::Text(sentences::finding(finding, audit, words)),
        ]
    });
    table(sheet, &names, words, rows)
}

fn finding_row(finding: &Finding, words: &Words) -> Vec<Cell> {
    let mut row = vec![
        Cell::Text(finding.characteristic_label.clone()),
        Cell::Text(finding.group_label.clone()),
        Cell::Text(sentences::comparator(finding, words)),
        Cell::Text(sentences::stretch(&finding.stretch, words)),
        Cell::Text(sentences::verdict(finding.verdict, words)),
    ];
    match &finding.numbers {
        Some(n) => row.extend([
            Cell::Whole(Some(n.entered)),
            Cell::Whole(Some(n.progressed)),
            Cell::Share(n.rate),
            Cell::Whole(Some(n.comparator_entered)),
            Cell::Whole(Some(n.comparator_progressed)),
            Cell::Share(n.comparator_rate),
            Cell::Ratio(n.ratio),
            Cell::Ratio(n.ratio_low),
            Cell::Ratio(n.ratio_high),
            Cell::Ratio(n.pooled_ratio),
            Cell::P(n.mid_p.map(|p| p.p)),
            Cell::P(n.holm_p),
            Cell::P(n.benjamini_hochberg_p),
            Cell::Ratio(Some(n.shortfall)),
        ]),
        None => {
            let why = if finding.hidden && finding.verdict != Verdict::NotAssessed {
                words.plain("audit-hidden")
            } else {
                String::new()
            };
            row.push(Cell::Hidden(why));
            row.extend((0..13).map(|_| Cell::Whole(None)));
        }
    }
    row.extend([
        Cell::Ratio(finding.detectable_ratio),
        if finding.undeclared_hidden {
            Cell::Hidden(words.plain("audit-hidden"))
        } else {
            Cell::Share(finding.undeclared_share)
        },
    ]);
    row
}

/// Factors, trends, combined groups, changes and evidence, one sentence a row.
fn further_sheet(sheet: &mut Worksheet, parts: Vec<Part>, words: &Words) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-further"))?;
    let names =
        [(words.plain("audit-column-part"), 34.0), (words.plain("audit-column-sentence"), WIDE)];
    let rows = parts.into_iter().flat_map(|part| {
        let heading = part.heading.clone();
        part.into_lines().map(move |line| vec![Cell::Text(heading.clone()), Cell::Text(line)])
    });
    table(sheet, &names, words, rows)
}

fn method(sheet: &mut Worksheet, audit: &Audit, words: &Words) -> Result<(), XlsxError> {
    sheet.set_name(words.plain("audit-sheet-method"))?;
    sheet.set_column_width(0, 28)?.set_column_width(1, WIDE)?;
    let method = &audit.method;
    sheet.write_string_with_format(0, 0, words.plain("audit-method"), &heading())?;
    let facts = [
        ("audit-fact-policy", format!("{}: {}", method.policy_title, method.policy_basis)),
        ("audit-fact-rules", method.rule_set_sha256.clone()),
        ("audit-fact-program", method.program_version.clone()),
        ("audit-fact-stages", audit.stages.iter().map(|s| stage(s)).collect::<Vec<_>>().join(", ")),
    ];
    let facts = facts.into_iter().map(|(id, value)| (words.plain(id), value));
    let (bold, text) = (wrapped().set_bold(), wrapped());
    for (row, (term, meaning)) in (2_u32..).zip(facts.chain(definitions(audit, words))) {
        let texts = [(term.as_str(), 28.0), (meaning.as_str(), WIDE)];
        sheet.set_row_height(row, height(texts.into_iter()))?;
        sheet.write_string_with_format(row, 0, disarmed(&term), &bold)?;
        sheet.write_string_with_format(row, 1, disarmed(&meaning), &text)?;
    }
    paper(sheet, words);
    Ok(())
}
