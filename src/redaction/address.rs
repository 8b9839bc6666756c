//! Postal addresses without a label: the lines above a postcode and the words before it. Knows the shape of British
//! addresses; no gazetteer.

use super::hit::Hit;
use super::labels::looks_like_address;
use super::rules::Rules;
use super::text::layout::skeleton;
use super::text::{Cell, Gap, Page, Shape, Zone};
use crate::rulebook::{Kind, RuleId};

/// How many lines an address has above its postcode.
const LINES_ABOVE: usize = 5;

/// An address at the head of a text stands within so many lines.
const HEAD_LINES: usize = 15;

/// An address without a number heads a letter in its first lines.
const HEAD_CARD: usize = 6;

/// An address below a signature stands within so many lines of the end.
const FOOT_LINES: usize = 12;

/// Marks the address around each postcode that has been found, and addresses without one at the head of the text.
pub(super) fn find(page: &Page, rules: &Rules, rule: &RuleId, hits: &mut Vec<Hit>) {
    // "W7T 2RN 9QE": the first two thirds of a share code have the shape of a postcode.
    let in_longer_number = |postcode: &Hit| {
        hits.iter().any(|hit| {
            matches!(hit.kind, Kind::IdNumber | Kind::NiNumber)
                && hit.start <= postcode.start
                && hit.end > postcode.end
        })
    };
    let postcodes: Vec<(u32, u32)> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Postcode && !in_longer_number(hit))
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
    head(page, rules, rule, hits);
}

/// "2 Ferrygate, Hull" in a cell of its own near the top or below the signature: a house number, a name, a town.
fn head(page: &Page, rules: &Rules, rule: &RuleId, hits: &mut Vec<Hit>) {
    let foot = page.layout.lines.len().saturating_sub(FOOT_LINES);
    let ends = |cell: &&Cell| cell.line < HEAD_LINES || cell.line >= foot;
    for cell in page.layout.cells.iter().filter(ends) {
        let first = after_label(page, cell.first, cell.last);
        let number = page.token(first).is_some_and(|t| t.shape == Shape::Number && t.len() <= 4)
            && page.word(first).starts_with(|c: char| c.is_ascii_digit() && c != '0');
        let Some(comma) = (first + 2..first + 6).find(|at| page.is_mark(*at, b',')) else {
            continue;
        };
        let capital = |at: usize| page.token(at).is_some_and(|t| t.is_capital() && t.len() > 1);
        let street = (first + 1..comma).all(capital)
            && !(first + 1..comma).any(|at| {
                page.starts(at, rules.lexicons.months) || page.starts(at, rules.lexicons.job_titles)
            });
        let town = comma + 1 < cell.last
            && cell.last - comma <= 6
            && (comma + 1..cell.last).all(|at| {
                capital(at)
                    || page.token(at).is_some_and(|t| !t.is_word() && t.shape != Shape::Number)
            });
        if number && street && town && page.beside(first + 1) {
            hits.extend(Hit::over(page, first, trim(page, first, cell.last), Kind::Address, rule));
        }
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
        let first = after_label(page, other.first, other.last);
        if !labelled
            && first < other.last
            && looks_like_address(page, rules, other)
            && (page.zone(other.first) == Zone::Personal || cell.line < HEAD_LINES)
        {
            push(first, trim(page, first, other.last));
        }
    }
    let whole_line = before.is_none_or(|first| first == cell.first);
    if !whole_line || before.is_some_and(|first| is_street_and_town(page, rules, first, at)) {
        return;
    }
    let above = lines_above(page, rules, cell);
    // Without a line that begins like an address, what stands above may be anything.
    let heads = || {
        (cell.line < HEAD_CARD
            && !above.is_empty()
            && !above.iter().any(|cell| names_work(page, rules, cell)))
        .then(|| above.len() - 1)
    };
    let named = || {
        (cell.line < HEAD_LINES && above.first().is_some_and(|cell| is_list_of_places(page, cell)))
            .then_some(0)
    };
    let top = above
        .iter()
        .rposition(|cell| begins_address(page, rules, cell))
        .or_else(named)
        .or_else(heads);
    let Some(top) = top else { return };
    for cell in above.iter().take(top + 1) {
        let first = after_label(page, cell.first, cell.last);
        push(first, trim(page, first, cell.last));
    }
}

