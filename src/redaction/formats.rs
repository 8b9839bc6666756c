//! Runs the regular expressions of rules on a page and checks what they found. Knows shapes of numbers and
//! addresses; knows no words.

use super::hit::Hit;
use super::rules::{Format, Rules};
use super::text::{Gap, Page, Shape};
use super::validators;
use crate::rulebook::Needs;

/// Which kinds of mark a stretch of text has.
#[derive(Default, Clone, Copy)]
struct Holds {
    digit: bool,
    at: bool,
    dot: bool,
    hyphen: bool,
    underscore: bool,
}

/// Finds every match of every regular expression.
pub(super) fn find(page: &Page, rules: &Rules, hits: &mut Vec<Hit>) {
    for index in 0..page.layout.lines.len() {
        let holds = line_holds(page, index);
        let Holds { digit, at, dot, hyphen, underscore } = holds;
        if !(digit || at || dot || hyphen || underscore) {
            continue;
        }
        let Some((start, own_end, end)) = window(page, index) else { continue };
        let text = page.view.slice(start, end);
        for format in &rules.formats {
            let wanted = match format.needs {
                Needs::Digit => holds.digit,
                Needs::At => holds.at,
                Needs::Dot => holds.dot,
                Needs::Hyphen => holds.hyphen,
                Needs::Underscore => holds.underscore,
            };
            if wanted {
                find_format(page, rules, format, (text, start, own_end, index), hits);
            }
        }
    }
}

/// A line and the one below it, because long addresses break: start, end of the line, end of both.
fn window(page: &Page, index: usize) -> Option<(u32, u32, u32)> {
    let line = page.layout.lines.get(index)?;
    let start = page.token(line.first)?.start;
    let own_end = page.token(line.last.checked_sub(1)?)?.end;
    let end = match page.layout.lines.get(index + 1) {
        Some(next) if !next.after_break => page.token(next.last.checked_sub(1)?)?.end,
        _ => own_end,
    };
    Some((start, own_end, end))
}

fn line_holds(page: &Page, index: usize) -> Holds {
    let mut holds = Holds::default();
    let Some(line) = page.layout.lines.get(index) else { return holds };
    for at in line.first..line.last {
        let Some(token) = page.token(at) else { break };
        match token.shape {
            Shape::Number => holds.digit = true,
            Shape::Mark(b'@') => holds.at = true,
            Shape::Mark(b'_') => holds.underscore = true,
            Shape::Mark(b'-') => {
                let next = page.token(at + 1);
                holds.hyphen |= next.is_some_and(|next| next.gap == Gap::Joined && next.is_word());
            }
            Shape::Mark(b'.' | b'/' | b':') => {
                let next = page.token(at + 1);
                holds.dot |= next.is_some_and(|next| next.gap == Gap::Joined);
            }
            // "name (at) example dot com" is how people write for printers and against robots.
            Shape::Word(_) if token.len() == 2 && page.lower(at) == "at" => {
                holds.at |= at > 0
                    && page.token(at - 1).is_some_and(|before| {
                        matches!(before.shape, Shape::Mark(b'(' | b'[' | b'{'))
                    });
            }
            Shape::Word(_) if token.len() == 3 && page.lower(at) == "dot" => holds.at = true,
            Shape::Word(_) => {
                // Letters read for digits: "O77OO".
                holds.digit |=
                    token.len() >= 3 && page.word(at).bytes().any(|byte| byte.is_ascii_digit());
            }
            _ => {}
        }
    }
    holds
}

fn find_format(
    page: &Page,
    rules: &Rules,
    format: &Format,
    (text, start, own_end, line): (&str, u32, u32, usize),
    hits: &mut Vec<Hit>,
) {
    let Some(rule) = rules.rules.get(format.rule) else { return };
    // A word to look for is cheaper than an expression.
    if !format.context.is_empty() && !has_context(page, format, line, own_end) {
        return;
    }
    // Most lines hold none, and asking only whether they do needs no room for groups.
    if !format.regex.is_match(text) {
        return;
    }
    for captures in format.regex.captures_iter(text) {
        // A way through an expression that leaves its group out names what is to stay.
        let group = usize::from(captures.len() > 1);
        let Some(found) = captures.get(group) else { continue };
        let from = start + found.start() as u32;
        if from >= own_end {
            break;
        }
        let valid = format.validator.is_none_or(|check| validators::passes(check, found.as_str()));
        if !valid || found.as_str().is_empty() {
            continue;
        }
        if !format.context.is_empty() && !has_context(page, format, line, from) {
            continue;
        }
        let end = start + found.end() as u32;
        let mut hit = Hit::between(from, end, rule.kind, &rule.id).scored(rule.score);
        hit.action = rule.action;
        hit.replacement.clone_from(&rule.replacement);
        hits.push(hit);
    }
}

/// Whether a word that the rule asks for stands before a find on its line, or anywhere on the line above.
fn has_context(page: &Page, format: &Format, index: usize, from: u32) -> bool {
    let above = index.checked_sub(1).and_then(|above| page.layout.lines.get(above));
    let own = page.layout.lines.get(index);
    own.into_iter().chain(above).any(|line| {
        (line.first..line.last).any(|at| {
            page.token(at)
                .is_some_and(|token| token.start < from && format.context.contains(&token.word))
        })
    })
}
