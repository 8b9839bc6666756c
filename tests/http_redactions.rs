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
