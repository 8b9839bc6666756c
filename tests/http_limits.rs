//! Limits: what is too large, too much at once, too slow, and how the server ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod http_support;
mod support;

// The body of a test runs on a thread of its own, so plain blocking connections hold nothing up.
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use evenhand::domain::Role;
use evenhand::http::HttpSettings;
use http_support::{Site, problem, signed};
use serde_json::{Value, json};
use support::{SOURCE, vacancy_opened};

const KIBIBYTE: usize = 1024;

/// What a server says to bytes on a connection, until it closes it or has answered once.
fn say(site: &Site, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(site.address).unwrap();
    stream.write_all(bytes).unwrap();
    heard(&mut stream)
}

fn heard(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        answer.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&answer);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            length.is_some_and(|length| body.len() >= length.parse().unwrap())
        });
        if count == 0 || whole {
            return text.into_owned();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_413_and_one_at_the_limit_is_read() {
    let settings = HttpSettings { max_body_bytes: 64 * KIBIBYTE, ..HttpSettings::default() };
    let site = Site::start_with(settings).await;
    for (size, status, code) in [
        (64 * KIBIBYTE, 400, "not_json"),
        (64 * KIBIBYTE + 1, 413, "too_large"),
        (200 * KIBIBYTE, 413, "too_large"),
    ] {
        let response = site.deliver_signed("own_1", vec![b' '; size]).await;
        assert_eq!(problem(response).await, (status, code.to_owned()), "{size} bytes");
    }
    let token = site.token(Role::Recruiter).await;
    let long = json!({ "text": "x".repeat(65 * KIBIBYTE) });
    assert_eq!(problem(site.post("/v1/redactions", &token, long).await).await.0, 413);
    let admin = site.token(Role::Admin).await;
    let long = json!({ "label": "x".repeat(300 * KIBIBYTE), "role": "panel" });
    assert_eq!(problem(site.post("/v1/users", &admin, long).await).await.0, 413);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_unknown_length_is_cut_off_at_the_limit() {
    let settings = HttpSettings { max_body_bytes: 4 * KIBIBYTE, ..HttpSettings::default() };
    let site = Site::start_with(settings).await;
    let mut request = format!(
        "POST /v1/sources/{SOURCE}/deliveries HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    for _ in 0..6 {
        request.push_str(&format!("400\r\n{}\r\n", " ".repeat(KIBIBYTE)));
    }
    request.push_str("0\r\n\r\n");
    let answer = say(&site, request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_asks_first_hears_at_once_that_it_is_too_large() {
    let site = Site::start().await;
    let request = format!(
        "POST /v1/sources/{SOURCE}/deliveries HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999\r\n\
         expect: 100-continue\r\n\r\n"
    );
    let answer = say(&site, request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_places_are_taken_the_next_is_told_to_come_back() {
    let settings = HttpSettings { max_concurrent_requests: 1, ..HttpSettings::default() };
    let site = Site::start_with(settings).await;
    let body = vacancy_opened("V-2").to_string().into_bytes();
    // A request whose body does not come holds the only place.
    let mut slow = TcpStream::connect(site.address).unwrap();
    let head = signed(&site.council, "own_slow", &body)
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect::<String>();
    let head = format!(
        "POST /v1/sources/{SOURCE}/deliveries HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\nexpect: 100-continue\r\n{head}\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    let mut asked = [0; 25];
    slow.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");

    let refused = site.deliver_signed("own_2", body.clone()).await;
    let wait = refused.headers().get("retry-after").unwrap().to_str().unwrap().to_owned();
    assert!(wait.parse::<u32>().unwrap() >= 1);
    assert_eq!(problem(refused).await, (503, "too_busy".to_owned()));
    let alive = site.request("GET", "/health/ready", None).send().await.unwrap();
    assert_eq!(alive.status(), 200, "health is answered all the same");

    slow.write_all(&body).unwrap();
    assert!(heard(&mut slow).starts_with("HTTP/1.1 200 "));
    assert_eq!(site.deliver_signed("own_2", body).await.status(), 200);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_for_bodies_is_counted_as_they_grow_and_given_back() {
    let settings = HttpSettings {
        max_body_bytes: 8 * KIBIBYTE,
        max_body_memory_bytes: 8 * KIBIBYTE,
        ..HttpSettings::default()
    };
    let site = Site::start_with(settings).await;
    let body = vacancy_opened("V-2").to_string().into_bytes();
    let mut slow = TcpStream::connect(site.address).unwrap();
    let head = format!(
        "POST /v1/sources/{SOURCE}/deliveries HTTP/1.1\r\nhost: a\r\ncontent-length: 8192\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).unwrap();
    slow.write_all(&[b' '; 8191]).unwrap();
    // From when the server has read so far, there is no room for another body.
    let refused = loop {
        let response = site.deliver_signed("own_2", body.clone()).await;
        if response.status() != 200 {
            break response;
        }
    };
    assert_eq!(problem(refused).await, (503, "too_busy".to_owned()));
    slow.write_all(b" ").unwrap();
    assert!(heard(&mut slow).starts_with("HTTP/1.1 401 "));
    assert_eq!(site.deliver_signed("own_2", body).await.status(), 200);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_too_slow_is_let_go() {
    let settings = HttpSettings {
        request_timeout: Duration::from_millis(200),
        header_timeout: Duration::from_millis(200),
        ..HttpSettings::default()
    };
    let site = Site::start_with(settings).await;
    let unfinished_body = format!(
        "POST /v1/sources/{SOURCE}/deliveries HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc"
    );
    let answer = say(&site, unfinished_body.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("timed_out"), "{answer}");
    assert!(answer.contains("retry-after: "), "{answer}");
    let answer = say(&site, b"GET /health/live HTTP/1.1\r\nhos");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_end_requests_in_flight_are_answered_and_no_others_begun() {
    let site = Site::start().await;
    let body = vacancy_opened("V-2").to_string().into_bytes();
    let head = signed(&site.council, "own_last", &body)
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect::<String>();
    let mut last = TcpStream::connect(site.address).unwrap();
    let head = format!(
        "POST /v1/sources/{SOURCE}/deliveries HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\nexpect: 100-continue\r\n{head}\r\n",
        body.len()
    );
    last.write_all(head.as_bytes()).unwrap();
    let mut asked = [0; 25];
    last.read_exact(&mut asked).unwrap();
    // An idle connection must not keep the server.
    let idle = TcpStream::connect(site.address).unwrap();

    let address = site.address;
    let stopping = tokio::spawn(site.stop());
    while TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
    last.write_all(&body).unwrap();
    let answer = heard(&mut last);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    stopping.await.unwrap();
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_keeps_browsers_from_doing_more_with_it() {
    let site = Site::start().await;
    let recruiter = site.token(Role::Recruiter).await;
    for path in ["/v1/vacancies", "/vacancies", "/nothing", "/v1/nothing", "/health/live"] {
        let response = site.get(path, &recruiter).await;
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(!header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
    let ready: Value =
        site.request("GET", "/health/ready", None).send().await.unwrap().json().await.unwrap();
    assert_eq!(ready["ready"], json!(true));
    site.stop().await;
}
