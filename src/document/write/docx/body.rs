//! The body and the footer of a Word document as XML: words and the names of styles. Knows no archive and no looks.

use std::fmt::Write as _;

use super::super::CleanDocument;
use super::super::text::is_seen;
use crate::document::structure;
use crate::typeset::{Block, Cell, List, Run, Style, Table};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
/// A4 with margins of two centimetres, in twentieths of a point.
const PAGE: &str = "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/>\
     <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" \
     w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>";
/// What lies between the margins.
const TEXT_WIDTH: usize = 9638;
/// Lists are indented no deeper.
const DEEPEST_LEVEL: u8 = 4;

/// The part `word/document.xml`.
pub(super) fn document(document: &CleanDocument<'_>) -> String {
    let mut out = format!("{HEAD}<w:document {NAMESPACES}><w:body>");
    paragraph(&mut out, "Title", &[Run::plain(document.title)]);
    for part in document.parts {
        if !part.heading.trim().is_empty() {
            paragraph(&mut out, "Heading1", &structure::runs(part.heading));
        }
        for block in structure::blocks(part.text) {
            write_block(&mut out, &block);
        }
    }
    out.push_str(PAGE);
    out.push_str("</w:body></w:document>");
    out
}

/// The part `word/footer1.xml`. `{page}` and `{pages}` become fields, which programs fill in.
pub(super) fn footer(words: &str) -> String {
    let mut out =
        format!("{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>");
    let mut rest = words;
    while let Some((before, (field, after))) = next_field(rest) {
        run(&mut out, &Run::plain(before));
        let _ =
            write!(out, "<w:fldSimple w:instr=\" {field} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
        rest = after;
    }
    run(&mut out, &Run::plain(rest));
    out.push_str("</w:p></w:ftr>");
    out
}

/// What stands before the first field of a text, which field it is, and what follows.
fn next_field(text: &str) -> Option<(&str, (&'static str, &str))> {
    let page = text.split_once("{page}").map(|(before, after)| (before, ("PAGE", after)));
    let pages = text.split_once("{pages}").map(|(before, after)| (before, ("NUMPAGES", after)));
    [page, pages].into_iter().flatten().min_by_key(|(before, _)| before.len())
}

/// Text between tags or quotes, without what nobody sees and what XML cannot hold.
pub(in crate::document) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_seen(*c) && !matches!(c, '\u{fffe}' | '\u{ffff}')) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, runs) => {
            // The part's own heading is of the first level.
            paragraph(
                out,
                ["Heading1", "Heading1", "Heading2"]
                    .get(usize::from(*level))
                    .unwrap_or(&"Heading3"),
                runs,
            );
        }
        Block::Paragraph(runs) => paragraph(out, "BodyText", runs),
        Block::Note(runs) => paragraph(out, "Note", runs),
        Block::List(list) => items(out, list),
        Block::Fields(fields) => {
            for field in fields {
                let mut runs: Vec<Run> = field.label.iter().map(bold).collect();
                runs.push(Run::plain("\t"));
                runs.extend(field.value.iter().cloned());
                paragraph(out, "Field", &runs);
            }
        }
        Block::Table(rows) => table(out, rows),
        Block::PageBreak => out.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"),
        // Text holds no drawings.
        Block::Figure(_) => {}
    }
}

fn bold(run: &Run) -> Run {
    match run.style {
        Style::Plain => Run::bold(run.text.clone()),
        _ => run.clone(),
    }
}

fn paragraph(out: &mut String, style: &str, runs: &[Run]) {
    let _ = write!(out, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
    for each in runs {
        run(out, each);
    }
    out.push_str("</w:p>");
}

/// One run; line feeds and tabs in it are elements of their own.
fn run(out: &mut String, run: &Run) {
    if run.text.is_empty() {
        return;
    }
    out.push_str("<w:r>");
    match run.style {
        Style::Plain => {}
        Style::Bold => out.push_str("<w:rPr><w:rStyle w:val=\"Strong\"/></w:rPr>"),
        Style::Italic => out.push_str("<w:rPr><w:rStyle w:val=\"Emphasis\"/></w:rPr>"),
        Style::Label => out.push_str("<w:rPr><w:rStyle w:val=\"Label\"/></w:rPr>"),
    }
    for (number, line) in run.text.split('\n').enumerate() {
        if number > 0 {
            out.push_str("<w:br/>");
        }
        for (number, words) in line.split('\t').enumerate() {
            if number > 0 {
                out.push_str("<w:tab/>");
            }
            let _ = write!(out, "<w:t xml:space=\"preserve\">{}</w:t>", escaped(words));
        }
    }
    out.push_str("</w:r>");
}

/// Entries with a marker of their own keep it; the others get the bullet of their level.
fn items(out: &mut String, list: &List) {
    for item in &list.items {
        let level = item.depth.min(DEEPEST_LEVEL);
        match &item.marker {
            None => paragraph(out, &format!("ListBullet{level}"), &item.runs),
            Some(marker) => {
                let mut runs = vec![Run::plain(format!("{marker}\t"))];
                runs.extend(item.runs.iter().cloned());
                paragraph(out, &format!("ListItem{level}"), &runs);
            }
        }
    }
}

fn table(out: &mut String, table: &Table) {
    let rows = || [&table.header].into_iter().chain(&table.rows);
    let columns = rows().map(Vec::len).max().unwrap_or(0);
    if columns == 0 {
        return;
    }
    out.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/></w:tblPr><w:tblGrid>");
    let longest = |column| {
        let lengths =
            rows().filter_map(|row: &Vec<Cell>| row.get(column).map(|cell: &Cell| length(cell)));
        lengths.max().unwrap_or(0).clamp(6, 48)
    };
    let weights: Vec<usize> = (0..columns).map(longest).collect();
    let whole: usize = weights.iter().sum::<usize>().max(1);
    for weight in &weights {
        let _ = write!(out, "<w:gridCol w:w=\"{}\"/>", TEXT_WIDTH * weight / whole);
    }
    out.push_str("</w:tblGrid>");
    if !table.header.is_empty() {
        row(out, &table.header, columns, true);
    }
    for cells in &table.rows {
        row(out, cells, columns, false);
    }
    out.push_str("</w:tbl>");
    // Two tables in a row would become one.
    paragraph(out, "BodyText", &[]);
}

fn length(cell: &[Run]) -> usize {
    cell.iter().map(|run| run.text.chars().count()).sum()
}

fn row(out: &mut String, cells: &[Cell], columns: usize, header: bool) {
    let properties = if header { "<w:cantSplit/><w:tblHeader/>" } else { "<w:cantSplit/>" };
    let style = if header { "TableHead" } else { "TableText" };
    let _ = write!(out, "<w:tr><w:trPr>{properties}</w:trPr>");
    for column in 0..columns {
        out.push_str("<w:tc>");
        paragraph(out, style, cells.get(column).map_or(&[][..], Vec::as_slice));
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
}
