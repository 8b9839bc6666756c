//! What an audit concludes: the four verdicts on tables with a known truth, and what it says about each.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data are wrong")]

use evenhand::fairness::{
    Audit, AuditRequest, Cell, Comparator, Counts, Finding, Looks, Reason, StratumFacts, Table,
    Verdict, audit,
    undeclared::{Unknown, bounds},
};
use evenhand::report;
use evenhand::rulebook::Rulebook;

/// Vacancies of one family: for each category (entered, progressed) at the first decision.
fn family(vacancies: usize, groups: &[(&str, u64, u64)]) -> Counts {
    let rules = Rulebook::built_in().unwrap();
    let cells = (0..vacancies).flat_map(|vacancy| {
        groups.iter().map(move |(category, entered, progressed)| Cell {
            characteristic: "ethnic_group".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: "received".parse().unwrap(),
            stratum: format!("vacancy {vacancy}"),
            entered: *entered,
            progressed: *progressed,
            undecided: 0,
            withdrawn: 0,
        })
    });
    Counts::from_cells(rules.recruitment().progress(), cells)
}

fn audited(counts: &Counts) -> Audit {
    let rules = Rulebook::built_in().unwrap();
    let mut request = AuditRequest::new("default", &rules).unwrap();
    request.period = "2025".to_owned();
    audit(counts, &request, &rules)
}

fn finding<'a>(audit: &'a Audit, group: &str) -> &'a Finding {
    audit.findings().find(|f| f.group == group && f.primary && !f.is_grouped).unwrap()
}

#[test]
fn a_real_gap_is_a_gap_that_names_comparator_counts_period_and_undeclared() {
    let counts = family(
        10,
        &[("white_british", 40, 16), ("black_african", 20, 3), ("prefer_not_to_say", 2, 1)],
    );
    let audit = audited(&counts);
    let found = finding(&audit, "black_african");
    assert_eq!(found.verdict, Verdict::Gap);
    let numbers = found.numbers.as_ref().unwrap();
    assert!((numbers.ratio.unwrap() - 0.375).abs() < 1e-12);
    assert!(numbers.ratio_high.unwrap() < 1.0 && numbers.shortfall > 2.0);
    let sentence = report::sentence(found, &audit);
    for part in ["30 of 200", "160 of 400", "2025", "3.2 % did not declare", "0.38"] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
}

#[test]
fn a_large_family_without_a_gap_rules_the_margin_out() {
    let audit = audited(&family(20, &[("white_british", 100, 40), ("black_african", 50, 20)]));
    let found = finding(&audit, "black_african");
    assert_eq!(found.verdict, Verdict::RuledOut);
    assert!(found.numbers.as_ref().unwrap().ratio_low.unwrap() > 0.8);
    assert!(report::sentence(found, &audit).contains("four fifths"));
}

#[test]
fn a_tiny_family_cannot_tell_and_says_what_could_have_been_seen() {
    let audit = audited(&family(1, &[("white_british", 40, 15), ("black_african", 30, 11)]));
    let found = finding(&audit, "black_african");
    assert_eq!((found.verdict, found.hidden), (Verdict::CannotTell, false));
    assert!(found.detectable_ratio.is_none_or(|ratio| ratio < 0.5));
    let sentence = report::sentence(found, &audit);
    assert!(sentence.contains("usually have been seen") || sentence.contains("unnoticed"));
}

#[test]
fn a_group_too_small_to_show_cannot_tell_and_shows_no_number() {
    let audit = audited(&family(1, &[("white_british", 30, 10), ("black_african", 4, 0)]));
    let found = finding(&audit, "black_african");
    assert_eq!((found.verdict, found.reason), (Verdict::CannotTell, Some(Reason::TooFewToShow)));
    assert!(found.hidden && found.numbers.is_none());
}

#[test]
fn nobody_and_nothing_to_compare_are_not_assessed_with_the_reason() {
    for (groups, reason) in [
        ([("white_british", 30, 10), ("black_african", 0, 0)], Reason::NobodyInGroup),
        ([("white_british", 0, 0), ("black_african", 30, 10)], Reason::NobodyToCompareWith),
        ([("white_british", 30, 0), ("black_african", 30, 0)], Reason::NothingDiffered),
        ([("white_british", 30, 30), ("black_african", 30, 30)], Reason::NothingDiffered),
    ] {
        let audit = audited(&family(2, &groups));
        let found = finding(&audit, "black_african");
        assert_eq!((found.verdict, found.reason), (Verdict::NotAssessed, Some(reason)));
    }
}

#[test]
fn people_of_different_vacancies_are_not_compared() {
    let rules = Rulebook::built_in().unwrap();
    let cell = |category: &str, stratum: &str, entered, progressed| Cell {
        characteristic: "sex".parse().unwrap(),
        category: category.parse().unwrap(),
        stage: "received".parse().unwrap(),
        stratum: stratum.to_owned(),
        entered,
        progressed,
        undecided: 0,
        withdrawn: 0,
    };
    let cells = [cell("female", "a", 50, 10), cell("male", "b", 50, 40)];
    let audit = audited(&Counts::from_cells(rules.recruitment().progress(), cells));
    assert_eq!(finding(&audit, "female").reason, Some(Reason::NoSharedVacancy));
}

