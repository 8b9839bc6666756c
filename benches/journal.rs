//! Records appended per second by 64 concurrent tasks through the journal's handle, beside a bare loop of the same run
//! that gathers, appends and syncs groups of as many bytes on the same disk. The rounds alternate and the medians are
//! compared, since disks have moods; and how fast a journal is verified.
//!
//! `cargo bench --bench journal`; `EVENHAND_BENCH_FOLDER` names a folder on the disk to measure.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use evenhand::domain::Actor;
use evenhand::journal::{
    Draft, Journal, JournalOptions, ProjectionError, Projector, Record, RecordKind, verify,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

const APPENDERS: usize = 64;
const ROUNDS: usize = 5;
const BODIES: [(usize, usize); 3] = [(300, 24_000), (4096, 12_000), (65_536, 2_000)];

struct NoViews;

impl Projector for NoViews {
    fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = Runtime::new().unwrap();
    println!("{APPENDERS} appenders, median of {ROUNDS} alternating rounds");
    for (body_bytes, records) in BODIES {
        let (mut journal, mut bare) = (Vec::new(), Vec::new());
        let mut record_bytes = 0;
        for _ in 0..ROUNDS {
            let folder = bench_folder();
            journal.push(through_the_journal(&runtime, folder.path(), body_bytes, records));
            record_bytes = verify(folder.path()).unwrap().bytes as usize / records;
            bare.push(bare_loop(&runtime, bench_folder().path(), record_bytes, records));
        }
        let (journal, bare) = (median(journal), median(bare));
        println!(
            "{body_bytes:>6} bytes of body ({record_bytes} on disk): journal {journal:>7.0} /s, bare {bare:>7.0} /s, \
             ratio {:.2}",
            journal / bare
        );
    }
    verifying(&runtime);
}

fn through_the_journal(runtime: &Runtime, folder: &Path, body_bytes: usize, records: usize) -> f64 {
    let journal = Journal::open(folder, JournalOptions::default()).unwrap();
    let journal = journal.start(Box::new(NoViews));
    let started = Instant::now();
    runtime.block_on(async {
        let appenders = (0..APPENDERS).map(|_| {
            let journal = journal.clone();
            tokio::spawn(async move {
                for _ in 0..records / APPENDERS {
                    let draft = Draft {
                        organisation: "walsall".parse().unwrap(),
                        kind: RecordKind::new("application_received"),
                        actor: Actor::System,
                        body: vec![0x55; body_bytes],
                    };
                    journal.append(draft).await.unwrap();
                }
            })
        });
        for appender in appenders.collect::<Vec<_>>() {
            appender.await.unwrap();
        }
    });
    let rate = rate(records, started);
    journal.shut_down_blocking();
    rate
}

/// What any group commit has to do: gather what waits, one write, one sync, answers.
fn bare_loop(runtime: &Runtime, folder: &Path, record_bytes: usize, records: usize) -> f64 {
    let mut file = File::create(folder.join("log")).unwrap();
    let (queue, mut waiting) = mpsc::channel::<(Vec<u8>, oneshot::Sender<()>)>(4096);
    let committing = std::thread::spawn(move || {
        let mut group = Vec::new();
        while waiting.blocking_recv_many(&mut group, 1024) > 0 {
            let bytes =
                group.iter().map(|(record, _)| record.as_slice()).collect::<Vec<_>>().concat();
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
            for (_, answer) in group.drain(..) {
                answer.send(()).unwrap();
            }
        }
    });
    let started = Instant::now();
    runtime.block_on(async {
        let appenders = (0..APPENDERS).map(|_| {
            let queue = queue.clone();
            tokio::spawn(async move {
                for _ in 0..records / APPENDERS {
                    let (answer, answered) = oneshot::channel();
                    queue.send((vec![0x55; record_bytes], answer)).await.unwrap();
                    answered.await.unwrap();
                }
            })
        });
        for appender in appenders.collect::<Vec<_>>() {
            appender.await.unwrap();
        }
    });
    let rate = rate(records, started);
    drop(queue);
    committing.join().unwrap();
    rate
}

fn verifying(runtime: &Runtime) {
    let folder = bench_folder();
    through_the_journal(runtime, folder.path(), 4096, 40_000);
    let started = Instant::now();
    let verified = verify(folder.path()).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "verify: {} records, {:.0} MB/s",
        verified.records,
        verified.bytes as f64 / 1e6 / seconds
    );
}

fn rate(records: usize, started: Instant) -> f64 {
    (records / APPENDERS * APPENDERS) as f64 / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn bench_folder() -> TempDir {
    match std::env::var_os("EVENHAND_BENCH_FOLDER") {
        Some(folder) => tempfile::tempdir_in(PathBuf::from(folder)).unwrap(),
        None => tempfile::tempdir().unwrap(),
    }
}
