//! An attacker who keeps every report of a year, subtracts them from each other, and turns rates and intervals back into
//! counts. With protection it learns no small count; without it, it does, so it is an attacker worth the name.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::collections::{BTreeMap, BTreeSet};

use evenhand::fairness::{AuditRequest, Cell, Counts, Releases, audit, audit_after, rates};
use evenhand::report;
use evenhand::rulebook::Rulebook;
use serde_json::Value;

const GROUPS: [(&str, f64); 6] = [
    ("white_british", 0.5),
    ("asian_indian", 0.2),
    ("asian_pakistani", 0.12),
    ("black_african", 0.1),
    ("white_irish", 0.04),
    ("prefer_not_to_say", 0.04),
];
const STAGES: [&str; 2] = ["received", "shortlisted"];
const MINIMUM: u64 = 10;

/// A 64-bit xorshift generator: the same year every time.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// For each vacancy, group and point of the journey, how many people: received, shortlisted, interviewed.
type Year = Vec<BTreeMap<&'static str, [u64; 3]>>;

fn year(vacancies: usize, random: &mut Random) -> Year {
    (0..vacancies)
        .map(|_| {
            let people = 5 + (random.uniform() * 60.0) as u64;
            let mut vacancy: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
            for _ in 0..people {
                let mut at = random.uniform();
                let group = GROUPS.iter().find(|(_, share)| {
                    at -= share;
                    at < 0.0
                });
                let points = vacancy.entry(group.unwrap_or(&GROUPS[0]).0).or_default();
                points[0] += 1;
                if random.uniform() < 0.4 {
                    points[1] += 1;
                    points[2] += u64::from(random.uniform() < 0.4);
                }
            }
            vacancy
        })
        .collect()
}

fn counts(year: &Year, wanted: &BTreeSet<usize>, rules: &Rulebook) -> Counts {
    let cells = year.iter().enumerate().filter(|(vacancy, _)| wanted.contains(vacancy)).flat_map(
        |(vacancy, groups)| {
            groups.iter().flat_map(move |(group, points)| {
                STAGES.iter().enumerate().map(move |(place, stage)| Cell {
                    characteristic: "ethnic_group".parse().unwrap(),
                    category: group.parse().unwrap(),
                    stage: stage.parse().unwrap(),
                    stratum: format!("vacancy {vacancy}"),
                    entered: points[place],
                    progressed: points[place + 1],
                    undecided: 0,
                    withdrawn: 0,
                })
            })
        },
    );
    Counts::from_cells(rules.recruitment().progress(), cells)
}

/// The vacancies of each report: a growing year, quarters, the whole, and one without a single vacancy.
fn scopes(vacancies: usize) -> Vec<BTreeSet<usize>> {
    let of = |range: std::ops::Range<usize>| range.collect::<BTreeSet<usize>>();
    let half = vacancies / 2;
    let mut all = of(0..vacancies);
    let mut scopes = vec![of(0..half), of(0..half + 1), of(half + 2..vacancies)];
    scopes.push(of(0..half + 3));
    scopes.push(all.clone());
    all.remove(&(half / 2));
    scopes.push(all);
    scopes
}

/// The reports of a year as JSON, in the order of the scopes.
fn reports(year: &Year, scopes: &[BTreeSet<usize>], protected: bool) -> Vec<Value> {
    let rules = Rulebook::built_in().unwrap();
    let request = AuditRequest::new("default", &rules).unwrap();
    let mut releases = Releases::default();
    let mut reports = Vec::new();
    for scope in scopes {
        let counts = counts(year, scope, &rules);
        let report = if protected {
            let (report, release) = audit_after(&counts, &request, &rules, &releases);
            releases.add(release, counts.strata());
            report
        } else {
            audit(&counts, &request, &rules)
        };
        let json = report::to_json(&report).unwrap();
        reports.push(serde_json::from_slice(&json).unwrap());
    }
    reports
}

/// Group and point of the journey; `*` is everybody, `?` is who did not declare.
type Place = (String, usize);

/// Whole numbers x and n with this rate and this Wilson interval, if there is one pair only.
fn inverted(rate: f64, interval: &Value) -> Option<(u64, u64)> {
    let (low, high) = (interval[0].as_f64()?, interval[1].as_f64()?);
    let mut found = None;
    for n in 1..2_000 {
        let x = (rate * n as f64).round() as u64;
        let same = |a: f64, b: f64| (a - b).abs() < 1e-12;
        let Some((l, h)) = rates::wilson(x, n, 0.95) else { continue };
        if same(x as f64 / n as f64, rate) && same(l, low) && same(h, high) {
            if found.is_some() {
                return None;
            }
            found = Some((x, n));
        }
    }
    found
}

