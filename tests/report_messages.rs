//! Every sentence that a report can say, word for word: the templates of `messages/en/audit.ftl`, each filled in for none,
//! one and several, against `tests/golden/audit_messages.txt`. Whoever changes a sentence changes that file and reads it.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use evenhand::messages::{Messages, Value};
use regex::Regex;

/// A template: its id, and its text with selectors and placeables.
fn templates() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("messages/en/audit.ftl");
    let text = fs::read_to_string(path).unwrap();
    let start = Regex::new(r"(?m)^([a-z][a-z0-9-]*) =").unwrap();
    let places: Vec<(usize, String)> =
        start.captures_iter(&text).map(|c| (c.get(0).unwrap().start(), c[1].to_owned())).collect();
    let ends = places.iter().skip(1).map(|(place, _)| *place).chain([text.len()]);
    places
        .iter()
        .zip(ends)
        .map(|((from, id), to)| (id.clone(), text[*from..to].to_owned()))
        .collect()
}

/// The names of what a template is filled with, and those of them that choose a form.
fn names(template: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let found = |pattern: &str| -> BTreeSet<String> {
        Regex::new(pattern).unwrap().captures_iter(template).map(|c| c[1].to_owned()).collect()
    };
    (found(r"\$([a-z_]+)"), found(r"\{ \$([a-z_]+) ->"))
}

/// A template filled in, once for each count that can choose another form.
fn sentences() -> Vec<(String, String)> {
    let words = Messages::english();
    let mut sentences = Vec::new();
    for (id, template) in templates() {
        let (all, choosing) = names(&template);
        let fillings: &[u64] = if choosing.is_empty() { &[3] } else { &[0, 1, 3] };
        for count in fillings {
            let marked: Vec<(&str, String)> =
                all.iter().map(|name| (name.as_str(), format!("<{name}>"))).collect();
            let values: Vec<(&str, Value<'_>)> = marked
                .iter()
                .map(|(name, text)| match choosing.contains(*name) {
                    true if *name == "direction" => {
                        (*name, Value::Text(if *count == 1 { "higher" } else { "lower" }))
                    }
                    true if *name == "kind" => {
                        (*name, Value::Text(if *count == 1 { "highest" } else { "other" }))
                    }
                    true => (*name, Value::Count(*count)),
                    false => (*name, Value::Text(text)),
                })
                .collect();
            let sentence = words.fill(&id, &values);
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            let suffix = if choosing.is_empty() { String::new() } else { format!(" {count}") };
            sentences.push((format!("{id}{suffix}"), sentence));
        }
    }
    sentences
}

#[test]
fn every_sentence_of_a_report_is_the_one_that_was_read_and_approved() {
    let mut found = String::new();
    for (id, sentence) in sentences() {
        let _ = writeln!(found, "{id}: {sentence}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/audit_messages.txt");
    if std::env::var_os("EVENHAND_WRITE_GOLDEN").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    let differing: Vec<_> = found
        .lines()
        .zip(expected.lines().chain(std::iter::repeat("")))
        .filter(|(found, expected)| found != expected)
        .take(3)
        .collect();
    assert!(
        found == expected,
        "{differing:#?}\nread the changed sentences, then run once with EVENHAND_WRITE_GOLDEN=1"
    );
}

#[test]
fn no_sentence_judges_people_or_words_a_selection_rate_as_a_rejection() {
    let judging = Regex::new(r"(?i)\b(un)?fair|discriminat|reject|guilt|\bblame").unwrap();
    for (id, sentence) in sentences() {
        assert!(!judging.is_match(&sentence), "{id}: {sentence}");
    }
}

#[test]
fn a_sentence_that_gives_a_ratio_of_a_finding_gives_counts_comparator_and_period_with_it() {
    let templates = templates();
    let text = |wanted: &str| &templates.iter().find(|(id, _)| id == wanted).unwrap().1;
    for part in ["$progressed", "$entered", "$comparator_progressed", "$comparator", "$period"] {
        assert!(text("audit-counts").contains(part), "{part}");
    }
    let verdicts = Regex::new(r"^audit-(gap|ruled-out|cannot-tell)(-[a-z-]+)?$").unwrap();
    let other = ["-meaning", "-summary"];
    let stated = templates.iter().filter(|(id, template)| {
        verdicts.is_match(id)
            && template.contains("$ratio")
            && !other.iter().any(|end| id.ends_with(end))
    });
    let mut tried = 0;
    for (id, template) in stated {
        tried += 1;
        assert!(template.contains("$counts"), "{id} gives a ratio without counts");
        assert!(template.contains("$low") && template.contains("$high"), "{id} has no interval");
        assert!(template.contains("$undeclared"), "{id} does not say who is missing");
    }
    assert!(tried >= 5);
    for (id, template) in &templates {
        if id.starts_with("audit-hidden-") || id == "audit-not-assessed" {
            for part in ["$comparator", "$period", "$stretch"] {
                assert!(template.contains(part), "{id}: {part}");
            }
        }
    }
}
