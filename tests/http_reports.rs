//! An attacker with an auditor's account who asks the service for report after report and subtracts them from each
//! other. With what the service remembers it learns no small count; without, it does, so it is an attacker worth the
//! name.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod http_support;
mod support;

use std::collections::BTreeMap;

use evenhand::domain::Role;
use evenhand::workflow::back_up;
use http_support::Site;
use serde_json::{Value, json};
use support::{application, stage, vacancy_opened};

/// The smallest count that the council shows.
const MINIMUM: i64 = 10;

/// An application to a vacancy, with the answers given, that is decided on.
async fn decided(site: &Site, vacancy: &str, id: &str, sex: &str, ethnic_group: &str, next: &str) {
    let mut event = application(vacancy, id);
    event["data"]["characteristics"] = json!({ "ethnic_group": ethnic_group, "sex": sex });
    site.council.send(&site.app, event).await.unwrap();
    site.council.send(&site.app, stage(id, next)).await.unwrap();
}

/// So many women and as many men, of whom every second one is shortlisted.
async fn applicants(site: &Site, vacancy: &str, of_each: usize) {
    for sex in ["Female", "Male"] {
        for number in 0..of_each {
            let next = if number % 2 == 0 { "shortlisted" } else { "unsuccessful" };
            let id = format!("{vacancy}-{sex}-{number}");
            decided(site, vacancy, &id, sex, "Indian", next).await;
        }
    }
}

async fn vacancy(site: &Site, id: &str, family: &str) {
    let mut event = vacancy_opened(id);
    event["data"]["vacancy"]["family"] = family.into();
    site.council.send(&site.app, event).await.unwrap();
}

async fn report(site: &Site, query: &str, token: &str) -> Value {
    let response = site.get(&format!("/v1/audits?{query}"), token).await;
    assert_eq!(response.status(), 200, "{query}");
    response.json().await.unwrap()
}

/// Every count that a report shows: table, group, stage, and which.
fn shown(report: &Value) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for view in list(&report["views"]) {
        let table = format!("{} {}", view["characteristic"], view["grouping"]);
        let mut learn = |group: &str, line: &Value| {
            for field in ["entered", "progressed"] {
                if let Some(count) = line[field].as_i64() {
                    found.insert(format!("{table} {group} {} {field}", line["stretch"]), count);
                }
            }
        };
        list(&view["everybody"]).iter().for_each(|line| learn("everybody", line));
        for group in list(&view["groups"]) {
            list(&group["stages"]).iter().for_each(|line| learn(&group["id"].to_string(), line));
        }
        for finding in list(&view["findings"]) {
            let numbers = &finding["numbers"];
            for field in ["entered", "progressed", "comparator_entered", "comparator_progressed"] {
                if let Some(count) = numbers[field].as_i64() {
                    let (group, beside) = (&finding["group"], &finding["comparator"]);
                    let name = format!("{table} {group} {beside} {} {field}", finding["stretch"]);
                    found.insert(name, count);
                }
            }
        }
    }
    found
}

/// What is left when one report is subtracted from another and tells of a few people.
fn left_over(one: &Value, other: &Value) -> Vec<(String, i64)> {
    let other = shown(other);
    let both = shown(one).into_iter().filter_map(|(name, count)| {
        let left = (other.get(&name)? - count).abs();
        (1..MINIMUM).contains(&left).then_some((name, left))
    });
    both.collect()
}

