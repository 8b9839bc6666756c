//! Postal addresses without a label: the lines above a postcode and the words before it. Knows the shape of British
//! addresses; no gazetteer.

use super::hit::Hit;
use super::labels::looks_like_address;
use super::rules::Rules;
use super::text::{Cell, Page, Shape, Zone};
use crate::rulebook::{Kind, RuleId};

/// How many lines an address has above its postcode.
const LINES_ABOVE: usize = 5;

/// Marks the address around each postcode that has been found.
pub(super) fn find(page: &Page, rules: &Rules, rule: &RuleId, hits: &mut Vec<Hit>) {
    let postcodes: Vec<(u32, u32)> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Postcode)
        .map(|hit| (hit.start, hit.end))
        .collect();
    for (start, _) in postcodes {
        let at = page.tokens.partition_point(|token| token.start < start);
        let Some(cell) = page.layout.cell_at(at) else { continue };
        if matches!(page.zone(at), Zone::Employment) {
            continue;
        }
        around(page, rules, rule, cell, at, hits);
    }
}

fn around(page: &Page, rules: &Rules, rule: &RuleId, cell: &Cell, at: usize, hits: &mut Vec<Hit>) {
    let mut push = |first: usize, last: usize| {
        hits.extend(Hit::over(page, first, last, Kind::Address, rule));
    };
    let before = address_start(page, rules, cell.first, at);
    if let Some(first) = before {
        push(first, trim(page, first, at));
    }
    // Cells before it on the same line: "Town    Postcode: X".
    for other in page.layout.cells.iter().filter(|c| c.line == cell.line && c.first < cell.first) {
        let labelled = (other.first..other.last).any(|i| page.is_mark(i, b':'));
        if !labelled
            && looks_like_address(page, rules, other)
            && page.zone(other.first) == Zone::Personal
        {
            push(other.first, trim(page, other.first, other.last));
        }
    }
    let whole_line = before.is_none_or(|first| first == cell.first);
    if !whole_line {
        return;
    }
    let above = lines_above(page, rules, cell);
    // Without a line that begins like an address, what stands above may be anything.
    let Some(top) = above.iter().rposition(|cell| begins_address(page, rules, cell)) else {
        return;
    };
    for cell in above.iter().take(top + 1) {
        push(cell.first, trim(page, cell.first, cell.last));
    }
}

/// The cells above, nearest first, while they look like lines of an address.
fn lines_above(page: &Page, rules: &Rules, cell: &Cell) -> Vec<Cell> {
    let mut above = Vec::new();
    for back in 1..=LINES_ABOVE {
        let Some(number) = cell.line.checked_sub(back) else { break };
        let broken = page.layout.lines.get(number + 1).is_none_or(|line| line.after_break);
        let Some(line) = page.layout.lines.get(number) else { break };
        let candidate = page
            .layout
            .cells
            .get(line.first_cell..line.last_cell)
            .unwrap_or_default()
            .iter()
            .find(|other| other.column.abs_diff(cell.column) <= 4)
            .copied();
        match candidate {
            Some(other)
                if !broken
                    && !other.heading
                    && looks_like_address(page, rules, &other)
                    && !(other.first..other.last).any(|i| page.is_mark(i, b':')) =>
            {
                above.push(other);
            }
            _ => break,
        }
    }
    above
}

/// A house number, "Flat", "The Old Forge", or a word of streets and houses.
fn begins_address(page: &Page, rules: &Rules, cell: &Cell) -> bool {
    let number = page.token(cell.first).is_some_and(|token| token.shape == Shape::Number);
    number
        || (cell.first..cell.last).any(|at| {
            page.starts(at, rules.lexicons.address_words)
                && page.token(at).is_some_and(|t| t.is_capital())
        })
}

/// Where the address before a postcode on its own line begins: at its house number, or at the last comma-separated
/// capitalised words.
fn address_start(page: &Page, rules: &Rules, first: usize, postcode: usize) -> Option<usize> {
    let mut start = postcode;
    let mut house = None;
    for at in (first..postcode).rev() {
        let token = page.token(at)?;
        let fits = match token.shape {
            Shape::Word(_) => {
                token.is_capital()
                    || matches!(
                        page.lower(at),
                        "of" | "the"
                            | "upon"
                            | "on"
                            | "in"
                            | "by"
                            | "le"
                            | "y"
                            | "near"
                            | "under"
                            | "'s"
                    )
            }
            Shape::Number => true,
            Shape::Mark(b',' | b'-' | b'\'' | b'.' | b'/') => true,
            _ => false,
        };
        if !fits || is_postcode_label(page, at) {
            break;
        }
        start = at;
        if token.shape == Shape::Number || is_house_word(page, rules, at) {
            house = Some(at);
        }
    }
    let start = house.unwrap_or(start);
    let start = (start..postcode)
        .find(|at| page.token(*at).is_some_and(|t| t.is_word() || t.shape == Shape::Number))?;
    (start < postcode).then_some(start)
}

fn is_house_word(page: &Page, rules: &Rules, at: usize) -> bool {
    matches!(
        page.lower(at),
        "flat" | "apartment" | "apt" | "unit" | "plot" | "pitch" | "room" | "c"
    ) && page.starts(at, rules.lexicons.address_words)
}

fn is_postcode_label(page: &Page, at: usize) -> bool {
    matches!(page.lower(at), "postcode" | "post" | "code" | "pc" | "tel" | "at")
}

fn trim(page: &Page, first: usize, mut last: usize) -> usize {
    while last > first
        && page
            .token(last - 1)
            .is_some_and(|t| matches!(t.shape, Shape::Mark(b',' | b'.' | b'|' | b'-')))
    {
        last -= 1;
    }
    last
}
