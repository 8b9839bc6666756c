//! Grade, directorate, contract and organisation; ages; combined groups; before and after a change: as a person asks for
//! them on the command line.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn audit(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["audit", "--applications", "a.csv", "--period", "2026"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&audit(folder, &arguments)).unwrap()
}

/// Twelve vacancies of 100: grades G4, G7 and G10, a blind half decided in 2026. Women are shortlisted a quarter of the
/// time before and at the rate of men, a half, when it is blind; from G4 to G10 they are fewer of those who apply.
/// Applicants under 25 are shortlisted least.
fn applications() -> String {
    let mut table = String::from(
        "application_id,vacancy_id,sex,age,grade,type,blind,decision date,furthest_stage,withdrew\n",
    );
    for vacancy in 0..12 {
        let (grade, women) = [("G4", 60), ("G7", 50), ("G10", 40)][vacancy % 3];
        let blind = vacancy >= 6;
        let date = if blind { "2026-03-01" } else { "2025-09-01" };
        for i in 0..100 {
            let sex = if i < women { "Female" } else { "Male" };
            let passed = if sex == "Male" || blind { i % 2 == 0 } else { i % 4 == 0 };
            let stage = if passed { "shortlisted" } else { "received" };
            let age = if i % 4 == 1 { 20 } else { [30, 40, 50][i % 3] };
            let kind = if i % 5 == 0 { "internal" } else { "external" };
            let blind = if blind { "yes" } else { "no" };
            let _ = writeln!(
                table,
                "A{vacancy}-{i},V{vacancy},{sex},{age},{grade},{kind},{blind},{date},{stage},no"
            );
        }
    }
    table
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    folder
}

fn women(factor: &Value) -> &Value {
    let compared = factor["compared"].as_array().unwrap();
    compared.iter().find(|found| found["group"] == "female").unwrap()
}

#[test]
fn grade_is_looked_at_level_by_level_and_who_applies_from_within_as_a_group() {
    let folder = folder();
    let report = json(folder.path(), &["--by", "grade,type"]);
    let factor = &report["factors"][0];
    let names: Vec<&str> =
        factor["levels"].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap()).collect();
    // By number, not by letter: G10 is the highest.
    assert_eq!((factor["factor"].as_str().unwrap(), names), ("grade", vec!["G4", "G7", "G10"]));
    let women = women(factor);
    assert_eq!(women["at"][0]["entered"], 240);
    let pooled = &women["pooled"];
    assert_eq!(pooled["levels"], 3);
    let (ratio, low) = (pooled["ratio"].as_f64().unwrap(), &pooled["prediction"][0]);
    assert!((0.7..0.8).contains(&ratio) && low.as_f64().unwrap() < ratio, "{pooled}");
    // Women are 60, 50 and 40 of a hundred along the grades.
    assert!(women["share_trend"]["z"].as_f64().unwrap() < -5.0);
    // Internal applicants stand beside external ones within a vacancy: a characteristic of its own.
    let views = report["views"].as_array().unwrap();
    let kinds = views.iter().find(|view| view["characteristic"] == "type").unwrap();
    assert_eq!(kinds["groups"].as_array().unwrap().len(), 2);
    let text = audit(folder.path(), &["--by", "grade"]);
    assert!(
        text.contains("By grade") && text.contains("share of those who declared falls"),
        "{text}"
    );
    // Two groups are told once, from the side that is selected less.
    assert!(text.contains("  - Female, compared with the group \"Male\" from"), "{text}");
    assert!(!text.contains("  - Male, compared with the group \"Female\" from"), "{text}");
}

#[test]
fn a_level_that_could_be_worked_out_by_subtraction_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = applications();
    // One vacancy of a fourth grade, with four women.
    for i in 0..44 {
        let sex = if i < 4 { "Female" } else { "Male" };
        let stage = if i % 2 == 0 { "shortlisted" } else { "received" };
        let _ = writeln!(table, "B{i},VX,{sex},40,G12,external,yes,2026-03-01,{stage},no");
    }
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let report = json(folder.path(), &["--by", "grade"]);
    let at = women(&report["factors"][0])["at"].as_array().unwrap();
    let hidden: Vec<&str> = at
        .iter()
        .filter(|at| at["entered"].is_null())
        .map(|at| at["level"].as_str().unwrap())
        .collect();
    // The fourth, and another with it, or the sum of the others would give it back.
    assert!(hidden.len() >= 2 && hidden.contains(&"G12"), "{hidden:?}");
}

