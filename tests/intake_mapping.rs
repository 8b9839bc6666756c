//! Payloads to events: the standard format, an invented vendor's quite different one, and everything that is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::sync::LazyLock;

use evenhand::domain::{SourceEvent, VacancyState};
use evenhand::intake::{MappingError, map};
use evenhand::rulebook::{RuleFile, Rulebook, SourceMapping};
use serde_json::{Value, json};

/// The built-in rules, read once.
static RULES: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::built_in().unwrap());

fn standard(body: &Value) -> Result<SourceEvent, MappingError> {
    map(RULES.source("standard").unwrap(), body.to_string().as_bytes())
}

fn talentloop(body: &Value) -> Result<SourceEvent, MappingError> {
    let file = RuleFile {
        path: "sources/talentloop.toml",
        text: include_str!("fixtures/sources/talentloop.toml"),
    };
    let rules = Rulebook::built_in().unwrap();
    let mapping =
        SourceMapping::from_file(&file, rules.recruitment(), rules.characteristics()).unwrap();
    map(&mapping, body.to_string().as_bytes())
}

fn application() -> Value {
    json!({
        "type": "application.received",
        "data": {
            "vacancy": { "id": "WMC-26/00417" },
            "application": {
                "id": 93,
                "received_at": "2026-03-02T09:30:00+01:00",
                "identity": {
                    "title": "Mrs", "given_names": "Gwenllian Haf", "family_name": "Prosser",
                    "email": ["g.prosser@example.com", null, " "], "phone": "07700 900118",
                    "address": ["2 Heol y Felin", "Aberwern"], "postcode": null,
                },
                "answers": [
                    { "question": "Why this post?", "text": "Because of the river." },
                    { "question": "Do you drive?", "text": true },
                    { "question": "Languages", "text": ["Welsh", "English"] },
                    { "question": "Left blank", "text": "" },
                ],
                "documents": [
                    { "file_name": "cv.txt", "media_type": "text/plain", "content": "aGVs\nbG8=" },
                    { "text": "A letter." },
                ],
            },
            "characteristics": { "ethnic_group": "White Welsh", "disability": false, "sex": null },
            "something_new": { "ignored": [1, 2, 3] },
        },
    })
}

#[test]
fn an_application_in_the_standard_format_is_read_whole() {
    let Ok(SourceEvent::ApplicationReceived(event)) = standard(&application()) else {
        panic!("not an application");
    };
    assert_eq!(event.vacancy.as_str(), "WMC-26/00417");
    assert_eq!(event.application.as_str(), "93");
    assert_eq!(event.at.unwrap().to_string(), "2026-03-02T08:30:00Z");
    let identity = &event.content.identity;
    assert_eq!(identity.given_names.as_deref(), Some("Gwenllian Haf"));
    assert_eq!(identity.email, ["g.prosser@example.com"]);
    assert_eq!(identity.phone, ["07700 900118"]);
    assert_eq!(identity.address, ["2 Heol y Felin", "Aberwern"]);
    assert_eq!(identity.postcode, None);
    let answers: Vec<(&str, &str)> =
        event.content.answers.iter().map(|a| (a.question.as_str(), a.text.as_str())).collect();
    assert_eq!(
        answers,
        [
            ("Why this post?", "Because of the river."),
            ("Do you drive?", "yes"),
            ("Languages", "Welsh, English"),
        ]
    );
    let [cv, letter] = &event.content.documents[..] else { panic!("two documents") };
    assert_eq!((cv.bytes.as_slice(), cv.file_name.as_deref()), (&b"hello"[..], Some("cv.txt")));
    assert_eq!(letter.media_type.as_deref(), Some("text/plain"));
    let declared: Vec<(&str, &str)> =
        event.characteristics.iter().map(|(id, label)| (id.as_str(), label.as_str())).collect();
    assert_eq!(declared, [("disability", "no"), ("ethnic_group", "White Welsh")]);
}

