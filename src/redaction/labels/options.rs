//! Rows of options with boxes to tick: "Sex: Male [ ] Female [x]", "Title ☐ Mr ☒ Ms", one option a line under its label.
//! Boxes stand before their words or behind them. In equality monitoring, which no panel gets, the ticked option is the
//! answer and the others are left; anywhere else the row is hidden as a whole, since what is left of it would tell.

use super::super::hit::Hit;
use super::super::rules::{Rule, Rules};
use super::super::text::layout::{Line, skeleton};
use super::super::text::{Gap, Page, Shape, Token, Zone};
use super::boxes::box_at;
use super::values::{CHOICES, trim_end};
use super::{is_delimiter, lookup, skip_marks};
use crate::rulebook::{Action, Kind};

/// A ticked option is somebody's answer, whatever else is found there.
const TICKED: f32 = 0.98;

/// A label is looked for in so many tokens.
const LONGEST_LABEL: usize = 18;

/// A box on a line.
struct TickBox {
    first: usize,
    last: usize,
    ticked: bool,
}

/// The words of an option.
struct Choice {
    first: usize,
    last: usize,
    ticked: bool,
}

/// The options of one label.
struct Row<'r> {
    rule: Option<&'r Rule>,
    choices: Vec<Choice>,
    /// All of it, boxes included.
    first: usize,
    last: usize,
}

impl<'r> Row<'r> {
    fn new(rule: Option<&'r Rule>, at: usize) -> Self {
        Self { rule, choices: Vec::new(), first: at, last: at }
    }

    /// Takes the option of a box: the words between two places, if there are any.
    fn add(&mut self, page: &Page, first: usize, last: usize, own: &TickBox) {
        let first = skip_marks(page, first, last);
        let end = trim_end(page, first, last);
        if first < end {
            self.choices.push(Choice { first, last: end, ticked: own.ticked });
        }
        self.last = end.max(own.last);
    }
}

/// Finds what is ticked.
pub(super) fn find(page: &Page, rules: &Rules, hits: &mut Vec<Hit>) {
    // The last line without boxes, and the label that it is, once somebody asks.
    let mut plain: Option<&Line> = None;
    let mut above: Option<Option<&Rule>> = None;
    for line in &page.layout.lines {
        let boxes = boxes_of(page, line);
        let Some(first) = boxes.first() else {
            (plain, above) = (Some(line), None);
            continue;
        };
        let below = first.first == line.first;
        let label = || plain.and_then(|plain| label_alone(page, rules, plain));
        let asked = if below { *above.get_or_insert_with(label) } else { None };
        for row in rows(page, rules, line, &boxes, asked) {
            mark(page, rules, &row, hits);
        }
    }
}

/// The label that a whole line is.
fn label_alone<'r>(page: &Page, rules: &'r Rules, line: &Line) -> Option<&'r Rule> {
    let (rule, end) = label_at_start(page, rules, line.first, line.last)?;
    (end >= line.last).then_some(rule)
}

fn boxes_of(page: &Page, line: &Line) -> Vec<TickBox> {
    let mut boxes = Vec::new();
    let mut at = line.first;
    while at < line.last {
        let found = box_at(page, at);
        if let Some((ticked, length)) = found {
            boxes.push(TickBox { first: at, last: at + length, ticked });
        }
        at += found.map_or(1, |(_, length)| length);
    }
    boxes
}

/// The rows of a line. `above` is the label of the line above, for options that stand below it.
fn rows<'r>(
    page: &Page,
    rules: &'r Rules,
    line: &Line,
    boxes: &[TickBox],
    above: Option<&'r Rule>,
) -> Vec<Row<'r>> {
    let Some(head_end) = boxes.first().map(|first| first.first) else { return Vec::new() };
    let label = label_at_start(page, rules, line.first, head_end);
    let start = label.map_or(line.first, |(_, end)| end);
    let unlabelled = |page: &Page| {
        (line.first..head_end).rev().find(|at| is_delimiter(page, *at, head_end)).map(|at| at + 1)
    };
    let start = if label.is_none() { unlabelled(page).unwrap_or(start) } else { start };
    let rule = label.map(|(rule, _)| rule).or(above);
    let boxes_first = skip_marks(page, start, head_end) >= head_end;
    let row = Row::new(rule, start);
    if boxes_first {
        boxes_before_words(page, rules, row, boxes, line.last)
    } else {
        words_before_boxes(page, rules, row, boxes)
    }
}

