//! One suite that every backend of the store passes, and a comparison of backends over random changes.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use evenhand::domain::{
    Application, ApplicationId, ApplicationStatus, OrganisationId, PackState, Pseudonym,
    StageVisit, StoredKey, TallyCounts, TallyKey, Vacancy, VacancyId, VacancyState, WithheldReason,
};
use evenhand::journal::Position;
use evenhand::store::{
    ApplicationView, Change, Job, MemoryStore, OrganisationView, Receipt, SledStore, SourceView,
    Store, StoreError, UserView, WaitingEvents,
};
use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

const ORGANISATIONS: [&str; 3] = ["dudley", "walsall", "walsall-2"];

/// Runs a check against each backend.
fn on_each_backend(check: impl Fn(&dyn Store, &str)) {
    check(&MemoryStore::new(), "memory");
    let folder = tempfile::tempdir().unwrap();
    check(&sled(&folder), "sled");
}

fn sled(folder: &TempDir) -> SledStore {
    let (store, moved) = SledStore::open(&folder.path().join("views")).unwrap();
    assert_eq!(moved, None);
    store
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn key(byte: u8) -> StoredKey {
    StoredKey { version: 1, wrapped: vec![byte; 73] }
}

fn org(number: usize) -> OrganisationId {
    ORGANISATIONS[number].parse().unwrap()
}

fn organisation(number: usize, name: &str) -> OrganisationView {
    OrganisationView {
        id: org(number),
        name: name.to_owned(),
        minimum_cell: 10,
        key: key(1),
        key_version: 1,
        created_at: at(0),
    }
}

fn source(id: &str, number: usize) -> SourceView {
    SourceView {
        id: id.parse().unwrap(),
        organisation: org(number),
        mapping: "standard".to_owned(),
        sealed_secrets: vec![7; 120],
    }
}

fn user(id: &str, number: usize, token: Option<u8>) -> UserView {
    UserView {
        id: id.parse().unwrap(),
        organisation: org(number),
        label: format!("panel member {id}"),
        role: "panel".parse().unwrap(),
        vacancies: ["v1".parse().unwrap()].into(),
        token_sha256: token.map(|byte| [byte; 32]),
    }
}

fn vacancy(id: &str, number: usize, reference: &str) -> Vacancy {
    Vacancy {
        id: id.parse().unwrap(),
        organisation: org(number),
        source: "ats".parse().unwrap(),
        reference: reference.parse().unwrap(),
        title: "Housing officer".to_owned(),
        state: VacancyState::Open,
        family: Some("housing officers".to_owned()),
        grade: None,
        directorate: None,
        contract: None,
        stages: ["received", "shortlisted"].map(|s| s.parse().unwrap()).to_vec(),
        allow: vec!["Punjabi".to_owned()],
        opened_at: at(1),
        closed_at: None,
    }
}

fn application(
    id: &str,
    number: usize,
    vacancy: &str,
    reference: &str,
    pseudonym: u8,
) -> ApplicationView {
    ApplicationView {
        application: Application {
            id: id.parse().unwrap(),
            organisation: org(number),
            vacancy: vacancy.parse().unwrap(),
            candidate: format!("c-{id}").parse().unwrap(),
            pseudonym: Pseudonym::from_random([pseudonym; 5]),
            source: "ats".parse().unwrap(),
            reference: reference.parse().unwrap(),
            received_at: at(2),
            stage: "received".parse().unwrap(),
            visits: vec![StageVisit { stage: "received".parse().unwrap(), at: at(2) }],
            status: ApplicationStatus::Held,
            pack: PackState::Pending,
        },
        key: key(pseudonym),
        content: Position { sequence: 5, segment: 1, offset: 96 },
        sealed_categories: vec![pseudonym; 200],
    }
}

fn put(view: ApplicationView) -> Change {
    Change::Application(Box::new(view))
}

fn cell(vacancy: &str, category: &str) -> TallyKey {
    TallyKey {
        vacancy: vacancy.parse().unwrap(),
        characteristic: "sex".parse().unwrap(),
        category: category.parse().unwrap(),
        stage: "received".parse().unwrap(),
    }
}

fn reached(count: i64) -> TallyCounts {
    TallyCounts { reached: count, ..TallyCounts::default() }
}

fn job(sequence: u64, application: &str) -> Job {
    Job { sequence, organisation: org(1), application: application.parse().unwrap() }
}

#[test]
fn an_empty_store_holds_nothing_and_reflects_nothing() {
    on_each_backend(|store, backend| {
        assert_eq!(store.reflected(), Ok(None), "{backend}");
        assert_eq!(store.organisations(), Ok(vec![]), "{backend}");
        assert_eq!(store.jobs(10), Ok(vec![]), "{backend}");
        assert_eq!(store.user_by_token(&[0; 32]), Ok(None), "{backend}");
    });
}

#[test]
fn what_is_written_is_read_back_within_its_organisation_only() {
    on_each_backend(|store, backend| {
        let view = application("a1", 1, "v1", "ref 1", 9);
        let changes = vec![
            Change::Organisation(organisation(1, "Walsall")),
            Change::Organisation(organisation(0, "Dudley")),
            Change::Source(source("ats", 1)),
            Change::User(user("u1", 1, Some(3))),
            Change::Vacancy(vacancy("v1", 1, "WMC-26/00417")),
            put(view.clone()),
        ];
        store.apply(8, changes).unwrap();
        assert_eq!(store.reflected(), Ok(Some(8)));
        let both = vec![organisation(0, "Dudley"), organisation(1, "Walsall")];
        assert_eq!(store.organisations(), Ok(both), "{backend}");
        assert_eq!(store.source(&"ats".parse().unwrap()), Ok(Some(source("ats", 1))));
        assert_eq!(store.sources(&org(1)), Ok(vec![source("ats", 1)]));
        assert_eq!(store.user(&org(1), &"u1".parse().unwrap()), Ok(Some(user("u1", 1, Some(3)))));
        assert_eq!(store.vacancies(&org(1)), Ok(vec![vacancy("v1", 1, "WMC-26/00417")]));
        let named = store.vacancy_by_reference(
            &org(1),
            &"ats".parse().unwrap(),
            &"WMC-26/00417".parse().unwrap(),
        );
        assert_eq!(named, Ok(Some(vacancy("v1", 1, "WMC-26/00417"))));
        assert_eq!(store.application(&org(1), &"a1".parse().unwrap()), Ok(Some(view.clone())));
        let applications = store.applications(&org(1), &"v1".parse().unwrap());
        assert_eq!(applications, Ok(vec![view]), "{backend}");
        for other in [0, 2] {
            assert_eq!(store.sources(&org(other)), Ok(vec![]), "{backend}");
            assert_eq!(store.users(&org(other)), Ok(vec![]), "{backend}");
            assert_eq!(store.vacancies(&org(other)), Ok(vec![]), "{backend}");
            assert_eq!(store.application(&org(other), &"a1".parse().unwrap()), Ok(None));
            assert_eq!(store.applications(&org(other), &"v1".parse().unwrap()), Ok(vec![]));
        }
    });
}

#[test]
fn a_token_stops_working_when_its_user_gets_another_or_none() {
    on_each_backend(|store, backend| {
        store.apply(1, vec![Change::User(user("u1", 1, Some(1)))]).unwrap();
        assert!(store.user_by_token(&[1; 32]).unwrap().is_some());
        store.apply(2, vec![Change::User(user("u1", 1, Some(2)))]).unwrap();
        assert_eq!(store.user_by_token(&[1; 32]), Ok(None), "{backend}");
        assert_eq!(store.user_by_token(&[2; 32]), Ok(Some(user("u1", 1, Some(2)))));
        let in_one_batch =
            vec![Change::User(user("u1", 1, Some(3))), Change::User(user("u1", 1, None))];
        store.apply(3, in_one_batch).unwrap();
        for token in [1, 2, 3] {
            assert_eq!(store.user_by_token(&[token; 32]), Ok(None), "{backend}");
        }
        assert_eq!(store.users(&org(1)), Ok(vec![user("u1", 1, None)]));
    });
}

#[test]
fn applications_come_in_order_of_id_and_packs_in_order_of_pseudonym() {
    on_each_backend(|store, backend| {
        let mut released = application("a1", 1, "v1", "r1", 30);
        released.application.pack = PackState::Released {
            file: "f".repeat(64),
            rule_set: "e".repeat(64),
            removed: BTreeMap::from([("name".to_owned(), 3)]),
        };
        let mut withheld = application("a2", 1, "v1", "r2", 20);
        withheld.application.pack = PackState::Withheld { reasons: vec![] };
        let mut erased = application("a3", 1, "v1", "r3", 10);
        erased.application.status = ApplicationStatus::Erased;
        let elsewhere = application("a4", 1, "v10", "r4", 5);
        let changes = [&erased, &withheld, &released, &elsewhere].map(|view| put(view.clone()));
        store.apply(1, changes.to_vec()).unwrap();
        let vacancy: VacancyId = "v1".parse().unwrap();
        let applications = store.applications(&org(1), &vacancy).unwrap();
        assert_eq!(applications, [released.clone(), withheld.clone(), erased], "{backend}");
        let packs = store.packs(&org(1), &vacancy).unwrap();
        assert_eq!(packs, [withheld.pack().unwrap(), released.pack().unwrap()], "{backend}");
        assert_eq!(packs.iter().map(|p| p.withheld).collect::<Vec<_>>(), [true, false]);
        assert_eq!(packs[1].file, Some("f".repeat(64)));
    });
}

#[test]
fn a_rewritten_application_leaves_no_trace_under_its_old_names() {
    on_each_backend(|store, backend| {
        store.apply(1, vec![put(application("a1", 1, "v1", "old", 1))]).unwrap();
        let new = application("a1", 1, "v2", "new", 2);
        store.apply(2, vec![put(new.clone())]).unwrap();
        let by = |reference: &str| {
            let (source, reference) = ("ats".parse().unwrap(), reference.parse().unwrap());
            store.application_by_reference(&org(1), &source, &reference).unwrap()
        };
        assert_eq!(by("old"), None, "{backend}");
        assert_eq!(by("new"), Some(new.clone()), "{backend}");
        let taken = |vacancy: &str, byte| {
            let pseudonym = Pseudonym::from_random([byte; 5]);
            store.pseudonym_is_taken(&org(1), &vacancy.parse().unwrap(), pseudonym).unwrap()
        };
        assert!(!taken("v1", 1) && taken("v2", 2) && !taken("v1", 2), "{backend}");
        assert_eq!(store.applications(&org(1), &"v1".parse().unwrap()), Ok(vec![]), "{backend}");
        assert_eq!(store.applications(&org(1), &"v2".parse().unwrap()), Ok(vec![new]));
    });
}

#[test]
fn tallies_add_up_and_cells_of_nobody_are_left_out() {
    on_each_backend(|store, backend| {
        let tally = |vacancy, category, count| {
            Change::Tally(org(1), cell(vacancy, category), reached(count))
        };
        let first =
            vec![tally("v2", "female", 2), tally("v2", "female", 3), tally("v1", "male", 1)];
        store.apply(1, first).unwrap();
        store.apply(2, vec![tally("v1", "male", -1), tally("v2", "female", 1)]).unwrap();
        store.apply(3, vec![tally("v1", "female", 4)]).unwrap();
        let all = vec![(cell("v1", "female"), reached(4)), (cell("v2", "female"), reached(6))];
        assert_eq!(store.tallies(&org(1), None), Ok(all.clone()), "{backend}");
        let one = store.tallies(&org(1), Some(&"v2".parse().unwrap()));
        assert_eq!(one, Ok(all[1..].to_vec()), "{backend}");
        assert_eq!(store.tallies(&org(2), None), Ok(vec![]), "{backend}");
    });
}

#[test]
fn jobs_come_oldest_first_by_number() {
    on_each_backend(|store, backend| {
        let jobs = [job(300, "a1"), job(2, "a2"), job(70_000, "a3")];
        store.apply(1, jobs.iter().cloned().map(Change::Job).collect()).unwrap();
        let sorted = vec![job(2, "a2"), job(300, "a1"), job(70_000, "a3")];
        assert_eq!(store.jobs(10), Ok(sorted.clone()), "{backend}");
        assert_eq!(store.jobs(2), Ok(sorted[..2].to_vec()), "{backend}");
        store.apply(2, vec![Change::JobDone(job(2, "a2"))]).unwrap();
        assert_eq!(store.jobs(1), Ok(vec![job(300, "a1")]), "{backend}");
    });
}

#[test]
fn receipts_and_waiting_events_are_found_by_the_senders_own_names() {
    on_each_backend(|store, backend| {
        let receipt = Receipt {
            source: "ats".parse().unwrap(),
            delivery: "msg/ü 2 \u{7f} x".to_owned(),
            status: 202,
            answer: "{}".to_owned(),
        };
        let waiting = WaitingEvents {
            organisation: org(1),
            source: "ats".parse().unwrap(),
            application: "later".parse().unwrap(),
            candidate: "c1".parse().unwrap(),
            key: key(4),
            records: vec![Position { sequence: 3, segment: 1, offset: 400 }],
        };
        store
            .apply(1, vec![Change::Receipt(receipt.clone()), Change::Waiting(waiting.clone())])
            .unwrap();
        let ats = "ats".parse().unwrap();
        assert_eq!(store.receipt(&ats, &receipt.delivery), Ok(Some(receipt.clone())), "{backend}");
        assert_eq!(store.receipt(&"ats2".parse().unwrap(), &receipt.delivery), Ok(None));
        let later = "later".parse().unwrap();
        let found = store.waiting(&org(1), &ats, &later);
        assert_eq!(found, Ok(Some(waiting.clone())), "{backend}");
        assert_eq!(store.all_waiting(&org(1)), Ok(vec![waiting]), "{backend}");
        assert_eq!(store.all_waiting(&org(2)), Ok(vec![]), "{backend}");
        let over = Change::WaitingOver(org(1), ats.clone(), "later".parse().unwrap());
        store.apply(2, vec![over]).unwrap();
        assert_eq!(store.waiting(&org(1), &ats, &later), Ok(None), "{backend}");
    });
}

#[test]
fn a_cleared_store_is_an_empty_one() {
    on_each_backend(|store, backend| {
        let many = (0..2500).map(|number| Change::Job(job(number, "a1"))).collect();
        store.apply(1, many).unwrap();
        store.apply(2, vec![put(application("a1", 1, "v1", "r1", 1))]).unwrap();
        store.clear().unwrap();
        assert_eq!(store.reflected(), Ok(None), "{backend}");
        assert_eq!(store.jobs(5000), Ok(vec![]), "{backend}");
        assert_eq!(store.applications(&org(1), &"v1".parse().unwrap()), Ok(vec![]), "{backend}");
        store.apply(1, vec![Change::Job(job(1, "a1"))]).unwrap();
        assert_eq!(store.jobs(10), Ok(vec![job(1, "a1")]), "{backend}");
    });
}

/// An application that has been everywhere, with every kind removed or every document withheld.
fn long_application(visits: usize, reasons: usize) -> ApplicationView {
    let mut view = application("a1", 1, "v1", "r1", 1);
    let visit = StageVisit { stage: "shortlisted".parse().unwrap(), at: at(3) };
    view.application.visits = vec![visit; visits];
    let reason = |number| WithheldReason {
        code: "unreadable_format".to_owned(),
        part: format!("document {number}"),
        message: "This kind of file cannot be read yet; open it and send its text.".to_owned(),
    };
    view.application.pack = PackState::Withheld { reasons: (0..reasons).map(reason).collect() };
    view
}

#[test]
fn views_longer_than_one_entry_are_kept_whole_rewritten_and_removed() {
    on_each_backend(|store, backend| {
        for (round, (visits, reasons)) in
            [(1, 0), (200, 100), (900, 10), (20, 20), (500, 0), (1, 0)].into_iter().enumerate()
        {
            let view = long_application(visits, reasons);
            store.apply(round as u64, vec![put(view.clone())]).unwrap();
            let read = store.application(&org(1), &"a1".parse().unwrap());
            assert_eq!(read, Ok(Some(view.clone())), "{backend} {visits} visits");
            assert_eq!(store.applications(&org(1), &"v1".parse().unwrap()), Ok(vec![view]));
        }
    });
}

#[test]
fn sled_refuses_a_view_beyond_its_limit_and_applies_nothing_of_that_batch() {
    let folder = tempfile::tempdir().unwrap();
    let store = sled(&folder);
    let mut large = vacancy("v1", 1, "r1");
    large.title = "x".repeat(5 << 20);
    let refused = store.apply(1, vec![Change::Job(job(1, "a1")), Change::Vacancy(large)]);
    assert!(matches!(refused, Err(StoreError::TooLarge { view: "vacancy", .. })));
    assert_eq!(store.reflected(), Ok(None));
    assert_eq!(store.jobs(1), Ok(vec![]));
}

#[test]
fn sled_views_are_there_after_a_restart_and_one_folder_opens_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = sled(&folder);
    let view = long_application(300, 10);
    store.apply(41, vec![put(view.clone())]).unwrap();
    let second = SledStore::open(&folder.path().join("views"));
    assert!(matches!(second, Err(StoreError::Backend(_))));
    drop(store);
    let store = sled(&folder);
    assert_eq!(store.reflected(), Ok(Some(41)));
    assert_eq!(store.application(&org(1), &"a1".parse().unwrap()), Ok(Some(view)));
}

