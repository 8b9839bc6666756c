//! Monitoring: evidence over time by family of vacancies, and what one report says that the last did not.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use evenhand::fairness::{AuditRequest, Cell, Counts, Monitor, StratumFacts, monitor};
use evenhand::report;
use evenhand::rulebook::Rulebook;
use serde_json::Value;

/// Twelve vacancies of housing officers, where disabled applicants are shortlisted half as often, and twelve of
/// planners, where they are not; one decided each month, and the last planner's still open.
fn watched() -> Monitor {
    let rules = Rulebook::built_in().unwrap();
    let mut counts = Counts::new(rules.recruitment().progress());
    for month in 1..=12 {
        for (family, disabled) in [("housing officers", 3), ("planners", 6)] {
            let stratum = format!("{family} {month}");
            for (category, entered, progressed) in
                [("not_disabled", 40, 16), ("disabled", 15, disabled)]
            {
                counts.add_cell(&Cell {
                    characteristic: "disability".parse().unwrap(),
                    category: category.parse().unwrap(),
                    stage: "received".parse().unwrap(),
                    stratum: stratum.clone(),
                    entered,
                    progressed,
                    undecided: 0,
                    withdrawn: 0,
                });
            }
            counts.describe(
                &stratum,
                StratumFacts {
                    decided_on: Some(jiff::civil::date(2025, month, 20)),
                    family: Some(family.to_owned()),
                    is_open: month == 12 && family == "planners",
                    ..StratumFacts::default()
                },
            );
        }
    }
    let mut request = AuditRequest::new("default", &rules).unwrap();
    request.organisation = "Wychford Council".to_owned();
    monitor(&counts, &request, &rules)
}

#[test]
fn each_family_has_its_own_evidence_and_the_date_at_which_it_crossed_the_line() {
    let monitor = watched();
    let names: Vec<Option<&str>> =
        monitor.families.iter().map(|family| family.family.as_deref()).collect();
    assert_eq!(names, [None, Some("housing officers"), Some("planners")]);
    let (housing, planners) = (&monitor.families[1], &monitor.families[2]);
    let series = &housing.series[0];
    assert!(series.has_crossed && series.has_crossed_family_line);
    let (own, all) = (series.crossed_on.unwrap(), series.crossed_family_line_on.unwrap());
    assert!(own <= all && all <= jiff::civil::date(2025, 12, 20), "{own} {all}");
    let crossing = series.points.iter().find(|point| point.log10_e >= monitor.line_log10).unwrap();
    assert_eq!(crossing.on, Some(own));
    assert!(!planners.series[0].has_crossed);
    assert_eq!((planners.vacancies, monitor.open_vacancies), (11, 1));
}

#[test]
fn steps_between_points_rest_on_enough_people_to_be_seen_by_themselves() {
    let monitor = watched();
    for series in monitor.families.iter().flat_map(|family| &family.series) {
        let mut before = 0;
        for point in &series.points {
            // Three of fifteen a vacancy: four vacancies make twelve. Six of fifteen: two make twelve, and eighteen.
            let step = point.vacancies - before;
            assert!(step >= 2, "{series:?}");
            before = point.vacancies;
        }
    }
    let housing = &monitor.families[1].series[0];
    assert_eq!(housing.points.iter().map(|p| p.vacancies).collect::<Vec<_>>(), [4, 8, 12]);
}

#[test]
fn the_sentence_names_group_comparator_family_period_and_date() {
    let json = report::monitor_to_json(&watched());
    assert_eq!(
        json["families"][1]["series"][0]["sentence"],
        "Disabled, selected less often than everybody else who declared from received to shortlisted (housing officers, \
         the decisions from 20 January 2025 to 20 December 2025): the evidence crossed the line that allows for all \
         series (60) on 20 August 2025; after 12 vacancies the e-value is 23,000."
    );
    let page = report::monitor_to_html(&watched());
    let count = |part: &str| page.matches(part).count();
    assert_eq!((count("<svg"), count("<desc"), count("<table")), (3, 3, 3));
    assert!(!page.contains("<script") && !page.to_lowercase().contains("discriminat"));
}

fn audit(folder: &Path, arguments: &[&str]) -> (i32, Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["audit", "--applications", "a.csv"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap(), output.stdout, errors)
}

