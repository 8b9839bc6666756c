//! Who is asking, and whether the table of routes lets them. Programs show a bearer token with every request; people
//! have it in a cookie, which counts for pages only and never from another site.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use crate::domain::Role;
use crate::workflow::{self, Evenhand, Viewer, WorkflowError};

/// The cookie that holds the token. `HttpOnly` and `SameSite=Strict`: no script and no other site reaches it.
const COOKIE: &str = "evenhand_session";
/// How long a browser keeps it: a working day.
const COOKIE_SECONDS: u32 = 12 * 60 * 60;
/// No token is longer; what is longer is not looked up.
const LONGEST_TOKEN: usize = 256;

/// Lets a request through when its asker has one of the roles.
pub(super) async fn authorise(
    app: Arc<Evenhand>,
    roles: &'static [Role],
    mut request: Request,
    next: Next,
) -> Response {
    match admit(&app, roles, &request) {
        Ok(viewer) => {
            request.extensions_mut().insert(viewer);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// The asker, if there is one; for pages that everybody may see.
pub(super) fn viewer_of(
    app: &Evenhand,
    headers: &HeaderMap,
) -> Result<Option<Viewer>, WorkflowError> {
    cookie_token(headers).map_or(Ok(None), |token| authenticate(app, token))
}

/// The holder of a token that somebody pasted.
pub(super) fn authenticate(app: &Evenhand, token: &str) -> Result<Option<Viewer>, WorkflowError> {
    let token = token.trim();
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return Ok(None);
    }
    workflow::authenticate(app, token)
}

/// The header that makes a browser keep a token.
pub(super) fn session_cookie(headers: &HeaderMap, token: &str) -> String {
    let secure = secure(headers);
    format!(
        "{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={COOKIE_SECONDS}{secure}",
        token.trim()
    )
}

/// The header that makes a browser forget it.
pub(super) fn ended_cookie(headers: &HeaderMap) -> String {
    let secure = secure(headers);
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}")
}

/// Refuses a form that another site sent. Browsers say where a request comes from in `Sec-Fetch-Site`, and where
/// they do not (plain HTTP), in `Origin`. A client that sends neither is no browser and carries no cookie by itself.
pub(super) fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Problem> {
    let text =
        |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let own = match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN))
    {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST)
        }
        (None, None) => true,
    };
    if own {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "other_site",
        "This form was sent from another site. Open the page again and send it from there.",
    ))
}

fn admit(app: &Evenhand, roles: &[Role], request: &Request) -> Result<Viewer, Problem> {
    let headers = request.headers();
    let for_pages = !request.uri().path().starts_with("/v1/");
    let token = match bearer_token(headers) {
        Some(token) => Some(token),
        None if for_pages => {
            if request.method() != Method::GET && request.method() != Method::HEAD {
                refuse_other_sites(headers)?;
            }
            cookie_token(headers)
        }
        None => None,
    };
    let viewer = token.map_or(Ok(None), |token| authenticate(app, token))?;
    let Some(viewer) = viewer else {
        let detail = "A bearer token is needed that is known and not revoked.";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", detail));
    };
    if !roles.contains(&viewer.role) {
        let detail = format!("The role '{}' does not reach this address.", viewer.role);
        return Err(Problem::new(StatusCode::FORBIDDEN, "role_not_allowed", detail));
    }
    Ok(viewer)
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn cookie_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token)
}

/// Behind a proxy that speaks TLS, browsers are told to keep the cookie to TLS.
fn secure(headers: &HeaderMap) -> &'static str {
    let https = headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes() == b"https");
    if https { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        for (pairs, accepted) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], false),
            (&[("origin", "http://a:8080"), ("host", "a:8080")], true),
            (&[("origin", "http://b:8080"), ("host", "a:8080")], false),
            (&[("origin", "null"), ("host", "a")], false),
            (&[("origin", "http://a")], false),
            (&[], true),
        ] {
            assert_eq!(refuse_other_sites(&headers(pairs)).is_ok(), accepted, "{pairs:?}");
        }
    }

    #[test]
    fn tokens_are_found_in_their_header_or_cookie() {
        let bearer = headers(&[("authorization", "bearer abc")]);
        assert_eq!(bearer_token(&bearer), Some("abc"));
        assert_eq!(bearer_token(&headers(&[("authorization", "Basic abc")])), None);
        let cookie = headers(&[("cookie", "other=1; evenhand_session=abc; last=2")]);
        assert_eq!(cookie_token(&cookie), Some("abc"));
        assert_eq!(cookie_token(&headers(&[("cookie", "xevenhand_session=abc")])), None);
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = session_cookie(&headers(&[]), " abc ");
        assert!(cookie.starts_with("evenhand_session=abc; "), "{cookie}");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        assert!(!cookie.contains("Secure"));
        let behind_tls = headers(&[("x-forwarded-proto", "https")]);
        assert!(session_cookie(&behind_tls, "abc").ends_with("; Secure"));
    }
}
