//! `evenhand audit` and `evenhand calc` as a person uses them: files in, reports and exit codes out.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn evenhand(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Ten vacancies in which a quarter of one group and a half of the other are shortlisted.
fn applications() -> String {
    let mut table =
        String::from("Candidate ref,Job ref,Ethnic origin,Gender,Directorate,Status,Withdrew\n");
    for i in 0..400 {
        let (ethnic, passed) = if i % 2 == 0 {
            ("White - British", i % 4 == 0)
        } else {
            ("Asian or Asian British: Indian", i % 8 == 1)
        };
        let sex = if (i / 2) % 2 == 0 { "Female" } else { "Male" };
        let status = if passed { "Shortlisted" } else { "Applied" };
        let directorate = if i < 200 { "Housing" } else { "Finance" };
        let _ = writeln!(table, "A{i},J{},{ethnic},{sex},{directorate},{status},No", i / 40);
    }
    table
}

#[test]
fn an_export_with_its_own_names_is_audited_without_a_mapping() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    let output = evenhand(
        &["audit", "--applications", "a.csv", "--format", "json", "--fail-on", "gap"],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["vacancies"], 10);
    let findings = report["views"][0]["findings"].as_array().unwrap();
    let indian = findings.iter().find(|f| f["group"] == "asian_indian").unwrap();
    assert_eq!(indian["verdict"], "gap");
    assert_eq!(indian["numbers"]["entered"], 200);
    assert_eq!(indian["numbers"]["progressed"], 50);
    assert_eq!(indian["stretch"]["to"], "shortlisted");
    assert_eq!(report["method"]["rule_set_sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn rows_that_make_no_sense_are_listed_with_line_column_and_advice() {
    let folder = tempfile::tempdir().unwrap();
    let table = applications()
        + "A900,J1,White British,Male,Housing,Beamed up,No\n\
           A901,,White British,Male,Housing,Applied,No\n\
           A902,J1,White British,Male,Housing,Applied,perhaps\n\
           A903,J1,White British\n\
           A904,J1,White British,Male,Housing,Applied,No\n\
           A904,J1,White British,Male,Housing,Applied,No\n\
           A904,J2,White British,Male,Housing,Applied,No\n";
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let output = evenhand(&["audit", "--applications", "a.csv"], folder.path());
    assert_eq!(output.status.code(), Some(0));
    let errors = text(&output.stderr);
    for part in [
        "line 402, column 'Status': 'Beamed up' is not a stage",
        "line 403, column 'Job ref': is empty",
        "line 404, column 'Withdrew': 'perhaps' is neither yes nor no",
        "line 405",
        "line 407, column 'Candidate ref': was counted before",
        "407 rows read, 5 left out",
    ] {
        assert!(errors.contains(part), "{part}\n{errors}");
    }
    assert!(text(&output.stdout).contains("5 of 407 rows were left out"));
}

#[test]
fn unknown_labels_are_listed_and_a_mapping_gives_them_a_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let table = applications().replace("White - British", "Group 7b");
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let plain = evenhand(&["audit", "--applications", "a.csv"], folder.path());
    assert!(text(&plain.stdout).contains("'Group 7b' (about 200)"), "{}", text(&plain.stdout));
    let mapping = "[values.ethnic_group]\n\"group 7B\" = \"white_british\"\n";
    std::fs::write(folder.path().join("m.toml"), mapping).unwrap();
    let mapped =
        evenhand(&["audit", "--applications", "a.csv", "--mapping", "m.toml"], folder.path());
    let report = text(&mapped.stdout);
    assert!(!report.contains("Group 7b") && report.contains("White: English"), "{report}");
}

#[test]
fn columns_of_the_organisation_are_compared_and_filtered_on_request() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    let by = evenhand(
        &["audit", "--applications", "a.csv", "--by", "Directorate", "--format", "csv"],
        folder.path(),
    );
    assert!(text(&by.stdout).contains("Housing"), "{}", text(&by.stdout));
    let only = evenhand(
        &["audit", "--applications", "a.csv", "--only", "Directorate=Housing", "--format", "json"],
        folder.path(),
    );
    let report: Value = serde_json::from_slice(&only.stdout).unwrap();
    assert_eq!(report["vacancies"], 5);
    assert_eq!(report["filters"][0], "Directorate = Housing");
}