/// Graduate admissions at Berkeley, autumn 1973, six largest departments (Bickel, Hammel and O'Connell 1975):
/// women admitted and applied, men admitted and applied.
const BERKELEY: [[u64; 4]; 6] = [
    [89, 108, 512, 825],
    [17, 25, 353, 560],
    [202, 593, 120, 325],
    [131, 375, 138, 417],
    [94, 393, 53, 191],
    [24, 341, 22, 373],
];

#[test]
fn a_pooled_gap_that_stratification_reverses_is_no_gap_and_carries_a_warning() {
    let rules = Rulebook::built_in().unwrap();
    let cells = BERKELEY.iter().enumerate().flat_map(|(department, [a, n1, c, n2])| {
        [("female", a, n1), ("male", c, n2)].map(|(category, selected, total)| Cell {
            characteristic: "sex".parse().unwrap(),
            category: category.parse().unwrap(),
            stage: "received".parse().unwrap(),
            stratum: format!("department {department}"),
            entered: *total,
            progressed: *selected,
            undecided: 0,
            withdrawn: 0,
        })
    });
    let audit = audited(&Counts::from_cells(rules.recruitment().progress(), cells));
    let women = finding(&audit, "female");
    let numbers = women.numbers.as_ref().unwrap();
    assert!(numbers.pooled_high.unwrap() < 1.0 && numbers.ratio.unwrap() > 1.0);
    assert!(numbers.pooling_misleads);
    assert_eq!(women.verdict, Verdict::RuledOut);
    assert!(report::to_text(&audit).contains("another story"));
}

#[test]
fn ten_of_forty_three_against_389_of_920_is_a_gap_below_four_fifths_however_the_undeclared_are_divided()
 {
    let counts = family(
        1,
        &[("white_british", 920, 389), ("asian_indian", 43, 10), ("prefer_not_to_say", 7, 4)],
    );
    let audit = audited(&counts);
    let found = finding(&audit, "asian_indian");
    let numbers = found.numbers.as_ref().unwrap();
    assert_eq!(found.verdict, Verdict::Gap);
    assert!((numbers.ratio.unwrap() - 0.550_008_967_537_514_2).abs() < 1e-12);
    assert!((numbers.conditional_p.unwrap().p - 0.016_602_334_586_792_48).abs() < 1e-13);
    let (low, high) = numbers.undeclared_range;
    let table = Table::new((10, 43), (389, 920)).unwrap();
    let exact = bounds(&table, Unknown { selected: 4, not_selected: 3 });
    assert!((exact.smallest.unwrap() - 0.511_118_486_558_247_5).abs() < 1e-12);
    assert!((exact.largest.unwrap() - 0.706_776_787_179_346_9).abs() < 1e-12);
    // The report widens this to steps of a twentieth: seven undeclared are too few to be told exactly.
    assert_eq!((low, high), (Some(0.5), Some(0.75)));
    // At the end nearest to 1 the ratio stays below four fifths, and no longer passes the test.
    assert_eq!(found.survives_undeclared, Some(false));
    assert_eq!(numbers.below_margin, Some(true));
}

#[test]
fn the_same_two_groups_count_once_in_the_adjustment() {
    let audit = audited(&family(1, &[("white_british", 920, 389), ("asian_indian", 43, 10)]));
    assert_eq!(audit.method.comparisons, 1);
    let numbers = finding(&audit, "asian_indian").numbers.as_ref().unwrap();
    let (holm, own) = (numbers.holm_p.unwrap(), numbers.mid_p.unwrap().p);
    assert!((holm / own - 1.0).abs() < 1e-12, "{holm} {own}");
}

#[test]
fn evidence_stands_beside_the_test_and_decides_where_decisions_are_looked_at_again_and_again() {
    let rules = Rulebook::built_in().unwrap();
    let mut request = AuditRequest::new("default", &rules).unwrap();
    for (vacancies, once, many) in
        [(10, Verdict::Gap, Verdict::Gap), (3, Verdict::Gap, Verdict::CannotTell)]
    {
        let mut counts = family(vacancies, &[("white_british", 20, 8), ("black_african", 20, 4)]);
        for vacancy in 0..vacancies {
            // The vacancy that came first was decided last.
            let decided_on = jiff::civil::date(2025, 12 - vacancy as i8, 1);
            let facts = StratumFacts { decided_on: Some(decided_on), ..StratumFacts::default() };
            counts.describe(&format!("vacancy {vacancy}"), facts);
        }
        request.looks = Looks::Once;
        let report = audit(&counts, &request, &rules);
        assert_eq!(finding(&report, "black_african").verdict, once, "{vacancies}");
        let line = finding(&report, "black_african").evidence.clone().unwrap();
        assert_eq!(line.vacancies, vacancies);
        if vacancies == 10 {
            assert!(line.has_crossed && line.log10_e > 20_f64.log10() && line.anytime_p < 0.05);
            assert!(line.odds_ratio_high.unwrap() < 1.0);
            // Identical vacancies: the line is crossed with the same number of them in whatever order.
            let crossed = line.crossed_on.unwrap();
            assert!(crossed > jiff::civil::date(2025, 3, 1) && crossed.month() < 12, "{crossed}");
        }
        request.looks = Looks::Many;
        let report = audit(&counts, &request, &rules);
        assert_eq!(finding(&report, "black_african").verdict, many, "{vacancies}");
    }
}