#[test]
fn the_other_events_of_the_standard_format_are_read() {
    let vacancy = standard(&json!({
        "type": "vacancy.changed",
        "data": { "vacancy": {
            "id": "417", "title": "Flood Warden", "state": "Closed", "family": "wardens",
            "stages": ["received", "Shortlisted", "appointed"], "allow": ["Welsh"],
        } },
    }));
    let Ok(SourceEvent::VacancyChanged(vacancy)) = vacancy else { panic!("{vacancy:?}") };
    assert_eq!(vacancy.state, Some(VacancyState::Closed));
    assert_eq!(vacancy.grade, None);
    let stages: Vec<String> = vacancy.stages.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(stages, ["received", "shortlisted", "appointed"]);

    let opened = json!({ "type": "vacancy.opened", "data": { "vacancy": { "id": "417" } } });
    let Ok(SourceEvent::VacancyChanged(opened)) = standard(&opened) else { panic!("no vacancy") };
    assert_eq!((opened.state, opened.title), (Some(VacancyState::Open), None));

    let moved = json!({
        "type": "application.stage_changed",
        "data": { "application": { "id": "a-1" }, "stage": "SHORTLISTED", "at": "2026-03-09T12:00:00Z" },
    });
    let Ok(SourceEvent::StageChanged(moved)) = standard(&moved) else { panic!("no move") };
    assert_eq!(moved.stage.as_str(), "shortlisted");

    let left =
        json!({ "type": "application.withdrawn", "data": { "application": { "id": "a-1" } } });
    let Ok(SourceEvent::Withdrawn(left)) = standard(&left) else { panic!("no withdrawal") };
    assert_eq!((left.application.as_str(), left.at), ("a-1", None));

    let declared = json!({
        "type": "application.characteristics",
        "data": { "application": { "id": "a-1" }, "characteristics": { "Sex": "Female", "Ethnic origin": "A1", "Do you identify as trans?": "No" } },
    });
    let Ok(SourceEvent::CharacteristicsReceived(declared)) = standard(&declared) else {
        panic!("no characteristics");
    };
    let ids: Vec<&str> = declared.characteristics.keys().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["ethnic_group", "gender_identity", "sex"], "by the names that the rules know");
    let trans = declared.characteristics.values().nth(1).unwrap();
    assert_eq!(trans, "same", "no means what was asked");
}

#[test]
fn a_vendor_of_another_shape_needs_only_its_file() {
    let applied = json!({
        "meta": { "hook": "CandidateApplied", "v": 3 },
        "candidate": {
            "id": 5_550_117, "job_ref": 417, "applied_ms": 1_772_442_000_000_i64,
            "person": {
                "salutation": "Dr", "first": "Tomos", "middle": "Rhys", "last": "Beynon",
                "email": "t.beynon@example.com", "email2": "tomos@example.org",
                "phones": ["07700 900551", "029 2018 0551"],
                "addr": { "line1": "9 Quay Street", "line2": null, "town": "Porthwen", "pc": "CF99 1NA" },
            },
            "links": ["https://example.com/tomos"],
            "statement": "Ten years of drainage.",
            "custom": [{ "label": "Notice period in weeks", "given": 4 }],
            "files": [{ "n": "cv.pdf", "mime": "application/pdf", "b64": "JVBERg" }],
            "eq": { "eth": "W2" },
        },
    });
    let Ok(SourceEvent::ApplicationReceived(event)) = talentloop(&applied) else {
        panic!("not an application");
    };
    let identity = &event.content.identity;
    assert_eq!(event.application.as_str(), "5550117");
    assert_eq!(event.at.unwrap().to_string(), "2026-03-02T09:00:00Z");
    assert_eq!(identity.given_names.as_deref(), Some("Tomos Rhys"));
    assert_eq!(identity.email, ["t.beynon@example.com", "tomos@example.org"]);
    assert_eq!(identity.phone.len(), 2);
    assert_eq!(identity.address, ["9 Quay Street", "Porthwen"]);
    assert_eq!(identity.urls, ["https://example.com/tomos"]);
    let questions: Vec<&str> = event.content.answers.iter().map(|a| a.question.as_str()).collect();
    assert_eq!(questions, ["Supporting statement", "Notice period in weeks"]);
    assert_eq!(event.content.documents[0].bytes, b"%PDF");
    assert_eq!(event.characteristics.values().collect::<Vec<_>>(), ["W2"]);

    for (body, expected) in [
        (json!({ "meta": { "hook": "CandidateHired" }, "candidate": { "id": 1 } }), "appointed"),
        (
            json!({ "meta": { "hook": "CandidateMoved" }, "candidate": { "id": 1 },
                    "to": { "name": "interview 1 " }, "moved_ms": 1_772_442_000_000_i64 }),
            "interviewed",
        ),
    ] {
        let Ok(SourceEvent::StageChanged(moved)) = talentloop(&body) else { panic!("{body}") };
        assert_eq!(moved.stage.as_str(), expected);
    }
    let rated = json!({ "meta": { "hook": "CandidateRated" }, "stars": 4 });
    assert_eq!(talentloop(&rated), Ok(SourceEvent::Ignored));
    let job = json!({
        "meta": { "hook": "JobPublished" },
        "job": { "ref": "417", "advert": { "heading": "Drainage Engineer" }, "status": "Live",
                 "pay": { "band": 9 }, "org_path": ["Council", "Highways"],
                 "pipeline": ["New applicant", "On shortlist"] },
    });
    let Ok(SourceEvent::VacancyChanged(job)) = talentloop(&job) else { panic!("no vacancy") };
    assert_eq!(job.directorate.as_deref(), Some("Highways"));
    assert_eq!((job.grade.as_deref(), job.state), (Some("9"), Some(VacancyState::Open)));
    let closed = json!({ "meta": { "hook": "JobClosed" }, "job": { "ref": "417" } });
    let Ok(SourceEvent::VacancyChanged(closed)) = talentloop(&closed) else { panic!("no vacancy") };
    assert_eq!(closed.state, Some(VacancyState::Closed));
    let form = json!({
        "meta": { "hook": "MonitoringFormReturned" },
        "form": { "candidate_id": 1, "items": [
            { "code": "eq_sex", "choice": "F" }, { "code": "OWN_7", "choice": "tea" }, { "code": "EQ_DIS", "choice": null },
        ] },
    });
    let Ok(SourceEvent::CharacteristicsReceived(form)) = talentloop(&form) else { panic!("none") };
    assert_eq!(form.characteristics.len(), 1);
}

