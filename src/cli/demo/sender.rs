//! The sending system of the demonstration: signs events as Standard Webhooks and sends them over HTTP on loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::plan::Plan;
use super::{Failure, show};
use crate::intake::{Secret, sign};
use crate::rulebook::SignatureScheme;
use crate::workflow::{Evenhand, NewSource};

/// How many deliveries are under way at once.
const AT_ONCE: usize = 32;

/// Sends signed deliveries, and asks for pages.
pub(super) struct Sender {
    client: reqwest::Client,
    base: String,
    signer: Arc<Signer>,
}

struct Signer {
    url: String,
    scheme: SignatureScheme,
    secret: Secret,
}

/// What was sent.
pub(super) struct Sent {
    /// Deliveries that were accepted.
    pub(super) deliveries: usize,
    /// How long it took.
    pub(super) took: Duration,
}

impl Sender {
    pub(super) fn new(
        app: &Evenhand,
        address: SocketAddr,
        source: &NewSource,
    ) -> Result<Self, Failure> {
        let mapping = app
            .rules()
            .source(&source.source.mapping)
            .ok_or_else(|| Failure::failed("the source has no mapping"))?;
        let base = format!("http://{address}");
        Ok(Self {
            client: reqwest::Client::new(),
            signer: Arc::new(Signer {
                url: format!("{base}/v1/sources/{}/deliveries", source.source.id),
                scheme: mapping.signature.clone(),
                secret: Secret::parse(&source.secret, mapping.signature.secret)?,
            }),
            base,
        })
    }

    /// Sends every event of the plan, round after round.
    pub(super) async fn send_all(&self, plan: &Plan) -> Result<Sent, Failure> {
        let events = plan.rounds().map(<[Value]>::len).sum();
        let progress = show::progress_bar("Signed deliveries", events);
        let started = Instant::now();
        let mut number = 0;
        let places = Arc::new(Semaphore::new(AT_ONCE));
        for round in plan.rounds() {
            let mut sending = JoinSet::new();
            for event in round {
                let place = Arc::clone(&places).acquire_owned().await?;
                let (client, signer) = (self.client.clone(), Arc::clone(&self.signer));
                let body = event.to_string();
                number += 1;
                let id = format!("msg_{number:06}");
                sending.spawn(async move {
                    let answer = deliver(&client, &signer, body, &id).await;
                    drop(place);
                    answer
                });
                while let Some(done) = sending.try_join_next() {
                    done??;
                    progress.inc(1);
                }
            }
            while let Some(done) = sending.join_next().await {
                done??;
                progress.inc(1);
            }
        }
        progress.finish_and_clear();
        Ok(Sent { deliveries: events, took: started.elapsed() })
    }

    /// Asks for a page with a token.
    pub(super) async fn get(&self, path: &str, token: &str) -> Result<String, Failure> {
        let request = self.client.get(format!("{}{path}", self.base)).bearer_auth(token);
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if status.is_success() {
            Ok(text)
        } else {
            Err(Failure::failed(format!("GET {path} was answered {status}: {text}")))
        }
    }
}

async fn deliver(
    client: &reqwest::Client,
    signer: &Signer,
    body: String,
    id: &str,
) -> Result<(), Failure> {
    let now = jiff::Timestamp::now();
    let headers = sign(&signer.scheme, &signer.secret, id, now, body.as_bytes());
    let mut request = client.post(&signer.url).header("content-type", "application/json");
    for (name, value) in headers.iter() {
        request = request.header(name, value);
    }
    let answer = request.body(body).send().await?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    Err(Failure::failed(format!("a delivery was answered {status}: {}", answer.text().await?)))
}
