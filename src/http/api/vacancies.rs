//! Vacancies and their applications, for recruiters. Applications are shown without whatever only the program needs.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::domain::{Application, PackState, Vacancy, VacancyId};
use crate::http::extract::{Caller, Id};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{self, ApplicationRow};

pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Caller(viewer): Caller,
) -> Result<Json<Value>, Problem> {
    let vacancies = workflow::list_vacancies(&state.app, &viewer)?;
    Ok(Json(json!({ "vacancies": vacancies.iter().map(vacancy_body).collect::<Vec<_>>() })))
}

pub(in crate::http) async fn show(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(vacancy): Id<VacancyId>,
) -> Result<Json<Value>, Problem> {
    let page = workflow::show_vacancy(&state.app, &viewer, &vacancy)?;
    Ok(Json(vacancy_body(&page.vacancy)))
}

pub(in crate::http) async fn applications(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(vacancy): Id<VacancyId>,
) -> Result<Json<Value>, Problem> {
    let page = workflow::show_vacancy(&state.app, &viewer, &vacancy)?;
    let rows: Vec<Value> = page.applications.iter().map(row_body).collect();
    Ok(Json(json!({ "vacancy": page.vacancy.id, "applications": rows })))
}

fn vacancy_body(vacancy: &Vacancy) -> Value {
    json!({
        "id": vacancy.id,
        "source": vacancy.source,
        "reference": vacancy.reference,
        "title": vacancy.title,
        "state": vacancy.state,
        "family": vacancy.family,
        "grade": vacancy.grade,
        "directorate": vacancy.directorate,
        "contract": vacancy.contract,
        "stages": vacancy.stages,
        "allow": vacancy.allow,
        "opened_at": vacancy.opened_at,
    })
}

fn row_body(row: &ApplicationRow) -> Value {
    let mut body = application_body(&row.application);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("moves".to_owned(), json!(row.moves));
        fields.insert("may_disclose".to_owned(), json!(row.may_disclose));
    }
    body
}

/// One application as recruiters' programs see it.
pub(super) fn application_body(application: &Application) -> Value {
    json!({
        "id": application.id,
        "vacancy": application.vacancy,
        "pseudonym": application.pseudonym,
        "source": application.source,
        "reference": application.reference,
        "received_at": application.received_at,
        "stage": application.stage,
        "visits": application.visits,
        "status": application.status,
        "pack": match &application.pack {
            PackState::Pending => json!({ "state": "pending" }),
            PackState::Released { rule_set, removed, .. } => {
                json!({ "state": "released", "rule_set": rule_set, "removed": removed })
            }
            PackState::Withheld { reasons } => json!({ "state": "withheld", "reasons": reasons }),
        },
    })
}
