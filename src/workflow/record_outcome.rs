//! An application reaches another stage, by its source's word or a recruiter's. Moves are checked against
//! `rules/stages`.

use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::{Fact, Waiting};
use super::journey::fitted;
use super::receive_characteristics::{MOST_EVENTS, wait};
use super::receive_delivery::{Accepted, DeliveryAnswer, Sender};
use crate::domain::{
    Application, ApplicationId, ApplicationStatus, StageChanged, StageId, StageVisit,
};
use crate::store::ApplicationView;

/// Moves an application at a recruiter's word. Moving it to where it is changes nothing.
///
/// # Errors
/// [`WorkflowError::Stage`] when the table refuses, [`WorkflowError::UnknownApplication`], [`WorkflowError::Erased`],
/// or a journal that does not accept records.
pub async fn record_outcome(
    app: &Evenhand,
    viewer: &Viewer,
    application: &ApplicationId,
    stage: &StageId,
) -> Result<Application, WorkflowError> {
    let found = app.own_application(viewer, application)?;
    let _lock =
        app.applications.lock((&found.application.source, &found.application.reference)).await;
    let view = app.own_application(viewer, application)?;
    check_held(&view)?;
    if view.application.stage == *stage {
        return Ok(view.application);
    }
    app.rules.recruitment().check_move(&view.application.stage, stage)?;
    let mut visits = view.application.visits;
    if visits.len() >= MOST_EVENTS {
        return Err(WorkflowError::TooManyEvents);
    }
    visits.push(StageVisit { stage: stage.clone(), at: app.now() });
    let fact = Fact::StageChanged { application: application.clone(), visits, receipt: None };
    app.commit(&viewer.organisation, viewer.actor(), &fact).await?;
    Ok(app.own_application(viewer, application)?.application)
}

/// Moves an application at its source's word. A stage that it has passed already changes nothing, because
/// deliveries overtake each other; an application that has not come yet is waited for.
pub(super) async fn stage_changed(
    app: &Evenhand,
    sender: &Sender,
    change: StageChanged,
) -> Result<DeliveryAnswer, WorkflowError> {
    let StageChanged { application: reference, stage, at } = change;
    let stages = app.rules.recruitment();
    if !stages.contains(&stage) {
        return Err(stages.unknown(&stage).into());
    }
    let _lock = app.applications.lock((&sender.source, &reference)).await;
    let visit = StageVisit { stage, at: at.unwrap_or_else(|| app.now()) };
    let known =
        app.store.application_by_reference(&sender.organisation, &sender.source, &reference)?;
    let Some(view) = known else {
        return wait(app, sender, reference, "stage", |_, _| Ok(Waiting::Stage(visit))).await;
    };
    check_held(&view)?;
    let application = view.application;
    if application.visits.len() >= MOST_EVENTS {
        return Err(WorkflowError::TooManyEvents);
    }
    let (answer, fact) = match fitted(stages, &application.visits, visit, at.is_some())? {
        Some(visits) => {
            let answer = Accepted::now("stage").application(&application.id);
            let receipt = Some(sender.receipt(&answer));
            (answer, Fact::StageChanged { application: application.id, visits, receipt })
        }
        None => {
            let answer = Accepted::unchanged("stage").application(&application.id);
            let receipt = sender.receipt(&answer);
            (answer, Fact::DeliveryRepeated { receipt })
        }
    };
    app.commit(&sender.organisation, sender.actor(), &fact).await?;
    Ok(answer.into())
}

fn check_held(view: &ApplicationView) -> Result<(), WorkflowError> {
    match view.application.status {
        ApplicationStatus::Held => Ok(()),
        ApplicationStatus::Erased => Err(WorkflowError::Erased),
    }
}

impl Evenhand {
    /// An application of the viewer's own organisation.
    pub(super) fn own_application(
        &self,
        viewer: &Viewer,
        id: &ApplicationId,
    ) -> Result<ApplicationView, WorkflowError> {
        let found = self.store.application(&viewer.organisation, id)?;
        found.ok_or(WorkflowError::UnknownApplication)
    }
}
