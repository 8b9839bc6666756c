//! What an audit of a table must not leave unsaid (rows that nobody compares), and what it must not say (which hidden
//! group is selected most).

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

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

#[test]
fn the_most_selected_group_is_chosen_among_those_shown_and_no_hidden_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // Five people are too few to show, and the most selected group is hidden with them.
    let table = "characteristic,category,stage,entered,progressed\nrace,White,received,400,120\n\
                 race,Black or African American,received,300,80\nrace,Asian,received,60,40\n\
                 race,American Indian or Alaska Native,received,5,1\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    let audit = |format: &str| -> String {
        let arguments = ["audit", "--counts", "c.csv", "--policy", "ll144", "--format", format];
        text(&evenhand(&arguments, folder.path()).stdout)
    };
    let report: Value = serde_json::from_str(&audit("json")).unwrap();
    let findings = report["views"][0]["findings"].as_array().unwrap();
    let groups: Vec<&str> = findings.iter().map(|f| f["group"].as_str().unwrap()).collect();
    assert!(groups.contains(&"asian") && !groups.contains(&"white"), "{groups:?}");
    for finding in findings {
        assert_eq!(finding["comparator_label"], "White", "{finding}");
        assert_eq!(finding["comparator_hidden"], false, "{finding}");
        assert_eq!(finding["comparator_among_shown"], true, "{finding}");
    }
    for format in ["text", "html"] {
        let page = audit(format);
        for part in [
            "The most selected group was looked for among the groups whose counts are shown (from received to shortlisted",
            "To see whether a hidden group is the most selected one, audit a longer period or fewer categories.",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("40 of 60") && !page.contains("to Asian"), "{page}");
    }
}

#[test]
fn where_no_group_is_shown_nothing_tells_which_one_is_selected_most() {
    let folder = tempfile::tempdir().unwrap();
    let report = |format: &str, rates: [u64; 3]| -> String {
        let [white, black, asian] = rates;
        let table = format!(
            "characteristic,category,stage,entered,progressed\nrace,White,received,60,{white}\n\
             race,Black or African American,received,7,{black}\nrace,Asian,received,6,{asian}\n"
        );
        std::fs::write(folder.path().join("c.csv"), table).unwrap();
        let arguments = ["audit", "--counts", "c.csv", "--policy", "ll144", "--format", format];
        text(&evenhand(&arguments, folder.path()).stdout)
    };
    // Few were turned down of the large group, so all three are hidden; the same 60 of 73 went on each time.
    for format in ["text", "json", "csv", "html"] {
        let said = [[54, 6, 0], [54, 0, 6], [53, 3, 4]].map(|rates| report(format, rates));
        assert!(said.iter().all(|one| *one == said[0]), "{format}: {said:#?}");
        assert!(said[0].contains("the most selected group"), "{}", said[0]);
    }
    let page = report("text", [54, 6, 0]);
    let part = "No group is shown that others could be compared with as the most selected";
    assert!(page.contains(part), "{page}");
}

