//! How the rules of a rule set are used on given texts: how often each fires, and how often it alone. For those who
//! write rules; changes nothing and redacts nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::hit::Hit;
use super::rules::Rules;
use super::text::layout::skeleton;
use super::text::{Page, View};
use super::{formats, labels, phrases};
use crate::rulebook::{RuleError, Rulebook};

/// How one rule is used on a set of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleUse {
    /// The rule.
    pub rule: String,
    /// Path inside the rule set.
    pub file: String,
    /// Line of the rule.
    pub line: usize,
    /// How often it fired.
    pub fired: usize,
    /// How often it covered a letter that no other rule of the rule set covered.
    pub alone: usize,
    /// The rule that most often covered the same letters, if any did.
    pub beside: Option<String>,
}

/// A label that a rule gives twice: forms are compared without case, accents, spaces and punctuation, and with letters
/// that scanners confuse taken for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedLabel {
    /// Path inside the rule set.
    pub file: String,
    /// Line of the rule.
    pub line: usize,
    /// The rule.
    pub rule: String,
    /// The label as it is first given.
    pub first: String,
    /// The label that adds nothing.
    pub again: String,
}

/// Finds the labels that rules give twice.
#[must_use]
pub fn repeated_labels(book: &Rulebook) -> Vec<RepeatedLabel> {
    let mut repeated = Vec::new();
    for rule in book.recognisers() {
        let mut seen: BTreeMap<String, &String> = BTreeMap::new();
        for label in &rule.labels {
            let loose = (label.starts_with('*'), label.ends_with('*'));
            let bones = format!("{loose:?}{}", skeleton(View::fold(label).text()));
            match seen.entry(bones) {
                Entry::Vacant(entry) => {
                    entry.insert(label);
                }
                Entry::Occupied(entry) => repeated.push(RepeatedLabel {
                    file: rule.place.file.clone(),
                    line: rule.place.line,
                    rule: rule.id().to_owned(),
                    first: (*entry.get()).clone(),
                    again: label.clone(),
                }),
            }
        }
    }
    repeated
}

/// Runs all rules of the files on each text. Rules that are part of the program (names, people, pronouns) are left
/// out: they are not the author's to remove.
///
/// # Errors
/// [`RuleError`] when the rules cannot be compiled.
pub fn rule_usage<'a>(
    book: &Rulebook,
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<RuleUse>, RuleError> {
    let rules = Rules::compile(book)?;
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for text in texts {
        let page = Page::read(text, &rules.vocabulary);
        let mut hits = Vec::new();
        phrases::find(&page, &rules, &mut hits, |_, _| {});
        labels::find(&page, &rules, &mut hits, |_, _| {});
        formats::find(&page, &rules, &mut hits);
        count(&hits, &mut counts);
    }
    Ok(book
        .recognisers()
        .iter()
        .map(|rule| {
            let count = counts.remove(rule.id()).unwrap_or_default();
            let beside = count.beside.into_iter().max_by_key(|(_, times)| *times);
            RuleUse {
                rule: rule.id().to_owned(),
                file: rule.place.file.clone(),
                line: rule.place.line,
                fired: count.fired,
                alone: count.alone,
                beside: beside.map(|(rule, _)| rule),
            }
        })
        .collect())
}

#[derive(Default)]
struct Count {
    fired: usize,
    alone: usize,
    beside: BTreeMap<String, usize>,
}

fn count(hits: &[Hit], counts: &mut BTreeMap<String, Count>) {
    let mut by_place: Vec<&Hit> = hits.iter().collect();
    by_place.sort_by_key(|hit| (hit.start, hit.end));
    // No hit before this place reaches further right than the longest one, so the walk back from a hit can stop.
    let longest = hits.iter().map(|hit| hit.end - hit.start).max().unwrap_or_default();
    for (place, hit) in by_place.iter().enumerate() {
        let from = by_place.partition_point(|other| other.start + longest < hit.start);
        let others: Vec<&&Hit> = by_place
            .iter()
            .enumerate()
            .skip(from)
            .take_while(|(_, other)| other.start < hit.end)
            .filter(|(at, other)| *at != place && other.end > hit.start && other.rule != hit.rule)
            .map(|(_, other)| other)
            .collect();
        let entry = counts.entry(hit.rule.as_str().to_owned()).or_default();
        entry.fired += 1;
        entry.alone += usize::from(!covered(hit, &others));
        for other in others {
            *entry.beside.entry(other.rule.as_str().to_owned()).or_default() += 1;
        }
    }
}

/// Whether others, in order of place, together cover a hit from its first byte to its last.
fn covered(hit: &Hit, others: &[&&Hit]) -> bool {
    let mut reached = hit.start;
    for other in others {
        if other.start > reached {
            return false;
        }
        reached = reached.max(other.end);
        if reached >= hit.end {
            return true;
        }
    }
    false
}
