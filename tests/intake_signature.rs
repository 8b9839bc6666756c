//! Signatures of deliveries: the published example of Standard Webhooks, rotation, the window, and other schemes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use evenhand::intake::{DeliveryHeaders, Secret, SignatureError, sign, verify};
use evenhand::rulebook::{RuleFile, Rulebook, SecretForm, SignatureScheme, SourceMapping};
use jiff::{SignedDuration, Timestamp};

const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const SIGNED_AT: &str = "1614265330";

fn standard() -> SignatureScheme {
    Rulebook::built_in().unwrap().source("standard").unwrap().scheme().clone()
}

fn talentloop() -> SignatureScheme {
    let file = RuleFile {
        path: "sources/talentloop.toml",
        text: include_str!("fixtures/sources/talentloop.toml"),
    };
    let rules = Rulebook::built_in().unwrap();
    SourceMapping::from_file(&file, rules.recruitment(), rules.characteristics()).unwrap().signature
}

fn at(seconds_later: i64) -> Timestamp {
    Timestamp::from_second(SIGNED_AT.parse().unwrap()).unwrap()
        + SignedDuration::from_secs(seconds_later)
}

fn headers(id: &str, timestamp: &str, signature: &str) -> DeliveryHeaders {
    DeliveryHeaders::new([
        ("Webhook-Id", id),
        ("Webhook-Timestamp", timestamp),
        ("Webhook-Signature", signature),
    ])
}

fn checked(headers: &DeliveryHeaders, body: &[u8], now: Timestamp) -> Result<String, &'static str> {
    let secrets = [SECRET.parse::<Secret>().unwrap()];
    verify(&standard(), &secrets, headers, body, now)
        .map(|id| id.to_string())
        .map_err(|error| error.code())
}

#[test]
fn the_published_example_verifies() {
    assert_eq!(checked(&headers(ID, SIGNED_AT, SIGNATURE), BODY, at(0)), Ok(ID.to_owned()));
}

#[test]
fn our_own_signature_of_the_published_example_is_the_published_one() {
    let signed = sign(&standard(), &SECRET.parse().unwrap(), ID, at(0), BODY);
    let signature = signed.iter().find(|(name, _)| *name == "webhook-signature").unwrap().1;
    assert_eq!(signature, SIGNATURE.as_bytes());
}

#[test]
fn a_delivery_counts_for_five_minutes_either_way() {
    for (seconds_later, expected) in [
        (0, Ok(ID.to_owned())),
        (300, Ok(ID.to_owned())),
        (301, Err("delivery_too_old")),
        (86_400, Err("delivery_too_old")),
        (-300, Ok(ID.to_owned())),
        (-301, Err("delivery_too_new")),
    ] {
        let now = at(seconds_later);
        let result = checked(&headers(ID, SIGNED_AT, SIGNATURE), BODY, now);
        assert_eq!(result, expected, "{seconds_later} s later");
    }
}

#[test]
fn one_fitting_signature_among_several_is_enough() {
    let other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    let unpadded = SIGNATURE.trim_end_matches('=');
    for (list, accepted) in [
        (format!("{other} {SIGNATURE}"), true),
        (format!("{SIGNATURE} {other}"), true),
        (format!("v2,whatever v1a,whatever {other} {SIGNATURE}"), true),
        (format!("  {SIGNATURE}  "), true),
        (unpadded.to_owned(), true),
        (other.to_owned(), false),
        (format!("{other} {other}"), false),
        (SIGNATURE.replace("v1,", "v2,"), false),
        (SIGNATURE.replace("v1,", ""), false),
        (SIGNATURE.replace(' ', ","), true),
        (format!("{SIGNATURE},{other}"), false),
    ] {
        let result = checked(&headers(ID, SIGNED_AT, &list), BODY, at(0));
        assert_eq!(result.is_ok(), accepted, "{list}: {result:?}");
    }
}

#[test]
fn a_signature_repeated_over_two_header_lines_is_read_as_one_list() {
    let other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    let twice = DeliveryHeaders::new([
        ("webhook-id", ID),
        ("webhook-timestamp", SIGNED_AT),
        ("webhook-signature", other),
        ("webhook-signature", SIGNATURE),
    ]);
    assert_eq!(checked(&twice, BODY, at(0)), Ok(ID.to_owned()));
}

