//! A clean document as one web page: no script, nothing loaded from elsewhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::text::is_seen;
use super::{CleanDocument, PRODUCER};
use crate::document::structure;
use crate::typeset::{Block, List, Run, Style, Table};

const STYLE: &str = include_str!("page.css");

/// Writes a web page.
pub(super) fn write(document: &CleanDocument<'_>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(seen(document.language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="generator" content=(PRODUCER);
                title { (seen(document.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (seen(document.title)) }
                    @for part in document.parts {
                        section {
                            @if !part.heading.trim().is_empty() {
                                h2 { (set(&structure::runs(part.heading))) }
                            }
                            (blocks(&structure::blocks(part.text)))
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}

fn seen(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || is_seen(*c)).collect()
}

/// Runs of text; a line feed in them ends the line.
fn set(runs: &[Run]) -> Markup {
    html! {
        @for run in runs {
            @match run.style {
                Style::Plain => (lines(&run.text)),
                Style::Bold => b { (lines(&run.text)) },
                Style::Italic => i { (lines(&run.text)) },
                Style::Label => span.label { (seen(&run.text)) },
            }
        }
    }
}

fn lines(text: &str) -> Markup {
    html! {
        @for (number, line) in text.split('\n').enumerate() {
            @if number > 0 { br; }
            (seen(line))
        }
    }
}

fn blocks(blocks: &[Block]) -> Markup {
    html! {
        @for block in blocks {
            @match block {
                Block::Heading(1, runs) => h2 { (set(runs)) },
                Block::Heading(2, runs) => h3 { (set(runs)) },
                Block::Heading(_, runs) => h4 { (set(runs)) },
                Block::Paragraph(runs) => p { (set(runs)) },
                Block::List(list) => (entries(list)),
                Block::Fields(fields) => dl {
                    @for field in fields {
                        div { dt { (set(&field.label)) } " " dd { (set(&field.value)) } }
                    }
                },
                Block::Table(table) => (rows(table)),
                Block::Note(runs) => aside { (set(runs)) },
                Block::Figure(_) | Block::PageBreak => {}
            }
        }
    }
}

/// One list whatever its depth: the depth shows as an indent, so that no list is left open.
fn entries(list: &List) -> Markup {
    html! {
        ul {
            @for item in &list.items {
                li class=[(item.depth > 0).then(|| format!("deep-{}", item.depth.min(4)))] {
                    span.marker { (item.marker.as_deref().unwrap_or("•")) } " " (set(&item.runs))
                }
            }
        }
    }
}

fn rows(table: &Table) -> Markup {
    html! {
        div.scroll tabindex="0" { table {
            @if !table.header.is_empty() {
                thead { tr { @for cell in &table.header { th scope="col" { (set(cell)) } } } }
            }
            tbody {
                @for row in &table.rows { tr { @for cell in row { td { (set(cell)) } } } }
            }
        } }
    }
}
