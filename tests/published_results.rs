//! Results that courts and agencies published, reproduced from their counts by the commands that anybody can run.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use std::fmt::Write as _;
use std::process::Command;

use serde_json::{Value, json};

fn evenhand(arguments: &[&str], folder: &std::path::Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// An audit of groups of one characteristic: (category, people, selected).
fn audit(policy: &str, characteristic: &str, groups: &[(&str, u64, u64)]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let stage = if policy.ends_with("es") { "shortlisted" } else { "received" };
    let mut table = String::from("characteristic,category,stage,entered,progressed\n");
    for (category, entered, progressed) in groups {
        let _ = writeln!(table, "{characteristic},{category},{stage},{entered},{progressed}");
    }
    std::fs::write(folder.path().join("counts.csv"), table).unwrap();
    let arguments =
        ["audit", "--counts", "counts.csv", "--policy", policy, "--minimum", "5", "--format"];
    evenhand(&[&arguments[..], &["json"]].concat(), folder.path())
}

/// The first finding of a group, by its identifier in the rules. American groups stand under British ones.
fn finding(audit: &Value, group: &str) -> Value {
    let views = audit["views"].as_array().unwrap();
    let findings = views.iter().flat_map(|view| view["findings"].as_array().unwrap());
    findings.clone().find(|finding| finding["group"] == group).unwrap().clone()
}

fn calculated(kind: &str, inputs: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let case = json!({"id": "case", "kind": kind, "inputs": inputs});
    std::fs::write(folder.path().join("case.jsonl"), case.to_string()).unwrap();
    evenhand(&["calc", "--jsonl", "case.jsonl"], folder.path())["results"].clone()
}

fn near(value: &Value, expected: f64, tolerance: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() <= tolerance, "{value}, expected {expected}");
}

/// Connecticut v. Teal, 457 U.S. 440 (1982): 26 of 48 black and 206 of 259 white candidates passed the written
/// examination, 54.17 and 79.54 per cent, "approximately 68 per cent" of the white rate.
#[test]
fn connecticut_v_teal_is_below_four_fifths() {
    let report = audit(
        "four_fifths",
        "ethnic_group",
        &[("White British", 259, 206), ("Black African", 48, 26)],
    );
    let numbers = &finding(&report, "black_african")["numbers"];
    near(&numbers["rate"], 0.5417, 0.00005);
    near(&numbers["comparator_rate"], 0.7954, 0.00005);
    near(&numbers["pooled_ratio"], 0.68, 0.005);
    assert_eq!(numbers["below_margin"], true);
    assert_eq!(numbers["one_person_decides"], false);
    assert_eq!(finding(&report, "black_african")["verdict"], "gap");
}

/// Ricci v. DeStefano, 557 U.S. 557 (2009): for captain 16 of 25 white, 3 of 8 black and 3 of 8 Hispanic candidates
/// passed (64 and 37.5 per cent); for lieutenant 25 of 43, 6 of 19 and 3 of 15 (58.1, 31.6 and 20 per cent). The ratios
/// that the court gives are 0.59 for captain, 0.54 and 0.34 for lieutenant.
#[test]
fn ricci_v_destefano_has_the_ratios_of_the_opinion_and_shows_how_little_few_people_tell() {
    let captain = [("White British", 25, 16), ("Black African", 8, 3), ("Arab", 8, 3)];
    let lieutenant = [("White British", 43, 25), ("Black African", 19, 6), ("Arab", 15, 3)];
    for (selected, total, white_selected, white, ratio, rate) in
        [(3, 8, 16, 25, 0.59, 0.375), (6, 19, 25, 43, 0.54, 0.316), (3, 15, 25, 43, 0.34, 0.20)]
    {
        let inputs = json!({"selected_1": selected, "total_1": total, "selected_2": white_selected,
            "total_2": white});
        let results = calculated("two_by_two", &inputs);
        near(&results["rate_ratio"], ratio, 0.0051);
        near(&results["rate_1"], rate, 0.0005);
    }
    for groups in [captain, lieutenant] {
        let report = audit("four_fifths", "ethnic_group", &groups);
        let findings = report["views"][0]["findings"].as_array().unwrap();
        for found in findings {
            assert_ne!(found["verdict"], "ruled_out");
        }
    }
}

