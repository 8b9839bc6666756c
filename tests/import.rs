//! `evenhand import`: tables of applications, events and counts into the service, checked whole before anything is
//! written, and the same numbers afterwards as the tables themselves give.

#![allow(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use evenhand::intake::tabular::{Mapping, read_applications_with_events, read_events};
use evenhand::report::Format;
use evenhand::workflow::{
    AuditFilter, Evenhand, audit_vacancies, erase_candidate, export_counts, list_vacancies,
    recount_tallies, show_vacancy,
};
use serde_json::{Value, json};
use support::{Council, application, characteristics, stage};

/// Runs a subcommand in the council's folder.
fn evenhand(council: &Council, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(arguments)
        .current_dir(council.folder.path())
        .output()
        .unwrap()
}

fn import(council: &Council, arguments: &[&str]) -> (Option<i32>, String) {
    let arguments: Vec<&str> = ["import", "--source", support::SOURCE]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    let output = evenhand(council, &arguments);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Imports and expects everything to be taken in.
fn imported(council: &Council, arguments: &[&str]) -> String {
    let (code, said) = import(council, arguments);
    assert_eq!(code, Some(0), "{said}");
    said
}

/// Closes the program and releases the folder.
async fn close(app: Arc<Evenhand>) {
    app.shut_down().await;
}

fn write(council: &Council, name: &str, text: &str) {
    std::fs::write(council.folder.path().join(name), text).unwrap();
}

/// The cells that the service counts, by what they count, in order; cells of nobody are left out.
async fn exported(council: &Council) -> Vec<String> {
    let app = council.open();
    let text = export_counts(&app, &council.organisation).unwrap();
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    close(app).await;
    let mut rows: Vec<String> =
        text.lines().skip(1).filter(|line| !line.ends_with(",0,0")).map(str::to_owned).collect();
    rows.sort();
    rows
}

/// The same without characteristics that nobody was asked about.
async fn asked(council: &Council) -> Vec<String> {
    let rows = exported(council).await;
    rows.into_iter().filter(|row| !row.contains(",not_asked,")).collect()
}

/// Six vacancies of sixty in two years: men are shortlisted more often, some withdraw, one vacancy longlists.
fn applications() -> String {
    let mut table = String::from(
        "Application ref,Job ref,Job title,Grade,Ethnicity,Sex,Stage reached,Withdrawn,Decision date\n",
    );
    for vacancy in 0..6 {
        for i in 0..60 {
            let sex = if i % 2 == 0 { "Female" } else { "Male" };
            let ethnicity = ["White British", "Indian", "Prefer not to say"][i % 3];
            let reached = match (i * 7 + vacancy) % 10 {
                0..3 => "received",
                3 if vacancy == 5 => "longlisted",
                3..6 if sex == "Female" => "received",
                3..6 => "shortlisted",
                6..8 => "interviewed",
                8 => "offered",
                _ => "appointed",
            };
            let withdrew = if i % 17 == 3 && reached != "appointed" { "yes" } else { "no" };
            let _ = writeln!(
                table,
                "A-{vacancy}-{i},V-{vacancy},Officer {vacancy},G{},{ethnicity},{sex},{reached},{withdrew},0{}/03/2025",
                vacancy % 2,
                vacancy + 1
            );
        }
    }
    table
}

/// What a report shows: characteristic, grouping, group, stretch and which, with the number.
fn numbers(report: &Value) -> BTreeMap<String, String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut found = BTreeMap::new();
    for view in list(&report["views"]) {
        if !["sex", "ethnic_group"].contains(&view["characteristic"].as_str().unwrap()) {
            continue;
        }
        let table = format!("{} {}", view["characteristic"], view["grouping"]);
        for group in list(&view["groups"]) {
            for line in list(&group["stages"]) {
                let name = format!("{table} {} {}", group["id"], line["stretch"]);
                found.insert(name, format!("{} {}", line["entered"], line["progressed"]));
            }
        }
        for finding in list(&view["findings"]) {
            let name = format!(
                "{table} {} {} {}",
                finding["group"], finding["comparator"], finding["stretch"]
            );
            // Vacancies come in another order, and sums end in other digits.
            let p_value = finding["numbers"]["p_value"].as_f64().map(|p| format!("{p:.9}"));
            found.insert(name, format!("{} {p_value:?}", finding["verdict"]));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_of_the_service_says_what_an_audit_of_the_imported_table_says() {
    let council = Council::new().await;
    write(&council, "a.csv", &applications());
    let said = imported(&council, &["--applications", "a.csv"]);
    assert!(said.contains("vacancies: 6 new, 0 changed, 0 as they were"), "{said}");
    assert!(said.contains("applications: 360 new, 0 changed, 0 as they were"), "{said}");
    let arguments = ["audit", "--applications", "a.csv", "--format", "json"];
    let of_table: Value = serde_json::from_slice(&evenhand(&council, &arguments).stdout).unwrap();
    let app = council.open();
    let audit = audit_vacancies(&app, &council.admin(), &AuditFilter::default()).unwrap();
    let of_service: Value = serde_json::from_slice(&Format::Json.write(&audit).unwrap()).unwrap();
    let (table, service) = (numbers(&of_table), numbers(&of_service));
    assert!(
        table.len() > 40 && table.values().any(|found| found.starts_with("\"gap\"")),
        "{table:#?}"
    );
    assert_eq!(service, table);

    let vacancies = list_vacancies(&app, &council.admin()).unwrap();
    let fifth = vacancies.iter().find(|vacancy| vacancy.reference.as_str() == "V-5").unwrap();
    assert_eq!((fifth.title.as_str(), fifth.grade.as_deref()), ("Officer 5", Some("G1")));
    assert_eq!(fifth.closed_at.unwrap().to_string(), "2025-03-06T00:00:00Z");
    assert!(fifth.stages.iter().any(|stage| stage.as_str() == "longlisted"));
    let page = show_vacancy(&app, &council.admin(), &fifth.id).unwrap();
    assert_eq!(page.applications.len(), 60);
    close(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_go_in_and_out_again_unchanged_and_a_second_table_replaces_the_first() {
    let council = Council::new().await;
    write(&council, "a.csv", &applications());
    imported(&council, &["--applications", "a.csv"]);
    let first = exported(&council).await;
    assert!(first.len() > 100);
    assert!(evenhand(&council, &["export", "-o", "counts.csv"]).status.success());

    let other = Council::new().await;
    let counts = std::fs::read_to_string(council.folder.path().join("counts.csv")).unwrap();
    write(&other, "counts.csv", &counts);
    let said = imported(&other, &["--counts", "counts.csv"]);
    assert!(said.contains("vacancies: 6 new"), "{said}");
    assert_eq!(exported(&other).await, first);
    let said = imported(&other, &["--counts", "counts.csv"]);
    assert!(said.contains("vacancies: 0 new, 0 changed, 6 as they were"), "{said}");
    assert_eq!(exported(&other).await, first);

    let header = "characteristic,category,stage,stratum,entered,progressed\n";
    write(&other, "less.csv", &format!("{header}sex,female,received,V-0,30,9\n"));
    imported(&other, &["--counts", "less.csv"]);
    let of_first: Vec<String> =
        exported(&other).await.into_iter().filter(|row| row.contains(",V-0,")).collect();
    assert_eq!(of_first, ["sex,female,received,V-0,30,9"]);

    // Where there are applications, they are what is counted.
    let (code, said) = import(&council, &["--counts", "counts.csv"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the vacancy 'V-0': the service has its applications"), "{said}");
    assert_eq!(exported(&council).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_rows_are_listed_with_line_and_reason_and_nothing_is_half_applied() {
    let council = Council::new().await;
    let table = "application_id,vacancy_id,sex,furthest_stage,withdrew,decision date\n\
                 A-1,V-1,Female,interviewed,no,\n\
                 A-2,V-1,Male,hovering,no,\n\
                 A-1,V-2,Male,received,no,\n\
                 ,V-1,Male,received,no,\n\
                 A-4,,Male,received,no,\n\
                 A-5,V-1,Male,received,perhaps,\n\
                 A-6,V-1,Male,received,no,31/02/2026\n\
                 A-7,V-1,Male,received,no,,extra\n\
                 A-8,V-1\n\
                 A-9,V-3,Blue,received,no,\n";
    write(&council, "a.csv", table);
    for arguments in [&["--applications", "a.csv"][..], &["--applications", "a.csv", "--check"]] {
        let (code, said) = import(&council, arguments);
        assert_eq!(code, Some(1), "{said}");
        for (line, part) in [
            (3, "'hovering' is not a stage"),
            (4, "line 2 bears the same application"),
            (5, "is empty; an import needs a name"),
            (6, "every application needs its vacancy"),
            (7, "'perhaps' is neither yes nor no"),
            (8, "'31/02/2026' is not a date"),
            (9, "the row has 7 values and the header 6"),
            (10, "the row ends before this column"),
        ] {
            let found = |said: &str| {
                said.lines()
                    .any(|told| told.contains(&format!("line {line}")) && told.contains(part))
            };
            assert!(found(&said), "{line}: {part}\n{said}");
        }
        assert!(said.contains("sex: 'Blue' (1)"), "{said}");
        assert!(said.contains("10 rows read, 8 left out"), "{said}");
        assert_eq!(exported(&council).await, Vec::<String>::new(), "nothing is written");
    }
    let (code, said) = import(&council, &["--applications", "a.csv", "--skip-wrong-rows"]);
    assert_eq!(code, Some(3), "{said}");
    let rows = exported(&council).await;
    assert!(rows.contains(&"sex,female,shortlisted,V-1,1,1".to_owned()), "{rows:?}");
    assert!(rows.contains(&"sex,unmapped,received,V-3,1,0".to_owned()), "{rows:?}");

    for (arguments, part) in [
        (&["--applications", "missing.csv"][..], "cannot be opened"),
        (&["--counts", "a.csv"], "there is no column for characteristic"),
        (&["--applications", "a.csv", "--events", "a.csv"], "there is no column for"),
    ] {
        let (code, said) = import(&council, arguments);
        assert!(code == Some(1) && said.contains(part), "{code:?} {said}");
    }
    let arguments = ["import", "--applications", "a.csv", "--source", "elsewhere"];
    let refused = evenhand(&council, &arguments);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the organisation has ats"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_run_again_or_after_a_part_of_it_changes_only_what_is_missing() {
    let council = Council::new().await;
    let table = applications();
    let half: String = table.lines().take(181).map(|line| format!("{line}\n")).collect();
    write(&council, "half.csv", &half);
    write(&council, "a.csv", &table);
    imported(&council, &["--applications", "half.csv"]);
    let said = imported(&council, &["--applications", "a.csv"]);
    assert!(said.contains("applications: 180 new, 0 changed, 180 as they were"), "{said}");
    let first = exported(&council).await;
    let said = imported(&council, &["--applications", "a.csv"]);
    assert!(said.contains("vacancies: 0 new, 0 changed, 6 as they were"), "{said}");
    assert!(said.contains("applications: 0 new, 0 changed, 360 as they were"), "{said}");
    assert_eq!(exported(&council).await, first);

    // Who was erased stays erased, and stays counted.
    let app = council.open();
    let viewer = council.admin();
    let vacancy = list_vacancies(&app, &viewer).unwrap().remove(0);
    let row = show_vacancy(&app, &viewer, &vacancy.id).unwrap().applications.remove(0);
    erase_candidate(&app, &viewer, &row.application.id, "asked for it").await.unwrap();
    close(app).await;
    let said = imported(&council, &["--applications", "a.csv"]);
    assert!(said.contains("1 applications of erased candidates left alone"), "{said}");
    assert_eq!(exported(&council).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_a_table_follow_the_rules_of_deliveries() {
    let council = Council::new().await;
    let table = "application_id,vacancy_id,sex\nA-1,V-1,Female\nA-2,V-1,Male\nA-3,V-1,Male\nA-4,V-1,Female\n";
    write(&council, "a.csv", table);
    // Late ones stand before early ones; A-2 is turned down on the day on which he was shortlisted.
    let events = "application_id,stage,outcome,at\n\
                  A-1,interviewed,unsuccessful,2026-03-20\n\
                  A-1,received,progressed,2026-03-02\n\
                  A-1,shortlisted,progressed,2026-03-09\n\
                  A-2,shortlisted,unsuccessful,09/03/2026\n\
                  A-2,received,progressed,09/03/2026\n\
                  A-3,withdrawn,,2026-03-05\n";
    write(&council, "e.csv", events);
    imported(&council, &["--applications", "a.csv", "--events", "e.csv"]);
    let sent = Council::new().await;
    let app = sent.open();
    for (id, sex) in [("A-1", "Female"), ("A-2", "Male"), ("A-3", "Male"), ("A-4", "Female")] {
        let mut event = application("V-1", id);
        event["data"]["characteristics"] = json!({ "sex": sex });
        sent.send(&app, event).await.unwrap();
    }
    for (id, reached, at) in [
        ("A-1", "shortlisted", "2026-03-02T00:00:00Z"),
        ("A-1", "interviewed", "2026-03-09T00:00:00Z"),
        ("A-1", "unsuccessful", "2026-03-20T00:00:00Z"),
        ("A-2", "shortlisted", "2026-03-09T00:00:00Z"),
        ("A-2", "unsuccessful", "2026-03-09T00:00:00Z"),
        ("A-3", "withdrawn", "2026-03-05T00:00:00Z"),
    ] {
        let mut event = stage(id, reached);
        event["data"]["at"] = at.into();
        sent.send(&app, event).await.unwrap();
    }
    close(app).await;
    let counted = asked(&council).await;
    assert_eq!(counted, asked(&sent).await);
    let said = imported(&council, &["--applications", "a.csv", "--events", "e.csv"]);
    assert!(said.contains("0 changed, 4 as they were"), "{said}");
    assert_eq!(asked(&council).await, counted);

    // What the table of stages forbids is refused with its place, whatever is known already.
    let more = "application_id,stage,outcome,at\n\
                A-3,offered,reached,2026-04-01\n\
                A-9,received,progressed,2026-04-01\n\
                A-4,soon,progressed,2026-04-01\n";
    write(&council, "more.csv", more);
    let (code, said) = import(&council, &["--applications", "a.csv", "--events", "more.csv"]);
    assert_eq!(code, Some(1), "{said}");
    for part in [
        "cannot move from 'withdrawn' to 'shortlisted'",
        "events: line 3, column 'application_id': no row of the applications table",
        "'soon' is not a stage",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(asked(&council).await, counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_to_the_same_in_an_audit_and_in_an_import_whatever_the_order_of_their_rows() {
    // One application a vacancy, so that every count is one application's.
    let journeys: [&[&str]; 9] = [
        &[
            "received,progressed,2026-05-02",
            "shortlisted,progressed,2026-05-20",
            "interviewed,unsuccessful,2026-05-20",
        ],
        &["shortlisted,progressed,2026-05-20 09:00", "interviewed,unsuccessful,2026-05-20"],
        &["shortlisted,progressed,2026-05-20", "interviewed,unsuccessful,2026-05-20 09:00"],
        &["interviewed,unsuccessful,2026-05-20", "shortlisted,progressed,2026-05-22"],
        &["received,unsuccessful,2026-05-02", "received,progressed,2026-05-03"],
        &["received,progressed,2026-05-02", "shortlisted,withdrew,2026-05-02"],
        &[
            "received,progressed,2 May 2026",
            "shortlisted,progressed,05-May-2026 2:30 PM",
            "interviewed,progressed,2026-05-20",
        ],
        &["shortlisted,unsuccessful,2026-05-20", "shortlisted,reached,2026-05-20"],
        &["appointed,reached,2026-06-01", "appointed,withdrew,2026-06-09"],
    ];
    let mut table = String::from("application_id,vacancy_id,sex\n");
    let mut rows = Vec::new();
    for (place, journey) in journeys.iter().enumerate() {
        writeln!(table, "A{place},V{place},Female").unwrap();
        rows.extend(journey.iter().map(|event| format!("A{place},{event}\n")));
    }
    let rules = evenhand::rulebook::Rulebook::built_in().unwrap();
    let mapping = Mapping::usual().unwrap();
    let mut seen = Vec::new();
    for turn in 0..4 {
        rows.rotate_left(turn * 3);
        if turn % 2 == 1 {
            rows.reverse();
        }
        let events = format!("application_id,stage,outcome,at\n{}", rows.concat());
        let states = read_events(events.as_bytes(), &mapping, &rules).unwrap();
        let read = read_applications_with_events(table.as_bytes(), &mapping, &rules, &states);
        let mut audited: Vec<String> = read
            .unwrap()
            .cells()
            .filter(|(.., tally)| tally.progressed + tally.unsuccessful > 0)
            .map(|(characteristic, category, stage, vacancy, tally)| {
                let (passed, decided) = (tally.progressed, tally.progressed + tally.unsuccessful);
                format!("{characteristic},{category},{stage},{vacancy},{decided},{passed}")
            })
            .collect();
        audited.sort();
        let council = Council::new().await;
        write(&council, "a.csv", &table);
        write(&council, "e.csv", &events);
        imported(&council, &["--applications", "a.csv", "--events", "e.csv"]);
        assert_eq!(asked(&council).await, audited, "turn {turn}");
        seen.push(audited);
    }
    assert!(seen.iter().all(|counts| *counts == seen[0] && counts.len() > 12), "{seen:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_and_tables_of_one_source_meet_in_the_same_applications() {
    let council = Council::new().await;
    let app = council.open();
    // Characteristics that came before the application wait for it; a table brings it.
    council.send(&app, characteristics("A-1", json!({ "religion": "Sikh" }))).await.unwrap();
    council.send(&app, application("V-1", "A-2")).await.unwrap();
    close(app).await;
    let table = "application_id,vacancy_id,sex,furthest_stage\nA-1,V-1,Male,shortlisted\nA-2,V-1,Male,shortlisted\n";
    write(&council, "a.csv", table);
    let said = imported(&council, &["--applications", "a.csv", "--open"]);
    assert!(said.contains("applications: 1 new, 1 changed, 0 as they were"), "{said}");
    let app = council.open();
    council.send(&app, stage("A-1", "interviewed")).await.unwrap();
    // The application itself, sent later, brings its words.
    council.send(&app, application("V-1", "A-1")).await.unwrap();
    close(app).await;
    let rows = exported(&council).await;
    for row in [
        "religion,sikh,shortlisted,V-1,1,1",
        "sex,male,received,V-1,1,1",
        "sex,female,received,V-1,1,1",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row}: {rows:#?}");
    }
    let (code, said) = import(&council, &["--applications", "a.csv", "--open"]);
    assert_eq!(code, Some(0), "{said}");

    let elsewhere = "application_id,vacancy_id,sex,furthest_stage\nA-1,V-2,Male,received\n";
    write(&council, "b.csv", elsewhere);
    let (code, said) = import(&council, &["--applications", "b.csv"]);
    assert!(code == Some(1) && said.contains("under the vacancy 'V-1'"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_made_only_when_asked_and_only_when_the_table_is_taken_in() {
    let council = Council::new().await;
    let wrong = "application_id,vacancy_id,sex,furthest_stage\nA-1,V-1,Male,hovering\nA-2,V-1,Male,received\n";
    write(&council, "a.csv", wrong);
    write(&council, "b.csv", &wrong.replace("hovering", "Shortlist"));
    let run = |table: &str| {
        let arguments = ["import", "--source", "history", "--new-source", "--applications", table];
        evenhand(&council, &arguments).status.code()
    };
    let sources = async || {
        let app = council.open();
        let found = evenhand::workflow::list_sources(&app, &council.admin()).unwrap();
        close(app).await;
        found.iter().map(|source| source.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(run("a.csv"), Some(1));
    assert_eq!(sources().await, ["ats"]);
    assert_eq!((run("b.csv"), run("b.csv")), (Some(0), Some(0)));
    assert_eq!(sources().await, ["ats", "history"]);
    assert!(exported(&council).await.contains(&"sex,male,received,V-1,2,1".to_owned()));
    assert!(Path::new(&council.data()).is_dir());
}
