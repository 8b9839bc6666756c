//! What several tests share: a council on a temporary folder, and a sending system that signs like one.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use evenhand::config::TEMPLATE;
use evenhand::domain::{OrganisationId, SourceId};
use evenhand::intake::{DeliveryHeaders, Secret, sign};
use evenhand::rulebook::{Rulebook, SignatureScheme};
use evenhand::vault::Vault;
use evenhand::workflow::{
    DeliveryAnswer, Evenhand, Settings, Viewer, WorkflowError, add_source, create_organisation,
    operator, receive_delivery,
};
use serde_json::{Value, json};

/// A council with one source on a temporary folder.
pub struct Council {
    pub folder: tempfile::TempDir,
    pub organisation: OrganisationId,
    pub secret: String,
    next: AtomicU64,
}

pub const SOURCE: &str = "ats";

impl Council {
    /// Sets a council up and closes the program again.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let organisation: OrganisationId = "larchmere".parse().unwrap();
        Vault::create_key_file(&folder.path().join("evenhand.key")).unwrap();
        std::fs::write(folder.path().join("evenhand.toml"), TEMPLATE).unwrap();
        let council = Self { folder, organisation, secret: String::new(), next: AtomicU64::new(0) };
        let app = council.open();
        create_organisation(&app, council.organisation.clone(), "Larchmere Council", 10)
            .await
            .unwrap();
        let source =
            add_source(&app, &council.admin(), SOURCE.parse().unwrap(), "standard").await.unwrap();
        app.shut_down().await;
        Self { secret: source.secret.to_string(), ..council }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("evenhand.toml")
    }

    pub fn settings(&self) -> Settings {
        let key_file = self.folder.path().join("evenhand.key");
        Settings::new(self.data(), key_file).unwrap().engine_when_needed()
    }

    /// Opens the program on the council's folder. Another test may be starting a process at this moment, which
    /// holds a copy of our lock until it has begun, so a folder that seems in use is tried for a while.
    pub fn open(&self) -> Arc<Evenhand> {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            match Evenhand::open(self.settings()) {
                Ok((app, _)) => return app,
                Err(error) if error.to_string().contains("in use") && Instant::now() < until => {
                    std::thread::yield_now();
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    pub fn admin(&self) -> Viewer {
        operator(self.organisation.clone())
    }

    pub fn source(&self) -> SourceId {
        SOURCE.parse().unwrap()
    }

    /// The headers of a delivery, signed now.
    pub fn signed(&self, id: &str, body: &[u8]) -> DeliveryHeaders {
        let (scheme, secret) = signer(&self.secret);
        sign(&scheme, &secret, id, jiff::Timestamp::now(), body)
    }

    /// Hands an event to the program as a signed delivery with an id of its own.
    pub async fn send(
        &self,
        app: &Evenhand,
        event: Value,
    ) -> Result<DeliveryAnswer, WorkflowError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.send_as(app, &format!("msg_{number}"), event).await
    }

    /// The same with a given id.
    pub async fn send_as(
        &self,
        app: &Evenhand,
        id: &str,
        event: Value,
    ) -> Result<DeliveryAnswer, WorkflowError> {
        let body = event.to_string().into_bytes();
        receive_delivery(app, &self.source(), &self.signed(id, &body), &body).await
    }
}

/// The standard scheme and a secret read by it.
pub fn signer(secret: &str) -> (SignatureScheme, Secret) {
    let rules = Rulebook::built_in().unwrap();
    let scheme = rules.source("standard").unwrap().signature.clone();
    let secret = Secret::parse(secret, scheme.secret).unwrap();
    (scheme, secret)
}

pub fn vacancy_opened(id: &str) -> Value {
    json!({ "type": "vacancy.opened", "data": { "vacancy": { "id": id, "title": "Housing Officer" } } })
}

pub fn application(vacancy: &str, id: &str) -> Value {
    json!({
        "type": "application.received",
        "data": {
            "vacancy": { "id": vacancy },
            "application": {
                "id": id,
                "identity": {
                    "given_names": "Gurpreet",
                    "family_name": "Sahdra",
                    "email": format!("gurpreet.{id}@example.com").to_lowercase(),
                    "phone": "07700 900142",
                },
                "answers": [{
                    "question": "Why do you want this post?",
                    "text": "My name is Gurpreet Sahdra. I answer calls and keep good notes.",
                }],
            },
            "characteristics": { "ethnic_group": "Indian", "sex": "Female" },
        },
    })
}

pub fn stage(id: &str, stage: &str) -> Value {
    json!({
        "type": "application.stage_changed",
        "data": { "application": { "id": id }, "stage": stage },
    })
}

pub fn characteristics(id: &str, answers: Value) -> Value {
    json!({
        "type": "application.characteristics",
        "data": { "application": { "id": id }, "characteristics": answers },
    })
}

/// The server as a process of its own.
pub struct Served {
    pub child: Child,
    pub address: SocketAddr,
}

impl Served {
    /// Starts `evenhand serve` on a free port of loopback and waits until it listens.
    pub fn start(config: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args(["serve", "--log-json", "--listen", "127.0.0.1:0", "--config"])
            .arg(config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = child.wait();
                panic!("the server did not start: {}", said.join("\n"));
            };
            let event: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            if let Some(address) = event.get("address").and_then(Value::as_str) {
                break address.parse().unwrap();
            }
            said.push(line);
        };
        // Keep reading, so that the server never waits for its log to be read.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Ends the process as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to stop and waits for it.
    pub fn terminate(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

/// Every file of a folder and the folders in it, in order of path.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_in(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The names in a folder, in order.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
