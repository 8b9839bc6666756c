//! The sentences of findings, word for word: what a committee reads, and what a tribunal would read aloud.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use evenhand::fairness::{Audit, AuditRequest, Cell, Counts, audit};
use evenhand::report;
use evenhand::rulebook::Rulebook;
use serde_json::Value;

fn audited(vacancies: usize, groups: &[(&str, u64, u64)]) -> Audit {
    audited_by("default", "received", vacancies, groups)
}

fn audited_by(policy: &str, stage: &str, vacancies: usize, groups: &[(&str, u64, u64)]) -> Audit {
    let rules = Rulebook::built_in().unwrap();
    let cells = (0..vacancies).flat_map(|vacancy| {
        groups.iter().map(move |(category, entered, progressed)| Cell {
            characteristic: "disability".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: stage.parse().unwrap(),
            stratum: format!("vacancy {vacancy}"),
            entered: *entered,
            progressed: *progressed,
            undecided: 0,
            withdrawn: 0,
        })
    });
    let counts = Counts::from_cells(rules.recruitment().progress(), cells);
    let mut request = AuditRequest::new(policy, &rules).unwrap();
    request.period = "2025".to_owned();
    audit(&counts, &request, &rules)
}

fn sentence(audit: &Audit, group: &str) -> String {
    let finding = audit.findings().find(|finding| finding.group == group).unwrap();
    report::sentence(finding, audit)
}

#[test]
fn each_verdict_has_its_sentence() {
    for (vacancies, groups, group, expected) in [
        (
            10,
            vec![("not_disabled", 40, 16), ("disabled", 20, 3), ("prefer_not_to_say", 2, 1)],
            "disabled",
            "Disabled: 30 of 200 (15.0 %) went from received to shortlisted, against 160 of 400 (40.0 %) of the group \"Not \
             disabled\", \
             in 2025. Within the same vacancies their selection rate was 0.38 times that of the comparator (95 % interval \
             0.26 to 0.53), 33 people fewer than the rate of everybody there would give; chance explains this \
             poorly (p below 1e-9 after adjustment). 3.2 % did not declare; the gap stands however they are divided (ratio \
             from 0.34 to 0.49).",
        ),
        (
            20,
            vec![("not_disabled", 100, 40), ("disabled", 50, 20)],
            "disabled",
            "Disabled: 400 of 1,000 (40.0 %) went from received to shortlisted, against 800 of 2,000 (40.0 %) of the group \
             \"Not disabled\", in 2025. A selection rate below four fifths of the comparator's is ruled out within the same \
             vacancies (ratio 1.00, 95 % interval 0.91 to 1.10). Everybody declared.",
        ),
        (
            1,
            vec![("not_disabled", 60, 24), ("disabled", 40, 14)],
            "disabled",
            "Disabled: 14 of 40 (35.0 %) went from received to shortlisted, against 24 of 60 (40.0 %) of the group \"Not \
             disabled\", in \
             2025. The numbers allow neither conclusion (ratio 0.88, 95 % interval 0.51 to 1.45). With these numbers, only \
             a selection rate below 0.36 times the comparator's would usually have been seen. Everybody declared.",
        ),
        (
            1,
            vec![("not_disabled", 60, 24), ("disabled", 4, 1)],
            "disabled",
            "Disabled, compared with the group \"Not disabled\" from received to shortlisted in 2025: no conclusion is given, \
             because it would rest on counts that are hidden to protect small counts. \
             Everybody declared.",
        ),
        (
            1,
            vec![("not_disabled", 60, 24), ("disabled", 0, 0)],
            "disabled",
            "Disabled, compared with the group \"Not disabled\" from received to shortlisted in 2025: nobody of this group reached this \
             decision.",
        ),
    ] {
        assert_eq!(sentence(&audited(vacancies, &groups), group), expected);
    }
}

#[test]
fn the_first_page_counts_and_advises_in_plain_english() {
    let text = report::to_text(&audited(10, &[("not_disabled", 40, 16), ("disabled", 20, 3)]));
    for sentence in [
        "600 applications that were decided, for 10 vacancies: one decision, by 1 characteristic. The tests allow for one comparison.",
        "In the vacancies with the largest shortfall, read criteria, scoring sheets and reasons: from received to \
         shortlisted (Disabled). The numbers say where to look, not why.",
    ] {
        assert_eq!(text.matches(sentence).count(), 1, "{sentence}\n{text}");
    }
    let groups = [("not_disabled", 12, 3), ("disabled", 9, 2)];
    let text = report::to_text(&audited_by("wdes", "shortlisted", 1, &groups));
    let sentence = "The only comparison allows no conclusion. Its numbers are hidden, to protect small counts.";
    assert!(text.contains(sentence), "{text}");
    // Where no numbers are, there is no table of them.
    assert!(!text.contains("p adjusted"), "{text}");
}

