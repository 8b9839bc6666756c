//! Labelled fields of forms: `Surname: X`, `Surname | X`, `Surname` in one cell and `X` in the next, `Surname` above
//! `X`. Finds labels and where their values stand; [`values`] reads a value, [`options`] what is ticked. What a label
//! means stands in the rules.

mod boxes;
mod loose;
mod options;
mod values;

use std::borrow::Cow;

use super::hit::Hit;
use super::person_name;
use super::rules::{Rule, Rules};
use super::text::layout::{skeleton, without_number};
use super::text::{Cell, Gap, Page, Shape, Zone};
use crate::rulebook::ValueShape;
use values::take_value;

pub(super) use loose::LooseLabels;
pub(super) use values::looks_like_address;

/// A label and where its value stands.
struct Field<'r> {
    rule: &'r Rule,
    first: usize,
    last: usize,
    cell: usize,
}

/// Finds every labelled value. `anchors` is called with the tokens of each value that is the candidate's name.
pub(super) fn find(
    page: &Page,
    rules: &Rules,
    hits: &mut Vec<Hit>,
    mut anchors: impl FnMut(usize, usize),
) {
    for index in 0..page.layout.cells.len() {
        let Some(whole) = page.layout.cells.get(index).copied() else { break };
        for cell in slashed(page, &whole) {
            find_in_cell(page, rules, index, &cell, hits, &mut anchors);
        }
    }
    options::find(page, rules, hits);
}

/// A monitoring line that parts its fields with slashes, part by part: "Sex M / Age range 35-44".
fn slashed(page: &Page, cell: &Cell) -> Vec<Cell> {
    let at_slash = |at: &usize| {
        page.is_mark(*at, b'/') && page.token(*at).is_some_and(|mark| mark.gap == Gap::Space)
    };
    let colon = (cell.first..cell.last).any(|at| page.is_mark(at, b':'));
    if cell.zone != Zone::Monitoring || colon {
        return vec![*cell];
    }
    let slashes: Vec<usize> = (cell.first..cell.last).filter(at_slash).collect();
    let starts = std::iter::once(cell.first).chain(slashes.iter().map(|at| at + 1));
    let ends = slashes.iter().copied().chain(std::iter::once(cell.last));
    starts.zip(ends).map(|(first, last)| Cell { first, last, ..*cell }).collect()
}

fn find_in_cell(
    page: &Page,
    rules: &Rules,
    index: usize,
    cell: &Cell,
    hits: &mut Vec<Hit>,
    anchors: &mut impl FnMut(usize, usize),
) {
    let mut from = cell.first;
    // One cell may hold several fields: "Age: 34 Gender: Male".
    while let Some(field) = field_at(page, rules, cell, index, from) {
        let next = next_label(page, rules, &field, cell);
        let field = Field { last: next.unwrap_or(field.last), ..field };
        let before = hits.len();
        take_value(page, rules, &field, hits);
        if field.rule.anchor {
            for hit in hits.get(before..).unwrap_or_default() {
                let tokens = tokens_between(page, hit.start, hit.end);
                anchors(tokens.0, tokens.1);
            }
        }
        match next {
            Some(next) => from = next,
            None => break,
        }
    }
}

fn tokens_between(page: &Page, start: u32, end: u32) -> (usize, usize) {
    let first = page.tokens.partition_point(|token| token.start < start);
    let last = page.tokens.partition_point(|token| token.end <= end);
    (first, last)
}

fn field_at<'r>(
    page: &Page,
    rules: &'r Rules,
    cell: &Cell,
    index: usize,
    from: usize,
) -> Option<Field<'r>> {
    let from = skip_question(page, from, cell.last);
    let from = skip_slash(page, from, cell.last);
    // With a colon or question mark.
    let mut at = from;
    while at < cell.last && at < from + 18 {
        if is_delimiter(page, at, cell.last)
            && let Some(rule) = lookup(page, rules, from, at)
        {
            let value = skip_marks(page, at + 1, cell.last);
            return Some(if value < cell.last {
                Field { rule, first: value, last: cell.last, cell: index }
            } else {
                value_elsewhere(page, rules, rule, index)?
            });
        }
        at += 1;
    }
    // The whole cell, with the value in the next cell or on the next line.
    if cell.last - from <= 8
        && !cell.heading
        && let Some(rule) = lookup(page, rules, from, cell.last)
        && names_a_field(rule, cell)
    {
        return value_elsewhere(page, rules, rule, index);
    }
    bare_label(page, rules, cell, index, from)
}

