//! Every route: method, address, who may use it, and what answers. There is no other way in.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::state::{AppState, PanelState};
use super::{api, screens};
use crate::domain::Role;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever signs with a secret of the source.
    Signature,
    /// Holders of a token with one of these roles.
    Roles(&'static [Role]),
}

/// A route as tests and documents see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteInfo {
    /// `GET`, `POST`, ...
    pub method: &'static str,
    /// The address, with `{name}` for each identifier.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// Every route there is.
pub fn routes() -> Vec<RouteInfo> {
    let info =
        |route: &Route| RouteInfo { method: route.method, path: route.path, access: route.access };
    table().iter().map(info).collect()
}

/// A route with what answers it.
pub(super) struct Route {
    method: &'static str,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) endpoint: Endpoint,
}

/// What answers, by what it is handed.
pub(super) enum Endpoint {
    /// Handed the program.
    App(MethodRouter<AppState>),
    /// Handed the reader of packs only.
    Panel(MethodRouter<PanelState>),
}

const PANEL: Access = Access::Roles(&[Role::Panel]);
const RECRUITER: Access = Access::Roles(&[Role::Recruiter]);
const AUDITOR: Access = Access::Roles(&[Role::Auditor]);
const ADMIN: Access = Access::Roles(&[Role::Admin]);
const RECRUITER_OR_ATS: Access = Access::Roles(&[Role::Recruiter, Role::Ats]);
const EVERY_ROLE: Access = Access::Roles(&Role::ALL);

/// The table.
#[rustfmt::skip]
pub(super) fn table() -> Vec<Route> {
    vec![
        // Sending systems, and whoever wants redaction alone.
        app("POST", "/v1/sources/{source}/deliveries", Access::Signature, api::deliveries::receive),
        app("POST", "/v1/redactions", RECRUITER_OR_ATS, api::redactions::redact),
        // Recruiters.
        app("GET", "/v1/vacancies", RECRUITER, api::vacancies::list),
        app("GET", "/v1/vacancies/{vacancy}", RECRUITER, api::vacancies::show),
        app("GET", "/v1/vacancies/{vacancy}/applications", RECRUITER, api::vacancies::applications),
        app("POST", "/v1/applications/{application}/stage", RECRUITER, api::applications::move_on),
        app("POST", "/v1/applications/{application}/disclosure", RECRUITER, api::applications::disclose),
        app("POST", "/v1/applications/{application}/erasure", RECRUITER, api::applications::erase),
        app("POST", "/v1/applications/{application}/redaction", RECRUITER, api::applications::redact_again),
        // Panel members.
        panel("GET", "/v1/packs", PANEL, api::packs::vacancies),
        panel("GET", "/v1/vacancies/{vacancy}/packs", PANEL, api::packs::list),
        panel("GET", "/v1/vacancies/{vacancy}/packs/{pseudonym}", PANEL, api::packs::open),
        panel("GET", "/v1/vacancies/{vacancy}/packs/{pseudonym}/copy", PANEL, api::packs::copy),
        // Auditors.
        app("GET", "/v1/audits", AUDITOR, api::audits::audit),
        app("GET", "/v1/evidence", AUDITOR, api::audits::evidence),
        // Administrators.
        app("GET", "/v1/users", ADMIN, api::users::list),
        app("POST", "/v1/users", ADMIN, api::users::add),
        app("POST", "/v1/users/{user}/revocation", ADMIN, api::users::revoke),
        app("POST", "/v1/users/{user}/token", ADMIN, api::users::renew),
        app("PUT", "/v1/users/{user}/vacancies", ADMIN, api::users::assign),
        app("GET", "/v1/sources", ADMIN, api::sources::list),
        app("POST", "/v1/sources", ADMIN, api::sources::add),
        app("POST", "/v1/sources/{source}/secrets", ADMIN, api::sources::add_secret),
        app("DELETE", "/v1/sources/{source}/secrets/old", ADMIN, api::sources::drop_old_secrets),
        // Operators.
        app("GET", "/health/live", Access::Public, api::health::live),
        app("GET", "/health/ready", Access::Public, api::health::ready),
        // Pages.
        app("GET", "/assets/style.css", Access::Public, screens::session::style),
        app("GET", "/", Access::Public, screens::session::home),
        app("GET", "/sign-in", Access::Public, screens::session::sign_in_form),
        app("POST", "/sign-in", Access::Public, screens::session::sign_in),
        app("POST", "/sign-out", EVERY_ROLE, screens::session::sign_out),
        panel("GET", "/panel", PANEL, screens::panel::vacancies),
        panel("GET", "/panel/{vacancy}", PANEL, screens::panel::list),
        panel("GET", "/panel/{vacancy}/{pseudonym}", PANEL, screens::panel::pack),
        panel("GET", "/panel/{vacancy}/{pseudonym}/copy", PANEL, api::packs::copy),
        app("GET", "/vacancies", RECRUITER, screens::recruiter::vacancies),
        app("GET", "/vacancies/{vacancy}", RECRUITER, screens::recruiter::vacancy),
        app("POST", "/vacancies/{vacancy}/stage", RECRUITER, screens::recruiter::move_many),
        app("GET", "/vacancies/{vacancy}/{application}", RECRUITER, screens::application::show),
        app("POST", "/vacancies/{vacancy}/{application}/stage", RECRUITER, screens::application::move_on),
        app("POST", "/vacancies/{vacancy}/{application}/redaction", RECRUITER, screens::application::redact_again),
        app("POST", "/vacancies/{vacancy}/{application}/disclosure", RECRUITER, screens::application::disclose),
        app("POST", "/vacancies/{vacancy}/{application}/erasure", RECRUITER, screens::application::erase),
        app("GET", "/reports", AUDITOR, screens::auditor::choices),
        app("GET", "/reports/audit", AUDITOR, screens::auditor::report),
        app("GET", "/reports/evidence", AUDITOR, screens::auditor::evidence),
    ]
}

fn app<H, T>(method: &'static str, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route { method, path, access, endpoint: Endpoint::App(on(filter(method), handler)) }
}

fn panel<H, T>(method: &'static str, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, PanelState>,
    T: 'static,
{
    Route { method, path, access, endpoint: Endpoint::Panel(on(filter(method), handler)) }
}

fn filter(method: &str) -> MethodFilter {
    let known = Method::from_bytes(method.as_bytes()).ok();
    known.and_then(|method| method.try_into().ok()).unwrap_or(MethodFilter::TRACE)
}