#[test]
fn a_body_that_is_not_json_is_named_with_its_place() {
    let rules = Rulebook::built_in().unwrap();
    let mapping = rules.source("standard").unwrap();
    let deep = "[".repeat(10_000);
    for (body, line) in [
        (&b""[..], 1),
        (b"{\n  \"type\": \"vacancy.opened\",\n  oops\n}", 3),
        (b"type=vacancy.opened", 1),
        (b"{\"type\": \"vacancy.opened\"} trailing", 1),
        (b"{\"type\": \"\xff\xfe\"}", 1),
        (deep.as_bytes(), 1),
    ] {
        let error = map(mapping, body).unwrap_err();
        assert!(error.is_malformed(), "{error}");
        assert_eq!(error.path(), None);
        assert!(error.to_string().contains(&format!("line {line},")), "{error}");
    }
    assert!(
        map(
            mapping,
            b"\xef\xbb\xbf{\"type\": \"vacancy.opened\", \"data\": {\"vacancy\": {\"id\": 1}}}"
        )
        .is_ok()
    );
}

/// The application with one change, and the code and path that it is refused with.
#[test]
fn what_is_wrong_is_named_by_its_path() {
    type Case = (&'static str, Value, &'static str, &'static str);
    let long = "x".repeat(3_100);
    let cases: Vec<Case> = vec![
        ("/type", json!("application.recieved"), "unknown_event", "/type"),
        ("/type", json!(null), "field_missing", "/type"),
        ("/type", json!(["application.received"]), "wrong_type", "/type"),
        ("/data", json!([]), "field_missing", "/data/vacancy/id"),
        ("/data", json!("text"), "wrong_type", "/data"),
        ("/data/vacancy/id", json!(true), "wrong_type", "/data/vacancy/id"),
        ("/data/vacancy/id", json!(1.5), "wrong_type", "/data/vacancy/id"),
        ("/data/vacancy/id", json!("a\nb"), "bad_reference", "/data/vacancy/id"),
        ("/data/application/id", json!("  "), "field_missing", "/data/application/id"),
        (
            "/data/application/received_at",
            json!("2026-03-02"),
            "bad_time",
            "/data/application/received_at",
        ),
        ("/data/application/received_at", json!({}), "wrong_type", "/data/application/received_at"),
        (
            "/data/application/identity",
            json!("Gwenllian Prosser"),
            "wrong_type",
            "/data/application/identity",
        ),
        (
            "/data/application/identity/family_name",
            json!(["A", "B"]),
            "wrong_type",
            "/data/application/identity/family_name",
        ),
        (
            "/data/application/identity/email",
            json!({ "home": "x" }),
            "wrong_type",
            "/data/application/identity/email",
        ),
        (
            "/data/application/identity/email/0",
            json!(false),
            "wrong_type",
            "/data/application/identity/email/0",
        ),
        (
            "/data/application/identity/address",
            json!(long),
            "over_limit",
            "/data/application/identity",
        ),
        (
            "/data/application/answers",
            json!({ "q": "a" }),
            "wrong_type",
            "/data/application/answers",
        ),
        (
            "/data/application/answers/1/question",
            json!(null),
            "field_missing",
            "/data/application/answers/1/question",
        ),
        (
            "/data/application/answers/0/text",
            json!({}),
            "wrong_type",
            "/data/application/answers/0/text",
        ),
        (
            "/data/application/documents/0/content",
            json!("!!!"),
            "bad_base64",
            "/data/application/documents/0/content",
        ),
        (
            "/data/application/documents/0/content",
            json!(7),
            "wrong_type",
            "/data/application/documents/0/content",
        ),
        (
            "/data/application/documents/1/text",
            json!(""),
            "field_missing",
            "/data/application/documents/1/content",
        ),
        ("/data/characteristics", json!(["White Welsh"]), "wrong_type", "/data/characteristics"),
        (
            "/data/characteristics",
            json!({ "shoe size": "x" }),
            "unknown_characteristic",
            "/data/characteristics/shoe size",
        ),
        (
            "/data/characteristics/sex",
            json!({ "code": 1 }),
            "wrong_type",
            "/data/characteristics/sex",
        ),
    ];
    for (pointer, value, code, path) in cases {
        let mut body = application();
        *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value.clone();
        let error = standard(&body).expect_err(pointer);
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{pointer} = {value}");
        assert!(!error.is_malformed());
    }
}

#[test]
fn a_stage_or_state_that_the_mapping_does_not_list_is_refused_with_those_it_lists() {
    for (body, code, path) in [
        (
            json!({ "type": "application.stage_changed", "data": { "application": { "id": 1 }, "stage": "Sifted" } }),
            "unknown_stage",
            "/data/stage",
        ),
        (
            json!({ "type": "vacancy.changed", "data": { "vacancy": { "id": 1, "stages": ["received", "sift"] } } }),
            "unknown_stage",
            "/data/vacancy/stages/1",
        ),
        (
            json!({ "type": "vacancy.changed", "data": { "vacancy": { "id": 1, "state": "paused" } } }),
            "unknown_vacancy_state",
            "/data/vacancy/state",
        ),
    ] {
        let error = standard(&body).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)));
        assert!(error.to_string().contains("shortlisted") || error.to_string().contains("open"));
    }
}

