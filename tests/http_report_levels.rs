//! What the service knows of a vacancy (grade, directorate, contract, family) as a filter and level by level, and internal
//! against external applicants as groups of their own.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod http_support;
mod support;

use std::fmt::Write as _;
use std::io::Cursor;

use evenhand::domain::Role;
use evenhand::intake::tabular::Mapping;
use evenhand::workflow::{ImportSettings, import_applications, operator};
use http_support::Site;
use serde_json::{Value, json};

const HEADER: &str = "application_id,vacancy_id,grade,directorate,contract,decision date,internal or external,sex,furthest_stage\n";

/// Applications for one vacancy: as many internal as external applicants, of whom so many are shortlisted.
fn vacancy(table: &mut String, of_vacancy: &str, of_each: usize, shortlisted: (usize, usize)) {
    for number in 0..of_each {
        for (kind, passes) in [("Internal", shortlisted.0), ("External", shortlisted.1)] {
            let stage = if number < passes { "shortlisted" } else { "received" };
            let sex = if number % 2 == 0 { "Female" } else { "Male" };
            let id = format!("{of_vacancy}-{kind}-{number}").replace([',', ' '], "-");
            let _ = writeln!(table, "{id},{of_vacancy},{kind},{sex},{stage}");
        }
    }
}

/// Three vacancies of two grades, as a table; so many more people of a third grade.
fn outcomes(of_third_grade: usize) -> String {
    let mut table = HEADER.to_owned();
    for of_vacancy in [
        "V-1,G5,Housing,Permanent,2025-05-01",
        "V-2,G5,Adults,Fixed term,2026-05-01",
        "V-3,G10,Housing,Permanent,2026-06-01",
    ] {
        vacancy(&mut table, of_vacancy, 36, (26, 10));
    }
    vacancy(&mut table, "V-4,G12,Housing,Permanent,2026-06-01", of_third_grade, (2, 2));
    table
}

async fn report(site: &Site, query: &str, token: &str) -> Value {
    let response = site.get(&format!("/v1/audits?{query}"), token).await;
    assert_eq!(response.status(), 200, "{query}");
    response.json().await.unwrap()
}

async fn council(table: String) -> (Site, String) {
    let site = Site::start().await;
    let token = site.token(Role::Auditor).await;
    let import = ImportSettings {
        source: "history".parse().unwrap(),
        mapping: Mapping::usual().unwrap(),
        new_source: true,
        open: false,
        skip_wrong_rows: false,
        check_only: false,
    };
    let viewer = operator("larchmere".parse().unwrap());
    let events = None::<Cursor<Vec<u8>>>;
    let table = Cursor::new(table.into_bytes());
    let report = import_applications(&site.app, &viewer, table, events, &import).await.unwrap();
    assert!(report.written && report.unknown_labels.is_empty(), "{report:?}");
    (site, token)
}

