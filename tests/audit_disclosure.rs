//! An attacker reads every format of a report and tries to work small counts out.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::collections::BTreeMap;

use evenhand::fairness::{Audit, AuditRequest, Cell, Counts, audit};
use evenhand::report;
use evenhand::rulebook::Rulebook;
use proptest::prelude::*;

const CATEGORIES: [&str; 6] = [
    "white_british",
    "white_irish",
    "asian_indian",
    "asian_pakistani",
    "black_african",
    "mixed_white_and_asian",
];
const STAGES: [&str; 3] = ["received", "shortlisted", "interviewed"];

/// A journey without withdrawals: for each category how many stood at each stage, and passed the last decision.
fn counts(journeys: &[[u64; 4]]) -> Counts {
    let rules = Rulebook::built_in().unwrap();
    let cells = CATEGORIES.iter().zip(journeys).flat_map(|(category, reached)| {
        STAGES.iter().enumerate().map(move |(place, stage)| Cell {
            characteristic: "ethnic_group".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: stage.parse().unwrap(),
            stratum: "one".to_owned(),
            entered: reached[place],
            progressed: reached[place + 1],
            undecided: 0,
            withdrawn: 0,
        })
    });
    Counts::from_cells(rules.recruitment().progress(), cells)
}

fn audited(counts: &Counts) -> Audit {
    let rules = Rulebook::built_in().unwrap();
    audit(counts, &AuditRequest::new("default", &rules).unwrap(), &rules)
}

/// What the report shows of each category at each point of the journey: the attacker's table.
fn shown(audit: &Audit) -> BTreeMap<(String, usize), u64> {
    let mut shown = BTreeMap::new();
    for view in &audit.views {
        for group in &view.groups {
            let decisions = group.stages.iter().filter(|line| !line.stretch.whole);
            for (place, line) in decisions.enumerate() {
                let mut learn = |at: usize, value: Option<u64>| {
                    if let Some(value) = value {
                        shown.insert((group.id.clone(), at), value);
                    }
                };
                learn(place, line.entered);
                learn(place + 1, line.progressed);
            }
        }
        for finding in &view.findings {
            if let (Some(n), false) = (&finding.numbers, finding.stretch.whole) {
                let place = STAGES.iter().position(|s| *s == finding.stretch.from).unwrap();
                shown.insert((finding.group.clone(), place), n.entered);
                shown.insert((finding.group.clone(), place + 1), n.progressed);
            }
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_small_count_is_shown_or_left_over_when_the_shown_ones_are_subtracted(
        journeys in prop::collection::vec(
            (0u64..60, 0u64..=100, 0u64..=100, 0u64..=100).prop_map(|(n, a, b, c)| {
                let pass = |n: u64, share: u64| n * share / 100;
                let (x, y) = (pass(n, a), pass(pass(n, a), b));
                [n, x, y, pass(y, c)]
            }),
            6..=6,
        )
    ) {
        let audit = audited(&counts(&journeys));
        let shown = shown(&audit);
        for point in 0..4 {
            let truth: Vec<u64> = journeys.iter().map(|journey| journey[point]).collect();
            let mut hidden = Vec::new();
            for (category, count) in CATEGORIES.iter().zip(&truth) {
                match shown.get(&((*category).to_owned(), point)) {
                    Some(value) => {
                        prop_assert_eq!(value, count);
                        prop_assert!(*count == 0 || *count >= 10, "{category} at {point}: {count}");
                    }
                    None if *count > 0 => hidden.push(*count),
                    None => {}
                }
            }
            // The total is known: what is left after subtraction must be several groups and enough people,
            // unless everything is hidden.
            let left: u64 = hidden.iter().sum();
            let nothing_shown = truth.iter().filter(|n| **n > 0).count() == hidden.len();
            prop_assert!(
                hidden.is_empty() || nothing_shown || (hidden.len() >= 2 && left >= 10),
                "{truth:?} leaves {hidden:?}"
            );
        }
    }
}

#[test]
fn a_hidden_group_has_no_number_in_any_format() {
    let audit = audited(&counts(&[
        [437, 211, 103, 41],
        [7, 3, 1, 0],
        [61, 30, 17, 11],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]));
    for finding in audit.findings().filter(|finding| finding.group == "white_irish") {
        assert!(finding.numbers.is_none());
        let sentence = report::sentence(finding, &audit);
        assert!(!sentence.contains("7 of") && !sentence.contains("3 of"), "{sentence}");
    }
    let csv = report::to_csv(&audit);
    let row = csv.lines().find(|line| line.contains("White: Irish")).unwrap();
    assert!(row.contains(",,,,"), "{row}");
}

#[test]
fn a_minimum_below_five_is_refused() {
    let rules = Rulebook::built_in().unwrap();
    let request = AuditRequest::new("default", &rules).unwrap();
    assert!(request.clone().with_minimum(4).is_err());
    assert!(request.with_minimum(5).is_ok());
}
