//! What a report says of what it hides, of what was not compared and of evidence that sank again: the reason, and what to do.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use evenhand::fairness::{Audit, AuditRequest, Cell, Counts, audit};
use evenhand::report;
use evenhand::rulebook::Rulebook;

/// Audits a table as a person does; the exit code must be 0.
fn text(folder: &Path, table: &str, arguments: &[&str]) -> String {
    std::fs::write(folder.join("a.csv"), table).unwrap();
    let kind = if table.starts_with("characteristic") { "--counts" } else { "--applications" };
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["audit", kind, "a.csv"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn applications(rows: impl Iterator<Item = (String, String)>) -> String {
    let mut table =
        String::from("application_id,vacancy_id,disability,furthest_stage,withdrew,decided_at\n");
    for (place, (disability, rest)) in rows.enumerate() {
        let _ = writeln!(table, "A{place},V{},{disability},{rest}", place % 7);
    }
    table
}

#[test]
fn few_withdrawals_that_hide_everything_are_named_with_the_setting_that_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..400).map(|i| {
        let disability = if i % 5 == 0 { "Yes" } else { "No" };
        // Two disabled and two other applicants left after they were shortlisted.
        let withdrew = if [0, 5, 1, 2].contains(&i) { "yes" } else { "no" };
        let stage = if i % 3 == 0 && withdrew == "no" { "appointed" } else { "shortlisted" };
        (disability.to_owned(), format!("{stage},{withdrew},2025-05-0{}", 1 + i % 8))
    });
    let table = applications(rows);
    let hidden = text(folder.path(), &table, &["--policy", "wdes"]);
    for part in [
        "to protect small counts, or because few people withdrew between two decisions",
        "audit with --show-withdrawals: it shows what is hidden for that alone",
    ] {
        assert!(hidden.contains(part), "{part}\n{hidden}");
    }
    let open = text(folder.path(), &table, &["--policy", "wdes", "--show-withdrawals"]);
    assert!(!open.contains("--show-withdrawals"), "{open}");
    assert!(open.contains("applicants being appointed from shortlisting compared with"), "{open}");
}

#[test]
fn the_four_fifths_line_says_how_many_comparisons_it_could_not_see() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 ethnic_group,White,received,259,206\nethnic_group,Black,received,48,40\n\
                 ethnic_group,Asian,received,60,49\nethnic_group,Mixed,received,30,3\n\
                 ethnic_group,Other,received,30,22\n";
    let said = text(folder.path(), table, &["--policy", "four_fifths"]);
    let (_, after) = said.split_once("below four fifths of the comparator's").unwrap();
    let sentence = after.get(..120).unwrap();
    assert!(sentence.contains("left out here, because"), "{sentence}");
}

#[test]
fn where_nothing_was_compared_no_number_is_called_hidden() {
    let folder = tempfile::tempdir().unwrap();
    // Everybody offered a post took it: nothing differed there, and no group is small.
    let rows = (0..480).map(|i| {
        let disability = if i % 4 == 0 { "Yes" } else { "No" };
        let stage = if i % 2 == 0 || i % 3 == 0 { "appointed" } else { "received" };
        (disability.to_owned(), format!("{stage},no,2025-05-01"))
    });
    let said = text(folder.path(), &applications(rows), &[]);
    assert!(said.contains("There was nothing to compare"), "{said}");
    assert!(!said.contains("Numbers hidden"), "{said}");
    // Beside a group of few, the one that was not compared stands apart from those whose numbers are hidden.
    let mut table = String::from("application_id,vacancy_id,ethnic_group,furthest_stage\n");
    for (place, i) in (0..420).enumerate() {
        let (label, stage) = match i {
            0..300 => ("White British", if i % 3 == 0 { "received" } else { "appointed" }),
            300..380 => ("Indian", if i % 3 == 0 { "received" } else { "appointed" }),
            _ => ("African", if i % 8 == 0 { "appointed" } else { "received" }),
        };
        let _ = writeln!(table, "A{place},V{},{label},{stage}", place % 7);
    }
    let json = text(folder.path(), &table, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let views = report["views"].as_array().unwrap();
    let findings = || views.iter().flat_map(|view| view["findings"].as_array().unwrap());
    let open: Vec<_> =
        findings().filter(|f| f["verdict"] == "not_assessed" && f["hidden"] == false).collect();
    assert!(open.iter().any(|f| f["group"] == "white_british"), "{open:?}");
    // Nothing that is not compared has a number, which could be of groups whose counts are hidden.
    assert!(findings().all(|f| f["detectable_ratio"].is_null() || f["numbers"].is_object()));
    let said = text(folder.path(), &table, &[]);
    assert!(said.contains("Numbers hidden") && !said.contains("Not assessed: White"), "{said}");
}

#[test]
fn a_date_of_change_outside_the_data_is_said_with_the_dates_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..200).map(|i| {
        let stage = if i % 3 == 0 { "shortlisted" } else { "received" };
        let day = 1 + i % 7;
        (if i % 2 == 0 { "Yes" } else { "No" }.to_owned(), format!("{stage},no,2025-05-0{day}"))
    });
    let table = applications(rows);
    let after = text(folder.path(), &table, &["--change-date", "2026-01-01"]);
    for part in
        ["Before and after 1 January 2026 cannot be compared", "from 1 May 2025 to 7 May 2025"]
    {
        assert!(after.contains(part), "{part}\n{after}");
    }
    let before = text(folder.path(), &table, &["--change-date", "2020-01-01"]);
    assert!(before.contains("Before and after 1 January 2020 cannot be compared"), "{before}");
    let within = text(folder.path(), &table, &["--change-date", "2025-05-05"]);
    assert!(!within.contains("cannot be compared"), "{within}");
}