/// Castaneda v. Partida, 430 U.S. 482 (1977), note 17: 339 of 870 grand jurors against 79.1 per cent of the population,
/// 688 expected, a difference of "approximately 29 standard deviations" with a chance "less than 1 in 10^140".
#[test]
fn castaneda_v_partida_lies_29_standard_deviations_away() {
    let inputs = json!({"count": 339, "total": 870, "benchmark": 0.791});
    let results = calculated("availability", &inputs);
    near(&results["z"], -29.0, 0.5);
    near(&results["shortfall"], 688.0 - 339.0, 0.5);
    let digits = results["ln_binomial_less"].as_f64().unwrap() / std::f64::consts::LN_10;
    assert!(digits < -140.0 && digits.is_finite(), "{digits}");
}

/// Hazelwood School District v. United States, 433 U.S. 299 (1977), notes 14 and 17: 10 of 282 and 5 of 123 teachers
/// hired against 15.4 per cent of the area, 43 and 19 expected, more than five and more than three standard deviations;
/// against 5.7 per cent, less than two in either year.
#[test]
fn hazelwood_depends_on_the_share_that_it_is_compared_with() {
    for (count, total, share, expected, least, most) in [
        (10, 282, 0.154, 43.0, 5.0, 6.0),
        (5, 123, 0.154, 19.0, 3.0, 4.0),
        (10, 282, 0.057, 16.0, 0.0, 2.0),
        (5, 123, 0.057, 7.0, 0.0, 2.0),
    ] {
        let inputs = json!({"count": count, "total": total, "benchmark": share});
        let results = calculated("availability", &inputs);
        near(&results["shortfall"], expected - f64::from(count), 0.5);
        let deviations = -results["z"].as_f64().unwrap();
        assert!(deviations > least && deviations < most, "{count} of {total}: {deviations}");
    }
}

/// Uniform Guidelines, Questions and Answers (1979): rates of 60, 45, 48 and 51 per cent give ratios of 75, 80 and 85
/// per cent, of which only the first is below four fifths; 48 of 80 and 12 of 40 hired give 50 per cent.
#[test]
fn the_examples_of_the_uniform_guidelines_come_out_as_printed() {
    let report = audit(
        "four_fifths",
        "ethnic_group",
        &[
            ("White British", 200, 120),
            ("Indian", 200, 90),
            ("Arab", 200, 96),
            ("Black African", 200, 102),
        ],
    );
    for (group, ratio, below) in
        [("asian_indian", 0.75, true), ("other_arab", 0.80, false), ("black_african", 0.85, false)]
    {
        let numbers = &finding(&report, group)["numbers"];
        near(&numbers["pooled_ratio"], ratio, 1e-12);
        assert_eq!(numbers["below_margin"], below, "{group}");
    }
    let report = audit(
        "four_fifths",
        "ethnic_group",
        &[("White British", 80, 48), ("Black African", 40, 12)],
    );
    near(&finding(&report, "black_african")["numbers"]["pooled_ratio"], 0.5, 1e-12);
}

/// The ratios of the NHS standards are printed White over BME and non-disabled over disabled: 47.0 and 14.65 per cent
/// appointed from shortlisting give the 3.2 that a trust published for 2022.
#[test]
fn the_nhs_standards_divide_the_other_way_round() {
    let report =
        audit("wres", "ethnic_group", &[("White British", 10_000, 4699), ("Indian", 10_000, 1465)]);
    let bme = finding(&report, "bme");
    near(&bme["numbers"]["reference_over_group"], 3.2, 0.05);
    // The table has no stage after shortlisting, and the standard's decision ends with the appointment.
    let sentence = bme["sentence"].as_str().unwrap();
    assert!(sentence.contains("went from shortlisted to appointed"), "{sentence}");
    let report = audit("wdes", "disability", &[("No", 400, 100), ("Yes", 80, 16)]);
    near(&finding(&report, "disabled")["numbers"]["reference_over_group"], 1.25, 1e-12);
}