#[test]
fn a_vacancy_with_decisions_to_come_adds_no_evidence() {
    let mut counts = family(4, &[("white_british", 20, 8), ("black_african", 20, 4)]);
    let open = StratumFacts { is_open: true, ..StratumFacts::default() };
    counts.describe("vacancy 2", open);
    let report = audited(&counts);
    assert_eq!(finding(&report, "black_african").evidence.as_ref().unwrap().vacancies, 3);
    assert_eq!(report.method.open_vacancies, 1);
}

#[test]
fn the_reference_comparison_stands_beside_the_primary_one() {
    let audit = audited(&family(
        5,
        &[("white_british", 60, 24), ("asian_indian", 20, 8), ("black_african", 20, 7)],
    ));
    let against: Vec<Comparator> =
        audit.findings().filter(|f| f.group == "asian_indian").map(|f| f.comparator).collect();
    assert_eq!(against, [Comparator::Others, Comparator::Reference]);
}

#[test]
fn reports_never_use_the_words_that_judge_people() {
    let audit = audited(&family(
        10,
        &[("white_british", 40, 16), ("black_african", 20, 3), ("asian_indian", 2, 1)],
    ));
    let json = String::from_utf8(report::to_json(&audit).unwrap()).unwrap();
    for text in [report::to_text(&audit), report::to_html(&audit), report::to_csv(&audit), json] {
        let lower = text.to_lowercase().replace("/*", "");
        assert!(!lower.contains("discriminat"));
        assert!(!lower.contains("fair"));
    }
}

#[test]
fn p_values_below_the_smallest_float_are_numbers_in_every_machine_readable_report() {
    let rows = family(6, &[("white_british", 9_000, 4_500), ("asian_indian", 9_000, 1_500)]);
    let audit = audited(&rows);
    let json = String::from_utf8(report::to_json(&audit).unwrap()).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = report["views"][0]["findings"].as_array().unwrap();
    let indian = findings.iter().find(|f| f["group"] == "asian_indian").unwrap();
    let (numbers, evidence) = (&indian["numbers"], &indian["evidence"]);
    let ln = |value: &serde_json::Value| value.as_f64().unwrap();
    let floor = -400.0 * std::f64::consts::LN_10;
    let own = ln(&numbers["mid_p"]["ln_p"]);
    assert!(own < floor, "{own}");
    let several = (audit.method.comparisons as f64).ln();
    for key in ["holm_p", "benjamini_hochberg_p"] {
        assert_eq!(numbers[key], 0.0, "{key}");
        let adjusted = ln(&numbers[format!("ln_{key}")]);
        // To three digits, as the p-value itself.
        let reach = 0.006 * own.abs();
        assert!(adjusted >= own - reach && adjusted <= own + several + reach, "{key} {adjusted}");
    }
    for key in ["anytime_p", "anytime_holm_p"] {
        assert_eq!(evidence[key], 0.0, "{key}");
        assert!(ln(&evidence[format!("ln_{key}")]) < floor, "{key}");
    }
    let sentence = indian["sentence"].as_str().unwrap();
    let power = format!("1e{:.0}", (own / std::f64::consts::LN_10).ceil());
    assert!(sentence.contains(&power), "{power}: {sentence}");

    let table = report::to_csv(&audit);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names = reader.headers().unwrap().clone();
    let column = |name: &str| names.iter().position(|known| known == name).unwrap();
    let row = reader.records().map(Result::unwrap).find(|r| r[column("mid_p")] == *"0").unwrap();
    for name in ["mid_p", "holm_p", "benjamini_hochberg_p", "anytime_p", "anytime_holm_p"] {
        let ln: f64 = row[column(&format!("ln_{name}"))].parse().unwrap();
        assert!(ln < floor && row[column(name)] == *"0", "{name} {ln}");
    }
    let bytes = std::io::Cursor::new(report::to_xlsx(&audit).unwrap());
    let mut workbook: calamine::Xlsx<_> = calamine::Reader::new(bytes).unwrap();
    let findings = calamine::Reader::worksheet_range(&mut workbook, "Findings").unwrap();
    let head = findings.rows().next().unwrap();
    let place = |name: &str| head.iter().position(|cell| *cell == *name).unwrap();
    for name in ["p after Holm", "p after Benjamini-Hochberg", "p at any time"] {
        let logs = place(&format!("{name}, natural logarithm"));
        let least =
            findings.rows().skip(1).filter_map(|row| calamine::DataType::as_f64(&row[logs]));
        assert!(least.fold(0.0, f64::min) < floor, "{name}");
    }
}
