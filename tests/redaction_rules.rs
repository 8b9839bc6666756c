//! Every rule's own examples. What a rule must find stands beside the rule, not here.

use evenhand::redaction::check_examples;
use evenhand::rulebook::Rulebook;

#[test]
fn every_rule_finds_what_its_examples_mark_and_nothing_in_what_it_ignores() {
    let failures = check_examples(&Rulebook::built_in().unwrap()).unwrap();
    let listed: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", listed.join("\n"));
}