#[test]
fn more_than_a_form_can_hold_is_refused() {
    for (pointer, item, most, code_path) in [
        (
            "/data/application/answers",
            json!({ "question": "q", "text": "t" }),
            60,
            "/data/application/answers",
        ),
        ("/data/application/documents", json!({ "text": "t" }), 20, "/data/application/documents"),
    ] {
        let mut body = application();
        for (count, accepted) in [(most, true), (most + 1, false)] {
            *body.pointer_mut(pointer).unwrap() = json!(vec![item.clone(); count]);
            match standard(&body) {
                Ok(_) => assert!(accepted, "{count}"),
                Err(error) => {
                    assert!(!accepted, "{error}");
                    assert_eq!((error.code(), error.path()), ("over_limit", Some(code_path)));
                    assert!(error.to_string().contains(&most.to_string()), "{error}");
                }
            }
        }
    }
}

#[test]
fn no_error_repeats_what_was_sent() {
    let mut bodies = Vec::new();
    for pointer in [
        "/type",
        "/data/vacancy/id",
        "/data/application/received_at",
        "/data/application/identity",
        "/data/application/documents/0/content",
    ] {
        let mut body = application();
        *body.pointer_mut(pointer).unwrap() = json!(["Zebedee Quux", { "Zebedee": 1 }]);
        bodies.push(body.clone());
        *body.pointer_mut(pointer).unwrap() = json!("Zebedee\u{7}Quux");
        bodies.push(body);
    }
    for body in bodies {
        if let Err(error) = standard(&body) {
            assert!(!format!("{error} {error:?}").contains("Zebedee"), "{error:?}");
        }
    }
}

proptest::proptest! {
    /// Whatever arrives, the answer is an event or an error.
    #[test]
    fn no_body_makes_the_mapping_panic(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
        place in 0_usize..12,
        junk in "[\\PC]{0,40}",
    ) {
        let mapping = RULES.source("standard").unwrap();
        let _ = map(mapping, &bytes);
        let pointers = [
            "/type", "/data", "/data/vacancy", "/data/vacancy/id", "/data/application",
            "/data/application/id", "/data/application/received_at", "/data/application/identity",
            "/data/application/answers", "/data/application/documents", "/data/characteristics",
            "/data/application/documents/0/content",
        ];
        for value in [json!(junk), json!([junk]), json!({ junk.clone(): junk }), json!(-1.5e300)] {
            let mut body = application();
            *body.pointer_mut(pointers[place]).unwrap() = value;
            let _ = standard(&body);
        }
    }
}