#[test]
fn while_a_secret_is_changed_the_old_and_the_new_both_count() {
    let (old, new) = (SECRET.parse::<Secret>().unwrap(), Secret::from_random([3; 32]));
    let scheme = standard();
    for (signer, secrets, accepted) in [
        (&old, vec![new.clone(), old.clone()], true),
        (&new, vec![new.clone(), old.clone()], true),
        (&old, vec![new.clone()], false),
        (&old, vec![], false),
    ] {
        let signed = sign(&scheme, signer, ID, at(0), BODY);
        let result = verify(&scheme, &secrets, &signed, BODY, at(0));
        assert_eq!(result.is_ok(), accepted);
        if !accepted {
            assert_eq!(result, Err(SignatureError::WrongSignature));
        }
    }
}

#[test]
fn whatever_is_signed_cannot_be_changed() {
    for (id, timestamp, body) in [
        ("msg_other", SIGNED_AT, BODY),
        (ID, "1614265331", BODY),
        (ID, SIGNED_AT, &br#"{"test": 2432232315}"#[..]),
        (ID, SIGNED_AT, &br#"{"test":2432232314}"#[..]),
        (ID, SIGNED_AT, &b""[..]),
    ] {
        let result = checked(&headers(id, timestamp, SIGNATURE), body, at(0));
        assert_eq!(result, Err("signature_wrong"), "{id} {timestamp}");
    }
}

#[test]
fn a_header_that_is_missing_or_odd_is_named() {
    let all =
        [("webhook-id", ID), ("webhook-timestamp", SIGNED_AT), ("webhook-signature", SIGNATURE)];
    for (name, _) in all {
        let left = DeliveryHeaders::new(all.into_iter().filter(|(other, _)| *other != name));
        let error = verify(&standard(), &[], &left, BODY, at(0)).unwrap_err();
        assert_eq!(error, SignatureError::Missing { header: name.to_owned() });
    }
    for (name, value) in [
        ("webhook-timestamp", "yesterday"),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "-1614265330"),
        ("webhook-timestamp", "+1614265330"),
        ("webhook-timestamp", "1614265330.5"),
        ("webhook-timestamp", "99999999999999999999999"),
        ("webhook-id", ""),
        ("webhook-id", "two words"),
        ("webhook-id", &"x".repeat(257)),
        ("webhook-signature", ""),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,Zm9v"),
        ("webhook-signature", "v1,not base64 at all"),
    ] {
        let changed = all.map(|(other, old)| (other, if other == name { value } else { old }));
        let headers = DeliveryHeaders::new(changed);
        let error = verify(&standard(), &[], &headers, BODY, at(0)).unwrap_err();
        assert_eq!(error.code(), "signature_header_malformed", "{name}: {value:?}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn an_id_or_a_time_given_twice_is_refused() {
    let twice = DeliveryHeaders::new([
        ("webhook-id", ID),
        ("webhook-id", "msg_other"),
        ("webhook-timestamp", SIGNED_AT),
        ("webhook-signature", SIGNATURE),
    ]);
    assert_eq!(checked(&twice, BODY, at(0)), Err("signature_header_malformed"));
}

#[test]
fn a_scheme_of_another_shape_needs_only_its_file() {
    let scheme = talentloop();
    let secret = Secret::parse("a secret that the vendor chose", SecretForm::Text).unwrap();
    let signed = sign(&scheme, &secret, "not sent", at(0), BODY);
    let names: Vec<&str> = signed.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["x-talentloop-sent", "x-talentloop-signature"]);
    let signature = String::from_utf8(signed.iter().last().unwrap().1.to_vec()).unwrap();
    assert_eq!(signature.strip_prefix("sha256=").map(str::len), Some(64));

    let capitals = DeliveryHeaders::new([
        ("x-talentloop-sent", SIGNED_AT.to_owned()),
        ("x-talentloop-signature", format!("sha256={}", signature[7..].to_uppercase())),
    ]);
    let secrets = [secret];
    for headers in [&signed, &capitals] {
        let id = verify(&scheme, &secrets, headers, BODY, at(600)).unwrap();
        assert!(id.as_str().starts_with("sha256:"), "the body's hash stands for the id: {id}");
    }
    let late = verify(&scheme, &secrets, &signed, BODY, at(601));
    assert_eq!(late, Err(SignatureError::TooOld { tolerance_s: 600 }));
}

#[test]
fn neither_errors_nor_debug_show_what_was_sent() {
    let headers = headers("secret-id", "secret-time", "v1,secret-signature");
    let error = verify(&standard(), &[], &headers, BODY, at(0)).unwrap_err();
    for shown in [format!("{headers:?}"), format!("{error:?}"), error.to_string()] {
        assert!(!shown.contains("secret-"), "{shown}");
    }
}
