//! Scores of panels as a person audits them on the command line: by characteristic within vacancies, with agreement and
//! severity of markers, and nothing of a few people.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["audit", "--applications", "a.csv", "--scores", "s.csv", "--period", "2026"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn audit(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn scores(folder: &Path) -> Value {
    let report: Value = serde_json::from_str(&audit(folder, &["--format", "json"])).unwrap();
    report["scores"].clone()
}

/// Three vacancies of sixty, each marked by three people on two criteria. Women get a point less; marker C gives a point
/// and a half less than A and B; the level differs from vacancy to vacancy. Four people in the last vacancy alone say
/// that they are 65 or older.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut people = String::from("application_id,vacancy_id,sex,age,furthest_stage,withdrew\n");
    let mut scores = String::from("Applicant,Assessor,Question,Mark\n");
    for vacancy in 0..3 {
        for i in 0..60 {
            let woman = i % 3 == 0;
            let (sex, age) = (if woman { "Female" } else { "Male" }, 30 + i % 20);
            let age = if vacancy == 2 && i < 4 { 70 } else { age };
            let stage = if i % 5 == 0 { "shortlisted" } else { "received" };
            let _ = writeln!(people, "A{vacancy}-{i},V{vacancy},{sex},{age},{stage},no");
            for (marker, severity) in [("A", 0.0), ("B", 0.0), ("C", -1.5)] {
                for criterion in 0..2 {
                    let worth = f64::from((i * 7) % 11) / 2.0 + f64::from(vacancy) * 3.0;
                    let score =
                        worth + severity - f64::from(u8::from(woman)) + f64::from(criterion);
                    let noise =
                        f64::from((i * 13 + criterion * 5 + i32::from(marker == "B")) % 3) / 4.0;
                    let _ =
                        writeln!(scores, "A{vacancy}-{i},{marker},Q{criterion},{}", score + noise);
                }
            }
        }
    }
    scores.push_str("A0-0,A,Q0,9\nA0-1,A,Q0,much\nnobody,A,Q0,3\nA0-2,D,Q0,\n");
    std::fs::write(folder.path().join("a.csv"), people).unwrap();
    std::fs::write(folder.path().join("s.csv"), scores).unwrap();
    folder
}

#[test]
fn groups_markers_and_panels_are_compared_within_vacancies() {
    let folder = folder();
    let found = scores(folder.path());
    assert_eq!((&found["people"], &found["not_found"]), (&180.into(), &1.into()));
    assert_eq!((&found["vacancies"], &found["criteria"]), (&3.into(), &2.into()));
    let compared = found["compared"].as_array().unwrap();
    let women = compared.iter().find(|c| c["group"] == "female").unwrap();
    let n = &women["numbers"];
    assert_eq!((&n["scored"], &n["others"], &n["vacancies"]), (&60.into(), &120.into(), &3.into()));
    // A point less within each vacancy, whatever the level of the vacancy.
    let difference = n["difference"].as_f64().unwrap();
    assert!((-1.6..-0.6).contains(&difference), "{n}");
    assert!(n["interval"][1].as_f64().unwrap() < 0.0 && n["differs"] == true, "{n}");
    assert!(n["higher_share"].as_f64().unwrap() < 0.4 && n["hedges_g"].as_f64().unwrap() < -0.3);
    let severity = found["severity"].as_array().unwrap();
    assert_eq!(severity[0]["marker"], "C");
    assert!((severity[0]["difference"].as_f64().unwrap() + 1.5).abs() < 0.2, "{severity:?}");
    let panels = found["panels"].as_array().unwrap();
    assert_eq!(panels.len(), 3);
    let one = panels[0]["icc_one"].as_f64().unwrap();
    // Consistent but not equally severe: far from full agreement, far from none.
    assert!((0.4..0.9).contains(&one), "{panels:?}");
    assert!(panels[0]["icc_panel"].as_f64().unwrap() > one);
    assert!(panels[0]["severity_p"].as_f64().unwrap() < 0.001);
}

#[test]
fn where_a_group_is_of_few_only_the_broader_groups_are_shown() {
    let folder = folder();
    let found = scores(folder.path());
    let compared = found["compared"].as_array().unwrap();
    let ages: Vec<&Value> = compared.iter().filter(|c| c["characteristic"] == "age_band").collect();
    // Four people are 65 or older: beside the single bands, the two halves would give their mean away.
    // Two groups are one comparison, and both are named.
    assert_eq!(ages.len(), 1);
    assert!(ages.iter().all(|one| one["is_grouped"] == true && one["hidden"] == false), "{ages:?}");
    assert_ne!(ages[0]["against_label"], "");
}

