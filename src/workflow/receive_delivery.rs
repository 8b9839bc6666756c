//! A signed delivery from a sending system: checked, recognised if it was here before, mapped to an event, and
//! answered only when the event is on disk.

use serde_json::{Value, json};

use super::change_vacancy::change_vacancy;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::manage_sources::secrets_of;
use super::receive_application::receive_application;
use super::receive_characteristics::receive_characteristics;
use super::record_outcome::stage_changed;
use crate::domain::{
    Actor, ApplicationId, OrganisationId, SourceEvent, SourceId, StageChanged, VacancyId,
};
use crate::intake::{self, DeliveryHeaders};
use crate::rulebook::SourceMapping;
use crate::store::Receipt;

/// How a delivery is answered: an HTTP status and a small JSON body without personal data.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryAnswer {
    /// 200 when the event is applied, 202 when it waits for its application.
    pub status: u16,
    /// What became of it.
    pub body: Value,
}

/// Who sent a delivery, and which one.
#[derive(Clone)]
pub(super) struct Sender {
    pub(super) organisation: OrganisationId,
    pub(super) source: SourceId,
    pub(super) delivery: String,
}

impl Sender {
    /// The sender as the journal records it.
    pub(super) fn actor(&self) -> Actor {
        Actor::Source(self.organisation.clone(), self.source.clone())
    }

    /// What is remembered, so that the same delivery gets the same answer again.
    pub(super) fn receipt(&self, answer: &Accepted) -> Receipt {
        Receipt {
            source: self.source.clone(),
            delivery: self.delivery.clone(),
            status: answer.status,
            answer: answer.body.to_string(),
        }
    }
}

/// An answer in the making.
pub(super) struct Accepted {
    status: u16,
    body: Value,
}

impl Accepted {
    /// The event is applied.
    pub(super) fn now(event: &str) -> Self {
        Self { status: 200, body: json!({ "event": event, "result": "applied" }) }
    }

    /// The event was known already.
    pub(super) fn unchanged(event: &str) -> Self {
        Self { status: 200, body: json!({ "event": event, "result": "unchanged" }) }
    }

    /// The event waits for its application.
    pub(super) fn waits(event: &str) -> Self {
        Self { status: 202, body: json!({ "event": event, "result": "waiting" }) }
    }

    pub(super) fn vacancy(self, id: &VacancyId) -> Self {
        self.with("vacancy", json!(id))
    }

    pub(super) fn application(self, id: &ApplicationId) -> Self {
        self.with("application", json!(id))
    }

    /// Adds a field to the answer.
    pub(super) fn with(mut self, field: &str, value: Value) -> Self {
        if let Value::Object(fields) = &mut self.body {
            fields.insert(field.to_owned(), value);
        }
        self
    }
}

impl From<Accepted> for DeliveryAnswer {
    fn from(accepted: Accepted) -> Self {
        Self { status: accepted.status, body: accepted.body }
    }
}

/// Takes a delivery in.
///
/// The same delivery id is answered as before and changes nothing. A delivery that is refused leaves no trace, so
/// that it may be sent again once the cause is gone.
///
/// # Errors
/// [`WorkflowError`]: the signature, the body, the state of the application, or the disk.
pub async fn receive_delivery(
    app: &Evenhand,
    source: &SourceId,
    headers: &DeliveryHeaders,
    body: &[u8],
) -> Result<DeliveryAnswer, WorkflowError> {
    let Some(source) = app.store.source(source)? else {
        return Err(unknown_source(app, headers, body));
    };
    let mapping = app.source_mapping(&source.mapping)?;
    let secrets = secrets_of(app, &source, mapping)?;
    let delivery = intake::verify(&mapping.signature, &secrets, headers, body, app.now())?;
    let sender = Sender {
        organisation: source.organisation,
        source: source.id,
        delivery: delivery.as_str().to_owned(),
    };
    let _lock = app.deliveries.lock((&sender.source, &sender.delivery)).await;
    if let Some(receipt) = app.store.receipt(&sender.source, &sender.delivery)? {
        let body = serde_json::from_str(&receipt.answer).unwrap_or(Value::Null);
        return Ok(DeliveryAnswer { status: receipt.status, body });
    }
    let event = intake::map(mapping, body)?;
    let _keys = app.keys_in_use.read().await;
    match event {
        SourceEvent::VacancyChanged(change) => change_vacancy(app, &sender, change).await,
        SourceEvent::ApplicationReceived(received) => {
            receive_application(app, &sender, received).await
        }
        SourceEvent::StageChanged(change) => stage_changed(app, &sender, change).await,
        SourceEvent::Withdrawn(withdrawn) => {
            let change = StageChanged {
                application: withdrawn.application,
                stage: app.rules.recruitment().withdrawn().clone(),
                at: withdrawn.at,
            };
            stage_changed(app, &sender, change).await
        }
        SourceEvent::CharacteristicsReceived(received) => {
            receive_characteristics(app, &sender, received).await
        }
        SourceEvent::Ignored => Ok(Accepted::unchanged("ignored").into()),
    }
}

/// A source that does not exist is answered as one in the standard format whose secret does not fit, down to the
/// header that is missing, so that nobody can find out by trying which sources there are.
fn unknown_source(app: &Evenhand, headers: &DeliveryHeaders, body: &[u8]) -> WorkflowError {
    match app.source_mapping("standard") {
        Ok(standard) => match intake::verify(standard.scheme(), &[], headers, body, app.now()) {
            Err(error) => error.into(),
            Ok(_) => WorkflowError::UnknownSource,
        },
        Err(_) => WorkflowError::UnknownSource,
    }
}

impl Evenhand {
    /// A mapping of the rule set by its name.
    pub(super) fn source_mapping(&self, name: &str) -> Result<&SourceMapping, WorkflowError> {
        self.rules.source(name).ok_or_else(|| WorkflowError::UnknownMapping(name.to_owned()))
    }
}
