//! What the journal does when the disk is full, writes short, does not sync, or is slow: nothing that was acknowledged
//! is lost, and nobody is told that a record is kept when it is not.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::{env, io, process};

use evenhand::domain::Actor;
use evenhand::journal::{
    AppendError, Committed, Disk, DiskFile, Draft, Journal, JournalError, JournalHandle,
    JournalOptions, JournalState, ProjectionError, Projector, RealDisk, Record, RecordKind,
    segments, verify,
};
use proptest::prelude::*;

/// A disk with so many bytes left, that can be told not to sync or not to write.
#[derive(Clone, Default)]
struct FaultyDisk(Arc<Faults>);

#[derive(Default)]
struct Faults {
    space: AtomicI64,
    sync_fails: AtomicBool,
    write_fails: AtomicBool,
    shorten_fails: AtomicBool,
}

struct FaultyFile {
    file: Box<dyn DiskFile>,
    faults: Arc<Faults>,
}

fn full() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

impl FaultyDisk {
    fn with_space(bytes: i64) -> Self {
        let disk = Self::default();
        disk.0.space.store(bytes, Ordering::SeqCst);
        disk
    }

    fn file(&self, file: io::Result<Box<dyn DiskFile>>) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(FaultyFile { file: file?, faults: Arc::clone(&self.0) }))
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        if self.0.space.load(Ordering::SeqCst) <= 0 {
            return Err(full());
        }
        // The head is less than a sector and is overwritten in place, so it takes no more space.
        if path.ends_with("head") {
            RealDisk.create(path)
        } else {
            self.file(RealDisk.create(path))
        }
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        if path.ends_with("head") { RealDisk.open(path) } else { self.file(RealDisk.open(path)) }
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
}

impl DiskFile for FaultyFile {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        if self.faults.write_fails.load(Ordering::SeqCst) {
            return Err(io::Error::other("the cable is out"));
        }
        let space = self.faults.space.load(Ordering::SeqCst).max(0) as usize;
        let taken = bytes.len().min(space);
        self.faults.space.fetch_sub(taken as i64, Ordering::SeqCst);
        match self.file.write_at(&bytes[..taken], offset)? {
            0 if !bytes.is_empty() => Err(full()),
            written => Ok(written),
        }
    }
    fn sync_data(&mut self) -> io::Result<()> {
        if self.faults.sync_fails.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk does not answer"));
        }
        Ok(())
    }
    fn set_len(&mut self, length: u64) -> io::Result<()> {
        if self.faults.shorten_fails.load(Ordering::SeqCst) {
            return Err(full());
        }
        self.file.set_len(length)
    }
}

#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<Record>>>);

impl Projector for Shown {
    fn project(&mut self, records: &[Record]) -> Result<(), ProjectionError> {
        self.0.lock().unwrap().extend_from_slice(records);
        Ok(())
    }
}

fn draft(body: Vec<u8>) -> Draft {
    Draft {
        organisation: "walsall".parse().unwrap(),
        kind: RecordKind::new("noted"),
        actor: Actor::System,
        body,
    }
}

fn options(disk: &FaultyDisk) -> JournalOptions {
    JournalOptions {
        segment_bytes: 4000,
        disk: Arc::new(disk.clone()),
        ..JournalOptions::default()
    }
}

fn start(folder: &Path, disk: &FaultyDisk) -> (JournalHandle, Shown) {
    let shown = Shown::default();
    let journal = Journal::open(folder, options(disk)).unwrap();
    (journal.start(Box::new(shown.clone())), shown)
}