/// Everything that the numbers of one report say: counts as printed, counts behind rates and intervals, and what is left
/// of totals.
fn learned(report: &Value) -> BTreeMap<Place, u64> {
    let mut known = BTreeMap::new();
    let place_of = |line: &Value| STAGES.iter().position(|s| line["stretch"]["from"] == *s);
    let mut learn = |group: &str, line: &Value| {
        if line["stretch"]["whole"] == true {
            return;
        }
        let Some(place) = place_of(line) else { return };
        let entered = line["entered"].as_u64();
        let mut put = |at: usize, value: Option<u64>| {
            if let Some(value) = value {
                known.insert((group.to_owned(), at), value);
            }
        };
        put(place, entered);
        put(place + 1, line["progressed"].as_u64());
        if let Some((x, n)) =
            line["rate"].as_f64().and_then(|rate| inverted(rate, &line["rate_interval"]))
        {
            put(place, Some(n));
            put(place + 1, Some(x));
        }
    };
    let mut declared: BTreeMap<usize, u64> = BTreeMap::new();
    for view in report["views"].as_array().unwrap() {
        if view["grouping"].is_string() {
            continue;
        }
        for line in view["everybody"].as_array().unwrap() {
            learn("*", line);
        }
        for group in view["groups"].as_array().unwrap() {
            for line in group["stages"].as_array().unwrap() {
                learn(group["id"].as_str().unwrap(), line);
            }
        }
        for finding in view["findings"].as_array().unwrap() {
            let numbers = &finding["numbers"];
            let whole = finding["stretch"]["whole"] == true;
            if let (Some(place), false, true) = (place_of(finding), whole, numbers.is_object()) {
                let number = |name: &str| numbers[name].as_u64().unwrap();
                if finding["comparator"] == "others" {
                    declared.insert(place, number("entered") + number("comparator_entered"));
                    declared
                        .insert(place + 1, number("progressed") + number("comparator_progressed"));
                }
            }
        }
    }
    let groups: Vec<&str> =
        GROUPS.iter().map(|(group, _)| *group).filter(|g| *g != "prefer_not_to_say").collect();
    for (at, total) in declared {
        if let Some(all) = known.get(&("*".to_owned(), at)) {
            known.insert(("?".to_owned(), at), all - total);
        }
        let shown: Vec<u64> =
            groups.iter().filter_map(|g| known.get(&((*g).to_owned(), at)).copied()).collect();
        if shown.len() + 1 == groups.len() {
            let missing =
                groups.iter().find(|g| !known.contains_key(&((**g).to_owned(), at))).unwrap();
            known.insert(((*missing).to_owned(), at), total - shown.iter().sum::<u64>());
        }
    }
    known
}

/// Small counts that the reports give away: alone, as a difference of two, or as one less two others.
fn small_counts(reports: &[Value], scopes: &[BTreeSet<usize>]) -> Vec<(Place, Vec<usize>, u64)> {
    let known: Vec<BTreeMap<Place, u64>> = reports.iter().map(learned).collect();
    let mut found = Vec::new();
    let few = |n: u64| (1..MINIMUM).contains(&n);
    let mut check = |part: &BTreeSet<usize>, place: &Place, value: u64| {
        // Everybody together is no group: it tells nothing of a characteristic.
        if !part.is_empty() && few(value) && place.0 != "*" {
            found.push((place.clone(), part.iter().copied().collect(), value));
        }
    };
    for (a, scope) in scopes.iter().enumerate() {
        for (place, value) in &known[a] {
            check(scope, place, *value);
            for (b, other) in scopes.iter().enumerate() {
                if !other.is_subset(scope) || a == b {
                    continue;
                }
                let Some(less) = known[b].get(place) else { continue };
                let left: BTreeSet<usize> = scope.difference(other).copied().collect();
                check(&left, place, value - less);
                for (c, third) in scopes.iter().enumerate() {
                    if c > b
                        && third.is_subset(&left)
                        && let Some(more) = known[c].get(place)
                    {
                        let rest = left.difference(third).copied().collect();
                        check(&rest, place, value - less - more);
                    }
                }
            }
        }
    }
    found
}

#[test]
fn reports_of_a_year_cannot_be_subtracted_to_find_a_few_people() {
    let (mut cracked, mut shown) = (0, 0);
    for seed in 1..=6 {
        let mut random = Random(seed * 7919);
        let year = year(90, &mut random);
        let scopes = scopes(90);
        let protected = reports(&year, &scopes, true);
        let found = small_counts(&protected, &scopes);
        assert!(found.is_empty(), "seed {seed}: {:?}", found.first());
        let open = reports(&year, &scopes, false);
        cracked += usize::from(!small_counts(&open, &scopes).is_empty());
        shown += protected.iter().map(|report| learned(report).len()).sum::<usize>();
    }
    // The same attacker finds small counts in every year that is not protected, and protection leaves much to read.
    assert_eq!(cracked, 6);
    assert!(shown > 6 * 25, "{shown}");
}

