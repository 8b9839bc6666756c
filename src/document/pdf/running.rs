//! Lines that stand at the head or foot of page after page: what a program repeats, and no part of what is said.
//! They come last, so that they do not cut in two a sentence that runs from page to page; the first head stays where
//! it is. No word is left out.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::layout::Line;

/// A page that has been laid out.
pub(super) struct LaidOut {
    pub(super) number: usize,
    pub(super) lines: Vec<Line>,
    /// Where its content stands in the file.
    pub(super) source: Range<usize>,
}

/// So many lines at either end of a page may be repeated.
const DEEPEST: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    Head,
    Foot,
}

/// A line at an end of a page.
struct Ending {
    likeness: Likeness,
    /// The next line inwards: where that is repeated, too, pages only say the same.
    guard: Option<Likeness>,
}

/// What makes two lines the same: which end, how high, and what they say whatever the numbers.
type Likeness = (End, i64, String);

/// Takes the repeated lines out of pages, page by page.
pub(super) fn take_out(pages: &mut [LaidOut]) -> Vec<LaidOut> {
    if pages.len() < 2 {
        return Vec::new();
    }
    let found: Vec<HashMap<usize, Ending>> = pages.iter().map(|page| ends(&page.lines)).collect();
    let mut counts: HashMap<&Likeness, usize> = HashMap::new();
    for end in found.iter().flat_map(HashMap::values) {
        *counts.entry(&end.likeness).or_default() += 1;
    }
    let mut guards: HashMap<&Likeness, usize> = HashMap::new();
    for guard in found.iter().flat_map(|ends| {
        let guards: HashSet<&Likeness> =
            ends.values().filter_map(|end| end.guard.as_ref()).collect();
        guards
    }) {
        *guards.entry(guard).or_default() += 1;
    }
    let repeats = |end: &&Ending| {
        counts.get(&end.likeness) > Some(&1)
            && end.guard.as_ref().is_none_or(|guard| guards.get(guard) <= Some(&1))
    };
    let mut seen: Vec<&Likeness> = Vec::new();
    let mut taken = Vec::new();
    for (page, found) in pages.iter_mut().zip(&found) {
        let (mut kept, mut out) = (Vec::new(), Vec::new());
        for (place, line) in std::mem::take(&mut page.lines).into_iter().enumerate() {
            let likeness = found.get(&place).filter(repeats).map(|end| &end.likeness);
            let first_head = likeness.is_some_and(|likeness| {
                let first = likeness.0 == End::Head && !seen.contains(&likeness);
                seen.push(likeness);
                first
            });
            if likeness.is_some() && !first_head {
                out.push(line);
            } else {
                kept.push(line);
            }
        }
        page.lines = kept;
        if !out.is_empty() {
            taken.push(LaidOut { number: page.number, lines: out, source: page.source.clone() });
        }
    }
    taken
}

/// The lines at the ends of a page, apart from the rest, with their places among its lines.
fn ends(lines: &[Line]) -> HashMap<usize, Ending> {
    let mut level: Vec<(usize, &Line)> =
        lines.iter().enumerate().filter(|(_, line)| line.is_level() && is_seen(line)).collect();
    level.sort_by(|(_, a), (_, b)| b.origin.y.total_cmp(&a.origin.y));
    let mut rows: Vec<Vec<(usize, &Line)>> = Vec::new();
    for (place, line) in level {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|(_, first)| height(first) == height(line)) => {
                row.push((place, line));
            }
            _ => rows.push(vec![(place, line)]),
        }
    }
    // A page of hardly anything has no ends.
    if rows.len() < DEEPEST * 2 + 2 {
        return HashMap::new();
    }
    let mut found = HashMap::new();
    for (end, (rows, inner)) in
        [(End::Head, apart(rows.iter())), (End::Foot, apart(rows.iter().rev()))]
    {
        let guard = inner.and_then(|row| row.first()).map(|(_, line)| likeness(end, line));
        for (place, line) in rows.into_iter().flatten() {
            found.insert(*place, Ending { likeness: likeness(end, line), guard: guard.clone() });
        }
    }
    found
}

fn likeness(end: End, line: &Line) -> Likeness {
    (end, height(line), words(line))
}

type Row<'a> = Vec<(usize, &'a Line)>;

/// The first rows, up to the last of a few that a wide space parts from what follows, and the row that follows.
fn apart<'a, 'b>(
    rows: impl Iterator<Item = &'b Row<'a>>,
) -> (Vec<&'b Row<'a>>, Option<&'b Row<'a>>) {
    let mut rows: Vec<&Row<'_>> = rows.take(DEEPEST + 1).collect();
    let space = |pair: &[&Row<'_>]| match pair {
        [outer, inner] => outer.first().zip(inner.first()).is_some_and(|((_, a), (_, b))| {
            (a.origin.y - b.origin.y).abs() > a.size.max(b.size) * 1.7
        }),
        _ => false,
    };
    let last = rows.windows(2).rposition(space).map_or(0, |place| place + 1);
    let inner = rows.get(last).copied();
    rows.truncate(last);
    (rows, inner)
}

fn is_seen(line: &Line) -> bool {
    line.cells.iter().flat_map(|cell| &cell.words).all(|word| word.unseen.is_none())
}

#[expect(clippy::cast_possible_truncation, reason = "believable coordinates fit")]
fn height(line: &Line) -> i64 {
    (line.origin.y / 2.0).round() as i64
}

/// The words of a line, with every number the same.
fn words(line: &Line) -> String {
    let mut said = String::new();
    for character in
        line.cells.iter().flat_map(|cell| &cell.words).flat_map(|word| word.text.chars())
    {
        if !character.is_numeric() {
            said.push(character);
        } else if !said.ends_with('#') {
            said.push('#');
        }
    }
    said
}
