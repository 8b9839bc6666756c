//! Redaction alone over HTTP: the contract of the JSON lines, for recruiters and sending systems.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod http_support;
mod support;

use evenhand::domain::Role;
use http_support::{Site, problem};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_text_comes_back_without_the_identity_and_with_its_spans() {
    let site = Site::start().await;
    let text = "Annwyl banel, my name is Zoë Prosser. Ring 07700 900142.";
    let request = json!({
        "id": "t-1",
        "text": text,
        "identity": { "given_names": "Zoë", "family_name": "Prosser", "phone": ["07700 900142"] },
        "something_else": 1,
    });
    for role in [Role::Recruiter, Role::Ats] {
        let token = site.token(role).await;
        let response = site.post("/v1/redactions", &token, request.clone()).await;
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["id"], "t-1");
        assert_eq!(answer["released"], true);
        let redacted = answer["redacted"].as_str().unwrap();
        for word in ["Zoë", "Prosser", "900142"] {
            assert!(!redacted.contains(word), "{redacted}");
        }
        let characters: Vec<char> = text.chars().collect();
        let covered: Vec<String> = answer["spans"]
            .as_array()
            .unwrap()
            .iter()
            .map(|span| {
                let place = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
                characters[place("start")..place("end")].iter().collect()
            })
            .collect();
        assert!(covered.iter().any(|words| words == "07700 900142"), "{covered:?}");
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_refused_with_its_path_and_without_its_words() {
    let site = Site::start().await;
    let token = site.token(Role::Ats).await;
    for (body, status, code, path) in [
        (json!({}), 422, "wrong_type", ""),
        (json!({ "text": ["Zebedee"] }), 422, "wrong_type", "/text"),
        (json!({ "text": "x", "allow": "Zebedee" }), 422, "wrong_type", "/allow"),
        (
            json!({ "text": "x", "identity": { "phone": { "home": "Zebedee" } } }),
            422,
            "wrong_type",
            "/identity",
        ),
    ] {
        let response = site.post("/v1/redactions", &token, body.clone()).await;
        assert_eq!(response.status(), status, "{body}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["code"], code, "{answer}");
        assert!(answer["path"].as_str().unwrap().starts_with(path), "{answer}");
        assert!(!answer.to_string().contains("Zebedee"), "{answer}");
    }
    let broken = site.request("POST", "/v1/redactions", Some(&token)).body("{\"text\":").send();
    assert_eq!(problem(broken.await.unwrap()).await, (400, "not_json".to_owned()));
    site.stop().await;
}

/// A form of these parts: name, what else its header says, bytes.
fn form(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, more, bytes) in parts {
        let head =
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--frontier--\r\n");
    body
}

async fn send(site: &Site, token: &str, body: Vec<u8>) -> reqwest::Response {
    site.request("POST", "/v1/redactions", Some(token))
        .header("content-type", "multipart/form-data; boundary=frontier")
        .body(body)
        .send()
        .await
        .unwrap()
}

const CV: &[u8] =
    "Zoë Prosser\nRing 07700 900142.\n\nPROFILE\n\nI led the duty team, and Zoë's rota was kept.\n"
        .as_bytes();
const IDENTITY: &[u8] =
    r#"{"given_names": "Zoë", "family_name": "Prosser", "phone": "07700 900142"}"#.as_bytes();

#[tokio::test(flavor = "multi_thread")]
async fn a_document_comes_back_as_a_clean_copy_in_each_format_with_its_proof() {
    let site = Site::start().await;
    let token = site.token(Role::Ats).await;
    let file = "; filename=\"Zoe Prosser.txt\"\r\nContent-Type: text/plain";
    for (to, kind, start) in [
        ("pdf", "application/pdf", &b"%PDF-"[..]),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE"),
        ("txt", "text/plain; charset=utf-8", b"[NAME]"),
    ] {
        let parts = [("document", file, CV), ("identity", "", IDENTITY), ("to", "", to.as_bytes())];
        let answer = send(&site, &token, form(&parts)).await;
        assert_eq!(answer.status(), 200, "{to}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), kind);
        assert_eq!(
            header("content-disposition"),
            format!("attachment; filename=\"application.{to}\"")
        );
        assert_eq!(header("evenhand-known-values-found"), "0");
        assert!(header("evenhand-known-values").parse::<usize>().unwrap() >= 3);
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.starts_with(start), "{to}");
        let read = evenhand::document::read(&bytes, None).text;
        assert!(read.contains("duty team"), "{to}: {read}");
        for word in ["Zoë", "Prosser", "900142"] {
            assert!(!read.contains(word), "{to}: {read}");
        }
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_read_is_withheld_with_the_reason() {
    let site = Site::start().await;
    let token = site.token(Role::Recruiter).await;
    let answer = send(&site, &token, form(&[("document", "", b"%PDF-1.7")])).await;
    assert_eq!(answer.status(), 422);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(
        (answer["code"].as_str(), answer["path"].as_str()),
        (Some("withheld"), Some("/document"))
    );
    assert!(answer["detail"].as_str().unwrap().contains("ask the applicant"), "{answer}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_asks_for_something_else_is_refused_by_its_part() {
    let site = Site::start().await;
    let token = site.token(Role::Ats).await;
    let document = ("document", "", CV);
    for (parts, status, code) in [
        (vec![], 422, "document_missing"),
        (vec![("to", "", &b"pdf"[..])], 422, "document_missing"),
        (vec![document, document], 422, "part_twice"),
        (vec![document, ("Zebedee", "", b"x")], 422, "unknown_part"),
        (vec![document, ("to", "", b"xlsx")], 422, "unknown_format"),
        (vec![document, ("identity", "", b"{\"phone\": {\"x\": \"Zebedee\"}}")], 422, "wrong_type"),
        (vec![document, ("identity", "", b"{")], 400, "not_json"),
        (vec![document, ("allow", "", b"\xff")], 422, "wrong_type"),
    ] {
        let answer = send(&site, &token, form(&parts)).await;
        let shown = format!("{parts:?}");
        assert_eq!(answer.status(), status, "{shown}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(&format!("\"code\":\"{code}\"")), "{shown}: {text}");
        assert!(!text.contains("Zebedee"), "{text}");
    }
    let cut = form(&[document]);
    let answer = send(&site, &token, cut[..cut.len() - 6].to_vec()).await;
    assert_eq!(problem(answer).await, (400, "not_a_form".to_owned()));
    site.stop().await;
}
