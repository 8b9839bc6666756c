//! Labelled fields of forms: `Surname: X`, `Surname | X`, `Surname` in one cell and `X` in the next, `Surname` above
//! `X`. Finds label and value; what a label means stands in the rules.

use std::borrow::Cow;

use super::hit::Hit;
use super::person_name::{self, Reading};
use super::rules::{Rule, Rules};
use super::text::layout::{skeleton, without_number};
use super::text::{Cell, Gap, Page, Shape, Zone};
use crate::rulebook::ValueShape;

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
        .or_else(|| loose(rules, &bones))
        .and_then(|number| rules.rules.get(*number))
}

fn has_hole(page: &Page, first: usize, last: usize) -> bool {
    (first..last).any(|at| page.token(at).is_some_and(|token| token.shape == Shape::Hole))
}

fn loose<'r>(rules: &'r Rules, bones: &str) -> Option<&'r usize> {
    rules.loose_labels.iter().find(|(part, _)| bones.contains(part.as_str())).map(|(_, rule)| rule)
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
    (!is_label && first < candidate.1.last).then_some(Field {
        rule,
        first,
        last: candidate.1.last,
        cell: candidate.0,
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
            ValueShape::Name => {
                short && next.is_capital() && !person_name::is_ordinary(page, rules, first)
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

fn take_value(page: &Page, rules: &Rules, field: &Field<'_>, hits: &mut Vec<Hit>) {
    let rule = field.rule;
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
        ValueShape::Line => {
            let last = trim_end(page, field.first, field.last);
            push_unless_declined(page, rules, field.first, last, &mut push);
        }
        ValueShape::Answer => answer(page, rules, field, &mut push),
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

fn trim_end(page: &Page, first: usize, mut last: usize) -> usize {
    while last > first
        && page.token(last - 1).is_some_and(|token| {
            matches!(token.shape, Shape::Mark(b'.' | b',' | b';' | b'|' | b'/' | b'-'))
        })
    {
        last -= 1;
    }
    last
}

fn push_unless_declined(
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
pub(super) fn number(page: &Page, first: usize, last: usize) -> Option<(usize, usize)> {
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
        if digits && end > at {
            return Some((at, trim_end(page, at, end)));
        }
        at = end.max(at + 1);
    }
    None
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
pub(super) fn looks_like_address(page: &Page, rules: &Rules, cell: &Cell) -> bool {
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

/// A monitoring answer: ticked words where there are boxes, else the whole value.
fn answer(page: &Page, rules: &Rules, field: &Field<'_>, push: &mut impl FnMut(usize, usize)) {
    let Some(line) = page.layout.cells.get(field.cell).and_then(|c| page.layout.lines.get(c.line))
    else {
        return;
    };
    let end = if boxes(page, field.first, line.last) { line.last } else { field.last };
    if !boxes(page, field.first, end) {
        push_unless_declined(page, rules, field.first, trim_end(page, field.first, end), push);
        return;
    }
    ticked(page, field.first, end, push);
}

fn boxes(page: &Page, first: usize, last: usize) -> bool {
    (first..last).any(|at| box_at(page, at).is_some())
}

/// A tick box: whether it is ticked, and how many tokens it takes.
fn box_at(page: &Page, at: usize) -> Option<(bool, usize)> {
    let token = page.token(at)?;
    if token.shape == Shape::Symbol {
        return match page.word(at).chars().next()? {
            '☒' | '☑' | '✓' | '✔' | '✗' | '✘' | '⊠' | '■' => Some((true, 1)),
            '☐' | '□' | '▢' | '❏' | '❑' | '○' => Some((false, 1)),
            _ => None,
        };
    }
    if !(page.is_mark(at, b'[') || page.is_mark(at, b'(')) {
        return None;
    }
    let close = |at: usize| page.is_mark(at, b']') || page.is_mark(at, b')');
    if close(at + 1) {
        return Some((false, 2));
    }
    let tick = matches!(page.lower(at + 1), "x" | "v" | "yes") || page.is_mark(at + 1, b'*');
    (tick && close(at + 2)).then_some((true, 3))
}

/// Whether the first box after a place on its line, in the monitoring part of a form, is empty.
pub(super) fn is_unticked(page: &Page, from: usize) -> bool {
    if page.zone(from.saturating_sub(1)) != Zone::Monitoring {
        return false;
    }
    let line = page
        .layout
        .cell_at(from.saturating_sub(1))
        .and_then(|cell| page.layout.lines.get(cell.line));
    line.and_then(|line| (from..line.last).find_map(|at| box_at(page, at)))
        .is_some_and(|(ticked, _)| !ticked)
}

/// The words of every ticked box. Boxes may stand before their words or after them; whichever comes first on the
/// line tells.
fn ticked(page: &Page, first: usize, last: usize, push: &mut impl FnMut(usize, usize)) {
    let before = box_at(page, first).is_some();
    let mut at = first;
    let mut words = first;
    let mut open: Option<bool> = None;
    while at < last {
        let Some((tick, length)) = box_at(page, at) else {
            at += 1;
            continue;
        };
        if before {
            if open == Some(true) && words < at {
                push(words, at);
            }
            open = Some(tick);
        } else if tick && words < at {
            push(words, at);
        }
        at += length;
        words = at;
    }
    if before && open == Some(true) && words < last {
        push(words, trim_end(page, words, last));
    }
}
