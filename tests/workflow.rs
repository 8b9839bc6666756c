//! What the program does with deliveries, outcomes, packs, disclosure and erasure, without HTTP in between.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use evenhand::domain::{Application, ApplicationId, ApplicationStatus, PackState, Role};
use evenhand::workflow::{
    Evenhand, PackEntryState, Viewer, WorkflowError, add_user, assign_vacancies, authenticate,
    create_organisation, disclose_identity, erase_candidate, export_counts, list_vacancies,
    record_outcome, recount_tallies, redact_next, renew_token, request_redaction, revoke_user,
    rotate_keys, show_vacancy,
};
use serde_json::{Value, json};
use support::{Council, application, characteristics, stage, vacancy_opened};

/// Every application of the council.
fn applications(app: &Evenhand, council: &Council) -> Vec<Application> {
    let viewer = council.admin();
    list_vacancies(app, &viewer)
        .unwrap()
        .into_iter()
        .flat_map(|vacancy| show_vacancy(app, &viewer, &vacancy.id).unwrap().applications)
        .map(|row| row.application)
        .collect()
}

fn the_application(app: &Evenhand, council: &Council, reference: &str) -> Application {
    applications(app, council)
        .into_iter()
        .find(|application| application.reference.as_str() == reference)
        .unwrap()
}

/// The row of a counts CSV that begins with these words.
fn counts(app: &Evenhand, council: &Council, row: &str) -> Vec<String> {
    export_counts(app, &council.organisation)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with(row))
        .map(str::to_owned)
        .collect()
}

async fn redact_everything(app: &Arc<Evenhand>) {
    while redact_next(app).await.unwrap().done > 0 {}
}