#[test]
fn a_change_of_policy_is_measured_by_date_and_by_vacancy_with_what_it_cannot_show() {
    let folder = folder();
    for arguments in [vec!["--change-date", "2026-01-01"], vec!["--changed", "blind"]] {
        let report = json(folder.path(), &arguments);
        let change = &women(&report["factors"][0])["change"];
        // From a half of men's rate to the whole of it: doubled.
        let ratio = change["ratio_of_ratios"].as_f64().unwrap();
        assert!((1.8..2.2).contains(&ratio), "{change}");
        assert!(change["interval"][0].as_f64().unwrap() > 1.0);
        let difference = change["rate_difference"][0].as_f64().unwrap();
        assert!((difference - 0.25).abs() < 0.02, "{change}");
        let text = audit(folder.path(), &arguments);
        assert!(text.contains("It shows whether the gap is different, not why."), "{text}");
    }
    let text = audit(folder.path(), &["--change-date", "2026-01-01"]);
    let golden = "Female, compared with the group \"Male\" from received to shortlisted in 2026: over 2 levels of period the ratio of \
                  selection rates is";
    assert!(text.contains(golden), "{text}");
    assert!(text.contains(
        "From \"before 2026-01-01\" to \"from 2026-01-01\" the ratio changed by a factor of"
    ));
}

#[test]
fn a_change_outside_the_dates_of_the_decisions_is_said_to_compare_nothing() {
    let folder = folder();
    for date in ["2019-01-01", "2031-12-31"] {
        let text = audit(folder.path(), &["--change-date", date]);
        assert!(text.contains("are on one side of it, from 1 "), "{text}");
    }
    let text = audit(folder.path(), &["--change-date", "2026-01-01"]);
    assert!(!text.contains("on one side of it"), "{text}");
    let undated = "vacancy_id,sex,furthest_stage\nV1,Female,received\nV1,Male,shortlisted\n";
    std::fs::write(folder.path().join("a.csv"), undated).unwrap();
    let text = audit(folder.path(), &["--change-date", "2026-01-01"]);
    assert!(text.contains("no vacancy has a date of its decisions"), "{text}");
}

#[test]
fn ages_have_a_trend_and_combined_groups_are_drawn_together_with_those_not_looked_at_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = applications();
    for i in 0..3 {
        let _ = writeln!(table, "C{i},V0,Female,70,G4,external,no,2025-09-01,received,no");
    }
    std::fs::write(folder.path().join("a.csv"), &table).unwrap();
    let report = json(folder.path(), &["--intersect", "sex,age_band"]);
    let found = &report["intersections"][0];
    let hidden = found["not_looked_at"].as_array().unwrap();
    assert!(
        hidden.iter().any(|name| name.as_str().unwrap().starts_with("Female, 6")),
        "{hidden:?}"
    );
    for group in found["groups"].as_array().unwrap() {
        let (raw, drawn) =
            (group["ratio"].as_f64().unwrap(), group["shrunken_ratio"].as_f64().unwrap());
        assert!((drawn - 1.0).abs() <= (raw - 1.0).abs() + 0.05, "{group}");
    }
    std::fs::write(folder.path().join("a.csv"), applications()).unwrap();
    let report = json(folder.path(), &[]);
    let trend = &report["trends"][0];
    assert_eq!(trend["characteristic_label"], "Age");
    assert!(trend["p"].as_f64().unwrap() < 0.05 && trend["z"].as_f64().unwrap() > 0.0, "{trend}");
}

#[test]
fn workbooks_and_other_encodings_are_read_twice_as_csv_is() {
    let folder = folder();
    let arguments = ["--by", "grade", "--changed", "blind", "--change-date", "2026-01-01"];
    let expected = json(folder.path(), &arguments);
    // The two columns, the change, and the quarters in which vacancies were decided.
    assert_eq!(expected["factors"].as_array().unwrap().len(), 4);
    assert_eq!(expected["method"]["dated_vacancies"], 12);
    let table = applications();
    let wide = std::iter::once(0xfeff).chain(table.encode_utf16()).flat_map(u16::to_le_bytes);
    let wide: Vec<u8> = wide.collect();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (row, line) in (0..).zip(table.lines()) {
        for (column, text) in (0..).zip(line.split(',')) {
            // Dates as a spreadsheet keeps them: numbers of days.
            match rust_xlsxwriter::ExcelDateTime::parse_from_str(text) {
                Ok(date) if text.len() == 10 => {
                    sheet.write_datetime_with_format(row, column, date, &day).unwrap();
                }
                _ => {
                    sheet.write_string(row, column, text).unwrap();
                }
            }
        }
    }
    let book = book.save_to_buffer().unwrap();
    for bytes in [table.replace(',', ";").into_bytes(), wide, book] {
        std::fs::write(folder.path().join("a.csv"), bytes).unwrap();
        assert_eq!(json(folder.path(), &arguments), expected);
    }
}