/// The journal holds exactly what was acknowledged, whole, also after a restart.
fn check(folder: &Path, acknowledged: &[(Committed, Vec<u8>)]) {
    assert_eq!(verify(folder).unwrap().records, acknowledged.len() as u64);
    let journal = Journal::open(folder, JournalOptions::default()).unwrap();
    assert_eq!(journal.recovered(), None);
    let records: Vec<Record> = journal.replay(None).unwrap().map(Result::unwrap).collect();
    let found: Vec<_> = records.iter().map(|r| (r.position, r.hash, &r.body)).collect();
    let expected: Vec<_> = acknowledged.iter().map(|(c, b)| (c.position, c.hash, b)).collect();
    assert_eq!(found, expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_disk_that_fills_up_at_any_byte_loses_nothing_acknowledged_and_recovers(
        space in 1000..20_000i64,
        sizes in proptest::collection::vec(0..3000usize, 1..30),
        refill in 5000..100_000i64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::with_space(space);
        let (journal, shown) = start(folder.path(), &disk);
        let mut acknowledged = Vec::new();
        for (number, size) in sizes.iter().enumerate() {
            let body = vec![number as u8 | 1; *size];
            match journal.append_blocking(draft(body.clone())) {
                Ok(committed) => {
                    prop_assert_eq!(journal.state(), JournalState::Running);
                    acknowledged.push((committed, body));
                }
                Err(error) => {
                    prop_assert_eq!(error, AppendError::NoSpace);
                    prop_assert_eq!(journal.state(), JournalState::NoSpace);
                    prop_assert_eq!(verify(folder.path()).unwrap().records, acknowledged.len() as u64);
                    if number % 3 == 0 {
                        disk.0.space.fetch_add(refill, Ordering::SeqCst);
                    }
                }
            }
        }
        disk.0.space.store(1 << 20, Ordering::SeqCst);
        let last = journal.append_blocking(draft(b"again".to_vec())).unwrap();
        prop_assert_eq!(journal.state(), JournalState::Running);
        acknowledged.push((last, b"again".to_vec()));
        journal.shut_down_blocking();
        prop_assert_eq!(shown.0.lock().unwrap().len(), acknowledged.len());
        check(folder.path(), &acknowledged);
    }
}

#[test]
fn a_kill_right_after_the_disk_was_full_leaves_only_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::with_space(1500);
    let (journal, _) = start(folder.path(), &disk);
    let first = journal.append_blocking(draft(vec![1; 500])).unwrap();
    // What did not fit cannot even be taken back.
    disk.0.shorten_fails.store(true, Ordering::SeqCst);
    assert_eq!(journal.append_blocking(draft(vec![2; 2000])), Err(AppendError::NoSpace));
    assert_eq!(journal.append_blocking(draft(vec![3; 10])), Err(AppendError::NoSpace));
    let copied = tempfile::tempdir().unwrap();
    for name in ["head", "segment-0000000001.journal"] {
        std::fs::copy(folder.path().join(name), copied.path().join(name)).unwrap();
    }
    let unconfirmed = verify(copied.path()).unwrap().unconfirmed_bytes;
    assert!(unconfirmed > 0);
    let reopened = Journal::open(copied.path(), JournalOptions::default()).unwrap();
    assert_eq!(reopened.last_sequence(), 1);
    assert_eq!(reopened.recovered().unwrap().bytes, unconfirmed);
    assert_eq!(reopened.recovered().unwrap().confirmed_lost, 0);
    // And if there is space again before a restart, the journal goes on by itself.
    disk.0.shorten_fails.store(false, Ordering::SeqCst);
    disk.0.space.store(10_000, Ordering::SeqCst);
    let second = journal.append_blocking(draft(vec![4; 10])).unwrap();
    journal.shut_down_blocking();
    check(folder.path(), &[(first, vec![1; 500]), (second, vec![4; 10])]);
}

#[test]
fn a_failed_sync_stops_the_journal_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::with_space(1 << 20);
    let (journal, shown) = start(folder.path(), &disk);
    journal.append_blocking(draft(b"kept".to_vec())).unwrap();
    disk.0.sync_fails.store(true, Ordering::SeqCst);
    let refused = journal.append_blocking(draft(b"unknown".to_vec()));
    assert!(matches!(refused, Err(AppendError::Stopped(reason)) if reason.contains("sync")));
    // It is not tried again, even if it would work.
    disk.0.sync_fails.store(false, Ordering::SeqCst);
    assert!(matches!(
        journal.append_blocking(draft(b"later".to_vec())),
        Err(AppendError::Stopped(_))
    ));
    assert!(matches!(journal.state(), JournalState::Stopped(_)));
    assert_eq!(shown.0.lock().unwrap().len(), 1, "nothing unsynced reached the views");
    journal.shut_down_blocking();
    let reopened = Journal::open(folder.path(), JournalOptions::default()).unwrap();
    assert!(reopened.last_sequence() >= 1);
}