/// A small world in which changes meet each other often.
fn any_change() -> impl Strategy<Value = Change> {
    let number = 0..3usize;
    let few = || (1..4u8).prop_map(|n| format!("x{n}"));
    prop_oneof![
        (number.clone(), few()).prop_map(|(n, name)| Change::Organisation(organisation(n, &name))),
        (number.clone(), few()).prop_map(|(n, id)| Change::Source(source(&id, n))),
        (number.clone(), few(), proptest::option::of(1..5u8))
            .prop_map(|(n, id, token)| Change::User(user(&id, n, token))),
        (number.clone(), few(), few()).prop_map(|(n, id, r)| Change::Vacancy(vacancy(&id, n, &r))),
        (number.clone(), few(), few(), few(), 1..4u8, 0..120usize).prop_map(
            |(n, id, vacancy, reference, pseudonym, visits)| {
                let mut view = application(&id, n, &vacancy, &reference, pseudonym);
                view.application.visits = long_application(visits, 0).application.visits;
                put(view)
            }
        ),
        (few(), few(), 200..210u16).prop_map(|(source, delivery, status)| {
            let source = source.parse().unwrap();
            Change::Receipt(Receipt { source, delivery, status, answer: String::new() })
        }),
        (number.clone(), few(), 0..150usize).prop_map(|(n, reference, count)| {
            Change::Waiting(WaitingEvents {
                organisation: org(n),
                source: "ats".parse().unwrap(),
                application: reference.parse().unwrap(),
                candidate: "c".parse().unwrap(),
                key: key(1),
                records: vec![Position { sequence: 1, segment: 2, offset: 3 }; count],
            })
        }),
        (number.clone(), few()).prop_map(|(n, reference)| Change::WaitingOver(
            org(n),
            "ats".parse().unwrap(),
            reference.parse().unwrap()
        )),
        (number, few(), few(), -2..3i64).prop_map(|(n, v, category, count)| Change::Tally(
            org(n),
            cell(&v, &category),
            reached(count)
        )),
        (1..6u64, few()).prop_map(|(sequence, id)| Change::Job(job(sequence, &id))),
        (1..6u64, few()).prop_map(|(sequence, id)| Change::JobDone(job(sequence, &id))),
    ]
}

