//! Who may see what, tried from the router's own list of routes: every route with every role, with none, with a
//! revoked token, and from another organisation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod http_support;
mod support;

use std::collections::BTreeSet;

use evenhand::domain::Role;
use evenhand::http::{Access, RouteInfo, routes};
use evenhand::workflow::{add_user, authenticate, create_organisation, operator, revoke_user};
use http_support::{Site, is_refusal, problem};
use reqwest::StatusCode;
use serde_json::json;

/// The route's address with identifiers of the site in it.
fn address(site: &Site, route: &RouteInfo) -> String {
    let (application, pseudonym) = site.applications()[0].clone();
    route
        .path
        .replace("{source}", support::SOURCE)
        .replace("{vacancy}", site.vacancy().as_str())
        .replace("{application}", &application)
        .replace("{pseudonym}", &pseudonym)
        // Nobody: so that trying the table revokes no token that the table is tried with.
        .replace("{user}", "0000000000000000")
}

fn allowed(route: &RouteInfo) -> &'static [Role] {
    match route.access {
        Access::Roles(roles) => roles,
        Access::Public | Access::Signature => &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_lets_its_roles_in_and_nobody_else() {
    let site = Site::start().await;
    let mut tokens = Vec::new();
    for role in Role::ALL {
        tokens.push((role, site.token(role).await));
    }
    let mut tried = 0;
    for route in routes() {
        let path = address(&site, &route);
        let send = async |token: Option<&str>| {
            site.request(route.method, &path, token).send().await.unwrap().status()
        };
        let Access::Roles(roles) = route.access else {
            let wanted = if route.access == Access::Signature { 401 } else { 200 };
            if route.method == "GET" || route.access == Access::Signature {
                let status = send(None).await;
                let redirected = route.path == "/" && status == StatusCode::SEE_OTHER;
                assert!(status.as_u16() == wanted || redirected, "{route:?}: {status}");
            }
            continue;
        };
        for token in [None, Some(""), Some("not-a-token"), Some("evh_0000000000000000")] {
            assert_eq!(send(token).await, StatusCode::UNAUTHORIZED, "{route:?} with {token:?}");
        }
        for (role, token) in &tokens {
            let status = send(Some(token)).await;
            if roles.contains(role) {
                assert!(!is_refusal(status), "{route:?} refuses {role}: {status}");
                assert!(status != StatusCode::INTERNAL_SERVER_ERROR, "{route:?} fails");
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN, "{route:?} as {role}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 150, "the list of routes is not the router's: {tried} tried");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_opens_pages_and_not_the_interface_for_programs() {
    let site = Site::start().await;
    for route in routes() {
        let Some(role) = allowed(&route).first() else { continue };
        if route.method != "GET" {
            continue;
        }
        let token = site.token(*role).await;
        let status = site.page(&address(&site, &route), &token).await.status();
        if route.path.starts_with("/v1/") {
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{route:?}");
        } else {
            assert!(!is_refusal(status), "{route:?}: {status}");
        }
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_does_nothing() {
    let site = Site::start().await;
    let token = site.token(Role::Recruiter).await;
    let (application, _) = site.applications()[0].clone();
    let path = format!("/vacancies/{}/{application}/stage", site.vacancy());
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://example.com"),
        ("origin", "null"),
    ] {
        let response = site
            .request("POST", &path, None)
            .header("cookie", format!("evenhand_session={token}"))
            .header(name, value)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("stage=shortlisted")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(response.text().await.unwrap().contains("other_site"));
    }
    let moved = site.form(&path, &token, "stage=shortlisted").await;
    assert_eq!(moved.status(), StatusCode::SEE_OTHER);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_opens_nothing() {
    let site = Site::start().await;
    for role in Role::ALL {
        let token = site.token(role).await;
        let user = authenticate(&site.app, &token).unwrap().unwrap().user;
        revoke_user(&site.app, &site.council.admin(), &user).await.unwrap();
        for route in routes() {
            if allowed(&route).contains(&role) {
                let path = address(&site, &route);
                let response =
                    site.request(route.method, &path, Some(&token)).send().await.unwrap();
                assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{route:?} as {role}");
            }
        }
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_member_who_is_not_assigned_sees_no_pack() {
    let site = Site::start().await;
    let token = site.token_for(Role::Panel, BTreeSet::new()).await;
    let listed: serde_json::Value = site.get("/v1/packs", &token).await.json().await.unwrap();
    assert_eq!(listed, json!({ "vacancies": [] }));
    let mut tried = 0;
    for route in routes() {
        let names_a_vacancy = route.path.contains("{vacancy}");
        if allowed(&route) == [Role::Panel].as_slice() && names_a_vacancy {
            let response = site.get(&address(&site, &route), &token).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{route:?}");
            assert!(response.text().await.unwrap().contains("not_assigned"), "{route:?}");
            tried += 1;
        }
    }
    assert_eq!(tried, 6);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_finds_nothing_of_ours() {
    let site = Site::start().await;
    let other: evenhand::domain::OrganisationId = "thornby".parse().unwrap();
    create_organisation(&site.app, other.clone(), "Thornby Council", 10).await.unwrap();
    for role in Role::ALL {
        let admin = operator(other.clone());
        let new = add_user(&site.app, &admin, "somebody", role, BTreeSet::new()).await.unwrap();
        let token = new.token.to_string();
        for route in routes() {
            if !allowed(&route).contains(&role) || !route.path.contains('{') {
                continue;
            }
            let path = address(&site, &route);
            let body = match route.path.rsplit('/').next().unwrap() {
                "stage" => json!({ "stage": "shortlisted" }),
                "disclosure" | "erasure" => json!({ "reason": "to see whether it can be done" }),
                "vacancies" => json!({ "vacancies": [] }),
                _ => json!({}),
            };
            let mut request = site.request(route.method, &path, Some(&token));
            if route.path.starts_with("/v1/") && route.method != "GET" {
                request = request.json(&body);
            } else if route.method == "POST" {
                let form = "stage=shortlisted&confirm=yes&reason=to+see+whether+it+can+be+done";
                request =
                    request.header("content-type", "application/x-www-form-urlencoded").body(form);
            }
            let response = request.send().await.unwrap();
            let status = response.status();
            let hidden = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&status);
            assert!(hidden, "{route:?} as {role}: {status}");
            let text = response.text().await.unwrap();
            assert!(!text.contains("Housing Officer"), "{route:?} as {role}: {text}");
        }
        for path in
            ["/v1/vacancies", "/v1/packs", "/v1/users", "/v1/sources", "/vacancies", "/panel"]
        {
            let text = site.get(path, &token).await.text().await.unwrap();
            assert!(
                !text.contains("Housing Officer") && !text.contains("larchmere"),
                "{path}: {text}"
            );
        }
    }
    let (application, _) = site.applications()[0].clone();
    let unmoved = site
        .get(
            &format!("/v1/vacancies/{}/applications", site.vacancy()),
            &site.token(Role::Recruiter).await,
        )
        .await;
    let unmoved: serde_json::Value = unmoved.json().await.unwrap();
    let row = unmoved["applications"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == json!(application))
        .unwrap();
    assert_eq!((&row["stage"], &row["status"]), (&json!("received"), &json!("held")));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_in_one_form() {
    let site = Site::start().await;
    let recruiter = site.token(Role::Recruiter).await;
    for (method, path, status, code) in [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/vacancies/NOT-AN-ID", 404, "not_found"),
        ("GET", "/v1/vacancies/0000000000000000", 404, "unknown_vacancy"),
        ("GET", "/v1/vacancies/%FF%FE", 404, "not_found"),
        ("DELETE", "/v1/vacancies", 405, "method_not_allowed"),
        ("GET", "/v1/redactions", 405, "method_not_allowed"),
        ("PATCH", "/health/live", 405, "method_not_allowed"),
    ] {
        let response = site.request(method, path, Some(&recruiter)).send().await.unwrap();
        if status == 405 {
            assert!(response.headers().contains_key("allow"), "{method} {path}");
        }
        assert_eq!(problem(response).await, (status, code.to_owned()), "{method} {path}");
    }
    for path in ["/nothing", "/vacancies/0000000000000000", "/vacancies/x/y"] {
        let response = site.page(path, &recruiter).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let page = response.text().await.unwrap();
        assert!(
            page.starts_with("<!DOCTYPE html>") && page.contains("There is no such page"),
            "{page}"
        );
    }
    site.stop().await;
}