/// How many of a group each level shows, in order.
fn at_levels(report: &Value, factor: usize, group: &str) -> Vec<(String, Option<u64>)> {
    let compared = report["factors"][factor]["compared"].as_array().unwrap();
    let of_group = compared.iter().find(|across| across["group"] == group).unwrap();
    let at = of_group["at"].as_array().unwrap();
    at.iter().map(|at| (at["level"].as_str().unwrap().to_owned(), at["entered"].as_u64())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_report_looks_at_each_grade_and_contract_and_at_internal_applicants() {
    let (site, token) = council(outcomes(0)).await;
    let whole = report(&site, "by=grade,contract", &token).await;
    // Grades follow their numbers, contracts their names.
    let level = |name: &str, people| (name.to_owned(), Some(people));
    assert_eq!(at_levels(&whole, 0, "internal"), [level("G5", 72), level("G10", 36)]);
    let contracts = [level("Fixed term", 36), level("Permanent", 72)];
    assert_eq!(at_levels(&whole, 1, "internal"), contracts);
    let findings = whole["views"].as_array().unwrap().iter();
    let findings = findings.flat_map(|view| view["findings"].as_array().unwrap());
    let gap = findings.clone().find(|f| f["group"] == "internal" || f["group"] == "external");
    let gap = gap.unwrap();
    assert_eq!(
        (gap["verdict"].as_str(), gap["numbers"]["shared_vacancies"].as_u64()),
        (Some("gap"), Some(3))
    );

    // Of one characteristic only, the levels tell of that one only.
    let narrow = report(&site, "by=grade&characteristic=sex", &token).await;
    let compared = narrow["factors"][0]["compared"].as_array().unwrap();
    assert!(
        !compared.is_empty() && compared.iter().all(|c| c["characteristic_label"] == "Sex"),
        "{compared:?}"
    );

    let one = report(&site, "directorate=housing&contract=Permanent", &token).await;
    assert_eq!(one["vacancies"], 2);
    assert_eq!(one["filters"], json!(["directorate: housing", "contract: Permanent"]));

    let change = "change_date=2026-01-01&characteristic=applicant_type";
    let change = report(&site, change, &token).await;
    assert_eq!(change["factors"][0]["factor"], "period");
    let periods = [level("before 2026-01-01", 36), level("from 2026-01-01", 72)];
    assert_eq!(at_levels(&change, 0, "internal"), periods);

    let page = site.get("/reports", &token).await.text().await.unwrap();
    assert!(page.contains("By grade") && page.contains(">G10<"), "{page}");
    let page = site.get("/reports/audit?format=html&by=grade&grade=&contract=", &token).await;
    assert!(page.text().await.unwrap().contains("G10"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_level_is_not_left_over_when_the_others_are_subtracted_from_all() {
    let (site, token) = council(outcomes(4)).await;
    let whole = report(&site, "by=grade", &token).await;
    let views = whole["views"].as_array().unwrap();
    let line = views.iter().flat_map(|view| view["groups"].as_array().unwrap());
    let all =
        line.clone().find(|g| g["id"] == "internal").unwrap()["stages"][0]["entered"].as_u64();
    let levels = at_levels(&whole, 0, "internal");
    assert_eq!(levels.last().unwrap(), &("G12".to_owned(), None));
    let known: Option<u64> = levels[..2].iter().map(|(_, people)| *people).sum();
    assert!(all.is_none() || known.is_none(), "{all:?} less {levels:?} leaves four people");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_at_level_by_level_is_refused_with_what_can() {
    let site = Site::start().await;
    let token = site.token(Role::Auditor).await;
    for (path, named) in [
        ("/v1/audits?by=shoe_size", "grade, directorate, contract, family"),
        ("/v1/audits?over_time=week", "month, quarter or year"),
        ("/v1/audits?change_date=soon", "2026-04-01"),
        ("/v1/audits?grad=G5", "directorate"),
        ("/v1/evidence?by=grade", "/v1/audits"),
    ] {
        let response = site.get(path, &token).await;
        assert_eq!(response.status(), 400, "{path}");
        let problem = response.text().await.unwrap();
        assert!(problem.contains(named), "{path}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_report_compares_who_applied_with_a_population_of_the_rules() {
    let (site, token) = council(outcomes(30)).await;
    let found = report(&site, "benchmark=england_and_wales_2021", &token).await;
    let views = found["views"].as_array().unwrap();
    let sex = views.iter().find(|view| view["characteristic"] == "sex").unwrap();
    let female = &sex["representation"][0];
    let counted = (female["group"].as_str(), female["count"].as_u64(), female["declared"].as_u64());
    // 36 of each kind for three vacancies, and 30 for one, every second a woman.
    assert_eq!(counted, (Some("female"), Some(138), Some(276)), "{female}");
    let warned = found["warning_sentences"].to_string();
    assert!(
        warned.contains("Nobody was compared with these shares of England and Wales"),
        "{warned}"
    );
    for (query, status) in
        [("audits?benchmark=mars", 422), ("evidence?benchmark=england_and_wales_2021", 400)]
    {
        let refused = site.get(&format!("/v1/{query}"), &token).await;
        assert_eq!(refused.status(), status, "{query}");
    }
    let page = site.get("/reports", &token).await.text().await.unwrap();
    assert!(page.contains("England and Wales, Census 2021"), "{page}");
    site.stop().await;
}
