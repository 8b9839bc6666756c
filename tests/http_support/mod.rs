//! What the tests of the web share: a council behind a real server on loopback, and clients with and without tokens.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses part of it, and stops at what it did not expect"
)]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use evenhand::domain::{Role, VacancyId};
use evenhand::http::{HttpSettings, serve};
use evenhand::workflow::{Evenhand, add_user, list_vacancies, operator, redact_next, show_vacancy};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::{Council, SOURCE, application, vacancy_opened};

/// A council with one vacancy and two applications behind a server.
pub struct Site {
    pub council: Council,
    pub app: Arc<Evenhand>,
    pub address: SocketAddr,
    pub client: Client,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Site {
    pub async fn start() -> Self {
        Self::start_with(HttpSettings::default()).await
    }

    pub async fn start_with(settings: HttpSettings) -> Self {
        let council = Council::new().await;
        let app = council.open();
        council.send(&app, vacancy_opened("V-1")).await.unwrap();
        for id in ["A-1", "A-2"] {
            council.send(&app, application("V-1", id)).await.unwrap();
        }
        while redact_next(&app).await.unwrap().done > 0 {}
        Self::serve(council, app, settings).await
    }

    async fn serve(council: Council, app: Arc<Evenhand>, settings: HttpSettings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(listener, Arc::clone(&app), settings, async {
            let _ = stopped.await;
        }));
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { council, app, address, client, stop: Some(stop), served }
    }

    /// Stops, lets something happen to the data folder, and starts again on it.
    pub async fn restart(mut self, between: impl FnOnce(&Path)) -> Self {
        self.stop.take().unwrap().send(()).unwrap();
        let Self { council, app, client, served, .. } = self;
        drop(client);
        served.await.unwrap().unwrap();
        app.shut_down().await;
        drop(app);
        between(&council.data());
        let app = council.open();
        Self::serve(council, app, HttpSettings::default()).await
    }

    /// Asks the server to stop and waits until it has.
    pub async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        drop(self.client);
        self.served.await.unwrap().unwrap();
        self.app.shut_down().await;
    }

    pub fn vacancy(&self) -> VacancyId {
        list_vacancies(&self.app, &self.council.admin()).unwrap()[0].id.clone()
    }

    /// Ids of the vacancy's applications and their pseudonyms, in order of arrival.
    pub fn applications(&self) -> Vec<(String, String)> {
        show_vacancy(&self.app, &self.council.admin(), &self.vacancy())
            .unwrap()
            .applications
            .iter()
            .map(|row| (row.application.id.to_string(), row.application.pseudonym.to_string()))
            .collect()
    }

    /// A new account's token; panel members are assigned to the vacancy.
    pub async fn token(&self, role: Role) -> String {
        let assigned =
            if role == Role::Panel { BTreeSet::from([self.vacancy()]) } else { BTreeSet::new() };
        self.token_for(role, assigned).await
    }

    pub async fn token_for(&self, role: Role, vacancies: BTreeSet<VacancyId>) -> String {
        let admin = operator(self.council.organisation.clone());
        let new = add_user(&self.app, &admin, "somebody", role, vacancies).await.unwrap();
        new.token.to_string()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn request(&self, method: &str, path: &str, token: Option<&str>) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, self.url(path));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str, token: &str) -> Response {
        self.request("GET", path, Some(token)).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Response {
        self.request("POST", path, Some(token)).json(&body).send().await.unwrap()
    }

    /// A page as a browser that is signed in gets it.
    pub async fn page(&self, path: &str, token: &str) -> Response {
        let cookie = format!("evenhand_session={token}");
        self.request("GET", path, None).header("cookie", cookie).send().await.unwrap()
    }

    /// A form as a browser sends it from our own page.
    pub async fn form(&self, path: &str, token: &str, fields: &str) -> Response {
        self.request("POST", path, None)
            .header("cookie", format!("evenhand_session={token}"))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.to_owned())
            .send()
            .await
            .unwrap()
    }

    /// Sends a body to the council's source with the headers given.
    pub async fn deliver(
        &self,
        source: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Response {
        let mut request = self.request("POST", &format!("/v1/sources/{source}/deliveries"), None);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(body).send().await.unwrap()
    }

    /// Sends an event, signed now.
    pub async fn deliver_signed(&self, id: &str, body: Vec<u8>) -> Response {
        let headers = signed(&self.council, id, &body);
        self.deliver(SOURCE, &headers, body).await
    }
}

/// The headers of a delivery, signed now.
pub fn signed(council: &Council, id: &str, body: &[u8]) -> Vec<(String, String)> {
    let headers = council.signed(id, body);
    headers
        .iter()
        .map(|(name, value)| (name.to_owned(), String::from_utf8(value.to_vec()).unwrap()))
        .collect()
}

/// Status and stable code of a problem, after checking its form.
pub async fn problem(response: Response) -> (u16, String) {
    let status = response.status();
    let kind = response.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    assert_eq!(kind, "application/problem+json", "{status}");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["status"], status.as_u16());
    for field in ["type", "title", "detail"] {
        assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {body}");
    }
    (status.as_u16(), body["code"].as_str().unwrap().to_owned())
}

pub fn is_refusal(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN
}