/// The rows of a line whose boxes stand before their words.
fn boxes_before_words<'r>(
    page: &Page,
    rules: &'r Rules,
    mut row: Row<'r>,
    boxes: &[TickBox],
    line_end: usize,
) -> Vec<Row<'r>> {
    let mut rows = Vec::new();
    for (number, own) in boxes.iter().enumerate() {
        let following = boxes.get(number + 1).map(|next| next.first);
        let next = following.unwrap_or(line_end);
        let label = following.and_then(|next| label_at_end(page, rules, own.last, next));
        let last = label.map_or(next, |(_, label)| label);
        let last = label_within(page, rules, own.last, last).unwrap_or(last);
        let last = (own.last + 1..last).find(|at| opens_cell(page, *at)).unwrap_or(last);
        row.add(page, own.last, last, own);
        if let Some((rule, _)) = label {
            rows.push(std::mem::replace(&mut row, Row::new(Some(rule), next)));
        }
    }
    rows.push(row);
    rows
}

/// The rows of a line whose words stand before their boxes.
fn words_before_boxes<'r>(
    page: &Page,
    rules: &'r Rules,
    mut row: Row<'r>,
    boxes: &[TickBox],
) -> Vec<Row<'r>> {
    let mut rows = Vec::new();
    for (number, own) in boxes.iter().enumerate() {
        let label = label_at_start(page, rules, row.last, own.first);
        let label = label.filter(|(_, end)| number > 0 && *end < own.first);
        if let Some((rule, end)) = label {
            rows.push(std::mem::replace(&mut row, Row::new(Some(rule), end)));
        }
        let first = (row.last..own.first).rfind(|at| opens_cell(page, *at)).unwrap_or(row.last);
        row.add(page, first, own.first, own);
        if let [only] = row.choices.as_slice() {
            row.first = only.first;
        }
    }
    rows.push(row);
    rows
}

/// Whether a token begins a cell: an option does not go on in the next one, which may hold another answer.
fn opens_cell(page: &Page, at: usize) -> bool {
    page.token(at).is_some_and(|own| own.gap == Gap::Wide)
}

/// The label that some tokens begin with, and where what follows it begins.
fn label_at_start<'r>(
    page: &Page,
    rules: &'r Rules,
    first: usize,
    last: usize,
) -> Option<(&'r Rule, usize)> {
    let longest = last.min(first + LONGEST_LABEL);
    let marked = (first..longest).find_map(|at| {
        let rule = lookup(page, rules, first, at).filter(|_| is_delimiter(page, at, last))?;
        Some((rule, skip_marks(page, at + 1, last)))
    });
    marked.or_else(|| {
        (first + 1..=longest).rev().find_map(|end| {
            lookup(page, rules, first, end).map(|rule| (rule, skip_marks(page, end, last)))
        })
    })
}

/// The label that some tokens end with, and where it begins: that of the next boxes.
fn label_at_end<'r>(
    page: &Page,
    rules: &'r Rules,
    first: usize,
    last: usize,
) -> Option<(&'r Rule, usize)> {
    let end = if last > first && is_delimiter(page, last - 1, last) { last - 1 } else { last };
    let earliest = (first + 1).max(end.saturating_sub(LONGEST_LABEL));
    // "Opposite sex" is an option.
    let begins = |at: &usize| page.token(*at).is_some_and(Token::is_capital);
    let label = |start| lookup(page, rules, start, end).map(|rule| (rule, start));
    (earliest..end).filter(begins).find_map(label)
}

/// Where the label of a value begins that stands between an option and the next boxes: "☐ F    Marital: never married".
fn label_within(page: &Page, rules: &Rules, first: usize, last: usize) -> Option<usize> {
    const LONGEST: usize = 4;
    (first + 1..last).filter(|at| is_delimiter(page, *at, last)).find_map(|end| {
        let earliest = (first + 1).max(end.saturating_sub(LONGEST));
        (earliest..end).find(|start| lookup(page, rules, *start, end).is_some())
    })
}

