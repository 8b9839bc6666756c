//! What an auditor waits for: reports over a council's year (200 vacancies, nine characteristics, all default
//! comparisons) from a running `evenhand serve`, asked over loopback on one connection that stays open.
//!
//! `cargo bench --bench served_reports` prints, form by form, the least, the middle and the ninetieth hundredth of
//! the times by the clock, and the processor time of the server for each report. `EVENHAND_RUNS` sets how often each
//! is asked for (60 unless given).

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/support/mod.rs"]
mod support;

mod council_year;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use council_year::year_as_table;
use support::Served;

/// Vacancies in a council's year.
const VACANCIES: u64 = 200;

/// What is asked for: the heading, and the address.
const ASKED: [(&str, &str); 8] = [
    ("JSON", "/v1/audits"),
    ("web page", "/v1/audits?format=html"),
    ("text", "/v1/audits?format=text"),
    ("CSV", "/v1/audits?format=csv"),
    ("workbook", "/v1/audits?format=xlsx"),
    ("PDF", "/v1/audits?format=pdf"),
    ("evidence, JSON", "/v1/evidence"),
    ("evidence, web page", "/v1/evidence?format=html"),
];

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runs = std::env::var("EVENHAND_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("evenhand.toml");
    let token = set_up(folder.path(), &config);
    let served = Served::start(&config);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measured(&served, &token, runs));
    assert!(served.terminate().success(), "the server ends as it should");
}

/// A council with its year, and the token of an auditor.
fn set_up(folder: &Path, config: &Path) -> String {
    let table = folder.join("year.csv");
    std::fs::write(&table, year_as_table(VACANCIES)).unwrap();
    let of_config = ["--config", config.to_str().unwrap()];
    run(&["init", "--organisation", "larchmere", "--name", "Larchmere", folder.to_str().unwrap()]);
    let source = ["import", "--new-source", "--source", "history", "--counts"];
    run(&[&source[..], &[table.to_str().unwrap()], &of_config].concat());
    let auditor = ["user", "add", "--role", "auditor", "--label", "Equality lead"];
    let said = run(&[&auditor[..], &of_config].concat());
    let token = said.split_whitespace().max_by_key(|word| word.len());
    token.expect("the command prints a token").to_owned()
}

/// What the program says on standard output.
fn run(arguments: &[&str]) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_evenhand")).args(arguments).output().unwrap();
    let problem = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{arguments:?}: {problem}");
    String::from_utf8(ended.stdout).unwrap()
}

/// Asks for each form again and again, and prints what it took.
async fn measured(served: &Served, token: &str, runs: usize) {
    let client = reqwest::Client::new();
    println!(
        "{:<20} {:>8} {:>8} {:>8} {:>10} {:>9}",
        "", "least", "median", "p90", "processor", "kB"
    );
    for (heading, address) in ASKED {
        let url = format!("http://{}{address}", served.address);
        let ask = async || {
            let answer = client.get(&url).bearer_auth(token).send().await.unwrap();
            assert!(answer.status().is_success(), "{url}: {}", answer.status());
            answer.bytes().await.unwrap().len()
        };
        // The first report of a row is remembered on disk; so is the first of each form that shows more than it.
        let size = ask().await;
        let processor = processor_time(served.child.id());
        let mut times = Vec::with_capacity(runs);
        for _ in 0..runs {
            let start = Instant::now();
            assert_eq!(ask().await, size, "{url}: the same counts give the same report");
            times.push(start.elapsed());
        }
        let processor =
            (processor_time(served.child.id()) - processor) / u32::try_from(runs).unwrap();
        times.sort();
        println!(
            "{heading:<20} {:>8} {:>8} {:>8} {:>10} {:>9}",
            in_ms(times[0]),
            in_ms(times[runs / 2]),
            in_ms(times[runs * 9 / 10]),
            in_ms(processor),
            size / 1000,
        );
    }
}

fn in_ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// Processor time of all threads of another process so far, from Linux's `/proc`; it counts in hundredths of a second.
fn processor_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name, which may hold blanks, ends with the last bracket; user and system time are fields 14 and 15.
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(10 * ticks)
}