/// "Supervisor" in a table of posts is a post; among referees and personal details it is the label of a person.
fn names_a_field(rule: &Rule, cell: &Cell) -> bool {
    match rule.value {
        ValueShape::Name => rule.anchor || matches!(cell.zone, Zone::Referees | Zone::Personal),
        // "Partner" and "Carer" are posts too.
        ValueShape::Answer => !matches!(cell.zone, Zone::Employment | Zone::Education),
        _ => true,
    }
}

/// Portals export "Q: label" above "A: value".
fn skip_question(page: &Page, from: usize, last: usize) -> usize {
    let letter = page.lower(from);
    if from + 2 < last && (letter == "q" || letter == "a") && page.is_mark(from + 1, b':') {
        from + 2
    } else {
        from
    }
}

fn skip_slash(page: &Page, from: usize, last: usize) -> usize {
    if from < last && page.is_mark(from, b'/') { from + 1 } else { from }
}

fn is_delimiter(page: &Page, at: usize, last: usize) -> bool {
    let spaced = at + 1 >= last || page.token(at + 1).is_some_and(|next| next.gap != Gap::Joined);
    let colon = page.is_mark(at, b':');
    let dash = page.is_mark(at, b'-') && page.token(at).is_some_and(|t| t.gap != Gap::Joined);
    (colon || page.is_mark(at, b'?') || dash || page.is_mark(at, b'=')) && (spaced || colon)
        || is_leader(page, at)
}

/// "Title ............ Mrs", "Sex . . . . F", "Name ____ Jo": marks that lead the eye from a label to its value.
fn is_leader(page: &Page, at: usize) -> bool {
    [b'.', b'_'].iter().any(|mark| (at..at + 3).all(|at| page.is_mark(at, *mark)))
}

/// The rule of a label, by its bones.
fn lookup<'r>(page: &Page, rules: &'r Rules, first: usize, last: usize) -> Option<&'r Rule> {
    let (from, to) = (page.token(first)?, page.token(last.checked_sub(1)?)?);
    let text = page.view.slice(from.start, to.end);
    // What an earlier redaction left reads like a label: "[NAME]".
    if text.len() > 160 || last <= first || has_hole(page, first, last) {
        return None;
    }
    let outside = match text.find('(') {
        Some(open) => {
            let close = text.find(')').map_or(text.len(), |close| close + 1).max(open);
            let (before, after) = (text.get(..open), text.get(close..));
            Cow::Owned(format!("{}{}", before.unwrap_or(""), after.unwrap_or("")))
        }
        None => Cow::Borrowed(text),
    };
    let plain = without_number(&outside);
    let known = |part: &str| rules.labels.get(skeleton(part).as_str());
    let bones = skeleton(plain);
    let numbered = plain.len() < outside.len();
    numbered
        .then(|| known(&outside))
        .flatten()
        .or_else(|| rules.labels.get(bones.as_str()))
        .or_else(|| plain.split('/').filter(|part| part.len() < plain.len()).find_map(known))
        .or_else(|| rules.loose_labels.rule_of(&bones))
        .and_then(|number| rules.rules.get(*number))
}

fn has_hole(page: &Page, first: usize, last: usize) -> bool {
    (first..last).any(|at| page.token(at).is_some_and(|token| token.shape == Shape::Hole))
}

fn skip_marks(page: &Page, mut at: usize, last: usize) -> usize {
    while at < last
        && page.token(at).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b'-' | b':' | b'|' | b'.' | b'_' | b'*' | b'='))
        })
    {
        at += 1;
    }
    at
}

