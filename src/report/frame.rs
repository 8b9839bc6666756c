//! Tables as pages and sheets of paper show them: caption, head and rows, on a page in a place that scrolls by itself
//! where the page is narrower than the table. Knows no finding.

use maud::{Markup, html};

use super::words::Words;
use crate::typeset::{self, Align, Block, Run};

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

/// A table before it is set on a page or on paper.
pub struct Grid {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a table. A cell may have several lines.
pub struct Row {
    /// How many of the first cells name the row.
    pub names: usize,
    /// Its cells, from left to right.
    pub cells: Vec<String>,
}

impl Grid {
    /// The table on a page.
    pub fn html(&self) -> Markup {
        let is_figure = |place: usize| self.columns.get(place).is_some_and(|c| c.is_figure);
        let rows = html! { @for row in &self.rows { tr {
            @for (place, cell) in row.cells.iter().enumerate() {
                @if place < row.names { th scope="row" { (lines(cell)) } }
                @else if is_figure(place) { td .figure { (lines(cell)) } }
                @else { td { (lines(cell)) } }
            }
        } } };
        table(&self.caption, &self.columns, &rows)
    }

    /// The table on paper.
    pub fn block(&self) -> Block {
        let cell = |text: &String| vec![Run::plain(text.replace('\n', " "))];
        let align = |column: &Column| if column.is_figure { Align::Right } else { Align::Left };
        Block::Table(typeset::Table {
            header: self.columns.iter().map(|c| vec![Run::bold(c.heading.clone())]).collect(),
            rows: self.rows.iter().map(|row| row.cells.iter().map(cell).collect()).collect(),
            align: self.columns.iter().map(align).collect(),
            row_headers: true,
        })
    }
}

fn lines(text: &str) -> Markup {
    html! {
        @for (place, line) in text.lines().enumerate() {
            @if place > 0 { br; }
            (line)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_a_sheet_of_paper_have_the_same_cells() {
        let grid = Grid {
            caption: "By grade".to_owned(),
            columns: vec![Column::text("Group"), Column::text("Kind"), Column::figures("Ratio")],
            rows: vec![Row {
                names: 1,
                cells: ["A & B", "C", "0.91\n(0.80 to 1.02)"].map(str::to_owned).to_vec(),
            }],
        };
        let page = grid.html().into_string();
        let row = "<tr><th scope=\"row\">A &amp; B</th><td>C</td>\
                   <td class=\"figure\">0.91<br>(0.80 to 1.02)</td></tr>";
        assert!(page.contains(row), "{page}");
        let Block::Table(table) = grid.block() else { panic!("a table") };
        let text = |cells: &[typeset::Cell]| -> Vec<String> {
            cells.iter().map(|cell| cell.iter().map(|run| run.text.as_str()).collect()).collect()
        };
        assert_eq!(text(&table.header), ["Group", "Kind", "Ratio"]);
        assert_eq!(text(&table.rows[0]), ["A & B", "C", "0.91 (0.80 to 1.02)"]);
        assert_eq!(table.align, [Align::Left, Align::Left, Align::Right]);
        assert!(table.row_headers);
    }
}