#[test]
fn beside_the_tables_scores_tell_neither_few_withdrawals_nor_hidden_groups() {
    let folder = folder();
    // Three women who were scored withdrew before the first decision.
    let path = folder.path().join("a.csv");
    let mut people = std::fs::read_to_string(&path).unwrap();
    for person in ["A0-0", "A0-3", "A0-6"] {
        let line = people.lines().find(|line| line.starts_with(&format!("{person},"))).unwrap();
        let withdrew = line.replace(",shortlisted,no", ",received,yes");
        people = people.replace(line, &withdrew.replace(",received,no", ",received,yes"));
    }
    std::fs::write(&path, people).unwrap();
    let report: Value = serde_json::from_str(&audit(folder.path(), &["--format", "json"])).unwrap();
    let women = |list: &Value| -> Value {
        list.as_array().unwrap().iter().find(|c| c["group"] == "female").unwrap().clone()
    };
    let scored = women(&report["scores"]["compared"])["numbers"]["scored"].as_u64();
    let views = report["views"].as_array().unwrap();
    let sex = views.iter().find(|view| view["characteristic"] == "sex").unwrap();
    for group in sex["groups"].as_array().unwrap() {
        for stage in group["stages"].as_array().unwrap() {
            let Some(entered) = stage["entered"].as_u64() else { continue };
            let few = scored.map_or(0, |scored| scored.saturating_sub(entered));
            assert!(group["id"] != "female" || few == 0 || few >= 10, "{entered} {scored:?}");
        }
    }
    for count in report["scores"]["panels"].as_array().unwrap() {
        assert_eq!(count["people"].as_u64().unwrap() % 10, 0, "{count}");
    }
    assert_eq!(report["scores"]["people"].as_u64().unwrap() % 10, 0);
    let note = &report["score_sentences"][0];
    assert!(note.as_str().unwrap().contains("to the multiple of 10 below"), "{note}");
}

#[test]
fn wrong_rows_are_named_and_every_form_has_the_scores() {
    let folder = folder();
    let output = run(folder.path(), &[]);
    let errors = String::from_utf8_lossy(&output.stderr);
    for part in [
        "scores: line 1082, column 'Mark': repeats a score",
        "scores: line 1083, column 'Mark': 'much' is not a number",
    ] {
        assert!(errors.contains(part), "{errors}");
    }
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "Scores: 2 of 1,084 rows could not be read and are left out. One person with scores is not",
        "Sex, Female against Male: 60 scored,",
        "points less than 120 others who declared, within 3 vacancies in 2026 (95 % interval \u{2212}",
        "Agreement of markers",
        "C: 1.5",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let page = audit(folder.path(), &["--format", "html"]);
    assert!(page.contains("Severity of markers") && page.contains("Hedges' g"), "{page}");
    assert!(!page.to_lowercase().contains("discriminat"));
    for name in ["report.pdf", "report.xlsx"] {
        audit(folder.path(), &["-o", name]);
        assert!(std::fs::metadata(folder.path().join(name)).unwrap().len() > 1000);
    }
}

#[test]
fn of_many_markers_pages_list_those_who_stand_out_and_the_workbook_has_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut people = String::from("application_id,vacancy_id,sex,furthest_stage\n");
    let mut scores = String::from("application_id,marker,criterion,score\n");
    for i in 0..24 {
        let sex = if i % 2 == 0 { "Female" } else { "Male" };
        let _ = writeln!(people, "A{i},V,{sex},received");
        for marker in 0..30 {
            let severity = if marker == 7 { -2.0 } else { 0.0 };
            let noise = f64::from((i * 17 + marker * 11 + i * marker) % 7) / 7.0;
            let score = f64::from(i % 5) + severity + noise;
            let _ = writeln!(scores, "A{i},Marker {marker:02},Q,{score}");
        }
    }
    std::fs::write(folder.path().join("a.csv"), people).unwrap();
    std::fs::write(folder.path().join("s.csv"), scores).unwrap();
    let report: Value = serde_json::from_str(&audit(folder.path(), &["--format", "json"])).unwrap();
    assert_eq!(report["scores"]["severity"].as_array().unwrap().len(), 30);
    let sentences = report["score_sentences"].to_string();
    for marker in 0..30 {
        assert!(sentences.contains(&format!("Marker {marker:02}:")), "{marker}");
    }
    for form in ["text", "html"] {
        let page = audit(folder.path(), &["--format", form]);
        assert!(page.contains("Marker 07"), "{page}");
        let listed = (0..30).filter(|m| page.contains(&format!("Marker {m:02}"))).count();
        let left = format!("{} further markers are not listed", 30 - listed);
        assert!(listed < 15 && page.contains(&left), "{listed} {page}");
        assert!(page.contains("The workbook and JSON have every marker."));
    }
    audit(folder.path(), &["-o", "report.xlsx"]);
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(folder.path().join("report.xlsx")).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "Markers").unwrap();
    assert_eq!(sheet.height(), 31);
}

#[test]
fn a_table_without_scores_is_refused_with_what_is_missing() {
    let folder = folder();
    std::fs::write(folder.path().join("s.csv"), "application_id,marker\nA0-1,A\n").unwrap();
    let output = run(folder.path(), &[]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains("no column for score"), "{errors}");
}
