//! Signed deliveries over HTTP: right, wrong, replayed, late, rotated, malformed, and how each is answered.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod http_support;
mod support;

use evenhand::domain::Role;
use evenhand::intake::sign;
use http_support::{Site, problem, signed};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::{SOURCE, application, signer, stage, vacancy_opened};

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_delivery_is_taken_and_the_same_one_answered_as_before() {
    let site = Site::start().await;
    let body = application("V-1", "A-3").to_string().into_bytes();
    let first = site.deliver_signed("own_x", body.clone()).await;
    assert_eq!(first.status(), 200);
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["result"], "applied");
    let again: Value = site.deliver_signed("own_x", body).await.json().await.unwrap();
    assert_eq!(first, again);
    assert_eq!(site.applications().len(), 3);

    let ping = site.deliver_signed("own_p", b"{\"type\": \"ping\"}".to_vec()).await;
    assert_eq!(ping.status(), 200);

    let early = site.deliver_signed("own_y", stage("A-9", "shortlisted").to_string().into()).await;
    assert_eq!(early.status(), 202);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_sign_properly_is_refused() {
    let site = Site::start().await;
    let body = vacancy_opened("V-2").to_string().into_bytes();
    let good = signed(&site.council, "own_1", &body);
    let with = |name: &str, value: &str| -> Vec<(String, String)> {
        let value =
            |old: &String, other: &str| if other == name { value.into() } else { old.clone() };
        good.iter().map(|(other, old)| (other.clone(), value(old, other))).collect()
    };
    let without = |name: &str| -> Vec<(String, String)> {
        good.iter().filter(|(other, _)| other != name).cloned().collect()
    };
    let (scheme, secret) = signer(&site.council.secret);
    let at = |seconds: i64| -> Vec<(String, String)> {
        let at = Timestamp::now() + SignedDuration::from_secs(seconds);
        let headers = sign(&scheme, &secret, "own_1", at, &body);
        let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
        headers.iter().map(|(name, value)| (name.to_owned(), text(value))).collect()
    };
    let other_body = vacancy_opened("V-3").to_string().into_bytes();
    for (source, headers, sent, code) in [
        (SOURCE, vec![], &body, "signature_header_missing"),
        (SOURCE, without("webhook-id"), &body, "signature_header_missing"),
        (SOURCE, without("webhook-timestamp"), &body, "signature_header_missing"),
        (SOURCE, without("webhook-signature"), &body, "signature_header_missing"),
        (SOURCE, with("webhook-timestamp", "soon"), &body, "signature_header_malformed"),
        (SOURCE, with("webhook-signature", "v1,abc"), &body, "signature_header_malformed"),
        (SOURCE, with("webhook-id", "own_2"), &body, "signature_wrong"),
        (SOURCE, good.clone(), &other_body, "signature_wrong"),
        (SOURCE, at(-301), &body, "delivery_too_old"),
        (SOURCE, at(302), &body, "delivery_too_new"),
        ("nobody", good.clone(), &body, "signature_wrong"),
        ("NOT%20a%20source", good.clone(), &body, "signature_wrong"),
    ] {
        let response = site.deliver(source, &headers, sent.clone()).await;
        assert_eq!(problem(response).await, (401, code.to_owned()), "{source} {headers:?}");
    }
    assert_eq!(site.deliver(SOURCE, &good, body).await.status(), 200);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_source_and_a_wrong_secret_are_answered_alike() {
    let site = Site::start().await;
    let body = vacancy_opened("V-2").to_string().into_bytes();
    let (scheme, _) = signer(&site.council.secret);
    let other = evenhand::intake::Secret::from_random([9; 32]);
    let headers = sign(&scheme, &other, "own_1", Timestamp::now(), &body);
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
    let nothing = vec![];
    let odd = vec![("webhook-id".to_owned(), "1".to_owned())];
    for headers in [&headers, &nothing, &odd] {
        let known = site.deliver(SOURCE, headers, body.clone()).await;
        let unknown = site.deliver("another", headers, body.clone()).await;
        assert_eq!(known.status(), unknown.status());
        assert_eq!(known.text().await.unwrap(), unknown.text().await.unwrap());
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_map_is_refused_with_its_path() {
    let site = Site::start().await;
    for (id, body, status, code, path) in [
        ("1", "not json", 400, "not_json", Value::Null),
        ("2", "", 400, "not_json", Value::Null),
        ("3", "{\"type\": \"vacancy.opened\", ", 400, "not_json", Value::Null),
        ("4", "{\"type\": \"vacancy.opened\"}", 422, "field_missing", json!("/data/vacancy/id")),
        ("5", "{\"type\": \"something.else\"}", 422, "unknown_event", json!("/type")),
        (
            "6",
            "{\"type\": \"application.stage_changed\", \"data\": {\"application\": {\"id\": 1}, \"stage\": \"Zebedee\"}}",
            422,
            "unknown_stage",
            json!("/data/stage"),
        ),
    ] {
        let response = site.deliver_signed(id, body.as_bytes().to_vec()).await;
        assert_eq!(response.status(), status, "{body}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!((&answer["code"], &answer["path"]), (&json!(code), &path), "{body}");
        assert!(!answer.to_string().contains("Zebedee"), "{answer}");
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_delivery_may_be_sent_again_under_its_id() {
    let site = Site::start().await;
    let refused = site.deliver_signed("own_1", b"{}".to_vec()).await;
    assert_eq!(refused.status(), 422);
    let mended = site.deliver_signed("own_1", vacancy_opened("V-2").to_string().into()).await;
    assert_eq!(mended.status(), 200);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_changed_without_losing_a_delivery() {
    let site = Site::start().await;
    let admin = site.token(Role::Admin).await;
    let new: Value = site
        .post(&format!("/v1/sources/{SOURCE}/secrets"), &admin, json!(null))
        .await
        .json()
        .await
        .unwrap();
    let (scheme, new) = signer(new["secret"].as_str().unwrap());
    let old = signer(&site.council.secret).1;
    let send = async |id: &str, secret: &evenhand::intake::Secret| {
        let body = vacancy_opened(id).to_string().into_bytes();
        let headers = sign(&scheme, secret, id, Timestamp::now(), &body);
        let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
        site.deliver(SOURCE, &headers, body).await.status().as_u16()
    };
    assert_eq!((send("r-1", &old).await, send("r-2", &new).await), (200, 200));
    let path = format!("/v1/sources/{SOURCE}/secrets/old");
    let dropped = site.request("DELETE", &path, Some(&admin)).send().await.unwrap();
    assert_eq!(dropped.status(), 200);
    assert_eq!((send("r-3", &old).await, send("r-4", &new).await), (401, 200));
    site.stop().await;
}
