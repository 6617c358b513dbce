//! HTTP in and out: the visit's cookie, pages with their security headers.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::Markup;

use crate::app_api::HandOver;
use crate::visits::{VISIT_SECONDS, VisitKey};

const COOKIE_NAME: &str = "lumen_visit";

/// No scripts, nothing from elsewhere, and forms that lead nowhere else. There is no `frame-ancestors`: a school's LMS
/// may frame the App from any host, and browsers keep the visit's cookie apart by the page around it. An App that knows
/// its customers' hosts lists them here.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'";

/// The cookie of one visit, sent with that visit's pages alone.
///
/// `SameSite=None` and `Partitioned`: inside an LMS the App is a third party, and most browsers that block third-party
/// cookies still keep partitioned ones. For those that do not, see `entry`.
pub(crate) fn visit_cookie(path: &str, key: &VisitKey) -> String {
    let secret = &key.secret;
    format!(
        "{COOKIE_NAME}={secret}; Path={path}; Max-Age={VISIT_SECONDS}; HttpOnly; Secure; SameSite=None; Partitioned"
    )
}

/// The secrets that the browser holds for this path. A stale cookie of a wider path does not hide the right one.
pub(crate) fn visit_secrets(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| value)
}

/// A page with its status and headers.
pub(crate) fn page(status: StatusCode, markup: Markup) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Html(markup.into_string())).into_response()
}

/// After a form: the browser looks at this path, and reloading posts nothing again.
pub(crate) fn see_other(path: String) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path), (CACHE_CONTROL, "no-store".to_owned())]).into_response()
}

/// Doorway's page, as it is, with the policy that Doorway made for it.
pub(crate) fn hand_over(page: HandOver) -> Response {
    let headers = [
        (CONTENT_TYPE, page.content_type),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let policy = page.policy.map(|policy| [(CONTENT_SECURITY_POLICY, policy)]);
    (headers, policy, page.body).into_response()
}