/// The value of a label that fills its cell: the next cell of the line, or else the cell below.
fn value_elsewhere<'r>(
    page: &Page,
    rules: &'r Rules,
    rule: &'r Rule,
    index: usize,
) -> Option<Field<'r>> {
    let cell = page.layout.cells.get(index)?;
    let index = if is_instruction(page, cell, index + 1) { index + 1 } else { index };
    let next = page.layout.cells.get(index + 1)?;
    let beside = next.line == cell.line;
    // The head of a table has labels and no values: "Year | Institution | Award".
    let first_of_three = page.layout.lines.get(cell.line).is_some_and(|line| {
        line.last_cell - line.first_cell >= 3
            && index + 1 < line.last_cell
            && index > line.first_cell
    });
    if beside && first_of_three && rule.value == ValueShape::Line {
        return None;
    }
    if !beside && (next.line != cell.line + 1 || next.heading) {
        return None;
    }
    let candidate = if beside {
        (index + 1, next)
    } else {
        let below = (index + 1..page.layout.cells.len())
            .map_while(|i| page.layout.cells.get(i).map(|c| (i, c)))
            .take_while(|(_, c)| c.line == cell.line + 1)
            .find(|(_, c)| c.column.abs_diff(cell.column) <= 3)?;
        (below.0, below.1)
    };
    let first = skip_marks(
        page,
        skip_question(page, candidate.1.first, candidate.1.last),
        candidate.1.last,
    );
    let is_label = (first..candidate.1.last.min(first + 8)).any(|at| {
        is_delimiter(page, at, candidate.1.last) && lookup(page, rules, first, at).is_some()
    }) || lookup(page, rules, first, candidate.1.last).is_some();
    // "Name | Relationship | Contact": the head of a table of people.
    let word = |at: usize| page.token(at).is_some_and(|t| t.is_word() && t.len() > 1);
    let no_name = rule.value == ValueShape::Name
        && beside
        && (first..candidate.1.last).any(word)
        && !(first..candidate.1.last).any(|at| person_name::may_begin(page, rules, at));
    (!is_label && !no_name && first < candidate.1.last).then_some(Field {
        rule,
        first,
        last: candidate.1.last,
        cell: candidate.0,
    })
}

/// Whether a cell beside a label only says how to answer: "(circle)", "(please tick one)".
fn is_instruction(page: &Page, label: &Cell, index: usize) -> bool {
    let beside = |cell: &&Cell| cell.line == label.line;
    page.layout.cells.get(index).filter(beside).is_some_and(|cell| {
        page.is_mark(cell.first, b'(')
            && page.is_mark(cell.last.saturating_sub(1), b')')
            && page.layout.cells.get(index + 1).filter(beside).is_some()
    })
}

/// A label with only a space after it: "Signed E Hargreaves", "D.O.B. 7/11/08", "Sex M".
fn bare_label<'r>(
    page: &Page,
    rules: &'r Rules,
    cell: &Cell,
    index: usize,
    from: usize,
) -> Option<Field<'r>> {
    if cell.heading || !may_begin_label(page, rules, from) {
        return None;
    }
    let longest = cell.last.min(from + 7);
    (from + 1..longest).rev().find_map(|end| {
        let rule = lookup(page, rules, from, end).filter(|rule| names_a_field(rule, cell))?;
        let first = skip_marks(page, end, cell.last);
        let form = matches!(cell.zone, Zone::Personal | Zone::Monitoring);
        let short = cell.last - from <= 9;
        let next = page.token(first)?;
        let fits = match rule.value {
            ValueShape::Number | ValueShape::Date => (first..cell.last.min(first + 3))
                .any(|at| page.token(at).is_some_and(|t| t.shape == Shape::Number)),
            // "CANDIDATE BRIEFING", "Applicant Portal" are headings.
            ValueShape::Name => {
                short
                    && next.is_capital()
                    && !person_name::is_ordinary(page, rules, first)
                    && person_name::may_begin(page, rules, first)
                    && (page.is_mark(first.saturating_sub(1), b'-')
                        || end > from + 1
                        || !matches!(page.lower(from), "candidate" | "applicant" | "employee")
                        || page.starts(first, rules.lexicons.given_names) && next.len() > 2)
            }
            ValueShape::Address => {
                short && form && (next.is_capital() || next.shape == Shape::Number)
            }
            ValueShape::Line | ValueShape::Answer => form && short,
        };
        (fits && first < cell.last).then_some(Field { rule, first, last: cell.last, cell: index })
    })
}

/// Whether a word shares its first two letters with a label; short words and numbers may be parts of one.
fn may_begin_label(page: &Page, rules: &Rules, at: usize) -> bool {
    match skeleton(page.word(at).get(..4).unwrap_or("")).as_bytes() {
        [first, second, ..] => rules.label_heads.contains_key(&[*first, *second]),
        _ => true,
    }
}

/// Where the next label of the same cell begins, if there is one.
fn next_label(page: &Page, rules: &Rules, field: &Field<'_>, cell: &Cell) -> Option<usize> {
    let end = field.last;
    if page.layout.cells.get(field.cell).is_none_or(|own| own.first != cell.first) {
        return None;
    }
    for at in field.first + 1..end {
        let colon = page.is_mark(at, b':');
        if colon {
            let start = (1..=4)
                .rev()
                .filter_map(|back| at.checked_sub(back))
                .find(|start| *start > field.first && lookup(page, rules, *start, at).is_some());
            if start.is_some() {
                return start;
            }
        }
    }
    None
}
