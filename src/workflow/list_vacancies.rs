//! What a recruiter sees: vacancies, and the applications of one with where they may go next.

use super::authenticate::Viewer;
use super::error::WorkflowError;
use super::evenhand::Evenhand;
use crate::domain::{Application, ApplicationStatus, StageId, Vacancy, VacancyId};

/// One vacancy with its applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VacancyPage {
    /// The vacancy.
    pub vacancy: Vacancy,
    /// Its applications, in the order in which they were received.
    pub applications: Vec<ApplicationRow>,
}

/// One application and what a recruiter may do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// The application.
    pub application: Application,
    /// The stages that it may move to, of those that its vacancy uses.
    pub moves: Vec<StageId>,
    /// Whether identity may be asked for.
    pub may_disclose: bool,
}

/// The vacancies of the viewer's organisation, newest first.
///
/// # Errors
/// [`WorkflowError::Store`] when a view cannot be read.
pub fn list_vacancies(app: &Evenhand, viewer: &Viewer) -> Result<Vec<Vacancy>, WorkflowError> {
    let mut vacancies = app.store.vacancies(&viewer.organisation)?;
    vacancies.sort_by(|a, b| b.opened_at.cmp(&a.opened_at).then_with(|| a.id.cmp(&b.id)));
    Ok(vacancies)
}

/// One vacancy with its applications.
///
/// # Errors
/// [`WorkflowError::UnknownVacancy`], or a view that cannot be read.
pub fn show_vacancy(
    app: &Evenhand,
    viewer: &Viewer,
    id: &VacancyId,
) -> Result<VacancyPage, WorkflowError> {
    let vacancy =
        app.store.vacancy(&viewer.organisation, id)?.ok_or(WorkflowError::UnknownVacancy)?;
    let stages = app.rules.recruitment();
    let uses = |stage: &StageId| vacancy.stages.contains(stage);
    let mut applications: Vec<ApplicationRow> = app
        .store
        .applications(&viewer.organisation, id)?
        .into_iter()
        .map(|view| {
            let application = view.application;
            let held = application.status == ApplicationStatus::Held;
            ApplicationRow {
                moves: stages
                    .moves_from(&application.stage)
                    .filter(|stage| held && (uses(stage) || stages.rank(stage).is_none()))
                    .cloned()
                    .collect(),
                may_disclose: held && stages.allows_disclosure(&application.stage),
                application,
            }
        })
        .collect();
    applications.sort_by(|a, b| {
        let order = a.application.received_at.cmp(&b.application.received_at);
        order.then_with(|| a.application.id.cmp(&b.application.id))
    });
    Ok(VacancyPage { vacancy, applications })
}
