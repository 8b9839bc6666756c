//! Runs the word patterns of rules on a page. Knows no kind by name.

use super::hit::Hit;
use super::phrase::{First, Found, Present, Tried};
use super::rules::Rules;
use super::text::{Page, WordId};

/// Finds every match of every word pattern. `anchors` is called with the tokens of a name that a rule found.
pub(super) fn find(
    page: &Page,
    rules: &Rules,
    hits: &mut Vec<Hit>,
    mut anchors: impl FnMut(usize, usize),
) {
    let present = Present::on(page, rules.vocabulary.len());
    let active: Vec<bool> =
        rules.programs.iter().map(|(_, program)| program.may_match(&present)).collect();
    let mut run = Runner { page, rules, active, tried: Tried::default() };
    for at in 0..page.tokens.len() {
        let word = page.token(at).map_or(WordId::UNKNOWN, |token| token.word);
        if word != WordId::UNKNOWN
            && let Some(list) = rules.by_word.get(word.index())
        {
            run.all(at, list, hits, &mut anchors);
        }
        let mut previous = None;
        for (lexicon, _) in page.entries(at) {
            if previous == Some(lexicon) {
                continue;
            }
            previous = Some(lexicon);
            if let Some(list) = rules.by_lexicon.get(usize::from(lexicon.0)) {
                run.all(at, list, hits, &mut anchors);
            }
        }
        for (first, list) in &rules.by_class {
            if let First::Class(class) = first
                && super::phrase::is_of(page, at, *class)
            {
                run.all(at, list, hits, &mut anchors);
            }
        }
    }
}

struct Runner<'a> {
    page: &'a Page,
    rules: &'a Rules,
    /// For each program, whether the page has what a match must hold.
    active: Vec<bool>,
    tried: Tried,
}

impl Runner<'_> {
    fn all(
        &mut self,
        at: usize,
        list: &[u32],
        hits: &mut Vec<Hit>,
        anchors: &mut impl FnMut(usize, usize),
    ) {
        for number in list {
            let number = *number as usize;
            if self.active.get(number) == Some(&true) {
                self.one(at, number, hits, anchors);
            }
        }
    }

    fn one(
        &mut self,
        at: usize,
        number: usize,
        hits: &mut Vec<Hit>,
        anchors: &mut impl FnMut(usize, usize),
    ) -> Option<()> {
        let (page, rules) = (self.page, self.rules);
        let (rule, program) = rules.programs.get(number)?;
        let rule = rules.rules.get(*rule)?;
        if !rule.zones.is_empty() && !rule.zones.contains(&page.zone(at)) {
            return None;
        }
        let found = program.run(page, at, &mut self.tried)?;
        if is_kept(page, rule, found, &mut self.tried) {
            return None;
        }
        if super::labels::is_unticked(page, found.last) {
            return None;
        }
        let hit = Hit::over(page, found.first, found.last, rule.kind, &rule.id)?;
        if rule.anchor {
            anchors(found.first, found.last);
        }
        let replacement =
            rule.replacement.clone().or_else(|| neutral_word(page, rules, rule, found));
        hits.push(Hit { action: rule.action, score: rule.score, replacement, ..hit });
        Some(())
    }
}

fn neutral_word(
    page: &Page,
    rules: &Rules,
    rule: &super::rules::Rule,
    found: Found,
) -> Option<String> {
    if rule.action != crate::rulebook::Action::Neutralise {
        return None;
    }
    let (start, end) = (page.token(found.first)?.start, page.token(found.last - 1)?.end);
    let word = rules.neutral.get(page.view.lower_slice(start, end))?;
    Some(in_case_of(page.view.slice(start, end), word))
}

/// The word written as the one it replaces: in capitals, or with one, or with none.
pub(super) fn in_case_of(model: &str, word: &str) -> String {
    let capitals = model.len() > 1 && !model.chars().any(char::is_lowercase);
    if capitals {
        return word.to_uppercase();
    }
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if model.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => word.to_owned(),
    }
}

/// Whether one of the rule's `keep` patterns covers a find.
fn is_kept(page: &Page, rule: &super::rules::Rule, found: Found, tried: &mut Tried) -> bool {
    let earliest = found.first.saturating_sub(6);
    rule.keep.iter().any(|keep| {
        (earliest..=found.first).any(|at| {
            keep.run(page, at, tried).is_some_and(|kept| {
                kept.first <= found.first
                    && kept.end > found.first
                    && (kept.first + 1..=found.first)
                        .all(|at| page.beside(at) || !is_table(page, at))
            })
        })
    })
}

/// Rows of an education table stand under each other without being one sentence.
fn is_table(page: &Page, at: usize) -> bool {
    page.zone(at) == super::text::Zone::Education
}