#[test]
fn what_needs_a_second_reading_is_refused_or_named_where_the_table_comes_once() {
    let folder = folder();
    let run = |arguments: &[&str]| {
        let table = std::fs::File::open(folder.path().join("a.csv")).unwrap();
        Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args(["audit", "--applications", "-"])
            .args(arguments)
            .stdin(table)
            .output()
            .unwrap()
    };
    for arguments in [["--changed", "blind"], ["--change-date", "2026-01-01"]] {
        let output = run(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty());
        assert!(said.contains(arguments[0]) && said.contains("give a file"), "{said}");
    }
    let output = run(&["--by", "grade"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("what is in these columns was not used: decision date"), "{said}");
    assert!(said.contains("no comparison level by level for these: grade"), "{said}");
}

#[test]
fn factors_changes_and_evidence_are_in_every_form_of_the_report() {
    use calamine::Reader as _;
    let folder = folder();
    let arguments = ["--by", "grade", "--changed", "blind", "--intersect", "sex,age_band"];
    let report = json(folder.path(), &arguments);
    let sentence = report["factor_sentences"][0][0].as_str().unwrap();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain(&audit(folder.path(), &arguments)).contains(sentence), "{sentence}");
    let write = |name: &str| {
        audit(folder.path(), &[&arguments[..], &["-o", name]].concat());
        std::fs::read(folder.path().join(name)).unwrap()
    };
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(write("r.xlsx"))).unwrap();
    let further = book.worksheet_range("Further").unwrap();
    let sentence = calamine::Data::String(sentence.to_owned());
    assert!(further.used_cells().any(|(_, _, cell)| *cell == sentence));
    let evidence = report["views"][0]["findings"][0]["evidence"]["log10_e"].as_f64().unwrap();
    let findings = book.worksheet_range("Findings").unwrap();
    let header = findings.rows().next().unwrap().to_vec();
    let column = header.iter().position(|cell| cell.to_string().starts_with("e-value")).unwrap();
    assert_eq!(findings.get((1, column)).unwrap().to_string(), evidence.to_string());
    let csv = write("r.csv");
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let column = reader.headers().unwrap().iter().position(|name| name == "log10_e").unwrap();
    let first = reader.records().next().unwrap().unwrap();
    assert_eq!(first[column].parse::<f64>().unwrap(), evidence);
    let document = lopdf::Document::load_mem(&write("r.pdf")).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = plain(&document.extract_text(&pages).unwrap());
    assert!(text.contains("By grade") && text.contains("Evidence, decision after decision"));
}

/// Six quarters of two vacancies; women are shortlisted at a fifth of the rate of men at first and at their rate in the end.
fn quarters() -> String {
    let mut table =
        String::from("application_id,vacancy_id,sex,decision date,furthest_stage,withdrew\n");
    for quarter in 0..6 {
        let date =
            ["2025-01-31", "2025-04-01", "30/09/2025", "2025-12-31", "01/01/2026", "2026-05-05"]
                [quarter];
        for vacancy in 0..2 {
            for i in 0..200 {
                let (sex, passed) = if i % 2 == 0 {
                    ("Female", i / 2 < 10 + 8 * quarter)
                } else {
                    ("Male", i / 2 < 50)
                };
                let stage = if passed { "shortlisted" } else { "received" };
                let _ = writeln!(
                    table,
                    "A{quarter}-{vacancy}-{i},V{quarter}-{vacancy},{sex},{date},{stage},no"
                );
            }
        }
    }
    table
}