fn mark(page: &Page, rules: &Rules, row: &Row<'_>, hits: &mut Vec<Hit>) {
    let offered = || row.choices.iter().map(|choice| (choice.first, choice.last));
    let asks = |rule: &&Rule| rule.action != Action::Keep && tells_of_person(rule.kind);
    let rule = row.rule.filter(asks).or_else(|| rule_of(page, rules, offered()));
    let Some(rule) = rule else { return };
    let over = |first: usize, last: usize| {
        let hit = Hit::over(page, first, last, rule.kind, &rule.id)?;
        Some(Hit {
            action: rule.action,
            replacement: rule.replacement.clone(),
            ..hit.scored(TICKED)
        })
    };
    let is_answer =
        |choice: &&Choice| choice.ticked && !page.starts(choice.first, rules.lexicons.declined);
    let answered = row.choices.iter().any(|choice| is_answer(&choice));
    let monitoring = page.zone(row.first) == Zone::Monitoring;
    if answered && !monitoring && row.choices.len() > 1 {
        hits.extend(over(row.first, row.last));
        return;
    }
    for choice in &row.choices {
        if is_answer(&choice) {
            hits.extend(over(choice.first, choice.last));
        } else if monitoring && is_plain(page, choice) {
            let kept = Hit::over(page, choice.first, choice.last, rule.kind, &rule.id);
            hits.extend(kept.map(|hit| Hit { action: Action::Keep, ..hit.scored(CHOICES) }));
        }
    }
}

/// Whether an option holds nothing but what the form offers: behind "Other (please state)" somebody may have written.
fn is_plain(page: &Page, choice: &Choice) -> bool {
    const LONGEST: usize = 6;
    let opens = |at| page.is_mark(at, b':') || page.is_mark(at, b'(');
    let other = page.lower(choice.first) == "other";
    choice.last - choice.first <= LONGEST
        && !(choice.first..choice.last).any(opens)
        && (!other || choice.last == choice.first + 1)
}

/// Whether the options of a label say what somebody is.
fn tells_of_person(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Name
            | Kind::OtherPerson
            | Kind::Email
            | Kind::Phone
            | Kind::Address
            | Kind::Postcode
            | Kind::Url
            | Kind::Handle
            | Kind::NiNumber
            | Kind::IdNumber
    )
}

/// The rule of options that tell by themselves what is asked: ages, titles, sexes, orientations, states.
fn rule_of<'r>(
    page: &Page,
    rules: &'r Rules,
    offered: impl Iterator<Item = (usize, usize)> + Clone,
) -> Option<&'r Rule> {
    let all = |is: &dyn Fn(usize, usize) -> bool| {
        offered.clone().count() > 1 && offered.clone().all(|(first, last)| is(first, last))
    };
    let named =
        |label| rules.labels.get(skeleton(label).as_str()).and_then(|rule| rules.rules.get(*rule));
    if all(&|first, last| is_age_band(page, first, last)) {
        return named("age");
    }
    if all(&|first, _| page.starts(first, rules.lexicons.titles)) {
        return named("title");
    }
    let offers = |words: &[&str]| {
        offered.clone().count() > 1
            && offered.clone().any(|(first, _)| words.contains(&page.lower(first)))
    };
    if offers(&["male", "female", "man", "woman"]) {
        return named("sex");
    }
    if offers(&["heterosexual", "bisexual", "lesbian", "gay"]) {
        return named("sexual orientation");
    }
    offers(&["married", "divorced", "widowed", "cohabiting"])
        .then(|| named("marital status"))
        .flatten()
}

/// "25-34", "65+", "over 65", "under 18".
fn is_age_band(page: &Page, first: usize, last: usize) -> bool {
    let age = |at: usize| {
        let token = page.token(at).filter(|token| at < last && token.shape == Shape::Number)?;
        (token.len() == 2).then_some(())
    };
    let ages = (first..last).filter(|at| age(*at).is_some()).count();
    let edge = (first..last).any(|at| {
        page.is_mark(at, b'+')
            || page.token(at).is_some_and(|token| token.shape == Shape::Symbol)
            || matches!(page.lower(at), "over" | "under" | "above" | "below")
    });
    last - first <= 5 && (ages == 2 || ages == 1 && edge)
}
