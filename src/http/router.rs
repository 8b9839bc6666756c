//! From the table of routes to a service: each route behind its check of access, and around all of them what every
//! answer needs. The order of the layers is the order of this file, outermost last.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use tower_http::catch_panic::CatchPanicLayer;

use super::limits::{HttpSettings, Limits};
use super::problem::{self, Problem};
use super::routes::{Access, Endpoint, table};
use super::state::{AppState, PanelState};
use super::{access, limits, request_log, security_headers};
use crate::workflow::Evenhand;

/// The whole service.
pub(super) fn router(app: Arc<Evenhand>, settings: HttpSettings) -> Router {
    let words = Arc::clone(&settings.words);
    let panel = PanelState { packs: app.pack_reader(), words: Arc::clone(&words) };
    let state = AppState { app: Arc::clone(&app), words };
    let mut router = Router::new();
    for route in table() {
        let endpoint: MethodRouter = match route.endpoint {
            Endpoint::App(endpoint) => endpoint.with_state(state.clone()),
            Endpoint::Panel(endpoint) => endpoint.with_state(panel.clone()),
        };
        router = router.route(route.path, guarded(endpoint, route.access, &app));
    }
    around(router, state, Limits::new(settings))
}

/// What stands around every route.
fn around(router: Router, state: AppState, limits: Limits) -> Router {
    router
        // Bodies are read by `limits`, which knows how to refuse them.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            limits::hold(limits.clone(), request, next)
        }))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            problem::answer(state.clone(), request, next)
        }))
        .layer(middleware::from_fn(security_headers::add))
        .layer(middleware::from_fn(request_log::log))
}

/// A route behind its check. What is public or signed has no roles to check.
fn guarded(endpoint: MethodRouter, access: Access, app: &Arc<Evenhand>) -> MethodRouter {
    let roles = match access {
        Access::Public | Access::Signature => return endpoint,
        Access::Roles(roles) => roles,
    };
    let app = Arc::clone(app);
    endpoint.route_layer(middleware::from_fn(move |request: Request, next: Next| {
        access::authorise(Arc::clone(&app), roles, request, next)
    }))
}

/// A panic is a fault of ours. Its message may hold anything, so it is not logged.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request ended in a panic");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong on our side; nothing was accepted.",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::vault::Vault;
    use crate::workflow::Settings;

    async fn panics() -> &'static str {
        panic!("a secret of Zebedee's")
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("key");
        Vault::create_key_file(&key_file).unwrap();
        let settings = Settings::new(folder.path().join("data"), key_file).unwrap();
        let app = Evenhand::open(settings).unwrap().0;
        let http = HttpSettings::default();
        let state = AppState { app: Arc::clone(&app), words: Arc::clone(&http.words) };
        let routes = Router::new().route("/v1/x", get(panics)).route("/x", get(panics));
        let service = around(routes, state, Limits::new(http));
        for (path, expected) in [("/v1/x", "\"code\":\"internal\""), ("/x", "Code: internal")] {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            let response = service.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let body = to_bytes(response.into_body(), 1 << 16).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains(expected) && !text.contains("Zebedee"), "{path}: {text}");
        }
        app.shut_down().await;
    }
}
