//! Damaged PDFs and Word documents sent to the running service, as forms and with deliveries: each is redacted or has a
//! plain reason, none stops or holds up the service, and the next document is redacted as ever.
//!
//! `EVENHAND_DOCUMENTS=full` sends 320 PDFs and 120 Word documents instead of 200 and 80.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod document_support;
mod pdf_support;
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use document_support::{Docx, mutate, p, zip};
use evenhand::document::write::{CleanDocument, CleanPart, WriteFormat, write};
use evenhand::domain::Role;
use evenhand::workflow::add_user;
use pdf_support::{Pdf, line};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use support::{Council, SOURCE, Served, vacancy_opened};

/// How many are sent at a time: more than there are readers, fewer than the service refuses.
const SENDERS: usize = 4;
/// A service that does not answer for so long hangs.
const HANGS: Duration = Duration::from_secs(120);
const WORDS: &str = "Zoë Prosser\n\nPROFILE\n\nI led the duty team and kept its rota.\n\n- Budgets\n- Rotas\n\n\
                     Post\tYears\nOfficer\t4\nManager\t2\n";

fn written(format: WriteFormat) -> Vec<u8> {
    let parts = [CleanPart { heading: "", text: WORDS }];
    let document =
        CleanDocument { title: "Application", language: "en-GB", page_words: "", parts: &parts };
    write(&document, format).unwrap()
}

/// PDFs of several makes: streams packed and plain, annotations, a form, particulars, pages within pages.
fn pdfs() -> Vec<Vec<u8>> {
    let lines =
        |text: &str| (0..12).map(|row| line(60, 780 - 20 * row, 11, text)).collect::<String>();
    let plain = Pdf::new().page(lines("I led the duty team of Larchmere.")).finish();
    let mut form = Pdf::new();
    let field = form.object(
        "<< /FT /Tx /T (Name) /V (Zoe Prosser) /Type /Annot /Subtype /Widget /Rect [60 700 300 720] >>",
    );
    let link = form.object(
        "<< /Type /Annot /Subtype /Link /Rect [60 600 90 620] /A << /S /URI /URI (https://example.com/zoe) >> >>",
    );
    let form = form
        .page_with(&format!("/Annots [{field} 0 R {link} 0 R]"), "", lines("Please see the form."))
        .page(lines("A second page, with braces \\( and \\)."))
        .catalog(&format!("/AcroForm << /Fields [{field} 0 R] >>"))
        .info("/Author (Zoe Prosser) /Title (CV)")
        .finish();
    vec![written(WriteFormat::Pdf), plain, form]
}

/// Word documents with a table, a header, comments and links, as whole archives and as parts to be damaged one by one.
fn word() -> Vec<Docx> {
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Officer</w:t></w:r></w:p></w:tc>\
                 <w:tc><w:p><w:r><w:t>4 years</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    vec![
        Docx::paragraphs(&["Dear panel", "I led the duty team.", "Yours, Zoë Prosser"])
            .link("l", "https://example.com/zoe"),
        Docx::new(&format!("{}{table}{}", p("I kept the rota."), p("Thank you."))),
    ]
}

/// The damaged document of a number, packed or with one part damaged before it is packed.
fn damaged_word(documents: &[Docx], number: usize) -> Vec<u8> {
    let seed = u64::try_from(number).unwrap();
    let document = &documents[number % documents.len()];
    if number.is_multiple_of(3) {
        return mutate(&document.build(), seed);
    }
    let entries = document.entries();
    let chosen = number / 3 % entries.len();
    let entries: Vec<(String, Vec<u8>)> = entries
        .into_iter()
        .enumerate()
        .map(|(at, (name, bytes))| {
            let bytes = if at == chosen { mutate(&bytes, seed) } else { bytes };
            (name, bytes)
        })
        .collect();
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip(&entries)
}

/// The running service and the one who sends to it.
struct Site {
    council: Council,
    served: Served,
    client: Client,
    token: String,
}