/// "36 Lady Margaret Road, Southall" before its postcode is a whole address: what stands above is none of it.
fn is_street_and_town(page: &Page, rules: &Rules, first: usize, postcode: usize) -> bool {
    let words = |from: usize, to: usize| {
        (from..to).filter(|at| page.token(*at).is_some_and(super::text::Token::is_word)).count()
    };
    let begins = page.token(first).is_some_and(|token| token.shape == Shape::Number)
        || is_house_word(page, rules, first);
    let comma = (first..postcode).rev().find(|at| page.is_mark(*at, b',') && at + 1 < postcode);
    begins && comma.is_some_and(|comma| words(first, comma) > 1 && words(comma, postcode) > 0)
}

/// Where what a label says begins: "Address  47 Church Road".
fn after_label(page: &Page, first: usize, last: usize) -> usize {
    (first..last)
        .find(|at| {
            !is_postcode_label(page, *at) && !page.is_mark(*at, b'.') && !page.is_mark(*at, b':')
        })
        .unwrap_or(last)
}

/// The cells above, nearest first, while they look like lines of an address.
fn lines_above(page: &Page, rules: &Rules, cell: &Cell) -> Vec<Cell> {
    let mut above = Vec::new();
    // "Darlington   DL1 9ZZ": the lines above begin where the town does.
    let same_line = page.layout.cells.iter().filter(|other| other.line == cell.line);
    let left = same_line.map(|other| other.column).min().unwrap_or(cell.column);
    let labelled = page.layout.cells.iter().any(|other| {
        other.line == cell.line
            && other.first < cell.first
            && (other.first..other.last).all(|at| {
                is_postcode_label(page, at) || page.token(at).is_some_and(|t| !t.is_word())
            })
    });
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
            // In a form's rows what stands first is a label: "County | Durham" above "Postcode | DH1".
            .skip(usize::from(labelled && line.last_cell > line.first_cell + 1))
            .find(|other| {
                labelled
                    || other.column.abs_diff(cell.column) <= 4
                    || other.column.abs_diff(left) <= 4
            })
            .copied();
        match candidate {
            Some(other)
                if !broken
                    && !other.heading
                    && !is_caption(page, rules, &other)
                    && looks_like_address(page, rules, &other)
                    && !is_labelled_otherwise(page, &other) =>
            {
                above.push(other);
            }
            _ => break,
        }
    }
    above
}

/// Whether a line speaks of a post, an employer or the document.
fn names_work(page: &Page, rules: &Rules, cell: &Cell) -> bool {
    (cell.first..cell.last).any(|at| {
        [rules.lexicons.job_titles, rules.lexicons.places_of_work]
            .into_iter()
            .any(|lexicon| page.starts(at, lexicon))
            || matches!(
                page.lower(at),
                "curriculum"
                    | "vitae"
                    | "cv"
                    | "application"
                    | "dear"
                    | "to"
                    | "ref"
                    | "resume"
                    | "confidential"
                    | "statement"
            )
    })
}

/// "Name", "Sex / Age", "R E G I S T E R E D": a form's caption or a letter-spaced title, however much it looks like a
/// line of an address.
fn is_caption(page: &Page, rules: &Rules, cell: &Cell) -> bool {
    let letter = |at: usize| page.token(at).is_some_and(|token| token.is_initial());
    let spaced = cell.last >= cell.first + 4 && (cell.first..cell.last).all(letter);
    let label = page
        .token(cell.first)
        .zip(page.token(cell.last.saturating_sub(1)))
        .map(|(from, to)| skeleton(page.view.slice(from.start, to.end)))
        .and_then(|text| rules.labels.get(text.as_str()))
        .and_then(|number| rules.rules.get(*number))
        .is_some_and(|rule| rule.kind != Kind::Address);
    spaced || label
}