#[test]
fn what_the_attacker_learns_without_protection_is_true() {
    let mut random = Random(7919);
    let year = year(24, &mut random);
    let scopes = scopes(24);
    let found = small_counts(&reports(&year, &scopes, false), &scopes);
    assert!(!found.is_empty());
    for ((group, at), vacancies, value) in found {
        let group = if group == "?" { "prefer_not_to_say" } else { group.as_str() };
        let truth: u64 = vacancies
            .iter()
            .filter_map(|vacancy| year[*vacancy].get(group))
            .map(|points| points[at])
            .sum();
        assert_eq!(value, truth, "{group} at {at} in {vacancies:?}");
    }
}

#[test]
fn the_same_report_again_and_one_of_much_more_are_shown_in_full() {
    let rules = Rulebook::built_in().unwrap();
    let request = AuditRequest::new("default", &rules).unwrap();
    let vacancy: BTreeMap<&str, [u64; 3]> =
        [("white_british", [80, 40, 20]), ("asian_indian", [60, 30, 15])].into_iter().collect();
    let year: Year = vec![vacancy; 4];
    let mut releases = Releases::default();
    for scope in [0..2, 0..2, 0..4] {
        let counts = counts(&year, &scope.collect(), &rules);
        let (report, release) = audit_after(&counts, &request, &rules, &releases);
        releases.add(release, counts.strata());
        assert_eq!(report.method.hidden_for_earlier_reports, 0);
        assert!(report.findings().all(|finding| !finding.hidden));
    }
    // The second said the same as the first and is not kept.
    assert_eq!(releases.len(), 2);
}

#[test]
fn few_who_withdrew_or_did_not_declare_do_not_follow_from_what_is_shown() {
    let rules = Rulebook::built_in().unwrap();
    let mut request = AuditRequest::new("default", &rules).unwrap();
    let cell = |category: &str, stage: &str, entered, progressed| Cell {
        characteristic: "sex".parse().unwrap(),
        category: category.parse().unwrap(),
        stage: stage.parse().unwrap(),
        stratum: "one".to_owned(),
        entered,
        progressed,
        undecided: 0,
        withdrawn: 0,
    };
    let counts = Counts::from_cells(
        rules.recruitment().progress(),
        [
            cell("female", "received", 200, 90),
            cell("male", "received", 180, 80),
            cell("prefer_not_to_say", "received", 4, 1),
            // Three women withdrew after shortlisting.
            cell("female", "shortlisted", 87, 40),
            cell("male", "shortlisted", 80, 41),
        ],
    );
    let report = audit(&counts, &request, &rules);
    let view = &report.views[0];
    let women = &view.groups.iter().find(|group| group.id == "female").unwrap().stages;
    assert_eq!((women[0].entered, women[1].entered), (Some(200), None));
    assert_eq!(view.everybody[0].entered, None);
    let undeclared = &view.undeclared[0];
    assert!(undeclared.hidden && undeclared.share.is_none() && undeclared.rate.is_none());
    let text = report::to_text(&report) + &report::to_html(&report);
    assert!(!text.contains("384") && !text.contains("1.0 %"), "{text}");
    request.shows_withdrawals = true;
    let report = audit(&counts, &request, &rules);
    let women = report.views[0].groups.iter().find(|group| group.id == "female").unwrap();
    assert_eq!(women.stages[1].entered, Some(87));
}

#[test]
fn no_report_of_a_row_names_a_comparator_that_it_hides() {
    let rules = Rulebook::built_in().unwrap();
    let request = AuditRequest::new("four_fifths", &rules).unwrap();
    let (mut named, mut hidden) = (0, 0);
    for seed in 1..12 {
        let year = year(14, &mut Random(seed * 7919));
        let mut releases = Releases::default();
        for scope in scopes(14) {
            let counts = counts(&year, &scope, &rules);
            let (report, release) = audit_after(&counts, &request, &rules, &releases);
            releases.add(release, counts.strata());
            for view in &report.views {
                for finding in &view.findings {
                    let shown = |group: &&evenhand::fairness::GroupLine| {
                        let mut lines = group.stages.iter();
                        group.label == finding.comparator_label
                            && lines.any(|line| line.stretch == finding.stretch && !line.hidden)
                    };
                    let is_named = !finding.comparator_label.is_empty();
                    named += usize::from(is_named);
                    hidden += usize::from(finding.comparator_among_shown);
                    assert_eq!(
                        is_named,
                        view.groups.iter().any(|group| shown(&group)),
                        "{finding:?}"
                    );
                }
            }
        }
    }
    assert!(named > 100 && hidden > 100, "{named} {hidden}");
}
