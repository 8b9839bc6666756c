//! Accepted signed deliveries per second with 64 senders over HTTP on loopback, beside two baselines of the same
//! run: a bare loop that appends and syncs groups of as large records on the same disk, and an axum handler that
//! reads the body and does nothing. Senders, server and disk share the machine, so only the ratios mean anything.
//!
//! `cargo bench --bench deliveries`; `EVENHAND_BENCH_FOLDER` names a folder on the disk to measure.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use evenhand::http::{self, HttpSettings};
use support::{Council, SOURCE, application, signer, vacancy_opened};
use tokio::net::TcpListener;

const SENDERS: usize = 64;
const DELIVERIES: usize = 6_000;

struct Request {
    headers: Vec<(String, Vec<u8>)>,
    body: String,
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (accepted, record_bytes) = runtime.block_on(evenhand());
    let nothing = runtime.block_on(handler_that_does_nothing());
    let bare = bare_group_commit(record_bytes);
    println!(
        "deliveries accepted        {accepted:>9.0} /s  ({SENDERS} senders, {record_bytes} bytes a record)"
    );
    println!("axum doing nothing         {nothing:>9.0} /s  ratio {:.2}", accepted / nothing);
    println!("bare append and fdatasync  {bare:>9.0} /s  ratio {:.2}", accepted / bare);
}

/// Applications with signatures, made before the clock starts.
fn requests(secret: &str) -> Vec<Request> {
    let (scheme, secret) = signer(secret);
    (0..DELIVERIES)
        .map(|number| {
            let body = application("V-1", &format!("A-{number}")).to_string();
            let id = format!("msg_{number}");
            let now = jiff::Timestamp::now();
            let headers = evenhand::intake::sign(&scheme, &secret, &id, now, body.as_bytes());
            let headers =
                headers.iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
            Request { headers, body }
        })
        .collect()
}

/// The whole program. Answers deliveries a second, and journal bytes a delivery.
async fn evenhand() -> (f64, usize) {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, vacancy_opened("V-1")).await.unwrap();
    let journal = council.data().join("journal");
    let before = bytes_in(&journal);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(http::serve(
        listener,
        Arc::clone(&app),
        HttpSettings::default(),
        async move { drop(stopped.await) },
    ));
    let rate = send(address, requests(&council.secret)).await;
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    app.shut_down().await;
    (rate, (bytes_in(&journal) - before) / DELIVERIES)
}

async fn handler_that_does_nothing() -> f64 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let route = format!("/v1/sources/{SOURCE}/deliveries");
    let router = axum::Router::new().route(&route, axum::routing::post(|_: String| async { "{}" }));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let secret = evenhand::vault::new_webhook_secret().unwrap();
    let rate = send(address, requests(&secret)).await;
    server.abort();
    rate
}

/// Sends everything with 64 senders at once and answers how many were accepted a second.
async fn send(address: SocketAddr, requests: Vec<Request>) -> f64 {
    let url = format!("http://{address}/v1/sources/{SOURCE}/deliveries");
    let client = reqwest::Client::new();
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (url, client) = (url.clone(), client.clone());
            let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
            tokio::spawn(async move {
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut call = client.post(&url).body(request.body.clone());
                    for (name, value) in &request.headers {
                        call = call.header(name, value.as_slice());
                    }
                    let answer = call.send().await.unwrap();
                    assert!(answer.status().is_success(), "{}", answer.status());
                    answer.bytes().await.unwrap();
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    DELIVERIES as f64 / started.elapsed().as_secs_f64()
}

/// 64 threads hand records to one that appends what has gathered, syncs once, and answers all.
fn bare_group_commit(record_bytes: usize) -> f64 {
    let folder = bench_folder();
    let mut file = File::create(folder.path().join("log")).unwrap();
    let (queue, records) = mpsc::sync_channel::<(Vec<u8>, mpsc::SyncSender<()>)>(4096);
    let committing = std::thread::spawn(move || {
        while let Ok(first) = records.recv() {
            let mut group = vec![first];
            group.extend(records.try_iter());
            let bytes: Vec<u8> = group.iter().flat_map(|(record, _)| record.clone()).collect();
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
            for (_, answer) in group {
                answer.send(()).unwrap();
            }
        }
    });
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            let queue = queue.clone();
            scope.spawn(move || {
                for _ in 0..DELIVERIES / SENDERS {
                    let (answer, answered) = mpsc::sync_channel(1);
                    queue.send((vec![0x55; record_bytes], answer)).unwrap();
                    answered.recv_timeout(Duration::from_secs(60)).unwrap();
                }
            });
        }
    });
    let rate = (DELIVERIES / SENDERS * SENDERS) as f64 / started.elapsed().as_secs_f64();
    drop(queue);
    committing.join().unwrap();
    rate
}

fn bench_folder() -> tempfile::TempDir {
    match std::env::var_os("EVENHAND_BENCH_FOLDER") {
        Some(folder) => tempfile::tempdir_in(PathBuf::from(folder)).unwrap(),
        None => tempfile::tempdir().unwrap(),
    }
}

fn bytes_in(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len() as usize)
        .sum()
}
