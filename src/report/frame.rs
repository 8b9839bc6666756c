//! The frame of a table on a page: caption, head, and a place that scrolls by itself where the page is narrower than the
//! table. Knows no finding.

use maud::{Markup, html};

use super::words::Words;

/// A column of a table.
pub struct Column {
    heading: String,
    is_figure: bool,
}

impl Column {
    /// One of words.
    pub fn text(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), is_figure: false }
    }

    /// One of figures, which stand to the right.
    pub fn figures(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), is_figure: true }
    }
}

/// Columns of words and after them columns of figures, headed by messages.
pub fn columns<const T: usize, const F: usize>(
    words: &Words,
    text: [&str; T],
    figures: [&str; F],
) -> Vec<Column> {
    let text = text.into_iter().map(|id| Column::text(words.plain(id)));
    text.chain(figures.into_iter().map(|id| Column::figures(words.plain(id)))).collect()
}

/// A table with the rows of its body.
pub fn table(caption: &str, columns: &[Column], rows: &Markup) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for column in columns {
                    @if column.is_figure { th scope="col" .figure { (column.heading) } }
                    @else { th scope="col" { (column.heading) } }
                } } }
                tbody { (rows) }
            }
        }
    }
}