/// Whether a cell has a label that is not one of an address.
fn is_labelled_otherwise(page: &Page, cell: &Cell) -> bool {
    (cell.first..cell.last)
        .find(|at| page.is_mark(*at, b':'))
        .is_some_and(|colon| !(cell.first..colon).all(|at| is_postcode_label(page, at)))
}

/// A house number, "Flat", "The Old Forge", or a word of streets and houses.
fn begins_address(page: &Page, rules: &Rules, cell: &Cell) -> bool {
    let number = page.token(cell.first).is_some_and(|token| token.shape == Shape::Number);
    number
        || (cell.first..cell.last).any(|at| {
            page.starts(at, rules.lexicons.address_words)
                && page.token(at).is_some_and(|t| t.is_capital())
                || joins_a_place(page, at)
        })
}

/// "Quoyness, Holm, Orkney": a house, a village and a county.
fn is_list_of_places(page: &Page, cell: &Cell) -> bool {
    (cell.first..cell.last).any(|at| page.is_mark(at, b','))
        && (cell.first..cell.last).all(|at| {
            page.is_mark(at, b',')
                || page.is_mark(at, b'-')
                || SMALL_WORDS.contains(&page.lower(at))
                || page.token(at).is_some_and(|token| token.is_capital())
        })
}

/// "Ffos-y-ffin", "Newton-le-Willows": a small word between hyphens is the mark of a place.
fn joins_a_place(page: &Page, at: usize) -> bool {
    matches!(
        page.lower(at),
        "y" | "yr" | "ar" | "le" | "on" | "upon" | "by" | "under" | "in" | "the" | "cum" | "next"
    ) && at > 0
        && page.is_mark(at - 1, b'-')
        && page.is_mark(at + 1, b'-')
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
                    || SMALL_WORDS.contains(&page.lower(at))
                    || part_of_house(page, at)
                    || at > first && token.gap == Gap::Joined && page.is_mark(at - 1, b'-')
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
    let start = house.map_or(start, |house| before_house(page, rules, start, house));
    let start = (start..postcode)
        .find(|at| page.token(*at).is_some_and(|t| t.is_word() || t.shape == Shape::Number))?;
    (start < postcode).then_some(start)
}

/// Small words inside the names of places.
const SMALL_WORDS: [&str; 19] = [
    "of", "the", "upon", "on", "in", "by", "le", "y", "near", "nr", "ger", "yr", "ar", "under",
    "'s", "and", "na", "nan", "an",
];

/// "Top floor", "upper flat", "rear of": which part of a house.
fn part_of_house(page: &Page, at: usize) -> bool {
    matches!(
        page.lower(at),
        "floor" | "flat" | "house" | "rear" | "upper" | "lower" | "ground" | "top" | "basement"
    )
}

/// "Rear flat, 88 Bury Old Road", "Willow Barn, 4 Drove End": a named part of a house before its number.
fn before_house(page: &Page, rules: &Rules, start: usize, house: usize) -> usize {
    let comma = house.checked_sub(1).filter(|at| page.is_mark(*at, b','));
    let named = comma.is_some_and(|comma| {
        comma.saturating_sub(start) <= 4
            && comma > 0
            && (page.lower(start) == "the"
                || (start..comma).any(|at| {
                    page.starts(at, rules.lexicons.address_words) || part_of_house(page, at)
                }))
    });
    if named { start } else { house }
}

fn is_house_word(page: &Page, rules: &Rules, at: usize) -> bool {
    matches!(
        page.lower(at),
        "flat" | "apartment" | "apt" | "unit" | "plot" | "pitch" | "room" | "c"
    ) && page.starts(at, rules.lexicons.address_words)
}

/// Words before an address that are not part of it.
fn is_postcode_label(page: &Page, at: usize) -> bool {
    matches!(
        page.lower(at),
        "postcode"
            | "postal"
            | "post"
            | "code"
            | "pc"
            | "tel"
            | "at"
            | "address"
            | "addr"
            | "home"
            | "cyfeiriad"
            | "lives"
            | "live"
            | "living"
            | "add"
            | "zip"
            | "cod"
    )
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
