//! Views in sled that were deleted or damaged: either they are exactly what was written, or the store opens empty and says
//! so. Never a third thing.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use evenhand::domain::{TallyCounts, TallyKey};
use evenhand::store::{Change, Job, SledStore, Store as _, StoreError};
use proptest::prelude::*;
use support::files_in;

const RECORDS: u64 = 120;

fn tally(number: u64) -> (TallyKey, TallyCounts) {
    let key = TallyKey {
        vacancy: format!("v{}", number % 7).parse().unwrap(),
        characteristic: "ethnic_group".parse().unwrap(),
        category: format!("c{}", number % 11).parse().unwrap(),
        stage: "received".parse().unwrap(),
    };
    (key, TallyCounts { reached: 1, ..TallyCounts::default() })
}

fn fill(store: &SledStore) {
    for sequence in 1..=RECORDS {
        let organisation = || "walsall".parse().unwrap();
        let (key, counts) = tally(sequence);
        let job = Job {
            sequence,
            organisation: organisation(),
            application: format!("a{sequence}").parse().unwrap(),
        };
        let changes = vec![Change::Tally(organisation(), key, counts), Change::Job(job)];
        store.apply(sequence, changes).unwrap();
    }
}

/// What a store holds, in full.
fn contents(store: &SledStore) -> String {
    let tallies = store.tallies(&"walsall".parse().unwrap(), None).unwrap();
    format!("{:?} {:?} {:?}", store.reflected(), tallies, store.jobs(1000).unwrap())
}

fn open(views: &Path) -> SledStore {
    SledStore::open(views).unwrap().0
}

#[derive(Debug, Clone)]
enum Harm {
    Flip { file: usize, place: f64, bit: u8 },
    Cut { file: usize, place: f64 },
    Zero { file: usize, place: f64, length: usize },
    Remove { file: usize },
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = 0.0..1.0f64;
    prop_oneof![
        4 => (0..9usize, place.clone(), 0..8u8).prop_map(|(file, place, bit)| Harm::Flip { file, place, bit }),
        2 => (0..9usize, place.clone()).prop_map(|(file, place)| Harm::Cut { file, place }),
        2 => (0..9usize, place, 1..5000usize).prop_map(|(file, place, length)| Harm::Zero { file, place, length }),
        1 => (0..9usize).prop_map(|file| Harm::Remove { file }),
    ]
}

fn inflict(views: &Path, harm: &Harm) {
    let files = files_in(views);
    let (Harm::Flip { file, .. }
    | Harm::Cut { file, .. }
    | Harm::Zero { file, .. }
    | Harm::Remove { file }) = harm;
    let Some(path) = files.get(file % files.len().max(1)) else { return };
    let mut bytes = fs::read(path).unwrap();
    // The end of a file is often room that was never used; harm goes where something is.
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let at = |place: f64| ((used as f64) * place) as usize;
    match *harm {
        Harm::Flip { place, bit, .. } => {
            let at = at(place);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        Harm::Cut { place, .. } => bytes.truncate(at(place)),
        Harm::Zero { place, length, .. } => {
            let at = at(place);
            let end = (at + length).min(bytes.len());
            bytes[at..end].fill(0);
        }
        Harm::Remove { .. } => return fs::remove_file(path).unwrap(),
    }
    fs::write(path, bytes).unwrap();
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_deleted_folder_opens_empty() {
    let folder = tempfile::tempdir().unwrap();
    let views = folder.path().join("views");
    fill(&open(&views));
    fs::remove_dir_all(&views).unwrap();
    assert_eq!(open(&views).reflected(), Ok(None));
}

#[test]
fn a_file_in_the_place_of_the_folder_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let views = folder.path().join("views");
    fs::write(&views, "not a folder").unwrap();
    let (store, moved) = SledStore::open(&views).unwrap();
    let moved = moved.unwrap();
    assert_eq!(fs::read_to_string(&moved.to).unwrap(), "not a folder");
    assert_eq!(store.reflected(), Ok(None));
}

#[test]
fn a_store_in_use_is_refused_and_not_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let views = folder.path().join("views");
    let store = open(&views);
    fill(&store);
    let before = contents(&store);
    assert!(matches!(SledStore::open(&views), Err(StoreError::Backend(_))));
    assert_eq!(contents(&store), before);
    drop(store);
    assert_eq!(contents(&open(&views)), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_folder_opens_as_it_was_at_some_record_or_empty_with_a_report(
        harms in proptest::collection::vec(harm(), 1..4)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let original = folder.path().join("original");
        let store = open(&original);
        fill(&store);
        let whole = contents(&store);
        drop(store);
        let views = folder.path().join("views");
        copied(&original, &views);
        for harm in &harms {
            inflict(&views, harm);
        }
        let (store, moved) = SledStore::open(&views).unwrap();
        match (store.reflected().unwrap(), moved) {
            (Some(RECORDS), None) => prop_assert_eq!(contents(&store), whole),
            (Some(earlier), None) => {
                // What sled cut off at its own end is a state that there once was; replaying from there is right.
                let again = open(&folder.path().join("again"));
                for sequence in 1..=earlier {
                    let (key, counts) = tally(sequence);
                    let organisation = || "walsall".parse().unwrap();
                    let job = Job {
                        sequence,
                        organisation: organisation(),
                        application: format!("a{sequence}").parse().unwrap(),
                    };
                    again.apply(sequence, vec![Change::Tally(organisation(), key, counts), Change::Job(job)]).unwrap();
                }
                prop_assert_eq!(contents(&store), contents(&again));
            }
            (None, None) => prop_assert_eq!(store.jobs(1).unwrap(), vec![]),
            (reflected, Some(moved)) => {
                prop_assert_eq!(reflected, None);
                prop_assert_eq!(store.jobs(1).unwrap(), vec![]);
                prop_assert!(moved.to.exists() && !moved.reason.is_empty());
            }
        }
        fill(&store);
    }
}