#[test]
fn no_row_of_counts_disappears_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 sex,female,received,60,30\nsex,male,received,60,40\n\
                 ethnic_group,white_british,received,60,35\nethnic_group,asian_indian,received,60,35\n\
                 ethnic_group-sex,white_british-female,received,30,15\n\
                 sex-ethnic_group,male-white_british,received,30,20\n\
                 Sex-Ethnicity,Female - Asian: Indian,received,30,15\n\
                 sex-ethnic_group,male-asian_indian,received,30,20\n\
                 sex-ethnic_group,male-tall,received,30,20\n\
                 religion,hindu,received,50,10\nreligion,sikh,received,50,20\n\
                 shoe_size,big,received,40,20\n";
    // The second order of the two characteristics is a table of its own where no policy names either.
    let same_order = table
        .replace("ethnic_group-sex,white_british-female", "sex-ethnic_group,female-white_british");
    // For each policy: rows left out, views, and the characteristics that are named with their rows as not compared.
    let all: &[(&str, &str)] = &[];
    for (policy, left_out, compared, not_compared) in [
        (
            "default",
            1,
            &["sex", "ethnic_group", "sex-ethnic_group", "religion", "shoe_size"][..],
            all,
        ),
        (
            "ll144",
            2,
            &["sex", "ethnic_group", "sex-ethnic_group"][..],
            &[("2 rows", "Religion or belief")][..],
        ),
        (
            "four_fifths",
            2,
            &["sex", "ethnic_group"][..],
            &[("4 rows", "Sex and ethnic group"), ("2 rows", "Religion or belief")][..],
        ),
        (
            "wres",
            2,
            &["ethnic_group"][..],
            &[
                ("2 rows", "Sex"),
                ("4 rows", "Sex and ethnic group"),
                ("2 rows", "Religion or belief"),
            ][..],
        ),
        (
            "wdes",
            2,
            &[][..],
            &[
                ("2 rows", "Sex"),
                ("2 rows", "Ethnic group"),
                ("4 rows", "Sex and ethnic group"),
                ("2 rows", "Religion or belief"),
            ][..],
        ),
    ] {
        let rows = if policy == "ll144" { table } else { &same_order };
        std::fs::write(folder.path().join("c.csv"), rows).unwrap();
        let audit = |format: &str| {
            let arguments = ["audit", "--counts", "c.csv", "--policy", policy, "--format", format];
            evenhand(&arguments, folder.path())
        };
        let found = audit("json");
        let problems = text(&found.stderr);
        assert!(problems.contains(&format!("12 rows read, {left_out} left out")), "{problems}");
        assert!(problems.contains("line 10") && problems.contains("'male-tall'"), "{problems}");
        let refused =
            problems.contains("line 13") && problems.contains("'shoe_size' is not a char");
        assert_eq!(refused, policy != "default", "{problems}");
        let report: Value = serde_json::from_slice(&found.stdout).unwrap();
        let views = report["views"].as_array().unwrap();
        let of = |id: &&str| views.iter().any(|view| view["characteristic"] == **id);
        assert!(compared.iter().all(of), "{policy}: {views:?}");
        assert!(views.iter().all(|view| compared.iter().any(|id| view["characteristic"] == **id)));
        if let Some(view) = views.iter().find(|view| view["characteristic"] == "sex-ethnic_group") {
            let groups = view["groups"].as_array().unwrap();
            let entered: Vec<_> = groups.iter().map(|g| &g["stages"][0]["entered"]).collect();
            assert_eq!(entered, [30, 30, 30, 30]);
            assert!(groups.iter().any(|group| group["label"] == "Female, Asian: Indian"));
        }
        let page = text(&audit("text").stdout);
        let warnings = report["warning_sentences"].as_array().unwrap();
        let said: Vec<&str> = warnings.iter().map(|warning| warning.as_str().unwrap()).collect();
        for (rows, name) in not_compared {
            let start = format!("{rows} of {name} were read and not compared, because the policy ");
            assert!(said.iter().any(|warning| warning.starts_with(&start)), "{start}: {said:?}");
            assert!(page.contains(&start), "{start}: {page}");
        }
        let named = said.iter().filter(|warning| warning.contains("read and not compared")).count();
        assert_eq!(named, not_compared.len(), "{policy}: {said:?}");
        assert!(
            said.iter().any(|s| s.starts_with(&format!("{left_out} of 12 rows were left out")))
        );
    }
}

#[test]
fn answers_of_applications_that_a_policy_does_not_look_at_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = "application_id,vacancy_id,sex,religion,grade,furthest_stage\n".to_owned();
    for number in 0..80 {
        let sex = if number % 2 == 0 { "female" } else { "male" };
        let stage = if number % 4 < 2 { "shortlisted" } else { "received" };
        table.push_str(&format!("{number},one,{sex},hindu,G7,{stage}\n"));
    }
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    for (policy, extra, expected) in [
        ("four_fifths", &["--by", "grade"][..], Some("look at it: Religion or belief, grade.")),
        ("four_fifths", &[], Some("look at it: Religion or belief.")),
        ("default", &[], None),
    ] {
        let start = ["audit", "--applications", "a.csv", "--policy", policy];
        let arguments: Vec<&str> = start.iter().chain(extra).copied().collect();
        let page = text(&evenhand(&arguments, folder.path()).stdout);
        match expected {
            Some(end) => assert!(page.contains(end), "{page}"),
            None => assert!(!page.contains("not compared"), "{page}"),
        }
    }
}

#[test]
fn where_no_comparison_could_be_made_none_is_said_to_have_given_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 sex,female,received,60,30\nsex,male,received,60,40\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    let arguments = ["audit", "--counts", "c.csv", "--policy", "wres", "--format", "text"];
    let page = text(&evenhand(&arguments, folder.path()).stdout);
    assert!(page.contains("No comparison could be made, so nothing can be concluded."), "{page}");
    assert!(!page.contains("gave an answer"), "{page}");
    assert!(page.contains("Choose a policy that looks at what the data have"), "{page}");
    let outside = "decisions that are not compared, because the policy NHS Workforce Race Equality Standard, indicator 2 \
                   does not look at them: from received to shortlisted.";
    assert!(page.contains(outside), "{page}");
}