/// Everything that the trait can tell of the small world.
fn all_answers(store: &dyn Store) -> Vec<String> {
    let few = ["x1", "x2", "x3"];
    let mut answers = vec![
        format!("{:?}", store.reflected()),
        format!("{:?}", store.organisations()),
        format!("{:?}", store.jobs(100)),
    ];
    for token in 0..6u8 {
        answers.push(format!("{:?}", store.user_by_token(&[token; 32])));
    }
    for id in few {
        let source = id.parse().unwrap();
        answers.push(format!("{:?}", store.source(&source)));
        for delivery in few {
            answers.push(format!("{:?}", store.receipt(&source, delivery)));
        }
    }
    for organisation in (0..3).map(org) {
        answers.push(format!("{:?}", store.organisation(&organisation)));
        answers.push(format!("{:?}", store.sources(&organisation)));
        answers.push(format!("{:?}", store.users(&organisation)));
        answers.push(format!("{:?}", store.vacancies(&organisation)));
        answers.push(format!("{:?}", store.tallies(&organisation, None)));
        answers.push(format!("{:?}", store.all_waiting(&organisation)));
        for id in few {
            let vacancy: VacancyId = id.parse().unwrap();
            let application: ApplicationId = id.parse().unwrap();
            let (source, reference) = ("ats".parse().unwrap(), id.parse().unwrap());
            answers.push(format!("{:?}", store.applications(&organisation, &vacancy)));
            answers.push(format!("{:?}", store.packs(&organisation, &vacancy)));
            answers.push(format!("{:?}", store.pack_vacancy(&organisation, &vacancy)));
            answers.push(format!("{:?}", store.tallies(&organisation, Some(&vacancy))));
            answers.push(format!("{:?}", store.application(&organisation, &application)));
            answers.push(format!("{:?}", store.waiting(&organisation, &source, &reference)));
            let named = store.vacancy_by_reference(&organisation, &source, &reference);
            answers.push(format!("{named:?}"));
            let named = store.application_by_reference(&organisation, &source, &reference);
            answers.push(format!("{named:?}"));
            for byte in 1..4 {
                let pseudonym = Pseudonym::from_random([byte; 5]);
                let taken = store.pseudonym_is_taken(&organisation, &vacancy, pseudonym);
                answers.push(format!("{taken:?}"));
            }
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sled_answers_like_memory_after_any_changes_and_after_a_restart(
        batches in proptest::collection::vec(proptest::collection::vec(any_change(), 0..12), 1..12)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let memory = MemoryStore::new();
        let store = sled(&folder);
        for (sequence, changes) in batches.into_iter().enumerate() {
            memory.apply(sequence as u64, changes.clone()).unwrap();
            store.apply(sequence as u64, changes).unwrap();
            prop_assert_eq!(all_answers(&memory), all_answers(&store));
        }
        drop(store);
        prop_assert_eq!(all_answers(&memory), all_answers(&sled(&folder)));
    }
}