/// Vacancies of forty women and forty men; a quarter of the women and a half of the men are shortlisted.
fn table(vacancies: usize) -> String {
    let mut table =
        String::from("application_id,vacancy_id,sex,furthest_stage,withdrew,decision date\n");
    for i in 0..vacancies * 80 {
        let vacancy = i / 80;
        let (sex, every) = if i % 2 == 0 { ("Female", 8) } else { ("Male", 4) };
        let stage = if i % every < 2 { "shortlisted" } else { "received" };
        let _ = writeln!(table, "A{i},V{vacancy},{sex},{stage},no,2026-{:02}-15", 1 + vacancy % 12);
    }
    table
}

#[test]
fn since_last_says_what_is_new_and_when_evidence_crossed_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--ledger", "reports.ledger", "--since-last", "--format", "json"];
    std::fs::write(folder.path().join("a.csv"), table(1)).unwrap();
    let (code, first, errors) = audit(folder.path(), &arguments);
    assert_eq!(code, 0, "{errors}");
    let first: Value = serde_json::from_slice(&first).unwrap();
    assert!(first["changes"].is_null());
    assert_eq!(first["method"]["looks"], "many");
    std::fs::write(folder.path().join("a.csv"), table(8)).unwrap();
    let (_, second, _) = audit(folder.path(), &arguments);
    let second: Value = serde_json::from_slice(&second).unwrap();
    assert_eq!(second["method"]["dated_vacancies"], 8);
    let sentences = second["change_sentences"].as_array().unwrap();
    let said = |start: &str| sentences.iter().any(|s| s.as_str().unwrap().starts_with(start));
    assert!(said("New gap. Female: 80 of 320"), "{sentences:?}");
    // Seen from the other side it is the same news.
    assert!(!said("New gap. Male") && !said("Evidence crossed its line. Male"), "{sentences:?}");
    assert_eq!(second["changes"]["new_gaps"].as_array().unwrap().len(), 2);
    assert!(
        said("Evidence crossed its line. Female, compared with the group \"Male\""),
        "{sentences:?}"
    );
    assert!(sentences.iter().any(|s| s.as_str().unwrap().contains("2026.")), "{sentences:?}");
    let (_, third, _) = audit(folder.path(), &arguments);
    let third: Value = serde_json::from_slice(&third).unwrap();
    let expected = ["No verdict changed, and no evidence crossed its line."];
    assert_eq!(third["change_sentences"], Value::from(expected.to_vec()));
}

#[test]
fn one_more_vacancy_is_hidden_from_subtraction_and_a_damaged_ledger_stops_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--ledger", "reports.ledger", "--format", "json"];
    std::fs::write(folder.path().join("a.csv"), table(4)).unwrap();
    audit(folder.path(), &arguments);
    // Four more people of a vacancy that was not there before.
    let more = "B1,VX,Female,received,no,\nB2,VX,Female,received,no,\n\
                B3,VX,Male,shortlisted,no,\nB4,VX,Male,received,no,\n";
    std::fs::write(folder.path().join("a.csv"), table(4) + more).unwrap();
    let (_, second, _) = audit(folder.path(), &arguments);
    let second: Value = serde_json::from_slice(&second).unwrap();
    assert!(second["method"]["hidden_for_earlier_reports"].as_u64().unwrap() > 0);
    assert!(second["views"][0]["groups"][0]["stages"][0]["entered"].is_null());
    let (_, text, _) = audit(folder.path(), &["--ledger", "reports.ledger"]);
    let text = String::from_utf8(text).unwrap();
    for part in [
        "hidden, because an earlier report was given out and subtracting it would leave fewer people",
        "wait until enough people have been added, or ask for the same period as before",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (_, open, _) = audit(folder.path(), &["--format", "json"]);
    let open: Value = serde_json::from_slice(&open).unwrap();
    assert_eq!(open["views"][0]["groups"][0]["stages"][0]["entered"], 162);
    std::fs::write(folder.path().join("reports.ledger"), "{\"version\":1").unwrap();
    let (code, report, errors) = audit(folder.path(), &arguments);
    assert_eq!((code, report.is_empty()), (1, true));
    assert!(errors.contains("reports.ledger") && errors.contains("restore"), "{errors}");
}