#[test]
fn the_ending_of_the_output_says_how_a_report_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    for (name, start) in [
        ("r.txt", &b"Audit of outcomes"[..]),
        ("r.json", b"{"),
        ("r.html", b"<!DOCTYPE html>"),
        ("r.csv", b"characteristic,"),
        ("r.xlsx", b"PK"),
        ("r.PDF", b"%PDF-"),
    ] {
        let output = evenhand(&["audit", "--applications", "a.csv", "-o", name], folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(std::fs::read(folder.path().join(name)).unwrap().starts_with(start), "{name}");
    }
    let output = evenhand(&["audit", "--applications", "a.csv", "-o", "r.docx"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("use one of .txt, .json, .html, .csv, .xlsx, .pdf"));
}

#[test]
fn events_beside_applications_are_audited_and_strangers_among_them_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut people = String::from("application_id,vacancy_id,sex\n");
    let mut events =
        String::from("application_id,stage,outcome,at\nB1,received,passed,2026-01-01\n");
    for i in 0..200 {
        let _ = writeln!(people, "A{i},V{},{}", i / 50, ["Female", "Male"][i % 2]);
        let outcome = if i % 4 == 0 { "progressed" } else { "rejected" };
        let _ = writeln!(events, "A{i},applied,{outcome},0{}/03/2026", 1 + i % 9);
    }
    std::fs::write(folder.path().join("a.csv"), people).unwrap();
    std::fs::write(folder.path().join("e.csv"), events).unwrap();
    let arguments = ["audit", "--applications", "a.csv", "--events", "e.csv", "--format", "json"];
    let output = evenhand(&arguments, folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("events: line 2, column 'application_id': no row"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let female = &report["views"][0]["groups"][0]["stages"][0];
    assert_eq!((female["entered"].as_u64(), female["progressed"].as_u64()), (Some(100), Some(50)));
}

#[test]
fn counts_give_the_same_numbers_as_the_calculator() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 Ethnicity,BME,received,43,10\nEthnicity,White,received,920,389\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    let audit = evenhand(&["audit", "--counts", "c.csv", "--format", "json"], folder.path());
    let report: Value = serde_json::from_slice(&audit.stdout).unwrap();
    let calc = evenhand(&["calc", "10", "43", "389", "920", "--json"], folder.path());
    let numbers: Value = serde_json::from_slice(&calc.stdout).unwrap();
    let views = report["views"].as_array().unwrap();
    let bme = views
        .iter()
        .flat_map(|view| view["findings"].as_array().unwrap())
        .find(|f| f["group"].as_str().unwrap().starts_with("bme"))
        .unwrap();
    let close = |a: &Value, b: &Value| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-12;
    assert!(close(&bme["numbers"]["mid_p"]["p"], &numbers["fisher_mid_two"]));
    assert!(close(&bme["numbers"]["ratio_low"], &numbers["miettinen_nurminen_ratio"][0]));
}

#[test]
fn wrong_use_and_wrong_data_have_their_own_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    std::fs::write(folder.path().join("bad.csv"), "x,y\n1,2\n").unwrap();
    for (arguments, code) in [
        (vec!["audit"], 2),
        (vec!["audit", "--applications", "a.csv", "--policy", "none"], 2),
        (vec!["audit", "--applications", "a.csv", "--minimum", "3"], 2),
        (vec!["audit", "--applications", "missing.csv"], 1),
        (vec!["audit", "--applications", "bad.csv"], 1),
        (vec!["calc", "11", "10", "1", "2"], 2),
    ] {
        let output = evenhand(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn many_cases_are_calculated_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let cases = "{\"id\":\"a\",\"kind\":\"multiplicity\",\"inputs\":{\"p\":[0.01,0.04]}}\n\
                 {\"id\":\"b\",\"kind\":\"astrology\",\"inputs\":{}}\n";
    std::fs::write(folder.path().join("cases.jsonl"), cases).unwrap();
    let output = evenhand(&["calc", "--jsonl", "cases.jsonl"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["results"]["holm"][0], 0.02);
    assert_eq!(lines[1]["id"], "b");
    assert!(lines[1]["error"].as_str().unwrap().contains("astrology"));
}

#[test]
fn every_policy_computes_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from("vacancy_id,ethnicity,sex,disability,furthest_stage\n");
    // Shortlisted: 60 White (30 appointed), 60 BME (15 appointed), 60 not disabled (20), 60 disabled (25).
    for i in 0..240 {
        let shortlisted = i % 2 == 0;
        let white = i < 120;
        let appointed = shortlisted && if white { i % 4 == 0 } else { i % 8 == 0 };
        let sex = if i % 3 == 0 { "Male" } else { "Female" };
        let disability = if (i / 2) % 2 == 0 { "Yes" } else { "No" };
        let ethnicity = if white { "White British" } else { "Black African" };
        let stage = match (shortlisted, appointed) {
            (_, true) => "appointed",
            (true, false) => "shortlisted",
            _ => "received",
        };
        let _ = writeln!(table, "V1,{ethnicity},{sex},{disability},{stage}");
    }
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let audit = |policy: &str| -> Value {
        let arguments =
            ["audit", "--applications", "a.csv", "--policy", policy, "--format", "json"];
        let output = evenhand(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let wres = audit("wres");
    let findings = wres["views"][0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["group"], "bme");
    assert_eq!(findings[0]["stretch"]["from"], "shortlisted");
    assert_eq!(findings[0]["numbers"]["reference_over_group"], 2.0);
    let wdes = audit("wdes");
    assert_eq!(wdes["views"][0]["findings"][0]["group"], "disabled");
    let fifths = audit("four_fifths");
    let black = fifths["views"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["group"] == "black_african" && f["stretch"]["whole"] == true)
        .unwrap();
    assert_eq!(black["comparator"], "highest");
    assert_eq!(black["numbers"]["below_margin"], true);
    assert_eq!(black["numbers"]["one_person_decides"], false);
    let ll144 = audit("ll144");
    let characteristics: Vec<&str> = ll144["views"]
        .as_array()
        .unwrap()
        .iter()
        .map(|view| view["characteristic"].as_str().unwrap())
        .collect();
    assert_eq!(characteristics, ["ethnic_group", "sex", "sex-ethnic_group"]);
    let combined = &ll144["views"][2]["groups"];
    assert_eq!(combined.as_array().unwrap().len(), 4);
    assert!(combined[0]["label"].as_str().unwrap().starts_with("Female, "));
}

#[test]
fn who_applied_is_compared_with_a_named_population() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 ethnic group,White British,received,800,200\nethnic group,White Irish,received,20,10\n\
                 ethnic group,Indian,received,40,10\nethnic group,Black African,received,60,15\n\
                 ethnic group,White and Asian,received,4,1\nethnic group,Arab,received,40,20\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    let arguments = ["audit", "--counts", "c.csv", "--benchmark", "england_and_wales_2021"];
    let output = evenhand(&[&arguments[..], &["--format", "json"]].concat(), folder.path());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines = report["views"][0]["representation"].as_array().unwrap();
    let black = lines.iter().find(|line| line["group"] == "black").unwrap();
    assert_eq!((black["count"].as_u64(), black["declared"].as_u64()), (Some(60), Some(964)));
    assert!(black["mid_p"]["p"].as_f64().unwrap() < 0.001);
    let mixed = lines.iter().find(|line| line["group"] == "mixed").unwrap();
    assert!(mixed["count"].is_null() && mixed["mid_p"].is_null());
    let unknown = evenhand(&["audit", "--counts", "c.csv", "--benchmark", "mars"], folder.path());
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("england_and_wales_2021"));
}

#[test]
fn who_applied_is_compared_with_an_organisations_own_file_of_shares() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\nsex,Female,received,80,20\nsex,Male,received,120,30\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    let compared = |file: &str| {
        let head = "id = \"workforce\"\ntitle = \"Our workforce\"\nsource = \"Payroll\"\ndate = \"2026-03-31\"\n";
        std::fs::write(folder.path().join("workforce.toml"), format!("{head}{file}")).unwrap();
        let arguments = ["audit", "--counts", "c.csv", "--benchmark", "workforce.toml"];
        evenhand(&arguments, folder.path())
    };
    let sex = "[[share]]\ncharacteristic = \"sex\"\nof = { female = 0.6, male = 0.4 }\n";
    let said = text(&compared(sex).stdout);
    for part in [
        "Who applied and was decided on, against Our workforce",
        "Female: 40.0 % of those who declared and were decided on, 60.0 % there, p below",
        "The p-values are not adjusted",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let ethnic = "[[share]]\ncharacteristic = \"ethnic_group\"\ngrouping = \"bme_white\"\nof = { white_all = 0.9, bme = 0.1 }\n";
    let said = text(&compared(&format!("{sex}{ethnic}")).stdout);
    let warning = "Nobody was compared with these shares of Our workforce, because the report has no such groups: \
                   ethnic_group (bme_white).";
    assert!(said.contains(warning), "{said}");
    let twice = format!("{sex}{sex}");
    for (file, part) in [
        (
            "[[share]]\ncharacteristic = \"sex\"\nof = { female = 0.6, male = 0.6 }\n",
            "add up to 1.200",
        ),
        (
            "[[share]]\ncharacteristic = \"sex\"\nof = { woman = 0.6, male = 0.4 }\n",
            "line 7: 'sex' has no category or group 'woman' here",
        ),
        (
            "[[share]]\ncharacteristic = \"sex\"\nof.female = 1.2\nof.male = -0.2\n",
            "line 7: the share of 'female' is 1.2",
        ),
        (
            "[[share]]\ncharacteristic = \"sexes\"\nof = { female = 0.6, male = 0.4 }\n",
            "line 6: there is no characteristic 'sexes'",
        ),
        (
            "[[share]]\ncharacteristic = \"ethnic_group\"\ngrouping = \"four\"\nof = { white_all = 1.0 }\n",
            "line 7: 'ethnic_group' has no grouping 'four'",
        ),
        (twice.as_str(), "line 9: the shares of 'sex' stand there twice"),
        ("[[share]\n", "line 5"),
    ] {
        let refused = compared(file);
        let problem = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{problem}");
        assert!(problem.contains("workforce.toml") && problem.contains(part), "{problem}");
        assert!(!problem.contains("c.csv"), "the table is not at fault: {problem}");
    }
    let head = "id = \"w\"\ntitle = \"w\"\nsource = \"w\"\ndate = \"soon\"\n";
    std::fs::write(folder.path().join("w.toml"), format!("{head}{sex}")).unwrap();
    let refused = evenhand(&["audit", "--counts", "c.csv", "--benchmark", "w.toml"], folder.path());
    let problem = text(&refused.stderr);
    assert!(problem.contains("w.toml, line 4: the date 'soon' names no year"), "{problem}");
}

#[test]
fn american_labels_are_compared_in_american_categories() {
    let folder = tempfile::tempdir().unwrap();
    let groups = [
        ("White", 400, 200),
        ("Black or African American", 300, 90),
        ("Hispanic or Latino", 200, 80),
        ("Asian", 150, 70),
        ("Native Hawaiian or Other Pacific Islander", 50, 20),
        ("American Indian or Alaska Native", 50, 25),
        ("Two or more races", 60, 30),
    ];
    let mut counts = "characteristic,category,stage,entered,progressed\n".to_owned();
    let mut people = "vacancy_id,race,gender,furthest_stage\n".to_owned();
    for (label, entered, progressed) in groups {
        let _ = writeln!(counts, "race,{label},received,{entered},{progressed}");
        for i in 0..entered {
            let stage = if i < progressed { "shortlisted" } else { "received" };
            let sex = if i % 2 == 0 { "Female" } else { "Male" };
            let _ = writeln!(people, "R1,{label},{sex},{stage}");
        }
    }
    std::fs::write(folder.path().join("counts.csv"), counts).unwrap();
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    for (table, policy) in [
        (["--counts", "counts.csv"], "four_fifths"),
        (["--counts", "counts.csv"], "ll144"),
        (["--applications", "people.csv"], "four_fifths"),
        (["--applications", "people.csv"], "ll144"),
    ] {
        let arguments = [&["audit", "--policy", policy, "--format", "json"], &table[..]].concat();
        let output = evenhand(&arguments, folder.path());
        let said = text(&output.stderr);
        assert!(output.status.success() && !said.contains("no rule maps"), "{said}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let view = &report["views"][0];
        assert_eq!(view["grouping"], "eeo_1", "{policy} {table:?}");
        for (label, entered, _) in groups {
            let of_group = |group: &&Value| group["label"].as_str() == Some(label);
            let group = view["groups"].as_array().unwrap().iter().find(of_group).unwrap();
            assert_eq!(group["stages"][0]["entered"], entered, "{label}");
        }
        // 90 of 300 over 200 of 400: 0.6 of the highest rate.
        let black = |finding: &&Value| finding["group"] == "black_or_african_american";
        let black = view["findings"].as_array().unwrap().iter().find(black).unwrap();
        assert!((black["numbers"]["pooled_ratio"].as_f64().unwrap() - 0.6).abs() < 1e-12);
        assert_eq!(black["numbers"]["below_margin"], true);
    }
}

#[test]
fn a_report_never_takes_the_place_of_a_table_that_it_is_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 sex,Female,received,80,20\nsex,Male,received,90,30\n";
    let path = folder.path().join("c.csv");
    std::fs::write(&path, table).unwrap();
    let output = evenhand(&["audit", "--counts", "c.csv", "-o", "./c.csv"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("would take the place of c.csv"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), table);
}

#[test]
fn combined_groups_that_a_table_cannot_give_are_refused_not_left_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    for pair in ["sex,shoe_size", "sex,sex"] {
        let arguments = ["audit", "--applications", "a.csv", "--intersect", pair];
        let output = evenhand(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(1), "{pair}");
        let said = text(&output.stderr);
        let (_, second) = pair.split_once(',').unwrap();
        let expected = format!("combined groups of sex and {second} are asked for");
        assert!(said.contains(&expected) && said.contains("ethnic_group"), "{said}");
    }
}

#[test]
fn a_hyphen_stands_for_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    let plain = evenhand(&["audit", "--applications", "a.csv", "--format", "csv"], folder.path());
    let hyphen = evenhand(
        &["audit", "--applications", "a.csv", "--format", "csv", "-o", "-"],
        folder.path(),
    );
    assert!(hyphen.status.success() && !hyphen.stdout.is_empty());
    assert_eq!(hyphen.stdout, plain.stdout);
    assert!(!folder.path().join("-").exists());
}

#[test]
fn decisions_of_a_period_are_audited_alone_and_rows_without_a_date_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from("application_id,vacancy_id,sex,furthest_stage,decision date\n");
    for i in 0..240 {
        let sex = if i % 2 == 0 { "Female" } else { "Male" };
        let stage = if i % 3 == 0 { "shortlisted" } else { "received" };
        let date = ["2025-03-31", "01/04/2025", "2026-03-31", "2026-04-01"][i / 60];
        let _ = writeln!(table, "A{i},V{},{sex},{stage},{date}", i / 60);
    }
    table.push_str("B1,V1,Female,received,\nB2,V1,Male,received,soon\n");
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let run = |more: &[&str]| {
        let mut all = vec!["audit", "--applications", "a.csv", "--format", "json"];
        all.extend(more);
        evenhand(&all, folder.path())
    };
    let output = run(&["--from", "2025-04-01", "--to", "2026-03-31"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["period"], "April 2025 to March 2026");
    let everybody = &report["views"][0]["everybody"][0];
    assert_eq!(everybody["entered"], 120, "{everybody}");
    let told = text(&output.stderr);
    assert!(told.contains("242 rows read, 2 left out"), "{told}");
    assert!(told.contains("'soon' is not a date"), "{told}");
    let nobody = run(&["--from", "2030-01-01"]);
    assert!(!nobody.status.success());
    let counts = evenhand(&["audit", "--counts", "a.csv", "--to", "2026-01-01"], folder.path());
    assert_eq!(counts.status.code(), Some(2), "{}", text(&counts.stderr));
}

#[test]
fn the_first_page_says_what_the_policys_own_standard_prints() {
    let folder = tempfile::tempdir().unwrap();
    let page = |table: &str, policy: &str| {
        let table = format!("characteristic,category,stage,entered,progressed\n{table}");
        std::fs::write(folder.path().join("c.csv"), table).unwrap();
        let output = evenhand(&["audit", "--counts", "c.csv", "--policy", policy], folder.path());
        let all = text(&output.stdout);
        all.split_once("What to do next").unwrap().0.to_owned()
    };
    let shortlisted =
        "ethnic_group,White,shortlisted,600,240\nethnic_group,BME,shortlisted,200,50\n";
    let wres = page(shortlisted, "wres");
    assert!(
        wres.contains(
            "The relative likelihood of White applicants being appointed from shortlisting compared with \
             Black and minority ethnic (BME) applicants is 1.60 (95 % interval 1.25 to 2.09), all vacancies \
             together: 240 of 600 shortlisted applicants were appointed, against 50 of 200, in"
        ),
        "{wres}"
    );
    // A table of one line a group says nothing of vacancies.
    assert!(wres.contains("which the table does not tell apart") && !wres.contains("1 vacancy"));
    assert!(
        wres.contains("over all vacancies together") && !wres.contains("No comparison was large")
    );
    let passed = "ethnic_group,White,received,259,206\nethnic_group,Black,received,48,26\n";
    let below = page(passed, "four_fifths");
    assert!(
        below.contains("(0.68 of the rate of the group \"White\"). Of few people one selection"),
        "{below}"
    );
    let none = page(&passed.replace("26", "37"), "four_fifths");
    assert!(none.contains("No selection rate that is shown is below four fifths"), "{none}");
}
