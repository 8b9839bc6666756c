//! The value of a label, read as the rule says: a name, a number, a date, an address, a whole line.

use super::super::hit::Hit;
use super::super::person_name::{self, Reading};
use super::super::rules::Rules;
use super::super::text::{Cell, Gap, Page, Shape};
use super::boxes::{has_boxes, offers_choices};
use super::{Field, field_at, has_hole, lookup};
use crate::rulebook::{Action, ValueShape};

/// How sure it is that what a form offers to choose from is no answer.
pub(super) const CHOICES: f32 = 0.97;

/// Finds what of a value is to be removed.
pub(super) fn take_value(page: &Page, rules: &Rules, field: &Field<'_>, hits: &mut Vec<Hit>) {
    let rule = field.rule;
    if rule.value == ValueShape::Answer && offers_choices(page, rules, field.first, field.last) {
        let kept = Hit::over(page, field.first, field.last, rule.kind, &rule.id);
        hits.extend(kept.map(|hit| Hit { action: Action::Keep, ..hit.scored(CHOICES) }));
        return;
    }
    let chosen = matches!(rule.value, ValueShape::Answer | ValueShape::Line);
    if chosen && has_boxes(page, field.first, field.last) {
        return;
    }
    let mut push = |first: usize, last: usize| {
        if has_hole(page, first, last) {
            return;
        }
        if let Some(hit) = Hit::over(page, first, last, rule.kind, &rule.id) {
            hits.push(Hit {
                action: rule.action,
                score: rule.score,
                replacement: rule.replacement.clone(),
                ..hit
            });
        }
    };
    match rule.value {
        ValueShape::Line | ValueShape::Answer => {
            let last = trim_end(page, field.first, field.last);
            push_unless_declined(page, rules, field.first, last, &mut push);
        }
        ValueShape::Name => names(page, rules, field, &mut push),
        ValueShape::Number => {
            if let Some((first, last)) = number(page, field.first, field.last) {
                push(first, last);
            }
        }
        ValueShape::Date => {
            if let Some((first, last)) = date(page, rules, field.first, field.last) {
                push(first, last);
            }
        }
        ValueShape::Address => address(page, rules, field, &mut push),
    }
}

/// Without the marks at its end.
pub(super) fn trim_end(page: &Page, first: usize, mut last: usize) -> usize {
    while last > first
        && page.token(last - 1).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b'.' | b',' | b';' | b'|' | b'/' | b'-'))
        })
    {
        last -= 1;
    }
    last
}

/// Calls `push` unless the value is "prefer not to say" or the like.
pub(super) fn push_unless_declined(
    page: &Page,
    rules: &Rules,
    first: usize,
    last: usize,
    push: &mut impl FnMut(usize, usize),
) {
    let declined = page.starts(first, rules.lexicons.declined);
    let hole = page.token(first).is_some_and(|token| token.shape == Shape::Hole);
    if !declined && first < last && !(hole && first + 1 == last) {
        push(first, last);
    }
}

/// The person or people named in a value: titles, "Yes:" and the like are passed over.
fn names(page: &Page, rules: &Rules, field: &Field<'_>, push: &mut impl FnMut(usize, usize)) {
    let mut at = field.first;
    let mut found = false;
    while at < field.last {
        let yes = matches!(page.lower(at), "yes" | "no" | "none" | "n" | "y" | "na");
        let title = page.longest(at, rules.lexicons.titles);
        let mark =
            page.token(at).is_some_and(|t| matches!(t.shape, Shape::Mark(_) | Shape::Symbol));
        if !found && (yes || title.is_some() || mark) {
            at += title.unwrap_or(1);
            continue;
        }
        let reading = if field.rule.anchor { Reading::Stated } else { Reading::Guessed };
        match person_name::read(page, rules, at, field.last, reading) {
            Some(end) => {
                push(at, end);
                found = true;
                // "CHAN Ka Yan, Karen" goes on after the comma; "Ann Hill, Head of X" does not.
                let comma = page.is_mark(end, b',');
                let goes_on = comma
                    && page.token(end + 1).is_some_and(|next| next.is_capital())
                    && !person_name::is_ordinary(page, rules, end + 1)
                    && !page.starts(end + 1, rules.lexicons.job_titles);
                if !goes_on {
                    break;
                }
                at = end + 1;
            }
            None => break,
        }
    }
}

