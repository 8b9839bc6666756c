//! An attacker reads every format of a report and tries to work small counts out.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use evenhand::fairness::{Audit, AuditRequest, Cell, Counts, Looks, Reason, Verdict, audit};
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
/// Read once: the tests try hundreds of tables.
static RULES: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::built_in().unwrap());

const STAGES: [&str; 3] = ["received", "shortlisted", "interviewed"];

/// A journey without withdrawals: for each category how many stood at each stage, and passed the last decision.
fn counts(journeys: &[[u64; 4]]) -> Counts {
    let decided = |[first, second, third, passed]: &[u64; 4]| {
        [(*first, *second), (*second, *third), (*third, *passed)]
    };
    counts_of(&journeys.iter().map(decided).collect::<Vec<_>>())
}

/// A journey: for each category how many were decided at each stage, and passed it.
fn counts_of(journeys: &[[(u64, u64); 3]]) -> Counts {
    let cells = CATEGORIES.iter().zip(journeys).flat_map(|(category, decided)| {
        STAGES.iter().zip(decided).map(move |(stage, (entered, progressed))| Cell {
            characteristic: "ethnic_group".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: stage.parse().unwrap(),
            stratum: "one".to_owned(),
            entered: *entered,
            progressed: *progressed,
            undecided: 0,
            withdrawn: 0,
        })
    });
    Counts::from_cells(RULES.recruitment().progress(), cells)
}

/// The broad groups of the categories above.
const BROAD: [(&str, &[usize]); 4] =
    [("white", &[0, 1]), ("asian", &[2, 3]), ("black", &[4]), ("mixed", &[5])];

/// What the report shows of each group, and of everybody, at each decision: who entered, and who passed.
fn shown_by_decision(audit: &Audit) -> BTreeMap<(String, usize), (Option<u64>, Option<u64>)> {
    let mut shown: BTreeMap<(String, usize), (Option<u64>, Option<u64>)> = BTreeMap::new();
    for view in &audit.views {
        let everybody = ("everybody", &view.everybody);
        let groups = view.groups.iter().map(|group| (group.id.as_str(), &group.stages));
        for (id, lines) in groups.chain([everybody]) {
            for (place, line) in lines.iter().filter(|line| !line.stretch.whole).enumerate() {
                let known = shown.entry((id.to_owned(), place)).or_default();
                *known = (known.0.or(line.entered), known.1.or(line.progressed));
            }
        }
        for finding in &view.findings {
            if let (Some(n), false) = (&finding.numbers, finding.stretch.whole) {
                let place = STAGES.iter().position(|s| *s == finding.stretch.from).unwrap();
                shown.insert((finding.group.clone(), place), (Some(n.entered), Some(n.progressed)));
            }
        }
    }
    shown
}

fn audited(counts: &Counts) -> Audit {
    audit(counts, &AuditRequest::new("default", &RULES).unwrap(), &RULES)
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
            let is_there = |journey: &[u64; 4]| journey.iter().any(|count| *count > 0);
            let mut hidden = Vec::new();
            for ((category, count), journey) in CATEGORIES.iter().zip(&truth).zip(&journeys) {
                match shown.get(&((*category).to_owned(), point)) {
                    Some(value) => {
                        prop_assert_eq!(value, count);
                        prop_assert!(*count == 0 || *count >= 10, "{category} at {point}: {count}");
                    }
                    // Nobody may be hidden, too, where a group was small before.
                    None if is_there(journey) => hidden.push(*count),
                    None => {}
                }
            }
            // The total is known: what is left after subtraction must be several groups and enough people,
            // unless everything is hidden.
            let left: u64 = hidden.iter().sum();
            let filled = |counts: &[u64]| counts.iter().filter(|count| **count > 0).count();
            let nothing_shown = filled(&truth) == filled(&hidden);
            prop_assert!(
                hidden.is_empty() || nothing_shown || (hidden.len() >= 2 && left >= 10),
                "{truth:?} leaves {hidden:?}"
            );
        }
    }
}

