//! What is served as it is: the key set, the style sheet and the script.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Shared;
use crate::key::jwks;
use crate::pages::{INSTALL, STORAGE, STYLE};

/// The public keys. Tools may keep them for five minutes.
pub(crate) async fn key_set(State(platform): Shared) -> Response {
    ([(CACHE_CONTROL, "public, max-age=300")], Json(jwks(&[platform.key()]))).into_response()
}

/// The style sheet.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, STYLE).into_response()
}

/// The script that answers Tools' messages.
pub(crate) async fn storage() -> Response {
    script(STORAGE)
}

/// The script of the page that installs Tools.
pub(crate) async fn install() -> Response {
    script(INSTALL)
}

fn script(text: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, text).into_response()
}
