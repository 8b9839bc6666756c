//! The journal from outside: what is appended is there, in order, after any number of starts; one process at a time.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::sync::{Arc, Mutex};

use evenhand::domain::Actor;
use evenhand::journal::{
    AppendError, Draft, Flaw, Journal, JournalError, JournalHandle, JournalOptions, JournalState,
    ProjectionError, Projector, Record, RecordKind, verify,
};

/// Keeps what it is shown.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<Record>>>);

impl Projector for Shown {
    fn project(&mut self, records: &[Record]) -> Result<(), ProjectionError> {
        self.0.lock().unwrap().extend_from_slice(records);
        Ok(())
    }
}

fn draft(body: impl Into<Vec<u8>>) -> Draft {
    Draft {
        organisation: "walsall".parse().unwrap(),
        kind: RecordKind::new("noted"),
        actor: Actor::System,
        body: body.into(),
    }
}

fn small_segments() -> JournalOptions {
    JournalOptions { segment_bytes: 2000, ..JournalOptions::default() }
}

fn start(folder: &Path, options: JournalOptions) -> (JournalHandle, Shown) {
    let shown = Shown::default();
    let journal = Journal::open(folder, options).unwrap();
    for record in journal.replay(None).unwrap() {
        shown.0.lock().unwrap().push(record.unwrap());
    }
    (journal.start(Box::new(shown.clone())), shown)
}

#[test]
fn what_is_appended_is_read_back_after_restarts_over_several_segments() {
    let folder = tempfile::tempdir().unwrap();
    let mut positions = Vec::new();
    for round in 0..4u8 {
        let (journal, shown) = start(folder.path(), small_segments());
        assert_eq!(shown.0.lock().unwrap().len(), positions.len());
        for number in 0..10u8 {
            let body = vec![round * 10 + number; 300];
            let committed = journal.append_blocking(draft(body.clone())).unwrap();
            positions.push(committed.position);
            assert_eq!(committed.position.sequence, positions.len() as u64);
            assert_eq!(journal.read(committed.position).unwrap().body, body);
        }
        journal.shut_down_blocking();
    }
    let verified = verify(folder.path()).unwrap();
    assert_eq!(verified.records, 40);
    assert!(verified.segments > 5, "{verified:?}");
    let (journal, shown) = start(folder.path(), small_segments());
    let shown = shown.0.lock().unwrap();
    assert_eq!(shown.iter().map(|record| record.position).collect::<Vec<_>>(), positions);
    assert_eq!(shown.last().unwrap().hash, verified.last_hash);
    for after in 0..=40u64 {
        let rest: Vec<_> = journal.replay(Some(after)).unwrap().map(Result::unwrap).collect();
        assert_eq!(rest, shown[after as usize..]);
    }
}

#[test]
fn a_second_open_of_the_same_folder_is_refused_until_the_first_shuts_down() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = start(folder.path(), JournalOptions::default());
    let second = Journal::open(folder.path(), JournalOptions::default());
    assert!(matches!(second, Err(JournalError::Locked { .. })));
    journal.shut_down_blocking();
    assert!(Journal::open(folder.path(), JournalOptions::default()).is_ok());
}

#[test]
fn dropping_the_last_handle_writes_what_waits_and_releases_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = start(folder.path(), JournalOptions::default());
    let clone = journal.clone();
    drop(journal);
    clone.append_blocking(draft("kept")).unwrap();
    drop(clone);
    let reopened = loop {
        match Journal::open(folder.path(), JournalOptions::default()) {
            Ok(journal) => break journal,
            Err(JournalError::Locked { .. }) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(reopened.last_sequence(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_appenders_share_one_chain_and_are_answered_after_projection() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, shown) =
        start(folder.path(), JournalOptions { segment_bytes: 20_000, ..JournalOptions::default() });
    let tasks: Vec<_> = (0..32u8)
        .map(|sender| {
            let (journal, shown) = (journal.clone(), shown.clone());
            tokio::spawn(async move {
                let mut last = 0;
                for number in 0..20u8 {
                    let committed = journal.append(draft([sender, number])).await.unwrap();
                    assert!(committed.position.sequence > last);
                    last = committed.position.sequence;
                    let shown = shown.0.lock().unwrap();
                    let record = &shown[last as usize - 1];
                    assert_eq!(
                        (record.hash, &record.body[..]),
                        (committed.hash, &[sender, number][..])
                    );
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    journal.shut_down().await;
    let shown = shown.0.lock().unwrap();
    let mut previous = [0; 32];
    for (index, record) in shown.iter().enumerate() {
        assert_eq!(record.position.sequence, index as u64 + 1);
        assert_eq!(record.previous, previous);
        previous = record.hash;
    }
    assert_eq!(verify(folder.path()).unwrap().records, 32 * 20);
}

#[test]
fn appends_after_a_shutdown_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = start(folder.path(), JournalOptions::default());
    journal.shut_down_blocking();
    journal.shut_down_blocking();
    assert_eq!(
        journal.append_blocking(draft("late")),
        Err(AppendError::Stopped("it was shut down".to_owned()))
    );
    assert!(matches!(journal.state(), JournalState::Stopped(_)));
}

#[test]
fn a_record_over_the_limit_is_refused_and_one_at_the_limit_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let options = JournalOptions { max_record_bytes: 1000, ..JournalOptions::default() };
    let (journal, _) = start(folder.path(), options);
    let overhead = 1000
        - (0..1000)
            .rev()
            .find(|size| journal.append_blocking(draft(vec![1; *size])).is_ok())
            .unwrap();
    let refused = journal.append_blocking(draft(vec![1; 1001 - overhead]));
    assert_eq!(refused, Err(AppendError::TooLarge { bytes: 1001, limit: 1000 }));
    let taken = journal.append_blocking(draft(vec![1; 1000 - overhead])).unwrap();
    assert_eq!(journal.read(taken.position).unwrap().body.len(), 1000 - overhead);
}

#[test]
fn a_failed_projection_stops_the_journal_and_keeps_the_record() {
    struct Failing;
    impl Projector for Failing {
        fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
            Err(ProjectionError("the store is broken".to_owned()))
        }
    }
    struct Panicking;
    impl Projector for Panicking {
        fn project(&mut self, _: &[Record]) -> Result<(), ProjectionError> {
            panic!("a bug")
        }
    }
    for projector in [Box::new(Failing) as Box<dyn Projector>, Box::new(Panicking)] {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), JournalOptions::default()).unwrap();
        let journal = journal.start(projector);
        assert!(journal.append_blocking(draft("durable")).is_ok());
        journal.shut_down_blocking();
        assert!(
            matches!(journal.state(), JournalState::Stopped(reason) if reason.contains("views"))
        );
        assert!(journal.append_blocking(draft("more")).is_err());
        assert_eq!(verify(folder.path()).unwrap().records, 1);
    }
}

#[test]
fn a_folder_without_a_journal_does_not_verify() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        verify(folder.path()),
        Err(JournalError::Damaged { segment: 1, flaw: Flaw::SegmentMissing, .. })
    ));
    Journal::open(folder.path(), JournalOptions::default()).unwrap();
    assert_eq!(verify(folder.path()).unwrap().records, 0);
}