#[test]
fn gaps_are_followed_from_quarter_to_quarter_and_dates_that_cannot_be_read_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let table = quarters().replace("A0-0-7,V0-0,Male,2025-01-31", "A0-0-7,V0-0,Male,soon");
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let report = json(folder.path(), &[]);
    let factor = &report["factors"][0];
    assert_eq!((&factor["factor"], &factor["in_time"]), (&"quarter".into(), &true.into()));
    let names: Vec<&str> =
        factor["levels"].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1", "2026 Q2"]);
    let trend = &women(factor)["ratio_trend"];
    let (low, high) =
        (trend["interval"][0].as_f64().unwrap(), trend["interval"][1].as_f64().unwrap());
    assert!(1.0 < low && low < high && trend["p"].as_f64().unwrap() < 0.001, "{trend}");
    let warnings = report["warning_sentences"].as_array().unwrap();
    let said = |part: &str| warnings.iter().any(|w| w.as_str().unwrap().contains(part));
    assert!(said("One row has a date that could not be read"), "{warnings:?}");
    let text = audit(folder.path(), &[]);
    assert!(
        text.contains("Over time, by quarter") && text.contains("from one quarter to the next")
    );
    let page = audit(folder.path(), &["--format", "html"]);
    assert!(
        page.contains("id=\"time-0-t\"") && page.contains("ratio of selection rates by quarter")
    );
    assert!(json(folder.path(), &["--over-time", "never"])["factors"].is_null());
    let years = json(folder.path(), &["--over-time", "year"]);
    assert_eq!(years["factors"][0]["levels"].as_array().unwrap().len(), 2);
}

/// Experience decides, sex does not: within a band both sexes are shortlisted alike, but few women have much of it.
fn experience() -> String {
    let mut table = String::from("application_id,vacancy_id,sex,years,furthest_stage,withdrew\n");
    for vacancy in 0..8 {
        for i in 0..200 {
            let woman = i % 2 == 0;
            let experienced = if woman { i % 10 == 0 } else { i % 10 != 1 };
            let years = if experienced { 10 } else { 2 };
            let passed = if experienced { (i / 10) % 2 == 0 } else { (i / 10) % 10 == 0 };
            let stage = if passed { "shortlisted" } else { "received" };
            let sex = if woman { "Female" } else { "Male" };
            let _ = writeln!(table, "A{vacancy}-{i},V{vacancy},{sex},{years},{stage},no");
        }
    }
    table
}

#[test]
fn a_declared_factor_is_allowed_for_beside_the_finding_that_leaves_it_aside() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), experience()).unwrap();
    let report = json(folder.path(), &["--adjust", "Years"]);
    let adjustment = &report["adjustment"];
    assert_eq!(adjustment["factors"][0]["bands"], serde_json::json!(["2", "10", ""]));
    let of = |compared: &Value| {
        let all = compared.as_array().unwrap();
        all.iter().find(|found| found["group"] == "female").unwrap().clone()
    };
    let women = of(&adjustment["compared"]);
    assert!(women["plain_ratio"].as_f64().unwrap() < 0.7, "{women}");
    let within = &women["within"];
    assert!((within["ratio"].as_f64().unwrap() - 1.0).abs() < 0.1, "{women}");
    assert!(
        within["ratio_low"].as_f64().unwrap() < 1.0 && within["ratio_high"].as_f64().unwrap() > 1.0
    );
    assert_eq!(
        (&women["conclusion"], &within["comparable_share"]),
        (&"not_seen".into(), &1.0.into())
    );
    let odds = women["regression"]["odds_ratio"].as_f64().unwrap();
    assert!((odds - 1.0).abs() < 0.2, "{women}");
    // The finding itself is what it is without the factor.
    let plain = json(folder.path(), &[]);
    assert_eq!(plain["views"], report["views"]);
    let text = audit(folder.path(), &["--adjust", "years"]);
    for part in
        ["Allowing for years", "can hide as much as it explains", "no longer be told from chance"]
    {
        assert!(text.contains(part), "{part}");
    }
    let page = audit(folder.path(), &["--adjust", "years", "--format", "html"]);
    assert!(page.contains("Odds ratio, regression (interval)"));
}

#[test]
fn a_factor_is_refused_where_it_cannot_be_looked_up() {
    let folder = folder();
    for (arguments, part) in [
        (&["--adjust", "nothing"][..], "'nothing' is asked for but not in the file"),
        (&["--adjust", "application_id"][..], "too many different values"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args(["audit", "--applications", "a.csv"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(part), "{errors}");
    }
}