#[test]
fn decisions_outside_the_span_of_a_policy_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 ethnic_group,white_british,received,600,200\nethnic_group,asian_indian,received,130,40\n\
                 ethnic_group,white_british,shortlisted,200,80\nethnic_group,asian_indian,shortlisted,40,20\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    for (policy, is_named) in [("wres", true), ("default", false)] {
        for format in ["text", "html", "json"] {
            let arguments = ["audit", "--counts", "c.csv", "--policy", policy, "--format", format];
            let page = text(&evenhand(&arguments, folder.path()).stdout);
            let named = page.contains("does not look at them: from received to shortlisted.");
            assert_eq!(named, is_named, "{policy} {format}: {page}");
        }
    }
}

#[test]
fn answers_that_the_rules_do_not_know_are_not_called_a_blank() {
    let folder = tempfile::tempdir().unwrap();
    let table = |answer: &str| {
        let rows = (0..60).map(|number| {
            let sex = if number % 2 == 0 { "female" } else { "male" };
            let stage = if number % 3 == 0 { "shortlisted" } else { "received" };
            format!("{number},one,{sex},{answer},{stage}\n")
        });
        let head = "application_id,vacancy_id,sex,religion,furthest_stage\n".to_owned();
        head + &rows.collect::<String>()
    };
    for (answer, is_blank) in [("Zzyzx", false), ("", true)] {
        std::fs::write(folder.path().join("a.csv"), table(answer)).unwrap();
        let page = text(&evenhand(&["audit", "--applications", "a.csv"], folder.path()).stdout);
        assert_eq!(page.contains("Nobody declared: Religion or belief"), is_blank, "{page}");
    }
}

#[test]
fn a_reader_who_stops_reading_stops_no_audit() {
    let folder = tempfile::tempdir().unwrap();
    let table = "application_id,vacancy_id,sex,furthest_stage\n1,one,female,received\n";
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["audit", "--applications", "a.csv", "-o", "report.txt"])
        .current_dir(folder.path())
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(folder.path().join("report.txt").exists());
}

#[test]
fn a_category_that_a_grouping_does_not_place_stands_beside_its_groups() {
    let folder = tempfile::tempdir().unwrap();
    let table = "characteristic,category,stage,entered,progressed\n\
                 ethnic_group,White British,received,600,200\nethnic_group,Indian,received,70,20\n\
                 ethnic_group,Pakistani,received,60,15\nethnic_group,BAME,received,50,12\n";
    std::fs::write(folder.path().join("c.csv"), table).unwrap();
    let found = evenhand(&["audit", "--counts", "c.csv", "--format", "json"], folder.path());
    let report: Value = serde_json::from_slice(&found.stdout).unwrap();
    let views = report["views"].as_array().unwrap();
    let grouped = views.iter().find(|view| view["grouping"] == "five_groups").unwrap();
    let groups = grouped["groups"].as_array().unwrap();
    let counts: Vec<_> = groups.iter().map(|g| (&g["id"], &g["stages"][0]["entered"])).collect();
    let counts = serde_json::to_value(counts).unwrap();
    assert_eq!(
        counts,
        serde_json::json!([["white", 600], ["asian", 130], ["bme_unspecified", 50]])
    );
    assert_eq!(grouped["everybody"][0]["entered"], 780);
}

#[test]
fn a_gap_in_the_whole_journey_alone_has_advice_and_answers_the_rules_do_not_know_are_not_called_blank()
 {
    let folder = tempfile::tempdir().unwrap();
    let mut table =
        "application_id,vacancy_id,disability,gender_identity,furthest_stage\n".to_owned();
    for number in 0..240 {
        let (disability, appointed) =
            if number % 2 == 0 { ("no", number % 6 > 0) } else { ("yes", number % 6 == 1) };
        let stage = if appointed { "appointed" } else { "shortlisted" };
        table.push_str(&format!("{number},v{},{disability},Zebra,{stage}\n", number / 60));
    }
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let page = |policy: &str| {
        let arguments = ["audit", "--applications", "a.csv", "--policy", policy];
        text(&evenhand(&arguments, folder.path()).stdout)
    };
    let advice = "scoring sheets and reasons: from shortlisted to appointed, the whole journey (";
    let wdes = page("wdes");
    assert!(wdes.contains(advice), "{wdes}");
    let default = page("default");
    assert!(default.contains("worded in a way that the rules do not know"), "{default}");
    assert!(!default.contains("leave gender identity blank"), "{default}");
}

