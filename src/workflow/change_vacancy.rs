//! A vacancy was opened or changed.

use super::error::WorkflowError;
use super::evenhand::Evenhand;
use super::fact::Fact;
use super::receive_delivery::{Accepted, DeliveryAnswer, Sender};
use crate::domain::{Reference, StageId, Vacancy, VacancyChanged, VacancyState};
use crate::vault;

/// Takes over what the source says of a vacancy; what it does not mention stays as it was.
pub(super) async fn change_vacancy(
    app: &Evenhand,
    sender: &Sender,
    change: VacancyChanged,
) -> Result<DeliveryAnswer, WorkflowError> {
    let _lock = app.vacancies.lock((&sender.source, &change.vacancy)).await;
    let known =
        app.store.vacancy_by_reference(&sender.organisation, &sender.source, &change.vacancy)?;
    let known = known.map_or_else(|| new_vacancy(app, sender, change.vacancy.clone()), Ok)?;
    let vacancy = merge(app, known, change)?;
    let answer = Accepted::now("vacancy").vacancy(&vacancy.id);
    let receipt = Some(sender.receipt(&answer));
    app.commit(&sender.organisation, sender.actor(), &Fact::VacancySaved { vacancy, receipt })
        .await?;
    Ok(answer.into())
}

/// A vacancy of which nothing is known but its name.
pub(super) fn new_vacancy(
    app: &Evenhand,
    sender: &Sender,
    reference: Reference,
) -> Result<Vacancy, WorkflowError> {
    Ok(Vacancy {
        id: vault::new_vacancy_id()?,
        organisation: sender.organisation.clone(),
        source: sender.source.clone(),
        title: reference.to_string(),
        reference,
        state: VacancyState::Open,
        family: None,
        grade: None,
        directorate: None,
        contract: None,
        stages: app.rules.recruitment().usual(),
        allow: Vec::new(),
        opened_at: app.now(),
        closed_at: None,
    })
}

/// A vacancy with what is said of it; what is not mentioned stays as it was.
pub(super) fn merge(
    app: &Evenhand,
    known: Vacancy,
    change: VacancyChanged,
) -> Result<Vacancy, WorkflowError> {
    let stages = match change.stages {
        Some(stages) => ordered(app, stages)?,
        None => known.stages,
    };
    let state = change.state.unwrap_or(known.state);
    let closed_at = match state {
        VacancyState::Open => None,
        VacancyState::Closed => change.closed_at.or(known.closed_at).or_else(|| Some(app.now())),
    };
    Ok(Vacancy {
        closed_at,
        opened_at: change.opened_at.unwrap_or(known.opened_at),
        title: change.title.unwrap_or(known.title),
        state,
        family: change.family.or(known.family),
        grade: change.grade.or(known.grade),
        directorate: change.directorate.or(known.directorate),
        contract: change.contract.or(known.contract),
        allow: change.allow.unwrap_or(known.allow),
        stages,
        ..known
    })
}

/// The stages in the order of the rule set. The first and the last always belong to a vacancy: without them there
/// would be nobody to count, or nothing to count towards.
fn ordered(app: &Evenhand, wanted: Vec<StageId>) -> Result<Vec<StageId>, WorkflowError> {
    let set = app.rules.recruitment();
    for stage in &wanted {
        if set.rank(stage).is_none() {
            return Err(set.unknown(stage).into());
        }
    }
    let ends = [set.progress().first(), set.progress().last()];
    Ok(set
        .progress()
        .iter()
        .filter(|stage| wanted.contains(stage) || ends.contains(&Some(*stage)))
        .cloned()
        .collect())
}
