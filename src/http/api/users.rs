//! Accounts, for administrators. A token is shown once, when it is made.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::{Role, UserId, VacancyId};
use crate::http::extract::{Caller, Id, JsonBody};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::workflow::{self, NewUser, UserView};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Account {
    label: String,
    role: Role,
    #[serde(default)]
    vacancies: BTreeSet<VacancyId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Assignment {
    vacancies: BTreeSet<VacancyId>,
}

pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Caller(viewer): Caller,
) -> Result<Json<Value>, Problem> {
    let users = workflow::list_users(&state.app, &viewer)?;
    Ok(Json(json!({ "users": users.iter().map(user_body).collect::<Vec<_>>() })))
}

pub(in crate::http) async fn add(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    JsonBody(account): JsonBody<Account>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let Account { label, role, vacancies } = account;
    let new = workflow::add_user(&state.app, &viewer, &label, role, vacancies).await?;
    Ok((StatusCode::CREATED, Json(new_user_body(&new))))
}

pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(user): Id<UserId>,
) -> Result<Json<Value>, Problem> {
    let user = workflow::revoke_user(&state.app, &viewer, &user).await?;
    Ok(Json(user_body(&user)))
}

pub(in crate::http) async fn renew(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(user): Id<UserId>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let new = workflow::renew_token(&state.app, &viewer, &user).await?;
    Ok((StatusCode::CREATED, Json(new_user_body(&new))))
}

pub(in crate::http) async fn assign(
    State(state): State<AppState>,
    Caller(viewer): Caller,
    Id(user): Id<UserId>,
    JsonBody(assignment): JsonBody<Assignment>,
) -> Result<Json<Value>, Problem> {
    let user = workflow::assign_vacancies(&state.app, &viewer, &user, assignment.vacancies).await?;
    Ok(Json(user_body(&user)))
}

fn user_body(user: &UserView) -> Value {
    json!({
        "id": user.id,
        "label": user.label,
        "role": user.role,
        "vacancies": user.vacancies,
        "revoked": user.token_sha256.is_none(),
    })
}

fn new_user_body(new: &NewUser) -> Value {
    let mut body = user_body(&new.user);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("token".to_owned(), json!(new.token.as_str()));
    }
    body
}