fn audited(blocks: &[[u64; 4]]) -> Audit {
    let rules = Rulebook::built_in().unwrap();
    let cells = blocks.iter().enumerate().flat_map(|(vacancy, [a, n1, c, n2])| {
        [("female", n1, a), ("male", n2, c)].map(|(category, entered, progressed)| Cell {
            characteristic: "sex".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: "received".parse().unwrap(),
            stratum: format!("vacancy {vacancy}"),
            entered: *entered,
            progressed: *progressed,
            undecided: 0,
            withdrawn: 0,
        })
    });
    let counts = Counts::from_cells(rules.recruitment().progress(), cells);
    audit(&counts, &AuditRequest::new("default", &rules).unwrap(), &rules)
}

#[test]
fn evidence_that_sank_again_says_what_it_reached_and_what_it_is() {
    // Six vacancies with a wide gap, then a dozen that point the other way.
    let mut blocks = vec![[4, 20, 14, 20]; 3];
    blocks.extend(vec![[13, 20, 7, 20]; 5]);
    let audit = audited(&blocks);
    let line = audit.findings().find_map(|f| f.evidence.clone()).unwrap();
    assert!(line.has_crossed && line.log10_e < 20_f64.log10(), "{line:?}");
    let said = report::to_text(&audit).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("It reached 20 on the way and is "), "{said}");
    assert!(said.contains("stands once the line is crossed"), "{said}");
    // The same two groups are one row of evidence.
    let rows = said.matches("and odds ratios from").count();
    let stretches: std::collections::BTreeSet<String> =
        audit.findings().filter(|f| f.evidence.is_some()).map(|f| f.stretch.to.clone()).collect();
    assert_eq!(rows, stretches.len(), "{said}");
}

#[test]
fn counts_without_vacancies_are_not_called_one_vacancy_in_the_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 sex,Female,received,200,60\nsex,Male,received,200,100\n";
    let said = text(folder.path(), table, &[]);
    assert!(said.contains("from all decisions at once the e-value is"), "{said}");
    assert!(!said.contains("after 1 vacancy") && !said.contains("0 of 1 have one"), "{said}");
}

#[test]
fn a_trend_that_chance_explains_is_said_to_go_neither_way() {
    let folder = tempfile::tempdir().unwrap();
    let table = |rates: [u64; 5]| {
        let bands = ["under_25", "25_to_34", "35_to_44", "45_to_54", "55_to_64"];
        let rows = bands
            .iter()
            .zip(rates)
            .map(|(band, on)| format!("age_band,{band},received,200,{on}\n"));
        format!("characteristic,category,stage,entered,progressed\n{}", rows.collect::<String>())
    };
    let level = text(folder.path(), &table([80, 82, 79, 81, 78]), &[]);
    assert!(level.contains("neither clearly rise nor fall from"), "{level}");
    assert!(!level.contains("selection rates fall from"), "{level}");
    let falling = text(folder.path(), &table([120, 100, 80, 60, 40]), &[]);
    assert!(falling.contains("selection rates fall from Under 25 to 55 to 64"), "{falling}");
}

#[test]
fn characteristics_that_nobody_answered_are_told_once_and_have_no_section() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from(
        "application_id,vacancy_id,sex,religion,disability,marital_status,furthest_stage\n",
    );
    for i in 0..240 {
        let sex = if i % 2 == 0 { "Female" } else { "Male" };
        // Half did not say whether they are disabled; nobody was asked for religion or marriage.
        let disability = ["", "No", "", "Yes"][i % 4];
        let stage = if i % 3 == 0 { "shortlisted" } else { "received" };
        let _ = writeln!(table, "A{i},V{},{sex},,{disability},,{stage}", i % 5);
    }
    let said = text(folder.path(), &table, &[]);
    assert_eq!(said.matches("Nobody declared: ").count(), 1, "{said}");
    for part in [
        "Religion or belief; Marriage and civil partnership. Nothing can be said of that here.",
        "Ask applicants for what nobody declared, or bring the answers in: religion or belief;",
        "Find out why so many people leave disability blank, and ask again",
        "by 2 characteristics",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(!said.contains("100.0 % of people did not declare"), "{said}");
    let page = text(folder.path(), &table, &["--format", "html"]);
    assert!(page.contains("<h2>Sex</h2>") && !page.contains("<h2>Religion or belief</h2>"));
    // Programs get each of them.
    let report: serde_json::Value =
        serde_json::from_str(&text(folder.path(), &table, &["--format", "json"])).unwrap();
    let views = report["views"].as_array().unwrap();
    assert!(views.iter().any(|view| view["characteristic"] == "religion"));
}