impl Site {
    async fn start() -> Self {
        let council = Council::new().await;
        let app = council.open();
        council.send(&app, vacancy_opened("V-1")).await.unwrap();
        let user = add_user(&app, &council.admin(), "HR desk", Role::Recruiter, [].into()).await;
        let token = user.unwrap().token.to_string();
        app.shut_down().await;
        drop(app);
        let served = Served::start(&council.config());
        let client = Client::builder().timeout(HANGS).build().unwrap();
        Self { council, served, client, token }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.served.address)
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).bearer_auth(&self.token).send().await.unwrap()
    }

    /// Sends a document to be redacted as one request.
    async fn redact(&self, document: &[u8], to: &str) -> Response {
        let part = |name: &str| {
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n")
        };
        let mut body = part("to").into_bytes();
        body.extend_from_slice(format!("{to}\r\n{}", part("document")).as_bytes());
        body.extend_from_slice(document);
        body.extend_from_slice(b"\r\n--frontier--\r\n");
        self.client
            .post(self.url("/v1/redactions"))
            .bearer_auth(&self.token)
            .header("content-type", "multipart/form-data; boundary=frontier")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Sends a document with an application, as its source does.
    async fn deliver(&self, name: &str, document: &[u8]) -> StatusCode {
        let event = json!({
            "type": "application.received",
            "data": {
                "vacancy": { "id": "V-1" },
                "application": {
                    "id": name,
                    "identity": { "given_names": "Zoë", "family_name": "Prosser" },
                    "documents": [{ "content": STANDARD.encode(document) }],
                },
            },
        });
        let body = event.to_string().into_bytes();
        let headers = self.council.signed(name, &body);
        let mut request =
            self.client.post(self.url(&format!("/v1/sources/{SOURCE}/deliveries"))).body(body);
        for (name, value) in headers.iter() {
            request = request.header(name, value);
        }
        request.send().await.unwrap().status()
    }

    /// What became of each application, when the worker is through with all.
    async fn packs(&self) -> BTreeMap<String, Value> {
        let vacancies: Value = self.get("/v1/vacancies").await.json().await.unwrap();
        let id = vacancies["vacancies"][0]["id"].as_str().unwrap();
        loop {
            let answer = self.get(&format!("/v1/vacancies/{id}/applications")).await;
            let answer: Value = answer.json().await.unwrap();
            let found: BTreeMap<String, Value> = answer["applications"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| (row["reference"].as_str().unwrap().to_owned(), row["pack"].clone()))
                .collect();
            if found.values().all(|pack| pack["state"] != "pending") {
                return found;
            }
            // Nothing depends on how often it is asked.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// One damaged document: a clean copy, or a plain reason with what to do.
async fn answered(site: &Site, name: &str, document: &[u8], to: &str) -> bool {
    let answer = site.redact(document, to).await;
    let status = answer.status();
    if status == StatusCode::OK {
        assert!(!answer.bytes().await.unwrap().is_empty(), "{name}");
        return true;
    }
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(
        (status.as_u16(), answer["code"].as_str()),
        (422, Some("withheld")),
        "{name}: {answer}"
    );
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains(": ") && detail.len() > 40, "{name}: {answer}");
    for code in ["reader_stopped", "took_too_long", "reader_unavailable", "not_written"] {
        assert!(!detail.contains(code), "{name}: {answer}");
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_documents_cost_themselves_and_never_the_running_service() {
    let full = std::env::var("EVENHAND_DOCUMENTS").is_ok_and(|which| which == "full");
    let (of_pdf, of_word) = if full { (320, 120) } else { (200, 80) };
    let (pdfs, word) = (pdfs(), word());
    let documents: Vec<(String, Vec<u8>)> = (0..of_pdf)
        .map(|n| (format!("pdf-{n}"), mutate(&pdfs[n % pdfs.len()], u64::try_from(n).unwrap())))
        .chain((0..of_word).map(|n| (format!("docx-{n}"), damaged_word(&word, n))))
        .collect();
    let site = Arc::new(Site::start().await);
    let documents = Arc::new(documents);
    let next = Arc::new(AtomicUsize::new(0));
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..SENDERS {
        let (site, documents, next) =
            (Arc::clone(&site), Arc::clone(&documents), Arc::clone(&next));
        senders.spawn(async move {
            let mut released = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some((name, document)) = documents.get(number) else { return released };
                // Every one as a form; every fourth also with a delivery.
                let to = ["txt", "pdf", "txt", "docx"][number % 4];
                released += usize::from(answered(&site, name, document, to).await);
                if number.is_multiple_of(4) {
                    assert_eq!(site.deliver(name, document).await, 200, "{name}");
                }
            }
        });
    }
    let released: usize = senders.join_all().await.into_iter().sum();
    // Some damage leaves the words whole: readers that refuse everything would prove nothing.
    assert!(released > documents.len() / 10 && released < documents.len(), "{released} released");

    let packs = site.packs().await;
    assert_eq!(packs.len(), documents.len().div_ceil(4));
    for (name, pack) in &packs {
        if pack["state"] == "withheld" {
            let reasons = pack["reasons"].as_array().unwrap();
            assert!(!reasons.is_empty(), "{name}");
            for reason in reasons {
                assert!(reason["message"].as_str().unwrap().len() > 40, "{name}: {reason}");
                assert_ne!(reason["code"], "redaction_failed", "{name}");
            }
        }
    }
    assert!(packs.values().any(|pack| pack["state"] == "released"));
    eprintln!(
        "{} documents as forms, {released} released; {} delivered",
        documents.len(),
        packs.len()
    );

    // The service is as it was.
    assert_eq!(site.get("/health/ready").await.status(), 200);
    for (document, to) in [(&pdfs[1], "pdf"), (&word[0].build(), "docx")] {
        assert_eq!(site.redact(document, to).await.status(), 200);
    }
    let site = Arc::into_inner(site).unwrap();
    assert!(site.served.terminate().success());
}