#[test]
fn a_question_that_no_row_or_date_answers_is_told_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let header = "application_id,vacancy_id,sex,directorate,furthest_stage\n";
    std::fs::write(folder.path().join("none.csv"), header).unwrap();
    std::fs::write(folder.path().join("a.csv"), format!("{header}1,v,male,Housing,received\n"))
        .unwrap();
    std::fs::write(folder.path().join("title.csv"), format!("Report of May\n\n{header}")).unwrap();
    for (arguments, expected) in [
        (&["none.csv"][..], "there is none below the header"),
        (&["a.csv", "--only", "directorate=Parks"], "or none has the value that is asked for"),
        (&["a.csv", "--change-date", "1/4/2026"], "write a date as year, month and day"),
        (&["title.csv"], "there is none below the header"),
    ] {
        let all: Vec<&str> = ["audit", "--applications"].iter().chain(arguments).copied().collect();
        let output = evenhand(&all, folder.path());
        let said = text(&output.stderr);
        assert!(!output.status.success() && said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn a_first_decision_that_turned_nobody_down_is_pointed_out() {
    let folder = tempfile::tempdir().unwrap();
    let table = |not_shortlisted: u64| {
        let mut table = String::from("application_id,vacancy_id,sex,furthest_stage\n");
        for i in 0..60_u64 {
            let stage = match i {
                _ if i < not_shortlisted => "received",
                _ if i % 4 == 0 => "appointed",
                _ => "shortlisted",
            };
            let sex = ["Female", "Male"][(i % 2) as usize];
            table.push_str(&format!("A{i},V{},{sex},{stage}\n", i % 3));
        }
        std::fs::write(folder.path().join("a.csv"), table).unwrap();
        let said = evenhand(&["audit", "--applications", "a.csv", "--minimum", "5"], folder.path());
        text(&said.stdout)
    };
    let warning = "All 60 people went on from received to shortlisted, and later decisions turned people down.";
    let said = table(0);
    assert!(said.contains(warning), "{said}");
    assert!(!table(30).contains("later decisions turned people down"));
}

const PEOPLE: &str = "application_id,vacancy_id,Job ref,sex,furthest_stage,Decided\n\
    A1,old,V1,F,shortlisted,2026-01-05\nA2,old,V1,M,received,2026-01-05\nA3,old,V2,F,received,2026-01-05\n";

fn mapped(mapping: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), PEOPLE).unwrap();
    std::fs::write(folder.path().join("names.toml"), mapping).unwrap();
    let arguments =
        ["audit", "--applications", "a.csv", "--mapping", "names.toml", "--format", "json"];
    evenhand(&arguments, folder.path())
}

#[test]
fn a_mapping_file_that_means_nothing_is_refused_with_what_to_write() {
    for (mapping, parts) in [
        ("[values.sex]\nF = \"woman folk\"\n", ["[values.sex] \"F\" = \"woman folk\"", "female"]),
        (
            "[values.etnic]\nWB = \"white\"\n",
            ["[values.etnic] \"WB\"", "no column is called 'etnic'"],
        ),
        ("[values.outcome]\npassed = \"went\"\n", ["\"passed\" = \"went\"", "not reached"]),
        ("[values.withdrew]\nmaybe = \"perhaps\"\n", ["\"perhaps\"", "write one of yes, no"]),
        ("[values.furthest_stage]\nsift = \"sifted\"\n", ["\"sifted\"", "shortlisted"]),
        ("[column]\nvacancy_id = \"x\"\n", ["line 1", "unknown field `column`"]),
        ("[columns]\nvacancy = \"x\"\n", ["[columns] has no 'vacancy'", "vacancy_id"]),
    ] {
        let said = mapped(mapping);
        let problem = text(&said.stderr);
        assert_eq!(said.status.code(), Some(1), "{mapping}: {problem}");
        assert!(problem.starts_with("evenhand: names.toml: the mapping file, line "), "{problem}");
        for part in parts {
            assert!(problem.contains(part), "{mapping}: {problem}");
        }
    }
}

#[test]
fn what_a_mapping_file_says_comes_before_what_names_usually_mean() {
    let said = mapped(
        "[columns]\nvacancy_id = \"Job ref\"\nopened_on = \"Opened\"\n[values.sex]\nF = \"Man\"\nM = \"Woman\"\n\
         [values.furthest_stage]\nshortlisted = \"appointed\"\n",
    );
    let problem = text(&said.stderr);
    assert!(problem.contains("not there: opened_on = 'opened'\n"), "{problem}");
    assert!(!problem.contains("vacancy_id ="), "{problem}");
    let report: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(report["vacancies"], 2, "{report}");
    // The one woman of the mapping is the man of the table; and "shortlisted" is a stage that nobody has reached.
    let views = report["views"].as_array().unwrap();
    let groups: Vec<&str> =
        views[0]["groups"].as_array().unwrap().iter().map(|g| g["id"].as_str().unwrap()).collect();
    assert_eq!(groups, ["female", "male"]);
    let usual = mapped("");
    let usual: Value = serde_json::from_slice(&usual.stdout).unwrap();
    assert_eq!(usual["vacancies"], 1);
    let stretches = |report: &Value| report["views"][0]["everybody"].as_array().unwrap().len();
    assert!(stretches(&report) > stretches(&usual), "{report}");
}
