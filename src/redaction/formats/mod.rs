//! Runs the regular expressions of rules on a page and checks what they found. Knows shapes of numbers and
//! addresses; knows no words.

mod shape;

use regex::Regex;

use self::shape::{Glance, Shape as Holding};
use super::hit::Hit;
use super::rules::{Rule, Rules};
use super::text::layout::Line;
use super::text::vocabulary::FastMap;
use super::text::{Gap, Page, Shape, WordId};
use super::validators;
use crate::rulebook::{Kind, Needs, RuleError, Rulebook, Validator};

/// A regular expression of a rule.
struct Format {
    rule: usize,
    regex: Regex,
    holding: Holding,
    needs: Needs,
    /// Its own bit, if its rule asks for words nearby: it is looked for where such a word stands.
    context: Contexts,
    validator: Option<Validator>,
}

/// Every regular expression of a rule set.
#[derive(Default)]
pub(super) struct Formats {
    all: Vec<Format>,
    /// The words that rules ask for nearby, each with the bits of the expressions that do.
    context: FastMap<WordId, Contexts>,
}

/// A bit for each expression that is looked for in context; those beyond the last bit are looked for everywhere.
type Contexts = u64;

impl Formats {
    /// Compiles the regular expressions of a rule set.
    ///
    /// # Errors
    /// [`RuleError`] names the rule and what is wrong with its expression.
    pub fn of(book: &Rulebook) -> Result<Self, RuleError> {
        let mut all = Vec::new();
        let mut next_context: Contexts = 1;
        for (rule, recogniser) in book.recognisers().iter().enumerate() {
            for pattern in &recogniser.patterns {
                // Folded text is ASCII nearly everywhere, and the ASCII word boundary is many times cheaper.
                let pattern = &pattern.replace(r"\b", r"(?-u:\b)");
                let regex = Regex::new(pattern).map_err(|error| {
                    recogniser.error(format!("not a regular expression: {pattern}\n{error}"))
                })?;
                let (needs, validator) = (recogniser.needs, recogniser.validator);
                let mut context = 0;
                if !recogniser.context.is_empty() {
                    context = next_context;
                    next_context <<= 1;
                }
                let holding = Holding::of(pattern);
                all.push(Format { rule, regex, holding, needs, context, validator });
            }
        }
        Ok(Self { all, context: FastMap::default() })
    }

    /// Makes known which words the rules ask for.
    pub fn learn_context(&mut self, rules: &[Rule]) {
        for format in &self.all {
            let rule = rules.get(format.rule);
            for word in rule.into_iter().flat_map(|rule| &rule.context) {
                *self.context.entry(*word).or_default() |= format.context;
            }
        }
    }

    /// Which expressions the words of a line give a context.
    fn contexts(&self, page: &Page, line: &Line) -> Contexts {
        let tokens = page.tokens.get(line.first..line.last).unwrap_or_default();
        let known = tokens.iter().filter(|token| token.word != WordId::UNKNOWN);
        known.filter_map(|token| self.context.get(&token.word)).fold(0, |all, own| all | own)
    }

    /// The expressions that match somewhere in a text which holds some kinds of mark and contexts, in order.
    fn matching<'f>(
        &'f self,
        text: &'f str,
        holds: Holds,
        contexts: Contexts,
    ) -> impl Iterator<Item = &'f Format> {
        let glance = Glance::of(text);
        self.all.iter().filter(move |format| {
            holds.meet(format.needs)
                && (format.context == 0 || format.context & contexts != 0)
                && glance.is_none_or(|glance| format.holding.fits(&glance))
                && format.regex.is_match(text)
        })
    }
}

/// Which kinds of mark a stretch of text has.
#[derive(Default, Clone, Copy)]
struct Holds {
    digit: bool,
    at: bool,
    dot: bool,
    hyphen: bool,
    underscore: bool,
}

impl Holds {
    fn meet(self, needs: Needs) -> bool {
        match needs {
            Needs::Digit => self.digit,
            Needs::At => self.at,
            Needs::Dot => self.dot,
            Needs::Hyphen => self.hyphen,
            Needs::Underscore => self.underscore,
        }
    }
}

/// Finds every match of every regular expression.
pub(super) fn find(page: &Page, rules: &Rules, hits: &mut Vec<Hit>) {
    let mut above = 0;
    for (index, line) in page.layout.lines.iter().enumerate() {
        let own = rules.formats.contexts(page, line);
        let contexts = own | std::mem::replace(&mut above, own);
        let holds = line_holds(page, index);
        if !Needs::ALL.into_iter().any(|needs| holds.meet(needs)) {
            continue;
        }
        let Some((start, own_end, end)) = window(page, index) else { continue };
        let text = page.view.slice(start, end);
        for format in rules.formats.matching(text, holds, contexts) {
            find_format(page, rules, format, (text, start, own_end, index), hits);
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
    // A number may be broken right before its first digit.
    let below = page.token(line.last).filter(|token| token.gap == Gap::Line);
    holds.digit |= below.is_some_and(|token| token.shape == Shape::Number);
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
    if !rule.context.is_empty() && !has_context(page, rule, line, own_end) {
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
        if !rule.context.is_empty() && !has_context(page, rule, line, from) {
            continue;
        }
        let end = start + found.end() as u32;
        let from = from
            - if rule.kind == Kind::IdNumber { letters_before(text, found.start()) } else { 0 };
        let mut hit = Hit::between(from, end, rule.kind, &rule.id).scored(rule.score);
        hit.action = rule.action;
        hit.replacement.clone_from(&rule.replacement);
        hits.push(hit);
    }
}

/// How many bytes right before a number belong to it: the capital letters and the hyphen of "Works no ID-7718", where
/// the caption took the letters for its own.
fn letters_before(text: &str, number: usize) -> u32 {
    const MOST: usize = 5;
    let Some(before) = text.get(..number).and_then(|before| before.strip_suffix('-')) else {
        return 0;
    };
    let letters = before.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    let bounded = before.len() == letters
        || before
            .as_bytes()
            .get(before.len() - letters - 1)
            .is_some_and(|byte| !byte.is_ascii_alphanumeric());
    if (1..=MOST).contains(&letters) && bounded { letters as u32 + 1 } else { 0 }
}

/// Whether a word that the rule asks for stands before a find on its line, or anywhere on the line above.
fn has_context(page: &Page, rule: &Rule, index: usize, from: u32) -> bool {
    let above = index.checked_sub(1).and_then(|above| page.layout.lines.get(above));
    let own = page.layout.lines.get(index);
    own.into_iter().chain(above).any(|line| {
        (line.first..line.last).any(|at| {
            page.token(at)
                .is_some_and(|token| token.start < from && rule.context.contains(&token.word))
        })
    })
}
