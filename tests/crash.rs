//! The server is killed at random moments under load; what it acknowledged must be there afterwards. More rounds:
//! `EVENHAND_CRASH_ROUNDS=50 cargo test --test crash`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use evenhand::domain::Application;
use evenhand::journal;
use evenhand::workflow::{Evenhand, list_vacancies, recount_tallies, show_vacancy};
use serde_json::Value;
use support::{Council, SOURCE, Served, application, files_in, signer, stage, vacancy_opened};

const SENDERS: usize = 32;

/// The furthest stage that was acknowledged, by application.
type Acknowledged = BTreeMap<String, &'static str>;

fn rounds() -> u64 {
    std::env::var("EVENHAND_CRASH_ROUNDS").map_or(4, |rounds| rounds.parse().unwrap())
}

/// Sends until told to stop or until the server is gone; notes what was acknowledged.
async fn send_until_stopped(
    url: String,
    secret: String,
    numbers: Arc<AtomicU64>,
    stopped: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Acknowledged>>,
) {
    let client = reqwest::Client::new();
    let (scheme, secret) = signer(&secret);
    while !stopped.load(Ordering::Relaxed) {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let id = format!("A-{number}");
        let mut steps: Vec<(&'static str, Value)> =
            vec![("received", application("V-1", &id)), ("shortlisted", stage(&id, "shortlisted"))];
        if number.is_multiple_of(3) {
            // Deliveries overtake each other: what comes too early waits for its application.
            steps.reverse();
        }
        for (index, (reached, event)) in steps.into_iter().enumerate() {
            let body = event.to_string();
            let delivery = format!("msg_{number}_{index}");
            let now = jiff::Timestamp::now();
            let headers = evenhand::intake::sign(&scheme, &secret, &delivery, now, body.as_bytes());
            let mut request = client.post(&url).body(body);
            for (name, value) in headers.iter() {
                request = request.header(name, value);
            }
            let Ok(answer) = request.send().await else { return };
            assert!(answer.status().is_success(), "{}", answer.status());
            // An early stage counts once its application is acknowledged too.
            let mut acknowledged = acknowledged.lock().unwrap();
            match (number % 3, index, reached) {
                (0, 0, _) => {}
                (0, _, _) => drop(acknowledged.insert(id.clone(), "shortlisted")),
                (_, _, reached) => drop(acknowledged.insert(id.clone(), reached)),
            }
        }
    }
}

fn applications(app: &Evenhand, council: &Council) -> BTreeMap<String, Application> {
    let viewer = council.admin();
    list_vacancies(app, &viewer)
        .unwrap()
        .into_iter()
        .flat_map(|vacancy| show_vacancy(app, &viewer, &vacancy.id).unwrap().applications)
        .map(|row| (row.application.reference.to_string(), row.application))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_every_kill() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, vacancy_opened("V-1")).await.unwrap();
    app.shut_down().await;
    drop(app);

    let numbers = Arc::new(AtomicU64::new(0));
    let acknowledged = Arc::new(Mutex::new(Acknowledged::new()));
    for round in 0..rounds() {
        let served = Served::start(&council.config());
        let url = format!("http://{}/v1/sources/{SOURCE}/deliveries", served.address);
        let stopped = Arc::new(AtomicBool::new(false));
        let before = acknowledged.lock().unwrap().len();
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                tokio::spawn(send_until_stopped(
                    url.clone(),
                    council.secret.clone(),
                    Arc::clone(&numbers),
                    Arc::clone(&stopped),
                    Arc::clone(&acknowledged),
                ))
            })
            .collect();
        // A moment that nobody chose; at least some deliveries must have been answered before it.
        let random = u16::from_be_bytes(evenhand::vault::random_bytes().unwrap());
        tokio::time::sleep(Duration::from_millis(100 + u64::from(random) % 500)).await;
        while acknowledged.lock().unwrap().len() <= before + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        served.kill();
        stopped.store(true, Ordering::Relaxed);
        for sender in senders {
            sender.await.unwrap();
        }

        let app = council.open();
        let found = applications(&app, &council);
        let lost: Vec<String> = acknowledged
            .lock()
            .unwrap()
            .iter()
            .filter(|(id, reached)| {
                let visits = found.get(*id).map(|application| application.visits.as_slice());
                !visits.unwrap_or_default().iter().any(|visit| visit.stage.as_str() == **reached)
            })
            .map(|(id, reached)| format!("{id} at {reached}"))
            .collect();
        assert!(lost.is_empty(), "round {round}: lost {lost:?}");
        let recount = recount_tallies(&app).unwrap();
        assert_eq!(recount.different, 0, "round {round}: {recount:?}");
        assert!(recount.cells > 0, "round {round}: {recount:?}");
        app.shut_down().await;
        drop(app);
        journal::verify(&council.data().join("journal")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_are_deleted_or_damaged_are_rebuilt_and_nothing_is_lost() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, vacancy_opened("V-1")).await.unwrap();
    for number in 0..40 {
        let id = format!("A-{number}");
        council.send(&app, application("V-1", &id)).await.unwrap();
        if number % 2 == 0 {
            council.send(&app, stage(&id, "shortlisted")).await.unwrap();
        }
    }
    let before = applications(&app, &council);
    assert_eq!(before.len(), 40);
    app.shut_down().await;
    drop(app);

    let views = council.data().join("views");
    type Harm = fn(&std::path::Path);
    let harms: [(&str, Harm); 3] = [
        ("deleted", |views| fs::remove_dir_all(views).unwrap()),
        ("cut in half", |views| {
            for file in files_in(views) {
                let bytes = fs::read(&file).unwrap();
                fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
            }
        }),
        ("overwritten", |views| {
            for file in files_in(views) {
                let length = fs::metadata(&file).unwrap().len() as usize;
                fs::write(&file, vec![0xa5; length]).unwrap();
            }
        }),
    ];
    for (harm, damage) in harms {
        damage(&views);
        let app = council.open();
        assert_eq!(applications(&app, &council), before, "views {harm}");
        let recount = recount_tallies(&app).unwrap();
        assert_eq!(recount.different, 0, "views {harm}: {recount:?}");
        app.shut_down().await;
        drop(app);
    }
}
