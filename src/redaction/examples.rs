//! Runs each rule's own `matches` and `ignores`. Asks the rule alone, so that a rule cannot lean on another.

use super::text::Page;
use super::{formats, labels, phrases, rules::Rules};
use crate::rulebook::{Recogniser, RuleError, Rulebook};

/// An example that did not come out as its rule says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: rule {rule}: {message}")]
pub struct ExampleFailure {
    /// Path inside the rule set.
    pub file: String,
    /// Line of the rule.
    pub line: usize,
    /// The rule.
    pub rule: String,
    /// The example and what came of it.
    pub message: String,
}

/// Runs every rule's examples; an empty list is success.
///
/// # Errors
/// [`RuleError`] when the rules cannot be compiled at all.
pub fn check_examples(book: &Rulebook) -> Result<Vec<ExampleFailure>, RuleError> {
    let rules = Rules::compile(book)?;
    let mut failures = Vec::new();
    for recogniser in book.recognisers() {
        let mut fail = |message: String| {
            failures.push(ExampleFailure {
                file: recogniser.place.file.clone(),
                line: recogniser.place.line,
                rule: recogniser.id().to_owned(),
                message,
            });
        };
        for example in &recogniser.matches {
            let (text, wanted) = unmark(example);
            let found = found_by(&rules, recogniser, &text);
            if wanted.is_empty() {
                fail(format!("mark the passage with {{{{ }}}} in \"{example}\""));
            }
            for passage in wanted.iter().filter(|passage| !found.contains(passage)) {
                fail(format!("should find \"{passage}\" in \"{text}\" but finds {found:?}"));
            }
        }
        for text in &recogniser.ignores {
            let found = found_by(&rules, recogniser, text);
            if !found.is_empty() {
                fail(format!("should find nothing in \"{text}\" but finds {found:?}"));
            }
        }
    }
    Ok(failures)
}

/// The text without its marks, and the marked passages, folded.
fn unmark(example: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut passages = Vec::new();
    for (number, part) in example.split("{{").enumerate() {
        match part.split_once("}}") {
            Some((passage, rest)) if number > 0 => {
                passages.push(super::text::View::fold(passage).text().to_owned());
                text.push_str(passage);
                text.push_str(rest);
            }
            _ => text.push_str(part),
        }
    }
    (text, passages)
}

fn found_by(rules: &Rules, recogniser: &Recogniser, text: &str) -> Vec<String> {
    // A rule that asks for a zone is tried in the first of its zones.
    let page = Page::read_in(text, &rules.vocabulary, recogniser.zones.first().map(String::as_str));
    let mut hits = Vec::new();
    phrases::find(&page, rules, &mut hits, |_, _| {});
    labels::find(&page, rules, &mut hits, |_, _| {});
    formats::find(&page, rules, &mut hits);
    hits.retain(|hit| hit.rule.as_str() == recogniser.id());
    super::resolve::resolve(&page, hits)
        .iter()
        .map(|hit| page.view.slice(hit.start, hit.end).to_owned())
        .collect()
}