fn hidden(report: &Value) -> u64 {
    report["method"]["hidden_for_earlier_reports"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_applicant_cannot_be_found_by_subtracting_the_report_of_the_day_before() {
    let site = Site::start().await;
    let token = site.token(Role::Auditor).await;
    applicants(&site, "V-1", 28).await;
    let first = report(&site, "", &token).await;
    assert!(shown(&first).values().any(|count| *count == 28), "{first:#}");
    // The same again, in another form too, says the same.
    assert!(site.get("/reports/audit?format=html", &token).await.status().is_success());
    let again = report(&site, "", &token).await;
    assert_eq!((shown(&again), hidden(&again)), (shown(&first), 0));
    assert_eq!(again["method"]["earlier_reports"], 1);

    decided(&site, "V-1", "one more", "Female", "Indian", "shortlisted").await;
    let second = report(&site, "", &token).await;
    assert_eq!(left_over(&first, &second), []);
    assert!(hidden(&second) > 0);
    let page = site.get("/reports/audit?format=html", &token).await.text().await.unwrap();
    assert!(
        page.contains("subtracting one report from another would leave fewer people"),
        "{page}"
    );

    // A restart forgets nothing, and nothing that was remembered lies open on the disk or is left out of a backup.
    let site = site
        .restart(|data| {
            let kept = std::fs::read(data.join("reports/larchmere.ledger")).unwrap();
            assert!(!String::from_utf8_lossy(&kept).contains("female"));
            let copy = tempfile::tempdir().unwrap();
            back_up(data, copy.path()).unwrap();
            assert_eq!(std::fs::read(copy.path().join("reports/larchmere.ledger")).unwrap(), kept);
        })
        .await;
    let third = report(&site, "", &token).await;
    assert_eq!(left_over(&first, &third), []);
    assert!(hidden(&third) > 0);

    // Enough further decisions bring the counts back.
    for number in 0..48 {
        let (sex, next) = match number % 4 {
            0 => ("Female", "shortlisted"),
            1 => ("Male", "shortlisted"),
            2 => ("Female", "unsuccessful"),
            _ => ("Male", "unsuccessful"),
        };
        decided(&site, "V-1", &format!("later {number}"), sex, "Indian", next).await;
    }
    let later = report(&site, "", &token).await;
    assert_eq!(hidden(&later), 0);
    assert_eq!(shown(&later).len(), shown(&first).len());
    for earlier in [&first, &second, &third] {
        assert_eq!(left_over(earlier, &later), []);
    }

    // Had nothing been remembered, the same attacker would have found the one.
    let site = site.restart(|data| std::fs::remove_dir_all(data.join("reports")).unwrap()).await;
    let before = report(&site, "", &token).await;
    decided(&site, "V-1", "the last", "Male", "Indian", "unsuccessful").await;
    let site = site.restart(|data| std::fs::remove_dir_all(data.join("reports")).unwrap()).await;
    let after = report(&site, "", &token).await;
    assert!(left_over(&before, &after).iter().any(|(_, left)| *left == 1));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_that_differ_by_one_person_cannot_be_subtracted_either_way() {
    for order in [["family=Housing", ""], ["", "family=Housing"]] {
        let site = Site::start().await;
        let token = site.token(Role::Auditor).await;
        vacancy(&site, "V-2", "Housing").await;
        vacancy(&site, "V-3", "Parks").await;
        applicants(&site, "V-2", 28).await;
        decided(&site, "V-3", "alone", "Female", "Indian", "shortlisted").await;
        let first = report(&site, order[0], &token).await;
        assert!(!shown(&first).is_empty());
        let second = report(&site, order[1], &token).await;
        assert_eq!(left_over(&first, &second), [], "{order:?}");
        assert!(hidden(&second) > 0, "{order:?}");
        // Two auditors who put their reports together are one attacker, and so is one who asks page and interface.
        let other = site.token(Role::Auditor).await;
        let query = format!("/reports/audit?{}&format=json", order[1]);
        let third = site.get(&query, &other).await.json().await.unwrap();
        assert_eq!(left_over(&first, &third), [], "{order:?}");
        site.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_on_two_characteristics_do_not_give_away_who_did_not_declare_one() {
    let site = Site::start().await;
    let token = site.token(Role::Auditor).await;
    applicants(&site, "V-1", 28).await;
    for number in 0..3 {
        let id = format!("undeclared {number}");
        decided(&site, "V-1", &id, "Female", "Prefer not to say", "shortlisted").await;
    }
    let sex = report(&site, "characteristic=sex", &token).await;
    let views: Vec<&Value> = sex["views"].as_array().unwrap().iter().collect();
    assert!(!views.is_empty() && views.iter().all(|view| view["characteristic"] == "sex"));
    // Everybody beside those who declared an ethnic group would be these three.
    assert_eq!(views[0]["everybody"][0]["entered"], Value::Null, "{sex:#}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_report_goes_out_when_what_earlier_ones_showed_cannot_be_read() {
    let site = Site::start().await;
    let token = site.token(Role::Auditor).await;
    applicants(&site, "V-1", 28).await;
    report(&site, "", &token).await;
    let ledger = site.council.data().join("reports/larchmere.ledger");
    let mut bytes = std::fs::read(&ledger).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&ledger, bytes).unwrap();
    let refused = site.get("/v1/audits", &token).await;
    assert_eq!(http_support::problem(refused).await, (500, "internal".to_owned()));
    site.stop().await;
}