async fn account(app: &Evenhand, council: &Council, role: Role) -> Viewer {
    let vacancies = match role {
        Role::Panel => list_vacancies(app, &council.admin())
            .unwrap()
            .into_iter()
            .map(|vacancy| vacancy.id)
            .collect(),
        _ => BTreeSet::new(),
    };
    let added = add_user(app, &council.admin(), "somebody", role, vacancies).await.unwrap();
    authenticate(app, &added.token).unwrap().unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, WorkflowError>) -> &'static str {
    result.unwrap_err().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_delivery_is_answered_as_before_and_changes_nothing() {
    let council = Council::new().await;
    let app = council.open();
    let first = council.send_as(&app, "msg_1", application("V-1", "A-1")).await.unwrap();
    let second = council.send_as(&app, "msg_1", application("V-1", "A-1")).await.unwrap();
    let other_body = council.send_as(&app, "msg_1", application("V-1", "A-2")).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(first, other_body);
    assert_eq!(applications(&app, &council).len(), 1);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_delivery_sent_many_times_at_once_is_taken_once() {
    let council = Arc::new(Council::new().await);
    let app = council.open();
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let (council, app) = (Arc::clone(&council), Arc::clone(&app));
        sending.spawn(async move {
            council.send_as(&app, "msg_1", application("V-1", "A-1")).await.unwrap()
        });
    }
    let answers = sending.join_all().await;
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(applications(&app, &council).len(), 1);
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_its_application_waits_and_is_applied() {
    let council = Council::new().await;
    let app = council.open();
    let early = council
        .send(
            &app,
            json!({
                "type": "application.stage_changed",
                "data": { "application": { "id": "A-1" }, "stage": "interviewed", "at": "2026-03-09T10:00:00Z" },
            }),
        )
        .await
        .unwrap();
    assert_eq!(early.status, 202);
    council
        .send(
            &app,
            json!({
                "type": "application.stage_changed",
                "data": { "application": { "id": "A-1" }, "stage": "shortlisted", "at": "2026-03-02T10:00:00Z" },
            }),
        )
        .await
        .unwrap();
    council.send(&app, characteristics("A-1", json!({ "sex": "Male" }))).await.unwrap();
    let answer = council.send(&app, application("V-1", "A-1")).await.unwrap();
    assert_eq!(answer.status, 200, "{:?}", answer.body);

    let stages: Vec<String> = the_application(&app, &council, "A-1")
        .visits
        .iter()
        .map(|visit| visit.stage.to_string())
        .collect();
    assert_eq!(stages, ["received", "shortlisted", "interviewed"]);
    let progressed = counts(&app, &council, "sex,");
    assert!(progressed.iter().all(|row| row.starts_with("sex,male,")), "{progressed:?}");
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    app.shut_down().await;
    drop(app);

    // The same after the views are rebuilt from nothing.
    std::fs::remove_dir_all(council.data().join("views")).unwrap();
    let app = council.open();
    assert_eq!(counts(&app, &council, "sex,"), progressed);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stage_moves_are_checked_against_the_table() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, application("V-1", "A-1")).await.unwrap();
    let refused = council.send(&app, stage("A-1", "appointed")).await;
    assert_eq!(code(refused), "move_not_allowed");
    assert_eq!(code(council.send(&app, stage("A-1", "promoted")).await), "unknown_stage");
    council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    council.send(&app, stage("A-1", "interviewed")).await.unwrap();
    // Told late of a stage that was passed: nothing changes.
    let late = council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    assert_eq!(late.body["result"], "unchanged");
    let application = the_application(&app, &council, "A-1");
    assert_eq!(application.stage.as_str(), "interviewed");

    let recruiter = account(&app, &council, Role::Recruiter).await;
    let moved = record_outcome(&app, &recruiter, &application.id, &"offered".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(moved.stage.as_str(), "offered");
    let back = "received".parse().unwrap();
    let back = record_outcome(&app, &recruiter, &application.id, &back).await;
    assert_eq!(code(back), "move_not_allowed");
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_is_told_late_takes_its_place_in_the_journey() {
    let council = Council::new().await;
    let app = council.open();
    let dated = |id: &str, stage: &str, day: u32| {
        json!({
            "type": "application.stage_changed",
            "data": { "application": { "id": id }, "stage": stage, "at": format!("2027-03-{day:02}T10:00:00Z") },
        })
    };
    for (id, ending) in [("A-1", "unsuccessful"), ("A-2", "withdrawn")] {
        council.send(&app, application("V-1", id)).await.unwrap();
        council.send(&app, dated(id, ending, 9)).await.unwrap();
        let late = council.send(&app, dated(id, "shortlisted", 2)).await.unwrap();
        assert_eq!(late.body["result"], "applied");
        let found = the_application(&app, &council, id);
        let stages: Vec<&str> = found.visits.iter().map(|visit| visit.stage.as_str()).collect();
        assert_eq!(stages, ["received", "shortlisted", ending]);
        assert_eq!(found.stage.as_str(), ending);
        // Told once more, it changes nothing; a stage that never fits is refused.
        let again = council.send(&app, dated(id, "shortlisted", 2)).await.unwrap();
        assert_eq!(again.body["result"], "unchanged");
        let refused = council.send(&app, dated(id, "appointed", 3)).await;
        assert_eq!(code(refused), "move_not_allowed");
    }
    assert_eq!(
        counts(&app, &council, "sex,female,shortlisted"),
        ["sex,female,shortlisted,V-1,1,0"]
    );
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tallies_follow_outcomes_corrections_withdrawals_and_new_stages() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, vacancy_opened("V-1")).await.unwrap();
    for number in 0..6 {
        council.send(&app, application("V-1", &format!("A-{number}"))).await.unwrap();
    }
    council.send(&app, stage("A-0", "shortlisted")).await.unwrap();
    council.send(&app, stage("A-1", "unsuccessful")).await.unwrap();
    council
        .send(
            &app,
            json!({ "type": "application.withdrawn", "data": { "application": { "id": "A-2" } } }),
        )
        .await
        .unwrap();
    let row = |rest: &str| format!("sex,female,received,V-1,{rest}");
    // One moved on, one was turned down; who withdrew or waits is not in the denominator.
    assert_eq!(counts(&app, &council, "sex,female,received"), [row("2,1")]);

    // A correction moves the person from one category to another.
    council.send(&app, characteristics("A-1", json!({ "sex": "Male" }))).await.unwrap();
    assert_eq!(counts(&app, &council, "sex,female,received"), [row("1,1")]);
    assert_eq!(counts(&app, &council, "sex,male,received"), ["sex,male,received,V-1,1,0"]);

    // The decision is taken back.
    council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    assert_eq!(counts(&app, &council, "sex,male,received"), ["sex,male,received,V-1,1,1"]);

    // The vacancy gets a longlist after all: everybody is counted anew.
    council
        .send(
            &app,
            json!({
                "type": "vacancy.changed",
                "data": { "vacancy": { "id": "V-1", "stages": ["received", "longlisted", "shortlisted", "appointed"] } },
            }),
        )
        .await
        .unwrap();
    assert_eq!(counts(&app, &council, "sex,male,longlisted"), ["sex,male,longlisted,V-1,1,1"]);

    // Closing counts those who were left as not progressed.
    council
        .send(&app, json!({ "type": "vacancy.closed", "data": { "vacancy": { "id": "V-1" } } }))
        .await
        .unwrap();
    assert_eq!(counts(&app, &council, "sex,female,received"), [row("4,1")]);
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_nothing_maps_is_counted_and_never_dropped() {
    let council = Council::new().await;
    let app = council.open();
    let mut event = application("V-1", "A-1");
    event["data"]["characteristics"] = json!({ "ethnic_group": "Martian" });
    council.send(&app, event).await.unwrap();
    council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    assert_eq!(counts(&app, &council, "ethnic_group,unmapped,received").len(), 1);
    assert_eq!(counts(&app, &council, "sex,not_asked,received").len(), 1);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_reads_packs_without_the_name_in_an_order_of_its_own() {
    let council = Council::new().await;
    let app = council.open();
    for number in 0..12 {
        council.send(&app, application("V-1", &format!("A-{number}"))).await.unwrap();
    }
    redact_everything(&app).await;
    let (one, other) =
        (account(&app, &council, Role::Panel).await, account(&app, &council, Role::Panel).await);
    let reader = app.pack_reader();
    let vacancy = reader.vacancies(&one).unwrap().remove(0);
    assert_eq!(vacancy.packs, 12);
    let order = |viewer: &Viewer| -> Vec<_> {
        let list = reader.list(viewer, &vacancy.id).unwrap();
        list.entries.into_iter().map(|entry| entry.pseudonym).collect()
    };
    assert_eq!(order(&one), order(&one));
    assert_ne!(order(&one), order(&other));
    for pseudonym in order(&one) {
        let pack = reader.open(&one, &vacancy.id, pseudonym).unwrap();
        let text: String =
            pack.parts.iter().map(|part| format!("{}\n{}\n", part.heading, part.text)).collect();
        assert!(text.contains("I answer calls and keep good notes"), "{text}");
        for word in ["Gurpreet", "Sahdra"] {
            assert!(!text.contains(word), "{text}");
        }
    }
    // Nobody who is not assigned reads anything.
    let recruiter = account(&app, &council, Role::Recruiter).await;
    assert_eq!(code(reader.list(&recruiter, &vacancy.id)), "not_assigned");
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_read_withholds_the_pack_with_a_plain_reason() {
    let council = Council::new().await;
    let app = council.open();
    let mut event = application("V-1", "A-1");
    event["data"]["application"]["documents"] = json!([{ "file_name": "cv.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjcK" }]);
    council.send(&app, event).await.unwrap();
    redact_everything(&app).await;
    let PackState::Withheld { reasons } = the_application(&app, &council, "A-1").pack else {
        panic!("released");
    };
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert_eq!((reasons[0].part.as_str(), reasons[0].code.as_str()), ("document 1", "damaged"));
    let panel = account(&app, &council, Role::Panel).await;
    let reader = app.pack_reader();
    let vacancy = reader.vacancies(&panel).unwrap().remove(0);
    let entry = reader.list(&panel, &vacancy.id).unwrap().entries.remove(0);
    assert_eq!(entry.state, PackEntryState::Withheld);
    assert_eq!(code(reader.open(&panel, &vacancy.id, entry.pseudonym)), "pack_withheld");

    // Sent again as text, it is redacted and released.
    council.send(&app, application("V-1", "A-1")).await.unwrap();
    redact_everything(&app).await;
    assert_eq!(reader.list(&panel, &vacancy.id).unwrap().entries[0].state, PackEntryState::Ready);
    // And at a recruiter's word once more.
    let recruiter = account(&app, &council, Role::Recruiter).await;
    request_redaction(&app, &recruiter, &the_application(&app, &council, "A-1").id).await.unwrap();
    assert_eq!(the_application(&app, &council, "A-1").pack, PackState::Pending);
    redact_everything(&app).await;
    assert_eq!(reader.list(&panel, &vacancy.id).unwrap().entries[0].state, PackEntryState::Ready);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_opens_only_at_its_stage_and_for_a_reason() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, application("V-1", "A-1")).await.unwrap();
    let recruiter = account(&app, &council, Role::Recruiter).await;
    let id = the_application(&app, &council, "A-1").id;
    let reason = "to invite the candidate to interview";
    assert_eq!(code(disclose_identity(&app, &recruiter, &id, reason).await), "disclosure_not_yet");
    council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    assert_eq!(code(disclose_identity(&app, &recruiter, &id, "  ").await), "reason_missing");
    let disclosed = disclose_identity(&app, &recruiter, &id, reason).await.unwrap();
    assert!(disclosed.fields.contains(&("family_name".to_owned(), "Sahdra".to_owned())));
    assert!(!format!("{disclosed:?}").contains("Sahdra"));

    // Another organisation's recruiter does not even learn that it exists.
    let stranger = Viewer { organisation: "elsewhere".parse().unwrap(), ..recruiter };
    assert_eq!(code(disclose_identity(&app, &stranger, &id, reason).await), "unknown_application");
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_candidate_opens_nowhere_and_the_counts_stay() {
    let council = Council::new().await;
    let app = council.open();
    for number in 0..3 {
        let id = format!("A-{number}");
        council.send(&app, application("V-1", &id)).await.unwrap();
        council.send(&app, stage(&id, "shortlisted")).await.unwrap();
    }
    redact_everything(&app).await;
    let recruiter = account(&app, &council, Role::Recruiter).await;
    let panel = account(&app, &council, Role::Panel).await;
    let before = export_counts(&app, &council.organisation).unwrap();
    let erased = the_application(&app, &council, "A-1");
    let reason = "the candidate asked for erasure by letter";
    erase_candidate(&app, &recruiter, &erased.id, reason).await.unwrap();

    let check = |app: &Arc<Evenhand>| {
        assert_eq!(export_counts(app, &council.organisation).unwrap(), before);
        assert_eq!(recount_tallies(app).unwrap().different, 0);
        let found = the_application(app, &council, "A-1");
        assert_eq!(found.status, ApplicationStatus::Erased);
        let reader = app.pack_reader();
        let list = reader.list(&panel, &erased.vacancy).unwrap();
        assert!(list.entries.iter().all(|entry| entry.pseudonym != erased.pseudonym));
        for entry in list.entries {
            reader.open(&panel, &erased.vacancy, entry.pseudonym).unwrap();
        }
    };
    check(&app);
    let again = erase_candidate(&app, &recruiter, &erased.id, reason).await;
    assert_eq!(code(again), "application_erased");
    let asked = disclose_identity(&app, &recruiter, &erased.id, reason).await;
    assert_eq!(code(asked), "application_erased");
    let other = the_application(&app, &council, "A-2").id;
    disclose_identity(&app, &recruiter, &other, reason).await.unwrap();
    assert_eq!(code(council.send(&app, stage("A-1", "interviewed")).await), "application_erased");
    assert_eq!(code(council.send(&app, application("V-1", "A-1")).await), "application_erased");
    app.shut_down().await;
    drop(app);

    // After a restart, and after a rebuild from nothing, the same.
    let app = council.open();
    check(&app);
    app.shut_down().await;
    drop(app);
    std::fs::remove_dir_all(council.data().join("views")).unwrap();
    let app = council.open();
    check(&app);
    disclose_identity(&app, &recruiter, &other, reason).await.unwrap();
    // And after another exchange of keys.
    let actor = council.admin().actor();
    rotate_keys(&app, &council.organisation, actor).await.unwrap();
    check(&app);
    disclose_identity(&app, &recruiter, &other, reason).await.unwrap();
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_from_before_an_erasure_are_rebuilt_to_the_same_counts() {
    let council = Council::new().await;
    let app = council.open();
    for id in ["A-1", "A-2"] {
        council.send(&app, application("V-1", id)).await.unwrap();
    }
    app.shut_down().await;
    drop(app);
    // What a crash may leave: views that have not seen the last records.
    let views = council.data().join("views");
    let old = council.folder.path().join("old-views");
    copy_folder(&views, &old);

    let app = council.open();
    council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    let recruiter = account(&app, &council, Role::Recruiter).await;
    let id = the_application(&app, &council, "A-1").id;
    erase_candidate(&app, &recruiter, &id, "the candidate asked for erasure").await.unwrap();
    let before = export_counts(&app, &council.organisation).unwrap();
    app.shut_down().await;
    drop(app);

    std::fs::remove_dir_all(&views).unwrap();
    copy_folder(&old, &views);
    let app = council.open();
    assert_eq!(export_counts(&app, &council.organisation).unwrap(), before);
    assert_eq!(recount_tallies(&app).unwrap().different, 0);
    app.shut_down().await;
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_candidate_is_erased_with_them_and_keys_of_those_who_wait_are_kept() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, characteristics("A-2", json!({ "sex": "Male" }))).await.unwrap();
    council.send(&app, application("V-1", "A-1")).await.unwrap();
    let recruiter = account(&app, &council, Role::Recruiter).await;
    let id: ApplicationId = the_application(&app, &council, "A-1").id;
    erase_candidate(&app, &recruiter, &id, "the candidate asked for erasure").await.unwrap();
    // A-2's answers came under a key of its own, which outlives the erasure of A-1.
    council.send(&app, application("V-1", "A-2")).await.unwrap();
    council.send(&app, stage("A-2", "shortlisted")).await.unwrap();
    assert_eq!(counts(&app, &council, "sex,male,received").len(), 1);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_work_until_they_are_renewed_or_revoked() {
    let council = Council::new().await;
    let app = council.open();
    let admin = council.admin();
    let added = add_user(&app, &admin, "auditor", Role::Auditor, [].into()).await.unwrap();
    assert_eq!(authenticate(&app, &added.token).unwrap().unwrap().role, Role::Auditor);
    let renewed = renew_token(&app, &admin, &added.user.id).await.unwrap();
    assert_eq!(authenticate(&app, &added.token).unwrap(), None);
    assert!(authenticate(&app, &renewed.token).unwrap().is_some());
    revoke_user(&app, &admin, &added.user.id).await.unwrap();
    assert_eq!(authenticate(&app, &renewed.token).unwrap(), None);
    assert_eq!(authenticate(&app, "").unwrap(), None);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_audits_a_vacancy_may_not_sit_on_its_panel() {
    let council = Council::new().await;
    let app = council.open();
    council.send(&app, vacancy_opened("V-1")).await.unwrap();
    let admin = council.admin();
    let vacancy: BTreeSet<_> =
        list_vacancies(&app, &admin).unwrap().into_iter().map(|vacancy| vacancy.id).collect();
    let refused = add_user(&app, &admin, "both", Role::Auditor, vacancy.clone()).await;
    assert_eq!(code(refused), "separation_of_duties");
    let auditor = add_user(&app, &admin, "auditor", Role::Auditor, [].into()).await.unwrap();
    let refused = assign_vacancies(&app, &admin, &auditor.user.id, vacancy).await;
    assert_eq!(code(refused), "separation_of_duties");
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_on_one_folder_is_refused() {
    let council = Council::new().await;
    let app = council.open();
    let refused = Evenhand::open(council.settings()).unwrap_err().to_string();
    assert!(refused.contains("in use"), "{refused}");
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(council.config())
        .output()
        .unwrap();
    assert_eq!(child.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&child.stderr).contains("in use"));
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_person_stands_in_clear_in_the_data_folder() {
    let council = Council::new().await;
    let app = council.open();
    let mut event = application("V-1", "A-1");
    let long = "I worked with Gurpreet Sahdra. ".repeat(5_000);
    event["data"]["application"]["documents"] = json!([{ "text": long }]);
    council.send(&app, event).await.unwrap();
    council.send(&app, stage("A-1", "shortlisted")).await.unwrap();
    redact_everything(&app).await;
    let recruiter = account(&app, &council, Role::Recruiter).await;
    let id = the_application(&app, &council, "A-1").id;
    disclose_identity(&app, &recruiter, &id, "to invite Gurpreet to interview").await.unwrap();
    app.shut_down().await;
    drop(app);
    let mut pending = vec![council.data()];
    let mut files = 0;
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for word in ["Gurpreet", "Sahdra", "example.com", "900142", "keep good notes"] {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{word} stands in {}", path.display());
            }
        }
    }
    assert!(files >= 4, "{files} files looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_deliveries_leave_no_trace() {
    let council = Council::new().await;
    let app = council.open();
    let mut event = application("V-1", "A-1");
    event["data"]["application"]["id"] = Value::Null;
    council.send_as(&app, "msg_1", event).await.unwrap_err();
    assert!(applications(&app, &council).is_empty());
    // The same id with a sound body is taken.
    council.send_as(&app, "msg_1", application("V-1", "A-1")).await.unwrap();
    assert_eq!(applications(&app, &council).len(), 1);
    app.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_could_not_be_recorded_can_be_created_again() {
    let council = Council::new().await;
    let mut settings = council.settings();
    settings.journal.max_record_bytes = 10;
    let (app, _) = Evenhand::open(settings).unwrap();
    let id: evenhand::domain::OrganisationId = "elsewhere".parse().unwrap();
    let refused = create_organisation(&app, id.clone(), "Elsewhere Council", 10).await;
    assert_eq!(code(refused), "too_large");
    app.shut_down().await;
    drop(app);
    let app = council.open();
    create_organisation(&app, id, "Elsewhere Council", 10).await.unwrap();
    app.shut_down().await;
}
