//! Rows to pages: as many as fit, with what must stay together on one page. Knows nothing of what rows show.

use super::layout::{Mark, Row};

/// How high the text of a page is.
pub(super) const TEXT_HEIGHT: f32 = 690.0;

/// A page: marks with the distance of their row from the head of the text.
#[derive(Default)]
pub(super) struct Page {
    pub marks: Vec<(f32, Mark)>,
    /// Marks that repeat what an earlier page has.
    pub repeated: Vec<(f32, Mark)>,
    /// Entries of the outline: level, words, distance.
    pub outline: Vec<(u16, String, f32)>,
}

/// How much closer lines may be set so that they fit on a page: 15.5 points become 14.3, still well apart.
const CLOSEST: f32 = 0.92;

/// Whether rows can be one page, if their lines are set closer. Drawings are never pressed.
pub(super) fn fits_first_page(rows: &[Row]) -> bool {
    let height = height(rows);
    let drawn = rows.iter().flat_map(|row| &row.marks).any(|m| matches!(m, Mark::Drawing { .. }));
    height <= TEXT_HEIGHT || !drawn && share(height) >= CLOSEST
}

fn height(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.above + row.height).sum()
}

/// How much closer lines must be set to be one page. A thousandth less, so that rounding puts no row on the next page.
fn share(height: f32) -> f32 {
    0.999 * TEXT_HEIGHT / height
}

/// Sets the rows before the first page break closer, if that brings them onto one page.
pub(super) fn close_up_first_page(rows: &mut [Row]) {
    let count = rows.iter().position(|row| row.new_page).unwrap_or(rows.len());
    let (first, _) = rows.split_at_mut(count);
    let height = height(first);
    if height <= TEXT_HEIGHT || !fits_first_page(first) {
        return;
    }
    let share = share(height);
    for row in first {
        row.above *= share;
        row.height *= share;
    }
}

/// Shares rows out to pages; there is at least one.
pub(super) fn pages(rows: Vec<Row>) -> Vec<Page> {
    let mut flow = Flow { done: Vec::new(), page: Page::default(), y: 0.0 };
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let mut group = vec![row];
        while group.last().is_some_and(|row| row.keeps_next)
            && let Some(next) = rows.next_if(|row| !row.new_page)
        {
            group.push(next);
        }
        flow.group(group);
    }
    flow.done.push(flow.page);
    flow.done
}

struct Flow {
    done: Vec<Page>,
    page: Page,
    y: f32,
}

impl Flow {
    fn group(&mut self, group: Vec<Row>) {
        let height: f32 = group.iter().map(|row| row.above + row.height).sum();
        let asked = group.first().is_some_and(|row| row.new_page);
        // What is higher than a page is divided anyway, from where it stands.
        if asked && self.y > 0.0 || self.y + height > TEXT_HEIGHT && height <= TEXT_HEIGHT * 0.9 {
            self.end_page(group.first());
        }
        for row in group {
            if self.y + row.above + row.height > TEXT_HEIGHT && self.y > 0.0 {
                self.end_page(Some(&row));
            }
            self.place(row);
        }
    }

    fn place(&mut self, row: Row) {
        let top = if self.y > 0.0 { self.y + row.above } else { 0.0 };
        if let Some((level, words)) = row.outline {
            self.page.outline.push((level, words, top));
        }
        self.page.marks.extend(row.marks.into_iter().map(|mark| (top, mark)));
        self.y = top + row.height;
    }

    fn end_page(&mut self, next: Option<&Row>) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = 0.0;
        for row in next.and_then(|row| row.repeats.as_deref()).into_iter().flatten() {
            let top = self.y;
            self.page.repeated.extend(row.marks.iter().map(|mark| (top, mark.clone())));
            self.y += row.height;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(height: f32, keeps_next: bool) -> Row {
        let mark = Mark::Box {
            at: (0.0, 0.0),
            size: (1.0, 1.0),
            radius: 0.0,
            colour: crate::typeset::Colour(0, 0, 0),
        };
        Row { height, keeps_next, marks: vec![mark], ..Row::default() }
    }

    fn counts(rows: Vec<Row>) -> Vec<usize> {
        pages(rows).iter().map(|page| page.marks.len()).collect()
    }

    #[test]
    fn what_stays_together_moves_together() {
        let full = TEXT_HEIGHT - 20.0;
        assert_eq!(counts(vec![row(full, false), row(15.0, true), row(15.0, false)]), [1, 2]);
        assert_eq!(counts(vec![row(full, false), row(15.0, false), row(15.0, false)]), [2, 1]);
        assert_eq!(counts(Vec::new()), [0]);
    }

    #[test]
    fn a_first_page_that_is_a_little_too_long_is_closed_up() {
        let rows = |count: usize| {
            let mut rows: Vec<Row> = (0..count).map(|_| row(15.0, false)).collect();
            rows.push(Row { new_page: true, ..row(15.0, false) });
            close_up_first_page(&mut rows);
            counts(rows)
        };
        assert_eq!(rows(46), [46, 1]);
        assert_eq!(rows(49), [49, 1]);
        // Far too long: left as it is.
        assert_eq!(rows(60), [46, 14, 1]);
    }

    #[test]
    fn what_is_higher_than_a_page_is_divided() {
        let chain = (0..100).map(|_| row(20.0, true)).collect();
        assert_eq!(counts(chain), [34, 34, 32]);
    }

    #[test]
    fn a_table_header_is_drawn_again_at_the_head_of_a_page() {
        let header = std::rc::Rc::new(vec![row(20.0, true)]);
        let rows = (0..60)
            .map(|_| Row { repeats: Some(std::rc::Rc::clone(&header)), ..row(20.0, false) })
            .collect();
        let found: Vec<_> =
            pages(rows).iter().map(|page| (page.marks.len(), page.repeated.len())).collect();
        assert_eq!(found, [(34, 0), (26, 1)]);
    }
}