/// The first run of capitals and digits that holds a digit.
fn number(page: &Page, first: usize, last: usize) -> Option<(usize, usize)> {
    let mut at = first;
    while at < last {
        let mut end = at;
        let mut digits = false;
        while end < last && (end == at || page.beside(end)) {
            let Some(token) = page.token(end) else { break };
            match token.shape {
                Shape::Number => digits |= is_numeric(page, end),
                Shape::Word(_)
                    if token.is_capital() && (token.len() <= 7 || is_numeric(page, end)) =>
                {
                    digits |= page.word(end).bytes().any(|byte| byte.is_ascii_digit());
                    let plain =
                        page.word(end).bytes().skip(1).any(|byte| byte.is_ascii_lowercase());
                    if plain && !page.word(end).bytes().any(|byte| byte.is_ascii_digit()) {
                        break;
                    }
                }
                Shape::Mark(b'-' | b'/' | b'.') if end > at => {}
                _ => break,
            }
            end += 1;
        }
        let count = is_count(page, end);
        if digits && end > at && !count {
            return Some((at, trim_end(page, at, end)));
        }
        at = if count { end + 2 } else { end.max(at + 1) };
    }
    None
}

/// Whether a number goes on with a comma and three digits: "14,000 flats" of the next column is nobody's number.
fn is_count(page: &Page, end: usize) -> bool {
    let joined = |at: usize| page.token(at).is_some_and(|token| token.gap == Gap::Joined);
    page.is_mark(end, b',')
        && joined(end)
        && joined(end + 1)
        && page.word(end + 1).len() == 3
        && page.word(end + 1).bytes().all(|byte| byte.is_ascii_digit())
}

fn is_numeric(page: &Page, at: usize) -> bool {
    page.word(at).bytes().any(|byte| byte.is_ascii_digit())
}

/// The run of numbers, months and their marks at the start of a value.
fn date(page: &Page, rules: &Rules, first: usize, last: usize) -> Option<(usize, usize)> {
    let is_part = |at: usize| {
        page.token(at).is_some_and(|token| match token.shape {
            Shape::Number => true,
            Shape::Mark(b'/' | b'-' | b'.' | b',') => true,
            Shape::Word(_) => {
                page.starts(at, rules.lexicons.months)
                    || matches!(page.lower(at), "of" | "th" | "st" | "nd" | "rd")
                    || token.len() <= 2 && page.word(at).bytes().all(|b| b"OoIl".contains(&b))
            }
            _ => false,
        })
    };
    let start = (first..last.min(first + 4)).find(|at| is_part(*at))?;
    let end = (start..last).take_while(|at| is_part(*at)).last()? + 1;
    let digits = (start..end).any(|at| page.token(at).is_some_and(|t| t.shape == Shape::Number));
    digits.then(|| (start, trim_end(page, start, end)))
}

/// The value and the lines below it, cell by cell, until a label, a heading or an empty line.
fn address(page: &Page, rules: &Rules, field: &Field<'_>, push: &mut impl FnMut(usize, usize)) {
    push_unless_declined(page, rules, field.first, trim_end(page, field.first, field.last), push);
    let Some(own) = page.layout.cells.get(field.cell).copied() else { return };
    let indent = own.column;
    for index in field.cell + 1..page.layout.cells.len() {
        let Some(cell) = page.layout.cells.get(index).copied() else { break };
        let line_break = page.layout.lines.get(cell.line).is_some_and(|line| line.after_break);
        let new_line = cell.line > own.line;
        let labelled = has_label(page, rules, &cell, index);
        if new_line && line_break || cell.heading || cell.line > own.line + 5 || labelled {
            // A label on the value's own line leaves the lines below open: the address may go on under it.
            if labelled && !new_line {
                continue;
            }
            break;
        }
        let in_column = cell.column < 12 || cell.column.abs_diff(indent) <= 6 || !new_line;
        if in_column && looks_like_address(page, rules, &cell) {
            push(cell.first, trim_end(page, cell.first, cell.last));
        } else if new_line {
            break;
        }
    }
}

fn has_label(page: &Page, rules: &Rules, cell: &Cell, index: usize) -> bool {
    field_at(page, rules, cell, index, cell.first).is_some()
        || lookup(page, rules, cell.first, cell.last.min(cell.first + 8)).is_some()
        || (cell.first..cell.last.min(cell.first + 7)).any(|at| page.is_mark(at, b':'))
}

/// Short, capitalised, without the marks of a sentence.
pub(in super::super) fn looks_like_address(page: &Page, rules: &Rules, cell: &Cell) -> bool {
    let words = cell.last - cell.first;
    let capital = (cell.first..cell.last).all(|at| {
        page.token(at).is_none_or(|token| {
            !token.is_word()
                || token.is_capital()
                || page.starts(at, rules.lexicons.address_words)
                || page.lower(at).len() <= 3
        })
    });
    let marks = (cell.first..cell.last)
        .any(|at| page.is_mark(at, b'?') || page.is_mark(at, b'@') || page.is_mark(at, b'%'));
    words <= 14 && capital && !marks
}