#[test]
fn decisions_of_which_the_same_is_said_stand_together_and_empty_charts_are_not_drawn() {
    let rules = Rulebook::built_in().unwrap();
    let groups = [("not_disabled", 400, 400), ("disabled", 200, 200)];
    let cells = ["received", "shortlisted", "interviewed"].into_iter().flat_map(|stage| {
        groups.map(|(category, entered, progressed)| Cell {
            characteristic: "disability".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: stage.parse().unwrap(),
            stratum: "one".to_owned(),
            entered,
            progressed,
            undecided: 0,
            withdrawn: 0,
        })
    });
    let counts = Counts::from_cells(rules.recruitment().progress(), cells);
    let audit = audit(&counts, &AuditRequest::new("default", &rules).unwrap(), &rules);
    assert!(audit.findings().all(|finding| finding.numbers.is_none() && !finding.hidden));
    let page = report::to_html(&audit);
    let together =
        "From received to shortlisted; from shortlisted to interviewed; from interviewed to";
    assert_eq!(page.matches(together).count(), 1, "{page}");
    // What is left is the chart of rates.
    assert_eq!(page.matches("<svg").count(), 1);
    let reason = "in every vacancy with people of both, either everybody or nobody went on";
    assert!(report::to_text(&audit).contains(&format!("Disabled; Not disabled: {reason}")));
}

#[test]
fn the_page_stands_alone_and_every_chart_and_table_says_what_it_is() {
    let page = report::to_html(&audited(
        10,
        &[("not_disabled", 40, 16), ("disabled", 20, 3), ("prefer_not_to_say", 2, 1)],
    ));
    assert!(page.starts_with("<!DOCTYPE html>"));
    for outside in ["<script", "src=", "href=\"http", "url(http", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let count = |part: &str| page.matches(part).count();
    assert_eq!(count("<svg"), count("<desc"));
    assert_eq!(count("<svg"), count("role=\"img\""));
    assert_eq!(count("<table"), count("<caption"));
    assert!(count("<svg") >= 2 && count("<table") >= 2);
    assert!(page.contains("lang=\"en-GB\""));
}

#[test]
fn labels_from_a_table_cannot_break_out_of_the_page_or_become_formulas() {
    let rules = Rulebook::built_in().unwrap();
    let mut counts = Counts::new(rules.recruitment().progress());
    let characteristic = "team".parse().unwrap();
    for (category, label) in [("a", "<script>alert(1)</script>"), ("b", "=HYPERLINK(\"x\")")] {
        let category = category.parse().unwrap();
        let cell = Cell {
            characteristic: "team".parse().unwrap(),
            category,
            stage: "received".parse().unwrap(),
            stratum: "one".to_owned(),
            entered: 40,
            progressed: 20,
            undecided: 0,
            withdrawn: 0,
        };
        counts.add_cell(&cell);
        counts.name(&characteristic, Some(&cell.category), label);
    }
    let request = AuditRequest::new("default", &rules).unwrap();
    let audit = audit(&counts, &request, &rules);
    assert!(!report::to_html(&audit).contains("<script"));
    let csv = report::to_csv(&audit);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for record in reader.records() {
        let record = record.unwrap();
        assert!(record.iter().all(|field| !field.starts_with('=')), "{record:?}");
    }
}

#[test]
fn json_names_method_rule_set_and_a_sentence_for_every_finding() {
    let audit = audited(2, &[("not_disabled", 40, 16), ("disabled", 20, 3)]);
    let json: Value = serde_json::from_slice(&report::to_json(&audit).unwrap()).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["method"]["policy"], "default");
    for finding in json["views"][0]["findings"].as_array().unwrap() {
        assert!(finding["sentence"].as_str().unwrap().contains("2025"));
    }
}

#[test]
fn where_every_number_is_hidden_a_sentence_stands_for_charts_and_tables() {
    let audit =
        audited(2, &[("not_disabled", 12, 3), ("disabled", 4, 1), ("prefer_not_to_say", 1, 0)]);
    assert!(audit.findings().all(|finding| finding.numbers.is_none()));
    let html = report::to_html(&audit);
    let view = html.split("id=\"view-0\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(view.contains("no count is shown, because counts are below 10"), "{view}");
    assert!(view.contains("Cannot tell: "), "{view}");
    assert!(!view.contains("<svg") && !view.contains("<table"), "{view}");
    // Where one number is shown, so is the table in which it stands.
    let shown = audited(10, &[("not_disabled", 40, 16), ("disabled", 20, 3)]);
    let html = report::to_html(&shown);
    assert!(html.contains("<svg") && !html.contains("no count is shown"));
}
