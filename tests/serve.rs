//! From `init` to a stopped server, as an operator does it.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use evenhand::journal;
use serde_json::{Value, json};
use support::Served;

fn init(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .arg("init")
        .arg(folder)
        .args(["--organisation", "larchmere", "--name", "Larchmere Council"])
        .output()
        .unwrap()
}

fn token_in(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.split_whitespace().find(|word| word.starts_with("eh_")).unwrap().to_owned()
}

#[test]
fn init_makes_a_private_key_file_apart_from_the_data_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("council");
    let made = init(&place);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mode = std::fs::metadata(place.join("evenhand.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(place.join("data").is_dir());
    let config = std::fs::read_to_string(place.join("evenhand.toml")).unwrap();
    let key = std::fs::read(place.join("evenhand.key")).unwrap();

    let again = init(&place);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("overwrites nothing"));
    assert_eq!(std::fs::read_to_string(place.join("evenhand.toml")).unwrap(), config);
    assert_eq!(std::fs::read(place.join("evenhand.key")).unwrap(), key);

    // A key file that others may read is refused at start.
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.join("evenhand.key"), open).unwrap();
    let refused = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(place.join("evenhand.toml"))
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("chmod 600"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_sets_up_the_rest_and_sigterm_ends_the_server_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("council");
    let admin = token_in(&init(&place));
    let served = Served::start(&place.join("evenhand.toml"));
    let base = format!("http://{}", served.address);
    let client = reqwest::Client::new();
    for path in ["/health/live", "/health/ready"] {
        let answer = client.get(format!("{base}{path}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    let post = |path: &str, body: Value| {
        client.post(format!("{base}{path}")).bearer_auth(&admin).json(&body).send()
    };
    let source: Value = post("/v1/sources", json!({ "id": "jobs", "mapping": "standard" }))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let secret = source["secret"].as_str().unwrap();
    let user = post("/v1/users", json!({ "label": "HR desk", "role": "recruiter" })).await.unwrap();
    assert_eq!(user.status(), 201);

    let body = support::application("V-1", "A-1").to_string();
    let (scheme, secret) = support::signer(secret);
    let now = jiff::Timestamp::now();
    let headers = evenhand::intake::sign(&scheme, &secret, "msg_1", now, body.as_bytes());
    let mut request = client.post(format!("{base}/v1/sources/jobs/deliveries")).body(body);
    for (name, value) in headers.iter() {
        request = request.header(name, value);
    }
    assert_eq!(request.send().await.unwrap().status(), 200);

    assert!(served.terminate().success());
    let verified = journal::verify(&place.join("data/journal")).unwrap();
    assert!(verified.records >= 5, "{} records", verified.records);
    assert!(verified.end_is_confirmed);
}
