//! The recruiter's lists: vacancies, and the applications of one, several of which can be moved at once.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{account, shown, shown_with_problem};
use crate::domain::{ApplicationId, ApplicationStatus, PackState, StageId, VacancyId};
use crate::http::extract::{Caller, Fields, Id, Parameters};
use crate::http::pages::{self, ApplicationLine, Notice, VacancyView};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{self, ApplicationRow, VacancyPage, Viewer, WorkflowError};

/// The filter that leaves what the panel cannot read.
const WITHHELD: &str = "withheld";

pub(in crate::http) async fn vacancies(
    State(state): State<AppState>,
    Caller(viewer): Caller,
) -> Result<Response, Problem> {
    let vacancies = workflow::list_vacancies(&state.app, &viewer)?;
    Ok(shown(pages::vacancies(&state.words, &account(&viewer), &vacancies)))
}

pub(in crate::http) async fn vacancy(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(vacancy): Id<VacancyId>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let page = workflow::show_vacancy(&state.app, &viewer, &vacancy)?;
    let view = view(&state, page, parameters.get("show"));
    Ok(shown(pages::vacancy(&state.words, &account(&viewer), &view, None)))
}

/// Moves every chosen candidate that may be moved, and says which were not.
pub(in crate::http) async fn move_many(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(vacancy): Id<VacancyId>,
    fields: Fields,
) -> Result<Response, Problem> {
    let stage = fields.get("stage").parse::<StageId>().map_err(WorkflowError::from)?;
    let chosen: BTreeSet<&str> = fields.all("application").collect();
    let page = workflow::show_vacancy(&state.app, &viewer, &vacancy)?;
    let mut refused = Vec::new();
    let mut moved = 0_usize;
    for row in page.applications.iter().filter(|row| chosen.contains(row.application.id.as_str())) {
        match move_one(&state, &viewer, &row.application.id, &stage).await {
            Ok(()) => moved += 1,
            // Some may have moved already, so the page says what became of all of them, whatever stopped the rest.
            Err(problem) => {
                refused.push(format!("{}: {}", row.application.pseudonym, problem.detail));
                if problem.status.is_server_error() {
                    break;
                }
            }
        }
    }
    let notice = outcome(&state, chosen.is_empty(), moved, &stage, refused);
    let page = workflow::show_vacancy(&state.app, &viewer, &vacancy)?;
    let view = view(&state, page, None);
    let failed = matches!(notice, Notice::Problem(..));
    let page = pages::vacancy(&state.words, &account(&viewer), &view, Some(&notice));
    let status = if failed { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(shown_with_problem(status, page))
}

async fn move_one(
    state: &AppState,
    viewer: &Viewer,
    application: &ApplicationId,
    stage: &StageId,
) -> Result<(), Problem> {
    workflow::record_outcome(&state.app, viewer, application, stage).await?;
    Ok(())
}

fn outcome(
    state: &AppState,
    nobody: bool,
    moved: usize,
    stage: &StageId,
    refused: Vec<String>,
) -> Notice {
    let words = &state.words;
    if nobody {
        return Notice::Problem(words.text("move-many-none"), vec![]);
    }
    let stage = words.label("stage", stage.as_str());
    let done = words.fill("move-many-done", &[("count", moved.into()), ("stage", (&stage).into())]);
    if refused.is_empty() {
        return Notice::Done(done);
    }
    let failed = words.fill("move-many-failed", &[("count", refused.len().into())]);
    let text = if moved == 0 { failed } else { format!("{done} {failed}") };
    Notice::Problem(text, refused)
}

fn view(state: &AppState, page: VacancyPage, show: Option<&str>) -> VacancyView {
    let lines: Vec<ApplicationLine> = page
        .applications
        .iter()
        .filter(|row| show.is_none_or(|show| is_shown(row, show)))
        .map(line)
        .collect();
    let shown: BTreeSet<&ApplicationId> = lines.iter().map(|line| &line.id).collect();
    let reachable: BTreeSet<StageId> = page
        .applications
        .iter()
        .filter(|row| shown.contains(&row.application.id))
        .flat_map(|row| row.moves.iter().cloned())
        .collect();
    let stages = state.app.rules().recruitment();
    let endings = [stages.unsuccessful(), stages.withdrawn()];
    let in_order = stages.progress().iter().chain(endings);
    let moves = in_order.filter(|stage| reachable.contains(stage)).cloned().collect();
    VacancyView { filters: filters(state, &page, show), moves, lines, vacancy: page.vacancy }
}

fn line(row: &ApplicationRow) -> ApplicationLine {
    let application = &row.application;
    ApplicationLine {
        id: application.id.clone(),
        pseudonym: application.pseudonym,
        reference: application.reference.to_string(),
        received_at: application.received_at,
        stage: application.stage.clone(),
        pack_state: match (application.status, &application.pack) {
            (ApplicationStatus::Erased, _) => "pack-state-erased",
            (_, PackState::Pending) => "pack-state-pending",
            (_, PackState::Released { .. }) => "pack-state-released",
            (_, PackState::Withheld { .. }) => "pack-state-withheld",
        },
        movable: !row.moves.is_empty(),
    }
}

fn is_shown(row: &ApplicationRow, show: &str) -> bool {
    let withheld = matches!(row.application.pack, PackState::Withheld { .. });
    if show == WITHHELD { withheld } else { row.application.stage.as_str() == show }
}

/// Links for all, for each stage that somebody is at, and for what is held back.
fn filters(
    state: &AppState,
    page: &VacancyPage,
    show: Option<&str>,
) -> Vec<(String, String, bool)> {
    let rows = &page.applications;
    if rows.is_empty() {
        return vec![];
    }
    let words = &state.words;
    let base = format!("/vacancies/{}", page.vacancy.id);
    let stages = state.app.rules().recruitment();
    let all = words.fill("filter-all", &[("count", rows.len().into())]);
    let mut filters = vec![(base.clone(), all, show.is_none())];
    for stage in stages.progress().iter().chain([stages.unsuccessful(), stages.withdrawn()]) {
        let count = rows.iter().filter(|row| row.application.stage == *stage).count();
        if count > 0 {
            let name = words.label("stage", stage.as_str());
            let label =
                words.fill("filter-stage", &[("stage", (&name).into()), ("count", count.into())]);
            filters.push((format!("{base}?show={stage}"), label, show == Some(stage.as_str())));
        }
    }
    let withheld = rows.iter().filter(|row| is_shown(row, WITHHELD)).count();
    if withheld > 0 {
        let label = words.fill("filter-withheld", &[("count", withheld.into())]);
        filters.push((format!("{base}?show={WITHHELD}"), label, show == Some(WITHHELD)));
    }
    filters
}