#[test]
fn a_write_that_fails_otherwise_stops_the_journal_and_a_restart_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::with_space(1 << 20);
    let (journal, _) = start(folder.path(), &disk);
    journal.append_blocking(draft(b"kept".to_vec())).unwrap();
    disk.0.write_fails.store(true, Ordering::SeqCst);
    let refused = journal.append_blocking(draft(b"lost".to_vec()));
    assert!(matches!(refused, Err(AppendError::Stopped(reason)) if reason.contains("cable")));
    journal.shut_down_blocking();
    let reopened = Journal::open(folder.path(), JournalOptions::default()).unwrap();
    assert_eq!(reopened.last_sequence(), 1);
}

/// Holds the committing thread until it is let go.
struct Holding(Receiver<()>);

impl Projector for Holding {
    fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
        let _ = self.0.recv();
        Ok(())
    }
}

#[tokio::test]
async fn a_full_queue_answers_busy_and_what_waited_is_written() {
    for (queue_length, queue_bytes) in [(3, 1 << 20), (1000, 600)] {
        let folder = tempfile::tempdir().unwrap();
        let (release, held) = channel();
        let options = JournalOptions { queue_length, queue_bytes, ..JournalOptions::default() };
        let journal = Journal::open(folder.path(), options).unwrap();
        let journal = journal.start(Box::new(Holding(held)));
        let first = tokio::spawn({
            let journal = journal.clone();
            async move { journal.append(draft(vec![0; 50])).await }
        });
        while journal.last_sequence() == 0 {
            tokio::task::yield_now().await;
        }
        let waiting: Vec<_> = (0..3)
            .map(|number| {
                let journal = journal.clone();
                tokio::spawn(async move { journal.append(draft(vec![number; 50])).await })
            })
            .collect();
        // Each runs up to where it waits for its answer.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(journal.append(draft(vec![9; 50])).await, Err(AppendError::Busy));
        drop(release);
        assert!(first.await.unwrap().is_ok());
        for append in waiting {
            assert!(append.await.unwrap().is_ok());
        }
        journal.shut_down().await;
        assert_eq!(verify(folder.path()).unwrap().records, 4);
    }
}

#[test]
fn blocking_appenders_wait_for_a_place_in_the_queue() {
    let folder = tempfile::tempdir().unwrap();
    let options = JournalOptions { queue_length: 1, ..JournalOptions::default() };
    let journal = Journal::open(folder.path(), options).unwrap().start(Box::new(Shown::default()));
    std::thread::scope(|scope| {
        for sender in 0..16u8 {
            let journal = journal.clone();
            scope.spawn(move || {
                for number in 0..10u8 {
                    journal.append_blocking(draft(vec![sender, number])).unwrap();
                }
            });
        }
    });
    journal.shut_down_blocking();
    assert_eq!(verify(folder.path()).unwrap().records, 160);
}

#[test]
fn a_journal_in_use_can_be_verified_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let options = JournalOptions { segment_bytes: 3000, ..JournalOptions::default() };
    let journal = Journal::open(folder.path(), options).unwrap().start(Box::new(Shown::default()));
    std::thread::scope(|scope| {
        let appending = journal.clone();
        let appender = scope.spawn(move || {
            for number in 0..400u32 {
                let body = number.to_be_bytes().repeat(1 + number as usize % 40);
                appending.append_blocking(draft(body)).unwrap();
            }
        });
        let mut seen = 0;
        while !appender.is_finished() {
            let before = journal.last_sequence();
            let verified = verify(folder.path()).unwrap();
            assert!(verified.records >= before && verified.records >= seen);
            seen = verified.records;
            let copied = tempfile::tempdir().unwrap();
            let copy = evenhand::journal::copy(folder.path(), &copied.path().join("j")).unwrap();
            assert!(copy.records >= before);
        }
    });
    journal.shut_down_blocking();
    assert_eq!(verify(folder.path()).unwrap().records, 400);
    assert!(segments(folder.path()).unwrap().len() > 5);
}

const FOLDER: &str = "EVENHAND_TEST_LOCKED_FOLDER";

/// Run as a test of its own this does nothing; the next test runs it in a second process.
#[test]
fn second_process() {
    if let Ok(folder) = env::var(FOLDER) {
        let opened = Journal::open(Path::new(&folder), JournalOptions::default());
        assert!(matches!(opened, Err(JournalError::Locked { .. })));
        println!("the second process was refused");
    }
}

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), JournalOptions::default()).unwrap();
    let output = process::Command::new(env::current_exe().unwrap())
        .args(["--exact", "second_process", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("was refused"), "{said}");
    drop(journal);
}
