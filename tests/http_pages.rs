//! The pages as people use them: signing in, the panel's packs, the recruiter's forms, the auditor's report.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod document_support;
mod http_support;
mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use document_support::{Docx, p};
use evenhand::domain::Role;
use evenhand::workflow::redact_next;
use http_support::Site;
use reqwest::{Response, StatusCode};
use serde_json::Value;

/// What the council's applications hold that no panel member may see.
const IDENTIFYING: [&str; 6] = ["Gurpreet", "Sahdra", "example.com", "07700", "Indian", "Female"];

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn text(response: Response) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    response.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_leads_to_the_page_of_the_role_and_signing_out_ends_it() {
    let site = Site::start().await;
    for (role, home) in [
        (Role::Panel, Some("/panel")),
        (Role::Recruiter, Some("/vacancies")),
        (Role::Auditor, Some("/reports")),
        (Role::Admin, None),
    ] {
        let token = site.token(role).await;
        let signed_in = site.form("/sign-in", "", &format!("token=+{token}%20")).await;
        assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
        let cookie = header(&signed_in, "set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        assert!(cookie.starts_with(&format!("evenhand_session={token};")), "{cookie}");
        let start = site.page("/", &token).await;
        match home {
            Some(home) => assert_eq!(header(&start, "location"), home),
            None => assert_eq!(start.status(), StatusCode::OK),
        }
        let out = site.form("/sign-out", &token, "").await;
        assert!(header(&out, "set-cookie").contains("Max-Age=0"));
    }
    let wrong = site.form("/sign-in", "", "token=not-a-token").await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&wrong, "set-cookie"), "");
    let page = wrong.text().await.unwrap();
    assert!(page.contains("This token is not known") && !page.contains("not-a-token"), "{page}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_gets_the_page_to_sign_in() {
    let site = Site::start().await;
    for path in ["/panel", "/vacancies", "/reports"] {
        let response = site.request("GET", path, None).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(response.text().await.unwrap().contains("name=\"token\""), "{path}");
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_reads_packs_that_identify_nobody() {
    let site = Site::start().await;
    let token = site.token(Role::Panel).await;
    let vacancy = site.vacancy();
    let vacancies = text(site.page("/panel", &token).await).await;
    assert!(vacancies.contains("Housing Officer"), "{vacancies}");
    let list_path = format!("/panel/{vacancy}");
    let list = text(site.page(&list_path, &token).await).await;
    let again = text(site.page(&list_path, &token).await).await;
    assert_eq!(list, again, "the order is stable for a member");
    let mut seen = vec![vacancies, list.clone()];
    for (_, pseudonym) in site.applications() {
        let path = format!("/panel/{vacancy}/{pseudonym}");
        assert!(list.contains(&format!("href=\"{path}\"")), "{path} is not in the list");
        let pack = text(site.page(&path, &token).await).await;
        assert!(pack.contains("Why do you want this post?"), "{pack}");
        assert!(pack.contains("I answer calls and keep good notes."), "{pack}");
        seen.push(pack);
        let api = format!("/v1/vacancies/{vacancy}/packs/{pseudonym}");
        seen.push(text(site.get(&api, &token).await).await);
    }
    for page in seen {
        for word in IDENTIFYING {
            assert!(!page.contains(word), "{word} in {page}");
        }
        assert!(!page.contains("A-1") && !page.contains("A-2"), "references lead to people");
    }
    let unknown = site.page(&format!("/panel/{vacancy}/0000-0000-0"), &token).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_downloads_copies_that_identify_nobody() {
    let site = Site::start().await;
    let token = site.token(Role::Panel).await;
    let vacancy = site.vacancy();
    let (_, pseudonym) = site.applications()[0].clone();
    let page = text(site.page(&format!("/panel/{vacancy}/{pseudonym}"), &token).await).await;
    for format in ["pdf", "docx", "html", "txt"] {
        let path = format!("/panel/{vacancy}/{pseudonym}/copy?to={format}");
        let offered = page.contains(&format!("href=\"{path}\""));
        assert_eq!(offered, ["pdf", "docx"].contains(&format), "{path}");
        let api = format!("/v1/vacancies/{vacancy}/packs/{pseudonym}/copy?to={format}");
        let (page, api) = (site.page(&path, &token).await, site.get(&api, &token).await);
        let name = format!("attachment; filename=\"candidate-{pseudonym}.{format}\"");
        assert_eq!(header(&page, "content-disposition"), name);
        assert_eq!(header(&page, "evenhand-known-values-found"), "0");
        assert_ne!(header(&page, "evenhand-known-values"), "0", "nothing was searched for");
        let file = page.bytes().await.unwrap();
        assert_eq!(file, api.bytes().await.unwrap(), "{format}");
        let read = evenhand::document::read(&file, None);
        assert!(read.text.contains("I answer calls and keep good notes."), "{}", read.text);
        assert!(format == "txt" || read.text.contains(&pseudonym), "{}", read.text);
        for word in IDENTIFYING {
            assert!(!read.text.contains(word), "{word} in {format}");
            assert!(read.hidden.iter().all(|hidden| !hidden.text.contains(word)), "{word}");
        }
    }
    let unknown = site.page(&format!("/panel/{vacancy}/{pseudonym}/copy?to=exe"), &token).await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let other = site.token_for(Role::Panel, Default::default()).await;
    let refused = site.page(&format!("/panel/{vacancy}/{pseudonym}/copy"), &other).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_sees_what_was_checked_and_gets_a_word_document_with_its_layout() {
    let site = Site::start().await;
    let body = format!(
        "{}<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:sectPr><w:cols w:num=\"2\"/></w:sectPr>",
        p("Gurpreet Sahdra leads the duty desk at Riverside Council."),
        p("Call Gurpreet on 07700 900142.")
    );
    let cv = Docx::new(&body).file("docProps/core.xml", "<x><creator>Gurpreet</creator></x>");
    let mut event = support::application("V-1", "A-3");
    event["data"]["application"]["documents"] = serde_json::json!([{
        "file_name": "Gurpreet Sahdra CV.docx",
        "content": STANDARD.encode(cv.build()),
    }]);
    site.council.send(&site.app, event).await.unwrap();
    while redact_next(&site.app).await.unwrap().done > 0 {}
    let token = site.token(Role::Panel).await;
    let (vacancy, pseudonym) = (site.vacancy(), site.applications().pop().unwrap().1);
    let api = format!("/v1/vacancies/{vacancy}/packs/{pseudonym}");
    let pack: Value = site.get(&api, &token).await.json().await.unwrap();
    assert_eq!(pack["check"]["found"], 0, "{pack}");
    let known = pack["check"]["known"].as_u64().unwrap();
    assert!(known > 2 && pack["check"]["parts_checked"].as_u64().unwrap() > 2, "{pack}");
    let layouts: Vec<bool> = pack["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["layout"].as_bool().unwrap())
        .collect();
    assert_eq!(layouts, [false, true]);

    let page = text(site.page(&format!("/panel/{vacancy}/{pseudonym}"), &token).await).await;
    assert!(page.contains(&format!("0 of {known} known values found")), "{page}");
    assert!(page.contains("copy?part=2\"") && !page.contains("copy?part=1\""), "{page}");
    let copy = site.page(&format!("/panel/{vacancy}/{pseudonym}/copy?part=2"), &token).await;
    let name = format!("attachment; filename=\"candidate-{pseudonym}-2.docx\"");
    assert_eq!(header(&copy, "content-disposition"), name);
    assert_eq!(header(&copy, "evenhand-known-values-found"), "0");
    let file = copy.bytes().await.unwrap();
    let read = evenhand::document::read(&file, None);
    assert!(read.text.contains("leads the duty desk"), "{}", read.text);
    for part in evenhand::document::raw_parts(&file).unwrap() {
        for word in IDENTIFYING {
            assert!(!part.text.contains(word), "{word} in {}", part.text);
        }
    }
    for missing in ["1", "9", "x"] {
        let none = site.get(&format!("{api}/copy?part={missing}"), &token).await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND, "{missing}");
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recruiter_moves_candidates_one_by_one_and_together() {
    let site = Site::start().await;
    let token = site.token(Role::Recruiter).await;
    let base = format!("/vacancies/{}", site.vacancy());
    let ids: Vec<String> = site.applications().into_iter().map(|(id, _)| id).collect();
    let list = text(site.page(&base, &token).await).await;
    for id in &ids {
        assert!(list.contains(&format!("{base}/{id}")), "{id}");
    }
    assert!(!list.contains("Longlisted"), "the vacancy does not use that stage");
    assert!(IDENTIFYING.iter().all(|word| !list.contains(word)), "{list}");

    let one = format!("{base}/{}", ids[0]);
    let moved = site.form(&format!("{one}/stage"), &token, "stage=shortlisted").await;
    assert_eq!(header(&moved, "location"), format!("{one}?done=stage"));
    let page = text(site.page(&format!("{one}?done=stage"), &token).await).await;
    assert!(page.contains("is now at stage Shortlisted"), "{page}");
    let refused = site.form(&format!("{one}/stage"), &token, "stage=appointed").await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(refused.text().await.unwrap().contains("There is a problem"));
    for form in ["stage=", "stage=Nonsense%21", ""] {
        let refused = site.form(&format!("{one}/stage"), &token, form).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{form}");
    }

    let both = format!("stage=unsuccessful&application={}&application={}", ids[0], ids[1]);
    let moved = text(site.form(&format!("{base}/stage"), &token, &both).await).await;
    assert!(moved.contains("2 candidates were moved to Unsuccessful."), "{moved}");
    let too_far = both.replace("unsuccessful", "appointed");
    let again = site.form(&format!("{base}/stage"), &token, &too_far).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.unwrap().contains("2 candidates were not moved:"));
    let nobody = site.form(&format!("{base}/stage"), &token, "stage=shortlisted").await;
    assert!(nobody.text().await.unwrap().contains("Choose at least one candidate."));

    let filtered = text(site.page(&format!("{base}?show=unsuccessful"), &token).await).await;
    assert!(filtered.contains("Unsuccessful (2)"), "{filtered}");
    let empty = text(site.page(&format!("{base}?show=offered"), &token).await).await;
    assert!(empty.contains("No application is at this stage."), "{empty}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_is_shown_with_a_reason_and_at_the_right_stage_only() {
    let site = Site::start().await;
    let token = site.token(Role::Recruiter).await;
    let (application, _) = site.applications()[0].clone();
    let one = format!("/vacancies/{}/{application}", site.vacancy());
    let ask = async |reason: &str| {
        site.form(&format!("{one}/disclosure"), &token, &format!("reason={reason}")).await
    };
    let early = ask("invitation+to+interview").await;
    assert_eq!(early.status(), StatusCode::CONFLICT);
    assert!(!early.text().await.unwrap().contains("Sahdra"));
    site.form(&format!("{one}/stage"), &token, "stage=shortlisted").await;
    let short = ask("because").await;
    assert_eq!(short.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!short.text().await.unwrap().contains("Sahdra"));
    let told = ask("invitation+to+interview").await;
    assert_eq!(header(&told, "cache-control"), "no-store");
    let page = text(told).await;
    for expected in ["Family name", "Sahdra", "07700 900142", "This disclosure was recorded"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let api = site
        .post(
            &format!("/v1/applications/{application}/disclosure"),
            &token,
            serde_json::json!({ "reason": "invitation to interview" }),
        )
        .await;
    let api: Value = api.json().await.unwrap();
    assert_eq!(api["identity"]["family_name"][0], "Sahdra");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_candidate_is_erased_only_when_that_is_confirmed() {
    let site = Site::start().await;
    let token = site.token(Role::Recruiter).await;
    let (application, pseudonym) = site.applications()[0].clone();
    let one = format!("/vacancies/{}/{application}", site.vacancy());
    let erase = format!("{one}/erasure");
    let unconfirmed = site.form(&erase, &token, "reason=request+of+the+candidate").await;
    assert_eq!(unconfirmed.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unconfirmed.text().await.unwrap().contains("Tick the box"));
    let confirmed = "confirm=yes&reason=request+of+the+candidate";
    let erased = site.form(&erase, &token, confirmed).await;
    assert_eq!(erased.status(), StatusCode::SEE_OTHER);
    let page = text(site.page(&format!("{one}?done=erasure"), &token).await).await;
    assert!(page.contains("was erased") && !page.contains("Show the identity"), "{page}");
    let panel = site.token(Role::Panel).await;
    let pack = site.page(&format!("/panel/{}/{pseudonym}", site.vacancy()), &panel).await;
    assert!(pack.status().is_client_error(), "{}", pack.status());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_gets_the_report_in_six_forms_and_nobody_in_it() {
    let site = Site::start().await;
    let token = site.token(Role::Auditor).await;
    let choices = text(site.page("/reports", &token).await).await;
    assert!(choices.contains("Housing Officer") && choices.contains("Ethnic group"), "{choices}");
    for (format, media_type) in [
        ("html", "text/html; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("text", "text/plain; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("pdf", "application/pdf"),
    ] {
        for path in [
            format!("/reports/audit?vacancy=&format={format}"),
            format!("/v1/audits?format={format}"),
        ] {
            let response = site.get(&path, &token).await;
            assert_eq!(header(&response, "content-type"), media_type, "{path}");
            let report = response.bytes().await.unwrap();
            let starts = match format {
                "xlsx" => &b"PK"[..],
                "pdf" => b"%PDF-",
                _ => b"",
            };
            assert!(!report.is_empty() && report.starts_with(starts), "{path}");
            let report = String::from_utf8_lossy(&report);
            for word in ["Gurpreet", "Sahdra", "example.com"] {
                assert!(!report.contains(word), "{path}: {word}");
            }
        }
    }
    for (query, status, code) in [
        ("minimum=ten", 400, "bad_parameter"),
        ("from=yesterday", 400, "bad_parameter"),
        ("format=docx", 400, "bad_parameter"),
        ("charactristic=sex", 400, "unknown_parameter"),
        ("policy=none-such", 422, "bad_filter"),
        ("family=none", 404, "unknown_vacancy"),
    ] {
        let response = site.get(&format!("/v1/audits?{query}"), &token).await;
        assert_eq!(http_support::problem(response).await, (status, code.to_owned()), "{query}");
    }
    let none = site.page("/reports/audit?family=none&format=html", &token).await;
    assert_eq!(none.status(), StatusCode::NOT_FOUND);
    assert!(none.text().await.unwrap().contains("No vacancy fits what was chosen."));
    site.stop().await;
}

/// No script, nothing from elsewhere, and what a screen reader needs.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_works_without_scripts_and_for_everybody() {
    let site = Site::start().await;
    let (application, pseudonym) = site.applications()[0].clone();
    let vacancy = site.vacancy();
    for (role, path) in [
        (Role::Panel, "/sign-in".to_owned()),
        (Role::Panel, "/panel".to_owned()),
        (Role::Panel, format!("/panel/{vacancy}")),
        (Role::Panel, format!("/panel/{vacancy}/{pseudonym}")),
        (Role::Recruiter, "/vacancies".to_owned()),
        (Role::Recruiter, format!("/vacancies/{vacancy}")),
        (Role::Recruiter, format!("/vacancies/{vacancy}/{application}")),
        (Role::Auditor, "/reports".to_owned()),
        (Role::Admin, "/".to_owned()),
    ] {
        let token = site.token(role).await;
        let page = text(site.page(&path, &token).await).await;
        for wanted in ["<html lang=\"en\">", "<title>", "href=\"#main\"", "id=\"main\"", "<h1"] {
            assert!(page.contains(wanted), "{path}: {wanted}");
        }
        for unwanted in ["<script", "http://", "https://", " style=", "onclick", "javascript:"] {
            assert!(!page.contains(unwanted), "{path}: {unwanted}");
        }
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        let fields = page.matches("<input").count()
            + page.matches("<select").count()
            + page.matches("<textarea").count();
        let labels =
            page.matches("<label").count() + page.matches("aria-label=\"Choose candidate").count();
        assert_eq!(fields, labels, "{path}: every field has a label");
        assert_eq!(page.matches("<table").count(), page.matches("<caption").count(), "{path}");
    }
    site.stop().await;
}