/// So many, and of them so many hundredths, and then so few who withdraw.
fn journey_with_withdrawals() -> impl Strategy<Value = [(u64, u64); 3]> {
    let share = || 0u64..=100;
    let few = || prop_oneof![3 => Just(0u64), 3 => 1u64..10, 1 => 10u64..40];
    (prop_oneof![0u64..60, 100u64..900], share(), few(), share(), few(), share()).prop_map(
        |(entered, first, gone, second, gone_later, third)| {
            let passed = entered * first / 100;
            let next = passed.saturating_sub(gone);
            let passed_next = next * second / 100;
            let last = passed_next.saturating_sub(gone_later);
            [(entered, passed), (next, passed_next), (last, last * third / 100)]
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn few_who_withdrew_are_not_given_back_by_subtracting(
        journeys in prop::collection::vec(journey_with_withdrawals(), 6..=6)
    ) {
        let audit = audited(&counts_of(&journeys));
        let shown = shown_by_decision(&audit);
        let known = |id: &str, place: usize| {
            shown.get(&(id.to_owned(), place)).copied().unwrap_or_default()
        };
        let few = |count: u64| (1..10).contains(&count);
        for place in 1..STAGES.len() {
            let ids = CATEGORIES.iter().copied().chain(BROAD.iter().map(|(id, _)| *id));
            for id in ids {
                // One shown count less the other. How many of everybody withdrew names no group.
                let ((_, passed), (entered, _)) = (known(id, place - 1), known(id, place));
                if let (Some(passed), Some(entered)) = (passed, entered) {
                    prop_assert!(!few(passed - entered), "{id} at {place}: {passed} - {entered}");
                }
            }
            // What is known of all but one gives the one: of all groups, and of the details of a broad one. Of a group
            // that applied and is hidden here nobody knows that it is empty.
            let all: Vec<usize> = (0..CATEGORIES.len()).collect();
            let broad = BROAD.iter().map(|(id, members)| (known(id, place).0, members.to_vec()));
            for (sum, members) in broad.chain([(known("everybody", place).0, all)]) {
                let hidden: Vec<usize> = members
                    .iter()
                    .copied()
                    .filter(|member| journeys[*member][0].0 > 0)
                    .filter(|member| known(CATEGORIES[*member], place).0.is_none())
                    .collect();
                let [only] = hidden.as_slice() else { continue };
                let (id, truth) = (CATEGORIES[*only], journeys[*only][place].0);
                let withdrew = journeys[*only][place - 1].1 - truth;
                // Where there is nobody else, the sum says what the group's own count would.
                let beside = members.iter().any(|m| m != only && journeys[*m][place].0 > 0);
                let leaks = sum.is_some() && (few(withdrew) || few(truth) && beside);
                prop_assert!(!leaks, "{id} at {place} follows from the others: {journeys:?}");
            }
        }
    }
}

#[test]
fn few_withdrawals_hide_the_later_decision_and_leave_the_earlier_one_shown() {
    let journeys = [
        [(437, 211), (208, 103), (103, 41)],
        [(160, 80), (80, 40), (40, 20)],
        [(150, 61), (59, 30), (30, 15)],
        [(120, 50), (50, 25), (25, 12)],
        [(90, 45), (44, 22), (22, 11)],
        [(80, 40), (40, 20), (20, 10)],
    ];
    let shown = shown_by_decision(&audited(&counts_of(&journeys)));
    for (category, journey) in CATEGORIES.iter().zip(journeys) {
        let (entered, passed) = journey[0];
        let first = shown[&((*category).to_owned(), 0)];
        assert_eq!(first, (Some(entered), Some(passed)), "{category}");
        // Six people in all withdrew before the second decision: how many entered it is told of no group of them.
        let withdrew = passed > journey[1].0;
        let second = shown[&((*category).to_owned(), 1)];
        assert!(!withdrew || second == (None, None), "{category}: {second:?}");
    }
    assert_eq!(shown[&("everybody".to_owned(), 1)].0, Some(481));
}

#[test]
fn few_withdrawals_of_people_who_did_not_declare_hide_how_many_of_them_there_are() {
    let with_undeclared = |journey: [(u64, u64); 3]| {
        let mut counts = counts_of(&[[(400, 200), (200, 100), (100, 40)]; 6]);
        for (stage, (entered, progressed)) in STAGES.iter().zip(journey) {
            counts.add_cell(&Cell {
                characteristic: "ethnic_group".parse().unwrap(),
                category: "not_asked".parse().unwrap(),
                stage: stage.parse().unwrap(),
                stratum: "one".to_owned(),
                entered,
                progressed,
                undecided: 0,
                withdrawn: 0,
            });
        }
        let audit = audited(&counts);
        let view = &audit.views[0];
        let decisions = view.undeclared.iter().zip(&view.everybody);
        decisions
            .filter(|(line, _)| !line.stretch.whole)
            .map(|(line, everybody)| (line.share.is_some(), everybody.entered.is_some()))
            .collect::<Vec<_>>()
    };
    let shown = (true, true);
    assert_eq!(with_undeclared([(60, 30), (30, 15), (15, 0)]), [shown; 3]);
    assert_eq!(with_undeclared([(60, 30), (27, 12), (12, 0)]), [shown, (false, false), shown]);
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

/// What the report says of who is compared with whom, in the order in which it says so.
fn comparisons(audit: &Audit) -> Vec<(String, String, String, bool, bool)> {
    let said = |f: &evenhand::fairness::Finding| {
        let stretch = format!("{} {}", f.stretch.from, f.stretch.whole);
        let (group, label) = (f.group.clone(), f.comparator_label.clone());
        (group, stretch, label, f.comparator_hidden, f.comparator_among_shown)
    };
    audit.findings().map(said).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The attacker knows every total and every shown count, and reads what order, named comparators and missing rows
    /// say of the rest. Two tables that differ only in who of the hidden groups went on must say the same.
    #[test]
    fn who_of_the_hidden_groups_went_on_changes_neither_the_comparator_nor_any_row(
        groups in prop::collection::vec(
            (prop_oneof![1u64..10, 10u64..30, 30u64..200], 0u64..=100), 6..=6,
        ),
        moved in 1u64..8,
        policy in prop_oneof![Just("four_fifths"), Just("ll144")],
    ) {
        let journeys: Vec<[(u64, u64); 3]> =
            groups.iter().map(|(n, share)| [(*n, n * share / 100), (0, 0), (0, 0)]).collect();
        let request = AuditRequest::new(policy, &RULES).unwrap();
        let audited = |journeys: &[[(u64, u64); 3]]| audit(&counts_of(journeys), &request, &RULES);
        let first = audited(&journeys);
        let lines = |audit: &Audit| -> Vec<_> {
            audit.views.iter().flat_map(|v| v.groups.iter().map(|g| g.stages.clone())).collect()
        };
        for finding in first.findings() {
            prop_assert_eq!(finding.comparator_hidden, finding.comparator_label.is_empty());
        }
        for from in 0..journeys.len() {
            for to in 0..journeys.len() {
                let mut other = journeys.clone();
                let (Some(less), more) = (other[from][0].1.checked_sub(moved), other[to][0].1 + moved)
                else { continue };
                if from == to || more > other[to][0].0 {
                    continue;
                }
                (other[from][0].1, other[to][0].1) = (less, more);
                let second = audited(&other);
                if lines(&first) == lines(&second) {
                    prop_assert_eq!(comparisons(&first), comparisons(&second), "{:?}", journeys);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// The strongest attacker knows which hidden counts are below the smallest that is shown, and everything but how a
    /// few people, or a few selections, divide over two hidden groups. Whatever else the report says, in verdicts,
    /// reasons, adjusted p-values and numbers of comparisons, must not tell: where all published counts are the same,
    /// the whole report is.
    #[test]
    fn nothing_in_a_report_depends_on_how_the_hidden_divide(
        groups in prop::collection::vec(
            (prop_oneof![3 => 1u64..10, 2 => 10u64..30, 2 => 30u64..400], 0u64..=100), 2..=6,
        ),
        people in -3i64..=3,
        selections in -8i64..=8,
        policy in prop_oneof![Just("default"), Just("four_fifths"), Just("ll144"), Just("wres")],
        looks in prop_oneof![Just(Looks::Once), Just(Looks::Many)],
        minimum in prop_oneof![Just(5), Just(10)],
    ) {
        let journeys: Vec<[(u64, u64); 3]> =
            groups.iter().map(|(n, share)| [(*n, n * share / 100), (0, 0), (0, 0)]).collect();
        let mut request = AuditRequest::new(policy, &RULES).unwrap().with_minimum(minimum).unwrap();
        request.looks = looks;
        let audited = |journeys: &[[(u64, u64); 3]]| audit(&counts_of(journeys), &request, &RULES);
        let first = audited(&journeys);
        let published = |audit: &Audit| -> Vec<_> {
            let lines = |v: &evenhand::fairness::View| {
                let groups = v.groups.iter().map(|g| g.stages.clone());
                groups.chain([v.everybody.clone()]).collect::<Vec<_>>()
            };
            audit.views.iter().map(lines).collect()
        };
        for from in 0..journeys.len() {
            for to in 0..journeys.len() {
                let moved = |(entered, progressed): (u64, u64), sign: i64| {
                    let entered = entered.checked_add_signed(sign * people)?;
                    let progressed = progressed.checked_add_signed(sign * selections)?;
                    (entered > 0 && progressed <= entered).then_some((entered, progressed))
                };
                let (Some(less), Some(more)) = (moved(journeys[from][0], -1), moved(journeys[to][0], 1))
                else { continue };
                if from == to {
                    continue;
                }
                let mut other = journeys.clone();
                (other[from][0], other[to][0]) = (less, more);
                let second = audited(&other);
                let small = |all: &[[(u64, u64); 3]]| -> Vec<[bool; 3]> {
                    let of = |(n, k): (u64, u64)| [n, k, n - k].map(|count| count < minimum);
                    let broad = BROAD.iter().map(|(_, members)| {
                        members.iter().filter_map(|member| all.get(*member)).fold((0, 0), |sum, group| {
                            (sum.0 + group[0].0, sum.1 + group[0].1)
                        })
                    });
                    all.iter().map(|[first, ..]| *first).chain(broad).map(of).collect()
                };
                let alike = small(&journeys) == small(&other);
                if alike && published(&first) == published(&second) {
                    let said = |audit: &Audit| String::from_utf8(report::to_json(audit).unwrap()).unwrap();
                    let (one, two) = (said(&first), said(&second));
                    let differ = one.lines().zip(two.lines()).find(|(one, two)| one != two);
                    prop_assert_eq!(differ, None, "{:?} {:?}", journeys, other);
                }
            }
        }
    }
}

/// What an audit by the default policy says of a category compared with everybody else.
fn said(groups: &[(u64, u64)], minimum: u64, category: &str) -> (Verdict, Option<Reason>, bool) {
    let journeys: Vec<[(u64, u64); 3]> =
        groups.iter().map(|first| [*first, (0, 0), (0, 0)]).collect();
    let request = AuditRequest::new("default", &RULES).unwrap().with_minimum(minimum).unwrap();
    let found = audit(&counts_of(&journeys), &request, &RULES);
    let finding = found.findings().find(|f| f.group == category && f.primary).unwrap();
    (finding.verdict, finding.reason, finding.hidden)
}

#[test]
fn a_hidden_verdict_is_said_where_no_small_count_could_change_it() {
    // Who entered is shown; from 1 to 9 of the 200 went on, and any of these numbers is a gap.
    let clear = said(&[(500, 60), (0, 0), (200, 8)], 10, "asian_indian");
    assert_eq!(clear, (Verdict::Gap, None, true));
    // Of 60 as many as 9 would be no gap.
    let unclear = said(&[(500, 90), (0, 0), (60, 1)], 10, "asian_indian");
    assert_eq!(unclear, (Verdict::CannotTell, Some(Reason::TooFewToShow), true));
    // Of 11 hidden people 7 went on: that 7 of them went on less often would mean that all 4 others did.
    let groups = [(60, 48), (4, 4), (70, 60), (7, 3)];
    for category in ["white_irish", "asian_pakistani"] {
        let telling = said(&groups, 5, category);
        assert_eq!(telling, (Verdict::CannotTell, Some(Reason::TooFewToShow), true));
    }
    // Of 11 people together at least 10 are of one group: any answer would say that the other has one.
    let single = said(&[(400, 300), (10, 0), (1, 1)], 10, "white_irish");
    assert_eq!(single, (Verdict::CannotTell, Some(Reason::TooFewToShow), true));
}

#[test]
fn a_hidden_group_below_the_share_of_the_policy_is_not_told_apart() {
    // Of 909 people, groups of 9 and fewer are hidden; the policy leaves out those of less than 2 %, which would say of
    // a hidden group how many it has at most.
    let journeys = |small: u64| {
        [(400, 200), (300, 140), (small, 2), (12, 6), (160, 80), (25, 12)]
            .map(|first| [first, (0, 0), (0, 0)])
    };
    let request = AuditRequest::new("ll144", &RULES).unwrap();
    for small in [3, 9] {
        let found = audit(&counts_of(&journeys(small)), &request, &RULES);
        let hidden: Vec<_> = found.findings().filter(|finding| finding.hidden).collect();
        assert!(!hidden.is_empty());
        for finding in hidden {
            assert_ne!(finding.reason, Some(Reason::ShareTooSmall), "{finding:?}");
        }
    }
}

#[test]
fn a_minimum_below_five_is_refused() {
    let request = AuditRequest::new("default", &RULES).unwrap();
    assert!(request.clone().with_minimum(4).is_err());
    assert!(request.with_minimum(5).is_ok());
}
